"""`extractor extract`: articles in, extractions out."""

import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from extractor.cli.config import configurable
from extractor.cli.options import (
    base_url_option,
    event_types_option,
    jobs_option,
    model_option,
    quiet_option,
    tasks_option,
)
from extractor.cli.output import format_of, opened, render
from extractor.cli.run import Run
from extractor.cli.trouble import verbosity

FORMATS = ("json", "jsonl", "text", "html")


def iso_date(
    ctx: click.Context, param: click.Parameter, value: str | None
) -> str | None:
    """Checks an option that takes a day."""
    try:
        return value and date.fromisoformat(value).isoformat()
    except ValueError:
        raise click.BadParameter(f"{value!r} is no date like 2016-08-16.") from None


_EXAMPLES = """\
\b
Examples:
  extractor extract article.txt -f text
  extractor extract article.txt -p 2016-08-16 -o found.json
  extractor extract article.txt -o found.html
  extractor extract article.txt | extractor convert - --to csv -o tables/
  extractor extract -t quotes -t speakers archive/ -o quotes.jsonl
  OPENAI_API_KEY=... extractor extract -m gpt-5-mini article.txt

\b
Settings can stand in the environment (EXTRACTOR_MODEL=rules), as can TASKS,
EVENT_TYPES, FORMAT, LANGUAGE, BASE_URL and JOBS, or in extractor.toml:
  model = "rules"
  tasks = ["quotes", "speakers"]
  [extract]
  format = "text"
An option outranks the environment, which outranks the file.

\b
Exit codes: 0 all well, 1 failure, 2 wrong usage, 3 some articles or tasks
failed (all else was written), 130 interrupted.
"""


@click.command(epilog=_EXAMPLES)
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@model_option
@tasks_option("all")
@event_types_option
@click.option(
    "-f",
    "--format",
    "format",
    type=click.Choice(FORMATS),
    metavar="FORMAT",
    envvar="EXTRACTOR_FORMAT",
    help="json, jsonl, text (a listing to read) or html (a page of one article); "
    "`extractor convert` makes CSV and others of json.  [default: by FILE's suffix, "
    "else json for one article, jsonl for many]",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Write there instead of standard output, whole or not at all.",
)
@click.option(
    "-p",
    "--published",
    metavar="DATE",
    callback=iso_date,
    help='Publication date (2016-08-16), from which "Tuesday" is reckoned.',
)
@click.option(
    "--language",
    metavar="TAG",
    envvar="EXTRACTOR_LANGUAGE",
    help="Language of the articles, such as en.  [default: guessed]",
)
@base_url_option
@jobs_option
@click.option(
    "--dry-run", is_flag=True, help="Print what the model would be asked; ask nothing."
)
@configurable
@quiet_option
@verbosity
@click.pass_context
def extract(
    ctx: click.Context,
    /,
    sources: tuple[str, ...],
    format: str | None,
    output: Path | None,
    published: str | None,
    language: str | None,
    dry_run: bool,
    quiet: bool,
    jobs: int,
    **options: Any,
) -> None:
    """Extract quotes, speakers, claims and events from articles.

    SOURCE is a text, Markdown or HTML file, a .jsonl file (one article a line, with
    fields text, id, title, published, language, url), a folder, a glob pattern, or -
    for standard input, which is also read when something is piped in.
    """
    from extractor.documents import read_many

    files = _sources(sources)
    output = None if output == Path("-") else output
    many = _check_sources(files, output)
    name = format_of(format, output, many)
    run = Run(ctx, quiet, jobs, options, notes=not quiet and name != "text")
    docs = read_many(files, published=published, language=language, on_error=run.unread)
    if dry_run:
        name, pieces = "text", run.questions(docs)
    else:
        pieces = render(name, run.results(docs), output is not None)
    with opened(output, name) as write:
        for piece in pieces:
            write(piece)
    run.finish()


def _sources(sources: tuple[str, ...]) -> list[str]:
    if sources:
        return list(sources)
    if sys.stdin.isatty():
        raise click.UsageError("name a file to read, or pipe an article in.")
    return ["-"]


def _check_sources(sources: list[str], output: Path | None) -> bool:
    """Whether many articles are to be expected; refuses to overwrite one of them."""
    from extractor.documents import list_files

    files = [file for source in sources for file in list_files(source)]
    if output is not None and output.exists():
        for file in files:
            if file != "-" and Path(str(file)).exists() and output.samefile(str(file)):
                raise click.UsageError(f"{output} is an input: choose another file.")
    return files != sources or len(files) > 1 or sources[0].endswith(".jsonl")
