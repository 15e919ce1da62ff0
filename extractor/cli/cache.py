"""`extractor cache`: what batches have kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from extractor.cli.front import EXITS
from extractor.cli.trouble import verbosity

_EXAMPLES = """\
\b
Examples:
  extractor cache info                       where it lies, what it holds
  extractor cache prune --older-than 90      forget what is older than 90 days
  extractor cache check --repair             after a crash of the disk
"""

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _store_option(command: _Command) -> _Command:
    return click.option(
        "--store",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        envvar="EXTRACTOR_STORE",
        help="The store.  [default: that in the user's cache folder]",
    )(command)


def _path(store: Path | None) -> Path:
    from extractor.store import default_path

    return store or default_path()


@click.group(epilog=_EXAMPLES)
def cache() -> None:
    """Look after what batches have kept: answers, rows and jobs."""


@cache.command(
    epilog="""\
\b
Examples:
  extractor cache info
  extractor cache info --store news.sqlite
"""
    + EXITS
)
@_store_option
@verbosity
def info(store: Path | None) -> None:
    """Print where the store lies and what it holds."""
    from extractor.store import contents

    found = contents(_path(store))
    click.echo(f"path     {found.path}")
    click.echo(f"size     {found.bytes / 1e6:,.1f} MB")
    for table, count in found.entries.items():
        click.echo(f"{table:<9}{count:,}")
    if found.oldest is not None and found.newest is not None:
        click.echo(f"oldest   {_day(found.oldest)}")
        click.echo(f"newest   {_day(found.newest)}")


@cache.command(
    epilog="""\
\b
Example:
  extractor cache prune --older-than 90
"""
    + EXITS
)
@click.option(
    "--older-than",
    "days",
    type=click.FloatRange(min=0),
    metavar="DAYS",
    required=True,
    help="Age from which on answers and rows go.",
)
@_store_option
@verbosity
def prune(days: float, store: Path | None) -> None:
    """Forget answers and rows of a certain age, and free their room."""
    from extractor.store import prune

    click.echo(f"{prune(_path(store), days):,} answers and rows are gone.")


@cache.command(
    epilog="""\
\b
Examples:
  extractor cache clear
  extractor cache clear --yes --store news.sqlite
"""
    + EXITS
)
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@_store_option
@verbosity
def clear(yes: bool, store: Path | None) -> None:
    """Forget all answers and rows.

    What they cost has to be paid again.
    """
    from extractor.store import contents, prune

    path = _path(store)
    entries = contents(path).entries
    count = entries["replies"] + entries["rows"]
    if not yes:
        click.confirm(f"Forget {count:,} answers and rows in {path}?", abort=True)
    click.echo(f"{prune(path, 0):,} answers and rows are gone.")


@cache.command(
    epilog="""\
\b
Examples:
  extractor cache check
  extractor cache check --repair
"""
    + EXITS
)
@click.option(
    "--repair",
    is_flag=True,
    help="Make a damaged file anew of what can be read; the old one stays as .damaged.",
)
@_store_option
@verbosity
@click.pass_context
def check(ctx: click.Context, repair: bool, store: Path | None) -> None:
    """Check all that is kept, and drop what is damaged.

    Everything is held against its hash. What was dropped is asked again by the next
    batch that needs it.
    """
    from extractor.store import check

    found = check(_path(store), repair=repair)
    click.echo(f"{found.entries:,} entries are right.")
    if found.dropped:
        click.echo(f"{found.dropped:,} were damaged and are gone.")
    if found.rebuilt:
        click.echo("The file was damaged and has been made anew.")


def _day(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M UTC")
