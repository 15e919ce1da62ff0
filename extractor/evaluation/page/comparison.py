"""The page of a comparison: the verdict, what moved, and every item that changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from extractor.evaluation.page.items import RIGHT, Anchors, shorten
from extractor.evaluation.page.rendering import (
    ERROR,
    choices,
    class_choices,
    render,
)
from extractor.evaluation.scoring.outcomes import Outcome
from extractor.evaluation.scoring.summary import FEW_ARTICLES
from extractor.report import clean
from extractor.schema import Span

if TYPE_CHECKING:
    from extractor.evaluation.comparison import (
        Change,
        Comparison,
        ItemChange,
    )

_TITLES: Final[dict["Change", str]] = {
    "broken": "broken",
    "changed": "wrong in another way",
    "fixed": "fixed",
    "wrong": "wrong as before",
}


@dataclass(frozen=True)
class Side:
    """What became of an item in one of the runs."""

    role: str
    """`BASE` or `NEW`."""
    error: str
    status: str
    found: str
    """The words found, where they are not those labelled."""
    detail: str


@dataclass(frozen=True)
class ChangeView:
    """An item of the comparison on the page."""

    anchor: str
    item: "ItemChange"
    sides: list[Side]
    words: str

    @property
    def classes(self) -> list[str]:
        """What the filter by class knows it as."""
        errors = [*self.item.classes]
        outcomes = [o for o in (self.item.base, self.item.new) if o]
        wrong = any(outcome.status not in RIGHT for outcome in outcomes)
        return list(dict.fromkeys([*([ERROR] if wrong else []), *errors]))

    @property
    def slices(self) -> list[str]:
        """The groups it is counted in too."""
        return [clean(name) for name in self.item.outcome.slices]


def render_comparison(comparison: "Comparison", title: str | None = None) -> str:
    """The page of a comparison, as one HTML document.

    Args:
        comparison: of two runs.
        title: what to call it; default: the names of the runs.
    """
    base, new = comparison.base, comparison.new
    items = _views(comparison.items)
    values = _values(comparison) | {
        "title": title or f"{new.name} against {base.name}",
        "items": items,
        "changes": list(_TITLES.items()),
        "layers": choices(view.item.layer for view in items),
        "articles": choices(clean(view.item.article) for view in items),
        "classes": class_choices(e for view in items for e in view.item.classes),
        "slice_choices": choices(name for view in items for name in view.slices),
        "widest": _widest(article.delta for article in comparison.articles),
        "shown_first": "",
    }
    return render("comparison.html.jinja", values)


def render_summary(comparison: "Comparison") -> str:
    """Verdict and figures as a piece of HTML, for a notebook."""
    return render("summary.html.jinja", _values(comparison))


def _values(comparison: "Comparison") -> dict[str, Any]:
    figures = [*comparison.figures, *comparison.slices]
    ends = [
        end
        for figure in figures
        for end in (figure.difference.low, figure.difference.high)
        if end is not None
    ]
    return {
        "comparison": comparison,
        "few": FEW_ARTICLES,
        "reach": max([1.2 * comparison.margin, *map(abs, ends)]),
    }


def _widest(values: Iterable[float | None]) -> float:
    """The greatest distance from 0, for the scale of a plot; never 0."""
    return max((abs(value) for value in values if value is not None), default=0) or 1


def _views(items: Sequence["ItemChange"]) -> list[ChangeView]:
    anchors = Anchors()
    return [
        ChangeView(
            anchor=anchors.name(*item.full_name.split("/")),
            item=item,
            sides=[_side("BASE", item.base), _side("NEW", item.new)],
            words=shorten(item.outcome.gold_spans or item.outcome.predicted_spans),
        )
        for item in items
    ]


def _side(role: str, outcome: Outcome | None) -> Side:
    if outcome is None:
        return Side(role, "absent", "correct", "", "")
    spans: list[Span] = outcome.predicted_spans
    same = not outcome.gold_spans or spans == outcome.gold_spans
    return Side(
        role=role,
        error=outcome.error,
        status=outcome.status,
        found="" if same else shorten(spans),
        detail=clean(outcome.detail or ""),
    )
