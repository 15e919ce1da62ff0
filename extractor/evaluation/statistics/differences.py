"""How much better one system is than another on the same articles."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from extractor.evaluation.statistics.counts import (
    Counts,
    Parts,
    Score,
    f1_of_sums,
    ratio_of_sums,
)
from extractor.evaluation.statistics.intervals import LEVEL, require_same_articles
from extractor.evaluation.statistics.jackknife import (
    deviations,
    half_width,
    standard_deviation,
)
from extractor.evaluation.statistics.permutation import RESAMPLES, swap_test


@dataclass(frozen=True)
class Difference:
    """The score of NEW less that of BASE, with its paired interval and test.

    Attributes:
        estimate: the difference; None where one of the scores is not defined.
        low: lower end of the confidence interval; None with fewer than two articles,
            or where a score hangs on one of them.
        high: upper end, likewise.
        p: two-sided p-value of the swap test, by article.
        articles: articles with something to score in either system.
        resamples: swaps that were tried.
        exhaustive: whether these were all there are, so that `p` is exact.
        standard_deviation: of what an article adds to the difference, for
            `articles_needed`; None likewise.
        level: confidence of the interval.
    """

    estimate: float | None
    low: float | None
    high: float | None
    p: float | None
    articles: int
    resamples: int
    exhaustive: bool
    standard_deviation: float | None = None
    level: float = LEVEL


def f1_difference(
    base: Sequence[Counts],
    new: Sequence[Counts],
    level: float = LEVEL,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Difference:
    """Difference in F1 between two systems on the same articles.

    Args:
        base: counts of BASE for each article.
        new: counts of NEW, in the same order.
        level: confidence of the interval, between 0 and 1.
        resamples: random swaps of the test where not all are tried.
        seed: of the random swaps.

    Raises:
        UsageError: the numbers of articles differ, or `level` is not between 0 and 1.
    """
    parts = [one.parts for one in base], [one.parts for one in new]
    return _difference(*parts, f1_of_sums, level, resamples, seed, 1.0)


def ratio_difference(
    base: Sequence[tuple[float, float]],
    new: Sequence[tuple[float, float]],
    level: float = LEVEL,
    resamples: int = RESAMPLES,
    seed: int = 0,
    proportion: bool = True,
) -> Difference:
    """Difference in a ratio of sums, such as speakers right per quote matched.

    For the mean of a value per article every denominator is 1.

    Args:
        base: numerator and denominator of BASE for each article.
        new: those of NEW, in the same order.
        level: confidence of the interval, between 0 and 1.
        resamples: random swaps of the test where not all are tried.
        seed: of the random swaps.
        proportion: whether the ratio lies between 0 and 1.

    Raises:
        UsageError: the numbers of articles differ, or `level` is not between 0 and 1.
    """
    bound = 1.0 if proportion else math.inf
    return _difference(base, new, ratio_of_sums, level, resamples, seed, bound)


def _difference(
    base: Sequence[Parts],
    new: Sequence[Parts],
    score: Score,
    level: float,
    resamples: int,
    seed: int,
    bound: float,
) -> Difference:
    """Interval and test of a difference that is at most `bound` in size."""
    require_same_articles(len(base), len(new))
    pairs = [(b, n) for b, n in zip(base, new, strict=True) if any((*b, *n))]
    base, new = [b for b, _ in pairs], [n for _, n in pairs]
    test = swap_test(base, new, score, resamples, seed)
    pulls = deviations(base, score), deviations(new, score)
    paired = [n - b for b, n in zip(*pulls, strict=True)] if all(pulls) else []
    half = half_width(paired, level)
    low = high = None
    if test.difference is not None and half is not None:
        low = max(-bound, test.difference - half)
        high = min(bound, test.difference + half)
    return Difference(
        test.difference,
        low,
        high,
        test.p,
        len(pairs),
        test.resamples,
        test.exhaustive,
        standard_deviation(paired),
        level,
    )
