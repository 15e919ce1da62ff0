"""The benches of other tools: placing their strings, and their runs."""

import json
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from golden import article, write
from server import Server, answers, completion, status

from evals.bench.peers import langextracting, questions
from evals.bench.peers.assembling import assemble
from evals.bench.peers.found import Found, FoundClaim, FoundEvent, FoundQuote
from evals.bench.peers.langextracting import LangExtract
from evals.bench.peers.placing import find_first, find_nearest
from evals.bench.peers.plain import Plain, Quotation, whole_items
from evals.bench.peers.running import run_peer
from evals.bench.peers.serving import Served, serve
from extractor.documents import make_document
from extractor.engine import Engine
from extractor.errors import RunError
from extractor.evaluation.comparison.folders import read_run
from extractor.evaluation.gold import GoldArticle
from extractor.evaluation.runs import (
    Run,
    load_run,
    read_labels,
    score_run,
    select,
    write_results,
)
from extractor.evaluation.scoring.article import score_extraction
from extractor.evaluation.scoring.unplaced import Unplaced, add_unplaced
from extractor.evaluation.statistics import Counts
from extractor.schema import Extraction, Provenance
from extractor.segmentation.model import Range

ROOT = Path(__file__).parents[1]
TEXT = (
    "Ada Quill hired two divers. “The pier is closed,” she said. "
    "Later Ada Quill and the divers fired a flare; the pier was closed.\n"
)


def place(words: str, nth: int = 0, text: str = TEXT) -> Range:
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return Range(start, start + len(words))


# Placing


def test_string_is_at_its_first_place() -> None:
    assert find_first(TEXT, "Ada Quill") == place("Ada Quill")


def test_case_and_typography_are_kept() -> None:
    assert find_first(TEXT, "ada quill") is None
    assert find_first("It wasn’t him.", "wasn't") is None


def test_string_is_not_found_inside_a_word() -> None:
    assert find_first(TEXT, "hire") is None
    assert find_first(TEXT, "he") is None


@pytest.mark.parametrize("words", ['"The pier is closed,"', " The pier is closed, "])
def test_marks_at_the_ends_are_dropped_where_the_string_is_not_there(
    words: str,
) -> None:
    assert find_first(TEXT, words) == place("The pier is closed,")


def test_marks_are_kept_where_the_string_is_there() -> None:
    words = "“The pier is closed,”"
    assert find_first(TEXT, words) == place(words)


@pytest.mark.parametrize("words", ["", "  ", '""', "“"])
def test_string_without_words_is_nowhere_of_its_own(words: str) -> None:
    found = find_first(TEXT, words)
    assert found is None or found.of(TEXT) == words


def test_nearest_place_may_stand_before_or_after() -> None:
    assert find_nearest(TEXT, "Ada Quill", place("two divers")) == place("Ada Quill")
    assert find_nearest(TEXT, "Ada Quill", place("flare")) == place("Ada Quill", 1)


def test_place_inside_the_stretch_is_the_last_resort() -> None:
    quote = place("The pier is closed,")
    text = f"{TEXT[: quote.end]} the end"
    assert find_nearest(TEXT, "pier", quote) == place("pier", 1)
    assert find_nearest(text, "pier", quote) == place("pier")


# Assembling


def made(**found: Any) -> tuple[Extraction, Unplaced]:
    provenance = Provenance(model="m", endpoint="embedded")
    return assemble(make_document(TEXT), Found(**found), provenance)


def quote(words: str, speaker: str = "Ada Quill", mention: str = "she") -> FoundQuote:
    return FoundQuote(words, find_first(TEXT, words), "direct", mention, speaker)


def test_mention_is_beside_the_quote_and_belongs_to_the_speaker() -> None:
    found, unplaced = made(quotes=(quote("The pier is closed"),))
    (said,), (speaker,) = found.quotes, found.speakers
    assert said.speaker == speaker.id and speaker.name == "Ada Quill"
    assert said.speaker_mention is not None
    assert said.speaker_mention.start == place("she").start
    assert [m.text for m in speaker.mentions] == ["she", "Ada Quill"]
    assert unplaced == Unplaced()


def test_speaker_who_is_not_in_the_text_has_a_name_and_no_mention() -> None:
    found, _ = made(quotes=(quote("The pier is closed", "Bo Lind", ""),))
    assert found.speakers[0].name == "Bo Lind"
    assert found.speakers[0].mentions == []
    assert found.quotes[0].speaker_mention is None


