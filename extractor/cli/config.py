"""Defaults of the commands from a file, `extractor.toml` or `pyproject.toml`.

A key at the top of the file holds for every command that has the option, one in the
table of a command, such as `[batch]`, for that alone, where it outranks the other.
"""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from extractor.errors import UsageError

SHARED = ("model", "tasks", "event-types", "language", "base-url", "jobs")
"""What the top of the file may set."""

TABLES = {
    "extract": ("format",),
    "batch": (
        "format",
        "timeout",
        "prices",
        "max-cost",
        "max-tokens",
        "store",
        "accounts",
        "batch-api",
        "engine",
        "workers",
    ),
    "eval": ("split", "repeats", "prices", "max-cost", "cache"),
    "compare": ("metric", "margin", "must-pass"),
    "convert": ("to", "table"),
}
"""What the table of a command may set beside that."""

OWN, PROJECT = "extractor.toml", "pyproject.toml"

_Command = TypeVar("_Command", bound=Callable[..., Any])


def configurable(command: _Command) -> _Command:
    """Gives a command the option `--config`, and defaults from the file."""
    return click.option(
        "--config",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        envvar="EXTRACTOR_CONFIG",
        is_eager=True,
        expose_value=False,
        callback=_configure,
        help=f"File of settings.  [default: {OWN}, else [tool.extractor] of {PROJECT}, "
        "in the working folder]",
    )(command)


def _configure(ctx: click.Context, param: click.Parameter, value: Path | None) -> None:
    if not ctx.resilient_parsing:
        ctx.default_map = load_defaults(ctx.command, value)


def load_defaults(command: click.Command, path: Path | None = None) -> dict[str, Any]:
    """What a file of settings has for a command.

    Args:
        command: one of those in `TABLES`.
        path: the file; default: that of the working folder, if there is one.

    Returns:
        Values by the parameter names of the command. Paths among them are taken from
        the folder of the file.

    Raises:
        UsageError: the file is not there or no TOML, or has an unknown key or a wrong
            value.
    """
    file = _named(path) if path else _found(Path.cwd())
    if file is None:
        return {}
    _check_keys(file)
    options = {key_of(option): option for option in options_of(command)}
    return {
        str(options[key].name): _checked(file, options[key], key, value)
        for key, value in _chosen(file, str(command.name))
        if key in options
    }


def options_of(command: click.Command) -> Iterator[click.Option]:
    """The options of a command that take defaults, some of which a file may set."""
    for param in command.params:
        if isinstance(param, click.Option) and param.expose_value:
            yield param


def key_of(option: click.Option) -> str:
    """What an option is called in a file: `tasks` for `--task`, which is repeated."""
    if option.multiple:
        return str(option.name).replace("_", "-")
    return max(option.opts, key=len).removeprefix("--")


@dataclass(frozen=True)
class _File:
    """A file of settings.

    Attributes:
        where: how messages name it.
        folder: from which its paths are taken.
        is_named: whether the user named it, and it was not just lying there.
    """

    where: str
    folder: Path
    settings: dict[str, Any]
    is_named: bool


def _named(path: Path) -> _File:
    content = _load(path)
    if content is None:
        raise UsageError(f"The file of settings {path} does not exist: check --config.")
    where = str(path)
    if path.name == PROJECT:
        content, where = _section(content), f"[tool.extractor] of {path}"
    return _File(where, path.parent, content, is_named=True)


def _found(folder: Path) -> _File | None:
    content = _load(folder / OWN)
    if content is not None:
        return _File(OWN, folder, content, is_named=False)
    content = _load(folder / PROJECT)
    if content is None:
        return None
    where = f"[tool.extractor] of {PROJECT}"
    return _File(where, folder, _section(content), is_named=False)


def _section(project: dict[str, Any]) -> dict[str, Any]:
    tools = project.get("tool")
    section = tools.get("extractor", {}) if isinstance(tools, dict) else {}
    if not isinstance(section, dict):
        raise UsageError(f"{PROJECT} has a tool.extractor that is no table.")
    return section


def _load(path: Path) -> dict[str, Any] | None:
    try:
        return tomllib.loads(path.read_bytes().decode())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageError(f"{path.name} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise UsageError(f"{path.name} is not valid TOML: {error}.") from error


def _check_keys(file: _File) -> None:
    """Refuses what no command could take, whichever is run."""
    for key, value in file.settings.items():
        if key in TABLES and isinstance(value, dict):
            known = (*SHARED, *TABLES[key])
            for unknown in value.keys() - known:
                raise UsageError(
                    f"{file.where} has an unknown key {unknown!r} in [{key}]: that may "
                    f"set {', '.join(known)}."
                )
        elif key not in SHARED:
            raise UsageError(f"{file.where} {_unknown(key)}")


def _unknown(key: str) -> str:
    tables = [f"[{name}]" for name, keys in TABLES.items() if key in keys]
    if tables:
        return f"sets {key!r} for all commands: put it under {' or '.join(tables)}."
    return (
        f"has an unknown key {key!r}: it may set {', '.join(SHARED)}, and under "
        f"{', '.join(f'[{name}]' for name in TABLES)} what is theirs."
    )


def _chosen(file: _File, command: str) -> Iterator[tuple[str, Any]]:
    """Keys and values for a command, those of its table last."""
    yield from ((key, file.settings[key]) for key in SHARED if key in file.settings)
    yield from file.settings.get(command, {}).items()


def _checked(file: _File, option: click.Option, key: str, value: Any) -> Any:
    """The value as click is to take it."""
    types, kind = _kind(option)
    parts = value if isinstance(value, list) else [value]
    fits = isinstance(value, list) == option.multiple
    if not fits or not all(type(part) in types for part in parts):
        raise UsageError(f"{file.where} sets {key!r} to {value!r}: it needs {kind}.")
    placed = [_placed(file, option, part) for part in parts]
    given = placed if option.multiple else placed[0]
    try:
        option.type_cast_value(click.get_current_context(), given)
    except click.BadParameter as error:
        message = f"{file.where} sets {key!r} to {value!r}: {error.message}"
        raise UsageError(message) from error
    return given


def _kind(option: click.Option) -> tuple[tuple[type, ...], str]:
    """The types that a value may have in the file, and their name."""
    if option.multiple:
        return (str,), "a list of strings"
    if option.is_flag:
        return (bool,), "true or false"
    if isinstance(option.type, click.types.FloatParamType):
        return (float, int), "a number"
    if isinstance(option.type, click.types.IntParamType):
        return (int,), "a whole number"
    return (str,), "a string"


def _placed(file: _File, option: click.Option, value: Any) -> Any:
    """A path as seen from the working folder; other values as they are."""
    if option.name == "tasks" and "/" in value:
        if not file.is_named:  # it may have come with the folder one looks into
            raise UsageError(
                f"{file.where} names {value!r} as a task, whose code would be run: "
                "name it on the command line, with -t, or name the file with --config."
            )
    elif not isinstance(option.type, click.Path):
        return value
    return str(file.folder / Path(value).expanduser())
