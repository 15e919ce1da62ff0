"""Whole articles by the batch interface: found the same, resumed, limited, refused."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from batch_server import BatchServer, Fate, valid
from click.testing import CliRunner
from server import Request, Response, answers, completion, status

from extractor.batch import Listing, Session, Sources, Summary, line_of
from extractor.cli import main
from extractor.costs import Price
from extractor.errors import RunStopped, UsageError
from extractor.hosted import exchange
from extractor.store import Store

TEXT = """\
OSKEBY - The harbour of Oskeby closes pier {0} on Monday, the town council said.

“The wall of pier {0} has moved by {0} centimetres since spring,” said Vera Sorrel, the
harbour master. Her deputy denied that. “It has not moved at all,” he said.

Nils Brun met Ilse Marsh on Friday. “Nobody told us that pier {0} would be shut.”
A storm killed {0} people there in 2016. Brun was arrested after the attack.
"""
PRICE = Price(input=1.0, output=2.0)


def good(request: Request) -> Response:
    schema = request.body["response_format"]["json_schema"]["schema"]
    return answers(valid(schema))(request)


@pytest.fixture
def server() -> Iterator[BatchServer]:
    with BatchServer(good) as running:
        yield running


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(exchange, "LONGEST_PAUSE", 0.02)


def articles(folder: Path, count: int = 4) -> Path:
    path = folder / "articles.jsonl"
    entries = [{"id": f"a{k}", "text": TEXT.format(k + 2)} for k in range(count)]
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    return path


def found(
    server: BatchServer, source: Path, store: Path, **options: Any
) -> tuple[list[bytes], Summary]:
    """The rows of a session."""
    settings: dict[str, Any] = {"model": "test-model", "base_url": server.url}
    with (
        Store(store) as kept,
        Session(Sources([str(source)]), kept, **settings | options) as session,
        Listing() as listing,
    ):
        summary = session.work(listing, jobs=2)
        return [line_of(row) for row in session.rows(listing)], summary


def test_batches_find_what_live_calls_find(server: BatchServer, tmp_path: Path) -> None:
    source = articles(tmp_path)
    live, _ = found(server, source, tmp_path / "live.sqlite")
    asked = len(server.live)
    rows, summary = found(server, source, tmp_path / "b.sqlite", batch_api=True)
    assert rows == live
    assert (summary.statuses["ok"], summary.kept, summary.pending) == (4, 0, 0)
    assert len(server.paid) == asked > 4
    assert set(server.paid.values()) == {1}
    assert 2 <= server.batches <= 4  # what depends on answers is asked in a later one


def test_faults_of_batches_end_as_those_of_live_calls(
    server: BatchServer, tmp_path: Path
) -> None:
    def behave(request: Request) -> Response:
        asked = json.dumps(request.body)
        if "pier 2 " in asked:
            return completion("no answer")(request)
        if "pier 3 " in asked:
            return status(400, {"code": "content_filter", "message": "x"})(request)
        return good(request)

    server.answer = behave
    source = articles(tmp_path)
    live, told = found(server, source, tmp_path / "live.sqlite")
    rows, summary = found(server, source, tmp_path / "b.sqlite", batch_api=True)
    assert rows == live
    assert summary.codes == told.codes
    assert summary.statuses == told.statuses
    assert set(server.paid.values()) == {1}


def test_answers_of_batches_serve_live_runs(
    server: BatchServer, tmp_path: Path
) -> None:
    source, store = articles(tmp_path), tmp_path / "s.sqlite"
    found(server, source, store, batch_api=True)
    before = len(server.live)
    with Store(store) as kept:
        kept.drop_all("rows", "")
    found(server, source, store)
    assert len(server.live) == before


CALLS = [
    "POST /v1/files",
    "POST /v1/batches",
    "GET /v1/batches/ID",
    "GET /v1/files/ID/content",
    "DELETE /v1/files/ID",
]


class Killer:
    """Kills a process once at each of the calls, before it is done and after."""

    def __init__(self) -> None:
        self.left = [(call, when) for call in CALLS for when in ("before", "after")]
        self.process: subprocess.Popen[bytes] | None = None
        self.calling: subprocess.Popen[bytes] | None = None

    def __call__(self, call: str, when: str) -> None:
        if when == "before":
            self.calling = self.process
        if (call, when) in self.left and self.calling and self.calling.poll() is None:
            self.left.remove((call, when))
            self.calling.kill()
            self.calling.wait()


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # connections broken off
def test_a_killed_run_goes_on_without_paying_twice(
    server: BatchServer, tmp_path: Path
) -> None:
    source = articles(tmp_path)
    live, _ = found(server, source, tmp_path / "live.sqlite")
    server.fates = [Fate(ends="expired", share=0.5), Fate()]
    killer = server.on_call = Killer()
    script = str(Path(__file__).with_name("hosted_worker.py"))
    worker = [sys.executable, script, str(tmp_path), server.url]
    codes: list[int] = []
    while codes[-1:] != [0] and len(codes) < 20:
        with subprocess.Popen(worker) as process:
            killer.process = process
            codes.append(process.wait())
    assert codes == [-signal.SIGKILL] * 10 + [0]
    assert not killer.left
    assert (tmp_path / "found.jsonl").read_bytes() == b"".join(live)
    assert set(server.paid.values()) == {1}


def test_no_batch_is_submitted_that_might_exceed_a_limit(
    server: BatchServer, tmp_path: Path
) -> None:
    source, store = articles(tmp_path), tmp_path / "s.sqlite"
    options: dict[str, Any] = {"batch_api": True, "price": PRICE}
    with pytest.raises(RunStopped, match="next batch might exceed --max-cost"):
        found(server, source, store, max_cost=0.01, **options)
    assert server.batches == 0
    found(server, source, store, max_cost=1.0, **options)


def test_what_has_no_batches_is_refused(server: BatchServer, tmp_path: Path) -> None:
    source, store = articles(tmp_path), tmp_path / "s.sqlite"
    with pytest.raises(UsageError, match="endpoint"):
        found(server, source, store, batch_api=True, model="rules")
    with pytest.raises(UsageError, match="several times"):
        found(server, Path("-"), store, batch_api=True)


def run(*arguments: object) -> Any:
    return CliRunner().invoke(main, ["batch", *map(str, arguments)])


def test_the_command_takes_batches(server: BatchServer, tmp_path: Path) -> None:
    source, out = articles(tmp_path), tmp_path / "out.jsonl"
    options = ["-m", "test-model", "--base-url", server.url, "--batch-api"]
    options += ["--store", str(tmp_path / "s.sqlite"), "-t", "quotes"]
    done = run(source, "-o", out, *options)
    assert (done.exit_code, len(out.read_text().splitlines())) == (0, 4)
    assert "4 ok\n" in done.stderr
    assert server.batches == 1


def test_a_cancelled_batch_ends_the_command_resumably(
    server: BatchServer, tmp_path: Path
) -> None:
    server.fates = [Fate(ends="cancelled", share=0.5), Fate()]
    source, out = articles(tmp_path), tmp_path / "out.jsonl"
    options = ["-m", "test-model", "--base-url", server.url, "--batch-api"]
    options += ["--store", str(tmp_path / "s.sqlite"), "-t", "quotes"]
    ended = run(source, "-o", out, *options)
    assert ended.exit_code == 1
    assert "was cancelled" in ended.stderr
    assert "the same command collects what was submitted" in ended.stderr
    assert run(source, "-o", out, *options).exit_code == 0
    assert set(server.paid.values()) == {1}


@pytest.mark.parametrize("option", ["--no-cache", "--engine=ray"])
def test_what_does_not_go_with_batches_is_refused(
    server: BatchServer, tmp_path: Path, option: str
) -> None:
    source = articles(tmp_path)
    refused = run(source, "-m", "m", "--base-url", server.url, "--batch-api", option)
    assert refused.exit_code == 2
    assert "--batch-api" in refused.stderr
