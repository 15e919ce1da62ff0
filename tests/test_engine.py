import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest

from extractor import engine, weights
from extractor.engine import Engine
from extractor.engine.cores import _cgroup_cores
from extractor.errors import EndpointError, WeightsError

ROOT = Path(__file__).parents[1]
ARTICLE = "The ferry to Norsund was late again, said Mara Velden. " * 30


@pytest.fixture(scope="module")
def small_model() -> Path:
    return weights.find("smollm2-135m")


@pytest.fixture(scope="module")
def running(small_model: Path) -> Iterator[Engine]:
    with engine.start(small_model, n_ctx=2048) as started:
        yield started


def ask(
    started: Engine, text: str, key: str | None = None, **options: object
) -> dict[str, Any]:
    body = {"messages": [{"role": "user", "content": text}], "max_tokens": 4}
    request = urllib.request.Request(
        f"{started.base_url}/chat/completions",
        json.dumps(body | options).encode(),
        {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {started.api_key if key is None else key}",
        },
    )
    with urllib.request.urlopen(request, timeout=60) as reply:
        answer: dict[str, Any] = json.load(reply)
    return answer


def answers(started: Engine) -> bool:
    """Whether the engine answers a request that generates nothing."""
    return bool(started._request("GET", "/props"))


def run_script(lines: str, *args: object) -> subprocess.CompletedProcess[str]:
    """Runs a script in a process of its own, which has to end by itself."""
    return subprocess.run(
        [sys.executable, "-c", lines, *map(str, args)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=50,
    )


def test_a_question_is_answered_by_the_openai_protocol(running: Engine) -> None:
    answer = ask(running, "Say yes.")
    assert answer["choices"][0]["message"]["content"]
    assert answer["usage"]["completion_tokens"] <= 4


def test_the_model_is_called_by_its_file_not_its_path(
    running: Engine, small_model: Path
) -> None:
    assert running.model == small_model.stem
    assert ask(running, "Say yes.")["model"] == running.model


def test_the_version_names_engine_and_release(running: Engine) -> None:
    assert re.fullmatch(r"xllamacpp \d{4}\.\d+\S*", running.version)


@pytest.mark.parametrize("key", ["", "wrong"])
def test_a_wrong_key_is_refused(running: Engine, key: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="401") as refused:
        ask(running, "Say yes.", key=key)
    refused.value.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has 127.0.0.2")
def test_only_one_loopback_address_is_listened_on(running: Engine) -> None:
    port = int(running.base_url.split(":")[2].split("/")[0])
    socket.create_connection(("127.0.0.1", port), timeout=5).close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", port), timeout=5)


def test_nobody_may_look_into_the_slots(running: Engine) -> None:
    with pytest.raises(EndpointError, match="501"):
        running._request("GET", "/slots")


def test_each_slot_has_the_whole_context(small_model: Path) -> None:
    with engine.start(small_model, n_ctx=1024, slots=2) as started:
        assert started.n_ctx == 1024


def test_the_same_settings_share_one_engine(running: Engine, small_model: Path) -> None:
    again = engine.start(str(small_model), n_ctx=2048)
    assert again is running
    again.close()
    assert answers(running)


def test_a_closed_engine_says_so(small_model: Path) -> None:
    started = engine.start(small_model, n_ctx=512)
    started.close()
    started.close()
    with pytest.raises(EndpointError, match="closed"):
        answers(started)
    with engine.start(small_model, n_ctx=512) as fresh:
        assert answers(fresh)


def test_closing_cuts_questions_off(small_model: Path) -> None:
    outcomes: list[object] = []
    started = engine.start(small_model, n_ctx=1024)

    def ask_for_long() -> None:
        try:
            outcomes.append(
                ask(started, "Tell a story.", max_tokens=900, ignore_eos=True)
            )
        except (OSError, HTTPException) as error:
            outcomes.append(error)

    threads = [threading.Thread(target=ask_for_long) for _ in range(3)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    started.close()
    for thread in threads:
        thread.join(20)
    assert len(outcomes) == 3
    assert not any(isinstance(outcome, dict) for outcome in outcomes)


LOAD = """
import sys, threading, time
from extractor import engine
started = engine.start(sys.argv[1], n_ctx=1024)
"""
EXITS = {
    "plainly": "started._request('GET', '/props')",
    "with an exit code": "sys.exit(0)",
    "with questions in daemon threads": """
body = {"messages": [{"role": "user", "content": "Tell a story."}],
        "max_tokens": 400, "ignore_eos": True}
def ask():
    while True:
        try:
            started._request("POST", "/v1/chat/completions", body)
        except engine.EndpointError:
            return
for _ in range(3):
    threading.Thread(target=ask, daemon=True).start()
time.sleep(0.5)
""",
}


@pytest.mark.parametrize("end", EXITS)
def test_nothing_is_written_and_the_process_ends(end: str, small_model: Path) -> None:
    done = run_script(LOAD + EXITS[end], small_model)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_forked_process_uses_its_parents_engine(small_model: Path) -> None:
    lines = """
import os, warnings
warnings.simplefilter("ignore")
child = os.fork()
if child == 0:
    same = engine.start(sys.argv[1], n_ctx=1024)
    same._request("GET", "/props")
    same.close()
    try:
        engine.start(sys.argv[1], n_ctx=256)
    except engine.WeightsError as error:
        os._exit(7 if "spawn" in str(error) else 1)
answered = bool(started._request("GET", "/props"))
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), answered)
"""
    done = run_script(LOAD + lines, small_model)
    assert (done.stdout, done.stderr) == ("7 True\n", "")


def test_importing_the_module_loads_no_engine() -> None:
    done = run_script("import sys, extractor.engine; print('xllamacpp' in sys.modules)")
    assert done.stdout == "False\n"


def damaged(small_model: Path, folder: Path, kind: str) -> Path:
    path = folder / "model.gguf"
    lengths = {"head": 100_000, "half": 50_000_000}
    if kind in lengths:
        with small_model.open("rb") as whole:
            path.write_bytes(whole.read(lengths[kind]))
    else:
        noise = bytes(range(256)) * 40
        path.write_bytes(
            {
                "text": b"<html>Not found</html>",
                "empty": b"",
                "header": b"GGUF\x03\0\0\0",
                "noise": b"GGUF" + noise,
            }[kind]
        )
    return path


@pytest.mark.parametrize("kind", ["text", "empty", "header", "noise", "head", "half"])
def test_a_file_that_is_no_model_is_named(
    kind: str, small_model: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = damaged(small_model, tmp_path, kind)
    with pytest.raises(WeightsError, match="GGUF file") as error:
        engine.start(path)
    assert str(path) in str(error.value)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", ["absent.gguf", "."])
def test_a_path_that_cannot_be_read_is_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="cannot be read"):
        engine.start(tmp_path / name)


def test_a_machine_without_the_engine_is_told(
    small_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(WeightsError, match="pip install xllamacpp"):
        engine.start(small_model, n_ctx=256)


def test_a_machine_without_libgomp_is_told(
    small_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = "raise ImportError('libgomp.so.1: cannot open shared object file')"
    (tmp_path / "xllamacpp.py").write_text(broken)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "xllamacpp", raising=False)
    with pytest.raises(WeightsError, match="libgomp1"):
        engine.start(small_model, n_ctx=256)


SAVE = (
    LOAD
    + """
body = {"messages": [{"role": "user", "content": sys.argv[2]}], "max_tokens": 2}
restored = started.restore_prefix("shared part")
usage = started._request("POST", "/v1/chat/completions", body)["usage"]
started.save_prefix("shared part")
print(restored, usage["prompt_tokens"], usage["prompt_tokens_details"]["cached_tokens"])
"""
)


def test_a_saved_prefix_spares_another_process_its_tokens(
    small_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    first = run_script(SAVE, small_model, ARTICLE)
    second = run_script(SAVE, small_model, ARTICLE + "Who spoke?")
    restored, prompt, cached = map(int, second.stdout.split())
    assert first.stdout.split()[::2] == ["0", "0"]
    assert restored > 300
    assert prompt - 20 < cached < prompt


@pytest.fixture
def cached_prefixes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_model: Path
) -> Iterator[tuple[Engine, Path]]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with engine.start(small_model, n_ctx=256) as started:
        ask(started, "Say yes.")
        yield started, tmp_path / "newsextract" / "prefixes"


def test_a_damaged_prefix_is_dropped(cached_prefixes: tuple[Engine, Path]) -> None:
    started, folder = cached_prefixes
    assert started.save_prefix("a") > 0
    (saved,) = folder.iterdir()
    saved.write_bytes(saved.read_bytes()[:1000])
    assert started.restore_prefix("a") == 0
    assert list(folder.iterdir()) == []
    assert ask(started, "Say yes.")["choices"]


def test_few_prefixes_are_kept(cached_prefixes: tuple[Engine, Path]) -> None:
    started, folder = cached_prefixes
    for number in range(engine.SAVED_PREFIXES + 3):
        started.save_prefix(f"prefix {number}")
    assert len(list(folder.iterdir())) == engine.SAVED_PREFIXES
    assert started.restore_prefix("prefix 0") == 0
    assert started.restore_prefix(f"prefix {engine.SAVED_PREFIXES + 2}") > 0


def test_saved_prefixes_are_the_users_alone(
    cached_prefixes: tuple[Engine, Path],
) -> None:
    assert cached_prefixes[1].stat().st_mode & 0o077 == 0


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="Linux only")
def test_the_affinity_limits_the_threads() -> None:
    done = run_script(
        "import os; os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])\n"
        "from extractor.engine import usable_cores; print(usable_cores())"
    )
    assert done.stdout == "1\n"


@pytest.mark.parametrize(
    ("files", "cores"),
    [
        ({"cpu.max": "150000 100000\n"}, 1),
        ({"cpu.max": "300000 100000\n"}, 3),
        ({"cpu.max": "50000 100000\n"}, 1),
        ({"cpu.max": "max 100000\n"}, None),
        ({"cpu/cpu.cfs_quota_us": "200000", "cpu/cpu.cfs_period_us": "100000"}, 2),
        ({"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"}, None),
        ({}, None),
    ],
)
def test_the_control_groups_quota_limits_the_threads(
    files: dict[str, str], cores: int | None, tmp_path: Path
) -> None:
    (tmp_path / "cpu").mkdir()
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert _cgroup_cores(tmp_path) == (cores or os.cpu_count())
