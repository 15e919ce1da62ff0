"""The fate of each labelled and each found event; the classes are listed in `events`.

A pair has the gravest class that fits, in the order of that list.
"""

from collections.abc import Iterable

from extractor.evaluation.scoring.event_pairs import (
    THRESHOLD,
    Compatible,
    EventItem,
    EventMatching,
    EventPair,
    align_mistyped,
)
from extractor.evaluation.scoring.fillers import match_fillers
from extractor.evaluation.scoring.outcomes import Outcome, Status


def event_outcomes(
    matching: EventMatching, compatible: Compatible
) -> Iterable[Outcome]:
    """One outcome for each pair and each event that is alone.

    Args:
        matching: events of types that can be the same.
        compatible: whether two types can.
    """
    mistyped = align_mistyped(matching)
    for pair in matching.pairs:
        yield _pair_outcome(pair, *_judge(pair))
    for pair in mistyped.pairs:
        yield _pair_outcome(pair, "incorrect", "type")
    for item in (*mistyped.missed, *(i for i in matching.missed if i.event.optional)):
        merged = any(
            _could_be(item, pair.predicted, compatible) for pair in matching.pairs
        )
        yield _outcome(item, "missed", "merged" if merged else "missed")
    extra = (i for i in matching.spurious if i.event.optional)
    for item in (*mistyped.spurious, *extra):
        again = any(_could_be(pair.gold, item, compatible) for pair in matching.pairs)
        error = "spurious.duplicate" if again else "spurious.other"
        yield _outcome(item, "spurious", error)


def _judge(pair: EventPair) -> tuple[Status, str]:
    one, other = pair.gold.event, pair.predicted.event
    if one.optional:
        return "ignored", "optional"
    if one.status and other.status and one.status != other.status:
        return "incorrect", "status"
    if error := _argument_error(pair):
        return "partial", error
    if pair.gold.place and not _same_place(pair):
        return "partial", "place"
    value = one.time and one.time.value
    if value and value != (other.time and other.time.value):
        return "partial", "time"
    if pair.gold.triggers and pair.gold.same_trigger(pair.predicted) < 1:
        return "partial", "trigger"
    return "correct", "correct"


def _argument_error(pair: EventPair) -> str | None:
    gold, predicted = pair.gold.fillers, pair.predicted.fillers
    matching = match_fillers(gold, predicted)
    missed = any(not filler.optional for filler in matching.missed)
    spurious = any(not filler.optional for filler in matching.spurious)
    if not (missed or spurious):
        return None
    loose = match_fillers(gold, predicted, any_role=True)
    if len(loose.pairs) > len(matching.pairs):
        return "argument.role"
    if missed and spurious:
        return "argument.other"
    return "argument.missing" if missed else "argument.spurious"


def _same_place(pair: EventPair) -> bool:
    one, other = pair.gold.place, pair.predicted.place
    return bool(one and other and one.similarity(other))


def _pair_outcome(pair: EventPair, status: Status, error: str) -> Outcome:
    return Outcome(
        layer="events",
        status=status,
        error=error,
        gold=pair.gold.event.id,
        predicted=pair.predicted.event.id,
        gold_spans=pair.gold.spans,
        predicted_spans=pair.predicted.spans,
        slices=list(pair.gold.slices),
        detail=_detail(pair, error),
    )


def _detail(pair: EventPair, error: str) -> str | None:
    one, other = pair.gold, pair.predicted
    said = {
        "type": (one.event.type, other.event.type),
        "status": (one.event.status, other.event.status),
        "place": (_place(one), _place(other)),
        "time": (_time(one), _time(other)),
    }.get(error)
    if error.startswith("argument"):
        said = (_arguments(one), _arguments(other))
    return f"labelled {said[0]}, found {said[1]}" if said else None


def _place(item: EventItem) -> str:
    return item.event.place[0].text if item.event.place else "no place"


def _time(item: EventItem) -> str:
    return (item.event.time and item.event.time.value) or "no date"


def _arguments(item: EventItem) -> str:
    arguments = (f"{a.role} {a.mentions[0].text}" for a in item.event.arguments)
    return "; ".join(arguments) or "nobody"


def _could_be(gold: EventItem, predicted: EventItem, compatible: Compatible) -> bool:
    """Whether the two could have been paired."""
    return (
        compatible(gold.event.type, predicted.event.type)
        and gold.similarity(predicted) >= THRESHOLD
    )


def _outcome(item: EventItem, status: Status, error: str) -> Outcome:
    """Of an event that is alone."""
    side = "gold" if status == "missed" else "predicted"
    return Outcome.model_validate(
        {
            "layer": "events",
            "status": "ignored" if item.event.optional else status,
            "error": "optional" if item.event.optional else error,
            side: item.event.id,
            f"{side}_spans": item.spans,
            "slices": list(item.slices),
            "detail": item.event.type,
        }
    )
