"""Asking a model about items of an article, a few at a time.

A task turns what it wants to know into `Item`s; each becomes one field of the reply, so
that nothing can be left out unnoticed and a bad answer costs its own item alone. How
many items go into one question is the endpoint's property: a small model judges one
thing next to its text, a large one answers a whole article at once.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, create_model

from extractor.client import ChatClient
from extractor.errors import ContextExceeded, ExtractorError, ModelError, ReplyError
from extractor.prompting import PROMPTS, prompt_ref, render
from extractor.schema import EndpointKind, Failure, PromptRef, TaskName, TaskStats
from extractor.segmentation.model import Segmentation
from extractor.segmentation.scripts import estimate_tokens
from extractor.segmentation.windows import Window, windows_of

ITEMS_PER_QUESTION: Mapping[EndpointKind, int] = {"embedded": 1, "endpoint": 20}
EMBEDDED_ITEMS: Mapping[TaskName, float] = {"claims": 2.2, "events": 2.0}
"""Items per 1,000 characters of article that the embedded model is asked at most: about
two seconds each on two cores. The rules answer the others."""
LEAST_ITEMS = 6

OVERHEAD_TOKENS = 12
"""Braces and white space of a reply."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to ask.

    Attributes:
        id: field name in the reply (`Q3`).
        answer: type of the field.
        values: what the task's template shows of it.
        at: offset in the article, code points; chooses the window of a long article.
        tokens: the most an answer may take.
        priority: what is asked first where not everything can be.
    """

    id: str
    answer: Any
    values: Mapping[str, Any]
    at: int
    tokens: int = 40
    priority: float = 1.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a task is, in items."""

    task: TaskName
    done: int
    total: int


@dataclass
class Questioner:
    """Asks one model about one article and keeps account.

    `client` None asks nothing: every task then falls back on its rules.
    """

    client: ChatClient | None
    segmentation: Segmentation
    published: str | None
    on_progress: Callable[[Progress], None] | None = None
    stats: dict[TaskName, TaskStats] = field(default_factory=dict)
    prompts: dict[str, PromptRef] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    retries: int = 0
    _down: bool = False

    def ask(self, task: TaskName, items: Sequence[Item]) -> dict[str, Any]:
        """Answers by item id; an item without a usable answer is left out.

        Raises:
            ModelError: the endpoint cannot be used and nothing has been answered yet.
        """
        answers: dict[str, Any] = {}
        if self.client is None or self._down or not items:
            return answers
        self.prompts[task] = prompt_ref(PROMPTS[task])
        items = self._affordable(task, items)
        size = ITEMS_PER_QUESTION.get(self.client.endpoint, 1)
        windows = windows_of(self.segmentation)
        for window in windows:
            inside = [i for i in items if window.start <= i.at < window.end]
            for k in range(0, len(inside), size):
                self._report(task, len(answers), len(items))
                answers |= self._ask(task, inside[k : k + size], window)
        self._report(task, len(items), len(items))
        return answers

    def _affordable(self, task: TaskName, items: Sequence[Item]) -> Sequence[Item]:
        """The items there is time for, in their order."""
        rate = EMBEDDED_ITEMS.get(task)
        if not self.client or self.client.endpoint != "embedded" or rate is None:
            return items
        most = max(LEAST_ITEMS, round(rate * len(self.segmentation.text) / 1000))
        kept = sorted(items, key=lambda item: -item.priority)[:most]
        return [item for item in items if item in kept]

    def _ask(
        self, task: TaskName, items: Sequence[Item], window: Window
    ) -> dict[str, Any]:
        """One question; what the reply lacks is asked once more in smaller ones."""
        if self._down:
            return {}
        try:
            answers, dropped = self._call(task, items, window)
        except ContextExceeded as error:
            return self._ask_less(task, items, window, error)
        except ReplyError as error:
            answers, dropped = {}, tuple(item.id for item in items)
            if len(items) == 1:
                self._record(task, error)
                return {}
        except ModelError as error:
            if not any(stat.calls for stat in self.stats.values()):
                raise
            self._down = True
            self._record(task, error)
            return {}
        again = [item for item in items if item.id in dropped]
        if again and len(items) > 1:
            half = (len(again) + 1) // 2
            for part in (again[:half], again[half:]):
                if part:
                    answers |= self._ask(task, part, window)
        return answers

    def _ask_less(
        self,
        task: TaskName,
        items: Sequence[Item],
        window: Window,
        error: ContextExceeded,
    ) -> dict[str, Any]:
        if len(items) > 1:
            half = len(items) // 2
            return self._ask(task, items[:half], window) | self._ask(
                task, items[half:], window
            )
        smaller = window.around(items[0].at, (window.end - window.start) // 2)
        if smaller is None:
            self._record(task, error)
            return {}
        return self._ask(task, items, smaller)

    def _call(
        self, task: TaskName, items: Sequence[Item], window: Window
    ) -> tuple[dict[str, Any], tuple[str, ...]]:
        assert self.client is not None  # ask() returns early without one
        model = answers_model(items)
        messages = render(
            PROMPTS[task],
            {
                "published": self.published,
                "sentences": window.sentences,
                "text": self.segmentation.text,
                "items": items,
            },
        )
        started = time.perf_counter()
        answer = self.client.ask(
            messages,
            model,
            max_tokens=OVERHEAD_TOKENS + sum(item.tokens for item in items),
        )
        stat = self.stats.get(task, TaskStats())
        self.stats[task] = TaskStats(
            calls=stat.calls + answer.calls,
            seconds=stat.seconds + time.perf_counter() - started,
            usage=stat.usage + answer.usage,
        )
        self.retries += answer.retries
        return dict(answer.values), answer.dropped

    def _record(self, task: TaskName, error: ExtractorError) -> None:
        failure = Failure(task=task, code=error.code, message=str(error))
        if failure not in self.failures:
            self.failures.append(failure)

    def _report(self, task: TaskName, done: int, total: int) -> None:
        if self.on_progress:
            self.on_progress(Progress(task, done, total))


def tokens_for(choices: Iterable[str]) -> int:
    """Tokens that an answer may take which repeats one of these, in any script."""
    return 10 + 2 * max(map(estimate_tokens, choices))


def answers_model(items: Sequence[Item]) -> type[BaseModel]:
    """The response model of one question: one required field per item."""
    fields: dict[str, Any] = {item.id: (item.answer, ...) for item in items}
    return create_model("Answers", __config__=ConfigDict(extra="forbid"), **fields)
