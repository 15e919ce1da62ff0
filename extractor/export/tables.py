"""Extractions as flat tables; `rows` tells what their columns hold."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from extractor.errors import UsageError
from extractor.export.rows import (
    ClaimRow,
    DocumentRow,
    EventRow,
    ItemRow,
    MentionRow,
    ParticipantRow,
    QuoteRow,
    RejectedRow,
    Row,
    SpeakerRow,
)
from extractor.export.stored import dumps
from extractor.schema import Extraction, Span, Speaker


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of row and where its rows come from."""

    row: type[Row]
    rows: Callable[[Extraction], Iterator[Row]]

    @property
    def columns(self) -> list[str]:
        """The names of the columns, in order."""
        return list(self.row.model_fields)


def find_table(name: str) -> Table:
    """The table of that name.

    Raises:
        UsageError: there is none.
    """
    if name not in TABLES:
        raise UsageError(
            f"There is no table {name!r}: take one of {', '.join(TABLES)}."
        )
    return TABLES[name]


def _article(extraction: Extraction) -> dict[str, Any]:
    document = extraction.document
    return {
        "document": document.id,
        "title": document.title,
        "published": document.published,
        "source": document.source,
    }


def _documents(extraction: Extraction) -> Iterator[DocumentRow]:
    yield DocumentRow(
        **_article(extraction),
        language=extraction.document.language,
        sha256=extraction.document.sha256,
        characters=len(extraction.document.text),
        model=extraction.provenance.model,
        speakers=len(extraction.speakers),
        quotes=len(extraction.quotes),
        claims=len(extraction.claims),
        events=len(extraction.events),
        rejected=len(extraction.rejected),
        failures=len(extraction.provenance.failures),
    )


def _quotes(extraction: Extraction) -> Iterator[QuoteRow]:
    article, cast = _article(extraction), _cast(extraction)
    for quote in extraction.quotes:
        speaker = cast.get(quote.speaker or "")
        yield QuoteRow(
            **article,
            id=quote.id,
            kind=quote.kind,
            text=quote.text,
            **_place(quote.spans),
            speaker=quote.speaker,
            speaker_name=speaker.name if speaker else None,
            speaker_kind=speaker.kind if speaker else None,
            speaker_description=speaker.description if speaker else None,
            **_words("mention", quote.speaker_mention),
            **_words("cue", quote.cue),
            nested_in=quote.nested_in,
        )


def _speakers(extraction: Extraction) -> Iterator[SpeakerRow]:
    article = _article(extraction)
    for speaker in extraction.speakers:
        yield SpeakerRow(
            **article,
            id=speaker.id,
            name=speaker.name,
            kind=speaker.kind,
            description=speaker.description,
            mentions=len(speaker.mentions),
            quotes=sum(quote.speaker == speaker.id for quote in extraction.quotes),
            claims=sum(claim.claimant == speaker.id for claim in extraction.claims),
        )


def _mentions(extraction: Extraction) -> Iterator[MentionRow]:
    article = _article(extraction)
    for speaker in extraction.speakers:
        for span in speaker.mentions:
            yield MentionRow(
                **article,
                speaker=speaker.id,
                speaker_name=speaker.name,
                text=span.text,
                start=span.start,
                end=span.end,
            )


def _claims(extraction: Extraction) -> Iterator[ClaimRow]:
    article, cast = _article(extraction), _cast(extraction)
    for claim in extraction.claims:
        claimant = cast.get(claim.claimant)
        yield ClaimRow(
            **article,
            id=claim.id,
            text=claim.text,
            evidence=_joined(claim.spans),
            **_place(claim.spans),
            claimant=claim.claimant,
            claimant_name=claimant.name if claimant else None,
            modality=claim.modality,
            check_worthy=claim.check_worthy,
            quotes=" ".join(claim.quotes),
        )


def _events(extraction: Extraction) -> Iterator[EventRow]:
    article, cast = _article(extraction), _cast(extraction)
    for event in extraction.events:
        reporter = cast.get(event.reported_by)
        parts = (f"{part.role}: {part.span.text}" for part in event.arguments)
        yield EventRow(
            **article,
            id=event.id,
            type=event.type,
            trigger=event.trigger.text,
            start=event.trigger.start,
            end=event.trigger.end,
            participants="; ".join(parts),
            **_words("place", event.place),
            **_words("time", event.time.span if event.time else None),
            date=event.time.value if event.time else None,
            date_basis=event.time.basis if event.time else None,
            status=event.status,
            reported_by=event.reported_by,
            reporter_name=reporter.name if reporter else None,
        )


def _participants(extraction: Extraction) -> Iterator[ParticipantRow]:
    article, cast = _article(extraction), _cast(extraction)
    for event in extraction.events:
        for part in event.arguments:
            speaker = cast.get(part.speaker or "")
            yield ParticipantRow(
                **article,
                event=event.id,
                event_type=event.type,
                role=part.role,
                text=part.span.text,
                start=part.span.start,
                end=part.span.end,
                speaker=part.speaker,
                speaker_name=speaker.name if speaker else None,
            )


def _items(extraction: Extraction) -> Iterator[ItemRow]:
    article = _article(extraction)
    for task, items in extraction.items.items():
        for item in items:
            places = (f"{name} {_slices(item.spans[name])}" for name in item.spans)
            yield ItemRow(
                **article,
                task=task,
                id=item.id,
                fields=dumps(item.fields),
                evidence=_joined(item.evidence),
                **_place(item.evidence),
                words_at="; ".join(places),
                quote=item.quote,
            )


def _rejected(extraction: Extraction) -> Iterator[RejectedRow]:
    article = _article(extraction)
    for item in extraction.rejected:
        yield RejectedRow(
            **article,
            task=item.task,
            text=item.text,
            verdict=item.verdict,
            nearest=item.nearest.text if item.nearest else None,
            start=item.nearest.start if item.nearest else None,
            end=item.nearest.end if item.nearest else None,
            diff=item.diff,
        )


def _cast(extraction: Extraction) -> Mapping[str, Speaker]:
    return {speaker.id: speaker for speaker in extraction.speakers}


def _place(spans: Sequence[Span]) -> dict[str, Any]:
    return {"start": spans[0].start, "end": spans[-1].end, "spans": _slices(spans)}


def _words(name: str, span: Span | None) -> dict[str, Any]:
    return {name: span and span.text, f"{name}_at": span and _slices([span])}


def _joined(spans: Iterable[Span]) -> str:
    return " ".join(span.text for span in spans)


def _slices(spans: Iterable[Span]) -> str:
    return " ".join(f"{span.start}:{span.end}" for span in spans)


TABLES: Final[Mapping[str, Table]] = {
    "documents": Table(DocumentRow, _documents),
    "quotes": Table(QuoteRow, _quotes),
    "speakers": Table(SpeakerRow, _speakers),
    "mentions": Table(MentionRow, _mentions),
    "claims": Table(ClaimRow, _claims),
    "events": Table(EventRow, _events),
    "participants": Table(ParticipantRow, _participants),
    "items": Table(ItemRow, _items),
    "rejected": Table(RejectedRow, _rejected),
}
"""Every table by its name."""
