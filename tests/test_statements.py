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
        "VALL, Nor., March 14 (Agency) — ",
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


@pytest.mark.parametrize(
    ("text", "content", "lemma"),
    [
        ("Brun praised the crew’s long fight.", "the crew’s long fight", "praise"),
        ("Brun read the results on the pier.", "the results on the pier", "read"),
        (
            "Brun expressed admiration for a crew which has saved many.",
            "admiration for a crew which has saved many",
            "express",
        ),
        (
            "Brun explained what they had built in a week.",
            "what they had built in a week",
            "explain",
        ),
        ("Brun called for a new bridge to Vall.", "a new bridge to Vall", "call for"),
        ("Brun called the bridge a great risk.", "the bridge a great risk", "call"),
    ],
)
def test_what_is_only_named_is_told_by_the_article(
    text: str, content: str, lemma: str
) -> None:
    at = text.index(content)
    verb = Cue(5, at - 1, lemma, "verb")
    said = Range(at, at + len(content))
    quote = Passage((said,), "indirect", (), verb, (), 0.9)
    [statement] = find_statements(segment(text), [quote])
    assert (statement.text, statement.passage) == (text, None)


def test_a_fragment_in_quotation_marks_is_no_claim_of_its_speaker() -> None:
    text = (
        "A guard saw gulls eat “weird and wonderful things in the harbour” on Monday."
    )
    quote = passage(text, "weird and wonderful things in the harbour")
    [statement] = find_statements(segment(text), [quote])
    assert (statement.text, statement.passage) == (text, None)


def test_who_is_to_do_something_is_ordered() -> None:
    text = "Brun asked farmers to move their sheep uphill."
    at = text.index("farmers")
    verb = Cue(5, 10, "ask", "verb")
    quote = Passage((Range(at, len(text) - 1),), "indirect", (), verb, (), 0.9)
    [statement] = find_statements(segment(text), [quote])
    assert (statement.text, statement.modality, statement.passage) == (
        "Farmers to move their sheep uphill.",
        "ordered",
        0,
    )


def test_a_clause_behind_that_is_stated_whatever_the_verb() -> None:
    text = "The suit alleges that firms engaged in a plot against Vall."
    at = text.index("firms")
    verb = Cue(9, 16, "allege", "verb")
    quote = Passage((Range(at, len(text) - 1),), "indirect", (), verb, (), 0.9)
    [statement] = find_statements(segment(text), [quote])
    assert statement.passage == 0


def test_words_of_other_languages_are_not_searched_for_english_verbs() -> None:
    text = "Die Brücke sei alt und der Damm zu niedrig gewesen, sagte Brun."
    quote = passage(text, "Die Brücke sei alt und der Damm zu niedrig gewesen")
    [statement] = find_statements(segment(text), [quote], "de")
    assert statement.passage == 0


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("prices rose “at the pump. ”", "Prices rose “at the pump.”"),
        ("the wall fell in May..", "The wall fell in May."),
        ("the “wall,” fell in May,", "The “wall,” fell in May."),
        ("and so far the wall has stood", "So far the wall has stood."),
        (
            "in addition to a wall, Vall has a dam",
            "In addition to a wall, Vall has a dam.",
        ),
    ],
)
def test_only_the_edges_of_a_statement_are_tidied(content: str, text: str) -> None:
    article = f"Brun said {content}"
    said = Range(10, len(article))
    quote = Passage((said,), "indirect", (), Cue(5, 9, "say", "verb"), (), 0.9)
    [statement] = find_statements(segment(article), [quote])
    assert statement.text == text
