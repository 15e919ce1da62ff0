"""Claims against claims, without a judge."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from labels import span

from extractor.evaluation.gold import Entity, GoldArticle, GoldClaim, make_source
from extractor.evaluation.scoring.claims import score_claims
from extractor.evaluation.scoring.outcomes import LayerScores
from extractor.schema import AUTHOR, Span

TEXT = (
    "The old ferry sank off Vall on 3 May. Twelve people died, police said.\n\n"
    "“Nobody warned us,” said captain Ida Falk, whose crew swam ashore.\n\n"
    "The council ordered repairs and will build a bridge for two million crowns.\n"
)
PEOPLE = [
    Entity(id="e1", name="Ida Falk", mentions=[span("Ida Falk", TEXT)]),
    Entity(id="e2", name="police", kind="group", mentions=[span("police", TEXT)]),
]
SENTENCE = "The old ferry sank off Vall on 3 May."


def claim(id_: str, evidence: str, text: str | None = None, **known: Any) -> GoldClaim:
    spans = [span(evidence, TEXT)]
    known = {"claimant": AUTHOR, "text": text or evidence, **known}
    return GoldClaim(id=id_, spans=spans, **known)


def labelled(*claims: GoldClaim) -> GoldArticle:
    return GoldArticle(
        doc=make_source("ferry", TEXT, language="en"),
        layers=["claims"],
        entities=PEOPLE,
        claims=list(claims),
        text=TEXT,
    )


def four() -> list[GoldClaim]:
    return [
        claim("c1", SENTENCE),
        claim("c2", "Twelve people died", "Twelve people died.", claimant="e2"),
        claim("c3", "Nobody warned us", "Nobody warned the crew.", claimant="e1"),
        claim("c4", "The council ordered repairs", modality="ordered"),
    ]


GOLD = labelled(*four())


def errors(scores: LayerScores) -> list[str]:
    return sorted(outcome.error for outcome in scores.outcomes)


def f1(scores: LayerScores, measure: str) -> float | None:
    return scores.measures[measure].f1


def test_labels_score_one_against_themselves() -> None:
    scores = score_claims(GOLD, GOLD)
    measures = dict(scores.measures)
    assert measures.pop("duplicates").matched == 0
    assert {counts.f1 for counts in measures.values()} == {1.0}
    assert errors(scores) == ["correct"] * 4


def test_no_claims_and_no_claims_add_nothing() -> None:
    scores = score_claims(labelled(), labelled())
    assert scores.outcomes == []
    assert all(c.gold == c.predicted == 0 for c in scores.measures.values())


@pytest.mark.parametrize(
    ("kind", "text", "modality"),
    [
        ("polarity", "The old ferry did not sink off Vall on 3 May.", "asserted"),
        ("number", "Two old ferries sank off Vall on 3 May.", "asserted"),
        ("date", "The old ferry sank off Vall on 4 May.", "asserted"),
        ("modality", SENTENCE, "denied"),
    ],
)
def test_a_contradicted_pair_is_incorrect(kind: str, text: str, modality: str) -> None:
    gold = labelled(claim("g", SENTENCE))
    scores = score_claims(gold, labelled(claim("p", SENTENCE, text, modality=modality)))
    assert errors(scores) == [kind]
    assert scores.muc.incorrect == 1
    assert f1(scores, "one_to_one") == f1(scores, "soft") == 0
    assert f1(scores, "aligned") == 1


def test_names_that_change_places_contradict() -> None:
    gold = labelled(claim("g", SENTENCE, "Norvia sued Sudland."))
    found = labelled(claim("p", SENTENCE, "Sudland sued Norvia."))
    assert errors(score_claims(gold, found)) == ["roles"]


def test_a_hedge_is_no_contradiction_but_another_modality() -> None:
    found = labelled(claim("p", SENTENCE, modality="hedged"))
    scores = score_claims(labelled(claim("g", SENTENCE)), found)
    assert errors(scores) == ["correct"]
    assert f1(scores, "one_to_one") == 1
    assert scores.measures["modality"].matched == 0


def test_the_claimant_is_judged_given_the_pair() -> None:
    people = [
        Entity(id="p1", name="Falk", mentions=[span("Ida Falk", TEXT)]),
        Entity(id="p2", name="the police", mentions=[span("police", TEXT)]),
    ]
    claims = [c.model_copy(update={"claimant": "p1"}) for c in four()[1:3]]
    found = labelled(*claims).model_copy(update={"entities": people})
    scores = score_claims(GOLD, found)
    counts = scores.measures["claimant"]
    assert (counts.matched, counts.gold, counts.predicted) == (1, 2, 2)
    assert errors(scores) == ["claimant", "correct", "missed", "missed"]
    details = {outcome.error: outcome.detail for outcome in scores.outcomes}
    assert details["claimant"] == "labelled police, found Falk"


def test_unrelated_claims_are_never_aligned() -> None:
    gold = labelled(claim("g", "Twelve people died"))
    found = labelled(claim("p", "Nobody warned us", claimant="e1"))
    scores = score_claims(gold, found)
    assert errors(scores) == ["missed", "spurious.other"]
    assert not any(c.matched for c in scores.measures.values())


def test_the_same_words_elsewhere_are_aligned_by_half() -> None:
    gold = labelled(claim("g", "Twelve people died", "Twelve people died off Vall."))
    found = labelled(claim("p", "two million", "Twelve people died off Vall."))
    scores = score_claims(gold, found)
    assert errors(scores) == ["evidence"]
    assert scores.measures["soft"].matched == pytest.approx(0.5)
    assert f1(scores, "coverage") == 0


def test_other_words_of_the_same_place_are_aligned_but_wrong() -> None:
    gold = labelled(claim("g", SENTENCE))
    found = labelled(claim("p", SENTENCE, "Vall lies by the sea."))
    scores = score_claims(gold, found)
    assert errors(scores) == ["wording"]
    assert f1(scores, "coverage") == 0


def test_the_whole_article_as_one_claim_matches_nothing() -> None:
    everything = GoldClaim(
        id="p",
        text=TEXT,
        spans=[Span(start=0, end=len(TEXT), text=TEXT)],
        claimant=AUTHOR,
    )
    scores = score_claims(labelled(*four()[1:]), labelled(everything))
    assert f1(scores, "aligned") == f1(scores, "soft") == f1(scores, "coverage") == 0
    assert errors(scores) == ["missed"] * 3 + ["spurious.other"]


def test_coverage_forgives_another_cut_in_either_direction() -> None:
    whole = labelled(claim("w", "Twelve people died, police said"))
    parts = labelled(claim("a", "Twelve people died"), claim("b", "police said"))
    forth, back = score_claims(whole, parts), score_claims(parts, whole)
    assert f1(forth, "coverage") == f1(back, "coverage") == 1
    assert f1(forth, "one_to_one") == pytest.approx(2 / 3)
    assert sorted(errors(forth)) == ["correct", "spurious.split"]
    assert sorted(errors(back)) == ["correct", "merged"]


def test_coverage_wants_evidence_and_words() -> None:
    gold = labelled(claim("g", SENTENCE))
    elsewhere = labelled(claim("p", "two million crowns", SENTENCE))
    assert f1(score_claims(gold, elsewhere), "coverage") == 0
    other = labelled(claim("p", SENTENCE, "The ferry was old and sank."))
    assert score_claims(gold, other).measures["coverage"].recall == 0
    assert score_claims(gold, other).measures["coverage"].precision == 1


def test_a_repeated_claim_is_spurious_and_a_duplicate() -> None:
    again = claim("c9", "Twelve people died", "Twelve people died.", claimant="e2")
    scores = score_claims(GOLD, labelled(*four(), again))
    assert errors(scores) == ["correct"] * 4 + ["spurious.duplicate"]
    assert scores.measures["aligned"].matched == 4
    assert scores.measures["duplicates"].recall == pytest.approx(1 / 5)


def test_a_spurious_first_item_costs_precision_alone() -> None:
    scores = score_claims(GOLD, labelled(claim("c0", "crew swam ashore"), *four()))
    for measure in ("one_to_one", "aligned", "soft", "coverage"):
        assert scores.measures[measure].recall == 1
        assert scores.measures[measure].precision == pytest.approx(4 / 5)


def test_an_optional_label_is_neither_rewarded_nor_punished() -> None:
    gold = labelled(*four(), claim("o", "crew swam ashore", optional=True))
    for found in (GOLD, labelled(*four(), claim("p", "crew swam ashore"))):
        scores = score_claims(gold, found)
        for measure in ("one_to_one", "aligned", "coverage", "duplicates"):
            assert scores.measures[measure].gold in (4, 5 * (measure == "duplicates"))
        assert f1(scores, "coverage") == f1(scores, "one_to_one") == 1
        assert scores.muc.possible == scores.muc.actual == 4


def test_an_alternative_evidence_is_as_right() -> None:
    label = claim("g", "police said", "Twelve people died.")
    wider = label.model_copy(
        update={"alternatives": [[span("Twelve people died", TEXT)]]}
    )
    found = labelled(claim("p", "Twelve people died", "Twelve people died."))
    assert errors(score_claims(labelled(label), found)) == ["evidence"]
    assert errors(score_claims(labelled(wider), found)) == ["correct"]
    assert f1(score_claims(labelled(wider), found), "coverage") == 1


def test_slices_follow_the_label_of_a_pair() -> None:
    changed = [c.model_copy(update={"check_worthy": False}) for c in four()]
    scores = score_claims(GOLD, labelled(*changed))
    assert scores.measures["aligned/check_worthy"].matched == 4
    assert "aligned/not_check_worthy" not in scores.measures
    assert scores.measures["check_worthy"].matched == 0
    assert scores.measures["aligned/speaker"].gold == 2
    assert scores.measures["coverage/ordered"].f1 == 1
    assert scores.measures["coverage/not_check_worthy"].precision == 1


WORDS = ("The old ferry sank.", "Twelve died.", "Nobody sank.", "Vall ordered 3 May.")


@st.composite
def labellings(draw: st.DrawFn) -> GoldArticle:
    ends = st.integers(0, len(TEXT))
    claims = []
    for number in range(draw(st.integers(0, 6))):
        start, end = sorted(draw(st.lists(ends, min_size=2, max_size=2, unique=True)))
        claims.append(
            GoldClaim(
                id=f"c{number}",
                text=draw(st.sampled_from((*WORDS, TEXT[start:end]))),
                spans=[Span(start=start, end=end, text=TEXT[start:end])],
                claimant=draw(st.sampled_from((AUTHOR, "e1", "e2"))),
                modality=draw(st.sampled_from(("asserted", "denied", "hedged"))),
                check_worthy=draw(st.booleans()),
            )
        )
    return labelled(*claims)


@given(labellings(), labellings())
def test_every_claim_has_one_fate_and_swapping_swaps_precision_and_recall(
    one: GoldArticle, other: GoldArticle
) -> None:
    forth, back = score_claims(one, other), score_claims(other, one)
    ids = [o.gold for o in forth.outcomes if o.gold]
    assert sorted(ids) == sorted(c.id for c in one.claims)
    ids = [o.predicted for o in forth.outcomes if o.predicted]
    assert sorted(ids) == sorted(c.id for c in other.claims)
    assert forth.muc.possible == len(one.claims) == back.muc.actual
    assert forth.muc.actual == len(other.claims) == back.muc.possible
    for name in ("coverage", "one_to_one", "aligned", "soft"):
        a, b = forth.measures[name], back.measures[name]
        assert a.precision == pytest.approx(b.recall)
        assert a.recall == pytest.approx(b.precision)


@given(labellings(), labellings(), st.randoms())
def test_the_order_of_the_lists_changes_nothing(
    gold: GoldArticle, found: GoldArticle, shuffler: random.Random
) -> None:
    mixed = []
    for side in (gold, found):
        claims = list(side.claims)
        shuffler.shuffle(claims)
        mixed.append(labelled(*claims))
    assert score_claims(*mixed) == score_claims(gold, found)


@given(labellings(), labellings())
def test_dropping_a_spurious_claim_never_lowers_precision(
    gold: GoldArticle, found: GoldArticle
) -> None:
    scores = score_claims(gold, found)
    spurious = [o.predicted for o in scores.outcomes if o.status == "spurious"]
    if not spurious:
        return
    kept = [c for c in found.claims if c.id != spurious[0]]
    fewer = score_claims(gold, labelled(*kept))
    for name in ("one_to_one", "aligned", "soft"):
        before, after = scores.measures[name], fewer.measures[name]
        assert after.matched == pytest.approx(before.matched)
        assert (after.precision or 0) >= (before.precision or 0) - 1e-9
