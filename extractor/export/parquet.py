"""Extractions as Parquet: whole ones, a row for each article, or one flat table.

The columns of whole ones are the fields of the data contract, nested as they are, of
the types that `batch.columns` gives them. A lone surrogate, which Parquet's UTF-8
cannot hold, becomes U+FFFD.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

from extractor.errors import InputError
from extractor.export.tables import find_table
from extractor.schema import Extraction

ROWS_PER_GROUP: Final = 500
"""Extractions in memory at once."""


def write_parquet(
    extractions: Iterable[Extraction], file: IO[bytes], table: str | None = None
) -> None:
    """Writes one Parquet file.

    Args:
        extractions: what to write, taken as it is written.
        file: open for writing.
        table: one of the flat tables; None for whole extractions.

    Raises:
        UsageError: there is no such table, or pyarrow is not installed.
    """
    from extractor.batch.columns import columns_of, import_arrow, to_record_batch

    import_arrow()
    from pyarrow import parquet

    chosen = find_table(table) if table else None
    schema = columns_of(chosen.row if chosen else Extraction)
    remaining = iter(extractions)
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        while group := list(islice(remaining, ROWS_PER_GROUP)):
            if chosen:
                records = [dict(row) for found in group for row in chosen.rows(found)]
            else:
                records = [found.model_dump() for found in group]
            writer.write_batch(to_record_batch(records, schema))


def read_records(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a Parquet file, without what is null in them.

    Raises:
        InputError: it cannot be read as Parquet.
        UsageError: pyarrow is not installed.
    """
    from extractor.batch.columns import import_arrow

    pa = import_arrow()
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=ROWS_PER_GROUP):
                for row in batch.to_pylist(maps_as_pydicts="strict"):
                    yield _stated(row)
    except (pa.ArrowException, OSError) as error:
        raise InputError(
            f"{path} cannot be read as Parquet ({type(error).__name__}): make it anew."
        ) from None


def _stated(value: Any) -> Any:
    """A cell without nulls: a field that has none has its default."""
    if isinstance(value, Mapping):
        return {key: _stated(part) for key, part in value.items() if part is not None}
    if isinstance(value, list):
        return [_stated(part) for part in value]
    return value
