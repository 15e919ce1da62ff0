"""What became of a request in a batch: a reply to keep, or a failure to count."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from extractor.client import faults
from extractor.client.faults import Fault, Target
from extractor.client.replies import Reply
from extractor.client.transport import read_body
from extractor.errors import EndpointError
from extractor.store import Store

ATTEMPTS: Final = 5
"""Batches at most that a request is put in."""
MOST_TOLD: Final = 500
"""Characters of an endpoint's complaint that are kept."""
_PREFIX: Final = "failed:"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the line of a request says.

    Attributes:
        status: of HTTP; 0 where the request was never answered.
        content: the body of the response, JSON.
        code: why there was no response.
    """

    status: int
    content: bytes = b""
    code: str = ""

    def read(self, target: Target) -> Reply | Fault:
        """The reply, or the fault in its place, as for a live call."""
        if self.status == 0:
            return never_answered(target, self.code)
        if self.status < 400:
            return read_body(self.content, {}, target)
        return faults.refused_by_status(
            self.status, {}, self.content.decode(errors="replace"), target
        )


@dataclass(frozen=True, slots=True)
class Failure:
    """An outcome that is no whole reply, and how often there was one.

    Attributes:
        outcome: the last one.
        times: batches that the request was in.
    """

    outcome: Outcome
    times: int


class Failures:
    """The failures of a run, remembered across its processes and forgotten at its end.

    Args:
        store: where they are kept.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, key: str) -> Failure | None:
        """What is known of a request."""
        kept = self._store.job(_PREFIX + key)
        return _load(kept) if kept else None

    def note(self, outcomes: Iterable[tuple[str, Outcome]]) -> None:
        """Count these outcomes.

        Raises:
            StoreError: they could not be kept.
        """
        self._store.put_all("jobs", map(self._counted, outcomes))

    def forget(self) -> None:
        """Begin anew: what failed in one run is asked again by the next.

        Raises:
            StoreError: it could not be committed.
        """
        self._store.drop_all("jobs", _PREFIX)

    def _counted(self, noted: tuple[str, Outcome]) -> tuple[str, bytes]:
        key, outcome = noted
        before = self.get(key)
        times = 1 + (before.times if before else 0)
        return _PREFIX + key, _dump(Failure(outcome, times))


def worth(fault: Fault) -> int:
    """Batches in all that a request with such a fault is worth."""
    return min(fault.tries, ATTEMPTS)


def complaint(body: object) -> bytes:
    """The parts of an error's body that tell what it means, without long echoes."""
    error = body.get("error", body) if isinstance(body, dict) else body
    told: dict[str, Any] = {}
    if isinstance(error, dict):
        for name in ("code", "type", "param", "message"):
            value = error.get(name)
            told[name] = value[:MOST_TOLD] if isinstance(value, str) else None
    elif isinstance(error, str):
        told["message"] = error[:MOST_TOLD]
    return json.dumps({"error": told}).encode()


def never_answered(target: Target, code: str) -> Fault:
    """A request that no batch has answered.

    Args:
        target: what was asked.
        code: why, where the endpoint tells.
    """
    why = f" ({code})" if code else ""
    error = EndpointError(
        f"No batch at {target.address} answered a question in {ATTEMPTS} attempts{why}:"
        " run the same again, or leave out --batch-api."
    )
    return Fault(error, tries=faults.ALWAYS)


def _dump(failure: Failure) -> bytes:
    outcome = failure.outcome
    content = outcome.content.decode()
    return json.dumps([failure.times, outcome.status, outcome.code, content]).encode()


def _load(kept: bytes) -> Failure | None:
    try:
        times, status, code, content = json.loads(kept)
    except ValueError:
        return None
    return Failure(Outcome(status, content.encode(), code), times)
