"""The rows of the flat tables: what each column holds.

Every table has the same first columns, which tell the article. An offset is one of the
article's text: 0-based, half-open, in code points. What lies in several places has
them in one cell, as slices: `118:160 181:204`.
"""

from extractor.schema import (
    EventStatus,
    Frozen,
    Modality,
    QuoteKind,
    SpeakerKind,
    TaskName,
    TimeBasis,
    Verdict,
)


class Row(Frozen):
    """What the rows of all tables begin with."""

    document: str
    """`Document.id`."""
    title: str | None
    published: str | None
    source: str | None


class DocumentRow(Row):
    """An article, whether or not anything was found in it."""

    language: str | None
    sha256: str
    characters: int
    """Code points of the text."""
    model: str
    speakers: int
    """How many were found, as of the other items."""
    quotes: int
    claims: int
    events: int
    rejected: int
    failures: int
    """Questions and tasks that failed."""


class QuoteRow(Row):
    """A quote with its speaker."""

    id: str
    kind: QuoteKind
    text: str
    start: int
    """Of the first part."""
    end: int
    """Of the last part."""
    spans: str
    """All parts, as slices."""
    speaker: str | None
    """`Speaker.id`, as the other tables have it."""
    speaker_name: str | None
    speaker_kind: SpeakerKind | None
    speaker_description: str | None
    mention: str | None
    """The words that name the speaker at this quote."""
    mention_at: str | None
    cue: str | None
    cue_at: str | None
    nested_in: str | None


class SpeakerRow(Row):
    """A speaker of one article."""

    id: str
    name: str
    kind: SpeakerKind
    description: str | None
    mentions: int
    quotes: int
    """How many are the speaker's, as of claims."""
    claims: int


class MentionRow(Row):
    """A place that names a speaker."""

    speaker: str
    speaker_name: str
    text: str
    start: int
    end: int


class ClaimRow(Row):
    """A claim with its claimant."""

    id: str
    text: str
    evidence: str
    """The article's words, the parts joined by a space."""
    start: int
    end: int
    spans: str
    claimant: str
    """`Speaker.id`, or `author`."""
    claimant_name: str | None
    modality: Modality
    check_worthy: bool
    quotes: str
    """Ids of the quotes that hold the evidence, with a space between."""


class EventRow(Row):
    """An event; who took part is in the table `participants`, too."""

    id: str
    type: str
    trigger: str
    start: int
    """Of the trigger."""
    end: int
    participants: str
    """`agent: the council; patient: the wall`."""
    place: str | None
    place_at: str | None
    time: str | None
    """The article's words; `date` is what they mean."""
    time_at: str | None
    date: str | None
    date_basis: TimeBasis | None
    status: EventStatus
    reported_by: str
    """`Speaker.id`, or `author`."""
    reporter_name: str | None


class ParticipantRow(Row):
    """Somebody or something that takes part in an event."""

    event: str
    event_type: str
    role: str
    text: str
    start: int
    end: int
    speaker: str | None
    speaker_name: str | None


class ItemRow(Row):
    """What a task of the user's own found."""

    task: TaskName
    id: str
    fields: str
    """The user's model as JSON."""
    evidence: str
    """The sentence or quote that says it."""
    start: int
    """Of the evidence."""
    end: int
    spans: str
    words_at: str
    """Where the words of each field are: `who 12:20 44:50; where 61:70`."""
    quote: str | None
    """`Quote.id`, where the model was asked about a quote."""


class RejectedRow(Row):
    """Something the model returned that the article does not say."""

    task: TaskName
    text: str
    """The model's words."""
    verdict: Verdict
    nearest: str | None
    start: int | None
    """Of the nearest passage."""
    end: int | None
    diff: str | None
