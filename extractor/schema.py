"""The data contract: what an extraction is, `schema_version` 1.

Offsets are 0-based, half-open and count Unicode code points of `document.text`, and
`span.text == document.text[span.start:span.end]` holds for every span of an
`Extraction`: construction and validation raise `ValueError` where it does not.
"""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

if TYPE_CHECKING:
    import pandas as pd

SCHEMA_VERSION: Final = 1

Verdict = Literal["exact", "typographic", "elided", "altered", "absent"]
OurTask = Literal["quotes", "speakers", "claims", "events"]
TaskName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""One of `OurTask`, or the name of a task of the user's own."""
SpeakerKind = Literal["person", "organization", "group", "document", "unnamed"]
QuoteKind = Literal["direct", "indirect", "mixed"]
Modality = Literal["asserted", "denied", "predicted", "hedged", "ordered"]
EventStatus = Literal["happened", "ongoing", "planned", "possible", "denied"]
TimeBasis = Literal["stated", "publication_date", "unresolved"]
EndpointKind = Literal["embedded", "endpoint", "rules"]

AUTHOR = "author"
"""Claimant and `reported_by` of what the article states in its own voice."""


class Frozen(BaseModel):
    """Base of all records: immutable, unknown fields refused."""

    # An error message would show a part of the article.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Span(Frozen):
    """A stretch of the article's text."""

    start: Annotated[int, Field(ge=0)]
    """First code point, 0-based."""
    end: Annotated[int, Field(ge=0)]
    """One past the last code point."""
    text: str
    """The article's own characters, `document.text[start:end]`."""

    @model_validator(mode="after")
    def _check_length(self) -> "Span":
        if self.end - self.start != len(self.text) or not self.text:
            raise ValueError(
                f"span {self.start}..{self.end} does not have the length of its text"
            )
        return self


class Document(Frozen):
    """One article."""

    id: str
    """Given by the caller, else the sha256 of the text."""
    text: str
    """The text all offsets refer to, never normalised."""
    title: str | None = None
    """Headline, where known apart from the text."""
    published: str | None = None
    """Publication date, ISO 8601 (`2016-08-16`), the anchor of relative dates."""
    language: str | None = None
    """BCP 47 tag (`en`), given or guessed."""
    source: str | None = None
    """File name or address the article was read from."""
    sha256: str
    """Hex digest of the text in UTF-8 (lone surrogates passed through)."""


class Speaker(Frozen):
    """Somebody or something that words are attributed to."""

    id: str
    """`p1`, `p2`, in order of first mention."""
    name: str
    """Fullest form in the article."""
    kind: SpeakerKind
    """Person, organization, group of people, document, or an unnamed source."""
    description: str | None = None
    """Role as the article words it (`a former military chief`), if it gives one."""
    mentions: list[Span] = Field(default_factory=list)
    """Every place that names the speaker: full and short forms and pronouns."""


class Quote(Frozen):
    """Reported speech."""

    id: str
    kind: QuoteKind
    """Derived from the quotation marks: all, none or part of the content is inside."""
    spans: list[Span] = Field(min_length=1)
    """The content without its outer quotation marks, in order."""
    text: str
    """The texts of `spans`, joined by one space."""
    speaker: str | None = None
    """`Speaker.id`, or null where the article does not say who spoke."""
    speaker_mention: Span | None = None
    """The words that name the speaker at this quote."""
    cue: Span | None = None
    """The reporting word: `said`, `according to`."""
    nested_in: str | None = None
    """`Quote.id` of the quote that holds this one."""


class Claim(Frozen):
    """One checkable statement of the article or of somebody in it."""

    id: str
    text: str
    """Self-contained: pronouns and relative dates resolved."""
    spans: list[Span] = Field(min_length=1)
    """The evidence."""
    claimant: str
    """`Speaker.id`, or `author` for the article's own voice."""
    modality: Modality
    """Asserted, denied, predicted, hedged or ordered by the claimant."""
    quotes: list[str] = Field(default_factory=list)
    """Ids of the quotes that hold the evidence."""
    check_worthy: bool
    """Whether a fact-checker could and would check it."""


