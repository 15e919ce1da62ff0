"""Offsets as other tools count them.

Gold counts Unicode code points of the untouched text. Tools written in JavaScript may
count UTF-16 units, of which a character outside the basic plane takes two: Label Studio
did so until its editor was changed to code points (its pull request 1559). Tools that
read text with universal line ends count CR LF as one: brat does (its issue 853). Which
way a file counts is found by trying: labels that carry their text fit or do not.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDE = 0xFFFF
"""Last code point that UTF-16 writes as one unit."""


class Ruler:
    """One way to count the characters of a text."""

    def __init__(self, text: str, *, utf16: bool = False, line_end: bool = False):
        """The ruler of a text.

        Args:
            text: what is counted.
            utf16: whether a character outside the basic plane counts as two.
            line_end: whether CR LF counts as one.
        """
        self._text = text
        marks = [0]
        before = ""
        for char in text:
            width = 2 if utf16 and ord(char) > WIDE else 1
            if line_end and before + char == "\r\n":
                width = 0
            marks.append(marks[-1] + width)
            before = char
        self._marks = marks

    def count(self, offset: int) -> int:
        """An offset in code points, as this ruler counts it."""
        return self._marks[offset]

    def code_points(self, offset: int) -> int:
        """An offset of this ruler in code points.

        Raises:
            IndexError: it lies outside the text.
        """
        if not 0 <= offset <= self._marks[-1]:
            raise IndexError(offset)
        return bisect_right(self._marks, offset) - 1

    def part(self, start: int, end: int) -> str:
        """The text between two offsets of this ruler."""
        return self._text[self.code_points(start) : self.code_points(end)]


@dataclass(frozen=True, slots=True)
class Probe:
    """Offsets whose text is known, by which a ruler is judged."""

    spans: Sequence[tuple[int, int]]
    text: str
    where: str
    """What to call it in a message."""


def fits(ruler: Ruler, probe: Probe) -> bool:
    """Whether the text at a probe's offsets is the probe's, white space aside."""
    try:
        found = "".join(ruler.part(start, end) for start, end in probe.spans)
    except IndexError:
        return False
    return _bare(found) == _bare(probe.text)


def _bare(text: str) -> str:
    return "".join(text.replace("\\n", " ").split())


def find_ruler(
    text: str, probes: Iterable[Probe], *, line_end: bool = False
) -> tuple[Ruler, list[Probe]]:
    """The ruler that fits most probes, and those it does not fit.

    Args:
        text: what was labelled.
        probes: labels that say their text.
        line_end: whether the tool is known to count CR LF as one. Of rulers that fit
            alike, one that does as told is taken, and one of code points before one of
            UTF-16 units.
    """
    probes = list(probes)
    wide = [False, True] if any(ord(char) > WIDE for char in text) else [False]
    ends = [line_end, not line_end] if "\r\n" in text else [False]
    best: tuple[Ruler, list[Probe]] | None = None
    for end in ends:
        for utf16 in wide:
            ruler = Ruler(text, utf16=utf16, line_end=end)
            misfits = [probe for probe in probes if not fits(ruler, probe)]
            if best is None or len(misfits) < len(best[1]):
                best = ruler, misfits
    assert best is not None  # there is at least one way
    return best
