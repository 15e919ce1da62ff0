"""A run on Ray that is killed again and again: no row lost or doubled, no call twice.

Usage: python -m evals.bench.distributed [--articles 3000] [--kills 6] [--seed 1]

`extractor batch --engine ray` asks a local endpoint one question for each article. At
random times either a worker is killed with -9, and Ray replaces it, or everything the
command has started, and the same command goes on. At the end every article must have
one row, and the endpoint must not have been asked again for more than what was in
flight at the kills. Linux only: processes are found in /proc.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import inf
from pathlib import Path

from evals.bench.faults.articles import text_of
from evals.bench.faults.serving import ROOT, Server, serving

LATENCY = 0.05
"""Seconds an answer takes."""
JOBS = 8
"""Articles that a worker has in flight."""
WORKERS = 2
GROUP = 100
"""Articles of a row group, and so of a part."""
STARTS = 3
"""How often a run may end early before the bench gives it up."""
POLL = 0.1
"""Seconds between two looks at how far it is."""


@dataclass(frozen=True)
class Result:
    """What a killed run came to.

    Attributes:
        rows: how many there are.
        distinct: of how many articles.
        statuses: how they ended.
        answered: answers that the endpoint gave.
        repeated: answers to what had been answered before.
        worker_kills: workers killed.
        driver_kills: whole runs killed.
        seconds: wall time of all attempts.
    """

    rows: int
    distinct: int
    statuses: Counter[str]
    answered: int
    repeated: int
    worker_kills: int
    driver_kills: int
    seconds: float

    @property
    def in_flight(self) -> int:
        """Calls that the kills may have cost."""
        return JOBS * (self.worker_kills + WORKERS * self.driver_kills)


def write_articles(path: Path, count: int, group: int) -> Path:
    """Writes articles as Parquet, in row groups of so many."""
    import pyarrow as pa
    from pyarrow import parquet

    numbers = range(count)
    columns = {
        "id": [f"{number:07d}" for number in numbers],
        "text": [text_of(number) for number in numbers],
    }
    parquet.write_table(pa.table(columns), path, row_group_size=group)
    return path


def start(articles: Path, out: Path, store: Path, url: str) -> subprocess.Popen[bytes]:
    """Starts the command, as the leader of a session that all it starts belongs to."""
    command = [sys.executable, "-m", "extractor", "batch", str(articles)]
    command += ["-o", str(out), "--store", str(store), "-q", "--engine", "ray"]
    command += ["--workers", str(WORKERS), "-j", str(JOBS)]
    command += ["-m", "m", "--base-url", url, "-t", "quotes"]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env=os.environ | {"OPENAI_API_KEY": "none"},
    )


def session_of(leader: int) -> dict[int, str]:
    """Names of the processes of a session, by id."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            state = (entry / "stat").read_text().rpartition(")")[2].split()
            name = (entry / "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if int(state[3]) == leader:
            found[int(entry.name)] = name.replace("\0", " ")
    return found


def kill(processes: list[int]) -> None:
    """Kills processes with -9; one that has gone is as good as killed."""
    for process in processes:
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            continue


def advance(
    process: subprocess.Popen[bytes],
    launch: Callable[[], subprocess.Popen[bytes]],
    server: Server,
    answers: float,
) -> subprocess.Popen[bytes]:
    """Waits for so many answers, or for the end.

    Returns:
        The process; another one, where Ray did not start on a busy machine.
    """
    for _ in range(STARTS):
        while process.poll() is None and server.counted().outcomes["ok"] < answers:
            time.sleep(POLL)
        if process.poll() in (None, 0):
            break
        process.communicate()
        process = launch()
    return process


def run(
    folder: Path,
    count: int,
    kills: int,
    seed: int,
    *,
    group: int = GROUP,
    latency: float = LATENCY,
) -> Result:
    """Runs the command to its end, killing a worker or everything now and then.

    Args:
        folder: for articles, rows and store.
        count: articles.
        kills: how often, a worker first.
        seed: of the times of the kills.
        group: articles of a part.
        latency: seconds an answer takes.
    """
    rng = random.Random(seed)
    articles = write_articles(folder / "articles.parquet", count, group)
    out, store = folder / "rows", folder / "store.sqlite"
    times = sorted(rng.uniform(0, 0.9 * count) for _ in range(kills))
    killed: Counter[str] = Counter()
    begun = time.perf_counter()
    with serving(latency=latency) as server:
        launch = partial(start, articles, out, store, server.url)
        process = launch()
        for number, answers in enumerate(times):
            process = advance(process, launch, server, answers)
            if process.poll() is not None:
                break
            session = session_of(process.pid)
            workers = [pid for pid, name in session.items() if "MapWorker" in name]
            if number % 2 == 0 and workers:
                kill([rng.choice(workers)])
                killed["worker"] += 1
                continue
            kill([process.pid, *session])
            process.communicate()
            killed["driver"] += 1
            process = launch()
        process = advance(process, launch, server, inf)
        _, said = process.communicate()
        if process.returncode:
            sys.exit(f"The run failed: {said.decode()}")
        counted = server.counted()
    ids, statuses = read_rows(out)
    return Result(
        rows=len(ids),
        distinct=len(set(ids)),
        statuses=statuses,
        answered=counted.outcomes["ok"],
        repeated=counted.repeated,
        worker_kills=killed["worker"],
        driver_kills=killed["driver"],
        seconds=time.perf_counter() - begun,
    )


def read_rows(out: Path) -> tuple[list[str], Counter[str]]:
    """Ids and statuses of the rows that were written."""
    from pyarrow import parquet

    table = parquet.read_table(out, columns=["id", "status"])
    return table.column("id").to_pylist(), Counter(table.column("status").to_pylist())


def main() -> None:
    """Prints what the run came to; ends with 1 if it is not what it must be."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--articles", type=int, default=3000)
    parser.add_argument("--kills", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = run(Path(folder), options.articles, options.kills, options.seed)
    print(
        f"killed      {result.worker_kills} workers, {result.driver_kills} whole runs"
    )
    print(f"rows        {result.rows:,} of {result.distinct:,} articles")
    print(f"statuses    {dict(result.statuses)}")
    print(f"answers     {result.answered:,}, of which {result.repeated} paid again")
    print(f"in flight   at most {result.in_flight} at the kills")
    print(f"time        {result.seconds:.0f} s")
    whole = result.rows == result.distinct == options.articles
    sys.exit(not (whole and result.repeated <= result.in_flight))


if __name__ == "__main__":
    main()
