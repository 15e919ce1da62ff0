"""A claim's wording: pronouns and dates resolved, what is denied in the negative."""

import pytest

from extractor.wording import (
    Pronoun,
    fill,
    gloss,
    is_deed,
    is_trait,
    means_everybody,
    name_speaker,
    negated,
    open_pronouns,
    opening_pronoun,
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
        ("It is time for those who built it to answer.", ["it"]),
        ("It takes years to build one.", []),
        ("It was the rain that broke the wall.", []),
        ("It comes down to money.", []),
        ("It seems that nobody asked.", []),
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
        ("they're late.", "The farmers are late."),
        ("they've been late.", "The farmers have been late."),
        ("they’ll be late.", "The farmers will be late."),
        ("they’d be late.", "they’d be late."),
    ],
)
def test_a_name_takes_no_contraction(words: str, expected: str) -> None:
    assert fill(words, {Pronoun(0, "they"): "the farmers"}) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("She's late.", "Ida Holt's late."),
        ("She's been late.", "Ida Holt has been late."),
        ("She’s not going.", "Ida Holt is not going."),
        ("She’s a pilot.", "Ida Holt is a pilot."),
        ("She'd be late.", "She'd be late."),
    ],
)
def test_a_contraction_is_written_out_where_it_is_plain(
    words: str, expected: str
) -> None:
    assert fill(words, {Pronoun(0, "She"): "Ida Holt"}) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("I have kept copies.", "Ida Holt has kept copies."),
        ("I’m against it.", "Ida Holt is against it."),
        ("I warned them.", "Ida Holt warned them."),
        ("I think so.", "I [Ida Holt] think so."),
        ("I need a boat.", "I [Ida Holt] need a boat."),
        ("I warned them myself.", "I [Ida Holt] warned them myself."),
        ("As I’ve said, it fell.", "As I [Ida Holt] have said, it fell."),
        ("This is my wall.", "This is my [Ida Holt’s] wall."),
        ("He said, ‘I broke it.’", "He said, ‘I broke it.’"),
        ("I’d say so.", "I’d say so."),
        ("Ice is thin.", "Ice is thin."),
    ],
)
def test_a_speakers_i_is_given_his_name(words: str, expected: str) -> None:
    assert name_speaker(words, "Ida Holt") == expected


def test_a_gloss_means_nobody_whom_the_speaker_quotes() -> None:
    words = "They say, 'We lost.'"
    assert gloss(words, Pronoun(11, "We"), "the council") == words


@pytest.mark.parametrize(
    ("words", "opening"),
    [
        ("She left.", "She"),
        ("Of course he left.", "he"),
        ("I don’t think she left.", "she"),
        ("Its roof fell.", "Its"),
        ("It is time for those who broke it to pay.", None),
        ("It was the council that broke it.", None),
        ("It takes a year.", None),
        ("It’s been five years since the flood.", None),
        ("It does come back to money.", None),
        ("We left.", None),
        ("The wall broke and he left.", None),
    ],
)
def test_a_third_person_may_open_a_statement(words: str, opening: str | None) -> None:
    pronoun = opening_pronoun(words)
    assert (pronoun.word if pronoun else None) == opening


@pytest.mark.parametrize(
    ("words", "deed"),
    [
        ("It would review the plan.", True),
        ("It had fired the crew.", True),
        ("It is also considering a wall.", True),
        ("Its engineers left.", True),
        ("It would cost a million.", False),
        ("It was expected to fall.", False),
        ("It was a mistake.", False),
        ("It had rained.", False),
    ],
)
def test_a_deed_is_what_only_a_body_does(words: str, deed: bool) -> None:
    pronoun = opening_pronoun(words) or Pronoun(0, "It")
    assert is_deed(words, pronoun) is deed


@pytest.mark.parametrize(
    ("words", "trait"),
    [
        ("It is mainly for children.", True),
        ("It has 400 beds.", True),
        ("Its harbour is deep.", True),
        ("It was a shock.", False),
        ("It has been a bad year.", False),
    ],
)
def test_a_trait_is_told_of_a_body_or_place(words: str, trait: bool) -> None:
    assert is_trait(words, Pronoun(0, words.split()[0])) is trait


@pytest.mark.parametrize(
    ("words", "everybody"),
    [
        ("We all live beside it.", True),
        ("We have one world and our planet burns.", True),
        ("We at the council are ready.", True),
        ("We filed the claim in May.", False),
    ],
)
def test_we_may_mean_everybody(words: str, everybody: bool) -> None:
    assert means_everybody(words) is everybody


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("It had sought a say.", "It had not sought a say."),
        ("The lockers were to blame.", "The lockers were not to blame."),
        ("He never came.", "He never came."),
        ("It was not safe.", "It was not safe."),
        ("The dam leaks.", "The dam leaks."),
    ],
)
def test_what_is_denied_is_worded_in_the_negative(text: str, denied: str) -> None:
    assert negated(text) == denied
