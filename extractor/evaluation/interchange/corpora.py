"""Gold articles from published corpora, as the one JSON file per article they come in.

The layout, shared by files made from SEER, PolNeAR, WikiEvents and MUC-4: `id`, `text`
and what is known of the article (`title`, `date`, `url`, `publisher`, `licence`,
`split`); then `quotes`, `events`, or `annotators` with the quotes of each person who
labelled the article. Spans are `{start, end, text}`, counted as in gold.

What becomes of it:

| corpus | label | gold |
|---|---|---|
| all | `fragments`, `cue`, `speaker` span | spans, cue, speaker mention, untrimmed |
| SEER | speaker's `name` | one entity for each name, with the short forms used |
| SEER | `utterance`, `claims` | left out: wordings and sentences of the same quotes |
| PolNeAR | `speech_cue` false | tag `no_speech_cue`, and optional with one annotator |
| PolNeAR | `resolved_auto` | left out: no human label |
| WikiEvents | role `Place` | the event's place |
| MUC-4 | `other_mentions` | mentions as right as the first; no event has a trigger |
| MUC-4 | `optional_template` | optional |
| MUC-4 | stage `ACCOMPLISHED` | status `happened`; other stages have no status |
| MUC-4 | `date`, `location` | the note: they are normalised, and have no span |
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlsplit

from pydantic import ValidationError

from extractor.errors import GoldError
from extractor.evaluation.gold import (
    Annotation,
    Entity,
    GoldArgument,
    GoldArticle,
    GoldEvent,
    GoldQuote,
    Layer,
    make_source,
)
from extractor.schema import EventStatus, Span

NO_SPEECH_CUE: Final = "no_speech_cue"
"""Tag of attributions whose cue is no reporting word: thoughts, plans, feelings."""

_LABELS = ("annotators", "quotes", "events")
_PLACE = "Place"
_STATUS: Final[dict[str, EventStatus]] = {"ACCOMPLISHED": "happened"}
_PRONOUNS = frozenset("he her him i it she that they this those we who you".split())
_POST_NOMINAL = re.compile(r"[A-Z]{2,3}|Jr\.?|Sr\.?")


def is_corpus(content: object) -> bool:
    """Whether a JSON file's content has the layout that corpora come in."""
    return (
        isinstance(content, dict)
        and isinstance(content.get("text"), str)
        and "id" in content
        and "schema" not in content
        and any(key in content for key in _LABELS)
    )


def read_corpus_article(content: dict[str, Any], path: Path) -> list[GoldArticle]:
    """The gold articles of one corpus file.

    Args:
        content: what the JSON file holds.
        path: the file, for messages.

    Returns:
        One article; of a file that several people labelled, one of each, whose
        `annotation.annotators` names the one.

    Raises:
        GoldError: the file lacks something, or an offset does not fit the text.
    """
    if not is_corpus(content):
        raise GoldError(
            f"{path} is no corpus article: it needs id, text and one of "
            f"{', '.join(_LABELS)}."
        )
    try:
        return list(_articles(content))
    except KeyError as error:
        raise GoldError(f"{path}: a label lacks {error}; complete it.") from None
    except (AttributeError, TypeError, ValueError) as error:
        reason = _reason(error)
        raise GoldError(f"{path}: {reason}; mend the file, or leave it out.") from None


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return error.errors(include_url=False, include_input=False)[0]["msg"]
    return str(error)


def _articles(content: dict[str, Any]) -> Iterable[GoldArticle]:
    annotators = content.get("annotators")
    if annotators:
        for name, labels in sorted(annotators.items()):
            quotes = [_quote(n, label, {}, False) for n, label in _counted(labels)]
            yield _article(content, ["quotes"], [name], quotes=quotes)
        return
    labels = content.get("quotes") or []
    entities, ids = _entities(labels, content["text"])
    layers: list[Layer] = ["quotes"] if "quotes" in content else []
    layers += ["speakers"] if entities else []
    layers += ["events"] if "events" in content else []
    name = content.get("annotator")
    yield _article(
        content,
        layers,
        [name] if name else [],
        entities=entities,
        quotes=[_quote(n, label, ids, True) for n, label in _counted(labels)],
        events=[_event(n, label) for n, label in _counted(content.get("events") or [])],
    )


def _counted(labels: Iterable[Any]) -> Iterable[tuple[int, Any]]:
    return enumerate(labels, start=1)


def _article(
    content: dict[str, Any], layers: list[Layer], annotators: list[str], **items: Any
) -> GoldArticle:
    return GoldArticle(
        doc=make_source(
            str(content["id"]),
            content["text"],
            title=content.get("title"),
            published=_day(content.get("date")),
            language="en",
            outlet=content.get("publisher") or _host(content.get("url")),
            url=content.get("url"),
            licence=content.get("licence"),
            split=content.get("split"),
        ),
        layers=layers,
        annotation=Annotation(annotators=annotators),
        text=content["text"],
        **items,
    )


