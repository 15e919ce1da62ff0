"""The fault server as a process of its own, started and asked from here."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Counted:
    """What a server was asked, see `server.Counts`."""

    requests: int
    outcomes: Counter[str]
    repeated: int
    """Answers to a request that had been answered before."""
    most_open: int
    wall: float
    """Seconds from the first response to the last."""
    seconds: list[Counter[str]]
    """Outcomes of each second."""

    def refused(self, since: int = 0) -> float:
        """Share of requests from this second on that were over the limit."""
        counts = sum(self.seconds[since:], Counter())
        return counts["429"] / max(1, counts.total())


@dataclass(frozen=True)
class Server:
    """A running fault server."""

    port: int

    @property
    def url(self) -> str:
        """Address for clients."""
        return f"http://127.0.0.1:{self.port}/v1"

    def counted(self) -> Counted:
        """What it was asked so far."""
        told = self._get("/counts")
        return Counted(
            requests=told["requests"],
            outcomes=Counter(told["outcomes"]),
            repeated=told["repeated"],
            most_open=told["most_open"],
            wall=told["wall"],
            seconds=[Counter(second) for second in told["seconds"]],
        )

    def asked(self) -> Counter[int]:
        """How often each article was asked about."""
        told = self._get("/asked")
        return Counter({int(number): count for number, count in told.items()})

    def _get(self, path: str) -> Any:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path)
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()


@contextmanager
def serving(
    plan: str = "clean",
    *,
    latency: float = 0.0,
    limit: float | None = None,
    tell: bool = False,
    port: int = 0,
) -> Iterator[Server]:
    """A fault server for as long as the context lasts.

    Args:
        plan: which faults there are, a key of `plan.PLANS`.
        latency: seconds that every answer takes.
        limit: requests a second that are let through.
        tell: whether headers tell what is left of the limit.
        port: where it listens; by default any.
    """
    command = [sys.executable, "-m", "evals.bench.faults.server"]
    command += ["--plan", plan, "--latency", str(latency), "--port", str(port)]
    command += ["--limit", str(limit)] if limit else []
    command += ["--tell"] if tell else []
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stdin is not None
        try:
            yield Server(int(process.stdout.readline()))
        finally:
            process.stdin.close()
