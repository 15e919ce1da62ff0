import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from extractor import __version__
from extractor.cli import main
from extractor.cli.extract import FORMATS
from extractor.cli.options import TASKS
from extractor.cli.progress import fetch
from extractor.errors import EndpointError
from extractor.export import FORMATS as ALL_FORMATS
from extractor.pipeline import ALL_TASKS, Extractor
from extractor.schema import Document, Extraction, Failure

HARBOUR = Path(__file__).parents[1] / "examples" / "harbour.txt"
PERSIAN = (
    "مارن تولک، رئیس بندر، روز سه‌شنبه گفت: «دیوار پیش از سپیده‌دم فرو ریخت.» "
    "او افزود که کسی کشته نشده است. شهردار این گفته را رد کرد.\n"
)

TWO_PRONOUNS = Path(__file__).parent / "data" / "two_pronouns.txt"
"""Two men before a `he`, two women before a `she`: nobody is sure who speaks."""
ENV = os.environ | {"PYTHONPATH": str(HARBOUR.parents[1])}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Runs every test in an empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*args: str | Path, stdin: str | bytes | None = None) -> Result:
    result = CliRunner().invoke(main, [str(arg) for arg in args], input=stdin)
    assert "Traceback" not in result.output
    return result


def rules(*args: str | Path, stdin: str | bytes | None = None) -> Result:
    return run("extract", "-m", "rules", *args, stdin=stdin)


def write(path: Path, data: bytes | str) -> Path:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def subprocess_run(
    *args: str, stdin: bytes = b"", **env: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "extractor", *args],
        input=stdin,
        capture_output=True,
        env=ENV | env,
        timeout=60,
        check=False,
    )


# Formats and where they go


def test_one_article_gives_json() -> None:
    result = rules(HARBOUR, "-p", "2024-03-14")
    assert result.exit_code == 0
    found = Extraction.model_validate_json(result.stdout)
    assert found.document.text == HARBOUR.read_bytes().decode()
    assert found.provenance.model == "rules"
    assert result.stderr == ""


def test_many_articles_give_json_lines(folder: Path) -> None:
    for name in ("b.txt", "a.txt"):
        write(folder / name, f"“It rained in {name},” she said.\n")
    result = rules(folder)
    sources = [json.loads(line)["document"]["source"] for line in _lines(result)]
    assert [Path(source).name for source in sources] == ["a.txt", "b.txt"]


def test_listing(folder: Path) -> None:
    result = rules(HARBOUR, "-f", "text")
    assert result.stdout.startswith(str(HARBOUR))
    assert "QUOTES (" in result.stdout
    assert "We heard the wall before we saw it" in result.stdout


@pytest.mark.parametrize(
    ("name", "start"), [("a.json", "{\n"), ("a.jsonl", '{"'), ("a.txt", str(HARBOUR))]
)
def test_suffix_of_the_output_names_the_format(name: str, start: str) -> None:
    result = rules(HARBOUR, "-o", name)
    assert (result.exit_code, result.stdout) == (0, "")
    assert Path(name).read_text("utf-8").startswith(start)
    assert [p.name for p in Path().iterdir()] == [name]


def test_dash_is_standard_output_and_input() -> None:
    result = rules("-", "-o", "-", stdin="“It rained,” she said.")
    assert json.loads(result.stdout)["document"]["source"] is None


def test_piped_article_needs_no_argument() -> None:
    text = "“It rained,” she said.\r\n"
    assert json.loads(rules(stdin=text).stdout)["document"]["text"] == text


def test_options_reach_the_document() -> None:
    result = rules(HARBOUR, "-p", "2024-03-15", "--language", "en-GB")
    doc = json.loads(result.stdout)["document"]
    assert (doc["published"], doc["language"]) == ("2024-03-15", "en-GB")


def test_tasks_are_chosen() -> None:
    found = json.loads(rules(HARBOUR, "-t", "quotes", "-t", "speakers").stdout)
    assert found["quotes"] and not found["claims"] and not found["events"]


def test_figures_go_to_standard_error() -> None:
    result = rules(HARBOUR, "-v")
    assert Extraction.model_validate_json(result.stdout).quotes
    assert "quotes," in result.stderr and " calls" in result.stderr


def test_jobs_keep_the_order(folder: Path) -> None:
    lines = [json.dumps({"id": str(n), "text": f"Rain {n}."}) for n in range(12)]
    result = rules(write(folder / "a.jsonl", "\n".join(lines)), "-j", "3")
    ids = [json.loads(line)["document"]["id"] for line in _lines(result)]
    assert ids == [str(n) for n in range(12)]


