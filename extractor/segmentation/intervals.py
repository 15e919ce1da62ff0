"""Ranges of a text to be asked which of them overlap another."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Generic, TypeVar

from extractor.segmentation.model import Range

T = TypeVar("T")


class Intervals(Generic[T]):
    """Ranges with a value each; looking one up takes logarithmic time as a rule.

    Args:
        items: ranges, which may nest and overlap, with what they stand for.
    """

    def __init__(self, items: Iterable[tuple[Range, T]]) -> None:
        self._items = sorted(items, key=lambda item: item[0])
        self._starts = [found.start for found, _ in self._items]
        self._furthest = list(accumulate((found.end for found, _ in self._items), max))

    def overlapping(self, start: int, end: int) -> Iterator[T]:
        """Values of the ranges that share a character, the last to begin first."""
        k = bisect_left(self._starts, end)
        while k and self._furthest[k - 1] > start:
            k -= 1
            found, value = self._items[k]
            if found.end > start:
                yield value
