"""What a waiting user sees on standard error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.progress import Progress as Bars

    from extractor.questions import Progress
    from extractor.schema import Extraction


class Display:
    """Progress bars, one per task, while a document is worked on.

    Nothing is shown where standard error is no terminal, or when told to be quiet.

    Args:
        quiet: whether to show nothing at all.
    """

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._bars: Bars | None = None
        self._rows: dict[str, object] = {}

    @contextmanager
    def waiting(self, label: str) -> Iterator[None]:
        """Shows the bars until the block ends, then wipes them."""
        bars = None if self._quiet else _bars()
        if bars is None:
            yield
            return
        with bars:
            bars.add_task(label, total=None)
            self._bars, self._rows = bars, {}
            try:
                yield
            finally:
                self._bars = None

    def update(self, progress: Progress) -> None:
        """Takes the news of the pipeline, from any thread."""
        bars = self._bars
        if bars is None:
            return
        if progress.task not in self._rows:
            self._rows[progress.task] = bars.add_task(progress.task)
        bars.update(
            self._rows[progress.task],  # type: ignore[arg-type]
            completed=progress.done,
            total=progress.total,
        )


def _bars() -> Bars | None:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    console = Console(stderr=True)
    if not console.is_terminal:
        return None
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )


def figures(name: str, extraction: Extraction) -> str:
    """What an extraction found and cost, a line for all and one for each task."""
    found, provenance = extraction, extraction.provenance
    lines = [
        f"{name}: {len(found.quotes)} quotes, {len(found.speakers)} speakers, "
        f"{len(found.claims)} claims, {len(found.events)} events, "
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


def tell(message: str) -> None:
    """Prints a line to standard error, whatever its characters."""
    click.echo(message.encode("utf-8", "backslashreplace").decode(), err=True)
