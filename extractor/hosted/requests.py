"""A request as a batch file holds it, under a name made of all it depends on."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from extractor.client.batches import COMPLETIONS
from extractor.client.transport import encodable

KEY_VERSION: Final = 1
"""Of what a key is made of."""


def body_of(request: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON that a live call would send.

    Args:
        request: the arguments of `chat.completions.create`.
    """
    members = dict(request)
    more = members.pop("extra_body", None) or {}
    body: dict[str, Any] = encodable(members | more)
    return body


def key_of(body: Mapping[str, Any], address: str, time: int) -> str:
    """The `custom_id` of a request: 64 characters, as many as there may be.

    Args:
        body: what is sent.
        address: of the endpoint.
        time: how often the same question has sent the same before; asked once more
            after an empty reply, it must not get that reply again.
    """
    whole = [KEY_VERSION, address, time, body]
    dump = json.dumps(whole, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(dump.encode()).hexdigest()


def line_of(key: str, body: Mapping[str, Any]) -> bytes:
    """A request as a line of a batch file."""
    line = {"custom_id": key, "method": "POST", "url": COMPLETIONS, "body": body}
    return json.dumps(line, ensure_ascii=False).encode() + b"\n"
