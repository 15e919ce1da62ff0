"""`extractor batch` as a process: run to its end, or killed again and again."""

import json
import os
import random
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
from pathlib import Path

from evals.bench.faults.serving import ROOT, Server

POLL = 0.05
"""Seconds between two looks at how far a run is that will be killed."""


@dataclass(frozen=True)
class Job:
    """One `extractor batch`: the same command begins it and goes on with it."""

    articles: Path
    out: Path
    store: Path
    url: str
    jobs: int
    timeout: float

    @property
    def command(self) -> list[str]:
        """The command, with the Python that runs this."""
        return [
            *(sys.executable, "-m", "extractor", "batch", str(self.articles)),
            *("-o", str(self.out), "--store", str(self.store), "-q"),
            *("-m", "m", "--base-url", self.url, "-t", "quotes"),
            *("-j", str(self.jobs), "--timeout", f"{self.timeout:g}"),
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
        memory: the most it had resident, MB.
        said: its standard error.
    """

    code: int
    seconds: float
    cpu: float
    memory: float
    said: str


def finish(job: Job) -> Ended:
    """Run a job to its end."""
    begun = time.perf_counter()
    process = job.start()
    assert process.stderr is not None
    try:
        said = process.stderr.read()
    except BaseException:  # it is in a group of its own, so no Ctrl-C reaches it
        process.kill()
        raise
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Ended(
        code=process.returncode,
        seconds=time.perf_counter() - begun,
        cpu=used.ru_utime + used.ru_stime,
        memory=used.ru_maxrss / 1024,
        said=said,
    )


@dataclass(frozen=True)
class Kill:
    """What was found after one kill.

    Attributes:
        rows: articles that were done.
        is_sound: whether the store was whole.
        again: done articles that were nevertheless asked about later.
    """

    rows: int
    is_sound: bool
    again: int


def kill_at_random(job: Job, server: Server, count: int, kills: int) -> list[Kill]:
    """Kill a job with -9 at random times, going on each time, and let it finish.

    Args:
        job: the job.
        server: what it asks.
        count: its articles.
        kills: how often.
    """
    rng = random.Random(kills)
    states: list[tuple[bool, Counter[int]]] = []
    for answers in sorted(rng.uniform(0, 0.9 * count) for _ in range(kills)):
        process = job.start()
        time.sleep(rng.uniform(0, 0.5))
        try:
            while process.poll() is None and server.counted().outcomes["ok"] < answers:
                time.sleep(POLL)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
        asked = server.asked()
        rows = job.rows() if job.store.exists() else []
        is_sound = not job.store.exists() or job.is_sound()
        states.append((is_sound, Counter({r.number: asked[r.number] for r in rows})))
    last = finish(job)
    assert last.code in (0, 3), last.said
    asked = server.asked()
    return [
        Kill(len(rows), is_sound, sum(asked[n] > was for n, was in rows.items()))
        for is_sound, rows in states
    ]
