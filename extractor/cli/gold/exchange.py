"""`extractor gold import` and `export`: labels from other tools, and to them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from extractor.cli.front import EXITS
from extractor.cli.trouble import printable, verbosity

if TYPE_CHECKING:
    from extractor.evaluation.gold import GoldArticle, Layer
    from extractor.evaluation.interchange import Format, Target

_FORMATS = ("brat", "prodigy", "labelstudio", "corpus")
_TARGETS = ("brat", "prodigy", "labelstudio")
_LAYERS = ("quotes", "speakers", "claims", "events")
_SHOWN = 20
"""Remarks that are printed; the others are counted."""

_FORCE = click.option("--force", is_flag=True, help="Overwrite files that exist.")

_IMPORT_EXAMPLES = """\
\b
Examples:
  extractor gold import annotated/ -o gold/            a folder of brat's
  extractor gold import dataset.jsonl -o gold/         what Prodigy's db-out wrote
  extractor gold import project.json -o gold/ --layer quotes --layer speakers
"""

_EXPORT_EXAMPLES = """\
\b
Examples:
  extractor gold export gold/ -o annotate/ --to brat
  extractor gold export gold/ -o tasks.json --to labelstudio
"""


@click.command("import", epilog=_IMPORT_EXAMPLES + EXITS)
@click.argument(
    "sources",
    nargs=-1,
    required=True,
    metavar="SOURCE...",
    type=click.Path(path_type=Path),
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Folder for the gold articles.",
)
@click.option(
    "--from",
    "format_",
    type=click.Choice(_FORMATS),
    metavar="FORMAT",
    help="brat, prodigy, labelstudio or corpus.  [default: told from the files]",
)
@click.option(
    "-t",
    "--layer",
    "layers",
    multiple=True,
    type=click.Choice(_LAYERS),
    metavar="LAYER",
    help="What was labelled, quotes, speakers, claims or events; may be repeated.  "
    "[default: as the files say, else what is found in any of them]",
)
@_FORCE
@verbosity
def import_(
    sources: tuple[Path, ...],
    output: Path,
    format_: "Format | None",
    layers: "tuple[Layer, ...]",
    force: bool,
) -> None:
    """Make gold articles from the labels of another tool.

    SOURCE is a file, or a folder, whose sub-folders are left alone: brat's .ann files
    with their texts, JSON lines from Prodigy, JSON from Label Studio, or articles of a
    corpus. Articles that several people labelled go to a sub-folder for each of them.

    With --force, what brat cannot hold (title, date, licence, who labelled) is kept
    from the article of the same text that is overwritten.
    """
    from extractor.evaluation.interchange import import_gold, write_gold

    known = output if force and output.is_dir() else None
    found = import_gold(sources, format_, layers, known)
    paths = write_gold(found.articles, output, force)
    for remark in found.remarks[:_SHOWN]:
        _tell(f"Not used: {remark}.")
    if len(found.remarks) > _SHOWN:
        _tell(f"Not used: {len(found.remarks) - _SHOWN} more.")
    _tell(f"Wrote {_articles(paths)} to {output}: {_items(found.articles)}.")


@click.command("export", epilog=_EXPORT_EXAMPLES + EXITS)
@click.argument(
    "sources",
    nargs=-1,
    required=True,
    metavar="GOLD...",
    type=click.Path(path_type=Path),
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Folder to write to; for prodigy a .jsonl, for labelstudio a .json file too.",
)
@click.option(
    "--to",
    "target",
    required=True,
    type=click.Choice(_TARGETS),
    metavar="FORMAT",
    help="brat, prodigy or labelstudio.",
)
@_FORCE
@verbosity
def export(
    sources: tuple[Path, ...], output: Path, target: "Target", force: bool
) -> None:
    """Write gold articles for another tool to show and edit.

    GOLD is a folder of gold articles or of a corpus, or one file of them. brat gets a
    text and a label file for each article and its annotation.conf, Label Studio one
    file of tasks and the labelling interface as .xml beside it, Prodigy one file of
    JSON lines.
    """
    from extractor.evaluation.interchange import export_gold, read_gold

    articles = [article for source in sources for article in read_gold(source)]
    made = export_gold(articles, target, output, force)
    _tell(f"Wrote {_articles(articles)} to {output}: {_items(articles)}.")
    if made.lost:
        _tell(f"{target} does not hold: {_counted(made.lost)}.")


def _tell(sentence: str) -> None:
    click.echo(printable(sentence), err=True)


def _articles(items: Sequence[object]) -> str:
    return f"{len(items)} article{'' if len(items) == 1 else 's'}"


def _items(articles: "Iterable[GoldArticle]") -> str:
    counts: Counter[str] = Counter()
    for article in articles:
        for name in ("entities", "quotes", "claims", "events"):
            counts[name] += len(getattr(article, name))
    return ", ".join(f"{count} {name}" for name, count in counts.items())


def _counted(fields: Counter[str]) -> str:
    return ", ".join(f"{name} ({count})" for name, count in sorted(fields.items()))
