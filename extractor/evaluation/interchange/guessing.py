"""Which format a file of labels has."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal, get_args

from extractor.errors import GoldError
from extractor.evaluation.gold import SCHEMA
from extractor.evaluation.interchange.collection import list_files
from extractor.evaluation.interchange.corpora import is_corpus

Target = Literal["brat", "prodigy", "labelstudio"]
"""What gold is exported to."""
Format = Literal["brat", "prodigy", "labelstudio", "corpus"]
"""What gold is imported from."""
TARGETS: Final[tuple[Target, ...]] = get_args(Target)
FORMATS: Final[tuple[Format, ...]] = get_args(Format)

_SUFFIXES: Final[Mapping[Format, str]] = {
    "brat": ".ann",
    "prodigy": ".jsonl",
    "labelstudio": ".json",
    "corpus": ".json",
}


def find_files(source: Path, format_: Format | None) -> tuple[Format, list[Path]]:
    """The files of a source, and their format where it is not given.

    Args:
        source: a folder, whose sub-folders are left alone, or a file; of brat's two,
            either.
        format_: the format of all files, if known.

    Raises:
        GoldError: there is none, or the format cannot be told.
    """
    if not source.exists():
        raise GoldError(f"{source} does not exist; check the name.")
    format_ = format_ or _guess(source)
    if format_ == "brat" and source.suffix == ".txt":
        source = source.with_suffix(".ann")
    files = list_files(source, _SUFFIXES[format_]) if source.is_dir() else [source]
    if not files:
        raise GoldError(
            f"{source} holds no *{_SUFFIXES[format_]}; name another folder, or another "
            "format with --from."
        )
    return format_, files


def _guess(source: Path) -> Format:
    files = [source]
    if source.is_dir():
        suffixes = dict.fromkeys(_SUFFIXES.values())
        files = [file for suffix in suffixes for file in list_files(source, suffix)]
    for file in files[:1]:
        if file.suffix in (".ann", ".txt"):
            return "brat"
        if file.suffix == ".jsonl":
            return "prodigy"
        if file.suffix == ".json":
            return _guess_json(file)
    raise GoldError(
        f"{source}: no file of a known format; name the format with --from "
        f"({', '.join(FORMATS)})."
    )


def _guess_json(file: Path) -> Format:
    try:
        content = json.loads(file.read_bytes())
    except ValueError as error:
        raise GoldError(f"{file} is not JSON ({error}); mend it.") from None
    if is_corpus(content):
        return "corpus"
    first = content[0] if isinstance(content, list) and content else content
    if isinstance(first, dict) and "data" in first:
        return "labelstudio"
    if isinstance(first, dict) and first.get("schema") == SCHEMA:
        raise GoldError(f"{file} is a gold article already; leave it out.")
    raise GoldError(
        f"{file} has none of the known layouts; name its format with --from "
        f"({', '.join(FORMATS)})."
    )
