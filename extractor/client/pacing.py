"""How fast an endpoint may be asked, learned from what it refuses.

A rule of time alone: whoever sends calls asks when the next is due and tells what
became of each. The rule is AIMD (Chiu and Jain, Computer Networks 17, 1989), on the
rate of calls and not on their number at a time: a fast endpoint refuses even one at a
time if they follow each other quickly. As in CUBIC (RFC 9438) the rate grows fast where
it is far from the last one refused, and slowly near it.

Some endpoints refuse a few calls in a hundred at any rate, since others use them, too.
What is refused well below the last rate refused shows how many; only more than that
slows the calls down, or else they would come to a halt in the end.
"""

import math
from collections import deque
from dataclasses import dataclass

CATCH_UP = 0.1
"""Seconds of calls that may follow at once where a thread woke up late."""
WINDOW, MOST_ANSWERS, LEAST_ANSWERS = 10.0, 128, 5
"""Seconds and answers that are looked back on to see what rate an endpoint bears; with
fewer than the least, refused calls wait and no more."""
CROWD, CROWD_SECONDS, CROWD_SHARE = 5, 0.5, 0.25
"""Refusals in a row that hold back all calls, not only those refused: so many, as many
as are sent in these seconds, and this share of those sent since the last answer."""
CUT, LEAST_CUT = 0.5, 0.97
"""Share of the rate that is left after a refusal, at least and at most; between them,
it is the rate of the answers."""
BELOW = 0.98
"""Share of the rate refused last below which a limit would refuse nothing."""
MEMORY, LEAST_NOISE, MOST_NOISE = 300, 0.025, 0.1
"""Calls that tell what share is refused at any rate, and the shares that count so."""
DOUBT, LEAST_SEEN, MOST_SEEN = 3.0, (10, 50), 400
"""Standard deviations by which refusals must exceed that share to be taken for a
limit, and the calls they are counted over: at least, where a rate is kept and where
none is, and at most."""
AFTERMATH = 1.0
"""Seconds after a cut in which the endpoint may still refuse for what came before."""
NEAR = (0.5, 0.95, 1.05)
"""The rate as a share of the one refused last: far below, below, near, above."""
GROWTH = (0.7, 0.1, 0.01, 0.1)
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
        self._in_a_row = self._unanswered = 0
        self._is_limited = False
        self._seen = self._refused = 0.0
        self._noise = 0.0
        self._answers: deque[float] = deque(maxlen=MOST_ANSWERS)

    def due(self) -> float:
        """The time from which the next call may start."""
        return max(self._next, self._resume)

    def start(self, now: float) -> None:
        """A call starts."""
        self._unanswered += 1
        if self.rate is None and self._is_limited:  # too few answers told, before
            self._estimate(now, 0.0)
        if self.rate is None:
            return
        due = self.due()
        if now - due < CATCH_UP:  # it had to wait, so the rate is what holds us back
            self.rate += self._growth() * min(1.0, self.rate)
        self._next = max(due, now - CATCH_UP) + 1 / self.rate

    def answered(self, now: float, started: float) -> None:
        """A call that was sent then was not refused, whatever else became of it."""
        self._in_a_row = self._unanswered = 0
        self._answers.append(now)
        self._note(started, refused=False)

    def refused(self, now: float, started: float, wait: float) -> None:
        """A call was refused for coming too soon.

        Args:
            now: time of the refusal.
            started: when the call was sent.
            wait: pause the endpoint asks for, or the one we choose.
        """
        self._in_a_row += 1
        crowd = self._in_a_row >= max(
            CROWD, CROWD_SECONDS * (self.rate or 0.0), CROWD_SHARE * self._unanswered
        )
        if crowd:
            self._resume = max(self._resume, now + wait)
        if not self._is_recent(started):
            return
        self._note(started, refused=True)
        if not (crowd or self._exceeds_noise()):
            return
        if self.rate is None:
            self._is_limited = True
            self._estimate(now, wait)
        else:
            borne = len(self._recent(now)) / self._span(now)
            self._refused_rate = self.rate
            self.rate *= min(LEAST_CUT, max(CUT, borne / self.rate))
            self._cut(now)

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
            self._cut(now)

    def _cut(self, now: float) -> None:
        self._cut_at = now
        self._seen = self._refused = 0.0

    def _is_recent(self, started: float) -> bool:
        """Whether a call was sent at the present rate, or one not much lower."""
        return started >= self._cut_at + AFTERMATH

    def _note(self, started: float, *, refused: bool) -> None:
        """Count a call, and learn from it what is refused at any rate."""
        if not self._is_recent(started):
            return
        self._seen += 1
        self._refused += refused
        if self._seen > MOST_SEEN:
            self._seen, self._refused = self._seen / 2, self._refused / 2
        if self.rate and self.rate < BELOW * self._refused_rate < float("inf"):
            self._noise += (refused - self._noise) / MEMORY

    def _exceeds_noise(self) -> bool:
        """Whether more is refused than there would be at any rate.

        Refusals come back before the answers to calls that were sent with them.
        """
        noise = min(self._noise, MOST_NOISE) if self._noise > LEAST_NOISE else 0.0
        if self.rate is None:
            noise = MOST_NOISE
        usual = noise * self._seen
        enough = not noise or self._seen >= LEAST_SEEN[self.rate is None]
        return enough and self._refused > usual + DOUBT * math.sqrt(usual)

    def _recent(self, now: float) -> list[float]:
        return [at for at in self._answers if at > now - WINDOW]

    def _span(self, now: float) -> float:
        return max(now - min(self._recent(now), default=now), 0.1)

    def _growth(self) -> float:
        share = (self.rate or 0.0) / self._refused_rate
        return GROWTH[sum(share >= edge for edge in NEAR)]
