"""`extractor gold`: checking, comparing and exchanging hand-made labels."""

import click

from extractor.cli.trouble import Group


@click.group(cls=Group)
def gold() -> None:
    """Check, compare and exchange hand-made labels."""
