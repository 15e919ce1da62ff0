"""The pace of calls, held against simulated endpoints on a simulated clock."""

import heapq
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from extractor.client.headers import allowances, retry_after
from extractor.client.outages import FIRST_PAUSE, LEAST, LONGEST_PAUSE, Outage
from extractor.client.pacing import Allowance, Pace

LIMIT = 40.0
"""Calls a second that the simulated endpoints take."""


class Window:
    """So many calls within any second."""

    def __init__(self) -> None:
        self.taken: deque[float] = deque()

    def takes(self, now: float) -> bool:
        while self.taken and self.taken[0] <= now - 1:
            self.taken.popleft()
        if len(self.taken) >= LIMIT:
            return False
        self.taken.append(now)
        return True


class Seconds:
    """So many calls within each second of the clock."""

    def __init__(self) -> None:
        self.second, self.taken = -1, 0

    def takes(self, now: float) -> bool:
        if int(now) != self.second:
            self.second, self.taken = int(now), 0
        self.taken += 1
        return self.taken <= LIMIT


@dataclass
class Bucket:
    """So many calls at once, which come back little by little."""

    size: float
    left: float = 0.0
    at: float = 0.0

    def __post_init__(self) -> None:
        self.left = self.size

    def takes(self, now: float) -> bool:
        self.left = min(self.size, self.left + (now - self.at) * LIMIT)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


class Open:
    """No limit."""

    def takes(self, now: float) -> bool:
        return True


@dataclass
class Run:
    """Callers that share a pace, and an endpoint, until so many calls are answered."""

    takes: Callable[[float], bool]
    callers: int = 64
    latency: float = 0.05
    told: float | None = 1.0
    calls: int = 1_000
    seed: int = 1
    pace: Pace = field(default_factory=Pace)
    answered: int = 0
    refused: int = 0
    now: float = 0.0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.waiting = self.callers
        self.queue: list[tuple[float, int, Callable[[], None]]] = []
        self.number = 0
        self._let_through()
        while self.queue:
            self.now, _, step = heapq.heappop(self.queue)
            step()

    def _after(self, seconds: float, step: Callable[[], None]) -> None:
        self.number += 1
        heapq.heappush(self.queue, (self.now + seconds, self.number, step))

    def _let_through(self) -> None:
        """The first of those who wait, as soon as it is due; threads wake up late."""
        if not self.waiting:
            return
        late = self.pace.due() - self.now
        if late > 0:
            self._after(late + 0.002 * self.chance.random(), self._let_through)
            return
        self.waiting -= 1
        started = self.now
        self.pace.start(started)
        self._after(0.003 * self.chance.random(), lambda: self._arrive(started))
        self._let_through()

    def _arrive(self, started: float) -> None:
        if self.takes(self.now):
            latency = self.latency * self.chance.uniform(0.8, 1.2)
            self._after(latency, lambda: self._finish(started))
            return
        self.refused += 1
        wait = 0.5 * self.chance.random() if self.told is None else self.told
        self.pace.refused(self.now, started, wait)
        self._after(wait, self._come)

    def _finish(self, started: float) -> None:
        self.pace.answered(self.now, started)
        self.answered += 1
        if self.answered + self.callers <= self.calls:
            self._come()

    def _come(self) -> None:
        self.waiting += 1
        if self.waiting == 1:
            self._let_through()


LIMITED: dict[str, Callable[[], Callable[[float], bool]]] = {
    "window": lambda: Window().takes,
    "seconds": lambda: Seconds().takes,
    "bucket of a second": lambda: Bucket(LIMIT).takes,
    "bucket of a quarter second": lambda: Bucket(LIMIT / 4).takes,
}


@pytest.mark.parametrize("latency", [0.005, 0.05, 0.2])
@pytest.mark.parametrize("callers", [32, 64])
@pytest.mark.parametrize("name", LIMITED)
def test_a_limit_is_used_to_nine_tenths_with_a_tenth_of_calls_refused(
    name: str, callers: int, latency: float
) -> None:
    runs = [
        Run(LIMITED[name](), callers, latency=latency, seed=seed) for seed in range(4)
    ]
    for run in runs:
        assert run.answered == run.calls
        assert run.refused <= 0.1 * (run.answered + run.refused)
    seconds = sum(run.now for run in runs)
    assert sum(run.answered for run in runs) >= 0.9 * LIMIT * seconds


