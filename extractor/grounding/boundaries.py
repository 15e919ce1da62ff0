"""Search for whole words: where a word or a number begins and ends.

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
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from extractor.grounding.folding import (
    HYPHENS,
    SINGLE_MARKS,
    Folded,
    joins,
    joins_previous,
)

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
_ENCLITIC = re.compile(r"'(?:s|S|re|ll|ve|d|m)?(?![^\W_])")
_ARTICLE = re.compile(
    r"(?<![^\W_])(?:[ldjmtsc]|[Qq]u|jusqu|lorsqu|puisqu|dell|all|nell|sull|un)'$"
)
_BEFORE_SCALE = re.compile(rf"{_NUMBER_WORD} $")
_AT_SCALE = re.compile(_SCALE)

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
        (r"(?<![^\W_])[^\W\d_]$", r"\.[^\W\d_]"),
        (r"(?<![^\W_])[^\W\d_]\.$", r"[^\W\d_]"),
        (r"[^\W_]$", r"\.-[^\W_]"),
        (r"[^\W_]$", r"[&_][^\W_]"),
        (r"[^\W_][&_]$", r"[^\W_]"),
    )
)
MAX_TRIES = 10_000
"""Occurrences inside longer words that are passed over before giving up."""
MAX_CUT = 100
"""Most characters shown of what a passage was cut from, at either end."""

Stretch = tuple[int, int]
"""First and one past the last index."""

OUTER_MARKS = "'\" "
"""What a shadow may have around it that is not part of a passage."""
_TRAIL = re.compile(r"['\"\s]*[.,。，、]?['\"\s]*$")
_LINKS = frozenset(HYPHENS + SINGLE_MARKS)
_REACH = 24


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a passage: what must equal the shadow."""

    text: str
    stopped: bool = False
    """A final stop was taken off that the article may not have."""
    lowered: bool = False
    """The first letter was a capital."""


def readings(wanted: str) -> Iterator[Reading]:
    """What a passage may stand for, the most literal first."""
    bare = wanted.strip(OUTER_MARKS)
    if wanted[-2:-1].isdigit() and wanted[0] not in OUTER_MARKS:
        bare = wanted
    unstopped = _TRAIL.sub("", bare)
    seen = []
    for text in (wanted, bare, unstopped):
        if text and text not in seen:
            seen.append(text)
            yield Reading(text, text == unstopped != bare)
    for text in seen:
        lowered = _lowered(text)
        if lowered:
            yield Reading(lowered, text == unstopped != bare, True)


def _lowered(text: str) -> str | None:
    """The text without its first capital, if it looks like a sentence's beginning.

    A name alone, or with one more word, is none.
    """
    first, _, rest = text.partition(" ")
    if len(rest.split()) < 2 or not first[:1].isupper():
        return None
    head = first.partition("-")[0] or first  # the rest may be a name: Anti-Vorland
    if len(head) == 1 and head != "A":
        head = first
    if head[1:] != head[1:].lower() or (len(head) == 1 and head != "A"):
        return None
    lower = first[0].lower()
    return lower + text[1:] if len(lower) == 1 else None


