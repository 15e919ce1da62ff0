"""Intervals: which ranges overlap another."""

import time

from hypothesis import given
from hypothesis import strategies as st

from extractor.segmentation.intervals import Intervals
from extractor.segmentation.model import Range

BOUNDS = st.tuples(st.integers(0, 40), st.integers(1, 12))


@given(st.lists(BOUNDS), BOUNDS)
def test_every_range_that_overlaps_is_found(
    ranges: list[tuple[int, int]], asked: tuple[int, int]
) -> None:
    items = [(Range(a, a + n), k) for k, (a, n) in enumerate(ranges)]
    start, end = asked[0], sum(asked)
    found = list(Intervals(items).overlapping(start, end))
    assert sorted(found) == [k for r, k in items if r.start < end and start < r.end]
    starts = [ranges[k][0] for k in found]
    assert starts == sorted(starts, reverse=True)


def test_many_ranges_take_no_quadratic_time() -> None:
    ranges = Intervals((Range(k, k + 3), k) for k in range(50_000))
    begun = time.process_time()
    assert sum(len(list(ranges.overlapping(k, k + 1))) for k in range(50_000)) > 100_000
    assert time.process_time() - begun < 5
