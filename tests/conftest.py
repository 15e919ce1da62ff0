"""What all tests share: a clean environment, no network, the small model."""

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from extractor import engine as engines
from extractor import weights

SHARED = Path(__file__).parents[2] / "shared"
SCRUBBED = ("OPENAI_", "EXTRACTOR_")
KEPT = "EXTRACTOR_MODELS"
SMALL_MODEL = "smollm2-135m"

# How long an example takes says more of the machine than of the code; where a change is
# judged (`CI`), the same examples come every time.
settings.register_profile("ours", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("ours")


def is_loopback(host: object) -> bool:
    """Tell whether a host argument of the socket module stays on this machine."""
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(name)).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Fail the test that reaches beyond the loopback interface.

    `pytest.fail` raises a `BaseException`, which no client turns into an error of
    its own. Names under `.invalid` never resolve, so tests may ask for one.
    """
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    getaddrinfo = socket.getaddrinfo

    def refuse(host: object) -> None:
        pytest.fail(f"a test reached for the network: {host!r}", pytrace=True)

    def check(sock: socket.socket, address: Any) -> None:
        if sock.family in (socket.AF_INET, socket.AF_INET6) and not is_loopback(
            address[0]
        ):
            refuse(address[0])

    def guarded_connect(sock: socket.socket, address: Any) -> None:
        check(sock, address)
        connect(sock, address)

    def guarded_connect_ex(sock: socket.socket, address: Any) -> int:
        check(sock, address)
        return connect_ex(sock, address)

    def guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        if str(host).endswith(".invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        if not is_loopback(host):
            refuse(host)
        return getaddrinfo(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
        yield


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Hide the user's keys, settings and proxies from every test, not the weights."""
    for name in os.environ:
        ours = name.startswith(SCRUBBED) and name != KEPT
        if ours or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of the shared articles and gold; skips where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared is absent")
    return SHARED


@pytest.fixture(scope="session")
def small_model() -> Path:
    """Weights of the test model, which `make test` fetches."""
    return weights.find(SMALL_MODEL)


@pytest.fixture(scope="session")
def engine(small_model: Path) -> Iterator[engines.Engine]:
    """The embedded engine with the test model, one for all tests."""
    with engines.start(small_model, n_ctx=4096) as running:
        yield running
