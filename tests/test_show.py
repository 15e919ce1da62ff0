"""`extractor show`."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from extractions import wall

from extractor.cli import main
from extractor.report import to_html, to_text

OTHER = wall().model_copy(
    update={
        "document": wall().document.model_copy(
            update={"id": "other-article", "title": "Other", "source": "other.txt"}
        )
    }
)
FAILED = {"id": "x", "status": "failed", "code": "truncated", "extraction": None}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Runs every test in an empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def one() -> Path:
    return write("one.json", wall().model_dump_json(indent=2))


@pytest.fixture
def many() -> Path:
    row = {"id": "w", "status": "ok", "extraction": wall().model_dump(mode="json")}
    lines = [json.dumps(row), json.dumps(FAILED), OTHER.model_dump_json()]
    return write("many.jsonl", "\n".join(lines))


def write(name: str, content: str) -> Path:
    Path(name).write_text(content, "utf-8")
    return Path(name)


def show(*args: str | Path, stdin: str | None = None) -> Result:
    result = CliRunner().invoke(main, ["show", *map(str, args)], input=stdin)
    assert "Traceback" not in result.output
    return result


def test_a_result_is_listed_plain_in_80_columns(one: Path) -> None:
    result = show(one)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == to_text(wall())
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert show("-", stdin=one.read_text("utf-8")).stdout == result.stdout


def test_many_are_listed_one_after_the_other(many: Path) -> None:
    result = show(many)
    assert result.stdout == to_text(wall()) + "\n" + to_text(OTHER)
    assert result.stderr == "1 article in there failed and cannot be shown.\n"
    assert show(many, "-q").stderr == ""


@pytest.mark.parametrize(
    "options",
    [["-n", "2"], ["--id", "other-article"], ["--id", "other-"], ["--id", "other.txt"]],
)
def test_one_of_many_is_chosen(many: Path, options: list[str]) -> None:
    assert show(many, *options, "-q").stdout == to_text(OTHER)


@pytest.mark.parametrize("options", [["-n", "3"], ["--id", "other"], ["--id", ""]])
def test_what_is_not_there_is_told(many: Path, options: list[str]) -> None:
    result = show(many, *options)
    assert result.exit_code == 1
    assert "no such result" in result.stderr


def test_one_page_is_written_whole(one: Path, many: Path) -> None:
    assert show(one, "--html", "one.html").exit_code == 0
    assert Path("one.html").read_text("utf-8") == to_html(wall())
    assert show(many, "-n", "2", "--html", "two.html", "-q").stderr == ""
    assert "Other</title>" in Path("two.html").read_text("utf-8")


def test_many_on_one_page_are_refused(many: Path) -> None:
    result = show(many, "--html", "many.html")
    assert result.exit_code == 2
    assert "--html FOLDER" in result.stderr
    assert not Path("many.html").exists()


def test_many_become_a_folder_with_an_index(many: Path) -> None:
    result = show(many, "--html", "pages")
    assert result.exit_code == 0
    assert "Wrote 2 pages: open pages/index.html." in result.stderr
    assert len(list(Path("pages").iterdir())) == 3
    index = Path("pages/index.html").read_text("utf-8")
    assert "many.jsonl line 2 has no extraction: truncated." in index
    again = show(many, "--html", "pages")
    assert again.exit_code == 2
    assert "name another" in again.stderr


def test_a_file_that_is_no_result_is_told(folder: Path) -> None:
    result = show(write("a.json", '{"text": "An article."}'))
    assert result.exit_code == 1
    assert "a.json" in result.stderr
    assert "An article" not in result.stderr


def test_an_article_becomes_a_page_at_once() -> None:
    write("a.txt", "“It broke,” said Maren Tolk.")
    args = ["extract", "-m", "rules", "-q", "a.txt", "-o", "a.html"]
    assert CliRunner().invoke(main, args).exit_code == 0
    assert "It broke" in Path("a.html").read_text("utf-8")
    write("b.txt", "It rained.")
    result = CliRunner().invoke(main, [*args[:-1], "b.html", "b.txt"])
    assert result.exit_code == 2
    assert "show RESULT --html FOLDER" in result.stderr


@pytest.mark.parametrize("settings", [{}, {"NO_COLOR": "1"}])
def test_colours_come_on_a_terminal_alone(one: Path, settings: dict[str, str]) -> None:
    def listed(tty: bool) -> str:
        ours, theirs = os.openpty() if tty else os.pipe()
        with subprocess.Popen(
            [sys.executable, "-m", "extractor", "show", str(one)],
            stdout=theirs,
            stderr=subprocess.PIPE,
            env=os.environ
            | {"PYTHONPATH": str(Path(__file__).parents[1]), "TERM": "xterm"}
            | {"COLUMNS": "60"}
            | settings,
        ) as process:
            os.close(theirs)
            shown = b""
            try:
                while piece := os.read(ours, 1 << 16):
                    shown += piece
            except OSError:  # how a terminal ends
                pass
            os.close(ours)
        assert process.returncode == 0
        return shown.decode().replace("\r\n", "\n")

    assert "\x1b[" not in listed(tty=False)
    on_terminal = listed(tty=True)
    assert ("\x1b[32m" in on_terminal) is not bool(settings)
    plain = re.sub(r"\x1b\[[\d;]*m", "", on_terminal)
    assert plain.split() == to_text(wall()).split()
    assert 50 < max(map(len, plain.splitlines())) <= 60