class WordSearch:
    """Finds strings as whole words in a text and in its shadow.

    Indices are those of the shadow, offsets those of the text.
    """

    def __init__(self, text: str, folded: Folded) -> None:
        """Take a text and its shadow."""
        self.text = text
        self.folded = folded

    def verbatim(
        self, passage: str, low: int, high: int, near: int | None
    ) -> Stretch | None:
        """Offsets where the text has these very characters.

        Args:
            passage: the characters.
            low: first index of the shadow to look at.
            high: one past the last, more than `low`.
            near: the occurrence nearest to this offset; None for the first.
        """
        if not passage or passage != passage.strip():
            return None
        size = len(passage)
        whole = high == len(self.folded.text)  # what is invisible at the ends counts
        start = self.folded.starts[low] if low else 0
        end = len(self.text) if whole else self.folded.ends[high - 1]

        def fits(at: int) -> bool:
            return self._divides_text(at) and self._divides_text(at + size)

        at = _closest(self.text, passage, start, end, near, fits)
        return None if at is None else (at, at + size)

    def closest(
        self, wanted: Reading, low: int, high: int, pivot: int | None
    ) -> Stretch | None:
        """Indices of the occurrence nearest to `pivot`, or of the first.

        Args:
            wanted: what is looked for.
            low: first index to look at.
            high: one past the last.
            pivot: the occurrence nearest to this index; None for the first.
        """
        size = len(wanted.text)

        def fits(i: int) -> bool:
            return self.fits(i, i + size, wanted.stopped)

        at = _closest(self.folded.text, wanted.text, low, high, pivot, fits)
        return None if at is None else (at, at + size)

    def possible(self, wanted: str, low: int, high: int) -> bool:
        """Whether any reading of a shadow can occur; saves looking for each."""
        shortest = _TRAIL.sub("", wanted.strip(OUTER_MARKS))
        return self.folded.text.find(shortest[1:], low, high) >= 0

    def all(self, wanted: Reading, low: int, high: int) -> Iterator[Stretch]:
        """Indices of all occurrences, in order; arguments as in `closest`."""
        size, tries = len(wanted.text), 0
        at = self.folded.text.find(wanted.text, low, high)
        while at >= 0 and tries < MAX_TRIES:
            if self.fits(at, at + size, wanted.stopped):
                yield at, at + size
            tries += 1
            at = self.folded.text.find(wanted.text, at + 1, high)

    def fits(self, i: int, j: int, stopped: bool = False) -> bool:
        """Whether whole words lie between two indices.

        With `stopped`, no question or exclamation may end there.
        """
        folded = self.folded
        if stopped and folded.text[j : j + 1] in ("?", "!"):
            return False
        return self._divides(i) and self._divides(j)

    def widened(self, i: int, j: int, low: int, high: int) -> Stretch:
        """The stretch from `i` to `j` with the words that its ends cut, in full.

        Of longer words than `MAX_CUT` characters so many.
        """
        low, high = max(low, i - MAX_CUT), min(high, j + MAX_CUT)
        while i > low and not self._divides(i):
            i -= 1
        while j < high and not self._divides(j):
            j += 1
        return i, j

    def _divides(self, i: int) -> bool:
        return self.folded.whole(i) and divides(self.folded, i, self.text)

    def _divides_text(self, at: int) -> bool:
        """Whether a word may begin or end at an offset of the text."""
        if at <= 0 or at >= len(self.text):
            return True
        if joins(self.text[at - 1], self.text[at]):
            return False
        return divides(self.folded, self.folded.index(at), self.text)


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
    before = shadow[max(0, i - _REACH) : i]
    return not any(
        right_of.match(shadow, i) and left_of.search(before)
        for left_of, right_of in _INSIDE
    )


def _scale_word(shadow: str, i: int) -> bool:
    """Whether the word at `i` multiplies the number before it."""
    if not _AT_SCALE.match(shadow, i):
        return False
    return _BEFORE_SCALE.search(shadow[max(0, i - _REACH) : i]) is not None


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
    if left.isspace() or right.isspace():
        return False
    if right < "\u0300":
        return left == "\u200d"
    return (
        "\u200d" in (left, right)
        or ("\U0001f3fb" <= right <= "\U0001f3ff" and _is_sign(left))
        or (_is_flag_letter(left) and _is_flag_letter(right))
        or "\U000e0020" <= right <= "\U000e007f"
        or joins_previous(right)
    )


def _is_sign(char: str) -> bool:
    """Whether a skin tone can colour it; behind anything else it stands alone."""
    return unicodedata.category(char) == "So"


def _is_flag_letter(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _linked(folded: Folded, i: int, text: str) -> bool:
    """Whether character `i` is a hyphen or apostrophe between two letters."""
    shadow = folded.text
    if shadow[i] not in "-'" or not 0 < i < len(shadow) - 1:
        return False
    before = _wordlike(shadow[i - 1]) or shadow[i - 1 : i + 1] == ".-"  # U.S.-led
    if not (before and _wordlike(shadow[i + 1])):
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
        return _ENCLITIC.match(shadow, i) is not None
    return _ARTICLE.search(shadow[max(0, i - _REACH) : i]) is not None


def _closest(
    text: str,
    needle: str,
    low: int,
    high: int,
    pivot: int | None,
    fits: Callable[[int], bool],
) -> int | None:
    """Start of the fitting occurrence nearest to `pivot`, or of the first one."""
    first = low if pivot is None else max(low, pivot)
    after, tries = text.find(needle, first, high), 0
    while after >= 0 and not fits(after):
        tries += 1
        after = text.find(needle, after + 1, high) if tries < MAX_TRIES else -1
    if pivot is None:
        return after if after >= 0 else None
    before, tries = text.rfind(needle, low, min(high, pivot + len(needle) - 1)), 0
    while before >= 0 and not fits(before):
        tries += 1
        last = before + len(needle) - 1
        before = text.rfind(needle, low, last) if tries < MAX_TRIES else -1
    if min(before, after) < 0:
        return max(before, after) if max(before, after) >= 0 else None
    return before if pivot - before <= after - pivot else after
