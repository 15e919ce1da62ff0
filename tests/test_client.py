"""The client against a real local server that misbehaves on demand."""

import gc
import json
import logging
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, create_model
from server import (
    Behaviour,
    Json,
    Response,
    Server,
    answers,
    as_json,
    completion,
    filtered,
    hang,
    no_choices,
    null_message,
    page,
    refusal,
    reset,
    status,
    text,
    unless,
)

from extractor.client import Answer, Client
from extractor.client.dialect import THINKING_TOKENS
from extractor.errors import (
    ContextExceeded,
    EndpointError,
    ModelError,
    QuotaExhausted,
    RateLimited,
    ReplyDegenerate,
    ReplyEmpty,
    ReplyFiltered,
    ReplyInvalid,
    ReplyRefused,
    ReplyTruncated,
)
from extractor.schema import Usage

ARTICLE = "Ann Lee said the heron-canary-4711 had left the harbour {{ 7 * 7 }}."
KEY = "sk-secret-canary-quokka"  # no digits: a port or an address may hold them
MESSAGES = [
    {"role": "system", "content": "You read articles."},
    {"role": "user", "content": ARTICLE},
]


class Detail(BaseModel):
    cue: str


class Answers(BaseModel):
    model_config = ConfigDict(extra="forbid")

    Q1: Literal["Ann Lee", "nobody"]
    E2: Detail


GOOD = {"Q1": "Ann Lee", "E2": {"cue": "said"}}


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def client(server: Server, waits: list[float]) -> Iterator[Client]:
    yield from connected(server, waits)


def connected(server: Server, waits: list[float], **options: Any) -> Iterator[Client]:
    """A client whose pauses are noted and cost no time."""
    made = Client("test-model", base_url=server.url, api_key=KEY, **options)
    made._endpoint.sleep = waits.append
    made._endpoint.gate.now = lambda: sum(waits)
    yield made
    made.close()


def ask(client: Client, model: type[BaseModel] = Answers) -> Answer:
    return client.ask(MESSAGES, model, max_tokens=50)


def test_answer_is_typed_and_costed(server: Server, client: Client) -> None:
    server.will(
        answers(
            GOOD,
            usage={
                "prompt_tokens": 90,
                "completion_tokens": 9,
                "prompt_tokens_details": {"cached_tokens": 60},
            },
            timings={"prompt_ms": 400, "predicted_ms": 100.0},
        )
    )
    answer = ask(client)
    assert answer.values == {"Q1": "Ann Lee", "E2": Detail(cue="said")}
    assert (answer.dropped, answer.calls, answer.retries) == ((), 1, 0)
    assert answer.usage == Usage(
        prompt_tokens=90, cached_tokens=60, completion_tokens=9
    )
    assert answer.server_seconds == 0.5
    assert answer.seconds > 0


def test_an_error_tells_what_the_question_cost(server: Server, client: Client) -> None:
    server.will(completion("{}"), status(503), completion("no JSON"))
    with pytest.raises(ReplyInvalid) as failed:
        ask(client)
    assert (failed.value.calls, failed.value.tokens) == (3, (200, 0, 20))


def test_request_enforces_the_schema(server: Server, client: Client) -> None:
    server.will(answers(GOOD))
    ask(client)
    body = server.requests[0].body
    form = body["response_format"]["json_schema"]
    assert form["strict"] is True
    assert form["schema"]["required"] == ["Q1", "E2"]
    assert form["schema"]["additionalProperties"] is False
    assert form["schema"]["$defs"]["Detail"]["additionalProperties"] is False
    assert (body["model"], body["max_tokens"], body["temperature"]) == (
        "test-model",
        50,
        0.0,
    )


def test_messages_arrive_as_given(server: Server, client: Client) -> None:
    server.will(answers(GOOD))
    ask(client)
    assert server.requests[0].body["messages"] == MESSAGES


def test_extra_body_and_temperature_are_sent(server: Server) -> None:
    server.will(answers(GOOD))
    for client in connected(
        server, [], temperature=0.7, extra_body={"cache_prompt": True}
    ):
        ask(client)
    body = server.requests[0].body
    assert (body["cache_prompt"], body["temperature"]) == (True, 0.7)


