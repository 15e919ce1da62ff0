"""`extractor schema` and `extractor prompts`: what the package comes with."""

import json

import click

from extractor.cli.completion import complete_prompts
from extractor.cli.front import EXITS


@click.command(
    epilog="""\
\b
Examples:
  extractor schema > result.schema.json
  extractor schema gold
"""
    + EXITS
)
@click.argument(
    "name",
    type=click.Choice(("result", "gold")),
    default="result",
    metavar="[result|gold]",
)
def schema(name: str) -> None:
    """Print the JSON Schema of a result, or of gold.

    Gold is hand-made labels beside an article, which `extractor eval` scores with.
    """
    from extractor.evaluation.gold import GoldArticle
    from extractor.schema import Extraction

    if name == "gold":
        described = GoldArticle.model_json_schema(mode="serialization")
    else:
        described = Extraction.model_json_schema()
    click.echo(json.dumps(described, indent=2))


@click.command(
    epilog="""\
\b
Examples:
  extractor prompts
  extractor prompts quotes.v3
"""
    + EXITS
)
@click.argument("name", required=False, shell_complete=complete_prompts)
def prompts(name: str | None) -> None:
    """List the prompts, or print one.

    The list gives each prompt's name, version and sha256, as results name them under
    provenance; NAME is one of the list, such as quotes.v3.
    """
    from extractor.prompting import list_prompts, read_prompt

    if name:
        click.echo(read_prompt(name), nl=False)
        return
    for prompt in list_prompts():
        click.echo(f"{prompt.id:<20} {prompt.sha256}")
