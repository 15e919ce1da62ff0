"""Events: what happened, to whom, where, when.

Triggers are found by lexicon; the model judges each in its sentence and copies the
participants, whose words pass the grounding gate; places, times and status follow from
the sentence by rule.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from extractor.analysis import Analysis
from extractor.choices import Prior, Trust, believe, combine, shares
from extractor.questions import Item
from extractor.schema import (
    AUTHOR,
    Argument,
    Event,
    EventTime,
    Rejected,
    Span,
    TaskName,
)
from extractor.segmentation.eventtypes import NONE, EventTypes
from extractor.segmentation.intervals import Intervals
from extractor.segmentation.model import Range, Sentence
from extractor.segmentation.participants import find_participants
from extractor.segmentation.triggers import Trigger, find_triggers, status_hint
from extractor.tasks import Ask
from extractor.tasks.cast import Cast
from extractor.tasks.quotes import Attributed
from extractor.tasks.snippets import ground_phrase, sentence_at, span_at
from extractor.times import find_times, resolve_time

REPORTED = 0.55
"""A trigger is an event from this probability on."""
ROLES = {"who": "agent", "whom": "patient"}
SENTENCE_CHARS = 400
TASK: TaskName = "events"

_POSSESSIVE = re.compile(r"['’]s\b")
_LOCATED = re.compile(
    r"\b(?:in|at|near|on|over|off|outside|inside|across|around|throughout|to|into|from)"
    r"[\s\u00a0]+(?:the[\s\u00a0]+)?$",
    re.IGNORECASE,
)

TIME_CHARS, LEADING_CHARS = 90, 15
"""A time expression farther from a trigger is another event's, unless it stands at the
sentence's beginning."""
_NO_ONE = frozenset({"nobody", "no one", "none", "nothing", "unknown", "n/a"})
_CLAUSE_MARKS = ';:—"'
WORDS_CHARS = 100
PARTICIPANT_WORDS = 12
"""Longer answers are clauses, not participants."""
FAR_FETCHED = 260
"""A place of more doubt than this is not the event's; see `_place`."""

Words = Annotated[str, Field(max_length=WORDS_CHARS)]


class Participants(BaseModel):
    """The model's answer about one trigger; `kind` is added per trigger."""

    model_config = ConfigDict(extra="forbid")
    who: Words
    whom: Words


_Part = tuple[str, Span]
"""A role and the words that have it."""


@dataclass(frozen=True, slots=True)
class _Found:
    name: str
    trigger: Trigger
    sentence: Sentence
    prior: Prior
    """Over the types the trigger's word can name."""
    reporter: str
    """Speaker id or `author`."""

    @property
    def first(self) -> str:
        """The likeliest type."""
        return max(self.prior, key=lambda name: self.prior[name])

    def kind(self, answer: str | None, trust: Trust) -> str:
        """The type of the event, `NONE` if it is none."""
        named = None if answer is None else answer != NONE
        if believe(self.trigger.score, named, trust) < REPORTED:
            return NONE
        return combine(self.prior, answer, trust)


def find_events(
    analysis: Analysis,
    attributed: Sequence[Attributed],
    cast: Cast,
    ask: Ask,
    trust: Trust,
    types: EventTypes | None = None,
) -> tuple[list[Event], list[Rejected]]:
    """The article's events, and the participants that it does not name.

    Args:
        analysis: the article.
        attributed: its quotes: whose words report an event.
        cast: who is who.
        ask: asks the model about the triggers.
        trust: in the model.
        types: the user's own, instead of ours or beside them.
    """
    found = _candidates(analysis, attributed, cast, types)
    possible = [f for f in found if f.kind(f.first, trust) != NONE]
    items = [_item(analysis, f, types) for f in possible] if trust.events else []
    answers = ask(TASK, items)
    events: list[Event] = []
    rejected: list[Rejected] = []
    for candidate in found:
        answer = answers.get(candidate.name)
        kind = candidate.kind(getattr(answer, "kind", None), trust)
        if kind == NONE:
            continue
        copied, refused = _copied(analysis, candidate, answer)
        ruled = _ruled(analysis, candidate, kind)
        if answer is not None:
            ruled = []  # who is left out has been left out on purpose
        arguments = _arguments(analysis, cast, (ruled, copied))
        rejected += refused
        events.append(_event(analysis, candidate, kind, arguments, len(events)))
    return events, rejected


