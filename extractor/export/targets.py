"""What extractions can be converted to, and how each is written."""

import codecs
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final, Literal, get_args

from extractor.errors import UsageError
from extractor.export.annotations import export_annotations
from extractor.export.labels import export_prodigy, write_brat, write_labelstudio
from extractor.export.parquet import write_parquet
from extractor.export.schemaorg import export_schemaorg
from extractor.export.spreadsheet import export_csv, write_csv
from extractor.export.stored import export_json, export_jsonl
from extractor.export.tables import find_table
from extractor.schema import Extraction
from extractor.writing import making, replacing

Target = Literal[
    "json",
    "jsonl",
    "csv",
    "parquet",
    "w3c",
    "schemaorg",
    "brat",
    "prodigy",
    "labelstudio",
]
TARGETS: Final[tuple[Target, ...]] = get_args(Target)

Format = Callable[[Iterable[Extraction]], Iterator[str]]
"""Turns extractions into pieces of text as they arrive."""

_STREAMS: Final[Mapping[Target, Format]] = {
    "json": export_json,
    "jsonl": export_jsonl,
    "w3c": export_annotations,
    "schemaorg": export_schemaorg,
    "prodigy": export_prodigy,
}
_FOLDERS: Final[Mapping[Target, Callable[[Iterable[Extraction], Path], None]]] = {
    "csv": write_csv,
    "brat": write_brat,
    "labelstudio": write_labelstudio,
}
_TABULAR: Final[tuple[Target, ...]] = ("csv", "parquet")


def check_target(target: Target, output: Path | None, table: str | None) -> None:
    """Refuses what cannot be written.

    Args:
        target: a format.
        output: a file or folder; None for a stream of text.
        table: the only table wanted, of formats that have tables.

    Raises:
        UsageError: the format has no tables, there is no such table, or the place is
            not one for the format.
    """
    if table is not None:
        find_table(table)
        if target not in _TABULAR:
            raise UsageError(
                f"{target} has no tables: leave the table out, or take "
                f"{' or '.join(_TABULAR)}."
            )
    if output is None:
        _check_stream(target, table)
        return
    if not output.resolve().parent.is_dir():
        raise UsageError(f"The folder of {output} does not exist: make it first.")
    if _is_folder(target, table):
        if target in _TABULAR and output.suffix == f".{target}":
            raise UsageError(
                f"{output} would be one file of several tables: name a folder, or the "
                "one table to write there."
            )
    elif output.is_dir():
        raise UsageError(f"{output} is a folder: name a file.")


def stream(
    results: Iterable[Extraction], target: Target, table: str | None = None
) -> Iterator[str]:
    """The pieces of text that a format consists of.

    Args:
        results: what to convert, taken as the pieces are.
        target: a format.
        table: see `check_target`.

    Raises:
        UsageError: the format is no text in one piece, or the table does not fit it.
    """
    check_target(target, None, table)
    return _pieces(target, table)(results)


def write_results(
    results: Iterable[Extraction],
    target: Target,
    output: str | Path,
    table: str | None = None,
) -> None:
    """Writes extractions in another format, whole or not at all.

    ```python
    extractor.write_results(results, "csv", "tables")
    extractor.write_results(results, "csv", "quotes.csv", table="quotes")
    extractor.write_results(results, "w3c", "annotations.jsonld")
    ```

    Args:
        results: what to convert, taken as it is written.
        target: `json`, `jsonl`, `csv`, `parquet`, `w3c` (Web Annotations), `schemaorg`,
            `brat`, `prodigy` or `labelstudio`.
        output: a new or empty folder for brat, Label Studio and all tables as CSV; else
            a file, which is replaced.
        table: the only table wanted, of CSV or Parquet. Without it Parquet has whole
            extractions, a row for each article.

    Raises:
        UsageError: see `check_target`; a package that the format needs is missing.
        OSError: it cannot be written; what was there before still is.
    """
    output = Path(output)
    check_target(target, output, table)
    if _is_folder(target, table):
        with making(output) as folder:
            _FOLDERS[target](results, folder)
        return
    with replacing(output) as file:
        if target == "parquet":
            write_parquet(results, file, table)
            return
        if target == "csv":
            file.write(codecs.BOM_UTF8)
        for piece in _pieces(target, table)(results):
            file.write(piece.encode())


def _check_stream(target: Target, table: str | None) -> None:
    if target == "parquet":
        raise UsageError("parquet is no text: name a file with -o.")
    if _is_folder(target, table):
        one = ", or one table with --table" if target in _TABULAR else ""
        raise UsageError(
            f"{target} is written as several files: name a folder with -o{one}."
        )


def _is_folder(target: Target, table: str | None) -> bool:
    return target in _FOLDERS and table is None


def _pieces(target: Target, table: str | None) -> Format:
    return partial(export_csv, table=table) if table else _STREAMS[target]
