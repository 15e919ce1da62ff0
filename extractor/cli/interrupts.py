"""Ctrl-C and SIGTERM, which end a long run after its calls in flight."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from extractor.cli.progress import tell

POLL = 0.05
"""Seconds between two looks at whether a signal came."""


class Interrupt:
    """Tells a run to stop at the first signal; the second ends it at once.

    A handler runs between any two steps of the main thread, so it must take no lock
    that thread may hold: it notes the signal, and a thread of its own does the rest.

    Args:
        stop: is set once a signal came.

    Attributes:
        came: whether one did.
    """

    def __init__(self, stop: Event) -> None:
        self.came = False
        self._stop = stop
        self._over = False

    @contextmanager
    def heeded(self) -> Iterator[None]:
        """Takes signals until the block ends."""
        numbers = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, self._note) for number in numbers}
        Thread(target=self._watch, daemon=True).start()
        try:
            yield
        except KeyboardInterrupt:
            self.came = True
            raise
        finally:
            self._over = True
            for number, handler in before.items():
                signal.signal(number, handler)

    def _note(self, number: int, frame: object) -> None:
        if self.came:
            raise KeyboardInterrupt
        self.came = True

    def _watch(self) -> None:
        while not self._over:
            if self.came:
                self._stop.set()
                tell("Finishing the calls in flight; Ctrl-C again ends at once.")
                return
            time.sleep(POLL)
