"""`extractor gold`: checking, comparing and exchanging hand-made labels."""

import click

from extractor.cli.gold.agree import agree
from extractor.cli.gold.exchange import export, import_
from extractor.cli.gold.freeze import freeze
from extractor.cli.gold.lint import lint
from extractor.cli.trouble import Group

_EXAMPLES = """\
\b
Examples:
  extractor gold import annotated/ -o gold/    labels that you made in brat
  extractor gold lint gold/                    what is wrong with them
  extractor gold agree ann/ ben/               how well two people agree
  extractor gold freeze gold/                  fix which labels scores are about
  extractor eval gold/ -m rules -o runs/rules  score a model with them
"""


@click.group(cls=Group, epilog=_EXAMPLES)
def gold() -> None:
    """Check, compare and exchange hand-made labels."""


for command in (lint, agree, import_, export, freeze):
    gold.add_command(command)
