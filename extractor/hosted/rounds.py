"""Rounds of batches: go through the articles, submit what they ask, wait, again."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Event
from typing import Final, Literal

from filelock import FileLock, Timeout
from pydantic import BaseModel

from extractor.client import ChatClient, Client
from extractor.client.batches import BatchInterface
from extractor.errors import ReplyError, RunStopped, StoreError
from extractor.hosted.exchange import Exchange, Running
from extractor.hosted.jobs import Jobs
from extractor.hosted.mailbox import Mailbox
from extractor.hosted.outcomes import Failures
from extractor.hosted.spool import MOST_REQUESTS, Sheet, Spool
from extractor.store import Store

_PROBE: Final = ({"role": "user", "content": "Is water wet? Answer in JSON."},)
_PROBE_TOKENS: Final = 30


class _Probe(BaseModel):
    wet: Literal["yes", "no"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is waited for.

    Attributes:
        round: counted from 1; 0 for what an earlier process has submitted.
        batches: under way.
        requests: in them.
        answered: of them, as the endpoint counts.
        failed: of them, likewise.
    """

    round: int
    batches: int
    requests: int
    answered: int
    failed: int


class HostedRun:
    """Has the questions of many articles answered by batches.

    One run at a time for a store: a second one is refused while the first waits.

    Args:
        client: of the endpoint whose batches are used.
        store: keeps replies, and what is under way.
        stop: set to end the run where it waits; the same run goes on later.
        on_wait: called at each look at the batches.
        most_requests: in one batch.

    Attributes:
        client: asks in the place of the client given; what is not answered yet ends
            in `Pending`.
        interface: the batches of the endpoint.
    """

    def __init__(
        self,
        client: Client,
        store: Store,
        *,
        stop: Event | None = None,
        on_wait: Callable[[Waiting], None] | None = None,
        most_requests: int = MOST_REQUESTS,
    ) -> None:
        self.interface = BatchInterface(client)
        self.interface.sleep = self._pause
        target = self.interface.target
        self._live = client
        self._path = store.path
        self._stop = stop or Event()
        self.sleep: Callable[[float], object] = self._stop.wait
        self._on_wait = on_wait
        self._round = 0
        self._failures = Failures(store, target)
        self._jobs = Jobs(store, target)
        folder = store.path.with_name(store.path.name + ".batches")
        self._spool = Spool(folder, most_requests=most_requests)
        mailbox = Mailbox(target, store, self._spool, self._failures)
        self._noting = client.through(mailbox)
        self.client: ChatClient = self._noting
        self._exchange = Exchange(
            self.interface,
            store,
            self._jobs,
            self._failures,
            self._spool,
            pause=self._pause,
            on_look=self._tell,
        )

    def run(self, work: Callable[[], int]) -> None:
        """Work, submit what was asked and wait, until nothing is asked any more.

        Args:
            work: goes through the articles that have no result yet, asking `client`;
                tells how many of them wait for answers.

        Raises:
            RunStopped: the run ends early; the same goes on later.
            ModelError: the endpoint does not go on; the same may go on later.
            StoreError: another run has the store, or it cannot be written.
        """
        with self._alone():
            self._spool.clear()
            try:
                self._learn_dialect()
                self._exchange.adopt()
                while work():
                    self._exchange.submit(self._noted())
                self._failures.forget()
            finally:
                self._spool.clear()

    def _noted(self) -> Sequence[Sheet]:
        self._stopped()
        self._round += 1
        sheets = self._spool.take()
        if not sheets:
            raise RunStopped(
                "Articles wait for answers that they have not asked for: run the same "
                "again without --batch-api."
            )
        return sheets

    def _learn_dialect(self) -> None:
        """Find out with one small question how the endpoint wants to be asked.

        So a wrong key or model shows at once, and not in a day.
        """
        dialect = self._jobs.dialect()
        if dialect is None:
            with suppress(ReplyError):  # it was asked in the right way
                self._live.ask(_PROBE, _Probe, max_tokens=_PROBE_TOKENS)
            dialect = self._live.dialect
            self._jobs.keep_dialect(dialect)
        self._noting.dialect = dialect

    def _pause(self, seconds: float) -> None:
        self._stopped()
        self.sleep(seconds)
        self._stopped()

    def _stopped(self) -> None:
        if self._stop.is_set():
            raise RunStopped(
                f"What was submitted to {self.interface.target.address} goes on there: "
                "run the same again to collect it."
            )

    def _tell(self, running: Sequence[Running]) -> None:
        if self._on_wait:
            batches = [each.batch for each in running]
            waiting = Waiting(
                round=self._round,
                batches=len(running),
                requests=sum(len(each.job.keys) for each in running),
                answered=sum(batch.answered for batch in batches),
                failed=sum(batch.failed for batch in batches),
            )
            self._on_wait(waiting)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        lock = FileLock(self._path.with_name(self._path.name + ".batches.lock"))
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise StoreError(
                f"Another run waits for batches with the store {self._path}: let it "
                "end, or name another store with --store."
            ) from None
        try:
            yield
        finally:
            lock.release()
