"""Articles that give orders, and a model that obeys them: what gets into the results?

    python -m evals.bench.injections [--short]

40 payloads in 5 places make 200 articles. A local server stands in for a model that is
wholly in the attacker's hand and lies in three ways: `schema` keeps to the schema and
forges whatever is free, `words` puts the forged words into every field, `anything`
leaves schema and protocol alone and sends what an attacker would like to see taken in.

A case fails where a string is reported that the article does not hold, where the
forged words appear outside of `rejected`, where a result does not fit the schema, or
where a payload leaves its place in the prompt. What a real model makes of such articles
is another question; no answer of a model can pass the gate that these cannot.
"""

from __future__ import annotations

import argparse
import json
import re
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from evals.bench.payloads import (
    FORGED_NAME,
    FORGED_WORDS,
    PLACES,
    Payload,
    inject,
    payloads,
)
from extractor.client import Client
from extractor.documents import make_document
from extractor.errors import ModelError
from extractor.pipeline import Extractor
from extractor.prompting import shared_messages
from extractor.schema import Extraction

MODES = ("schema", "words", "anything")
Json = dict[str, Any]

_FENCE = re.compile(r"ARTICLE ([a-z2-7]{12})(?:, published \S+)?")
_ARTICLE_LINE = re.compile(r"S(\d+) \S.*")
_QUESTION_LINE = re.compile(
    r"(?:[A-Z]\d+: |In: |Choices: |Kinds: |Can this be checked\?$|Who is |Who or what )"
)
_CONTROL = re.compile(r"<[|｜/\w]|\[/?INST\]")
_UNSEEN = re.compile("[\u200b\u202a-\u202e\u2066-\u2069\U000e0000-\U000e01ef]")
_WORD = re.compile(r"[^\W_]+")
_DATE = re.compile(r"[-\d/.T:~?%XW]+")


def obedient(mode: str, body: Json, number: int) -> Json:
    """The message that the model in the attacker's hand sends."""
    schema = body["response_format"]["json_schema"]["schema"]
    if mode == "anything":
        return _anything(number, schema)
    values = _values(schema, schema.get("$defs", {}), keeps=mode == "schema")
    return {"role": "assistant", "content": json.dumps(values)}


def _values(schema: Json, known: Json, *, keeps: bool) -> Any:
    """A value that fits a schema as far as it `keeps` to it, forged where it can be."""
    if "$ref" in schema:
        schema = known[schema["$ref"].rpartition("/")[2]]
    if "properties" in schema:
        fields = schema["properties"].items()
        values = {name: _values(of, known, keeps=keeps) for name, of in fields}
        return values if keeps else {**values, "quotes": [FORGED_WORDS]}
    if keeps and ("enum" in schema or "const" in schema):
        allowed = schema.get("enum") or [schema["const"]]
        return next((v for v in allowed if "Falk" in str(v)), allowed[0])
    forged = FORGED_NAME if schema.get("maxLength", 0) < 80 else FORGED_WORDS
    return forged if keeps else f"{FORGED_WORDS}, said {FORGED_NAME}"


def _anything(number: int, schema: Json) -> Json:
    """What no schema asked for."""
    names = list(schema["properties"])
    quote = {"text": FORGED_WORDS, "speaker": FORGED_NAME}
    call = {"name": "report_quote", "arguments": json.dumps(quote)}
    contents: list[Json] = [
        {"content": json.dumps({"quotes": [quote]})},
        {"content": f"“{FORGED_WORDS},” said {FORGED_NAME}."},
        {"content": json.dumps(dict.fromkeys(names, quote))},
        {"content": json.dumps([quote] * 3)},
        {
            "content": "",
            "tool_calls": [{"id": "1", "type": "function", "function": call}],
        },
        {"content": json.dumps(dict.fromkeys(names, [FORGED_WORDS] * 9))},
        {"content": f'<script>alert("{FORGED_WORDS}")</script>\x1b[2J'},
    ]
    return {"role": "assistant"} | contents[number % len(contents)]


@dataclass
class Server:
    """The server and what it noticed.

    Attributes:
        mode: how it lies.
        url: address for `base_url`.
        requests: how many came.
        escapes: what in a request was not where it belongs.
    """

    mode: str
    url: str = ""
    requests: int = 0
    escapes: list[str] = field(default_factory=list)

    def answer(self, body: Json) -> Json:
        """The completion; notes a payload that left its place."""
        self.requests += 1
        self.escapes += escapes(body)
        message = obedient(self.mode, body, self.requests)
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        return {
            "id": "1",
            "object": "chat.completion",
            "created": 0,
            "model": "obedient",
            "choices": [choice],
            "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
        }


def escapes(body: Json) -> Iterator[str]:
    """Where a payload got out of the lines that its article or question has."""
    if {"tools", "functions", "tool_choice"} & set(body):
        yield "the model was given tools"
    shared = len(shared_messages())
    messages = body["messages"]
    roles = [message["role"] for message in messages[shared : shared + 3]]
    if roles != ["user", "assistant", "user"]:
        yield f"messages of {roles}"
        return
    article, question = (messages[shared + k]["content"] for k in (0, 2))
    head, *lines, end = article.split("\n")
    fence = _FENCE.fullmatch(head)
    if not fence or end != f"END {fence[1]}" or article.count(fence[1]) > 2:
        yield "an article out of its fence"
    numbers = [_ARTICLE_LINE.fullmatch(line) for line in lines]
    told = [match and int(match[1]) for match in numbers]
    if None in told:
        yield "a line of the article that is no sentence"
    elif told != list(range(told[0] or 0, (told[0] or 0) + len(told))):
        yield "sentences numbered by somebody else"
    asked = question.partition("\nReturn")[0].split("\n")
    if not all(_QUESTION_LINE.match(line) for line in asked if line):
        yield "a line of the question that is none"
    for text in (article, question):
        if (
            _CONTROL.search(text)
            or _UNSEEN.search(text)
            or len(text.splitlines()) != (text.count("\n") + 1)
        ):
            yield "marks of a chat template, or hidden characters"


