"""A claim's wording: pronouns and dates resolved, nothing else changed."""

import pytest

from extractor.wording import (
    fill,
    name_speaker,
    open_pronouns,
    resolve_dates,
)


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("She opened the bridge.", ["she"]),
        ("We opened the bridge with our neighbours.", ["we"]),
        ("The bridge opened before its time.", []),
        ("Ida Holt opened the bridge with her son.", []),
        ("Ida Holt said we were wrong.", ["we"]),
        ("He told them nothing.", ["he", "they"]),
        ("It is clear that the bridge was late.", []),
        ("It was late.", ["it"]),
        ("The US sent its navy.", []),
        ("nothing here", []),
        ("The bridge was shut before he came.", ["he"]),
        ("However, she opened the bridge.", ["she"]),
        ("On Monday she opened the bridge.", ["she"]),
        ("In May 2019 they opened the bridge.", ["they"]),
        ("Norway opened the bridge when he came.", ["he"]),
        ("Ida Holt opened the bridge when he came.", ["he"]),
        ("Brandt opened the bridge with his son.", []),
        ("The bridge was opened by Ola Brandt when she came.", []),
        ("The mayor opened the bridge with her son.", []),
        ("When the mayor opened the bridge he was ill.", []),
        ("The plumber opened the bridge with his son.", []),
        ("A spokeswoman opened the bridge when he came.", ["he"]),
        ("Two days ago a citizen of Norway was shot near his home.", []),
        ("In her speech, Ida Holt opened the bridge.", []),
        ("In her speech, nobody was named.", ["she"]),
        ("Some residents left before they were warned.", []),
        ("Monday was when it opened.", ["it"]),
    ],
)
def test_pronouns_that_point_outside_are_found(words: str, keys: list[str]) -> None:
    assert [pronoun.key for pronoun in open_pronouns(words)] == keys


@pytest.mark.parametrize(
    ("words", "referents", "expected"),
    [
        ("She opened it.", ["Ida Holt", "the bridge"], "Ida Holt opened the bridge."),
        ("Her son left.", ["Ida Holt"], "Ida Holt’s son left."),
        ("nobody saw her.", ["Ida Holt"], "nobody saw Ida Holt."),
        ("his boats sank.", ["the Jansens"], "The Jansens’ boats sank."),
        ("We warned them.", ["the council", "the farmers"],
         "We [the council] warned the farmers."),
        ("our wall broke.", ["the council"], "our [the council’s] wall broke."),
        ("it fell.", ["the wall"], "The wall fell."),
    ],
)  # fmt: skip
def test_referents_take_the_pronouns_places(
    words: str, referents: list[str], expected: str
) -> None:
    pronouns = open_pronouns(words)
    assert fill(words, dict(zip(pronouns, referents, strict=True))) == expected


def test_a_pronoun_without_a_referent_stays() -> None:
    assert fill("She opened it.", {}) == "She opened it."


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("I have kept copies.", "Ida Holt has kept copies."),
        ("I’m against it.", "Ida Holt is against it."),
        ("I warned them.", "Ida Holt warned them."),
        ("I think so.", "I think so."),
        ("Ice is thin.", "Ice is thin."),
    ],
)
def test_an_opening_i_becomes_the_speaker(words: str, expected: str) -> None:
    assert name_speaker(words, "Ida Holt") == expected


def test_a_relative_date_is_followed_by_the_date_it_means() -> None:
    words = resolve_dates("The bridge opened on Monday.", "2024-05-15")
    assert words == "The bridge opened on Monday [2024-05-13]."


def test_a_planned_date_lies_ahead() -> None:
    words = resolve_dates("The vote is on March 21.", "2024-03-14", tense="future")
    assert words == "The vote is on March 21 [2024-03-21]."


def test_a_relative_date_without_an_anchor_stays() -> None:
    words = "The bridge opened on Monday."
    assert resolve_dates(words, None) == words
