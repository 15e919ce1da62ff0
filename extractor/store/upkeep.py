"""Looking after a store: what is in it, what may go, whether it is whole."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import time

from extractor.errors import StoreError
from extractor.store.database import TABLES, connect, make_file, told
from extractor.store.store import digest

DAY = 86_400
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a store holds.

    Attributes:
        path: the file.
        bytes: its size, the write-ahead log included.
        entries: how many values each table holds.
        oldest: when the oldest of them was put, seconds since 1970.
        newest: the same of the newest.
    """

    path: Path
    bytes: int
    entries: dict[str, int]
    oldest: int | None
    newest: int | None


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check has found.

    Attributes:
        entries: how many values are right.
        dropped: how many were damaged and are gone; their questions are asked again.
        rebuilt: whether the file itself was damaged and had to be made anew.
    """

    entries: int
    dropped: int
    rebuilt: bool


def contents(path: Path) -> Contents:
    """What a store holds.

    Raises:
        StoreError: there is none, or it cannot be read.
    """
    with told(path), closing(_open(path)) as connection:
        entries, times = {}, []
        for table in TABLES:
            count, first, last = connection.execute(
                f"SELECT count(*), min(made), max(made) FROM {table}"
            ).fetchone()
            entries[table] = count
            times += [moment for moment in (first, last) if moment is not None]
    beside = [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))]
    return Contents(
        path=path,
        bytes=sum(file.stat().st_size for file in beside if file.exists()),
        entries=entries,
        oldest=min(times, default=None),
        newest=max(times, default=None),
    )


def prune(path: Path, days: float) -> int:
    """Forgets answers and rows that were put longer ago, and frees their room.

    Jobs stay: they are paid for and not fetched yet.

    Args:
        path: the store.
        days: age from which on they go; 0 for all.

    Returns:
        How many are gone.

    Raises:
        StoreError: there is no store, or it cannot be written.
    """
    limit = int(time() - days * DAY)
    with told(path), closing(_open(path)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        gone = sum(
            connection.execute(
                f"DELETE FROM {table} WHERE made <= ?", (limit,)
            ).rowcount
            for table in ("replies", "rows")
        )
        connection.execute("COMMIT")
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return gone


def check(path: Path, *, repair: bool = False) -> Checked:
    """Holds every value against its hash, and drops those that do not fit.

    Args:
        path: the store.
        repair: where the file itself is damaged, make it anew of what can be read;
            the damaged one stays beside it as `.damaged`.

    Raises:
        StoreError: there is no store, or it is damaged and not to be repaired.
    """
    try:
        with closing(_open(path)) as connection:
            whole = _is_whole(connection)
            if whole:
                with told(path):
                    return _verified(connection)
    except StoreError:
        if not repair or not path.exists():
            raise
    if not repair:
        raise StoreError(
            f"The store {path} is damaged: `extractor cache check --repair` keeps what "
            "can still be read."
        )
    return _rebuilt(path)


def _open(path: Path) -> sqlite3.Connection:
    if not path.is_file():
        raise StoreError(f"There is no store {path}: nothing was kept yet.")
    return connect(path)


def _is_whole(connection: sqlite3.Connection) -> bool:
    """Whether SQLite finds nothing wrong with the file itself."""
    try:
        found = connection.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.DatabaseError:
        return False
    return bool(found == ("ok",))


def _verified(connection: sqlite3.Connection) -> Checked:
    entries = dropped = 0
    for table in TABLES:
        bad = []
        for key, value, kept in connection.execute(
            f"SELECT key, value, digest FROM {table}"
        ):
            if isinstance(value, bytes) and digest(key, value) == kept:
                entries += 1
            else:
                bad.append((key, kept))
        connection.executemany(f"DELETE FROM {table} WHERE key = ? AND digest = ?", bad)
        dropped += len(bad)
    return Checked(entries, dropped, rebuilt=False)


def _rebuilt(path: Path) -> Checked:
    """A new file of all values that can be read and are right."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    make_file(new)
    entries = 0
    with told(path), closing(connect(new)) as target:
        source = sqlite3.connect(path, isolation_level=None)
        with closing(source):
            target.execute("BEGIN IMMEDIATE")
            for table in TABLES:
                for key, value, kept, made in _readable(source, table):
                    target.execute(
                        f"INSERT OR IGNORE INTO {table} VALUES (?, ?, ?, ?)",
                        (key, value, kept, made),
                    )
                    entries += 1
            target.execute("COMMIT")
    path.replace(path.with_name(path.name + ".damaged"))
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    new.replace(path)
    return Checked(entries, 0, rebuilt=True)


def _readable(
    source: sqlite3.Connection, table: str
) -> Iterator[tuple[str, bytes, bytes, int]]:
    """The values of a table from both its ends, up to where reading fails."""
    for order in ("ASC", "DESC"):
        try:
            for key, value, kept, made in source.execute(
                f"SELECT key, value, digest, made FROM {table} ORDER BY rowid {order}"
            ):
                if isinstance(value, bytes) and digest(key, value) == kept:
                    yield key, value, kept, made
        except sqlite3.DatabaseError:
            continue
        else:
            return
