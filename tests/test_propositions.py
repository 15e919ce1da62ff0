"""Two wordings of a claim: what they share, and when they contradict each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.evaluation.scoring.propositions import (
    contradiction,
    read_proposition,
    token_f1,
    token_recall,
)
from extractor.evaluation.scoring.tokens import plain_text, read_tokens, word_lists

AGREE = [
    ("en", "The ferry sank on 16 August 2016.", "The ferry sank [2016-08-16]."),
    ("en", "It sank on Tuesday.", "It sank on August 16th, 2016."),
    ("en", "It sank in August 2016.", "It sank in August."),
    ("en", "It cost 1,200 crowns.", "It cost one thousand two hundred crowns."),
    ("en", "Two million left.", "2 million left."),
    ("en", "2.5 million left.", "2,500,000 left."),
    ("en", "Twenty-one men and a dog.", "21 men and one dog."),
    ("en", "It rose by 5%.", "It rose by five per cent."),
    ("en", "On 16 August 12 men died.", "12 men died on August 16."),
    ("en", "The council didn't pay.", "The council never paid."),
    ("en", "Neither Falk nor Reck came.", "Falk and Reck did not come."),
    ("en", "It is not only old.", "It is old."),
    ("en", "Norvia sued Sudland.", "Sudland was sued by Norvia."),
    ("en", "Police arrested Falk.", "Falk was arrested by the police."),
    ("en", "Falk praised Reck and Brun.", "Falk praised Brun and Reck."),
    ("de", "Es kostete 1.200 Kronen.", "Es kostete 1200 Kronen."),
    ("de", "Er kam am 16. August 2016.", "Er kam am Dienstag."),
    ("de", "Es kostete 3,5 Millionen.", "Es kostete 3500000."),
    ("fr", "Le pont n'a jamais ouvert.", "Le pont n'a pas été ouvert."),
    ("fr", "Il a coûté 12\u202f000 couronnes.", "Il a coûté 12 mille couronnes."),
    ("es", "No vino nadie.", "Nadie vino."),
    ("pt", "Ninguém veio na segunda-feira.", "Não veio ninguém."),
]
DISAGREE = [
    ("polarity", "en", "Nobody was hurt.", "People were hurt."),
    ("polarity", "en", "The council paid.", "The council denied that it paid."),
    ("polarity", "de", "Die Brücke ist offen.", "Die Brücke ist nicht offen."),
    ("polarity", "fr", "Le pont est ouvert.", "Le pont n’est pas ouvert."),
    ("polarity", "es", "Vino el alcalde.", "Nunca vino el alcalde."),
    ("polarity", "pt", "A ponte abriu.", "A ponte não abriu."),
    ("number", "en", "12 men died.", "13 men died."),
    ("number", "en", "Twelve men and 3 dogs died.", "Twelve men died."),
    ("number", "de", "Zwölf starben.", "13 starben."),
    ("date", "en", "It sank in May.", "It sank in June."),
    ("date", "en", "It sank in 2015.", "It sank in 2016."),
    ("date", "en", "It sank on Monday.", "It sank on 16 August 2016."),
    ("date", "es", "Fue el 3 de mayo.", "Fue el 4 de mayo."),
    ("roles", "en", "Norvia sued Sudland.", "Sudland sued Norvia."),
    ("roles", "en", "Norvia sued Sudland.", "Norvia was sued by Sudland."),
    ("roles", "fr", "Falk accuse Reck.", "Falk est accusé par Reck."),
]


@pytest.mark.parametrize(("language", "one", "other"), AGREE)
def test_wordings_of_one_claim_do_not_contradict(
    language: str, one: str, other: str
) -> None:
    first, second = read_proposition(one, language), read_proposition(other, language)
    assert contradiction(first, second) is contradiction(second, first) is None


@pytest.mark.parametrize(("kind", "language", "one", "other"), DISAGREE)
def test_what_one_wording_denies_of_the_other_is_named(
    kind: str, language: str, one: str, other: str
) -> None:
    first, second = read_proposition(one, language), read_proposition(other, language)
    assert contradiction(first, second) == contradiction(second, first) == kind


def test_words_are_a_multiset_without_articles_and_marks() -> None:
    one = read_proposition("The bridge, the old bridge, is shut!")
    assert dict(one.words) == {"bridge": 2, "old": 1, "is": 1, "shut": 1}
    other = read_proposition("Bridge is shut")
    assert token_f1(one, other) == pytest.approx(2 * 3 / 8)
    assert token_recall(one, [other, read_proposition("an old bridge")]) == 4 / 5


def test_nothing_shares_nothing() -> None:
    empty = read_proposition("…")
    assert token_f1(empty, empty) == token_recall(empty, [empty]) == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("two hundred and fifty", "250"),
        ("three hundred thousand", "300000"),
        ("1000 million", "1000000000"),
        ("100 thousand", "100000"),
        ("forty-two thousand and", "42000 and"),
        ("20 five-storey houses", "20 5 storey houses"),
        ("one of three four", "one of 3 4"),
        ("the 16-year-old", "the 16 year old"),
        ("G20 and 5km", "g20 and 5 km"),
        ("5 bn, bn", "5000000000 bn"),
        ("1.234,5 and 1,234.5", "1234.5 and 1234.5"),
        ("10.20.30", "10.2 30"),
    ],
)
def test_a_number_has_one_form(text: str, expected: str) -> None:
    tokens = read_tokens(plain_text(text), word_lists("en"))
    assert " ".join(token.text for token in tokens) == expected


def test_han_is_compared_sign_by_sign() -> None:
    one, other = (read_proposition(text, "zh") for text in ("三人死亡", "五人死亡"))
    assert token_f1(one, other) == 3 / 4


def test_there_is_no_weekday_of_a_day_that_does_not_exist() -> None:
    assert read_proposition("30 February 2016").dates[3] == frozenset()


@given(st.text(), st.text(), st.sampled_from(["en", "de", "fr", "es", "pt", "xx"]))
def test_any_text_can_be_read_and_equals_itself(
    one: str, other: str, language: str
) -> None:
    first, second = read_proposition(one, language), read_proposition(other, language)
    assert contradiction(first, first) is None
    assert token_f1(first, first) in (0, 1)
    assert token_f1(first, second) == token_f1(second, first)
    assert contradiction(first, second) == contradiction(second, first)
