"""Speakers against speakers, as clusters of what they say."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from labels import TEXT, article, cast, four_quotes, quote, span

from extractor.evaluation.gold import Entity, GoldArticle, GoldClaim, GoldQuote
from extractor.evaluation.scoring.outcomes import LayerScores
from extractor.evaluation.scoring.speakers import score_speakers
from extractor.schema import Span

GOLD = article(four_quotes(), cast())
MEASURES = ("ceaf_phi4", "ceaf_phi3", "b_cubed", "muc", "ceaf_mentions", "names")


def errors(scores: LayerScores) -> list[str]:
    return sorted(outcome.error for outcome in scores.outcomes)


def attributed(*speakers: str | None) -> list[GoldQuote]:
    """The four quotes, given to other speakers."""
    quotes = zip(four_quotes(), speakers, strict=True)
    return [
        q.model_copy(update={"speaker": speaker, "speaker_mention": None})
        for q, speaker in quotes
    ]


def person(id_: str, name: str, *mentions: str) -> Entity:
    return Entity(id=id_, name=name, mentions=[span(m) for m in mentions])


def test_labels_score_one_against_themselves() -> None:
    scores = score_speakers(GOLD, GOLD)
    assert {name: scores.measures[name].f1 for name in MEASURES} == dict.fromkeys(
        MEASURES, 1.0
    )
    assert errors(scores) == ["correct"] * 3


def test_only_those_who_speak_or_claim_are_counted() -> None:
    silent = [*cast(), person("e4", "Red Bridge", "Red Bridge")]
    assert score_speakers(GOLD, article(four_quotes(), silent)).muc.actual == 3
    claim = GoldClaim(
        id="c1", text="It is shut.", spans=[span("is shut")], claimant="e4"
    )
    claiming = article(four_quotes(), silent, layers=("quotes", "claims"))
    claiming = claiming.model_copy(update={"claims": [claim]})
    scores = score_speakers(claiming, GOLD)
    assert scores.measures["names"].gold == 4
    assert errors(scores) == ["correct"] * 3 + ["missed"]


def test_a_speaker_in_two_pieces_is_split() -> None:
    people = [*cast(), person("e9", "engineer", "engineer", "She")]
    found = article(attributed("e1", "e2", "e3", "e9"), people)
    scores = score_speakers(GOLD, found)
    assert errors(scores) == ["correct"] * 3 + ["spurious.split"]
    counts = scores.measures["ceaf_phi4"]
    assert counts.matched == pytest.approx(2 + 2 / 3)
    assert (counts.gold, counts.predicted) == (3, 4)


def test_two_speakers_taken_for_one_are_merged() -> None:
    people = [
        person("p1", "Ida Falk", "Ida Falk", "She", "Jon Reck"),
        person("p2", "The council", "The council"),
    ]
    found = article(attributed("p1", "p2", "p1", "p1"), people)
    scores = score_speakers(GOLD, found)
    assert errors(scores) == ["correct", "correct", "merged"]
    assert scores.measures["ceaf_phi4"].matched == pytest.approx(1 + 4 / 5)
    assert scores.measures["muc"].precision == pytest.approx(1 / 2)


def test_the_name_is_judged_apart_from_the_quotes() -> None:
    people = [
        person("p1", "engineer Ida Falk", "Ida Falk", "She"),
        person("p2", "The town", "The council"),
        person("p3", "Jon Reck", "Jon Reck"),
    ]
    scores = score_speakers(GOLD, article(attributed("p1", "p2", "p3", "p1"), people))
    assert errors(scores) == ["correct", "name.other", "name.partial"]
    assert scores.measures["ceaf_phi4"].f1 == 1
    assert scores.measures["names"].matched == 2
    details = {o.error: o.detail for o in scores.outcomes}
    assert details["name.other"] == "labelled The council, found The town"


def test_nobody_and_nobody_adds_nothing() -> None:
    scores = score_speakers(article(), article())
    assert scores.outcomes == []
    assert all(c.gold == c.predicted == 0 for c in scores.measures.values())


def test_speakers_of_other_quotes_are_not_the_same_cluster() -> None:
    gold = article([quote("g", "Nobody asked us,", speaker="e3")], cast())
    people = [person("p1", "Red Bridge", "Red Bridge")]
    found = article([quote("p", "bridge will open in", speaker="p1")], people)
    scores = score_speakers(gold, found)
    assert errors(scores) == ["missed", "spurious.other"]
    assert scores.measures["ceaf_phi4"].f1 == scores.measures["names"].f1 == 0


def test_the_whole_article_said_by_one_is_nobodys_quote() -> None:
    everything = GoldQuote(
        id="p",
        kind="mixed",
        spans=[Span(start=0, end=len(TEXT), text=TEXT)],
        speaker="e1",
    )
    assert score_speakers(GOLD, article([everything], cast())).measures[
        "ceaf_phi4"
    ].f1 == pytest.approx(0)


def test_a_mention_nobody_resolved_counts_for_nothing() -> None:
    gold = article([*four_quotes()[:2], quote("q9", "Nobody asked us", mention="Jon")])
    gold = gold.model_copy(update={"entities": cast()})
    found = article(attributed("e1", "e2", "e3", None)[:3], cast())
    scores = score_speakers(gold, found)
    assert errors(scores) == ["correct", "correct", "optional"]
    assert scores.measures["names"].f1 == scores.measures["ceaf_phi4"].f1 == 1


def test_whoever_speaks_in_optional_quotes_alone_is_optional() -> None:
    optional = four_quotes()[2].model_copy(update={"optional": True})
    gold = article([q for q in four_quotes() if q.id != "q3"] + [optional], cast())
    without = article([q for q in four_quotes() if q.id != "q3"], cast())
    for found in (GOLD, without):
        scores = score_speakers(gold, found)
        assert scores.measures["names"].f1 == scores.measures["ceaf_phi4"].f1 == 1
        assert scores.muc.possible == scores.muc.actual == 2


def test_found_places_that_gold_need_not_label_are_no_errors() -> None:
    people = [*cast()[:2], person("e3", "Jon Reck", "Jon Reck", "Nobody asked us")]
    scores = score_speakers(GOLD, article(four_quotes(), people))
    assert scores.measures["ceaf_mentions"].f1 == 1
    unlabelled = [person.model_copy(update={"mentions": []}) for person in cast()]
    bare = article(attributed("e1", "e2", "e3", "e1"), unlabelled)
    assert "ceaf_mentions" not in score_speakers(bare, GOLD).measures


def test_kinds_are_slices_of_the_names() -> None:
    measures = score_speakers(GOLD, article(four_quotes()[:1], cast())).measures
    assert (measures["names/person"].matched, measures["names/person"].gold) == (1, 2)
    assert measures["names/organization"].recall == 0


@st.composite
def labellings(draw: st.DrawFn) -> GoldArticle:
    people = [*cast(), person("e4", "Falk", "Falk"), person("e5", "baker", "baker")]
    speakers = st.sampled_from([None, *(p.id for p in people)])
    chosen = draw(st.lists(speakers, min_size=4, max_size=4))
    kept = draw(st.lists(st.booleans(), min_size=4, max_size=4))
    quotes = [q for q, keep in zip(attributed(*chosen), kept, strict=True) if keep]
    if draw(st.booleans()):
        extra = quote("x", draw(st.sampled_from(["engineer", "is shut", "Nobody"])))
        quotes.append(extra.model_copy(update={"speaker": draw(speakers)}))
    return article(quotes, people)


@given(labellings(), labellings())
def test_every_speaker_has_one_fate_and_swapping_swaps_precision_and_recall(
    one: GoldArticle, other: GoldArticle
) -> None:
    forth, back = score_speakers(one, other), score_speakers(other, one)
    for scores, gold, found in ((forth, one, other), (back, other, one)):
        ids = [o.gold for o in scores.outcomes if o.gold]
        assert sorted(ids) == sorted({q.speaker for q in gold.quotes if q.speaker})
        assert scores.muc.possible == len(ids)
        ids = [o.predicted for o in scores.outcomes if o.predicted]
        assert sorted(ids) == sorted({q.speaker for q in found.quotes if q.speaker})
        assert scores.muc.actual == len(ids)
    for name in ("ceaf_phi4", "ceaf_phi3", "b_cubed", "muc", "names"):
        a, b = forth.measures[name], back.measures[name]
        assert (a.precision, a.recall) == (b.recall, b.precision)


@given(labellings(), labellings(), st.randoms())
def test_the_order_of_the_lists_changes_nothing(
    gold: GoldArticle, found: GoldArticle, shuffler: random.Random
) -> None:
    mixed = []
    for side in (gold, found):
        quotes, people = list(side.quotes), list(side.entities)
        shuffler.shuffle(quotes)
        shuffler.shuffle(people)
        mixed.append(article(quotes, people))
    assert score_speakers(*mixed) == score_speakers(gold, found)


@given(labellings(), labellings())
def test_a_spurious_speaker_costs_precision_alone(
    gold: GoldArticle, found: GoldArticle
) -> None:
    invented = person("e0", "Red Bridge", "Red Bridge")
    said = quote("q0", "“Red Bridge”", speaker="e0")
    more = article([said, *found.quotes], [invented, *found.entities])
    before, after = score_speakers(gold, found), score_speakers(gold, more)
    fates = {o.predicted: o.error for o in after.outcomes}
    assert fates["e0"] == "spurious.other"
    assert after.muc.spurious == before.muc.spurious + 1
    for name, counts in before.measures.items():
        assert after.measures[name].recall == counts.recall
        assert (after.measures[name].precision or 0) <= (counts.precision or 0)
