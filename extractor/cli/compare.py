"""`extractor compare`: two runs on the same gold, and whether the new one may pass."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from extractor.cli.config import configurable
from extractor.cli.trouble import verbosity

if TYPE_CHECKING:
    from extractor.evaluation.comparison import Comparison

_FILE = click.Path(path_type=Path, dir_okay=False)
_FOLDER = click.Path(path_type=Path, file_okay=False)

_EXAMPLES = """\
\b
Examples:
  extractor compare runs/rules runs/mini
  extractor compare runs/main runs/branch --markdown summary.md --junit junit.xml
  extractor compare runs/main runs/branch --must-pass harbour/q3 --html compare.html

\b
Exit codes: 0 NEW is no worse than BASE by more than the margin, 1 failure or wrong
usage, 2 NEW is worse, or an item that must be right broke, 3 the articles are too
few to tell, 4 the runs cannot be compared.
"""


class _WrongUsage(click.UsageError):
    exit_code = 1


class _Compare(click.Command):
    """Exits with 1 on wrong usage: 2 is to mean a regression and nothing else."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: object,
    ) -> click.Context:
        """The context of the command."""
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            raise _WrongUsage(error.format_message(), error.ctx) from error


@click.command(cls=_Compare, epilog=_EXAMPLES)
@click.argument("base", type=_FOLDER)
@click.argument("new", type=_FOLDER)
@click.option(
    "--metric",
    metavar="NAME",
    default="quotes.joint",
    show_default=True,
    help="The measure that decides, as the scores name it.",
)
@click.option(
    "--margin",
    type=float,
    metavar="X",
    default=0.05,
    show_default=True,
    help="Loss in it that is put up with.",
)
@click.option(
    "--must-pass",
    multiple=True,
    metavar="ITEM",
    help="A labelled item that may not break, ARTICLE/ID; may be repeated. Labels "
    "with the tag must_pass are such items too.",
)
@click.option("--html", type=_FILE, metavar="FILE", help="Write a page to read.")
@click.option(
    "--markdown", type=_FILE, metavar="FILE", help="Write a summary for a pull request."
)
@click.option(
    "--junit", type=_FILE, metavar="FILE", help="Write JUnit XML for a build server."
)
@configurable
@verbosity
@click.pass_context
def compare(
    ctx: click.Context,
    base: Path,
    new: Path,
    metric: str,
    margin: float,
    must_pass: tuple[str, ...],
    html: Path | None,
    markdown: Path | None,
    junit: Path | None,
) -> None:
    """Compare the run NEW with the run BASE, and judge it.

    They are compared item by item. Both are folders that `extractor eval` made, on the
    same gold and scored by the same version.
    """
    from extractor.errors import UsageError
    from extractor.evaluation.comparison import compare as compare_runs
    from extractor.evaluation.comparison import read_run
    from extractor.evaluation.manifest import write_whole

    base_run, base_scores = read_run(base)
    new_run, new_scores = read_run(new)
    try:
        comparison = compare_runs(
            base_scores,
            new_scores,
            base_run=base_run,
            new_run=new_run,
            metric=metric,
            margin=margin,
            must_pass=must_pass,
        )
    except UsageError as error:
        raise click.ClickException(str(error)) from error
    if html:
        write_whole(html, comparison.to_html().encode())
    if markdown:
        write_whole(markdown, comparison.to_markdown().encode())
    if junit:
        write_whole(junit, comparison.to_junit().encode())
    click.echo(_table(comparison), nl=False)
    ctx.exit(comparison.exit_code)


def _table(comparison: Comparison) -> str:
    """The listing, as wide as the terminal and in colour where there is one."""
    from rich.console import Console

    console = Console(file=sys.stdout)
    if not console.is_terminal:
        return comparison.table()
    return comparison.table(console.width, color=True)