def test_lone_surrogates_reach_the_model_as_replacement(
    server: Server, client: Client
) -> None:
    server.will(answers(GOOD))
    client.ask([{"role": "user", "content": "half \ud83d done"}], Answers, max_tokens=9)
    assert server.requests[0].body["messages"][0]["content"] == "half \ufffd done"


PATIENT = 0
"""As many calls as patience allows."""
# What every fault ends in: calls when it strikes the first call only, then error and
# calls when it strikes every call. Five attempts are allowed.
FAULTS: dict[str, tuple[Behaviour, int, type[ModelError], int]] = {
    "408": (status(408), 2, EndpointError, 5),
    "409": (status(409), 2, EndpointError, 5),
    "429": (status(429), 2, RateLimited, PATIENT),
    "429 with pause": (status(429, retry_after="20"), 2, RateLimited, 4),
    "500": (status(500), 2, EndpointError, 5),
    "502 page": (text("<html>Bad Gateway</html>", 502), 2, EndpointError, 5),
    "503": (status(503), 2, EndpointError, 5),
    "529": (status(529), 2, EndpointError, 5),
    "reset": (reset, 2, EndpointError, 5),
    "hang": (hang, 2, EndpointError, 5),
    "page": (page, 2, EndpointError, 2),
    "not JSON": (text("ok", kind="application/json"), 2, EndpointError, 2),
    "no completion": (lambda _: as_json({"status": "ok"}), 2, EndpointError, 2),
    "list": (lambda _: as_json([]), 2, EndpointError, 2),
    "deep envelope": (text("[" * 9_999, kind="application/json"), 2, EndpointError, 2),
    "error in 200": (
        lambda _: as_json({"error": {"code": 503, "message": "down"}}),
        2,
        EndpointError,
        5,
    ),
    "no choices": (no_choices, 2, ReplyEmpty, 2),
    "null message": (null_message, 2, ReplyEmpty, 2),
    "no content": (completion(None), 2, ReplyEmpty, 2),
    "blank": (completion(" \n "), 2, ReplyEmpty, 2),
    "prose": (completion("I think it was Ann Lee."), 2, ReplyInvalid, 2),
    "empty object": (answers({}), 2, ReplyInvalid, 2),
    "all wrong": (answers({"Q1": "Bo", "E2": 3}), 2, ReplyInvalid, 2),
    "nested": (completion('{"Q1":' + "[" * 5_000), 2, ReplyInvalid, 2),
    "cut": (completion('{"Q1": "Ann', finish="length"), 2, ReplyTruncated, 3),
    "cut at once": (completion("", finish="length"), 2, ReplyTruncated, 3),
    "blanks": (completion("{" + "\n" * 300), 2, ReplyDegenerate, 2),
    "loop": (completion('{"Q1": "' + "so it goes " * 60), 2, ReplyDegenerate, 2),
    "huge": (completion('{"Q1": "' + "x" * 1_100_000), 2, ReplyTruncated, 3),
}
FINAL: dict[str, tuple[Behaviour, type[ModelError]]] = {
    "refusal": (refusal, ReplyRefused),
    "filtered reply": (filtered, ReplyFiltered),
    "filtered question": (status(400, {"code": "content_filter"}), ReplyFiltered),
    "wrong key": (status(401), EndpointError),
    "forbidden": (status(403), EndpointError),
    "no credit": (status(402), QuotaExhausted),
    "quota": (status(429, {"code": "insufficient_quota"}), QuotaExhausted),
    "long pause": (status(429, retry_after="61"), RateLimited),
    "endless pause": (status(503, retry_after="inf"), RateLimited),
    "told not to": (status(500, x_should_retry="false"), EndpointError),
    "bad request": (status(400), EndpointError),
    "no such path": (status(404), EndpointError),
    "redirect": (
        lambda _: Response(307, headers={"Location": "http://elsewhere.invalid/"}),
        EndpointError,
    ),
    "too large": (status(413), ContextExceeded),
    "overflow, OpenAI": (
        status(400, {"code": "context_length_exceeded", "message": "too long"}),
        ContextExceeded,
    ),
    "overflow, llama.cpp": (
        status(400, {"code": 400, "type": "exceed_context_size_error", "n_ctx": 512}),
        ContextExceeded,
    ),
    "overflow, vLLM": (
        status(400, {"message": "This model's maximum context length is 512 tokens"}),
        ContextExceeded,
    ),
}


