"""An endpoint without a model that fails by plan, thousands of requests a second.

Usage: python -m evals.bench.faults.server [--plan all] [--seed 7] [--latency 0.05]
           [--limit 40] [--tell] [--port 0]

It prints its port, and stops when its standard input ends. It answers any JSON schema
with a valid instance. What it was asked is told at `/counts`, and at `/asked` how
often each article was asked about. `--limit` requests a second, a quarter of them at
once, are let through, the others get 429 with `Retry-After: 1`; `--tell` adds the
headers by which endpoints tell what is left.
"""

import argparse
import asyncio
import json
import socket
import struct
import sys
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from evals.bench.faults.articles import QUOTATION, TAG
from evals.bench.faults.plan import LASTING, PLANS, Fault, Plan
from evals.bench.faults.replies import instance

ROOMY = 4096
"""Tokens of a reply with which nothing is cut."""
Headers = dict[str, str]


@dataclass(frozen=True)
class Response:
    """What goes back; a `reset` or a `hang` sends nothing."""

    status: int = 200
    body: Any = None
    headers: Headers = field(default_factory=dict)
    silence: Fault | None = None

    def encoded(self) -> bytes:
        """The response as HTTP/1.1."""
        body = json.dumps(self.body).encode()
        more = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        head = (
            f"HTTP/1.1 {self.status} X\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n{more}\r\n"
        )
        return head.encode() + body


class Bucket:
    """A limit of requests: tokens that come back at a steady rate."""

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self.size = max(1.0, rate / 4)
        self.tokens = self.size
        self._at = time.monotonic()

    def take(self) -> bool:
        """Whether one more request is let through."""
        now = time.monotonic()
        self.tokens = min(self.size, self.tokens + (now - self._at) * self.rate)
        self._at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True

    def told(self) -> Headers:
        """What endpoints tell of their limit, in OpenAI's headers."""
        return {
            "x-ratelimit-limit-requests": f"{self.size:.0f}",
            "x-ratelimit-remaining-requests": f"{self.tokens:.0f}",
            "x-ratelimit-reset-requests": (
                f"{(self.size - self.tokens) / self.rate * 1000:.0f}ms"
            ),
        }


