"""Defaults of `extractor extract` and `eval` from a file of the working folder."""

import tomllib
from pathlib import Path
from typing import Any

from extractor.errors import UsageError

KEYS = {
    "model": str,
    "tasks": list,
    "format": str,
    "language": str,
    "base-url": str,
    "jobs": int,
}
"""What the file may set, and the type of each."""


def load_defaults(folder: Path | None = None) -> dict[str, Any]:
    """Settings of `extractor.toml`, else of `[tool.extractor]` in `pyproject.toml`.

    Args:
        folder: where to look; default: the working folder.

    Returns:
        Values by the parameter names of the command.

    Raises:
        UsageError: the file is not TOML, or has an unknown key or a wrong value.
    """
    folder = folder or Path.cwd()
    own = _load(folder / "extractor.toml")
    if own is not None:
        return _checked(own, "extractor.toml")
    project = _load(folder / "pyproject.toml") or {}
    settings = project.get("tool", {}).get("extractor", {})
    return _checked(settings, "[tool.extractor] of pyproject.toml")


def _load(path: Path) -> dict[str, Any] | None:
    try:
        return tomllib.loads(path.read_bytes().decode())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageError(f"{path.name} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise UsageError(f"{path.name} is not valid TOML: {error}.") from error


def _checked(settings: dict[str, Any], where: str) -> dict[str, Any]:
    for key, value in settings.items():
        if key not in KEYS:
            raise UsageError(
                f"{where} has an unknown key {key!r}: it may set {', '.join(KEYS)}."
            )
        if type(value) is not KEYS[key]:
            raise UsageError(
                f"{where} sets {key!r} to {value!r}: it needs {_KINDS[KEYS[key]]}."
            )
    folders = [task for task in settings.get("tasks", ()) if "/" in str(task)]
    if folders:  # it may have come with the folder that a user looks into
        raise UsageError(
            f"{where} names {folders[0]!r} as a task, whose code would be run: name it "
            "on the command line, with -t."
        )
    return {key.replace("-", "_"): value for key, value in settings.items()}


_KINDS = {str: "a string", list: "a list of strings", int: "a whole number"}
