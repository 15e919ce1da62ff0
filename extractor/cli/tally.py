"""What a user sees of a batch while it runs, and at its end."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

from extractor.cli.progress import one_line, tell
from extractor.cli.trouble import printable

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import RenderableType

    from extractor.batch import Account, Outcome, Sources, Summary
    from extractor.hosted import Waiting

WINDOW = 30.0
"""Seconds over which the rate is taken."""
REFRESH = 4
"""Times a second that a terminal is drawn."""
QUIET_SECONDS = 30.0
"""Between two lines where there is no terminal."""
MOST_CODES = 5
"""Kinds of failures that are shown while it runs."""


class Tally:
    """The figures of a run, on standard error.

    Args:
        account: of what is spent.
        quiet: whether to show nothing.
        verbose: whether to tell of every article that failed.
    """

    def __init__(self, account: Account, quiet: bool, verbose: bool) -> None:
        self._account = account
        self._quiet = quiet
        self._verbose = verbose
        self._summary: Summary | None = None
        self._waiting: Waiting | None = None
        self._total: int | None = None
        self._started = time.monotonic()
        self._samples: deque[tuple[float, int]] = deque()

    @property
    def done(self) -> int:
        """Articles with a row."""
        return self._summary.done if self._summary else 0

    @property
    def seconds(self) -> float:
        """Since the run began."""
        return time.monotonic() - self._started

    def follow(self, summary: Summary, outcome: Outcome) -> None:
        """Takes the news of an article."""
        self._summary = summary
        if self._verbose and outcome.status != "ok":
            name = one_line(outcome.source or outcome.id)
            tell(f"{outcome.status}: {name}: {outcome.code}: {outcome.message}")

    def wait(self, waiting: Waiting) -> None:
        """Takes the news of the batches under way."""
        self._waiting = waiting if waiting.batches else None

    @contextmanager
    def shown(self, sources: Sources) -> Iterator[None]:
        """Shows the figures until the block ends."""
        self._started = time.monotonic()
        if self._quiet:
            yield
            return
        ended = Event()
        counting = Thread(target=self._count, args=(sources,), daemon=True)
        counting.start()
        with self._drawn(ended):
            try:
                yield
            finally:
                ended.set()

    @contextmanager
    def _drawn(self, ended: Event) -> Iterator[None]:
        from rich.console import Console
        from rich.live import Live

        console = Console(stderr=True)
        if console.is_terminal:
            with Live(
                get_renderable=self._render,
                console=console,
                refresh_per_second=REFRESH,
                transient=True,
            ):
                yield
            return
        Thread(target=self._report, args=(ended,), daemon=True).start()
        yield

    def _count(self, sources: Sources) -> None:
        self._total = sources.count()

    def _report(self, ended: Event) -> None:
        """A line from time to time, for logs."""
        while not ended.wait(QUIET_SECONDS):
            tell("; ".join(self.lines()))

    def _render(self) -> RenderableType:
        from rich.console import Group
        from rich.padding import Padding
        from rich.progress_bar import ProgressBar
        from rich.text import Text

        head, *rest = (Text(printable(line)) for line in self.lines())
        bar = ProgressBar(total=self._total, completed=self.done, pulse=not self._total)
        return Group(head, Padding(bar), *rest)  # a bar alone does not end its line

    def lines(self) -> list[str]:
        """How far it is, what failed and what it costs, a line each."""
        summary = self._summary
        rate = self._rate()
        total = self._total
        parts = [f"{self.done:,}{f' of {total:,}' if total else ''} articles"]
        parts.append(f"{rate:.1f} a second")
        if total and rate and summary:
            parts.append(f"{span(max(0, total - self.done) / rate)} left")
        lines = [", ".join(parts)]
        if waiting := self._waiting:
            lines.append(
                f"round {waiting.round}: {waiting.batches:,} batches under way, "
                f"{waiting.answered:,} of {waiting.requests:,} requests answered"
            )
        if summary:
            lines.append(fates(summary, MOST_CODES))
            if self._account.paid.calls:
                lines.append(spending(self._account))
        return lines

    def _rate(self) -> float:
        """Articles a second that were worked on, over the last while."""
        now, summary = time.monotonic(), self._summary
        worked = summary.done - summary.kept if summary else 0
        self._samples.append((now, worked))
        while self._samples[0][0] < now - WINDOW and len(self._samples) > 2:
            self._samples.popleft()
        began, before = self._samples[0]
        if len(self._samples) == 1 or now <= began:
            began, before = self._started, 0
        return (worked - before) / max(now - began, 0.001)


def closing_lines(
    summary: Summary, account: Account, tally: Tally, output: Path | None
) -> list[str]:
    """What became of a run that is done."""
    worked = summary.done - summary.kept
    lines = [f"articles  {summary.done:,}: {fates(summary, None)}"]
    if account.paid.calls:
        lines.append(f"spent     {spending(account)}")
    rate = f", {worked / tally.seconds:.1f} articles a second" if worked else ""
    lines.append(f"time      {span(tally.seconds)}{rate}")
    if output:
        lines.append(f"output    {output}")
    return lines


def fates(summary: Summary, most: int | None) -> str:
    """How many articles ended how, the kinds of failures by their codes."""
    statuses = summary.statuses
    parts = [f"{statuses['ok']:,} ok"]
    parts += [
        f"{statuses[name]:,} {name}" for name in ("partial", "failed") if statuses[name]
    ]
    if summary.codes:
        codes = summary.codes.most_common(most)
        parts[-1] += f" ({', '.join(f'{code} {count:,}' for code, count in codes)})"
    if summary.kept:
        parts.append(f"{summary.kept:,} of them were done before")
    return ", ".join(parts)


def spending(account: Account) -> str:
    """What was paid in this attempt, and in all where that is more."""
    paid, usage = account.paid, account.paid.usage
    line = (
        f"{paid.calls:,} calls, {usage.prompt_tokens:,} tokens in "
        f"({usage.cached_tokens:,} cached), {usage.completion_tokens:,} out"
    )
    if account.price:
        line += f", {account.cost(usage):.4f} {account.price.currency}"
    if account.spent.calls > paid.calls and account.price:
        line += f" ({account.cost(account.spent.usage):.4f} in all attempts)"
    return line


def span(seconds: float) -> str:
    """A time as `1:02:03`, or `4.2 s` where it is short."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
