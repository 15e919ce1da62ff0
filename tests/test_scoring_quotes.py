"""Quotes against quotes: the defects of other scorers, proved absent."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from labels import TEXT, article, cast, four_quotes, quote, span

from extractor.evaluation.alignment.regions import Region, make_region, union
from extractor.evaluation.gold import Entity, GoldArticle, GoldQuote
from extractor.evaluation.scoring.outcomes import LayerScores
from extractor.evaluation.scoring.quotes import score_quotes
from extractor.schema import Span


def f1(scores: LayerScores, measure: str) -> float | None:
    return scores.measures[measure].f1


def errors(scores: LayerScores) -> list[str]:
    return sorted(outcome.error for outcome in scores.outcomes)


GOLD = article(four_quotes(), cast())


def test_labels_score_one_against_themselves() -> None:
    scores = score_quotes(GOLD, GOLD)
    names = ("iou50", "iou80", "exact", "soft", "joint", "speaker", "kind")
    assert [f1(scores, name) for name in names] == [1.0] * len(names)
    assert errors(scores) == ["correct"] * 4


def test_the_order_of_either_list_changes_nothing() -> None:
    shifted = article(
        [
            quote("a", "The bridge will open", speaker="e1"),
            quote("b", "bridge will open in May,", speaker="e1"),
            quote("c", "repairs had cost two million crowns", kind="indirect"),
            quote("d", "Nobody asked us,", speaker="e2"),
        ],
        cast(),
    )
    expected = score_quotes(GOLD, shifted)
    shuffler = random.Random(3)
    for _ in range(20):
        orders = [list(side.quotes) for side in (GOLD, shifted)]
        for order in orders:
            shuffler.shuffle(order)
        sides = [article(order, cast()) for order in orders]
        found = score_quotes(*sides)
        assert found.measures == expected.measures
        assert found.muc == expected.muc


def test_an_exact_later_quote_wins_over_an_earlier_overlap() -> None:
    gold = article([quote("g1", "The bridge will"), quote("g2", "open in May")])
    found = article(
        [quote("p1", "The bridge will open"), quote("p2", "The bridge will")]
    )
    scores = score_quotes(gold, found)
    pairs = [(o.gold, o.predicted) for o in scores.outcomes if o.gold and o.predicted]
    assert pairs == [("g1", "p2")]


def test_an_article_without_quotes_adds_nothing() -> None:
    scores = score_quotes(article(), article())
    assert scores.outcomes == []
    assert scores.measures["joint"].gold == scores.measures["joint"].predicted == 0
    assert f1(scores, "joint") is None


def test_the_whole_article_as_one_quote_scores_no_match() -> None:
    everything = GoldQuote(
        id="p", kind="mixed", spans=[Span(start=0, end=len(TEXT), text=TEXT)]
    )
    scores = score_quotes(GOLD, article([everything]))
    assert f1(scores, "iou50") == f1(scores, "soft") == 0
    assert scores.measures["characters"].recall == 1


def test_quotes_without_a_shared_character_are_never_paired() -> None:
    gold = article([quote("g", "Nobody asked us,", speaker="e3")], cast())
    found = article([quote("p", "bridge will open in", speaker="e3")], cast())
    assert errors(score_quotes(gold, found)) == ["missed", "spurious.other"]


def test_a_duplicate_is_spurious() -> None:
    part = article([*four_quotes(), quote("q9", "and nobody")], cast())
    scores = score_quotes(GOLD, part)
    assert scores.measures["iou50"].matched == 4
    assert "spurious.split" in errors(scores)
    same = article([*four_quotes(), four_quotes()[0].model_copy(update={"id": "q9"})])
    assert "spurious.duplicate" in errors(score_quotes(GOLD, same))


def test_a_spurious_first_item_costs_precision_alone() -> None:
    more = article([quote("q0", "engineer"), *four_quotes()], cast())
    scores = score_quotes(GOLD, more)
    assert scores.measures["joint"].recall == 1
    assert scores.measures["joint"].precision == pytest.approx(4 / 5)


def test_one_speaker_of_two_quotes_is_counted_twice_and_not_four_times() -> None:
    scores = score_quotes(GOLD, GOLD)
    assert scores.measures["speaker"].matched == 4


def test_a_merged_quote_matches_one_label_and_names_the_other() -> None:
    gold = article(
        [quote("g1", "The bridge will open in May"), quote("g2", "engineer Ida")]
    )
    found = article([quote("p", "The bridge will open in May,” engineer Ida")])
    assert errors(score_quotes(gold, found)) == ["boundary.overextended", "merged"]


def test_a_pronoun_is_right_where_it_was_resolved_to_the_right_person() -> None:
    people = [
        Entity(id="p1", name="Falk", mentions=[span("Ida Falk"), span("She")]),
        Entity(id="p2", name="Reck", mentions=[span("Jon Reck")]),
    ]
    right = [quote("a", "the ferry would stop", speaker="p1", mention="She")]
    wrong = [quote("a", "the ferry would stop", speaker="p2", mention="She")]
    gold = article(four_quotes()[3:], cast())
    assert f1(score_quotes(gold, article(right, people)), "speaker") == 1
    judged = score_quotes(gold, article(wrong, people))
    assert f1(judged, "speaker") == 0
    assert judged.measures["speaker_mention"].matched == 1
    assert judged.outcomes[0].detail == "labelled Ida Falk (She), found Reck (She)"


def test_another_form_of_the_name_is_the_same_person() -> None:
    people = [Entity(id="p1", name="engineer Ida Falk")]
    found = [quote("a", "The bridge will open in May", speaker="p1")]
    scores = score_quotes(article(four_quotes()[:1], cast()), article(found, people))
    assert f1(scores, "joint") == 1


def test_where_only_mentions_are_labelled_they_decide() -> None:
    gold = article([quote("g", "Nobody asked us", mention="Jon Reck")])
    people = [Entity(id="p1", name="Jon Reck", mentions=[span("Jon Reck")])]
    near = quote("p", "Nobody asked us", speaker="p1", mention="baker Jon Reck")
    far = quote("p", "Nobody asked us", speaker="p1", mention="Ida Falk")
    assert f1(score_quotes(gold, article([near], people)), "joint") == 1
    assert f1(score_quotes(gold, article([far], people)), "joint") == 0


def test_a_speaker_for_a_quote_of_nobody_is_an_error() -> None:
    gold = article([quote("g", "Nobody asked us")])
    people = [Entity(id="p1", name="Jon Reck", mentions=[span("Jon Reck")])]
    found = article([quote("p", "Nobody asked us", speaker="p1")], people)
    assert errors(score_quotes(gold, found)) == ["speaker.spurious"]
    assert errors(score_quotes(gold, gold)) == ["correct"]


def test_an_optional_label_is_neither_rewarded_nor_punished() -> None:
    extra = quote("g", "engineer Ida Falk", optional=True)
    gold = article([*four_quotes(), extra], cast())
    for found in (GOLD, gold):
        scores = score_quotes(gold, found)
        assert scores.measures["joint"].gold == 4
        assert scores.measures["joint"].predicted == 4
        assert scores.muc.possible == 4


def test_an_alternative_content_is_as_right() -> None:
    label = quote("g", "The bridge will open in May,")
    wider = label.model_copy(update={"alternatives": [[span("bridge will open")]]})
    found = article([quote("p", "bridge will open")])
    assert f1(score_quotes(article([label]), found), "exact") == 0
    assert f1(score_quotes(article([wider]), found), "exact") == 1


def test_marks_at_the_ends_count_for_exact_alone() -> None:
    found = article([quote("p", "“The bridge will open in May")])
    scores = score_quotes(article([quote("g", "The bridge will open in May,”")]), found)
    assert (f1(scores, "exact"), f1(scores, "trimmed")) == (0, 1)
    assert errors(scores) == ["correct"]


def test_scare_quotes_and_exempt_text_have_their_classes() -> None:
    gold = article(four_quotes(), cast()).model_copy(
        update={"exempt": [span("Red Bridge")]}
    )
    found = article([*four_quotes(), quote("p", "Red Bridge")], cast())
    assert "spurious.exempt" in errors(score_quotes(gold, found))
    assert "spurious.scare" in errors(score_quotes(GOLD, found))


def test_slices_follow_the_label_of_a_pair() -> None:
    changed = [q.model_copy(update={"kind": "mixed"}) for q in four_quotes()]
    scores = score_quotes(GOLD, article(changed, cast()))
    assert scores.measures["iou50/direct"].matched == 2
    assert "iou50/mixed" not in scores.measures
    assert scores.measures["kind"].matched == 0
    assert scores.measures["joint/pronoun_speaker"].matched == 1


@st.composite
def labellings(draw: st.DrawFn) -> GoldArticle:
    ends = st.integers(0, len(TEXT))
    quotes = []
    for number in range(draw(st.integers(0, 6))):
        bounds = sorted(draw(st.lists(ends, min_size=2, max_size=4, unique=True)))
        parts = list(zip(bounds[::2], bounds[1::2], strict=False))
        spans = [Span(start=a, end=b, text=TEXT[a:b]) for a, b in parts]
        quotes.append(
            GoldQuote(
                id=f"q{number}",
                kind=draw(st.sampled_from(("direct", "indirect", "mixed"))),
                spans=spans,
                speaker=draw(st.sampled_from((None, "e1", "e2", "e3"))),
            )
        )
    return article(quotes, cast())


@given(labellings(), labellings())
def test_every_item_has_one_fate_and_swapping_swaps_precision_and_recall(
    one: GoldArticle, other: GoldArticle
) -> None:
    forth, back = score_quotes(one, other), score_quotes(other, one)
    assert forth.muc.possible == len(one.quotes) == back.muc.actual
    assert forth.muc.actual == len(other.quotes) == back.muc.possible
    gold_ids = [o.gold for o in forth.outcomes if o.gold]
    assert sorted(gold_ids) == sorted(q.id for q in one.quotes)
    found_ids = [o.predicted for o in forth.outcomes if o.predicted]
    assert sorted(found_ids) == sorted(q.id for q in other.quotes)
    for name in ("iou50", "soft", "exact", "characters"):
        a, b = forth.measures[name], back.measures[name]
        assert a.precision == pytest.approx(b.recall)
        assert a.recall == pytest.approx(b.precision)


@given(labellings(), labellings())
def test_dropping_a_spurious_quote_never_lowers_precision(
    gold: GoldArticle, found: GoldArticle
) -> None:
    scores = score_quotes(gold, found)
    spurious = [o.predicted for o in scores.outcomes if o.status == "spurious"]
    if not spurious:
        return
    kept = [q for q in found.quotes if q.id != spurious[0]]
    fewer = score_quotes(gold, found.model_copy(update={"quotes": kept}))
    assert fewer.measures["iou50"].matched == scores.measures["iou50"].matched
    assert (fewer.measures["iou50"].precision or 1) >= (
        scores.measures["iou50"].precision or 0
    )


def test_regions_join_what_touches_and_trim_each_stretch() -> None:
    text = "“Yes,” he said. “No.”"
    parts = [
        Span(start=16, end=21, text=text[16:21]),
        Span(start=0, end=3, text=text[0:3]),
        Span(start=3, end=6, text=text[3:6]),
    ]
    assert make_region(text, parts, trim=False) == Region(((0, 6), (16, 21)))
    assert make_region(text, parts) == Region(((1, 4), (17, 19)))
    assert union([Region(((0, 3),)), Region(((2, 5), (7, 8)))]).size == 6


def test_the_name_that_is_read_decides_whom_an_entity_stands_for() -> None:
    people = [
        Entity(
            id="p1",
            name="Ida Falk",
            mentions=[span("The council"), span("Jon Reck"), span("Ida Falk")],
        )
    ]
    found = [quote("a", "The bridge will open in May", speaker="p1")]
    scores = score_quotes(article(four_quotes()[:1], cast()), article(found, people))
    assert f1(scores, "joint") == 1
