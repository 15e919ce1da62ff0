"""A text cut where stretches of it begin and end, so that overlaps can be shown.

What is found in an article overlaps, nests and consists of several spans; markup can
only nest. So the text is cut at every end of every span, and each piece knows the
stretches that cover it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

from extractor.report.characters import visible

Owner = TypeVar("Owner")


@dataclass(frozen=True, slots=True)
class Stretch(Generic[Owner]):
    """A part of the text that belongs to something."""

    start: int
    """0-based code point."""
    end: int
    """One past the last."""
    owner: Owner


@dataclass(frozen=True, slots=True)
class Piece(Generic[Owner]):
    """A part of the text that the same stretches cover throughout."""

    text: str
    """As it may be shown: see `visible`."""
    owners: tuple[Owner, ...]
    """Of the stretches that cover it, in the order given."""
    first: tuple[Owner, ...]
    """Those of them whose stretch no piece before belongs to."""


def overlay(
    text: str,
    stretches: Sequence[Stretch[Owner]],
    paragraphs: Iterable[tuple[int, int]],
) -> Iterator[list[Piece[Owner]]]:
    """The paragraphs of a text, each as pieces with their owners.

    Args:
        text: the article.
        stretches: parts of it, in any order.
        paragraphs: where each starts and ends, in order; what is between is left out.
    """
    sweep = _Sweep(stretches)
    places = sweep.places
    for start, stop in paragraphs:
        inner = places[bisect_right(places, start) : bisect_left(places, stop)]
        pieces = []
        for left, right in pairwise([start, *inner, stop]):
            covering, first = sweep.advance(left)
            pieces.append(Piece(visible(text[left:right]), covering, first))
        yield pieces


class _Sweep(Generic[Owner]):
    """Which stretches cover a place in the text, from its start to its end."""

    def __init__(self, stretches: Sequence[Stretch[Owner]]) -> None:
        self._stretches = stretches
        self._steps = sorted(
            step
            for index, stretch in enumerate(stretches)
            for step in ((stretch.start, True, index), (stretch.end, False, index))
        )
        self.places = sorted({step[0] for step in self._steps})
        """Where anything begins or ends."""
        self._next = 0
        self._open: set[int] = set()
        self._seen: set[int] = set()

    def advance(self, place: int) -> tuple[tuple[Owner, ...], tuple[Owner, ...]]:
        """The owners of what covers a place, and those of them that are new there."""
        while self._next < len(self._steps) and self._steps[self._next][0] <= place:
            _, opens, index = self._steps[self._next]
            (self._open.add if opens else self._open.discard)(index)
            self._next += 1
        covering = sorted(self._open)
        first = [index for index in covering if index not in self._seen]
        self._seen.update(first)
        return self._owners(covering), self._owners(first)

    def _owners(self, indices: Sequence[int]) -> tuple[Owner, ...]:
        return tuple(self._stretches[index].owner for index in indices)
