"""Questions answered by batches, against a real local server that misbehaves."""

import json
import logging
import os
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import pytest
from batch_server import BatchServer, Fate, Spoil, valid
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict
from server import (
    Behaviour,
    Request,
    Response,
    answers,
    as_json,
    completion,
    filtered,
    no_choices,
    null_message,
    page,
    refusal,
    status,
    text,
)

from extractor.client import Answer, Client
from extractor.client.dialect import Dialect
from extractor.errors import (
    EndpointError,
    ModelError,
    Pending,
    QuotaExhausted,
    RunStopped,
    StoreError,
)
from extractor.hosted import HostedRun, Waiting, exchange, jobs
from extractor.hosted.spool import Spool
from extractor.store import Store

KEY = "sk-secret-canary-quokka"


class Answers(BaseModel):
    model_config = ConfigDict(extra="forbid")

    Q1: Literal["Ann Lee", "nobody"]


def question(k: int) -> list[dict[str, str]]:
    return [
        {"role": "system", "content": "You read articles."},
        {"role": "user", "content": f"Article {k}: the heron had left, said Ann Lée."},
    ]


question_of = question


def good(request: Request) -> Response:
    schema = request.body["response_format"]["json_schema"]["schema"]
    return answers(valid(schema))(request)


@pytest.fixture
def server() -> Iterator[BatchServer]:
    with BatchServer(good) as running:
        yield running


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite"


class Asker:
    """Many questions, asked in rounds until each has an answer or has failed."""

    def __init__(self, server: BatchServer, path: Path, count: int = 6) -> None:
        self.server = server
        self.path = path
        self.count = count
        self.answers: dict[int, Answer] = {}
        self.errors: dict[int, ModelError] = {}
        self.slept: list[float] = []
        self.waits: list[Waiting] = []
        self.rounds = 0
        self.stop = threading.Event()

    def run(self, **options: Any) -> "Asker":
        made = Client("test-model", base_url=self.server.url, api_key=KEY)
        with closing(made) as client, Store(self.path) as store:
            client._endpoint.sleep = self.slept.append
            hosted = HostedRun(
                client, store, stop=self.stop, on_wait=self.waits.append, **options
            )
            hosted.sleep = self.slept.append
            hosted.run(lambda: self.ask(hosted))
        return self

    def result(self, k: int) -> Answer:
        if k in self.errors:
            raise self.errors[k]
        return self.answers[k]

    def ask(self, hosted: HostedRun) -> int:
        self.rounds += 1
        pending = 0
        for k in range(self.count):
            if k in self.answers or k in self.errors:
                continue
            try:
                self.answers[k] = hosted.client.ask(question(k), Answers, max_tokens=50)
            except Pending:
                pending += 1
            except ModelError as error:
                self.errors[k] = error
        return pending


def test_every_question_is_answered_and_paid_once(
    server: BatchServer, path: Path
) -> None:
    asker = Asker(server, path).run()
    assert [asker.answers[k].values for k in range(6)] == [{"Q1": "Ann Lee"}] * 6
    assert set(server.paid.values()) == {1}
    assert (len(server.paid), server.batches, asker.rounds) == (6, 1, 2)
    assert server.files == 0  # they hold articles


def test_an_answer_tells_its_cost_once(server: BatchServer, path: Path) -> None:
    answer = Asker(server, path, 1).run().answers[0]
    assert (answer.calls, answer.retries) == (1, 0)
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (100, 10)


def test_a_second_run_asks_nothing_anew(server: BatchServer, path: Path) -> None:
    Asker(server, path).run()
    before = len(server.calls)
    again = Asker(server, path).run()
    assert len(again.answers) == 6
    assert server.calls[before:] == []


