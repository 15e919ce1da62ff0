"""Log records that other libraries write of our calls, with requests in full."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_NOISY = (
    "httpx2",
    "instructor",
    "instructor.v2",
    "instructor.v2.retry",
    "openai",
    "openai._base_client",
    "openai._legacy_response",
    "openai._response",
)


class _Hush(logging.Filter):
    """Drops what other libraries log of our calls: requests and replies in full."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not _asking.get()


_asking: ContextVar[bool] = ContextVar("_asking", default=False)
_hush = _Hush()


@contextmanager
def hushed() -> Iterator[None]:
    """Keep article text out of all log records of the calls inside."""
    for name in _NOISY:
        logging.getLogger(name).addFilter(_hush)  # added once, however often
    token = _asking.set(True)
    try:
        yield
    finally:
        _asking.reset(token)
