"""Where a word or a number begins and ends.

A passage is found only as whole words: `art` is not in `party`, `5` not in
`5.4 million`. What counts as one word here:

- letters, digits and their combining marks side by side; in scripts written without
  spaces (Han, Hiragana, Hangul, Thai, Lao, Khmer, Burmese) every character stands
  alone, but not after a negating prefix (`不`, `未`) nor inside a Han numeral;
- hyphenated compounds: `war` is not in `anti-war`. A dash is no hyphen;
- contractions and names with an apostrophe (`don't`, `O'Brien`), but a name may end
  before a possessive (`Lee` in `Lee's`) or a contracted verb (`they` in `they're`),
  and a French or Italian word may start after its article (`l'école`);
- abbreviations (`U.S.`) and names joined by `&` or `_`;
- numbers with their separators, sign, currency or percent sign and scale word:
  neither `5` nor `$5` is in `$5 million`, nor `5` in `-5` or `5%`.
"""

import re
import unicodedata

from extractor.folding import HYPHENS, SINGLE_MARKS, Folded, joins_previous

_SCRIPTIO_CONTINUA = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u309f\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7a3\U00020000-\U0003ffff]"
)
_HAN_NUMERALS = "〇零一二三四五六七八九十百千万萬億亿兆两兩"
_HAN_NEGATIONS = "不没沒未無无非否勿"
_CURRENCY = "$¢£¤¥֏؋৳฿₠-⃀"
_NUMBER_WORD = (
    r"(?:\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|"
    r"thousand|million|billion|trillion))"
)
_SCALE = r"(?:hundred|thousand|million|billion|trillion|lakh|crore)s?\b"
_ENCLITIC = r"'(?:(?:s|S|re|ll|ve|d|m)?(?![^\W_]))"
_ARTICLE = r"(?<![^\W_])(?:[ldjmtsc]|[Qq]u|jusqu|lorsqu|puisqu|dell|all|nell|sull|un)'$"

# Each pair: what stands before and after a place that is inside one word.
_INSIDE = tuple(
    (re.compile(left), re.compile(right))
    for left, right in (
        (r"\d$", r"[.,:/'\"\-]\d"),
        (r"\d[.,:/'\"\-]$", r"\d"),
        (r"(?<![\d.,])\d{1,3}(?: \d{3})*$", r" \d{3}(?!\d)"),
        (r"(?<![\d.,])\d{1,3}(?: \d{3})* $", r"\d{3}(?!\d)"),
        (r"\d ?$", r" ?(?:[¼½¾⅐-⅞]|\d/\d)"),
        (rf"(?:^|[\s('\"{_CURRENCY}])[-+±]$", rf"[{_CURRENCY}]?\.?\d"),
        (rf"[{_CURRENCY}]$", r" ?[-+]?\.?\d"),
        (rf"[^\W_]$|[{_CURRENCY}] $", rf"[{_CURRENCY}]\d|(?<=[{_CURRENCY}] )\d"),
        (r"(?:^|[\s'(])\.$", r"\d"),
        (r"\d ?$", rf"(?<! ) ?[%‰°{_CURRENCY}]|(?<= )[%‰]"),
        (rf"{_NUMBER_WORD}$", rf" {_SCALE}"),
        (rf"{_NUMBER_WORD} $", _SCALE),
        (r"(?<![^\W_])[^\W\d_]$", r"\.[^\W\d_]"),
        (r"(?<![^\W_])[^\W\d_]\.$", r"[^\W\d_]"),
        (r"[^\W_]$", r"[&_][^\W_]"),
        (r"[^\W_][&_]$", r"[^\W_]"),
    )
)
_LINKS = frozenset(HYPHENS + SINGLE_MARKS)
_REACH = 24


def divides(folded: Folded, i: int, text: str) -> bool:
    """Whether a word may begin or end before character `i` of the shadow.

    Args:
        folded: the shadow.
        i: index into it, 0 to its length.
        text: the original, needed to tell a hyphen from a dash and an apostrophe
            from a double quotation mark.
    """
    shadow = folded.text
    if i <= 0 or i >= len(shadow):
        return True
    left, right = shadow[i - 1], shadow[i]
    if _wordlike(left) and _wordlike(right):
        return _divides_letters(left, right)
    if left.isspace() and right.isalpha() and right.isascii():
        return not _scale_word(shadow, i)
    if _inside_sign(left, right):
        return False
    if _linked(folded, i - 1, text) or _linked(folded, i, text):
        return _divides_at_link(shadow, i)
    before, after = shadow[max(0, i - _REACH) : i], shadow[i : i + _REACH]
    return not any(
        left_of.search(before) and _matches(right_of, shadow, i, after)
        for left_of, right_of in _INSIDE
    )


def _matches(pattern: re.Pattern[str], shadow: str, i: int, after: str) -> bool:
    return pattern.match(shadow, i, i + len(after)) is not None


def _scale_word(shadow: str, i: int) -> bool:
    """Whether the word at `i` multiplies the number before it."""
    left, right = _INSIDE[11]
    if not right.match(shadow, i):
        return False
    return left.search(shadow[max(0, i - _REACH) : i]) is not None


def _wordlike(char: str) -> bool:
    return char.isalnum() or (char > "\u0300" and unicodedata.category(char)[0] == "M")


def _divides_letters(left: str, right: str) -> bool:
    """Between two letters or digits: only in scripts without spaces."""
    if joins_previous(right):
        return False
    if left < "\u0e00" and right < "\u0e00":
        return False
    numeral = _HAN_NUMERALS
    if (left.isdigit() or left in numeral) and (right.isdigit() or right in numeral):
        return False
    if left in _HAN_NEGATIONS:
        return False
    return bool(_SCRIPTIO_CONTINUA.match(left) or _SCRIPTIO_CONTINUA.match(right))


def _inside_sign(left: str, right: str) -> bool:
    """Between the parts of one emoji or flag, or a base and its mark."""
    if right < "\u0300":
        return left == "\u200d"
    return (
        "\u200d" in (left, right)
        or "\U0001f3fb" <= right <= "\U0001f3ff"
        or ("\U0001f1e6" <= left <= "\U0001f1ff" and "\U0001f1e6" <= right <= "\U0001f1ff")
        or "\U000e0020" <= right <= "\U000e007f"
        or joins_previous(right)
    )


def _linked(folded: Folded, i: int, text: str) -> bool:
    """Whether character `i` is a hyphen or apostrophe between two letters."""
    shadow = folded.text
    if shadow[i] not in "-'" or not 0 < i < len(shadow) - 1:
        return False
    if not (_wordlike(shadow[i - 1]) and _wordlike(shadow[i + 1])):
        return False
    if shadow[i - 1].isdigit() and shadow[i + 1].isdigit():
        return False
    start, end = folded.starts[i], folded.ends[i]
    if folded.ends[i - 1] != start or end != folded.starts[i + 1]:
        return False
    return end - start == 1 and text[start] in _LINKS


def _divides_at_link(shadow: str, i: int) -> bool:
    """Beside a hyphen or apostrophe inside a word."""
    if "-" in shadow[i - 1 : i + 1]:
        return False
    if shadow[i] == "'":
        return re.compile(_ENCLITIC).match(shadow, i) is not None
    return re.search(_ARTICLE, shadow[max(0, i - _REACH) : i]) is not None
