"""An article's text cut where items begin and end, so that overlaps can be shown.

Items overlap, nest and consist of several spans; markup can only nest. So the text is
cut at every end of every span, and each piece knows the items it belongs to.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractor.evaluation.page.items import Item

_BREAK = re.compile(r"\n[ \t\r\f\v]*\n\s*")
# What steers a display instead of standing in it: control characters, line separators,
# lone surrogates, changes of direction.
_STEERING = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


@dataclass(frozen=True)
class Mark:
    """An item at one piece of the text."""

    item: Item
    gold: bool
    """Whether the piece is labelled as part of it."""
    found: bool
    """Whether the piece was found as part of it."""
    first: bool
    """Whether no piece before belongs to the item."""


@dataclass(frozen=True)
class Piece:
    """A stretch of text with the same items throughout."""

    text: str
    marks: tuple[Mark, ...]
    """The longest item first, so that a short one shows upon it."""


def overlay(text: str, items: Sequence[Item]) -> Iterator[list[Piece]]:
    """The paragraphs of a text, each as pieces with their marks.

    Args:
        text: the article. Blank lines between paragraphs are left out.
        items: those with spans in it.
    """
    sweep = _Sweep(items)
    places = sweep.places
    for start, stop in _paragraphs(text):
        inner = places[bisect_right(places, start) : bisect_left(places, stop)]
        pieces = []
        for left, right in pairwise([start, *inner, stop]):
            sweep.advance(left)
            pieces.append(Piece(visible(text[left:right]), tuple(sweep.marks())))
        yield pieces


def visible(text: str) -> str:
    r"""The text with what could steer a display written out, as `\u202e`."""
    return _STEERING.sub(lambda m: ascii(m[0])[1:-1], text)


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of what stands between blank lines."""
    start = 0
    for gap in _BREAK.finditer(text):
        if text[start : gap.start()].strip():
            yield start, gap.start()
        start = gap.end()
    if text[start:].strip():
        yield start, len(text)


class _Sweep:
    """Which items a place in the text belongs to, from its start to its end."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._items = items
        self._steps = sorted(
            step
            for index, item in enumerate(items)
            for found, spans in enumerate(
                (item.outcome.gold_spans, item.outcome.predicted_spans)
            )
            for span in spans
            for step in ((span.start, index, found, 1), (span.end, index, found, -1))
        )
        self.places = sorted({step[0] for step in self._steps})
        """Where anything begins or ends."""
        self._next = 0
        self._open: dict[int, list[int]] = {}
        """Spans open at the place, labelled and found, of each item that has any."""
        self._seen: set[int] = set()

    def advance(self, place: int) -> None:
        """Goes on to a place, past all that begins or ends there."""
        while self._next < len(self._steps) and self._steps[self._next][0] <= place:
            _, index, found, change = self._steps[self._next]
            self._open.setdefault(index, [0, 0])[found] += change
            self._next += 1
        self._open = {index: spans for index, spans in self._open.items() if any(spans)}

    def marks(self) -> Iterator[Mark]:
        """The items at the place, the longest first."""
        for index in sorted(self._open, key=lambda i: (-self._items[i].length, i)):
            gold, found = self._open[index]
            first = index not in self._seen
            self._seen.add(index)
            yield Mark(self._items[index], bool(gold), bool(found), first)
