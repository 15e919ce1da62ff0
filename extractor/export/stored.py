"""Extractions as JSON and JSON Lines, which keep all there is.

Both are meant for UTF-8; lone surrogates, which UTF-8 cannot hold, and what could steer
a terminal are written as JSON escapes.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from extractor.escapes import escaped
from extractor.schema import Extraction


def export_json(extractions: Iterable[Extraction]) -> Iterator[str]:
    """One extraction as a JSON object, several as an array; nothing for none."""
    # Not model_dump_json: it refuses lone surrogates.
    dumped = (dumps(found.model_dump(), indent=2) for found in extractions)
    first = next(dumped, None)
    if first is None:
        return
    second = next(dumped, None)
    if second is None:
        yield first + "\n"
        return
    yield "[\n" + first
    yield ",\n" + second
    for piece in dumped:
        yield ",\n" + piece
    yield "\n]\n"


def export_jsonl(extractions: Iterable[Extraction]) -> Iterator[str]:
    """One JSON object a line."""
    for extraction in extractions:
        yield dumps(extraction.model_dump()) + "\n"


def dumps(content: Any, indent: int | None = None) -> str:
    """JSON that any terminal and any UTF-8 file can take; one line without indent."""
    return escaped(json.dumps(content, ensure_ascii=False, indent=indent))
