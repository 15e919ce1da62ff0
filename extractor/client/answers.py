"""What a question and its answer look like to those who ask."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from pydantic import BaseModel

from extractor.client.weighing import Weights
from extractor.schema import EndpointKind, Usage

Message = Mapping[str, str]
"""`{"role": ..., "content": ...}`."""


@dataclass(frozen=True)
class Answer:
    """What a model answered.

    Attributes:
        values: valid fields by name; sub-models stay models.
        dropped: names of the fields that the reply got wrong or left out. A list of
            which only some items are good is in `values` and here.
        usage: tokens of all calls.
        retries: calls beyond the first.
        calls: HTTP requests for this question.
        seconds: wall time, pauses included.
        server_seconds: prompt and generation time where the engine reports them.
        weights: of the fields that are choices, how probable the model held each of
            them, where the endpoint tells that.
    """

    values: Mapping[str, Any]
    dropped: tuple[str, ...]
    usage: Usage
    retries: int
    calls: int
    seconds: float
    server_seconds: float | None
    weights: Mapping[str, Weights] = field(default_factory=dict)


class ChatClient(Protocol):
    """Whoever answers questions: an endpoint, the embedded engine, a recorded run."""

    model: str
    endpoint: EndpointKind

    def ask(
        self,
        messages: Sequence[Message],
        response_model: type[BaseModel],
        *,
        max_tokens: int,
    ) -> Answer:
        """Ask one question whose answer is an instance of `response_model`."""
        ...


@runtime_checkable
class Interruptible(ChatClient, Protocol):
    """A `ChatClient` that can be told to wait no more."""

    def interrupt(self) -> None:
        """End all waiting for a next call, of now and later, with `RunStopped`."""
        ...
