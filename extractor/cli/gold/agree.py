"""`extractor gold agree`: how well annotators agree."""

from pathlib import Path

import click

from extractor.cli.front import EXITS
from extractor.cli.trouble import verbosity
from extractor.escapes import escaped

_EXAMPLES = """\
\b
Examples:
  extractor gold agree ann/ ben/                 one folder for each annotator
  extractor gold agree labelled/ -t quotes       one that holds them all
"""


@click.command(epilog=_EXAMPLES + EXITS)
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-t",
    "--layer",
    "layers",
    multiple=True,
    metavar="LAYER",
    help="Compare this layer alone; may be repeated.",
)
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="A table, or one object.",
)
@verbosity
def agree(folders: tuple[Path, ...], layers: tuple[str, ...], form: str) -> None:
    """Print how well those who labelled the same articles agree.

    FOLDERS is one folder for each annotator, or one that holds them all: in sub-folders
    called by their names, or in files that name their annotators.
    """
    from extractor.errors import UsageError
    from extractor.evaluation import agreement
    from extractor.evaluation.interchange import read_annotators, read_gold

    if len(folders) == 1:
        labellings = read_annotators(folders[0])
    else:
        labellings = {str(folder): read_gold(folder) for folder in folders}
        if len(labellings) < len(folders):
            raise UsageError("A folder was named twice; name each annotator once.")
    found = agreement.agree(labellings, layers=layers)
    if form == "json":
        click.echo(escaped(found.model_dump_json(indent=1)))
    else:
        click.echo(found.table())
