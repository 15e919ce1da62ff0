"""Extractions read back, from whatever this package wrote of them.

JSON of one or several, JSON Lines, the rows of a batch as JSON Lines or as a folder of
Parquet files, Parquet, and W3C annotations. Which it is, the content tells.
"""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Final

from pydantic import ValidationError

from extractor.errors import InputError
from extractor.export.anchoring import is_collection, read_collection
from extractor.export.parquet import read_records
from extractor.schema import Extraction

STDIN: Final = "-"
PARQUET: Final = ".parquet"

_BOM: Final = b"\xef\xbb\xbf"
_PARQUET: Final = b"PAR1"

Records = Iterator[tuple[str, Any]]
"""Contents, each with what to call it in a message."""


def read_results(
    *sources: str | Path, on_failed: Callable[[str], None] | None = None
) -> Iterator[Extraction]:
    """The extractions in files, one after the other.

    ```python
    results = list(extractor.read_results("found.jsonl"))
    ```

    Args:
        *sources: files or folders of Parquet files that `extract`, `batch` or `convert`
            wrote; `-` for standard input.
        on_failed: told of each row of a batch that has no extraction, in a sentence;
            without it they are passed over.

    Raises:
        InputError: a file is missing, or holds something else.
    """
    for source in sources:
        for where, content in _records(str(source)):
            if is_collection(content):
                for record in read_collection(content, where):
                    yield _extraction(record, where)
            elif _is_failed_row(content):
                if on_failed:
                    on_failed(f"{where} has no extraction: {content.get('code')}.")
            else:
                yield _extraction(content, where)


def _records(source: str) -> Records:
    path = Path(source)
    if source == STDIN:
        yield from _parsed(sys.stdin.buffer, "standard input")
    elif path.is_dir():
        files = sorted(path.glob(f"*{PARQUET}"))
        if not files:
            raise InputError(f"{source} holds no {PARQUET} files: name another folder.")
        for file in files:
            yield from _rows(file)
    elif _begins(path, _PARQUET):
        yield from _rows(path)
    else:
        with path.open("rb") as lines:
            yield from _parsed(lines, source)


def _begins(path: Path, mark: bytes) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(mark)) == mark
    except OSError as error:
        raise InputError(
            f"{path} cannot be read ({error.strerror}): check the name."
        ) from None


def _rows(path: Path) -> Records:
    for number, record in enumerate(read_records(path), start=1):
        yield f"{path} row {number}", record


def _parsed(lines: IO[bytes], where: str) -> Records:
    """What JSON holds: one object, the objects of an array, or one a line."""
    stated = (
        (number, line) for number, line in enumerate(lines, start=1) if line.strip()
    )
    number, first = next(stated, (0, b""))
    first = first.removeprefix(_BOM)
    try:
        content = json.loads(first)
    except (ValueError, RecursionError):
        rest = b"".join(line for _, line in stated)
        yield from _listed(_load(first + rest, where), where)
        return
    if isinstance(content, list):
        yield from _listed(content, where)
    else:
        yield f"{where} line {number}", content
    for number, line in stated:
        yield f"{where} line {number}", _load(line, f"{where} line {number}")


def _listed(content: Any, where: str) -> Records:
    if not isinstance(content, list):
        yield where, content
        return
    for number, item in enumerate(content, start=1):
        yield f"{where} item {number}", item


def _load(data: bytes, where: str) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{where} is not JSON ({type(error).__name__}): name a result of extract, "
            "batch or convert."
        ) from None


def _is_failed_row(content: Any) -> bool:
    return (
        isinstance(content, dict)
        and "status" in content
        and content.get("extraction") is None
    )


def _extraction(content: Any, where: str) -> Extraction:
    """An extraction, or that of a batch's row."""
    if isinstance(content, dict) and "status" in content:
        content = content["extraction"]
    try:
        return Extraction.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        fault = f"{place}: {first['msg']}" if place else first["msg"]
        raise InputError(
            f"{where} is no extraction ({fault.removeprefix('Value error, ')}): name a "
            "result of extract, batch or convert."
        ) from None
