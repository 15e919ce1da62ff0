"""Batches in this process: answers kept, rows, limits, sources and outputs."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Literal, get_args

import pytest
from golden import article
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field
from server import Request, Response, Server, answers, fitting, refusal, status

from extractor.batch import (
    Account,
    Desk,
    Item,
    Listing,
    Outcome,
    RecordedClient,
    Session,
    Sources,
    Summary,
    check_output,
    dump_answer,
    dump_row,
    form_of,
    line_of,
    load_answer,
    load_outcome,
    load_row,
    question_key,
    row_of,
    run_batch,
    write_jsonl,
    write_parquet,
)
from extractor.client import Answer, Client, Message
from extractor.costs import Price, estimate
from extractor.documents import make_document
from extractor.errors import (
    EndpointError,
    InputError,
    QuotaExhausted,
    ReplyRefused,
    RunStopped,
    StoreError,
    UsageError,
)
from extractor.pipeline import Extractor
from extractor.schema import Document, Extraction, Usage
from extractor.store import Store

MODEL = "some-model"
ASKED: list[Message] = [{"role": "user", "content": "Who says so?"}]
PRICE = Price(input=1.0, output=2.0)


class Person(BaseModel):
    name: str = Field(max_length=40)
    age: int


class Question(BaseModel):
    Q1: Literal["Ann", "nobody"]
    Q2: list[Person]
    Q3: str


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        running.will(fitting)
        yield running


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store(path) as opened:
        yield opened


def document(number: int, **known: Any) -> Document:
    """An article about whose quote a model is asked one question."""
    text = article(number, said=known.pop("said", "runs again")).text
    return make_document(text, **({"id": f"a{number}"} | known))


def asks_about(request: Request, number: int) -> bool:
    return f"Pump {number} " in json.dumps(request.body["messages"])


class Asked:
    """A `ChatClient` that counts and does as it is told."""

    model, endpoint = MODEL, "endpoint"

    def __init__(self, does: Callable[[], Answer]) -> None:
        self.does = does
        self.calls = 0

    def ask(
        self, messages: Sequence[Message], response_model: Any, *, max_tokens: int
    ) -> Answer:
        self.calls += 1
        return self.does()


def answer(**values: Any) -> Answer:
    values = values or {"Q1": "Ann", "Q2": [Person(name="Bo", age=3)], "Q3": "old"}
    dropped = tuple(name for name in ("Q1", "Q2", "Q3") if name not in values)
    usage = Usage(prompt_tokens=7, cached_tokens=2, completion_tokens=3)
    return Answer(values, dropped, usage, 1, 2, 0.5, None)


def recorded(store: Store, client: Any, **options: Any) -> RecordedClient:
    return RecordedClient(client, store, address="here", **options)


def failing(error: Exception) -> Callable[[], Answer]:
    def fail() -> Answer:
        raise error

    return fail


# Answers


def test_an_answer_is_asked_for_once(store: Store, path: Path) -> None:
    client = Asked(answer)
    first = recorded(store, client).ask(ASKED, Question, max_tokens=9)
    with Store(path) as other:
        second = recorded(other, client).ask(ASKED, Question, max_tokens=9)
    assert first == second == answer()
    assert isinstance(second.values["Q2"][0], Person)
    assert client.calls == 1


def test_an_answer_in_part_comes_back_as_it_was(store: Store) -> None:
    given = answer(Q2=[Person(name="Bo", age=3)])
    client = Asked(lambda: given)
    for _ in range(2):
        assert recorded(store, client).ask(ASKED, Question, max_tokens=9) == given
    assert client.calls == 1


def test_a_failure_is_not_kept_but_what_it_cost(store: Store) -> None:
    error = ReplyRefused("no")
    error.calls, error.tokens = 2, (10, 0, 5)
    client = Asked(failing(error))
    asking = recorded(store, client, account=Account(store, "run"))
    for _ in range(2):
        with pytest.raises(ReplyRefused):
            asking.ask(ASKED, Question, max_tokens=9)
    assert client.calls == 2
    usage = Usage(prompt_tokens=20, completion_tokens=10)
    assert (store.spent("run").calls, store.spent("run").usage) == (4, usage)


def test_threads_that_ask_the_same_pay_once(store: Store) -> None:
    def slow() -> Answer:
        time.sleep(0.1)
        return answer()

    client = Asked(slow)
    asking = recorded(store, client)
    got: list[Answer] = []
    threads = [
        threading.Thread(
            target=lambda: got.append(asking.ask(ASKED, Question, max_tokens=9))
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [answer()] * 8
    assert client.calls == 1


def test_a_kept_answer_that_does_not_fit_is_asked_for_again(store: Store) -> None:
    client = Asked(answer)
    asking = recorded(store, client)
    schema = json.dumps(Question.model_json_schema(), sort_keys=True)
    key = question_key(ASKED, schema, model=MODEL, address="here", max_tokens=9)
    for wrong in (b"{}", b"not JSON", b'{"values": {"Q9": 1}}', b"[]"):
        store.put_reply(key, wrong)
        assert asking.ask(ASKED, Question, max_tokens=9) == answer()
    assert client.calls == 4


def test_whatever_an_answer_depends_on_is_in_its_key() -> None:
    base: dict[str, Any] = {
        "messages": ASKED,
        "schema": "{}",
        "model": "m",
        "address": "a",
        "max_tokens": 5,
    }
    changes: list[dict[str, Any]] = [
        {"messages": [{"role": "system", "content": "Who says so?"}]},
        {"messages": [{"role": "user", "content": "Who says so? "}]},
        {"schema": "[]"},
        {"model": "n"},
        {"address": "b"},
        {"max_tokens": 6},
        {"parameters": {"temperature": 0.5}},
    ]
    keys = {question_key(**(base | change)) for change in [{}, *changes]}
    assert len(keys) == len(changes) + 1
    assert question_key(**base) == question_key(**base)


def test_an_endpoint_that_would_fail_all_ends_the_run(store: Store) -> None:
    error = QuotaExhausted("Pay first.")
    error.calls = 1
    asking = recorded(store, Asked(failing(error)), account=Account(store, "run"))
    with pytest.raises(RunStopped, match="Pay first"):
        asking.ask(ASKED, Question, max_tokens=9)
    assert store.spent("run").calls == 1


def test_nothing_is_asked_after_an_interrupt_but_kept_answers_come(
    store: Store,
) -> None:
    client = Asked(answer)
    asking = recorded(store, client)
    asking.ask(ASKED, Question, max_tokens=9)
    asking.interrupt()
    assert asking.ask(ASKED, Question, max_tokens=9) == answer()
    with pytest.raises(RunStopped):
        asking.ask(ASKED, Question, max_tokens=10)
    assert client.calls == 1


def test_an_interrupt_reaches_the_client(server: Server, store: Store) -> None:
    def busy(request: Request) -> Response:
        threading.Timer(0.3, asking.interrupt).start()
        return status(429, Retry_After="50")(request)

    server.will(busy)
    client = Client(MODEL, base_url=server.url)
    asking = recorded(store, client)
    with closing(client), pytest.raises(RunStopped):
        asking.ask(ASKED, Question, max_tokens=9)
    assert server.calls == 1  # the next would have come after 50 seconds


@given(st.text(), st.lists(st.integers()), st.sampled_from(["Ann", "nobody"]))
def test_any_answer_survives_the_store(text: str, ages: list[int], who: str) -> None:
    people = [Person(name=text[:40], age=age) for age in ages]
    given = answer(Q1=who, Q2=people, Q3=text)
    if "\x00" not in text:
        assert load_answer(dump_answer(given), Question) == given


# Rows


def extracted(text: str | None = None) -> Extraction:
    with Extractor("rules") as extractor:
        return extractor.extract(text or article(1).text)


def test_a_row_survives_the_store() -> None:
    row = row_of(extracted())
    assert row.extraction and row.extraction.quotes and row.seconds
    assert load_row(dump_row(row)) == row
    assert load_outcome(dump_row(row)) == Outcome(
        **{name: getattr(row, name) for name in Outcome.model_fields}
    )


def test_a_row_with_lone_surrogates_survives_too() -> None:
    row = row_of(extracted("\udc00 " + article(1).text))
    assert load_row(dump_row(row)) == row
    line = line_of(dump_row(row))
    assert json.loads(line.decode())["extraction"]["document"]["text"][0] == "\udc00"


def test_what_it_took_does_not_show_unless_asked_for() -> None:
    extraction = extracted()
    provenance = extraction.provenance.model_copy(
        update={"seconds": 9.0, "calls": 5, "retries": 4}
    )
    again = extraction.model_copy(update={"provenance": provenance})
    one, two = dump_row(row_of(extraction)), dump_row(row_of(again))
    assert line_of(one) == line_of(two)
    assert line_of(one, accounts=True) != line_of(two, accounts=True)
    line = json.loads(line_of(two, accounts=True))
    assert (line["calls"], line["retries"], line["seconds"]) == (5, 4, 9.0)
    assert list(json.loads(line_of(one))) == [
        *("id", "source", "status", "code", "message", "extraction")
    ]
    found = Extraction.model_validate(json.loads(line_of(one))["extraction"])
    assert found.quotes == extraction.quotes


# Runs


def session(
    server: Server, store: Store, *numbers: int, **options: Any
) -> tuple[Session, list[Item]]:
    """A session over articles that are handed over, not read."""
    items: list[Item] = [document(number) for number in numbers]
    made = Session(
        Sources(["-"]),
        store,
        **({"model": MODEL, "tasks": ("quotes",), "base_url": server.url} | options),
    )
    made.sources = items  # type: ignore[assignment]  # anything that is iterable
    return made, items


def run(server: Server, store: Store, *numbers: int, **options: Any) -> Any:
    jobs = options.pop("jobs", 4)
    made, _ = session(server, store, *numbers, **options)
    with made, Listing() as listing:
        summary = made.work(listing, jobs=jobs)
        return summary, [load_row(row) for row in made.rows(listing)]


def test_every_article_has_one_row_in_its_place(server: Server, store: Store) -> None:
    summary, rows = run(server, store, *range(20))
    assert [row.id for row in rows] == [f"a{number}" for number in range(20)]
    assert all(row.status == "ok" and row.extraction.quotes for row in rows)
    assert (summary.done, summary.kept, server.calls) == (20, 0, 20)


def test_the_same_again_asks_nothing(server: Server, store: Store) -> None:
    _, rows = run(server, store, *range(6))
    summary, again = run(server, store, *range(6))
    assert (summary.kept, server.calls) == (6, 6)
    assert again == rows


def test_rows_made_anew_come_from_kept_answers(server: Server, store: Store) -> None:
    _, rows = run(server, store, *range(6))
    store.drop_all("rows", "")
    summary, again = run(server, store, *range(6))
    assert (summary.kept, server.calls) == (0, 6)
    assert [line_of(dump_row(row)) for row in again] == [
        line_of(dump_row(row)) for row in rows
    ]


def test_the_same_text_is_paid_once(server: Server, store: Store) -> None:
    made, items = session(server, store)
    items += [document(1, id=f"copy{n}") for n in range(6)]
    items += [document(1, id="copy0")]
    with made, Listing() as listing:
        made.work(listing, jobs=7)
        ids = [load_row(row).id for row in made.rows(listing)]
    assert ids == [*(f"copy{n}" for n in range(6)), "copy0"]
    assert server.calls == 1


def test_the_same_article_fails_once(server: Server, store: Store) -> None:
    def slow_refusal(request: Request) -> Response:
        time.sleep(0.2)
        return refusal(request)

    server.will(slow_refusal)
    summary, rows = run(server, store, 1, 1, 1, 1)
    assert [row.code for row in rows] == ["refusal"] * 4
    assert (server.calls, summary.kept) == (1, 3)


def test_a_refused_article_fails_and_is_not_asked_again(
    server: Server, store: Store
) -> None:
    def behave(request: Request) -> Response:
        return (refusal if asks_about(request, 2) else fitting)(request)

    server.will(behave)
    summary, rows = run(server, store, 1, 2, 3)
    assert [row.status for row in rows] == ["ok", "failed", "ok"]
    assert (rows[1].code, rows[1].extraction) == ("refusal", None)
    assert "refused to answer" in rows[1].message
    assert summary.codes == Counter(refusal=1)
    asked = server.calls
    run(server, store, 1, 2, 3)
    assert server.calls == asked
    server.will(fitting)
    summary, rows = run(server, store, 1, 2, 3, again=True)
    assert summary.statuses == Counter(ok=3)
    assert server.calls == asked + 1


class Flaky(Asked):
    """Fails in passing for some articles, answers for others."""

    def __init__(self, *numbers: int) -> None:
        super().__init__(answer)
        self.numbers = numbers

    def ask(
        self, messages: Sequence[Message], response_model: Any, *, max_tokens: int
    ) -> Answer:
        self.calls += 1
        if any(f"Pump {number} " in str(messages) for number in self.numbers):
            raise EndpointError("The line broke.")
        name, field = next(iter(response_model.model_fields.items()))
        return Answer({name: get_args(field.annotation)[0]}, (), Usage(), 0, 1, 0, None)


def desk_of(store: Store, client: Any) -> Desk:
    asking = recorded(store, client)
    return Desk(Extractor(client=asking, tasks=("quotes",)), store)


def work(desk: Desk, store: Store, count: int) -> tuple[Summary, list[Any]]:
    with Listing() as listing:
        summary = run_batch([document(n) for n in range(count)], desk, listing)
        return summary, [load_row(row) for row in store.rows(listing) if row]


def test_what_failed_in_passing_is_asked_again(store: Store) -> None:
    client = Flaky(2)
    summary, rows = work(desk_of(store, client), store, 4)
    assert summary.passing == 1
    assert [row.code for row in rows] == [None, None, "endpoint", None]
    assert rows[2].message == "The line broke."
    client.numbers = ()
    summary, _ = work(desk_of(store, client), store, 4)
    assert (summary.kept, summary.statuses, client.calls) == (3, Counter(ok=4), 5)
    assert summary.passing == 0


def test_many_failures_in_a_row_end_the_run(store: Store) -> None:
    words = "articles in a row failed, the last because: The line broke"
    client = Flaky(*range(60))
    with pytest.raises(RunStopped, match=f"3 {words}"):
        work(desk_of(store, client), store, 60)
    assert client.calls == 3
    client = Flaky(*range(10, 60))
    with pytest.raises(RunStopped, match=f"25 {words}"):
        work(desk_of(store, client), store, 60)
    assert client.calls == 10 + 25


def test_what_cannot_be_read_has_a_row(server: Server, store: Store) -> None:
    made, items = session(server, store, 1, 2)
    error = InputError("news.jsonl line 2 is not JSON: one object a line.")
    error.where = "news.jsonl line 2"
    items.insert(1, error)
    with made, Listing() as listing:
        made.work(listing)
        rows = [load_row(row) for row in made.rows(listing)]
    assert [row.id for row in rows] == ["a1", "news.jsonl line 2", "a2"]
    assert (rows[1].status, rows[1].code) == ("failed", "input")
    assert rows[1].message == str(error)


def test_a_defect_of_ours_costs_its_article_alone(store: Store) -> None:
    class Broken(Extractor):
        def extract(self, doc: Document | str) -> Extraction:
            if isinstance(doc, Document) and doc.id == "a1":
                raise RuntimeError(doc.text)
            return super().extract(doc)

    desk = Desk(Broken("rules"), store)
    outcomes = [desk.settle(document(number))[0] for number in range(3)]
    assert [outcome.status for outcome in outcomes] == ["ok", "failed", "ok"]
    assert outcomes[1].code == "unexpected"
    assert outcomes[1].message == "Unexpected RuntimeError: please report it."


def test_articles_are_read_as_they_are_worked_on(server: Server, store: Store) -> None:
    read = 0

    def endless() -> Iterator[Item]:
        nonlocal read
        while True:
            read += 1
            yield document(read)

    made, _ = session(server, store)
    made.sources = endless()  # type: ignore[assignment]  # anything that is iterable

    def follow(summary: Summary, outcome: Outcome) -> None:
        assert read - summary.done <= 3
        if summary.done >= 12:
            made.stop.set()

    with made, Listing() as listing, pytest.raises(RunStopped, match="told to end"):
        made.work(listing, jobs=3, progress=follow)


def test_a_wrong_key_ends_the_run_at_once(server: Server, store: Store) -> None:
    server.will(status(401))
    made, _ = session(server, store, *range(50))
    with made, Listing() as listing, pytest.raises(RunStopped, match="refuses the key"):
        made.work(listing, jobs=1)
    assert server.calls == 1


def test_a_spent_quota_ends_the_run_without_a_row(server: Server, store: Store) -> None:
    spent = status(429, {"message": "pay", "code": "insufficient_quota"})
    server.will(fitting, fitting, spent)
    made, _ = session(server, store, *range(10))
    with made, Listing() as listing, pytest.raises(RunStopped, match="no credit"):
        made.work(listing, jobs=1)
    server.will(fitting)
    summary, _ = run(server, store, *range(10))
    assert summary.kept == 2
    assert summary.statuses == Counter(ok=10)


def test_an_interrupt_finishes_the_calls_in_flight(
    server: Server, store: Store
) -> None:
    made, _ = session(server, store, *range(40))

    def slow(request: Request) -> Response:
        if server.calls == 6:
            made.stop.set()
        time.sleep(0.2)
        return fitting(request)

    server.will(slow)
    with made, Listing() as listing, pytest.raises(RunStopped):
        made.work(listing, jobs=4)
    in_flight = server.calls
    assert 6 <= in_flight <= 10
    server.will(fitting)
    run(server, store, *range(40))
    assert server.calls == 40  # every call that was sent before has been kept


def test_an_interrupt_does_not_wait_for_an_endpoint_that_is_busy(
    server: Server, store: Store
) -> None:
    def busy(request: Request) -> Response:
        threading.Timer(0.3, made.stop.set).start()
        return status(429, Retry_After="50")(request)

    server.will(busy)
    made, _ = session(server, store, *range(9))
    with made, Listing() as listing, pytest.raises(RunStopped):
        made.work(listing, jobs=3)
    assert 1 <= server.calls <= 3  # the next would have come after 50 seconds


def test_a_full_store_ends_the_run(server: Server, store: Store) -> None:
    made, _ = session(server, store, *range(9))
    store.close()
    with made, Listing() as listing, pytest.raises(StoreError, match="closed"):
        made.work(listing)


def test_the_same_batch_runs_once_at_a_time(server: Server, store: Store) -> None:
    one, _ = session(server, store, 1)
    two, _ = session(server, store, 1)
    other, _ = session(server, store, 1, output=Path("elsewhere.jsonl"))
    with one.alone():
        with pytest.raises(StoreError, match="runs in another process: wait for it"):
            two.alone().__enter__()
        with other.alone():
            pass
    with two.alone():
        pass


def test_a_row_lost_to_damage_is_told(server: Server, store: Store) -> None:
    made, _ = session(server, store, 1, 2)
    with made, Listing() as listing:
        made.work(listing)
        store.drop("rows", next(iter(listing)))
        with pytest.raises(RunStopped, match="not in the store any more"):
            list(made.rows(listing))


def test_kept_rows_stay_across_models_and_tasks(server: Server, store: Store) -> None:
    run(server, store, 1)
    summary, rows = run(server, store, 1, model="another")
    assert (summary.kept, rows[0].extraction.provenance.model) == (0, "another")
    summary, _ = run(server, store, 1, tasks=("quotes", "speakers"))
    assert summary.kept == 0
    assert run(server, store, 1)[0].kept == 1


# Limits


def spend(server: Server, store: Store, **limits: Any) -> tuple[Any, str]:
    made, _ = session(server, store, *range(30), **limits)
    with made, Listing() as listing:
        try:
            made.work(listing, jobs=4)
        except RunStopped as stopped:
            return made.account.spent, str(stopped)
    return made.account.spent, ""


def total(usage: Usage) -> int:
    return usage.prompt_tokens + usage.completion_tokens


def worst_question() -> Usage:
    made = estimate([document(1)], Extractor(MODEL, tasks=("quotes",)))
    return made.worst


def test_a_limit_of_tokens_is_never_exceeded_and_all_attempts_count(
    server: Server, store: Store
) -> None:
    limit = total(worst_question()) + 1_000
    spent, sentence = spend(server, store, max_tokens=limit)
    assert 500 < total(spent.usage) <= limit and server.calls < 15
    assert f"might exceed --max-tokens {limit}: raise it to go on" in sentence
    again, _ = spend(server, store, max_tokens=limit)
    assert again.usage == spent.usage
    done, sentence = spend(server, store, max_tokens=limit + 50_000)
    assert (sentence, server.calls, total(done.usage)) == ("", 30, 3_300)


def test_a_limit_of_cost_needs_prices(server: Server, store: Store) -> None:
    with pytest.raises(UsageError, match="add --prices"):
        session(server, store, max_cost=1.0)
    limit = round(PRICE.of(worst_question()) + 0.001, 4)
    spent, sentence = spend(server, store, max_cost=limit, price=PRICE)
    assert 0.0005 < PRICE.of(spent.usage) <= limit and server.calls < 15
    assert f"USD and the next question might exceed --max-cost {limit:g}" in sentence


def test_near_the_limit_questions_wait_for_each_other(store: Store) -> None:
    account = Account(store, "run", max_tokens=1_000)
    schema, under_way, most = "s" * 500, 0, 0

    def ask() -> None:
        nonlocal under_way, most
        with account.room([], schema, 10):
            under_way += 1
            most = max(most, under_way)
            time.sleep(0.05)
            under_way -= 1
            account.charge(1, Usage(prompt_tokens=1))

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert (most, account.paid.calls) == (1, 3)


def test_a_run_that_will_not_fit_is_refused_before_it_asks(
    server: Server, store: Store, tmp_path: Path
) -> None:
    news = tmp_path / "news.jsonl"
    lines = [json.dumps({"text": document(n).text, "id": str(n)}) for n in range(300)]
    news.write_text("\n".join(lines))
    options: dict[str, Any] = {
        "model": MODEL,
        "tasks": ("quotes",),
        "base_url": server.url,
        "price": PRICE,
    }
    with (
        Session(Sources([str(news)]), store, max_cost=0.01, **options) as made,
        pytest.raises(RunStopped, match=r"will probably take .* USD \(at most") as no,
    ):
        made.check_limits()
    assert "more than --max-cost 0.01: raise it, or give fewer" in str(no.value)
    for fits in ({"max_cost": 100.0}, {"max_tokens": 10_000_000}, {}):
        with Session(Sources([str(news)]), store, **options, **fits) as made:
            made.check_limits()
    assert server.calls == 0


# Sources


def texts(*names: str | Path, **options: Any) -> list[str]:
    found = Sources([str(name) for name in names], **options)
    return [i.text if isinstance(i, Document) else f"! {i}" for i in found]


def test_articles_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b.txt", "a/2.md", "a/1.txt", "a/.hidden.txt", "c.pdf", "_x.txt"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"The news of {name}.")
    news = tmp_path / "a" / "0.jsonl"
    news.write_text('{"text": "One."}\nnot JSON\n{"text": "Two."}\n')
    found = texts(tmp_path)
    assert found[0] == "One." and "0.jsonl line 2 is not JSON" in found[1]
    assert found[2:] == [
        *("Two.", "The news of a/1.txt.", "The news of a/2.md.", "The news of b.txt.")
    ]
    assert Sources([str(tmp_path)]).count() == 6
    assert texts(f"{tmp_path}/*/*.txt") == ["The news of a/1.txt."]
    assert Sources(["-"]).count() is None


def test_what_is_not_there_stands_in_its_place(tmp_path: Path) -> None:
    missing = tmp_path / "missing.txt"
    (found,) = Sources([str(missing)])
    assert isinstance(found, InputError) and found.where == str(missing)
    assert Sources([str(missing)]).count() == 1
    assert "matches no file" in texts(tmp_path / "*.txt")[0]


def test_a_parquet_file_is_read(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    columns = {
        "id": [7, None, 9],
        "text": ["One came.", None, "  "],
        "url": ["http://news.invalid/1", None, None],
        "published": ["2024-03-14", None, None],
        "beside": [1, 2, 3],
    }
    file = tmp_path / "news.parquet"
    parquet.write_table(pa.table(columns), file)
    first, second, third = Sources([str(tmp_path)])
    assert isinstance(first, Document) and first.text == "One came."
    assert (first.id, first.published) == ("7", "2024-03-14")
    assert first.source == "http://news.invalid/1"
    assert isinstance(second, InputError) and isinstance(third, InputError)
    assert second.where == f"{file} row 2" and "row 3" in str(third)
    assert Sources([str(file)]).count() == 3


def test_a_parquet_file_that_is_none_is_one_row(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and nothing more")
    parquet.write_table(pa.table({"body": ["x"]}), tmp_path / "b.parquet")
    one, two = texts(tmp_path)
    assert one.startswith("! ") and "cannot be read as Parquet" in one
    assert "has no column 'text' with the articles: name it so." in two


# Outputs


def kept_rows(count: int) -> list[bytes]:
    return [
        dump_row(row_of(extracted(article(number).text))) for number in range(count)
    ]


def test_lines_appear_whole_or_not_at_all(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("before")

    def torn() -> Iterator[bytes]:
        yield from kept_rows(1)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_jsonl(torn(), out)
    assert out.read_text() == "before"
    with out.open() as reader:
        write_jsonl(iter(kept_rows(2)), out)
        assert reader.read() == "before"
    assert len(out.read_bytes().splitlines()) == 2
    assert out.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [out]


def test_parquet_appears_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    monkeypatch.setattr("extractor.batch.output.ROWS_PER_FILE", 4)
    rows, out = kept_rows(10), tmp_path / "out"

    def torn() -> Iterator[bytes]:
        yield from rows[:5]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_parquet(torn(), out)
    assert not list(tmp_path.iterdir())
    write_parquet(iter(rows), out)
    names = sorted(file.name for file in out.iterdir())
    assert names == [f"part-0000{n}.parquet" for n in range(3)]
    first = [file.read_bytes() for file in sorted(out.iterdir())]
    write_parquet(iter(rows), out)
    assert [file.read_bytes() for file in sorted(out.iterdir())] == first
    assert list(tmp_path.iterdir()) == [out]
    read = parquet.read_table(out).to_pylist(maps_as_pydicts="strict")
    lines = [json.loads(line_of(row)) for row in rows]
    assert [row["id"] for row in read] == [line["id"] for line in lines]
    assert "calls" not in read[0]
    quotes = [row["extraction"]["quotes"] for row in read]
    assert quotes == [line["extraction"]["quotes"] for line in lines]


def test_the_form_is_known_by_the_name(tmp_path: Path) -> None:
    assert form_of(Path("a.jsonl")) == form_of(None) == "jsonl"
    assert form_of(Path("a")) == form_of(Path("a.parquet")) == "parquet"
    assert form_of(Path("a.txt"), "jsonl") == "jsonl"
    with pytest.raises(UsageError, match=r"end it in \.jsonl"):
        form_of(Path("a.txt"))
    with pytest.raises(UsageError, match="name it with -o"):
        form_of(None, "parquet")


def test_nothing_of_others_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("years of work")
    (tmp_path / "file").write_text("x")
    for path, form, words in (
        (tmp_path / "full", "parquet", "holds other files: name another"),
        (tmp_path / "full", "jsonl", "is a folder: name a file"),
        (tmp_path / "file", "parquet", "is a file: name a folder"),
        (tmp_path / "none" / "out.jsonl", "jsonl", "does not exist: make it first"),
    ):
        with pytest.raises(UsageError, match=words):
            check_output(path, form)  # type: ignore[arg-type]  # a literal


def test_a_listing_gives_keys_back_in_their_order() -> None:
    keys = [f"{number:064x}" for number in (5, 3, 3, 99)]
    with Listing() as listing:
        for key in keys:
            listing.add(key)
        assert list(listing) == keys == list(listing)
        assert len(listing) == 4


def test_answers_of_the_server_in_the_wrong_form_are_typed(
    server: Server, store: Store
) -> None:
    server.will(answers({"nonsense": 1}))
    _, rows = run(server, store, 1)
    assert (rows[0].status, rows[0].code) == ("failed", "invalid")
    assert server.calls == 2
