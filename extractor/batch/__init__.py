"""Many articles: one terminal row for each, nothing paid for twice, nothing lost.

```python
from pathlib import Path

from extractor.batch import Listing, Session, Sources, write_jsonl
from extractor.store import Store

with (
    Store(Path("store.sqlite")) as store,
    Session(Sources(["news/"]), store, model="rules") as session,
    Listing() as listing,
):
    print(session.work(listing))
    write_jsonl(session.rows(listing), Path("found.jsonl"))
```
"""

from extractor.batch.budget import Account
from extractor.batch.desk import Desk, Item
from extractor.batch.listing import Listing
from extractor.batch.output import (
    check_output,
    form_of,
    row_columns,
    write_jsonl,
    write_lines,
    write_parquet,
)
from extractor.batch.recorded import (
    RecordedClient,
    dump_answer,
    load_answer,
    question_key,
)
from extractor.batch.rows import (
    Outcome,
    Row,
    dump_row,
    failed_row,
    line_of,
    load_outcome,
    load_row,
    row_of,
)
from extractor.batch.running import Summary, run_batch
from extractor.batch.session import Session
from extractor.batch.sources import Sources

__all__ = [
    "Account",
    "Desk",
    "Item",
    "Listing",
    "Outcome",
    "RecordedClient",
    "Row",
    "Session",
    "Sources",
    "Summary",
    "check_output",
    "dump_answer",
    "dump_row",
    "failed_row",
    "form_of",
    "line_of",
    "load_answer",
    "load_outcome",
    "load_row",
    "question_key",
    "row_columns",
    "row_of",
    "run_batch",
    "write_jsonl",
    "write_lines",
    "write_parquet",
]
