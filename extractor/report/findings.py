"""What was found in an article, as the items that its page lists and marks.

Each item has one place in the panel, any number of stretches in the text, and the
values that the filters know it by.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from extractor.report.characters import clean
from extractor.report.overlay import Stretch
from extractor.schema import (
    AUTHOR,
    Claim,
    Event,
    Extraction,
    OwnItem,
    Quote,
    Rejected,
    Span,
    Speaker,
)

UNNAMED: Final = "unnamed"
"""Stands in a filter for the speakers that the article does not name."""
WORTHY: Final = "worth checking"

_NOUNS: Final = {
    "quotes": "quote",
    "speakers": "speaker",
    "claims": "claim",
    "events": "event",
    "rejected": "rejected",
}
_LONGEST_TITLE: Final = 80

BASIS: Final = {
    "stated": "as stated",
    "publication_date": "from the publication date",
    "unresolved": "not resolved",
}
"""How the basis of a date is told."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the text that an item has."""

    span: Span
    role: str
    """What it is to the item, and how it is drawn."""
    leads: bool = False
    """Whether it carries the item's label."""


@dataclass(frozen=True)
class Item:
    """One finding."""

    number: int
    """Running number on the page, which ties the text to the panel."""
    anchor: str
    """Name of its place in the panel; `t-` before it, of its label in the text."""
    task: str
    record: Any
    parts: tuple[Part, ...]
    speakers: tuple[str, ...] = ()
    """Anchors of the speakers it is of; `AUTHOR` or `UNNAMED` for none."""
    kinds: tuple[str, ...] = ()
    """Within its task."""

    @property
    def label(self) -> str:
        """What it is called beside the text."""
        given = getattr(self.record, "id", "")
        return clean(given) if given else clean(self.record.verdict)

    @property
    def title(self) -> str:
        """What a screen reader says of its label."""
        words = clean(" … ".join(part.span.text for part in self.parts if part.leads))
        short = words[:_LONGEST_TITLE]
        return f"{_NOUNS.get(self.task, self.task)} {self.label}: {short}"

    @property
    def in_text(self) -> bool:
        """Whether the text has a label of it."""
        return any(part.leads for part in self.parts)

    @property
    def filters(self) -> list[str]:
        """Its kinds as the filter knows them, apart from those of other tasks."""
        return [f"{self.task}:{kind}" for kind in self.kinds]


@dataclass(frozen=True, slots=True)
class Mark:
    """What a stretch of the text is to an item."""

    item: Item
    role: str
    leads: bool


@dataclass(frozen=True)
class Person:
    """A speaker with what they said, in the order of the text."""

    anchor: str
    item: Item | None
    """None for all whom the article does not name."""
    quotes: list[Item]


