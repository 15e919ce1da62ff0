"""A task of the user's own from a folder, and which tasks are wanted.

A folder has `model.py`, which is run, and `prompt.jinja`. So name only folders whose
code you would run yourself.
"""

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any, Final, get_args

from pydantic import BaseModel

from extractor.errors import ExtractorError, UsageError
from extractor.schema import OurTask, TaskName
from extractor.segmentation.eventtypes import EventTypes, read_event_types
from extractor.tasks.own.definition import CODE, Task

PROMPT: Final = "prompt.jinja"
_OURS: Final[tuple[OurTask, ...]] = get_args(OurTask)


@dataclass(frozen=True)
class Wanted:
    """What to look for, checked and in order.

    Attributes:
        names: of all tasks, ours first.
        own: the user's own.
        event_types: the user's own, if any.
    """

    names: tuple[TaskName, ...]
    own: tuple[Task, ...]
    event_types: EventTypes | None = None

    @property
    def tasks(self) -> tuple[TaskName | Task, ...]:
        """What another `Extractor` is told to look for the same."""
        return (*(name for name in self.names if name in _OURS), *self.own)

    def as_json(self) -> dict[str, Any]:
        """The arguments of an `Extractor` in another process on this machine.

        Raises:
            UsageError: something was defined in this one.
        """
        types = self.event_types
        unfiled = [task.name for task in self.own if task.folder is None]
        if types and types.path is None:
            unfiled.append("event types")
        if unfiled:
            raise UsageError(
                f"Several processes can share what lies in a file, and {unfiled[0]} "
                "was defined in this one: name its folder or file."
            )
        folders = [f"{task.folder}{os.sep}" for task in self.own]
        names = [name for name in self.names if name in _OURS]
        path = str(types.path) if types else None
        return {"tasks": [*names, *folders], "event_types": path}


def choose_tasks(
    tasks: Iterable[TaskName | Path | Task],
    event_types: EventTypes | Path | str | None = None,
) -> Wanted:
    """The tasks of these names and folders.

    Args:
        tasks: names of ours, tasks of one's own, or their folders. A folder is a
            `Path` or a string with a `/` in it, so that a misspelt name runs no code.
        event_types: other than ours, or the TOML file of them.

    Raises:
        UsageError: an unknown name, a folder that holds no task, two tasks with one
            name, or a file that lists no event types.
        PromptError: a task without a prompt.
    """
    names: set[str] = set()
    own: list[Task] = []
    for task in tasks:
        if isinstance(task, Task):
            own.append(task)
        elif isinstance(task, Path) or is_folder_name(task):
            own.append(read_task(Path(task).expanduser()))
        elif task in _OURS:
            names.add(task)
        else:
            raise UsageError(
                f"There is no task {task!r}; choose from {', '.join(_OURS)}, or name "
                "the folder of one of your own (./injuries)."
            )
    for task in own:
        if task.name in names:
            raise UsageError(f"Two tasks are called {task.name!r}: rename one.")
        task.check()
        names.add(task.name)
    ours = [name for name in _OURS if name in names]
    if isinstance(event_types, (str, Path)):
        event_types = read_event_types(Path(event_types).expanduser())
    return Wanted((*ours, *(task.name for task in own)), tuple(own), event_types)


def is_folder_name(name: str) -> bool:
    """Whether a string means a folder and not one of our tasks."""
    return "/" in name or os.sep in name


def read_task(folder: Path) -> Task:
    """The task in a folder: its `model.py` is run, its `prompt.jinja` read.

    `model.py` defines a Pydantic model (of several the last) or, for more than a
    folder's name and that says, a `Task`.

    Raises:
        UsageError: there is no such file, it does not run, or it defines neither.
        PromptError: there is no prompt, or it does not render.
    """
    file = folder / CODE
    defined = [*vars(_run(file)).values()]
    tasks = [value for value in defined if isinstance(value, Task)]
    models = [value for value in defined if _is_model_of(value, file)]
    prompt = folder / PROMPT if (folder / PROMPT).is_file() else None
    if len(tasks) == 1:
        return replace(tasks[0], prompt=tasks[0].prompt or prompt, folder=folder)
    if tasks or not models:
        raise UsageError(
            f"{file} has to define one Pydantic model, or one extractor.Task."
        )
    name = folder.resolve().name.lower().replace("-", "_").replace(" ", "_")
    return Task(name, models[-1], prompt=prompt, folder=folder)


def _run(file: Path) -> ModuleType:
    """The module of a file, which leaves no compiled one behind."""
    module = ModuleType(_module_name(file))
    module.__file__ = str(file)
    sys.modules[module.__name__] = module  # where pydantic looks for what types name
    try:
        source = file.read_bytes()
    except OSError as error:
        raise UsageError(
            f"{file.parent} is not the folder of a task: {CODE} cannot be read "
            f"({error.strerror})."
        ) from None
    try:
        exec(compile(source, file, "exec"), vars(module))
    except ExtractorError:
        raise
    except Exception as error:  # the code is the user's
        reason = f"{type(error).__name__}: {error}"
        raise UsageError(f"{file} does not run: {reason}.") from error
    return module


def _module_name(file: Path) -> str:
    return f"extractor_task_{sha256(str(file.resolve()).encode()).hexdigest()[:16]}"


def _is_model_of(value: object, file: Path) -> bool:
    """Whether a value is a model that the file itself defines."""
    return (
        isinstance(value, type)
        and issubclass(value, BaseModel)
        and value.__module__ == _module_name(file)
    )
