"""Events: what happened, to whom, where, when.

Triggers are found by lexicon; the model judges each in its sentence and copies the
participants, whose words pass the grounding gate; places, times and status follow from
the sentence by rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from extractor.analysis import Analysis
from extractor.choices import combine
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
from extractor.segmentation.model import Range, Sentence
from extractor.segmentation.places import find_places
from extractor.segmentation.triggers import Trigger, find_triggers, status_hint
from extractor.tasks import Ask
from extractor.tasks.quotes import Attributed
from extractor.tasks.snippets import sentence_at, span_at
from extractor.tasks.speakers import Cast
from extractor.times import find_times, resolve_time

NONE = "none"
MAX_ASKED = 14
"""Triggers the model is asked about, surest first."""
REPORTED = 0.5
"""A trigger that nobody was asked about is an event from this score on."""
ROLES = {"who": "agent", "whom": "patient"}
SENTENCE_CHARS = 400
TASK: TaskName = "events"

Words = Annotated[str, Field(max_length=90)]


class Participants(BaseModel):
    """The model's answer about one trigger; `kind` is added per trigger."""

    model_config = ConfigDict(extra="forbid")
    who: Words
    whom: Words


@dataclass(frozen=True, slots=True)
class _Found:
    name: str
    trigger: Trigger
    sentence: Sentence
    prior: dict[str, float]


def find_events(
    analysis: Analysis,
    attributed: Sequence[Attributed],
    cast: Cast,
    ask: Ask,
    trust: float,
) -> tuple[list[Event], list[Rejected]]:
    """The article's events, and the participants that it does not name.

    Args:
        analysis: the article.
        attributed: its quotes: whose words report an event.
        cast: who is who.
        ask: asks the model about the triggers.
        trust: probability that the model's choice of a kind is right.
    """
    found = _candidates(analysis)
    surest = sorted(found, key=lambda f: -f.trigger.score)[:MAX_ASKED]
    items = [_item(analysis, f) for f in found if f in surest]
    answers = ask(TASK, items)
    events: list[Event] = []
    rejected: list[Rejected] = []
    for candidate in found:
        answer = answers.get(candidate.name)
        kind = combine(candidate.prior, getattr(answer, "kind", None), trust)
        if kind == NONE:
            continue
        arguments, refused = _arguments(analysis, cast, candidate, answer)
        rejected += refused
        events.append(
            _event(analysis, attributed, cast, candidate, kind, arguments, len(events))
        )
    return events, rejected


def _candidates(analysis: Analysis) -> list[_Found]:
    found = []
    for k, trigger in enumerate(find_triggers(analysis.segmentation), 1):
        types = trigger.types[:2] or ("Other",)
        share = trigger.score / len(types)
        prior = dict.fromkeys(types, share)
        prior[types[0]] += share * 0.2
        prior.setdefault("Other", 0.02)
        prior[NONE] = 1 - trigger.score
        found.append(
            _Found(f"E{k}", trigger, sentence_at(analysis, trigger.start), prior)
        )
    return found


def _item(analysis: Analysis, found: _Found) -> Item:
    sentence, trigger = found.sentence, found.trigger
    words = analysis.text[sentence.start : sentence.end]
    if len(words) > SENTENCE_CHARS:
        at = trigger.start - sentence.start
        words = words[max(0, at - SENTENCE_CHARS // 2) : at + SENTENCE_CHARS // 2]
    return Item(
        id=found.name,
        answer=_answer_model(tuple(found.prior)),
        values={
            "trigger": analysis.text[trigger.start : trigger.end],
            "sentence": words,
            "types": list(found.prior),
        },
        at=trigger.start,
        tokens=80,
    )


def _answer_model(types: tuple[str, ...]) -> Any:
    return create_model(
        "EventAnswer", __base__=Participants, kind=(Literal[types], ...)
    )


def _arguments(
    analysis: Analysis, cast: Cast, found: _Found, answer: Any
) -> tuple[list[Argument], list[Rejected]]:
    arguments: list[Argument] = []
    rejected: list[Rejected] = []
    if not isinstance(answer, Participants):
        return arguments, rejected
    sentence = Range(found.sentence.start, found.sentence.end)
    for key, role in ROLES.items():
        words = str(getattr(answer, key)).strip(" -.")
        if not words:
            continue
        grounding = analysis.grounder.ground(
            words, near=found.trigger.start, within=sentence
        )
        if grounding.spans:
            span = grounding.spans[0]
            if not _overlaps(span, found.trigger):
                speaker = cast.speaker_at(span.start, span.end)
                arguments.append(Argument(role=role, span=span, speaker=speaker))
        else:
            rejected.append(
                Rejected(
                    task=TASK,
                    text=words,
                    verdict=grounding.verdict,
                    nearest=grounding.nearest,
                    diff=grounding.diff,
                )
            )
    if len(arguments) == 2 and arguments[0].span == arguments[1].span:
        arguments.pop()
    return arguments, rejected


def _overlaps(span: Span, trigger: Trigger) -> bool:
    return span.start < trigger.end and trigger.start < span.end


def _event(
    analysis: Analysis,
    attributed: Sequence[Attributed],
    cast: Cast,
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
        reported_by=_reporter(attributed, cast, trigger),
    )


def _reporter(attributed: Sequence[Attributed], cast: Cast, trigger: Trigger) -> str:
    """Whoever says the innermost passage that holds the trigger."""
    holding = [
        item
        for item in attributed
        if any(r.start <= trigger.start < r.end for r in item.passage.spans)
    ]
    if not holding:
        return AUTHOR
    inner = max(holding, key=lambda item: item.passage.spans[0].start)
    return cast.ids.get(inner.mention, AUTHOR) if inner.mention else AUTHOR


def _place(
    analysis: Analysis, found: _Found, arguments: list[Argument]
) -> Span | None:
    """The nearest place after the trigger in its sentence, else the nearest before."""
    sentence, trigger = found.sentence, found.trigger
    places = [
        r
        for r in find_places(analysis.segmentation)
        if sentence.start <= r.start and r.end <= sentence.end
    ]
    taken = [a.span for a in arguments]
    free = [r for r in places if not any(s.start <= r.start < s.end for s in taken)]
    if not free:
        return None
    nearest = min(
        free, key=lambda r: (r.start < trigger.start, abs(r.start - trigger.start))
    )
    return span_at(analysis.text, nearest.start, nearest.end)


def _time(analysis: Analysis, found: _Found) -> EventTime | None:
    """The time expression nearest to the trigger in its sentence."""
    sentence, trigger = found.sentence, found.trigger
    times = find_times(analysis.text, sentence.start, sentence.end)
    if not times:
        return None
    nearest = min(times, key=lambda r: abs(r.start - trigger.start))
    status = status_hint(analysis.segmentation, trigger)
    value, basis = resolve_time(
        nearest.of(analysis.text),
        published=analysis.published,
        tense="future" if status == "planned" else "past",
    )
    return EventTime(
        span=span_at(analysis.text, nearest.start, nearest.end), value=value, basis=basis
    )
