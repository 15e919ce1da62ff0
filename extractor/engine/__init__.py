"""The embedded engine: llama.cpp in this process, reached over the loopback interface.

`xllamacpp` serves the OpenAI protocol on a port of the system's choosing, with a random
key, so that embedded and hosted models are asked in the same way. Engines are shared:
the same weights with the same settings are loaded once in a process.
"""

import atexit
import hashlib
import json
import os
import secrets
import socket
import stat
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from extractor.engine.cores import usable_cores
from extractor.errors import EndpointError, WeightsError

HOST = "127.0.0.1"
MAGIC = b"GGUF"

BATCH = 256
"""Tokens evaluated at once. A question in progress can only be stopped between two
batches; 256 tokens of the default model take 3.5 s on two cores, no less than with
more at once."""

SPINS = "5000"
"""How long OpenMP's threads spin before they sleep. Where another process uses a core,
the default model writes twice as fast with this value as with libgomp's own."""

CACHE_MIB = 512
"""Memory for states of earlier prompts; 28 KiB a token with the default model."""

SAVED_PREFIXES = 8
"""Files of saved prompt states that are kept, the most recently used."""

SERVER_SECONDS = 600.0


@dataclass(frozen=True)
class Settings:
    """What an engine is started with."""

    path: Path
    n_ctx: int
    threads: int
    slots: int


