"""How fast an endpoint may be asked, learned from what it refuses.

A rule of time alone: whoever sends calls asks when the next is due and tells what
became of each. The rule is AIMD (Chiu and Jain, Computer Networks 17, 1989), on the
rate of calls and not on their number at a time: a fast endpoint refuses even one at a
time if they follow each other quickly. As in CUBIC (RFC 9438) the rate grows fast where
it is far from the last one refused, and slowly near it.
"""

from collections import deque
from dataclasses import dataclass

CATCH_UP = 0.2
"""Seconds of calls that may follow at once where a thread woke up late."""
WINDOW, MOST_ANSWERS, LEAST_ANSWERS = 10.0, 128, 5
"""Seconds and answers that are looked back on to see what rate an endpoint bears; with
fewer than the least, refused calls wait and no more."""
CROWD, CROWD_SECONDS = 5, 0.5
"""Refusals in a row that hold back all calls, not only those refused: so many, and as
many as are sent in these seconds."""
CUT, LEAST_CUT = 0.5, 0.97
"""Share of the rate that is left after a refusal, at least and at most; between them,
it is the rate of the answers."""
AFTERMATH = 1.0
"""Seconds after a cut in which the endpoint may still refuse for what came before."""
NEAR = (0.5, 0.95, 1.05)
"""The rate as a share of the one refused last: far below, below, near, above."""
GROWTH = (0.8, 0.1, 0.005, 0.05)
"""Growth of the rate a second in these four ranges, as a share of it."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What an endpoint says it still takes, in calls.

    Attributes:
        limit: calls it takes at once after a long pause.
        remaining: calls of these that are left.
        reset: seconds until all of them are there again.
    """

    limit: float
    remaining: float
    reset: float


class Pace:
    """When the next call to an endpoint is due. Not thread-safe; times in seconds."""

    def __init__(self) -> None:
        self.rate: float | None = None
        """Calls a second; None where nothing was ever refused."""
        self._refused_rate = float("inf")
        self._next = self._resume = self._cut_at = float("-inf")
        self._in_a_row = 0
        self._refuses = False
        self._answers: deque[float] = deque(maxlen=MOST_ANSWERS)

    def due(self) -> float:
        """The time from which the next call may start."""
        return max(self._next, self._resume)

    def start(self, now: float) -> None:
        """A call starts."""
        if self.rate is None and self._refuses:  # when it did, too few answers told
            self._estimate(now, 0.0)
        if self.rate is None:
            return
        due = self.due()
        if now - due < CATCH_UP:  # it had to wait, so the rate is what holds us back
            self.rate += self._growth() * min(1.0, self.rate)
        self._next = max(due, now - CATCH_UP) + 1 / self.rate

    def answered(self, now: float) -> None:
        """A call was not refused, whatever else became of it."""
        self._in_a_row = 0
        self._answers.append(now)

    def refused(self, now: float, started: float, wait: float) -> None:
        """A call was refused for coming too soon.

        Args:
            now: time of the refusal.
            started: when the call was sent.
            wait: pause the endpoint asks for, or the one we choose.
        """
        self._in_a_row += 1
        self._refuses = True
        if self._in_a_row >= max(CROWD, CROWD_SECONDS * (self.rate or 0.0)):
            self._resume = max(self._resume, now + wait)
        if started < self._cut_at + AFTERMATH:
            return
        if self.rate is None:
            self._estimate(now, wait)
        else:
            borne = len(self._recent(now)) / self._span(now)
            self._refused_rate = self.rate
            self.rate *= min(LEAST_CUT, max(CUT, borne / self.rate))
            self._cut_at = now

    def expect(self, allowance: Allowance) -> None:
        """Learn the rate before anything is refused, when half the allowance is used.

        What is used comes back within `reset`, be it at once or little by little.
        """
        used = allowance.limit - allowance.remaining
        if self.rate is None and 2 * used >= allowance.limit > 0 < allowance.reset:
            self.rate = used / allowance.reset
            self._refused_rate = 1.5 * self.rate

    def _estimate(self, now: float, wait: float) -> None:
        """Take the rate of the last answers, if they are enough to tell."""
        if len(self._recent(now)) >= LEAST_ANSWERS:
            span = max(self._span(now) + wait, AFTERMATH)
            self.rate = len(self._recent(now)) / span
            self._cut_at = now

    def _recent(self, now: float) -> list[float]:
        return [at for at in self._answers if at > now - WINDOW]

    def _span(self, now: float) -> float:
        return max(now - min(self._recent(now), default=now), 0.1)

    def _growth(self) -> float:
        share = (self.rate or 0.0) / self._refused_rate
        return GROWTH[sum(share >= edge for edge in NEAR)]