class Findings:
    """The items of one extraction, numbered in the order of the panel."""

    def __init__(self, extraction: Extraction) -> None:
        self._found = extraction
        self._anchors = {
            speaker.id: f"speaker-{number}"
            for number, speaker in enumerate(extraction.speakers, 1)
        }
        self._anchors[AUTHOR] = AUTHOR
        self._count = 0
        self.names = {s.id: clean(s.name) for s in extraction.speakers}
        self.names[AUTHOR] = "the article"
        self.places = {q.id: f"quote-{n}" for n, q in enumerate(extraction.quotes, 1)}
        """Anchors of the quotes by their ids."""
        self._speakers = {quote.id: quote.speaker for quote in extraction.quotes}
        self.people = list(self._people())
        self.claims = [self._claim(n, c) for n, c in enumerate(extraction.claims, 1)]
        self.events = [self._event(n, e) for n, e in enumerate(extraction.events, 1)]
        self.own = {
            task: [self._own(task, n, item) for n, item in enumerate(items, 1)]
            for task, items in extraction.items.items()
        }
        self.rejected = [
            self._rejected(n, r) for n, r in enumerate(extraction.rejected, 1)
        ]

    @cached_property
    def items(self) -> list[Item]:
        """All of them, by their numbers."""
        items: list[Item] = []
        for person in self.people:
            items += [*([person.item] if person.item else []), *person.quotes]
        items += [*self.claims, *self.events]
        for own in self.own.values():
            items += own
        return [*items, *self.rejected]

    def stretches(self) -> list[Stretch[Mark]]:
        """What is marked in the text, the longest first."""
        parts = [
            (part, Mark(item, part.role, part.leads))
            for item in self.items
            for part in item.parts
        ]
        parts.sort(key=lambda pair: pair[0].span.start - pair[0].span.end)
        return [Stretch(part.span.start, part.span.end, m) for part, m in parts]

    def kinds(self) -> dict[str, list[str]]:
        """The kinds of each task that has several."""
        found: dict[str, set[str]] = defaultdict(set)
        for item in self.items:
            found[item.task].update(item.kinds)
        return {task: sorted(kinds) for task, kinds in found.items() if len(kinds) > 1}

    def tally(self) -> dict[str, int]:
        """How many items each task has."""
        return {
            "quotes": len(self._found.quotes),
            "speakers": len(self._found.speakers),
            "claims": len(self.claims),
            "events": len(self.events),
            **{task: len(items) for task, items in self.own.items()},
            "rejected": len(self.rejected),
        }

    def voices(self) -> dict[str, str]:
        """Names to filter by, by what the filter calls them."""
        used = {speaker for item in self.items for speaker in item.speakers}
        voices = {
            p.anchor: self.names[p.item.record.id] if p.item else "not named"
            for p in self.people
        }
        if AUTHOR in used:
            voices[AUTHOR] = "the article itself"
        return voices

    def _new(self, anchor: str, task: str, record: Any, **values: Any) -> Item:
        self._count += 1
        return Item(self._count - 1, anchor, task, record, **values)

    def _people(self) -> Iterator[Person]:
        """Those who speak, in the order of their first words, then the others."""
        quotes: dict[str | None, list[tuple[int, Quote]]] = defaultdict(list)
        for number, quote in enumerate(self._found.quotes, 1):
            quotes[quote.speaker].append((number, quote))
        first = {id_: own[0][1].spans[0].start for id_, own in quotes.items()}
        silent = len(self._found.document.text)
        speakers = sorted(self._found.speakers, key=lambda s: first.get(s.id, silent))
        for speaker in speakers:
            item = self._speaker(speaker)
            own = [self._quote(*pair) for pair in quotes[speaker.id]]
            yield Person(item.anchor, item, own)
        if quotes[None]:
            yield Person(UNNAMED, None, [self._quote(*pair) for pair in quotes[None]])

    def _speaker(self, speaker: Speaker) -> Item:
        anchor = self._anchors[speaker.id]
        return self._new(
            anchor,
            "speakers",
            speaker,
            parts=_parts(speaker.mentions, "mention"),
            speakers=(anchor,),
            kinds=(speaker.kind,),
        )

    def _quote(self, number: int, quote: Quote) -> Item:
        return self._new(
            f"quote-{number}",
            "quotes",
            quote,
            parts=(
                *_parts(quote.spans, "quote"),
                *_others(quote.speaker_mention, "mention"),
                *_others(quote.cue, "cue"),
            ),
            speakers=(self._anchors[quote.speaker] if quote.speaker else UNNAMED,),
            kinds=(quote.kind,),
        )

    def _claim(self, number: int, claim: Claim) -> Item:
        worthy = (WORTHY,) if claim.check_worthy else ()
        return self._new(
            f"claim-{number}",
            "claims",
            claim,
            parts=_parts(claim.spans, "worthy" if worthy else "claim"),
            speakers=(self._anchors[claim.claimant],),
            kinds=(claim.modality, *worthy),
        )

    def _event(self, number: int, event: Event) -> Item:
        named = [a.speaker for a in event.arguments if a.speaker]
        time = event.time.span if event.time else None
        others = [*(a.span for a in event.arguments), event.place, time]
        return self._new(
            f"event-{number}",
            "events",
            event,
            parts=(
                *_parts([event.trigger], "trigger"),
                *(part for span in others for part in _others(span, "participant")),
            ),
            speakers=tuple(
                dict.fromkeys(self._anchors[id_] for id_ in [event.reported_by, *named])
            ),
            kinds=(clean(event.type), event.status),
        )

    def _own(self, task: str, number: int, item: OwnItem) -> Item:
        speaker = self._speakers[item.quote] if item.quote else AUTHOR
        words = [span for spans in item.spans.values() for span in spans]
        return self._new(
            f"{task}-{number}",
            task,
            item,
            parts=(
                *_parts(item.evidence, "evidence"),
                *(part for span in words for part in _others(span, "anchor")),
            ),
            speakers=(self._anchors[speaker] if speaker else UNNAMED,),
        )

    def _rejected(self, number: int, rejected: Rejected) -> Item:
        nearest = [rejected.nearest] if rejected.nearest else []
        return self._new(
            f"rejected-{number}",
            "rejected",
            rejected,
            parts=_parts(nearest, "nearest"),
            kinds=(rejected.task, rejected.verdict),
        )


def rewords(claim: Claim) -> bool:
    """Whether a claim says it in other words than its evidence."""
    evidence = " … ".join(clean(span.text) for span in claim.spans)
    return _bare(evidence) != _bare(claim.text)


def _bare(text: str) -> str:
    """The text without what tells a sentence of its own from a part of one."""
    return clean(text).strip(" .,;:").casefold()


def _parts(spans: Sequence[Span], role: str) -> tuple[Part, ...]:
    """Stretches of which the first carries the label."""
    return tuple(Part(span, role, leads=not n) for n, span in enumerate(spans))


def _others(span: Span | None, role: str) -> tuple[Part, ...]:
    return (Part(span, role),) if span else ()