def _candidates(
    analysis: Analysis,
    attributed: Sequence[Attributed],
    cast: Cast,
    own: EventTypes | None,
) -> list[_Found]:
    found: list[_Found] = []
    if (analysis.document.language or "en")[:2] != "en":
        return found  # the lexicon of triggers is English
    said = Intervals((r, item) for item in attributed for r in item.passage.spans)
    words = own.lexicon if own else None
    other = [("Other", 0.05)] if own is None or own.has_other else []
    for k, trigger in enumerate(find_triggers(analysis.segmentation, words), 1):
        reporter = _reporter(said, cast, trigger)
        if reporter is None:
            continue  # nobody knows who reports it; the article does not
        types = [t for t in trigger.types if t != "Other"][:2] or ["Other"]
        weights = [*zip(types, (0.6, 0.35), strict=False), *other]
        sentence = sentence_at(analysis, trigger.start)
        found.append(_Found(f"E{k}", trigger, sentence, shares(weights), reporter))
    return found


def _item(analysis: Analysis, found: _Found, own: EventTypes | None) -> Item:
    sentence, trigger = found.sentence, found.trigger
    words = analysis.text[sentence.start : sentence.end]
    if len(words) > SENTENCE_CHARS:
        at = trigger.start - sentence.start
        words = words[max(0, at - SENTENCE_CHARS // 2) : at + SENTENCE_CHARS // 2]
    described = own.descriptions if own else {}
    about = {name: f"{name} ({described[name]})" for name in described}
    return Item(
        id=found.name,
        answer=_answer_model((*found.prior, NONE)),
        values={
            "trigger": analysis.text[trigger.start : trigger.end],
            "sentence": words,
            "types": [*(about.get(name, name) for name in found.prior), NONE],
        },
        at=trigger.start,
        tokens=80,
    )


def _answer_model(types: tuple[str, ...]) -> Any:
    kind: Any = Literal[types]
    return create_model("EventAnswer", __base__=Participants, kind=(kind, ...))


def _arguments(
    analysis: Analysis, cast: Cast, sources: tuple[list[_Part], list[_Part]]
) -> list[Argument]:
    """The first source's participants, and the second's for roles still empty."""
    arguments: list[Argument] = []
    for source in sources:
        filled = {argument.role for argument in arguments}
        for role, span in source:
            taken = any(
                span.start < a.span.end and a.span.start < span.end for a in arguments
            )
            if role not in filled and not taken:
                speaker = cast.speaker_at(analysis.flat, span.start, span.end)
                arguments.append(Argument(role=role, span=span, speaker=speaker))
    return arguments


def _ruled(analysis: Analysis, found: _Found, kind: str) -> list[_Part]:
    """The participants that the rules read around the trigger."""
    parts = find_participants(analysis.flat, found.sentence, found.trigger, kind)
    return [
        (part.role, span_at(analysis.text, part.span.start, part.span.end))
        for part in parts
    ]


def _copied(
    analysis: Analysis, found: _Found, answer: Any
) -> tuple[list[_Part], list[Rejected]]:
    """The participants that the model copied, and those the article does not name."""
    parts: list[_Part] = []
    rejected: list[Rejected] = []
    if not isinstance(answer, Participants):
        return parts, rejected
    for key, role in ROLES.items():
        grounded = _ground(analysis, found, getattr(answer, key))
        if isinstance(grounded, Rejected):
            rejected.append(grounded)
            continue
        for span in grounded:
            known = any(part == span for _, part in parts)
            if not known and _is_plausible(analysis, found.trigger, role, span):
                parts.append((role, span))
    return parts, rejected


def _ground(
    analysis: Analysis, found: _Found, words: str
) -> tuple[Span, ...] | Rejected:
    """The article's words for participants; `A and B` may stand apart in it."""
    if len(words) >= WORDS_CHARS:  # cut by the limit, perhaps within a word
        words = words.rsplit(" ", 1)[0]
    words = words.strip(" -.")
    if not words or words.lower() in _NO_ONE:
        return ()
    sentence = Range(found.sentence.start, found.sentence.end)
    near = found.trigger.start
    grounding = ground_phrase(analysis, words, near=near, within=sentence)
    if len(grounding.spans) == 1:
        return grounding.spans if len(words.split()) <= PARTICIPANT_WORDS else ()
    parts = [
        ground_phrase(analysis, part, near=near, within=sentence)
        for part in words.split(" and ")
    ]
    if len(parts) > 1 and all(len(part.spans) == 1 for part in parts):
        return tuple(part.spans[0] for part in parts)
    return Rejected(
        task=TASK,
        text=words,
        verdict=grounding.verdict,
        nearest=grounding.nearest,
        diff=grounding.diff,
    )


def _is_plausible(analysis: Analysis, trigger: Trigger, role: str, span: Span) -> bool:
    """Whether words can have a role at a trigger.

    Not what stands in another clause, behind a comma after its verb, or after `at`.
    """
    if span.start < trigger.end and trigger.start < span.end:
        return False
    text = analysis.flat
    if span.start < trigger.start:
        between = text[span.end : trigger.start]
    else:
        between = text[trigger.end : span.start]
        if role == "patient" and "," in between and not trigger.noun:
            return False
    located = _LOCATED.search(text, max(0, span.start - 20), span.start)
    if located and Range(span.start, span.end) in analysis.places:
        return False
    return not any(mark in between for mark in ':;“”"')


def _event(
    analysis: Analysis,
    found: _Found,
    kind: str,
    arguments: list[Argument],
    count: int,
) -> Event:
    trigger = found.trigger
    return Event(
        id=f"e{count + 1}",
        type=kind,
        trigger=span_at(analysis.text, trigger.start, trigger.end),
        arguments=arguments,
        place=_place(analysis, found, arguments),
        time=_time(analysis, found),
        status=status_hint(analysis.segmentation, trigger),
        reported_by=found.reporter,
    )


def _reporter(said: Intervals[Attributed], cast: Cast, trigger: Trigger) -> str | None:
    """Who says the innermost passage with a known speaker that holds the trigger.

    The author if no passage does; None if it stands in the words of nobody known.
    """
    holding = list(said.overlapping(trigger.start, trigger.start + 1))
    known = [
        (item.passage.spans[0].start, cast.ids[item.mention])
        for item in holding
        if item.mention in cast.ids
    ]
    if known:
        return max(known, key=lambda pair: pair[0])[1]
    return None if holding else AUTHOR


def _place(analysis: Analysis, found: _Found, arguments: list[Argument]) -> Span | None:
    """The best of the sentence's places that is not a participant itself."""
    sentence, trigger = found.sentence, found.trigger
    taken = {(a.span.start, a.span.end) for a in arguments}
    first = bisect_left(analysis.places, sentence.start, key=lambda r: r.start)
    last = bisect_left(analysis.places, sentence.end, key=lambda r: r.start)
    places = [
        r
        for r in analysis.places[first:last]
        if r.end <= sentence.end and (r.start, r.end) not in taken
    ]
    if not places:
        return None

    def doubt(place: Range) -> int:
        """In characters of distance, the more the less it reads as `in` a place."""
        located = _LOCATED.search(analysis.flat, max(0, place.start - 20), place.start)
        return (
            abs(place.start - trigger.start)
            + 60 * (place.start < trigger.start)
            + 80 * analysis.text[place.start].islower()
            + 150 * (located is None)
            + 300 * bool(_POSSESSIVE.match(analysis.flat, place.end))
        )

    best = min(places, key=doubt)
    if doubt(best) > FAR_FETCHED:
        return None
    return span_at(analysis.text, best.start, best.end)


def _time(analysis: Analysis, found: _Found) -> EventTime | None:
    """The time expression nearest to the trigger in its clause."""
    sentence, trigger = found.sentence, found.trigger
    times = find_times(analysis.text, sentence.start, sentence.end)
    if not times:
        return None
    nearest = min(times, key=lambda r: abs(r.start - trigger.start))
    between = analysis.text[
        min(nearest.end, trigger.end) : max(nearest.start, trigger.start)
    ]
    leads = nearest.start - sentence.start < LEADING_CHARS
    far = len(between) > TIME_CHARS and not leads
    if far or any(mark in between for mark in _CLAUSE_MARKS):
        return None
    status = status_hint(analysis.segmentation, trigger)
    value, basis = resolve_time(
        nearest.of(analysis.text),
        published=analysis.published,
        tense="future" if status == "planned" else "past",
    )
    span = span_at(analysis.text, nearest.start, nearest.end)
    return EventTime(span=span, value=value, basis=basis)
