"""The SQLite file: who may read it, how it is opened, and what its errors mean."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import tenacity

from extractor.errors import StoreError

VERSION: Final = 1
"""Of the tables below; a file of a later version is refused."""
APPLICATION: Final = 0x6E657773
"""`news`, in the header of the file: tells our files from any other database."""
BUSY_SECONDS: Final = 60.0
"""How long to wait for another process that writes."""
READ_CACHE_KB: Final = 4_096
"""Pages kept by a connection; what is read once is seldom read again."""

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS {name} (
    key TEXT PRIMARY KEY NOT NULL,
    value BLOB NOT NULL,
    digest BLOB NOT NULL,
    made INTEGER NOT NULL
);
"""
_SPENT: Final = """
CREATE TABLE IF NOT EXISTS spent (
    run TEXT PRIMARY KEY NOT NULL,
    calls INTEGER NOT NULL,
    prompt_tokens INTEGER NOT NULL,
    cached_tokens INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL
);
"""
TABLES: Final = ("replies", "rows", "jobs")


def make_file(path: Path) -> None:
    """Make the file and its folder for the user alone, if they are not there.

    SQLite gives the files that it puts beside a database the same permissions.

    Raises:
        StoreError: it cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreError(
            f"The store {path} cannot be opened ({error.strerror}): name another file "
            "with --store."
        ) from None


def connect(path: Path) -> sqlite3.Connection:
    """A connection that any thread may use, one at a time, with our tables in it.

    Raises:
        StoreError: the file is no store, damaged, or of a later version.
    """
    with told(path):
        connection = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            _set_up(connection, path)
        except BaseException:
            connection.close()
            raise
        return connection


def _set_up(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("BEGIN")  # one state: another process may be making the tables
    application, version, schema = (
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("application_id", "user_version", "schema_version")
    )
    connection.execute("COMMIT")
    is_empty = not schema
    if application != APPLICATION and not is_empty:
        raise StoreError(
            f"{path} is another program's database: name another file with --store."
        )
    if version > VERSION:
        raise StoreError(
            f"The store {path} was made by a later version of this program: update "
            "it, or name another file with --store."
        )
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA cache_size = -{READ_CACHE_KB}")
    if is_empty or version < VERSION:
        _make_tables(connection)


def _is_busy(error: BaseException) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(code, int) and code & 0xFF == sqlite3.SQLITE_BUSY


@tenacity.retry(
    retry=tenacity.retry_if_exception(_is_busy),
    stop=tenacity.stop_after_delay(BUSY_SECONDS),
    wait=tenacity.wait_random(0.005, 0.05),
    reraise=True,
)
def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turn the write-ahead log on.

    SQLite's own waiting does not cover this change where two processes make it at once.
    """
    connection.execute("PRAGMA journal_mode = WAL")


def _make_tables(connection: sqlite3.Connection) -> None:
    """Make what is missing; two processes may do this at once."""
    connection.execute("BEGIN IMMEDIATE")
    for name in TABLES:
        connection.execute(_TABLES.format(name=name))
    connection.execute(_SPENT)
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turns SQLite's errors into one sentence each.

    Raises:
        StoreError: instead of any error of SQLite.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(_sentence(path, error)) from None


def _sentence(path: Path, error: sqlite3.Error) -> str:
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if isinstance(code, int) else None
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return (
            f"The store {path} is damaged: `extractor cache check --repair` keeps what "
            "can still be read."
        )
    if primary == sqlite3.SQLITE_FULL:
        return (
            f"The disk is full, so the store {path} cannot grow: make room and run the "
            "same again; nothing that was kept is lost."
        )
    if primary == sqlite3.SQLITE_BUSY:
        return (
            f"Another process keeps the store {path} busy: run the same again, or "
            "name another file with --store."
        )
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
        return (
            f"The store {path} cannot be written: see to its permissions and those of "
            "its folder, or name another file with --store."
        )
    return f"The store {path} cannot be used ({error}): name another file with --store."
