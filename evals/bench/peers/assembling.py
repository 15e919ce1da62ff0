"""What another tool found as an `Extraction`, so that the same scorer reads it.

Speakers are told apart by their names as returned. A mention is where the returned
words stand nearest to the quotation, an argument where they stand nearest to the
trigger. What has no place in the text is listed in `rejected` with the verdict the
grounding gate would give, and counted in `Unplaced`.
"""

from collections import Counter
from dataclasses import dataclass, field

from evals.bench.peers.found import Found, FoundClaim, FoundEvent, FoundQuote
from evals.bench.peers.placing import find_nearest
from extractor.evaluation.scoring.unplaced import Unplaced
from extractor.grounding import Grounder
from extractor.schema import (
    AUTHOR,
    Argument,
    Claim,
    Document,
    Event,
    Extraction,
    Provenance,
    Quote,
    Rejected,
    Span,
    Speaker,
    TaskName,
)
from extractor.segmentation.model import Range

AUTHORS = frozenset(
    ("", "author", "the author", "article", "the article", "narrator", "reporter")
)
"""Claimants that are the article itself, in small letters."""
PLACE = "place"


@dataclass
class _Reading:
    """An article being read: the speakers so far, and what was not found in it."""

    document: Document
    grounder: Grounder
    names: dict[str, str] = field(default_factory=dict)
    """Id by the name in small letters."""
    speakers: dict[str, Speaker] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    unplaced: Counter[str] = field(default_factory=Counter)

    def span(self, at: Range) -> Span:
        return Span(start=at.start, end=at.end, text=at.of(self.document.text))

    def near(self, words: str, at: Range) -> Span | None:
        place = find_nearest(self.document.text, words, at)
        return self.span(place) if place else None

    def speaker(self, name: str) -> str | None:
        """The id of who is called so; None where nobody is named."""
        key = " ".join(name.casefold().split())
        if not key:
            return None
        if key not in self.names:
            id_ = self.names[key] = f"p{len(self.names) + 1}"
            self.speakers[id_] = Speaker(id=id_, name=name.strip(), kind="person")
        return self.names[key]

    def mention(self, id_: str | None, span: Span | None) -> None:
        """Note that a place names a speaker."""
        if id_ is None or span is None or span in self.speakers[id_].mentions:
            return
        old = self.speakers[id_]
        mentions = sorted([*old.mentions, span], key=lambda s: (s.start, s.end))
        self.speakers[id_] = old.model_copy(update={"mentions": mentions})

    def reject(self, task: TaskName, kind: str, words: str) -> None:
        """Note a string that was looked up in vain."""
        grounding = self.grounder.ground(words)
        nearest = grounding.nearest or next(iter(grounding.spans), None)
        self.rejected.append(
            Rejected(
                task=task,
                text=words,
                verdict=grounding.verdict,
                nearest=nearest,
                diff=grounding.diff,
            )
        )
        self.unplaced[kind] += 1


def assemble(
    document: Document, found: Found, provenance: Provenance
) -> tuple[Extraction, Unplaced]:
    """The extraction of an article, and how much of what was found is not in it.

    Args:
        document: the article.
        found: in it.
        provenance: what it took; verdicts are added.
    """
    reading = _Reading(document, Grounder(document.text))
    quotes = [q for item in found.quotes if (q := _quote(reading, item))]
    claims = [c for item in found.claims if (c := _claim(reading, item))]
    events = [e for item in found.events if (e := _event(reading, item))]
    verdicts = Counter(item.verdict for item in reading.rejected)
    extraction = Extraction(
        document=document,
        speakers=list(reading.speakers.values()),
        quotes=[q.model_copy(update={"id": f"q{n}"}) for n, q in enumerate(quotes, 1)],
        claims=[c.model_copy(update={"id": f"c{n}"}) for n, c in enumerate(claims, 1)],
        events=[e.model_copy(update={"id": f"e{n}"}) for n, e in enumerate(events, 1)],
        rejected=reading.rejected,
        provenance=provenance.model_copy(update={"verdicts": dict(verdicts)}),
    )
    counted = Unplaced.model_fields if found.keeps_unplaced else ()
    return extraction, Unplaced(**{name: reading.unplaced[name] for name in counted})


def _quote(reading: _Reading, found: FoundQuote) -> Quote | None:
    if found.at is None:
        reading.reject("quotes", "quotes", found.words)
        return None
    named = reading.near(found.speaker, found.at)
    beside = reading.near(found.mention, found.at) or named
    speaker = reading.speaker(found.speaker or found.mention)
    for place in (beside, named):
        reading.mention(speaker, place)
    span = reading.span(found.at)
    return Quote(
        id="",
        kind=found.kind,
        spans=[span],
        text=span.text,
        speaker=speaker,
        speaker_mention=beside,
    )


def _claim(reading: _Reading, found: FoundClaim) -> Claim | None:
    if found.at is None:
        reading.reject("claims", "claims", found.words)
        return None
    name = found.claimant.strip()
    by_article = name.casefold() in AUTHORS
    claimant = None if by_article else reading.speaker(name)
    reading.mention(claimant, reading.near(name, found.at))
    return Claim(
        id="",
        text=found.words.strip(),
        spans=[reading.span(found.at)],
        claimant=claimant or AUTHOR,
        modality="asserted",
        check_worthy=True,
    )


def _event(reading: _Reading, found: FoundEvent) -> Event | None:
    if found.at is None:
        reading.reject("events", "events", found.words)
        roles = [role for role, _ in found.arguments]
        reading.unplaced["arguments"] += len(roles) - roles.count(PLACE)
        return None
    arguments, place = [], None
    for role, words in found.arguments:
        span = reading.near(words, found.at)
        if span is None:
            reading.reject("events", "places" if role == PLACE else "arguments", words)
        elif role != PLACE:
            arguments.append(Argument(role=role, span=span))
        else:
            place = place or span
    return Event(
        id="",
        type=found.type,
        trigger=reading.span(found.at),
        arguments=arguments,
        place=place,
        status="happened",
    )