@pytest.fixture
def hasty(server: Server, waits: list[float]) -> Iterator[Client]:
    """A client that gives up on a silent server soon."""
    yield from connected(server, waits, timeout=0.3)


@pytest.fixture
def asking(name: str, request: pytest.FixtureRequest) -> Client:
    """The client for a fault: hasty where it would wait for its timeout."""
    made: Client = request.getfixturevalue("hasty" if name == "hang" else "client")
    return made


@pytest.mark.parametrize("name", FAULTS)
def test_fault_of_the_first_call_is_overcome(
    name: str, server: Server, asking: Client
) -> None:
    behaviour, calls, _, _ = FAULTS[name]
    server.will(behaviour, answers(GOOD))
    answer = ask(asking)
    assert answer.dropped == ()
    assert (answer.calls, answer.retries, server.calls) == (calls, calls - 1, calls)


@pytest.mark.parametrize("name", FAULTS)
def test_fault_of_every_call_ends_in_its_error(
    name: str, server: Server, asking: Client
) -> None:
    behaviour, _, error, calls = FAULTS[name]
    server.will(behaviour)
    with pytest.raises(ModelError) as caught:
        ask(asking)
    assert type(caught.value) is error
    assert server.calls == calls if calls else server.calls > 5


@pytest.mark.parametrize("name", FINAL)
def test_final_fault_is_not_retried(name: str, server: Server, client: Client) -> None:
    behaviour, error = FINAL[name]
    server.will(behaviour, answers(GOOD))
    with pytest.raises(ModelError) as caught:
        ask(client)
    assert (type(caught.value), server.calls) == (error, 1)


def test_partly_good_reply_is_kept_without_another_call(
    server: Server, client: Client
) -> None:
    server.will(answers({"Q1": "nobody", "E2": {"cue": 3}, "X": 1}))
    answer = ask(client)
    assert (answer.values, answer.dropped) == ({"Q1": "nobody"}, ("E2",))
    assert server.calls == 1


def test_cut_reply_keeps_what_was_complete(server: Server, client: Client) -> None:
    server.will(completion('{"Q1": "nobody", "E2": {"cue": "sa', finish="length"))
    answer = ask(client)
    assert (answer.values, answer.dropped) == ({"Q1": "nobody"}, ("E2",))
    assert server.calls == 1


def test_cut_reply_without_a_complete_field_gets_more_tokens_twice(
    server: Server, client: Client
) -> None:
    cut = completion('{"Q1": "nob', finish="length")
    server.will(cut, cut, answers(GOOD))
    answer = ask(client)
    assert [request.body["max_tokens"] for request in server.requests] == [50, 100, 200]
    assert all(request.body["messages"] == MESSAGES for request in server.requests)
    assert answer.usage.completion_tokens == 30


def test_a_cut_reply_does_not_use_up_the_repeat_of_an_invalid_one(
    server: Server, client: Client
) -> None:
    cut = completion('{"Q1": "nob', finish="length")
    server.will(completion("No."), cut, completion("No, no."))
    with pytest.raises(ReplyInvalid):
        ask(client)
    assert server.calls == 3


def test_items_of_a_list_cut_each_time_are_kept(server: Server, client: Client) -> None:
    model = create_model("M", L1=(list[Detail], ...))
    server.will(completion('{"L1": [{"cue": "said"}, {"cue": "a', finish="length"))
    answer = ask(client, model)
    assert (answer.values, answer.dropped) == ({"L1": [Detail(cue="said")]}, ("L1",))
    assert server.calls == 3


def test_items_of_a_cut_list_survive_a_second_reply_without_any(
    server: Server, client: Client
) -> None:
    model = create_model("M", L1=(list[Detail], ...))
    server.will(completion('{"L1": [{"cue": "said"}, {"c', finish="length"), refusal)
    assert ask(client, model).values == {"L1": [Detail(cue="said")]}


def test_invalid_reply_is_asked_for_again_with_the_complaint(
    server: Server, client: Client
) -> None:
    server.will(answers({"Q1": "Bo", "E2": 3}), answers(GOOD))
    ask(client)
    *before, wrong, complaint = server.requests[1].body["messages"]
    assert before == MESSAGES
    assert json.loads(wrong["content"]) == {"Q1": "Bo", "E2": 3}
    assert complaint["role"] == "user"
    assert "'Ann Lee' or 'nobody'" in complaint["content"]