def _day(stamp: str | None) -> str | None:
    return date.fromisoformat(stamp[:10]).isoformat() if stamp else None


def _host(url: str | None) -> str | None:
    return urlsplit(url).netloc.removeprefix("www.") or None if url else None


def _span(label: Mapping[str, Any] | None) -> Span | None:
    if not label or label.get("start") is None:
        return None
    return Span(start=label["start"], end=label["end"], text=label["text"])


def _spans(labels: Iterable[Mapping[str, Any]]) -> list[Span]:
    """The spans in order, none twice."""
    spans = {(span.start, span.end): span for span in map(_span, labels) if span}
    return [spans[key] for key in sorted(spans)]


def _quote(
    number: int, label: Mapping[str, Any], entities: Mapping[str, str], lenient: bool
) -> GoldQuote:
    speaker = label.get("speaker") or {}
    unusual = label.get("speech_cue") is False
    return GoldQuote(
        id=f"q{number}",
        kind=label["type"],
        spans=_spans(label["fragments"]),
        speaker=entities.get(_plain(speaker.get("name"))),
        speaker_mention=_span(speaker),
        cue=_span(label.get("cue")),
        optional=unusual and lenient,
        tags=[NO_SPEECH_CUE] if unusual else [],
    )


def _event(number: int, label: Mapping[str, Any]) -> GoldEvent:
    arguments = label["arguments"]
    roles = [_argument(item) for item in arguments if item["role"] != _PLACE]
    places = [item for item in arguments if item["role"] == _PLACE]
    known = {key: label[key] for key in ("date", "location", "stage") if label.get(key)}
    return GoldEvent(
        id=f"v{number}",
        type=label["type"],
        trigger=_span(label["trigger"]),
        arguments=roles,
        place=_spans(mention for place in places for mention in _mentions(place)),
        status=_STATUS.get(str(label.get("stage"))),
        optional=label.get("optional_template", False),
        note="; ".join(f"{key} {value}" for key, value in known.items()) or None,
    )


def _argument(label: Mapping[str, Any]) -> GoldArgument:
    return GoldArgument(
        role=label["role"],
        mentions=_spans(_mentions(label)),
        optional=label.get("optional", False),
    )


def _mentions(label: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [label, *cast("list[Mapping[str, Any]]", label.get("other_mentions", []))]


def _plain(name: str | None) -> str:
    """What two spellings of one name share: `Ana\u202fRuiz` is `Ana Ruiz`."""
    return " ".join((name or "").split()).casefold()


def _entities(
    labels: Iterable[Mapping[str, Any]], text: str
) -> tuple[list[Entity], dict[str, str]]:
    """The named speakers, and the id of each by its plain name."""
    said: dict[str, list[Mapping[str, Any]]] = {}
    for label in labels:
        name = _plain((label.get("speaker") or {}).get("name"))
        if name:
            said.setdefault(name, []).append(label)
    ids = {name: f"e{number}" for number, name in _counted(said)}
    entities = [
        _entity(ids[name], quotes, text, set(said) - {name})
        for name, quotes in said.items()
    ]
    return entities, ids


def _entity(
    id_: str, labels: list[Mapping[str, Any]], text: str, others: set[str]
) -> Entity:
    name = " ".join(labels[0]["speaker"]["name"].split())
    kind = labels[0].get("agent_type") or "person"
    mentions = _spans(label["speaker"] for label in labels)
    forms = [span.text for span in mentions if span.text.lower() not in _PRONOUNS]
    if kind == "person":
        forms += _last_name(name, text, others)
    elif found := re.search(_spaced(name) + r"\s*\(([A-Z][\w.&-]*[A-Z.])\)", text):
        forms.append(found[1])
    return Entity(
        id=id_,
        name=name,
        kind=kind,
        aliases=[form for form in dict.fromkeys(forms) if form != name],
        mentions=mentions,
    )


def _last_name(name: str, text: str, others: set[str]) -> list[str]:
    """The last name of a full one, if the article uses it and nobody else bears it."""
    words = name.split()
    while words and _POST_NOMINAL.fullmatch(words[-1]):
        words.pop()
    if len(words) < 2 or not all(word[0].isupper() for word in (words[0], words[-1])):
        return []
    last = words[-1]
    shared = any(last.casefold() in other.split() for other in others)
    used = re.search(rf"\b{re.escape(last)}\b", text)
    return [last] if used and not shared else []


def _spaced(name: str) -> str:
    return r"\s+".join(map(re.escape, name.split()))
