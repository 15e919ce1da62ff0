"""LangExtract with the same model, its words and places taken as it gives them.

It runs in an environment of its own, since it is no dependency of this project. What it
cannot align has no interval; its documentation has such items filtered out, so they are
listed as rejected and not counted.
"""

import hashlib
import json
import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, get_args

from evals.bench.peers import questions
from evals.bench.peers.found import Found, FoundClaim, FoundEvent, FoundQuote
from evals.bench.peers.questions import Role
from evals.bench.peers.serving import Served, code_hash
from extractor.errors import ContextExceeded, EndpointError, RunError
from extractor.evaluation.runs import Recipe
from extractor.schema import (
    Failure,
    PromptRef,
    QuoteKind,
    TaskName,
    TaskStats,
    Usage,
)
from extractor.segmentation.model import Range

WORKER: Final = Path(__file__).with_name("langextract_worker.py")

Json = dict[str, Any]


def _question(name: str, wording: str, items: Sequence[Json]) -> Json:
    """A question with its worked example; the field `name` holds an item's words."""
    return {
        "name": name,
        "wording": wording,
        "example": questions.EXAMPLE,
        "items": [
            {
                "words": item[name],
                "attributes": {k: v for k, v in item.items() if k != name},
            }
            for item in items
        ],
    }


_QUESTIONS: Final[Mapping[TaskName, Json]] = {
    "quotes": _question(
        "quotation",
        questions.QUOTES,
        [vars(item) for item in questions.EXAMPLE_QUOTES],
    ),
    "claims": _question(
        "claim",
        questions.CLAIMS,
        [vars(item) for item in questions.EXAMPLE_CLAIMS],
    ),
    "events": _question(
        "trigger",
        questions.EVENTS,
        [
            {"trigger": item.trigger, "type": item.type, **dict(item.arguments)}
            for item in questions.EXAMPLE_EVENTS
        ],
    ),
}


class LangExtract:
    """LangExtract in its own process. A `Peer` and a context manager."""

    def __init__(self, served: Served, python: Path, max_tokens: int) -> None:
        """Starts the process; nothing is asked yet.

        Args:
            served: the model.
            python: of the environment that has langextract and openai.
            max_tokens: of one answer, which is about one chunk.

        Raises:
            RunError: there is no such Python, or it has no langextract.
        """
        self._served = served
        self._max_tokens = max_tokens
        try:
            self._process = subprocess.Popen(
                # -P: modules beside the worker are not its own
                [str(python), "-P", str(WORKER)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                env=os.environ | {"LANGEXTRACT_API_KEY": served.api_key},
            )
        except OSError as error:
            raise RunError(
                f"{python} cannot be started ({error.strerror}): name the Python of an "
                "environment with langextract and openai."
            ) from None
        settings = {
            "model": served.model,
            "base_url": served.base_url,
            "max_tokens": max_tokens,
            "questions": _QUESTIONS,
        }
        try:
            self._version = self._exchange(settings)["version"]
        except RunError:
            self.close()
            raise

    def __enter__(self) -> "LangExtract":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the process."""
        self._process.kill()
        self._process.communicate()

    def recipe(self, tasks: Sequence[TaskName]) -> Recipe:
        """What the answers depend on besides the article."""
        return self._served.recipe(
            "langextract",
            tasks=tasks,
            prompts={ref.id: ref.sha256 for ref in self.prompts(tasks).values()},
            sampling={"temperature": 0.0, "max_tokens": float(self._max_tokens)},
            source=code_hash("langextracting", "langextract_worker"),
            libraries={"langextract": self._version},
        )

    def prompts(self, tasks: Sequence[TaskName]) -> dict[str, PromptRef]:
        """The prompt of each question."""
        return {
            task: PromptRef(id=f"langextract.{task}", sha256=_hash(question))
            for task, question in _QUESTIONS.items()
            if task in tasks
        }

    def engine(self) -> str | None:
        """Name and version of what runs the model, where it runs here."""
        return self._served.version

    def read(self, text: str, tasks: Sequence[TaskName]) -> Found:
        """What LangExtract finds in a text.

        Raises:
            RunError: its process has ended.
        """
        items: dict[TaskName, list[Json]] = {}
        stats: dict[TaskName, TaskStats] = {}
        failures, warnings = [], []
        for task in _QUESTIONS:
            if task not in tasks:
                continue
            started = time.perf_counter()
            reply = self._exchange({"task": task, "text": text})
            counts = reply["counts"]
            stats[task] = TaskStats(
                calls=counts["calls"],
                seconds=time.perf_counter() - started,
                usage=_usage(counts),
            )
            items[task] = reply.get("items", [])
            if "error" in reply:
                failures.append(_failure(task, reply["error"]))
            warnings += [f"{task}: the answer stopped at the token limit"] * counts[
                "cut"
            ]
        return Found(
            quotes=tuple(map(_quote, items.get("quotes", []))),
            claims=tuple(map(_claim, items.get("claims", []))),
            events=tuple(map(_event, items.get("events", []))),
            tasks=stats,
            failures=tuple(failures),
            warnings=tuple(warnings),
            keeps_unplaced=False,
        )

    def _exchange(self, value: Json) -> Json:
        """A line to the process, and the line it answers with.

        Raises:
            RunError: it has ended.
        """
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None
        try:
            stdin.write(json.dumps(value) + "\n")
            stdin.flush()
        except BrokenPipeError:
            pass  # the empty answer tells
        line = stdout.readline()
        if not line:
            raise RunError(
                "LangExtract's process has ended: see what it wrote above; its "
                "environment needs langextract and openai."
            )
        reply: Json = json.loads(line)
        return reply


def _failure(task: TaskName, error: str) -> Failure:
    if error == ContextExceeded.code:
        message = "The article does not fit the model's context."
        return Failure(task=task, code=error, message=message)
    message = f"LangExtract failed ({error}): run it again."
    return Failure(task=task, code=EndpointError.code, message=message)


def _usage(counts: Mapping[str, int]) -> Usage:
    return Usage(
        prompt_tokens=counts["prompt"],
        cached_tokens=counts["cached"],
        completion_tokens=counts["completion"],
    )


def _quote(item: Json) -> FoundQuote:
    kind = _first(item, "kind")
    kinds: Mapping[str, QuoteKind] = {name: name for name in get_args(QuoteKind)}
    return FoundQuote(
        words=item["words"],
        at=_at(item),
        kind=kinds.get(kind, "direct"),
        mention=_first(item, "mention"),
        speaker=_first(item, "speaker"),
    )


def _claim(item: Json) -> FoundClaim:
    return FoundClaim(item["words"], _at(item), _first(item, "claimant"))


def _event(item: Json) -> FoundEvent:
    arguments = [
        (role, words) for role in get_args(Role) for words in _values(item, role)
    ]
    return FoundEvent(
        words=item["words"],
        at=_at(item),
        type=_first(item, "type") or "Other",
        arguments=tuple(arguments),
    )


def _at(item: Json) -> Range | None:
    place = item["at"]
    return Range(*place) if place and place[0] < place[1] else None


def _values(item: Json, name: str) -> list[str]:
    """An attribute as a list, whatever it came as."""
    value = item["attributes"].get(name)
    values = value if isinstance(value, list) else [value]
    return [str(one) for one in values if one not in (None, "")]


def _first(item: Json, name: str) -> str:
    return next(iter(_values(item, name)), "")


def _hash(question: Json) -> str:
    return hashlib.sha256(json.dumps(question).encode()).hexdigest()