def test_looping_reply_is_asked_for_again_with_more_temperature(
    server: Server, client: Client
) -> None:
    server.will(completion('{"Q1": "' + "on and on " * 60), answers(GOOD))
    ask(client)
    first, second = (request.body for request in server.requests)
    assert second["temperature"] > first["temperature"]
    assert second["max_tokens"] == first["max_tokens"]


def test_second_question_that_does_not_fit_leaves_the_first_error(
    server: Server, client: Client
) -> None:
    server.will(completion("No."), status(400, {"code": "context_length_exceeded"}))
    with pytest.raises(ReplyInvalid):
        ask(client)


def no_strict(body: Json) -> str | None:
    strict = body.get("response_format", {}).get("json_schema", {}).get("strict")
    return "Invalid schema for response_format 'Answers'" if strict else None


def no_schema(body: Json) -> str | None:
    form = body.get("response_format", {}).get("type")
    return (
        "response_format.type must be 'text' or 'json_object'" * (form == "json_schema")
        or None
    )


def no_format(body: Json) -> str | None:
    return "unknown field: response_format" if "response_format" in body else None


@pytest.mark.parametrize(
    ("refuses", "form", "calls"),
    [
        (no_strict, "json_schema", 2),
        (no_schema, "json_object", 3),
        (no_format, None, 4),
    ],
)
def test_endpoint_without_schemas_is_asked_in_another_form(
    refuses: Any, form: str | None, calls: int, server: Server, client: Client
) -> None:
    reply = completion(f"Here it is:\n```json\n{json.dumps(GOOD)}\n```")
    server.will(unless(refuses, reply))
    assert ask(client).values["Q1"] == "Ann Lee"
    assert server.calls == calls
    body = server.requests[-1].body
    assert body.get("response_format", {}).get("type") == form
    if form != "json_schema":
        assert '"Ann Lee"' in body["messages"][0]["content"]  # the schema
    assert ARTICLE in body["messages"][-1]["content"]


def test_form_found_is_remembered(server: Server, client: Client) -> None:
    server.will(unless(no_format, answers(GOOD)))
    ask(client)
    before = server.calls
    ask(client)
    assert server.calls == before + 1


def test_reasoning_model_gets_what_it_takes(server: Server, client: Client) -> None:
    def refuses(body: Json) -> str | None:
        if "max_tokens" in body:
            return (
                "Unsupported parameter: 'max_tokens' is not supported with this model."
                " Use 'max_completion_tokens' instead."
            )
        if "temperature" in body:
            return "'temperature' does not support 0 with this model."
        return None

    server.will(unless(refuses, answers(GOOD)))
    assert ask(client).calls == 3
    assert ask(client).calls == 1
    body = server.requests[-1].body
    assert body["max_completion_tokens"] == 50 + THINKING_TOKENS
    assert body["response_format"]["json_schema"]["strict"] is True


def test_complaint_of_fastapi_is_understood_despite_its_echo(
    server: Server, client: Client
) -> None:
    detail = [
        {
            "loc": ["body", "response_format"],
            "msg": "extra fields not permitted",
            "input": {"messages": "the temperature of max_completion_tokens"},
        }
    ]

    def behave(request: Any) -> Response:
        if "response_format" in request.body:
            return as_json({"detail": detail}, 422)
        return answers(GOOD)(request)

    server.will(behave)
    ask(client)
    assert server.requests[-1].body["temperature"] == 0.0


