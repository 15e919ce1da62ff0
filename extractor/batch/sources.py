"""Articles from files, folders, patterns, JSON Lines, Parquet and standard input.

Read one after the other, always in the same order, and never kept. What cannot be read
stands in its place as an error.
"""

import glob
import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from extractor.batch.columns import import_arrow
from extractor.batch.desk import Item
from extractor.documents import SUFFIXES, make_document, read_each
from extractor.errors import ExtractorError, InputError
from extractor.schema import Document

STDIN: Final = "-"
PARQUET: Final = ".parquet"
COLUMNS: Final = ("id", "text", "title", "published", "language", "url", "source")
"""Columns of a Parquet file that are read, as the fields of a `.jsonl` line are."""

_ROWS: Final = 64
"""Rows of a Parquet file in memory at once."""
_BLOCK: Final = 1 << 20
"""Bytes read at once where lines are counted."""
_GLOB = re.compile(r"[*?\[]")


@dataclass(frozen=True)
class Sources:
    """Where the articles of a batch come from.

    Attributes:
        names: files (`.txt`, `.md`, `.html`, `.jsonl`, `.parquet`), folders with such
            files, glob patterns, or `-` for standard input.
        published: for all articles; outranks the date in a file.
        language: for all articles; outranks the language in a file.
        share: `(k, n)` for the k-th of n parts, from 0. Which part an article is in
            goes by its text.
    """

    names: Sequence[str]
    published: str | None = None
    language: str | None = None
    share: tuple[int, int] = (0, 1)

    def __iter__(self) -> Iterator[Item]:
        """Every article, or the error that stands in its place."""
        part, parts = self.share
        for item in self._all():
            if parts == 1 or _number(item) % parts == part:
                yield item

    def _all(self) -> Iterator[Item]:
        for file in self.files():
            if file.lower().endswith(PARQUET):
                yield from self._rows(file)
            else:
                yield from read_each(
                    file, published=self.published, language=self.language
                )

    def files(self) -> Iterator[str]:
        """The files in the order they are read; a name that fits nothing stays."""
        for name in self.names:
            if os.path.isdir(name):
                yield from _walk(name)
            elif _GLOB.search(name) and not os.path.exists(name):
                yield from sorted(glob.glob(name, recursive=True)) or [name]
            else:
                yield name

    def count(self) -> int | None:
        """How many articles there are; None where that cannot be told beforehand.

        By the lines of `.jsonl` files, without reading what is in them.
        """
        total = 0
        for file in self.files():
            if file == STDIN:
                return None
            total += _count(file)
        return total

    def _rows(self, file: str) -> Iterator[Item]:
        """The articles of a Parquet file."""
        number = 0
        try:
            for number, row in enumerate(_read_rows(file), start=1):
                yield article_of(
                    row,
                    f"{file} row {number}",
                    published=self.published,
                    language=self.language,
                    source=file,
                )
        except ExtractorError as error:  # pyarrow missing, or no column of texts
            yield _at(file, InputError(str(error)))
        except Exception as error:  # noqa: BLE001  # pyarrow raises what it likes
            why = f"{type(error).__name__} after {number:,} rows"
            yield _at(file, InputError(f"{file} cannot be read as Parquet ({why})."))


def article_of(
    row: Mapping[str, Any],
    where: str,
    *,
    published: str | None = None,
    language: str | None = None,
    source: str | None = None,
) -> Item:
    """The article of a table's row, or the error that stands in its place.

    Args:
        row: cells by name, of which those in `COLUMNS` are read.
        where: what to call the row in an error.
        published: outranks the row's.
        language: outranks the row's.
        source: where the row names none.
    """
    text = row.get("text")
    if not isinstance(text, str):
        return _at(where, InputError(f"{where} has no text."))
    named = _text(row.get("url")) or _text(row.get("source"))
    try:
        return make_document(
            text,
            id=_text(row.get("id")),
            title=_text(row.get("title")),
            published=published or _text(row.get("published")),
            language=language or _text(row.get("language")),
            source=named or source,
        )
    except InputError as error:
        sentence = str(error).removeprefix(named or source or "the text")
        return _at(where, InputError(where + sentence))


def _number(item: Item) -> int:
    """A number that articles with the same text share."""
    if isinstance(item, Document):
        return int(item.sha256[:8], 16)
    return int(hashlib.sha256(str(item).encode()).hexdigest()[:8], 16)


def _walk(folder: str) -> Iterator[str]:
    """Files of a folder and its subfolders by name, hidden ones left out."""
    try:
        names = sorted(name for name in os.listdir(folder) if name[0] not in "._")
    except OSError:
        yield folder  # reading it tells why
        return
    for name in names:
        path = os.path.join(folder, name)
        if os.path.isdir(path):
            yield from _walk(path)
        elif Path(name).suffix.lower() in (*SUFFIXES, PARQUET):
            yield path


def _count(file: str) -> int:
    """Articles in a file: its lines, its rows, or one."""
    suffix = Path(file).suffix.lower()
    try:
        if suffix == PARQUET:
            return _count_rows(file)
        return _count_lines(file) if suffix == ".jsonl" else 1
    except Exception:  # noqa: BLE001  # what is wrong with it, reading it tells
        return 1


def _count_lines(file: str) -> int:
    lines, last = 0, b"\n"
    with open(file, "rb") as stream:
        while block := stream.read(_BLOCK):
            lines += block.count(b"\n")
            last = block
    return lines + (not last.endswith(b"\n"))


def _count_rows(file: str) -> int:
    import_arrow()
    from pyarrow import parquet

    return int(parquet.read_metadata(file).num_rows)


def _read_rows(file: str) -> Iterator[Mapping[str, Any]]:
    import_arrow()
    from pyarrow import parquet

    with parquet.ParquetFile(file) as opened:
        names = opened.schema_arrow.names
        if "text" not in names:
            raise InputError(
                f"{file} has no column 'text' with the articles: name it so."
            )
        columns = [name for name in COLUMNS if name in names]
        for batch in opened.iter_batches(batch_size=_ROWS, columns=columns):
            yield from batch.to_pylist()


def _text(value: object) -> str | None:
    """A cell as text; None for an empty one."""
    if value is None or value == "":
        return None
    return value.isoformat() if isinstance(value, date) else str(value)


def _at(where: str, error: InputError) -> InputError:
    error.where = where
    return error
