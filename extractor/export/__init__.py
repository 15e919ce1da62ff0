"""Extractions in the formats of others, a module for each, and read back from them.

```python
from extractor.export import read_results, to_dataframe, write_results

results = list(read_results("found.jsonl"))
to_dataframe(results, "claims")
write_results(results, "csv", "tables")
```

What each format keeps and loses is in `docs/exports.md`, and held by the tests.
"""

from extractor.export.frames import to_dataframe
from extractor.export.listing import export_text, listings
from extractor.export.page import export_html
from extractor.export.results import read_results
from extractor.export.stored import export_json, export_jsonl
from extractor.export.tables import TABLES
from extractor.export.targets import (
    TARGETS,
    Format,
    Target,
    check_target,
    stream,
    write_results,
)

__all__ = [
    "FORMATS",
    "SUFFIXES",
    "TABLES",
    "TARGETS",
    "Format",
    "Target",
    "check_target",
    "export_html",
    "export_json",
    "export_jsonl",
    "export_text",
    "listings",
    "read_results",
    "stream",
    "to_dataframe",
    "write_results",
]

FORMATS: dict[str, Format] = {
    "json": export_json,
    "jsonl": export_jsonl,
    "text": export_text,
    "html": export_html,
}
"""Every format by the name that `-f` takes."""

SUFFIXES = {".json": "json", ".jsonl": "jsonl", ".txt": "text", ".html": "html"}
"""Format of an output file by its suffix."""
