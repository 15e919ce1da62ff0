"""How many articles it takes to see a difference, and how small a one can be seen.

The normal approximation for paired observations (Card et al., With Little Power Comes
Great Responsibility, EMNLP 2020; Miller, arXiv:2411.00640, section 5), with an article
as the observation. The standard deviation is that of `Difference`; between systems for
quotes, about .14 can be expected.
"""

import math

from extractor.errors import UsageError
from extractor.evaluation.statistics.distributions import normal_quantile

POWER = 0.8
"""How likely a true difference shall be found."""
ALPHA = 0.05
"""How likely a difference may be found where there is none."""


def articles_needed(
    standard_deviation: float,
    difference: float,
    power: float = POWER,
    alpha: float = ALPHA,
) -> int:
    """Articles with which a true difference is found with the power asked for.

    Args:
        standard_deviation: of what an article adds to the difference.
        difference: the true difference, in the unit of the score, not 0.
        power: probability of finding it.
        alpha: p-value below which a difference counts as found, two-sided.

    Raises:
        UsageError: a difference of 0, a negative standard deviation, or a probability
            that is not between 0 and 1.
    """
    if not difference:
        raise UsageError(
            "No number of articles shows a difference of 0; "
            "name the smallest difference that matters."
        )
    spread = _check(standard_deviation) * _factor(power, alpha)
    return max(fewest_articles(alpha), math.ceil((spread / difference) ** 2))


def detectable_difference(
    standard_deviation: float,
    articles: int,
    power: float = POWER,
    alpha: float = ALPHA,
) -> float:
    """The smallest true difference that is found with the power asked for.

    Args:
        standard_deviation: of what an article adds to the difference.
        articles: their number, at least 1.
        power: probability of finding the difference.
        alpha: p-value below which a difference counts as found, two-sided.

    Raises:
        UsageError: no article, a negative standard deviation, or a probability that
            is not between 0 and 1.
    """
    if articles < 1:
        raise UsageError("Without articles nothing can be found; give at least one.")
    return _check(standard_deviation) * _factor(power, alpha) / math.sqrt(articles)


def fewest_articles(alpha: float = ALPHA) -> int:
    """Articles below which the swap test cannot reach a p-value below `alpha`.

    Of the 2**n swaps of n articles at least two, none and all, are as extreme as
    what was seen.
    """
    return math.floor(1 - math.log2(alpha)) + 1


def power_statement(
    standard_deviation: float,
    articles: int,
    difference: float = 0.05,
    power: float = POWER,
    alpha: float = ALPHA,
) -> str:
    """What a comparison on so many articles can show, in one sentence for a reader.

    Args:
        standard_deviation: of what an article adds to the difference.
        articles: articles of the comparison.
        difference: a difference that would matter.
        power: probability of finding it.
        alpha: p-value below which a difference counts as found, two-sided.

    Raises:
        UsageError: as `articles_needed` and `detectable_difference`.
    """
    fewest = fewest_articles(alpha)
    if articles < fewest:
        return (
            f"{articles} {_plural(articles)} cannot show whether one system is better "
            f"than the other, however large the difference: it takes at least {fewest}."
        )
    seen = detectable_difference(standard_deviation, articles, power, alpha)
    needed = articles_needed(standard_deviation, difference, power, alpha)
    found = (
        f"With {articles} articles, a true difference of {seen:.3f} would be noticed "
        f"{power * 100:.0f} times out of 100 and a smaller one less often"
    )
    if needed <= articles:
        return f"{found}; for {difference:g}, {needed} articles are enough."
    return f"{found}; to notice {difference:g} as often takes {needed} articles."


def _factor(power: float, alpha: float) -> float:
    """Standard errors between no difference and one found with this power."""
    return normal_quantile(1 - alpha / 2) + normal_quantile(power)


def _check(standard_deviation: float) -> float:
    if standard_deviation < 0:
        raise UsageError(
            f"The standard deviation {standard_deviation} is negative; "
            "take that of a difference."
        )
    return standard_deviation


def _plural(articles: int) -> str:
    return "article" if articles == 1 else "articles"
