"""The plain way: instructor asks the model to copy what it finds, as JSON.

One question for each kind of item, each with the article as it is after one worked
example. Answers follow the schema of a pydantic model, enforced while they are written.
Of an answer that stops at the token limit the whole items before the break are kept,
which is more than instructor does, and the same item listed again is dropped.
"""

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

from pydantic import BaseModel, Field, ValidationError

from evals.bench.peers import questions
from evals.bench.peers.found import Found, FoundClaim, FoundEvent, FoundQuote
from evals.bench.peers.placing import find_first
from evals.bench.peers.questions import EventType, Role
from evals.bench.peers.serving import Served, code_hash
from extractor.errors import (
    ContextExceeded,
    EndpointError,
    ModelError,
    RateLimited,
    ReplyTruncated,
)
from extractor.evaluation.runs import Recipe
from extractor.schema import (
    Failure,
    PromptRef,
    QuoteKind,
    TaskName,
    TaskStats,
    Usage,
)

if TYPE_CHECKING:
    from openai import APIError
    from openai.types.chat import ChatCompletion

MAX_TOKENS: Final = 1000
SECONDS: Final = 1800.0
"""A thousand tokens on two cores that are busy with something else."""

_Item = TypeVar("_Item", bound=BaseModel)


class Quotation(BaseModel):
    """One quotation as it is asked for."""

    quotation: Annotated[str, Field(max_length=600)]
    kind: QuoteKind
    mention: Annotated[str, Field(max_length=80)]
    speaker: Annotated[str, Field(max_length=80)]


class Quotations(BaseModel):
    """The answer to the first question."""

    quotes: Annotated[list[Quotation], Field(max_length=40)]


class Statement(BaseModel):
    """One claim as it is asked for."""

    claim: Annotated[str, Field(max_length=400)]
    claimant: Annotated[str, Field(max_length=80)]


class Statements(BaseModel):
    """The answer to the second question."""

    claims: Annotated[list[Statement], Field(max_length=60)]


class Participant(BaseModel):
    """Who or what takes part in an event."""

    role: Role
    words: Annotated[str, Field(max_length=120)]


class Happening(BaseModel):
    """One event as it is asked for."""

    trigger: Annotated[str, Field(max_length=40)]
    type: EventType
    arguments: Annotated[list[Participant], Field(max_length=5)]


class Happenings(BaseModel):
    """The answer to the third question."""

    events: Annotated[list[Happening], Field(max_length=40)]


@dataclass(frozen=True)
class _Question:
    """One of the three."""

    wording: str
    answer: type[BaseModel]
    item: type[BaseModel]
    example: BaseModel

    def messages(self, text: str) -> list[dict[str, str]]:
        """The conversation that asks it about a text."""
        return [
            {"role": "system", "content": questions.SYSTEM},
            {"role": "user", "content": self._ask(questions.EXAMPLE)},
            {"role": "assistant", "content": self.example.model_dump_json()},
            {"role": "user", "content": self._ask(text)},
        ]

    def _ask(self, text: str) -> str:
        return f"{self.wording}\n\nARTICLE\n{text}"


_QUESTIONS: Final[Mapping[TaskName, _Question]] = {
    "quotes": _Question(
        questions.QUOTES,
        Quotations,
        Quotation,
        Quotations(
            quotes=[Quotation(**vars(item)) for item in questions.EXAMPLE_QUOTES]
        ),
    ),
    "claims": _Question(
        questions.CLAIMS,
        Statements,
        Statement,
        Statements(
            claims=[Statement(**vars(item)) for item in questions.EXAMPLE_CLAIMS]
        ),
    ),
    "events": _Question(
        questions.EVENTS,
        Happenings,
        Happening,
        Happenings(
            events=[
                Happening(
                    trigger=item.trigger,
                    type=item.type,
                    arguments=[
                        Participant(role=role, words=words)
                        for role, words in item.arguments
                    ],
                )
                for item in questions.EXAMPLE_EVENTS
            ]
        ),
    ),
}
"""Who speaks is asked together with what is said."""


@dataclass(frozen=True)
class _Answer:
    items: list[Any]
    usage: Usage
    cut: bool


