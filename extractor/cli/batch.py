"""`extractor batch`: any number of articles, one row each, whatever happens."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from extractor.cli.config import configurable
from extractor.cli.extract import iso_date
from extractor.cli.interrupts import Interrupt
from extractor.cli.on_ray import run_on_ray
from extractor.cli.options import (
    base_url_option,
    event_types_option,
    model_option,
    quiet_option,
    tasks_option,
)
from extractor.cli.progress import fetch, tell
from extractor.cli.tally import Tally, closing_lines
from extractor.cli.trouble import INTERRUPTED, verbosity, verbosity_of
from extractor.errors import RunStopped

if TYPE_CHECKING:
    from extractor.batch import Listing, Session, Summary

_FILE = click.Path(path_type=Path, dir_okay=False)

_EXAMPLES = """\
\b
Examples:
  extractor batch news/ -o found.jsonl -m rules
  extractor batch 'news/2024-*.jsonl' -o found.jsonl -m gpt-5-mini
  extractor batch news.parquet -o found/ -m gpt-5-mini -t quotes
  zcat news.jsonl.gz | extractor batch - -o found.jsonl
  extractor batch news/ -o found.jsonl -m gpt-5-mini \\
      --prices prices.toml --max-cost 20

\b
Interrupted or killed, the same command goes on: every answer and every row is
kept as soon as it is there, in the user's cache folder, EXTRACTOR_STORE or
--store. OUT is written at the end, in the order of the articles: a line or
row for each, with id, source, status (ok, partial or failed), code, message
and extraction. `extractor cache` looks after what is kept.

