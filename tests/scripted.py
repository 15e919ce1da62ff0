"""A chat client whose answers a function gives, faults included."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from extractor.client import Answer
from extractor.schema import EndpointKind, Usage

Reply = Callable[[list[str], str], Mapping[str, Any]]
"""From the names asked about and the article's message to the values by name."""


class Scripted:
    """A `ChatClient`; values that do not fit the response model are dropped."""

    model = "scripted"

    def __init__(self, reply: Reply, endpoint: EndpointKind = "endpoint") -> None:
        self.reply = reply
        self.endpoint: EndpointKind = endpoint
        self.asked: list[list[str]] = []
        self.questions: list[str] = []

    def ask(
        self,
        messages: Sequence[Mapping[str, str]],
        response_model: type[BaseModel],
        *,
        max_tokens: int,
    ) -> Answer:
        """Answer from the script."""
        names = list(response_model.model_fields)
        self.asked.append(names)
        self.questions.append(messages[-1]["content"])
        given = self.reply(names, messages[-3]["content"])
        values: dict[str, Any] = {}
        for name, field in response_model.model_fields.items():
            try:
                annotation: Any = field.annotation
                adapter: TypeAdapter[Any] = TypeAdapter(annotation)
                values[name] = adapter.validate_python(given[name])
            except (KeyError, ValidationError):
                continue
        dropped = tuple(name for name in names if name not in values)
        usage = Usage(prompt_tokens=10, completion_tokens=len(values))
        return Answer(values, dropped, usage, 0, 1, 0.0, None)
