"""Many articles: one terminal row for each, nothing paid for twice, nothing lost.

```python
from extractor.batch import Desk, Listing, RecordedClient, run_batch
from extractor.store import Store
```
"""

from extractor.batch.budget import Account
from extractor.batch.desk import Desk, Item
from extractor.batch.listing import Listing
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

__all__ = [
    "Account",
    "Desk",
    "Item",
    "Listing",
    "Outcome",
    "RecordedClient",
    "Row",
    "Summary",
    "dump_answer",
    "dump_row",
    "failed_row",
    "line_of",
    "load_answer",
    "load_outcome",
    "load_row",
    "question_key",
    "row_of",
    "run_batch",
]
