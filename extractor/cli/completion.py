"""`extractor completion`, and what the shell offers for names that are ours."""

import click
from click.shell_completion import CompletionItem, get_completion_class

from extractor.cli.front import EXITS

SHELLS = ("bash", "zsh", "fish")

_EXAMPLES = """\
\b
Examples:
  eval "$(extractor completion bash)"     in this shell; in ~/.bashrc for all
  eval "$(extractor completion zsh)"      the same, in ~/.zshrc
  extractor completion fish > ~/.config/fish/completions/extractor.fish
"""


@click.command(epilog=_EXAMPLES + EXITS)
@click.argument("shell", type=click.Choice(SHELLS), metavar="bash|zsh|fish")
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print what makes a shell complete commands.

    The tab key then completes commands and options, and models, tasks, formats,
    prompts and files after them. bash has to be 4.4 or newer.
    """
    chosen = get_completion_class(shell)
    assert chosen is not None  # click has all three
    command = ctx.find_root().command
    click.echo(chosen(command, {}, "extractor", "_EXTRACTOR_COMPLETE").source())


def complete_models(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """The models that need no endpoint; files where a path was begun."""
    from extractor.weights.catalogue import CATALOGUE

    if incomplete.startswith((".", "/", "~")):
        return [CompletionItem(incomplete, type="file")]
    notes = {"rules": "no model, fast"}
    for model in CATALOGUE:
        size = f"{model.bytes / 1e6:,.0f} MB, {model.licence}"
        notes |= dict.fromkeys((*model.aliases, model.name), size)
    return _starting(incomplete, notes)


def complete_weights(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """The models that can be fetched."""
    found = complete_models(ctx, param, incomplete)
    return [item for item in found if item.value != "rules"]


def complete_prompts(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """The prompts that the package comes with."""
    from extractor.prompting import list_prompts

    return _starting(incomplete, {prompt.id: "" for prompt in list_prompts()})


def _starting(incomplete: str, notes: dict[str, str]) -> list[CompletionItem]:
    return [
        CompletionItem(name, help=note or None)
        for name, note in notes.items()
        if name.startswith(incomplete)
    ]