class Argument(Frozen):
    """A participant of an event."""

    role: str
    """`agent`, `patient`, `recipient`, `instrument`, ..."""
    span: Span
    speaker: str | None = None
    """`Speaker.id`, if the participant also speaks in the article."""


class EventTime(Frozen):
    """When an event took place."""

    span: Span
    """The time expression."""
    value: str | None = None
    """EDTF / ISO 8601, no finer than the article (`2015-10`, `2016-08-16`)."""
    basis: TimeBasis
    """Stated in full, resolved against the publication date, or not resolved."""


class Event(Frozen):
    """Something that happened, is planned, possible or denied."""

    id: str
    type: str
    """ACE's eight types, Disaster, Statement, Other, or one of the caller's list."""
    trigger: Span
    """The word that names the event."""
    arguments: list[Argument] = Field(default_factory=list)
    place: Span | None = None
    time: EventTime | None = None
    status: EventStatus
    reported_by: str = AUTHOR
    """`Speaker.id` whose words report it, or `author`."""


class OwnItem(Frozen):
    """Something that a task of the user's own found."""

    id: str
    """`injuries-1`, `injuries-2`, in the order of the text."""
    fields: dict[str, JsonValue]
    """The user's model as JSON; its anchors have the article's words."""
    spans: dict[str, list[Span]] = Field(default_factory=dict)
    """Where the article has the words of each anchor, by its field (`who`; in a model
    within, `victims.0.who`)."""
    evidence: list[Span] = Field(min_length=1)
    """The sentence or quote that says it."""
    quote: str | None = None
    """`Quote.id`, where the model was asked about a quote."""

    def rows(self) -> list[tuple[str, str, list[Span]]]:
        """Name, value as text and spans of each field, to show or to export."""
        names = [*self.fields, *(path for path in self.spans if "." in path)]
        return [
            (name, field_text(self.fields.get(name)), self.spans.get(name, []))
            for name in dict.fromkeys(names)
        ]


def field_text(value: JsonValue) -> str:
    """A field's value as text: text as it is, all else as JSON, none as nothing."""
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)


class Rejected(Frozen):
    """Something the model returned that the article does not say."""

    task: TaskName
    text: str
    """The model's words."""
    verdict: Verdict
    """`altered` or `absent`."""
    nearest: Span | None = None
    """The closest passage of the article."""
    diff: str | None = None
    """What differs, word by word."""


class Usage(Frozen):
    """Tokens as the endpoint counts them."""

    prompt_tokens: int = 0
    """All prompt tokens, cached ones included."""
    cached_tokens: int = 0
    """Prompt tokens that the endpoint took from its cache."""
    completion_tokens: int = 0
    """Tokens generated."""

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            cached_tokens=self.cached_tokens + other.cached_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
        )

    def __sub__(self, other: "Usage") -> "Usage":
        return Usage(
            prompt_tokens=self.prompt_tokens - other.prompt_tokens,
            cached_tokens=self.cached_tokens - other.cached_tokens,
            completion_tokens=self.completion_tokens - other.completion_tokens,
        )


class PromptRef(Frozen):
    """A prompt as it was when used."""

    id: str
    """`quotes.v3`."""
    sha256: str
    """Hex digest of the template and the templates it builds on."""


class Failure(Frozen):
    """A question or task that failed; the rest of the extraction stands."""

    task: TaskName
    code: str
    """`ExtractorError.code`."""
    message: str


class TaskStats(Frozen):
    """What one task cost."""

    calls: int = 0
    answered: int = 0
    """Questions that the model answered, at least in part."""
    seconds: float = 0.0
    usage: Usage = Usage()


