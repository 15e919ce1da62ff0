"""Setting one run's scores against another's."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from extractor.errors import UsageError
from extractor.evaluation.comparison.changes import (
    ItemChange,
    list_changes,
    order_changes,
)
from extractor.evaluation.comparison.result import (
    ArticleChange,
    Comparison,
    FigureChange,
    RunRef,
)
from extractor.evaluation.scoring.article import ArticleScores
from extractor.evaluation.scoring.summary import Scores, headline_of
from extractor.evaluation.statistics import (
    Counts,
    decide,
    f1_difference,
    holm,
    incomparable,
    power_statement,
    total,
)
from extractor.evaluation.statistics.gate import MARGIN

METRIC: Final = "quotes.joint"
_NOTHING = Counts(0, 0, 0)
_NAMED = 3
"""Articles, measures or items that a message names."""


def compare(
    base: Scores,
    new: Scores,
    *,
    base_run: RunRef | None = None,
    new_run: RunRef | None = None,
    metric: str = METRIC,
    margin: float = MARGIN,
    must_pass: Sequence[str] = (),
    seed: int = 0,
) -> Comparison:
    """Compares a new run with the one before, on the same gold.

    Args:
        base: scores of the run before.
        new: scores of the new run.
        base_run: what BASE is; with a gold hash it is held against that of NEW.
        new_run: what NEW is.
        metric: the measure that decides, chosen before looking; a slice will do.
        margin: loss in it that is put up with.
        must_pass: labelled items that may not break, `harbour/q3`, or `q3` where
            one article alone has it; besides those with the tag `must_pass`.
        seed: of the swap test.

    Raises:
        UsageError: neither run has the metric or an item of `must_pass`, or the
            margin is not above 0.
    """
    base_run = base_run or RunRef(name="BASE")
    new_run = new_run or RunRef(name="NEW")
    if metric not in base.figures and metric not in new.figures:
        raise UsageError(_no_metric(metric, base, new))
    reason = _why_not(base, new, base_run, new_run, metric)
    if reason:
        verdict = incomparable(reason)
        return Comparison(
            base=base_run, new=new_run, metric=metric, margin=margin, decision=verdict
        )
    items = _mark_must_pass(list_changes(base.articles, new.articles), must_pass)
    gate = _figure(metric, base, new, seed)
    spread = gate.difference.standard_deviation
    required = [item for item in items if item.must_pass]
    broken = [item.name for item in required if item.change == "broken"]
    return Comparison(
        base=base_run,
        new=new_run,
        metric=metric,
        margin=margin,
        decision=decide(gate.difference, margin, broken),
        power=power_statement(spread, gate.difference.articles, margin)
        if spread
        else "",
        figures=[gate, *_others(metric, base, new, seed)],
        slices=_slices(metric, base, new),
        articles=_articles(metric, base, new, items),
        items=[item for item in items if item.change != "right"],
        must_pass=required,
    )


def _no_metric(metric: str, base: Scores, new: Scores) -> str:
    known = sorted({n for s in (base, new) for n in s.figures if "/" not in n})
    return (
        f"There is no measure {metric!r} in these runs; there are {', '.join(known)}."
    )


def _why_not(
    base: Scores, new: Scores, base_run: RunRef, new_run: RunRef, metric: str
) -> str | None:
    """Why the two cannot be compared, as a clause."""
    hashes = base_run.gold_hash, new_run.gold_hash
    if all(hashes) and hashes[0] != hashes[1]:
        return "they were scored on different gold; score both on the same"
    versions = base.scorer_version, new.scorer_version
    if versions[0] != versions[1]:
        return (
            f"they were scored by different versions of the scorer, {versions[0]} and "
            f"{versions[1]}; score both again"
        )
    apart = {a.article for a in base.articles} ^ {a.article for a in new.articles}
    if apart:
        return f"{_some(apart)} in one of them alone; run both on the same articles"
    layer = metric.partition(".")[0]
    scored = [{a.article for a in s.articles if layer in a.layers} for s in (base, new)]
    if apart := scored[0] ^ scored[1]:
        return f"the {layer} of {_some(apart)} scored in one of them alone"
    return None


def _some(names: Iterable[str]) -> str:
    """Some names as a subject, with its verb."""
    listed = sorted(names)
    shown = ", ".join(listed[:_NAMED])
    more = f" and {len(listed) - _NAMED} more" if len(listed) > _NAMED else ""
    return f"{shown}{more} {'is' if len(listed) == 1 else 'are'}"


def _figure(name: str, base: Scores, new: Scores, seed: int = 0) -> FigureChange:
    """A measure in both runs, over the articles in which both have its layer."""
    first, second = _counts(name, base, new)
    return FigureChange(
        name=name,
        base=total(first).f1,
        new=total(second).f1,
        difference=f1_difference(first, second, seed=seed),
    )


def _counts(name: str, base: Scores, new: Scores) -> tuple[list[Counts], list[Counts]]:
    layer, _, measure = name.partition(".")
    after = {article.article: article for article in new.articles}
    pairs = [(one, after[one.article]) for one in base.articles]
    both = [
        (_of_layer(one, layer), _of_layer(other, layer))
        for one, other in pairs
        if layer in one.layers and layer in other.layers
    ]
    return (
        [one.get(measure, _NOTHING) for one, _ in both],
        [other.get(measure, _NOTHING) for _, other in both],
    )


def _of_layer(article: ArticleScores, layer: str) -> dict[str, Counts]:
    return next(s.measures for name, s in article.layers.items() if name == layer)


def _others(metric: str, base: Scores, new: Scores, seed: int) -> list[FigureChange]:
    """The other measures, their p-values raised for their number."""
    names = [name for name in _common(base, new) if "/" not in name and name != metric]
    figures = [_figure(name, base, new, seed) for name in names]
    tested = [f for f in figures if f.difference.p is not None]
    raised = holm([f.difference.p or 0.0 for f in tested])
    adjusted = {f.name: p for f, p in zip(tested, raised, strict=True)}
    return [f.model_copy(update={"p_adjusted": adjusted.get(f.name)}) for f in figures]


def _slices(metric: str, base: Scores, new: Scores) -> list[FigureChange]:
    """Slices of the deciding measure and of each layer's headline, not tested."""
    layers = {name.partition(".")[0] for name in base.figures}
    wanted = {metric, *map(headline_of, layers)}
    return [
        _untested(name, base, new)
        for name in _common(base, new)
        if "/" in name and name.partition("/")[0] in wanted and name != metric
    ]