class Engine:
    """A running model; `start` makes it. Usable as a context manager.

    Attributes:
        base_url: address for an OpenAI client, ending in `/v1`.
        api_key: the random key the server asks for.
        model: name of the weights, the file's without its ending.
        n_ctx: tokens one question and its answer may have together: what was asked
            for, or less where the model was trained on less.
        version: name and version of the engine.
    """

    def __init__(self, settings: Settings) -> None:
        self.model = settings.path.stem
        self.api_key = secrets.token_urlsafe(32)
        self._settings = settings
        self._server, self.version = _serve(settings, self.model, self.api_key)
        address = str(self._server.listening_address)
        self.base_url = f"{address}/v1"
        self._port = int(address.rsplit(":", 1)[1])
        self._users = 0
        atexit.register(self._stop)
        props = self._request("GET", "/props")
        self.n_ctx = int(props["default_generation_settings"]["n_ctx"])

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def read_prefix(self, messages: Sequence[Mapping[str, str]]) -> None:
        """Has the model read the messages all questions begin with, once per machine.

        The state is restored from disk where an earlier process has left it, else the
        messages are read (some ten seconds for a thousand words) and the state is kept.

        Raises:
            EndpointError: the engine does not answer.
        """
        name = json.dumps([dict(message) for message in messages])
        if not self.restore_prefix(name):
            body = {"messages": messages, "max_tokens": 1, "cache_prompt": True}
            self._request("POST", "/v1/chat/completions", body)
            with suppress(EndpointError):
                self.save_prefix(name)

    def save_prefix(self, name: str, slot: int = 0) -> int:
        """Keeps on disk what the slot has read last, for `restore_prefix`.

        The file holds that text in the form of the model's state; it lies in the
        user's cache folder, readable by the user alone. The `SAVED_PREFIXES` most
        recently used are kept.

        Args:
            name: the caller's key; state is found again only with the same weights,
                context and engine version.
            slot: which slot, counted from 0.

        Returns:
            The number of tokens saved.

        Raises:
            EndpointError: the state cannot be written.
        """
        key, folder = self._prefix_key(name), _prefixes()
        written = folder / f"{key}.{os.getpid()}.partial"
        done = self._slot(slot, "save", written.name)
        for old in folder.glob(f"{key}.*.state"):
            old.unlink(missing_ok=True)
        os.replace(written, folder / f"{key}.{_digest(written)}.state")
        for old in sorted(folder.glob("*.state"), key=_mtime)[:-SAVED_PREFIXES]:
            old.unlink(missing_ok=True)
        return int(done["n_saved"])

    def restore_prefix(self, name: str, slot: int = 0) -> int:
        """Loads what `save_prefix` kept: a prompt that starts alike is read faster.

        Returns:
            The number of tokens restored; 0 if there are none of that name or they do
            not fit.
        """
        for saved in _prefixes().glob(f"{self._prefix_key(name)}.*.state"):
            with suppress(OSError, EndpointError):
                # llama.cpp aborts the process on a damaged file.
                if _digest(saved) == saved.suffixes[-2][1:]:
                    os.utime(saved)
                    return int(self._slot(slot, "restore", saved.name)["n_restored"])
            saved.unlink(missing_ok=True)
        return 0

    def close(self) -> None:
        """Gives the engine back; the last one to do so stops it.

        To be called once for each `start`. Questions still running are cut off. In a
        forked process nothing happens: the engine is the parent's.
        """
        with _lock:
            if self._server is None or os.getpid() != _loaded_by:
                return
            self._users -= 1
            if self._users <= 0:
                _running.pop(self._settings, None)
                self._stop()

    def _prefix_key(self, name: str) -> str:
        size = self._settings.path.stat().st_size
        parts = (name, self.model, size, self.n_ctx, self.version)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]

    def _slot(self, slot: int, action: str, filename: str) -> dict[str, Any]:
        path = f"/slots/{slot}?action={action}"
        return self._request("POST", path, {"filename": filename})

    def _request(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        if self._server is None:
            raise EndpointError(
                f"The embedded model {self.model} was closed; start it again."
            )
        connection = HTTPConnection(HOST, self._port, timeout=SERVER_SECONDS)
        headers = {"Authorization": f"Bearer {self.api_key}"}
        try:
            connection.request(method, path, json.dumps(body), headers)
            reply = connection.getresponse()
            content = reply.read()
        except (OSError, HTTPException) as error:
            raise EndpointError(
                f"The embedded model {self.model} does not answer ({error}); "
                "start it again."
            ) from error
        finally:
            connection.close()
        if reply.status != 200:
            raise EndpointError(
                f"The embedded model {self.model} refused {path} with status "
                f"{reply.status}; please report it."
            )
        answer: dict[str, Any] = json.loads(content)
        return answer

    def _stop(self) -> None:
        if self._server is None:
            return
        atexit.unregister(self._stop)
        _cut_connections(self._port)
        self._server = None


_lock = threading.RLock()
_running: dict[Settings, Engine] = {}
_loaded_by: int | None = None  # the process that loaded llama.cpp


def start(
    model_path: Path | str,
    *,
    n_ctx: int = 8192,
    threads: int | None = None,
    slots: int = 1,
) -> Engine:
    """Loads weights and serves them; an engine running with the same is shared.

    A forked process shares its parent's engines; it cannot start one of its own.

    Args:
        model_path: a GGUF file.
        n_ctx: tokens one question and its answer may have together.
        threads: threads to compute with; default: the physical cores this process may
            use.
        slots: questions worked on at the same time, each with `n_ctx` tokens.

    Raises:
        WeightsError: no such file, no GGUF file, one that cannot be loaded, or no
            engine on this machine.
    """
    path = Path(model_path).expanduser().resolve()
    _check_gguf(path)
    settings = Settings(path, n_ctx, threads or usable_cores(), slots)
    with _lock:
        engine = _running.get(settings)
        if engine is None:
            engine = _running[settings] = Engine(settings)
        engine._users += 1
        return engine


def _check_gguf(path: Path) -> None:
    try:
        with path.open("rb") as file:
            magic = file.read(len(MAGIC))
    except OSError as error:
        raise WeightsError(
            f"The model file {path} cannot be read ({error.strerror}); give the path "
            "of a GGUF file."
        ) from error
    if magic != MAGIC:
        raise WeightsError(
            f"{path} is not a GGUF file; give one that llama.cpp can load."
        )


def _serve(settings: Settings, name: str, api_key: str) -> tuple[Any, str]:
    """Starts the server of llama.cpp; its threads answer until the object goes."""
    global _loaded_by
    if _loaded_by not in (None, os.getpid()):  # it would wait for the parent's threads
        raise WeightsError(
            "The embedded engine cannot be started in a fork of a process that has "
            "used it: start processes with the method spawn."
        )
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ.setdefault("GOMP_SPINCOUNT", SPINS)  # read when libgomp is loaded
    try:
        import xllamacpp
    except ImportError as error:
        raise WeightsError(_no_engine(error)) from error
    _loaded_by = os.getpid()
    params = xllamacpp.CommonParams()
    params.model.path = os.fspath(settings.path)
    params.model_alias = {name}
    params.hostnames, params.port, params.api_keys = [HOST], 0, [api_key]
    params.n_ctx, params.n_parallel = settings.n_ctx * settings.slots, settings.slots
    params.n_batch = params.n_ubatch = BATCH
    params.cpuparams.n_threads = settings.threads
    params.cpuparams_batch.n_threads = settings.threads
    params.cache_ram_mib = CACHE_MIB
    params.verbosity = -1  # not even errors: they come back as exceptions
    params.offline, params.fit_params, params.ui = True, False, False
    params.endpoint_slots = params.endpoint_props = params.endpoint_metrics = False
    params.slot_save_path = f"{_prefixes()}{os.sep}"
    try:
        server = xllamacpp.Server(params)
    except RuntimeError as error:
        raise WeightsError(
            f"The model file {settings.path} cannot be loaded: it is damaged, of a "
            "kind this llama.cpp does not know, or too large for the memory; fetch it "
            "again or give another GGUF file."
        ) from error
    return server, f"xllamacpp {xllamacpp.__version__}"


def _no_engine(error: ImportError) -> str:
    if "libgomp" in str(error):
        return (
            "The embedded engine needs the system library libgomp; install it (the "
            "package libgomp1 on Debian and Ubuntu, libgomp on Fedora and Alpine)."
        )
    return (
        f"The embedded engine xllamacpp cannot be loaded here ({error}); install it "
        "with `pip install xllamacpp`, or name a model of an OpenAI-compatible "
        "endpoint with -m."
    )


def _prefixes() -> Path:
    folder = user_cache_path("newsextract") / "prefixes"
    # Without a folder to write to, saving fails with its own message.
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:32]


def _mtime(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # removed by another process meanwhile
        return 0.0


def _cut_connections(port: int) -> None:
    """Ends the server's side of every connection, its listening socket first.

    The server's destructor waits for its threads, and these wait for answers that no
    longer come: with a question in progress it never returns, unless the connection is
    gone, which makes the thread drop the question. Connections accepted while the
    listening socket goes are found by the second look.
    """
    _shut(port, listening=True)
    _shut(port)
    time.sleep(0.02)
    _shut(port)


def _shut(port: int, listening: bool = False) -> None:
    for connection in _sockets(port):
        accepting = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
        if bool(accepting) == listening:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def _sockets(port: int) -> Iterator[socket.socket]:
    """Duplicates of this process' sockets bound to the loopback address and port."""
    try:
        numbers = [int(name) for name in os.listdir("/dev/fd")]
    except OSError:  # Windows
        return
    for number in numbers:
        with suppress(OSError):
            if not stat.S_ISSOCK(os.fstat(number).st_mode):
                continue
            with socket.socket(fileno=os.dup(number)) as duplicate:
                if duplicate.getsockname() == (HOST, port):
                    yield duplicate
