"""Tasks of the user's own: one model and one prompt, grounded like ours."""

from extractor.tasks.own.anchors import Anchor
from extractor.tasks.own.definition import Per, Task
from extractor.tasks.own.finding import find_items
from extractor.tasks.own.folder import (
    Wanted,
    choose_tasks,
    is_folder_name,
    read_task,
)

__all__ = [
    "Anchor",
    "Per",
    "Task",
    "Wanted",
    "choose_tasks",
    "find_items",
    "is_folder_name",
    "read_task",
]
