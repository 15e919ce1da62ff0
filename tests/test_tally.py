"""What is shown of a batch while it runs, and at its end."""

import io
from collections import Counter
from pathlib import Path

import pytest
from rich.console import Console

from extractor.batch import Account, Outcome, Summary
from extractor.batch.rows import Status
from extractor.cli.tally import Tally, closing_lines, fates, span
from extractor.costs import Price
from extractor.schema import Usage
from extractor.store import Store


@pytest.fixture
def account(tmp_path: Path) -> Account:
    with Store(tmp_path / "store.sqlite") as store:
        return Account(store, "run", price=Price(input=1.0, output=2.0))


def summary() -> Summary:
    ends: dict[Status, int] = {"ok": 90, "partial": 4, "failed": 6}
    return Summary(
        statuses=Counter(ends),
        codes=Counter(refusal=7, input=3),
        kept=20,
    )


def test_a_terminal_shows_how_far_what_failed_and_what_it_costs(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = 100.0
    monkeypatch.setattr("time.monotonic", lambda: clock)
    tally = Tally(account, quiet=False, verbose=False)
    tally._total = 200
    account.charge(50, Usage(prompt_tokens=4_000, completion_tokens=500))
    clock = 110.0
    tally.follow(summary(), Outcome(id="a", status="ok"))
    shown = io.StringIO()
    Console(file=shown, width=110).print(tally._render())
    head, bar, ends, costs = shown.getvalue().splitlines()
    assert head == "100 of 200 articles, 8.0 a second, 12.5 s left"
    assert set(bar.strip()) == {"━"}
    assert ends.startswith("90 ok, 4 partial, 6 failed (refusal 7, input 3), 20 of")
    assert costs.startswith("50 calls, 4,000 tokens in (0 cached), 500 out, 0.0050 USD")


def test_the_rate_is_that_of_the_last_while(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = 0.0
    monkeypatch.setattr("time.monotonic", lambda: clock)
    tally = Tally(account, quiet=False, verbose=False)
    done = Summary()
    for second in range(100):
        clock = float(second)
        done.statuses["ok"] += 100 if second < 50 else 1
        tally.follow(done, Outcome(id="a", status="ok"))
        lines = tally.lines()
    assert ", 1.0 a second" in lines[0]


def test_the_end_tells_all(account: Account) -> None:
    tally = Tally(account, quiet=True, verbose=False)
    lines = closing_lines(summary(), account, tally, Path("out.jsonl"))
    assert lines[0] == (
        "articles  100: 90 ok, 4 partial, 6 failed (refusal 7, input 3), "
        "20 of them were done before"
    )
    assert lines[1].startswith("time      0.") and lines[2] == "output    out.jsonl"


def test_the_most_frequent_failures_come_first() -> None:
    assert "(refusal 7)" in fates(summary(), 1)
    assert fates(Summary(), None) == "0 ok"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0.04, "0.0 s"), (59.94, "59.9 s"), (61, "1:01"), (3_600, "1:00:00")],
)
def test_spans_of_time(seconds: float, told: str) -> None:
    assert span(seconds) == told
