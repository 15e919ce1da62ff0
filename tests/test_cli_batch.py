"""`extractor batch` and `extractor cache` as processes, killed and interrupted."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from golden import article
from server import Request, Response, Server, fitting, hang, refusal, status

from extractor.batch.running import PATIENCE
from extractor.cli import main
from extractor.cli.interrupts import Interrupt
from extractor.store import check

PRICES = """
date = "2026-10-01"
[models."some-model"]
input = 1.0
output = 2.0
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Runs every test in an empty working folder with a store of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EXTRACTOR_STORE", str(tmp_path / "store.sqlite"))
    return tmp_path


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        running.will(fitting)
        yield running


def write_news(path: Path, count: int, *, bad: bool = False) -> Path:
    lines = [
        json.dumps({"id": f"a{number}", "text": article(number).text})
        for number in range(count)
    ]
    path.write_text("\n".join(["not JSON", *lines] if bad else lines) + "\n")
    return path


def run(*args: str | Path, stdin: str | None = None) -> Result:
    result = CliRunner().invoke(main, [str(arg) for arg in args], input=stdin)
    assert "Traceback" not in result.output
    return result


def rows_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def asking(server: Server, *args: str | Path) -> list[str]:
    """A command that asks the server."""
    options = ["-m", "some-model", "-t", "quotes", "--base-url", server.url]
    return ["batch", *map(str, args), *options]


def start(*args: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "extractor", *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
    )


def end(child: "subprocess.Popen[str]") -> tuple[int, str]:
    _, said = child.communicate(timeout=180)
    assert "Traceback" not in said
    return child.returncode, said


def slowly(request: Request) -> Response:
    time.sleep(0.05)
    return fitting(request)


def wait_for(server: Server, calls: int) -> None:
    limit = time.monotonic() + 120
    while server.calls < calls:
        assert time.monotonic() < limit
        time.sleep(0.01)


# Killed and interrupted


def test_kill_9_loses_and_repeats_nothing_but_the_calls_in_flight(
    server: Server, folder: Path
) -> None:
    def behave(request: Request) -> Response:
        time.sleep(0.03)
        return (refusal if "Pump 7 " in json.dumps(request.body) else fitting)(request)

    server.will(behave)
    news = write_news(folder / "news.jsonl", 80)
    whole, killed = folder / "whole.jsonl", folder / "killed.jsonl"
    store = ("--store", str(folder / "other.sqlite"))
    assert end(start(*asking(server, news, "-o", whole, "-j", "4", *store)))[0] == 3
    needed = server.calls
    rng = random.Random(7)
    command = asking(server, news, "-o", killed, "-j", "4")
    for _ in range(4):
        before = server.calls
        child = start(*command)
        wait_for(server, before + rng.randint(1, 18))
        child.kill()
        child.communicate()
        assert not killed.exists()
    status_, said = end(start(*command))
    assert status_ == 3 and "80: 79 ok, 1 failed (refusal 1)" in said
    assert killed.read_bytes() == whole.read_bytes()
    assert server.calls <= 2 * needed + 4 * 4
    found = check(folder / "store.sqlite")
    assert (found.dropped, found.entries) == (0, 80 + 79)
    ids = Counter(row["id"] for row in rows_of(killed))
    assert len(ids) == 80 and set(ids.values()) == {1}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_keeps_what_is_done_and_says_how_to_go_on(
    server: Server, folder: Path, number: signal.Signals
) -> None:
    server.will(slowly)
    news = write_news(folder / "news.jsonl", 60)
    command = asking(server, news, "-o", folder / "out.jsonl", "-j", "3")
    child = start(*command)
    wait_for(server, 10)
    child.send_signal(number)
    code, said = end(child)
    assert code == 130
    assert "Finishing the calls in flight; Ctrl-C again ends at once." in said
    assert "articles are done; the same command goes on from there." in said
    assert not (folder / "out.jsonl").exists()
    sent = server.calls
    assert 10 <= sent <= 20
    code, said = end(start(*command))
    assert (code, server.calls) == (0, 60)
    assert "of them were done before" in said


