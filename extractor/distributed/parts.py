"""A run cut into parts: some articles each, and the file that gets their rows.

The cut depends on the input files alone and a part's file appears whole, so a run that
was killed goes on with the parts whose files are missing, and no row is there twice.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from extractor.batch.columns import import_arrow, to_record_batch
from extractor.batch.desk import Item
from extractor.batch.output import PART
from extractor.batch.sources import COLUMNS, PARQUET, Sources, article_of
from extractor.errors import InputError
from extractor.schema import Document

if TYPE_CHECKING:
    import pyarrow as pa

STAGED: Final = "_input"
"""Folder in the output for articles that do not come as Parquet."""
ROWS: Final = 1_000
"""Articles of a staged part."""
_ERROR: Final = "error"
"""Staged column: why an article could not be read."""
_AT_ONCE: Final = 64
"""Articles in memory at once."""


@dataclass(frozen=True)
class Part:
    """Some articles of a run.

    Attributes:
        file: Parquet file they are in.
        group: row group of it.
        first: number of the group's first row in the file, from 1.
        staged: whether the file was made by `stage`.
        target: file that gets the rows.
    """

    file: str
    group: int
    first: int
    staged: bool
    target: str


def plan(sources: Sources, output: Path) -> list[Part]:
    """The parts of a run: the row groups of its files.

    Articles in other files than Parquet are copied into the output first, where they
    stay until the run is done.

    Raises:
        OSError: they cannot be copied.
    """
    files = list(sources.files())
    staged = not all(map(_is_sound, files))
    if staged:
        files = stage(sources, output / STAGED)
    groups = [(file, *group) for file in files for group in _groups(file)]
    return [
        Part(file, group, first, staged, str(output / PART.format(number)))
        for number, (file, group, first) in enumerate(groups)
    ]


def stage(items: Iterable[Item], folder: Path) -> list[str]:
    """Articles as Parquet files in a folder, whole or not at all.

    A folder that is there already is taken as it is.
    """
    from pyarrow import parquet

    if not folder.is_dir():
        unfinished = folder.with_name(f"{folder.name}.unfinished")
        unfinished.mkdir(mode=0o700, exist_ok=True)
        remaining = iter(items)
        number = 0
        while records := [_record(item) for item in islice(remaining, ROWS)]:
            table = import_arrow().Table.from_batches(
                [to_record_batch(records, _staged_columns())]
            )
            parquet.write_table(table, unfinished / PART.format(number))
            number += 1
        unfinished.rename(folder)
    return sorted(str(file) for file in folder.iterdir())


def articles_of(
    part: Part, published: str | None = None, language: str | None = None
) -> Iterator[Item]:
    """The articles of a part, or errors in their place.

    Args:
        part: what to read.
        published: date of all articles; outranks the file's.
        language: of all articles; outranks the file's.
    """
    for number, row in enumerate(_rows(part), start=part.first):
        if part.staged and row[_ERROR] is not None:
            error = InputError(row[_ERROR])
            error.where = row["id"]
            yield error
            continue
        yield article_of(
            row,
            f"{part.file} row {number}",
            published=published,
            language=language,
            source=None if part.staged else part.file,
        )


def _rows(part: Part) -> Iterator[dict[str, Any]]:
    from pyarrow import parquet

    with parquet.ParquetFile(part.file) as file:
        names = [name for name in (*COLUMNS, _ERROR) if name in file.schema_arrow.names]
        for batch in file.iter_batches(_AT_ONCE, [part.group], columns=names):
            yield from batch.to_pylist()


def _groups(file: str) -> list[tuple[int, int]]:
    """Number and first row of each row group of a file."""
    from pyarrow import parquet

    found = []
    first = 1
    metadata = parquet.read_metadata(file)
    for group in range(metadata.num_row_groups):
        found.append((group, first))
        first += metadata.row_group(group).num_rows
    return found


def _is_sound(file: str) -> bool:
    """Whether a file can be read where it is: Parquet with texts."""
    from pyarrow import parquet

    if not file.lower().endswith(PARQUET):
        return False
    try:
        return "text" in parquet.read_schema(file).names
    except Exception:  # noqa: BLE001  # what is wrong with it, staging tells
        return False


def _record(item: Item) -> dict[str, str | None]:
    if isinstance(item, Document):
        return {name: getattr(item, name, None) for name in COLUMNS}
    return {"id": item.where, _ERROR: str(item)}


def _staged_columns() -> "pa.Schema":
    pa = import_arrow()
    names: Sequence[str] = (*COLUMNS, _ERROR)
    return pa.schema([(name, pa.string()) for name in names])
