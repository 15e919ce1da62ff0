"""Gold articles from regions and links (see `regions` for what becomes of what)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pydantic import ValidationError

from extractor.errors import GoldError
from extractor.evaluation.gold import (
    GoldArgument,
    GoldArticle,
    GoldClaim,
    GoldEvent,
    GoldQuote,
    GoldTime,
    Layer,
    make_source,
)
from extractor.evaluation.interchange import regions
from extractor.evaluation.interchange.cast import Cast
from extractor.evaluation.interchange.regions import (
    ALTERNATIVE,
    CHOICES,
    CLAIM,
    CLAIMANT,
    CUE,
    EVENT,
    EXEMPT,
    KINDS,
    LINKS,
    NESTED,
    PARTICIPANT,
    PLACE,
    QUOTE,
    SAME,
    SPEAKER,
    TEXTS,
    TIME,
    Graph,
    Link,
    Region,
    canonical,
)
from extractor.schema import AUTHOR, QuoteKind, Span
from extractor.segmentation import segment

_LINKS = {label.casefold(): label for label in LINKS} | {"source": SPEAKER}
_PARTS = (SPEAKER, CUE, ALTERNATIVE, PARTICIPANT, PLACE, TIME)
"""Regions that mean nothing unless something is linked with them."""


@dataclass
class _Parts:
    """What belongs to an event."""

    arguments: list[GoldArgument] = field(default_factory=list)
    alternatives: list[Region] = field(default_factory=list)
    places: list[Region] = field(default_factory=list)
    times: list[Region] = field(default_factory=list)


def rebuild(graph: Graph, where: str) -> tuple[GoldArticle, list[str]]:
    """The gold article that regions and links stand for.

    Args:
        graph: the labels as a tool had them.
        where: the file, for messages.

    Returns:
        The article, and what of the graph it could not use, a sentence each.

    Raises:
        GoldError: a value is none that gold allows.
    """
    try:
        return _Reading(graph).article()
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise GoldError(
            f"{where}: {first['input']!r} is no value for "
            f"{'.'.join(map(str, first['loc']))} ({first['msg']}); mend the label."
        ) from None


class _Reading:
    """One graph on its way to an article."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.regions = {region.id: region for region in graph.regions}
        self.used: set[str] = set()
        self.remarks: list[str] = []
        self.links: dict[str, list[Link]] = {}
        for link in graph.links:
            self._file(link)
        self.cast = Cast(graph, self._pairs())
        self.ids: dict[str, str] = {}

    def article(self) -> tuple[GoldArticle, list[str]]:
        quotes = [self._quote(region) for region in self._of(QUOTE, "q")]
        claims = [self._claim(region) for region in self._of(CLAIM, "c")]
        events = [self._event(region) for region in self._of(None, "v")]
        exempt = [self._hull(region) for region in self._of(EXEMPT, None)]
        entities = self.cast.entities()
        found: dict[Layer, object] = {
            "quotes": quotes,
            "speakers": entities,
            "claims": claims,
            "events": events,
        }
        about = self.graph.about
        known = about.doc.model_dump() if about.doc else {}
        for name in ("id", "text_file", "sha256", "characters"):
            known.pop(name, None)
        layers = [layer for layer, items in found.items() if items]
        self._note_unused()
        article = GoldArticle(
            doc=make_source(self.graph.id, self.graph.text, **known),
            layers=layers if about.layers is None else about.layers,
            entities=entities,
            quotes=quotes,
            claims=claims,
            events=events,
            exempt=exempt,
            annotation=about.annotation,
            text=self.graph.text,
        )
        return article, self.remarks

    def _file(self, link: Link) -> None:
        source, target = self.regions.get(link.source), self.regions.get(link.target)
        if not source or not target:
            self.remarks.append(f"a link {link.label} leads to nothing")
            return
        label = link.label
        if canonical(source.label) is not None:  # else it is a role
            label = _LINKS.get(label.casefold(), label)
            if label in (SPEAKER, CUE) and canonical(target.label) == QUOTE:
                source, target = target, source
        self.links.setdefault(source.id, []).append(Link(label, source.id, target.id))

    def _pairs(self) -> list[tuple[str, str]]:
        """The regions that are linked as the same."""
        every = (link for links in self.links.values() for link in links)
        return [(link.source, link.target) for link in every if link.label == SAME]

    def _of(self, label: str | None, letter: str | None) -> list[Region]:
        """The regions with a label; with a letter, each then has an id as an item."""
        found = [r for r in self.graph.regions if canonical(r.label) == label]
        if letter:
            taken = {id_ for region in found if (id_ := region.value("Id"))}
            free = (f"{letter}{n}" for n in range(1, len(found) + len(taken) + 1))
            fresh = iter([id_ for id_ in free if id_ not in taken])
            for region in found:
                self.ids[region.id] = region.value("Id") or next(fresh)
        return found

    def _linked(self, region: Region, *labels: str) -> list[Region]:
        links = [li for li in self.links.get(region.id, []) if li.label in labels]
        self.used |= {link.target for link in links}
        return [self.regions[link.target] for link in links]

    def _item(self, region: Region) -> dict[str, object]:
        return {
            "id": self.ids[region.id],
            "optional": region.value("Optional") is not None,
            "tags": list(region.values.get("Tag", ())),
            "note": region.value("Note"),
        }

    def _quote(self, region: Region) -> GoldQuote:
        speakers, cues = self._linked(region, SPEAKER), self._linked(region, CUE)
        outer = self._linked(region, NESTED)
        named = [self.cast.entity_of(found) for found in (region, *speakers)]
        kind = region.value("Kind") or self._kind(region.spans)
        return GoldQuote.model_validate(
            {
                **self._item(region),
                "kind": kind.lower(),
                "spans": region.spans,
                "alternatives": self._alternatives(region),
                "speaker": next(filter(None, named), None),
                "speaker_mention": self._first(speakers),
                "cue": self._first(cues),
                "nested_in": self.ids.get(outer[0].id) if outer else None,
            }
        )

    def _claim(self, region: Region) -> GoldClaim:
        claimants = [region, *self._linked(region, CLAIMANT, SPEAKER)]
        named = [self.cast.entity_of(found) for found in claimants]
        wording = " ".join(span.text for span in region.spans)
        values = {
            **self._item(region),
            "text": region.value("Wording") or wording,
            "spans": region.spans,
            "alternatives": self._alternatives(region),
            "claimant": next(filter(None, named), AUTHOR),
            "check_worthy": region.value("Check_Worthy") != "no",
        }
        if modality := region.value("Modality"):
            values["modality"] = modality.lower()
        return GoldClaim.model_validate(values)

    def _event(self, region: Region) -> GoldEvent:
        parts = self._parts(region)
        value = region.value("Time")
        time = GoldTime(value=value) if value else None
        for found in parts.times:
            time = GoldTime(span=self._hull(found), value=found.value("Value"))
        status = region.value("Status")
        trigger = None if region.value("No_Trigger") else self._hull(region)
        return GoldEvent.model_validate(
            {
                **self._item(region),
                "type": region.label.removeprefix(EVENT),
                "trigger": trigger,
                "alternatives": [self._hull(found) for found in parts.alternatives],
                "arguments": parts.arguments,
                "place": [span for r in parts.places for span in self._mentions(r)],
                "time": time,
                "status": status and status.lower(),
                "reported_by": self.cast.entity_of(region) or AUTHOR,
            }
        )

    def _parts(self, region: Region) -> "_Parts":
        """What an event's links lead to: its label tells, a role may be anything."""
        parts = _Parts()
        for link in self.links.get(region.id, []):
            target = self.regions[link.target]
            self.used.add(target.id)
            match canonical(target.label):
                case regions.ALTERNATIVE:
                    parts.alternatives.append(target)
                case regions.PLACE:
                    parts.places.append(target)
                case regions.TIME:
                    parts.times.append(target)
                case _:
                    parts.arguments.append(self._argument(link.label, target))
        return parts

    def _argument(self, role: str, region: Region) -> GoldArgument:
        return GoldArgument(
            role=role,
            mentions=self._mentions(region),
            entity=self.cast.entity_of(region),
            optional=region.value("Optional") is not None,
        )

    def _mentions(self, region: Region) -> list[Span]:
        """A region's span, and those of the regions linked as the same."""
        others = [] if canonical(region.label) in KINDS else self._linked(region, SAME)
        return [self._hull(found) for found in (region, *others)]

    def _alternatives(self, region: Region) -> list[list[Span]]:
        return [list(found.spans) for found in self._linked(region, ALTERNATIVE)]

    def _hull(self, region: Region) -> Span:
        return region.hull(self.graph.text)

    def _first(self, regions: Sequence[Region]) -> Span | None:
        return self._hull(regions[0]) if regions else None

    @cached_property
    def _quotations(self) -> list[tuple[int, int]]:
        found = segment(self.graph.text).quotations
        return [(quotation.start, quotation.end) for quotation in found]

    def _kind(self, spans: Iterable[Span]) -> QuoteKind:
        """What the quotation marks say where nobody said it."""
        letters = [
            span.start + match.start()
            for span in spans
            for match in re.finditer(r"\w", span.text)
        ]
        inside = sum(
            any(start <= at < end for start, end in self._quotations) for at in letters
        )
        if not inside:
            return "indirect"
        return "direct" if inside == len(letters) else "mixed"

    def _note_unused(self) -> None:
        for region in self.graph.regions:
            label = canonical(region.label)
            if label in _PARTS and region.id not in self.used:
                self.remarks.append(
                    f"{region.id} ({region.label}) is linked with nothing"
                )
            self.remarks += [
                f"{region.id} has a value {name}, which means nothing here"
                for name in region.values
                if name not in CHOICES and name not in TEXTS
            ]
            for link in self.links.get(region.id, []) if label else ():
                if link.label not in LINKS:
                    self.remarks.append(f"no {region.label} has a link {link.label}")
