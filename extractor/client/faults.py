"""What goes wrong between us and an endpoint, as errors with a remedy.

Endpoints word their errors freely and some repeat the request or a part of the key in
them. So messages are matched here, and nothing of them but short codes is passed on.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from extractor.client.gate import Ending
from extractor.client.headers import retry_after
from extractor.errors import (
    ContextExceeded,
    EndpointDown,
    EndpointError,
    ModelError,
    QuotaExhausted,
    RateLimited,
    ReplyFiltered,
)

Topic = Literal["token_limit", "temperature", "format"]
"""A part of the request that an endpoint may not know."""

ALWAYS = 1_000
"""Worth trying as often as the client's limit allows."""

_QUOTA = ("insufficient_quota", "billing_hard_limit_reached", "billing_not_active")
_FILTER = ("content_filter", "responsibleaipolicyviolation", "content_policy_violation")
_OVERFLOW = re.compile(
    r"context_length_exceeded|exceed_context_size|maximum context length|"
    r"context (?:size|length|window)|prompt is too long|too many tokens"
)
_FORMAT = re.compile(
    r"response_format|json_schema|json_object|structured.outputs?|guided|grammar|schema"
)
_CODE = re.compile(r"(?=.{3,50}\Z)[A-Za-z]+(?:_[A-Za-z]+)*")  # no key looks so


@dataclass(frozen=True, slots=True)
class Target:
    """What a request goes to; `address` without user name, password and query."""

    model: str
    address: str


class Fault(Exception):
    """A call that failed, and what may still be done about it.

    Attributes:
        error: what to raise when nothing helps.
        tries: calls in all that such a failure is worth.
        wait: pause the endpoint asks for, seconds.
        ending: what the call tells of the endpoint.
        topic: the part of the request to leave out or to word differently.
        unknown_model: the endpoint does not offer the model.
    """

    def __init__(
        self,
        error: ModelError,
        *,
        tries: int = 1,
        wait: float | None = None,
        ending: Ending = "answered",
        topic: Topic | None = None,
        unknown_model: bool = False,
    ) -> None:
        super().__init__(error.code)
        self.error = error
        self.tries = tries
        self.wait = wait
        self.ending: Ending = ending
        self.topic = topic
        self.unknown_model = unknown_model


def unreachable(target: Target, *, answered_before: bool) -> Fault:
    """No connection: at the very first call the address is likely wrong."""
    error = EndpointError(
        f"Nothing answers at {target.address}: start the server there or correct "
        "OPENAI_BASE_URL."
    )
    return Fault(error, tries=ALWAYS if answered_before else 2, ending="failed")


def broken(target: Target) -> Fault:
    """The connection ended before the reply did."""
    error = EndpointError(
        f"{target.address} keeps closing the connection: see the server's log."
    )
    return Fault(error, tries=ALWAYS, ending="failed")


def timed_out(target: Target, timeout: float) -> Fault:
    """No reply in time."""
    error = EndpointError(
        f"{target.address} did not answer within {timeout:g} s: ask for less at once, "
        "use a faster model or raise the timeout."
    )
    return Fault(error, tries=ALWAYS, ending="failed")


def not_the_protocol(target: Target, content: str) -> Fault:
    """HTTP 200, but no chat completion; proxies do that in passing, so tried twice."""
    is_page = bool(re.match(r"(?i)\s*<(?:!doctype|html|head|body|\?xml|!--)", content))
    what = "a web page" if is_page else "something that is no chat completion"
    error = EndpointError(
        f"{target.address} answered with {what}{_address_hint(target)}"
    )
    return Fault(error, tries=2, ending="failed")


def _address_hint(target: Target) -> str:
    if target.address.endswith("/v1"):
        return "; OPENAI_BASE_URL must name an OpenAI-compatible endpoint."
    return "; is OPENAI_BASE_URL missing '/v1'?"


def refused_by_status(
    status: int, headers: Mapping[str, str], content: str, target: Target
) -> Fault:
    """The fault behind an HTTP status of 400 or more."""
    told = _Told.read(content)
    final = _about_the_account(status, told, target) or _about_the_text(
        status, told, target
    )
    if final:
        return Fault(final)
    if status in (408, 409, 429) or status >= 500:
        return _passing(status, headers, target)
    if told.code == "model_not_found" or (status == 404 and "model" in told.words):
        return Fault(no_such_model(target, ()), unknown_model=True)
    if status in (404, 405):
        error = EndpointError(
            f"{target.address} has no chat completions (HTTP {status})"
            f"{_address_hint(target)}"
        )
        return Fault(_lasting(error))
    error = EndpointError(
        f"{target.address} refuses the request for the model {target.model!r} "
        f"(HTTP {status}{told.named}): see the server's log or try another model."
    )
    return Fault(error, topic=told.topic if status in (400, 422) else None)


