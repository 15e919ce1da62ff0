"""Asking a model about items of an article, a few at a time.

A task turns what it wants to know into `Item`s; each becomes one field of the reply, so
that nothing can be left out unnoticed and a bad answer costs its own item alone. How
many items go into one question is the endpoint's property: a small model judges one
thing next to its text, a large one answers a whole article at once.
"""

import time
from collections import deque
from collections.abc import (
    Callable,
    Collection,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, create_model

from extractor.choices import Weighed
from extractor.client import Answer, ChatClient
from extractor.errors import (
    ContextExceeded,
    ExtractorError,
    ModelError,
    Pending,
    ReplyError,
    ReplyFiltered,
    ReplyRefused,
    ReplyTruncated,
)
from extractor.prompting import (
    PROMPTS,
    Message,
    OwnPrompt,
    as_material,
    fence_of,
    prompt_ref,
    render,
    shared_messages,
)
from extractor.schema import (
    EndpointKind,
    Failure,
    PromptRef,
    TaskName,
    TaskStats,
    Usage,
)
from extractor.segmentation.model import Segmentation
from extractor.segmentation.scripts import estimate_tokens
from extractor.segmentation.windows import Window, windows_of

ITEMS_PER_QUESTION: Mapping[EndpointKind, int] = {"embedded": 1, "endpoint": 20}
_NEEDED = ("quotes", "speakers")
"""Tasks whose answers the questions of other tasks depend on."""

OVERHEAD_TOKENS = 12
"""Braces and white space of a reply."""
REFUSALS, USELESS_REPLIES = 3, 7
"""In a row: to a question, its halves (and its quarters). Then a task is given up."""
ROOM_LEFT = 0.8
"""Share that the next question may have of one that was too long, what all questions
begin with left out of account."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to ask.

    Attributes:
        id: field name in the reply (`Q3`).
        answer: type of the field.
        values: what the task's template shows of it.
        at: offset in the article, code points; chooses the window of a long article.
        tokens: the most an answer may take.
        whole: whether it is about all of the article that a prompt shows, and not about
            one place; its answer is a list, those of several parts are put together.
        shown: whether its values show all of the article that it takes to answer.
    """

    id: str
    answer: Any
    values: Mapping[str, Any]
    at: int
    tokens: int = 40
    whole: bool = False
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a task is, in items."""

    task: TaskName
    done: int
    total: int


@dataclass
class Room:
    """The tokens that a question and its answer may have together, as far as known.

    Shared by the articles of one model: what one was told, the next one knows.

    Attributes:
        tokens: by `estimate_tokens`; None where nothing was ever too long.
    """

    tokens: int | None = None

    def holds(self, tokens: int) -> bool:
        """Whether a question of this size is worth sending."""
        return self.tokens is None or tokens <= self.tokens

    def overrun(self, tokens: int) -> None:
        """Learn that a question of this size was too long."""
        fixed = _shared_tokens()
        most = fixed + int(ROOM_LEFT * (tokens - fixed))
        self.tokens = most if self.tokens is None else min(self.tokens, most)


@cache
def _shared_tokens() -> int:
    return sum(estimate_tokens(m["content"]) for m in shared_messages())


@dataclass(frozen=True, slots=True)
class _Question:
    """Some items, asked about next to a part of the article."""

    items: tuple[Item, ...]
    window: Window

    def halves(self, items: Sequence[Item]) -> list["_Question"]:
        """Two questions about some of the items, or none where one item is all."""
        middle = (len(items) + 1) // 2
        parts = (tuple(items[:middle]), tuple(items[middle:]))
        enough = len(self.items) > 1
        return [_Question(part, self.window) for part in parts if part and enough]

    def shorter(self) -> list["_Question"]:
        """Questions with less of the article, else with fewer items; none if neither.

        Each item stays with the half of the article that it stands in; what is asked
        of all of it goes with both.
        """
        parts = [
            _Question(
                tuple(i for i in self.items if i.whole or w.start <= i.at < w.end), w
            )
            for w in self.window.halves()
        ]
        return [part for part in parts if part.items] or self.halves(self.items)


@dataclass
class Questioner:
    """Asks one model about one article and keeps account.

    `client` None asks nothing: every task then falls back on its rules.
    """

    client: ChatClient | None
    segmentation: Segmentation
    published: str | None
    own_prompts: Mapping[TaskName, OwnPrompt] = field(default_factory=dict)
    on_progress: Callable[[Progress], None] | None = None
    room: Room = field(default_factory=Room)
    stats: dict[TaskName, TaskStats] = field(default_factory=dict)
    prompts: dict[str, PromptRef] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    retries: int = 0
    pending: dict[TaskName, Pending] = field(default_factory=dict)
    _answered: bool = False
    _fence: str = field(init=False)
    _down: bool = False
    _given_up: set[TaskName] = field(default_factory=set)
    _useless: int = 0
    """Replies in a row that answered nothing."""

    def __post_init__(self) -> None:
        self._fence = fence_of(self.segmentation.text)

    def ask(self, task: TaskName, items: Sequence[Item]) -> dict[str, Any]:
        """Answers by item id; an item without a usable answer is left out.

        Raises:
            Pending: what is asked depends on an answer that is still to come.
            ModelError: the endpoint cannot be used and nothing has been answered yet.
        """
        self.settle(_NEEDED)
        answers: dict[str, Any] = {}
        if self.client is None or not items or self._is_over(task):
            return answers
        own = self.own_prompts.get(task)
        self.prompts[task] = own.ref if own else prompt_ref(PROMPTS[task])
        self._useless = 0
        for question in self._questions(items):
            pending = deque([question])
            while pending and not self._is_over(task):
                self._report(task, len(answers), len(items))
                found, more = self._ask(task, pending.popleft())
                _add(answers, found, items)
                pending.extend(more)  # both halves come before either's quarters
        self._report(task, len(items), len(items))
        return answers

    def settle(self, tasks: Collection[TaskName] | None = None) -> None:
        """Go on only if no answer is still to come.

        Args:
            tasks: whose answers; default: those of all.

        Raises:
            Pending: one is.
        """
        for task, error in self.pending.items():
            if tasks is None or task in tasks:
                raise error

    def _is_over(self, task: TaskName) -> bool:
        return self._down or task in self._given_up

    def _questions(self, items: Sequence[Item]) -> Iterator[_Question]:
        """The items next to their part of the article, as many as fit the endpoint."""
        assert self.client is not None  # ask() returns early without one
        size = ITEMS_PER_QUESTION.get(self.client.endpoint, 1)
        for window in windows_of(self.segmentation):
            inside = [i for i in items if window.start <= i.at < window.end]
            for k in range(0, len(inside), size):
                yield _Question(tuple(inside[k : k + size]), window)

    def _ask(
        self, task: TaskName, question: _Question
    ) -> tuple[dict[str, Any], list[_Question]]:
        """The answers to one question, and what to ask next about the items left."""
        messages = self._render(task, question)
        most = OVERHEAD_TOKENS + sum(item.tokens for item in question.items)
        size = most + sum(estimate_tokens(m["content"]) for m in messages)
        shorter = question.shorter()
        if shorter and not self.room.holds(size):
            return {}, shorter
        try:
            answer = self._send(task, messages, question, most)
        except Pending as error:
            self.pending[task] = error
            return {}, []
        except ContextExceeded as error:
            self.room.overrun(size)
            if not shorter:
                self._note_useless(task, error, alone=True)
            return {}, shorter
        except ReplyError as error:
            self._note_useless(task, error, alone=len(question.items) == 1)
            return {}, question.halves(question.items)
        except ModelError as error:
            if not self._answered:
                raise
            self._down = True
            self._record(task, error)
            return {}, []
        self._useless = 0
        again = [item for item in question.items if item.id in answer.dropped]
        return _weighed(answer), question.halves(again)

    def _render(self, task: TaskName, question: _Question) -> list[Message]:
        """The messages.

        They leave the article out where an embedded model needs none of it: to read
        it would take more time than all answers.
        """
        assert self.client is not None  # ask() returns early without one
        shown = all(item.shown for item in question.items)
        without = shown and self.client.endpoint == "embedded"
        values = {
            "published": self.published and as_material(self.published),
            "fence": self._fence,
            "sentences": () if without else question.window.sentences,
            "text": self.segmentation.text,
            "items": question.items,
        }
        own = self.own_prompts.get(task)
        return own.render(values) if own else render(PROMPTS[task], values)

    def _send(
        self, task: TaskName, messages: list[Message], question: _Question, most: int
    ) -> Answer:
        assert self.client is not None  # ask() returns early without one
        started = time.perf_counter()
        model = answers_model(question.items)
        calls, answered, usage = 0, 0, Usage()
        try:
            answer = self.client.ask(messages, model, max_tokens=most)
            calls, answered, usage = answer.calls, 1, answer.usage
        except ModelError as error:
            calls, usage = error.calls, _usage_of(error)
            raise
        finally:
            stat = self.stats.get(task, TaskStats())
            self.stats[task] = TaskStats(
                calls=stat.calls + calls,
                answered=stat.answered + answered,
                seconds=stat.seconds + time.perf_counter() - started,
                usage=stat.usage + usage,
            )
            self.retries += max(0, calls - 1)
        self._answered = True
        return answer

    def _note_useless(self, task: TaskName, error: ModelError, *, alone: bool) -> None:
        """Count a reply that answered nothing, and give a task up after too many.

        Where a question and both its halves are refused, no single item is to blame.
        What is too long to answer becomes shorter with each half, so it does not count.
        """
        if isinstance(error, ReplyTruncated) and not alone:
            return
        self._useless += 1
        refused = isinstance(error, ReplyRefused | ReplyFiltered)
        if self._useless >= (REFUSALS if refused else USELESS_REPLIES):
            self._given_up.add(task)
        if alone or task in self._given_up:
            self._record(task, error)

    def _record(self, task: TaskName, error: ExtractorError) -> None:
        failure = Failure(task=task, code=error.code, message=str(error))
        if failure not in self.failures:
            self.failures.append(failure)

    def _report(self, task: TaskName, done: int, total: int) -> None:
        if self.on_progress:
            self.on_progress(Progress(task, done, total))


def _add(
    answers: dict[str, Any], found: Mapping[str, Any], items: Iterable[Item]
) -> None:
    """Add answers; to an item about the whole article each part of it adds its own."""
    whole = {item.id for item in items if item.whole}
    for name, value in found.items():
        known = answers.get(name, []) if name in whole else None
        answers[name] = value if known is None else [*known, *value]


def _weighed(answer: Answer) -> dict[str, Any]:
    """The values; a choice knows what the model thought of the others."""
    values = dict(answer.values)
    for name, weights in answer.weights.items():
        values[name] = Weighed(values[name], weights)
    return values


def _usage_of(error: ModelError) -> Usage:
    prompt, cached, completion = error.tokens
    return Usage(
        prompt_tokens=prompt, cached_tokens=cached, completion_tokens=completion
    )


def tokens_for(choices: Iterable[str]) -> int:
    """Tokens that an answer may take which repeats one of these, in any script."""
    return 10 + 2 * max(map(estimate_tokens, choices))


def answers_model(items: Sequence[Item]) -> type[BaseModel]:
    """The response model of one question: one required field per item."""
    fields: dict[str, Any] = {item.id: (item.answer, ...) for item in items}
    return create_model("Answers", __config__=ConfigDict(extra="forbid"), **fields)
