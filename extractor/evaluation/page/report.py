"""The page of one run: its figures, its errors, and every article with its items."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pydantic import Field

from extractor.evaluation.gold import GoldArticle, Layer
from extractor.evaluation.manifest import write_whole
from extractor.evaluation.page.items import Anchors, Item, list_items
from extractor.evaluation.page.overlay import Piece, overlay
from extractor.evaluation.page.rendering import (
    NOT_SPEAKER,
    choices,
    class_choices,
    filter_link,
    render,
)
from extractor.evaluation.scoring.article import ArticleScores
from extractor.evaluation.scoring.outcomes import Muc, Status
from extractor.evaluation.scoring.summary import (
    FEW_ARTICLES,
    Figure,
    Scores,
    counts_of,
    headline_of,
    layers_of,
)
from extractor.evaluation.statistics import Counts, total
from extractor.report import clean
from extractor.schema import Frozen, TaskStats

Pair = tuple[GoldArticle, GoldArticle]
"""An article as labelled and as found."""

_STATES: Final[tuple[Status, ...]] = (
    "correct",
    "partial",
    "incorrect",
    "missed",
    "spurious",
    "ignored",
)


_PAIRS: Final = {"side": "pair"}
_MATCHED: Final[dict[str, dict[str, str]]] = {
    "quotes.iou50": _PAIRS,
    "quotes.joint": {**_PAIRS, "class": NOT_SPEAKER},
    "quotes.speaker": {**_PAIRS, "class": NOT_SPEAKER},
}
"""Measures whose matches can be told by the class of an item."""


class PageMeta(Frozen):
    """What the page says of the run, besides its scores."""

    title: str
    rows: list[tuple[str, str]] = Field(default_factory=list)
    """Model, hash of the gold, prompts, date: name and value, in order."""
    costs: dict[str, TaskStats] = Field(default_factory=dict)
    """Calls, tokens and seconds of each task."""
    cost: float | None = None
    """In the currency of the prices given, when prices are known."""
    metric: str = "quotes.joint"
    """The measure at the top of the page."""


@dataclass(frozen=True)
class ErrorRow:
    """A class of error of a layer."""

    name: str
    status: Status
    items: int
    gold: int
    found: int


@dataclass(frozen=True)
class LayerErrors:
    """The classes of a layer's items; the numbers add up to labelled and found."""

    layer: Layer
    muc: Muc
    rows: list[ErrorRow]

    @property
    def items(self) -> int:
        """All items, pairs counted once."""
        return sum(row.items for row in self.rows)

    @property
    def gold(self) -> int:
        """Items labelled."""
        return sum(row.gold for row in self.rows)

    @property
    def found(self) -> int:
        """Items found."""
        return sum(row.found for row in self.rows)

    @property
    def shares(self) -> list[tuple[Status, float, float]]:
        """Each state with where its part of a bar of 100 begins, and its length."""
        counts = Counter[Status]()
        for row in self.rows:
            counts[row.status] += row.items
        shares, start = [], 0.0
        for status in _STATES:
            length = 100 * counts[status] / self.items if self.items else 0.0
            if length:
                shares.append((status, round(start, 2), round(length, 2)))
            start += length
        return shares


@dataclass(frozen=True)
class ArticleView:
    """An article on the page."""

    anchor: str
    scores: ArticleScores
    gold: GoldArticle | None
    items: list[Item]
    counts: Counts
    """Of the measure at the top."""
    paragraphs: list[list[Piece]] = field(default_factory=list)

    @property
    def errors(self) -> int:
        """Items that are wrong."""
        return sum(item.is_error for item in self.items)

    @property
    def words(self) -> int | None:
        """Length of the text; None where it is not at hand."""
        return len(self.gold.text.split()) if self.gold else None


@dataclass(frozen=True)
class FigureRow:
    """A measure with its slices."""

    figure: Figure
    layer: Layer
    slices: list[Figure]