@dataclass
class Counts:
    """What the server was asked and what became of it."""

    requests: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    open: int = 0
    most_open: int = 0
    seconds: dict[int, Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    answered: Counter[bytes] = field(default_factory=Counter)
    """Answers by request: more than one means paid twice."""
    begun: float = 0.0
    ended: float = 0.0

    def outcome(self, name: str) -> None:
        """Count a response."""
        now = time.monotonic()
        self.begun = self.begun or now
        self.ended = now
        self.statuses[name] += 1
        self.seconds[int(now - self.begun)][name] += 1

    def told(self) -> dict[str, Any]:
        """The counts as JSON."""
        return {
            "requests": self.requests,
            "outcomes": self.statuses,
            "open": self.open,
            "most_open": self.most_open,
            "repeated": sum(count - 1 for count in self.answered.values()),
            "wall": self.ended - self.begun,
            "seconds": [self.seconds[second] for second in sorted(self.seconds)],
        }


@dataclass
class _Known:
    """What the server remembers of an article."""

    calls: int = 0
    room: int = 0
    fields: int = 0


class Endpoint:
    """The behaviour: what each request gets."""

    def __init__(self, plan: Plan, limit: float | None, tell: bool) -> None:
        self.counts = Counts()
        self._plan = plan
        self._bucket = Bucket(limit) if limit else None
        self._tell = tell
        self._known: dict[int, _Known] = defaultdict(_Known)

    def ask(self, raw: bytes) -> Response:
        """The response to a chat completion request."""
        self.counts.requests += 1
        limits: Headers = {}
        if self._bucket:
            allowed = self._bucket.take()
            limits = self._bucket.told() if self._tell else {}
            if not allowed:
                return self._limited(limits)
        request = json.loads(raw)
        said = "\n".join(str(m.get("content")) for m in request["messages"])
        tag = TAG.search(said)
        number = int(tag[1]) if tag else -1
        fault = self._fault(number, request)
        if fault is None:
            wanted = [request["messages"], request.get("response_format")]
            self.counts.answered[sha256(json.dumps(wanted).encode()).digest()] += 1
        self.counts.outcome(fault or "ok")
        return _response(fault, _content(request, said), limits)

    def asked(self) -> dict[int, int]:
        """How often each article was asked about."""
        return {number: known.calls for number, known in self._known.items()}

    def _limited(self, headers: Headers) -> Response:
        self.counts.outcome("429")
        error = {"message": "slow down", "code": "rate_limit_exceeded"}
        return Response(429, {"error": error}, headers | {"Retry-After": "1"})

    def _fault(self, number: int, request: dict[str, Any]) -> Fault | None:
        """What this call meets by the plan."""
        known, fault = self._known[number], self._plan.fault(number)
        known.calls += 1
        if fault is None or fault in LASTING:
            return fault
        if fault != "cut":
            return fault if known.calls == 1 else None
        room = request.get("max_tokens") or request.get("max_completion_tokens") or 0
        fields = len(_schema(request).get("properties", {}))
        if known.calls == 1:
            known.room, known.fields = room, fields
        if room >= min(ROOMY, 2 * known.room or ROOMY) or fields < known.fields:
            return None
        return fault


def _schema(request: dict[str, Any]) -> dict[str, Any]:
    form = request.get("response_format") or {}
    schema: dict[str, Any] = form.get("json_schema", {}).get("schema", {})
    return schema


def _content(request: dict[str, Any], said: str) -> str:
    """A valid reply; free strings hold a quotation of the article."""
    quotation = QUOTATION.search(said)
    return json.dumps(
        instance(_schema(request), quotation[1] if quotation else "nothing"),
        ensure_ascii=False,
    )


def _response(fault: Fault | None, content: str, headers: Headers) -> Response:
    """A response with this fault."""
    if fault in ("reset", "hang"):
        return Response(silence=fault)
    if fault == "limited":
        error = {"message": "slow down", "code": "rate_limit_exceeded"}
        return Response(429, {"error": error}, {"Retry-After": "1"})
    if fault == "error":
        return Response(500, {"error": {"message": "overloaded"}})
    contents = {
        "cut": content[: len(content) // 2],
        "broken": content[: len(content) // 3],
        "misfit": '{"result": 42}',
        "refusal": None,
        "filtered": "",
    }
    message: dict[str, Any] | None = {
        "role": "assistant",
        "content": contents.get(fault or "", content),
    }
    if fault == "refusal" and message:
        message["refusal"] = "I cannot help with that."
    finish = {"cut": "length", "filtered": "content_filter"}.get(fault or "", "stop")
    choice = {
        "index": 0,
        "finish_reason": finish,
        "message": None if fault == "messageless" else message,
    }
    body = {
        "id": "c",
        "object": "chat.completion",
        "created": 0,
        "model": "m",
        "choices": [] if fault == "choiceless" else [choice],
        "usage": {"prompt_tokens": 900, "completion_tokens": 40, "total_tokens": 940},
    }
    return Response(200, body, headers)


class Connection(asyncio.Protocol):
    """One connection of a client, requests one after the other."""

    def __init__(self, endpoint: Endpoint, latency: float) -> None:
        self._endpoint = endpoint
        self._latency = latency
        self._received = b""
        self._open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """A request whose client has gone is open no more."""
        self._close()

    def data_received(self, data: bytes) -> None:
        """Answer a request once it is there as a whole."""
        self._received += data
        head, found, body = self._received.partition(b"\r\n\r\n")
        size = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                size = int(line[15:])
        if not found or len(body) < size:
            return
        self._received = body[size:]
        self._respond(head.split(b" ", 2), body[:size])

    def _respond(self, head: list[bytes], body: bytes) -> None:
        counts = self._endpoint.counts
        if head[0] != b"POST":
            told: dict[bytes, Any] = {
                b"/counts": counts.told(),
                b"/asked": self._endpoint.asked(),
            }
            self._send(Response(body=told.get(head[1], {"data": []})))
            return
        self._open = True
        counts.open += 1
        counts.most_open = max(counts.most_open, counts.open)
        response = self._endpoint.ask(body)
        if response.silence == "hang":
            return
        if response.silence == "reset" or not self._latency or response.status != 200:
            self._send(response)
            return
        loop = asyncio.get_running_loop()
        loop.call_later(self._latency, self._send, response)

    def _send(self, response: Response) -> None:
        self._close()
        if response.silence == "reset":
            linger = struct.pack("ii", 1, 0)
            connected = self._transport.get_extra_info("socket")
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self._transport.abort()
        elif not self._transport.is_closing():
            self._transport.write(response.encoded())

    def _close(self) -> None:
        if self._open:
            self._open = False
            self._endpoint.counts.open -= 1


async def serve(endpoint: Endpoint, latency: float, port: int) -> None:
    """Answer until the standard input ends; the port goes to the standard output."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()

    def wait_for_the_end() -> None:
        sys.stdin.read()
        loop.call_soon_threadsafe(ended.set)

    server = await loop.create_server(
        lambda: Connection(endpoint, latency), "127.0.0.1", port, backlog=512
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    threading.Thread(target=wait_for_the_end, daemon=True).start()
    await ended.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--plan", choices=PLANS, default="all")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds")
    parser.add_argument("--limit", type=float, help="requests a second")
    parser.add_argument("--port", type=int, default=0, help="default: any")
    parser.add_argument("--tell", action="store_true", help="tell what is left")
    options = parser.parse_args()
    plan = Plan(options.plan, options.seed)
    endpoint = Endpoint(plan, options.limit, options.tell)
    asyncio.run(serve(endpoint, options.latency, options.port))


if __name__ == "__main__":
    main()
