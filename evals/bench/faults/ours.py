"""`extractor batch` as a process: run to its end, or killed again and again."""

import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from threading import Event, Thread

from evals.bench.faults.serving import ROOT, Server

POLL = 0.05
"""Seconds between two looks at how far a run is that will be killed."""
SAMPLED = 0.5
"""Seconds between two looks at the memory of a run."""
GONE = 60.0
"""Seconds that the workers of a killed run may take to notice."""


_HAS_ROWS = "SELECT 1 FROM sqlite_master WHERE name = 'rows'"


@dataclass(frozen=True)
class Job:
    """One `extractor batch`: the same command begins it and goes on with it."""

    articles: Path
    out: Path
    store: Path
    url: str
    jobs: int
    timeout: float
    workers: int = 1

    @property
    def command(self) -> list[str]:
        """The command, with the Python that runs this."""
        return [
            *(sys.executable, "-m", "extractor", "batch", str(self.articles)),
            *("-o", str(self.out), "--store", str(self.store), "-q"),
            *("-m", "m", "--base-url", self.url, "-t", "quotes"),
            *("-j", str(self.jobs), "--workers", str(self.workers)),
            *("--timeout", f"{self.timeout:g}"),
        ]

    def start(self) -> subprocess.Popen[str]:
        """Start it in a process group of its own."""
        return subprocess.Popen(
            self.command,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def digest(self) -> str:
        """sha256 of what it wrote."""
        return sha256(self.out.read_bytes()).hexdigest()

    def rows(self) -> list["Row"]:
        """The terminal rows in its store."""
        with _copied(self.store) as database:
            if not database.execute(_HAS_ROWS).fetchone():
                return []  # killed before it had made its tables
            found = database.execute("SELECT value FROM rows").fetchall()
        return [Row.read(value) for (value,) in found]

    def is_sound(self) -> bool:
        """Whether SQLite finds nothing wrong with the store."""
        with _copied(self.store) as database:
            return database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@dataclass(frozen=True)
class Row:
    """How one article ended."""

    number: int
    status: str
    code: str | None
    quotes: int

    @classmethod
    def read(cls, value: bytes) -> "Row":
        """A row as the store has it: how it ended, and on a second line what was found.

        What cannot be read has no number.
        """
        head, _, body = value.partition(b"\n")
        row, extraction = json.loads(head), json.loads(body) or {}
        return cls(
            number=int(row["id"]) if row["id"].isdigit() else -1,
            status=row["status"],
            code=row["code"],
            quotes=len(extraction.get("quotes", [])),
        )


class _copied:
    """A copy of a database as it lies there, so that looking does not mend it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> sqlite3.Connection:
        self._folder = tempfile.mkdtemp()
        copy = Path(self._folder) / self._path.name
        for end in ("", "-wal"):
            source = self._path.with_name(self._path.name + end)
            if source.exists():
                shutil.copyfile(source, copy.with_name(copy.name + end))
        self._connection = sqlite3.connect(copy)
        return self._connection

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        shutil.rmtree(self._folder)


@dataclass(frozen=True)
class Ended:
    """A process that has ended.

    Attributes:
        code: its exit code.
        seconds: wall time.
        cpu: seconds of processor time.
        memory: the most that it and its workers had resident, MB.
    """

    code: int
    seconds: float
    cpu: float
    memory: float


def finish(job: Job) -> Ended:
    """Run a job to its end.

    Raises:
        SystemExit: it did not come to its end.
    """
    begun = time.perf_counter()
    process = job.start()
    assert process.stderr is not None
    sampling = Sampling(process.pid)
    sampling.start()
    try:
        said = process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    except BaseException:  # it is in a group of its own, so no Ctrl-C reaches it
        os.killpg(process.pid, signal.SIGKILL)
        raise
    finally:
        sampling.ended.set()
    if process.returncode not in (0, 3):
        sys.exit(f"extractor batch ended with {process.returncode}: {said}")
    return Ended(
        code=process.returncode,
        seconds=time.perf_counter() - begun,
        cpu=used.ru_utime + used.ru_stime,  # its workers' among it
        memory=max(sampling.most, used.ru_maxrss / 1024),
    )


_PROCESSES = Path("/proc")
_SHARE = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


def _resident(process: Path, group: int) -> float:
    """MB of a process, if it belongs to the group."""
    try:
        state = (process / "stat").read_text().rpartition(")")[2].split()
        if int(state[2]) != group:
            return 0.0
        share = _SHARE.search((process / "smaps_rollup").read_text())
    except OSError:  # it has ended
        return 0.0
    return int(share[1]) / 1024 if share else 0.0


class Sampling(Thread):
    """Watches the memory of a process group, where there is a /proc to tell."""

    def __init__(self, group: int) -> None:
        super().__init__(daemon=True)
        self.group = group
        self.most = 0.0
        """MB, what processes share counted once."""
        self.ended = Event()

    def run(self) -> None:
        """Look again and again."""
        while not self.ended.wait(SAMPLED):
            found = (_resident(path, self.group) for path in _PROCESSES.glob("[0-9]*"))
            self.most = max(self.most, sum(found))


@dataclass(frozen=True)
class State:
    """What a run had done when it was killed or had ended.

    Attributes:
        rows: how often each article is done; once, if all is well.
        asked: how often the server was asked about each.
        repeated: answers that the server had given before.
        is_sound: whether the store was whole.
    """

    rows: Counter[int]
    asked: Counter[int]
    repeated: int
    is_sound: bool

    @classmethod
    def of(cls, job: Job, server: Server) -> "State":
        """See what there is."""
        is_there = job.store.exists()
        return cls(
            rows=Counter(row.number for row in job.rows()) if is_there else Counter(),
            asked=server.asked(),
            repeated=server.counted().repeated,
            is_sound=job.is_sound() if is_there else True,
        )


@dataclass(frozen=True)
class Step:
    """What happened between two states: from one kill to the next, or to the end.

    Attributes:
        lost: articles that were done before and are no more.
        twice: articles that are done more than once.
        again: articles that were done before and were nevertheless asked about.
        paid: answers that the server gave once more.
        is_sound: whether the store is whole.
    """

    lost: int
    twice: int
    again: int
    paid: int
    is_sound: bool

    @classmethod
    def between(cls, before: State, after: State) -> "Step":
        """What happened from the one to the other."""
        done = before.rows.keys()
        return cls(
            lost=len(done - after.rows.keys()),
            twice=sum(count > 1 for count in after.rows.values()),
            again=sum(after.asked[number] > before.asked[number] for number in done),
            paid=after.repeated - before.repeated,
            is_sound=after.is_sound,
        )


def kill_at_random(job: Job, server: Server, count: int, kills: int) -> list[Step]:
    """Kill a job with -9 at random times, going on each time, and let it finish.

    In turns with and without its workers, which then have to notice. After every kill,
    before the job goes on, and at the end it is seen what there is.

    Args:
        job: the job.
        server: what it asks.
        count: its articles.
        kills: how often.
    """
    rng = random.Random(kills)
    states = [State.of(job, server)]
    moments = sorted(rng.uniform(0, 0.9 * count) for _ in range(kills))
    for turn, answers in enumerate(moments):
        process = job.start()
        try:
            time.sleep(rng.uniform(0, 0.5))
            while process.poll() is None and server.counted().outcomes["ok"] < answers:
                time.sleep(POLL)
        finally:
            if process.poll() is None:
                kill = os.killpg if turn % 2 else os.kill
                kill(process.pid, signal.SIGKILL)
            process.communicate(timeout=GONE)  # the pipe is open while a worker lives
        states.append(State.of(job, server))
    finish(job)
    states.append(State.of(job, server))
    return [Step.between(before, after) for before, after in pairwise(states)]
