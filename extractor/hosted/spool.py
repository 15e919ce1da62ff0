"""Requests collected in files that a batch interface takes."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import BinaryIO, Final

from extractor.errors import StoreError

MOST_REQUESTS: Final = 50_000
"""In one file, as OpenAI and Azure take them."""
MOST_BYTES: Final = 200_000_000
"""Of one file, likewise."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file of requests.

    Attributes:
        path: where it lies.
        keys: of its requests, in their order.
    """

    path: Path
    keys: tuple[str, ...]


class Spool:
    """Files of requests, each request once. Several threads may add to it.

    Args:
        folder: of its own, made when it is needed.
        most_requests: in one file.
        most_bytes: of one file.
    """

    def __init__(
        self,
        folder: Path,
        *,
        most_requests: int = MOST_REQUESTS,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self.most_requests = most_requests
        self._folder = folder
        self._most_bytes = most_bytes
        self._lock = Lock()
        self._noted: set[bytes] = set()
        self._sheets: list[Sheet] = []
        self._keys: list[str] = []
        self._bytes = 0
        self._files = 0
        self._path = folder
        self._file: BinaryIO | None = None

    def add(self, key: str, line: bytes) -> None:
        """Note a request, unless it is noted already.

        Raises:
            StoreError: it cannot be written.
        """
        digest = bytes.fromhex(key)
        with self._lock, self._writing():
            if digest in self._noted:
                return
            if self._is_full(line):
                self._end_sheet()
            if self._file is None:
                self._path, self._file = self._open()
            self._file.write(line)
            self._noted.add(digest)
            self._keys.append(key)
            self._bytes += len(line)

    def take(self) -> list[Sheet]:
        """The files of what was noted since the last time.

        Raises:
            StoreError: they cannot be written.
        """
        with self._lock, self._writing():
            self._end_sheet()
            sheets, self._sheets = self._sheets, []
            self._noted.clear()
            return sheets

    def split(self, sheet: Sheet) -> list[Sheet]:
        """The same requests in files of at most `most_requests`.

        Raises:
            StoreError: they cannot be written.
        """
        parts = []
        with self._writing(), sheet.path.open("rb") as lines:
            for k in range(0, len(sheet.keys), self.most_requests):
                keys = sheet.keys[k : k + self.most_requests]
                path, file = self._open()
                with file:
                    file.writelines(islice(lines, len(keys)))
                parts.append(Sheet(path, keys))
        return parts

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A place for a file that is gone afterwards.

        Raises:
            StoreError: the file cannot be written.
        """
        path = self._folder / "fetched.jsonl"
        with self._writing():
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600)
            try:
                yield path
            finally:
                path.unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove all files, for they hold articles, and their folder with them."""
        with self._lock:
            if self._file:
                self._file.close()
            self._file, self._bytes, self._keys, self._sheets = None, 0, [], []
            self._noted.clear()
            shutil.rmtree(self._folder, ignore_errors=True)

    def _is_full(self, line: bytes) -> bool:
        return len(self._keys) >= self.most_requests or (
            bool(self._keys) and self._bytes + len(line) > self._most_bytes
        )

    def _open(self) -> tuple[Path, BinaryIO]:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._files += 1
        path = self._folder / f"requests-{self._files:05}.jsonl"
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        return path, os.fdopen(file, "wb")

    def _end_sheet(self) -> None:
        if self._file:
            self._file.close()
            self._sheets.append(Sheet(self._path, tuple(self._keys)))
        self._file, self._bytes, self._keys = None, 0, []

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StoreError(
                f"Requests cannot be kept in {self._folder} ({error.strerror}): make "
                "room there, or name another store with --store."
            ) from None
