"""A batch from its sources to its rows: what the command line and programs run."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from threading import Event
from types import TracebackType
from typing import Final

from filelock import FileLock, Timeout

from extractor.batch.budget import Account
from extractor.batch.desk import Desk
from extractor.batch.listing import Listing
from extractor.batch.recorded import RecordedClient
from extractor.batch.rows import Outcome
from extractor.batch.running import Summary, run_batch
from extractor.batch.sources import STDIN, Sources
from extractor.batch.workers import Workers
from extractor.client import ChatClient, Client
from extractor.costs import Estimate, Price, estimate
from extractor.errors import RunStopped, StoreError, UsageError
from extractor.hosted import HostedRun, Waiting
from extractor.pipeline import ALL_TASKS, ENDPOINT_SECONDS, Extractor
from extractor.recipe import address_of, hash_json, make_recipe
from extractor.schema import Document, TaskName
from extractor.segmentation.eventtypes import EventTypes
from extractor.store import Store
from extractor.tasks.own import Task

JOBS: Final = 32
"""Articles at the same time where an endpoint answers; the pace is the endpoint's."""
PATIENCE: Final = 600.0
"""Seconds that a call waits for an endpoint that limits the rate or is down; then the
run ends, to go on later."""
SAMPLE: Final = 100
"""Articles of which a run with limits is estimated before it begins."""

Progress = Callable[[Summary, Outcome], None]


