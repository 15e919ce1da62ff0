"""A real local HTTP server with OpenAI's files and batches, which misbehaves on demand.

    with BatchServer(fitting) as server:
        server.fates = [Fate(ends="expired", share=0.5), Fate()]
        server.stumble("POST /v1/batches", after=True)
        ...
        assert max(server.paid.values()) == 1

Every line of a batch is answered by the behaviour given, as a live call would be. A
batch ends at the second look at it.
"""

import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from server import Behaviour, Json, Request, Response, as_json, status

Spoil = Callable[[list[bytes]], bytes]
"""From the lines of a file to what is handed out."""

PAGE = 2
"""Batches in a page of the list, however many are asked for."""


@dataclass
class Fate:
    """What becomes of a batch.

    Attributes:
        ends: its last status.
        share: of its requests, that are answered before it ends.
        codes: why it failed as a whole.
        as_errors: whether all of its lines go into the error file.
        output: spoils its output file.
        errors: spoils its error file.
        spoiled: times that a spoiled file is handed out before it is whole.
        looks: at it before it ends.
        gone: whether it is known no more once it has ended.
    """

    ends: str = "completed"
    share: float = 1.0
    codes: Sequence[str] = ()
    as_errors: bool = False
    output: Spoil = b"".join
    errors: Spoil = b"".join
    spoiled: int = 1_000
    looks: int = 1
    gone: bool = False


@dataclass
class _Batch:
    id: str
    file: str
    fate: Fate
    metadata: Json
    state: str = "validating"
    looks: int = 0
    output_file: str | None = None
    error_file: str | None = None
    counts: Json = field(
        default_factory=lambda: {"total": 0, "completed": 0, "failed": 0}
    )

    def shown(self) -> Json:
        errors = [{"code": code, "message": "x", "line": 1} for code in self.fate.codes]
        failed = self.state == "failed"
        return {
            "id": self.id,
            "object": "batch",
            "status": self.state,
            "input_file_id": self.file,
            "output_file_id": self.output_file,
            "error_file_id": self.error_file,
            "request_counts": self.counts,
            "metadata": self.metadata,
            "errors": {"object": "list", "data": errors} if failed else None,
        }


@dataclass
class _Stumble:
    after: bool
    response: Response


@dataclass
class _File:
    lines: list[bytes]
    spoil: Spoil = b"".join
    spoiled: int = 0

    def content(self) -> bytes:
        if self.spoiled:
            self.spoiled -= 1
            return self.spoil(self.lines)
        return b"".join(self.lines)


