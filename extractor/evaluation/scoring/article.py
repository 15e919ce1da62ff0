"""One article: every layer that was labelled, scored."""

from collections.abc import Callable, Collection
from typing import Final

from pydantic import Field

from extractor.errors import GoldError
from extractor.evaluation.gold import GoldArticle, Layer
from extractor.evaluation.labelled import label_extraction
from extractor.evaluation.scoring.claims import score_claims
from extractor.evaluation.scoring.events import score_events
from extractor.evaluation.scoring.outcomes import LayerScores
from extractor.evaluation.scoring.own import score_own
from extractor.evaluation.scoring.quotes import score_quotes
from extractor.evaluation.scoring.speakers import score_speakers
from extractor.schema import Extraction, Failure, Frozen

_SCORERS: Final[dict[Layer, Callable[[GoldArticle, GoldArticle], LayerScores]]] = {
    "quotes": score_quotes,
    "speakers": score_speakers,
    "claims": score_claims,
    "events": score_events,
}


class ArticleScores(Frozen):
    """What one article contributes."""

    article: str
    """`Source.id`."""
    layers: dict[Layer, LayerScores] = Field(default_factory=dict)
    failures: list[Failure] = Field(default_factory=list)
    """Tasks that failed; what they should have found counts as missed."""
    rejected: int = 0
    """Strings the model returned that the article does not say."""
    verdicts: dict[str, int] = Field(default_factory=dict)
    """How many returned strings got each verdict of the grounding gate."""


def score_article(
    gold: GoldArticle,
    predicted: GoldArticle,
    *,
    layers: Collection[Layer] | None = None,
) -> ArticleScores:
    """Scores one labelling of a text against another.

    Args:
        gold: the labels.
        predicted: labels of a model or of another person.
        layers: score no others, as where a run did not ask for them; default: all
            that are labelled.

    Raises:
        GoldError: the two are not of the same text.
    """
    if gold.text != predicted.text:
        raise GoldError(
            f"{gold.doc.id}: the two labellings are not of the same text; "
            "run the extraction again on the gold's text."
        )
    scored: dict[Layer, LayerScores] = {
        layer: _score(layer, gold, predicted)
        for layer in gold.layers
        if layers is None or layer in layers
    }
    return ArticleScores(article=gold.doc.id, layers=scored)


def _score(layer: Layer, gold: GoldArticle, predicted: GoldArticle) -> LayerScores:
    if layer in _SCORERS:
        return _SCORERS[layer](gold, predicted)
    return score_own(layer, gold, predicted)


def score_extraction(
    gold: GoldArticle,
    extraction: Extraction,
    *,
    layers: Collection[Layer] | None = None,
) -> ArticleScores:
    """Scores an extraction of an article against its gold."""
    scores = score_article(gold, label_extraction(extraction), layers=layers)
    provenance = extraction.provenance
    return scores.model_copy(
        update={
            "failures": provenance.failures,
            "rejected": len(extraction.rejected),
            "verdicts": provenance.verdicts,
        }
    )


def score_failure(
    gold: GoldArticle, failure: Failure, *, layers: Collection[Layer] | None = None
) -> ArticleScores:
    """Scores an article that gave no extraction at all: everything is missed."""
    scores = score_article(gold, gold.emptied(), layers=layers)
    return scores.model_copy(update={"failures": [failure]})
