"""The manifest of a frozen gold folder: which files it has, byte for byte.

A score is comparable only with scores on the same labels. `manifest.json` lists every
text and label file with its sha256; the root hash stands for all of them. It is the
sha256 of the listing that `sha256sum` prints for the files in the order of their names.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, ValidationError

from extractor.errors import GoldError
from extractor.evaluation.gold import GoldArticle, hash_text
from extractor.schema import Frozen
from extractor.writing import replacing

SCORER_VERSION: Final = 1
"""Changes whenever the same predictions would score otherwise."""

MANIFEST: Final = "manifest.json"
GUIDELINES: Final = "GUIDELINES.md"

_FROZEN = (".json", ".txt")
_ABOVE = 2
"""Folders above the gold folder in which its guidelines may lie."""
_HEAD = 5
"""Lines of the guidelines that may state their version."""
_VERSION = re.compile(
    r"\b(?:v|version|guidelines?)[\s:]*(\d+(?:\.\d+)*)", re.IGNORECASE
)


class Manifest(Frozen):
    """What a gold folder was when it was frozen."""

    schema_: Annotated[Literal["extractor-manifest/1"], Field(alias="schema")] = (
        "extractor-manifest/1"
    )
    root: str
    """Sha256 over `files`, which stands for the folder."""
    guideline: str | None = None
    """Version of the guidelines that lie with the folder."""
    scorer: int = SCORER_VERSION
    """`SCORER_VERSION` at the freeze."""
    test_uses: int = 0
    """How often the test split was scored; it is spent a little each time."""
    files: dict[str, str] = Field(default_factory=dict)
    """Sha256 of each file by its path from the folder, with `/`."""

    model_config = Frozen.model_config | {
        "validate_by_name": True,
        "serialize_by_alias": True,
    }


@dataclass(frozen=True, slots=True)
class Edit:
    """A file that is not as it was frozen."""

    path: str
    """From the folder, with `/`; `manifest.json` where it contradicts itself."""
    what: Literal["changed", "added", "removed"]


def write_manifest(folder: Path) -> Manifest:
    """Freezes a gold folder as it is now, and writes its manifest.

    The count of uses of the test split goes on from the manifest before.

    Raises:
        GoldError: the folder has no gold, or the manifest before cannot be read.
    """
    files = _hash_files(folder)
    if not files:
        raise GoldError(f"{folder} holds no texts and labels; name a gold folder.")
    before = read_manifest(folder)
    manifest = Manifest(
        root=_root(files),
        guideline=guideline_version(folder),
        test_uses=before.test_uses if before else 0,
        files=files,
    )
    _write(folder, manifest)
    return manifest


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a gold folder; None if it was never frozen.

    Raises:
        GoldError: the manifest is not one.
    """
    path = folder / MANIFEST
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError):
        raise GoldError(
            f"{path} is not a manifest; restore it, or delete it and run "
            "`extractor gold freeze`."
        ) from None


def check_manifest(folder: Path, manifest: Manifest) -> list[Edit]:
    """What was edited since a folder was frozen, by path; empty if nothing."""
    edits = compare_files(manifest.files, _hash_files(folder))
    if _root(manifest.files) != manifest.root:
        edits.append(Edit(MANIFEST, "changed"))
    return edits


def compare_files(before: Mapping[str, str], after: Mapping[str, str]) -> list[Edit]:
    """What differs between two listings of files with their hashes, by path."""
    edits: list[Edit] = []
    for path in sorted({*before, *after}):
        if path not in after:
            edits.append(Edit(path, "removed"))
        elif path not in before:
            edits.append(Edit(path, "added"))
        elif before[path] != after[path]:
            edits.append(Edit(path, "changed"))
    return edits


def count_test_use(folder: Path) -> int:
    """Notes in the manifest that the test split is scored once more.

    Returns:
        How often it has been, this time included.

    Raises:
        GoldError: the folder was never frozen, or its manifest is not one.
    """
    manifest = read_manifest(folder)
    if manifest is None:
        raise GoldError(
            f"{folder} is not frozen; run `extractor gold freeze {folder}` before the "
            "test split is scored."
        )
    uses = manifest.test_uses + 1
    _write(folder, manifest.model_copy(update={"test_uses": uses}))
    return uses


def gold_hash(articles: Iterable[GoldArticle]) -> str:
    """A hash of labels and texts, whatever the order of the articles.

    Who labelled, where the article comes from and when do not enter it: they change no
    score. For folders that have no manifest.

    Returns:
        Sha256 hex digest over the id, the text's sha256 and the labels of each article.
    """
    lines = sorted(
        json.dumps(
            [
                article.doc.id,
                hash_text(article.text),
                article.model_dump(mode="json", exclude={"doc", "annotation"}),
            ],
            sort_keys=True,
        )
        for article in articles
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def guideline_version(folder: Path) -> str | None:
    """The version that the guidelines of a gold folder state in their first lines.

    Args:
        folder: the gold folder; `GUIDELINES.md` lies in it or up to two folders above.

    Returns:
        The version (`1.2`), None where there are no guidelines or they state none.
    """
    here = folder.resolve()
    for place in (here, *here.parents[:_ABOVE]):
        try:
            text = (place / GUIDELINES).read_text("utf-8")
        except OSError:
            continue
        found = _VERSION.search("\n".join(text.splitlines()[:_HEAD]))
        return found[1] if found else None
    return None


def write_whole(path: Path, data: bytes) -> None:
    """Writes a file so that it has the old content or the new, never a part."""
    with replacing(path) as file:
        file.write(data)


def _hash_files(folder: Path) -> dict[str, str]:
    """Sha256 of each text and label file below a folder, by path."""
    found = {}
    for path in folder.rglob("*"):
        inner = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in inner.parts)
        if hidden or path.suffix not in _FROZEN or path.name == MANIFEST:
            continue
        if path.is_file():
            found[inner.as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    return dict(sorted(found.items()))


def _root(files: Mapping[str, str]) -> str:
    listing = "".join(f"{sha256}  {path}\n" for path, sha256 in sorted(files.items()))
    return hashlib.sha256(listing.encode()).hexdigest()


def _write(folder: Path, manifest: Manifest) -> None:
    text = json.dumps(manifest.model_dump(mode="json"), indent=1) + "\n"
    write_whole(folder / MANIFEST, text.encode())
