"""The terminal row of one article: what was found, or why nothing was.

In the store a row is two lines of JSON: what became of the article, and the extraction.
The second holds nothing that depends on how often a call had to be repeated or how long
it took, so that runs with the same answers end in the same bytes.
"""

import json
from typing import Any, Final, Literal

from pydantic import Field

from extractor.errors import TRANSIENT, ExtractorError, InputError
from extractor.escapes import escaped
from extractor.schema import Document, Extraction, Frozen, TaskName, TaskStats, Usage

Status = Literal["ok", "partial", "failed"]

UNEXPECTED: Final = "unexpected"
"""Code of a failure that is a defect of ours."""

ACCOUNTS: Final = ("tasks", "usage", "calls", "retries", "seconds", "cost")
"""Members of a provenance that tell what an extraction took."""


class Outcome(Frozen):
    """What became of an article, without what was found in it."""

    id: str
    """Of the document; of what cannot be read, the file and line."""
    source: str | None = None
    """File or address of the article."""
    status: Status
    """`ok`; `partial`, where some question failed and the rules answered in its place;
    or `failed`, with no extraction."""
    code: str | None = None
    """`ExtractorError.code` of the first failure; `unexpected` for a defect of ours."""
    message: str | None = None
    """What failed, in a sentence."""
    calls: int = 0
    retries: int = 0
    seconds: float = 0.0
    usage: Usage = Usage()
    tasks: dict[TaskName, TaskStats] = Field(default_factory=dict)

    @property
    def is_settled(self) -> bool:
        """Whether asking again would be for nothing."""
        return self.code not in TRANSIENT


class Row(Outcome):
    """The terminal row of one article."""

    extraction: Extraction | None = None


def row_of(extraction: Extraction) -> Row:
    """The row of an extraction.

    One to which the model contributed nothing, since every question failed, is a
    failure: what the rules found would pass for the model's.
    """
    document, provenance = extraction.document, extraction.provenance
    first = provenance.failures[0] if provenance.failures else None
    answered = any(stats.answered for stats in provenance.tasks.values())
    failed = first is not None and not answered
    return Row(
        id=document.id,
        source=document.source,
        status="failed" if failed else "partial" if first else "ok",
        code=first and first.code,
        message=first and first.message,
        calls=provenance.calls,
        retries=provenance.retries,
        seconds=provenance.seconds,
        usage=provenance.usage,
        tasks=provenance.tasks,
        extraction=None if failed else extraction,
    )


def failed_row(document: Document | InputError, error: Exception) -> Row:
    """The row of an article that gave nothing.

    Of an error that is none of ours only the kind is told: its words may be the
    article's.
    """
    if isinstance(error, ExtractorError):
        code, message = error.code, str(error)
    else:
        code = UNEXPECTED
        message = f"Unexpected {type(error).__name__}: please report it."
    if isinstance(document, Document):
        return Row(
            id=document.id,
            source=document.source,
            status="failed",
            code=code,
            message=message,
            calls=getattr(error, "calls", 0),
        )
    where = document.where or "a text"
    return Row(id=where, source=where, status="failed", code=code, message=message)


def dump_row(row: Row) -> bytes:
    """A row as the two lines that the store keeps."""
    head = json.dumps(row.model_dump(mode="json", exclude={"extraction"}))
    if row.extraction is None:
        return head.encode() + b"\nnull"
    return head.encode() + b"\n" + _dump_extraction(row.extraction)


def _dump_extraction(extraction: Extraction) -> bytes:
    left_out = {"provenance": set(ACCOUNTS)}
    try:
        return extraction.model_dump_json(exclude=left_out).encode()
    except ValueError:  # lone surrogates, which it refuses
        dumped = json.dumps(
            extraction.model_dump(exclude=left_out),
            ensure_ascii=False,
            separators=(",", ":"),
        )
        return escaped(dumped).encode()


def load_outcome(data: bytes) -> Outcome:
    """What became of the article, from a kept row.

    Raises:
        ValueError: it is no row.
    """
    return Outcome.model_validate_json(data.partition(b"\n")[0])


def load_row(data: bytes) -> Row:
    """A kept row; its extraction has the accounts back.

    Raises:
        ValueError: it is no row.
    """
    head, _, body = data.partition(b"\n")
    fields: dict[str, Any] = json.loads(head)
    found = json.loads(body)
    if found is not None:
        accounts = {name: fields[name] for name in ACCOUNTS if name in fields}
        found["provenance"] |= accounts
    return Row.model_validate(fields | {"extraction": found})


def line_of(data: bytes, *, accounts: bool = False) -> bytes:
    """A kept row as a line of the output.

    Args:
        data: as the store keeps it.
        accounts: whether to tell what the article took, in calls, tokens and seconds;
            that differs from run to run.
    """
    head, _, body = data.partition(b"\n")
    fields: dict[str, Any] = json.loads(head)
    if not accounts:
        fields = {name: fields[name] for name in fields if name not in ACCOUNTS}
    dumped = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    return escaped(f'{dumped[:-1]},"extraction":{body.decode()}}}\n').encode()
