"""The client: a question with a response model, put in the endpoint's dialect.

instructor words the request for the response model and validates the reply; of what it
rejects, `replies` keeps the fields that are right.
"""

import time
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from functools import partial
from os import environ
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from extractor.client import faults
from extractor.client.answers import Answer, Message
from extractor.client.dialect import Dialect
from extractor.client.faults import Fault, Target
from extractor.client.quiet import hushed
from extractor.client.replies import (
    Reading,
    Reply,
    as_completion,
    is_plain,
    read_fields,
    read_weights,
)
from extractor.client.transport import (
    PATIENCE,
    Costs,
    Endpoint,
    Sender,
    shown_address,
)
from extractor.client.weighing import TOPS
from extractor.errors import (
    ContextExceeded,
    EndpointError,
    ExtractorError,
    ModelError,
    ReplyDegenerate,
    ReplyEmpty,
    ReplyError,
    ReplyFiltered,
    ReplyInvalid,
    ReplyRefused,
    ReplyTruncated,
)
from extractor.schema import EndpointKind

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion

OPENAI_URL = "https://api.openai.com/v1"
TEMPERATURE = 0.0
"""Sampling temperature of questions: evidence, not variety."""
LOOP_TEMPERATURE = 0.4
"""Added to the temperature after a looping reply: the same draw would loop again."""
REPEATED_CHARS = 4_000
"""Of an invalid reply, shown to the model when it is asked again."""

MOST_RAISES = 2
"""Times that the token limit is doubled for a reply which stopped at it."""

_FINAL = (ReplyRefused, ReplyFiltered)


@dataclass(frozen=True, slots=True)
class _Question:
    messages: tuple[Message, ...]
    response_model: type[BaseModel]
    max_tokens: int
    temperature: float

    def again(self, reply: Reply, reading: Reading) -> "_Question":
        """The question to ask after a reply that did not answer it."""
        if reply.state == "cut":
            return replace(self, max_tokens=2 * self.max_tokens)
        if reply.state == "looping":
            return replace(self, temperature=self.temperature + LOOP_TEMPERATURE)
        if reply.state == "empty":
            return self
        complaint = (
            "Your reply does not fit the schema:\n"
            + "\n".join(reading.problems[:20])
            + "\nReply again, with the corrected JSON only."
        )
        added = (
            {"role": "assistant", "content": reply.text[:REPEATED_CHARS]},
            {"role": "user", "content": complaint},
        )
        return replace(self, messages=(*self.messages, *added))


@dataclass(slots=True)
class _Exchange:
    """How far a question has come: the last reply or fault, and the costs of all."""

    costs: Costs = field(default_factory=Costs)
    reply: Reply | None = None
    fault: Fault | None = None
    stopped: ExtractorError | None = None