def test_quote_of_nobody_has_no_speaker() -> None:
    found, _ = made(quotes=(quote("The pier is closed", "", ""),))
    assert found.quotes[0].speaker is None
    assert found.speakers == []


def test_quote_that_is_nowhere_is_rejected_and_counted() -> None:
    found, unplaced = made(quotes=(quote("The pier is never closed"),))
    assert (found.quotes, unplaced.quotes) == ([], 1)
    assert [(r.task, r.verdict) for r in found.rejected] == [("quotes", "altered")]
    assert found.provenance.verdicts == {"altered": 1}


def test_rejected_string_that_only_typography_hides_is_told_apart() -> None:
    found, _ = made(quotes=(quote("The  pier is closed"),))
    assert found.rejected[0].verdict == "typographic"


def test_items_of_a_tool_that_drops_what_has_no_place_are_not_counted() -> None:
    quotes = (quote("The pier is never closed"),)
    found, unplaced = made(quotes=quotes, keeps_unplaced=False)
    assert len(found.rejected) == 1
    assert unplaced == Unplaced()


@pytest.mark.parametrize("claimant", ["author", "The article", ""])
def test_claim_of_the_article_is_the_authors(claimant: str) -> None:
    words = "Ada Quill hired two divers"
    found, _ = made(claims=(FoundClaim(words, find_first(TEXT, words), claimant),))
    assert found.claims[0].claimant == "author"
    assert found.claims[0].text == words


def test_claimant_is_the_speaker_of_that_name() -> None:
    words = "the pier was closed"
    claim = FoundClaim(words, find_first(TEXT, words), "ada quill")
    found, _ = made(quotes=(quote("The pier is closed"),), claims=(claim,))
    assert found.claims[0].claimant == found.quotes[0].speaker


def test_arguments_stand_nearest_to_the_trigger() -> None:
    arguments = (("agent", "Ada Quill"), ("patient", "a boat"), ("place", "pier"))
    event = FoundEvent("fired", find_first(TEXT, "fired"), "Other", arguments)
    found, unplaced = made(events=(event,))
    (argument,) = found.events[0].arguments
    assert argument.span.start == place("Ada Quill", 1).start
    assert found.events[0].place is not None
    assert found.events[0].place.start == place("pier", 1).start
    assert unplaced == Unplaced(arguments=1)


def test_event_without_a_place_takes_its_arguments_with_it() -> None:
    event = FoundEvent("sank", None, "Other", (("agent", "x"), ("place", "y")))
    found, unplaced = made(events=(event,))
    assert found.events == []
    assert unplaced == Unplaced(events=1, arguments=1)


# Scoring what has no place


def test_items_without_a_place_are_found_and_wrong() -> None:
    gold = article(1)
    empty = Extraction(
        document=make_document(gold.text),
        provenance=Provenance(model="m", endpoint="rules"),
    )
    before = score_extraction(gold, empty)
    after = add_unplaced(before, Unplaced(quotes=2, claims=5))
    assert before.layers["quotes"].measures["joint"] == Counts(0, 1, 0)
    assert after.layers["quotes"].measures["joint"] == Counts(0, 1, 2)
    assert after.layers["quotes"].measures["kind"] == Counts(0, 0, 0)
    assert after.layers["quotes"].muc.spurious == 2
    assert "claims" not in after.layers
    assert after.layers["speakers"] == before.layers["speakers"]


# Prompts


def test_example_is_answered_with_its_own_words() -> None:
    words = [q.quotation for q in questions.EXAMPLE_QUOTES]
    words += [w for q in questions.EXAMPLE_QUOTES for w in (q.mention, q.speaker)]
    words += [item.claim for item in questions.EXAMPLE_CLAIMS]
    for event in questions.EXAMPLE_EVENTS:
        words += [event.trigger, *(w for _, w in event.arguments)]
    missing = [w for w in words if find_first(questions.EXAMPLE, w) is None]
    assert missing == []


# Running


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


def returned(*quotations: str, speaker: str = "Maren Tolk") -> Any:
    kind = "direct"
    item = {"kind": kind, "mention": speaker, "speaker": speaker}
    return answers({"quotes": [{"quotation": q} | item for q in quotations]})


