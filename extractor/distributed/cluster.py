"""Ray: the one that runs, the one an environment names, or one for this machine."""

import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from extractor.errors import RunStopped, UsageError

REACH_SECONDS: Final = 10.0
"""How long a cluster has to answer."""
_ENVIRONMENT: Final = {
    "RAY_USAGE_STATS_ENABLED": "0",  # else Ray reports its use to its makers
    "RAY_BACKEND_LOG_LEVEL": "fatal",  # it warns of its own inner workings
    "RAY_DATA_LOG_LEVEL": "ERROR",
    # On a machine that is too busy, a worker needs more than Ray's 60 s to come up.
    "RAY_worker_register_timeout_seconds": "600",
}
"""Of Ray, where we start it and the user says nothing else."""


def import_ray(*, quiet: bool = False) -> Any:
    """The package ray.

    Args:
        quiet: whether to set `_ENVIRONMENT`, part of which it reads when imported.

    Raises:
        UsageError: it is not installed.
    """
    if quiet:
        for name, value in _ENVIRONMENT.items():
            os.environ.setdefault(name, value)
    try:
        import ray
        import ray.data
    except ImportError:
        raise UsageError(
            "Running on Ray needs the package ray: pip install 'newsextract[ray]'."
        ) from None
    return ray


@contextmanager
def cluster() -> Iterator[Any]:
    """Ray, connected; what is started here ends with the block.

    Where `RAY_ADDRESS` is set, that cluster; else all cores of this machine.

    Raises:
        UsageError: ray is not installed.
        RunStopped: Ray cannot be started, or its cluster cannot be reached.
    """
    ray = import_ray(quiet=True)
    if ray.is_initialized():
        yield ray
        return
    options: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    address = os.environ.get("RAY_ADDRESS")
    if address:
        _check_reachable(address)
    if not address:  # `local`, since Ray would take to the last one it was told of
        options |= {"address": "local", "include_dashboard": False}
    try:
        ray.init(**options)
    except Exception as error:  # what it cannot do, it tells as a bare Exception
        ray.shutdown()
        raise RunStopped(_why(address)) from error
    try:
        yield ray
    finally:
        ray.shutdown()


def _check_reachable(address: str) -> None:
    """Refuse a cluster that does not answer, for which Ray would wait many minutes."""
    host, colon, port = address.rpartition("/")[2].rpartition(":")
    if not (colon and port.isdigit()):  # `auto` or `local`
        return
    try:
        socket.create_connection((host, int(port)), timeout=REACH_SECONDS).close()
    except OSError:
        raise RunStopped(_why(address)) from None


def _why(address: str | None) -> str:
    if address:
        return f"The Ray cluster {address} cannot be reached: check RAY_ADDRESS."
    return "Ray did not start on this machine, which may be too busy: try again."
