"""What the headers of a response say about when to send the next request."""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from extractor.client.pacing import Allowance

_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m(?!s))?(?:([\d.]+)s)?(?:([\d.]+)ms)?")
_UNITS = (3600.0, 60.0, 1.0, 0.001)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Pause an endpoint asks for, in seconds; None for none or one not understood.

    `Retry-After` in seconds or as a date (RFC 9110, 10.2.3), `retry-after-ms` as
    OpenAI sends it. Header names are looked up in lower case.
    """
    for name, unit in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            pause = float(headers.get(name, "")) / unit
        except ValueError:
            continue
        return None if math.isnan(pause) or pause < 0 else pause
    try:
        until = parsedate_to_datetime(headers.get("retry-after", ""))
    except (ValueError, TypeError, OverflowError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


def allowances(headers: Mapping[str, str], tokens: int) -> list[Allowance]:
    """How many calls the endpoint still takes, by its count of requests and of tokens.

    Args:
        headers: `x-ratelimit-limit-requests`, `-remaining-` and `-reset-`, the same of
            tokens, as OpenAI sends them.
        tokens: of this call, by which allowances of tokens are counted in calls.
    """
    found = []
    for unit, cost in (("requests", 1), ("tokens", tokens)):
        limit, remaining = (
            _number(headers.get(f"x-ratelimit-{name}-{unit}"))
            for name in ("limit", "remaining")
        )
        reset = _seconds(headers.get(f"x-ratelimit-reset-{unit}", ""))
        if limit is not None and remaining is not None and reset and cost:
            found.append(Allowance(limit / cost, remaining / cost, reset))
    return found


def _number(text: str | None) -> float | None:
    return float(text) if text and text.isascii() and text.isdecimal() else None


def _seconds(text: str) -> float | None:
    """A duration such as `1s`, `6m0s`, `120ms`, or seconds without a unit."""
    match = _DURATION.fullmatch(text)
    try:
        if match and any(match.groups()):
            parts = [float(part or 0) for part in match.groups()]
            return sum(part * unit for part, unit in zip(parts, _UNITS, strict=True))
        seconds = float(text)
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None
