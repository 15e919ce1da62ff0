"""`extractor gold`: checking, comparing and exchanging hand-made labels."""

import click

from extractor.cli.gold.agree import agree
from extractor.cli.gold.exchange import export, import_
from extractor.cli.gold.freeze import freeze
from extractor.cli.gold.lint import lint
from extractor.cli.trouble import Group


@click.group(cls=Group)
def gold() -> None:
    """Check, compare and exchange hand-made labels."""


for command in (lint, agree, import_, export, freeze):
    gold.add_command(command)
