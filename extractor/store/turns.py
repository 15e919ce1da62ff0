"""Whose turn it is: one thread at a time, of one process at a time."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Final

if sys.platform != "win32":
    import fcntl

POLL: Final = 0.1
"""Seconds between two attempts to have a turn that another process has."""


class Turns:
    """Lets one at a time do what has the same name.

    Threads take turns by a lock for each name. Processes take turns by a locked byte of
    a file, which stays empty: its place is the name's hash. The system takes such locks
    back from whoever is killed. Windows has none of them, nor have some network disks:
    there, only threads take turns.

    Args:
        path: of that file; without it, only threads take turns.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._file: int | None = None
        self._lock = Lock()
        self._locks: dict[str, tuple[Lock, int]] = {}

    @contextmanager
    def alone(
        self, name: str, pause: Callable[[float], object] = time.sleep
    ) -> Iterator[None]:
        """Waits until nobody else is in a block of this name.

        Args:
            name: of what is done.
            pause: waits so many seconds for another process, or raises to give up.
        """
        with self._lock:
            turn, users = self._locks.get(name, (Lock(), 0))
            self._locks[name] = turn, users + 1
        try:
            with turn, self._among_processes(name, pause):
                yield
        finally:
            with self._lock:
                turn, users = self._locks.pop(name)
                if users > 1:
                    self._locks[name] = turn, users - 1

    def close(self) -> None:
        """Closes the file; turns end with that."""
        with self._lock:
            if self._file is not None:
                os.close(self._file)
            self._file = self._path = None

    @contextmanager
    def _among_processes(
        self, name: str, pause: Callable[[float], object]
    ) -> Iterator[None]:
        file, place = self._opened(), _place(name)
        if file is None or sys.platform == "win32":
            yield
            return
        # Never a waiting lock: the system would take two processes, each of which has
        # a thread that waits for the other, for a deadlock.
        while not _locked(file, place):
            pause(POLL)
        try:
            yield
        finally:
            with suppress(OSError):
                fcntl.lockf(file, fcntl.LOCK_UN, 1, place)

    def _opened(self) -> int | None:
        with self._lock:
            if self._file is None and self._path:
                try:
                    self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
                except OSError:  # a folder that allows no new files
                    self._path = None
            return self._file


def _place(name: str) -> int:
    return int.from_bytes(sha256(name.encode()).digest()[:7])


def _locked(file: int, place: int) -> bool:
    """Whether the byte is ours now, or cannot be anybody's."""
    if sys.platform != "win32":
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        except (BlockingIOError, PermissionError):
            return False
        except OSError:  # a disk without locks
            return True
    return True
