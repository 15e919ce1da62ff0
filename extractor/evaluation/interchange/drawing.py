"""Gold articles as regions and links (see `regions` for what becomes of what)."""

import re
from collections.abc import Iterable, Sequence

from extractor.errors import GoldError
from extractor.evaluation.gold import (
    LAYERS,
    Entity,
    GoldArgument,
    GoldArticle,
    GoldClaim,
    GoldEvent,
    GoldQuote,
    Label,
)
from extractor.evaluation.interchange.regions import (
    ALTERNATIVE,
    CLAIM,
    CUE,
    EXEMPT,
    NESTED,
    PARTICIPANT,
    PLACE,
    QUOTE,
    SAME,
    SPEAKER,
    TIME,
    YES,
    About,
    Graph,
    Link,
    Region,
    event_label,
)
from extractor.schema import AUTHOR, Span

_Given = str | Sequence[str] | None
"""What a value is given as: one, several or none."""


def draw(article: GoldArticle) -> Graph:
    """The regions and links that an article's labels are."""
    canvas = _Canvas(article)
    for entity in article.entities:
        canvas.draw_entity(entity)
    for quote in article.quotes:
        canvas.draw_quote(quote)
    canvas.nest(article.quotes)
    for claim in article.claims:
        canvas.draw_claim(claim)
    for event in article.events:
        canvas.draw_event(event)
    for span in article.exempt:
        canvas.add(EXEMPT, [span])
    about = About(
        doc=article.doc,
        layers=[layer for layer in article.layers if layer in LAYERS],
        annotation=article.annotation,
        entities=[entity for entity in article.entities if not entity.mentions],
    )
    regions, links = tuple(canvas.regions), tuple(canvas.links)
    return Graph(article.doc.id, article.text, regions, links, about)


class _Canvas:
    """The regions and links so far."""

    def __init__(self, article: GoldArticle) -> None:
        self.text = article.text
        self.regions: list[Region] = []
        self.links: list[Link] = []
        self._names = {entity.id: entity.name for entity in article.entities}
        self._mentions: dict[tuple[str, int, int], str] = {}
        self._quotes: dict[str, str] = {}

    def add(self, label: str, spans: Sequence[Span], **values: _Given) -> str:
        """Adds a region with those of the values that are not empty; its id."""
        id_ = f"T{len(self.regions) + 1}"
        kept = {
            name: (value,) if isinstance(value, str) else tuple(value)
            for name, value in values.items()
            if value
        }
        self.regions.append(Region(id_, label, tuple(spans), kept))
        return id_

    def link(self, label: str, source: str, target: str) -> None:
        self.links.append(Link(label, source, target))

    def draw_entity(self, entity: Entity) -> None:
        label = entity.kind.capitalize()
        for index, span in enumerate(entity.mentions):
            aliases = [] if index else entity.aliases
            who = self._entity(entity.id)
            id_ = self.add(label, [span], Entity=who, Alias=aliases)
            self._mentions.setdefault((entity.id, span.start, span.end), id_)

    def draw_quote(self, quote: GoldQuote) -> None:
        named, mention = quote.speaker, quote.speaker_mention
        place = (named or "", mention.start, mention.end) if mention else None
        known = self._mentions.get(place) if place else None
        id_ = self._add_item(
            quote,
            QUOTE,
            quote.spans,
            Kind=quote.kind,
            Entity=None if known else self._entity(named),
        )
        self._quotes[quote.id] = id_
        if mention:
            self.link(SPEAKER, id_, known or self.add(SPEAKER, [mention]))
        if quote.cue:
            self.link(CUE, id_, self.add(CUE, [quote.cue]))
        self._add_alternatives(id_, quote.alternatives)

    def nest(self, quotes: Iterable[GoldQuote]) -> None:
        """Links each nested quote with the one that holds it."""
        for quote in quotes:
            if quote.nested_in in self._quotes:
                outer = self._quotes[quote.nested_in]
                self.link(NESTED, self._quotes[quote.id], outer)

    def draw_claim(self, claim: GoldClaim) -> None:
        id_ = self._add_item(
            claim,
            CLAIM,
            claim.spans,
            Wording=claim.text,
            Modality=claim.modality,
            Check_Worthy=None if claim.check_worthy else "no",
            Entity=self._entity(claim.claimant),
        )
        self._add_alternatives(id_, claim.alternatives)

    def draw_event(self, event: GoldEvent) -> None:
        anchor = event.trigger or self._anchor(event)
        when = event.time
        id_ = self._add_item(
            event,
            event_label(event.type),
            [anchor],
            Status=event.status,
            Entity=self._entity(event.reported_by),
            Time=when.value if when and not when.span else None,
            No_Trigger=None if event.trigger else YES,
        )
        for argument in event.arguments:
            self._add_argument(id_, argument)
        self._add_mentions(id_, PLACE, PLACE, event.place)
        if when and when.span:
            self.link(TIME, id_, self.add(TIME, [when.span], Value=when.value))
        self._add_alternatives(id_, [[span] for span in event.alternatives])

    def _add_item(
        self,
        item: Label,
        label: str,
        spans: Sequence[Span],
        **values: _Given,
    ) -> str:
        shared = {
            "Note": item.note,
            "Tag": item.tags,
            "Optional": YES if item.optional else None,
            "Id": item.id,
        }
        return self.add(label, spans, **values, **shared)

    def _add_argument(self, event: str, argument: GoldArgument) -> None:
        optional = YES if argument.optional else None
        who = self._entity(argument.entity)
        values = {"Entity": who, "Optional": optional}
        self._add_mentions(
            event, argument.role, PARTICIPANT, argument.mentions, **values
        )

    def _add_mentions(
        self,
        event: str,
        role: str,
        label: str,
        mentions: Sequence[Span],
        **values: _Given,
    ) -> None:
        """Links an event with the first of some mentions, and that with the others."""
        if not mentions:
            return
        first = self.add(label, mentions[:1], **values)
        self.link(role, event, first)
        for span in mentions[1:]:
            self.link(SAME, first, self.add(label, [span]))

    def _add_alternatives(self, id_: str, alternatives: Iterable[list[Span]]) -> None:
        for spans in alternatives:
            self.link(ALTERNATIVE, id_, self.add(ALTERNATIVE, spans))

    def _entity(self, id_: str | None) -> tuple[str, str] | None:
        if not id_ or id_ == AUTHOR:
            return None
        return id_, self._names.get(id_, id_)

    def _anchor(self, event: GoldEvent) -> Span:
        """Where an event without trigger stands."""
        mentions = [span for argument in event.arguments for span in argument.mentions]
        time = [event.time.span] if event.time and event.time.span else []
        spans = [*mentions, *event.place, *time]
        if spans:
            return spans[0]
        word = re.search(r"\S+", self.text)
        if not word:
            raise GoldError(f"{event.id} has no span, and the text no word; label it.")
        return Span(start=word.start(), end=word.end(), text=word[0])