class Session:
    """One batch: articles, a model, a store and limits.

    Usable as a context manager. The same session made again, in this process or
    another, goes on where this one ended.

    Args:
        sources: where the articles are.
        store: keeps answers and rows; it is not closed.
        model: see `Extractor`.
        tasks: see `Extractor`.
        event_types: see `Extractor`.
        base_url: see `Extractor`.
        timeout: see `Extractor`.
        client: asks instead of the model by name, and keeps its answers itself.
        output: names the run, together with the model: what attempts with the same
            output spend is counted together.
        again: whether to try failed and partial articles once more.
        price: of the model, to tell and to limit costs.
        max_cost: in the currency of the price.
        max_tokens: prompt and completion tokens together.
        batch_api: whether to ask by the endpoint's batch interface.

    Attributes:
        sources: where the articles are.
        batch_api: as given.
        on_wait: told how far the batches are while they are waited for.
        stop: set it to end the run; see `run_batch`.
        account: of what is spent.
        jobs: articles at the same time that suit the model.

    Raises:
        UsageError: an unknown task, a limit of cost without a price, or batches of a
            model without an endpoint or for standard input.
    """

    def __init__(
        self,
        sources: Sources,
        store: Store,
        *,
        model: str = "local",
        tasks: Sequence[TaskName | Path | Task] = ALL_TASKS,
        event_types: EventTypes | Path | str | None = None,
        base_url: str | None = None,
        timeout: float = ENDPOINT_SECONDS,
        client: ChatClient | None = None,
        output: Path | None = None,
        again: bool = False,
        price: Price | None = None,
        max_cost: float | None = None,
        max_tokens: int | None = None,
        batch_api: bool = False,
    ) -> None:
        self.sources = sources
        self._store = store
        self._output = output
        self._options = {
            "model": model,
            "base_url": base_url,
            "timeout": timeout,
            "again": again,
        }
        self.stop = Event()
        self.batch_api = batch_api
        self.on_wait: Callable[[Waiting], None] | None = None
        self._hosted: HostedRun | None = None
        self.extractor = Extractor(
            model,
            tasks=tasks,
            event_types=event_types,
            base_url=base_url,
            timeout=timeout,
            patience=PATIENCE,
            client=client,
            wrap=self._recorded,
        )
        is_paid = self.extractor.endpoint == "endpoint"
        if batch_api:
            _check_batches(is_paid and client is None, sources)
        if max_cost is not None and is_paid and price is None:
            raise UsageError("--max-cost needs to know what tokens cost: add --prices.")
        recipe = make_recipe(self.extractor)
        self._address = address_of(self.extractor) or recipe.weights or ""
        place = str(output.resolve()) if output else list(sources.names)
        self._name = hash_json([recipe.model_dump(mode="json"), self._address, place])
        self.account = Account(
            store,
            self._name,
            max_tokens=max_tokens,
            max_cost=max_cost if is_paid else None,
            price=price if is_paid else None,
        )
        self._desk = Desk(self.extractor, store, again=again)
        self.jobs = JOBS if is_paid else 1

    def check_limits(self) -> None:
        """Refuses a run that will probably not end within its limits.

        By the first articles without a row; the others are taken to be alike. Standard
        input cannot be read twice, so of that nothing is known beforehand.

        Raises:
            RunStopped: it will probably spend more.
        """
        account = self.account
        limited = account.max_tokens is not None or account.max_cost is not None
        total = self.sources.count() if limited else None
        if total is None or STDIN in self.sources.names:
            return
        read, sample = self._pending()
        if not sample:
            return
        share = 1 + max(0, total - read) / len(sample)
        expected = estimate(sample, self.extractor)
        account.check_likely(_scaled(expected, share))

    def work(
        self,
        listing: Listing,
        *,
        jobs: int | None = None,
        workers: int = 1,
        progress: Progress | None = None,
    ) -> Summary:
        """Sees to it that every article has a row in the store.

        Args:
            listing: gets the rows' keys in the order of the articles.
            jobs: articles at the same time, of all workers together; default: `jobs`
                of this session.
            workers: processes that share the work.
            progress: see `run_batch`.

        Raises:
            UsageError: several workers, and limits, batches, an embedded model or
                standard input, of which one process has to take care, or a task that
                was defined in this one.
            RunStopped: it ended early; the same again goes on.
            ExtractorError: what befalls every article; likewise.
        """
        if workers > 1:
            return self._share_out(listing, jobs or self.jobs, workers, progress)
        if not self.batch_api:
            return self._go_through(listing, jobs, progress)
        self.extractor.connect()
        assert self._hosted is not None  # made with the client
        rounds: list[Summary] = []

        def one_round() -> int:
            listing.clear()
            self.account.begin_round()
            rounds.append(self._go_through(listing, jobs, progress))
            return rounds[-1].pending

        self._hosted.run(one_round)
        rounds[-1].kept = rounds[0].kept  # what later ones found, earlier ones made
        return rounds[-1]

    def rows(self, listing: Listing) -> Iterator[bytes]:
        """The rows of the articles, in their order.

        Raises:
            RunStopped: one is missing; running the same again makes it anew.
        """
        for row in self._store.rows(listing):
            if row is None:
                raise RunStopped(
                    "A row is not in the store any more: it was damaged or cleared, or "
                    "its article has changed; run the same again to have it made anew."
                )
            yield row

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keeps other processes from running the same batch at the same time.

        Raises:
            StoreError: one does.
        """
        path = self._store.path
        lock = FileLock(path.with_name(f"{path.name}.{self._name[:16]}.lock"))
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise StoreError(
                "The same batch runs in another process: wait for it, or name another "
                "output with -o."
            ) from None
        try:
            yield
        finally:
            with suppress(OSError):
                Path(lock.lock_file).unlink()
            lock.release()

    def close(self) -> None:
        """Closes connections and releases an embedded model."""
        self.extractor.close()

    def __enter__(self) -> "Session":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _go_through(
        self, listing: Listing, jobs: int | None, progress: Progress | None
    ) -> Summary:
        return run_batch(
            self.sources,
            self._desk,
            listing,
            jobs=jobs or self.jobs,
            stop=self.stop,
            progress=progress,
        )

    def _share_out(
        self, listing: Listing, jobs: int, workers: int, progress: Progress | None
    ) -> Summary:
        """Has other processes do the work, and lists the articles meanwhile."""
        account, names = self.account, self.sources.names
        limited = account.max_tokens is not None or account.max_cost is not None
        embedded = self.extractor.endpoint == "embedded"
        if limited or self.batch_api or embedded or STDIN in names:
            raise UsageError(
                "Several --workers go neither with limits, --batch-api, an embedded "
                "model nor standard input: leave them out."
            )
        options = self._options | self.extractor.wanted.as_json()
        sources = {"names": list(names), "published": self.sources.published}
        sources["language"] = self.sources.language
        tasks = [
            {
                "sources": sources | {"share": (part, workers)},
                "store": str(self._store.path),
                "output": str(self._output) if self._output else None,
                "options": options,
                "jobs": -(-jobs // workers),
            }
            for part in range(workers)
        ]

        def list_all() -> None:
            for item in self.sources:
                if self.stop.is_set():
                    return
                listing.add(self._desk.key(item))

        crew = Workers(tasks, account, self.stop, progress)
        return crew.work(list_all)

    def _recorded(self, client: ChatClient) -> ChatClient:
        if self.batch_api and isinstance(client, Client):
            self._hosted = HostedRun(
                client, self._store, stop=self.stop, on_wait=self.on_wait
            )
            client = self._hosted.client
        return RecordedClient(
            client, self._store, address=self._address, account=self.account
        )

    def _pending(self) -> tuple[int, list[Document]]:
        """How many articles were read to find some without a row, and these."""
        read = 0

        def found() -> Iterator[Document]:
            nonlocal read
            for item in self.sources:
                read += 1
                if isinstance(item, Document) and not self._desk.has(item):
                    yield item

        sample = list(islice(found(), SAMPLE))
        return read, sample


def _check_batches(is_paid: bool, sources: Sources) -> None:
    """Refuses batches of what has none, and of what can be read but once."""
    if not is_paid:
        raise UsageError(
            "--batch-api asks an endpoint: name one of its models with -m."
        )
    if STDIN in sources.names:
        raise UsageError(
            "--batch-api reads the articles several times: name a file instead of -."
        )


def _scaled(expected: Estimate, share: float) -> Estimate:
    return Estimate(
        round(expected.questions * share),
        round(expected.prompt_bytes * share),
        round(expected.completion_tokens * share),
    )
