"""Scores of tasks of the user's own."""

from typing import Any

import pytest
from labels import TEXT, span
from pydantic import ValidationError

from extractor.evaluation.agreement import agree
from extractor.evaluation.gold import GoldArticle, GoldItem, make_source
from extractor.evaluation.scoring.article import score_article, score_failure
from extractor.evaluation.scoring.outcomes import LayerScores
from extractor.evaluation.scoring.summary import summarise
from extractor.evaluation.statistics import Counts
from extractor.schema import Failure

LAYER = "works"


def item(id_: str = "w1", *, optional: bool = False, **fields: Any) -> GoldItem:
    """A string is words of the text, all else a value; `x_value` is a plain string."""
    words = {n: v for n, v in fields.items() if isinstance(v, str) and "_" not in n}
    values = {n.partition("_")[0]: v for n, v in fields.items()}
    spans = {name: [span(value)] for name, value in words.items()}
    return GoldItem(id=id_, fields=values, spans=spans, optional=optional)


def labelled(*items: GoldItem) -> GoldArticle:
    return GoldArticle(
        doc=make_source("bridge", TEXT),
        layers=[LAYER],
        items={LAYER: list(items)},
        text=TEXT,
    )


def score(gold: GoldArticle, found: GoldArticle) -> LayerScores:
    return score_article(gold, found).layers[LAYER]


BRIDGE = item(what="The bridge will open", when="in May", state="open")


def test_the_same_is_right_in_every_measure() -> None:
    scores = score(labelled(BRIDGE), labelled(BRIDGE))
    assert {counts.f1 for counts in scores.measures.values()} == {1.0}
    assert scores.measures["field_when"] == Counts(1, 1, 1)
    assert [o.status for o in scores.outcomes] == ["correct"]


def test_half_of_the_characters_are_enough_and_less_is_not() -> None:
    half = item(what="The bridge")
    scores = score(labelled(item(what="The bridge will")), labelled(half))
    assert scores.measures["iou50"] == Counts(1, 1, 1)
    assert scores.measures["iou80"] == Counts(0, 1, 1)
    assert scores.measures["exact"] == Counts(0, 1, 1)
    less = labelled(item(what="The"))
    scores = score(labelled(item(what="The bridge will")), less)
    assert scores.measures["iou50"] == Counts(0, 1, 1)
    assert sorted(o.status for o in scores.outcomes) == ["missed", "spurious"]


def test_a_missing_field_alone_does_not_lose_the_item() -> None:
    gold = item(who="engineer Ida Falk", why="The council said that repairs had cost")
    found = item(who="engineer Ida Falk")
    assert gold.spans["why"][0].end - gold.spans["why"][0].start > 2 * 17
    scores = score(labelled(gold), labelled(found))
    assert scores.measures["iou50"] == Counts(1, 1, 1)
    assert scores.measures["fields"] == Counts(1, 2, 2)
    assert scores.measures["all_fields"] == Counts(0, 1, 1)
    (outcome,) = scores.outcomes
    assert (outcome.status, outcome.error) == ("partial", "field.why")
    assert outcome.detail == "differs in why"


@pytest.mark.parametrize(
    ("gold", "found", "agrees"),
    [
        ({"cost": 2}, {"cost": 2}, True),
        ({"cost": 2}, {"cost": 3}, False),
        ({"cost": 2}, {}, False),
        ({}, {"cost": 2}, True),
        ({"cost_": "Two Million "}, {"cost_": "two million"}, True),
        ({"cost_": "two million"}, {"cost_": "two"}, False),
        ({"cost": None}, {"cost_": ""}, True),
        ({"cost": ["a", "b"]}, {"cost": ["A", "b"]}, True),
        ({"when": "in May"}, {"when": "May"}, True),
        ({"when": "in May"}, {"when": "Nobody"}, False),
        ({"when": "in May"}, {"when": None}, False),
        ({"when": None}, {"when": "in May"}, False),
    ],
)
def test_fields_agree_by_their_words_or_values(
    gold: dict[str, Any], found: dict[str, Any], agrees: bool
) -> None:
    what: dict[str, Any] = {"what": "The bridge will open"}
    scores = score(labelled(item(**what, **gold)), labelled(item(**what, **found)))
    assert scores.measures["iou50"].matched == 1
    assert (scores.measures["all_fields"].matched == 1) is agrees


