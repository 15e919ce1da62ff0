"""Options that several commands share."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from extractor.cli.completion import complete_models

TASKS = ("quotes", "speakers", "claims", "events")

_Command = TypeVar("_Command", bound=Callable[..., Any])


def model_option(command: _Command) -> _Command:
    """Gives a command the option `-m`."""
    return click.option(
        "-m",
        "--model",
        metavar="NAME",
        default="local",
        show_default=True,
        envvar="EXTRACTOR_MODEL",
        shell_complete=complete_models,
        help="local (on this machine), rules (no model, fast), the path of a GGUF "
        "file, or any model of an OpenAI-compatible endpoint.",
    )(command)


def tasks_option(default: str) -> Callable[[_Command], _Command]:
    """Gives a command the option `-t`.

    Args:
        default: what is done without it, in words.
    """
    return click.option(
        "-t",
        "--task",
        "tasks",
        multiple=True,
        type=_TaskChoice(TASKS),
        metavar="TASK",
        envvar="EXTRACTOR_TASKS",
        help="quotes, speakers, claims, events, or the folder of a task of your own "
        "(./injuries), whose model.py is run; may be repeated.  "
        f"[default: {default}]",
    )


class _TaskChoice(click.Choice[str]):
    """The name of a task of ours, or the folder of one of the user's own."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """The same, if it is either. A folder has a `/` in its name."""
        if "/" not in value and os.sep not in value:
            if value not in self.choices and Path(value, "model.py").is_file():
                self.fail(f"a folder is named by its path, ./{value}.", param, ctx)
            return super().convert(value, param, ctx)
        if not (Path(value).expanduser() / "model.py").is_file():
            self.fail(f"{value!r} is no folder with a model.py.", param, ctx)
        return str(value)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The names of ours; folders where a path was begun."""
        if incomplete.startswith((".", "/", "~")):
            return [CompletionItem(incomplete, type="dir")]
        return super().shell_complete(ctx, param, incomplete)


def event_types_option(command: _Command) -> _Command:
    """Gives a command the option `--event-types`."""
    return click.option(
        "--event-types",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        envvar="EXTRACTOR_EVENT_TYPES",
        help="TOML file of other types of events, each with the words that can name "
        "one.",
    )(command)


def base_url_option(command: _Command) -> _Command:
    """Gives a command the option `--base-url`."""
    return click.option(
        "--base-url",
        metavar="URL",
        envvar="EXTRACTOR_BASE_URL",
        help="Address of the endpoint.  [default: OPENAI_BASE_URL, else OpenAI]",
    )(command)


def jobs_option(command: _Command) -> _Command:
    """Gives a command the option `-j`."""
    return click.option(
        "-j",
        "--jobs",
        type=click.IntRange(1, 64),
        metavar="N",
        default=1,
        show_default=True,
        envvar="EXTRACTOR_JOBS",
        help="Articles to work on at the same time.",
    )(command)


def quiet_option(command: _Command) -> _Command:
    """Gives a command the option `-q`."""
    return click.option(
        "-q", "--quiet", is_flag=True, help="No progress, no notes; errors only."
    )(command)