@pytest.mark.parametrize("name", LIMITED)
def test_a_limit_is_found_without_a_word_about_when_to_come_again(name: str) -> None:
    run = Run(LIMITED[name](), told=None)
    assert run.answered / run.now >= 0.9 * LIMIT
    assert run.refused <= 0.1 * (run.answered + run.refused)


def test_without_a_refusal_nothing_is_held_back() -> None:
    run = Run(Open().takes, latency=0.05)
    assert run.pace.rate is None
    assert run.now < 2 * 0.05 * run.calls / run.callers


def test_the_pace_follows_a_limit_that_falls_and_rises() -> None:
    pace = Pace()
    Run(Bucket(LIMIT).takes, pace=pace)
    assert pace.rate == pytest.approx(LIMIT, rel=0.15)
    tenth = Bucket(LIMIT)
    slower = Run(lambda now: tenth.takes(now / 10), pace=pace, calls=200)
    assert slower.refused < 300
    assert 0.7 * LIMIT / 10 < (slower.pace.rate or 0.0) < 2 * LIMIT / 10


def test_a_crowd_of_refusals_holds_all_calls_back_as_long_as_told() -> None:
    pace = Pace()
    for _ in range(5):
        pace.start(0.0)
        pace.refused(0.1, 0.0, 20.0)
    assert pace.due() == 20.1


def test_one_refusal_among_answers_holds_no_other_call_back() -> None:
    pace = Pace()
    for k in range(20):
        pace.start(k / 20)
        pace.answered(k / 20, k / 20)
    pace.refused(1.0, 0.95, 20.0)
    assert pace.due() <= 1.0


@pytest.mark.parametrize("share", [0.01, 0.02, 0.05])
def test_refusals_that_come_at_any_rate_do_not_bring_the_calls_to_a_halt(
    share: float,
) -> None:
    chance = random.Random(1)
    for seed in range(4):
        run = Run(lambda now: chance.random() >= share, calls=5_000, seed=seed)
        undisturbed = (run.calls / run.callers) * (run.latency + share * 1.0)
        assert run.now < 2 * undisturbed


def test_refusals_at_any_rate_are_told_from_those_of_a_limit() -> None:
    chance, bucket = random.Random(1), Bucket(LIMIT)
    run = Run(
        lambda now: chance.random() >= 0.05 and bucket.takes(now), calls=4_000, told=0.5
    )
    assert run.answered / run.now > 0.8 * LIMIT
    assert run.refused < 0.2 * run.answered


def test_what_was_sent_before_a_cut_cuts_no_more() -> None:
    pace = Pace()
    for k in range(20):
        pace.answered(k / 20, k / 20)
    for _ in range(5):
        pace.refused(1.0, 0.95, 1.0)
    rate = pace.rate
    assert rate is not None
    for _ in range(5):
        pace.refused(1.1, 0.95, 1.0)
    assert pace.rate == rate


def test_an_allowance_sets_the_pace_before_anything_is_refused() -> None:
    early, pace = Pace(), Pace()
    early.expect(Allowance(limit=60, remaining=40, reset=20.0))
    assert early.rate is None
    pace.expect(Allowance(limit=60, remaining=20, reset=40.0))
    assert pace.rate == 1.0
    pace.start(100.0)
    pace.start(pace.due())
    assert 100.8 < pace.due() < 102


@pytest.mark.parametrize(
    "allowance", [Allowance(0, 0, 1), Allowance(60, 0, 0), Allowance(60, 90, 1)]
)
def test_an_allowance_that_cannot_be_sets_no_pace(allowance: Allowance) -> None:
    pace = Pace()
    pace.expect(allowance)
    assert pace.rate is None


