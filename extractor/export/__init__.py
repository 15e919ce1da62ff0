"""Extractions in the formats of others, a module for each.

A format turns extractions into pieces of text as they arrive, so that a long run can
be written while it goes on.
"""

from collections.abc import Callable, Iterable, Iterator

from extractor.export.listing import export_text, listings
from extractor.export.stored import export_json, export_jsonl
from extractor.schema import Extraction

__all__ = [
    "FORMATS",
    "SUFFIXES",
    "Format",
    "export_json",
    "export_jsonl",
    "export_text",
    "listings",
]

Format = Callable[[Iterable[Extraction]], Iterator[str]]

FORMATS: dict[str, Format] = {
    "json": export_json,
    "jsonl": export_jsonl,
    "text": export_text,
}
"""Every format by the name that `-f` takes."""

SUFFIXES = {".json": "json", ".jsonl": "jsonl", ".txt": "text"}
"""Format of an output file by its suffix."""
