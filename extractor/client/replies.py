"""What a model replied: read from the protocol's JSON, and salvaged field by field.

A response model has one field per item asked about. So a reply that is cut, looping or
wrong in places still answers some of the items: `read_fields` keeps every field that
validates and names the others. Nothing that was cut short passes for complete.

Replies are hostile until validated: lone surrogates, NUL, NaN, deep nesting and endless
text end as a dropped field or a state, never as a traceback.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, TypeAdapter, ValidationError

from extractor.client.weighing import Token, Weights, read_tokens, weigh
from extractor.schema import Usage

State = Literal["complete", "cut", "looping", "refused", "filtered", "empty"]
"""`cut` stopped at the token limit, `looping` repeats itself or runs on in blanks."""

MAX_CHARS = 1_000_000
"""Characters of a reply that are read; a longer one counts as cut."""
LOOP_WORDS, LOOP_TIMES, LOOP_BLANKS = 20, 4, 200
"""The same 20 words four times, or more than 200 blanks in a row, is a loop."""

_DECODER = json.JSONDecoder(parse_constant=lambda _: None, strict=False)
_KEY = re.compile(r'\s*("(?:[^"\\]|\\.)*+")\s*:\s*', re.DOTALL)
_THOUGHTS = re.compile(r"\A\s*<think>.*?(?:</think>|\Z)", re.DOTALL)
_NEXT = re.compile(r"\s*([,}\]])\s*")
_BLANKS = re.compile(rf"\s{{{LOOP_BLANKS + 1}}}")
_UNFIT = re.compile(r"\x00|\\u0000|\bNaN\b|\bInfinity\b")
_TOO_LONG = ("too_long", "list_too_long")


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply of an endpoint.

    Attributes:
        text: what the model wrote, at most `MAX_CHARS`.
        state: what kind of reply it is.
        usage: tokens as the endpoint counts them.
        server_seconds: prompt and generation time where the engine reports them.
        tokens: with their probabilities, where the endpoint tells them.
    """

    text: str
    state: State
    usage: Usage
    server_seconds: float | None
    tokens: tuple[Token, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What of a reply fits the response model.

    Attributes:
        values: validated values by field name, in the model's order.
        dropped: fields the reply got wrong or left out; a list of which only some
            items are good is in `values` and here.
        problems: one line for each wrong field, to tell the model.
    """

    values: Mapping[str, Any]
    dropped: tuple[str, ...]
    problems: tuple[str, ...] = ()

    @property
    def answers(self) -> bool:
        """Whether at least one field is whole."""
        return any(name not in self.dropped for name in self.values)


def read_completion(body: Mapping[str, Any]) -> Reply:
    """Read a `chat.completion` object that any endpoint may have written."""
    usage, seconds = _usage(body), _server_seconds(body)
    choices = body.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    if not isinstance(choice, dict):
        return Reply("", "empty", usage, seconds)
    message = choice.get("message")
    text = _content(message)
    state = _state(choice.get("finish_reason"), message, text)
    return Reply(text[:MAX_CHARS], state, usage, seconds, read_tokens(choice))


def as_completion(reply: Reply) -> dict[str, Any]:
    """A reply as a well-formed completion, whatever the endpoint made of it."""
    choice = {
        "index": 0,
        "finish_reason": "length" if reply.state in ("cut", "looping") else "stop",
        "message": {"role": "assistant", "content": reply.text},
    }
    return {
        "id": "",
        "object": "chat.completion",
        "created": 0,
        "model": "",
        "choices": [choice],
    }


def _content(message: object) -> str:
    content = message.get("content") if isinstance(message, dict) else None
    if isinstance(content, list):  # some endpoints answer in typed parts
        parts = (part.get("text") for part in content if isinstance(part, dict))
        content = "".join(part for part in parts if isinstance(part, str))
    return content if isinstance(content, str) else ""


def _state(finish: object, message: object, text: str) -> State:
    if finish == "content_filter":
        return "filtered"
    if isinstance(message, dict) and message.get("refusal"):
        return "refused"
    if is_looping(text):
        return "looping"
    if finish == "length" or len(text) > MAX_CHARS:
        return "cut"
    return "complete" if text.strip() else "empty"


def is_looping(text: str) -> bool:
    """Whether a text repeats the same words again and again or runs on in blanks."""
    if _BLANKS.search(text):
        return True
    words = re.findall(r"\w+", text[:MAX_CHARS])
    grams: Counter[int] = Counter()
    for k in range(len(words) - LOOP_WORDS + 1):
        gram = hash(tuple(words[k : k + LOOP_WORDS]))
        grams[gram] += 1
        if grams[gram] >= LOOP_TIMES:
            return True
    return False


def is_plain(text: str) -> bool:
    """Whether a reply holds nothing that JSON validation lets through but we do not."""
    return not _UNFIT.search(text)


def read_fields(reply: Reply, model: type[BaseModel]) -> Reading:
    """Validate a reply field by field, as strictly as pydantic reads JSON.

    Validators of the response model itself do not run, those of its fields' types do.
    """
    raw = dict(_found(reply.text, model))
    values: dict[str, Any] = {}
    dropped: list[str] = []
    problems: list[str] = []
    for name, field in model.model_fields.items():
        if name not in raw:
            dropped.append(name)
            problems.append(f"{name}: missing or unfinished")
            continue
        annotation: Any = field.annotation
        if field.metadata:
            annotation = Annotated[annotation, *field.metadata]
        try:
            member = _unlooped(raw[name]) if reply.state == "looping" else raw[name]
            found = _validated(TypeAdapter(annotation), member)
        except RecursionError:
            found = _Member(None, good=False, problem="nested too deep")
        if found.good:
            values[name] = found.value
        if not (found.good and found.whole):
            dropped.append(name)
            problems.append(f"{name}: {found.problem}")
    return Reading(values, tuple(dropped), tuple(problems))


def read_weights(
    reply: Reply | None, reading: Reading, model: type[BaseModel]
) -> dict[str, Weights]:
    """What a reply tells of the choices of each field, if that is what was read."""
    if reply is None or reply.state != "complete":
        return {}
    return {
        name: weights
        for name, weights in weigh(reply.tokens, model).items()
        if reading.values.get(name) in weights and name not in reading.dropped
    }


@dataclass(frozen=True, slots=True)
class _Member:
    """A value as it stands in the reply; `whole` unless the reply stopped inside it."""

    value: Any
    whole: bool = True
    good: bool = True
    problem: str = "unfinished"


def _found(text: str, model: type[BaseModel]) -> Iterator[tuple[str, _Member]]:
    """The members of the reply's object; of a repeated name the last one counts."""
    text = _THOUGHTS.sub("", text)
    names = "|".join(re.escape(json.dumps(name)) for name in model.model_fields)
    start = re.search(rf"\{{(?=\s*(?:{names})\s*:)", text) or re.search(r"\{", text)
    at = start.end() if start else len(text)
    while key := _KEY.match(text, at):
        name, at = key[1][1:-1], key.end()
        try:
            value, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            items = _finished_items(text, at)
            yield name, _Member(items, whole=False, good=bool(items))
            return
        following = _NEXT.match(text, at)
        if following is None and isinstance(value, int | float):
            yield name, _Member(None, whole=False, good=False)  # 1 may have become 12
            return
        yield name, _Member(value)
        if following is None or following[1] != ",":
            return
        at = following.end()


def _finished_items(text: str, at: int) -> list[Any]:
    """The items of a list that the reply stopped in, but for the unfinished last."""
    items: list[Any] = []
    if not text.startswith("[", at):
        return items
    at = len(text) - len(text[at + 1 :].lstrip())
    while True:
        try:
            value, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            return items
        following = _NEXT.match(text, at)
        if following is None:
            return items if isinstance(value, int | float) else [*items, value]
        items.append(value)
        at = following.end()


def _unlooped(member: _Member) -> _Member:
    """A member of a looping reply: a repeating list keeps one of each item."""
    if not member.good or not is_looping(json.dumps(member.value, ensure_ascii=False)):
        return member
    if not isinstance(member.value, list):
        return _Member(None, whole=False, good=False, problem="repeats itself")
    once = {json.dumps(item): item for item in member.value}
    items = [item for dump, item in once.items() if not is_looping(dump)]
    return _Member(items, whole=False, good=bool(items), problem="repeats itself")


def _validated(adapter: TypeAdapter[Any], member: _Member) -> _Member:
    """The member with its value as the field's type; of a list, the good items."""
    if not member.good:
        return member
    value, whole, problem = member.value, member.whole, member.problem
    while True:
        try:
            dump = json.dumps(value)
            if "\\u0000" in dump:
                return _Member(None, good=False, problem="holds a NUL character")
            good = adapter.validate_json(dump, strict=True)
            return _Member(good, whole=whole, problem=problem)
        except ValidationError as error:
            bad = error.errors(include_url=False, include_input=False)
        whole = False
        problem = "; ".join(_complaint(entry) for entry in bad[:3])
        rest = _good_items(value, bad)
        if not rest:
            return _Member(None, good=False, problem=problem)
        value = rest


def _complaint(entry: Mapping[str, Any]) -> str:
    where = ".".join(map(str, entry["loc"]))
    return f"{where} {entry['msg']}".strip()


def _good_items(value: Any, bad: list[Any]) -> list[Any]:
    """A list without the items that were complained of; empty where that is no help."""
    if not isinstance(value, list):
        return []
    for entry in bad:
        if entry["type"] in _TOO_LONG and not entry["loc"]:
            return value[: entry["ctx"]["max_length"]]
    wrong = {entry["loc"][0] for entry in bad if entry["loc"]}
    rest = [item for k, item in enumerate(value) if k not in wrong]
    return rest if len(rest) < len(value) else []


def _usage(body: Mapping[str, Any]) -> Usage:
    usage, timings = _object(body, "usage"), _object(body, "timings")
    details = _object(usage, "prompt_tokens_details")
    return Usage(
        prompt_tokens=_count(usage.get("prompt_tokens")),
        cached_tokens=_count(details.get("cached_tokens", timings.get("cache_n"))),
        completion_tokens=_count(usage.get("completion_tokens")),
    )


def _server_seconds(body: Mapping[str, Any]) -> float | None:
    timings = _object(body, "timings")
    spent = [timings.get("prompt_ms"), timings.get("predicted_ms")]
    known = [ms for ms in spent if isinstance(ms, int | float) and 0 <= ms < 1e9]
    return sum(known) / 1000 if known else None


def _object(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = body.get(name)
    return value if isinstance(value, dict) else {}


def _count(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value < 2**53 else 0