@pytest.mark.parametrize(
    ("reset", "seconds"),
    [
        ("1s", 1.0),
        ("6m0s", 360.0),
        ("120ms", 0.12),
        ("1h2m3.5s", 3723.5),
        ("2m", 120.0),
        ("7.66s", 7.66),
        ("30", 30.0),
    ],
)
def test_rate_limit_headers_are_read(reset: str, seconds: float) -> None:
    headers = {
        "x-ratelimit-limit-requests": "500",
        "x-ratelimit-remaining-requests": "499",
        "x-ratelimit-reset-requests": reset,
        "x-ratelimit-limit-tokens": "30000",
        "x-ratelimit-remaining-tokens": "15000",
        "x-ratelimit-reset-tokens": reset,
    }
    requests, tokens = allowances(headers, tokens=1_000)
    assert (requests.limit, requests.remaining) == (500, 499)
    assert (tokens.limit, tokens.remaining) == (30, 15)
    assert requests.reset == tokens.reset == pytest.approx(seconds)
    assert len(allowances(headers, tokens=0)) == 1


@pytest.mark.parametrize("reset", ["", "soon", "-1s", "inf", "nan", "1..2s", "²", "0"])
def test_headers_that_say_nothing_are_no_allowance(reset: str) -> None:
    headers = {
        "x-ratelimit-limit-requests": "500",
        "x-ratelimit-remaining-requests": "499",
        "x-ratelimit-reset-requests": reset,
    }
    assert allowances(headers, tokens=1) == []
    headers |= {
        "x-ratelimit-reset-requests": "1s",
        "x-ratelimit-limit-requests": reset or "many",
    }
    if reset != "0":
        assert allowances(headers, tokens=1) == []


@pytest.mark.parametrize("text", ["", "later", "nan", "-5", "-inf", "Mon, 99 Foo"])
def test_a_pause_that_is_none_is_not_asked_for(text: str) -> None:
    assert retry_after({"retry-after": text}) is None


def fail(outage: Outage, calls: int, now: float = 0.0) -> None:
    for _ in range(calls):
        outage.start()
        outage.ended(now, now, failed=True)


def test_an_endpoint_that_fails_most_calls_is_let_rest_and_tried_again() -> None:
    outage = Outage()
    fail(outage, LEAST - 1)
    assert outage.due() <= 0
    fail(outage, 1)
    assert outage.due() == FIRST_PAUSE
    assert outage.in_trouble


def test_an_endpoint_that_fails_a_third_is_in_trouble_but_not_down() -> None:
    outage = Outage()
    for k in range(90):
        outage.start()
        outage.ended(0.0, 0.0, failed=k % 3 == 0)
    assert outage.in_trouble
    assert outage.due() <= 0


def test_an_endpoint_that_fails_one_call_in_ten_is_not_in_trouble() -> None:
    outage = Outage()
    for k in range(90):
        outage.start()
        outage.ended(0.0, 0.0, failed=k % 10 == 0)
    assert not outage.in_trouble


def test_one_call_at_a_time_tries_an_endpoint_that_is_down() -> None:
    outage = Outage()
    fail(outage, LEAST)
    pauses, now = [], 0.0
    for _ in range(7):
        pauses.append(outage.due() - now)
        now = outage.due()
        outage.start()
        assert outage.due() == float("inf")
        outage.ended(now, now, failed=True)
    assert pauses == [1, 2, 4, 8, 15, 15, 15] == [*pauses[:6], LONGEST_PAUSE]
    assert outage.seconds(now + 5) == now + 5


def test_an_endpoint_that_is_up_again_gets_more_calls_with_each_answer() -> None:
    outage = Outage()
    fail(outage, LEAST)
    now, widths = outage.due(), []
    for _ in range(6):
        width = 0
        while outage.due() <= now:
            outage.start()
            width += 1
        widths.append(width)
        outage.ended(now, now, failed=False)
        now += 0.1
        if outage.seconds(now) == 0 and not outage.in_trouble:
            break
    assert widths[:3] == [1, 2, 3]  # of four at a time, one is still under way
    for _ in range(100):
        outage.start()
    assert outage.due() <= now
    assert outage.seconds(now) == 0


def test_calls_sent_before_the_outage_was_seen_do_not_count_for_the_trial() -> None:
    outage = Outage()
    fail(outage, LEAST)
    outage.ended(0.5, 0.0, failed=False)
    outage.ended(0.5, 0.0, failed=True)
    assert outage.due() == FIRST_PAUSE
