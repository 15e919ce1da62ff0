"""The store: values by key, each on the disk before it counts."""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from time import sleep, time
from types import TracebackType
from typing import Literal

from platformdirs import user_cache_path

from extractor.schema import Usage
from extractor.store.database import connect, make_file, told
from extractor.store.turns import Turns
from extractor.store.writer import Statement, Writer

Table = Literal["replies", "rows", "jobs"]


@dataclass(frozen=True, slots=True)
class Charge:
    """What questions of one run have cost.

    Attributes:
        run: name of the run.
        calls: requests that were sent.
        usage: tokens of their replies.
    """

    run: str
    calls: int = 0
    usage: Usage = field(default_factory=Usage)


def default_path() -> Path:
    """Where the store lies: `EXTRACTOR_STORE`, else in the user's cache folder."""
    chosen = os.environ.get("EXTRACTOR_STORE")
    if chosen:
        return Path(chosen).expanduser()
    return user_cache_path("newsextract") / "store.sqlite"


class Store:
    """Answers and rows in one file, for any number of threads and processes.

    Usable as a context manager. Write-ahead log with `synchronous=FULL`: what a
    `put_*` has returned from survives the death of the process and of the machine.
    Threads that put at the same time share one commit.

    Args:
        path: the file, made with its folder if need be, readable by its user alone.

    Raises:
        StoreError: it cannot be opened, or is no store.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        make_file(path)
        self._reader = connect(path)
        self._lock = Lock()
        self._writer = Writer(path)
        self._turns = Turns(path.with_name(path.name + ".turns.lock"))

    def alone(
        self, key: str, pause: Callable[[float], object] = sleep
    ) -> AbstractContextManager[None]:
        """A block that one thread of one process at a time is in, for this key.

        So of all that would ask the same question at the same time, one pays for it.

        Args:
            key: of the question.
            pause: waits so many seconds for another process, or raises to give up.
        """
        return self._turns.alone(key, pause)

    def reply(self, key: str) -> bytes | None:
        """The answer to a question; None if it was never kept or is damaged."""
        return self._get("replies", key)

    def put_reply(self, key: str, value: bytes, charge: Charge | None = None) -> None:
        """Keeps an answer, and with the same commit what it cost.

        Raises:
            StoreError: it could not be committed.
        """
        self._put("replies", key, value, *_charging(charge))

    def row(self, key: str) -> bytes | None:
        """The terminal row of an article; None if there is none or it is damaged."""
        return self._get("rows", key)

    def put_row(self, key: str, value: bytes) -> None:
        """Keeps the terminal row of an article, in the place of an earlier one.

        Raises:
            StoreError: it could not be committed.
        """
        self._put("rows", key, value)

    def rows(self, keys: Iterable[str]) -> Iterator[bytes | None]:
        """The rows of these keys in their order, read one after the other."""
        return map(self.row, keys)

    def job(self, key: str) -> bytes | None:
        """What was noted of a job that runs elsewhere."""
        return self._get("jobs", key)

    def put_job(self, key: str, value: bytes) -> None:
        """Notes a job that runs elsewhere, in the place of an earlier note.

        Raises:
            StoreError: it could not be committed.
        """
        self._put("jobs", key, value)

    def jobs(self, prefix: str = "") -> Iterator[tuple[str, bytes]]:
        """Keys and values of all jobs whose key begins so, in the order of the keys."""
        with told(self.path), self._lock:
            found = self._reader.execute(
                "SELECT key FROM jobs WHERE substr(key, 1, ?) = ? ORDER BY key",
                (len(prefix), prefix),
            ).fetchall()
        for (key,) in found:
            value = self.job(key)
            if value is not None:
                yield key, value

    def put_all(self, table: Table, values: Iterable[tuple[str, bytes]]) -> None:
        """Keeps many values with one commit: all or, where that fails, none.

        Raises:
            StoreError: they could not be committed.
        """
        self._writer.write(*(_put(table, key, value) for key, value in values))

    def drop_all(self, table: Table, prefix: str) -> None:
        """Forgets all values whose key begins so.

        Raises:
            StoreError: it could not be committed.
        """
        sql = f"DELETE FROM {table} WHERE substr(key, 1, ?) = ?"
        self._writer.write((sql, (len(prefix), prefix)))

    def drop(self, table: Table, key: str) -> None:
        """Forgets a value, if there is one.

        Raises:
            StoreError: it could not be committed.
        """
        self._writer.write((f"DELETE FROM {table} WHERE key = ?", (key,)))

    def charge(self, charge: Charge) -> None:
        """Notes what a question has cost that left nothing to keep.

        Raises:
            StoreError: it could not be committed.
        """
        self._writer.write(*_charging(charge))

    def spent(self, run: str) -> Charge:
        """What the questions of a run have cost so far, in all processes."""
        with told(self.path), self._lock:
            found = self._reader.execute(
                "SELECT calls, prompt_tokens, cached_tokens, completion_tokens "
                "FROM spent WHERE run = ?",
                (run,),
            ).fetchone()
        calls, prompt, cached, completion = found or (0, 0, 0, 0)
        usage = Usage(
            prompt_tokens=prompt, cached_tokens=cached, completion_tokens=completion
        )
        return Charge(run, calls, usage)

    def close(self) -> None:
        """Commits what is waiting and closes the file."""
        self._writer.close()
        self._turns.close()
        with self._lock:
            self._reader.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _get(self, table: Table, key: str) -> bytes | None:
        with told(self.path), self._lock:
            found = self._reader.execute(
                f"SELECT value, digest FROM {table} WHERE key = ?", (key,)
            ).fetchone()
        if found is None:
            return None
        value, kept = found
        if isinstance(value, bytes) and digest(key, value) == kept:
            return value
        self._writer.write(
            (f"DELETE FROM {table} WHERE key = ? AND digest = ?", (key, kept))
        )
        return None

    def _put(self, table: Table, key: str, value: bytes, *more: Statement) -> None:
        self._writer.write(_put(table, key, value), *more)


def digest(key: str, value: bytes) -> bytes:
    """Sha256 over key and value, so that neither can be another's."""
    return hashlib.sha256(key.encode() + b"\0" + value).digest()


def _put(table: Table, key: str, value: bytes) -> Statement:
    values = (key, value, digest(key, value), int(time()))
    return f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?, ?)", values


def _charging(charge: Charge | None) -> tuple[Statement, ...]:
    if charge is None or not charge.calls:
        return ()
    usage = charge.usage
    return (
        (
            "INSERT INTO spent VALUES (?, ?, ?, ?, ?) ON CONFLICT (run) DO UPDATE SET "
            "calls = calls + excluded.calls, "
            "prompt_tokens = prompt_tokens + excluded.prompt_tokens, "
            "cached_tokens = cached_tokens + excluded.cached_tokens, "
            "completion_tokens = completion_tokens + excluded.completion_tokens",
            (
                charge.run,
                charge.calls,
                usage.prompt_tokens,
                usage.cached_tokens,
                usage.completion_tokens,
            ),
        ),
    )