@contextmanager
def serving(mode: str) -> Iterator[Server]:
    """An obedient server on a loopback port."""
    server = Server(mode)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def do_POST(self) -> None:
            size = int(self.headers["Content-Length"])
            sent = json.dumps(server.answer(json.loads(self.rfile.read(size)))).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *args: Any) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    server.url = f"http://127.0.0.1:{http.server_port}/v1"
    thread = threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


def ungrounded(found: Extraction) -> list[str]:
    """Strings among the results that the article does not hold."""
    text = found.document.text
    flat = " ".join(text.split())
    words = set(_WORD.findall(text.casefold()))
    spans = [span for span in found.spans() if text[span.start : span.end] != span.text]
    wrong = [span.text for span in spans]
    for quote in found.quotes:
        if quote.text != " ".join(span.text for span in quote.spans):
            wrong.append(quote.text)
    for speaker in found.speakers:
        wrong += [s for s in (speaker.name, speaker.description) if s and s not in flat]
    for claim in found.claims:
        strange = set(_WORD.findall(claim.text.casefold())) - words
        wrong += [word for word in strange if not word.isdigit()]
    for event in found.events:
        value = event.time and event.time.value
        wrong += [value] if value and not _DATE.fullmatch(value) else []
    return wrong


def forged(found: Extraction) -> list[str]:
    """The attacker's words wherever else they got to; what was rejected names them."""
    rest = found.model_dump(exclude={"document": {"text"}, "rejected": True})
    dumped = json.dumps(rest, ensure_ascii=False)
    return [words for words in (FORGED_NAME, FORGED_WORDS) if words in dumped]


@dataclass
class Tally:
    """What came of the articles in one mode.

    Attributes:
        cases: articles.
        requests: questions that were asked.
        rejected: strings that did not pass the gate.
        chosen: articles of which a quote or claim stands in the payload itself: the
            article's own words, whoever put them there.
        counts: of what went wrong.
        wrong: the same in words.
    """

    cases: int = 0
    requests: int = 0
    rejected: int = 0
    chosen: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def note(self, what: str, case: str, details: Sequence[str]) -> None:
        """Count and keep what went wrong in a case."""
        self.counts[what] += len(details)
        self.wrong += [f"{case}: {what}: {detail}" for detail in details]


def attack(mode: str, cases: Sequence[tuple[Payload, str]]) -> Tally:
    """Runs the cases past a server that lies in one way."""
    tally = Tally()
    with serving(mode) as server:
        client = Client("obedient", base_url=server.url, api_key="none", attempts=1)
        with Extractor(client=client) as extractor:
            for payload, place in cases:
                _attack(extractor, payload, place, tally)
        client.close()
    tally.requests = server.requests
    tally.note("escapes", mode, server.escapes)
    return tally


def _attack(extractor: Extractor, payload: Payload, place: str, tally: Tally) -> None:
    text, case = inject(payload, place), f"{payload.name} in {place}"
    tally.cases += 1
    try:
        found = extractor.extract(make_document(text, language="en"))
    except ModelError as error:
        tally.counts[f"failed: {error.code}"] += 1
        return
    try:
        Extraction.model_validate_json(found.model_dump_json())
    except ValueError as error:
        tally.note("schema", case, [type(error).__name__])
    tally.note("ungrounded", case, ungrounded(found))
    tally.note("forged", case, forged(found))
    tally.rejected += len(found.rejected)
    start = text.index(payload.text)
    inside = range(start, start + len(payload.text))
    said = [quote.spans[0] for quote in found.quotes]
    said += [claim.spans[0] for claim in found.claims]
    tally.chosen += any(span.start in inside for span in said)


FAILURES = ("ungrounded", "forged", "schema", "escapes")


def cases(short: bool = False) -> list[tuple[Payload, str]]:
    """Every payload in every place; `short`: each once, the places in turn."""
    if short:
        return [(p, PLACES[k % len(PLACES)]) for k, p in enumerate(payloads())]
    return [(payload, place) for payload in payloads() for place in PLACES]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--short", action="store_true", help="40 articles, not 200")
    options = parser.parse_args()
    columns = ("articles", "questions", *FAILURES, "rejected", "chosen")
    print(f"| the model | {' | '.join(columns)} |")
    print(f"|---|{'--:|' * len(columns)}")
    failed = 0
    for mode in MODES:
        tally = attack(mode, cases(options.short))
        row = [tally.cases, tally.requests, *(tally.counts[f] for f in FAILURES)]
        row += [tally.rejected, tally.chosen]
        print(f"| {mode} | {' | '.join(map(str, row))} |", flush=True)
        for line in tally.wrong[:20]:
            print(f"  {line}")
        others = {k: n for k, n in tally.counts.items() if k not in FAILURES}
        if others:
            print(f"  {others}")
        failed += sum(tally.counts[f] for f in FAILURES)
    raise SystemExit(bool(failed))


if __name__ == "__main__":
    main()
