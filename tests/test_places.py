"""Place names by gazetteer, head noun and preposition."""

import pytest

from extractor.segmentation.model import Mention, Range, Segmentation, Sentence
from extractor.segmentation.places import find_places


def found(text: str, mentions: list[Mention] | None = None) -> list[str]:
    sentence = Sentence("S1", 0, len(text), 0)
    article = Segmentation(text, (Range(0, len(text)),), (sentence,), ())
    return [place.of(text) for place in find_places(article, mentions)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("France and South Sudan signed.", ["France", "South Sudan"]),
        ("It rained in New York City.", ["New York City"]),
        ("Floods hit Ohio and Kashmir.", ["Ohio", "Kashmir"]),
        ("It happened near Port Quillan.", ["Port Quillan"]),
        ("They met in northern Velmora.", ["Velmora"]),
        ("Shots rang at Kestrel Airport.", ["Kestrel Airport"]),
        ("Mines lay in Velmora province.", ["Velmora province"]),
        ("It left the city of Velmora.", ["city of Velmora"]),
        ("He was held at a military base.", ["military base"]),
        ("The Velmora River rose.", ["Velmora River"]),
        ("France's envoy left.", ["France"]),
        ("A van burned on Rue Kestrel.", ["Rue Kestrel"]),
    ],
)
def test_finds(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The Iraqi envoy and the French press agreed.",
        "It rained in March and in English.",
        "The Bank of England raised rates.",
        "The Washington Post said so.",
        "Paris Lindqvist sang.",
        "They trained in Syrian tactics.",
        "The Justice Department refused.",
        "She believes in God.",
    ],
)
def test_leaves_alone(text: str) -> None:
    assert found(text) == []


def test_name_of_something_else_hides_the_place_in_it() -> None:
    text = "Radio Free Velmora in Ohio and Ohio Steel of Texas."
    start = text.index("Steel of Texas") - len("Ohio ")
    mention = Mention(start, start + len("Ohio Steel of Texas"), "name")
    assert found(text, [mention]) == ["Ohio"]


def test_places_do_not_overlap() -> None:
    text = "They fled from the city of Paris, France, to Lyon airport."
    assert found(text) == ["city of Paris", "France", "Lyon airport"]


def test_offsets_are_those_of_the_text() -> None:
    text = "İstanbul çok; it rained in Velmora."
    sentence = Sentence("S1", 0, len(text), 0)
    places = find_places(Segmentation(text, (), (sentence,), ()))
    start = text.index("Velmora")
    assert places[-1] == Range(start, start + len("Velmora"))
