"""`extractor schema` and `extractor prompts`: what the package comes with."""

import json

import click


@click.command()
@click.argument(
    "name",
    type=click.Choice(("result", "gold")),
    default="result",
    metavar="[result|gold]",
)
def schema(name: str) -> None:
    """Print the JSON Schema of a result, or of hand-made labels (gold)."""
    from extractor.evaluation.gold import GoldArticle
    from extractor.schema import Extraction

    if name == "gold":
        described = GoldArticle.model_json_schema(mode="serialization")
    else:
        described = Extraction.model_json_schema()
    click.echo(json.dumps(described, indent=2))


@click.command()
@click.argument("name", required=False)
def prompts(name: str | None) -> None:
    """List the prompts, or print one.

    The list gives each prompt's name, version and sha256, as results name them under
    provenance; NAME is one of the list, such as quotes.v1.
    """
    from extractor.prompting import list_prompts, read_prompt

    if name:
        click.echo(read_prompt(name), nl=False)
        return
    for prompt in list_prompts():
        click.echo(f"{prompt.id:<20} {prompt.sha256}")
