"""Confidence intervals of scores, with articles as the sample.

Articles that hold nothing to score are no part of the sample. Where all articles
agree exactly the interval has no width; that says nothing of articles unlike them.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from extractor.errors import UsageError
from extractor.evaluation.statistics.counts import (
    Counts,
    Parts,
    Score,
    add,
    f1_of_sums,
    ratio_of_sums,
)
from extractor.evaluation.statistics.jackknife import deviations, half_width

LEVEL = 0.95
"""Confidence of an interval unless told otherwise."""
UNIT = (0.0, 1.0)
"""Where a proportion lies."""


@dataclass(frozen=True)
class Interval:
    """A score with its confidence interval.

    Attributes:
        estimate: the score; None (n/a) where nothing was there to score.
        low: lower end; None with fewer than two articles.
        high: upper end; None with fewer than two articles.
        articles: articles with something to score.
    """

    estimate: float | None
    low: float | None
    high: float | None
    articles: int


def f1_interval(counts: Sequence[Counts], level: float = LEVEL) -> Interval:
    """F1 of all items together, with its interval over articles.

    Args:
        counts: counts of each article.
        level: confidence, between 0 and 1.

    Raises:
        UsageError: `level` is not between 0 and 1.
    """
    return _interval([one.parts for one in counts], f1_of_sums, level, UNIT)


def precision_interval(counts: Sequence[Counts], level: float = LEVEL) -> Interval:
    """Precision of all items together, like `f1_interval`."""
    pairs = [(one.precision_numerator, one.predicted) for one in counts]
    return _interval(pairs, ratio_of_sums, level, UNIT)


def recall_interval(counts: Sequence[Counts], level: float = LEVEL) -> Interval:
    """Recall of all items together, like `f1_interval`."""
    pairs = [(one.matched, one.gold) for one in counts]
    return _interval(pairs, ratio_of_sums, level, UNIT)


def mean_interval(
    values: Sequence[float],
    level: float = LEVEL,
    bounds: tuple[float, float] | None = None,
) -> Interval:
    """The mean of one value per article, with its interval.

    Args:
        values: one value for each article.
        level: confidence, between 0 and 1.
        bounds: least and greatest possible value, `UNIT` for a proportion.

    Raises:
        UsageError: `level` is not between 0 and 1.
    """
    return _interval([(value, 1.0) for value in values], ratio_of_sums, level, bounds)


def ratio_interval(
    numerators: Sequence[float],
    denominators: Sequence[float],
    level: float = LEVEL,
    bounds: tuple[float, float] | None = None,
) -> Interval:
    """A ratio of sums over articles, such as speakers right per quote matched.

    Args:
        numerators: what each article adds above the line.
        denominators: what each article adds below the line; one that adds nothing to
            either has nothing to score.
        level: confidence, between 0 and 1.
        bounds: least and greatest possible value, `UNIT` for a proportion.

    Raises:
        UsageError: the lists differ in length, or `level` is not between 0 and 1.
    """
    require_same_articles(len(numerators), len(denominators))
    pairs = list(zip(numerators, denominators, strict=True))
    return _interval(pairs, ratio_of_sums, level, bounds)


def require_same_articles(one: int, other: int) -> None:
    """Refuse two lists that cannot be of the same articles.

    Raises:
        UsageError: the numbers differ.
    """
    if one != other:
        raise UsageError(
            f"There are values of {one} and of {other} articles; "
            "score the same articles in both."
        )


def _interval(
    articles: Sequence[Parts],
    score: Score,
    level: float,
    bounds: tuple[float, float] | None,
) -> Interval:
    scored = [parts for parts in articles if any(parts)]
    estimate = score(add(scored)) if scored else None
    half = half_width(deviations(scored, score), level)
    if estimate is None or half is None:
        return Interval(estimate, None, None, len(scored))
    least, greatest = bounds or (-math.inf, math.inf)
    low, high = max(least, estimate - half), min(greatest, estimate + half)
    return Interval(estimate, low, high, len(scored))