def test_a_second_interrupt_does_not_wait(server: Server, folder: Path) -> None:
    server.will(hang)
    news = write_news(folder / "news.jsonl", 5)
    child = start(*asking(server, news, "-o", folder / "out.jsonl", "-j", "2"))
    wait_for(server, 1)
    child.send_signal(signal.SIGINT)
    time.sleep(1)
    started = time.monotonic()
    child.send_signal(signal.SIGINT)
    code, said = end(child)
    assert code == 130 and "0 articles are done; the same command" in said
    assert time.monotonic() - started < PATIENCE - 5


def test_the_same_command_twice_at_once_is_refused(
    server: Server, folder: Path
) -> None:
    server.will(slowly)
    news = write_news(folder / "news.jsonl", 60)
    command = asking(server, news, "-o", folder / "out.jsonl", "-j", "2")
    first = start(*command)
    wait_for(server, 1)
    code, said = end(start(*command))
    assert code == 1 and "The same batch runs in another process: wait for it" in said
    assert end(first)[0] == 0


def test_two_batches_share_a_store(server: Server, folder: Path) -> None:
    server.will(slowly)
    commands = [
        asking(
            server,
            write_news(folder / f"{name}.jsonl", 30),
            *("-o", folder / f"{name}.out.jsonl", "-j", "4"),
        )
        for name in "ab"
    ]
    children = [start(*command) for command in commands]
    assert [end(child)[0] for child in children] == [0, 0]
    for name in "ab":
        rows = rows_of(folder / f"{name}.out.jsonl")
        assert [row["id"] for row in rows] == [f"a{number}" for number in range(30)]
        assert {row["status"] for row in rows} == {"ok"}
    assert check(folder / "store.sqlite").dropped == 0


def test_workers_share_the_work_and_write_the_same(
    server: Server, folder: Path
) -> None:
    news = write_news(folder / "news.jsonl", 20, bad=True)
    copies = "".join(
        json.dumps({"id": f"copy{n}", "text": article(0).text}) + "\n" for n in range(3)
    )
    news.write_text(news.read_text() + copies)
    one = run(*asking(server, news, "-o", "one.jsonl", "--store", "1.sqlite", "-j4"))
    assert server.calls == 20
    two = run(*asking(server, news, "-o", "two.jsonl", "--workers", "2", "-j", "4"))
    assert server.calls == 40
    assert one.exit_code == two.exit_code == 3
    assert (folder / "one.jsonl").read_bytes() == (folder / "two.jsonl").read_bytes()
    for told in (one, two):
        assert "articles  24: 23 ok, 1 failed (input 1)" in told.stderr
        assert "20 calls, 2,000 tokens in (0 cached), 200 out" in told.stderr
    assert (
        run(*asking(server, news, "-o", "two.jsonl", "--workers", "3")).exit_code == 3
    )
    assert server.calls == 40


