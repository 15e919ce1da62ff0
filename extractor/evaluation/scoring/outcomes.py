"""What became of each labelled and each found item, and what that adds up to.

Both sides of a comparison are `GoldArticle`s of one text: labels of a person, or an
extraction turned into labels. So a model is scored against gold exactly as one
annotator against another.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

from pydantic import Field

from extractor.evaluation.gold import Layer
from extractor.evaluation.statistics import Counts
from extractor.schema import Frozen, Span

Status = Literal["correct", "partial", "incorrect", "missed", "spurious", "ignored"]
"""The five counts of MUC-5 (Chinchor and Sundheim 1993), and items that count for
nothing because their label is optional."""


class Outcome(Frozen):
    """One item's fate: a pair, a labelled item that was missed, or a spurious one."""

    layer: Layer
    status: Status
    error: str
    """Class of the error, `correct` where there is none: `boundary.truncated`,
    `speaker.other`, `missed`, `spurious.duplicate`. Exactly one for each item."""
    gold: str | None = None
    """Id of the labelled item."""
    predicted: str | None = None
    """Id of the found item."""
    gold_spans: list[Span] = Field(default_factory=list)
    predicted_spans: list[Span] = Field(default_factory=list)
    slices: list[str] = Field(default_factory=list)
    """Groups the item is counted in too: `direct`, `pronoun`."""
    detail: str | None = None
    """What a reader wants to know: `labelled Anna Veld, found the ministry`."""


class Muc(Frozen):
    """MUC-5 counts of a layer, and its error rates."""

    correct: int = 0
    incorrect: int = 0
    partial: int = 0
    missed: int = 0
    spurious: int = 0

    def __add__(self, other: "Muc") -> "Muc":
        fields = type(self).model_fields
        return Muc(
            **{name: getattr(self, name) + getattr(other, name) for name in fields}
        )

    @property
    def possible(self) -> int:
        """Items of the gold."""
        return self.correct + self.incorrect + self.partial + self.missed

    @property
    def actual(self) -> int:
        """Items found."""
        return self.correct + self.incorrect + self.partial + self.spurious

    @property
    def error(self) -> float | None:
        """ERR: share of all items that are wrong, half for partial ones."""
        wrong = self.incorrect + self.partial / 2 + self.missed + self.spurious
        return _share(wrong, self.possible + self.spurious)

    @property
    def undergeneration(self) -> float | None:
        """UND: share of the gold that was missed."""
        return _share(self.missed, self.possible)

    @property
    def overgeneration(self) -> float | None:
        """OVG: share of what was found that is spurious."""
        return _share(self.spurious, self.actual)

    @property
    def substitution(self) -> float | None:
        """SUB: share of the aligned pairs that are wrong, half for partial ones."""
        wrong = self.incorrect + self.partial / 2
        return _share(wrong, self.correct + self.partial + self.incorrect)


class LayerScores(Frozen):
    """One layer of one article."""

    measures: dict[str, Counts] = Field(default_factory=dict)
    """By name: `iou50`, `joint`, and for a slice `joint/indirect`."""
    muc: Muc = Muc()
    outcomes: list[Outcome] = Field(default_factory=list)


def count_muc(outcomes: Iterable[Outcome]) -> Muc:
    """The five counts of a layer's outcomes."""
    totals: dict[str, int] = {}
    for outcome in outcomes:
        totals[outcome.status] = totals.get(outcome.status, 0) + 1
    totals.pop("ignored", None)
    return Muc(**totals)


def add_measures(
    first: Mapping[str, Counts], second: Mapping[str, Counts]
) -> dict[str, Counts]:
    """Two articles' measures, added by name."""
    added = dict(first)
    for name, counts in second.items():
        added[name] = added[name] + counts if name in added else counts
    return added


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None
