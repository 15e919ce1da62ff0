"""Statements: the sentences a claim can be made of."""

import pytest

from extractor.schema import Modality, QuoteKind
from extractor.segmentation import segment
from extractor.segmentation.model import Cue, Passage, Range
from extractor.statements import check_worthiness, find_statements, modality_of


def passage(text: str, *parts: str, kind: QuoteKind = "direct") -> Passage:
    spans = tuple(Range(text.index(p), text.index(p) + len(p)) for p in parts)
    return Passage(spans, kind, (), None, (), 0.9)


def test_narration_is_stated_by_nobody() -> None:
    text = "The ferry sank off Vall on Friday. Nobody was hurt, the crew came home."
    statements = find_statements(segment(text), [])
    assert [s.text for s in statements] == [
        "The ferry sank off Vall on Friday.",
        "Nobody was hurt, the crew came home.",
    ]
    assert {s.passage for s in statements} == {None}


def test_a_quote_gives_one_statement_a_sentence_without_its_attribution() -> None:
    text = "“The ferry was old,” Ada Brun said. “It had no boats. Who knew?”"
    quote = passage(text, "The ferry was old,", "It had no boats. Who knew?")
    statements = find_statements(segment(text), [quote])
    assert [(s.text, s.passage) for s in statements] == [
        ("The ferry was old.", 0),
        ("It had no boats.", 0),
    ]


def test_spans_are_the_evidence() -> None:
    text = "But the ferry, they say, was older than the harbour."
    statement = find_statements(segment(text), [])[0]
    assert statement.text == "The ferry, they say, was older than the harbour."
    assert statement.spans[0].of(text) == text


@pytest.mark.parametrize(
    "head",
    [
        "VALL, Norland (Agency) - ",
        "PORT VALL, March 14, 2024 (Northline) - ",
        "VALL — ",
        "Vall (NN) – ",
    ],
)
def test_a_dateline_is_no_part_of_a_statement(head: str) -> None:
    text = f"{head}The ferry sank on Friday with 40 people on board."
    statement = find_statements(segment(text), [])[0]
    assert statement.text == "The ferry sank on Friday with 40 people on board."
    assert statement.spans[0].start == len(head)


@pytest.mark.parametrize(
    "text",
    [
        "Why did the ferry sink so fast?",
        "Ferry sinks off Vall, many saved",
        "By Ann Lee",
    ],
)
def test_questions_headlines_and_bylines_state_nothing(text: str) -> None:
    assert find_statements(segment(text), []) == []


def test_figures_and_actions_are_worth_checking_more_than_opinions() -> None:
    facts = check_worthiness("The ferry carried 40 people more than Vall had allowed.")
    plain = check_worthiness("The ferry sails between two islands every day.")
    opinion = check_worthiness("We should be proud of our wonderful crew, I think.")
    assert facts > plain > opinion
    assert facts >= 0.5 > opinion


@pytest.mark.parametrize(
    ("words", "cue", "modality"),
    [
        ("The ferry sank.", "say", "asserted"),
        ("The ferry sank.", "deny", "denied"),
        ("The ferry sails again.", "demand", "ordered"),
        ("The ferry will sail again.", "say", "predicted"),
        ("The ferry would sail again.", "say", "predicted"),
        ("The ferry may have been overloaded.", "say", "hedged"),
    ],
)
def test_modality_is_the_cues_before_the_words(
    words: str, cue: str, modality: Modality
) -> None:
    assert modality_of(words, cue) == modality


def test_the_cue_of_a_passage_gives_its_modality() -> None:
    text = "Brun denied that the ferry had been overloaded with cars."
    denied = passage(text, "the ferry had been overloaded with cars", kind="indirect")
    cue = Cue(5, 11, "deny", "verb")
    quote = Passage(denied.spans, "indirect", (), cue, (), 0.9)
    statement = find_statements(segment(text), [quote])[0]
    assert statement.modality == "denied"
    assert statement.text == "The ferry had been overloaded with cars."


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("市长林海燕在 2019 年视察了河边的新桥。", True),
        ("महापौर ने 2019 में नदी पर नया पुल देखा।", True),
        ("新桥。", False),
    ],
)
def test_other_scripts_have_words_and_full_stops_too(text: str, stated: bool) -> None:
    assert [s.text for s in find_statements(segment(text), [])] == [text] * stated


def test_a_quote_without_a_stop_ends_with_that_of_its_script() -> None:
    text = "「郡に二度警告したが、誰も答えなかった」と市長は述べた。"
    [statement] = find_statements(segment(text), [passage(text, text[1:19])])[:1]
    assert statement.text == "郡に二度警告したが、誰も答えなかった。"