class Client:
    """A `ChatClient` over any endpoint that speaks OpenAI's protocol.

    Usable from several threads. What the endpoint turns out not to support (JSON
    schema, `max_tokens`, temperature) is left out from then on.

    Args:
        model: the endpoint's name for the model.
        base_url: address of the endpoint; OPENAI_BASE_URL, else OpenAI's.
        api_key: OPENAI_API_KEY by default; may be missing where an address is given.
        endpoint: what the endpoint is, for provenance.
        timeout: seconds one call may take.
        attempts: calls at most for a request that keeps failing in passing.
        patience: seconds that a request waits, beyond its attempts, for an endpoint
            that limits the rate of calls or is down. A run of many should have more.
        temperature: sampling temperature, where the endpoint takes one.
        extra_body: further members of the request's JSON.
        weighing: whether to ask how probable each of several choices is.

    Attributes:
        dialect: how the endpoint wants to be asked, as far as found out.

    Raises:
        EndpointError: no key, or an address that is none.
    """

    def __init__(
        self,
        model: str,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        endpoint: EndpointKind = "endpoint",
        timeout: float = 120.0,
        attempts: int = 5,
        patience: float = PATIENCE,
        temperature: float = TEMPERATURE,
        extra_body: Mapping[str, Any] | None = None,
        weighing: bool = False,
    ) -> None:
        self.model = model
        self.endpoint: EndpointKind = endpoint
        address = base_url or environ.get("OPENAI_BASE_URL")
        key = api_key or environ.get("OPENAI_API_KEY")
        if not key and not address:
            raise EndpointError(
                f"No API key for the model {model!r}: set OPENAI_API_KEY, or use "
                "'-m local' for the embedded model."
            )
        address = address or OPENAI_URL
        self._endpoint = Endpoint(
            Target(model, shown_address(address)),
            base_url=address,
            api_key=_usable(key),
            timeout=timeout,
            attempts=attempts,
            patience=patience,
        )
        self._sender: Sender = self._endpoint
        self._temperature = temperature
        self._extra_body = dict(extra_body or {})
        self._settings = {"logprobs": True, "top_logprobs": TOPS} if weighing else {}
        self.dialect = Dialect()

    def ask(
        self,
        messages: Sequence[Message],
        response_model: type[BaseModel],
        *,
        max_tokens: int,
    ) -> Answer:
        """Ask one question; a reply that answers nothing is asked for once more.

        Args:
            messages: the conversation, system message first.
            response_model: one required field per item asked about.
            max_tokens: of the reply; twice and four times as many when replies are cut
                before any field is complete.

        Returns:
            At least one valid field, or the good items of one list.

        Raises:
            EndpointError: the endpoint is down, refuses the key or is none.
            ContextExceeded: the question does not fit the model's context.
            ReplyError: no reply has a usable field, or the model refuses.
            RunStopped: the client was interrupted while it waited.
        """
        exchange = _Exchange()
        started = time.perf_counter()
        question = _Question(
            tuple(messages), response_model, max_tokens, self._temperature
        )
        try:
            with hushed():
                reading = self._converse(question, exchange)
        except ModelError as error:
            exchange.costs.charge(error)
            raise
        return Answer(
            values=reading.values,
            dropped=reading.dropped,
            usage=exchange.costs.usage,
            retries=exchange.costs.calls - 1,
            calls=exchange.costs.calls,
            seconds=time.perf_counter() - started,
            server_seconds=exchange.costs.server_seconds,
            weights=read_weights(exchange.reply, reading, response_model),
        )

    def through(self, sender: Sender) -> "Client":
        """The same client, whose requests go another way: into a file, say."""
        other = copy(self)
        other._sender = sender
        return other

    def interrupt(self) -> None:
        """End all waiting for a next call, of now and later, with `RunStopped`.

        Calls under way come to their end.
        """
        self._endpoint.interrupt()

    def close(self) -> None:
        """Close the connections; a later question opens new ones."""
        self._endpoint.close()

    def _converse(self, question: _Question, exchange: _Exchange) -> Reading:
        """Ask, and ask once more if nothing of the first reply can be used.

        A reply that was cut is asked for with more tokens, up to `MOST_RAISES` times.
        """
        reading, error = self._attempt(question, exchange)
        raises, repeats = MOST_RAISES, 1
        while isinstance(error, ReplyError) and not isinstance(error, _FINAL):
            assert exchange.reply is not None
            if exchange.reply.state == "cut":
                raises -= 1
            else:
                repeats -= 1
            if min(raises, repeats) < 0:
                break
            question = question.again(exchange.reply, reading)
            another, another_error = self._attempt(question, exchange)
            if another.values or not reading.values:
                reading = another
            if isinstance(another_error, ContextExceeded):
                break  # only the longer question did not fit
            error = another_error
        if error is not None and not reading.values:
            raise error
        return reading

    def _attempt(
        self, question: _Question, exchange: _Exchange
    ) -> tuple[Reading, ModelError | None]:
        """Put a question in the endpoint's dialect, learning that where need be."""
        while True:
            dialect = self.dialect
            parsed = self._instruct(question, dialect, exchange)
            if exchange.reply:
                reading = _reading(exchange.reply, parsed, question.response_model)
                return reading, self._verdict(exchange.reply, reading)
            if exchange.stopped:
                raise exchange.stopped
            assert exchange.fault is not None
            adapted = dialect.without(exchange.fault.topic)
            if adapted == dialect:
                return Reading({}, ()), self._final_error(exchange.fault)
            self.dialect = adapted

    def _instruct(
        self, question: _Question, dialect: Dialect, exchange: _Exchange
    ) -> BaseModel | None:
        """Ask through instructor; None where it rejects the reply or gets none."""
        from instructor import Mode, patch
        from instructor.core.exceptions import (
            IncompleteOutputException,
            InstructorRetryException,
        )

        modes = {"object": Mode.JSON, "text": Mode.MD_JSON}
        create = patch(
            create=partial(self._create, question, dialect, exchange),
            mode=modes.get(dialect.form, Mode.JSON_SCHEMA),
        )
        try:
            parsed: BaseModel = create(
                response_model=question.response_model,
                max_retries=0,
                model=self.model,
                messages=[dict(message) for message in question.messages],
                **dialect.options(question.max_tokens, question.temperature),
            )
        except (IncompleteOutputException, InstructorRetryException):
            return None  # both hold the article: neither may be a cause or context
        return parsed

    def _create(
        self,
        question: _Question,
        dialect: Dialect,
        exchange: _Exchange,
        **request: Any,
    ) -> "ChatCompletion":
        """Send what instructor prepared, and leave the outcome in `exchange`."""
        from openai import pydantic_function_tool
        from openai.types.chat import ChatCompletion

        if dialect.form == "strict":
            tool = pydantic_function_tool(question.response_model)["function"]
            request["response_format"]["json_schema"] |= {
                "strict": True,
                "schema": tool["parameters"],
            }
        exchange.reply = exchange.fault = None
        try:
            settings = self._settings | {"extra_body": self._extra_body}
            reply = self._sender.send(request | settings, exchange.costs)
        except Fault as fault:
            exchange.fault = fault
            raise
        except ExtractorError as error:  # instructor would wrap it
            exchange.stopped = error
            raise
        exchange.reply = reply
        return ChatCompletion.model_validate(as_completion(reply))

    def _final_error(self, fault: Fault) -> ModelError:
        if fault.unknown_model:
            target = self._endpoint.target
            return faults.no_such_model(target, self._endpoint.offered())
        return fault.error

    def _verdict(self, reply: Reply, reading: Reading) -> ReplyError | None:
        """What is wrong with a reply; None if it answers something."""
        if reading.answers or (reading.values and reply.state == "complete"):
            return None
        name = f"the model {self.model!r}"
        errors: Mapping[str, ReplyError] = {
            "refused": ReplyRefused(
                f"The model {self.model!r} refused to answer: use another one."
            ),
            "filtered": faults.filtered(self._endpoint.target),
            "empty": ReplyEmpty(
                f"The model {self.model!r} replied with nothing: try again or use "
                "another one."
            ),
            "cut": ReplyTruncated(
                f"The reply of {name} stopped at the token limit before anything was "
                "complete: ask for less at once."
            ),
            "looping": ReplyDegenerate(
                f"The reply of {name} repeats itself and nothing in it is complete: "
                "ask for less at once or use a larger model."
            ),
            "complete": ReplyInvalid(
                f"The reply of {name} does not fit the schema: use a larger model or "
                "an endpoint that supports JSON schema."
            ),
        }
        return errors[reply.state]


def endpoint_address(base_url: str | None = None) -> str:
    """Where a `Client` would ask, without user name, password and query.

    Args:
        base_url: address of the endpoint; OPENAI_BASE_URL, else OpenAI's.

    Raises:
        EndpointError: it is no HTTP address.
    """
    return shown_address(base_url or environ.get("OPENAI_BASE_URL") or OPENAI_URL)


def _usable(key: str | None) -> str:
    """A key that fits into a header; the SDK wants one even where none is needed."""
    key = (key or "none").strip()
    if not (key.isascii() and key.isprintable()):
        raise EndpointError(
            "OPENAI_API_KEY holds characters that no key has: copy it once more."
        )
    return key


def _reading(reply: Reply, parsed: BaseModel | None, model: type[BaseModel]) -> Reading:
    """The fields of a reply: as instructor read them, else the salvaged."""
    names = tuple(model.model_fields)
    if reply.state in ("refused", "filtered", "empty"):
        return Reading({}, names)
    if parsed is None or reply.state != "complete" or not is_plain(reply.text):
        return read_fields(reply, model)
    return Reading({name: getattr(parsed, name) for name in names}, ())