def _untested(name: str, base: Scores, new: Scores) -> FigureChange:
    first, second = _counts(name, base, new)
    difference = f1_difference(first, second, resamples=1)
    return FigureChange(
        name=name,
        base=total(first).f1,
        new=total(second).f1,
        difference=replace(difference, p=None, resamples=0, exhaustive=False),
    )


def _common(base: Scores, new: Scores) -> list[str]:
    return [name for name in base.figures if name in new.figures]


def _articles(
    metric: str, base: Scores, new: Scores, items: Sequence[ItemChange]
) -> list[ArticleChange]:
    layer = metric.partition(".")[0]
    names = [a.article for a in base.articles if layer in a.layers]
    broken = Counter(i.article for i in items if i.change == "broken")
    fixed = Counter(i.article for i in items if i.change == "fixed")
    found = [
        ArticleChange(
            article=name,
            base=before.f1,
            new=after.f1,
            broken=broken[name],
            fixed=fixed[name],
        )
        for name, before, after in zip(names, *_counts(metric, base, new), strict=True)
    ]
    return sorted(found, key=lambda a: (a.delta is None, a.delta or 0.0))


def _mark_must_pass(
    items: Sequence[ItemChange], names: Sequence[str]
) -> list[ItemChange]:
    """The items with those named marked, in the order that follows from it.

    Raises:
        UsageError: a name stands for no labelled item, or for several.
    """
    labelled = {item.full_name: item for item in items if item.outcome.gold}
    chosen = {_find(name, list(labelled.values())) for name in names}
    marked = [
        item.model_copy(update={"must_pass": True})
        if item.outcome.gold and item.full_name in chosen
        else item
        for item in items
    ]
    return order_changes(marked)


def _find(name: str, labelled: Sequence[ItemChange]) -> str:
    """The full name of the one item that is meant."""
    found = [item for item in labelled if name in (item.id, item.name, item.full_name)]
    if len(found) == 1:
        return found[0].full_name
    if found:
        raise UsageError(
            f"{len(found)} items are called {name!r}; write which is meant, such as "
            f"{found[0].full_name}."
        )
    example = f", such as {labelled[0].name}" if labelled else ""
    raise UsageError(f"No labelled item is called {name!r}; write ARTICLE/ID{example}.")
