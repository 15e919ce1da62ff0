"""Intervals by resampling articles, for measures that have no closed form."""

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

from extractor.errors import UsageError
from extractor.evaluation.statistics.intervals import LEVEL, Interval
from extractor.evaluation.statistics.jackknife import require_level

T = TypeVar("T")


def bootstrap_interval(
    articles: Sequence[T],
    measure: Callable[[Sequence[T]], float | None],
    resamples: int = 1000,
    seed: int = 0,
    level: float = LEVEL,
) -> Interval:
    """The percentile bootstrap interval of a measure over articles.

    With fewer than about 50 articles it is somewhat too narrow; where a measure is a
    ratio of sums, the interval of `intervals` is better. For the difference of two
    systems an article is the pair of what they gave for it.

    Args:
        articles: what the measure is computed from, one for each article.
        measure: the measure of some articles; None where it is not defined. Resamples
            on which it is not are left out.
        resamples: how often as many articles are drawn, with replacement.
        seed: of the draws.
        level: confidence, between 0 and 1.

    Raises:
        UsageError: `level` is not between 0 and 1, or `resamples` is below 1.
    """
    require_level(level)
    if resamples < 1:
        raise UsageError(f"{resamples} resamples give no interval; draw 1000 or more.")
    count = len(articles)
    estimate = measure(articles) if articles else None
    if estimate is None or count < 2:
        return Interval(estimate, None, None, count)
    source = random.Random(seed)
    drawn = (measure(source.choices(articles, k=count)) for _ in range(resamples))
    values = sorted(value for value in drawn if value is not None)
    if not values:
        return Interval(estimate, None, None, count)
    tail = (1 - level) / 2
    return Interval(
        estimate, _percentile(values, tail), _percentile(values, 1 - tail), count
    )


def _percentile(values: Sequence[float], share: float) -> float:
    """The value below which a share of sorted values lies, linearly between two."""
    place = share * (len(values) - 1)
    below = int(place)
    above = min(below + 1, len(values) - 1)
    return values[below] + (place - below) * (values[above] - values[below])
