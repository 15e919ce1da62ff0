"""An extraction turned into labels, so that both sides of a comparison are alike."""

from extractor.evaluation.gold import (
    LAYERS,
    Annotation,
    Entity,
    GoldArgument,
    GoldArticle,
    GoldClaim,
    GoldEvent,
    GoldItem,
    GoldQuote,
    GoldTime,
    Layer,
    make_source,
)
from extractor.schema import Event, Extraction, OwnItem, Speaker


def label_extraction(extraction: Extraction) -> GoldArticle:
    """The extraction as a gold article, every span and id as it is.

    What gold does not know is left out: descriptions, the basis of a date, `rejected`
    and provenance.
    """
    document = extraction.document
    layers: list[Layer] = [*LAYERS, *extraction.items]
    return GoldArticle(
        doc=make_source(
            document.id,
            document.text,
            title=document.title,
            published=document.published,
            language=document.language,
        ),
        layers=layers,
        entities=[_entity(speaker) for speaker in extraction.speakers],
        quotes=[
            GoldQuote(
                id=quote.id,
                kind=quote.kind,
                spans=quote.spans,
                speaker=quote.speaker,
                speaker_mention=quote.speaker_mention,
                cue=quote.cue,
                nested_in=quote.nested_in,
            )
            for quote in extraction.quotes
        ],
        claims=[
            GoldClaim(
                id=claim.id,
                text=claim.text,
                spans=claim.spans,
                claimant=claim.claimant,
                modality=claim.modality,
                check_worthy=claim.check_worthy,
            )
            for claim in extraction.claims
        ],
        events=[_event(event) for event in extraction.events],
        items={
            name: [_item(item) for item in items]
            for name, items in extraction.items.items()
        },
        annotation=Annotation(annotators=[extraction.provenance.model]),
        text=document.text,
    )


def _entity(speaker: Speaker) -> Entity:
    return Entity(
        id=speaker.id,
        name=speaker.name,
        kind=speaker.kind,
        mentions=speaker.mentions,
    )


def _item(item: OwnItem) -> GoldItem:
    return GoldItem(
        id=item.id, fields=item.fields, spans=item.spans, evidence=item.evidence
    )


def _event(event: Event) -> GoldEvent:
    time = event.time and GoldTime(span=event.time.span, value=event.time.value)
    return GoldEvent(
        id=event.id,
        type=event.type,
        trigger=event.trigger,
        arguments=[
            GoldArgument(role=a.role, mentions=[a.span], entity=a.speaker)
            for a in event.arguments
        ],
        place=[event.place] if event.place else [],
        time=time,
        status=event.status,
        reported_by=event.reported_by,
    )
