"""The gate that the calls of all threads to an endpoint pass."""

import logging
import time
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Literal

from extractor.client.outages import Outage
from extractor.client.pacing import Allowance, Pace

Ending = Literal["answered", "refused", "failed"]
"""Of a call: `refused` for coming too soon, `failed` by the endpoint's own fault."""

UNTOLD_PAUSE = 1.0
"""Seconds that all calls wait where many are refused without a word about when."""
STEP = 0.25
"""Longest sleep before a waiting thread looks again, seconds."""

logger = logging.getLogger(__name__)


class Gate:
    """Holds calls back until they are due. Thread-safe.

    Attributes:
        now: the clock, seconds.
    """

    def __init__(self, sleep: Callable[[float], None]) -> None:
        self.now: Callable[[], float] = time.monotonic
        self._sleep = sleep
        self._pace, self._outage = Pace(), Outage()
        self._line, self._lock = Lock(), Lock()

    @property
    def rate(self) -> float | None:
        """Calls a second that are let through; None for as many as come."""
        return self._pace.rate

    @property
    def in_trouble(self) -> bool:
        """Whether a failure is the endpoint's rather than the question's."""
        with self._lock:
            return self._outage.in_trouble

    def enter(self, patience: float) -> float | None:
        """Wait until a call is due.

        Args:
            patience: seconds without any success after which waiting is vain.

        Returns:
            The time to give to `leave`; None where the endpoint is down for too long.
        """
        with self._line:  # one waits for its time, the others for that one
            while True:
                with self._lock:
                    now = self.now()
                    wait = max(self._pace.due(), self._outage.due()) - now
                    if wait <= 0:
                        self._pace.start(now)
                        self._outage.start()
                        return now
                    if self._outage.seconds(now) > patience:
                        return None
                self._sleep(min(wait, STEP))

    def leave(self, started: float, ending: Ending, pause: float | None = None) -> None:
        """A call has ended; of a refused one with the pause the endpoint asks for."""
        with self._lock:
            now, rate = self.now(), self._pace.rate
            was_down = self._outage.seconds(now) > 0
            if ending == "refused":
                pause = UNTOLD_PAUSE if pause is None else pause
                self._pace.refused(now, started, pause)
            else:
                self._pace.answered(now, started)
            self._outage.ended(now, started, failed=ending == "failed")
            is_down = self._outage.seconds(now) > 0
            slower = self._pace.rate if self._pace.rate != rate else None
        if slower:
            logger.debug("refused: from here on %.3g calls a second", slower)
        if is_down != was_down:
            logger.info("the endpoint %s", "is down" if is_down else "is up again")

    def expect(self, allowances: Sequence[Allowance]) -> None:
        """Learn from what the endpoint says it still takes."""
        with self._lock:
            for allowance in allowances:
                self._pace.expect(allowance)
