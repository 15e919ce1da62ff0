import json
import unicodedata
from collections.abc import Sequence

import pytest

from extractor.documents import make_document
from extractor.export import FORMATS
from extractor.report import clean, to_text
from extractor.schema import (
    Argument,
    Claim,
    Document,
    Event,
    EventTime,
    Extraction,
    Failure,
    Provenance,
    Quote,
    Rejected,
    Span,
    Speaker,
    TaskStats,
    Usage,
)

TEXT = (
    "Wall falls at Port Averil\n\n"
    "The sea wall broke on Tuesday. “We heard it,” said harbour master Maren Tolk. "
    "“Then the sea was in the street.”\n\n"
    "She said letters had gone unanswered.\n"
)
ESCAPES = "\x1b[31m\x1b]0;title\x07 \u202egnihtemos\u2066 \x9b2J \ud800 [bold]b[/bold]"


def span(doc: Document, words: str, after: str = "") -> Span:
    start = doc.text.index(words, doc.text.index(after))
    return Span(start=start, end=start + len(words), text=words)


def provenance(**values: object) -> Provenance:
    return Provenance.model_validate(
        {"model": "local", "endpoint": "embedded"} | values
    )


@pytest.fixture
def doc() -> Document:
    return make_document(TEXT, title="Wall falls", published="2024-03-14")


@pytest.fixture
def extraction(doc: Document) -> Extraction:
    tolk = Speaker(
        id="p1",
        name="Maren Tolk",
        kind="person",
        description="harbour master",
        mentions=[span(doc, "Maren Tolk"), span(doc, "She")],
    )
    quotes = [
        Quote(
            id="q1",
            kind="direct",
            spans=[
                span(doc, "We heard it,"),
                span(doc, "Then the sea was in the street."),
            ],
            text="We heard it, Then the sea was in the street.",
            speaker="p1",
            speaker_mention=span(doc, "Maren Tolk"),
            cue=span(doc, "said"),
        ),
        Quote(
            id="q2",
            kind="indirect",
            spans=[span(doc, "letters had gone unanswered")],
            text="letters had gone unanswered",
            speaker="p1",
            speaker_mention=span(doc, "She"),
            cue=span(doc, "said", after="She"),
        ),
    ]
    claim = Claim(
        id="c1",
        text="Letters to the county had gone unanswered.",
        spans=[span(doc, "letters had gone unanswered")],
        claimant="p1",
        modality="asserted",
        quotes=["q2"],
        check_worthy=True,
    )
    event = Event(
        id="e1",
        type="Disaster",
        trigger=span(doc, "broke"),
        arguments=[Argument(role="patient", span=span(doc, "The sea wall"))],
        place=span(doc, "Port Averil"),
        time=EventTime(
            span=span(doc, "Tuesday"), value="2024-03-12", basis="publication_date"
        ),
        status="happened",
    )
    rejected = Rejected(
        task="quotes",
        text="We never heard it",
        verdict="altered",
        nearest=span(doc, "We heard it"),
        diff="We [+never+] heard it",
    )
    return Extraction(
        document=doc,
        speakers=[tolk],
        quotes=quotes,
        claims=[claim],
        events=[event],
        rejected=[rejected],
        provenance=provenance(
            engine="llama.cpp 1",
            calls=7,
            seconds=12.345,
            usage=Usage(prompt_tokens=4200, cached_tokens=3900, completion_tokens=210),
            tasks={"quotes": TaskStats(calls=7)},
            failures=[Failure(task="claims", code="truncated", message="Cut off.")] * 2,
            warnings=["No date in the article."],
        ),
    )


def empty(doc: Document, tasks: Sequence[str] = ()) -> Extraction:
    stats = {task: TaskStats() for task in tasks}
    return Extraction(document=doc, provenance=provenance(tasks=stats))


def test_listing_reads_line_by_line(extraction: Extraction) -> None:
    assert to_text(extraction) == (
        """\
Wall falls
published 2024-03-14 · en · 32 words · model local

QUOTES (2)
q1  Maren Tolk — said
    We heard it, … Then the sea was in the street.
    direct · paragraph 2 · characters 59-71, 106-137
q2  Maren Tolk (She) — said
    letters had gone unanswered
    indirect · paragraph 3 · characters 149-176

SPEAKERS (1)
p1  Maren Tolk
    person · harbour master · 2 mentions · 2 quotes

CLAIMS (1)
c1  Letters to the county had gone unanswered.
    Maren Tolk · asserted · worth checking
    letters had gone unanswered
    in q2 · paragraph 3 · characters 149-176

EVENTS (1)
e1  2024-03-12 · Disaster: broke · happened
    The sea wall broke on Tuesday.
    patient: The sea wall
    place: Port Averil
    time: Tuesday (from the publication date)
    paragraph 2 · characters 40-45

REJECTED (1)
-   quotes: altered
    model:   We never heard it
    article: We heard it
    diff:    We [+never+] heard it
    paragraph 2 · characters 59-70

local (llama.cpp 1) · 12.3 s · 7 calls · 4,200 prompt tokens (3,900 from the
  cache) · 210 generated
failed: claims (truncated): Cut off. (2 times)
note: No date in the article.
"""
    )


