"""The files that a batch leaves: lines in any order, torn, twice or another's."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from extractor.client.faults import Fault, Target
from extractor.client.replies import Reply
from extractor.hosted.outcomes import Outcome, complaint

MOST_LINE: Final = 8_000_000
"""Bytes of a line that are read; a longer one counts as torn."""
GROUP: Final = 256
"""Replies that are committed at once."""

_CODE = re.compile(r"[a-z_]{3,50}")

Keep = Callable[[list[tuple[str, bytes]]], None]
"""Commits replies by their keys."""


@dataclass
class Results:
    """What the files of one batch hold.

    Attributes:
        keys: the requests of the batch; lines of others are passed over.
        target: what error messages name.
        keep: commits whole replies, as they are read.
        answered: requests with a whole reply.
        failed: what became of others; the last line counts.
        torn: lines that are no JSON, or that name no request.
        foreign: lines about requests of others.
    """

    keys: frozenset[str]
    target: Target
    keep: Keep
    answered: set[str] = field(default_factory=set)
    failed: dict[str, Outcome] = field(default_factory=dict)
    torn: int = 0
    foreign: int = 0

    def begin_again(self) -> None:
        """Forget all but the whole replies, to read other copies of the same files."""
        self.failed.clear()
        self.torn = self.foreign = 0

    def read(self, path: Path) -> None:
        """Read one file, in addition to those before.

        Raises:
            StoreError: a reply could not be kept.
        """
        group: list[tuple[str, bytes]] = []
        for line in _lines(path):
            key, outcome = _parsed(line)
            if outcome is None:
                self.torn += 1
            elif key not in self.keys:
                self.foreign += 1
            elif key not in self.answered:
                self._take(key, outcome, group)
            if len(group) >= GROUP:
                self.keep(group)
                group = []
        if group:
            self.keep(group)

    @property
    def known(self) -> int:
        """How many of the requests the files tell of."""
        return len(self.answered) + len(self.failed)

    def outcomes(self, *, missing: bool) -> dict[str, Outcome]:
        """What became of the requests without a whole reply.

        Args:
            missing: whether to count those that the files do not tell of.
        """
        untold = self.keys - self.answered - self.failed.keys() if missing else ()
        return self.failed | dict.fromkeys(untold, Outcome(0, code="missing"))

    def account_fault(self) -> Fault | None:
        """Why nothing was answered, where that would befall any other request too."""
        if self.answered:
            return None
        for outcome in self.failed.values():
            fault = outcome.read(self.target)
            if isinstance(fault, Fault) and fault.error.halts and fault.tries == 1:
                return fault
        return None

    def _take(self, key: str, outcome: Outcome, group: list[tuple[str, bytes]]) -> None:
        reply = outcome.read(self.target)
        if isinstance(reply, Reply) and reply.state == "complete":
            self.answered.add(key)
            self.failed.pop(key, None)
            group.append((key, outcome.content))
            return
        before = self.failed.get(key)
        if before is None or isinstance(before.read(self.target), Fault):
            self.failed[key] = outcome


def _lines(path: Path) -> Iterator[bytes]:
    """The lines of a file that are not blank; an empty one for one that is too long."""
    with path.open("rb") as file:
        while line := file.readline(MOST_LINE):
            if len(line) == MOST_LINE and not line.endswith(b"\n"):
                while (rest := file.readline(MOST_LINE)) and not rest.endswith(b"\n"):
                    pass
                yield b""
            elif line.strip():
                yield line


def _parsed(line: bytes) -> tuple[str, Outcome | None]:
    """The key and the outcome of a line; no outcome where it is torn."""
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return "", None
    key = entry.get("custom_id") if isinstance(entry, dict) else None
    if not isinstance(key, str):
        return "", None
    return key, _outcome(entry)


def _outcome(entry: dict[str, Any]) -> Outcome:
    response, error = entry.get("response"), entry.get("error")
    if isinstance(response, dict):
        status, body = response.get("status_code"), response.get("body")
        if not isinstance(status, int) or not 100 <= status < 600:
            status = 200 if isinstance(body, dict) and "choices" in body else 0
        if 0 < status < 400:
            return Outcome(status, json.dumps(body).encode())
        return Outcome(status, complaint(body), "" if status else "no_status")
    code = error.get("code") if isinstance(error, dict) else None
    known = isinstance(code, str) and _CODE.fullmatch(code)
    return Outcome(0, code=str(code) if known else "no_response")
