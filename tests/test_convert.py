"""`extractor convert`, from files and from standard input."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from extraction_samples import plain, sluice

from extractor.cli import main
from extractor.cli.convert import _TABLES as CLI_TABLES
from extractor.cli.convert import _TARGETS as CLI_TARGETS
from extractor.export import (
    TABLES,
    TARGETS,
    Target,
    read_results,
    stream,
    write_results,
)

READABLE: list[Target] = ["json", "jsonl", "parquet", "w3c"]
FOLDERS = ("csv", "brat", "labelstudio")


def convert(*args: str | Path, stdin: bytes | None = None) -> Result:
    result = CliRunner().invoke(main, ["convert", *map(str, args)], input=stdin)
    assert "Traceback" not in result.stderr
    return result


@pytest.fixture
def found(tmp_path: Path) -> Path:
    path = tmp_path / "found.jsonl"
    write_results([sluice(), plain()], "jsonl", path)
    return path


def test_choices_are_those_of_the_library() -> None:
    assert CLI_TARGETS == TARGETS
    assert list(CLI_TABLES) == list(TABLES)


@pytest.mark.parametrize("target", TARGETS)
def test_every_format_is_written_to_its_place(
    target: Target, found: Path, tmp_path: Path
) -> None:
    result = convert(found, "--to", target, "-o", tmp_path / "out")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"Wrote 2 articles to {tmp_path / 'out'}.\n"
    assert (tmp_path / "out").is_dir() == (target in FOLDERS)
    quiet = convert(found, "--to", target, "-q", "-o", tmp_path / "quiet")
    assert (quiet.exit_code, quiet.output) == (0, "")


@pytest.mark.parametrize("target", READABLE)
def test_what_was_converted_can_be_converted_back(
    target: Target, found: Path, tmp_path: Path
) -> None:
    there = tmp_path / "there"
    assert convert(found, "--to", target, "-o", there).exit_code == 0
    result = convert(there, "--to", "jsonl")
    assert result.exit_code == 0
    (tmp_path / "back").write_bytes(result.stdout_bytes)
    back = list(read_results(tmp_path / "back"))
    if target == "parquet":  # of the user's fields it has text alone
        assert [one.quotes for one in back] == [sluice().quotes, []]
    else:
        assert back == [sluice(), plain()]


@pytest.mark.parametrize("target", ["json", "jsonl", "w3c", "schemaorg", "prodigy"])
def test_standard_output_has_what_a_file_would_have(
    target: Target, found: Path
) -> None:
    result = convert("-", "--to", target, stdin=found.read_bytes())
    assert (result.exit_code, result.stderr) == (0, "")
    written = "".join(stream([sluice(), plain()], target))
    assert result.stdout_bytes == written.encode()


def test_a_table_comes_out_as_csv(found: Path, tmp_path: Path) -> None:
    result = convert(found, "--to", "csv", "--table", "documents")
    rows = list(csv.DictReader(io.StringIO(result.stdout_bytes.decode(), newline="")))
    assert [row["quotes"] for row in rows] == ["5", "0"]
    output = tmp_path / "quotes.csv"
    convert(found, "--to", "csv", "--table", "quotes", "-o", output)
    assert output.read_bytes().startswith(b"\xef\xbb\xbfdocument,")


def test_several_files_become_one(found: Path, tmp_path: Path) -> None:
    write_results([plain()], "parquet", tmp_path / "rows.parquet")
    write_results([sluice()], "w3c", tmp_path / "a.jsonld")
    result = convert(
        found, tmp_path / "rows.parquet", tmp_path / "a.jsonld", "--to", "json"
    )
    assert [len(one["quotes"]) for one in json.loads(result.stdout)] == [5, 0, 0, 5]


def test_articles_that_failed_are_counted(found: Path, tmp_path: Path) -> None:
    failed = {"id": "a", "status": "failed", "code": "input", "extraction": None}
    with found.open("a") as file:
        file.write(json.dumps(failed) + "\n")
    result = convert(found, "--to", "json", "-o", tmp_path / "out")
    assert result.exit_code == 0
    assert result.stderr.endswith("Left out 1 article without a result.\n")
    only = convert("-", "--to", "json", stdin=json.dumps(failed).encode())
    assert (only.exit_code, only.stdout) == (1, "")
    assert "no result to convert: all articles failed" in only.stderr


TROUBLES: list[tuple[list[str], int, str]] = [
    (["none.jsonl", "--to", "json"], 1, "none.jsonl cannot be read"),
    (["found.jsonl", "--to", "brat"], 2, "name a folder"),
    (["found.jsonl", "--to", "csv", "-o", "a.csv"], 2, "one file of several tables"),
    (["found.jsonl", "--to", "parquet"], 2, "parquet is no text"),
    (["found.jsonl", "--to", "json", "--table", "quotes"], 2, "json has no tables"),
    (["found.jsonl", "--to", "json", "-o", "found.jsonl"], 2, "is an input"),
    (["found.jsonl", "--to", "csv", "-o", "full"], 2, "is no empty folder"),
    (["found.jsonl", "--to", "json", "-o", "no/a"], 2, "does not exist: make it"),
    (["text.txt", "--to", "json", "-o", "out"], 1, "text.txt is not JSON"),
    (["found.jsonl", "text.txt", "--to", "csv", "-o", "out"], 1, "is not JSON"),
    (["found.jsonl", "--to", "xml"], 2, "'xml' is not one of"),
    (["--to", "json"], 2, "Missing argument"),
]


@pytest.mark.parametrize(("args", "code", "why"), TROUBLES)
def test_trouble_is_a_sentence_and_writes_nothing(
    args: list[str],
    code: int,
    why: str,
    found: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.txt").write_text("An article, not a result.\n")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").touch()
    before = {path: path.is_file() for path in tmp_path.rglob("*")}
    stored = found.read_bytes()
    result = convert(*args)
    assert result.exit_code == code
    assert why in " ".join(result.stderr.split())
    assert {path: path.is_file() for path in tmp_path.rglob("*")} == before
    assert found.read_bytes() == stored
