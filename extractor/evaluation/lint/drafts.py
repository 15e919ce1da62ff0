"""Reading gold that may be broken: all its faults are noted, the rest is kept."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from extractor.errors import GoldError
from extractor.evaluation.gold import SCHEMA, GoldArticle, hash_text, read_text
from extractor.evaluation.interchange import is_corpus, read_corpus_article
from extractor.evaluation.lint.findings import Finding
from extractor.evaluation.lint.offsets import (
    LISTS,
    find_fault,
    item_name,
    raw_spans,
)
from extractor.evaluation.manifest import MANIFEST
from extractor.schema import Span

_PASSES = 3
"""How often what does not validate is taken out before a file is given up."""

_LINE_ENDS: Final = ("\r\n", "\n", "\r")


@dataclass(frozen=True)
class Draft:
    """An article as far as it could be read."""

    file: str
    """Path of its JSON file."""
    article: GoldArticle
    """Its labels; their offsets may be wrong."""
    text: str
    """Empty where the text file cannot be read."""
    split: str
    """The split it says it is in, else the name of its folder."""
    unread: frozenset[str] = field(default_factory=frozenset)
    """Ids of items that could not be read and may be referred to."""

    def finding(self, code: str, item: str, message: str, remedy: str) -> Finding:
        """A finding of this file."""
        return Finding(code, self.file, item, message, remedy)

    def holds(self, spans: Collection[Span]) -> bool:
        """Whether spans are what the text says at their offsets."""
        return all(self.text[s.start : s.end] == s.text for s in spans)


def draft_of(article: GoldArticle, file: str, split: str) -> Draft:
    """The draft of an article that was read already.

    Args:
        article: the article.
        file: what to call it.
        split: its split if it names none.
    """
    return Draft(file, article, article.text, article.doc.split or split)


def list_files(folder: Path) -> list[Path]:
    """The JSON files of a folder that are articles by their names, sorted.

    Raises:
        GoldError: there are none.
    """
    files = sorted(
        file
        for file in folder.glob("*.json")
        if file.name != MANIFEST and not file.name.startswith(".")
    )
    if not files:
        raise GoldError(f"{folder} holds no *.json; name a folder of gold articles.")
    return files


def read_draft(path: Path) -> tuple[list[Draft], list[Finding]]:
    """The drafts of a JSON file, and what was wrong in reading it.

    Returns:
        One draft, several of a corpus file that several people labelled, or none
        where nothing in the file makes sense.
    """
    try:
        content = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        return [], [Finding("E0", str(path), "", f"no JSON ({error})", "mend it")]
    if is_corpus(content):
        return _read_corpus(content, path)
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        message = f"its schema is not {SCHEMA!r}"
        remedy = "bring it in with `extractor gold import`, or take it out"
        return [], [Finding("E0", str(path), "", message, remedy)]
    return _read_native(content, path)


def _read_corpus(
    content: dict[str, Any], path: Path
) -> tuple[list[Draft], list[Finding]]:
    try:
        articles = read_corpus_article(content, path)
    except GoldError as error:
        reason = str(error).removeprefix(f"{path}: ")
        message, _, remedy = reason.rstrip(".").rpartition("; ")
        return [], [Finding("E0", str(path), "", message, remedy)]
    return [draft_of(a, str(path), _folder_name(path)) for a in articles], []


def _folder_name(path: Path) -> str:
    return path.resolve().parent.name


def _read_native(
    content: dict[str, Any], path: Path
) -> tuple[list[Draft], list[Finding]]:
    stated = content.get("doc")
    doc = stated if isinstance(stated, dict) else {}
    text, findings = _read_beside(content, doc, path)
    for name, span in raw_spans(content):
        fault = None
        if text is not None:
            fault = find_fault(text, span["start"], span["end"], span["text"])
        if fault:
            findings.append(
                Finding(fault.code, str(path), name, fault.message, fault.remedy)
            )
        _make_readable(span, fault.mended if fault else None, text or "")
    article, unread, invalid = _validate(content, path)
    findings[:0] = invalid
    if article is None:
        return [], findings
    split = article.doc.split or _folder_name(path)
    return [Draft(str(path), article, text or "", split, unread)], findings


def _make_readable(
    span: dict[str, Any], right: tuple[int, int] | None, text: str
) -> None:
    """Give a span offsets that validate: the right ones, or some of its length."""
    if right:
        span["start"], span["end"] = right
        span["text"] = text[right[0] : right[1]]
        return
    span["start"] = max(0, span["start"])
    span["text"] = span["text"] or "\0"
    span["end"] = span["start"] + len(span["text"])


def _read_beside(
    content: dict[str, Any], doc: dict[str, Any], path: Path
) -> tuple[str | None, list[Finding]]:
    """The text of an article, and in what it is not the one that was labelled."""
    name = doc.get("text_file", f"{path.stem}.txt")
    file = str(path)
    if not isinstance(name, str) or Path(name).name != name or "\0" in name:
        message = f"text_file {name!r} is no name of a file in this folder"
        return None, [Finding("E1", file, "", message, "keep the text beside it")]
    try:
        text = read_text(path.parent / name)
    except GoldError as error:
        message, _, remedy = str(error).rstrip(".").partition("; ")
        return None, [Finding("E1", file, "", message, remedy)]
    found = [
        Finding("E1", file, "", message, remedy)
        for message, remedy in _record_faults(content, doc, text)
    ]
    return text, found


def _record_faults(
    content: dict[str, Any], doc: dict[str, Any], text: str
) -> Iterator[tuple[str, str]]:
    stated = doc.get("sha256")
    if not stated:
        remedy = "mend the spans, then run --fix"
        yield (
            "no sha256 of the text is recorded",
            "--fix records it" if is_intact(content, text) else remedy,
        )
    elif stated != hash_text(text):
        remedy = "restore the text, or check every label against it and record its hash"
        if restored(text, stated) is not None:
            remedy = "only its line ends or its first mark differ: --fix restores it"
        yield "the text is not the one that was labelled: its sha256 differs", remedy
        return
    if doc.get("characters") != len(text):
        message = (
            f"{doc.get('characters')} characters recorded, the text has {len(text)}"
        )
        yield message, f"record {len(text)} (--fix does)"


def is_intact(content: dict[str, Any], text: str) -> bool:
    """Whether a file has labels and every span of it is what the text says."""
    spans = [span for _, span in raw_spans(content)]
    return bool(spans) and all(
        find_fault(text, span["start"], span["end"], span["text"]) is None
        for span in spans
    )


def restored(text: str, sha256: str) -> str | None:
    """The text as it was, if a tool changed only line ends or a byte order mark.

    Args:
        text: the text as it is.
        sha256: of the text as it was; it proves the restoration right.
    """
    bare = text.removeprefix("\ufeff")
    plain = bare.replace("\r\n", "\n").replace("\r", "\n")
    bodies = [plain.rstrip("\n"), plain.rstrip("\n") + "\n", plain, bare]
    for body in bodies:
        for line_end in _LINE_ENDS:
            for mark in ("", "\ufeff"):
                candidate = mark + body.replace("\n", line_end)
                if hash_text(candidate) == sha256:
                    return candidate
    return None


def _validate(
    content: dict[str, Any], path: Path
) -> tuple[GoldArticle | None, frozenset[str], list[Finding]]:
    """The article without what is invalid, the ids left out, what was wrong."""
    findings: list[Finding] = []
    unread: set[str] = set()
    content.pop("text", None)  # the text beside it counts
    doc = content.get("doc")
    if isinstance(doc, dict):
        content["doc"] = {"sha256": "", "characters": 0, **doc}
    for attempt in range(_PASSES):
        try:
            article = GoldArticle.model_validate(content, strict=True)
        except ValidationError as error:
            places = []
            for each in error.errors(include_url=False, include_input=False):
                place = each["loc"]
                places.append(place)
                if attempt == 0:
                    findings.append(_invalid(content, path, place, each["msg"]))
            unread |= _prune(content, places)
            _complete(content, path)
        else:
            return article, frozenset(unread), findings
    return None, frozenset(unread), findings


def _invalid(
    content: dict[str, Any], path: Path, place: Sequence[int | str], message: str
) -> Finding:
    in_list = len(place) > 1 and place[0] in LISTS and isinstance(place[1], int)
    item, rest = "", place
    if in_list:
        item, rest = item_name(content, str(place[0]), int(place[1])), place[2:]
    where = ".".join(map(str, rest))
    message = message.removeprefix("Value error, ")
    if where:
        message = f"{where}: {message}"
    return Finding("E0", str(path), item, message, "mend it as the gold format has it")


def _prune(content: dict[str, Any], places: list[tuple[int | str, ...]]) -> set[str]:
    """Take out what does not validate; return the ids of the items gone."""
    gone: set[str] = set()
    doomed = {place[:2] for place in places}
    for place in sorted(doomed, key=lambda p: [str(p[0]), *p[1:2]], reverse=True):
        parent = content.get(str(place[0]))
        if len(place) == 1:
            content.pop(str(place[0]), None)
        elif isinstance(parent, list):
            at = int(place[1])
            if place[0] in LISTS:
                gone.add(item_name(content, str(place[0]), at))
            del parent[at]
        elif isinstance(parent, dict):
            parent.pop(str(place[1]), None)
    return gone


def _complete(content: dict[str, Any], path: Path) -> None:
    """Give `doc` what it cannot be without, so that the labels can be checked."""
    known = {"id": path.stem, "text_file": f"{path.stem}.txt"}
    unknown = {"sha256": "", "characters": 0}
    content["doc"] = {**known, **unknown, **content.get("doc", {})}
