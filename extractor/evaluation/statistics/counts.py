"""What one article contributes to a score, and scores of sums over articles."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Parts = Sequence[float]
"""What one article adds to the sums that a score is computed from; or those sums."""
Score = Callable[[Parts], float | None]
"""A score of such sums; None where it is not defined."""


@dataclass(frozen=True)
class Counts:
    """Items of one article, or of several added up.

    Several runs of a model on one article are added up too, never listed as articles
    of their own: they say nothing of other articles.

    Attributes:
        matched: matched pairs, or their summed credit; the numerator of recall.
        gold: items of the gold.
        predicted: items of the system.
        matched_predicted: the numerator of precision, where it is another.
    """

    matched: float
    gold: float
    predicted: float
    matched_predicted: float | None = None

    def __add__(self, other: "Counts") -> "Counts":
        separate = self.matched_predicted, other.matched_predicted
        return Counts(
            self.matched + other.matched,
            self.gold + other.gold,
            self.predicted + other.predicted,
            None
            if separate == (None, None)
            else self.precision_numerator + other.precision_numerator,
        )

    @property
    def precision_numerator(self) -> float:
        """`matched_predicted`, or `matched` where that is not given."""
        if self.matched_predicted is None:
            return self.matched
        return self.matched_predicted

    @property
    def precision(self) -> float | None:
        """Share of the predicted items that are matched; None where there are none."""
        return quotient(self.precision_numerator, self.predicted)

    @property
    def recall(self) -> float | None:
        """Share of the gold items that are matched; None where there are none."""
        return quotient(self.matched, self.gold)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall; None where there are no items.

        It is 0 where only the gold or only the system has items.
        """
        if self.precision_numerator == self.matched:
            return quotient(2 * self.matched, self.gold + self.predicted)
        precision, recall = self.precision or 0.0, self.recall or 0.0
        return quotient(2 * precision * recall, precision + recall) or 0.0

    @property
    def parts(self) -> tuple[float, float, float, float]:
        """What `f1_of_sums` takes: the fields in their order, none of them None."""
        return self.matched, self.gold, self.predicted, self.precision_numerator


def total(articles: Iterable[Counts]) -> Counts:
    """The counts of all articles together."""
    return sum(articles, Counts(0, 0, 0))


def f1_of_sums(sums: Parts) -> float | None:
    """F1 of summed `Counts.parts`."""
    return Counts(*sums).f1


def ratio_of_sums(sums: Parts) -> float | None:
    """The first sum over the second."""
    return quotient(sums[0], sums[1])


def quotient(numerator: float, denominator: float) -> float | None:
    """A ratio; None where the denominator is 0."""
    return numerator / denominator if denominator else None


def add(articles: Iterable[Parts]) -> list[float]:
    """The sums over articles; empty without any."""
    return [sum(column) for column in zip(*articles, strict=True)]
