"""A shadow of a text in which typography does not count, with the way back.

`fold` maps quotation marks, dashes, white space, ellipses, ligatures, combining
sequences and width variants to one form each and drops what is invisible. The text
itself is never touched: every character of the shadow knows the stretch of the
original that it stands for. Two texts with equal shadows say the same, letter for
letter and digit for digit.

Not folded, because they may change what is said: case, accents, superscripts and
subscripts (`10²` is not `102`), vulgar fractions (`2½` is not `21/2`), Roman and
circled numbers, digits of other scripts, emoji joined into one sign. A single mark
and a double one differ after a digit (feet and inches) and are the same elsewhere.

Character sets: the properties Quotation_Mark, Dash and Default_Ignorable_Code_Point
of Unicode 16 (PropList.txt, DerivedCoreProperties.txt) less wave dashes and tags,
with primes, backticks and ornamental marks that are used as quotation marks.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

SINGLE_MARKS = "'`´ʹʻʼʽˈ׳‘’‚‛′‵❛❜❟＇｀"
DOUBLE_MARKS = '"˝״“”„‟″‶❝❞❠⹂「」『』〝〞〟﹁﹂﹃﹄＂｢｣🙶🙷🙸'
HYPHENS = "-‐‑־⁃−–‒֊᐀﹣－𐺭"
LONG_DASHES = "—―⸺⸻︱︲﹘⸗⸚⹀"

_INVISIBLE = frozenset(
    chr(code)
    for code in chain(
        (0xAD, 0x34F, 0x61C, 0x17B4, 0x17B5, 0x200B, 0x200C, 0x200E, 0x200F, 0xFEFF),
        range(0x180B, 0x1810),
        range(0x202A, 0x202F),
        range(0x2060, 0x2070),
        range(0xFE00, 0xFE10),
        range(0xE0100, 0xE01F0),
    )
)
_JOINER = "\u200d"
_SPACES = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000"
_ONE_TO_ONE = str.maketrans(
    dict.fromkeys(SINGLE_MARKS, "'")
    | dict.fromkeys(DOUBLE_MARKS, '"')
    | dict.fromkeys(HYPHENS, "-")
    | dict.fromkeys(LONG_DASHES, "—")
    | dict.fromkeys(_SPACES, " ")
    | {chr(code): " " for code in range(0x2000, 0x200B)}
)
# Decompositions that keep the meaning; <super>, <sub>, <fraction>, <circle>, <square>
# do not.
_FORMS = frozenset(
    "<wide> <narrow> <compat> <font> <initial> <medial> <final> <isolated> <small>"
    " <noBreak> <vertical>".split()
)

# A stretch outside ASCII with the character that its first mark may combine with.
_WIDE = re.compile(r"[\x00-\x7f]?[^\x00-\x7f]+")
_SPACE_RUN = re.compile(" {2,}")
_DOTS = r"(?:\.(?: ?\.){2,}|\.{0,2} ?…(?: ?[.…])*)"
_MARKS = re.compile(
    rf" ?(?P<dots>\[ ?{_DOTS} ?\]|\( ?{_DOTS} ?\)|{_DOTS}) ?"
    r"| ?(?P<dash>-{2,}[-—]*|—[-—]*)(?P<after> ?)"
    r"|(?: |^)(?P<spaced>-)(?P<after2> |(?=\D|$))"
    r"|(?P<hanging>-)(?P<after3> )(?=[^\W\d_])"
    r"|(?:(?<=[ (\[])|^)(?P<left>[«‹]) "
    r"| (?P<right>[»›])(?!\w)"
    r"|(?P<quotes>(?<=[,.?!…])['\"](?: ['\"])+(?= |$)|['\"«»‹›]+)"
)
_DASHES = {"after": "dash", "after2": "spaced", "after3": "hanging"}


@dataclass(frozen=True, slots=True)
class Folded:
    """The shadow of a text.

    Attributes:
        text: the shadow.
        starts: for every character of it, the offset in the original of the first
            code point it stands for.
        ends: likewise one past the last.
    """

    text: str
    starts: list[int]
    ends: list[int]

    def whole(self, i: int) -> bool:
        """Whether the shadow can be cut before its character `i`.

        It cannot where one original character gave several (`ﬁ`).
        """
        return i <= 0 or i >= len(self.text) or self.starts[i] != self.starts[i - 1]

    def original(self, i: int, j: int) -> tuple[int, int]:
        """Original offsets of the shadow's non-empty stretch `i` to `j`."""
        return self.starts[i], self.ends[j - 1]

    def index(self, at: int) -> int:
        """First index of the shadow that stands for offset `at` or a later one."""
        return bisect_left(self.starts, at)


def fold(text: str) -> Folded:
    """The shadow of `text`; see the module's docstring for what it makes equal."""
    folded = _characters(text)
    folded = _rewrite(folded, _SPACE_RUN, _one_space)
    return _rewrite(folded, _MARKS, _one_mark)


