"""What a run would ask, without asking it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from extractor.client import Answer, Message
from extractor.pipeline import RULES, Extractor
from extractor.questions import Progress
from extractor.schema import Document, EndpointKind, Usage


def questions(docs: Iterable[Document], asker: Extractor) -> Iterator[str]:
    """The messages of every question, as text to read.

    Where a question depends on the answer to an earlier one, the rules answer it. The
    documents are read in any case, so that one that cannot be read is told.
    """
    if asker.model == RULES:
        for _ in docs:
            continue
        return
    client = _DryClient(asker.model, asker.endpoint)
    with asker.like(client, client.follow) as extractor:
        for doc in docs:
            extractor.extract(doc)
            yield from client.questions
            client.questions.clear()


class _DryClient:
    """A `ChatClient` that keeps the questions and answers none of them."""

    def __init__(self, model: str, endpoint: EndpointKind) -> None:
        self.model = model
        self.endpoint = endpoint
        self.questions: list[str] = []
        self._task = ""

    def follow(self, progress: Progress) -> None:
        """Takes the pipeline's news of the task that asks next."""
        self._task = progress.task

    def ask(
        self, messages: Sequence[Message], response_model: Any, *, max_tokens: int
    ) -> Answer:
        """Keeps the messages; every field counts as neither answered nor wrong."""
        head = f"=== {self._task}, at most {max_tokens} tokens to answer"
        parts = [f"--- {m['role']}\n{m['content']}" for m in messages]
        self.questions.append("\n".join([head, *parts]) + "\n\n")
        return Answer({}, (), Usage(), 0, 0, 0.0, None)
