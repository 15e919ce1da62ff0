"""Scores over many articles: every figure with its interval, articles as the sample."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from pydantic import Field

from extractor.evaluation.gold import Layer
from extractor.evaluation.manifest import SCORER_VERSION
from extractor.evaluation.scoring.article import ArticleScores
from extractor.evaluation.scoring.outcomes import Muc
from extractor.evaluation.statistics import (
    Counts,
    Interval,
    f1_interval,
    precision_interval,
    recall_interval,
)
from extractor.schema import Frozen

HEADLINE: Final[dict[Layer, str]] = {
    "quotes": "quotes.joint",
    "speakers": "speakers.ceaf_phi4",
    "claims": "claims.coverage",
    "events": "events.argument_c_attached",
}
OWN_HEADLINE: Final = "iou50"
"""The same for a task of the user's own."""
FEW_ARTICLES: Final = 5
"""A figure of fewer articles is shown in grey: it says little of others."""


class Figure(Frozen):
    """One measure over all articles."""

    name: str
    """`quotes.joint`, and for a slice `quotes.joint/indirect`."""
    precision: Interval
    recall: Interval
    f1: Interval
    counts: Counts
    """Of all articles together."""
    articles: int
    """How many articles hold at least one item of it."""


class Scores(Frozen):
    """What a run scores."""

    scorer_version: int = SCORER_VERSION
    articles: list[ArticleScores]
    figures: dict[str, Figure] = Field(default_factory=dict)
    muc: dict[Layer, Muc] = Field(default_factory=dict)
    errors: dict[Layer, dict[str, int]] = Field(default_factory=dict)
    """How many items of each class; they add up to the labelled and found ones."""
    grounding: dict[str, float] = Field(default_factory=dict)
    """Needs no gold: share of each verdict, strings rejected, tasks that failed."""
    false_alarms: dict[Layer, tuple[int, int]] = Field(default_factory=dict)
    """Of the articles where nothing is labelled, how many gave something; both."""

    def _repr_html_(self) -> str:
        """The figures for a notebook."""
        from extractor.evaluation.page import render_figures

        return render_figures(self)

    def table(self) -> str:
        """The figures as lines of text, without the slices."""
        lines = [f"{'':34}{'P':>7}{'R':>7}{'F1':>7}   95 % interval   items articles"]
        for name, figure in self.figures.items():
            if "/" not in name:
                lines.append(_line(figure))
        return "\n".join(lines)


def summarise(articles: Sequence[ArticleScores]) -> Scores:
    """The scores of a run from those of its articles.

    Args:
        articles: one for each article, in any order. Repeats of an article are to be
            added up before.
    """
    ordered = sorted(articles, key=lambda a: a.article)
    names = {
        f"{layer}.{measure}"
        for article in ordered
        for layer, scores in article.layers.items()
        for measure in scores.measures
    }
    labelled = layers_of(ordered)
    return Scores(
        articles=ordered,
        figures={name: _figure(name, ordered) for name in sorted(names, key=_rank)},
        muc={layer: _muc(layer, ordered) for layer in labelled},
        errors={layer: _errors(layer, ordered) for layer in labelled},
        grounding=_grounding(ordered),
        false_alarms={layer: _false_alarms(layer, ordered) for layer in labelled},
    )


def layers_of(articles: Iterable[ArticleScores]) -> list[Layer]:
    """The layers that were scored, ours first."""
    scored = {layer for article in articles for layer in article.layers}
    ours = [layer for layer in HEADLINE if layer in scored]
    return [*ours, *sorted(scored.difference(ours))]


def headline_of(layer: Layer) -> str:
    """The one measure to judge a layer by."""
    return HEADLINE.get(layer, f"{layer}.{OWN_HEADLINE}")


def counts_of(name: str, articles: Iterable[ArticleScores]) -> list[Counts]:
    """A figure's counts of each article, zeros where an article has none of it."""
    layer, _, measure = name.partition(".")
    return [
        scores.measures.get(measure, Counts(0, 0, 0))
        for article in articles
        for key, scores in article.layers.items()
        if key == layer
    ]


def _figure(name: str, articles: Sequence[ArticleScores]) -> Figure:
    counts = counts_of(name, articles)
    return Figure(
        name=name,
        precision=precision_interval(counts),
        recall=recall_interval(counts),
        f1=f1_interval(counts),
        counts=sum(counts, Counts(0, 0, 0)),
        articles=sum(bool(c.gold or c.predicted) for c in counts),
    )


def _rank(name: str) -> tuple[int, str, bool, bool, str]:
    """Layers in their order, the headline first, slices last."""
    layer = name.partition(".")[0]
    layers = list(HEADLINE)
    order = layers.index(layer) if layer in layers else len(layers)
    own = "" if layer in layers else layer
    return (order, own, "/" in name, name != headline_of(layer), name)


def _muc(layer: Layer, articles: Iterable[ArticleScores]) -> Muc:
    found = [a.layers[layer].muc for a in articles if layer in a.layers]
    return sum(found, Muc())


def _errors(layer: Layer, articles: Iterable[ArticleScores]) -> dict[str, int]:
    classes = Counter(
        outcome.error
        for article in articles
        if layer in article.layers
        for outcome in article.layers[layer].outcomes
    )
    return dict(sorted(classes.items(), key=lambda pair: (-pair[1], pair[0])))


def _grounding(articles: Sequence[ArticleScores]) -> dict[str, float]:
    verdicts = Counter[str]()
    for article in articles:
        verdicts.update(article.verdicts)
    total = verdicts.total()
    shares = {name: count / total for name, count in sorted(verdicts.items())}
    return shares | {
        "strings": total,
        "rejected": sum(a.rejected for a in articles),
        "failures": sum(len(a.failures) for a in articles),
    }


def _false_alarms(layer: Layer, articles: Iterable[ArticleScores]) -> tuple[int, int]:
    empty = [
        a.layers[layer].muc
        for a in articles
        if layer in a.layers and not a.layers[layer].muc.possible
    ]
    return sum(bool(muc.actual) for muc in empty), len(empty)


def _line(figure: Figure) -> str:
    def number(value: float | None) -> str:
        return f"{value:7.3f}" if value is not None else f"{'–':>7}"

    interval = figure.f1
    ends = (
        f"{interval.low:.3f} to {interval.high:.3f}"
        if interval.low is not None and interval.high is not None
        else "–"
    )
    items = f"{figure.counts.gold:g}/{figure.counts.predicted:g}"
    return (
        f"{figure.name:34}{number(figure.precision.estimate)}"
        f"{number(figure.recall.estimate)}{number(interval.estimate)}"
        f"   {ends:15} {items:>9} {figure.articles:5}"
    )
