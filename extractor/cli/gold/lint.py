"""`extractor gold lint`: checking hand-made labels."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from extractor.cli.trouble import printable, verbosity
from extractor.escapes import escaped

if TYPE_CHECKING:
    from extractor.evaluation.lint import Finding, Mend

_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


def _show_codes(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value:
        from extractor.evaluation.lint import CODES

        for code, title in CODES.items():
            click.echo(f"{code:<4} {title}")
        ctx.exit()


_EXAMPLES = """\
\b
Examples:
  extractor gold lint gold/
  extractor gold lint gold/test --against gold/dev --strict
  extractor gold lint gold/ --fix

\b
Exit codes: 0 no errors (nor warnings, with --strict), 1 errors, or failure,
2 wrong usage.
"""


@click.command(epilog=_EXAMPLES)
@click.argument("folder", type=_FOLDER)
@click.option(
    "--against",
    "others",
    type=_FOLDER,
    multiple=True,
    metavar="FOLDER",
    help="Gold of another split, which must not share an article; may be repeated.",
)
@click.option(
    "--prompts",
    type=_FOLDER,
    metavar="FOLDER",
    help="Prompts, which must not hold text of the test split.  [default: extractor's]",
)
@click.option(
    "--types",
    metavar="LIST",
    help="Event types allowed, with commas between; any, for all.  [default: ACE's "
    "eight, Disaster, Statement, Other]",
)
@click.option(
    "--roles",
    metavar="LIST",
    help="Roles of event arguments allowed, likewise.  [default: agent, patient, "
    "recipient, instrument]",
)
@click.option("--fix", is_flag=True, help="Mend what is wrong beyond doubt.")
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.option(
    "--codes",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_codes,
    help="List the codes and what they mean.",
)
@click.option(
    "-f",
    "--format",
    "format",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="One line for each finding, or one object.",
)
@verbosity
@click.pass_context
def lint(
    ctx: click.Context,
    folder: Path,
    others: tuple[Path, ...],
    prompts: Path | None,
    types: str | None,
    roles: str | None,
    fix: bool,
    strict: bool,
    format: str,
) -> None:
    """Check hand-made labels.

    Offsets, links, quotation marks, splits, and leaks into prompts are checked. Each
    line names the file, the code, the item, what is wrong and what to do. --fix mends
    slipped spans whose words stand at one place only, white space at their edges, line
    ends that a tool changed, and the recorded length of a text.
    """
    from extractor.evaluation.lint import EVENT_TYPES, ROLES, mend
    from extractor.evaluation.lint import lint as find

    mends = mend(folder) if fix else []
    findings = find(
        folder,
        others=others,
        prompts=prompts,
        event_types=_listed(types, EVENT_TYPES),
        roles=_listed(roles, ROLES),
    )
    write = _write_json if format == "json" else _write_lines
    write(mends, findings)
    errors = sum(finding.severity == "error" for finding in findings)
    warnings = len(findings) - errors
    mended = f", mended: {len(mends)}" if fix else ""
    click.echo(f"errors: {errors}, warnings: {warnings}{mended}", err=True)
    ctx.exit(1 if errors or (strict and warnings) else 0)


def _listed(given: str | None, default: Sequence[str]) -> Sequence[str]:
    if given is None:
        return default
    if given.strip().lower() == "any":
        return ()
    return [name.strip() for name in given.split(",") if name.strip()]


def _write_lines(mends: "Sequence[Mend]", findings: "Sequence[Finding]") -> None:
    for mended in mends:
        place = f"{mended.code} {mended.item}".rstrip()
        click.echo(printable(f"{mended.file}: {place}: mended: {mended.what}"))
    for found in findings:
        place = f"{found.code} {found.item}".rstrip()
        line = f"{found.file}: {place}: {found.message}; {found.remedy}"
        click.echo(printable(line.replace("\n", " ")))


def _write_json(mends: "Sequence[Mend]", findings: "Sequence[Finding]") -> None:
    content = {
        "mended": [asdict(mended) for mended in mends],
        "findings": [
            {"severity": found.severity, **asdict(found)} for found in findings
        ],
    }
    click.echo(escaped(json.dumps(content, ensure_ascii=False, indent=2)))
