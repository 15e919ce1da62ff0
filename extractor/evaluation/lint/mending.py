"""Mending what is wrong beyond doubt.

Mended are: a slipped span whose words stand at one place only, or at the offset where
it begins; white space at a span's edges; a text of which a tool changed nothing but
line ends or a byte order mark, proved by its hash; the recorded length of a text whose
hash is right; a hash never recorded, where every span is what the text says.
Spans are left alone while the text is not the one that was labelled.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractor.errors import GoldError
from extractor.evaluation.gold import SCHEMA, hash_text, read_text
from extractor.evaluation.lint.drafts import is_intact, list_files, restored
from extractor.evaluation.lint.offsets import find_fault, raw_spans
from extractor.evaluation.manifest import write_whole


@dataclass(frozen=True, slots=True)
class Mend:
    """One thing that was mended."""

    code: str
    file: str
    """Path of the file that was written."""
    item: str
    """As in a `Finding`."""
    what: str
    """Before and after."""


def mend(folder: Path) -> list[Mend]:
    """Mends the gold files of a folder where that is safe, and writes them.

    Returns:
        What was mended, by file.

    Raises:
        GoldError: the folder has no gold.
        OSError: a file cannot be written.
    """
    return [mended for path in list_files(folder) for mended in _mend_file(path)]


def _mend_file(path: Path) -> list[Mend]:
    try:
        content = json.loads(path.read_bytes())
        doc, schema = content["doc"], content["schema"]
        beside = path.parent / doc["text_file"]
        text = read_text(beside)
    except (GoldError, OSError, ValueError, LookupError, TypeError, RecursionError):
        return []  # nothing to go by; lint says what is wrong with it
    if schema != SCHEMA or beside.parent != path.parent:
        return []
    done: list[Mend] = []
    stated = doc.get("sha256")
    if stated and stated != hash_text(text):
        whole = restored(text, stated)
        if whole is None:
            return []
        write_whole(beside, whole.encode("utf-8", "surrogatepass"))
        what = f"restored: {len(text)} characters -> {len(whole)}"
        done.append(Mend("E1", str(beside), "", what))
        text = whole
    in_json = [*_mend_spans(content, text, path), *_mend_record(content, text, path)]
    if in_json:
        write_whole(path, _to_json(content))
    return done + in_json


def _mend_spans(content: dict[str, Any], text: str, path: Path) -> Iterator[Mend]:
    for name, span in raw_spans(content):
        while fault := find_fault(text, span["start"], span["end"], span["text"]):
            if fault.mended is None:
                break
            start, end = fault.mended
            what = f"{span['start']}..{span['end']} -> {start}..{end}"
            yield Mend(fault.code, str(path), name, f"{what} {text[start:end]!r}")
            span |= {"start": start, "end": end, "text": text[start:end]}


def _mend_record(content: dict[str, Any], text: str, path: Path) -> Iterator[Mend]:
    """The hash and length recorded of a text that is the one labelled."""
    doc = content["doc"]
    if not doc.get("sha256"):
        if not is_intact(content, text):
            return
        doc["sha256"] = hash_text(text)
        yield Mend("E1", str(path), "", f"sha256 recorded: {doc['sha256']}")
    if doc.get("characters") != len(text):
        what = f"characters: {doc.get('characters')} -> {len(text)}"
        doc["characters"] = len(text)
        yield Mend("E1", str(path), "", what)


def _to_json(content: dict[str, Any]) -> bytes:
    """JSON as gold files are written; with escapes where UTF-8 cannot hold the text."""
    try:
        return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
    except UnicodeEncodeError:
        return (json.dumps(content, indent=1) + "\n").encode()
