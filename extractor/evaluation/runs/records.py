"""What a run folder holds: `run.json` is one `Meta`, `cells.jsonl` a `Cell` a line."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from secrets import token_hex
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import Field

from extractor.costs import Price
from extractor.errors import TRANSIENT
from extractor.evaluation.gold import Split
from extractor.evaluation.manifest import SCORER_VERSION
from extractor.evaluation.scoring.unplaced import Unplaced
from extractor.recipe import Recipe
from extractor.schema import Extraction, Frozen, Usage

SCHEMA: Final = "extractor-run/1"

_Record = TypeVar("_Record", bound=Frozen)


class Meta(Recipe):
    """What a run is of. The first part identifies it, the rest may change."""

    schema_: Annotated[Literal["extractor-run/1"], Field(alias="schema")] = SCHEMA
    gold_hash: str
    """`manifest.gold_hash` of the articles."""
    inputs_hash: str
    """Of texts and dates as the model gets them."""
    split: Split | None = None
    articles: list[str]
    """Ids, in the order of the gold."""
    repeats: int = 1

    id: str = ""
    created: str = ""
    """UTC, ISO 8601."""
    gold: list[str] = Field(default_factory=list)
    """Where the gold lies, as it was named."""
    scorer: int = SCORER_VERSION
    price: Price | None = None

    model_config = Frozen.model_config | {
        "validate_by_name": True,
        "serialize_by_alias": True,
    }

    def stamped(self) -> "Meta":
        """The same with an id and the time, for a run that begins now."""
        now = datetime.now(UTC).replace(microsecond=0)
        name = f"{now:%Y%m%dT%H%M%SZ}-{token_hex(4)}"
        return self.model_copy(update={"id": name, "created": now.isoformat()})


class Cell(Frozen):
    """One article asked once: what came of it."""

    article: str
    """`Source.id`."""
    repeat: int
    """From 0."""
    status: Literal["ok", "failed"]
    extraction: Extraction | None = None
    code: str | None = None
    """`ExtractorError.code` of a failure; `unexpected` for a defect of ours."""
    message: str | None = None
    seconds: float = 0.0
    """Wall time when the model was asked."""
    usage: Usage = Usage()
    calls: int = 0
    retries: int = 0
    cached: bool = False
    """Taken from an earlier run, so nothing was paid now."""
    unplaced: Unplaced | None = None
    """What another tool found without a place in the text; counts as spurious."""

    @property
    def key(self) -> tuple[str, int]:
        """Article and repeat; of several rows with one key the last counts."""
        return self.article, self.repeat

    @property
    def is_settled(self) -> bool:
        """Whether asking again would be for nothing."""
        return self.status == "ok" or self.code not in TRANSIENT


def make_cell(
    article: str, repeat: int, extraction: Extraction, *, cached: bool = False
) -> Cell:
    """The cell of an extraction.

    One in which the endpoint broke off is a failure: what the rules put in its place
    would count as the model's.
    """
    provenance = extraction.provenance
    broken = next((f for f in provenance.failures if f.code in TRANSIENT), None)
    return Cell(
        article=article,
        repeat=repeat,
        status="failed" if broken else "ok",
        extraction=None if broken else extraction,
        code=broken and broken.code,
        message=broken and broken.message,
        seconds=provenance.seconds,
        usage=provenance.usage,
        calls=provenance.calls,
        retries=provenance.retries,
        cached=cached,
    )


def dump(record: Frozen, indent: int | None = None) -> bytes:
    """A record as JSON in ASCII, since a text may hold lone surrogates."""
    return json.dumps(record.model_dump(mode="json"), indent=indent).encode() + b"\n"


def load(kind: type[_Record], data: bytes) -> _Record:
    """The record that `dump` wrote.

    Raises:
        ValueError: it is no such record.
    """
    return kind.model_validate(json.loads(data))


def differences(old: Meta, new: Meta) -> list[str]:
    """In what two runs are not the same, each as a few words; empty if they are."""
    before, after = old.model_dump(), new.model_dump()
    return [
        worded(before[name], after[name])
        for name, worded in _WORDED.items()
        if before[name] != after[name]
    ]


def _changed(what: str) -> Callable[[Any, Any], str]:
    return lambda old, new: f"{what} {_listed(old)}, now {_listed(new)}"


def _fixed(words: str) -> Callable[[Any, Any], str]:
    return lambda old, new: words


def _listed(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{k} {str(v)[:8]}" for k, v in value.items()) or "none"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "none" if value is None else str(value)


_WORDED: Final[Mapping[str, Callable[[Any, Any], str]]] = {
    "model": _changed("model"),
    "endpoint": _changed("endpoint"),
    "host": _changed("host"),
    "weights": _fixed("other weights"),
    "tasks": _changed("tasks"),
    "prompts": _changed("prompts"),
    "sampling": _changed("sampling"),
    "package": _changed("version"),
    "source": _fixed("other code of this package"),
    "libraries": _changed("libraries"),
    "gold_hash": _fixed("other labels"),
    "inputs_hash": _fixed("other texts or dates"),
    "split": _changed("split"),
    "articles": lambda old, new: f"{len(old)} articles, now {len(new)} or others",
    "repeats": _changed("repeats"),
}
