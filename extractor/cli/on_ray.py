"""`extractor batch --engine ray`: the same articles, worked on by a cluster."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from extractor.cli.progress import fetch, tell
from extractor.cli.tally import fates, span
from extractor.cli.trouble import INTERRUPTED
from extractor.errors import RunStopped

if TYPE_CHECKING:
    from extractor.batch import Summary

BETWEEN = 10.0
"""Seconds between two lines that tell how far it is."""
_GOES_ON = "the same command goes on from there"
_NOT_THERE = {
    "no_cache": "--no-cache",
    "prices": "--prices",
    "max_cost": "--max-cost",
    "max_tokens": "--max-tokens",
}
"""Parameters that need one process to know all that is spent or kept."""


def run_on_ray(
    sources: tuple[str, ...],
    output: Path | None,
    form: str,
    options: dict[str, Any],
    workers: int | None,
    quiet: bool,
) -> Summary:
    """Makes the rows of all articles, and says how it went.

    Args:
        sources: as they were named.
        output: folder for Parquet files.
        form: of the output.
        options: the command's, by the names of `Settings` as far as it has them.
        workers: processes at the same time.
        quiet: whether to tell nothing.
    """
    from extractor.batch import Sources
    from extractor.distributed import Settings, run_files
    from extractor.pipeline import ALL_TASKS, RULES
    from extractor.weights import locate

    for name, option in _NOT_THERE.items():
        if options.pop(name, None):
            raise click.UsageError(f"{option} is for --engine local alone.")
    if output is None or form != "parquet":
        raise click.UsageError("--engine ray writes Parquet: name a folder with -o.")
    if options["model"] != RULES and not options["base_url"]:
        fetch(locate, options["model"], quiet)
    settings = Settings(**options | {"tasks": options["tasks"] or ALL_TASKS})
    follow = _Follow(quiet)
    try:
        summary = run_files(
            Sources(sources, settings.published, settings.language),
            output,
            settings,
            workers=workers,
            progress=follow,
        )
    except KeyboardInterrupt:
        tell(f"Interrupted: {follow.done:,} articles are written; {_GOES_ON}.")
        raise click.exceptions.Exit(INTERRUPTED) from None
    except RunStopped as error:
        tell(f"Error: {error}")
        tell(f"Ended early: {follow.done:,} articles are written; {_GOES_ON}.")
        raise click.exceptions.Exit(1) from None
    if not quiet:
        tell(f"articles  {summary.done:,}: {fates(summary, None)}")
        tell(f"time      {span(follow.seconds)}")
        tell(f"output    {output}")
    return summary


class _Follow:
    """Tells now and then how far a run is."""

    def __init__(self, quiet: bool) -> None:
        self.done = 0
        self._quiet = quiet
        self._began = self._told = time.monotonic()

    @property
    def seconds(self) -> float:
        """Since the run began."""
        return time.monotonic() - self._began

    def __call__(self, summary: Summary, parts: int, of: int) -> None:
        self.done = summary.done
        now = time.monotonic()
        if self._quiet or now - self._told < BETWEEN:
            return
        self._told = now
        worked = (summary.done - summary.kept) / (now - self._began)
        tell(
            f"{summary.done:,} articles, {parts:,} of {of:,} parts, "
            f"{worked:.1f} articles a second; {fates(summary, 5)}"
        )
