"""The normal and Student's t distribution, for tests and intervals without scipy."""

import math
from collections.abc import Callable
from functools import lru_cache

from extractor.errors import UsageError

MAX_STEPS = 200
"""Newton steps at most; even one degree of freedom takes under fifty."""
PRECISION = 1e-13
"""Relative size of the Newton step that ends the search."""


def normal_cdf(x: float) -> float:
    """Probability that a standard normal variable is at most `x`."""
    return 0.5 * math.erfc(-x / math.sqrt(2))


@lru_cache
def normal_quantile(p: float) -> float:
    """The value that a standard normal variable stays below with probability `p`.

    Raises:
        UsageError: `p` is not between 0 and 1.
    """
    return _quantile(p, normal_cdf, _normal_density)


def t_cdf(x: float, df: int) -> float:
    """Probability that a variable of Student's t distribution is at most `x`.

    The finite series of Abramowitz & Stegun, Handbook of Mathematical Functions,
    26.7.3 and 26.7.4, which are exact for whole degrees of freedom.

    Args:
        x: where to cut.
        df: degrees of freedom, at least 1.

    Raises:
        UsageError: `df` is below 1.
    """
    if df < 1:
        raise UsageError(
            f"Student's t distribution has no {df} degrees of freedom; "
            "give at least two articles."
        )
    angle = math.atan(x / math.sqrt(df))
    sine, cosine = math.sin(angle), math.cos(angle)
    odd = df % 2
    term = cosine if odd else 1.0
    series = term if df > 1 else 0.0
    for k in range(2 + odd, df - 1, 2):
        term *= cosine * cosine * (k - 1) / k
        series += term
    inside = sine * series
    if odd:
        inside = (angle + inside) * 2 / math.pi
    return 0.5 * (1 + inside)


@lru_cache
def t_quantile(p: float, df: int) -> float:
    """The value that a t-distributed variable stays below with probability `p`.

    Args:
        p: probability, good to twelve digits between .0001 and .9999.
        df: degrees of freedom, at least 1.

    Raises:
        UsageError: `p` is not between 0 and 1, or `df` is below 1.
    """
    return _quantile(p, lambda x: t_cdf(x, df), lambda x: _t_density(x, df))


def _normal_density(x: float) -> float:
    return math.exp(-x * x / 2) / math.sqrt(2 * math.pi)


def _t_density(x: float, df: int) -> float:
    scale = math.lgamma((df + 1) / 2) - math.lgamma(df / 2)
    bend = (df + 1) / 2 * math.log1p(x * x / df)
    return math.exp(scale - bend) / math.sqrt(df * math.pi)


def _quantile(
    p: float, cdf: Callable[[float], float], density: Callable[[float], float]
) -> float:
    """Invert the CDF of a distribution that is symmetric about 0 and falls from it.

    Right of 0 such a CDF is concave, so Newton's method started at 0 climbs to the
    quantile and never overshoots.
    """
    if not 0 < p < 1:
        raise UsageError(f"{p} is no probability between 0 and 1; give one like 0.95.")
    if p < 0.5:
        return -_quantile(1 - p, cdf, density)
    x = 0.0
    for _ in range(MAX_STEPS):
        step = (p - cdf(x)) / density(x)
        x += step
        if step <= PRECISION * x:
            break
    return x
