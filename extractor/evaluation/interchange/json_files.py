"""What the JSON formats of annotation tools have in common."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from extractor.errors import GoldError
from extractor.evaluation.gold import hash_text, read_text
from extractor.evaluation.interchange.regions import About

Fields = dict[str, Any]
"""A JSON object."""

_ID_LENGTH = 16
"""Hex digits of the hash that names an article nobody named."""


def read_lines(path: Path) -> Iterator[tuple[str, Fields]]:
    """The objects of a file of JSON lines, each with what to call it in a message.

    Raises:
        GoldError: a line is no JSON object.
    """
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if line.strip():
            where = f"{path} line {number}"
            yield where, _object(line, where)


def read_objects(path: Path) -> Iterator[tuple[str, Fields]]:
    """The objects of a JSON file, a list of them or one alone, named as above.

    Raises:
        GoldError: the file is no JSON, or holds something else.
    """
    content = _parsed(read_text(path), str(path))
    many = content if isinstance(content, list) else [content]
    for number, fields in enumerate(many, start=1):
        where = f"{path} item {number}"
        if not isinstance(fields, dict):
            raise GoldError(f"{where} is no JSON object; mend or remove it.")
        yield where, fields


def write_json(content: object, path: Path, indent: int | None) -> None:
    """Writes a JSON file, its folder made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, ensure_ascii=False, indent=indent)
    path.write_bytes(f"{text}\n".encode("utf-8", "surrogatepass"))


def about_of(content: object, where: str) -> About:
    """What an exported article says of itself, if it does.

    Raises:
        GoldError: it is not what we write.
    """
    try:
        return About.model_validate(content or {})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        fault = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise GoldError(
            f"{where}: its field gold is not as exported ({fault}); restore it, or "
            "remove it."
        ) from None


def article_id(about: About, given: object, text: str) -> str:
    """The id of an article: as exported, as the tool has it, else by its text."""
    if about.doc:
        return about.doc.id
    return str(given) if given else hash_text(text)[:_ID_LENGTH]


def _object(text: str, where: str) -> Fields:
    content = _parsed(text, where)
    if not isinstance(content, dict):
        raise GoldError(f"{where} is no JSON object; mend or remove it.")
    return content


def _parsed(text: str, where: str) -> object:
    try:
        return json.loads(text)
    except ValueError as error:
        raise GoldError(f"{where} is not JSON ({error}); mend it.") from None
