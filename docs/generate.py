"""Writes into the documents what the program itself says: help and settings.

    python docs/generate.py            # `make docs` does it first

A test holds the documents against it.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import click

from extractor.cli import main
from extractor.cli.config import SHARED, TABLES, key_of, options_of
from extractor.cli.evaluate import evaluate, score

ROOT = Path(__file__).parents[1]
WIDTH = 80
"""Of help in documents, in characters."""


def commands(
    command: click.Command = main, name: str = "extractor"
) -> Iterator[tuple[str, str]]:
    """Every command with its help, groups before their commands."""
    with click.Context(
        command, info_name=name, terminal_width=WIDTH, **main.context_settings
    ) as context:
        yield name, f"```text\n{command.get_help(context)}\n```\n"
        for child in _children(command, context):
            yield from commands(child, f"{name} {child.name}")


def _children(command: click.Command, context: click.Context) -> list[click.Command]:
    if isinstance(command, click.Group):
        names = command.list_commands(context)
        return [command.commands[name] for name in names]
    return [score] if command is evaluate else []


def command_page() -> str:
    """The page of all commands."""
    parts = [_HEAD]
    for name, text in commands():
        level = "#" * min(name.count(" ") + 2, 3)
        parts.append(f"{level} `{name}`\n\n{text}")
    return "\n".join(parts)


def settings_table() -> str:
    """The settings of files, a row for each, with commands and variables."""
    rows = ["| key | commands | variable | what it is |", "|---|---|---|---|"]
    rows += [_row(key, "") for key in SHARED]
    for table, keys in TABLES.items():
        rows += [_row(key, table) for key in keys]
    return "\n".join(rows) + "\n"


def _row(key: str, table: str) -> str:
    taking = {
        name: option
        for name in ([table] if table else TABLES)
        for option in options_of(main.commands[name])
        if key_of(option) == key
    }
    option = next(iter(taking.values()))
    where = f"`[{table}]`" if table else ", ".join(f"`{name}`" for name in taking)
    variable = f"`{option.envvar}`" if option.envvar else ""
    said = re.sub(r"\s*\[default: [^\]]*\]", "", option.help or "").replace("|", "\\|")
    return f"| `{key}` | {where} | {variable} | {said} |"


def filled(document: str, mark: str, content: str) -> str:
    """The document with the content between its two marks.

    Raises:
        ValueError: the document has no such marks.
    """
    begin, end = f"<!-- {mark} -->\n", f"<!-- end of {mark} -->"
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    if not pattern.search(document):
        raise ValueError(f"The document has no marks {begin.strip()!r} and {end!r}.")
    return pattern.sub(lambda _: begin + content + end, document)


def documents() -> dict[Path, str]:
    """What the generated documents should hold."""
    readme, settings = ROOT / "README.md", ROOT / "docs" / "configuration.md"
    _, front = next(commands())
    return {
        readme: filled(readme.read_text("utf-8"), "help", front),
        settings: filled(settings.read_text("utf-8"), "settings", settings_table()),
        ROOT / "docs" / "commands.md": command_page(),
    }


_HEAD = """\
# Commands

<!-- Written by docs/generate.py: edit the help of the commands instead. -->

What `extractor COMMAND -h` says.
"""

if __name__ == "__main__":
    for path, content in documents().items():
        path.write_text(content, "utf-8")
