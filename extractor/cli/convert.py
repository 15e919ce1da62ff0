"""`extractor convert`: extractions in the formats of others."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from extractor.cli.config import configurable
from extractor.cli.front import EXITS
from extractor.cli.options import quiet_option
from extractor.cli.output import opened
from extractor.cli.trouble import printable, verbosity
from extractor.errors import InputError

if TYPE_CHECKING:
    from extractor.export import Target
    from extractor.schema import Extraction

_TARGETS = (
    "json",
    "jsonl",
    "csv",
    "parquet",
    "w3c",
    "schemaorg",
    "brat",
    "prodigy",
    "labelstudio",
)
_TABLES = (
    "documents",
    "quotes",
    "speakers",
    "mentions",
    "claims",
    "events",
    "participants",
    "items",
    "rejected",
)

_EXAMPLES = """\
\b
Examples:
  extractor convert found.json --to csv -o tables/
  extractor convert found.jsonl --to csv --table quotes -o quotes.csv
  extractor convert rows.jsonl more.jsonl --to parquet -o found.parquet
  extractor extract article.txt | extractor convert - --to w3c -o found.jsonld
  extractor convert found.jsonl --to labelstudio -o project/

\b
What becomes of FORMAT:
  json, jsonl   all there is, for programs
  csv           flat tables for spreadsheets, a file each
  parquet       all there is, a row for each article; with --table that table
  w3c           Web Annotations (JSON-LD), all there is, for archives
  schemaorg     quotations and claims as JSON-LD, for web pages
  brat, prodigy, labelstudio
                to look through and mend; `extractor gold import` reads them
"""


@click.command(epilog=_EXAMPLES + EXITS)
@click.argument("results", nargs=-1, required=True, metavar="RESULT...")
@click.option(
    "--to",
    "target",
    required=True,
    type=click.Choice(_TARGETS),
    metavar="FORMAT",
    help=f"{', '.join(_TARGETS[:-1])} or {_TARGETS[-1]}.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="OUT",
    help="File to write, whole or not at all; a new folder for csv, brat and "
    "labelstudio.  [default: standard output]",
)
@click.option(
    "--table",
    type=click.Choice(_TABLES),
    metavar="TABLE",
    help="Write this table alone, of csv or parquet: "
    f"{', '.join(_TABLES[:-1])} or {_TABLES[-1]}.",
)
@configurable
@quiet_option
@verbosity
def convert(
    results: tuple[str, ...],
    target: "Target",
    output: Path | None,
    table: str | None,
    quiet: bool,
) -> None:
    """Convert results into another format.

    RESULT is what extract or batch wrote, as JSON, JSON Lines or Parquet (a file or a
    folder of them), or annotations that convert itself wrote; - is standard input.
    Articles that failed in a batch are left out.
    """
    from extractor.export import check_target, read_results, stream, write_results

    output = None if output == Path("-") else output
    _check_inputs(results, output)
    check_target(target, output, table)
    left_out: list[str] = []
    found = _at_least_one(read_results(*results, on_failed=left_out.append))
    if output is None:
        with opened(None, target) as write:
            for piece in stream(found, target, table):
                write(piece)
    else:
        counted = Counter[str]()
        write_results(_counting(found, counted), target, output, table)
        _tell(f"Wrote {_articles(counted.total())} to {output}.", quiet)
    if left_out:
        _tell(f"Left out {_articles(len(left_out))} without a result.", quiet)


def _check_inputs(results: tuple[str, ...], output: Path | None) -> None:
    if output is None or not output.exists():
        return
    for result in results:
        if Path(result).exists() and output.samefile(result):
            raise click.UsageError(f"{output} is an input: choose another place.")


def _at_least_one(found: "Iterator[Extraction]") -> "Iterator[Extraction]":
    first = next(found, None)
    if first is None:
        raise InputError("There is no result to convert: all articles failed.")
    return chain([first], found)


def _counting(
    found: "Iterator[Extraction]", counted: Counter[str]
) -> "Iterator[Extraction]":
    for extraction in found:
        counted["articles"] += 1
        yield extraction


def _articles(count: int) -> str:
    return f"{count:,} article{'' if count == 1 else 's'}"


def _tell(sentence: str, quiet: bool) -> None:
    if not quiet:
        click.echo(printable(sentence), err=True)
