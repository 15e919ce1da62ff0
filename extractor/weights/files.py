"""Where weights lie, and whether a file is what it should be."""

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from platformdirs import user_cache_path

from extractor.weights.catalogue import Model


def folder() -> Path:
    """Where weights are kept: `EXTRACTOR_MODELS`, else the user's cache folder."""
    chosen = os.environ.get("EXTRACTOR_MODELS")
    if chosen:
        return Path(chosen).expanduser()
    return user_cache_path("newsextract") / "models"


def is_verified(path: Path, model: Model) -> bool:
    """Whether the file is the model's; hashes it unless that was done before."""
    if size_of(path) != model.bytes:
        return False
    with suppress(OSError):
        if _marker(path).read_text() == _mark(path, model):
            return True
    if sha256_of(path) != model.sha256:
        return False
    remember(path, model)
    return True


def remember(path: Path, model: Model) -> None:
    """Notes beside a file that its sha256 is the model's."""
    with suppress(OSError):  # in a folder that cannot be written, it is hashed anew
        _marker(path).write_text(_mark(path, model))


def sha256_of(path: Path) -> str:
    """Hex digest of a file; empty if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def size_of(path: Path) -> int:
    """Bytes of a file; 0 if it cannot be read."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _marker(path: Path) -> Path:
    return path.with_name(f"{path.name}.ok")


def _mark(path: Path, model: Model) -> str:
    status = path.stat()
    return f"{model.sha256} {status.st_size} {status.st_mtime_ns}\n"
