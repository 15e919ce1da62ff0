"""Pairs of events: aligned by type, trigger and arguments.

A pair's similarity is half the intersection over union of the triggers, half the soft
F1 of the arguments; a pair is forbidden where the types cannot be the same, and below
.25. What neither side can be compared by is left out: of incidents without a trigger,
as MUC-4 labels them, the arguments decide alone, by their words anywhere in the text;
where there are none that must be found, the type does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from extractor.evaluation.alignment import Matching, Region, make_region, match
from extractor.evaluation.alignment.matching import Pair
from extractor.evaluation.alignment.regions import union
from extractor.evaluation.gold import GoldArgument, GoldArticle, GoldEvent
from extractor.evaluation.scoring.fillers import (
    Filler,
    make_filler,
    match_fillers,
    soft_f1,
)
from extractor.evaluation.scoring.ontology import type_of
from extractor.schema import Span

THRESHOLD: Final = 0.25
"""Pairs of less similarity are forbidden."""
_SAME_TRIGGER: Final = 0.5

Compatible = Callable[[str, str], bool]


@dataclass(frozen=True)
class EventItem:
    """An event with its characters."""

    event: GoldEvent
    triggers: tuple[Region, ...]
    """The trigger, then its alternatives; none where no word is labelled."""
    fillers: tuple[Filler, ...]
    place: Filler | None

    @cached_property
    def key(self) -> tuple[object, ...]:
        """Orders items by what they are, not by where they stood in a list."""
        return (
            self.triggers,
            self.event.type,
            sorted(filler.key for filler in self.fillers),
            self.event.optional,
            self.event.id,
        )

    @cached_property
    def reach(self) -> Region:
        """All characters of its triggers and arguments."""
        mentions = (m.region for filler in self.fillers for m in filler.mentions)
        return union([*self.triggers, *mentions])

    @property
    def is_bare(self) -> bool:
        """Whether it has neither a trigger nor an argument that must be found."""
        return not self.triggers and all(filler.optional for filler in self.fillers)

    @property
    def slices(self) -> tuple[str, ...]:
        """Its type among ours, its status, the label's tags."""
        status = (self.event.status,) if self.event.status else ()
        return (type_of(self.event.type), *status, *self.event.tags)

    @property
    def spans(self) -> list[Span]:
        """Its trigger; without one, the first mention of each argument."""
        if self.event.trigger:
            return [self.event.trigger]
        return [argument.mentions[0] for argument in self.event.arguments]

    def same_trigger(self, other: "EventItem") -> float:
        """Intersection over union of the best of the triggers; 0 without any."""
        pairs = ((a, b) for a in self.triggers for b in other.triggers)
        return max((a.similarity(b) for a, b in pairs), default=0.0)

    def similarity(self, other: "EventItem") -> float:
        """0 to 1, whatever the types."""
        located = bool(self.triggers and other.triggers)
        if located and not self.reach.shared(other.reach):
            return 0.0
        likeness = Filler.similarity if located else Filler.likeness
        arguments = soft_f1(
            match_fillers(self.fillers, other.fillers, similarity=likeness)
        )
        if not located:
            least = THRESHOLD if self.is_bare or other.is_bare else 0.0
            return max(least, arguments or 0.0)
        trigger = self.same_trigger(other)
        return trigger if arguments is None else (trigger + arguments) / 2


EventPair = Pair[EventItem, EventItem]
EventMatching = Matching[EventItem, EventItem]


def event_items(article: GoldArticle) -> list[EventItem]:
    """The events of an article in an order that depends on nothing but them."""
    items = [_item(article.text, event) for event in article.events]
    return sorted(items, key=lambda item: item.key)


def align_events(
    gold: list[EventItem], predicted: list[EventItem], compatible: Compatible
) -> EventMatching:
    """Pairs events of types that can be the same."""
    return match(
        gold,
        predicted,
        similarity=lambda one, other: (
            one.similarity(other)
            if compatible(one.event.type, other.event.type)
            else 0.0
        ),
        threshold=THRESHOLD,
        preference=_preference,
    )


def align_mistyped(matching: EventMatching) -> EventMatching:
    """Of what is left over and counts, pairs about one word: their types differ."""
    return match(
        [item for item in matching.missed if not item.event.optional],
        [item for item in matching.spurious if not item.event.optional],
        similarity=EventItem.same_trigger,
        threshold=_SAME_TRIGGER,
        preference=_preference,
    )


def _preference(gold: EventItem, predicted: EventItem) -> int:
    """Between equals: the same word, the same type, status and time; what counts."""
    one, other = gold.event, predicted.event
    return (
        400 * (gold.same_trigger(predicted) == 1)
        + 200 * (one.type == other.type)
        + 100 * (one.status == other.status)
        + 50 * (not one.optional)
        + 25 * ((one.time and one.time.value) == (other.time and other.time.value))
    )


def _item(text: str, event: GoldEvent) -> EventItem:
    triggers = [*([event.trigger] if event.trigger else []), *event.alternatives]
    place = GoldArgument(role="place", mentions=event.place) if event.place else None
    fillers = [make_filler(text, argument, event.type) for argument in event.arguments]
    return EventItem(
        event,
        tuple(make_region(text, [span]) for span in triggers),
        tuple(sorted(fillers, key=lambda filler: filler.key)),
        make_filler(text, place, event.type) if place else None,
    )
