"""Sixteen faults, three times to strike, three ways to ask: what it ends in and costs.

Each of the 144 cells says how the question ends, how many calls it took and how many of
them were answered, so have to be paid for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict
from server import (
    Behaviour,
    Server,
    answers,
    completion,
    filtered,
    hang,
    no_choices,
    null_message,
    page,
    refusal,
    reset,
    status,
)

from extractor.client import Client
from extractor.client.dialect import Dialect, Form
from extractor.errors import ModelError

PASSING = status(503)
GOOD = answers({"Q1": "Ann Lee"})
TOKENS = 100
"""Of the prompt, in each completion of the server."""

Strike = Literal["first", "second", "every"]
STRIKES: tuple[Strike, ...] = ("first", "second", "every")
FORMS: dict[Form, str | None] = {
    "strict": "json_schema",
    "object": "json_object",
    "text": None,
}


class Answers(BaseModel):
    model_config = ConfigDict(extra="forbid")

    Q1: Literal["Ann Lee", "nobody"]


@dataclass(frozen=True)
class End:
    """How a question ends: `ok` or the code of an error, and its calls."""

    code: str
    calls: int
    paid: int


def passing(code: str, calls: int) -> tuple[End, End, End]:
    """A fault that another call gets over, and that is not paid for."""
    return End("ok", 2, 1), End("ok", 3, 1), End(code, calls, 0)


def repeated(code: str, calls: int = 2) -> tuple[End, End, End]:
    """A reply that has to be paid for and is asked for again."""
    return End("ok", 2, 2), End("ok", 3, 2), End(code, calls, calls)


def final(code: str, paid: int) -> tuple[End, End, End]:
    """A fault that no other call would get over."""
    return End(code, 1, paid), End(code, 2, paid), End(code, 1, paid)


FAULTS: dict[str, tuple[Behaviour, tuple[End, End, End]]] = {
    "rate limit": (status(429, retry_after="20"), passing("rate_limited", 4)),
    "quota": (status(429, {"code": "insufficient_quota"}), final("quota", 0)),
    "HTTP 500": (status(500), passing("endpoint", 5)),
    "HTTP 503 with pause": (status(503, retry_after="20"), passing("endpoint", 5)),
    "timeout": (hang, passing("endpoint", 5)),
    "reset": (reset, passing("endpoint", 5)),
    "web page": (page, passing("endpoint", 2)),
    "context overflow": (
        status(400, {"code": "context_length_exceeded"}),
        final("too_long", 0),
    ),
    "truncated": (
        completion('{"Q1": "Ann', finish="length"),
        repeated("truncated", 3),
    ),
    "loop": (completion('{"Q1": "' + "on and on " * 60), repeated("degenerate")),
    "no JSON": (completion("It was Ann Lee."), repeated("invalid")),
    "wrong schema": (answers({"Q1": 7}), repeated("invalid")),
    "no choices": (no_choices, repeated("empty")),
    "null message": (null_message, repeated("empty")),
    "refusal": (refusal, final("refusal", 1)),
    "content filter": (filtered, final("content_filter", 1)),
}
CELLS = list(product(FAULTS, STRIKES, FORMS))


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture
def client(server: Server, form: Form, name: str) -> Iterator[Client]:
    timeout = 0.3 if name == "timeout" else 30.0
    made = Client("test-model", base_url=server.url, api_key="none", timeout=timeout)
    made.dialect = Dialect(form=form)
    waits: list[float] = []
    made._endpoint.sleep = waits.append
    made._endpoint.gate.now = lambda: sum(waits)
    yield made
    made.close()


def test_the_matrix_has_144_cells() -> None:
    assert len(CELLS) == 144


@pytest.mark.parametrize(("name", "strike", "form"), CELLS)
def test_a_question_ends_and_costs(
    name: str, strike: Strike, form: Form, server: Server, client: Client
) -> None:
    behaviour, ends = FAULTS[name]
    script = {
        "first": (behaviour, GOOD),
        "second": (PASSING, behaviour, GOOD),
        "every": (behaviour,),
    }
    server.will(*script[strike])
    messages = [{"role": "user", "content": "Who said it?"}]
    try:
        answer = client.ask(messages, Answers, max_tokens=50)
        code, calls, tokens = "ok", answer.calls, answer.usage.prompt_tokens
        assert answer.values == {"Q1": "Ann Lee"}
    except ModelError as error:
        code, calls, tokens = error.code, error.calls, error.tokens[0]
    assert End(code, calls, tokens // TOKENS) == ends[STRIKES.index(strike)]
    assert server.calls == calls
    for request in server.requests:
        sent = request.body.get("response_format", {}).get("type")
        assert sent == FORMS[form]
