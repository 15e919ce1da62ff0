"""Several processes for one batch, where one does not keep up with the endpoint.

Each reads all articles and works on its part of them, which goes by the hash of the
text; so two articles with the same text are in one part, and paid for once.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from threading import Event, Lock, Thread
from typing import Any, Final

from extractor.batch.budget import Account
from extractor.batch.rows import Outcome
from extractor.batch.running import PATIENCE, POLL, Summary
from extractor.errors import RunStopped
from extractor.schema import Usage

_COMMAND: Final = (sys.executable, "-m", "extractor.batch.worker")
_LATER: Final = 5.0
"""Seconds that a worker has for its end after the patience with its calls."""


class Workers:
    """Processes that work on the parts of a batch.

    Args:
        tasks: of each worker, as JSON.
        account: is charged with what they spend.
        stop: set by whoever wants the run to end.
        progress: see `run_batch`.

    Attributes:
        summary: of all.
    """

    def __init__(
        self,
        tasks: Sequence[Mapping[str, Any]],
        account: Account,
        stop: Event,
        progress: Callable[[Summary, Outcome], None] | None,
    ) -> None:
        self.summary = Summary()
        self._tasks = tasks
        self._account = account
        self._stop = stop
        self._progress = progress
        self._lock = Lock()
        self._error = ""

    def work(self, meanwhile: Callable[[], None]) -> Summary:
        """Runs the workers to their end.

        Args:
            meanwhile: what this process does beside them.

        Raises:
            RunStopped: one of them ended early, or `stop` was set.
        """
        workers = [self._start(task) for task in self._tasks]
        followers = [
            Thread(target=self._follow, args=(worker,), daemon=True)
            for worker in workers
        ]
        try:
            for follower in followers:
                follower.start()
            meanwhile()
            while _is_any_alive(followers) and not self._stop.is_set():
                time.sleep(POLL)
        finally:
            _end(workers, followers)
        if self._error or self._stop.is_set():
            raise RunStopped(self._error or "The run was told to end.")
        return self.summary

    def _start(self, task: Mapping[str, Any]) -> "subprocess.Popen[str]":
        worker = subprocess.Popen(
            _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert worker.stdin is not None
        worker.stdin.write(json.dumps(task) + "\n")
        worker.stdin.flush()
        return worker

    def _follow(self, worker: "subprocess.Popen[str]") -> None:
        """Takes the news of a worker until it ends."""
        assert worker.stdout is not None
        calls, usage, ended = 0, Usage(), None
        for line in worker.stdout:
            news = json.loads(line)
            if "ended" in news:
                ended = news["ended"]
                break
            paid = Usage(**news["usage"])
            self._account.charge(news["calls"] - calls, paid - usage)
            calls, usage = news["calls"], paid
            with self._lock:
                outcome = Outcome(**news["outcome"])
                self.summary.add(outcome, kept=news["kept"])
                if self._progress:
                    self._progress(self.summary, outcome)
        if ended is None:
            ended = f"A worker died ({_ending(worker)})."
        if ended:
            with self._lock:
                self._error = self._error or ended
            self._stop.set()


def _ending(worker: "subprocess.Popen[str]") -> str:
    code = worker.wait()
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def _is_any_alive(threads: Sequence[Thread]) -> bool:
    return any(thread.is_alive() for thread in threads)


def _end(workers: "Sequence[subprocess.Popen[str]]", followers: list[Thread]) -> None:
    """Let the workers finish their calls, and see that none is left."""
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.close()
    limit = time.monotonic() + PATIENCE + _LATER
    try:
        while _is_any_alive(followers) and time.monotonic() < limit:
            time.sleep(POLL)
    finally:
        for worker, follower in zip(workers, followers, strict=True):
            if follower.is_alive():
                worker.kill()
            worker.wait()
            follower.join()
            assert worker.stdout is not None
            worker.stdout.close()
