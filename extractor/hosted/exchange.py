"""Files of requests to batches, and what the batches bring into the store."""

import logging
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from extractor.client.batches import Batch, BatchInterface
from extractor.client.faults import Fault
from extractor.errors import (
    EndpointError,
    ModelError,
    QuotaExhausted,
    RateLimited,
    RunStopped,
)
from extractor.hosted.jobs import Job, Jobs
from extractor.hosted.outcomes import Failures
from extractor.hosted.results import Results
from extractor.hosted.spool import Sheet, Spool
from extractor.store import Store

FIRST_PAUSE: Final = 5.0
"""Seconds between two looks at the batches; more each time, up to `LONGEST_PAUSE`."""
LONGEST_PAUSE: Final = 60.0
PATIENCE: Final = 3_600.0
"""Seconds of pauses in which an endpoint may keep from saying how far a batch is."""
DOWNLOADS: Final = 10
"""Times that files are fetched which are torn or lack replies that are counted; the
pauses between them add up to five minutes."""

_QUEUE_FULL: Final = "token_limit_exceeded"
_MONEY: Final = ("billing", "quota", "credit")

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Running:
    """A batch under way.

    Attributes:
        job: as it is noted.
        sheet: its requests; None for a batch of an earlier process.
        batch: as last seen.
        silent: seconds since then.
    """

    job: Job
    sheet: Sheet | None
    batch: Batch
    silent: float = 0.0