def run(server: Server, tmp_path: Path, *articles: GoldArticle) -> Run:
    gold = write(tmp_path / "gold", *articles)
    peer = Plain(Served("m", server.url, "key", "endpoint"))
    return run_peer(peer, select([gold]), tmp_path / "run")


def test_run_is_read_scored_and_summed_up_like_any_other(
    server: Server, tmp_path: Path
) -> None:
    server.will(returned("Pump 1 runs again"), returned("Pump 3 runs"))
    made = run(server, tmp_path, article(1), article(2))
    scores = write_results(made, read_labels(made))
    joint = scores.figures["quotes.joint"].counts
    assert joint == Counts(1, 2, 2)
    assert scores.errors["quotes"] == {
        "correct": 1,
        "missed": 1,
        "spurious.unplaced": 1,
    }
    ref, kept = read_run(made.path)
    assert ref.model == "plain m"
    assert kept.figures["quotes.joint"].counts == joint
    assert [cell.usage.completion_tokens for cell in made.cells] == [10, 10]
    script = runpy.run_path(str(ROOT / "evals" / "baseline.py"))
    baseline = script["summary"](made.path)
    assert (baseline["count"], baseline["output_tokens"]) == (2, 20)
    assert baseline["unplaced"]["quotes"] == 1


def test_article_is_asked_as_it_is_after_one_example(
    server: Server, tmp_path: Path
) -> None:
    server.will(returned())
    one = article(1)
    run(server, tmp_path, one)
    messages = server.requests[0].body["messages"]
    assert [m["role"] for m in messages] == ["system", "user", "assistant", "user"]
    assert messages[-1]["content"].endswith(one.text)
    assert questions.EXAMPLE in messages[1]["content"]


def test_interrupted_run_goes_on_with_what_is_missing(
    server: Server, tmp_path: Path
) -> None:
    server.will(returned("Pump 1 runs again"), status(503))
    first = run(server, tmp_path, article(1), article(2))
    assert [cell.status for cell in first.cells] == ["ok", "failed"]
    server.will(returned("Pump 2 runs again"))
    again = run(server, tmp_path, article(1), article(2))
    assert server.calls == 3
    assert [cell.status for cell in again.cells] == ["ok", "ok"]
    assert score_run(again, read_labels(again)).figures["quotes.joint"].counts == (
        Counts(2, 2, 2)
    )


def test_folder_of_another_run_is_refused(server: Server, tmp_path: Path) -> None:
    server.will(returned())
    run(server, tmp_path, article(1))
    peer = Plain(Served("other", server.url, "key", "endpoint"))
    with pytest.raises(RunError, match="something else"):
        run_peer(peer, select([tmp_path / "gold"]), tmp_path / "run")


def test_article_that_does_not_fit_is_a_failure_that_stays(
    server: Server, tmp_path: Path
) -> None:
    server.will(status(400))
    made = run(server, tmp_path, article(1))
    (cell,) = made.cells
    assert cell.is_settled and cell.extraction is not None
    assert [f.code for f in cell.extraction.provenance.failures] == ["too_long"]


def test_whole_items_of_an_answer_that_was_cut_are_kept(
    server: Server, tmp_path: Path
) -> None:
    whole = {
        "quotation": "Pump 1 runs again",
        "kind": "direct",
        "mention": "Maren Tolk",
        "speaker": "Maren Tolk",
    }
    cut = json.dumps({"quotes": [whole, whole]})[:-20]
    server.will(completion(cut, finish="length"))
    made = run(server, tmp_path, article(1))
    (cell,) = made.cells
    assert cell.extraction is not None
    assert [q.text for q in cell.extraction.quotes] == ["Pump 1 runs again"]
    assert cell.usage.completion_tokens == 10
    assert cell.extraction.provenance.warnings == [
        "quotes: the answer stopped at the token limit"
    ]


@pytest.mark.parametrize("content", ["", "{", '{"quotes":', '{"quotes":[', "[{]"])
def test_answer_without_a_whole_item_gives_none(content: str) -> None:
    assert whole_items(content, Quotation) == []


def test_repeated_item_is_counted_once(server: Server, tmp_path: Path) -> None:
    server.will(returned(*["Pump 1 runs again"] * 3))
    made = run(server, tmp_path, article(1))
    assert made.cells[0].extraction is not None
    assert len(made.cells[0].extraction.quotes) == 1


