"""Tasks of the user's own and event types on the command line, from end to end."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from server import Request, Response, Server, answers

from extractor.cli import main
from extractor.evaluation.gold import (
    Annotation,
    GoldArticle,
    GoldItem,
    make_source,
    write_article,
)
from extractor.schema import Extraction, Span

EXAMPLES = Path(__file__).parents[1] / "examples"
PROMISES = str(EXAMPLES / "promises")
TEXT = (
    "The county of Lomvik will rebuild the bridge by May, a spokesman said on Monday. "
    "Rain fell all day in Port Almen.\n"
)

PROMISE = {
    "who": "The county of Lomvik",
    "what": "rebuild the bridge",
    "when": "by May",
    "strength": "firm",
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Runs every test in a folder with an article, a store and a cache of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EXTRACTOR_STORE", str(tmp_path / "store.sqlite"))
    monkeypatch.setenv("EXTRACTOR_CACHE", str(tmp_path / "cache"))
    (tmp_path / "article.txt").write_text(TEXT, "utf-8")
    return tmp_path


def promising(request: Request) -> Response:
    """Finds the promise, with an invention beside it, in whatever is asked about."""
    schema = request.body["response_format"]["json_schema"]["schema"]
    found = [PROMISE, PROMISE | {"who": "The king"}]
    return answers(dict.fromkeys(schema["properties"], found))(request)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        running.will(promising)
        yield running


def run(*args: str | Path) -> Result:
    result = CliRunner().invoke(main, [str(arg) for arg in args])
    assert "Traceback" not in result.output
    return result


def asking(server: Server, *args: str | Path) -> Result:
    command, *rest = args
    return run(command, "-m", "m", "--base-url", server.url, "-t", PROMISES, *rest)


def test_an_article_is_extracted_from(server: Server) -> None:
    result = asking(server, "extract", "article.txt")
    assert result.exit_code == 0, result.stderr
    found = Extraction.model_validate_json(result.stdout)
    (item,) = found.items["promises"]
    assert item.fields == PROMISE
    assert item.spans["when"][0].text == "by May"
    assert [r.text for r in found.rejected] == ["The king"]
    assert server.calls == 1
    told = asking(server, "extract", "article.txt", "-v").stderr
    assert "0 events, 1 promises, 1 rejected" in told
    listing = asking(server, "extract", "article.txt", "-f", "text").stdout
    assert "PROMISES (1)" in listing
    assert "what: rebuild the bridge" in listing


def test_dry_run_shows_the_question() -> None:
    asked = run("extract", "--dry-run", "-t", PROMISES, "article.txt").stdout
    assert asked.startswith("=== promises, at most ")
    assert "\nS1: The county of Lomvik will rebuild" in asked
    assert "\nS2: Rain fell" not in asked, "no trigger stands in it"


def test_the_rules_say_that_they_find_nothing_of_it() -> None:
    result = run("extract", "-m", "rules", "-t", f"{PROMISES}/", "article.txt")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["items"] == {"promises": []}
    assert "Without a model nothing is found of promises" in result.stderr


@pytest.mark.parametrize(
    ("task", "message"),
    [("./nowhere", "no folder with a model.py"), ("promises", "is not one of")],
)
def test_what_is_no_task_is_refused(task: str, message: str) -> None:
    result = run("extract", "-m", "rules", "-t", task, "article.txt")
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_file_of_the_working_folder_runs_no_code(folder: Path) -> None:
    settings = f"model = 'rules'\ntasks = ['{PROMISES}']\n"
    (folder / "extractor.toml").write_text(settings, "utf-8")
    result = run("extract", "article.txt")
    assert result.exit_code != 0
    assert "name it on the command line" in result.stderr


def test_a_batch_keeps_what_it_found_and_asks_anew_for_another_prompt(
    server: Server, folder: Path
) -> None:
    own = folder / "promises"
    own.mkdir()
    for name in ("model.py", "prompt.jinja"):
        (own / name).write_bytes((EXAMPLES / "promises" / name).read_bytes())

    def batch(name: str, *more: str) -> dict[str, Any]:
        args = ("-m", "m", "--base-url", server.url, "-t", "./promises/", *more)
        result = run("batch", "article.txt", "-o", name, *args)
        assert result.exit_code == 0, result.stderr
        (line,) = (folder / name).read_text("utf-8").splitlines()
        row: dict[str, Any] = json.loads(line)
        return row

    first = batch("a.jsonl")
    assert first["extraction"]["items"]["promises"][0]["fields"] == PROMISE
    assert batch("b.jsonl") == first
    assert server.calls == 1
    shared = batch("c.jsonl", "--workers", "2")
    assert shared == first
    assert server.calls == 1
    (own / "prompt.jinja").write_text("What is promised?", "utf-8")
    batch("d.jsonl")
    assert server.calls == 2
    model = (own / "model.py").read_text("utf-8")
    (own / "model.py").write_text(model.replace("by when", "when"), "utf-8")
    batch("e.jsonl")
    assert server.calls == 3


def span(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start=start, end=start + len(words), text=words)


def write_gold(folder: Path) -> None:
    names = ("who", "what", "when")
    item = GoldItem(
        id="w1",
        fields={"strength": "vague"},
        spans={name: [span(PROMISE[name])] for name in names},
    )
    labels = GoldArticle(
        doc=make_source("a1", TEXT, split="dev", language="en", licence="CC0-1.0"),
        layers=["promises"],
        items={"promises": [item]},
        annotation=Annotation(guideline="1.0", annotators=["ana"]),
        text=TEXT,
    )
    write_article(labels, folder)


def test_an_evaluation_scores_it_by_spans_and_fields(
    server: Server, folder: Path
) -> None:
    write_gold(folder / "gold")
    result = asking(server, "eval", "gold", "-o", "run")
    assert result.exit_code == 0, result.stderr
    figures = json.loads((folder / "run" / "scores.json").read_text())["figures"]
    assert figures["promises.iou50"]["f1"]["estimate"] == 1
    assert figures["promises.field_when"]["f1"]["estimate"] == 1
    assert figures["promises.field_strength"]["f1"]["estimate"] == 0
    assert re.search(r"promises\.iou50 +1\.000 +1\.000", result.stdout)
    page = (folder / "run" / "report.html").read_text("utf-8")
    assert "field.strength" in page
    assert "rebuild the bridge" in page
    (folder / "run" / "scores.json").unlink()
    assert run("eval", "score", "run").stdout == result.stdout
    compared = run("compare", "run", "run", "--metric", "promises.iou50")
    assert compared.exit_code in (0, 3), compared.output


def test_gold_of_an_own_layer_needs_its_task(folder: Path) -> None:
    write_gold(folder / "gold")
    result = run("eval", "gold", "-m", "rules", "-o", "run")
    assert result.exit_code == 2
    assert "one of your own with -t" in result.stderr
    assert run("gold", "lint", "gold").exit_code == 0


def test_lint_finds_and_mends_offsets_of_own_items(folder: Path) -> None:
    write_gold(folder / "gold")
    file = folder / "gold" / "a1.json"
    content = json.loads(file.read_text("utf-8"))
    content["items"]["promises"][0]["spans"]["when"][0]["start"] += 1
    file.write_text(json.dumps(content), "utf-8")
    assert "E2" in run("gold", "lint", "gold").stdout
    run("gold", "lint", "gold", "--fix")
    assert "E2" not in run("gold", "lint", "gold").stdout


def test_event_types_are_taken_from_a_file(folder: Path) -> None:
    types = str(EXAMPLES / "event_types.toml")
    (folder / "match.txt").write_text("Lomvik relegated Port Almen on Saturday.\n")
    args = ("-m", "rules", "-t", "events", "--event-types", types, "match.txt")
    result = run("extract", *args)
    assert [e["type"] for e in json.loads(result.stdout)["events"]] == ["Sport"]
    assert run("batch", *args, "-o", "out.jsonl").exit_code == 0
    row = json.loads((folder / "out.jsonl").read_text())
    assert [e["type"] for e in row["extraction"]["events"]] == ["Sport"]


def test_a_small_model_finds_things_that_are_there(
    small_model: Path, folder: Path
) -> None:
    """Whatever it says, what is reported is in the article."""
    args = ("-m", small_model, "-t", PROMISES, "-t", "quotes", "article.txt")
    result = run("extract", *args)
    assert result.exit_code in (0, 3), result.stderr
    found = Extraction.model_validate_json(result.stdout)
    assert found.provenance.tasks["promises"].calls > 0
    assert found.provenance.tasks["promises"].answered > 0
    said = found.items["promises"], [r for r in found.rejected if r.task == "promises"]
    assert any(said) or not found.provenance.failures
    for item in found.items["promises"]:
        for name, words, spans in item.rows():
            assert words == " ".join(s.text for s in spans) or name == "strength"