class Exchange:
    """Submits files of requests and takes in what comes back.

    Args:
        interface: of the endpoint.
        store: takes the replies.
        jobs: notes what is under way.
        failures: counts what was not answered.
        spool: makes files smaller, and has room for those fetched.
        pause: waits so many seconds, or raises `RunStopped`.
        on_look: told of the batches under way at each look.
    """

    def __init__(
        self,
        interface: BatchInterface,
        store: Store,
        jobs: Jobs,
        failures: Failures,
        spool: Spool,
        *,
        pause: Callable[[float], None],
        on_look: Callable[[Sequence[Running]], None],
    ) -> None:
        self._interface = interface
        self._store = store
        self._jobs = jobs
        self._failures = failures
        self._spool = spool
        self._pause = pause
        self._on_look = on_look
        self._queue: deque[Sheet] = deque()
        self._running: list[Running] = []
        self._is_full = False

    def adopt(self) -> None:
        """Take in what earlier processes have submitted, once that has ended.

        Raises:
            RunStopped: the run was told to end, or a batch was cancelled.
            ModelError: the endpoint does not go on.
            StoreError: a reply could not be kept.
        """
        for job in self._jobs.under_way():
            if job.batch:
                self._running.append(Running(job, None, _unseen(job.batch)))
            elif found := self._interface.find(job.label):
                job = self._jobs.started(job, found.id)
                self._running.append(Running(job, None, found))
            else:  # it ended between the note and the batch
                self._end(job, (job.file,))
        self._finish()

    def submit(self, sheets: Iterable[Sheet]) -> None:
        """Submit files, and take in what comes back.

        Raises:
            RunStopped: the run was told to end, or a batch was cancelled.
            ModelError: the endpoint does not go on.
            StoreError: something could not be kept.
        """
        self._queue.extend(sheets)
        self._finish()

    def _finish(self) -> None:
        pause = FIRST_PAUSE
        while self._queue or self._running:
            while self._queue and not self._is_full:
                self._start(self._queue.popleft())
            ended = [each for each in self._running if self._has_ended(each, pause)]
            crowded = not all(_found_no_room(each.batch) for each in self._running)
            for each in ended:
                self._running.remove(each)
                self._settle(each, crowded)
            self._on_look(self._running)
            if ended:
                pause = FIRST_PAUSE
            elif self._running:
                self._pause(pause)
                pause = _longer(pause)

    def _start(self, sheet: Sheet) -> None:
        """Upload a file and start its batch, noting each step before the next."""
        if len(sheet.keys) > self._spool.most_requests:
            parts = self._spool.split(sheet)
            self._queue.extendleft(reversed(parts))
            return
        job = self._jobs.begin(sheet.keys)
        file = self._interface.upload(sheet.path)
        job = self._jobs.uploaded(job, file)
        try:
            batch = self._interface.create(file, job.label)
        except RateLimited:
            if not self._running:
                raise
            self._end(job, (file,))
            self._queue.appendleft(sheet)
            self._is_full = True
            return
        job = self._jobs.started(job, batch.id)
        logger.info("batch %s: %d requests", batch.id, len(sheet.keys))
        self._running.append(Running(job, sheet, batch))

    def _has_ended(self, running: Running, pause: float) -> bool:
        """Whether a batch has ended; an endpoint that does not say is asked again."""
        error: ModelError | None = None
        try:
            found = self._interface.look(running.batch.id)
        except Fault as fault:
            running.silent += pause
            if fault.tries > 1 and running.silent <= PATIENCE:
                return False
            error = fault.error
        if error:
            raise error
        running.silent = 0.0
        running.batch = found or _gone(running.batch.id)
        return running.batch.ended

    def _settle(self, running: Running, crowded: bool) -> None:
        """Take in what a batch has brought, and see to what it has not.

        Args:
            running: the batch.
            crowded: whether others of ours were in the endpoint's queue beside it.
        """
        job, batch = running.job, running.batch
        results = self._fetch(job, batch)
        fault = results.account_fault()
        if fault is None:
            whole = batch.status in ("completed", "expired")
            self._failures.note(results.outcomes(missing=whole))
        self._end(job, (batch.input_file, batch.output_file, batch.error_file))
        logger.info(
            "batch %s %s: %d answered, %d failed, %d torn lines, %d of others",
            batch.id,
            batch.status,
            len(results.answered),
            len(results.failed),
            results.torn,
            results.foreign,
        )
        if fault:
            raise fault.error
        self._is_full = False
        if _found_no_room(batch):
            self._submit_smaller(running.sheet, crowded)
        elif batch.status == "failed":
            raise self._refusal(batch)
        if batch.status == "cancelled":
            raise RunStopped(
                f"The batch {batch.id} was cancelled at the endpoint; what it answered "
                "is kept: run the same again to have the rest asked."
            )

    def _fetch(self, job: Job, batch: Batch) -> Results:
        """What the files of a batch hold: all that is whole in any download of them.

        What is in these files is paid for, and to fetch them again is free. So they are
        fetched again, with ever longer pauses, while lines are torn or fewer than the
        endpoint counts. What then still lacks is asked anew.

        Raises:
            RunStopped: there is a file of replies, but none of them can be read. Asked
                anew, they would be paid for twice and as little could be read, so the
                batch stays noted and the next run fetches the file once more.
        """
        results = Results(frozenset(job.keys), self._interface.target, self._keep)
        counted = min(batch.answered + batch.failed, len(job.keys))
        pause = FIRST_PAUSE
        for left in reversed(range(DOWNLOADS)):
            results.begin_again()
            is_there = self._read(batch.output_file, results)
            is_read = results.known > 0
            self._read(batch.error_file, results)
            if not results.torn and results.known >= (counted or is_there):
                return results
            if left:
                self._pause(pause)
                pause = _longer(pause)
        if is_there and not is_read:
            raise RunStopped(
                f"{self._address} hands out no reply of the batch {batch.id}, which it "
                f"says is {batch.status}: run the same again to fetch its file "
                f"{batch.output_file} once more, or delete that to have all asked anew."
            )
        logger.warning("batch %s: its files stay torn or lack replies", batch.id)
        return results

    def _read(self, file: str | None, results: Results) -> bool:
        """Download and read a file; whether there is one."""
        with self._spool.scratch() as path:
            is_there = file is not None and self._interface.download(file, path)
            if is_there:
                results.read(path)
        return is_there

    def _keep(self, replies: Sequence[tuple[str, bytes]]) -> None:
        self._store.put_all("replies", replies)

    def _end(self, job: Job, files: Iterable[str | None]) -> None:
        """Forget a batch, and delete its files: they hold articles."""
        self._jobs.end(job)
        for file in files:
            if file:
                self._interface.delete(file)

    def _submit_smaller(self, sheet: Sheet | None, crowded: bool) -> None:
        """Submit what did not fit into the endpoint's queue later, or in parts.

        Raises:
            EndpointError: it cannot be smaller.
        """
        if sheet is None:
            return  # of an earlier process, whose articles ask again
        self._queue.appendleft(sheet)
        self._is_full = bool(self._running)
        if crowded:
            return
        if len(sheet.keys) == 1:
            raise EndpointError(
                f"{self._address} has no room for a batch of a single request: wait "
                "until other batches there have ended and run the same again."
            )
        self._spool.most_requests = (len(sheet.keys) + 1) // 2

    def _refusal(self, batch: Batch) -> EndpointError:
        """Why a batch was refused as a whole."""
        why = f" ({', '.join(batch.codes)})" if batch.codes else ""
        if any(word in code for code in batch.codes for word in _MONEY):
            return QuotaExhausted(
                f"The account behind OPENAI_API_KEY has no credit left at "
                f"{self._address}{why}: top it up and run the same again."
            )
        return EndpointError(
            f"{self._address} refused the batch {batch.id}{why}: look it up there, or "
            "leave out --batch-api."
        )

    @property
    def _address(self) -> str:
        return self._interface.target.address


def _longer(pause: float) -> float:
    return min(1.5 * pause, LONGEST_PAUSE)


def _found_no_room(batch: Batch) -> bool:
    return batch.status == "failed" and _QUEUE_FULL in batch.codes


def _unseen(batch: str) -> Batch:
    return Batch(batch, "", None, None, None, 0, 0, ())


def _gone(batch: str) -> Batch:
    """A batch that the endpoint knows no more: as if nothing had been answered."""
    return Batch(batch, "expired", None, None, None, 0, 0, ())
