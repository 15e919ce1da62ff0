"""What a waiting user sees on standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from extractor.cli.trouble import printable

if TYPE_CHECKING:
    from rich.progress import Progress as Bars

    from extractor.questions import Progress
    from extractor.schema import Extraction

NAME_CHARS = 200
"""Of a document's name in messages."""


class Display:
    """Progress bars, one per task, while a document is worked on.

    Nothing is shown where standard error is no terminal, or when told to be quiet.

    Args:
        quiet: whether to show nothing at all.
    """

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._follow: Callable[[Progress], None] | None = None

    @contextmanager
    def waiting(self, label: str) -> Iterator[None]:
        """Shows the bars until the block ends, then wipes them."""
        from extractor.bars import follower

        bars = None if self._quiet else _bars()
        if bars is None:
            yield
            return
        with bars:
            bars.add_task(printable(label), total=None, count="")
            self._follow = follower(bars)
            try:
                yield
            finally:
                self._follow = None

    def update(self, progress: Progress) -> None:
        """Takes the news of the pipeline, from any thread."""
        follow = self._follow
        if follow:
            follow(progress)


class Countdown:
    """How much of a long run is done and how long the rest will take.

    Usable as a context manager. Nothing is shown where standard error is no terminal,
    or when told to be quiet.

    Args:
        what: is being done.
        quiet: whether to show nothing.
    """

    def __init__(self, what: str, quiet: bool) -> None:
        self._bars = None if quiet else _bars(remaining=True)
        if self._bars:
            self._bars.add_task(printable(what), total=None, count="")

    def __enter__(self) -> Countdown:
        if self._bars:
            self._bars.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self._bars:
            self._bars.stop()

    def show(self, done: int, total: int) -> None:
        """Shows how far it is."""
        if self._bars:
            row, count = self._bars.task_ids[0], f"{done}/{total}"
            self._bars.update(row, completed=done, total=total, count=count)

    def tell(self, message: str) -> None:
        """Prints lines to standard error, above the bar."""
        if self._bars is None:
            tell(message)
            return
        self._bars.console.print(
            printable(message), markup=False, highlight=False, soft_wrap=True
        )


def _bars(remaining: bool = False) -> Bars | None:
    from rich.console import Console

    from extractor.bars import new_bars

    console = Console(stderr=True)
    return new_bars(console, remaining=remaining) if console.is_terminal else None


def fetch(
    get: Callable[..., Path | None], name: str, quiet: bool = False
) -> Path | None:
    """The weights of a model, fetched with a bar where there is a terminal.

    Args:
        get: `weights.pull` or `weights.locate`.
        name: of the model.
        quiet: whether to show nothing.
    """
    if quiet:
        return get(name)
    bars = _bars()
    told = False

    def show(done: int, total: int) -> None:
        nonlocal told
        if bars:
            if not bars.tasks:
                bars.start()
                bars.add_task(f"fetching {name}", total=total, count="")
            count = f"{done / 1e6:,.0f}/{total / 1e6:,.0f} MB"
            bars.update(bars.task_ids[0], completed=done, count=count)
        elif not told:
            tell(f"Fetching the model {name} ({total / 1e6:,.0f} MB) ...")
            told = True

    try:
        return get(name, progress=show)
    finally:
        if bars:
            bars.stop()


def figures(name: str, extraction: Extraction) -> str:
    """What an extraction found and cost, a line for all and one for each task."""
    found, provenance = extraction, extraction.provenance
    own = "".join(f"{len(items)} {task}, " for task, items in found.items.items())
    lines = [
        f"{name}: {len(found.quotes)} quotes, {len(found.speakers)} speakers, "
        f"{len(found.claims)} claims, {len(found.events)} events, {own}"
        f"{len(found.rejected)} rejected; {provenance.model}, "
        f"{provenance.calls} calls, {provenance.retries} retries, "
        f"{provenance.seconds:.1f} s"
    ]
    for task, stats in provenance.tasks.items():
        usage = stats.usage
        lines.append(
            f"  {task:<9}{stats.calls:>4} calls {usage.prompt_tokens:>7,} prompt "
            f"{usage.cached_tokens:>7,} cached {usage.completion_tokens:>6,} output "
            f"tokens {stats.seconds:>7.1f} s"
        )
    return "\n".join(lines)


def one_line(name: str) -> str:
    """A document's name as messages show it: whatever it holds, on one line."""
    line = " ".join(name.split())
    return line if len(line) <= NAME_CHARS else line[: NAME_CHARS - 1] + "…"


def tell(message: str) -> None:
    """Prints a line to standard error, whatever its characters."""
    click.echo(printable(message), err=True)