@pytest.mark.parametrize("width", [40, 80, 120])
def test_lines_keep_to_the_width(extraction: Extraction, width: int) -> None:
    lines = to_text(extraction, width).splitlines()
    assert max(map(len, lines)) <= width
    assert not any(line.endswith(" ") for line in lines)


def test_only_tasks_that_were_asked_are_listed(doc: Document) -> None:
    listing = to_text(empty(doc, ["quotes", "claims"]))
    assert "QUOTES (0)\n    none found" in listing
    assert "CLAIMS (0)" in listing
    assert "SPEAKERS" not in listing and "EVENTS" not in listing


def test_color_is_only_there_on_request(extraction: Extraction) -> None:
    assert "\x1b[" not in to_text(extraction)
    assert "\x1b[1m" in to_text(extraction, color=True)


def test_no_color_is_honoured(
    extraction: Extraction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[32m" not in to_text(extraction, color=True)


def hostile() -> Extraction:
    text = f"Before.\n{ESCAPES} ran.\nAfter."
    doc = make_document(text, title=ESCAPES, source=ESCAPES)
    words = span(doc, ESCAPES)
    return Extraction(
        document=doc,
        speakers=[
            Speaker(
                id="p1",
                name=ESCAPES,
                kind="person",
                description=ESCAPES,
                mentions=[words],
            )
        ],
        quotes=[
            Quote(
                id="q1",
                kind="direct",
                spans=[words],
                text=ESCAPES,
                speaker="p1",
                speaker_mention=span(doc, "Before"),
                cue=words,
            )
        ],
        claims=[
            Claim(
                id="c1",
                text=ESCAPES,
                spans=[words],
                claimant="p1",
                modality="asserted",
                check_worthy=True,
            )
        ],
        events=[
            Event(
                id="e1",
                type=ESCAPES,
                trigger=words,
                arguments=[Argument(role=ESCAPES, span=words)],
                place=words,
                time=EventTime(span=words, value=ESCAPES, basis="stated"),
                status="happened",
                reported_by="p1",
            )
        ],
        rejected=[
            Rejected(
                task="quotes",
                text=ESCAPES,
                verdict="absent",
                nearest=words,
                diff=ESCAPES,
            )
        ],
        provenance=provenance(
            model=ESCAPES,
            engine=ESCAPES,
            failures=[Failure(task="quotes", code=ESCAPES, message=ESCAPES)],
            warnings=[ESCAPES],
        ),
    )


def test_the_article_cannot_steer_the_terminal() -> None:
    listing = to_text(hostile())
    steering = {c for c in listing if unicodedata.category(c) in ("Cc", "Cs")} - {"\n"}
    assert steering == set()
    assert not set("\u202e\u2066") & set(listing)
    assert "\\x1b[31m" in listing


def test_markup_of_the_article_stays_literal() -> None:
    listing = to_text(hostile(), width=400)
    assert listing.count("[bold]b[/bold]") >= 15


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("two\r\nlines and a\u00a0space", "two lines and a space"),
        ("bell\a", "bell\\x07"),
        ("c1 \x9b", "c1 \\x9b"),
        ("override \u202e", "override \\u202e"),
        ("می\u200cروند", "می\u200cروند"),
        ("👩\u200d🚒 and é", "👩\u200d🚒 and é"),
    ],
)
def test_clean(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_right_to_left_words_stand_on_their_own_line() -> None:
    words = "دیوار پیش از سپیده‌دم فرو ریخت"
    doc = make_document(f"مارن تولک گفت: «{words}».")
    quote = Quote(
        id="q1", kind="direct", spans=[span(doc, words)], text=words, speaker=None
    )
    listing = to_text(Extraction(document=doc, quotes=[quote], provenance=provenance()))
    assert f"\n    {words}\n" in listing
    assert "speaker not named" in listing


def test_json_reads_back_as_the_extraction(extraction: Extraction) -> None:
    [piece] = FORMATS["json"]([extraction])
    assert Extraction.model_validate_json(piece) == extraction


def test_json_of_many_is_an_array(extraction: Extraction) -> None:
    pieces = "".join(FORMATS["json"]([extraction] * 3))
    assert len(json.loads(pieces)) == 3


def test_jsonl_is_one_line_each(extraction: Extraction) -> None:
    lines = "".join(FORMATS["jsonl"]([extraction] * 2)).split("\n")
    assert lines.pop() == ""
    assert [Extraction.model_validate_json(line) for line in lines] == [extraction] * 2


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_gives_nothing(name: str) -> None:
    assert "".join(FORMATS[name]([])) == ""


@pytest.mark.parametrize("name", ["json", "jsonl"])
def test_lone_surrogates_become_escapes(name: str) -> None:
    written = "".join(FORMATS[name]([hostile()])).encode("utf-8")
    assert Extraction.model_validate(json.loads(written)) == hostile()


def test_text_lists_one_after_the_other(extraction: Extraction) -> None:
    listing = "".join(FORMATS["text"]([extraction] * 2))
    assert listing == to_text(extraction) + "\n" + to_text(extraction)


def test_evidence_that_is_the_claim_is_not_repeated(extraction: Extraction) -> None:
    claim = extraction.claims[0].model_copy(
        update={"text": "Letters had gone unanswered."}
    )
    listing = to_text(extraction.model_copy(update={"claims": [claim]}))
    assert "worth checking\n    in q2" in listing
