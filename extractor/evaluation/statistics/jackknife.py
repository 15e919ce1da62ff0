"""The standard error of a score, from leaving out one article at a time.

Items of one article stand and fall together, so an error that takes them for
independent is far too small. Here an article is one observation: how much the score
changes without it is its deviation, and the spread of the deviations gives the
standard error (Efron & Tibshirani, An Introduction to the Bootstrap, 1993, chapter 11).

For a mean this is the usual standard error. For a ratio of sums, such as F1, it agrees
with the linearised one (Miller, Adding Error Bars to Evals, arXiv:2411.00640, with
articles as clusters) where articles are equally long, and is larger where one article
holds much of what there is. With it the interval of few articles is less often wrong;
`evals/bench/intervals.py` measures both.
"""

import math
from collections.abc import Sequence

from extractor.errors import UsageError
from extractor.evaluation.statistics.counts import Parts, Score, add
from extractor.evaluation.statistics.distributions import t_quantile


def deviations(articles: Sequence[Parts], score: Score) -> list[float]:
    """How far each article pulls the score away from where the others have it.

    Args:
        articles: summands of each article.
        score: the score of sums.

    Returns:
        One deviation for each article, which add up to 0. Empty where the score is
        not defined without one of them, so that nothing can be said of its error.
    """
    sums = add(articles)
    without: list[float] = []
    for parts in articles:
        left = score([s - part for s, part in zip(sums, parts, strict=True)])
        if left is None:
            return []
        without.append(left)
    if not without:
        return []
    mean = math.fsum(without) / len(without)
    return [(len(without) - 1) * (mean - left) for left in without]


def standard_deviation(values: Sequence[float]) -> float | None:
    """Spread of deviations that add up to 0; None with fewer than two."""
    if len(values) < 2:
        return None
    return math.sqrt(math.fsum(v * v for v in values) / (len(values) - 1))


def half_width(values: Sequence[float], level: float) -> float | None:
    """Half of a confidence interval, by Student's t; None with fewer than two.

    Args:
        values: the deviations of the articles.
        level: confidence, between 0 and 1.

    Raises:
        UsageError: `level` is not between 0 and 1.
    """
    require_level(level)
    spread = standard_deviation(values)
    if spread is None:
        return None
    quantile = t_quantile((1 + level) / 2, len(values) - 1)
    return quantile * spread / math.sqrt(len(values))


def require_level(level: float) -> None:
    """Refuse what is no level of confidence.

    Raises:
        UsageError: `level` is not between 0 and 1.
    """
    if not 0 < level < 1:
        raise UsageError(
            f"The level {level:g} is not between 0 and 1; give one like 0.95."
        )
