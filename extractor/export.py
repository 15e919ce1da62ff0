"""Extractions as text to store or to read, one function per format.

A format turns extractions into pieces of text as they arrive, so that a long run can
be written while it goes on. JSON and JSON Lines are meant for UTF-8; lone surrogates,
which UTF-8 cannot hold, and what could steer a terminal are written as JSON escapes.
"""

import json
from collections.abc import Callable, Iterable, Iterator

from extractor.escapes import escaped
from extractor.report import to_text
from extractor.schema import Extraction

Format = Callable[[Iterable[Extraction]], Iterator[str]]


def export_json(extractions: Iterable[Extraction]) -> Iterator[str]:
    """One extraction as a JSON object, several as an array; nothing for none."""
    remaining = iter(extractions)
    first = next(remaining, None)
    if first is None:
        return
    second = next(remaining, None)
    if second is None:
        yield _dump(first, indent=2) + "\n"
        return
    yield "[\n" + _dump(first, indent=2)
    yield ",\n" + _dump(second, indent=2)
    for extraction in remaining:
        yield ",\n" + _dump(extraction, indent=2)
    yield "\n]\n"


def export_jsonl(extractions: Iterable[Extraction]) -> Iterator[str]:
    """One JSON object a line."""
    for extraction in extractions:
        yield _dump(extraction, indent=None) + "\n"


def export_text(extractions: Iterable[Extraction]) -> Iterator[str]:
    """The listing of `extractor.report`, plain, for 80 columns."""
    return listings(extractions)


def listings(
    extractions: Iterable[Extraction], width: int = 80, *, color: bool = False
) -> Iterator[str]:
    """The listing of each extraction, a blank line between two; see `to_text`."""
    for number, extraction in enumerate(extractions):
        yield ("\n" if number else "") + to_text(extraction, width, color=color)


FORMATS: dict[str, Format] = {
    "json": export_json,
    "jsonl": export_jsonl,
    "text": export_text,
}
"""Every format by the name that `-f` takes."""

SUFFIXES = {".json": "json", ".jsonl": "jsonl", ".txt": "text"}
"""Format of an output file by its suffix."""


def _dump(extraction: Extraction, indent: int | None) -> str:
    # Not model_dump_json: it refuses lone surrogates.
    dumped = json.dumps(extraction.model_dump(), ensure_ascii=False, indent=indent)
    return escaped(dumped)
