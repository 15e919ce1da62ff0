"""Help reads like a page, and the documents say what the program says."""

import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from docs.generate import commands, documents, filled
from extractor.cli import main
from extractor.cli.front import WIDTH

ROOT = Path(__file__).parents[1]
PAGES = dict(commands())


@pytest.mark.parametrize("name", PAGES)
def test_help_reads_like_a_page(name: str) -> None:
    _, *args = name.split()
    result = CliRunner().invoke(main, [*args, "-h"], terminal_width=WIDTH)
    assert result.exit_code == 0
    assert result.stdout.startswith("Usage: ")
    assert max(map(len, result.stdout.splitlines())) <= WIDTH
    assert "..." not in result.stdout.split("Options:")[0].split("\n", 1)[1]


@pytest.mark.parametrize("name", PAGES)
def test_help_ends_with_examples_and_exit_codes(name: str) -> None:
    page = PAGES[name]
    shown = re.findall(r"^    .*\bextractor (\w+)", page, re.MULTILINE)
    assert re.search(r"^  Examples?:$", page, re.MULTILINE)
    assert set(shown) <= main.commands.keys()
    assert name == "extractor" or name.split()[1] in shown
    is_group = "COMMAND [ARGS]" in page
    assert "Exit codes: 0 " in page or (is_group and name != "extractor")


def test_every_command_stands_in_a_section() -> None:
    page = PAGES["extractor"]
    listed = [
        re.search(rf"^  {name} +\w.*[^.]\.$", page, re.MULTILINE)
        for name in main.commands
    ]
    assert all(listed)
    headings = re.findall(r"^(\w[\w ]+):$", page, re.MULTILINE)
    assert headings == ["Options", "Every day", "How good is it", "Upkeep"]


def test_commands_of_the_page_are_all_there_are() -> None:
    found: set[str] = set()

    def walk(command: click.Command, name: str) -> None:
        found.add(name)
        if isinstance(command, click.Group):
            for child in command.commands.values():
                walk(child, f"{name} {child.name}")

    walk(main, "extractor")
    assert found | {"extractor eval score"} == PAGES.keys()


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_documents_say_what_the_program_says(path: Path) -> None:
    assert path.read_text("utf-8") == documents()[path], "run `make docs`"


def test_document_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="has no marks"):
        filled("Nothing.", "help", "text")
