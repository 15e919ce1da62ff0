"""Threads that share a client, against a real server, on a clock of their own."""

import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import pytest
from pydantic import BaseModel
from server import Behaviour, Request, Response, Server, answers, as_json, status

from extractor.client import Client
from extractor.errors import (
    EndpointDown,
    EndpointError,
    ModelError,
    QuotaExhausted,
    RateLimited,
    RunStopped,
)

MESSAGES = [{"role": "user", "content": "Who said it?"}]


class Answers(BaseModel):
    Q1: Literal["Ann Lee", "nobody"]


GOOD = answers({"Q1": "Ann Lee"})


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now = 0.0
        self.sleeps: list[float] = []

    def now(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self._now += seconds
            self.sleeps.append(seconds)
        time.sleep(0.002)  # lets the calls under way get on


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture
def connect(server: Server, clock: Clock) -> Iterator[Callable[..., Client]]:
    made: list[Client] = []

    def client(patience: float = 600.0) -> Client:
        made.append(Client("m", base_url=server.url, api_key="x", patience=patience))
        made[-1]._endpoint.sleep = clock.sleep
        made[-1]._endpoint.gate.now = clock.now
        return made[-1]

    yield client
    for each in made:
        each.close()


def ask(client: Client) -> str:
    """What a question ends in."""
    try:
        client.ask(MESSAGES, Answers, max_tokens=9)
    except ModelError as error:
        return error.code
    return "ok"


def ask_many(client: Client, questions: int, threads: int) -> list[str]:
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda _: ask(client), range(questions)))


def until(seconds: float, clock: Clock, then: Behaviour) -> Behaviour:
    """Fail until that time."""
    return lambda request: (status(500) if clock.now() < seconds else then)(request)


def test_an_outage_of_a_minute_loses_no_question_and_takes_few_calls(
    server: Server, clock: Clock, connect: Callable[..., Client]
) -> None:
    client, threads, questions = connect(patience=1e6), 16, 200
    assert ask_many_ok(client, server, 100, threads)
    before, over = server.calls, clock.now() + 60
    server.will(until(over, clock, GOOD))
    assert ask_many(client, questions, threads) == ["ok"] * questions
    assert clock.now() >= over
    failed = server.calls - before - questions
    assert failed < 4 * threads + 10


def ask_many_ok(client: Client, server: Server, questions: int, threads: int) -> bool:
    server.will(GOOD)
    return ask_many(client, questions, threads) == ["ok"] * questions


def test_an_endpoint_that_fails_three_calls_in_ten_loses_no_question(
    server: Server, connect: Callable[..., Client]
) -> None:
    chance = random.Random(2)
    failing = status(500)
    server.will(lambda r: (failing if chance.random() < 0.3 else GOOD)(r))
    client = connect()
    assert {ask(client) for _ in range(400)} == {"ok"}


def test_one_question_that_always_fails_uses_up_its_attempts_and_no_more(
    server: Server, connect: Callable[..., Client]
) -> None:
    client = connect()
    assert ask_many_ok(client, server, 50, 1)
    server.will(status(500))
    before = server.calls
    assert ask(client) == "endpoint"
    assert server.calls - before == 5


def test_an_endpoint_that_stays_down_ends_questions_without_a_call(
    server: Server, clock: Clock, connect: Callable[..., Client]
) -> None:
    client = connect(patience=60)
    server.will(status(500))
    codes = [ask(client) for _ in range(12)]
    assert codes[:3] == ["endpoint"] * 3
    assert set(codes[3:]) == {"down"}
    before = server.calls
    with pytest.raises(EndpointDown, match="failing for more than 60 s") as caught:
        client.ask(MESSAGES, Answers, max_tokens=9)
    assert (server.calls - before, caught.value.calls) == (0, 0)
    server.will(GOOD)
    clock.sleep(15)
    assert [ask(client) for _ in range(3)] == ["ok"] * 3


@pytest.mark.parametrize(
    ("behaviour", "error", "halts"),
    [
        (status(429, {"code": "insufficient_quota"}), QuotaExhausted, True),
        (status(429, retry_after="86400"), RateLimited, True),
        (status(401), EndpointError, True),
        (status(404, {"code": "model_not_found"}), EndpointError, True),
        (status(500), EndpointError, False),
        (status(400), EndpointError, False),
    ],
)
def test_an_error_tells_whether_other_questions_would_meet_it(
    behaviour: Behaviour,
    error: type[ModelError],
    halts: bool,
    server: Server,
    connect: Callable[..., Client],
) -> None:
    server.will(behaviour)
    with pytest.raises(error) as caught:
        connect().ask(MESSAGES, Answers, max_tokens=9)
    assert caught.value.halts is halts


def test_a_pause_within_patience_is_waited_out(
    server: Server, clock: Clock, connect: Callable[..., Client]
) -> None:
    server.will(status(429, retry_after="300"), GOOD)
    assert ask(connect(patience=600)) == "ok"
    assert clock.sleeps == [300]


def test_refusals_of_all_calls_hold_back_those_that_were_not_sent(
    server: Server, clock: Clock, connect: Callable[..., Client]
) -> None:
    came: list[float] = []
    lock = threading.Lock()

    def behave(request: Request) -> Response:
        with lock:
            came.append(clock.now())
            early = len(came) <= 8
        return (status(429, retry_after="300") if early else GOOD)(request)

    server.will(behave)
    assert ask_many(connect(), 40, 8) == ["ok"] * 40
    assert all(at >= 300 for at in came[8:])


def test_what_the_headers_allow_is_not_overrun(
    server: Server, clock: Clock, connect: Callable[..., Client]
) -> None:
    taken: list[float] = []

    def behave(request: Request) -> Response:
        now = clock.now()
        taken.append(now)
        left = max(0.0, 20 - len(taken) + now * 10)
        headers = {
            "x_ratelimit_limit_requests": "20",
            "x_ratelimit_remaining_requests": f"{min(left, 20):.0f}",
            "x_ratelimit_reset_requests": f"{(20 - min(left, 20)) / 10:.3f}s",
        }
        if left <= 0:
            return as_json({"error": {"message": "slower"}}, 429, retry_after="1")
        return as_json(json.loads(GOOD(request).body), 200, **headers)

    server.will(behave)
    client = connect()
    codes = [ask(client) for _ in range(150)]
    assert set(codes) == {"ok"}
    assert len(taken) - 150 <= 8
    rate = client._endpoint.gate.rate
    assert rate is not None
    assert 10 <= rate <= 20  # what comes back, and the whole


def test_an_interrupt_ends_a_pause(server: Server) -> None:
    server.will(status(429, retry_after="50"))
    client = Client("m", base_url=server.url, api_key="x")
    raised: list[BaseException] = []

    def wait() -> None:
        try:
            client.ask(MESSAGES, Answers, max_tokens=9)
        except RunStopped as error:
            raised.append(error)

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    while not server.calls:
        thread.join(0.01)
    client.interrupt()
    thread.join(120)
    assert len(raised) == 1
    client.close()


def test_the_gate_is_left_when_a_call_is_interrupted(
    server: Server,
    clock: Clock,
    connect: Callable[..., Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = connect()
    server.will(status(500))
    for _ in range(4):
        ask(client)

    def interrupted(request: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(client._endpoint, "_outcome", interrupted)
        with pytest.raises(KeyboardInterrupt):
            ask(client)
    server.will(GOOD)
    assert ask(client) == "ok"
