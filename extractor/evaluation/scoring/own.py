"""Items of a task of the user's own: aligned by their words, then judged by field.

Two items can be the same where half of the characters of all their spans are shared, or
half of those of each field on average; the greater of the two counts, so that neither a
long field nor a missing short one decides alone. An item without spans has its
evidence. Measures, each an F1 over items unless said:

| measure | a pair counts |
|---|---|
| `iou50`, `iou80` | that much is shared: the headline |
| `exact` | the spans are the same, character for character |
| `fields` | fields of pairs, not items: as many as agree |
| `field_<name>` | the same of one field |
| `all_fields` | at `iou50`, and every field agrees |

A field with spans agrees where half of the characters are shared, any other where the
values are the same; words without regard to case and white space. Fields that the label
leaves out are not judged.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from extractor.evaluation.alignment import Matching, Region, make_region, match
from extractor.evaluation.alignment.matching import Pair
from extractor.evaluation.gold import GoldArticle, GoldItem, Layer
from extractor.evaluation.scoring.outcomes import LayerScores, Outcome, count_muc
from extractor.evaluation.statistics import Counts
from extractor.schema import Span

THRESHOLD = 0.5
"""Pairs below this similarity are forbidden."""
CLOSE = 0.8


@dataclass(frozen=True)
class _Entry:
    """An item with the characters of its fields."""

    item: GoldItem
    text: str

    @cached_property
    def whole(self) -> Region:
        """Of all its words."""
        return make_region(self.text, self.item.place)

    @cached_property
    def spans(self) -> dict[str, list[Region]]:
        """Of each field: as labelled, then its alternatives."""
        others = self.item.alternatives
        return {
            name: [make_region(self.text, s) for s in (spans, *others.get(name, ()))]
            for name, spans in self.item.spans.items()
            if spans
        }

    @property
    def key(self) -> tuple[object, ...]:
        """Orders items by what they are, not by where they stood in a list."""
        return self.whole, sorted(self.item.spans), self.item.optional, self.item.id

    def similarity(self, other: "_Entry") -> float:
        """0 to 1; see the module."""
        together = self.whole.similarity(other.whole)
        names = self.spans.keys() | other.spans.keys()
        if not names:
            return together
        return max(together, sum(self.shared(other, n) for n in names) / len(names))

    def shared(self, other: "_Entry", name: str) -> float:
        """Similarity of a field's characters; 0 where one of the two has none."""
        ones, others = self.spans.get(name, []), other.spans.get(name, [])
        return max((a.similarity(b) for a in ones for b in others), default=0.0)

    def judged(self, other: "_Entry") -> dict[str, bool]:
        """Whether this label's fields are those found."""
        names = dict.fromkeys([*self.item.spans, *self.item.fields])
        return {name: self._agrees(other, name) for name in names}

    def _agrees(self, other: "_Entry", name: str) -> bool:
        if name in self.spans or name in other.spans:
            return self.shared(other, name) >= THRESHOLD
        ours, theirs = self.item.fields.get(name), other.item.fields.get(name)
        return bool(_plain(ours) == _plain(theirs))


def score_own(layer: Layer, gold: GoldArticle, predicted: GoldArticle) -> LayerScores:
    """Scores one layer of an article that is no task of this package.

    Args:
        layer: its name.
        gold: the labels.
        predicted: labels of the same text, by a model or another person.
    """
    matching = match(
        _entries(gold, layer),
        _entries(predicted, layer),
        similarity=_Entry.similarity,
        threshold=THRESHOLD,
        preference=lambda one, other: sum(one.judged(other).values()),
    )
    outcomes = [*_outcomes(layer, matching)]
    return LayerScores(
        measures=_measures(matching), muc=count_muc(outcomes), outcomes=outcomes
    )


def _entries(article: GoldArticle, layer: Layer) -> list[_Entry]:
    entries = [_Entry(item, article.text) for item in article.items.get(layer, [])]
    return sorted(entries, key=lambda entry: entry.key)


def _plain(value: Any) -> Any:
    """A value to compare; an empty one is none at all."""
    if isinstance(value, str):
        value = " ".join(value.casefold().split())
    if isinstance(value, list):
        value = [_plain(each) for each in value]
    return None if value in ("", []) else value


def _measures(matching: Matching[_Entry, _Entry]) -> dict[str, Counts]:
    pairs = [pair for pair in matching.pairs if not pair.gold.item.optional]
    gold = len(pairs) + len(_counted(matching.missed))
    predicted = len(pairs) + len(_counted(matching.spurious))

    def items(fitting: Iterable[bool]) -> Counts:
        return Counts(sum(fitting), gold, predicted)

    judged = [pair.gold.judged(pair.predicted) for pair in pairs]
    names = dict.fromkeys(name for fields in judged for name in fields)
    by_field = {
        f"field_{name}": _given([fields[name] for fields in judged if name in fields])
        for name in names
    }
    return {
        "iou50": items(True for _ in pairs),
        "iou80": items(pair.similarity >= CLOSE for pair in pairs),
        "exact": items(_is_exact(pair) for pair in pairs),
        "all_fields": items(all(fields.values()) for fields in judged),
        "fields": _given([right for fields in judged for right in fields.values()]),
        **by_field,
    }


def _counted(entries: Sequence[_Entry]) -> list[_Entry]:
    return [entry for entry in entries if not entry.item.optional]


def _given(answers: Sequence[bool]) -> Counts:
    """A share of what was paired, as equal precision and recall."""
    return Counts(sum(answers), len(answers), len(answers))


def _is_exact(pair: Pair[_Entry, _Entry]) -> bool:
    return pair.gold.item.spans == pair.predicted.item.spans


def _outcomes(layer: Layer, matching: Matching[_Entry, _Entry]) -> Iterable[Outcome]:
    for pair in matching.pairs:
        yield _pair_outcome(layer, pair)
    for entry in matching.missed:
        optional = entry.item.optional
        yield Outcome(
            layer=layer,
            status="ignored" if optional else "missed",
            error="optional" if optional else "missed",
            gold=entry.item.id,
            gold_spans=_spans(entry),
        )
    for entry in matching.spurious:
        yield Outcome(
            layer=layer,
            status="ignored" if entry.item.optional else "spurious",
            error="optional" if entry.item.optional else "spurious",
            predicted=entry.item.id,
            predicted_spans=_spans(entry),
        )


def _pair_outcome(layer: Layer, pair: Pair[_Entry, _Entry]) -> Outcome:
    """A pair is correct where every field agrees, else partial."""
    judged = pair.gold.judged(pair.predicted)
    wrong = [name for name, right in judged.items() if not right]
    optional = pair.gold.item.optional
    error = f"field.{wrong[0]}" if wrong else "correct"
    return Outcome(
        layer=layer,
        status="ignored" if optional else "partial" if wrong else "correct",
        error="optional" if optional else error,
        gold=pair.gold.item.id,
        predicted=pair.predicted.item.id,
        gold_spans=_spans(pair.gold),
        predicted_spans=_spans(pair.predicted),
        detail=f"differs in {', '.join(wrong)}" if wrong else None,
    )


def _spans(entry: _Entry) -> list[Span]:
    """The words of an item in the order of the text, each once."""
    return sorted(set(entry.item.place), key=lambda span: (span.start, span.end))