def test_the_same_question_of_two_articles_is_sent_once(
    server: BatchServer, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("test_hosted.question", lambda k: question_of(k % 2))
    assert len(Asker(server, path).run().answers) == 6
    assert server.sizes == [2]


DIALECTS = [
    Dialect(),
    Dialect(form="schema"),
    Dialect(form="object"),
    Dialect(form="text"),
    Dialect(token_limit="max_completion_tokens"),
    Dialect(temperature=False),
]


@pytest.mark.parametrize("dialect", DIALECTS, ids=str)
def test_a_batch_holds_what_a_live_call_sends(
    server: BatchServer, path: Path, dialect: Dialect
) -> None:
    server.answer = answers({"Q1": "Ann Lee"})
    messages = [*question(0), {"role": "user", "content": "lone \ud800 surrogate"}]
    options: Any = {"base_url": server.url, "extra_body": {"seed": 7, "top_k": 1}}
    with closing(Client("test-model", **options)) as live, Store(path) as store:
        live.dialect = dialect
        live.ask(messages, Answers, max_tokens=50)
        hosted = HostedRun(live, store)
        hosted.sleep = lambda _: None
        hosted.run(lambda: is_pending(hosted, messages))
    assert list(server.requests.values()) == [server.live[0].body]


def is_pending(hosted: HostedRun, messages: list[dict[str, str]]) -> int:
    try:
        hosted.client.ask(messages, Answers, max_tokens=50)
    except Pending:
        return 1
    return 0


REPLIES: dict[str, list[Behaviour]] = {
    "cut": [completion('{"Q', finish="length"), answers({"Q1": "nobody"})],
    "cut often": [completion('{"Q', finish="length")],
    "invalid": [completion("I think so."), answers({"Q1": "nobody"})],
    "invalid twice": [completion("I think so."), completion("Still so.")],
    "off the schema": [answers({"Q1": "Bo"}), answers({"Q1": "nobody"})],
    "empty": [completion(""), answers({"Q1": "nobody"})],
    "empty twice": [completion("")],
    "looping": [completion(" ".join(["a b c d e"] * 99)), answers({"Q1": "nobody"})],
    "refused": [refusal],
    "filtered": [filtered],
    "no choices": [no_choices, answers({"Q1": "nobody"})],
    "null message": [null_message],
    "too long": [status(400, {"message": "maximum context length is 9"})],
    "filter by status": [status(400, {"code": "content_filter", "message": "x"})],
    "odd request": [status(422, {"message": "no", "code": "odd"})],
}


class Script:
    """Answers in turn, the last again and again; a probe is always answered well."""

    def __init__(self, *behaviours: Behaviour) -> None:
        self.left = list(behaviours)

    def __call__(self, request: Request) -> Response:
        if "wet" in json.dumps(request.body):
            return answers({"wet": "yes"})(request)
        return (self.left.pop(0) if len(self.left) > 1 else self.left[0])(request)


def told(ask: Callable[[], Answer]) -> tuple[Any, ...]:
    """All that the asker of a question learns."""
    try:
        answer = ask()
    except ModelError as error:
        return type(error), str(error), error.calls, error.tokens
    return answer.values, answer.dropped, answer.calls, answer.usage


@pytest.mark.parametrize("name", REPLIES)
def test_a_reply_of_a_batch_is_read_like_a_live_one(
    server: BatchServer, path: Path, name: str
) -> None:
    server.answer = Script(*REPLIES[name])
    with closing(Client("test-model", base_url=server.url)) as live:
        expected = told(lambda: live.ask(question(0), Answers, max_tokens=50))
    server.answer = Script(*REPLIES[name])
    asker = Asker(server, path, 1).run()
    assert told(lambda: asker.result(0)) == expected
    assert set(server.paid.values()) <= {1}


def test_what_a_run_did_not_answer_is_asked_by_the_next(
    server: BatchServer, path: Path
) -> None:
    server.answer = Script(refusal, refusal, good)
    assert len(Asker(server, path).run().errors) == 2
    assert len(Asker(server, path).run().answers) == 6
    assert server.sizes == [6, 2]


def test_what_expired_is_asked_again_and_what_came_is_kept(
    server: BatchServer, path: Path
) -> None:
    server.fates = [Fate(ends="expired", share=0.5), Fate()]
    asker = Asker(server, path).run()
    assert len(asker.answers) == 6
    assert server.sizes == [6, 3]
    assert set(server.paid.values()) == {1}


def test_what_never_comes_ends_in_a_typed_error(
    server: BatchServer, path: Path
) -> None:
    server.fates = [Fate(ends="expired", share=0.5), Fate(ends="expired", share=0.0)]
    asker = Asker(server, path).run()
    assert len(asker.answers) == 3
    assert {type(error) for error in asker.errors.values()} == {EndpointError}
    assert "batch_expired" in str(asker.errors.popitem()[1])
    assert server.sizes == [6, 3, 3, 3, 3]


def test_a_batch_with_an_error_file_alone_is_asked_again(
    server: BatchServer, path: Path
) -> None:
    server.answer = Script(*[status(500)] * 6, good)
    assert len(Asker(server, path).run().answers) == 6
    assert server.sizes == [6, 6]


def test_a_request_that_keeps_failing_does_not_hold_up_others(
    server: BatchServer, path: Path
) -> None:
    def behave(request: Request) -> Response:
        is_bad = "Article 3" in json.dumps(request.body)
        return status(503)(request) if is_bad else good(request)

    server.answer = behave
    asker = Asker(server, path).run()
    assert sorted(asker.answers) == [0, 1, 2, 4, 5]
    assert str(asker.errors[3]).startswith(server.url)
    assert server.sizes == [6, 1, 1, 1, 1]


def test_a_reply_in_the_error_file_counts(server: BatchServer, path: Path) -> None:
    server.fates = [Fate(as_errors=True)]
    assert len(Asker(server, path).run().answers) == 6
    assert server.batches == 1


def torn(lines: list[bytes]) -> bytes:
    return b"".join(lines)[: -len(lines[-1]) // 2]


def holed(lines: list[bytes]) -> bytes:
    return b"".join([lines[0][:20], b"\n", *lines[1:], b"[]\n", b"\xff\xfe\n"])


def short(lines: list[bytes]) -> bytes:
    return b"".join(lines[1:])


@pytest.mark.parametrize("spoil", [torn, holed, short])
def test_a_torn_file_is_fetched_again_for_nothing(
    server: BatchServer, path: Path, spoil: Spoil
) -> None:
    server.fates = [Fate(output=spoil, spoiled=2)]
    assert len(Asker(server, path).run().answers) == 6
    assert server.sizes == [6]


@pytest.mark.parametrize("spoil", [torn, holed, short])
def test_what_stays_torn_is_asked_again_alone(
    server: BatchServer, path: Path, spoil: Spoil
) -> None:
    server.fates = [Fate(output=spoil), Fate()]
    assert len(Asker(server, path).run().answers) == 6
    assert server.sizes == [6, 1]


class Alternating:
    """Hands out every second line, the others the next time."""

    def __init__(self) -> None:
        self.turn = 0

    def __call__(self, lines: list[bytes]) -> bytes:
        self.turn += 1
        return b"".join(lines[self.turn % 2 :: 2])


def test_what_several_downloads_hold_adds_up(server: BatchServer, path: Path) -> None:
    server.fates = [Fate(output=Alternating())]
    assert len(Asker(server, path).run().answers) == 6
    assert server.calls.count("GET /v1/files/ID/content") == 2
    assert set(server.paid.values()) == {1}


def nothing(lines: list[bytes]) -> bytes:
    return b""


def login(lines: list[bytes]) -> bytes:
    return b"<html>\n<p>Please log in.\n</html>\n"


def others(lines: list[bytes]) -> bytes:
    entries = [json.loads(line) | {"custom_id": "0" * 64} for line in lines]
    return b"".join(json.dumps(entry).encode() + b"\n" for entry in entries)


UNREADABLE = [nothing, login, others]


@pytest.mark.parametrize("spoil", UNREADABLE)
def test_a_file_that_is_unreadable_for_minutes_is_waited_for(
    server: BatchServer, path: Path, spoil: Spoil
) -> None:
    server.fates = [Fate(output=spoil, spoiled=exchange.DOWNLOADS - 1)]
    asker = Asker(server, path).run()
    assert len(asker.answers) == 6
    assert set(server.paid.values()) == {1}
    assert 240 < sum(asker.slept) < 360


@pytest.mark.parametrize("share", [0.5, 1.0])
@pytest.mark.parametrize("spoil", UNREADABLE)
def test_a_file_that_stays_unreadable_ends_the_run_and_is_not_paid_for_again(
    server: BatchServer, path: Path, spoil: Spoil, share: float
) -> None:
    server.fates = [Fate(output=spoil, spoiled=exchange.DOWNLOADS), Fate()]
    server.fates[0] = replace(server.fates[0], share=share, ends="expired")
    with pytest.raises(RunStopped, match=r"no reply of the batch batch-2.*file-3"):
        Asker(server, path).run()
    assert len(Asker(server, path).run().answers) == 6
    assert set(server.paid.values()) == {1}


def test_a_file_that_is_deleted_at_the_endpoint_is_asked_anew(
    server: BatchServer, path: Path
) -> None:
    server.fates = [Fate(output=nothing), Fate()]
    with pytest.raises(RunStopped):
        Asker(server, path).run()
    server.delete("file-3")
    assert len(Asker(server, path).run().answers) == 6
    assert server.sizes == [6, 6]


def test_an_empty_file_of_errors_is_no_trouble(server: BatchServer, path: Path) -> None:
    server.fates = [Fate(share=0.5, ends="expired", errors=nothing), Fate()]
    server.counts_failures = False
    asker = Asker(server, path).run()
    assert len(asker.answers) == 6
    assert server.sizes == [6, 3]
    assert max(asker.slept) == exchange.FIRST_PAUSE


def twice(lines: list[bytes]) -> bytes:
    failed = json.loads(lines[0]) | {"response": None, "error": {"code": "odd"}}
    return b"".join([json.dumps(failed).encode() + b"\n", *lines, *lines])


def foreign(lines: list[bytes]) -> bytes:
    entry = json.loads(lines[0])
    others = [entry | {"custom_id": name} for name in ("0" * 64, "x", "", None, 7)]
    other = b"".join(json.dumps(entry).encode() + b"\n" for entry in others)
    return b"\n\n" + other + b"".join(lines)


def strange(lines: list[bytes]) -> bytes:
    entry = json.loads(lines[0])
    bodies: list[Any] = [None, "x", [], {}, {"choices": 7}, {"choices": [None]}]
    responses = [{"status_code": 200, "body": body} for body in bodies]
    responses += [{"status_code": code} for code in (None, 0, "x", -1, 1e9)]
    more = [entry | {"response": response} for response in [*responses, [], "x"]]
    nested = b'{"custom_id": ' + b"[" * 100_000 + b"\n"
    made = b"".join(json.dumps(entry).encode() + b"\n" for entry in more)
    return nested + made + b"".join(lines)


@pytest.mark.parametrize("spoil", [twice, foreign, strange])
@pytest.mark.parametrize("file", ["output", "errors"])
def test_lines_of_others_twice_or_strange_do_no_harm(
    server: BatchServer, path: Path, spoil: Spoil, file: str
) -> None:
    fate = Fate(output=spoil) if file == "output" else Fate(errors=spoil)
    server.fates = [replace(fate, as_errors=file == "errors")]
    asker = Asker(server, path).run()
    assert [asker.answers[k].values for k in range(6)] == [{"Q1": "Ann Lee"}] * 6
    assert server.sizes == [6]


def test_replies_of_others_are_not_kept(server: BatchServer, path: Path) -> None:
    server.fates = [Fate(output=foreign)]
    Asker(server, path).run()
    with Store(path) as store:
        assert store.reply("0" * 64) is None


CALLS = [
    "POST /v1/files",
    "POST /v1/batches",
    "GET /v1/batches/ID",
    "GET /v1/files/ID/content",
    "DELETE /v1/files/ID",
]
TROUBLE: dict[str, Behaviour] = {
    "500": status(500),
    "429": status(429, retry_after="1"),
    "page": page,
    "empty": text("", kind="application/json"),
}


@pytest.mark.parametrize("after", [False, True], ids=["not done", "done"])
@pytest.mark.parametrize("trouble", TROUBLE)
@pytest.mark.parametrize("call", CALLS)
def test_a_call_that_fails_is_made_again_and_nothing_paid_twice(
    server: BatchServer, path: Path, call: str, trouble: str, after: bool
) -> None:
    server.fates = [Fate(looks=2)]
    server.stumble(call, after=after, behaviour=TROUBLE[trouble])
    asker = Asker(server, path).run()
    assert len(asker.answers) == 6
    assert (server.batches, set(server.paid.values())) == (1, {1})


def test_a_batch_is_found_behind_many_others(server: BatchServer, path: Path) -> None:
    server.stumble("POST /v1/batches", after=True)
    server.others = 5
    assert len(Asker(server, path).run().answers) == 6
    assert server.calls.count("GET /v1/batches") == 3
    assert set(server.paid.values()) == {1}


def test_a_server_that_does_not_list_batches_will_do(
    server: BatchServer, path: Path
) -> None:
    server.lists_batches = False
    server.stumble("POST /v1/batches")
    assert len(Asker(server, path).run().answers) == 6
    assert (server.batches, set(server.paid.values())) == (1, {1})


@pytest.mark.parametrize("call", ["GET /v1/batches/ID", "GET /v1/files/ID/content"])
def test_an_endpoint_that_is_silent_for_minutes_is_waited_for(
    server: BatchServer, path: Path, call: str
) -> None:
    server.stumble(call, times=4)
    asker = Asker(server, path).run()
    assert (len(asker.answers), server.batches) == (6, 1)


def test_an_endpoint_that_is_silent_for_an_hour_ends_the_run(
    server: BatchServer, path: Path
) -> None:
    server.stumble("GET /v1/batches/ID", times=1_000)
    asker = Asker(server, path)
    with pytest.raises(EndpointError):
        asker.run()
    assert 3_500 < sum(asker.slept) < 3_800
    server.forgive()
    assert len(asker.run().answers) == 6
    assert (server.batches, set(server.paid.values())) == (1, {1})


def test_a_stopped_run_goes_on_with_what_it_submitted(
    server: BatchServer, path: Path
) -> None:
    server.fates = [Fate(looks=3)]
    stopped = Asker(server, path)

    def stop(call: str, when: str) -> None:
        if call.endswith("/ID"):
            stopped.stop.set()

    server.on_call = stop
    with pytest.raises(RunStopped, match="run the same again"):
        stopped.run()
    server.on_call = lambda call, when: None
    asker = Asker(server, path).run()
    assert len(asker.answers) == 6
    assert (server.batches, set(server.paid.values())) == (1, {1})
    assert asker.waits[0].round == 0


def test_a_run_stopped_while_it_asks_submits_nothing(
    server: BatchServer, path: Path
) -> None:
    asker = Asker(server, path)
    asker.stop.set()
    with pytest.raises(RunStopped):
        asker.run()
    assert (server.batches, server.files) == (0, 0)


def test_what_does_not_fit_the_queue_is_submitted_in_turn(
    server: BatchServer, path: Path
) -> None:
    server.queue = 4
    asker = Asker(server, path).run(most_requests=3)
    assert len(asker.answers) == 6
    assert set(server.paid.values()) == {1}
    assert server.sizes == [3, 3, 3]


def test_what_is_larger_than_the_queue_is_cut(server: BatchServer, path: Path) -> None:
    server.queue = 2
    asker = Asker(server, path, 9).run()
    assert len(asker.answers) == 9
    assert set(server.paid.values()) == {1}
    assert max(server.sizes[-5:]) <= 2


def test_a_queue_without_room_for_one_ends_the_run(
    server: BatchServer, path: Path
) -> None:
    server.queue = 0
    with pytest.raises(EndpointError, match="no room"):
        Asker(server, path).run()


def test_a_limit_told_when_a_batch_is_made_is_waited_out(
    server: BatchServer, path: Path
) -> None:
    server.on_call = Crowded(server)
    asker = Asker(server, path).run(most_requests=2)
    assert len(asker.answers) == 6
    assert set(server.paid.values()) == {1}


class Crowded:
    """Refuses the second batch, however often, until the first has ended."""

    def __init__(self, server: BatchServer) -> None:
        self.server = server

    def __call__(self, call: str, when: str) -> None:
        if (call, when) == ("POST /v1/batches", "before") and self.server.under_way:
            self.server.stumble(call, behaviour=status(429))


@pytest.mark.parametrize("code", ["billing_hard_limit_reached", "insufficient_quota"])
def test_a_batch_refused_for_money_stops_the_run(
    server: BatchServer, path: Path, code: str
) -> None:
    server.fates = [Fate(ends="failed", share=0.0, codes=[code]), Fate()]
    with pytest.raises(QuotaExhausted, match=code):
        Asker(server, path).run()
    assert len(Asker(server, path).run().answers) == 6


def test_a_batch_refused_for_another_reason_stops_the_run(
    server: BatchServer, path: Path
) -> None:
    codes = ["model_not_found", "Sk-SECRET <b>", "sk-1"]
    server.fates = [Fate(ends="failed", share=0.0, codes=codes), Fate()]
    with pytest.raises(EndpointError, match=r"batch-2 \(model_not_found\)"):
        Asker(server, path).run()
    assert len(Asker(server, path).run().answers) == 6


def test_a_cancelled_batch_is_taken_in_and_stops_the_run(
    server: BatchServer, path: Path
) -> None:
    server.fates = [Fate(ends="cancelled", share=0.5), Fate()]
    with pytest.raises(RunStopped, match="was cancelled"):
        Asker(server, path).run()
    assert len(Asker(server, path).run().answers) == 6
    assert server.sizes == [6, 3]
    assert set(server.paid.values()) == {1}


@pytest.mark.parametrize("code", [401, 402, 403, 404])
def test_what_would_befall_every_request_stops_the_run(
    server: BatchServer, path: Path, code: int
) -> None:
    server.answer = Script(status(code, {"message": "no", "code": None}))
    with pytest.raises(EndpointError) as stopped:
        Asker(server, path).run()
    assert stopped.value.halts
    server.answer = good
    assert len(Asker(server, path).run().answers) == 6
    assert server.sizes == [6, 6]


def test_what_befalls_one_request_does_not_stop_the_run(
    server: BatchServer, path: Path
) -> None:
    def behave(request: Request) -> Response:
        is_bad = "Article 3" in json.dumps(request.body)
        return status(403)(request) if is_bad else good(request)

    server.answer = behave
    asker = Asker(server, path).run()
    assert sorted(asker.answers) == [0, 1, 2, 4, 5]
    assert not asker.errors[3].halts


def test_a_wrong_key_shows_before_anything_is_submitted(
    server: BatchServer, path: Path
) -> None:
    server.answer = status(401)
    with pytest.raises(EndpointError, match="refuses the key"):
        Asker(server, path).run()
    assert (server.batches, server.files) == (0, 0)


def test_how_to_ask_is_found_out_before_a_batch_is_spent(
    server: BatchServer, path: Path
) -> None:
    def behave(request: Request) -> Response:
        if "temperature" in request.body:
            return status(400, {"message": "temperature is fixed"})(request)
        return good(request)

    server.answer = behave
    assert len(Asker(server, path).run().answers) == 6
    assert server.sizes == [6]
    assert len(server.live) == 2
    Asker(server, path, 9).run()
    assert len(server.live) == 2  # it is remembered


def test_how_to_ask_is_found_out_anew_after_a_week(
    server: BatchServer, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Asker(server, path).run()
    monkeypatch.setattr(jobs, "time", lambda: time.time() + 8 * 86_400)
    Asker(server, path).run()
    assert len(server.live) == 2


@pytest.mark.parametrize("after", ["86400", "inf", "-1", "soon"])
def test_no_pause_is_longer_than_an_hour(
    server: BatchServer, path: Path, after: str
) -> None:
    server.stumble("POST /v1/files", behaviour=status(429, retry_after=after))
    asker = Asker(server, path).run()
    assert len(asker.answers) == 6
    assert max(asker.slept) <= 3_600


@pytest.mark.parametrize("name", ["../x", "a b", "\x1b[2J", "x" * 300, 7, ""])
def test_a_strange_id_is_no_id(server: BatchServer, path: Path, name: object) -> None:
    server.stumble("POST /v1/files", behaviour=lambda _: as_json({"id": name}))
    assert len(Asker(server, path).run().answers) == 6


def test_what_only_a_batch_refuses_is_left_out_of_the_next(
    server: BatchServer, path: Path
) -> None:
    def behave(request: Request) -> Response:
        is_probe = "wet" in json.dumps(request.body)
        if "temperature" in request.body and not is_probe:
            return status(400, {"message": "temperature is fixed"})(request)
        return good(request)

    server.answer = behave
    assert len(Asker(server, path).run().answers) == 6
    assert server.sizes == [6, 6]
    assert set(server.paid.values()) == {1}


def test_an_endpoint_without_batches_says_so(server: BatchServer, path: Path) -> None:
    server.has_batches = False
    with pytest.raises(EndpointError, match="no batch interface"):
        Asker(server, path).run()


def test_a_batch_that_is_gone_is_asked_again(server: BatchServer, path: Path) -> None:
    server.fates = [Fate(gone=True, share=0.0), Fate()]
    assert len(Asker(server, path).run().answers) == 6
    assert server.sizes == [6, 6]


def test_requests_are_cut_into_files_that_fit(server: BatchServer, path: Path) -> None:
    assert len(Asker(server, path, 10).run(most_requests=4).answers) == 10
    assert server.sizes == [4, 4, 2]


def test_files_end_before_they_are_too_long(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", most_bytes=25)
    for k in range(5):
        spool.add(f"{k:064x}", b"0123456789")
    spool.add(f"{9:064x}", b"x" * 40)
    sheets = spool.take()
    assert [len(sheet.keys) for sheet in sheets] == [2, 2, 1, 1]
    assert sheets[0].path.read_bytes() == b"0123456789" * 2


def test_nothing_of_the_articles_is_left_on_the_disk(
    server: BatchServer, path: Path
) -> None:
    seen: list[tuple[int, int]] = []

    def look(call: str, when: str) -> None:
        for folder in path.parent.glob("*.batches"):
            files = list(folder.iterdir())
            seen.extend((folder.stat().st_mode, f.stat().st_mode) for f in files)

    server.on_call = look
    Asker(server, path).run()
    assert {(folder & 0o777, file & 0o777) for folder, file in seen} == {(0o700, 0o600)}
    assert not list(path.parent.glob("*.batches"))


def test_one_run_at_a_time_waits_for_batches(server: BatchServer, path: Path) -> None:
    refused = []

    def second(call: str, when: str) -> None:
        server.on_call = lambda call, when: None
        with pytest.raises(StoreError, match="Another run"):
            Asker(server, path).run()
        refused.append(call)

    server.on_call = second
    Asker(server, path).run()
    assert len(refused) == 1


def test_neither_key_nor_article_reaches_logs_or_errors(
    server: BatchServer, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.fates = [Fate(ends="expired", share=0.5, output=strange), Fate()]
    for call in CALLS:
        server.stumble(call)
    server.answer = Script(
        refusal, completion("no heron"), status(400, {"message": "the heron"}), good
    )
    asker = Asker(server, path).run()
    told = caplog.text + "".join(
        "".join(traceback.format_exception(error)) for error in asker.errors.values()
    )
    assert asker.errors
    assert "heron" not in told
    assert KEY not in told


SPOILS = [torn, holed, short, twice, foreign, strange, *UNREADABLE]
FATES = st.builds(
    Fate,
    ends=st.sampled_from(["completed", "expired"]),
    share=st.sampled_from([0.0, 0.5, 1.0]),
    as_errors=st.booleans(),
    output=st.sampled_from(SPOILS),
    errors=st.sampled_from(SPOILS),
    spoiled=st.integers(0, 2),
    looks=st.integers(0, 3),
)
STUMBLES = st.lists(
    st.tuples(st.sampled_from(CALLS), st.sampled_from(sorted(TROUBLE)), st.booleans()),
    max_size=4,
)


EMPTY = ("GET /v1/files/ID/content", "empty", False)
EXAMPLES = int(os.environ.get("HYPOTHESIS_EXAMPLES", "200")) // 10


@settings(max_examples=EXAMPLES)
@example([Fate(share=0.0)] * 2 + [Fate(share=0.5, output=torn, spoiled=2)], [EMPTY])
@example([Fate(output=nothing, spoiled=2)], [EMPTY] * 4)
@example([Fate(ends="expired", share=0.0, errors=strange, spoiled=1)] * 3, [])
@given(st.lists(FATES, max_size=3), STUMBLES)
def test_whatever_befalls_batches_all_is_answered_and_paid_once(
    fates: list[Fate], stumbles: list[tuple[str, str, bool]]
) -> None:
    with BatchServer(good) as server, TemporaryDirectory() as folder:
        server.fates = [*fates, Fate()]
        for call, trouble, after in stumbles:
            server.stumble(call, after=after, behaviour=TROUBLE[trouble])
        asker = Asker(server, Path(folder) / "store.sqlite").run(most_requests=4)
        assert len(asker.answers) == 6
        assert set(server.paid.values()) == {1}
