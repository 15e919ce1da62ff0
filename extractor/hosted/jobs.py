"""Batches under way, noted in the store before anything is sent."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from time import time
from typing import Final
from uuid import uuid4

from extractor.client.dialect import Dialect
from extractor.client.faults import Target
from extractor.store import Store

DIALECT_SECONDS: Final = 7 * 86_400.0
"""How long is believed what was found out of an endpoint."""


@dataclass(frozen=True, slots=True)
class Job:
    """A batch of ours.

    Attributes:
        label: under which the endpoint lists it.
        keys: of its requests.
        file: id of the uploaded requests, once they are.
        batch: id of the batch, once it is started.
    """

    label: str
    keys: tuple[str, ...]
    file: str | None = None
    batch: str | None = None


class Jobs:
    """The batches of one model at one endpoint.

    Args:
        store: where they are noted.
        target: the model and the endpoint.
    """

    def __init__(self, store: Store, target: Target) -> None:
        whole = f"{target.model}\0{target.address}".encode()
        name = hashlib.sha256(whole).hexdigest()[:16]
        self._store = store
        self._prefix = f"batch:{name}:"
        self._dialect = f"dialect:{name}"

    def begin(self, keys: tuple[str, ...]) -> Job:
        """Note that these requests are about to be sent.

        Raises:
            StoreError: it could not be noted.
        """
        return self._put(Job(uuid4().hex, keys))

    def uploaded(self, job: Job, file: str) -> Job:
        """Note the file of the requests.

        Raises:
            StoreError: it could not be noted.
        """
        return self._put(replace(job, file=file))

    def started(self, job: Job, batch: str) -> Job:
        """Note the batch.

        Raises:
            StoreError: it could not be noted.
        """
        return self._put(replace(job, batch=batch))

    def end(self, job: Job) -> None:
        """Forget a batch: all that it brought is kept.

        Raises:
            StoreError: it could not be committed.
        """
        self._store.drop("jobs", self._prefix + job.label)

    def under_way(self) -> Iterator[Job]:
        """The batches that earlier processes have left."""
        for _, value in self._store.jobs(self._prefix):
            noted = json.loads(value)
            yield Job(**noted | {"keys": tuple(noted["keys"])})

    def dialect(self) -> Dialect | None:
        """How the endpoint wants to be asked, where that was found out."""
        noted = self._store.job(self._dialect)
        found_out, dialect = json.loads(noted) if noted else (0.0, {})
        return Dialect(**dialect) if time() - found_out < DIALECT_SECONDS else None

    def keep_dialect(self, dialect: Dialect) -> None:
        """Note how the endpoint wants to be asked.

        Raises:
            StoreError: it could not be noted.
        """
        noted = json.dumps([time(), asdict(dialect)])
        self._store.put_job(self._dialect, noted.encode())

    def _put(self, job: Job) -> Job:
        noted = json.dumps(asdict(job)).encode()
        self._store.put_job(self._prefix + job.label, noted)
        return job
