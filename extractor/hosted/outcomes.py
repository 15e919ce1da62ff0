"""What became of a request in a batch: a reply to keep, or a failure to count."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
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
            return _never_answered(target, self.code)
        if self.status < 400:
            return read_body(self.content, {}, target)
        return faults.refused_by_status(
            self.status, {}, self.content.decode(errors="replace"), target
        )


class Failures:
    """What the batches of a run brought instead of whole replies.

    What would come again is kept in the store until the run ends: a useless reply,
    which is paid for, and what is wrong with the request. What may pass is counted in
    this process alone, so that a run that is made again tries anew.

    Args:
        store: where they are kept.
        target: what is asked.
    """

    def __init__(self, store: Store, target: Target) -> None:
        self._store = store
        self._target = target
        self._passing: dict[str, tuple[Fault, int]] = {}
        self._lock = Lock()

    def final(self, key: str) -> Reply | Fault | None:
        """How a request has ended; None if it is worth another batch."""
        kept = self._store.job(_PREFIX + key)
        outcome = _load(kept) if kept else None
        if outcome:
            return outcome.read(self._target)
        with self._lock:
            fault, times = self._passing.get(key, (None, 0))
        if fault is None or times < min(fault.tries, ATTEMPTS):
            return None
        if fault.error.halts:  # it does not, if other requests were answered
            return _never_answered(self._target, fault.error.code)
        return fault

    def note(self, outcomes: Mapping[str, Outcome]) -> None:
        """Count one more batch for each of these requests.

        Raises:
            StoreError: what lasts could not be kept.
        """
        lasting = []
        for key, outcome in outcomes.items():
            read = outcome.read(self._target)
            if isinstance(read, Reply) or _lasts(read):
                lasting.append((_PREFIX + key, _dump(outcome)))
            else:
                with self._lock:
                    _, times = self._passing.get(key, (read, 0))
                    self._passing[key] = read, times + 1
        self._store.put_all("jobs", lasting)

    def forget(self) -> None:
        """Begin anew: what failed in one run is asked again by the next.

        Raises:
            StoreError: it could not be committed.
        """
        self._store.drop_all("jobs", _PREFIX)


def _lasts(fault: Fault) -> bool:
    """Whether the request itself is at fault."""
    if fault.tries > 1:
        return False
    return fault.topic is not None or not isinstance(fault.error, EndpointError)


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


def _never_answered(target: Target, code: str) -> Fault:
    """A request that no batch has answered, by the code of the last reason."""
    why = f" ({code})" if code else ""
    error = EndpointError(
        f"No batch at {target.address} answered a question in {ATTEMPTS} attempts{why}:"
        " run the same again, or leave out --batch-api."
    )
    return Fault(error, tries=faults.ALWAYS)


def _dump(outcome: Outcome) -> bytes:
    content = outcome.content.decode()
    return json.dumps([outcome.status, outcome.code, content]).encode()


def _load(kept: bytes) -> Outcome | None:
    try:
        status, code, content = json.loads(kept)
    except ValueError:
        return None
    return Outcome(status, content.encode(), code)
