"""Main clauses: whether English words state something or only name it."""

import pytest

from extractor.segmentation.clauses import (
    complement_of,
    has_infinitive,
    is_order,
    is_past_verb,
    is_said,
    is_spoken,
    read_predicate,
)


@pytest.mark.parametrize(
    "words",
    [
        "The bridge was old.",
        "The bridge that fell last year was old.",
        "The council's chief told the reporters.",
        "All they have left is talk.",
        "If the wall breaks, the town will drown.",
        "It doesn’t rain.",
        "Nobody’s been asked.",
        "The flood poses a danger.",
        "They want a wall.",
    ],
)
def test_a_statement_has_a_main_verb(words: str) -> None:
    assert read_predicate(words).certain


@pytest.mark.parametrize(
    "words",
    [
        "Admiration for the crew which has kept the bridge open.",
        "A pilot who had tied herself to the gate.",
        "The results on the board.",
        "The council’s 'very clever' plan for a wall.",
        "The plans as “empty words that are never kept”.",
        "What they had built in the last week.",
        "The promise he made.",
        "Farmers to move their sheep.",
    ],
)
def test_a_name_has_none(words: str) -> None:
    assert not read_predicate(words).certain


@pytest.mark.parametrize(
    ("words", "lemma", "said"),
    [
        ("The bridge stood at 40 metres.", "say", True),
        ("The bridge stood at 40 metres.", "praise", False),
        ("The bridge was old.", "announce", True),
        ("A new bridge to the island.", "announce", False),
        ("A new bridge to the island.", "say", False),
        ("Would drown the town.", "say", False),
        ("Him to the bridge so that he could see it.", "recall", False),
        ("How the bridge would fall.", "say", False),
        ("The old bridge stood in Vall.", None, True),
    ],
)
def test_what_is_reported_depends_on_the_reporting_verb(
    words: str, lemma: str | None, said: bool
) -> None:
    assert is_said(words, lemma) is said


@pytest.mark.parametrize(
    ("lemma", "complement"),
    [
        ("argue", "clause"),
        ("praise", "noun"),
        ("announce", "either"),
        ("grok", "clause"),
    ],
)
def test_a_reporting_verb_takes_clauses_or_nouns(lemma: str, complement: str) -> None:
    assert complement_of(lemma) == complement


@pytest.mark.parametrize(
    ("words", "spoken"),
    [
        ("They’re way beyond that.", True),
        ("Of course I believe in rain.", True),
        ("When the rain comes the river rises every single time.", True),
        ("Certainly no flood, and certainly no storm.", False),
        ("Remember the flood of last year.", False),
        ("To pray for them.", False),
    ],
)
def test_spoken_fragments_and_orders_state_nothing(words: str, spoken: bool) -> None:
    assert is_spoken(words) is spoken


@pytest.mark.parametrize(
    ("words", "order"),
    [
        ("Remember the flood.", True),
        ("Take care of the bridge that fell.", True),
        ("Look, the bridge fell.", False),
        ("Need is great.", False),
        ("Reading is fun.", False),
    ],
)
def test_an_order_begins_with_what_is_to_be_done(words: str, order: bool) -> None:
    assert is_order(words) is order


def test_an_infinitive_needs_somebody_before_it() -> None:
    assert has_infinitive("Farmers to move their sheep.")
    assert not has_infinitive("To move their sheep.")


@pytest.mark.parametrize(
    ("word", "past"),
    [("went", True), ("opened", True), ("need", False), ("opens", False)],
)
def test_past_verbs_are_known_by_form(word: str, past: bool) -> None:
    assert is_past_verb(word) is past
