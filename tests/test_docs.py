"""The documentation builds, is whole, and shows commands that exist."""

import re
import shlex
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from shutil import copytree

import click
import pytest

import extractor
from extractor.cli import main

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "docs").rglob("*.md"))
DOCUMENTS = [ROOT / "README.md", *PAGES]
BLOCK = re.compile(r"^ *```(\w+)[^\n]*\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
CALL = re.compile(r"(?:^|\| )(?:[A-Z_]+=\S+ )*extractor ([^|>#\n]*)", re.MULTILINE)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def blocks(path: Path, language: str) -> list[str]:
    found = BLOCK.findall(path.read_text("utf-8"))
    return [block for kind, block in found if kind == language]


def shown_commands(path: Path) -> list[list[str]]:
    """The calls of `extractor` in the shell blocks of a document."""
    script = "\n".join(blocks(path, "sh")).replace("\\\n", " ")
    return [shlex.split(line) for line in CALL.findall(script)]


def parse(command: click.Command, args: list[str]) -> None:
    """Parses names and options, whatever the values."""
    context = click.Context(command, info_name=command.name)
    if isinstance(command, click.Group):
        assert args and args[0] in command.commands, args
        parse(command.commands[args[0]], args[1:])
    else:
        command.make_parser(context).parse_args(list(args))


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_commands_of_the_documents_exist(path: Path) -> None:
    for args in shown_commands(path):
        parse(main, args)


def test_commands_are_found_in_the_documents() -> None:
    found = [call[0] for path in DOCUMENTS for call in shown_commands(path)]
    assert len(found) > 30
    assert {"extract", "show", "convert", "batch", "eval", "compare"} <= set(found)


def test_wrong_commands_would_be_noticed() -> None:
    with pytest.raises(click.NoSuchOption):
        parse(main, ["extract", "article.txt", "--nonsense"])
    with pytest.raises(AssertionError):
        parse(main, ["gold", "nonsense"])


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_python_of_the_documents_compiles(path: Path) -> None:
    for block in blocks(path, "python"):
        if "--8<--" not in block:
            compile(block, name_of(path), "exec")


def test_library_pages_have_every_public_name() -> None:
    text = "\n".join(path.read_text("utf-8") for path in PAGES)
    shown = set(re.findall(r"^::: extractor\.(?:\w+\.)*(\w+)$", text, re.MULTILINE))
    shown |= {"ALL_TASKS", "ExtractorError"}  # with the tasks, with the errors
    assert set(extractor.__all__) <= shown


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if find_spec("zensical") is None:
        pytest.skip("the packages of docs/requirements.lock are not installed")
    folder = tmp_path_factory.mktemp("site")
    for name in ("docs", "examples", "extractor"):
        copytree(ROOT / name, folder / name)
    (folder / "mkdocs.yml").write_bytes((ROOT / "mkdocs.yml").read_bytes())
    command = [sys.executable, "-m", "zensical", "build", "--strict"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "build" / "site"


def test_every_page_is_built_and_loads_nothing_from_elsewhere(site: Path) -> None:
    built = list(site.rglob("index.html"))
    assert len(built) == len(PAGES)
    loaded = re.compile(
        r"<(?:script|img|iframe|link)\b[^>]*?(?:src|href)=\"?(https?:[^\" >]+)"
    )
    for page in built:
        assert not loaded.findall(page.read_text("utf-8")), page


def test_scripts_of_the_documentation_are_not_in_it(site: Path) -> None:
    assert not list(site.rglob("generate*"))
    assert not list(site.rglob("*.lock"))


@pytest.mark.parametrize("name", ["Extractor.extract", "Quote.spans", "Document.text"])
def test_reference_comes_from_the_docstrings(site: Path, name: str) -> None:
    pages = [page.read_text("utf-8") for page in (site / "library").rglob("*.html")]
    assert any(f'id="extractor.{name}"' in page for page in pages)
