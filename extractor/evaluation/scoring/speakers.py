"""Speakers: who speaks in the article, as clusters of what each one says.

Only entities that speak or claim are counted. Quotes of both sides are paired first, at
an intersection over union of .5: a pair is one mention of its speakers, a quote without
a pair is a mention that the other side does not have. Measures, each an F1:

| measure | what it counts |
|---|---|
| `ceaf_phi4` | clusters of quotes, aligned one to one: the headline |
| `ceaf_phi3`, `b_cubed`, `muc` | the same clusters by mentions and by links |
| `ceaf_mentions` | as `ceaf_phi4`, over the labelled places that name a speaker |
| `names` | speakers, aligned one to one by name or alias; `names/person` and so on |

`ceaf_mentions` leaves out found places that share no character with a labelled one,
for gold need not label all, and is given where gold labels any. A quote whose label has
a mention but no entity counts for nothing: nobody said who the mention is.

| class | what happened |
|---|---|
| `correct` | found, under one of its names |
| `name.partial` | one name holds the other: `Ann Lee`, `Senator Ann Lee` |
| `name.other` | found by what it says, under another name |
| `merged` | missed, for it was taken for another speaker |
| `missed` | not found |
| `spurious.split` | found again as somebody else |
| `spurious.other` | nobody who is labelled as a speaker |
| `optional` | speaks in optional items only; counts for nothing |
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from extractor.evaluation.alignment import Matching, match
from extractor.evaluation.alignment.matching import Pair
from extractor.evaluation.gold import Entity, GoldArticle, GoldQuote
from extractor.evaluation.scoring.clusters import (
    b_cubed,
    ceaf_phi3,
    ceaf_phi4,
    muc,
)
from extractor.evaluation.scoring.entities import map_entities, overlap, same_name
from extractor.evaluation.scoring.outcomes import (
    LayerScores,
    Outcome,
    Status,
    count_muc,
)
from extractor.evaluation.scoring.quotes import align_quotes
from extractor.evaluation.statistics import Counts
from extractor.schema import Span

_Maps = tuple[Mapping[str, str], Mapping[str, str]]
"""The found entity that each labelled one is taken for, and the other way round."""

_EQUAL: Final = 4
"""What `same_name` gives for an equal name."""


@dataclass(frozen=True)
class _Speaker:
    """An entity with what it says."""

    entity: Entity
    quotes: frozenset[Hashable]
    """Quotes that count, a pair of quotes as one."""
    optional: bool
    """Whether it speaks in nothing that counts."""
    places: tuple[Span, ...]
    """Labelled places that name it."""

    def names(self) -> list[str]:
        """Its name and aliases."""
        return [self.entity.name, *self.entity.aliases]


@dataclass
class _Said:
    """What the entities of one side say, by id."""

    quotes: dict[str, set[Hashable]] = field(default_factory=dict)
    counted: set[str] = field(default_factory=set)
    all: set[str] = field(default_factory=set)


def score_speakers(gold: GoldArticle, predicted: GoldArticle) -> LayerScores:
    """Scores the speakers of one article.

    Args:
        gold: the labels.
        predicted: labels of the same text, by a model or another person.
    """
    said = _said(gold, predicted)
    labelled, found = _speakers(gold, said[0]), _speakers(predicted, said[1])
    maps = map_entities(predicted, gold), map_entities(gold, predicted)
    outcomes = _outcomes(_align(labelled, found, maps), maps)
    clusters = [s.quotes for s in labelled], [s.quotes for s in found]
    measures = {
        "ceaf_phi4": ceaf_phi4(*clusters),
        "ceaf_phi3": ceaf_phi3(*clusters),
        "b_cubed": b_cubed(*clusters),
        "muc": muc(*clusters),
        **_mention_measure(labelled, found),
        **_name_measures(labelled, found),
    }
    return LayerScores(measures=measures, muc=count_muc(outcomes), outcomes=outcomes)


def _said(gold: GoldArticle, predicted: GoldArticle) -> tuple[_Said, _Said]:
    """Who says what on either side, of the layers that gold has."""
    sides = _Said(), _Said()
    if "quotes" in gold.layers:
        _add_quotes(gold, predicted, sides)
    if "claims" in gold.layers:
        for article, said in zip((gold, predicted), sides, strict=True):
            for claim in article.claims:
                said.all.add(claim.claimant)
                if not claim.optional:
                    said.counted.add(claim.claimant)
    return sides


def _add_quotes(
    gold: GoldArticle, predicted: GoldArticle, sides: tuple[_Said, _Said]
) -> None:
    matching = align_quotes(gold, predicted)
    for number, pair in enumerate(matching.pairs):
        counts = not (pair.gold.quote.optional or _is_open(pair.gold.quote))
        for said, item in zip(sides, (pair.gold, pair.predicted), strict=True):
            _add(said, item.quote, number, counts)
    for side, items in enumerate((matching.missed, matching.spurious)):
        for number, item in enumerate(items):
            counts = not (item.quote.optional or (side == 0 and _is_open(item.quote)))
            _add(sides[side], item.quote, (side, number), counts)


def _is_open(quote: GoldQuote) -> bool:
    """Whether only a mention is labelled, and not who it is."""
    return quote.speaker is None and quote.speaker_mention is not None


def _add(said: _Said, quote: GoldQuote, mention: Hashable, counts: bool) -> None:
    if quote.speaker is None:
        return
    said.all.add(quote.speaker)
    if counts:
        said.counted.add(quote.speaker)
        said.quotes.setdefault(quote.speaker, set()).add(mention)


def _speakers(article: GoldArticle, said: _Said) -> list[_Speaker]:
    return [
        _Speaker(
            entity,
            frozenset(said.quotes.get(entity.id, ())),
            entity.id not in said.counted,
            tuple(_places(entity, article.quotes)),
        )
        for entity in sorted(article.entities, key=lambda entity: entity.id)
        if entity.id in said.all
    ]


def _places(entity: Entity, quotes: Iterable[GoldQuote]) -> Iterable[Span]:
    """Labelled mentions in order, those beside its quotes too, none twice."""
    beside = [q.speaker_mention for q in quotes if q.speaker == entity.id]
    spans = {(s.start, s.end): s for s in (*entity.mentions, *beside) if s}
    return (spans[key] for key in sorted(spans))


def _align(
    labelled: list[_Speaker], found: list[_Speaker], maps: _Maps
) -> Matching[_Speaker, _Speaker]:
    """Speakers one to one, of those that are each other's by mention or name."""

    def similarity(one: _Speaker, other: _Speaker) -> float:
        ids = one.entity.id, other.entity.id
        mapped = (maps[0].get(ids[0]) == ids[1]) + (maps[1].get(ids[1]) == ids[0])
        if not mapped:
            return 0.0
        name = same_name(one.names(), other.names()) / _EQUAL
        shared = 2 * len(one.quotes & other.quotes)
        quotes = shared / (len(one.quotes) + len(other.quotes)) if shared else 0.0
        return (mapped / 2 + name + quotes) / 3

    return match(
        labelled,
        found,
        similarity=similarity,
        threshold=0.0,
        preference=lambda one, other: int(not one.optional),
    )


