"""`extractor models`: the models that run on this machine."""

import click

from extractor.cli.completion import complete_weights
from extractor.cli.front import EXITS
from extractor.cli.progress import fetch
from extractor.cli.trouble import verbosity

_EXAMPLES = """\
\b
Examples:
  extractor models list              which there are, and which are here
  extractor models pull              fetch the default model, 1.1 GB
  extractor models path local        where it lies

\b
They lie in the user's cache folder, or in EXTRACTOR_MODELS. With
EXTRACTOR_OFFLINE=1 none is ever fetched.
"""


@click.group(epilog=_EXAMPLES)
def models() -> None:
    """List, fetch and find the models that run on this machine."""


@models.command(
    "list",
    epilog="""\
\b
Example:
  extractor models list
"""
    + EXITS,
)
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


@models.command(
    epilog="""\
\b
Examples:
  extractor models pull
  extractor models pull qwen2.5-coder-0.5b
"""
    + EXITS
)
@click.argument("name", default="local", shell_complete=complete_weights)
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
@verbosity
def pull(name: str, quiet: bool) -> None:
    """Fetch the model NAME (default: local) and print where it lies.

    A download that was broken off goes on where it ended.
    """
    from extractor.weights import pull

    click.echo(fetch(pull, name, quiet))


@models.command(
    epilog="""\
\b
Examples:
  extractor models path
  llama-server -m "$(extractor models path local)"
"""
    + EXITS
)
@click.argument("name", default="local", shell_complete=complete_weights)
def path(name: str) -> None:
    """Print where the model NAME (default: local) lies."""
    from extractor.weights import find

    click.echo(find(name))
