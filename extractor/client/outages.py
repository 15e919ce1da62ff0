"""Whether an endpoint is down, and when to try it again: a circuit breaker.

A rule of time alone, as `pacing` is. Where most of the last calls failed, calls stop;
after a pause one is let through. If that fails, too, the next pause is twice as long;
if it succeeds, the calls at a time double with each one that does (M. Nygard, Release
It!, 2007, chapter 5).
"""

from collections import deque

SEEN, LEAST = 50, 20
"""Calls that are looked back on, and the least that say anything."""
DOWN, TROUBLE = 0.5, 0.2
"""Share of failed calls beyond which an endpoint counts as down, as in trouble."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 15.0
"""Seconds before a call is let through, after the first and after many that failed."""
RECOVERED = 64
"""Calls at a time from which an endpoint that was down counts as up again."""


class Outage:
    """Lets calls through or not. Not thread-safe; times in seconds."""

    def __init__(self) -> None:
        self._failed: deque[bool] = deque(maxlen=SEEN)
        self._width: int | None = None  # calls at a time; None where all is well
        self._under_way = 0  # of those sent since the endpoint went down
        self._pause = 0.0
        self._stopped = self._resume = float("-inf")
        self._since: float | None = None

    @property
    def in_trouble(self) -> bool:
        """Whether a failure is the endpoint's rather than the question's."""
        seen = len(self._failed)
        many = seen >= LEAST and sum(self._failed) > TROUBLE * seen
        return many or self._width is not None

    def seconds(self, now: float) -> float:
        """How long nothing has succeeded, if the endpoint is down."""
        return 0.0 if self._since is None else now - self._since

    def due(self) -> float:
        """The time from which the next call may start; infinite until one ends."""
        if self._width is not None and self._under_way >= self._width:
            return float("inf")
        return self._resume

    def start(self) -> None:
        """A call starts."""
        self._under_way += 1

    def ended(self, now: float, started: float, *, failed: bool) -> None:
        """A call that started then came to its end."""
        self._failed.append(failed)
        if self._width is None:
            seen = len(self._failed)
            if failed and seen >= LEAST and sum(self._failed) > DOWN * seen:
                self._stop(now)
        elif started > self._stopped:  # else it was sent before all this
            self._under_way -= 1
            if failed and self._width == 1:
                self._stop(now)
            elif failed:
                self._width //= 2
            else:
                self._succeed()

    def _stop(self, now: float) -> None:
        self._pause = min(max(2 * self._pause, FIRST_PAUSE), LONGEST_PAUSE)
        self._stopped, self._resume = now, now + self._pause
        self._since = now if self._since is None else self._since
        self._width, self._under_way = 1, 0
        self._failed.clear()

    def _succeed(self) -> None:
        assert self._width is not None
        self._since, self._pause = None, 0.0
        self._width *= 2
        if self._width >= RECOVERED:
            self._width, self._under_way = None, 0
