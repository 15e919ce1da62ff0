"""How an endpoint wants to be asked: found out from what it refuses, then kept."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from extractor.client.faults import Topic

Form = Literal["strict", "schema", "object", "text"]
"""The schema enforced, sent as a hint, or in the prompt, with JSON mode or without."""

_WEAKER: Mapping[Form, Form] = {
    "strict": "schema",
    "schema": "object",
    "object": "text",
    "text": "text",
}
THINKING_TOKENS = 8_192
"""Models that want `max_completion_tokens` count what they think towards it."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How an endpoint wants to be asked, found out from what it refuses."""

    form: Form = "strict"
    token_limit: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    temperature: bool = True

    def without(self, topic: Topic | None) -> "Dialect":
        """The dialect after an endpoint has refused a part of a request."""
        if topic == "token_limit":
            return replace(self, token_limit="max_completion_tokens")
        if topic == "temperature":
            return replace(self, temperature=False)
        return replace(self, form=_WEAKER[self.form]) if topic else self

    def options(self, max_tokens: int, temperature: float) -> dict[str, Any]:
        """The settings of a call."""
        if self.token_limit == "max_completion_tokens":
            max_tokens += THINKING_TOKENS
        settings: dict[str, Any] = {self.token_limit: max_tokens}
        return settings | ({"temperature": temperature} if self.temperature else {})
