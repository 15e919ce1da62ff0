"""The runs of the bench, what each showed, and what is demanded of ours."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count as counting
from pathlib import Path

from evals.bench.faults.articles import write
from evals.bench.faults.ours import Ended, Job, Step, finish, kill_at_random
from evals.bench.faults.plan import Fault, Plan
from evals.bench.faults.serving import ROOT, Counted, Server, serving

LATENCY = 0.05
"""Seconds an answer takes, where it is not the throughput that is measured."""
TIMEOUT = 3.0
"""Seconds a call may take, for every system."""
LIMIT = 40.0
"""Requests a second that a limited server lets through."""
WORKERS = 32
"""Articles at a time, for every system."""
CODES: Mapping[Fault | None, str] = {
    "refusal": "refusal",
    "choiceless": "empty",
    "messageless": "empty",
    "filtered": "content_filter",
}
"""How rows must name the faults that last."""


@dataclass(frozen=True)
class Line:
    """One system under one plan.

    Attributes:
        system: which.
        articles: how many it was given.
        ok: those it has a result for.
        failed: those that ended in an error, by its name.
        silent: those with neither.
        counted: what the server saw.
        seconds: wall time of the process.
    """

    system: str
    articles: int
    ok: int
    failed: Counter[str]
    silent: int
    counted: Counted
    seconds: float

    @property
    def used(self) -> float:
        """Share of what `LIMIT` lets through that became answers."""
        return self.counted.outcomes["ok"] / max(self.counted.wall, 0.1) / LIMIT


@dataclass(frozen=True)
class Demand:
    """Something that must hold; None where too little was run to judge it."""

    what: str
    demanded: str
    measured: str
    holds: bool | None


@dataclass(frozen=True)
class Unkilled:
    """What a run that is killed must come to.

    Attributes:
        digest: sha256 of the output.
        requests: how many it took.
        port: of the server, whose address rows may name.
    """

    digest: str
    requests: int
    port: int


@dataclass
class Bench:
    """Runs in a folder, and what they showed.

    Attributes:
        folder: for articles, stores and results; may be lost afterwards.
        langextract: a Python that has it; None leaves it out.
        short: whether runs are too short to judge how fast they were.
        demands: what was demanded so far.
    """

    folder: Path
    langextract: str | None = None
    short: bool = False
    demands: list[Demand] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=counting)
    _unkilled: Unkilled | None = None

    def under_faults(self, count: int) -> Line:
        """Ours under all faults: every article ends, and as the plan has it."""
        with serving("all", latency=LATENCY) as server:
            job = self._job(server, count)
            line, ended = _run(job, "ours", count, server)
        self._check_rows(job, count, ended)
        self._unkilled = Unkilled(job.digest(), line.counted.requests, server.port)
        return line

    def _check_rows(self, job: Job, count: int, ended: Ended) -> None:
        rows, plan = job.rows(), Plan()
        lasting = plan.lasting(count)
        numbers = Counter(row.number for row in rows)
        once = len(numbers) == count == numbers.total()
        self._demand(
            "exit code, some articles failed", "3", ended.code, ended.code == 3
        )
        self._demand("articles with one row", count, numbers.total(), once)
        ok = sum(row.status == "ok" and row.quotes > 0 for row in rows)
        wanted = count - lasting.total()
        self._demand("recoverable articles ok", wanted, ok, ok == wanted)
        failed = [row for row in rows if row.status == "failed"]
        named = sum(row.code == CODES.get(plan.fault(row.number)) for row in failed)
        self._demand(
            "others failed with the right code",
            lasting.total(),
            named,
            named == lasting.total(),
        )

    def kill(self, count: int, kills: int) -> None:
        """The same again, killed again and again: nothing lost, nothing paid twice."""
        assert self._unkilled is not None  # `under_faults` comes first
        port = self._unkilled.port
        with serving("all", latency=LATENCY, port=port) as server:
            job = self._job(server, count, workers=2)
            steps = kill_at_random(job, server, count, kills)
            counted = server.counted()
        self._check_steps(steps, kills)
        rows = len({row.number for row in job.rows()})
        self._demand(
            f"articles with one row, {kills} x kill -9", count, rows, rows == count
        )
        most = WORKERS * kills
        more = counted.requests - self._unkilled.requests
        self._demand("requests more than unkilled", f"<= {most}", more, more <= most)
        digest = job.digest()
        same = digest == self._unkilled.digest
        self._demand("output equals the unkilled run's", "sha256", digest[:12], same)

    def _check_steps(self, steps: list[Step], kills: int) -> None:
        """What must hold after every kill, and at the end."""
        sound = sum(step.is_sound for step in steps)
        self._demand("store whole, each time", len(steps), sound, sound == len(steps))
        lost = sum(step.lost + step.twice for step in steps)
        self._demand("rows lost or doubled, each time", 0, lost, lost == 0)
        again = sum(step.again for step in steps)
        self._demand("finished articles asked about again", 0, again, again == 0)
        paid = max(step.paid for step in steps)
        self._demand(
            "answers paid twice, the most for a kill", f"<= {WORKERS}", paid,
            paid <= WORKERS,
        )  # fmt: skip
        total, most = sum(step.paid for step in steps), WORKERS * kills
        self._demand("answers paid twice, all", f"<= {most}", total, total <= most)

    def peers(self, count: int) -> Iterator[Line]:
        """Ours and the peers under all faults, and one under passing ones alone.

        One lasting fault ends langextract's call for all articles.
        """
        with serving("all", latency=LATENCY) as server:
            yield _run(self._job(server, count), "ours", count, server)[0]
        for name in ("openai", *self._compared):
            with serving("all", latency=LATENCY) as server:
                yield self._peer(name, name, server, count)
        if self.langextract:
            with serving("passing", latency=LATENCY) as server:
                system = "langextract, passing faults only"
                yield self._peer("langextract", system, server, count)

    def under_limit(self, count: int) -> Iterator[Line]:
        """All under a limit of requests."""
        for tell in (False, True):
            with serving(latency=LATENCY, limit=LIMIT, tell=tell) as server:
                system = "ours, limit told in headers" if tell else "ours"
                line, _ = _run(self._job(server, count), system, count, server)
            yield line
            lost, used, refused = count - line.ok, line.used, line.counted.refused()
            self._demand(f"{system}: lost at the limit", 0, lost, lost == 0)
            self._demand_speed(
                f"{system}: limit used", ">= 90 %", f"{used:.0%}", used >= 0.9
            )
            self._demand_speed(
                f"{system}: answered 429", "<= 10 %", f"{refused:.1%}", refused <= 0.1
            )
        for name in self._compared:
            with serving(latency=LATENCY, limit=LIMIT) as server:
                yield self._peer(name, name, server, count)

    def time(self, count: int) -> None:
        """Articles a second that two cores make of an endpoint that answers at once.

        One process can use one core alone, so its rate is told and not judged. Start-up
        is left out.
        """
        for workers in (1, 2):
            with serving() as server:
                ended = finish(self._job(server, count, workers))
                rate = count / server.counted().wall
            system = f"{workers} process{'es' * (workers > 1)}"
            if workers == 1:
                told = Demand(f"{system}: articles a second", "-", f"{rate:.0f}", None)
                self.demands.append(told)
            else:
                self._demand_speed(
                    f"{system}: articles a second", ">= 100", f"{rate:.0f}", rate >= 100
                )
            each = ended.cpu / count * 1000
            self._demand_speed(
                f"{system}: CPU an article, ms", "<= 12", f"{each:.1f}", each <= 12
            )
            self._demand_memory(f"{system}, {count}", ended)

    def remember(self, count: int) -> None:
        """Memory over many articles."""
        with serving() as server:
            self._demand_memory(str(count), finish(self._job(server, count)))

    def _demand_memory(self, run: str, ended: Ended) -> None:
        what = f"memory of {run} articles, MB"
        self._demand(what, "<= 300", f"{ended.memory:.0f}", ended.memory <= 300)

    def _demand_speed(self, what: str, wanted: str, found: str, holds: bool) -> None:
        """As `_demand`, judged in runs only that are long enough."""
        judged = None if self.short else holds
        self.demands.append(Demand(what, wanted, found, judged))

    def _demand(self, what: str, wanted: object, found: object, holds: bool) -> None:
        self.demands.append(Demand(what, str(wanted), str(found), holds))

    def _job(self, server: Server, count: int, workers: int = 1) -> Job:
        folder = self.folder / str(next(self._numbers))
        folder.mkdir()
        return Job(
            articles=self._articles(count),
            out=folder / "out.jsonl",
            store=folder / "store.sqlite",
            url=server.url,
            jobs=WORKERS,
            timeout=TIMEOUT,
            workers=workers,
        )

    def _articles(self, count: int) -> Path:
        path = self.folder / f"{count}.jsonl"
        return path if path.exists() else write(path, count)

    @property
    def _compared(self) -> tuple[str, ...]:
        return ("instructor", "langextract") if self.langextract else ("instructor",)

    def _peer(self, name: str, system: str, server: Server, count: int) -> Line:
        python = self.langextract if name == "langextract" else sys.executable
        script = Path(__file__).with_name("peers.py")
        command = [str(python), str(script), name, server.url]
        command += [str(self._articles(count)), f"{TIMEOUT:g}", str(WORKERS)]
        done = subprocess.run(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, check=True,
        )  # fmt: skip
        told = json.loads(done.stdout)
        failed = Counter(told["outcomes"])
        ok, silent = failed.pop("ok", 0), failed.pop("silent", 0)
        counted = server.counted()
        return Line(system, count, ok, failed, silent, counted, told["seconds"])


def _run(job: Job, system: str, count: int, server: Server) -> tuple[Line, Ended]:
    """Run one of ours to its end, and see how it did."""
    ended = finish(job)
    rows = job.rows()
    ok = sum(row.status == "ok" for row in rows)
    failed = Counter(f"{row.code}" for row in rows if row.status != "ok")
    silent = count - ok - failed.total()
    counted = server.counted()
    return Line(system, count, ok, failed, silent, counted, ended.seconds), ended
