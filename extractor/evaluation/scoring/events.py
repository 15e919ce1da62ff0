"""Events: triggers, arguments, and incidents as a whole.

How events are aligned, see `event_pairs`; when a participant is the labelled one,
`fillers`. Measures, each an F1 unless said:

| measure | what it counts |
|---|---|
| `argument_c_attached` | arguments in their role, of aligned events: the headline |
| `aligned` | events |
| `trigger_i`, `trigger_c` | trigger words, exact; `trigger_c` of the right type |
| `trigger_overlap` | trigger words that share a character, of any type |
| `argument_i` | arguments, whichever event of the right type they are given to |
| `argument_c` | the same, in their role |
| `argument_c_given_event` | as the headline, over aligned events alone |
| `role/agent` and so on | the headline by role |
| `place`, `time` | places and dates of aligned events |
| `time_given_event`, `status` | share of aligned events where it is right |
| `slots` | arguments and places of aligned events, by their words too, as in MUC |
| `ceaf_ree` | role fillers of the whole article, as GRIT counts them |

`trigger_i`, `argument_c` and their like are those of the event literature, but one to
one: a repeated tuple is spurious. Where the labels of an article have events but no
trigger, place or date at all, they were not labelled, and the measure is left out.

| class | what happened |
|---|---|
| `correct` | right in all that is labelled |
| `type` | the word is right, the type is not |
| `status` | planned for happened, or the like |
| `argument.role` | a participant in another role |
| `argument.missing`, `.spurious`, `.other` | too few, too many, others |
| `place`, `time` | not the labelled one |
| `trigger` | other boundaries, or another word of the same event |
| `merged` | missed, but like an event found for another label |
| `missed` | not found |
| `spurious.duplicate` | like a label that has its pair |
| `spurious.other` | anything else that nobody labelled |
| `optional` | counts for nothing |
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from extractor.evaluation.alignment import Matching, match
from extractor.evaluation.gold import GoldArticle
from extractor.evaluation.scoring.event_errors import event_outcomes
from extractor.evaluation.scoring.event_pairs import (
    Compatible,
    EventItem,
    EventMatching,
    EventPair,
    align_events,
    event_items,
)
from extractor.evaluation.scoring.fillers import (
    Filler,
    FillerMatching,
    Similarity,
    count_fillers,
    match_fillers,
    score_fillers,
)
from extractor.evaluation.scoring.ontology import is_same_type, role_of
from extractor.evaluation.scoring.outcomes import LayerScores, count_muc
from extractor.evaluation.statistics import Counts
from extractor.schema import EventStatus


@dataclass(frozen=True)
class _Counted:
    """Events that count, by what became of them."""

    pairs: tuple[EventPair, ...]
    missed: tuple[EventItem, ...] = ()
    spurious: tuple[EventItem, ...] = ()

    @property
    def gold(self) -> list[EventItem]:
        return [*(pair.gold for pair in self.pairs), *self.missed]

    @property
    def predicted(self) -> list[EventItem]:
        return [*(pair.predicted for pair in self.pairs), *self.spurious]

    def named(self, name: str) -> "_Counted":
        """Those of a slice; a pair is in the slices of its label."""
        return _Counted(
            tuple(pair for pair in self.pairs if name in pair.gold.slices),
            tuple(item for item in self.missed if name in item.slices),
            tuple(item for item in self.spurious if name in item.slices),
        )

    def count(self) -> Counts:
        """The events themselves."""
        return Counts(len(self.pairs), len(self.gold), len(self.predicted))


def score_events(
    gold: GoldArticle, predicted: GoldArticle, *, compatible: Compatible | None = None
) -> LayerScores:
    """Scores the events of one article.

    Args:
        gold: the labels.
        predicted: labels of the same text, by a model or another person.
        compatible: whether a labelled and a found type can be the same; by default by
            the tables of `ontology`.
    """
    same_type = compatible or is_same_type
    labelled, found = event_items(gold), event_items(predicted)
    matching = align_events(labelled, found, same_type)
    counted = _counted(matching)
    outcomes = list(event_outcomes(matching, same_type))
    return LayerScores(
        measures={
            **_attached_measures(counted),
            **_event_measures(counted),
            **_trigger_measures(labelled, found, same_type),
            **_argument_measures(counted, same_type),
            **_detail_measures(counted),
        },
        muc=count_muc(outcomes),
        outcomes=outcomes,
    )


def _counted(matching: EventMatching) -> _Counted:
    """Without optional labels and what was found for them."""
    return _Counted(
        tuple(pair for pair in matching.pairs if not pair.gold.event.optional),
        tuple(item for item in matching.missed if not item.event.optional),
        tuple(item for item in matching.spurious if not item.event.optional),
    )


def _event_measures(counted: _Counted) -> dict[str, Counts]:
    names = {name for item in counted.gold for name in item.slices}
    names |= {name for item in counted.spurious for name in item.slices}
    slices = {f"aligned/{name}": counted.named(name).count() for name in sorted(names)}
    return {"aligned": counted.count(), **slices}


# -- triggers --------------------------------------------------------------------------


def _trigger_measures(
    labelled: Sequence[EventItem], found: Sequence[EventItem], same_type: Compatible
) -> dict[str, Counts]:
    gold = [item for item in labelled if item.triggers]
    predicted = [item for item in found if item.triggers]
    if labelled and not gold:
        return {}

    def typed(one: EventItem, other: EventItem) -> bool:
        return same_type(one.event.type, other.event.type)

    def preference(one: EventItem, other: EventItem) -> int:
        return 200 * typed(one, other) + 50 * (not one.event.optional)

    exact, overlapping = (
        match(
            gold,
            predicted,
            similarity=EventItem.same_trigger,
            threshold=threshold,
            preference=preference,
        )
        for threshold in (1.0, 0.0)
    )
    words = _counted(exact)
    right = sum(typed(pair.gold, pair.predicted) for pair in words.pairs)
    identified = words.count()
    return {
        "trigger_i": identified,
        "trigger_c": Counts(right, identified.gold, identified.predicted),
        "trigger_overlap": _counted(overlapping).count(),
    }


# -- arguments -------------------------------------------------------------------------


def _argument_measures(counted: _Counted, same_type: Compatible) -> dict[str, Counts]:
    gold = [filler for item in counted.gold for filler in item.fillers]
    predicted = [filler for item in counted.predicted for filler in item.fillers]

    def similarity(one: Filler, other: Filler) -> float:
        typed = same_type(one.event_type, other.event_type)
        return one.similarity(other) if typed else 0.0

    measures = {
        name: count_fillers(
            match_fillers(gold, predicted, similarity=similarity, any_role=any_role)
        )
        for name, any_role in (("argument_i", True), ("argument_c", False))
    }
    return {**measures, "ceaf_ree": score_fillers(gold, predicted)}


def _attached_measures(counted: _Counted) -> dict[str, Counts]:
    given = _fill(_Counted(counted.pairs), lambda item: item.fillers)
    attached = _fill(counted, lambda item: item.fillers)
    measures = {
        "argument_c_attached": count_fillers(attached),
        "argument_c_given_event": count_fillers(given),
    }
    fillers = [*(p.gold for p in attached.pairs), *attached.missed, *attached.spurious]
    for role in sorted({role_of(filler.role) for filler in fillers}):
        measures[f"role/{role}"] = count_fillers(_with_role(attached, role))
    return measures


def _with_role(matching: FillerMatching, role: str) -> FillerMatching:
    """The part of a matching that a role has; a pair has that of its label."""
    return Matching(
        tuple(pair for pair in matching.pairs if role_of(pair.gold.role) == role),
        tuple(filler for filler in matching.missed if role_of(filler.role) == role),
        tuple(filler for filler in matching.spurious if role_of(filler.role) == role),
    )


def _fill(
    counted: _Counted,
    fillers: Callable[[EventItem], Iterable[Filler]],
    similarity: Similarity = Filler.similarity,
) -> FillerMatching:
    """Fillers of aligned events, matched event by event, and those of the others."""
    matchings = [
        match_fillers(
            fillers(pair.gold), fillers(pair.predicted), similarity=similarity
        )
        for pair in counted.pairs
    ]
    missed = [filler for item in counted.missed for filler in fillers(item)]
    spurious = [filler for item in counted.spurious for filler in fillers(item)]
    return Matching(
        tuple(pair for matching in matchings for pair in matching.pairs),
        (*(filler for matching in matchings for filler in matching.missed), *missed),
        (*(f for matching in matchings for f in matching.spurious), *spurious),
    )


# -- places, times, status -------------------------------------------------------------


def _detail_measures(counted: _Counted) -> dict[str, Counts]:
    located = any(item.place for item in counted.gold)
    dated = any(_value(item) for item in counted.gold)
    slots = _fill(
        counted,
        lambda item: [*item.fillers, *(_place(item) if located else ())],
        Filler.likeness,
    )
    stated = [p for p in counted.pairs if p.gold.event.status and _status(p.predicted)]
    right = [_status(p.gold) == _status(p.predicted) for p in stated]
    return {
        "slots": count_fillers(slots),
        "status": Counts(sum(right), len(stated), len(stated)),
        **({"place": count_fillers(_fill(counted, _place))} if located else {}),
        **(_time_measures(counted) if dated else {}),
    }


def _time_measures(counted: _Counted) -> dict[str, Counts]:
    dated = [pair for pair in counted.pairs if _value(pair.gold)]
    right = sum(_value(pair.gold) == _value(pair.predicted) for pair in dated)
    gold, predicted = (
        sum(bool(_value(item)) for item in side)
        for side in (counted.gold, counted.predicted)
    )
    return {
        "time": Counts(right, gold, predicted),
        "time_given_event": Counts(right, len(dated), len(dated)),
    }


def _place(item: EventItem) -> tuple[Filler, ...]:
    return (item.place,) if item.place else ()


def _value(item: EventItem) -> str | None:
    return item.event.time.value if item.event.time else None


def _status(item: EventItem) -> EventStatus | None:
    return item.event.status