class Plain:
    """The model behind an endpoint, asked plainly. A `Peer`."""

    def __init__(self, served: Served, max_tokens: int = MAX_TOKENS) -> None:
        """Nothing is asked yet.

        Args:
            served: the model.
            max_tokens: of one answer.
        """
        self._served = served
        self._max_tokens = max_tokens

    def recipe(self, tasks: Sequence[TaskName]) -> Recipe:
        """What the answers depend on besides the article."""
        return self._served.recipe(
            "plain",
            tasks=tasks,
            prompts={ref.id: ref.sha256 for ref in self.prompts(tasks).values()},
            sampling={"temperature": 0.0, "max_tokens": float(self._max_tokens)},
            source=code_hash("plain"),
            libraries={"instructor": version("instructor")},
        )

    def prompts(self, tasks: Sequence[TaskName]) -> dict[str, PromptRef]:
        """The prompt of each question."""
        return {
            task: PromptRef(id=f"plain.{task}", sha256=_hash(question))
            for task, question in _QUESTIONS.items()
            if task in tasks
        }

    def engine(self) -> str | None:
        """Name and version of what runs the model, where it runs here."""
        return self._served.version

    def read(self, text: str, tasks: Sequence[TaskName]) -> Found:
        """What the model finds in a text."""
        items: dict[TaskName, list[Any]] = {}
        stats: dict[TaskName, TaskStats] = {}
        failures, warnings = [], []
        for task, question in _QUESTIONS.items():
            if task not in tasks:
                continue
            started = time.perf_counter()
            usage = Usage()
            try:
                answer = self._ask(question, text)
            except ModelError as error:
                failures.append(Failure(task=task, code=error.code, message=str(error)))
            else:
                items[task], usage = answer.items, answer.usage
                if answer.cut:
                    warnings.append(f"{task}: the answer stopped at the token limit")
            seconds = time.perf_counter() - started
            stats[task] = TaskStats(calls=1, seconds=seconds, usage=usage)
        return Found(
            quotes=tuple(_quote(text, item) for item in items.get("quotes", [])),
            claims=tuple(_claim(text, item) for item in items.get("claims", [])),
            events=tuple(_event(text, item) for item in items.get("events", [])),
            tasks=stats,
            failures=tuple(failures),
            warnings=tuple(warnings),
        )

    def _ask(self, question: _Question, text: str) -> _Answer:
        """One question.

        Raises:
            ModelError: the endpoint cannot be used, or nothing of the answer can.
        """
        import instructor
        import openai
        from instructor.core.exceptions import (
            IncompleteOutputException,
            InstructorRetryException,
        )

        client = openai.OpenAI(
            base_url=self._served.base_url,
            api_key=self._served.api_key,
            timeout=SECONDS,
            max_retries=0,
        )
        asker = instructor.from_openai(client, mode=instructor.Mode.JSON_SCHEMA)
        try:
            answer, completion = asker.chat.completions.create_with_completion(
                model=self._served.model,
                messages=question.messages(text),  # type: ignore[arg-type]
                response_model=question.answer,
                max_retries=0,
                temperature=0,
                max_tokens=self._max_tokens,
            )
        except openai.APIError as error:
            raise _worded(error) from None
        except (IncompleteOutputException, InstructorRetryException) as error:
            return _salvaged(question, error)
        finally:
            client.close()
        found = getattr(answer, next(iter(question.answer.model_fields)))
        return _Answer(_distinct(found), _usage(completion), cut=False)


def _salvaged(question: _Question, error: Any) -> _Answer:
    """The whole items of an answer that instructor refuses.

    Raises:
        ModelError: there is no answer.
    """
    import openai

    completion = error.last_completion
    if completion is None:
        cause = error.__cause__
        if isinstance(cause, openai.APIError):
            raise _worded(cause) from None
        raise ReplyTruncated("The model's answer cannot be read.") from None
    content = completion.choices[0].message.content or ""
    items = _distinct(whole_items(content, question.item))
    return _Answer(items, _usage(completion), cut=True)


def whole_items(content: str, model: type[_Item]) -> list[_Item]:
    """The items before a break in a JSON object of one list."""
    decoder, found, at = json.JSONDecoder(), [], content.find("[") + 1
    while at > 0 and (at := content.find("{", at)) > 0:
        try:
            item, at = decoder.raw_decode(content, at)
            found.append(model.model_validate(item))
        except (ValidationError, ValueError):
            break
    return found


def _distinct(items: Sequence[_Item]) -> list[_Item]:
    """The items without those that say the same as an earlier one."""
    return list({item.model_dump_json(): item for item in items}.values())


def _usage(completion: "ChatCompletion") -> Usage:
    usage = completion.usage
    if usage is None:
        return Usage()
    details = usage.prompt_tokens_details
    return Usage(
        prompt_tokens=usage.prompt_tokens,
        cached_tokens=(details and details.cached_tokens) or 0,
        completion_tokens=usage.completion_tokens,
    )


def _worded(error: "APIError") -> ModelError:
    """What the endpoint complains of; only an overlong article is the article's."""
    import openai

    if isinstance(error, openai.BadRequestError):
        return ContextExceeded("The article does not fit the model's context.")
    if isinstance(error, openai.RateLimitError):
        return RateLimited("The endpoint limits the rate: run it again later.")
    return EndpointError(f"The endpoint failed ({type(error).__name__}): run it again.")


def _quote(text: str, item: Quotation) -> FoundQuote:
    return FoundQuote(
        words=item.quotation,
        at=find_first(text, item.quotation),
        kind=item.kind,
        mention=item.mention,
        speaker=item.speaker,
    )


def _claim(text: str, item: Statement) -> FoundClaim:
    return FoundClaim(item.claim, find_first(text, item.claim), item.claimant)


def _event(text: str, item: Happening) -> FoundEvent:
    return FoundEvent(
        words=item.trigger,
        at=find_first(text, item.trigger),
        type=item.type,
        arguments=tuple((part.role, part.words) for part in item.arguments),
    )


def _hash(question: _Question) -> str:
    asked = [question.messages(""), question.answer.model_json_schema()]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()