def _mention_measure(
    labelled: list[_Speaker], found: list[_Speaker]
) -> dict[str, Counts]:
    gold = [(i, place) for i, s in enumerate(labelled) for place in s.places]
    if not gold:
        return {}
    predicted = [(j, place) for j, s in enumerate(found) for place in s.places]
    matching = match(
        sorted(gold, key=_position),
        sorted(predicted, key=_position),
        similarity=lambda one, other: _likeness(one[1], other[1]),
        threshold=0.0,
    )
    clusters: tuple[list[set[int]], list[set[int]]] = (
        [set() for _ in labelled],
        [set() for _ in found],
    )
    for number, pair in enumerate(matching.pairs):
        clusters[0][pair.gold[0]].add(number)
        clusters[1][pair.predicted[0]].add(number)
    for number, (i, _) in enumerate(matching.missed, start=len(matching.pairs)):
        clusters[0][i].add(number)
    return {"ceaf_mentions": ceaf_phi4(*clusters)}


def _position(item: tuple[int, Span]) -> tuple[int, int, int]:
    return item[1].start, item[1].end, item[0]


def _likeness(one: Span, other: Span) -> float:
    """Intersection over union of two spans."""
    if not overlap(one, other):
        return 0.0
    shared = min(one.end, other.end) - max(one.start, other.start)
    return shared / (max(one.end, other.end) - min(one.start, other.start))


