"""The fault bench: its articles, its plan and its server do what they say."""

import json
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field, ValidationError

from evals.bench.faults.articles import QUOTATION, TAG, read, text_of, write
from evals.bench.faults.plan import LASTING, PASSING, Fault, Plan
from evals.bench.faults.replies import instance
from evals.bench.faults.serving import Server, serving
from extractor.client import Client
from extractor.errors import ModelError
from extractor.pipeline import Extractor
from extractor.schema import Extraction


class Inner(BaseModel):
    name: str = Field(max_length=5)
    kind: Literal["first", "second"]


class Outer(BaseModel):
    parts: list[Inner] = Field(min_length=2, max_length=3)
    count: int = Field(ge=3)
    share: float | None
    pair: tuple[bool, str]


def first(fault: Fault | None, plan: Plan) -> int:
    """The first article that meets this."""
    return next(n for n in range(5000) if plan.fault(n) == fault)


def post(server: Server, number: int, **more: Any) -> Any:
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    body = {
        "messages": [{"role": "user", "content": text_of(number)}],
        "response_format": {"json_schema": {"schema": schema}},
    }
    request = urllib.request.Request(
        f"{server.url}/chat/completions", json.dumps(body | more).encode()
    )
    with urllib.request.urlopen(request, timeout=1) as response:
        return json.loads(response.read())


def extract(server: Server, number: int) -> Extraction:
    client = Client("m", base_url=server.url, timeout=1)
    with Extractor(client=client, tasks=("quotes",)) as extractor:
        try:
            return extractor.extract(text_of(number))
        finally:
            client.close()


@pytest.fixture(scope="module")
def faulty() -> Iterator[Server]:
    with serving("all") as server:
        yield server


def test_articles_differ_and_are_known_by_their_number() -> None:
    texts = [text_of(number) for number in range(500)]
    assert len(set(texts)) == 500
    assert [int(TAG.findall(text)[0]) for text in texts] == list(range(500))
    assert all(QUOTATION.search(text) for text in texts)


def test_articles_are_read_as_written(tmp_path: Path) -> None:
    path = write(tmp_path / "articles.jsonl", 3)
    assert [*read(path)] == [(number, text_of(number)) for number in range(3)]


def test_plan_draws_the_shares_it_names() -> None:
    drawn = Counter(map(Plan().fault, range(20_000)))
    shares = {**PASSING, **LASTING}
    assert {fault: round(drawn[fault] / 20_000, 2) for fault in shares} == shares
    assert Plan().lasting(20_000) == Counter({f: drawn[f] for f in LASTING})
    assert any(Plan(seed=8).fault(n) != Plan().fault(n) for n in range(100))


def test_instance_fits_its_schema() -> None:
    found = Outer.model_validate(instance(Outer.model_json_schema(), "a long text"))
    assert found.parts[0] == Inner(name="a lon", kind="first")
    assert len(found.parts) == 2
    with pytest.raises(ValidationError):
        Outer.model_validate(instance({"type": "object"}, "x"))


def test_an_article_without_fault_costs_one_call(faulty: Server) -> None:
    before = faulty.counted()
    found = extract(faulty, first(None, Plan()))
    assert len(found.quotes) >= 2
    assert found.provenance.calls == 1
    assert faulty.counted().requests == before.requests + 1


@pytest.mark.parametrize("fault", [f for f in PASSING if f not in ("hang", "limited")])
def test_passing_fault_meets_the_first_call(faulty: Server, fault: Fault) -> None:
    number = first(fault, Plan())
    found = extract(faulty, number)
    assert not found.provenance.failures
    assert found.provenance.calls > 1
    assert faulty.asked()[number] == found.provenance.calls
    assert faulty.counted().outcomes[fault] >= 1


@pytest.mark.parametrize("fault", LASTING)
def test_lasting_fault_meets_every_call(faulty: Server, fault: Fault) -> None:
    number = first(fault, Plan())
    try:
        assert extract(faulty, number).provenance.failures
    except ModelError as error:
        assert error.calls
    assert faulty.asked()[number] >= 1


def test_hanging_server_answers_only_the_second_call() -> None:
    number = first("hang", Plan())
    with serving("all") as server:
        with pytest.raises(TimeoutError):
            post(server, number)
        assert post(server, number)["choices"]


def test_cut_reply_needs_more_tokens_or_fewer_fields() -> None:
    number = first("cut", Plan())
    with serving("all") as server:
        for most, finish in ((100, "length"), (150, "length"), (200, "stop")):
            reply = post(server, number, max_tokens=most)
            assert reply["choices"][0]["finish_reason"] == finish


def test_limited_server_tells_when_to_come_back() -> None:
    with serving(limit=4, tell=True) as server:
        post(server, 1)
        with pytest.raises(urllib.error.HTTPError) as refused:
            post(server, 2)
        headers, code = refused.value.headers, refused.value.code
        refused.value.close()
    assert (code, headers["Retry-After"]) == (429, "1")
    assert headers["x-ratelimit-remaining-requests"] == "0"


def test_server_counts_what_was_answered_twice() -> None:
    with serving() as server:
        for number in (1, 2, 1):
            post(server, number)
        counted = server.counted()
    assert (counted.requests, counted.repeated) == (3, 1)
    assert counted.outcomes == {"ok": 3}