def children_of(process: int) -> list[int]:
    tasks = Path(f"/proc/{process}/task").iterdir()
    return [
        int(pid) for task in tasks for pid in (task / "children").read_text().split()
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("victim", ["worker", "all", "none"])
def test_workers_may_be_killed_or_interrupted(
    server: Server, folder: Path, victim: str
) -> None:
    server.will(slowly)
    news = write_news(folder / "news.jsonl", 60)
    command = asking(
        server, news, "-o", folder / "out.jsonl", "--workers", "2", "-j", "4"
    )
    child = start(*command)
    wait_for(server, 10)
    workers = children_of(child.pid)
    assert len(workers) == 2
    if victim == "worker":
        os.kill(workers[0], signal.SIGKILL)
    elif victim == "all":
        child.kill()
    else:
        child.send_signal(signal.SIGINT)
    code, said = end(child)
    if victim == "worker":
        assert code == 1 and "A worker died (signal 9)." in said
    elif victim == "none":
        assert code == 130 and "the same command goes on from there" in said
    limit = time.monotonic() + 90
    while any(Path(f"/proc/{worker}/fd").exists() for worker in workers):
        assert time.monotonic() < limit  # they end with whom they work for
        time.sleep(0.1)
    sent = server.calls
    assert sent < 40
    assert end(start(*command))[0] == 0
    lost = {"worker": 2, "all": 0, "none": 0}[victim]
    assert 60 <= server.calls <= 60 + lost
    assert len(rows_of(folder / "out.jsonl")) == 60


def test_several_workers_are_refused_where_one_has_to_keep_count(
    server: Server, folder: Path
) -> None:
    news = write_news(folder / "news.jsonl", 1)
    for extra in (["--max-tokens", "9999999"], ["-"]):
        refused = run(*asking(server, news, *extra, "--workers", "2"), stdin="")
        assert (
            refused.exit_code == 2 and "Several --workers go neither" in refused.stderr
        )
    assert server.calls == 0


def test_a_signal_is_heeded_by_the_main_thread_alone(folder: Path) -> None:
    from threading import Event

    stop = Event()
    interrupt = Interrupt(stop)
    handler = signal.getsignal(signal.SIGTERM)
    with interrupt.heeded():
        with stop._cond:  # type: ignore[attr-defined]  # as the main thread does while it waits for the event
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(0.2)
        assert stop.wait(5) and interrupt.came
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(5)
    assert signal.getsignal(signal.SIGTERM) == handler


# What comes out


def test_every_input_has_a_line(folder: Path) -> None:
    news = write_news(folder / "news.jsonl", 3, bad=True)
    (folder / "one.txt").write_text(article(9).text)
    done = run("batch", news, "one.txt", "-m", "rules", "-o", "out.jsonl")
    assert done.exit_code == 3 and done.stdout == ""
    rows = rows_of(folder / "out.jsonl")
    assert [row["status"] for row in rows] == ["failed", "ok", "ok", "ok", "ok"]
    assert rows[0]["code"] == "input" and rows[4]["source"] == "one.txt"
    assert "articles  5: 4 ok, 1 failed (input 1)" in done.stderr
    assert "Error: 1 of 5 articles failed; their rows say why." in done.stderr


def test_standard_input_and_output_can_be_used(folder: Path) -> None:
    news = write_news(folder / "news.jsonl", 2).read_text()
    done = run("batch", "-", "-m", "rules", "-q", stdin=news)
    assert done.exit_code == 0 and done.stderr == ""
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["id"] for line in lines] == ["a0", "a1"]


def test_nothing_is_kept_without_cache(server: Server, folder: Path) -> None:
    news = write_news(folder / "news.jsonl", 2)
    for _ in range(2):
        assert run(*asking(server, news, "--no-cache", "-q")).exit_code == 0
    assert server.calls == 4
    assert [path.name for path in folder.iterdir()] == ["news.jsonl"]
    both = run(*asking(server, news, "--no-cache", "--store", "x"))
    assert both.exit_code == 2 and "exclude each other" in both.stderr


def test_accounts_are_told_where_asked_for(server: Server, folder: Path) -> None:
    news = write_news(folder / "news.jsonl", 1)
    run(*asking(server, news, "-o", "out.jsonl", "--accounts"))
    (row,) = rows_of(folder / "out.jsonl")
    assert (row["calls"], row["retries"]) == (1, 0)
    usage = {"prompt_tokens": 100, "cached_tokens": 0, "completion_tokens": 10}
    assert row["usage"] == usage


def test_spending_is_told_and_limited(server: Server, folder: Path) -> None:
    news = write_news(folder / "news.jsonl", 40)
    (folder / "prices.toml").write_text(PRICES)
    common = asking(server, news, "-o", "out.jsonl", "--prices", "prices.toml", "-j4")
    refused = run(*common, "--max-cost", "0.0001")
    assert refused.exit_code == 1 and server.calls == 0
    assert "more than --max-cost 0.0001: raise it, or give fewer" in refused.stderr
    done = run(*common, "--max-cost", "10")
    assert done.exit_code == 0
    assert "40 calls, 4,000 tokens in (0 cached), 400 out, 0.0048 USD" in done.stderr
    missing = run(*asking(server, news, "--max-cost", "1"))
    assert missing.exit_code == 2 and "add --prices" in missing.stderr