def _name_measures(
    labelled: list[_Speaker], found: list[_Speaker]
) -> dict[str, Counts]:
    matching = match(
        labelled,
        found,
        similarity=lambda one, other: same_name(one.names(), other.names()) / _EQUAL,
        threshold=0.0,
        preference=lambda one, other: int(not one.optional),
    )
    pairs = [p.gold for p in matching.pairs if not p.gold.optional]
    missed = [s for s in matching.missed if not s.optional]
    spurious = [s for s in matching.spurious if not s.optional]
    measures = {}
    kinds = {s.entity.kind for s in (*pairs, *missed, *spurious)}
    for kind in (None, *sorted(kinds)):
        matched, alone, extra = (
            sum(kind in (None, s.entity.kind) for s in part)
            for part in (pairs, missed, spurious)
        )
        name = f"names/{kind}" if kind else "names"
        measures[name] = Counts(matched, matched + alone, matched + extra)
    return measures


def _outcomes(matching: Matching[_Speaker, _Speaker], maps: _Maps) -> list[Outcome]:
    taken_gold = {pair.gold.entity.id for pair in matching.pairs}
    taken_found = {pair.predicted.entity.id for pair in matching.pairs}
    outcomes = [_pair_outcome(pair) for pair in matching.pairs]
    for speaker in matching.missed:
        merged = maps[0].get(speaker.entity.id) in taken_found
        error = "merged" if merged else "missed"
        outcomes.append(_alone(speaker, "missed", error, gold=speaker.entity.id))
    for speaker in matching.spurious:
        split = maps[1].get(speaker.entity.id) in taken_gold
        error = "spurious.split" if split else "spurious.other"
        outcomes.append(_alone(speaker, "spurious", error, predicted=speaker.entity.id))
    return outcomes


def _pair_outcome(pair: Pair[_Speaker, _Speaker]) -> Outcome:
    one, other = pair.gold, pair.predicted
    name = same_name(one.names(), other.names())
    status, error = _judge(one, name)
    known = f"labelled {one.entity.name}, found {other.entity.name}"
    return Outcome(
        layer="speakers",
        status=status,
        error=error,
        gold=one.entity.id,
        predicted=other.entity.id,
        gold_spans=list(one.places),
        predicted_spans=list(other.places),
        slices=[one.entity.kind],
        detail=known if error.startswith("name") else None,
    )


def _judge(speaker: _Speaker, name: int) -> tuple[Status, str]:
    if speaker.optional:
        return "ignored", "optional"
    if name == _EQUAL:
        return "correct", "correct"
    return ("partial", "name.partial") if name else ("incorrect", "name.other")


def _alone(speaker: _Speaker, status: Status, error: str, **ids: str) -> Outcome:
    places = list(speaker.places)
    sides: Mapping[str, list[Span]] = (
        {"gold_spans": places} if "gold" in ids else {"predicted_spans": places}
    )
    return Outcome(
        layer="speakers",
        status="ignored" if speaker.optional else status,
        error="optional" if speaker.optional else error,
        slices=[speaker.entity.kind],
        detail=speaker.entity.name,
        **ids,
        **sides,
    )
