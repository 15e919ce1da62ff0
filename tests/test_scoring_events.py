"""Events against events: triggers, arguments, incidents as a whole."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from labels import span

from extractor.evaluation.gold import (
    GoldArgument,
    GoldArticle,
    GoldEvent,
    GoldTime,
    make_source,
)
from extractor.evaluation.interchange.collection import read_gold
from extractor.evaluation.scoring.events import score_events
from extractor.evaluation.scoring.fillers import make_filler
from extractor.evaluation.scoring.ontology import (
    accepted_types,
    is_same_role,
    is_same_type,
    role_of,
    type_of,
)
from extractor.evaluation.scoring.outcomes import LayerScores
from extractor.schema import Span

OURS = """
Life Movement Transaction Business Conflict Contact Personnel Justice Disaster Statement
Other
""".split()
TEXT = (
    "Rebels attacked the garrison of Vall on 3 May 2019. Twelve soldiers of the third "
    "brigade died.\n\n"
    "Police in Sund arrested the rebel leader Tom Harl on Friday. The attack was the "
    "second this year; Harl will be tried in June, prosecutor Ada Brun said.\n"
)


def argument(role: str, *mentions: str, **known: Any) -> GoldArgument:
    return GoldArgument(role=role, mentions=[span(m, TEXT) for m in mentions], **known)


def event(
    id_: str, type_: str, trigger: str | None, *arguments: GoldArgument, **known: Any
) -> GoldEvent:
    return GoldEvent(
        id=id_,
        type=type_,
        trigger=span(trigger, TEXT) if trigger else None,
        arguments=list(arguments),
        **known,
    )


def labelled(*events: GoldEvent) -> GoldArticle:
    return GoldArticle(
        doc=make_source("vall", TEXT, language="en"),
        layers=["events"],
        events=list(events),
        text=TEXT,
    )


def three() -> list[GoldEvent]:
    return [
        event(
            "v1",
            "Conflict",
            "attacked",
            argument("agent", "Rebels"),
            argument("patient", "the garrison of Vall"),
            place=[span("Vall", TEXT)],
            time=GoldTime(span=span("3 May 2019", TEXT), value="2019-05-03"),
            status="happened",
        ),
        event(
            "v2",
            "Life",
            "died",
            argument("patient", "Twelve soldiers of the third brigade"),
            status="happened",
        ),
        event(
            "v3",
            "Justice",
            "arrested",
            argument("agent", "Police"),
            argument("patient", "the rebel leader Tom Harl", "Harl"),
            place=[span("Sund", TEXT)],
            status="happened",
        ),
    ]


GOLD = labelled(*three())
EXPECTED = """
argument_c_attached argument_c_given_event aligned trigger_i trigger_c trigger_overlap
argument_i argument_c ceaf_ree slots status place time time_given_event role/agent
role/patient
""".split()


def errors(scores: LayerScores) -> list[str]:
    return sorted(outcome.error for outcome in scores.outcomes)


def f1(scores: LayerScores, measure: str) -> float | None:
    return scores.measures[measure].f1


def changed(index: int, **values: Any) -> GoldArticle:
    events = three()
    events[index] = events[index].model_copy(update=values)
    return labelled(*events)


def test_labels_score_one_against_themselves() -> None:
    scores = score_events(GOLD, GOLD)
    assert {f1(scores, name) for name in EXPECTED} == {1.0}
    assert errors(scores) == ["correct"] * 3
    assert set(scores.measures) - set(EXPECTED) == {
        *("aligned/Conflict", "aligned/Justice", "aligned/Life", "aligned/happened"),
    }


def test_no_events_and_no_events_add_nothing() -> None:
    scores = score_events(labelled(), labelled())
    assert scores.outcomes == []
    assert all(c.gold == c.predicted == 0 for c in scores.measures.values())


def test_a_wrong_type_is_right_for_the_word_alone() -> None:
    scores = score_events(GOLD, changed(0, type="Movement"))
    assert f1(scores, "trigger_i") == 1
    assert scores.measures["trigger_c"].matched == 2
    assert scores.measures["aligned"].matched == 2
    assert scores.measures["argument_i"].matched == 3
    assert errors(scores) == ["correct", "correct", "type"]
    assert scores.muc.incorrect == 1
    (wrong,) = (o for o in scores.outcomes if o.error == "type")
    assert wrong.detail == "labelled Conflict, found Movement"


def test_a_role_or_an_event_can_be_wrong_for_the_right_participant() -> None:
    rebels, garrison = three()[0].arguments
    swapped = [
        rebels.model_copy(update={"role": "patient"}),
        garrison.model_copy(update={"role": "agent"}),
    ]
    scores = score_events(GOLD, changed(0, arguments=swapped))
    assert f1(scores, "argument_i") == 1
    assert scores.measures["argument_c"].matched == 3
    assert errors(scores) == ["argument.role", "correct", "correct"]
    twice = labelled(
        event("a", "Conflict", "attacked", argument("agent", "Rebels")),
        event("b", "Conflict", "attack was", argument("agent", "Police")),
    )
    moved = labelled(
        event("a", "Conflict", "attacked", argument("agent", "Police")),
        event("b", "Conflict", "attack was", argument("agent", "Rebels")),
    )
    scores = score_events(twice, moved)
    assert f1(scores, "argument_c") == 1
    assert f1(scores, "argument_c_attached") == f1(scores, "role/agent") == 0
    assert errors(scores) == ["argument.other"] * 2


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"status": "planned"}, "status"),
        ({"place": [span("Sund", TEXT)]}, "place"),
        ({"place": []}, "place"),
        ({"time": GoldTime(value="2019-05")}, "time"),
        ({"time": None}, "time"),
        ({"trigger": span("Rebels attacked", TEXT)}, "trigger"),
        ({"arguments": []}, "argument.missing"),
        (
            {"arguments": [*three()[0].arguments, argument("agent", "Tom Harl")]},
            "argument.spurious",
        ),
    ],
)
def test_an_event_has_the_gravest_class_that_fits(
    values: dict[str, Any], expected: str
) -> None:
    scores = score_events(GOLD, changed(0, **values))
    assert errors(scores) == sorted(["correct", "correct", expected])
    assert scores.measures["aligned"].matched == 3


def test_what_is_given_the_event_is_counted_over_aligned_events() -> None:
    scores = score_events(GOLD, labelled(three()[0]))
    assert scores.measures["argument_c_attached"].recall == pytest.approx(2 / 5)
    for name in ("argument_c_given_event", "time_given_event", "status"):
        assert f1(scores, name) == 1
    assert scores.measures["place"].recall == 1 / 2
    assert scores.measures["trigger_i"].recall == pytest.approx(1 / 3)


def test_what_no_label_of_an_article_has_is_not_measured() -> None:
    bare = [
        e.model_copy(update={"place": [], "time": None, "trigger": None})
        for e in three()
    ]
    measures = score_events(labelled(*bare), GOLD).measures
    assert not {"place", "time", "time_given_event", "trigger_i"} & set(measures)
    assert measures["slots"].f1 == 1


def test_the_head_or_half_of_the_characters_make_a_participant() -> None:
    brigade = make_filler(TEXT, three()[1].arguments[0], "Life")

    def alike(words: str) -> bool:
        found = make_filler(TEXT, argument("patient", words), "Life")
        return brigade.similarity(found) == found.similarity(brigade) > 0

    assert alike("soldiers")
    assert alike("Twelve soldiers")
    assert alike("soldiers of the third brigade died")
    assert not alike("the third brigade")
    assert not alike("brigade")
    assert not alike(TEXT.strip())


def test_any_labelled_mention_is_as_right_but_only_once() -> None:
    found = changed(
        2, arguments=[argument("patient", "Tom Harl"), argument("patient", "Harl will")]
    )
    scores = score_events(GOLD, found)
    assert scores.measures["role/patient"].matched == 3
    assert scores.measures["role/patient"].predicted == 4
    assert "argument.other" in errors(scores)


def test_an_optional_filler_is_never_missed_nor_spurious() -> None:
    arguments = [*three()[0].arguments, argument("instrument", "the second")]
    optional = [*arguments[:2], arguments[2].model_copy(update={"optional": True})]
    gold = changed(0, arguments=optional)
    for found in (GOLD, changed(0, arguments=arguments)):
        scores = score_events(gold, found)
        for name in ("argument_c_attached", "argument_i", "slots", "ceaf_ree"):
            assert f1(scores, name) == 1
        assert errors(scores) == ["correct"] * 3


def test_an_optional_event_is_neither_rewarded_nor_punished() -> None:
    extra = event("v9", "Justice", "tried", argument("patient", "Harl will"))
    gold = labelled(*three(), extra.model_copy(update={"optional": True}))
    for found in (GOLD, labelled(*three(), extra)):
        scores = score_events(gold, found)
        for name in EXPECTED:
            assert f1(scores, name) == 1, name
        assert scores.muc.possible == scores.muc.actual == 3


def test_incidents_without_a_trigger_are_aligned_by_their_fillers() -> None:
    gold = labelled(
        event(
            "m1",
            "ATTACK",
            None,
            argument("PerpInd", "Rebels"),
            argument("PhysicalTarget", "the garrison"),
            argument("VictimDescription", "soldiers", optional=True),
        ),
        event("m2", "KIDNAPPING", None, argument("VictimName", "Tom Harl")),
    )
    scores = score_events(gold, GOLD)
    pairs = {o.gold: o.predicted for o in scores.outcomes if o.gold}
    assert pairs == {"m1": "v1", "m2": None}
    assert scores.measures["slots"].matched == 2
    assert scores.measures["ceaf_ree"].recall == pytest.approx(1 / 3)
    assert "trigger_i" not in scores.measures


def test_words_are_enough_for_slots_where_there_is_no_trigger() -> None:
    later = GoldArgument(role="agent", mentions=[span("Harl", TEXT, nth=1)])
    gold = labelled(event("m", "ARSON", None, argument("PerpInd", "Harl")))
    scores = score_events(gold, labelled(event("p", "Conflict", "attacked", later)))
    assert f1(scores, "slots") == f1(scores, "ceaf_ree") == 1
    assert f1(scores, "argument_c_attached") == 0


def test_an_incident_without_anything_is_found_by_its_type() -> None:
    gold = labelled(event("m", "BOMBING", None))
    assert score_events(gold, GOLD).measures["aligned"].recall == 1
    assert score_events(gold, labelled(three()[2])).measures["aligned"].matched == 0


def test_a_repeated_event_is_a_spurious_duplicate() -> None:
    again = three()[0].model_copy(update={"id": "v9"})
    scores = score_events(GOLD, labelled(*three(), again))
    assert errors(scores) == ["correct"] * 3 + ["spurious.duplicate"]
    for name in ("trigger_i", "trigger_c", "aligned", "argument_c", "argument_i"):
        counts = scores.measures[name]
        assert counts.recall == 1
        assert counts.matched == counts.gold < counts.predicted
    back = score_events(labelled(*three(), again), GOLD)
    assert errors(back) == ["correct"] * 3 + ["merged"]


def test_events_of_other_words_and_people_are_never_aligned() -> None:
    gold = labelled(event("g", "Conflict", "attacked", argument("agent", "Rebels")))
    found = labelled(event("p", "Conflict", "attack was", argument("agent", "Police")))
    scores = score_events(gold, found)
    assert errors(scores) == ["missed", "spurious.other"]
    assert not any(c.matched for c in scores.measures.values())


def test_the_whole_article_as_trigger_and_argument_matches_nothing() -> None:
    everything = Span(start=0, end=len(TEXT), text=TEXT)
    found = GoldEvent(
        id="p",
        type="Conflict",
        trigger=everything,
        arguments=[GoldArgument(role="agent", mentions=[everything])],
    )
    scores = score_events(GOLD, labelled(found))
    for name in ("trigger_i", "aligned", "argument_i", "slots", "ceaf_ree"):
        assert f1(scores, name) == 0


def test_a_spurious_first_item_costs_precision_alone() -> None:
    extra = event("v0", "Contact", "said", argument("agent", "prosecutor Ada Brun"))
    scores = score_events(GOLD, labelled(extra, *three()))
    for name in ("aligned", "trigger_i", "argument_c_attached", "slots"):
        counts = scores.measures[name]
        assert counts.recall == 1
        assert counts.matched == counts.predicted - 1


def test_the_caller_may_say_which_types_are_the_same() -> None:
    found = changed(0, type="attack")
    same: Callable[[str, str], bool] = str.__eq__
    assert score_events(GOLD, found).measures["aligned"].matched == 3
    assert score_events(GOLD, found, compatible=same).measures["aligned"].matched == 2


def test_types_and_roles_of_other_corpora_are_ours() -> None:
    assert type_of("Conflict.Attack.DetonateExplode") == "Conflict"
    assert type_of("Life:Be-Born") == "Life"
    assert type_of("FORCED WORK STOPPAGE") == "Business"
    assert type_of("Flood") == "Flood"
    assert accepted_types("Contact.Contact.Broadcast") == ("Contact", "Statement")
    assert is_same_type("BOMBING", "Life") and is_same_type("Life", "BOMBING")
    assert not is_same_type("BOMBING", "ATTACK")
    assert role_of("PerpOrg") == "agent"
    assert is_same_role("Participant", "patient")
    assert is_same_role("Recipient", "patient")
    assert not is_same_role("recipient", "patient")


@pytest.mark.shared
@pytest.mark.parametrize("corpus", ["wikievents_dev", "muc4_dev"])
def test_corpora_score_one_against_themselves_in_our_types(
    corpus: str, shared: Path
) -> None:
    found = set()
    for gold in read_gold(shared / "data" / corpus):
        scores = score_events(gold, gold)
        for name, counts in scores.measures.items():
            assert counts.f1 in (None, 1), name
        assert {outcome.error for outcome in scores.outcomes} <= {"correct", "optional"}
        found |= {type_of(event.type) for event in gold.events}
    assert found
    assert found <= set(OURS)


WORDS = ("attacked", "died", "arrested", "attack was", "tried", "Rebels attacked")
PEOPLE = ("Rebels", "Police", "Tom Harl", "Harl", "soldiers", "the garrison of Vall")


@st.composite
def labellings(draw: st.DrawFn) -> GoldArticle:
    events = []
    for number in range(draw(st.integers(0, 5))):
        arguments = [
            argument(draw(st.sampled_from(("agent", "patient"))), words)
            for words in draw(st.lists(st.sampled_from(PEOPLE), max_size=3))
        ]
        types = st.sampled_from(("Conflict", "Life", "ATTACK", "Justice"))
        trigger = draw(st.sampled_from((*WORDS, None)))
        status = draw(st.sampled_from(("happened", "planned", None)))
        events.append(
            event(f"v{number}", draw(types), trigger, *arguments, status=status)
        )
    return labelled(*events)


@given(labellings(), labellings())
def test_every_event_has_one_fate_and_swapping_swaps_precision_and_recall(
    one: GoldArticle, other: GoldArticle
) -> None:
    forth, back = score_events(one, other), score_events(other, one)
    ids = [o.gold for o in forth.outcomes if o.gold]
    assert sorted(ids) == sorted(e.id for e in one.events)
    ids = [o.predicted for o in forth.outcomes if o.predicted]
    assert sorted(ids) == sorted(e.id for e in other.events)
    assert forth.muc.possible == len(one.events) == back.muc.actual
    assert forth.muc.actual == len(other.events) == back.muc.possible
    for name in ("aligned", "argument_i", "argument_c", "argument_c_attached", "slots"):
        a, b = forth.measures[name], back.measures[name]
        assert (a.precision, a.recall) == (b.recall, b.precision)


@given(labellings(), labellings(), st.randoms())
def test_the_order_of_the_lists_changes_nothing(
    gold: GoldArticle, found: GoldArticle, shuffler: random.Random
) -> None:
    mixed = []
    for side in (gold, found):
        events = list(side.events)
        shuffler.shuffle(events)
        shuffled = []
        for one in events:
            arguments = shuffler.sample(one.arguments, len(one.arguments))
            shuffled.append(one.model_copy(update={"arguments": arguments}))
        mixed.append(labelled(*shuffled))
    scores, expected = score_events(*mixed), score_events(gold, found)
    assert scores.measures == expected.measures
    assert scores.muc == expected.muc


@given(labellings(), labellings())
def test_dropping_a_spurious_event_never_lowers_precision(
    gold: GoldArticle, found: GoldArticle
) -> None:
    scores = score_events(gold, found)
    spurious = [o.predicted for o in scores.outcomes if o.status == "spurious"]
    if not spurious:
        return
    kept = [e for e in found.events if e.id != spurious[0]]
    fewer = score_events(gold, labelled(*kept))
    for name in ("aligned", "argument_c_attached"):
        before, after = scores.measures[name], fewer.measures[name]
        assert after.matched == before.matched
        assert (after.precision or 0) >= (before.precision or 0)
