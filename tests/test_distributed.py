"""Articles as Arrow in and out, cut into parts, and worked on by Ray's actors."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from server import Server, status

from evals.bench.distributed import run as killed_run
from evals.bench.faults.articles import text_of
from evals.bench.faults.articles import write as write_lines
from evals.bench.faults.serving import ROOT, serving
from extractor.batch import Listing, Session, write_parquet
from extractor.batch.sources import Sources
from extractor.cli import main
from extractor.distributed import Settings, run_files
from extractor.distributed.folder import Folder, summary_of
from extractor.distributed.parts import STAGED, articles_of, plan
from extractor.distributed.worker import Worker
from extractor.errors import InputError, UsageError
from extractor.schema import Document
from extractor.store import Store

pa = pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
parquet = pytest.importorskip("pyarrow.parquet")
needs_ray = pytest.mark.skipif(
    find_spec("ray") is None, reason="the extra ray is not installed"
)

SAID = "“The ferry sails again in May,” said Ines Varga, who runs the harbour."


def table(rows: list[dict[str, Any]]) -> Any:
    return pa.Table.from_pylist(rows)


def texts(count: int) -> list[dict[str, Any]]:
    return [{"id": f"{n:07d}", "text": text_of(n)} for n in range(count)]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite"


@pytest.fixture
def worker(store: Path) -> Iterator[Worker]:
    opened = Worker(Settings("rules", tasks=("quotes",), store=store))
    yield opened
    opened.close()


def batch(rows: list[dict[str, Any]]) -> Any:
    return pa.RecordBatch.from_pylist(rows)


def test_every_article_of_a_batch_has_a_row_in_its_place(worker: Worker) -> None:
    rows = worker.rows(
        batch(
            [
                {"id": "a", "text": SAID, "desk": 7},
                {"id": "b", "text": None, "desk": 8},
                {"id": None, "text": " ", "desk": 9},
                {"id": "d", "text": SAID + " It rained.", "desk": None},
            ]
        ),
        keep=["desk"],
    ).to_pylist()
    assert [row["id"] for row in rows] == ["a", "b", "row 3", "d"]
    assert [row["status"] for row in rows] == ["ok", "failed", "failed", "ok"]
    assert [row["code"] for row in rows] == [None, "input", "input", None]
    assert [row["desk"] for row in rows] == [7, 8, 9, None]
    (quote,) = rows[0]["extraction"]["quotes"]
    assert quote["text"] == "The ferry sails again in May,"


def test_cells_that_are_no_text_fail_alone(worker: Worker) -> None:
    offsets = pa.py_buffer(b"".join(n.to_bytes(4, "little") for n in (0, 2, 2 + 70)))
    data = pa.py_buffer(b"\xff\xfe" + SAID.encode()[:70])
    broken = pa.StringArray.from_buffers(2, offsets, data)
    rows = worker.rows(pa.RecordBatch.from_arrays([broken], ["text"])).to_pylist()
    assert [row["status"] for row in rows] == ["failed", "ok"]
    assert "UTF-8" in rows[0]["message"]
    numbers = worker.rows(batch([{"text": 5}, {"text": 6}])).to_pylist()
    assert [row["code"] for row in numbers] == ["input", "input"]


def test_a_batch_without_rows_or_texts_keeps_the_columns(worker: Worker) -> None:
    empty = worker.rows(batch(texts(1)).slice(0, 0))
    assert empty.num_rows == 0
    assert empty.schema.names == worker.rows(batch(texts(1))).schema.names
    (row,) = worker.rows(batch([{"body": SAID}])).to_pylist()
    assert row["code"] == "input"


def test_an_endpoint_that_fails_is_in_the_rows_and_raises_nothing(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    with Server() as server:
        server.will(status(401))
        settings = Settings("m", tasks=("quotes",), base_url=server.url, store=store)
        worker = Worker(settings)
        first = worker.rows(batch(texts(6))).to_pylist()
        asked = len(server.requests)
        again = worker.rows(batch(texts(6))).to_pylist()
        worker.close()
    for rows in (first, again):
        assert [row["id"] for row in rows] == [row["id"] for row in texts(6)]
        assert {row["status"] for row in rows} == {"failed"}
        assert {row["code"] for row in rows} <= {"endpoint", "stopped"}
    assert len(server.requests) > asked  # what the endpoint failed is not kept


def test_what_was_answered_is_not_asked_again(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    with serving() as server:
        settings = Settings("m", tasks=("quotes",), base_url=server.url, store=store)
        found = []
        for _ in range(2):
            worker = Worker(settings)
            found.append(worker.rows(batch(texts(5) + texts(2))).to_pylist())
            worker.close()
        assert server.counted().requests == 5
    assert found[0] == found[1]
    assert [row["status"] for row in found[0]] == ["ok"] * 7
    assert found[0][0]["calls"] == 1


def write_articles(folder: Path, count: int, group: int) -> Path:
    folder.mkdir()
    half = count // 2
    rows = texts(count)
    for number, some in enumerate((rows[:half], rows[half:])):
        parquet.write_table(
            table(some), folder / f"{number}.parquet", row_group_size=group
        )
    return folder


def test_parquet_is_read_where_it_is_by_row_groups(tmp_path: Path) -> None:
    articles = write_articles(tmp_path / "articles", 20, 4)
    sources = Sources([str(articles)])
    parts = plan(sources, tmp_path / "rows")
    assert [part.group for part in parts] == [0, 1, 2, 0, 1, 2]
    assert [part.first for part in parts] == [1, 5, 9, 1, 5, 9]
    assert [*sources] == [item for part in parts for item in articles_of(part)]
    assert not (tmp_path / "rows").exists()
    targets = [Path(part.target).name for part in parts]
    assert targets == [f"part-{n:05d}.parquet" for n in range(6)]


def test_other_files_are_copied_with_their_errors_in_place(tmp_path: Path) -> None:
    lines = tmp_path / "articles.jsonl"
    entries = [{"id": "a", "text": SAID, "title": "Ferry", "url": "https://a.invalid/"}]
    entries += [{"id": "b"}, {"id": "c", "text": "\ud800" + SAID}]
    lines.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    note = tmp_path / "note.txt"
    note.write_text(SAID + " The harbour was shut for two winters.")
    missing = tmp_path / "missing.parquet"
    sources = Sources([str(lines), str(note), str(missing)])
    output = tmp_path / "rows"
    output.mkdir()
    parts = plan(sources, output)
    assert (output / STAGED).is_dir()
    read = [item for part in parts for item in articles_of(part)]
    for before, after in zip(sources, read, strict=True):
        if isinstance(before, InputError):
            assert isinstance(after, InputError)
            assert (str(after), after.where) == (str(before), before.where)
        elif before.id == "c":
            assert isinstance(after, Document)
            assert after.text == "\ufffd" + SAID
        else:
            assert after == before
    assert sum(isinstance(item, InputError) for item in read) == 2


def test_a_part_is_the_same_bytes_as_a_run_on_one_machine(tmp_path: Path) -> None:
    articles = write_articles(tmp_path / "articles", 10, 100)
    sources = Sources([str(articles / "0.parquet")])
    with (
        Store(tmp_path / "one.sqlite") as store,
        Session(sources, store, model="rules") as session,
        Listing() as listing,
    ):
        session.work(listing)
        write_parquet(session.rows(listing), tmp_path / "one")
    (part,) = plan(sources, tmp_path)
    worker = Worker(Settings("rules", store=tmp_path / "other.sqlite"))
    summary = worker.write(articles_of(part), Path(part.target))
    worker.close()
    assert summary.done == summary.statuses["ok"] == 5
    assert summary_of(part).statuses == summary.statuses
    written = Path(part.target)
    assert written.read_bytes() == (tmp_path / "one" / written.name).read_bytes()
    assert written.stat().st_mode & 0o077 == 0


def test_a_folder_of_another_run_is_refused(tmp_path: Path) -> None:
    articles = write_articles(tmp_path / "articles", 4, 4)
    sources = Sources([str(articles)])
    output = tmp_path / "rows"
    rules = Settings("rules")
    with Folder(output, sources, rules).claimed() as parts:
        assert len(parts) == 2
        with pytest.raises(UsageError, match="Another process writes"):
            Folder(output, sources, rules).claimed().__enter__()
    for other in (
        Folder(output, sources, Settings("rules", tasks=("quotes",))),
        Folder(output, Sources([str(articles / "0.parquet")]), rules),
    ):
        with pytest.raises(UsageError, match="name another folder"):
            other.claimed().__enter__()
    with Folder(output, sources, rules).claimed() as again:
        assert again == parts
    os.utime(articles / "0.parquet", ns=(1, 1))
    with pytest.raises(UsageError, match="name another folder"):
        Folder(output, sources, rules).claimed().__enter__()


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    articles = write_articles(tmp_path / "articles", 4, 4)
    (tmp_path / "rows").mkdir()
    kept = tmp_path / "rows" / "letter.txt"
    kept.write_text("Dear Ines")
    folder = Folder(tmp_path / "rows", Sources([str(articles)]), Settings("rules"))
    with pytest.raises(UsageError, match="holds other files"):
        folder.claimed().__enter__()
    assert [*(tmp_path / "rows").iterdir()] == [kept]


def test_standard_input_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="save standard input"):
        Folder(tmp_path / "rows", Sources(["-"]), Settings("rules"))


def test_a_run_that_is_done_needs_no_cluster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("ray", reason="the extra ray is not installed")
    lines = write_lines(tmp_path / "articles.jsonl", 3)
    sources, output = Sources([str(lines)]), tmp_path / "rows"
    settings = Settings("rules", store=tmp_path / "store.sqlite")
    worker = Worker(settings)
    with Folder(output, sources, settings).claimed() as parts:
        for part in parts:
            worker.write(articles_of(part), Path(part.target))
    worker.close()
    monkeypatch.setattr("ray.init", lambda **_: pytest.fail("a cluster was started"))
    summary = run_files(sources, output, settings)
    assert (summary.done, summary.kept) == (3, 3)
    assert not (output / STAGED).exists()
    with Store(tmp_path / "store.sqlite"):
        ids = parquet.read_table(output, columns=["id"]).column("id").to_pylist()
    assert ids == ["0000000", "0000001", "0000002"]


@needs_ray
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are found in /proc")
def test_killed_workers_and_drivers_lose_no_row_and_pay_for_calls_in_flight(
    tmp_path: Path,
) -> None:
    result = killed_run(tmp_path, count=200, kills=2, seed=3, group=20, latency=0.4)
    assert (result.worker_kills, result.driver_kills) == (1, 1)
    assert result.rows == result.distinct == 200
    assert result.statuses == {"ok": 200}
    assert result.answered - result.repeated == 200
    assert result.repeated <= result.in_flight


@needs_ray
def test_a_dataset_becomes_rows_on_actors(tmp_path: Path, store: Path) -> None:
    """In a process of its own, as Ray leaves threads and sockets behind."""
    articles = write_articles(tmp_path / "articles", 12, 4)
    code = f"""