def joins_previous(char: str) -> bool:
    """Whether a character is part of the one before it: a combining mark, a jamo."""
    if char < "\u0300":
        return False
    return (
        unicodedata.category(char)[0] == "M"
        or "\u1160" <= char <= "\u11ff"
        or "\ud7b0" <= char <= "\ud7fb"
        or char in "\uff9e\uff9f"
    )


def joins(left: str, right: str) -> bool:
    """Whether `right` is part of `left`; a jamo that begins a word is not."""
    if left.isspace() and unicodedata.category(right)[0] != "M":
        return False
    return joins_previous(right)


def _characters(text: str) -> Folded:
    """Fold each character, or each base with its combining marks, by itself."""
    simple = text.translate(_ONE_TO_ONE)
    if simple.isascii():
        offsets = list(range(len(text)))
        return Folded(simple, offsets, [at + 1 for at in offsets])
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for match in _WIDE.finditer(simple):
        chars.append(simple[done : match.start()])
        starts += range(done, match.start())
        ends += range(done + 1, match.start() + 1)
        for start, end, new in _clusters(simple, *match.span()):
            chars.append(new)
            starts += [start] * len(new)
            ends += [end] * len(new)
        done = match.end()
    chars.append(simple[done:])
    starts += range(done, len(simple))
    ends += range(done + 1, len(simple) + 1)
    return Folded("".join(chars), starts, ends)


def _clusters(text: str, at: int, stop: int) -> Iterator[tuple[int, int, str]]:
    """Each character with its combining marks: where it is, what it folds to."""
    while at < stop:
        char, end = text[at], at + 1
        while end < stop and joins(text[end - 1], text[end]):
            end += 1
        if end > at + 1:
            new = _cluster(text[at:end])
        elif char < "\x80":
            new = char
        elif char == _JOINER:
            new = char if _between_signs(text, at) else ""
        else:
            new = _form(char)
        yield at, end, new
        at = end


def _cluster(cluster: str) -> str:
    """A base and its combining marks, composed."""
    kept = "".join("" if ch == _JOINER else _form(ch) for ch in cluster)
    return unicodedata.normalize("NFC", kept)


def _between_signs(text: str, at: int) -> bool:
    """Whether the joiner at `at` makes one sign of two, as in emoji."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if not (at and before and after):
        return False
    signs = unicodedata.category(before), unicodedata.category(after)
    return signs[0] in ("So", "Sk", "Mn", "Me") and signs[1] == "So"


@lru_cache(maxsize=8192)
def _form(char: str) -> str:
    """What one character outside ASCII stands for."""
    if char in _INVISIBLE:
        return ""
    kind = unicodedata.decomposition(char).partition(" ")[0]
    if kind.startswith("<"):
        number = unicodedata.numeric(char, None)
        if kind not in _FORMS or (number is not None and not char.isdecimal()):
            return char
        new = unicodedata.normalize("NFKC", char).translate(_ONE_TO_ONE)
        return char if new.startswith(" ") or _gains_digit(char, new) else new
    return unicodedata.normalize("NFC", char)


def _gains_digit(char: str, new: str) -> bool:
    return not char.isdecimal() and any(ch.isdecimal() for ch in new)


Replace = Callable[[re.Match[str]], list[tuple[str, int, int]]]


def _rewrite(folded: Folded, pattern: re.Pattern[str], replace: Replace) -> Folded:
    """The shadow with every match replaced.

    `replace` gives the new characters, each with the stretch of the shadow that it
    stands for.
    """
    text, starts, ends = folded.text, folded.starts, folded.ends
    chars: list[str] = []
    new_starts: list[int] = []
    new_ends: list[int] = []
    done = 0
    for match in pattern.finditer(text):
        chars.append(text[done : match.start()])
        new_starts += starts[done : match.start()]
        new_ends += ends[done : match.start()]
        for char, start, end in replace(match):
            chars.append(char)
            new_starts.append(starts[start])
            new_ends.append(ends[end - 1])
        done = match.end()
    if not done:
        return folded
    chars.append(text[done:])
    return Folded("".join(chars), new_starts + starts[done:], new_ends + ends[done:])


def _one_space(match: re.Match[str]) -> list[tuple[str, int, int]]:
    return [(" ", match.start(), match.end())]


def _one_mark(match: re.Match[str]) -> list[tuple[str, int, int]]:
    group = match.lastgroup or ""
    if group == "dots":
        return [("…", *match.span("dots"))]
    if group in _DASHES:
        core, space = match.span(_DASHES[group]), match.span(group)
        # "was — 5" must not become "was -5": before a digit the space stays, and a
        # dash closed up to words on its left gets one; one between digits is a range.
        if match.string[space[1] : space[1] + 1].isdigit():
            if match[group]:
                return [("-", *core), (" ", *space)]
            if not match.string[max(0, core[0] - 1) : core[0]].isdigit():
                return [("-", *core), (" ", *core)]
        return [("-", *core)]
    marks, span = match[group], match.span(group)
    before = match.string[max(0, span[0] - 1) : span[0]]
    double = len(marks) > 1 or marks in '"«»'
    return [('"' if double and before.isdigit() else "'", *span)]