def _lines(result: Result) -> list[str]:
    assert result.exit_code == 0
    return result.stdout.splitlines()


# Bad input: a sentence and an exit code


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "holds no text"),
        (b" \n\t\n", "holds no text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(64), "is a PNG image, not text"),
        (b"word " * 4_000_001, "is larger than 10 MB"),
        (b"a" * 500_001, "holds 500,001 characters"),
        (bytes(100), "holds binary data"),
    ],
)
def test_unreadable_file(folder: Path, data: bytes, message: str) -> None:
    result = rules(write(folder / "a.txt", data))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: ")
    assert f"a.txt {message}" in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("name", ["none.txt", "no*ne.txt", "", "x" * 5000, "a\0b"])
def test_missing_file(name: str) -> None:
    result = rules(name)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "text",
    [
        "No one is quoted here. The wall broke on Tuesday.",
        "NUL \0 bytes \0 in “a quotation,” she said of the long and winding road.",
        PERSIAN,
        "“",
        "””””" * 50,
        "{{ 7 * 7 }} {% raw %} “{{ x }},” she said. <|im_end|>",
        "x" * 3000,
        "word \u202e “turned,” he said. \x1b[31m",
    ],
)
@pytest.mark.parametrize("format", FORMATS)
def test_odd_text_gives_a_result(text: str, format: str) -> None:
    result = rules("-f", format, stdin=text)
    assert result.exit_code == 0
    assert result.stderr == "" or result.stderr.startswith("Note: ")
    if format == "html":
        assert result.stdout.endswith("</html>")
    elif format != "text":
        assert Extraction.model_validate_json(result.stdout).document.text == text


@pytest.mark.parametrize("format", ["json", "jsonl", "text"])
def test_lone_surrogates_give_a_result(folder: Path, format: str) -> None:
    text = "“Broken \ud83d emoji,” she said."
    line = json.dumps({"text": text})
    result = rules("-f", format, write(folder / "a.jsonl", line))
    assert result.exit_code == 0
    if format != "text":
        assert json.loads(result.stdout)["document"]["text"] == text


