"""Articles as an Arrow record batch in, their rows as another one out.

Any engine that maps record batches can run it. On Spark, for one:

```python
from extractor.batch.output import row_columns
from extractor.distributed import Settings, Worker

def rows_of(batches):
    worker = Worker(Settings("my-model", base_url="http://localhost:8000/v1"))
    yield from map(worker.rows, batches)

articles.mapInArrow(rows_of, from_arrow_schema(row_columns(accounts=True)))
```
"""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from extractor.batch.columns import to_record_batch
from extractor.batch.desk import Desk, Item
from extractor.batch.listing import Listing
from extractor.batch.output import row_columns
from extractor.batch.rows import dump_row, failed_row, line_of
from extractor.batch.running import run_batch
from extractor.batch.sources import COLUMNS, article_of
from extractor.errors import InputError, RunStopped
from extractor.store import Store

if TYPE_CHECKING:
    import pyarrow as pa


def extract_batch(
    batch: "pa.RecordBatch",
    desk: Desk,
    store: Store,
    *,
    jobs: int = 8,
    keep: Sequence[str] = (),
) -> "pa.RecordBatch":
    """The rows of a batch of articles; one for each, in their order.

    Nothing that befalls an article or the endpoint is raised: where the run had to
    stop, the articles that were left have a failed row, which the store does not keep,
    so that they are asked again next time.

    Args:
        batch: articles with a column `text`, and any of `id`, `title`, `published`,
            `language`, `url` and `source`.
        desk: makes the rows.
        store: the desk's.
        jobs: articles to work on at the same time.
        keep: columns to pass on as they are, beside those of the rows.
    """
    items = list(articles_of(batch))
    rows = _settle(items, desk, store, jobs)
    records = [json.loads(line_of(row, accounts=True)) for row in rows]
    found = to_record_batch(records, row_columns(accounts=True))
    for name in keep:
        found = found.append_column(batch.schema.field(name), batch.column(name))
    return found


def articles_of(batch: "pa.RecordBatch") -> list[Item]:
    """The articles of a batch, or errors in their place."""
    names = [name for name in COLUMNS if name in batch.schema.names]
    columns = {name: batch.column(name) for name in names}
    return [_article(columns, number) for number in range(batch.num_rows)]


def _article(columns: "dict[str, pa.Array]", number: int) -> Item:
    """One row's article; cell by cell, since one may not be UTF-8."""
    where = f"row {number + 1}"
    try:
        row: dict[str, Any] = {
            name: column[number].as_py() for name, column in columns.items()
        }
    except UnicodeDecodeError:
        error = InputError(f"{where} is not UTF-8: save it as UTF-8.")
        error.where = where
        return error
    given = row.get("id")
    return article_of(row, where if given in (None, "") else str(given))


def _settle(items: Sequence[Item], desk: Desk, store: Store, jobs: int) -> list[bytes]:
    """The kept row of each article, or a failed one."""
    stopped: Exception = RunStopped("The run was told to end.")
    with Listing() as listing:
        try:
            run_batch(items, desk, listing, jobs=jobs)
        except Exception as error:  # noqa: BLE001  # in the rows that are left
            stopped = error
    return [
        store.row(desk.key(item)) or dump_row(failed_row(item, stopped))
        for item in items
    ]
