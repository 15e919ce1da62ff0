"""Items found that have no place in the text: each is predicted, and wrong.

This package reports no such item. Another tool may, and a run of it that kept only what
can be located would be flattered: whoever reads its output reads the rest too.
"""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import Field

from extractor.evaluation.gold import Layer
from extractor.evaluation.scoring.article import ArticleScores
from extractor.evaluation.scoring.outcomes import LayerScores, Outcome, count_muc
from extractor.evaluation.statistics import Counts
from extractor.schema import Frozen

_Number = Annotated[int, Field(ge=0)]

_ITEMS: Final[Mapping[Layer, tuple[str, ...]]] = {
    "quotes": ("iou50", "iou80", "exact", "trimmed", "soft", "joint"),
    "claims": ("coverage", "one_to_one", "aligned", "soft"),
    "events": ("aligned", "trigger_i", "trigger_c", "trigger_overlap"),
}
"""Measures that count the items of a layer; shares of aligned pairs stay as they are,
and so do measures of characters, of speakers and of slices."""
_ARGUMENTS: Final = ("argument_c_attached", "argument_c", "argument_i", "slots")


class Unplaced(Frozen):
    """How many items of an article were found without a place in its text."""

    quotes: _Number = 0
    claims: _Number = 0
    events: _Number = 0
    arguments: _Number = 0
    """Of events with and without a place."""

    def of(self, layer: Layer) -> int:
        """Items of a layer; speakers are none."""
        return {
            "quotes": self.quotes,
            "claims": self.claims,
            "events": self.events,
        }.get(layer, 0)


def add_unplaced(scores: ArticleScores, unplaced: Unplaced) -> ArticleScores:
    """The scores of an article in which these were found as well.

    Args:
        scores: of what has a place.
        unplaced: of layers that were not scored, nothing is added.
    """
    layers: dict[Layer, LayerScores] = {}
    for layer, scored in scores.layers.items():
        added = dict.fromkeys(_ITEMS.get(layer, ()), unplaced.of(layer))
        if layer == "events":
            added |= dict.fromkeys(_ARGUMENTS, unplaced.arguments)
        layers[layer] = _add(layer, scored, added, unplaced.of(layer))
    return scores.model_copy(update={"layers": layers})


def _add(
    layer: Layer, scored: LayerScores, added: Mapping[str, int], count: int
) -> LayerScores:
    outcomes = [
        *scored.outcomes,
        *(
            Outcome(
                layer=layer,
                status="spurious",
                error="spurious.unplaced",
                predicted=f"unplaced{number}",
            )
            for number in range(1, count + 1)
        ),
    ]
    return LayerScores(
        measures={
            name: _more(counts, added.get(name, 0))
            for name, counts in scored.measures.items()
        },
        muc=count_muc(outcomes),
        outcomes=outcomes,
    )


def _more(counts: Counts, predicted: int) -> Counts:
    return Counts(
        counts.matched,
        counts.gold,
        counts.predicted + predicted,
        counts.matched_predicted,
    )