def test_small_model_answers_in_the_schema(engine: Engine, tmp_path: Path) -> None:
    gold = write(tmp_path / "gold", article(1))
    served = Served(engine.model, engine.base_url, engine.api_key, "embedded")
    run_peer(Plain(served, max_tokens=40), select([gold]), tmp_path / "run")
    (cell,) = load_run(tmp_path / "run").cells
    assert cell.extraction is not None
    assert cell.extraction.provenance.failures == []
    assert 0 < cell.usage.completion_tokens <= 40


def test_endpoint_is_served_by_its_address() -> None:
    with serve("some-model", "http://127.0.0.1:9/v1") as served:
        assert (served.model, served.endpoint) == ("some-model", "endpoint")
        assert Plain(served).recipe(["quotes"]).host == "127.0.0.1:9"


# LangExtract, which is no dependency: a process that speaks as its worker does


PROCESS = """#!{python}
import json, sys
json.loads(sys.stdin.readline())
print(json.dumps({{"version": "9.9"}}), flush=True)
for line, reply in zip(sys.stdin, {replies!r}):
    assert json.loads(line)["task"] == "quotes"
    print(json.dumps(reply), flush=True)
"""
COUNTS = {"calls": 3, "cut": 1, "prompt": 30, "cached": 20, "completion": 9}


def process(tmp_path: Path, *replies: Any) -> Path:
    path = tmp_path / "python"
    code = PROCESS.format(python=sys.executable, replies=list(replies))
    path.write_text(code, encoding="utf-8")
    path.chmod(0o755)
    return path


def ask_process(python: Path, tmp_path: Path) -> Run:
    gold = write(tmp_path / "gold", article(1))
    served = Served("m", "http://127.0.0.1:9/v1", "key", "endpoint")
    with LangExtract(served, python, 100) as peer:
        return run_peer(peer, select([gold]), tmp_path / "run")


def test_langextract_is_taken_at_its_word(tmp_path: Path) -> None:
    attributes = {"kind": "direct", "speaker": ["Maren Tolk"], "mention": None}
    items = [
        {"words": "Pump 1 rans again", "at": [1, 18], "attributes": attributes},
        {"words": "nothing of it", "at": None, "attributes": {}},
    ]
    made = ask_process(process(tmp_path, {"items": items, "counts": COUNTS}), tmp_path)
    (cell,) = made.cells
    assert cell.extraction is not None
    (said,) = cell.extraction.quotes
    assert said.text == "Pump 1 runs again"
    assert cell.extraction.speakers[0].name == "Maren Tolk"
    assert [r.text for r in cell.extraction.rejected] == ["nothing of it"]
    assert cell.unplaced == Unplaced()
    assert (cell.calls, cell.usage.completion_tokens) == (3, 9)
    assert len(cell.extraction.provenance.warnings) == 1
    assert made.meta.libraries == {"langextract": "9.9"}
    scores = write_results(made, read_labels(made))
    assert scores.figures["quotes.joint"].counts == Counts(1, 1, 1)


@pytest.mark.parametrize(
    ("error", "code", "settled"),
    [("too_long", "too_long", True), ("APITimeoutError", "endpoint", False)],
)
def test_failure_of_langextract_is_the_articles_only_if_it_is_too_long(
    error: str, code: str, settled: bool, tmp_path: Path
) -> None:
    reply = {"error": error, "counts": COUNTS}
    (cell,) = ask_process(process(tmp_path, reply), tmp_path).cells
    assert cell.is_settled == settled
    codes = {cell.code} if not settled else set()
    if cell.extraction:
        codes = {failure.code for failure in cell.extraction.provenance.failures}
    assert codes == {code}


def test_process_that_ends_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="process has ended"):
        ask_process(process(tmp_path), tmp_path)


def test_environment_without_langextract_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="process has ended"):
        ask_process(Path(sys.executable), tmp_path)
    with pytest.raises(RunError, match="cannot be started"):
        ask_process(tmp_path / "nowhere", tmp_path)


def test_event_has_an_argument_for_each_word_of_a_role() -> None:
    attributes = {"type": None, "agent": ["A crane", "a gust"], "place": "the pier"}
    item = {"words": "struck", "at": [3, 3], "attributes": attributes}
    assert langextracting._event(item) == FoundEvent(
        words="struck",
        at=None,
        type="Other",
        arguments=(("agent", "A crane"), ("agent", "a gust"), ("place", "the pier")),
    )