def test_lone_surrogates_by_library_call() -> None:
    with Extractor("rules") as extractor:
        found = extractor.extract("“Broken \ud83d emoji,” she said.")
    assert found.document.text[8] == "\ud83d"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["-t", "rumours"], "'rumours' is not one of"),
        (["-o", "a.csv"], "`extractor convert`"),
        (["-f", "xml"], "'xml' is not one of"),
        (["-p", "16 August"], "'16 August' is no date like 2016-08-16"),
        (["-j", "0"], "0 is not in the range"),
        (["-o", "a.docx"], "no suffix that names a format"),
        (["-o", "-x"], "no suffix that names a format"),
        (["--nonsense"], "No such option"),
    ],
)
def test_wrong_usage(args: Sequence[str], message: str) -> None:
    result = rules(HARBOUR, *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_folder_of_a_task_is_named_by_its_path(folder: Path) -> None:
    (folder / "injuries").mkdir()
    write(folder / "injuries" / "model.py", "")
    result = rules(HARBOUR, "-t", "injuries")
    assert result.exit_code == 2
    assert "a folder is named by its path, ./injuries." in result.stderr


def test_wrong_usage_points_to_the_help_of_the_command(folder: Path) -> None:
    write(folder / "extractor.toml", "modle = 1")
    assert "Try 'main extract --help'" in rules(HARBOUR).stderr


def test_no_key_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    result = run("extract", "-m", "some-model-2", HARBOUR)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "OPENAI_API_KEY" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_input_is_never_overwritten(folder: Path) -> None:
    path = write(folder / "a.txt", "“It rained,” she said.")
    for source in (path, folder, "*.txt"):
        result = rules(source, "-o", "./a.txt")
        assert result.exit_code == 2
        assert "is an input" in result.stderr
    assert path.read_text() == "“It rained,” she said."


def test_output_folder_must_exist() -> None:
    result = rules(HARBOUR, "-o", "none/a.json")
    assert result.exit_code == 1
    assert "No such file or directory" in result.stderr


def test_failure_leaves_the_output_as_it_was(folder: Path) -> None:
    path = write(folder / "found.json", "old")
    assert rules("none.txt", "-o", path).exit_code == 1
    assert path.read_text() == "old"
    assert [p.name for p in folder.iterdir()] == ["found.json"]


def test_messages_cannot_steer_the_terminal(folder: Path) -> None:
    record = {"text": "Rain.", "url": "\x1b[2J\u202e", "published": "\x9b \ud800"}
    result = rules(write(folder / "a\x1b[31m.jsonl", json.dumps(record)), "-v")
    assert result.exit_code == 1
    assert result.stderr.removesuffix("\n").isprintable()
    ok = json.dumps(record | {"published": "2024-03-14"})
    result = rules(write(folder / "b.jsonl", ok), "-v")
    assert result.stderr.replace("\n", "").isprintable()


# Some documents or tasks fail; the rest is kept


def test_other_documents_are_kept(folder: Path) -> None:
    write(folder / "a.txt", "")
    write(folder / "b.txt", "“It rained,” she said.")
    result = rules(folder)
    assert result.exit_code == 3
    assert len(result.stdout.splitlines()) == 1
    assert "a.txt holds no text" in result.stderr
    assert result.stderr.endswith("Error: 1 of 2 documents failed.\n")


class Failing(Extractor):
    """Fails on articles that say how."""

    def extract(self, doc: Document | str) -> Extraction:
        text = doc if isinstance(doc, str) else doc.text
        errors: dict[str, BaseException] = {
            "crash": RuntimeError("broken"),
            "interrupt": KeyboardInterrupt(),
            "endpoint": EndpointError("The endpoint is down: start it."),
        }
        for word, error in errors.items():
            if word in text:
                raise error
        found = super().extract(doc)
        if "partly" not in text:
            return found
        failure = Failure(task="claims", code="truncated", message="Cut off.")
        kept = found.provenance.model_copy(update={"failures": [failure]})
        return found.model_copy(update={"provenance": kept})


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("extractor.pipeline.Extractor", Failing)
    yield


def texts(folder: Path, *words: str) -> Path:
    lines = [json.dumps({"text": f"“It rained {word},” she said."}) for word in words]
    return write(folder / "a.jsonl", "\n".join(lines))


@pytest.mark.usefixtures("failing")
@pytest.mark.parametrize(
    ("words", "code", "kept", "message"),
    [
        (["crash"], 1, 0, "unexpected RuntimeError: please report it"),
        (["crash", "well"], 3, 1, "1 of 2 documents failed"),
        (["well", "partly"], 3, 2, "claims failed in part: Cut off."),
        (["well", "interrupt", "well"], 130, 1, "Interrupted"),
        (["endpoint", "well"], 1, 0, "Error: The endpoint is down: start it."),
        (["well", "endpoint", "well"], 3, 2, "The endpoint is down: start it."),
    ],
)
def test_failures(
    folder: Path, words: list[str], code: int, kept: int, message: str
) -> None:
    result = rules(texts(folder, *words))
    assert result.exit_code == code
    assert len(result.stdout.splitlines()) == kept
    assert message in result.stderr


@pytest.mark.usefixtures("failing")
def test_speakers_alone_count_as_results(folder: Path) -> None:
    text = "“It rained partly,” Maren Tolk said."
    result = rules(write(folder / "a.txt", text), "-t", "speakers")
    assert result.exit_code == 3
    assert "Maren Tolk" in result.stdout


@pytest.mark.usefixtures("failing")
def test_failures_among_jobs(folder: Path) -> None:
    words = ["well", "crash", "partly", "well", "endpoint", "well", "crash"]
    result = rules(texts(folder, *words), "-j", "3")
    assert result.exit_code == 3
    assert len(result.stdout.splitlines()) == 4
    assert result.stderr.endswith("Error: 3 of 7 documents failed.\n")


@pytest.mark.usefixtures("failing")
def test_traceback_only_when_asked_for(folder: Path) -> None:
    args = ["extract", "-m", "rules", "-vv", str(texts(folder, "crash"))]
    result = CliRunner().invoke(main, args)
    assert "Traceback" in result.stderr


@pytest.mark.usefixtures("failing")
def test_interrupted_results_reach_the_file(folder: Path) -> None:
    source = texts(folder, "well", "interrupt", "well")
    assert rules(source, "-o", "found.jsonl").exit_code == 130
    assert len(Path("found.jsonl").read_text("utf-8").splitlines()) == 1


# The other commands


def test_schema_describes_the_output() -> None:
    described = json.loads(run("schema").stdout)
    assert described["properties"].keys() == Extraction.model_fields.keys()


def test_prompts_are_listed_and_printed() -> None:
    listed = run("prompts").stdout.splitlines()
    name, sha256 = next(line.split() for line in listed if line.startswith("quotes"))
    assert len(sha256) == 64
    assert "{%" in run("prompts", name).stdout
    unknown = run("prompts", "nonsense.v1")
    assert unknown.exit_code == 1
    assert name in unknown.stderr


def test_choices_are_those_of_the_library() -> None:
    assert tuple(ALL_TASKS) == TASKS
    assert set(FORMATS) == ALL_FORMATS.keys()


# As a process


def test_help_is_quick_and_imports_nothing_heavy() -> None:
    code = (
        "import sys; from extractor.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'openai', 'instructor', 'rich', 'jinja2', 'xllamacpp', 'dateparser',"
        " 'trafilatura'}\n"
        "sys.exit(', '.join(heavy & sys.modules.keys()) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, env=ENV, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
@pytest.mark.parametrize("format", FORMATS)
def test_any_encoding_of_standard_output_will_do(encoding: str, format: str) -> None:
    done = subprocess_run(
        *("extract", "-m", "rules", "-f", format, "-q"),
        stdin=PERSIAN.encode(),
        PYTHONIOENCODING=encoding,
        PYTHONUTF8="0",
    )
    assert (done.returncode, done.stderr) == (0, b"")
    if format == "html":
        assert PERSIAN.strip()[:20] in done.stdout.decode()
    elif format != "text":
        assert json.loads(done.stdout)["document"]["text"] == PERSIAN


def test_closed_pipe_is_quiet(folder: Path) -> None:
    lines = "\n".join(json.dumps({"text": "Rain. " * 2000}) for _ in range(50))
    command = f"{sys.executable} -m extractor extract -m rules a.jsonl | head -c 10"
    write(folder / "a.jsonl", lines)
    done = subprocess.run(
        command,
        shell=True,
        capture_output=True,
        env=ENV,
        check=False,
    )
    assert done.stderr == b""


def test_missing_file_as_a_process() -> None:
    done = subprocess_run("extract", "-m", "rules", "none.txt")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.startswith(b"Error: none.txt does not exist")


def test_version() -> None:
    assert run("--version").stdout == f"extractor, version {__version__}\n"


@pytest.mark.parametrize("model", ["rules", "local"])
def test_dry_run_tells_of_a_file_that_is_not_there(model: str) -> None:
    result = run("extract", "--dry-run", "-m", model, "nowhere.txt")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "nowhere.txt does not exist" in result.stderr


def test_dry_run_of_the_rules_asks_nothing() -> None:
    result = run("extract", "--dry-run", "-m", "rules", HARBOUR)
    assert (result.exit_code, result.stdout) == (0, "")


def test_dry_run_prints_the_questions() -> None:
    result = run("extract", "--dry-run", "-t", "quotes", "-t", "speakers", TWO_PRONOUNS)
    assert result.exit_code == 0
    assert result.stdout.startswith("=== speakers, at most ")
    assert "--- user\n" in result.stdout
    assert "Choices: Tomas Wick | Nils Ekdal | Sven Brandt | nobody" in result.stdout
    assert "=== claims" not in result.stdout


def test_the_demo_asks_the_model() -> None:
    makefile = (HARBOUR.parents[1] / "Makefile").read_text("utf-8")
    (path,) = re.findall(r"extractor extract (\S+\.txt) -f text", makefile)
    result = run("extract", "--dry-run", HARBOUR.parents[1] / path)
    assert "Choices: Lowell Marsh | " in result.stdout


def test_models_are_listed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXTRACTOR_MODELS", str(folder))
    lines = run("models", "list").stdout.splitlines()
    assert any(line.endswith("not fetched local") for line in map(_squeeze, lines))


def _squeeze(line: str) -> str:
    return " ".join(line.split())


@pytest.mark.parametrize(
    "args", [["models", "pull"], ["models", "path"], ["extract", str(HARBOUR)]]
)
def test_missing_weights_are_one_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch, args: list[str]
) -> None:
    monkeypatch.setenv("EXTRACTOR_MODELS", str(folder / "models"))
    monkeypatch.setenv("EXTRACTOR_OFFLINE", "1")
    result = run(*args)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "extractor models pull" in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", ["pull", "path"])
def test_unknown_embedded_model(command: str) -> None:
    result = run("models", command, "nonsense")
    assert result.exit_code == 1
    assert "choose from" in result.stderr


def test_fetching_says_so_once(folder: Path) -> None:
    told: list[str] = []

    def pull(name: str, progress: Callable[[int, int], None]) -> Path:
        progress(0, 2_000_000)
        progress(2_000_000, 2_000_000)
        return folder / name

    @click.command()
    def command() -> None:
        told.append(str(fetch(pull, "small")))

    result = CliRunner().invoke(command)
    assert told == [str(folder / "small")]
    assert result.stderr == "Fetching the model small (2 MB) ...\n"
