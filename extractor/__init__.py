"""Who said what, what is claimed and what happened in an article.

```python
import extractor

doc = extractor.read("article.txt", published="2024-05-15")
result = extractor.extract(doc)
for quote in result.quotes:
    print(quote.text, quote.spans[0].start, quote.speaker)
```
"""

__version__ = "0.1.0"

from extractor.bars import progress_bars
from extractor.documents import make_document, read, read_many
from extractor.errors import ExtractorError
from extractor.export import read_results, to_dataframe, write_results
from extractor.grounding import Grounding, ground
from extractor.pipeline import ALL_TASKS, Extractor, extract
from extractor.questions import Progress
from extractor.schema import (
    Claim,
    Document,
    Event,
    Extraction,
    OwnItem,
    Quote,
    Rejected,
    Span,
    Speaker,
)
from extractor.segmentation.eventtypes import EventType, EventTypes, read_event_types
from extractor.tasks.own import Anchor, Task, read_task

__all__ = [
    "ALL_TASKS",
    "Anchor",
    "Claim",
    "Document",
    "Event",
    "EventType",
    "EventTypes",
    "Extraction",
    "Extractor",
    "ExtractorError",
    "Grounding",
    "OwnItem",
    "Progress",
    "Quote",
    "Rejected",
    "Span",
    "Speaker",
    "Task",
    "extract",
    "ground",
    "make_document",
    "progress_bars",
    "read",
    "read_event_types",
    "read_many",
    "read_results",
    "read_task",
    "to_dataframe",
    "write_results",
]