def no_such_model(target: Target, offered: tuple[str, ...]) -> EndpointError:
    """The model is unknown at the endpoint, which offers those named."""
    names = ", ".join(offered[:8]) + (", ..." if len(offered) > 8 else "")
    remedy = f"it offers {names}" if offered else "choose one that it serves with -m"
    return _lasting(
        EndpointError(f"{target.address} has no model {target.model!r}: {remedy}.")
    )


def _lasting(error: EndpointError) -> EndpointError:
    """The error as one that every other question would meet, too."""
    error.halts = True
    return error


def _about_the_account(
    status: int, told: "_Told", target: Target
) -> EndpointError | None:
    if told.code in _QUOTA or status == 402:
        return QuotaExhausted(
            f"The account behind OPENAI_API_KEY has no credit left at {target.address}:"
            " top it up, or use '-m local'."
        )
    if status in (401, 403) and told.code != "model_not_found":
        return _lasting(
            EndpointError(
                f"{target.address} refuses the key (HTTP {status}{told.named}): check "
                "OPENAI_API_KEY."
            )
        )
    return None


def _about_the_text(status: int, told: "_Told", target: Target) -> ModelError | None:
    if told.code in _FILTER:
        return filtered(target)
    if status == 413 or (
        status in (400, 422, 500) and _OVERFLOW.search(f"{told.code} {told.words}")
    ):
        return ContextExceeded(
            f"The question does not fit the context of {target.model!r}: ask for less "
            "at once or use a model with a larger context."
        )
    return None


def filtered(target: Target) -> ReplyFiltered:
    """A content filter stopped the question or the reply."""
    return ReplyFiltered(
        f"The content filter of {target.address} stopped the reply: relax it or use "
        "another model."
    )


def _passing(status: int, headers: Mapping[str, str], target: Target) -> Fault:
    """A failure that a later call may not meet."""
    error: EndpointError
    ending: Ending
    if status == 429:
        ending, error = (
            "refused",
            RateLimited(
                f"{target.address} limits the rate of requests: try again later or "
                "send fewer at once."
            ),
        )
    else:
        ending, error = (
            "failed",
            EndpointError(
                f"{target.address} keeps failing with HTTP {status}: see the server's "
                "log or try again later."
            ),
        )
    stop = headers.get("x-should-retry") == "false"
    wait = retry_after(headers)
    return Fault(error, tries=1 if stop else ALWAYS, wait=wait, ending=ending)


def too_long_a_pause(target: Target, fault: Fault, patience: float) -> Fault:
    """The endpoint asks to wait longer than we do."""
    error = RateLimited(
        f"{target.address} asks to wait {fault.wait:.0f} s, longer than the "
        f"{patience:.0f} s we wait: try again later."
    )
    return Fault(error, ending=fault.ending)


def down(target: Target, patience: float) -> Fault:
    """Nothing succeeded for longer than we wait."""
    error = EndpointDown(
        f"{target.address} has been failing for more than {patience:.0f} s: see the "
        "server's log or try again later."
    )
    return Fault(error)


@dataclass(frozen=True, slots=True)
class _Told:
    """What an endpoint says about an error: short code, and its words in lower case."""

    code: str
    words: str

    @classmethod
    def read(cls, content: str) -> "_Told":
        try:
            body = json.loads(content[:100_000])
        except (ValueError, RecursionError):
            return cls("", "")
        error = body.get("error", body) if isinstance(body, dict) else body
        code = ""
        if isinstance(error, dict):
            code = next(
                (
                    value.lower()
                    for value in (error.get("code"), error.get("type"))
                    if isinstance(value, str) and _CODE.fullmatch(value)
                ),
                "",
            )
        return cls(code, " ".join(_strings(error)).lower())

    @property
    def named(self) -> str:
        """The code as an addition to a message."""
        return f", {self.code}" if self.code else ""

    @property
    def topic(self) -> Topic | None:
        """The part of the request that is complained of."""
        if "max_completion_tokens" in self.words:
            return "token_limit"
        if "temperature" in self.words:
            return "temperature"
        return "format" if _FORMAT.search(self.words) else None


def _strings(error: Any, depth: int = 0) -> Iterator[str]:
    """The texts of an error, without the echoes of the request (`input`)."""
    if isinstance(error, str):
        yield error
    elif isinstance(error, dict) and depth < 5:
        for name in ("param", "message", "msg", "detail", "loc", "error"):
            yield from _strings(error.get(name), depth + 1)
    elif isinstance(error, list) and depth < 5:
        for part in error[:20]:
            yield from _strings(part, depth + 1)
