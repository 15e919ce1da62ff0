"""What a run would ask and cost, found out without asking."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from extractor.client import Answer, Message
from extractor.costs.prices import Price
from extractor.errors import InputError
from extractor.pipeline import RULES, Extractor
from extractor.schema import Document, EndpointKind, Usage

BYTES_PER_TOKEN = 4.0
"""Of English prose in UTF-8, for the tokenizers in use; a rule of thumb."""
FEWEST_BYTES_PER_TOKEN = 3.0
"""The same, for a bound: dense text, numbers, other languages."""

MOST_ASKED, MOST_WRITTEN = 4, 11
"""Times that a question is asked at most, and times its limit of tokens that all of the
replies may have together: 1 + 2 + 4 + 4."""
MESSAGE_BYTES = 16
"""The marks that a chat template puts about a message, some four tokens."""


@dataclass(frozen=True)
class Estimate:
    """Questions of a run, each asked once.

    Attributes:
        questions: how many.
        prompt_bytes: of all messages and response schemas, UTF-8.
        completion_tokens: the most that the replies may take.
    """

    questions: int = 0
    prompt_bytes: int = 0
    completion_tokens: int = 0

    def __add__(self, other: "Estimate") -> "Estimate":
        return Estimate(
            self.questions + other.questions,
            self.prompt_bytes + other.prompt_bytes,
            self.completion_tokens + other.completion_tokens,
        )

    @property
    def prompt_tokens(self) -> int:
        """About how many tokens are sent."""
        return round(self.prompt_bytes / BYTES_PER_TOKEN)

    def cost(self, price: Price) -> float:
        """If every question is asked once, nothing is cached and replies are long."""
        return price.of(self.likely)

    def worst_cost(self, price: Price) -> float:
        """If every reply is cut off, and the question asked again; see `worst`."""
        return price.of(self.worst)

    @property
    def likely(self) -> Usage:
        """Tokens if every question is asked once and replies are long."""
        return self._usage(BYTES_PER_TOKEN, 1, 1)

    @property
    def worst(self) -> Usage:
        """Tokens if every question is asked as often as the client does.

        That is twice more with twice the room each time, where replies are cut off, and
        once more for one that does not fit; then in halves for parts that are missing.
        """
        return self._usage(FEWEST_BYTES_PER_TOKEN, MOST_ASKED, MOST_WRITTEN)

    def _usage(self, per_token: float, asked: int, written: int) -> Usage:
        return Usage(
            prompt_tokens=round(self.prompt_bytes / per_token) * asked,
            completion_tokens=self.completion_tokens * written,
        )


def estimate(documents: Iterable[Document], asker: Extractor) -> Estimate:
    """What asking about these articles amounts to.

    Where a question depends on the answer to an earlier one, the rules answer it.

    Args:
        documents: the articles.
        asker: would ask; it asks nothing.
    """
    if asker.model == RULES:
        return Estimate()
    counter = _Counter(asker.model, asker.endpoint)
    with asker.like(counter) as counting:
        for document in documents:
            try:
                counting.extract(document)
            except InputError:
                continue  # the run will record it; it asks nothing
    return counter.counted


def size_of(messages: Sequence[Message], schema: str) -> int:
    """Bytes of a question in UTF-8: its messages and the schema of the answer."""
    texts = [schema, *(message["content"] for message in messages)]
    size = sum(len(text.encode("utf-8", "surrogatepass")) for text in texts)
    return size + MESSAGE_BYTES * len(messages)


class _Counter:
    """A `ChatClient` that counts the questions and answers none of them."""

    def __init__(self, model: str, endpoint: EndpointKind) -> None:
        self.model = model
        self.endpoint = endpoint
        self.counted = Estimate()

    def ask(
        self, messages: Sequence[Message], response_model: Any, *, max_tokens: int
    ) -> Answer:
        """Counts one question; every field counts as neither answered nor wrong."""
        schema = json.dumps(response_model.model_json_schema())
        self.counted += Estimate(1, size_of(messages, schema), max_tokens)
        return Answer({}, (), Usage(), 0, 0, 0.0, None)
