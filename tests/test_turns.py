"""One at a time, of threads and of processes, whatever becomes of them."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from evals.bench.faults.articles import write
from evals.bench.faults.serving import ROOT, serving
from extractor.store import Store, Turns

posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no such locks")

HOLDER = """
import sys
from pathlib import Path
from extractor.store import Turns
with Turns(Path(sys.argv[1])).alone("a"):
    print("held", flush=True)
    sys.stdin.read()
"""


def hold(path: Path) -> "subprocess.Popen[str]":
    """A process that has the turn `a` until its input ends."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout and holder.stdout.readline() == "held\n"
    return holder


@posix
@pytest.mark.parametrize("kill", [False, True], ids=["ended", "killed"])
def test_a_process_waits_for_the_turn_of_another(tmp_path: Path, kill: bool) -> None:
    turns, pauses = Turns(tmp_path / "turns"), 0
    with hold(tmp_path / "turns") as holder:

        def pause(seconds: float) -> None:
            nonlocal pauses
            pauses += 1
            assert holder.stdin
            if pauses == 3:
                holder.kill() if kill else holder.stdin.close()
                holder.wait()

        with turns.alone("b", pause):
            assert pauses == 0
        with turns.alone("a", pause):
            assert pauses == 3
    turns.close()


@posix
def test_who_waits_for_a_turn_may_give_up(tmp_path: Path) -> None:
    def give_up(seconds: float) -> None:
        raise InterruptedError

    turns = Turns(tmp_path / "turns")
    with hold(tmp_path / "turns") as holder:
        with pytest.raises(InterruptedError), turns.alone("a", give_up):
            pytest.fail("it was another's turn")
        holder.kill()
    with turns.alone("a", give_up):
        pass
    turns.close()


@pytest.mark.parametrize("among_processes", [False, True])
def test_threads_take_turns(tmp_path: Path, among_processes: bool) -> None:
    turns = Turns(tmp_path / "turns" if among_processes else None)
    inside, most = 0, 0

    def enter() -> None:
        nonlocal inside, most
        for _ in range(200):
            with turns.alone("a"):
                inside += 1
                most = max(most, inside)
                inside -= 1

    threads = [threading.Thread(target=enter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    turns.close()
    assert (inside, most) == (0, 1)


def test_where_no_file_can_be_made_threads_take_turns(tmp_path: Path) -> None:
    turns = Turns(tmp_path / "missing" / "turns")
    with turns.alone("a"):
        pass
    turns.close()


@posix
def test_what_processes_agree_by_is_for_their_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    with Store(path) as store, store.alone("a"):
        beside = {file.name: file.stat() for file in tmp_path.iterdir()}
    assert beside["store.sqlite.turns.lock"].st_mode & 0o777 == 0o600
    assert beside["store.sqlite.turns.lock"].st_size == 0


@posix
def test_two_runs_at_once_pay_for_no_answer_twice(tmp_path: Path) -> None:
    news = write(tmp_path / "news.jsonl", 40)
    store, outs = tmp_path / "store.sqlite", [tmp_path / f"{k}.jsonl" for k in "ab"]
    with serving(latency=0.1) as server:
        command = [sys.executable, "-m", "extractor", "batch", str(news)]
        command += ["-m", "m", "--base-url", server.url, "--store", str(store)]
        command += ["-t", "quotes", "-j", "4", "-q", "-o"]
        runs = [subprocess.Popen([*command, str(out)], cwd=ROOT) for out in outs]
        assert [run.wait(timeout=180) for run in runs] == [0, 0]
        counted = server.counted()
    assert (counted.outcomes["ok"], counted.repeated) == (40, 0)
    rows = [json.loads(line) for line in outs[0].read_bytes().splitlines()]
    assert [row["status"] for row in rows] == ["ok"] * 40
    assert outs[0].read_bytes() == outs[1].read_bytes()