def test_alternatives_are_as_right() -> None:
    gold = BRIDGE.model_copy(
        update={"alternatives": {"when": [[span("in May"), span("May")]]}}
    )
    other = gold.model_copy(
        update={"alternatives": {"when": [[span("engineer Ida Falk")]]}}
    )
    found = item(what="The bridge will open", when="engineer Ida Falk", state="open")
    assert score(labelled(gold), labelled(found)).measures["field_when"].matched == 0
    assert score(labelled(other), labelled(found)).measures["field_when"].matched == 1


def test_an_item_without_words_has_its_evidence() -> None:
    one = GoldItem(id="w1", fields={"cost": 2}, evidence=[span("repairs had cost")])
    scores = score(labelled(one), labelled(one))
    assert scores.measures["iou50"] == Counts(1, 1, 1)
    with pytest.raises(ValidationError, match="spans or evidence"):
        GoldItem(id="w1", fields={"cost": 2})


def test_an_optional_item_counts_for_nothing() -> None:
    optional = item(what="The bridge will open", optional=True)
    for found in (labelled(), labelled(item(what="The bridge will open"))):
        scores = score(labelled(optional), found)
        assert scores.measures["iou50"] == Counts(0, 0, 0)
        assert {o.status for o in scores.outcomes} == {"ignored"}


def test_of_two_in_one_sentence_each_gets_its_own() -> None:
    falk = item("w1", who="engineer Ida Falk", what="The bridge")
    other = item("w2", who="engineer Ida Falk", what="will open in May")
    scores = score(labelled(falk, other), labelled(other, falk))
    assert [(o.gold, o.predicted) for o in scores.outcomes] == [
        ("w1", "w1"),
        ("w2", "w2"),
    ]


def test_a_layer_where_nothing_is_there_is_scored_by_what_was_found() -> None:
    scores = summarise([score_article(labelled(), labelled(BRIDGE))])
    assert scores.figures["works.iou50"].counts == Counts(0, 0, 1)
    assert scores.false_alarms[LAYER] == (1, 1)


def test_the_table_has_the_headline_of_the_layer_first() -> None:
    scores = summarise([score_article(labelled(BRIDGE), labelled())])
    assert next(iter(scores.figures)) == "works.iou50"
    assert "works.iou50" in scores.table()


def test_a_failed_article_has_missed_everything() -> None:
    failure = Failure(task=LAYER, code="down", message="It is down.")
    scores = score_failure(labelled(BRIDGE), failure)
    assert scores.layers[LAYER].measures["iou50"] == Counts(0, 1, 0)


def test_annotators_agree_on_a_layer_of_their_own() -> None:
    both = {"ana": [labelled(BRIDGE)], "ben": [labelled(BRIDGE)]}
    found = agree(both)
    assert found.alpha == {LAYER: 1.0}
    assert found.scores.figures["works.fields"].f1.estimate == 1.0


def test_a_layer_that_nobody_has_items_of_is_a_slip() -> None:
    with pytest.raises(ValidationError, match="'quote' is none of quotes"):
        GoldArticle(doc=make_source("x", TEXT), layers=["quote"], text=TEXT)


def test_offsets_of_items_are_checked() -> None:
    moved = span("in May").model_copy(update={"start": 3, "end": 9})
    wrong = BRIDGE.model_copy(update={"spans": {"when": [moved]}})
    with pytest.raises(ValidationError, match=r"w1: the text at 3\.\.9 is"):
        labelled(wrong)
