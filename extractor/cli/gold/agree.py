"""`extractor gold agree`: how well annotators agree."""

from pathlib import Path

import click

from extractor.cli.trouble import verbosity
from extractor.escapes import escaped

_LAYERS = ("quotes", "speakers", "claims", "events")


@click.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-t",
    "--layer",
    "layers",
    multiple=True,
    type=click.Choice(_LAYERS),
    help="Compare this layer alone; may be repeated.",
)
@click.option("-f", "--format", "form", type=click.Choice(["text", "json"]))
@verbosity
def agree(folders: tuple[Path, ...], layers: tuple[str, ...], form: str | None) -> None:
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
    found = agreement.agree(labellings, layers=layers or _LAYERS)
    if form == "json":
        click.echo(escaped(found.model_dump_json(indent=1)))
    else:
        click.echo(found.table())
