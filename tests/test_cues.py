import pytest

from extractor.segmentation import segment
from extractor.segmentation.cues import find_cues
from extractor.segmentation.reporting import frames, verb_forms


def cues(text: str, language: str | None = None) -> list[tuple[str, str]]:
    found = find_cues(segment(text), language=language)
    return [(text[cue.start : cue.end], cue.lemma) for cue in found]


@pytest.mark.parametrize(
    ("text", "cue", "lemma"),
    [
        ("Quist said so.", "said", "say"),
        ("Quist says so.", "says", "say"),
        ("They say so.", "say", "say"),
        ("She left, saying so.", "saying", "say"),
        ("He denied it.", "denied", "deny"),
        ("She quipped that it rained.", "quipped", "quip"),
        ("He swore it.", "swore", "swear"),
        ("They argue about it.", "argue", "argue"),
        ("He pointed out the flaw.", "pointed out", "point out"),
        ("She went on to say more.", "went on to say", "go on to say"),
        ("He called on her to stay.", "called on", "call on"),
    ],
)
def test_verbs_are_found_in_their_inflections(text: str, cue: str, lemma: str) -> None:
    assert (cue, lemma) in cues(text)


@pytest.mark.parametrize(
    "text",
    [
        "the state report",
        "his claims",
        "a comment",
        "the alleged thief",
        "many police reports",
        "the reported loss",
        "State House doors",
    ],
)
def test_nouns_and_adjectives_are_no_verbs(text: str) -> None:
    assert cues(f"It was about {text} again.") == []


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("According to Quist, it rained.", "According to"),
        ("It was, in the words of Quist, wet.", "in the words of"),
    ],
)
def test_prepositions_are_cues(text: str, cue: str) -> None:
    [found] = find_cues(segment(text))
    assert (text[found.start : found.end], found.kind) == (cue, "preposition")


@pytest.mark.parametrize("text", ["Quist: We will win", "QUIST: Well, look."])
def test_a_colon_after_a_name_is_a_cue(text: str) -> None:
    assert (":", ":") in cues(text)


@pytest.mark.parametrize(
    "text", ["Related: more news", "On the dam: it holds", "Quist said: never"]
)
def test_other_colons_are_no_cues(text: str) -> None:
    assert ":" not in [cue for cue, _ in cues(text)]


def test_a_noun_with_its_clause_is_a_cue() -> None:
    found = find_cues(segment("It met the claim that the dam leaks."))
    assert [(c.lemma, c.kind) for c in found] == [("claim", "noun")]


def test_a_verb_in_a_headline_is_found_in_spite_of_its_capital() -> None:
    assert ("Promises", "promise") in cues("Ada Quist Promises Help To Lower Mire")


def test_a_verb_may_take_several_things() -> None:
    assert {"clause", "addressee", "infinitive"} <= frames()["ask"]


def test_there_are_some_hundred_verbs() -> None:
    assert len(frames()) > 300
    assert len(verb_forms()) > 1000


@pytest.mark.parametrize(
    ("language", "text", "cue"),
    [
        ("de", "Das sei falsch, sagte Quist.", "sagte"),
        ("fr", "C'est faux, a déclaré Quist.", "déclaré"),
        ("es", "Es falso, dijo Quist.", "dijo"),
        ("pt-BR", "É falso, disse Quist.", "disse"),
    ],
)
def test_other_languages_have_a_core_list(language: str, text: str, cue: str) -> None:
    assert cue in [found for found, _ in cues(text, language)]


def test_an_unknown_language_is_read_as_english() -> None:
    assert ("said", "say") in cues("Quist said so.", "nl")


def test_cues_do_not_overlap() -> None:
    text = "He went on to say that they called on her, according to a claim that won."
    found = find_cues(segment(text))
    ends = [cue.end for cue in found]
    assert all(a <= b.start for a, b in zip(ends, found[1:], strict=False))


@pytest.mark.parametrize("text", ["", "said", ":", "according", "\u0130 said"])
def test_odd_text_does_not_fail(text: str) -> None:
    assert all(cue.end <= len(text) for cue in find_cues(segment(text)))


@pytest.mark.parametrize(
    "text",
    [
        "Previous plans to build there failed.",
        "The plans, revealed in 2020, failed.",
        "The plans, announced by the firm, failed.",
    ],
)
def test_nouns_and_passives_that_look_like_reports_are_none(text: str) -> None:
    assert cues(text) == []