class Provenance(Frozen):
    """How an extraction came about."""

    model: str
    endpoint: EndpointKind
    """`embedded` (in this process), `endpoint` (over the network) or `rules`."""
    engine: str | None = None
    """Engine and version of the embedded model."""
    packages: dict[str, str] = Field(default_factory=dict)
    prompts: dict[str, PromptRef] = Field(default_factory=dict)
    """Prompt of each task that asked the model."""
    tasks: dict[str, TaskStats] = Field(default_factory=dict)
    usage: Usage = Usage()
    calls: int = 0
    retries: int = 0
    seconds: float = 0.0
    """Wall time of the extraction, seconds."""
    cost: float | None = None
    """In the currency of the prices given, when prices are known."""
    verdicts: dict[str, int] = Field(default_factory=dict)
    """How many of the rejected strings got each verdict."""
    failures: list[Failure] = Field(default_factory=list)
    warnings: list[str] = Field(default_factory=list)
    """What the reader should know: a fallback used, a date left unresolved."""


class Extraction(Frozen):
    """All that was found in one article."""

    schema_version: Literal[1] = SCHEMA_VERSION
    document: Document
    speakers: list[Speaker] = Field(default_factory=list)
    quotes: list[Quote] = Field(default_factory=list)
    claims: list[Claim] = Field(default_factory=list)
    events: list[Event] = Field(default_factory=list)
    items: dict[TaskName, list[OwnItem]] = Field(default_factory=dict)
    """What the user's own tasks found, by their names."""
    rejected: list[Rejected] = Field(default_factory=list)
    provenance: Provenance

    def spans(self) -> Iterator[Span]:
        """Every span of the extraction, in no particular order."""
        for speaker in self.speakers:
            yield from speaker.mentions
        for quote in self.quotes:
            yield from quote.spans
            yield from (s for s in (quote.speaker_mention, quote.cue) if s)
        for claim in self.claims:
            yield from claim.spans
        for event in self.events:
            yield event.trigger
            yield from (argument.span for argument in event.arguments)
            yield from (s for s in (event.place, event.time and event.time.span) if s)
        for item in self.own_items():
            yield from item.evidence
            yield from (span for spans in item.spans.values() for span in spans)
        yield from (r.nearest for r in self.rejected if r.nearest)

    def own_items(self) -> Iterator[OwnItem]:
        """What the user's own tasks found, task by task."""
        for items in self.items.values():
            yield from items

    def to_dataframe(self, table: str = "quotes") -> "pd.DataFrame":
        """One table of what was found; see `extractor.to_dataframe`, which takes many.

        Args:
            table: `documents`, `quotes`, `speakers`, `mentions`, `claims`, `events`,
                `participants`, `items`, `rejected`, or the name of an own task.

        Raises:
            UsageError: there is no such table, or pandas is not installed.
        """
        from extractor.export.frames import to_dataframe

        return to_dataframe(self, table)

    def _repr_html_(self) -> str:
        """The report, for a notebook: see `extractor.report.to_fragment`."""
        # A notebook asks the object itself, so this looks up the layers, but only when
        # it asks: to import `schema` takes nothing of them.
        from extractor.report import to_fragment

        return to_fragment(self)

    @model_validator(mode="after")
    def _check_grounded(self) -> "Extraction":
        text = self.document.text
        for span in self.spans():
            if text[span.start : span.end] != span.text:
                raise ValueError(
                    f"span {span.start}..{span.end} is not what the document says there"
                )
        return self

    @model_validator(mode="after")
    def _check_links(self) -> "Extraction":
        speakers = {speaker.id for speaker in self.speakers}
        quotes = {quote.id for quote in self.quotes}
        named = {quote.speaker for quote in self.quotes if quote.speaker}
        named |= {claim.claimant for claim in self.claims}
        named |= {event.reported_by for event in self.events}
        named |= {a.speaker for e in self.events for a in e.arguments if a.speaker}
        linked = {q.nested_in for q in self.quotes if q.nested_in}
        linked |= {quote_id for claim in self.claims for quote_id in claim.quotes}
        linked |= {item.quote for item in self.own_items() if item.quote}
        dangling = (named - speakers - {AUTHOR}) | (linked - quotes)
        if dangling:
            raise ValueError(f"ids without an item: {', '.join(sorted(dangling))}")
        return self
