"""Labels as annotation tools have them: named regions of a text, and links.

Every tool's format is a way of writing the same graph, and this is how gold becomes
one. A region has a label, one span or more, and values; a link has a label too.

| gold | region | values | links from it |
|---|---|---|---|
| entity's mention | `Person`, `Organization`, `Group`, `Document`, `Unnamed` | `Entity` (id, name); `Alias` at the first mention | |
| quote | `Quote` | `Kind`, `Entity` where the speaker is not the mention's | `Speaker`, `Cue`, `Nested`, `Alternative` |
| speaker mention, cue | a mention of the entity, else `Speaker`; `Cue` | | |
| claim | `Claim` | `Wording`, `Modality`, `Check_Worthy` (`no`), `Entity` (claimant) | `Alternative` |
| event | its type, `Event:` before a type that is a label here | `Status`, `Entity` (reporter), `Time` (a value without span), `No_Trigger` | a role, `Place`, `Time`, `Alternative` |
| argument | `Participant`, its other mentions linked with `Same` | `Entity`, `Optional` | `Same` |
| place, time | `Place`, its other mentions; `Time` | `Value` | `Same` |
| another boundary, another trigger | `Alternative` | | |
| exempt text | `Exempt` | | |

Quotes, claims and events also have `Id`, `Note`, `Tag` (one value each) and `Optional`.
An event without trigger stands at its first mention or place, else at the article's
first word, and says `No_Trigger`. Read back, labels are known whatever their case, and
`Source` or `Content` of the attribution corpora are `Speaker` and `Quote`; any other
label is an event's type. What regions cannot carry is in `About`, which not every
format can hold.
"""  # noqa: E501

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, get_args

from pydantic import Field

from extractor.evaluation.gold import Annotation, Entity, Layer, Source
from extractor.schema import EventStatus, Frozen, Modality, QuoteKind, Span, SpeakerKind

QUOTE: Final = "Quote"
CLAIM: Final = "Claim"
SPEAKER: Final = "Speaker"
CUE: Final = "Cue"
ALTERNATIVE: Final = "Alternative"
PARTICIPANT: Final = "Participant"
PLACE: Final = "Place"
TIME: Final = "Time"
EXEMPT: Final = "Exempt"
EVENT: Final = "Event:"
"""Before an event's type that would be read as another label."""

KINDS: Final[Mapping[str, SpeakerKind]] = {
    kind.capitalize(): kind for kind in get_args(SpeakerKind)
}
"""Kind of an entity by the label of its mentions."""
LABELS: Final = (
    QUOTE,
    *KINDS,
    SPEAKER,
    CUE,
    CLAIM,
    PARTICIPANT,
    PLACE,
    TIME,
    ALTERNATIVE,
    EXEMPT,
)
_SYNONYMS = {
    "per": "Person",
    "org": "Organization",
    "organisation": "Organization",
    "source": SPEAKER,
    "content": QUOTE,
}
_KNOWN = {label.casefold(): label for label in LABELS} | _SYNONYMS

NESTED: Final = "Nested"
SAME: Final = "Same"
CONTINUES: Final = "Continues"
"""From one part of a region to the next, where a format's regions have one span."""
CLAIMANT: Final = "Claimant"
LINKS: Final = (SPEAKER, CUE, NESTED, ALTERNATIVE, CLAIMANT, SAME, CONTINUES)

YES: Final = "yes"
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "Kind": get_args(QuoteKind),
    "Modality": get_args(Modality),
    "Status": get_args(EventStatus),
    "Check_Worthy": ("no",),
    "Optional": (YES,),
    "No_Trigger": (YES,),
}
"""Values that are one of a list."""
TEXTS: Final = ("Entity", "Alias", "Wording", "Value", "Time", "Note", "Tag", "Id")
"""Values that are free text."""

Values = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Region:
    """A labelled part of the text."""

    id: str
    label: str
    spans: tuple[Span, ...]
    """In order; more than one where something interrupts it."""
    values: Values = field(default_factory=dict)
    """By name: of `CHOICES`, of `TEXTS`, or what a tool adds."""

    def value(self, name: str) -> str | None:
        """The first value of that name."""
        return next(iter(self.values.get(name, ())), None)

    def hull(self, text: str) -> Span:
        """From the region's first character to its last."""
        start, end = self.spans[0].start, max(span.end for span in self.spans)
        return Span(start=start, end=end, text=text[start:end])


@dataclass(frozen=True, slots=True)
class Link:
    """A labelled arrow from one region to another, by their ids."""

    label: str
    source: str
    target: str


class About(Frozen):
    """What is known of an article besides its regions."""

    doc: Source | None = None
    layers: list[Layer] | None = None
    annotation: Annotation = Annotation()
    entities: list[Entity] = Field(default_factory=list)
    """Those without a mention."""


@dataclass(frozen=True, slots=True)
class Graph:
    """The labels of one article."""

    id: str
    text: str
    regions: tuple[Region, ...]
    links: tuple[Link, ...]
    about: About = field(default_factory=About)


def canonical(label: str) -> str | None:
    """The label of `LABELS` that is meant; none where it is an event's type."""
    return _KNOWN.get(label.casefold())


def event_label(type_: str) -> str:
    """The label of an event's region."""
    plain = canonical(type_) is None and not type_.startswith(EVENT)
    return type_ if plain else EVENT + type_


def in_pieces(graph: Graph) -> Graph:
    """The same with one span to a region, the parts linked with `Continues`.

    The first part keeps the id, the values and the links.
    """
    regions, links = [], []
    for region in graph.regions:
        before = region.id
        for number, span in enumerate(region.spans):
            id_ = f"{region.id}+{number}" if number else region.id
            values = {} if number else region.values
            regions.append(Region(id_, region.label, (span,), values))
            if number:
                links.append(Link(CONTINUES, before, id_))
            before = id_
    return Graph(
        graph.id, graph.text, tuple(regions), (*links, *graph.links), graph.about
    )


def joined(graph: Graph) -> Graph:
    """The inverse of `in_pieces`; links to a later part go to the whole."""
    labels = {region.id: region.label for region in graph.regions}
    before: dict[str, str] = {}
    links: list[Link] = []
    for link in graph.links:
        source, target = labels.get(link.source), labels.get(link.target)
        if link.label == CONTINUES and source and source == target:
            before[link.target] = link.source
        else:
            links.append(link)

    def whole(id_: str) -> str:
        seen = {id_}
        while id_ in before and before[id_] not in seen:
            id_ = before[id_]
            seen.add(id_)
        return id_

    parts: dict[str, list[Region]] = {}
    for region in graph.regions:
        parts.setdefault(whole(region.id), []).append(region)
    regions = [_merged(id_, found) for id_, found in parts.items()]
    links = [Link(li.label, whole(li.source), whole(li.target)) for li in links]
    return Graph(graph.id, graph.text, tuple(regions), tuple(links), graph.about)


def _merged(id_: str, parts: Sequence[Region]) -> Region:
    first = next((part for part in parts if part.id == id_), parts[0])
    spans = {(s.start, s.end): s for part in parts for s in part.spans}
    values: dict[str, tuple[str, ...]] = {}
    for part in parts:
        values |= part.values
    return Region(id_, first.label, tuple(spans[key] for key in sorted(spans)), values)
