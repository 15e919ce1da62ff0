"""One request to an endpoint, tried as often as its failures are worth.

openai's own retries are off: they know neither web pages nor spent quotas, and retries
in two places multiply. A refusal for coming too soon (HTTP 429) uses up patience, not
attempts; while many calls fail, each request has more attempts.
"""

import json
import logging
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from threading import Event
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

import tenacity

from extractor.client import faults
from extractor.client.faults import Fault, Target
from extractor.client.gate import Gate
from extractor.client.headers import allowances
from extractor.client.replies import Reply, read_completion
from extractor.errors import EndpointError, ModelError, RunStopped
from extractor.schema import Usage

if TYPE_CHECKING:
    import openai

CONNECT_TIMEOUT = 10.0
"""Seconds to wait for a connection."""
PATIENCE = 60.0
"""Seconds that a request waits, in all, for an endpoint that limits their rate, and for
one that is down."""
TROUBLE = 4
"""Times as many attempts while the endpoint fails others, too."""
LISTING_TIMEOUT = 5.0
"""Seconds to wait for the names of the models, which only improve a message."""

_LOOPBACK = re.compile(r"localhost|127(?:\.\d+){3}|::1")
_SURROGATES = re.compile("[\ud800-\udfff]")
_JITTER = tenacity.wait_random_exponential(multiplier=0.5, max=8)

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Costs:
    """What the calls of one question cost."""

    usage: Usage = field(default_factory=Usage)
    calls: int = 0
    server_seconds: float | None = None

    def add(self, reply: Reply) -> None:
        """Count a reply, whatever it is worth."""
        self.usage += reply.usage
        if reply.server_seconds is not None:
            self.server_seconds = (self.server_seconds or 0.0) + reply.server_seconds

    def charge(self, error: ModelError) -> None:
        """Let the error that ends a question tell what that cost."""
        used = self.usage
        error.calls = self.calls
        error.tokens = (used.prompt_tokens, used.cached_tokens, used.completion_tokens)


class Sender(Protocol):
    """Whoever takes the requests of a `Client`: an endpoint, or files for later."""

    def send(self, request: Mapping[str, Any], costs: Costs) -> Reply:
        """The reply to the arguments of `chat.completions.create`.

        Raises:
            Fault: there is none.
        """
        ...


class Endpoint:
    """The chat completions of one model at one address.

    Args:
        target: what error messages name.
        base_url: address of the endpoint.
        api_key: sent as bearer token.
        timeout: seconds one call may take.
        attempts: calls at most for a request that keeps failing in passing.
        patience: seconds that a request waits where it is told to come later.

    Attributes:
        gate: what the calls of all threads pass.
        sleep: waits so many seconds.
    """

    def __init__(
        self,
        target: Target,
        *,
        base_url: str,
        api_key: str,
        timeout: float,
        attempts: int,
        patience: float = PATIENCE,
    ) -> None:
        self.target = target
        self.sleep: Callable[[float], None] = self._sleep
        self.gate = Gate(lambda seconds: self.sleep(seconds))
        self._base_url = base_url
        self._api_key = api_key
        self._timeout = timeout
        self._attempts = attempts
        self._patience = patience
        self._interrupted = Event()
        self._answered = False

    def send(self, request: Mapping[str, Any], costs: Costs) -> Reply:
        """Send the arguments of `chat.completions.create`.

        Raises:
            Fault: the request failed for good, or as often as allowed.
            RunStopped: it was interrupted.
        """
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(Fault),
            stop=partial(self._is_last_try, Counter[int]()),
            wait=_pause,
            sleep=self.sleep,
            reraise=True,
        )
        return retrying(self._post, encodable(request), costs)

    def offered(self) -> tuple[str, ...]:
        """Names of the models at the endpoint; none if it does not tell quickly."""
        import openai

        quick = self.sdk.with_options(timeout=LISTING_TIMEOUT)
        try:
            raw = quick.models.with_raw_response.list()
            listed = json.loads(raw.http_response.content)["data"]
            names = [str(entry["id"])[:80] for entry in listed]
        except (openai.OpenAIError, ValueError, KeyError, TypeError, RecursionError):
            return ()
        return tuple(sorted(name for name in names if name.isprintable()))

    def interrupt(self) -> None:
        """End all waiting for a next call, of now and later, with `RunStopped`."""
        self._interrupted.set()

    def close(self) -> None:
        """Close the connections; a later request opens new ones."""
        if sdk := self.__dict__.pop("sdk", None):
            sdk.close()

    def _post(self, request: Mapping[str, Any], costs: Costs) -> Reply:
        started = self.gate.enter(self._patience)
        if started is None:
            raise faults.down(self.target, self._patience)
        costs.calls += 1
        outcome: Reply | Fault | None = None
        try:
            outcome = self._outcome(request)
        finally:
            self._leave(started, outcome)
        if isinstance(outcome, Fault):
            logger.debug("call %d failed: %s", costs.calls, outcome.error.code)
            raise outcome  # outside of every `except`: their errors hold the request
        costs.add(outcome)
        logger.debug(
            "call %d: %s, %d + %d tokens",
            costs.calls,
            outcome.state,
            outcome.usage.prompt_tokens,
            outcome.usage.completion_tokens,
        )
        return outcome

    def _leave(self, started: float, outcome: Reply | Fault | None) -> None:
        """Let the gate know what became of a call."""
        if isinstance(outcome, Fault):
            pause = outcome.wait and min(outcome.wait, self._patience)
            self.gate.leave(started, outcome.ending, pause)
        else:
            self.gate.leave(started, "answered")

    def _outcome(self, request: Mapping[str, Any]) -> Reply | Fault:
        """One HTTP request and what became of it."""
        import openai

        try:
            completions = self.sdk.chat.completions.with_raw_response
            response = completions.create(**_as_written(request)).http_response
        except openai.APIError as error:
            fault = self.fault_behind(error)
            if (fault.wait or 0.0) > self._patience:
                return faults.too_long_a_pause(self.target, fault, self._patience)
            return fault
        self._answered = True
        outcome = read_body(response.content, response.headers, self.target)
        if isinstance(outcome, Reply):
            used = outcome.usage.prompt_tokens + outcome.usage.completion_tokens
            self.gate.expect(allowances(response.headers, used))
        return outcome

    def fault_behind(self, error: "openai.APIError") -> Fault:
        """What an error of openai's client means."""
        import openai

        if isinstance(error, openai.APIStatusError):
            self._answered = True
            response = error.response
            return faults.refused_by_status(
                response.status_code, response.headers, response.text, self.target
            )
        if isinstance(error, openai.APITimeoutError):
            return faults.timed_out(self.target, self._timeout)
        # httpx2 is openai's own choice of transport, so not imported by name.
        if type(error.__cause__).__name__.startswith(("Read", "Write", "Remote")):
            return faults.broken(self.target)
        return faults.unreachable(self.target, answered_before=self._answered)

    def _is_last_try(
        self, failures: Counter[int], state: tenacity.RetryCallState
    ) -> bool:
        """Whether a fault ends the request, with those before by their `tries`."""
        fault = _fault_of(state)
        if fault.ending == "refused" and fault.tries > 1:
            return state.idle_for + state.upcoming_sleep > self._patience
        failures[fault.tries] += 1
        attempts = self._attempts * (TROUBLE if self.gate.in_trouble else 1)
        return failures[fault.tries] >= fault.tries or failures.total() >= attempts

    def _sleep(self, seconds: float) -> None:
        if self._interrupted.wait(seconds):
            raise RunStopped("The run was stopped before the endpoint answered.")

    @cached_property
    def sdk(self) -> "openai.OpenAI":
        """The client of openai, made at the first request."""
        import openai

        timeout = openai.Timeout(self._timeout, connect=CONNECT_TIMEOUT)
        parts = urlsplit(self._base_url)
        is_here = bool(_LOOPBACK.fullmatch(parts.hostname or ""))
        return openai.OpenAI(
            api_key=self._api_key,
            base_url=self._base_url,
            max_retries=0,
            timeout=timeout,
            http_client=openai.DefaultHttpxClient(
                timeout=timeout,
                # What is sent to this machine must neither pass a proxy nor be
                # redirected to another.
                trust_env=not is_here,
                follow_redirects=not is_here,
                # Without TLS, reading the certificates (70 ms) would be for nothing.
                verify=not (is_here and parts.scheme == "http"),
            ),
        )


