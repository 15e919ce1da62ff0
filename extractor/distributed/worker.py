"""A process that extracts: one extractor and one store for all articles it gets."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from extractor.batch import Desk, Listing, RecordedClient, Summary, run_batch
from extractor.batch.arrow import extract_batch
from extractor.batch.desk import Item
from extractor.batch.output import write_part
from extractor.batch.session import JOBS, PATIENCE
from extractor.client import ChatClient
from extractor.distributed.settings import Settings
from extractor.errors import TRANSIENT, RunStopped
from extractor.pipeline import Extractor
from extractor.recipe import address_of, make_recipe
from extractor.store import Store, default_path

if TYPE_CHECKING:
    import pyarrow as pa


class Worker:
    """Turns articles into rows.

    Workers of one node share its store, so that another one goes on where one died.

    Args:
        settings: how to extract.

    Raises:
        ExtractorError: nothing can be extracted with these settings.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._store = Store(settings.store or default_path())
        self._open()

    @property
    def recipe(self) -> str:
        """What the rows depend on besides the articles, as JSON."""
        return make_recipe(self._extractor).model_dump_json()

    def rows(
        self, batch: "pa.RecordBatch", keep: Sequence[str] = ()
    ) -> "pa.RecordBatch":
        """The rows of a batch; see `extract_batch`."""
        found = extract_batch(
            batch, self._desk, self._store, jobs=self._jobs, keep=keep
        )
        if not _PASSING.isdisjoint(found.column("code").to_pylist()):
            # A desk that had to stop asks nothing more; the next batch gets a new one.
            self._extractor.close()
            self._open()
        return found

    def write(self, items: Iterable[Item], path: Path) -> Summary:
        """Writes the rows of articles as one Parquet file, whole or not at all.

        Raises:
            RunStopped: it ended early; what is done is in the store.
            ExtractorError: what befalls every article; likewise.
            OSError: the file cannot be written.
        """
        with Listing() as listing:
            summary = run_batch(items, self._desk, listing, jobs=self._jobs)
            write_part(self._kept(listing), path, accounts=self._settings.accounts)
        return summary

    def close(self) -> None:
        """Closes connections, the store, and releases an embedded model."""
        self._extractor.close()
        self._store.close()

    def _kept(self, listing: Listing) -> Iterator[bytes]:
        for row in self._store.rows(listing):
            if row is None:
                raise RunStopped("A row was damaged in the store and has been dropped.")
            yield row

    def _open(self) -> None:
        settings = self._settings
        self._extractor = Extractor(
            settings.model,
            tasks=settings.tasks,
            event_types=settings.event_types,
            base_url=settings.base_url,
            timeout=settings.timeout,
            patience=PATIENCE,
            wrap=self._recorded,
        )
        self._desk = Desk(self._extractor, self._store, again=settings.again)
        asks = self._extractor.endpoint == "endpoint"
        self._jobs = settings.jobs or (JOBS if asks else 1)

    def _recorded(self, client: ChatClient) -> ChatClient:
        recipe = make_recipe(self._extractor)
        address = address_of(self._extractor) or recipe.weights or ""
        return RecordedClient(client, self._store, address=address)


_PASSING = TRANSIENT | {RunStopped.code}
"""Codes of failures after which a desk may have stopped."""