@pytest.mark.parametrize(
    ("headers", "least", "most"),
    [
        ({"retry_after": "20"}, 20, 20),
        ({"retry_after": "20.5"}, 20.5, 20.5),
        ({"retry_after_ms": "15000"}, 15, 15),
        ({"retry_after_ms": "15000", "retry_after": "3"}, 15, 15),
        ({"retry_after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0, 8),
        ({"retry_after": "60"}, 60, 60),
        ({"retry_after": "-5"}, 0, 8),
        ({"retry_after": "nan"}, 0, 8),
        ({"retry_after": "later"}, 0, 8),
        ({}, 0, 8),
    ],
)
def test_pause_asked_for_is_waited_out(
    headers: dict[str, str],
    least: float,
    most: float,
    server: Server,
    client: Client,
    waits: list[float],
) -> None:
    server.will(status(429, **headers), answers(GOOD))
    ask(client)
    assert len(waits) == 1
    assert least <= waits[0] <= most


def test_pause_until_a_date_is_waited_out(
    server: Server, client: Client, waits: list[float]
) -> None:
    until = datetime.now(UTC) + timedelta(seconds=50)
    date = format_datetime(until, usegmt=True)
    server.will(status(429, retry_after=date), answers(GOOD))
    ask(client)
    assert 20 < waits[0] <= 50


def test_pauses_grow_and_are_drawn_at_random(
    server: Server, client: Client, waits: list[float]
) -> None:
    server.will(status(500))
    for _ in range(2):
        with pytest.raises(EndpointError):
            ask(client)
    assert len(waits) == 8
    assert len(set(waits)) == 8
    assert all(wait <= 0.5 * 2 ** (k % 4) for k, wait in enumerate(waits))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_endpoint_that_is_down_is_named_after_two_tries(waits: list[float]) -> None:
    address = f"http://127.0.0.1:{free_port()}/v1"
    client = Client("m", base_url=address)
    client._endpoint.sleep = waits.append
    with pytest.raises(EndpointError, match=f"Nothing answers at {address}: .*start"):
        ask(client)
    assert len(waits) == 1
    client.close()


def test_endpoint_that_went_down_is_tried_as_often_as_allowed(
    waits: list[float],
) -> None:
    with Server() as server:
        server.will(answers(GOOD, id="1"))
        client = next(connected(server, waits))
        ask(client)
        client.close()
    with pytest.raises(EndpointError, match="Nothing answers"):
        ask(client)
    assert len(waits) == 4
    client.close()


@pytest.mark.parametrize(
    ("behaviour", "sentence"),
    [
        (status(401), "OPENAI_API_KEY"),
        (status(402), "OPENAI_API_KEY has no credit"),
        (page, "answered with a web page"),
        (status(404, {"message": "The model `x` does not exist"}), "offers big, small"),
        (status(403, {"code": "model_not_found"}), "no model 'test-model'"),
        (status(400, {"type": "invalid_request_error"}), "HTTP 400, invalid_request"),
    ],
)
def test_error_names_the_thing_and_the_remedy(
    behaviour: Behaviour, sentence: str, server: Server, client: Client
) -> None:
    server.models = ["small", "big"]
    server.will(behaviour)
    with pytest.raises(EndpointError, match=sentence):
        ask(client)


def test_silent_endpoint_is_named_with_the_timeout(
    server: Server, hasty: Client
) -> None:
    server.will(hang)
    with pytest.raises(EndpointError, match=r"did not answer within 0\.3 s"):
        ask(hasty)


@pytest.mark.parametrize("behaviour", [page, status(404), text("<html>", 405)])
def test_missing_v1_is_guessed(behaviour: Behaviour, server: Server) -> None:
    server.will(behaviour)
    client = Client("m", base_url=server.url.removesuffix("/v1"))
    client._endpoint.sleep = lambda _: None
    with pytest.raises(EndpointError, match="is OPENAI_BASE_URL missing '/v1'"):
        ask(client)
    client.close()


def test_unknown_model_without_a_list_is_still_named(
    server: Server, client: Client
) -> None:
    server.will(status(404, {"code": "model_not_found"}))
    with pytest.raises(EndpointError, match="no model 'test-model': choose"):
        ask(client)


def test_no_key_and_no_address_is_said_at_once() -> None:
    with pytest.raises(EndpointError, match=r"OPENAI_API_KEY.*-m local"):
        Client("gpt-x")


def test_own_endpoint_needs_no_key(server: Server) -> None:
    server.will(answers(GOOD))
    client = Client("m", base_url=server.url)
    assert ask(client).dropped == ()
    client.close()


def test_environment_gives_key_and_address(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", f"{KEY}\n")
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    server.will(answers(GOOD))
    client = Client("m")
    ask(client)
    client.close()
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    "address", ["localhost:8080/v1", "ftp://x/v1", "http://", "http://[::1", "x"]
)
def test_address_that_is_none_is_said_at_once(address: str) -> None:
    with pytest.raises(EndpointError, match="OPENAI_BASE_URL"):
        Client("m", base_url=address)


def test_key_that_fits_no_header_is_said_at_once() -> None:
    with pytest.raises(EndpointError, match="OPENAI_API_KEY") as caught:
        Client("m", api_key="sk-“secret”")
    assert "secret" not in str(caught.value)


def test_what_is_sent_to_this_machine_passes_no_proxy(
    server: Server, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{free_port()}")
    server.will(answers(GOOD))
    assert ask(client).calls == 1


def test_threads_share_a_client(server: Server, client: Client) -> None:
    server.will(unless(no_schema, answers(GOOD)))
    found: list[Answer] = []
    threads = [
        threading.Thread(target=lambda: found.append(ask(client))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.values["Q1"] for answer in found] == ["Ann Lee"] * 8


class Records(logging.Handler):
    """Everything that was logged, as text with its traceback."""

    def __init__(self) -> None:
        super().__init__(0)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(logging.Formatter().format(record) + repr(record.args))


@pytest.fixture
def records() -> Iterator[list[str]]:
    """Records of all loggers at all levels, even of those with a level of their own."""
    handler = Records()
    root = logging.getLogger()
    named = [logging.getLogger(name) for name in root.manager.loggerDict]
    levels = {logger: logger.level for logger in (root, *named)}
    for logger in levels:
        logger.setLevel(1)
    root.addHandler(handler)
    yield handler.texts
    root.removeHandler(handler)
    for logger, level in levels.items():
        logger.setLevel(level)


def everything_told(error: BaseException | None) -> str:
    """Messages, representations and tracebacks of an error and all it hangs on."""
    told = ""
    while error is not None:
        told += "".join(traceback.format_exception(error)) + repr(error) + str(error)
        error = error.__cause__ or error.__context__
    return told


ECHO = {"message": f"bad: {ARTICLE} with {KEY}", "code": "invalid_request_error"}
LEAKY: dict[str, Behaviour] = {
    "echo": status(400, ECHO),
    "echo of key": status(401, ECHO),
    "echo as code": status(400, {"code": ARTICLE, "type": KEY, "message": "no"}),
    "echo, unknown model": status(404, {"message": f"model {ARTICLE}"}),
    "repeated in prose": completion(ARTICLE),
    "repeated in a field": answers({"Q1": ARTICLE, "E2": ARTICLE}),
    "repeated in a refusal": completion(None, message={"refusal": ARTICLE}),
    "repeated and cut": completion('{"Q1": "' + ARTICLE, finish="length"),
    "page": text(f"<html>{ARTICLE}", 200),
    "good": answers({"Q1": "Ann Lee", "E2": {"cue": ARTICLE}}),
}


@pytest.mark.parametrize("name", [*FAULTS, *FINAL, *LEAKY])
def test_neither_key_nor_article_gets_out(
    name: str, server: Server, asking: Client, records: list[str]
) -> None:
    server.will(LEAKY[name] if name in LEAKY else (FAULTS | FINAL)[name][0])
    told = repr(asking) + str(asking)
    try:
        ask(asking)
    except ModelError as error:
        told += everything_told(error)
    told += "".join(records)
    assert any("call 1" in record for record in records)
    for canary in (KEY, "canary", "heron", "quokka"):
        assert canary not in told


def test_other_use_of_the_libraries_still_logs(
    server: Server, client: Client, records: list[str]
) -> None:
    server.will(answers(GOOD))
    ask(client)
    records.clear()
    logging.getLogger("instructor").error("of another client")
    assert any("of another client" in record for record in records)


def test_address_is_shown_without_its_secrets(server: Server) -> None:
    server.will(status(500))
    address = server.url.replace("//", f"//user:{KEY}@") + f"?key={KEY}"
    client = Client("m", base_url=address, attempts=1)
    with pytest.raises(EndpointError) as caught:
        ask(client)
    client.close()
    assert KEY not in everything_told(caught.value)


def test_no_connection_is_left_open(server: Server) -> None:
    server.will(status(500), answers(GOOD))
    client = next(connected(server, []))
    ask(client)
    client.close()
    del client
    gc.collect()  # an open socket would warn, and warnings are errors


def test_import_needs_neither_openai_nor_instructor() -> None:
    code = (
        "import sys, extractor.client; "
        "sys.exit(bool({'openai', 'instructor', 'httpx2'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
