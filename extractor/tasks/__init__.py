"""The four tasks: what to ask the model about an article, and what its answers mean.

Each module takes what is known so far, asks through an `Ask` callable and returns
records of the data contract. With a model that answers nothing the rules decide alone.
"""

from collections.abc import Callable, Sequence
from typing import Any

from extractor.questions import Item
from extractor.schema import TaskName

Ask = Callable[[TaskName, Sequence[Item]], dict[str, Any]]
"""Asks the model; answers by item id, missing where there is no usable one."""