\b
Exit codes: 0 all well, 1 failure, or ended early, 2 wrong usage, 3 some
articles failed or are partial (all are in OUT), 130 interrupted.
"""


@click.command(epilog=_EXAMPLES)
@click.argument("sources", nargs=-1, required=True, metavar="INPUT...")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="OUT",
    help="A .jsonl file, or a folder for Parquet files.  [default: JSON Lines to "
    "standard output]",
)
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(("jsonl", "parquet")),
    metavar="FORMAT",
    help="jsonl or parquet.  [default: by OUT]",
)
@model_option
@tasks_option("all")
@event_types_option
@base_url_option
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, 256),
    metavar="N",
    envvar="EXTRACTOR_JOBS",
    help="Articles to work on at the same time.  [default: 32 with an endpoint, whose "
    "pace is found out; else 1]",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0.1),
    metavar="SECONDS",
    default=120,
    show_default=True,
    help="What one call to an endpoint may take.",
)
@click.option(
    "-p",
    "--published",
    metavar="DATE",
    callback=iso_date,
    help="Publication date of all articles (2016-08-16).",
)
@click.option(
    "--language",
    metavar="TAG",
    envvar="EXTRACTOR_LANGUAGE",
    help="Language of all articles, such as en.  [default: each one's]",
)
@click.option(
    "--prices",
    type=_FILE,
    metavar="FILE",
    help="What tokens cost; see `extractor eval -h`.",
)
@click.option(
    "--max-cost",
    type=click.FloatRange(min=0),
    metavar="X",
    help="Spend no more than X on OUT, in all attempts; needs --prices.",
)
@click.option(
    "--max-tokens",
    type=click.IntRange(min=1),
    metavar="N",
    help="Spend no more than N tokens on OUT, prompts and replies together.",
)
@click.option(
    "--store",
    type=_FILE,
    metavar="FILE",
    envvar="EXTRACTOR_STORE",
    help="Where answers and rows are kept.  [default: the user's cache folder]",
)
@click.option(
    "--no-cache",
    is_flag=True,
    help="Take nothing from the store and keep nothing; cannot go on later.",
)
@click.option(
    "--again", is_flag=True, help="Try failed and partial articles once more."
)
@click.option(
    "--batch-api",
    is_flag=True,
    help="Ask by the endpoint's batch interface: cheaper, but answers take up to a "
    "day, and a few rounds of them. --prices are to be those of batches.",
)
@click.option(
    "--accounts",
    is_flag=True,
    help="Add calls, tokens and seconds of each article to OUT.",
)
@click.option(
    "--engine",
    type=click.Choice(("local", "ray")),
    default="local",
    show_default=True,
    help="ray: all cores of this machine, or of the cluster at RAY_ADDRESS; OUT is a "
    "folder that every node sees.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    metavar="N",
    help="Processes that share the work.  [default: 1; with --engine ray one for each "
    "core]",
)
@configurable
@quiet_option
@verbosity
@click.pass_context
def batch(
    ctx: click.Context,
    /,
    sources: tuple[str, ...],
    output: Path | None,
    form: Any,
    jobs: int | None,
    store: Path | None,
    no_cache: bool,
    accounts: bool,
    engine: str,
    workers: int | None,
    quiet: bool,
    **options: Any,
) -> None:
    """Extract from many articles, and go on after whatever stops it.

    INPUT is a text, Markdown or HTML file, a .jsonl file (one article a line, with
    fields text, id, title, published, language, url), a Parquet file (the same as
    columns), a folder of such files, a glob pattern, or - for standard input. Every
    article ends in one row. No answer is paid for twice, not even for two articles
    with the same text.
    """
    from extractor.batch import Listing, check_output, form_of
    from extractor.store import Store

    output = None if output == Path("-") else output
    form = form_of(output, form)
    if output:
        _check_apart(sources, output)
    if engine == "ray":
        if options.pop("batch_api"):
            raise click.UsageError("--batch-api needs no --engine ray: leave it out.")
        options |= {"store": store, "no_cache": no_cache}
        options |= {"jobs": jobs, "accounts": accounts}
        _finish(ctx, run_on_ray(sources, output, form, options, workers, quiet))
        return
    if no_cache and options["batch_api"]:
        raise click.UsageError("--batch-api needs the store: leave out --no-cache.")
    if output:
        check_output(output, form)
    with (
        _place(store, no_cache) as path,
        Store(path) as kept,
        _session(sources, kept, output, quiet, options) as session,
        session.alone(),
        Listing() as listing,
    ):
        tally = Tally(session.account, quiet, verbosity_of(ctx) > 0)
        session.on_wait = tally.wait
        share = {"jobs": jobs, "workers": workers or 1}
        summary = _work(session, listing, share, tally, no_cache)
        _write(session, listing, output, form, accounts)
        if not quiet:
            tell("\n".join(closing_lines(summary, session.account, tally, output)))
        _finish(ctx, summary)


@contextmanager
def _place(store: Path | None, no_cache: bool) -> Iterator[Path]:
    """Where the store is; without cache, for as long as the block lasts."""
    from extractor.store import default_path

    if not no_cache:
        yield store or default_path()
        return
    ctx = click.get_current_context()
    if ctx.get_parameter_source("store") == ParameterSource.COMMANDLINE:
        raise click.UsageError("--store and --no-cache exclude each other.")
    with TemporaryDirectory(prefix="extractor-") as folder:
        yield Path(folder) / "store.sqlite"


def _session(
    sources: tuple[str, ...],
    store: Any,
    output: Path | None,
    quiet: bool,
    options: dict[str, Any],
) -> Session:
    from extractor.batch import Session, Sources
    from extractor.costs import read_price
    from extractor.pipeline import ALL_TASKS, RULES
    from extractor.weights import locate

    published, language = options.pop("published"), options.pop("language")
    prices, model = options.pop("prices"), options["model"]
    if model != RULES and not options["base_url"]:
        fetch(locate, model, quiet)
    options["tasks"] = options["tasks"] or ALL_TASKS
    price = read_price(prices, model) if prices else None
    return Session(
        Sources(sources, published, language),
        store,
        output=output,
        price=price,
        **options,
    )


def _work(
    session: Session,
    listing: Listing,
    share: dict[str, Any],
    tally: Tally,
    no_cache: bool,
) -> Summary:
    """Makes the rows; where that ends early, says how to go on."""
    session.check_limits()
    interrupt = Interrupt(session.stop)
    goes_on = "nothing is kept with --no-cache" if no_cache else _GOES_ON
    if session.batch_api:
        goes_on = _COLLECTS
    try:
        with interrupt.heeded(), tally.shown(session.sources):
            return session.work(listing, progress=tally.follow, **share)
    except KeyboardInterrupt:
        pass
    except RunStopped as error:
        if not interrupt.came:
            tell(f"Error: {error}")
    how = "Interrupted" if interrupt.came else "Ended early"
    tell(f"{how}: {tally.done:,} articles are done; {goes_on}.")
    raise click.exceptions.Exit(INTERRUPTED if interrupt.came else 1)


_GOES_ON = "the same command goes on from there"
_COLLECTS = "the same command collects what was submitted and goes on"


def _write(
    session: Session,
    listing: Listing,
    output: Path | None,
    form: str,
    accounts: bool,
) -> None:
    from extractor.batch import write_jsonl, write_lines, write_parquet

    rows = session.rows(listing)
    if output is None:
        write_lines(rows, sys.stdout.buffer.write, accounts=accounts)
        sys.stdout.buffer.flush()
    elif form == "parquet":
        write_parquet(rows, output, accounts=accounts)
    else:
        write_jsonl(rows, output, accounts=accounts)


def _check_apart(sources: tuple[str, ...], output: Path) -> None:
    """Refuses to write where the next run would read."""
    target = output.resolve()
    for name in sources:
        source = Path(name).resolve()
        if source == target or (source.is_dir() and source in target.parents):
            raise click.UsageError(
                f"{output} lies in the input {name}: choose another place."
            )


def _finish(ctx: click.Context, summary: Summary) -> None:
    """Ends the command with the exit code of the run."""
    failed, partial = summary.statuses["failed"], summary.statuses["partial"]
    if failed:
        total = f"{summary.done:,} articles"
        tell(f"Error: {failed:,} of {total} failed; their rows say why.")
    if summary.passing:
        many = f"{summary.passing:,} failed, also in part,"
        tell(f"Run the same again: {many} for a reason that may be gone by then.")
    if failed == summary.done:
        ctx.exit(1)
    if failed or partial:
        ctx.exit(3)