class BatchServer:
    """The server, on a loopback port of the system's choosing.

    Args:
        answer: what becomes of each request, also of a live one.

    Attributes:
        fates: of the batches to come, in their order; the last one stays.
        requests: that batches were given, by their `custom_id`.
        paid: how often each request was answered, by its `custom_id`.
        live: requests that were not in a batch.
        calls: what was called, as `METHOD /path` without ids.
        sizes: requests in the batches, those without room among them.
        lists_batches: whether batches can be listed.
        has_batches: whether there is a batch interface.
        queue: requests that may be under way at the same time.
        others: batches of others in the list, before ours.
        counts_failures: whether requests that failed are counted.
        on_call: called at each call, before it does anything and after.
    """

    def __init__(self, answer: Behaviour) -> None:
        self.answer = answer
        self.fates = [Fate()]
        self.requests: dict[str, Json] = {}
        self.sizes: list[int] = []
        self.paid: Counter[str] = Counter()
        self.live: list[Request] = []
        self.calls: list[str] = []
        self.lists_batches = True
        self.has_batches = True
        self.queue = 50_000
        self.others = 0
        self.counts_failures = True
        self.on_call: Callable[[str, str], None] = lambda call, when: None
        self._stumbles: dict[str, list[_Stumble]] = {}
        self._files: dict[str, _File] = {}
        self._batches: list[_Batch] = []
        self._made = 0
        self._lock = threading.RLock()
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
    def under_way(self) -> int:
        """Requests in batches that were let in and have not ended."""
        ended = ("completed", "expired", "cancelled", "failed")
        running = [
            b for b in self._batches if b.state not in ended and not b.fate.codes
        ]
        return sum(batch.counts["total"] for batch in running)

    @property
    def batches(self) -> int:
        """How many were started."""
        return len(self._batches)

    @property
    def files(self) -> int:
        """How many files lie at the server."""
        return len(self._files)

    def stumble(
        self,
        call: str,
        *,
        after: bool = False,
        behaviour: Behaviour | None = None,
        times: int = 1,
    ) -> None:
        """Fail at the next such calls, before they do anything or after they did."""
        response = (behaviour or status(500))(Request("", "", {}, {}))
        stumbles = self._stumbles.setdefault(call, [])
        stumbles += [_Stumble(after, response)] * times

    def delete(self, file: str) -> None:
        """Delete a file."""
        del self._files[file]

    def forgive(self) -> None:
        """Stumble no more."""
        self._stumbles.clear()

    def __enter__(self) -> "BatchServer":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def _respond(self, method: str, path: str, kind: str, body: bytes) -> Response:
        route, _, query = path.partition("?")
        call = f"{method} {re.sub(r'/(file|batch)-[0-9]+', '/ID', route)}"
        with self._lock:
            self.calls.append(call)
            self.on_call(call, "before")
            waiting = self._stumbles.get(call, [])
            stumble = waiting.pop(0) if waiting else None
            if stumble and not stumble.after:
                return stumble.response
            response = self._do(call, route.split("/"), query, kind, body)
            self.on_call(call, "after")
            return stumble.response if stumble else response

    def _do(
        self, call: str, parts: list[str], query: str, kind: str, body: bytes
    ) -> Response:
        if call == "POST /v1/chat/completions":
            request = Request("POST", "/v1/chat/completions", {}, json.loads(body))
            self.live.append(request)
            return self.answer(request)
        if call == "GET /v1/models":
            return as_json({"data": []})
        if not self.has_batches:
            return as_json({"error": {"message": "Not Found"}}, 404)
        if call == "POST /v1/files":
            return self._upload(kind, body)
        if call == "GET /v1/files/ID/content":
            return self._content(parts[3])
        if call == "DELETE /v1/files/ID":
            self._files.pop(parts[3], None)
            return as_json({"id": parts[3], "deleted": True})
        if call == "POST /v1/batches":
            return self._create(json.loads(body))
        if call == "GET /v1/batches/ID":
            return self._retrieve(parts[3])
        if call == "GET /v1/batches" and self.lists_batches:
            return self._list(query)
        return as_json({"error": {"message": f"no {call}"}}, 404)

    def _upload(self, kind: str, body: bytes) -> Response:
        boundary = b"--" + kind.partition("boundary=")[2].encode()
        parts = {}
        for part in body.split(boundary)[1:-1]:
            head, _, content = part.partition(b"\r\n\r\n")
            name = re.search(rb' name="(\w+)"', head)
            assert name
            parts[name[1]] = content[:-2]
        assert parts[b"purpose"] == b"batch"
        return as_json({"id": self._store(parts[b"file"].splitlines(keepends=True))})

    def _store(
        self, lines: list[bytes], spoil: Spoil = b"".join, spoiled: int = 0
    ) -> str:
        self._made += 1
        name = f"file-{self._made}"
        self._files[name] = _File(lines, spoil, spoiled)
        return name

    def _content(self, name: str) -> Response:
        if name not in self._files:
            return as_json({"error": {"message": "No such File object"}}, 404)
        kind = {"Content-Type": "application/octet-stream"}
        return Response(200, self._files[name].content(), kind)

    def _create(self, body: Json) -> Response:
        assert body["completion_window"] == "24h"
        assert body["endpoint"] == "/v1/chat/completions"
        if body["input_file_id"] not in self._files:
            return as_json({"error": {"message": "Cannot find file x"}}, 400)
        fate = self.fates.pop(0) if len(self.fates) > 1 else self.fates[0]
        self._made += 1
        made = _Batch(
            f"batch-{self._made}", body["input_file_id"], fate, body["metadata"]
        )
        self._admit(made)
        self._batches.append(made)
        return as_json(made.shown())

    def _admit(self, batch: _Batch) -> None:
        """Check the file as OpenAI does, or find no room for it."""
        lines = [json.loads(line) for line in self._files[batch.file].lines]
        ids = [line["custom_id"] for line in lines]
        assert len(set(ids)) == len(ids) <= 50_000
        assert all(re.fullmatch("[0-9a-f]{64}", name) for name in ids)
        assert {(x["method"], x["url"]) for x in lines} == {
            ("POST", "/v1/chat/completions")
        }
        assert len({line["body"]["model"] for line in lines}) == 1
        self.sizes.append(len(ids))
        batch.counts["total"] = len(ids)
        if len(ids) + self.under_way > self.queue:
            batch.fate = Fate(ends="failed", share=0.0, codes=["token_limit_exceeded"])
            return
        self.requests |= {line["custom_id"]: line["body"] for line in lines}

    def _retrieve(self, name: str) -> Response:
        batch = next((b for b in self._batches if b.id == name), None)
        if batch is None or (batch.fate.gone and batch.looks > batch.fate.looks):
            return as_json({"error": {"message": "No batch found"}}, 404)
        batch.looks += 1
        if batch.looks <= batch.fate.looks:
            batch.state = "in_progress"
        elif batch.looks == batch.fate.looks + 1:
            self._end(batch)
            if batch.fate.gone:
                return self._retrieve(name)
        return as_json(batch.shown())

    def _end(self, batch: _Batch) -> None:
        fate = batch.fate
        lines = [json.loads(line) for line in self._files[batch.file].lines]
        most = round(fate.share * len(lines))
        output: list[bytes] = []
        errors: list[bytes] = []
        for line in lines[:most]:
            answered, good = self._answered(line)
            (output if good and not fate.as_errors else errors).append(answered)
        if fate.ends == "expired":
            error = {"code": "batch_expired", "message": "too late"}
            errors += [_line(line["custom_id"], None, error) for line in lines[most:]]
        output.reverse()  # the order is not kept
        if output:
            batch.output_file = self._store(output, fate.output, fate.spoiled)
        if errors:
            batch.error_file = self._store(errors, fate.errors, fate.spoiled)
        failed = len(errors) if self.counts_failures else 0
        batch.counts |= {"completed": len(output), "failed": failed}
        batch.state = fate.ends

    def _answered(self, line: Json) -> tuple[bytes, bool]:
        name = line["custom_id"]
        response = self.answer(Request("POST", line["url"], {}, line["body"]))
        if response.status == 200:
            self.paid[name] += 1
        body = json.loads(response.body) if response.body else None
        answer = {"status_code": response.status, "request_id": "r", "body": body}
        return _line(name, answer, None), response.status == 200

    def _list(self, query: str) -> Response:
        shown = [b.shown() for b in self._batches]
        shown += [{"id": f"batch-x{k}", "status": "failed"} for k in range(self.others)]
        shown.reverse()
        if found := re.search("after=([^&]+)", query):
            at = [batch["id"] for batch in shown].index(found[1])
            shown = shown[at + 1 :]
        more = len(shown) > PAGE
        return as_json({"object": "list", "data": shown[:PAGE], "has_more": more})

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1

            def do_GET(self) -> None:
                self._respond(b"")

            def do_DELETE(self) -> None:
                self._respond(b"")

            def do_POST(self) -> None:
                self._respond(self._body())

            def _body(self) -> bytes:
                if "chunked" not in self.headers.get("Transfer-Encoding", ""):
                    return self.rfile.read(int(self.headers["Content-Length"]))
                body = b""
                while size := int(self.rfile.readline(), 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
                return body

            def _respond(self, body: bytes) -> None:
                kind = self.headers.get("Content-Type", "")
                response = server._respond(self.command, self.path, kind, body)
                self.send_response(response.status)
                for name, value in response.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(response.body)))
                self.end_headers()
                with suppress(OSError):  # whoever asked was killed
                    self.wfile.write(response.body)
                    self.wfile.flush()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler


def _line(name: str, response: Json | None, error: Json | None) -> bytes:
    line = {"id": "x", "custom_id": name, "response": response, "error": error}
    return json.dumps(line).encode() + b"\n"


def valid(schema: Json, whole: Json | None = None) -> Any:
    """The smallest value that fits a JSON Schema of ours."""
    whole = whole or schema
    if "$ref" in schema:
        return valid(whole["$defs"][schema["$ref"].rsplit("/", 1)[1]], whole)
    if "anyOf" in schema:
        return valid(schema["anyOf"][-1], whole)
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    kind = schema.get("type")
    if kind == "object":
        fields = schema.get("properties", {})
        return {name: valid(field, whole) for name, field in fields.items()}
    defaults = {"array": [], "string": "x", "integer": 0, "boolean": False}
    return defaults.get(str(kind))
