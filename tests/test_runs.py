"""Runs over gold of our own writing, against a real server that misbehaves."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from golden import article, write
from labels import article as labelled
from server import Request, Response, Server, filtered, fitting, status

from extractor import engine as engines
from extractor.client import Client
from extractor.errors import GoldError, RunError, UsageError
from extractor.evaluation.manifest import read_manifest, write_manifest
from extractor.evaluation.runs import (
    Cell,
    Price,
    Selection,
    Step,
    evaluate,
    load_run,
    plan,
    read_price,
    select,
)
from extractor.pipeline import Extractor
from extractor.recipe import source_hash
from extractor.schema import Document, Extraction, Failure

MODEL = "some-model"
TWO_PRONOUNS = Path(__file__).parent / "data" / "two_pronouns.txt"
"""A text of which the rules leave something to ask."""


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Gives every test an empty cache of extractions."""
    monkeypatch.setenv("EXTRACTOR_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        running.will(fitting)
        yield running


def some(count: int, **known: Any) -> Selection:
    return Selection(tuple(article(n, **known) for n in range(count)), ("gold",))


def run(server: Server, folder: Path, count: int = 4, **options: Any) -> Any:
    defaults: dict[str, Any] = {
        "gold": some(count),
        "tasks": ("quotes",),
        "base_url": server.url,
        "cache": "off",
    }
    options = defaults | options
    gold = options.pop("gold")
    return evaluate(gold, output=folder, model=MODEL, **options)


def asks_about(request: Request, number: int) -> bool:
    return f"Pump {number} " in json.dumps(request.body["messages"])


def refusing(*numbers: int, code: int = 400) -> Any:
    """Refuses questions about these articles; answers others."""

    def behave(request: Request) -> Response:
        if any(asks_about(request, number) for number in numbers):
            return status(code)(request)
        return fitting(request)

    return behave


# A run and its folder


def test_a_run_has_every_article_and_says_what_it_was(
    server: Server, tmp_path: Path
) -> None:
    done = run(server, tmp_path / "run")
    assert [cell.article for cell in done.cells] == ["a0", "a1", "a2", "a3"]
    assert done.is_finished and not done.failures and server.calls == 4
    assert [found.document.id for found in done.extractions] == done.meta.articles
    assert done.usage.prompt_tokens == 400 and done.paid == done.usage
    meta = json.loads((tmp_path / "run" / "run.json").read_bytes())
    assert meta["schema"] == "extractor-run/1"
    assert (meta["model"], meta["endpoint"]) == (MODEL, "endpoint")
    assert f"http://{meta['host']}/v1" == server.url
    assert list(meta["prompts"]) == ["quotes.v3"]
    assert meta["created"].endswith("+00:00") and meta["sampling"] == {
        "temperature": 0.0
    }
    assert load_run(tmp_path / "run") == done


def test_no_key_is_written(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-words")
    address = server.url.replace("http://", "http://ann:pass-phrase@")
    evaluate(
        some(1),
        output=tmp_path / "run",
        model=MODEL,
        tasks=("quotes",),
        base_url=address,
    )
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) >= 3
    assert not any(b"secret" in data or b"pass-phrase" in data for data in written)


def test_the_tasks_are_those_that_the_gold_labels(tmp_path: Path) -> None:
    assert plan(some(1), model="rules").asker.tasks == ("quotes", "speakers")
    with pytest.raises(UsageError, match="labels quotes, speakers, so it cannot judge"):
        plan(some(1), model="rules", tasks=("events",))


def test_finished_runs_ask_nothing(server: Server, tmp_path: Path) -> None:
    first = run(server, tmp_path / "run")
    written = (tmp_path / "run" / "cells.jsonl").read_bytes()
    assert run(server, tmp_path / "run") == first
    assert server.calls == 4
    assert (tmp_path / "run" / "cells.jsonl").read_bytes() == written


def test_fresh_forgets_the_run(server: Server, tmp_path: Path) -> None:
    first = run(server, tmp_path / "run")
    second = run(server, tmp_path / "run", fresh=True)
    assert server.calls == 8
    assert second.meta.id != first.meta.id


def test_the_embedded_model_runs_on_gold(
    engine: engines.Engine, tmp_path: Path
) -> None:
    client = Client(
        "smollm2-135m",
        base_url=engine.base_url,
        api_key=engine.api_key,
        endpoint="embedded",
    )
    text = TWO_PRONOUNS.read_text("utf-8")
    gold = Selection((labelled(text=text),), ("gold",))
    with Extractor(client=client, tasks=("quotes", "speakers")) as asker:
        done = evaluate(gold, output=tmp_path / "run", extractor=asker, jobs=4)
    client.close()
    assert len(done.extractions) == 1
    assert done.usage.completion_tokens > 0
    assert done.meta.endpoint == "embedded"


def test_weights_by_path_are_known_by_their_hash(small_model: Path) -> None:
    named = plan(some(1), model="smollm2-135m").meta
    by_path = plan(some(1), model=str(small_model)).meta
    assert named.weights == by_path.weights and len(named.weights or "") == 64


def test_odd_texts_are_kept(tmp_path: Path) -> None:
    odd = article(0, said="is \ud83d\u2028broken\x85").model_copy(update={"quotes": []})
    done = evaluate(Selection((odd,)), output=tmp_path / "run", model="rules")
    assert load_run(tmp_path / "run").extractions[0].document.text == odd.text
    assert done.extractions == load_run(tmp_path / "run").extractions


# What was done is kept


def test_a_torn_last_line_is_asked_again(server: Server, tmp_path: Path) -> None:
    whole = run(server, tmp_path / "run")
    cells = tmp_path / "run" / "cells.jsonl"
    lines = cells.read_bytes().splitlines(keepends=True)
    cells.write_bytes(b"".join(lines[:-1]) + lines[-1][:100])
    assert len(load_run(tmp_path / "run").cells) == 3
    again = run(server, tmp_path / "run")
    assert server.calls == 5
    assert [c.key for c in again.cells] == [c.key for c in whole.cells]
    assert len(cells.read_bytes().splitlines()) == 4


def test_nothing_stays_of_a_torn_line(server: Server, tmp_path: Path) -> None:
    run(server, tmp_path / "run")
    cells = tmp_path / "run" / "cells.jsonl"
    cells.write_bytes(cells.read_bytes()[:-1])
    server.will(refusing(3))
    assert len(run(server, tmp_path / "run").failures) == 1
    *lines, rest = cells.read_bytes().split(b"\n")
    assert [json.loads(line)["article"] for line in lines] == ["a0", "a1", "a2", "a3"]
    assert rest == b""


def test_a_damaged_line_is_named(server: Server, tmp_path: Path) -> None:
    run(server, tmp_path / "run")
    cells = tmp_path / "run" / "cells.jsonl"
    lines = cells.read_bytes().splitlines(keepends=True)
    cells.write_bytes(b"".join([lines[0], b"{}\n", *lines[2:]]))
    with pytest.raises(RunError, match=r"cells\.jsonl line 2 is damaged: remove"):
        run(server, tmp_path / "run")


def test_of_two_rows_the_last_counts(server: Server, tmp_path: Path) -> None:
    run(server, tmp_path / "run", 2)
    row = Cell(article="a0", repeat=0, status="failed", code="input", message="m")
    with (tmp_path / "run" / "cells.jsonl").open("a") as file:
        file.write(row.model_dump_json() + "\n")
    read = load_run(tmp_path / "run")
    assert [cell.status for cell in read.cells] == ["failed", "ok"]
    assert read.paid.prompt_tokens == 200


def test_completion_order_does_not_show(server: Server, tmp_path: Path) -> None:
    def slow_at_first(request: Request) -> Response:
        time.sleep(0.3 if asks_about(request, 0) else 0.0)
        return fitting(request)

    server.will(slow_at_first)
    parallel = run(server, tmp_path / "parallel", 6, jobs=3)
    serial = run(server, tmp_path / "serial", 6)
    rows = (tmp_path / "parallel" / "cells.jsonl").read_text().splitlines()
    assert json.loads(rows[0])["article"] != "a0"
    assert [c.key for c in parallel.cells] == [c.key for c in serial.cells]
    assert [e.quotes for e in parallel.extractions] == [
        e.quotes for e in serial.extractions
    ]


def test_progress_counts_what_was_done_before(server: Server, tmp_path: Path) -> None:
    server.will(refusing(1))
    steps: list[Step] = []
    run(server, tmp_path / "run", progress=steps.append)
    assert [(s.done, s.total) for s in steps] == [(n, 4) for n in (1, 2, 3, 4)]
    server.will(fitting)
    steps.clear()
    run(server, tmp_path / "run", progress=steps.append)
    assert [(s.done, s.total, s.cell.article) for s in steps] == [(4, 4, "a1")]


def test_an_interrupt_keeps_what_is_done(server: Server, tmp_path: Path) -> None:
    class Interrupting(Extractor):
        def extract(self, doc: Document | str) -> Extraction:
            if server.calls == 2:
                raise KeyboardInterrupt
            return super().extract(doc)

    asker = Interrupting(MODEL, tasks=("quotes",), base_url=server.url)
    with pytest.raises(KeyboardInterrupt):
        evaluate(some(4), output=tmp_path / "run", extractor=asker)
    assert len(load_run(tmp_path / "run").cells) == 2
    done = run(server, tmp_path / "run")
    assert server.calls == 4 and done.is_finished
    asker.close()


# Refusals


def test_one_process_at_a_time(server: Server, tmp_path: Path) -> None:
    def intrude(step: Step) -> None:
        with pytest.raises(RunError, match="is in use by another process: wait for"):
            run(server, tmp_path / "run")

    assert run(server, tmp_path / "run", 1, progress=intrude).is_finished


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"gold": some(3)}, "4 articles, now 3 or others"),
        ({"gold": some(4, said="is old")}, "other texts or dates"),
        ({"tasks": ("quotes", "speakers")}, "tasks quotes, now quotes, speakers"),
        ({"repeats": 2}, "repeats 1, now 2"),
    ],
)
def test_another_run_is_refused(
    server: Server, tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    run(server, tmp_path / "run")
    with pytest.raises(RunError, match=message) as refused:
        run(server, tmp_path / "run", **change)
    assert "choose another folder with -o" in str(refused.value)
    assert "--fresh" in str(refused.value)
    assert server.calls == 4


def test_another_model_is_refused(server: Server, tmp_path: Path) -> None:
    run(server, tmp_path / "run")
    with pytest.raises(RunError, match="model some-model, now rules; endpoint"):
        evaluate(some(4), output=tmp_path / "run", model="rules", tasks=("quotes",))


def test_other_labels_are_to_be_scored(server: Server, tmp_path: Path) -> None:
    run(server, tmp_path / "run")
    first = article(0)
    quotes = [first.quotes[0].model_copy(update={"optional": True})]
    changed = first.model_copy(update={"quotes": quotes})
    gold = Selection((changed, *some(4).articles[1:]))
    with pytest.raises(RunError, match=r"extractor eval score .*run --gold GOLD"):
        run(server, tmp_path / "run", gold=gold)


def test_other_folders_are_left_alone(server: Server, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Mine.")
    with pytest.raises(RunError, match="holds other files and no run"):
        run(server, tmp_path)
    with pytest.raises(RunError, match="is a file: name a folder"):
        run(server, tmp_path / "notes.txt")
    with pytest.raises(RunError, match="is no run folder"):
        load_run(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


# Failures


def test_failed_articles_are_recorded_and_asked_again(
    server: Server, tmp_path: Path
) -> None:
    server.will(refusing(1, 2))
    done = run(server, tmp_path / "run")
    assert [(c.article, c.code) for c in done.failures] == [
        ("a1", "endpoint"),
        ("a2", "endpoint"),
    ]
    assert "refuses the request" in str(done.failures[0].message)
    assert done.is_finished and len(done.extractions) == 2
    calls = server.calls
    server.will(fitting)
    assert not run(server, tmp_path / "run").failures
    assert server.calls == calls + 2


def test_failures_that_would_come_again_stay(server: Server, tmp_path: Path) -> None:
    asked: list[str] = []

    class Crashing(Extractor):
        def extract(self, doc: Document | str) -> Extraction:
            assert isinstance(doc, Document)
            asked.append(doc.id)
            if doc.id == "a1":
                raise ZeroDivisionError("by zero")
            return super().extract(doc)

    wordless = article(2).model_copy(update={"text": " ", "quotes": []})
    gold = Selection((article(0), article(1), wordless))
    for _ in range(2):
        done = evaluate(gold, output=tmp_path / "run", extractor=Crashing("rules"))
    assert [(c.article, c.code) for c in done.failures] == [
        ("a1", "unexpected"),
        ("a2", "input"),
    ]
    assert done.failures[0].message == "Unexpected ZeroDivisionError."
    assert asked == ["a0", "a1"]


def test_an_endpoint_that_breaks_off_is_a_failure(tmp_path: Path) -> None:
    class Breaking(Extractor):
        code = "endpoint"

        def extract(self, doc: Document | str) -> Extraction:
            found = super().extract(doc)
            failure = Failure(task="quotes", code=self.code, message="It is down.")
            kept = found.provenance.model_copy(update={"failures": [failure]})
            return found.model_copy(update={"provenance": kept})

    asker = Breaking("rules")
    done = evaluate(some(1), output=tmp_path / "broken", extractor=asker)
    assert done.cells[0].message == "It is down." and not done.extractions
    asker.code = "refusal"
    done = evaluate(some(1), output=tmp_path / "refused", extractor=asker)
    assert done.cells[0].status == "ok" and len(done.extractions) == 1


def test_a_dead_endpoint_is_given_up_and_never_blocks(
    server: Server, tmp_path: Path
) -> None:
    server.will(refusing(0, 1, 2))
    with pytest.raises(RunError, match="3 articles in a row failed, the last because"):
        run(server, tmp_path / "run", 6)
    assert server.calls == 3
    again = run(server, tmp_path / "run", 6)  # those never asked come first
    assert server.calls == 9 and len(again.extractions) == 3
    assert [cell.article for cell in again.failures] == ["a0", "a1", "a2"]


def test_missing_weights_end_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXTRACTOR_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("EXTRACTOR_OFFLINE", "1")
    with pytest.raises(Exception, match="extractor models pull"):
        evaluate(some(2), output=tmp_path / "run", model="local")
    assert load_run(tmp_path / "run").cells == ()


# Cache and repeats


def test_the_cache_answers_another_run(server: Server, tmp_path: Path) -> None:
    first = run(server, tmp_path / "a", cache="read")
    second = run(server, tmp_path / "b", cache="read")
    assert server.calls == 4
    assert second.extractions == first.extractions
    assert all(cell.cached for cell in second.cells)
    assert second.paid.prompt_tokens == 0 and second.usage == first.usage


def test_the_cache_is_for_the_same_question(server: Server, tmp_path: Path) -> None:
    run(server, tmp_path / "a", 1, cache="read")
    run(server, tmp_path / "b", 1, cache="refresh")
    assert server.calls == 2
    run(server, tmp_path / "c", 1, cache="off")
    assert server.calls == 3
    run(server, tmp_path / "d", 1, cache="read", gold=some(1, said="is old"))
    assert server.calls == 4
    run(server, tmp_path / "e", 1, cache="read", tasks=("quotes", "speakers"))
    assert server.calls > 4
    calls = server.calls
    run(server, tmp_path / "f", 1, cache="read", base_url=f"{server.url}/other")
    assert server.calls == calls + 1


def test_other_code_asks_anew(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(server, tmp_path / "a", 1, cache="read")
    monkeypatch.setattr("extractor.recipe.source_hash", lambda: "0" * 64)
    run(server, tmp_path / "b", 1, cache="read")
    assert server.calls == 2 and len(source_hash()) == 64


def test_repeats_are_asked_each(server: Server, tmp_path: Path) -> None:
    done = run(server, tmp_path / "a", 2, repeats=3, cache="read")
    assert server.calls == 6
    assert [c.key for c in done.cells][:4] == [
        ("a0", 0),
        ("a0", 1),
        ("a0", 2),
        ("a1", 0),
    ]
    run(server, tmp_path / "b", 2, repeats=3, cache="read")
    assert server.calls == 6


def test_failures_are_not_cached(server: Server, tmp_path: Path) -> None:
    server.will(refusing(0))
    run(server, tmp_path / "a", 2, cache="read")
    server.will(fitting)
    run(server, tmp_path / "b", 2, cache="read")
    assert server.calls == 3


def test_what_failed_in_part_is_not_cached(server: Server, tmp_path: Path) -> None:
    server.will(filtered)
    first = run(server, tmp_path / "a", 1, cache="read")
    assert [f.code for f in first.extractions[0].provenance.failures] == [
        "content_filter"
    ]
    calls = server.calls
    server.will(fitting)
    second = run(server, tmp_path / "b", 1, cache="read")
    assert server.calls == calls + 1
    assert not second.extractions[0].provenance.failures


def test_a_damaged_cache_is_asked_past(
    server: Server, tmp_path: Path, own_cache: Path
) -> None:
    run(server, tmp_path / "a", 1, cache="read")
    (kept,) = own_cache.rglob("*.json")
    kept.write_text('{"schema_version": 1')
    assert len(run(server, tmp_path / "b", 1, cache="read").extractions) == 1
    assert server.calls == 2


# Costs


def test_a_run_that_may_cost_too_much_asks_nothing(
    server: Server, tmp_path: Path
) -> None:
    price = Price(input=1000, output=1000, currency="EUR")
    run(server, tmp_path / "run", 1, price=price, max_cost=50, gold=some(1))
    with pytest.raises(RunError, match=r"has cost 0.11 EUR so far") as refused:
        run(server, tmp_path / "run", 1, price=price, max_cost=0.1, fresh=False)
    assert "0 articles to ask may cost 0.00" in str(refused.value)
    with pytest.raises(RunError, match=r"more than --max-cost 0\.1: raise it"):
        run(server, tmp_path / "other", price=price, max_cost=0.1)
    with pytest.raises(UsageError, match="add --prices"):
        run(server, tmp_path / "other", max_cost=0.1)
    assert server.calls == 1


def test_a_run_ends_where_it_costs_too_much(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extractor.evaluation.runs.running.Plan.check_cost", _nothing)
    price = Price(input=1000, output=0)
    with pytest.raises(RunError, match=r"has cost 0.20 USD, more than --max-cost 0.15"):
        run(server, tmp_path / "run", price=price, max_cost=0.15)
    assert server.calls == 2
    assert load_run(tmp_path / "run").cost == pytest.approx(0.2)


def _nothing(*args: object) -> None:
    pass


def test_the_worst_case_bounds_what_is_sent(server: Server, tmp_path: Path) -> None:
    sizes: list[int] = []

    def count(request: Request) -> Response:
        sizes.extend(len(message["content"]) for message in request.body["messages"])
        return fitting(request)

    server.will(count)
    made = plan(some(3), model=MODEL, tasks=("quotes",), base_url=server.url)
    expected = made.estimate(made.to_ask([]))
    run(server, tmp_path / "run", 3)
    assert expected.questions == 3
    assert sum(sizes) < expected.prompt_bytes < 1.4 * sum(sizes)
    price = Price(input=1, output=1)
    assert 0 < 2 * expected.cost(price) < expected.worst_cost(price)
    assert plan(some(1), model="rules").estimate(some(1).articles).questions == 0


PRICES = """
date = 2026-10-01
currency = "EUR"
[models.some-model]
input = 2.0
cached = 0.5
output = 8.0
"""


def test_prices_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "prices.toml"
    path.write_text(PRICES)
    price = read_price(path, MODEL)
    assert (price.date, price.currency, price.cached) == ("2026-10-01", "EUR", 0.5)
    for text, message in [
        (PRICES, "has no price of 'gpt-5-mini'; it has those of some-model"),
        (PRICES.replace("date", "day"), "is no file of prices: date: Field required"),
        (PRICES.replace("2.0", "-2"), "greater than or equal to 0"),
        ("date =", "is not valid TOML"),
    ]:
        path.write_text(text)
        with pytest.raises(UsageError, match=message):
            read_price(path, "gpt-5-mini")
    with pytest.raises(UsageError, match="cannot be read"):
        read_price(tmp_path, MODEL)


def test_cached_input_costs_less() -> None:
    from extractor.schema import Usage

    usage = Usage(prompt_tokens=1000, cached_tokens=600, completion_tokens=100)
    price = Price(input=2, cached=0.5, output=8)
    assert price.of(usage) == pytest.approx((400 * 2 + 600 * 0.5 + 100 * 8) / 1e6)
    assert Price(input=2, output=8).of(usage) == pytest.approx(2800 / 1e6)


# Which articles


def test_the_test_split_is_kept_for_releases(tmp_path: Path) -> None:
    articles = [article(0, "dev"), article(1, "test"), article(2, None)]
    folder = write(tmp_path / "gold", *articles)
    assert _ids(select([folder])) == ["a0", "a2"]
    assert select([folder]).held_back == 1
    assert _ids(select([folder], split="dev")) == ["a0"]
    assert _ids(select([folder], limit=1)) == ["a0"]
    with pytest.raises(UsageError, match="--i-am-releasing"):
        select([folder], split="test")
    assert _ids(select([folder], split="test", releasing=True)) == ["a1"]
    with pytest.raises(UsageError, match="no article to run on: its splits are"):
        select([folder], split="train")


def _ids(selection: Selection) -> list[str]:
    return [one.doc.id for one in selection.articles]


def test_uses_of_the_test_split_are_counted_once_a_run(tmp_path: Path) -> None:
    folder = write(tmp_path / "gold", article(0, "test"))
    write_manifest(folder)
    chosen = select([folder], split="test", releasing=True)
    for output in ("a", "a", "b"):
        evaluate(chosen, output=tmp_path / output, model="rules")
    manifest = read_manifest(folder)
    assert manifest and manifest.test_uses == 2


def test_two_annotators_are_told_apart(tmp_path: Path) -> None:
    folders = [write(tmp_path / name, article(0)) for name in ("ann", "bo")]
    with pytest.raises(GoldError, match="'a0' is labelled twice"):
        select(folders)


def test_a_run_shows_in_a_notebook(server: Server, tmp_path: Path) -> None:
    server.will(refusing(1))
    shown = run(server, tmp_path / "run <b>")._repr_html_()
    assert "<td style='text-align:left'>3 of 4</td>" in shown
    assert "run &lt;b&gt;" in shown and os.sep in shown
