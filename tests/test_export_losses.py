"""What each format loses, against what `docs/exports.md` says it loses.

A format keeps a field if what it writes of two results that differ in nothing else
differs, apart from names that follow from an item's id.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

import pytest
from extraction_samples import find, sluice
from pyarrow import parquet
from pydantic import BaseModel

from extractor.export import TARGETS, Target, write_results
from extractor.schema import Extraction, Span

PAGE = Path(__file__).parents[1] / "docs" / "exports.md"

OTHER = find("Omar Vell").model_dump()
PROBES: dict[str, Any] = {
    "document.id": "other",
    "document.text": sluice().document.text.replace("union", "guild"),
    "document.title": "Other",
    "document.published": "2032-01-01",
    "document.language": "de",
    "document.source": "https://post.example/other",
    "document.sha256": "0" * 64,
    "speakers.4.id": "p9",
    "speakers.0.name": "Other",
    "speakers.0.kind": "group",
    "speakers.0.description": "other",
    "speakers.0.mentions": [OTHER],
    "quotes.4.id": "q9",
    "quotes.0.kind": "mixed",
    "quotes.0.spans": [OTHER],
    "quotes.0.text": "other",
    "quotes.0.speaker": "p3",
    "quotes.0.speaker_mention": OTHER,
    "quotes.0.cue": OTHER,
    "quotes.3.nested_in": "q2",
    "claims.0.id": "c9",
    "claims.0.text": "Other.",
    "claims.0.spans": [OTHER],
    "claims.0.claimant": "p3",
    "claims.0.modality": "hedged",
    "claims.0.quotes": ["q1"],
    "claims.0.check_worthy": False,
    "events.0.id": "e9",
    "events.0.type": "Life",
    "events.0.trigger": OTHER,
    "events.0.arguments.0.role": "other",
    "events.0.arguments.0.span": OTHER,
    "events.0.arguments.1.speaker": "p3",
    "events.0.place": OTHER,
    "events.0.time.span": OTHER,
    "events.0.time.value": "2032",
    "events.0.time.basis": "publication_date",
    "events.0.status": "planned",
    "events.0.reported_by": "p3",
    "items.leaks.0.id": "leaks9",
    "items.leaks.0.fields": {"who": "other"},
    "items.leaks.0.spans": {"who": [OTHER]},
    "items.leaks.0.evidence": [OTHER],
    "items.leaks.0.quote": "q1",
    "rejected.0.task": "quotes",
    "rejected.0.text": "other",
    "rejected.0.verdict": "absent",
    "rejected.0.nearest": OTHER,
    "rejected.0.diff": "other",
    "provenance.model": "other",
    "provenance.endpoint": "endpoint",
    "provenance.engine": "other",
    "provenance.packages": {},
    "provenance.prompts": {},
    "provenance.tasks": {},
    "provenance.usage": {},
    "provenance.calls": 9,
    "provenance.retries": 9,
    "provenance.seconds": 9.0,
    "provenance.cost": 9.0,
    "provenance.verdicts": {},
    "provenance.failures": [{"task": "quotes", "code": "other", "message": "Other."}],
    "provenance.warnings": ["Other."],
}
"""Another value for every field of the data contract."""


def field_of(probe: str) -> str:
    """The field that a probe changes, without the place in its list."""
    return re.sub(r"\.(leaks\.)?\d+", "", probe)


def fields_of(model: type[BaseModel], before: str = "") -> Iterator[str]:
    """The fields of a model and of the models in it; of a span, and below
    provenance, the whole."""
    for name, field in model.model_fields.items():
        inner = _model_in(field.annotation)
        if inner in (None, Span) or before == "provenance.":
            yield before + name
        else:
            yield from fields_of(inner, f"{before}{name}.")


def _model_in(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = [_model_in(part) for part in get_args(annotation)]
    return next((model for model in found if model), None)


def test_every_field_of_the_contract_is_probed() -> None:
    probed = {field_of(probe) for probe in PROBES}
    assert probed == set(fields_of(Extraction)) - {"schema_version"}


def changed(probe: str) -> Extraction:
    """The sample with another value in one place."""
    dumped = sluice().model_dump()
    *path, last = [int(s) if s.isdigit() else s for s in probe.split(".")]
    place: Any = dumped
    for step in path:
        place = place[step]
    assert place[last] != PROBES[probe]
    place[last] = PROBES[probe]
    return Extraction.model_validate(dumped)


def written(extraction: Extraction, target: Target) -> dict[str, str]:
    """What the files of a format say, by their names."""
    with TemporaryDirectory() as folder:
        output = Path(folder) / "out"
        write_results([extraction], target, output)
        files = sorted(output.iterdir()) if output.is_dir() else [output]
        return {path.name: _said(path, target) for path in files}


def _said(path: Path, target: Target) -> str:
    if target == "parquet":
        return str(parquet.read_table(path).to_pylist())
    numbers: dict[str, str] = {}
    return re.sub(
        "urn:uuid:[-0-9a-f]+",
        lambda match: numbers.setdefault(match[0], str(len(numbers))),
        path.read_bytes().decode("utf-8", "surrogatepass"),
    )


@cache
def lost(target: Target) -> frozenset[str]:
    """The fields whose value makes no difference to what is written."""
    before = written(sluice(), target)
    same = {probe for probe in PROBES if written(changed(probe), target) == before}
    return frozenset(field_of(probe) for probe in same)


def stated() -> dict[str, set[str]]:
    """The fields that the page says are lost, by format."""
    rows = re.findall(
        r"^\| `(\w+)` \|.*\| ([^|]*) \|$", PAGE.read_text("utf-8"), re.MULTILINE
    )
    found: dict[str, set[str]] = {}
    for target, cell in rows:
        found[target] = set()
        for name, kept in re.findall(r"`([\w.]+)`(?: but `([\w.]+)`)?", cell):
            assert within(name), name
            found[target] |= within(name) - within(kept)
    return found


def within(name: str) -> set[str]:
    """The field of that name, or those below it."""
    fields = {field_of(probe) for probe in PROBES}
    return {f for f in fields if f == name or f.startswith(f"{name}.")}


def test_the_page_has_every_format_once() -> None:
    assert set(stated()) == set(TARGETS)


@pytest.mark.parametrize("target", TARGETS)
def test_a_format_loses_what_the_page_says(target: Target) -> None:
    assert lost(target) == stated()[target]


@pytest.mark.parametrize("target", ["json", "jsonl", "w3c", "parquet"])
def test_formats_that_are_said_to_keep_all_do(target: Target) -> None:
    assert not lost(target)
