"""`extractor show`: results to read, in the terminal or as HTML."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from extractor.cli.front import EXITS
from extractor.cli.options import quiet_option
from extractor.cli.output import opened, render
from extractor.cli.trouble import printable, verbosity
from extractor.errors import InputError

if TYPE_CHECKING:
    from extractor.schema import Extraction

_PAGE = (".html", ".htm")
_SHORTEST_ID = 6
"""Characters of an id that stand for all of it."""

_EXAMPLES = """\
\b
Examples:
  extractor show found.json                     read it in the terminal
  extractor show found.json --html found.html   one page, opens in any browser
  extractor show found.jsonl --html pages       a page each, and index.html
  extractor show found.jsonl -n 3               the third article alone
  extractor extract article.txt | extractor show - --html article.html
"""


@click.command(epilog=_EXAMPLES + EXITS)
@click.argument("results", nargs=-1, required=True, metavar="RESULT...")
@click.option(
    "--html",
    type=click.Path(path_type=Path),
    metavar="OUT",
    help="Write a page instead: OUT ends in .html for one article, else it is a new "
    "folder with a page for each and an index that searches them.",
)
@click.option(
    "--id",
    "id",
    metavar="ID",
    help=f"Show the article with this id, its first {_SHORTEST_ID} characters or more, "
    "or this file or address.",
)
@click.option(
    "-n",
    "--number",
    type=click.IntRange(1),
    metavar="N",
    help="Show the N-th article alone, counted from 1.",
)
@quiet_option
@verbosity
def show(
    results: tuple[str, ...],
    html: Path | None,
    id: str | None,
    number: int | None,
    quiet: bool,
) -> None:
    """Show results, as a listing or as HTML.

    RESULT is what extract, batch or convert wrote, as JSON, JSON Lines or Parquet; - is
    standard input. A page holds all it needs: it opens without a network and can be
    sent as it is.
    """
    from extractor.export import read_results

    failed: list[str] = []
    found = _at_least_one(
        _chosen(read_results(*results, on_failed=failed.append), id, number)
    )
    if html is None:
        _write(render("text", found, to_file=False), None, "text")
    elif html.suffix.lower() in _PAGE:
        _write(render("html", found, to_file=True), html, "html")
    else:
        _write_folder(found, html, failed, _teller(quiet))
    if failed:
        articles = f"{len(failed):,} article{'' if len(failed) == 1 else 's'}"
        _teller(quiet)(f"{articles} in there failed and cannot be shown.")


def _chosen(
    found: "Iterator[Extraction]", id: str | None, number: int | None
) -> "Iterator[Extraction]":
    if id is not None:
        found = (extraction for extraction in found if _is_named(extraction, id))
    return found if number is None else islice(found, number - 1, number)


def _is_named(extraction: "Extraction", id: str) -> bool:
    document = extraction.document
    is_start = len(id) >= _SHORTEST_ID and document.id.startswith(id)
    return is_start or id in (document.id, document.source)


def _at_least_one(found: "Iterator[Extraction]") -> "Iterator[Extraction]":
    first = next(found, None)
    if first is None:
        raise InputError(
            "There is no such result to show: check --id, -n and the file."
        )
    return chain([first], found)


def _write(pieces: Iterable[str], output: Path | None, name: str) -> None:
    with opened(output, name) as write:
        for piece in pieces:
            write(piece)


def _write_folder(
    found: "Iterator[Extraction]",
    folder: Path,
    failed: list[str],
    tell: Callable[[str], None],
) -> None:
    from extractor.report import INDEX, write_pages

    many = write_pages(folder, found, failed)
    pages = f"{many:,} page{'' if many == 1 else 's'}"
    tell(f"Wrote {pages}: open {folder / INDEX}.")


def _teller(quiet: bool) -> Callable[[str], None]:
    def tell(sentence: str) -> None:
        if not quiet:
            click.echo(printable(sentence), err=True)

    return tell