class Tally:
    """How many items a filter shows, so that a count can lead to its items."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._counts = Counter(
            (item.outcome.layer, name, *shown.values())
            for item in items
            for name in {"", *item.slices}
            for shown in _fitting(item)
        )

    def gold(self, figure: Figure) -> str:
        """The filter that shows the labelled items of a figure; empty if none does."""
        return self._find(figure, figure.counts.gold, {"side": "gold"}, _PAIRS)

    def found(self, figure: Figure) -> str:
        """The filter that shows the items found."""
        return self._find(figure, figure.counts.predicted, {"side": "found"}, _PAIRS)

    def matched(self, figure: Figure) -> str:
        """The filter that shows the matched items."""
        measure = figure.name.partition("/")[0]
        known = [_MATCHED[measure]] if measure in _MATCHED else []
        return self._find(figure, figure.counts.matched, *known)

    def _find(self, figure: Figure, many: float, *filters: dict[str, str]) -> str:
        """The first of the filters that shows just so many items."""
        layer, _, measure = figure.name.partition(".")
        name = clean(measure.partition("/")[2])
        for shown in filters:
            if self._counts[layer, name, *shown.values()] == many:
                return filter_link(layer=layer, slice=name, **shown)
        return ""


def _fitting(item: Item) -> Iterator[dict[str, str]]:
    """The filters of a tally that show an item."""
    for side in item.sides:
        yield {"side": side}
    if "pair" in item.sides and not item.outcome.error.startswith("speaker"):
        yield _MATCHED["quotes.joint"]


def render_report(scores: Scores, articles: Sequence[Pair], meta: PageMeta) -> str:
    """The page of a run, as one HTML document.

    Args:
        scores: of the run.
        articles: each as labelled and as found, with its text; the page shows an
            article that is not among them without its text.
        meta: what else to say of the run.
    """
    views = _views(scores, articles, meta.metric)
    items = [item for view in views for item in view.items]
    layers = layers_of(_of(views))
    values = {
        "title": meta.title,
        "meta": meta,
        "scores": scores,
        "headlines": _headlines(scores, meta.metric),
        "figures": {layer: _figures(layer, scores) for layer in layers},
        "errors": [_errors(layer, items, scores) for layer in layers],
        "layers": layers,
        "classes": class_choices(item.outcome.error for item in items),
        "slices": choices(name for item in items for name in item.slices),
        "articles": views,
        "tally": Tally(items),
        "few": FEW_ARTICLES,
        "shown_first": meta.metric.partition(".")[0],
    }
    return render("report.html.jinja", values)


def render_figures(scores: Scores) -> str:
    """The figures as a piece of HTML, without the slices, for a notebook."""
    whole = [figure for name, figure in scores.figures.items() if "/" not in name]
    return render("figures.html.jinja", {"figures": whole})


def write_report(
    path: Path, scores: Scores, articles: Sequence[Pair], meta: PageMeta
) -> None:
    """Writes the page of `render_report` to a file."""
    write_whole(path, render_report(scores, articles, meta).encode())


def _of(views: Iterable[ArticleView]) -> list[ArticleScores]:
    return [view.scores for view in views]


def _views(scores: Scores, articles: Sequence[Pair], metric: str) -> list[ArticleView]:
    pairs = {gold.doc.id: (gold, found) for gold, found in articles}
    anchors = Anchors()
    views: list[ArticleView] = []
    number = 0
    for article in scores.articles:
        gold, found = pairs.get(article.article, (None, None))
        anchor = anchors.name(article.article)
        items = list_items(article, gold, found, anchor, anchors, number)
        number += len(items)
        views.append(
            ArticleView(
                anchor=anchor,
                scores=article,
                gold=gold,
                items=items,
                counts=total(counts_of(metric, [article])),
                paragraphs=list(overlay(gold.text, items)) if gold else [],
            )
        )
    return views


def _headlines(scores: Scores, metric: str) -> list[Figure]:
    """The measure at the top, then the headlines of the other layers."""
    names = dict.fromkeys([metric, *map(headline_of, layers_of(scores.articles))])
    return [scores.figures[name] for name in names if name in scores.figures]


def _figures(layer: Layer, scores: Scores) -> list[FigureRow]:
    own = [f for name, f in scores.figures.items() if name.startswith(f"{layer}.")]
    return [
        FigureRow(
            figure,
            layer,
            [one for one in own if one.name.startswith(f"{figure.name}/")],
        )
        for figure in own
        if "/" not in figure.name
    ]


def _errors(layer: Layer, items: Iterable[Item], scores: Scores) -> LayerErrors:
    own = [item.outcome for item in items if item.outcome.layer == layer]
    kinds = Counter((one.status, one.error) for one in own)
    gold = Counter((one.status, one.error) for one in own if one.gold)
    found = Counter((one.status, one.error) for one in own if one.predicted)
    rows = [
        ErrorRow(error, status, count, gold[status, error], found[status, error])
        for (status, error), count in kinds.items()
    ]
    rows.sort(key=lambda row: (_STATES.index(row.status), -row.items, row.name))
    return LayerErrors(layer, scores.muc.get(layer, Muc()), rows)
