"""One run of the pipeline over many documents, and how it went."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

import click

from extractor.cli.progress import Display, fetch, figures, one_line, tell
from extractor.cli.trouble import INTERRUPTED, sentence, show_traceback, verbosity_of
from extractor.errors import (
    EndpointError,
    InputError,
    PromptError,
    UsageError,
    WeightsError,
)

if TYPE_CHECKING:
    from extractor.pipeline import Extractor
    from extractor.schema import Document, Extraction

    Outcome = tuple[Document, Extraction | Exception]

_FATAL = (EndpointError, PromptError, UsageError, WeightsError)
"""What would befall every other document as well."""


@dataclass
class Run:
    """Counts and options of a run."""

    ctx: click.Context
    quiet: bool
    jobs: int
    options: dict[str, Any]
    """Arguments of `Extractor`."""
    notes: bool
    """Whether to pass on the warnings of an extraction; a listing has them itself."""
    whole: int = 0
    """Documents extracted in full."""
    partial: int = 0
    """Documents of which a question or task failed."""
    failed: int = 0
    """Documents that gave nothing."""
    interrupted: bool = False

    def results(self, docs: Iterator[Document]) -> Iterator[Extraction]:
        """The extraction of every document that can be worked on, in order.

        An interrupt ends it early and quietly, so that what is done gets written.
        """
        try:
            first = next(docs, None)
            if first is None:
                return
            for doc, outcome in self._outcomes(chain([first], docs)):
                if isinstance(outcome, Exception):
                    self._fail(doc, outcome)
                else:
                    self._note(doc, outcome)
                    yield outcome
        except KeyboardInterrupt:
            self.interrupted = True

    def questions(self, docs: Iterator[Document]) -> Iterator[str]:
        """What the run would ask, as text to read."""
        from extractor.cli.dry_run import questions
        from extractor.pipeline import Extractor

        def counted() -> Iterator[Document]:
            for doc in docs:
                self.whole += 1
                yield doc

        return questions(counted(), Extractor(**self._options()))

    def _options(self) -> dict[str, Any]:
        from extractor.pipeline import ALL_TASKS

        return self.options | {"tasks": self.options["tasks"] or ALL_TASKS}

    def unread(self, error: InputError) -> None:
        """Takes the error of a source that cannot be read."""
        self.failed += 1
        tell(f"Error: {error}")

    def finish(self) -> None:
        """Ends the command with the exit code of the run."""
        got = self.whole + self.partial
        if self.failed and self.failed + got > 1:
            tell(f"Error: {self.failed} of {self.failed + got} documents failed.")
        if self.interrupted:
            tell("Interrupted")
            self.ctx.exit(INTERRUPTED)
        if self.failed and not got:
            self.ctx.exit(1)
        if self.failed or self.partial:
            self.ctx.exit(3)

    def _outcomes(self, docs: Iterator[Document]) -> Iterator[Outcome]:
        from extractor.pipeline import RULES, Extractor
        from extractor.weights import locate

        if self.options["model"] != RULES and not self.options["base_url"]:
            # The pipeline would do this too, but without a bar.
            fetch(locate, self.options["model"], self.quiet)
        display = Display(self.quiet)
        on_progress = display.update if self.jobs == 1 else None
        with Extractor(**self._options(), on_progress=on_progress) as extractor:
            # The first one alone: it loads the model, or shows that there is none.
            alone = islice(docs, 1 if self.jobs > 1 else None)
            for doc in alone:
                with display.waiting(label(doc)):
                    outcome = _attempt(extractor, doc)
                yield doc, outcome
            if self.jobs > 1:
                yield from _in_parallel(extractor, docs, self.jobs, display)

    def _fail(self, doc: Document, error: Exception) -> None:
        show_traceback(self.ctx, error)
        if isinstance(error, _FATAL) and not self.whole + self.partial:
            raise error
        self.failed += 1
        tell(f"Error: {label(doc)}: {sentence(error)}")

    def _note(self, doc: Document, extraction: Extraction) -> None:
        """Counts an extraction and says on standard error how it went."""
        provenance = extraction.provenance
        failures = dict.fromkeys((f.task, f.message) for f in provenance.failures)
        for task, message in failures:
            tell(f"Error: {label(doc)}: {task} failed in part: {message}")
        if not failures:
            self.whole += 1
        elif any(
            (
                extraction.quotes,
                extraction.speakers,
                extraction.claims,
                extraction.events,
                *extraction.items.values(),
            )
        ):
            self.partial += 1
        else:
            self.failed += 1
        if self.notes:
            for warning in provenance.warnings:
                tell(f"Note: {label(doc)}: {warning}")
        if verbosity_of(self.ctx):
            tell(figures(label(doc), extraction))


def label(doc: Document) -> str:
    """What to call a document in messages, which is not in its own words."""
    own = doc.id if doc.id != doc.sha256 else doc.id[:12]
    return one_line(doc.source or f"document {own}")


def _attempt(extractor: Extractor, doc: Document) -> Extraction | Exception:
    try:
        return extractor.extract(doc)
    except Exception as error:  # noqa: BLE001  # the other documents go on
        return error


def _in_parallel(
    extractor: Extractor, docs: Iterator[Document], jobs: int, display: Display
) -> Iterator[Outcome]:
    """Outcomes in the order of the documents, reading few of them ahead."""
    waiting: deque[tuple[Document, Future[Extraction | Exception]]] = deque()
    with ThreadPoolExecutor(jobs) as pool:
        try:
            for doc in docs:
                waiting.append((doc, pool.submit(_attempt, extractor, doc)))
                if 2 * jobs <= len(waiting):
                    yield _next(waiting, display)
            while waiting:
                yield _next(waiting, display)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _next(
    waiting: deque[tuple[Document, Future[Extraction | Exception]]], display: Display
) -> Outcome:
    doc, future = waiting.popleft()
    with display.waiting(label(doc)):
        return doc, future.result()