def test_an_endpoint_that_is_not_there_is_told_at_once(
    server: Server, folder: Path
) -> None:
    server.will(status(401))
    news = write_news(folder / "news.jsonl", 40)
    done = run(*asking(server, news, "-o", "out.jsonl"))
    assert done.exit_code == 1 and "check OPENAI_API_KEY" in done.stderr
    assert not (folder / "out.jsonl").exists() and server.calls <= 32


def test_an_output_among_the_inputs_is_refused(folder: Path) -> None:
    news = write_news(folder / "news.jsonl", 1)
    for output in (news, folder / "out.jsonl"):
        done = run("batch", folder, "-m", "rules", "-o", output)
        assert done.exit_code == 2
        assert "choose another place" in done.stderr
    assert len(rows_of(news)) == 1


def test_verbose_names_each_article_that_failed(folder: Path) -> None:
    news = write_news(folder / "news.jsonl", 1, bad=True)
    done = run("batch", news, "-m", "rules", "-v", "-o", "out.jsonl")
    assert f"failed: {news} line 1: input: {news} line 1 is not JSON" in done.stderr


def test_parquet_comes_out_and_goes_in(folder: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    news = write_news(folder / "news.jsonl", 3)
    assert run("batch", news, "-m", "rules", "-o", "out", "-q").exit_code == 0
    table = parquet.read_table(folder / "out")
    assert table.column("id").to_pylist() == ["a0", "a1", "a2"]
    texts = [found["document"]["text"] for found in table["extraction"].to_pylist()]
    (folder / "again").mkdir()
    parquet.write_table(
        table.select(["id"]).append_column("text", [texts]),
        folder / "again" / "news.parquet",
    )
    run("batch", "again", "-m", "rules", "-o", "again.jsonl", "-q")
    run("batch", news, "-m", "rules", "-o", "first.jsonl", "-q")
    one, two = rows_of(folder / "first.jsonl"), rows_of(folder / "again.jsonl")
    for row, same in zip(one, two, strict=True):
        assert isinstance(row["extraction"], dict)
        assert isinstance(same["extraction"], dict)
        assert row["extraction"]["quotes"] == same["extraction"]["quotes"]


# The cache


def test_the_cache_is_looked_after(server: Server, folder: Path) -> None:
    news = write_news(folder / "news.jsonl", 2)
    run(*asking(server, news, "-o", "out.jsonl"))
    told = run("cache", "info").stdout
    assert "replies  2\nrows     2\njobs     0" in told
    assert str(folder / "store.sqlite") in told
    assert run("cache", "check").stdout == "4 entries are right.\n"
    assert "0 answers" in run("cache", "prune", "--older-than", "1").stdout
    assert run("cache", "clear", stdin="n\n").exit_code == 1
    assert "4 answers and rows are gone" in run("cache", "clear", "-y").stdout
    run(*asking(server, news, "-o", "out.jsonl"))
    assert server.calls == 4


def test_a_damaged_store_is_told_and_repaired(server: Server, folder: Path) -> None:
    news = write_news(folder / "news.jsonl", 30)
    run(*asking(server, news, "-o", "out.jsonl"))
    before = (folder / "out.jsonl").read_bytes()
    path = folder / "store.sqlite"
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * 4096)
    told = run("cache", "check")
    assert told.exit_code == 1 and "cache check --repair" in told.stderr
    assert "made anew" in run("cache", "check", "--repair").stdout
    done = run(*asking(server, news, "-o", "out.jsonl"))
    assert done.exit_code == 0 and server.calls <= 60
    assert (folder / "out.jsonl").read_bytes() == before
