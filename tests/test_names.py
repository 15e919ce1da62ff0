import pytest

from extractor.segmentation import segment
from extractor.segmentation.names import find_mentions


def mentions(text: str, kind: str | None = None) -> list[str]:
    found = find_mentions(segment(text))
    return [text[m.start : m.end] for m in found if kind in (None, m.kind)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They met Sen. Viktor Orlan there.", ["Sen. Viktor Orlan", "Viktor Orlan"]),
        ("It was Mill News host Ann Lee.", ["Mill News host Ann Lee", "Ann Lee"]),
        (
            "It pleased Vardia's National Security Council Secretary Ali Brandt.",
            ["Vardia's National Security Council Secretary Ali Brandt", "Ali Brandt"],
        ),
        ("It was former mayor Ada Quist.", ["former mayor Ada Quist", "Ada Quist"]),
        (
            "They saw campaign manager Tom O'Brill.",
            ["campaign manager Tom O'Brill", "Tom O'Brill"],
        ),
    ],
)
def test_title_run_and_bare_name_are_both_given(text: str, expected: list[str]) -> None:
    assert set(expected) <= set(mentions(text, "name"))


@pytest.mark.parametrize(
    "name",
    [
        "Tom O'Brill",
        "Ludo van der Meer",
        "Omar al-Hadid",
        "J. K. Marsh",
        "Zoë Çelik",
        "Ada\u00a0Quist",
        "Jean-Luc Ferrand",
        "AT&T",
        "the Department of Public Works",
        "the World Rivers Organization",
        "VRT",
    ],
)
def test_a_name_is_found_whole(name: str) -> None:
    assert name in mentions(f"It was said that {name} had left the town.")


def test_a_possessive_ends_the_name() -> None:
    assert "Ada Quist" in mentions("They read Ada Quist’s letter.", "name")


def test_a_name_that_modifies_a_head_is_no_mention_of_its_own() -> None:
    assert mentions("Many Quist supporters left.") == ["Many Quist supporters"]


@pytest.mark.parametrize(
    "nominal",
    [
        "a spokesman for the mayor",
        "The statement",
        "two officials",
        "the company",
        "residents of Lower Mire",
        "a member of the river council",
        "the 46-year-old",
    ],
)
def test_a_nominal_is_found_with_what_tells_whose_it_is(nominal: str) -> None:
    assert nominal in mentions(f"{nominal} left early.", "nominal")


@pytest.mark.parametrize("group", ["Critics", "Police", "Residents"])
def test_a_bare_plural_is_a_nominal(group: str) -> None:
    assert group in mentions(f"{group} said the dam was old.", "nominal")


def test_a_singular_without_a_determiner_is_no_mention() -> None:
    assert mentions("to head home by car") == []


@pytest.mark.parametrize("pronoun", ["he", "she", "they", "who", "it"])
def test_pronouns_are_mentions(pronoun: str) -> None:
    assert mentions(f"and {pronoun} left", "pronoun") == [pronoun]


def test_a_capital_at_the_beginning_of_a_sentence_makes_no_name() -> None:
    assert mentions("Yesterday the rain fell. However, nothing broke.", "name") == []


def test_a_name_at_the_beginning_of_a_sentence_is_found() -> None:
    assert "Quist" in mentions("Quist left. Nobody saw her.", "name")


def test_a_verb_ends_a_name_in_a_headline() -> None:
    text = "Ada Quist Promises New Bridge For Lower Mire\n\nAda Quist spoke."
    assert "Ada Quist" in mentions(text, "name")
    assert not any("Promises" in found for found in mentions(text))


def test_mentions_come_in_order_and_within_the_text() -> None:
    text = "Mayor Ada Quist met Sen. Tom Brill and two officials. She left."
    found = find_mentions(segment(text))
    assert [m.start for m in found] == sorted(m.start for m in found)
    assert all(0 <= m.start < m.end <= len(text) for m in found)


@pytest.mark.parametrize("text", ["", " ", "...", "\u0130STANBUL", '"', "’s"])
def test_odd_text_does_not_fail(text: str) -> None:
    assert all(m.end <= len(text) for m in find_mentions(segment(text)))


@pytest.mark.parametrize(
    ("language", "text", "pronoun"),
    [
        ("de", "Dann ging sie fort.", "sie"),
        ("fr", "Puis elle partit.", "elle"),
        ("es", "Luego ella se fue.", "ella"),
        ("pt", "Depois ela partiu.", "ela"),
    ],
)
def test_other_languages_have_their_pronouns(
    language: str, text: str, pronoun: str
) -> None:
    found = find_mentions(segment(text), language=language)
    assert pronoun in [text[m.start : m.end] for m in found if m.kind == "pronoun"]


def test_a_first_name_that_ends_like_an_adverb_is_a_name() -> None:
    assert "Elly Arendt" in mentions("Elly Arendt stayed. Shortly Arendt left.", "name")
    assert "Shortly Arendt" not in mentions("Shortly Arendt left.", "name")


def test_a_qualifier_at_the_beginning_names_nobody() -> None:
    assert mentions("Previous owners left. Several stayed.", "name") == []


def test_a_newspaper_called_by_one_small_letter_is_found() -> None:
    assert "The i newspaper" in mentions("The i newspaper said so.", "nominal")
