"""`extractor gold freeze`: fixing which labels a score is about."""

from pathlib import Path

import click

from extractor.cli.front import EXITS
from extractor.cli.trouble import verbosity


@click.command(
    epilog="""\
\b
Example:
  extractor gold freeze gold/
"""
    + EXITS
)
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@verbosity
def freeze(folder: Path) -> None:
    """Write the manifest of the gold in FOLDER.

    manifest.json lists every text and label file with its sha256, the version of the
    guidelines and that of the scorer. The root hash, which is printed, stands for all
    of them: scores with the same root hash are scores on the same labels. From then on
    `extractor gold lint` reports edits; after one that is meant, freeze again.
    """
    from extractor.evaluation.manifest import (
        compare_files,
        read_manifest,
        write_manifest,
    )

    before = read_manifest(folder)
    manifest = write_manifest(folder)
    click.echo(manifest.root)
    if before:
        for edit in compare_files(before.files, manifest.files):
            click.echo(f"{edit.what}: {edit.path}", err=True)
    click.echo(f"{len(manifest.files)} files frozen", err=True)
