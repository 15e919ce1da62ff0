"""The rows of a run as JSON Lines or Parquet: whole or not at all.

Everything is written beside its place, brought to the disk, and then put there with one
rename. Whoever looks sees what was there before, or all that is new.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from secrets import token_hex
from typing import IO, TYPE_CHECKING, Final, Literal

from extractor.batch.columns import columns_of, import_arrow, to_record_batch
from extractor.batch.rows import ACCOUNTS, Row, line_of
from extractor.errors import UsageError

if TYPE_CHECKING:
    import pyarrow as pa

Form = Literal["jsonl", "parquet"]

ROWS_PER_FILE: Final = 10_000
"""Of a Parquet folder."""
ROWS_PER_GROUP: Final = 500
"""Rows in memory at once."""
PART: Final = "part-{:05d}.parquet"


def form_of(path: Path | None, named: Form | None = None) -> Form:
    """The form of an output: the one named, else by suffix, else JSON Lines.

    Args:
        path: a file, or a folder for Parquet; None for standard output.
        named: by the user.

    Raises:
        UsageError: the suffix names none, or Parquet is to go to standard output.
    """
    if path is None:
        if named == "parquet":
            raise UsageError("Parquet is written to a folder: name it with -o.")
        return "jsonl"
    if named:
        return named
    forms: dict[str, Form] = {".jsonl": "jsonl", ".parquet": "parquet"}
    suffix = path.suffix.lower()
    if suffix in forms:
        return forms[suffix]
    if not suffix or path.is_dir():
        return "parquet"
    raise UsageError(
        f"{path} names no form of output: end it in .jsonl, name a folder for "
        "Parquet, or say which with -f."
    )


def check_output(path: Path, form: Form) -> None:
    """Refuses a place that the output cannot be put into.

    Raises:
        UsageError: it is something else that would be lost, or its folder is missing.
    """
    if not path.resolve().parent.is_dir():
        raise UsageError(f"The folder of {path} does not exist: make it first.")
    if not os.access(path.resolve().parent, os.W_OK):
        raise UsageError(f"{path} cannot be written: its folder allows no new files.")
    if form == "jsonl" and path.is_dir():
        raise UsageError(f"{path} is a folder: name a file, or take -f parquet.")
    if form == "parquet":
        import_arrow()
        if path.is_file():
            raise UsageError(f"{path} is a file: name a folder for Parquet.")
        if path.is_dir() and not _is_ours(path):
            raise UsageError(f"{path} holds other files: name another folder.")


def write_lines(
    rows: Iterable[bytes], write: Callable[[bytes], object], *, accounts: bool = False
) -> None:
    """Rows as JSON Lines.

    Args:
        rows: as the store keeps them.
        write: takes the bytes of one line after the other.
        accounts: see `line_of`.
    """
    for row in rows:
        write(line_of(row, accounts=accounts))


def write_jsonl(rows: Iterable[bytes], path: Path, *, accounts: bool = False) -> None:
    """Rows as a file of JSON Lines, readable by its user alone.

    Raises:
        OSError: it cannot be written; what was there before still is.
    """
    target = path.resolve()
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with _private(part) as file:
            write_lines(rows, file.write, accounts=accounts)
        part.replace(target)
        _sync_folder(target.parent)
    finally:
        part.unlink(missing_ok=True)


def write_parquet(rows: Iterable[bytes], path: Path, *, accounts: bool = False) -> None:
    """Rows as a folder of Parquet files of `ROWS_PER_FILE` each.

    Raises:
        OSError: it cannot be written; what was there before still is.
    """
    target = path.resolve()
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    part.mkdir(mode=0o700)
    try:
        remaining = iter(rows)
        schema = row_columns(accounts=accounts)
        for number, first in enumerate(remaining):
            some = islice(remaining, ROWS_PER_FILE - 1)
            with _private(part / PART.format(number)) as file:
                _write_file(_chain(first, some), schema, file)
        _sync_folder(part)
        _put(part, target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def write_part(rows: Iterable[bytes], path: Path, *, accounts: bool = False) -> None:
    """Rows as one Parquet file.

    Raises:
        OSError: it cannot be written; what was there before still is.
    """
    target = path.resolve()
    part = target.with_name(f".{target.name}.{token_hex(8)}.part")
    try:
        with _private(part) as file:
            _write_file(iter(rows), row_columns(accounts=accounts), file)
        part.replace(target)
        _sync_folder(target.parent)
    finally:
        part.unlink(missing_ok=True)


def row_columns(*, accounts: bool = False) -> "pa.Schema":
    """The columns of rows.

    Args:
        accounts: with those that tell what an article took.
    """
    schema = columns_of(Row)
    for name in () if accounts else ACCOUNTS:
        if name in schema.names:
            schema = schema.remove(schema.get_field_index(name))
    return schema


def _write_file(rows: Iterator[bytes], schema: "pa.Schema", file: IO[bytes]) -> None:
    from pyarrow import parquet

    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        while group := list(islice(rows, ROWS_PER_GROUP)):
            records = [json.loads(line_of(row, accounts=True)) for row in group]
            writer.write_batch(to_record_batch(records, schema))


def _chain(first: bytes, rest: Iterable[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


@contextmanager
def _private(path: Path) -> Iterator[IO[bytes]]:
    """A new file for its user alone, on the disk when the block ends well."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb", buffering=1 << 20) as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _put(part: Path, target: Path) -> None:
    """Put a finished folder in the place of an earlier one."""
    old = target.with_name(f".{target.name}.{os.getpid()}.old")
    if target.exists():
        target.rename(old)
    part.rename(target)
    _sync_folder(target.parent)
    shutil.rmtree(old, ignore_errors=True)


def _is_ours(folder: Path) -> bool:
    """Whether a folder holds nothing but what `write_parquet` puts there."""
    return all(
        entry.name.startswith("part-") and entry.suffix == ".parquet"
        for entry in folder.iterdir()
    )


def _sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system can do that."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
