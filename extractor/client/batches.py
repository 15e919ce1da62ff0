"""OpenAI's batch interface: files of requests in, files of replies out, in a day.

`files` and `batches` of one endpoint (platform.openai.com/docs/api-reference/batch).
What is written into such a file and read from one is `extractor.hosted`'s part.
"""

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

import tenacity

from extractor.client import faults
from extractor.client.faults import Fault
from extractor.client.quiet import hushed
from extractor.errors import EndpointError

if TYPE_CHECKING:
    import openai

    from extractor.client.asking import Client

COMPLETIONS: Final[Literal["/v1/chat/completions"]] = "/v1/chat/completions"
"""What every request of a batch goes to."""
ENDED: Final = frozenset(("completed", "expired", "cancelled", "failed"))
"""States that a batch does not leave; each may have an output and an error file."""
LABEL: Final = "extractor"
"""Name of the metadata that tells our batches apart."""
ATTEMPTS: Final = 5
"""Calls at most for a step that keeps failing in passing."""
LONGEST_WAIT: Final = 3_600.0
"""Seconds that an endpoint may have us wait before the next call."""
PAGE: Final = 100
"""Batches in one page of the list; the interface gives no more."""
PAGES: Final = 20
"""Pages of the list that are looked through for a batch."""

_NAME = re.compile(r"[\w.:-]{1,200}", re.ASCII)
_CODE = re.compile(r"[a-z]+(?:_[a-z]+)*")
_JITTER = tenacity.wait_random_exponential(multiplier=1, max=30)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as the endpoint describes it.

    Attributes:
        id: its name at the endpoint.
        status: one of `ENDED`, or anything else while it is under way.
        input_file: id of the requests.
        output_file: id of the replies, if there are any.
        error_file: id of the errors, if there are any.
        answered: requests that the endpoint counts as completed.
        failed: requests that it counts as failed.
        codes: why it failed as a whole.
    """

    id: str
    status: str
    input_file: str | None
    output_file: str | None
    error_file: str | None
    answered: int
    failed: int
    codes: tuple[str, ...]

    @property
    def ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.status in ENDED


class NotThere(Fault):
    """The endpoint has no such file or batch, or no batch interface at all."""


class BatchInterface:
    """The batches of one endpoint.

    Args:
        client: whose endpoint, key and connections are used.

    Attributes:
        target: what is asked.
        sleep: waits so many seconds.
    """

    def __init__(self, client: "Client") -> None:
        self._endpoint = client._endpoint
        self.target = self._endpoint.target
        self.sleep: Callable[[float], None] = time.sleep

    def upload(self, path: Path) -> str:
        """Upload a file of requests; its id.

        Raises:
            ModelError: the endpoint does not take it.
        """

        def send(sdk: "openai.OpenAI") -> object:
            with path.open("rb") as file:
                raw = sdk.files.with_raw_response.create(
                    file=(path.name, file), purpose="batch"
                )
            return raw.http_response.content

        return self._patiently(lambda: self._named(self._answer(self._call(send))))

    def create(self, file: str, label: str) -> Batch:
        """Start a batch over an uploaded file.

        A batch may have been started although the call failed, so it is looked for
        before that is tried again.

        Args:
            file: id of the file.
            label: found again by `find`.

        Raises:
            ModelError: the endpoint does not start it.
        """
        tried = False

        def start() -> Batch:
            nonlocal tried
            known = self._find(label) if tried else None
            if known:
                return known
            tried = True
            return self._batch(self._answer(self._call(send)))

        def send(sdk: "openai.OpenAI") -> object:
            raw = sdk.batches.with_raw_response.create(
                input_file_id=file,
                endpoint=COMPLETIONS,
                completion_window="24h",
                metadata={LABEL: label},
            )
            return raw.http_response.content

        return self._patiently(start)

    def find(self, label: str) -> Batch | None:
        """The batch of this label, if there is one among the latest two thousand.

        Raises:
            ModelError: the endpoint does not say.
        """
        return self._patiently(lambda: self._find(label))

    def look(self, batch: str) -> Batch | None:
        """How far a batch is, asked once; None if there is no such batch.

        Raises:
            Fault: the endpoint does not say.
        """

        def send(sdk: "openai.OpenAI") -> object:
            return sdk.batches.with_raw_response.retrieve(batch).http_response.content

        try:
            return self._batch(self._answer(self._call(send)))
        except NotThere:
            return None

    def download(self, file: str, path: Path) -> bool:
        """Write a file of replies or errors to this machine, whole.

        Returns:
            Whether there is such a file.

        Raises:
            ModelError: the endpoint does not give it.
        """

        def send(sdk: "openai.OpenAI") -> None:
            with (
                sdk.files.with_streaming_response.content(file) as response,
                path.open("wb") as target,
            ):
                for part in response.iter_bytes():
                    target.write(part)

        def fetch() -> bool:
            try:
                self._call(send)
            except NotThere:
                return False
            return True

        return self._patiently(fetch)

    def delete(self, file: str) -> None:
        """Delete a file at the endpoint; one that it does not delete stays.

        Files of batches hold articles. The endpoint deletes what stays in time.
        """
        try:
            self._call(lambda sdk: sdk.files.with_raw_response.delete(file))
        except Fault:
            return

    def _find(self, label: str) -> Batch | None:
        after: dict[str, str] = {}
        for _ in range(PAGES):
            try:
                page = self._answer(self._call(_lister(after)))
            except NotThere:
                return None
            data = page.get("data")
            entries = data if isinstance(data, list) else []
            entries = [entry for entry in entries if isinstance(entry, dict)]
            for entry in entries:
                if _label(entry) == label:
                    return self._batch(entry)
            last = entries[-1].get("id") if entries else None
            if not page.get("has_more") or not isinstance(last, str):
                return None
            after = {"after": last}
        return None

    def _patiently(self, step: Callable[[], T]) -> T:
        """A step, tried again as often as its faults are worth."""
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(Fault),
            stop=_is_last_try,
            wait=_pause,
            sleep=self.sleep,
            reraise=True,
        )
        error = None
        try:
            return retrying(step)
        except Fault as fault:
            error = fault.error
        raise error

    def _call(self, send: Callable[["openai.OpenAI"], T]) -> T:
        """One request; its failure as a fault without a cause, which holds more."""
        import openai

        fault = None
        with hushed():
            try:
                return send(self._endpoint.sdk)
            except openai.APIError as error:
                fault = self._fault_behind(error)
            except Exception as error:
                # While a body is streamed, openai lets the errors of its transport by.
                if not type(error).__module__.startswith("httpx"):
                    raise
                fault = faults.broken(self.target)
        raise fault

    def _fault_behind(self, error: "openai.APIError") -> Fault:
        status = getattr(error, "status_code", None)
        if status in (404, 405, 501):
            return NotThere(
                EndpointError(
                    f"{self.target.address} has no batch interface (HTTP {status}): "
                    "leave out --batch-api."
                )
            )
        fault = self._endpoint.fault_behind(error)
        if status == 400 and "find file" in str(error).lower():
            return Fault(fault.error, tries=ATTEMPTS)  # uploaded, but not known yet
        return fault

    def _answer(self, content: object) -> Mapping[str, Any]:
        """The JSON object that an endpoint answers with."""
        try:
            body = json.loads(content) if isinstance(content, bytes) else None
        except (ValueError, RecursionError):
            body = None
        if isinstance(body, dict):
            return body
        raise self._nonsense()

    def _named(self, body: Mapping[str, Any]) -> str:
        name = _name(body, "id")
        if name:
            return name
        raise self._nonsense()

    def _batch(self, body: Mapping[str, Any]) -> Batch:
        """A batch as any endpoint may have written it."""
        counts = body.get("request_counts")
        counts = counts if isinstance(counts, dict) else {}
        return Batch(
            id=self._named(body),
            status=str(body.get("status") or "").lower(),
            input_file=_name(body, "input_file_id"),
            output_file=_name(body, "output_file_id"),
            error_file=_name(body, "error_file_id"),
            answered=_count(counts.get("completed")),
            failed=_count(counts.get("failed")),
            codes=_codes(body),
        )

    def _nonsense(self) -> Fault:
        error = EndpointError(
            f"{self.target.address} answers with something that is no batch interface: "
            "leave out --batch-api."
        )
        return Fault(error, tries=ATTEMPTS)


def _lister(after: Mapping[str, str]) -> Callable[["openai.OpenAI"], object]:
    def send(sdk: "openai.OpenAI") -> object:
        raw = sdk.batches.with_raw_response.list(limit=PAGE, extra_query=dict(after))
        return raw.http_response.content

    return send


def _name(body: Mapping[str, Any], member: str) -> str | None:
    """An id that may go into addresses and messages."""
    value = body.get(member)
    return value if isinstance(value, str) and _NAME.fullmatch(value) else None


def _count(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def _codes(body: Mapping[str, Any]) -> tuple[str, ...]:
    errors = body.get("errors")
    data = errors.get("data") if isinstance(errors, dict) else None
    entries = [e for e in data if isinstance(e, dict)] if isinstance(data, list) else []
    found = [str(entry.get("code")).lower() for entry in entries[:100]]
    return tuple(dict.fromkeys(code for code in found if _CODE.fullmatch(code)))


def _label(body: Mapping[str, Any]) -> str | None:
    metadata = body.get("metadata")
    value = metadata.get(LABEL) if isinstance(metadata, dict) else None
    return value if isinstance(value, str) else None


def _is_last_try(state: tenacity.RetryCallState) -> bool:
    return state.attempt_number >= min(_fault_of(state).tries, ATTEMPTS)


def _pause(state: tenacity.RetryCallState) -> float:
    return max(min(_fault_of(state).wait or 0.0, LONGEST_WAIT), _JITTER(state))


def _fault_of(state: tenacity.RetryCallState) -> Fault:
    fault = state.outcome.exception() if state.outcome else None
    assert isinstance(fault, Fault)  # nothing else is retried
    return fault
