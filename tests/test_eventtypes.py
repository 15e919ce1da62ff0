"""Event types of the user's own."""

from pathlib import Path

import pytest
from scripted import Scripted

from extractor import EventType, EventTypes, Extraction, Extractor, read_event_types
from extractor.errors import UsageError
from extractor.pipeline import extract
from extractor.recipe import make_recipe

EXAMPLE = Path(__file__).parents[1] / "examples" / "event_types.toml"
ARTICLE = (
    "Lomvik relegated Port Almen on Saturday, as Ada Brun scored twice. Gunmen "
    "attacked a bank in Lomvik on Sunday. The transfer window closes in May, and the "
    "relegation hurt."
)
SPORT = EventType("Sport", ("relegate", "score", "relegation", "transfer window"))


def found(types: EventTypes | None, text: str = ARTICLE) -> list[tuple[str, str]]:
    result = extract(text, model="rules", tasks=["events"], event_types=types)
    assert Extraction.model_validate_json(result.model_dump_json()) == result
    return [(event.trigger.text, event.type) for event in result.events]


def test_own_types_replace_ours() -> None:
    assert found(EventTypes((SPORT,))) == [
        ("relegated", "Sport"),
        ("scored", "Sport"),
        ("transfer window", "Sport"),
        ("relegation", "Sport"),
    ]


def test_own_types_may_stand_beside_ours() -> None:
    both = dict(found(EventTypes((SPORT,), extend=True)))
    assert both["scored"] == "Sport"
    assert both["attacked"] == "Conflict"
    assert ("attacked", "Conflict") in found(None)


def test_an_own_type_goes_before_ours_of_the_same_word() -> None:
    raid = EventType("Raid", ("attack",))
    assert ("attacked", "Raid") in found(EventTypes((raid,), extend=True))


def test_a_doubtful_word_is_left_to_the_model() -> None:
    doubtful = EventTypes((EventType("Sport", ("~score",)),))
    assert found(doubtful) == []
    client = Scripted(
        lambda names, _: {n: {"kind": "Sport", "who": "", "whom": ""} for n in names}
    )
    asking = Extractor(client=client, tasks=["events"], event_types=doubtful)
    assert [e.type for e in asking.extract(ARTICLE).events] == ["Sport"]


def test_the_model_is_told_what_a_type_covers_and_may_refuse() -> None:
    told = EventType("Sport", ("score",), "matches and titles")
    client = Scripted(
        lambda names, _: {n: {"kind": "none", "who": "", "whom": ""} for n in names}
    )
    asking = Extractor(client=client, tasks=["events"], event_types=EventTypes((told,)))
    assert asking.extract(ARTICLE).events == []
    assert "Kinds: Sport (matches and titles) | none" in client.questions[0]


def test_the_example_is_a_list_of_types() -> None:
    types = read_event_types(EXAMPLE)
    assert types.extend
    assert ("relegated", "Sport") in found(types)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no event type"),
        ("types = 3", "no list of event types"),
        ("extend = 1\n[types.A]\ntriggers = ['go']", "no list of event types"),
        ("kinds = 1\n[types.A]\ntriggers = ['go']", "no list of event types"),
        ("[types.A]", "'A' needs triggers"),
        ("[types.A]\ntriggers = 'go'", "'A' needs triggers"),
        ("[types.A]\ntriggers = []", "'A' needs triggers"),
        ("[types.A]\ntriggers = ['go', 'a+b']", "'a\\+b' is none"),
        ("[types.A]\ntriggers = ['go']\nroles = []", "'A' needs triggers"),
        ("[types.A]\ntriggers = ['go']\ndescription = 1", "'A' needs triggers"),
        ("[types.none]\ntriggers = ['go']", "cannot be called 'none'"),
        ('[types."A|B"]\ntriggers = ["go"]', "cannot be called"),
        ("[types.A", "not valid TOML"),
    ],
)
def test_a_file_that_lists_no_types_is_refused(
    content: str, message: str, tmp_path: Path
) -> None:
    file = tmp_path / "types.toml"
    file.write_text(content, "utf-8")
    with pytest.raises(UsageError, match=f"types.toml.*{message}"):
        Extractor("rules", event_types=file)


def test_a_missing_file_is_named() -> None:
    with pytest.raises(UsageError, match=r"nowhere\.toml cannot be read"):
        Extractor("rules", event_types="nowhere.toml")


def test_types_are_part_of_the_recipe() -> None:
    hashes = {
        make_recipe(Extractor("rules", event_types=types)).event_types
        for types in (
            None,
            EventTypes((SPORT,)),
            EventTypes((SPORT,), extend=True),
            EventTypes((EventType("Sport", ("score",)),)),
        )
    }
    assert len(hashes) == 4
