"""A real local HTTP server that speaks OpenAI's protocol and misbehaves on demand.

    with Server() as server:
        server.will(status(429), answers({"Q1": "nobody"}))
        Client("some-model", base_url=server.url).ask(...)
        assert len(server.requests) == 2

Behaviours are used up in order; the last one stays.
"""

import json
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Response:
    """What goes back over the wire."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(
        default_factory=lambda: {"Content-Type": "application/json"}
    )


@dataclass(frozen=True)
class Request:
    """What came in: path, headers by lower-case name, decoded body."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Json


class Reset(Exception):
    """Raised by a behaviour to break the connection off."""


class Hang(Exception):
    """Raised by a behaviour to answer nothing until the server is closed."""


Behaviour = Callable[[Request], Response]


def as_json(body: object, status: int = 200, **headers: str) -> Response:
    """A response of JSON; header names are given with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(
        status,
        json.dumps(body).encode(),
        {"Content-Type": "application/json"} | named,
    )


def completion(
    content: object,
    finish: str | None = "stop",
    message: Json | None = None,
    **more: Any,
) -> Behaviour:
    """A chat completion with this content, or with this message."""
    if message is None:
        message = {"role": "assistant", "content": content}
    body = {
        "id": "c1",
        "object": "chat.completion",
        "created": 0,
        "model": "m",
        "choices": [{"index": 0, "finish_reason": finish, "message": message}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110},
    } | more
    return lambda request: as_json(body)


def answers(values: Json, **more: Any) -> Behaviour:
    """A good reply."""
    return completion(json.dumps(values), **more)


def status(code: int, error: object = None, **headers: str) -> Behaviour:
    """An HTTP error with OpenAI's error object."""
    body = {"error": error or {"message": f"failed with {code}", "code": None}}
    return lambda request: as_json(body, code, **headers)


def text(content: str, code: int = 200, kind: str = "text/html") -> Behaviour:
    """A body that is no JSON."""
    response = Response(code, content.encode(), {"Content-Type": kind})
    return lambda request: response


def reset(request: Request) -> Response:
    """Break the connection off."""
    raise Reset


def hang(request: Request) -> Response:
    """Answer nothing."""
    raise Hang


def fitting(request: Request) -> Response:
    """Answer every field with the first choice that the schema of the reply allows."""
    fields = request.body["response_format"]["json_schema"]["schema"]["properties"]
    return answers({name: field["enum"][0] for name, field in fields.items()})(request)


def page(request: Request) -> Response:
    """A web page."""
    return text("<!doctype html><html><body>Welcome</body></html>")(request)


def refusal(request: Request) -> Response:
    """The model refuses."""
    message = {"role": "assistant", "content": None, "refusal": "I cannot help."}
    return completion(None, message=message)(request)


def filtered(request: Request) -> Response:
    """The content filter stopped the reply."""
    return completion("", finish="content_filter")(request)


def no_choices(request: Request) -> Response:
    """A completion without choices."""
    return completion("", choices=[])(request)


def null_message(request: Request) -> Response:
    """A choice without a message."""
    choice = {"index": 0, "finish_reason": "stop", "message": None}
    return completion("", choices=[choice])(request)


def unless(refused: Callable[[Json], str | None], then: Behaviour) -> Behaviour:
    """Refuse bodies that are complained of with HTTP 400, else do something."""

    def behave(request: Request) -> Response:
        complaint = refused(request.body)
        if complaint is None:
            return then(request)
        return as_json({"error": {"message": complaint, "code": None}}, 400)

    return behave


class Server:
    """The server, on a loopback port of the system's choosing."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.models: list[str] = []
        self._queue: list[Behaviour] = []
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )

    @property
    def url(self) -> str:
        """Address for `base_url`."""
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    @property
    def calls(self) -> int:
        """How many completions were asked for."""
        return len(self.requests)

    def will(self, *behaviours: Behaviour) -> None:
        """Behave so from now on, the last behaviour again and again."""
        with self._lock:
            self._queue = list(behaviours)

    def __enter__(self) -> "Server":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def _next(self) -> Behaviour:
        with self._lock:
            return self._queue.pop(0) if len(self._queue) > 1 else self._queue[0]

    def _answer(self, request: Request) -> Response:
        if request.path.endswith("/models"):
            return as_json({"data": [{"id": name} for name in self.models]})
        self.requests.append(request)
        return self._next()(request)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # one segment for head and body: no delayed acknowledgement

            def do_GET(self) -> None:
                self._respond({})

            def do_POST(self) -> None:
                size = int(self.headers["Content-Length"])
                self._respond(json.loads(self.rfile.read(size)))

            def _respond(self, body: Json) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                try:
                    response = server._answer(
                        Request(self.command, self.path, headers, body)
                    )
                except Hang:
                    server._closing.wait()
                    self.close_connection = True
                    return
                except Reset:
                    linger = struct.pack("ii", 1, 0)
                    self.connection.setsockopt(
                        socket.SOL_SOCKET, socket.SO_LINGER, linger
                    )
                    self.connection.close()
                    self.close_connection = True
                    return
                self.send_response(response.status)
                for name, value in response.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(response.body)))
                self.end_headers()
                self.wfile.write(response.body)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler
