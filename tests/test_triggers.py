"""Event triggers and the status of their events."""

import json
import runpy
from pathlib import Path

import pytest

from extractor.segmentation import segment
from extractor.segmentation.model import Range, Segmentation, Sentence
from extractor.segmentation.triggers import Trigger, find_triggers, status_hint


def segmentation(text: str, *, boilerplate: bool = False) -> Segmentation:
    """A text of one sentence."""
    sentence = Sentence("S1", 0, len(text), 0, boilerplate)
    return Segmentation(text, (Range(0, len(text)),), (sentence,), ())


def found(text: str) -> list[tuple[str, str]]:
    triggers = find_triggers(segmentation(text))
    return [(text[t.start : t.end], t.types[0]) for t in triggers]


def trigger(text: str, word: str) -> Trigger:
    triggers = find_triggers(segmentation(text))
    return next(t for t in triggers if text[t.start : t.end] == word)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rebels shot the mayor.", ("shot", "Conflict")),
        ("Two fishermen drowned.", ("drowned", "Life")),
        ("She was born in Velmora.", ("born", "Life")),
        ("The envoy flew to Velmora.", ("flew", "Movement")),
        ("The bank bought a mill.", ("bought", "Transaction")),
        ("The mill filed for bankruptcy.", ("filed for bankruptcy", "Business")),
        ("The ministers met in secret.", ("met", "Contact")),
        ("The mayor stepped down.", ("stepped down", "Personnel")),
        ("Voters re-elected her.", ("re-elected", "Personnel")),
        ("A judge sentenced him.", ("sentenced", "Justice")),
        ("He pleaded not guilty.", ("pleaded not guilty", "Justice")),
        ("The river flooded.", ("flooded", "Disaster")),
        ("The airstrike was brief.", ("airstrike", "Conflict")),
        ("The merger is off.", ("merger", "Business")),
        ("An earthquake woke her.", ("earthquake", "Disaster")),
    ],
)
def test_finds_each_type(text: str, expected: tuple[str, str]) -> None:
    assert expected in found(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The army launched missiles at the port.", [("launched", "Conflict")]),
        ("The firm launched a phone.", [("launched", "Business")]),
        ("Police fired into the crowd.", [("fired", "Conflict")]),
        ("The club fired its coach.", [("fired", "Personnel")]),
        ("Guards replied with mortar fire.", [("fire", "Conflict")]),
        ("He was charged with arson.", [("charged", "Justice"), ("arson", "Conflict")]),
    ],
)
def test_context_settles_the_type(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Ada Brandt of the War Department spoke.",
        "They praised the Strike Fighter on Monday.",
        "The plan meets the requirements.",
        "A clinical trial of the drug is on.",
        "She is in charge.",
        "The firm dismissed the claims.",
        "A bomb was in the cellar.",
        "They were given phones and guns.",
        "Free of charge, the fire department said.",
        "They have to deal with it.",
    ],
)
def test_leaves_other_senses_alone(text: str) -> None:
    assert found(text) == []


def test_boilerplate_has_no_triggers() -> None:
    assert find_triggers(segmentation("Gunmen attacked.", boilerplate=True)) == ()


def test_headline_capitals_are_no_names() -> None:
    assert found("Gunmen Attack Bank In Velmora") == [("Attack", "Conflict")]


def test_offsets_survive_letters_that_change_length_in_lower_case() -> None:
    text = "İİİ Kuvvet attacked."
    (only,) = find_triggers(segmentation(text))
    assert text[only.start : only.end] == "attacked"


@pytest.mark.parametrize(
    ("form", "lemma"),
    [
        ("stabbed", "stab"),
        ("kidnapping", "kidnap"),
        ("buries", "bury"),
        ("slain", "slay"),
        ("dying", "die"),
        ("trafficked", "traffic"),
        ("marries", "marry"),
    ],
)
def test_inflections(form: str, lemma: str) -> None:
    assert trigger(f"He said she {form} him.", form).lemma == lemma


def test_noun_and_verb_are_told_apart() -> None:
    assert trigger("The attack failed.", "attack").noun
    assert not trigger("They will attack.", "attack").noun


def test_finite_past_scores_more_than_a_noun() -> None:
    verb = trigger("Rebels attacked the port.", "attacked")
    noun = trigger("Rebels planned an attack.", "attack")
    plural = trigger("Rebels like attacks.", "attacks")
    assert verb.score > noun.score > plural.score > 0


@pytest.mark.parametrize(
    ("text", "word", "status"),
    [
        ("Rebels attacked the port.", "attacked", "happened"),
        ("The port was attacked by rebels.", "attacked", "happened"),
        ("Rebels will attack the port.", "attack", "planned"),
        ("The ministers plan to meet.", "meet", "planned"),
        ("The upcoming election is free.", "election", "planned"),
        ("Rebels may attack the port.", "attack", "possible"),
        ("If rebels attack the port, it closes.", "attack", "possible"),
        ("Ships came to evacuate families.", "evacuate", "possible"),
        ("Rebels did not attack the port.", "attack", "denied"),
        ("There were no casualties.", "casualties", "denied"),
        ("He denied killing the mayor.", "killing", "denied"),
        ("Rebels are attacking the port.", "attacking", "ongoing"),
        ("The fighting continued as families fled.", "fled", "happened"),
        ("He does not regret the bombing.", "bombing", "happened"),
        ("She will speak on the murder.", "murder", "happened"),
    ],
)
def test_status(text: str, word: str, status: str) -> None:
    assert status_hint(segmentation(text), trigger(text, word)) == status


@pytest.mark.shared
def test_recall_and_density_on_labelled_articles() -> None:
    root = Path(__file__).parents[1]
    folder = root.parent / "shared" / "data" / "wikievents_dev"
    if not folder.is_dir():
        pytest.skip("no labelled articles")
    bench = runpy.run_path(str(root / "evals" / "bench" / "triggers.py"))
    tally = bench["Tally"]()
    for path in folder.glob("*.json"):
        bench["score_article"](json.loads(path.read_text("utf-8")), tally)
    assert tally.matched / tally.gold > 0.75
    assert tally.found / tally.sentences < 1.2


@pytest.mark.parametrize(
    "text",
    [
        "The interview rooms were cold.",
        "The fire brigade has a new hall.",
        "Finance minister Ada Holt spoke.",
        "It was a particularly striking photograph.",
        "The devastating blow to the party was felt.",
    ],
)
def test_what_a_thing_is_called_by_is_no_event(text: str) -> None:
    found = [text[t.start : t.end] for t in find_triggers(segment(text))]
    assert not {"interview", "fire", "Finance", "striking", "devastating"} & set(found)


@pytest.mark.parametrize(
    ("text", "word", "kind"),
    [
        ("The council rejected the bid.", "rejected", "Other"),
        ("Prices fell in May.", "fell", "Other"),
        ("The firm offered him a lift.", "offered", "Contact"),
        ("She left on Monday.", "left", "Movement"),
        ("A briefing was held.", "briefing", "Statement"),
    ],
)
def test_changes_of_every_kind_are_events(text: str, word: str, kind: str) -> None:
    found = {text[t.start : t.end]: t for t in find_triggers(segment(text))}
    assert found[word].types[0] == kind
    assert found[word].score >= 0.55


def test_a_word_of_the_past_alone_counts_less_elsewhere() -> None:
    past, base = (
        next(t.score for t in find_triggers(segment(text)) if t.lemma == "fall")
        for text in ("Prices fell in May.", "Prices fall in May.")
    )
    assert base < 0.55 <= past
