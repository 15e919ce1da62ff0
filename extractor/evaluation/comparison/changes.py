"""What became of each item from one run to the next.

A labelled item is known again by its id, a spurious one by its article, layer and
spans: models number what they find anew each time.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal

from extractor.evaluation.gold import Layer
from extractor.evaluation.scoring.article import ArticleScores
from extractor.evaluation.scoring.outcomes import Outcome, Status
from extractor.schema import Frozen

Change = Literal["broken", "changed", "fixed", "wrong", "right"]
CHANGES: Final[tuple[Change, ...]] = ("broken", "changed", "fixed", "wrong", "right")
"""In the order they are listed. `wrong` and `right` are unchanged."""
MUST_PASS: Final = frozenset({"must_pass", "must-pass"})
"""Tags of a label that has to be found right."""

_SEVERITY: Final[dict[Status, int]] = {
    "correct": 0,
    "ignored": 0,
    "partial": 1,
    "incorrect": 2,
    "missed": 3,
    "spurious": 3,
}


class ItemChange(Frozen):
    """One item in two runs; in one of them it may be absent, if it is spurious."""

    change: Change
    article: str
    layer: Layer
    id: str
    """Of the labelled item, else of the one found, in NEW if it is there."""
    base: Outcome | None
    new: Outcome | None
    severity: int
    """How much worse it got, or where nothing changed how wrong it is: 0 to 3."""
    must_pass: bool = False
    """Whether it has to be right, whatever the figures."""

    @property
    def name(self) -> str:
        """What to call it: `harbour/q3`, or `harbour/+q3` if nobody labelled it."""
        mark = "" if self.outcome.gold else "+"
        return f"{self.article}/{mark}{self.id}"

    @property
    def full_name(self) -> str:
        """The same with its layer: `harbour/quotes/q3`."""
        mark = "" if self.outcome.gold else "+"
        return f"{self.article}/{self.layer}/{mark}{self.id}"

    @property
    def outcome(self) -> Outcome:
        """Its fate in NEW, else in BASE."""
        found = self.new or self.base
        assert found is not None
        return found

    @property
    def classes(self) -> tuple[str, str]:
        """Class of error in BASE and in NEW, `absent` where it is in one alone."""
        base, new = self.base, self.new
        return (base.error if base else "absent", new.error if new else "absent")

    @property
    def text(self) -> str:
        """The words at stake: as labelled, else as found."""
        outcome = self.outcome
        spans = outcome.gold_spans or outcome.predicted_spans
        return " … ".join(span.text for span in spans)


def list_changes(
    base: Sequence[ArticleScores], new: Sequence[ArticleScores]
) -> list[ItemChange]:
    """All items of two runs on the same articles, what matters most first.

    Args:
        base: articles of the run before.
        new: the same articles in the new run, in any order.
    """
    others = {article.article: article for article in new}
    found = [
        change for article in base for change in _pair(article, others[article.article])
    ]
    return order_changes(found)


def order_changes(items: Iterable[ItemChange]) -> list[ItemChange]:
    """Broken items first, of them those that must pass, then the gravest."""
    return sorted(items, key=_rank)


def _rank(item: ItemChange) -> tuple[int, bool, int]:
    return CHANGES.index(item.change), not item.must_pass, -item.severity


def _pair(base: ArticleScores, new: ArticleScores) -> Iterator[ItemChange]:
    for layer in base.layers:
        if layer not in new.layers:
            continue
        before = base.layers[layer].outcomes
        after = new.layers[layer].outcomes
        for pair in _same(before, after):
            yield _change(base.article, *pair)


def _same(
    before: Sequence[Outcome], after: Sequence[Outcome]
) -> Iterator[tuple[Outcome | None, Outcome | None]]:
    """Pairs what is the same item, as often as it is there.

    Where one run asked more often than the other, the surplus of what is labelled says
    nothing and is left out.
    """
    waiting: defaultdict[object, list[Outcome]] = defaultdict(list)
    for one in after:
        waiting[_identity(one)].append(one)
    for one in before:
        same = waiting[_identity(one)]
        if same or not one.gold:
            yield one, same.pop(0) if same else None
    for rest in waiting.values():
        yield from ((None, one) for one in rest if not one.gold)


def _identity(outcome: Outcome) -> object:
    """What an item is known by: its label, else its place."""
    return outcome.gold or _place(outcome)


def _place(outcome: Outcome) -> tuple[tuple[int, int], ...]:
    return tuple((span.start, span.end) for span in outcome.predicted_spans)


def _change(article: str, base: Outcome | None, new: Outcome | None) -> ItemChange:
    found = new or base
    assert found is not None
    before, after = _gravity(base), _gravity(new)
    same_class = base is not None and new is not None and base.error == new.error
    change: Change
    if not before and not after:
        change = "right"
    elif before and after:
        change = "wrong" if same_class else "changed"
    else:
        change = "broken" if after else "fixed"
    return ItemChange(
        change=change,
        article=article,
        layer=found.layer,
        id=found.gold or found.predicted or "",
        base=base,
        new=new,
        severity=after if change == "wrong" else after - before,
        must_pass=bool(found.gold and MUST_PASS & set(found.slices)),
    )


def _gravity(outcome: Outcome | None) -> int:
    """How wrong an item is; a spurious one that is not there is right."""
    return _SEVERITY[outcome.status] if outcome else 0
