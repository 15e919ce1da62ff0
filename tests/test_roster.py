"""The roster: entities by where they are named and by their words."""

from extractor.resolution import Entity, Roster
from extractor.segmentation.model import Mention

HOLT = Mention(0, 14, "name")
BARE = Mention(6, 14, "name")
COUNCIL = Mention(20, 31, "name")
SHE = Mention(40, 43, "pronoun")


def roster() -> tuple[Roster, Entity, Entity]:
    ada = Entity("Ada Holt", description="Mayor", mentions=[HOLT, BARE])
    council = Entity("Vall Council", mentions=[COUNCIL])
    return Roster([ada, council]), ada, council


def test_entities_are_found_by_where_they_are_named() -> None:
    found, ada, council = roster()
    assert found.starting_at(6) == [(ada, BARE)]
    assert found.ending_at(14) == [(ada, HOLT), (ada, BARE)]
    assert found.covering(7) == [(ada, HOLT), (ada, BARE)]
    assert found.covering(14) == []
    assert found.within(6, 31) == [(ada, BARE), (council, COUNCIL)]
    assert found.within(0, 13) == []
    assert found.between(6, 21) == [ada, council]
    assert found.between(21, 40) == []


def test_entities_are_found_by_their_words() -> None:
    found, ada, council = roster()
    assert found.with_word("mayor") == [ada]
    assert found.with_word("council") == [council]
    assert found.with_word("ferry") == []
    assert found.called("the VALL Council") is council
    assert found.surnamed("Holt") == [ada]


def test_a_later_mention_is_found_too_and_counted_once() -> None:
    found, ada, _ = roster()
    found.mention(ada, SHE)
    found.mention(ada, SHE)
    assert ada.mentions == [HOLT, BARE, SHE]
    assert found.starting_at(40) == [(ada, SHE)]


def test_a_description_is_kept_and_its_words_are_found() -> None:
    found, ada, council = roster()
    found.describe(council, "the town's council")
    found.describe(ada, "a pilot")
    assert (council.description, ada.description) == ("the town's council", "Mayor")
    assert found.with_word("town's") == [council]
    assert found.with_word("pilot") == []


def test_an_entity_is_taken_in_once() -> None:
    found, ada, _ = roster()
    pilot = Entity("a pilot", named=False, mentions=[Mention(33, 40, "nominal")])
    found.add(pilot)
    found.add(pilot)
    found.add(ada)
    assert found.entities[2:] == [pilot]
    assert [entity for entity, _ in found.within(30, 45)] == [pilot]
