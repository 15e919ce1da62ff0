"""`extractor eval` as a user meets it: output, exit codes, kills and interrupts."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from golden import article, write
from server import Request, Response, Server, fitting, status

from extractor.cli import main
from extractor.evaluation.gold import GoldArticle
from extractor.evaluation.runs import load_run
from extractor.evaluation.scoring.summary import Scores

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Runs every test in a folder that holds four gold articles and no cache."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EXTRACTOR_CACHE", str(tmp_path / "cache"))
    write(tmp_path / "gold", *(article(number) for number in range(4)))
    return tmp_path


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        running.will(fitting)
        yield running


def run(*args: str | Path) -> Result:
    result = CliRunner().invoke(main, ["eval", *map(str, args)])
    assert "Traceback" not in result.output
    return result


def rules(*args: str | Path) -> Result:
    return run("gold", "-m", "rules", *args)


def asking(server: Server, *args: str | Path) -> list[str]:
    """Arguments that have a model answer one question about each article."""
    known = ["gold", "-m", "some-model", "-t", "quotes", "-o", "run", "--cache", "off"]
    return [*known, "--base-url", server.url, *map(str, args)]


def refusing(*numbers: int) -> Callable[[Request], Response]:
    def behave(request: Request) -> Response:
        asked = json.dumps(request.body["messages"])
        if any(f"Pump {number} " in asked for number in numbers):
            return status(400)(request)
        return fitting(request)

    return behave


# A run


def test_a_run_is_scored_and_has_a_page(folder: Path) -> None:
    result = rules("-o", "run")
    assert result.exit_code == 0
    scores = Scores.model_validate(json.loads(Path("run/scores.json").read_bytes()))
    assert result.stdout == scores.table() + "\n"
    assert [one.article for one in scores.articles] == ["a0", "a1", "a2", "a3"]
    assert scores.figures["quotes.joint"].f1.estimate == 1.0
    assert "a3" in Path("run/report.html").read_text("utf-8")
    assert "0 calls, 0 retries" in result.stderr and "report.html" in result.stderr
    assert load_run(folder / "run").meta.gold == ["gold"]


def test_several_folders_and_files_are_one_gold(folder: Path) -> None:
    write(folder / "more", article(7))
    assert run("gold/a1.json", "more", "-m", "rules", "-o", "run").exit_code == 0
    assert load_run(folder / "run").meta.articles == ["a1", "a7"]


def test_limit_and_split_choose_articles(folder: Path) -> None:
    write(folder / "gold", article(5, "train"), article(6, "test"))
    assert rules("-o", "a", "--limit", "2").exit_code == 0
    assert load_run(folder / "a").meta.articles == ["a0", "a1"]
    assert rules("-o", "b", "--split", "train").exit_code == 0
    assert load_run(folder / "b").meta.articles == ["a5"]
    result = rules("-o", "c")
    assert "Note: 1 articles of the test split are left out." in result.stderr
    assert rules("-o", "d", "--split", "test").exit_code == 2
    released = rules("-o", "e", "--split", "test", "--i-am-releasing")
    assert released.exit_code == 0
    assert load_run(folder / "e").meta.articles == ["a6"]


def test_repeats_are_scored_as_one_article_each(folder: Path) -> None:
    assert rules("-o", "run", "--repeats", "3").exit_code == 0
    scores = Scores.model_validate(json.loads(Path("run/scores.json").read_bytes()))
    assert len(scores.articles) == 4
    assert scores.figures["quotes.joint"].articles == 4
    assert len(load_run(folder / "run").cells) == 12


def test_settings_come_from_the_working_folder(folder: Path) -> None:
    (folder / "extractor.toml").write_text(
        'model = "rules"\n[extract]\nformat = "jsonl"\n'
    )
    assert run("gold", "-o", "run").exit_code == 0
    assert load_run(folder / "run").meta.model == "rules"


def test_tokens_and_costs_are_told(server: Server, folder: Path) -> None:
    (folder / "prices.toml").write_text(
        "date = 2026-10-01\n[models.some-model]\ninput = 1000\noutput = 0\n"
    )
    result = run(*asking(server, "--prices", "prices.toml"))
    assert result.exit_code == 0
    assert "400 input (0 cached), 40 output; 4 calls, 0 retries" in result.stderr
    assert "0.4000 USD paid in this run" in result.stderr
    assert "0.1000 an article, 0.10000 a correct quote" in result.stderr
    assert "by prices of 2026-10-01" in result.stderr


def test_quiet_leaves_the_scores_alone() -> None:
    result = rules("-o", "run", "-q")
    assert result.stdout and result.stderr == ""
    assert run("score", "run", "-q").stdout == result.stdout


def test_figures_of_each_article_when_asked_for() -> None:
    assert "a2: 1 quotes, " in rules("-o", "run", "-v").stderr


# What is refused before anything is asked


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([], "name a folder for the run with -o"),
        (["-o", "run", "-t", "events"], "labels quotes, speakers, so it cannot judge"),
        (["-o", "run", "--split", "dev2"], "'dev2' is not one of"),
        (["-o", "run", "--split", "train"], "its splits are dev; choose one"),
        (["-o", "run", "--repeats", "0"], "0 is not in the range"),
        (["-o", "run", "--max-cost", "-1"], "-1.0 is not in the range"),
    ],
)
def test_wrong_usage(args: list[str], message: str) -> None:
    result = rules(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert not Path("run").exists()


def test_no_gold_is_wrong_usage() -> None:
    assert run("-m", "rules", "-o", "run").exit_code == 2


@pytest.mark.parametrize("name", ["none", "empty"])
def test_missing_gold_is_one_sentence(folder: Path, name: str) -> None:
    (folder / "empty").mkdir()
    result = run(name, "-m", "rules", "-o", "run")
    assert (result.exit_code, result.stdout) == (1, "")
    assert len(result.stderr.splitlines()) == 1 and name in result.stderr


def test_wrong_labels_are_named(server: Server, folder: Path) -> None:
    path = folder / "gold" / "a2.json"
    path.write_text(path.read_text("utf-8").replace('"e1"', '"e9"', 1), "utf-8")
    result = run(*asking(server))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "a2.json" in result.stderr and len(result.stderr.splitlines()) == 1
    assert server.calls == 0


def test_a_folder_of_another_run_is_refused() -> None:
    assert rules("-o", "run").exit_code == 0
    result = rules("-o", "run", "-t", "quotes")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "tasks quotes, speakers, now quotes" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert rules("-o", "run", "-t", "quotes", "--fresh").exit_code == 0


def test_a_dry_run_asks_nothing(server: Server, folder: Path) -> None:
    (folder / "prices.toml").write_text(
        "date = 2026-10-01\n[models.some-model]\ninput = 10\noutput = 10\n"
    )
    args = asking(server, "--prices", "prices.toml", "--dry-run")
    result = run(*args)
    assert result.exit_code == 0
    assert "to ask     4; 0 are in the cache" in result.stdout
    assert "questions  4\n" in result.stdout
    assert "USD if nothing fails; in the worst case" in result.stdout
    assert server.calls == 0 and not Path("run").exists()
    run(*asking(server, "--prices", "prices.toml"))
    assert "to ask     0; 0 are in the cache" in run(*args).stdout
    other = run(*args, "--repeats", "2")
    assert other.exit_code == 1 and "repeats 1, now 2" in other.stderr


def test_a_limit_of_cost_is_kept(server: Server, folder: Path) -> None:
    (folder / "prices.toml").write_text(
        "date = 2026-10-01\n[models.some-model]\ninput = 1000\noutput = 1000\n"
    )
    result = run(*asking(server, "--prices", "prices.toml", "--max-cost", "0.5"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "and the 4 articles to ask may cost " in result.stderr
    assert "more than --max-cost 0.5" in result.stderr
    result = run(*asking(server, "--max-cost", "0.5"))
    assert result.exit_code == 2 and "--prices" in result.stderr
    assert server.calls == 0


# Failures


def test_failed_articles_are_told_and_count_as_missed(server: Server) -> None:
    server.will(refusing(1))
    result = run(*asking(server))
    assert result.exit_code == 3
    assert "Error: a1: " in result.stderr and "refuses the request" in result.stderr
    assert result.stderr.endswith(
        "Error: 1 of 4 articles failed and count as missing everything; the same "
        "command asks again.\n"
    )
    scores = Scores.model_validate(json.loads(Path("run/scores.json").read_bytes()))
    counts = scores.figures["quotes.joint"].counts
    assert (counts.matched, counts.gold, counts.predicted) == (3, 4, 3)
    server.will(fitting)
    assert run(*asking(server)).exit_code == 0
    assert server.calls == 5


def test_nothing_but_failures_is_a_failure(server: Server) -> None:
    server.will(refusing(0, 1))
    result = run(*asking(server, "--limit", "2"))
    assert result.exit_code == 1
    assert "2 of 2 articles failed" in result.stderr


def test_a_dead_endpoint_ends_the_run(server: Server) -> None:
    server.will(status(401))
    result = run(*asking(server))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "3 articles in a row failed" in result.stderr
    assert "run the same again to go on" in result.stderr
    assert server.calls == 3


# Scoring anew


def relabelled(number: int) -> GoldArticle:
    one = article(number)
    return one.model_copy(update={"quotes": [], "layers": ["quotes"]})


def test_corrected_labels_are_scored_without_a_model(
    server: Server, folder: Path
) -> None:
    assert run(*asking(server)).exit_code == 0
    before = load_run(folder / "run").meta
    write(folder / "gold", relabelled(0))
    refused = run(*asking(server))
    assert refused.exit_code == 1 and "extractor eval score run" in refused.stderr
    result = run("score", "run")
    assert result.exit_code == 0
    assert "Note: the labels are not those of the last scores." in result.stderr
    scores = Scores.model_validate(json.loads(Path("run/scores.json").read_bytes()))
    assert scores.figures["quotes.joint"].counts.gold == 3
    after = load_run(folder / "run").meta
    assert after.gold_hash != before.gold_hash and after.id == before.id
    assert run(*asking(server)).exit_code == 0
    assert server.calls == 4


def test_other_texts_are_not_scored(folder: Path) -> None:
    rules("-o", "run")
    write(folder / "other", *(article(n, said="is old") for n in range(4)))
    result = run("score", "run", "--gold", "other")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "are not those run was run on" in result.stderr
    result = run("score", "run", "--gold", "gold/a1.json")
    assert "lacks 3 of the run's 4 articles" in result.stderr
    assert run("score", "run", "--gold", "gold").exit_code == 0


def test_an_unfinished_run_is_not_scored(server: Server) -> None:
    server.will(status(401))
    run(*asking(server))
    result = run("score", "run")
    assert result.exit_code == 1
    assert "run is not finished: 1 of 4 articles were not asked" in result.stderr
    assert run("score", "none").exit_code == 1


# As a process


def start(*args: str) -> subprocess.Popen[bytes]:
    # A shell that runs the tests in its background has them ignore interrupts.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "extractor", "eval", *args],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    finally:
        signal.signal(signal.SIGINT, before)


def slowly(request: Request) -> Response:
    time.sleep(1.0)
    return fitting(request)


def wait_for_calls(
    server: Server, calls: int, process: subprocess.Popen[bytes]
) -> None:
    end = time.monotonic() + 120
    while server.calls < calls:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture
def many(folder: Path) -> None:
    write(folder / "gold", *(article(number) for number in range(4, 10)))


@pytest.mark.usefixtures("many")
def test_a_killed_run_goes_on(server: Server, folder: Path) -> None:
    server.will(slowly)
    process = start(*asking(server, "-j", "2"))
    wait_for_calls(server, 5, process)
    process.kill()
    process.communicate()
    time.sleep(0.5)  # the server may still be reading what was sent last
    kept, asked = len(load_run(folder / "run").cells), server.calls
    assert 3 <= kept <= asked <= kept + 2
    with start(*asking(server, "-j", "2")) as process:
        _, errors = process.communicate()
    assert process.returncode == 0, errors
    assert server.calls == asked + 10 - kept
    lines = Path("run/cells.jsonl").read_bytes().splitlines()
    assert len({json.loads(line)["article"] for line in lines}) == len(lines) == 10


@pytest.mark.usefixtures("many")
def test_an_interrupt_says_how_to_go_on(server: Server, folder: Path) -> None:
    server.will(slowly)
    process = start(*asking(server, "-j", "2"))
    wait_for_calls(server, 5, process)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=30)
    time.sleep(0.5)
    kept, asked = len(load_run(folder / "run").cells), server.calls
    assert (process.returncode, output) == (130, b"")
    told = f"Interrupted: {kept} of 10 articles are kept in run; the same command goes "
    assert errors.decode() == f"{told}on from there.\n"
    server.will(fitting)
    assert run(*asking(server)).exit_code == 0
    assert server.calls == asked + 10 - kept


@pytest.mark.usefixtures("many")
def test_a_second_process_is_refused(server: Server) -> None:
    server.will(slowly)
    process = start(*asking(server))
    wait_for_calls(server, 1, process)
    for args in (asking(server), asking(server, "--fresh")):
        result = run(*args)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "run is in use by another process" in result.stderr
    server.will(fitting)
    _, errors = process.communicate()
    assert process.returncode == 0, errors
    assert server.calls == 10


def test_score_is_a_word_of_its_own(folder: Path) -> None:
    assert "extractor eval score" in _usage("score", "-h")
    assert "GOLD..." in _usage("-h")
    write(folder / "score", article(0))
    assert run("./score", "-m", "rules", "-o", "run").exit_code == 0


def _usage(*args: str) -> str:
    result: Any = CliRunner().invoke(main, ["eval", *args], prog_name="extractor")
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= 88
    return str(result.stdout).splitlines()[0]
