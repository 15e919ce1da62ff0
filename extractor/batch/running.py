"""Threads that work through the articles until each has its terminal row."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from typing import Final

from extractor.batch.desk import Desk, Item
from extractor.batch.listing import Listing
from extractor.batch.rows import Outcome, Status
from extractor.errors import Pending, RunStopped

GIVE_UP_AT_ONCE: Final = 3
"""Articles that the endpoint fails before it has answered any; then a run ends."""
GIVE_UP: Final = 25
"""Articles in a row that it fails later on."""
PATIENCE: Final = 30.0
"""Seconds that a run which ends early waits for its calls in flight."""
POLL: Final = 0.05
"""Seconds between two looks at whether the threads are done."""


@dataclass
class Summary:
    """How far a run is.

    Attributes:
        statuses: articles by what became of them.
        codes: articles that failed, also in part, by the code of the first failure.
        passing: articles that failed, also in part, for a reason that may be gone the
            next time; the next run asks them again.
        kept: articles whose row an earlier attempt has made.
        pending: articles without a row that wait for an answer.
    """

    statuses: Counter[Status] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    passing: int = 0
    kept: int = 0
    pending: int = 0

    @property
    def done(self) -> int:
        """Articles with a row."""
        return self.statuses.total()

    def add(self, outcome: Outcome, *, kept: bool) -> None:
        """Counts an article."""
        self.statuses[outcome.status] += 1
        if outcome.code:
            self.codes[outcome.code] += 1
            self.passing += not outcome.is_settled
        self.kept += kept


def run_batch(
    items: Iterable[Item],
    desk: Desk,
    listing: Listing,
    *,
    jobs: int = 1,
    stop: Event | None = None,
    progress: Callable[[Summary, Outcome], None] | None = None,
) -> Summary:
    """Works on articles until each has its row in the store.

    Articles are read as they are worked on, so memory does not grow with their number.

    Args:
        items: articles, and errors in the place of those that cannot be read.
        desk: makes the rows.
        listing: gets the keys of the rows in the order of the articles.
        jobs: articles to work on at the same time.
        stop: set by whoever wants the run to end; calls in flight are finished and
            kept. It is set when the run ends for another reason.
        progress: called after each article, from any thread but one at a time.

    Raises:
        RunStopped: it ended early; what is done is kept, and the same call goes on.
        ExtractorError: what befalls every article; likewise.
    """
    crew = _Crew(iter(items), desk, listing, stop or Event(), progress)
    crew.work(jobs)
    return crew.summary


class _Crew:
    """Threads that share the articles."""

    def __init__(
        self,
        items: Iterator[Item],
        desk: Desk,
        listing: Listing,
        stop: Event,
        progress: Callable[[Summary, Outcome], None] | None,
    ) -> None:
        self.summary = Summary()
        self._items = items
        self._desk = desk
        self._listing = listing
        self._stop = stop
        self._progress = progress
        self._reading = Lock()
        self._counting = Lock()
        self._failed_in_a_row = 0
        self._error: BaseException | None = None

    def work(self, jobs: int) -> None:
        """Work until nothing is left. The threads are daemons: no exit waits for them.

        An interrupt lets them finish their calls; a second one does not wait for that.
        """
        threads = [Thread(target=self._work, daemon=True) for _ in range(jobs)]
        for thread in threads:
            thread.start()
        try:
            while _is_any_alive(threads) and not self._stop.is_set():
                time.sleep(POLL)
        except KeyboardInterrupt:
            self._wind_up(threads)
            raise
        if self._stop.is_set():
            self._wind_up(threads)
            raise self._error or RunStopped("The run was told to end.")

    def _wind_up(self, threads: list[Thread]) -> None:
        """Wait for the calls in flight, but not for ever."""
        self._stop.set()
        self._desk.interrupt()
        end = time.monotonic() + PATIENCE
        while _is_any_alive(threads) and time.monotonic() < end:
            time.sleep(POLL)

    def _work(self) -> None:
        try:
            while not self._stop.is_set():
                item = self._next()
                if item is None:
                    return
                self._settle(item)
        except BaseException as error:  # noqa: BLE001  # raised again by `work`
            with self._counting:
                self._error = self._error or error
            self._stop.set()

    def _settle(self, item: Item) -> None:
        try:
            outcome, kept = self._desk.settle(item)
        except Pending:
            with self._counting:
                self.summary.pending += 1
            return
        with self._counting:
            self._count(outcome, kept)

    def _next(self) -> Item | None:
        with self._reading:
            item = next(self._items, None)
            if item is not None:
                self._listing.add(self._desk.key(item))
            return item

    def _count(self, outcome: Outcome, kept: bool) -> None:
        """Count an article; after that, see whether to go on."""
        self.summary.add(outcome, kept=kept)
        if self._progress:
            self._progress(self.summary, outcome)
        failed = not outcome.is_settled
        self._failed_in_a_row = self._failed_in_a_row + 1 if failed else 0
        unanswered = self.summary.done == self._failed_in_a_row
        limit = GIVE_UP_AT_ONCE if unanswered else GIVE_UP
        if self._failed_in_a_row >= limit:
            raise RunStopped(
                f"{self._failed_in_a_row} articles in a row failed, the last because: "
                f"{outcome.message}"
            )


def _is_any_alive(threads: list[Thread]) -> bool:
    return any(thread.is_alive() for thread in threads)
