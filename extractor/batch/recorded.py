"""A client that asks nothing twice: answers come from the store, or go into it.

An answer is committed before it is returned. So a run that is killed pays at most for
the calls in flight again. Failures are not kept: what was refused or broken off left
nothing to keep, but what it cost is noted.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from threading import Event
from typing import Annotated, Any, Final

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import to_jsonable_python

from extractor.batch.budget import Account
from extractor.client import TEMPERATURE, Answer, ChatClient, Interruptible, Message
from extractor.errors import ModelError, RunStopped
from extractor.schema import EndpointKind, Usage
from extractor.store import Store

REPLY_VERSION: Final = 1
"""Of how replies are read and kept; a new one asks everything anew."""


class RecordedClient:
    """A `ChatClient` before another one, with a store between them.

    Of several threads and processes that ask the same question at once, one asks and
    the others get its answer.

    Args:
        client: asks what the store cannot answer.
        store: keeps the answers.
        address: where the client asks: the endpoint, or the hash of the weights.
        account: of what is spent; by default nothing is limited.
    """

    def __init__(
        self,
        client: ChatClient,
        store: Store,
        *,
        address: str,
        account: Account | None = None,
    ) -> None:
        self.model = client.model
        self.endpoint: EndpointKind = client.endpoint
        self._client = client
        self._store = store
        self._address = address
        self._account = account or Account(store)
        self._stop = Event()

    def ask(
        self,
        messages: Sequence[Message],
        response_model: type[BaseModel],
        *,
        max_tokens: int,
    ) -> Answer:
        """The answer that is kept, or else a new one, once that is kept.

        Raises:
            RunStopped: the run ends: it was interrupted, has reached a limit, or the
                endpoint would fail every other question as well.
            ModelError: the client's.
            StoreError: the answer could not be kept.
        """
        schema = json.dumps(response_model.model_json_schema(), sort_keys=True)
        key = question_key(
            messages,
            schema,
            model=self.model,
            address=self._address,
            max_tokens=max_tokens,
        )
        with self._store.alone(key, self._pause):
            kept = self._store.reply(key)
            answer = kept and load_answer(kept, response_model)
            if answer:
                return answer
            with self._account.room(messages, schema, max_tokens):
                self._pause(0)
                return self._pay(key, messages, response_model, max_tokens)

    def interrupt(self) -> None:
        """Ask nothing more, and end all waiting for a next call."""
        self._stop.set()
        if isinstance(self._client, Interruptible):
            self._client.interrupt()

    def _pause(self, seconds: float) -> None:
        if self._stop.wait(seconds):
            raise RunStopped("The run was told to end.")

    def _pay(
        self,
        key: str,
        messages: Sequence[Message],
        response_model: type[BaseModel],
        max_tokens: int,
    ) -> Answer:
        try:
            answer = self._client.ask(messages, response_model, max_tokens=max_tokens)
        except ModelError as error:
            prompt, cached, completion = error.tokens
            usage = Usage(
                prompt_tokens=prompt, cached_tokens=cached, completion_tokens=completion
            )
            self._store.charge(self._account.charge(error.calls, usage))
            if error.halts:
                raise RunStopped(str(error)) from None
            raise
        charge = self._account.charge(answer.calls, answer.usage)
        self._store.put_reply(key, dump_answer(answer), charge)
        return answer


def question_key(
    messages: Sequence[Message],
    schema: str,
    *,
    model: str,
    address: str,
    max_tokens: int,
    parameters: Mapping[str, Any] | None = None,
) -> str:
    """Sha256 of all that an answer depends on.

    Not of the version of this package: a new one that asks the same pays nothing.

    Args:
        messages: the conversation.
        schema: JSON Schema of the answer, its keys sorted.
        model: the endpoint's name for the model.
        address: where it is asked.
        max_tokens: room for the reply.
        parameters: of sampling; by default those of `Client`.
    """
    asked = [[message["role"], message["content"]] for message in messages]
    sampling = {"temperature": TEMPERATURE} if parameters is None else parameters
    parts = [REPLY_VERSION, asked, schema, model, address, max_tokens, sampling]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def dump_answer(answer: Answer) -> bytes:
    """An answer as JSON in ASCII, since a value may hold lone surrogates."""
    record = {
        "values": to_jsonable_python(dict(answer.values)),
        "dropped": answer.dropped,
        "usage": answer.usage.model_dump(),
        "retries": answer.retries,
        "calls": answer.calls,
        "seconds": round(answer.seconds, 6),
        "server_seconds": answer.server_seconds,
        "weights": {name: dict(shares) for name, shares in answer.weights.items()},
    }
    return json.dumps(record).encode()


def load_answer(data: bytes, response_model: type[BaseModel]) -> Answer | None:
    """The answer that `dump_answer` wrote; None if it is none to this question."""
    try:
        record = json.loads(data)
        values = _read_values(record["values"], response_model)
        return Answer(
            values=values,
            dropped=tuple(record["dropped"]),
            usage=Usage(**record["usage"]),
            retries=record["retries"],
            calls=record["calls"],
            seconds=record["seconds"],
            server_seconds=record["server_seconds"],
            weights=record.get("weights", {}),
        )
    except (KeyError, TypeError, ValueError, ValidationError):
        return None


def _read_values(
    values: Mapping[str, Any], response_model: type[BaseModel]
) -> dict[str, Any]:
    """The values as the types of the response model's fields."""
    if values.keys() == response_model.model_fields.keys():
        whole = response_model.model_validate_json(json.dumps(values), strict=True)
        return {name: getattr(whole, name) for name in values}
    read = {}
    for name, value in values.items():
        field = response_model.model_fields[name]
        annotation: Any = field.annotation
        if field.metadata:
            annotation = Annotated[annotation, *field.metadata]
        dump = json.dumps(value)
        read[name] = TypeAdapter(annotation).validate_json(dump, strict=True)
    return read
