"""Defaults of commands from `extractor.toml`, `pyproject.toml` and the environment."""

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from extractor.cli import main
from extractor.cli.config import SHARED, TABLES, key_of, load_defaults, options_of

TEXT = "“It rained all night,” Maren Tolk said. The wall broke on Tuesday.\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Runs every test in a folder that holds one article."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EXTRACTOR_STORE", str(tmp_path / "store.sqlite"))
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    return tmp_path


def run(*args: str) -> Result:
    result = CliRunner().invoke(main, list(args))
    assert "Traceback" not in result.output
    return result


def write(name: str, content: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(content, "utf-8")


def defaults(command: str, path: Path | None = None) -> dict[str, object]:
    with click.Context(main.commands[command]):
        return load_defaults(main.commands[command], path)


# What the file may set


@pytest.mark.parametrize("name", TABLES)
def test_keys_are_options_of_the_command(name: str) -> None:
    keys = {key_of(option) for option in options_of(main.commands[name])}
    assert set(TABLES[name]) <= keys


def test_shared_keys_mean_the_same_everywhere() -> None:
    for name in ("extract", "batch"):
        keys = {key_of(option) for option in options_of(main.commands[name])}
        assert set(SHARED) <= keys
    assert not set(SHARED) & {key for keys in TABLES.values() for key in keys}


def test_each_command_with_a_table_takes_config() -> None:
    taking = {
        name
        for name, command in main.commands.items()
        if any("--config" in param.opts for param in command.params)
    }
    assert taking == TABLES.keys()


def test_without_a_file_nothing_is_set() -> None:
    assert defaults("extract") == {}


def test_values_reach_the_command_by_their_table() -> None:
    write(
        "extractor.toml",
        'model = "rules"\njobs = 2\n[extract]\nformat = "text"\n'
        '[batch]\njobs = 64\nmax-cost = 20\nbatch-api = true\nformat = "parquet"\n',
    )
    assert defaults("extract") == {"model": "rules", "jobs": 2, "format": "text"}
    assert defaults("batch") == {
        "model": "rules",
        "jobs": 64,
        "max_cost": 20,
        "batch_api": True,
        "form": "parquet",
    }
    assert defaults("eval") == {"model": "rules", "jobs": 2}
    assert defaults("compare") == {}


def test_own_file_hides_the_project() -> None:
    write("pyproject.toml", '[tool.extractor]\nmodel = "local"\n')
    assert defaults("extract") == {"model": "local"}
    write("extractor.toml", "jobs = 2\n")
    assert defaults("extract") == {"jobs": 2}


# Precedence


def test_option_outranks_environment_outranks_table_outranks_top(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write("extractor.toml", 'model = "rules"\n')
    assert run("extract", "a.txt").stdout.startswith("{\n")
    write("extractor.toml", 'model = "none"\n[extract]\nmodel = "rules"\n')
    assert run("extract", "a.txt").exit_code == 0
    write("extractor.toml", 'model = "rules"\n[extract]\nformat = "jsonl"\n')
    assert run("extract", "a.txt").stdout.startswith('{"schema_version"')
    monkeypatch.setenv("EXTRACTOR_FORMAT", "json")
    assert run("extract", "a.txt").stdout.startswith("{\n")
    assert "QUOTES" in run("extract", "a.txt", "-f", "text").stdout


def test_tasks_from_environment_and_file(monkeypatch: pytest.MonkeyPatch) -> None:
    write("pyproject.toml", '[tool.extractor]\ntasks = ["quotes"]\nmodel = "rules"\n')
    assert "CLAIMS" not in run("extract", "a.txt", "-f", "text").stdout
    monkeypatch.setenv("EXTRACTOR_TASKS", "speakers claims")
    assert "CLAIMS" in run("extract", "a.txt", "-f", "text").stdout


def test_batch_is_configured_too() -> None:
    write(
        "extractor.toml", 'model = "rules"\ntasks = ["quotes"]\n[batch]\naccounts=true'
    )
    result = run("batch", "a.txt", "-q")
    (row,) = map(json.loads, result.stdout.splitlines())
    assert row["status"] == "ok"
    assert row["extraction"]["quotes"] and not row["extraction"]["claims"]
    assert "seconds" in row


def test_convert_is_configured_too() -> None:
    write("extractor.toml", 'model = "rules"\n[convert]\nto = "jsonl"\n')
    assert run("extract", "a.txt", "-o", "found.json").exit_code == 0
    assert run("convert", "found.json").stdout.startswith('{"schema_version"')


# --config


def test_named_file_stands_in_for_that_of_the_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write("extractor.toml", 'model = "none"\n')
    write("desk/news.toml", 'model = "rules"\n[extract]\nformat = "text"\n')
    assert "QUOTES" in run("extract", "--config", "desk/news.toml", "a.txt").stdout
    monkeypatch.setenv("EXTRACTOR_CONFIG", str(Path("desk/news.toml")))
    assert "QUOTES" in run("extract", "a.txt").stdout


def test_named_project_file() -> None:
    write("desk/pyproject.toml", '[tool.extractor]\nmodel = "rules"\n')
    path = Path("desk/pyproject.toml")
    assert defaults("extract", path) == {"model": "rules"}


def test_paths_are_taken_from_the_folder_of_the_file() -> None:
    write("desk/news.toml", 'event-types = "types.toml"\n[batch]\nprices = "p.toml"\n')
    assert defaults("batch", Path("desk/news.toml")) == {
        "event_types": str(Path("desk", "types.toml")),
        "prices": str(Path("desk", "p.toml")),
    }


def test_code_is_run_only_where_the_file_was_named() -> None:
    write("desk/injuries/model.py", "")
    write("desk/news.toml", 'tasks = ["quotes", "./injuries"]\n')
    named = defaults("extract", Path("desk/news.toml"))
    assert named == {"tasks": ["quotes", str(Path("desk", "injuries"))]}
    write("extractor.toml", 'tasks = ["./desk/injuries"]\n')
    result = run("extract", "-m", "rules", "a.txt")
    assert result.exit_code == 2
    assert "whose code would be run" in result.stderr


def test_file_that_is_not_there_is_one_sentence() -> None:
    result = run("extract", "--config", "none.toml", "a.txt")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "none.toml does not exist" in result.stderr


# Bad files


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('modle = "rules"', "extractor.toml has an unknown key 'modle'"),
        ('[batch]\nprice = "a"', "unknown key 'price' in [batch]: that may set model"),
        ("[bacth]\njobs = 2", "has an unknown key 'bacth'"),
        ("batch = 2", "has an unknown key 'batch'"),
        ('format = "text"', "put it under [extract] or [batch]"),
        ("jobs = true", "sets 'jobs' to True: it needs a whole number"),
        ("jobs = 1.5", "sets 'jobs' to 1.5: it needs a whole number"),
        ("jobs = 0", "sets 'jobs' to 0: 0 is not in the range"),
        ('tasks = "quotes"', "it needs a list of strings"),
        ("tasks = [1]", "it needs a list of strings"),
        (
            'tasks = ["rumours"]',
            "extractor.toml sets 'tasks' to ['rumours']: 'rumours'",
        ),
        ('model = ["rules"]', "it needs a string"),
        ('[extract]\nformat = "xml"', "sets 'format' to 'xml': 'xml' is not one of"),
        ("model =", "extractor.toml is not valid TOML"),
        ("\x00", "extractor.toml is not valid TOML"),
    ],
)
def test_bad_file_is_one_sentence(content: str, message: str) -> None:
    write("extractor.toml", content)
    result = run("extract", "a.txt")
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert result.stderr.splitlines()[-1].startswith("Error: ")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[batch]\naccounts = 1", "it needs true or false"),
        ('[batch]\nmax-cost = "20"', "it needs a number"),
        ("[batch]\nmax-cost = -1", "to -1: -1.0 is not in the range"),
    ],
)
def test_bad_value_of_a_batch(content: str, message: str) -> None:
    write("extractor.toml", content)
    assert message in run("batch", "a.txt").stderr


@pytest.mark.parametrize("content", ["tool = 1", "[tool]\nextractor = 1"])
def test_odd_project_file(content: str) -> None:
    write("pyproject.toml", content)
    result = run("extract", "-m", "rules", "a.txt")
    assert result.exit_code == (0 if content == "tool = 1" else 2)


def test_bad_file_does_not_stand_before_help() -> None:
    write("extractor.toml", "model =")
    assert run("extract", "--help").exit_code == 0


def test_file_that_cannot_be_read() -> None:
    Path("extractor.toml").mkdir()
    assert "extractor.toml cannot be read" in run("extract", "a.txt").stderr
