"""`extractor models`: the models that run on this machine."""

import click

from extractor.cli.progress import fetch
from extractor.cli.trouble import verbosity


@click.group()
def models() -> None:
    """List, fetch and find the models that run on this machine."""


@models.command("list")
def list_models() -> None:
    """List the models, their sizes and licences, and which are here."""
    from extractor.weights import list_models

    for status in list_models():
        model = status.model
        click.echo(
            f"{model.name:<20} {model.bytes / 1e6:>6,.0f} MB  {model.licence:<11} "
            f"{'here' if status.present else 'not fetched':<11} "
            f"{', '.join(model.aliases)}".rstrip()
        )


@models.command()
@click.argument("name", default="local")
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
@verbosity
def pull(name: str, quiet: bool) -> None:
    """Fetch the model NAME (default: local) and print where it lies.

    A download that was broken off goes on where it ended.
    """
    from extractor.weights import pull

    click.echo(fetch(pull, name, quiet))


@models.command()
@click.argument("name", default="local")
def path(name: str) -> None:
    """Print where the model NAME (default: local) lies."""
    from extractor.weights import find

    click.echo(find(name))