import ray
from pathlib import Path
from extractor.distributed import Settings, run
from extractor.distributed.cluster import cluster
with cluster():
    articles = ray.data.read_parquet({str(articles)!r})
    settings = Settings("rules", tasks=("quotes",), store=Path({str(store)!r}))
    rows = run(articles, settings, batch_size=5, keep=["text"])
    rows.write_parquet({str(tmp_path / "rows")!r})
    try:
        run(articles.drop_columns(["text"]), settings)
    except Exception as error:
        print(type(error).__name__, error)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "UsageError The dataset has no column 'text': name it so.\n"
    rows = parquet.read_table(tmp_path / "rows").to_pylist()
    assert {row["id"]: row["text"] for row in rows} == {
        row["id"]: row["text"] for row in texts(12)
    }
    assert [row["status"] for row in rows] == ["ok"] * 12
    assert all(row["extraction"]["quotes"] for row in rows)


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["batch", *arguments, "--engine", "ray"])


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["-o", "{}/rows", "--no-cache"], "--no-cache is for --engine local alone"),
        (["-o", "{}/rows", "--max-tokens", "9"], "--max-tokens is for --engine local"),
        (["-o", "{}/rows.jsonl"], "--engine ray writes Parquet"),
        ([], "--engine ray writes Parquet"),
    ],
)
def test_what_ray_cannot_do_is_refused(
    tmp_path: Path, options: list[str], told: str
) -> None:
    lines = write_lines(tmp_path / "articles.jsonl", 2)
    given = [option.format(tmp_path) for option in options]
    result = invoke(str(lines), "-m", "rules", *given)
    assert result.exit_code == 2
    assert told in result.stderr
    assert [*tmp_path.iterdir()] == [lines]


def test_without_ray_the_remedy_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    lines = write_lines(tmp_path / "articles.jsonl", 2)
    result = invoke(str(lines), "-m", "rules", "-o", str(tmp_path / "rows"))
    assert result.exit_code == 2
    assert "pip install 'newsextract[ray]'" in result.stderr
    assert not (tmp_path / "rows").exists()


def test_a_run_that_stops_says_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("ray", reason="the extra ray is not installed")

    def busy(**_: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr("ray.init", busy)
    lines = write_lines(tmp_path / "articles.jsonl", 2)
    result = invoke(str(lines), "-m", "rules", "-o", str(tmp_path / "rows"))
    assert result.exit_code == 1
    assert "Ray did not start" in result.stderr
    assert "the same command goes on" in result.stderr


def test_a_cluster_that_does_not_answer_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("ray", reason="the extra ray is not installed")
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    monkeypatch.setenv("RAY_ADDRESS", f"127.0.0.1:{port}")
    lines = write_lines(tmp_path / "articles.jsonl", 2)
    result = invoke(str(lines), "-m", "rules", "-o", str(tmp_path / "rows"))
    assert result.exit_code == 1
    assert f"The Ray cluster 127.0.0.1:{port} cannot be reached" in result.stderr
