"""Whether a new version may replace the one before: the verdict of a comparison.

A version passes when it is shown to be no worse than the one before by more than a
margin, that is when the whole confidence interval of the difference lies above minus
the margin. It fails when it is shown to be worse, however little: losses that pass one
by one would add up. Between the two the articles are too few to tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from extractor.errors import UsageError
from extractor.evaluation.statistics.differences import Difference
from extractor.evaluation.statistics.power import (
    ALPHA,
    articles_needed,
    fewest_articles,
)

Verdict = Literal["pass", "regression", "inconclusive", "incomparable"]
ExitCode = Literal[0, 2, 3, 4]

MARGIN = 0.05
"""Loss that is put up with; a third of it takes nine times the articles."""
NAMED = 3
"""Broken items that the sentence names."""


@dataclass(frozen=True)
class Decision:
    """The verdict on a new version.

    Attributes:
        verdict: `pass`, `regression`, `inconclusive` or `incomparable`.
        exit_code: 0, 2, 3 and 4, in this order.
        sentence: the verdict with its figures, for a reader.
        articles_needed: of an inconclusive comparison: articles, those at hand
            included, that would settle it four times out of five; None where too little
            is known to tell.
    """

    verdict: Verdict
    exit_code: ExitCode
    sentence: str
    articles_needed: int | None = None


def decide(
    difference: Difference,
    margin: float = MARGIN,
    must_pass_broken: Sequence[str] = (),
) -> Decision:
    """Judge a new version by the difference in the one measure chosen beforehand.

    Args:
        difference: the score of the new version less that of the one before.
        margin: loss that is put up with, in the unit of the score.
        must_pass_broken: names of items that must be right, that were and no longer
            are; any of them is a regression, whatever the figures.

    Raises:
        UsageError: `margin` is not above 0.
    """
    if margin <= 0:
        raise UsageError(
            f"A margin of {margin:g} cannot be met by any number of articles; "
            "give one above 0, such as 0.05."
        )
    if must_pass_broken:
        return Decision("regression", 2, _broken(must_pass_broken))
    if difference.estimate is None:
        return incomparable("one of them has nothing that could be scored")
    if difference.articles < fewest_articles():
        return _too_few(difference, margin)
    worse = difference.estimate < 0
    proven = difference.p is not None and difference.p < ALPHA
    figures = _figures(difference)
    size = _number(abs(difference.estimate))
    if worse and proven:
        return Decision("regression", 2, f"NEW is worse than BASE by {size} {figures}.")
    limit = f"BASE by more than {_margin(margin)}"
    if difference.low is not None and difference.low >= -margin:
        better = f" and in fact better by {size}" if proven else ""
        return Decision("pass", 0, f"NEW is no worse than {limit}{better} {figures}.")
    needed = _needed(difference, margin)
    sentence = (
        f"It is open whether NEW is worse than {limit} {figures}{_outlook(needed)}."
    )
    return Decision("inconclusive", 3, sentence, needed)


def incomparable(reason: str) -> Decision:
    """The verdict on two runs that cannot be compared.

    Args:
        reason: why not, as a clause: "they were scored on different gold".
    """
    return Decision("incomparable", 4, f"BASE and NEW cannot be compared: {reason}.")


def _broken(names: Sequence[str]) -> str:
    shown = ", ".join(names[:NAMED])
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    items = "1 item" if len(names) == 1 else f"{len(names)} items"
    return f"NEW breaks {items} that must be right: {shown}{more}."


def _too_few(difference: Difference, margin: float) -> Decision:
    fewest = fewest_articles()
    needed = _needed(difference, margin)
    sentence = (
        f"There are too few articles to tell whether NEW is worse than BASE: "
        f"with fewer than {fewest} no difference can reach p<.05 "
        f"{_figures(difference)}{_outlook(needed)}."
    )
    return Decision("inconclusive", 3, sentence, needed)


def _needed(difference: Difference, margin: float) -> int | None:
    """Articles that would settle a difference like the one seen, if that can be told.

    A true difference is settled by telling it from minus the margin (a pass) or from
    0 (a regression), whichever is farther. A gain may be luck and counts as 0.
    """
    if difference.estimate is None or difference.standard_deviation is None:
        return None
    seen = min(difference.estimate, 0.0)
    farther = max(seen + margin, -seen)
    needed = articles_needed(difference.standard_deviation, farther)
    return max(needed, difference.articles + 1)


def _outlook(needed: int | None) -> str:
    return f"; about {needed} articles would settle it" if needed else ""


def _figures(difference: Difference) -> str:
    """What the verdict rests on, in brackets."""
    parts = []
    if difference.low is not None and difference.high is not None:
        low, high = _signed(difference.low), _signed(difference.high)
        parts.append(f"{difference.level * 100:g}% CI of Δ [{low},{high}]")
    if difference.p is not None:
        parts.append(f"swap p{_p(difference.p)}")
    parts.append(f"n={difference.articles} articles")
    return f"({', '.join(parts)})"


def _number(value: float) -> str:
    """Three decimals, without the 0 before the point."""
    return f"{value:.3f}".removeprefix("0")


def _signed(value: float) -> str:
    return f"{'−' if round(value, 3) < 0 else '+'}{_number(abs(value))}"


def _margin(margin: float) -> str:
    return f"{margin:g}".removeprefix("0")


def _p(p: float) -> str:
    """A p-value with its sign of equality, finer where it is small."""
    if p < 0.0001:
        return "<.0001"
    digits = 2 if p >= 0.1 else 4
    return "=" + f"{p:.{digits}f}".removeprefix("0")