def shown_address(base_url: str) -> str:
    """The address as messages show it: without user name, password and query.

    Raises:
        EndpointError: it is no HTTP address.
    """
    try:
        parts = urlsplit(base_url)
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = urlsplit(""), None, None
    if parts.scheme not in ("http", "https") or not host:
        raise EndpointError(
            "OPENAI_BASE_URL is no address: it should look like "
            "'http://localhost:8080/v1'."
        )
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{parts.path}".rstrip(
        "/"
    )


def read_body(
    content: bytes, headers: Mapping[str, str], target: Target
) -> Reply | Fault:
    """The reply in the body of an HTTP 200, or what that body is instead.

    Args:
        content: the body.
        headers: of the response, looked up in lower case.
        target: what was asked.
    """
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return faults.not_the_protocol(target, content[:200].decode(errors="replace"))
    if isinstance(body, dict) and "choices" in body:
        return read_completion(body)
    error = body.get("error") if isinstance(body, dict) else None
    if isinstance(error, dict):  # some routers report failures with HTTP 200
        code = error.get("code")
        status = code if isinstance(code, int) and 400 <= code < 600 else 502
        return faults.refused_by_status(
            status, headers, content.decode(errors="replace"), target
        )
    return faults.not_the_protocol(target, "")


def _as_written(request: Mapping[str, Any]) -> dict[str, Any]:
    """The same request with its large members where openai leaves them as they are.

    It walks through every message for names to translate, of which there are none here;
    that took longer than all the rest of a call.
    """
    large = {n: request[n] for n in ("messages", "response_format") if n in request}
    rest = {name: value for name, value in request.items() if name not in large}
    return rest | {"messages": (), "extra_body": large | rest.get("extra_body", {})}


def _fault_of(state: tenacity.RetryCallState) -> Fault:
    fault = state.outcome.exception() if state.outcome else None
    assert isinstance(fault, Fault)  # nothing else is retried
    return fault


def _pause(state: tenacity.RetryCallState) -> float:
    """Full jitter, but never earlier than the endpoint said."""
    return max(_fault_of(state).wait or 0.0, _JITTER(state))


def encodable(value: Any) -> Any:
    """A request without lone surrogates, which UTF-8 cannot carry."""
    if isinstance(value, str):
        return _SURROGATES.sub("\ufffd", value)
    if isinstance(value, dict):
        return {encodable(name): encodable(member) for name, member in value.items()}
    if isinstance(value, list):
        return [encodable(member) for member in value]
    return value
