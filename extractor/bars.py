"""Progress bars in a notebook or a terminal, for those who ask for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    from extractor.questions import Progress


@contextmanager
def progress_bars() -> Iterator[Callable[[Progress], None]]:
    """Shows how far an extraction is, a bar for each task.

    ```python
    with (
        extractor.progress_bars() as follow,
        extractor.Extractor(on_progress=follow) as ex,
    ):
        result = ex.extract(doc)
    ```

    The bars go to standard error, or into the notebook (the extra `notebook` has what
    that needs), and are wiped at the end. For many articles, `rich.progress.track` has
    one bar for all.

    Yields:
        What to give to an `Extractor` as `on_progress`.
    """
    from rich.console import Console

    with new_bars(Console(stderr=True)) as bars:
        yield follower(bars)


def new_bars(console: Console, *, remaining: bool = False) -> Bars:
    """Bars that are wiped at their end; each has a field `count`.

    Args:
        console: where to show them.
        remaining: whether to estimate how long the rest takes.
    """
    from rich.progress import (
        BarColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[count]}", markup=False),
        TimeElapsedColumn(),
        *([TextColumn("left"), TimeRemainingColumn()] if remaining else []),
        console=console,
        transient=True,
    )


def follower(bars: Bars) -> Callable[[Progress], None]:
    """What takes the news of an extraction, from any thread, into bars of each task."""
    rows: dict[str, TaskID] = {}

    def follow(progress: Progress) -> None:
        task, done, total = progress.task, progress.done, progress.total
        if task not in rows:
            rows[task] = bars.add_task(task, total=total, count="")
        bars.update(rows[task], completed=done, count=f"{done}/{total}")

    return follow
