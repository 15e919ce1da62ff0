"""An article's text cut where items begin and end, with both sides of each item."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractor.evaluation.page.items import Item
from extractor.report import overlay as cutting

_BREAK = re.compile(r"\n[ \t\r\f\v]*\n\s*")

_Side = tuple[int, bool]
"""Place of an item among the items, and whether the stretch is what was found."""


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
    stretches = [
        cutting.Stretch(span.start, span.end, (index, found))
        for index, item in enumerate(items)
        for found, spans in (
            (False, item.outcome.gold_spans),
            (True, item.outcome.predicted_spans),
        )
        for span in spans
    ]
    seen: set[int] = set()
    for paragraph in cutting.overlay(text, stretches, _paragraphs(text)):
        yield [
            Piece(piece.text, tuple(_marks(piece.owners, items, seen)))
            for piece in paragraph
        ]


def _marks(
    sides: Sequence[_Side], items: Sequence[Item], seen: set[int]
) -> Iterator[Mark]:
    """The items of a piece, the longest first; notes those that were seen."""
    present = set(sides)
    for index in sorted({i for i, _ in sides}, key=lambda i: (-items[i].length, i)):
        gold, found = (index, False) in present, (index, True) in present
        yield Mark(items[index], gold, found, first=index not in seen)
        seen.add(index)


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of what stands between blank lines."""
    start = 0
    for gap in _BREAK.finditer(text):
        if text[start : gap.start()].strip():
            yield start, gap.start()
        start = gap.end()
    if text[start:].strip():
        yield start, len(text)
