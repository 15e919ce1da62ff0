"""Tasks of the user's own: asked, grounded and reported like ours."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field
from scripted import Reply, Scripted

from extractor import Anchor, Extraction, Extractor, Task, read_task
from extractor.client import Answer
from extractor.errors import (
    ContextExceeded,
    ExtractorError,
    PromptError,
    UsageError,
)
from extractor.pipeline import extract
from extractor.questions import Progress
from extractor.recipe import make_recipe
from extractor.report import to_text
from extractor.schema import EndpointKind, OwnItem
from extractor.segmentation import segment
from extractor.segmentation.windows import windows_of

PROMISES = Path(__file__).parents[1] / "examples" / "promises"

ARTICLE = (
    "Two farmers were hurt on Monday when a wall fell in Lomvik, the fire service "
    "said.\n\nAda Brun, the mayor, said nobody else was injured. “The wall fell "
    "because it was old,” she said. Two farmers had warned the town.\n"
)


class Injury(BaseModel):
    """People who were hurt, and by what."""

    who: Anchor
    count: int | None = None
    cause: Anchor | None = None


INJURIES = Task("injuries", Injury)


def run(
    task: Task,
    reply: Reply,
    *,
    endpoint: EndpointKind = "endpoint",
    article: str = ARTICLE,
    beside: Sequence[str] = (),
) -> tuple[Extraction, Scripted]:
    def whole(names: list[str], shown: str) -> dict[str, Any]:
        return {key: [] for key in names} | dict(reply(names, shown))

    client = Scripted(whole, endpoint)
    return Extractor(client=client, tasks=[*beside, task]).extract(article), client


def found(task: Task, **answers: Any) -> list[OwnItem]:
    """What comes of answers by their ids."""
    return run(task, lambda names, _: answers)[0].items[task.name]


def words(item: OwnItem, field: str) -> list[tuple[int, str]]:
    return [(span.start, span.text) for span in item.spans[field]]


# -- anchors ---------------------------------------------------------------------------


def test_an_anchor_is_reported_with_its_span_and_the_rest_as_it_was_said() -> None:
    (item,) = found(INJURIES, S1=[{"who": "Two farmers", "count": 2, "cause": None}])
    assert item.id == "injuries-1"
    assert item.fields == {"who": "Two farmers", "count": 2, "cause": None}
    assert words(item, "who") == [(0, "Two farmers")]
    assert item.evidence[0].text.startswith("Two farmers were hurt")
    assert "cause" not in item.spans


def test_a_repaired_anchor_has_the_words_of_the_article() -> None:
    answer = {"who": '"The wall fell because', "cause": None}
    (item,) = found(INJURIES, S3=[answer])
    assert item.fields["who"] == "“The wall fell because"
    (item,) = found(INJURIES, S1=[{"who": "Two farmers ... hurt on Monday"}])
    assert [text for _, text in words(item, "who")] == ["Two farmers", "hurt on Monday"]
    assert item.fields["who"] == "Two farmers hurt on Monday"


def test_what_the_article_does_not_say_is_rejected_in_the_name_of_the_task() -> None:
    answer = {"who": "Three farmers", "cause": "a wall"}
    result, _ = run(INJURIES, lambda names, _: {"S1": [answer]})
    assert result.items == {"injuries": []}
    (rejected,) = result.rejected
    assert (rejected.task, rejected.text) == ("injuries", "Three farmers")
    assert rejected.verdict == "altered"
    assert rejected.nearest and rejected.nearest.text == "Two farmers"
    assert result.provenance.verdicts == {"altered": 1}


def test_an_anchor_the_model_may_leave_out_is_left_out_alone() -> None:
    answer = {"who": "Two farmers", "cause": "an earthquake"}
    result, _ = run(INJURIES, lambda names, _: {"S1": [answer]})
    (item,) = result.items["injuries"]
    assert item.fields == {"who": "Two farmers", "count": None, "cause": None}
    assert [r.text for r in result.rejected] == ["an earthquake"]


@pytest.mark.parametrize("nothing", ["", " ", "none", "N/A", "unknown"])
def test_a_field_filled_with_nothing_is_none_and_no_invention(nothing: str) -> None:
    answer = {"who": "Two farmers", "cause": nothing}
    result, _ = run(INJURIES, lambda names, _: {"S1": [answer]})
    assert result.items["injuries"][0].fields["cause"] is None
    assert result.rejected == []


def test_of_several_occurrences_that_of_the_sentence_asked_about_is_meant() -> None:
    answers = {"S1": [{"who": "Two farmers"}], "S4": [{"who": "Two farmers"}]}
    first, second = found(INJURIES, **answers)
    assert words(first, "who") == [(0, "Two farmers")]
    assert words(second, "who") == [(ARTICLE.rindex("Two farmers"), "Two farmers")]


def test_words_elsewhere_are_found_nearest_to_the_sentence() -> None:
    (item,) = found(INJURIES, S2=[{"who": "Two farmers", "cause": "wall"}])
    assert words(item, "cause") == [(ARTICLE.index("wall fell because"), "wall")]


def test_the_same_thing_found_twice_is_one() -> None:
    answer = {"who": "Ada Brun"}
    assert len(found(INJURIES, S1=[answer, answer], S2=[answer])) == 1


def test_of_the_same_thing_the_sentence_that_says_it_is_the_evidence() -> None:
    answer = {"who": "Ada Brun", "cause": None}
    (item,) = found(INJURIES, S1=[answer], S2=[answer], S4=[answer])
    assert item.evidence[0].text.startswith("Ada Brun, the mayor")


class Party(BaseModel):
    name: Anchor
    role: Literal["hurt", "other"]


class Accident(BaseModel):
    """Accidents."""

    parties: list[Party]
    places: Annotated[list[Anchor], Field(max_length=3)] = []
    told_by: dict[str, Anchor] = {}


def test_anchors_within_lists_and_models_are_grounded() -> None:
    answer = {
        "parties": [
            {"name": "Two farmers", "role": "hurt"},
            {"name": "the fire service", "role": "other"},
        ],
        "places": ["Lomvik", "Atlantis", "a wall"],
        "told_by": {"first": "Ada Brun"},
    }
    task = Task("accidents", Accident)
    result, _ = run(task, lambda names, _: {"S1": [answer]})
    (item,) = result.items["accidents"]
    assert words(item, "parties.1.name") == [(60, "the fire service")]
    assert [text for _, text in words(item, "places")] == ["Lomvik", "a wall"]
    assert [text for _, text in words(item, "told_by.first")] == ["Ada Brun"]
    assert item.fields["places"] == ["Lomvik", "a wall"]
    assert [r.text for r in result.rejected] == ["Atlantis"]
    paths = [name for name, _, spans in item.rows() if spans]
    assert paths == ["places", "parties.0.name", "parties.1.name", "told_by.first"]


def test_lone_surrogates_in_an_article_are_kept() -> None:
    article = "Two\ud800 farmers were hurt in Lomvik on Monday."
    reply = {"S1": [{"who": "Lomvik"}, {"who": "Two\ud800 farmers"}]}
    result, _ = run(INJURIES, lambda names, _: reply, article=article)
    assert {item.fields["who"] for item in result.items["injuries"]} == {
        "Lomvik",
        "Two\ud800 farmers",
    }


# -- questions -------------------------------------------------------------------------


def test_every_sentence_is_asked_about_one_at_a_time_by_a_small_model() -> None:
    _, client = run(INJURIES, lambda names, _: {}, endpoint="embedded")
    assert client.asked == [["S1"], ["S2"], ["S3"], ["S4"]]
    _, client = run(INJURIES, lambda names, _: {})
    assert client.asked == [["S1", "S2", "S3", "S4"]]


@pytest.mark.parametrize(
    ("triggers", "asked"),
    [
        (["hurt", "injur*"], ["S1", "S2"]),
        (["HURT"], ["S1"]),
        (["injur"], []),
        (r"\bwarn|wounded", ["S4"]),
    ],
)
def test_triggers_choose_what_is_asked_about(
    triggers: str | list[str], asked: list[str]
) -> None:
    task = Task("injuries", Injury, triggers=triggers)
    _, client = run(task, lambda names, _: {})
    assert client.asked == ([asked] if asked else [])


def test_the_question_has_the_instruction_the_fields_and_the_sentence() -> None:
    class Described(BaseModel):
        who: Anchor = Field(description="whoever was hurt")
        count: int

    task = Task("injuries", Described, prompt="Find the injured.\nCount them.")
    _, client = run(task, lambda names, _: {}, endpoint="embedded")
    question = client.questions[0]
    assert question.startswith("Find the injured.\nCount them.")
    assert "- who (words copied from the article): whoever was hurt\n- count\n" in (
        question
    )
    assert question.endswith(f"S1: {ARTICLE.partition(chr(10))[0]}")


def test_quotes_are_asked_about_with_their_speakers() -> None:
    task = Task("reasons", Injury, prompt="Why?", per="quote")
    reply = {"Q3": [{"who": "The wall", "cause": "it was old"}]}
    result, client = run(task, lambda names, _: reply, beside=["quotes", "speakers"])
    assert (
        "\nQ3: Ada Brun says: The wall fell because it was old,"
        in (client.questions[-1])
    )
    (item,) = result.items["reasons"]
    (quote,) = (quote for quote in result.quotes if quote.id == item.quote)
    assert item.evidence == quote.spans
    alone, _ = run(task, lambda names, _: reply)
    assert alone.items["reasons"][0].quote is None
    assert alone.items["reasons"][0].evidence == quote.spans


def test_of_a_whole_article_the_model_tells_which_sentence_says_it() -> None:
    task = Task("injuries", Injury, per="article")
    who = {"who": "Two farmers", "count": None, "cause": None}
    reply = {"A1": [who | {"sentence": "s4"}, who | {"sentence": "S99"}]}
    result, client = run(task, lambda names, _: reply)
    assert client.asked == [["A1"]]
    assert "- sentence: number of the sentence" in client.questions[0]
    first, second = result.items["injuries"]
    assert first.evidence[0].start == 0, "of no such sentence the words tell the place"
    assert second.evidence[0].text == "Two farmers had warned the town."
    assert words(second, "who") == [(ARTICLE.rindex("Two farmers"), "Two farmers")]
    assert "sentence" not in first.fields


LONG = "\n\n".join(
    f"Nurse Number{k} was hurt in the town of Place{k} when wall {k} fell."
    + " Rain." * 9
    for k in range(300)
)


def test_a_long_article_is_asked_in_parts_and_put_together() -> None:
    task = Task("injuries", Injury, per="article", triggers=["hurt"])
    assert len(windows_of(segment(LONG))) > 1

    def reply(names: list[str], article: str) -> dict[str, Any]:
        shown = {line.split()[2] for line in article.splitlines() if " Nurse " in line}
        return {names[0]: [{"who": who, "sentence": "S0"} for who in sorted(shown)]}

    result, client = run(task, reply, article=LONG)
    assert len(client.asked) == len(windows_of(segment(LONG)))
    assert len(result.items["injuries"]) == 300


def test_a_part_that_is_too_long_is_asked_in_halves_and_nothing_is_lost() -> None:
    task = Task("injuries", Injury, per="article")
    article = LONG[: LONG.index("Nurse Number60")]

    def reply(names: list[str], article: str) -> dict[str, Any]:
        if article.count("Nurse") > 25:
            raise ContextExceeded("Too long.")
        shown = {line.split()[2] for line in article.splitlines() if " Nurse " in line}
        return {names[0]: [{"who": who, "sentence": "S0"} for who in sorted(shown)]}

    result, _ = run(task, reply, article=article)
    assert {item.fields["who"] for item in result.items["injuries"]} == {
        f"Number{k}" for k in range(60)
    }


def test_examples_stand_between_the_article_and_the_question() -> None:
    seen: list[Mapping[str, str]] = []

    class Listening(Scripted):
        def ask(
            self,
            messages: Sequence[Mapping[str, str]],
            response_model: type[BaseModel],
            *,
            max_tokens: int,
        ) -> Answer:
            seen.extend(messages)
            return super().ask(messages, response_model, max_tokens=max_tokens)

    client = Listening(lambda names, _: {})
    article = "A spokesman said the county will rebuild it."
    Extractor(client=client, tasks=[PROMISES]).extract(article)
    roles = [message["role"] for message in seen[-6:]]
    assert roles == ["assistant", "user", "assistant", "user", "assistant", "user"]
    assert seen[-6]["content"] == "Ready.", "the article's receipt"
    assert seen[-4]["content"].startswith('{"S1": [{"who": "The mayor"')
    assert seen[-1]["content"].startswith("Promises in the sentence: ")


def test_jinja_in_the_article_or_a_docstring_is_no_template() -> None:
    class Odd(BaseModel):
        """Things {{ 7 * 7 }}."""

        what: Anchor

    article = "Ann Lee wrote {{ 7 and </s> on the old wall of Lomvik in May."
    _, client = run(Task("odd", Odd), lambda names, _: {}, article=article)
    assert client.questions[0].startswith("Things {{ 7 * 7 }}.")
    assert "S1: Ann Lee wrote {{ 7 and ‹/s› on" in client.questions[0]


def test_without_a_model_nothing_is_found_and_that_is_told() -> None:
    result = extract(ARTICLE, model="rules", tasks=["quotes", INJURIES])
    assert result.quotes
    assert result.items == {"injuries": []}
    assert any("injuries" in text for text in result.provenance.warnings)
    ours = extract(ARTICLE, model="rules").provenance.warnings
    assert not any("Without a model" in text for text in ours)


def test_a_task_that_fails_is_recorded_and_the_others_stand() -> None:
    def reply(names: list[str], _: str) -> dict[str, Any]:
        if "S1" in names:
            raise ContextExceeded("Too long.")
        return {}

    result, _ = run(INJURIES, reply, beside=["quotes"])
    assert result.quotes
    assert {failure.task for failure in result.provenance.failures} == {"injuries"}


def test_progress_calls_and_the_prompt_are_told_by_name() -> None:
    told: list[Progress] = []
    client = Scripted(lambda names, _: {key: [] for key in names})
    ex = Extractor(client=client, tasks=[INJURIES], on_progress=told.append)
    provenance = ex.extract(ARTICLE).provenance
    assert {progress.task for progress in told} == {"injuries"}
    assert provenance.tasks["injuries"].calls == 1
    assert provenance.prompts["injuries"] == INJURIES.messages.ref


def test_an_extraction_with_own_items_survives_json_and_is_listed() -> None:
    answer = {"who": "Two farmers", "count": 2, "cause": "a wall"}
    result, _ = run(INJURIES, lambda names, _: {"S1": [answer]})
    assert Extraction.model_validate_json(result.model_dump_json()) == result
    listing = to_text(result)
    assert "INJURIES (1)\ninjuries-1\n    who: Two farmers\n    count: 2\n" in listing
    with pytest.raises(ValueError, match="not what the document says"):
        dumped = result.model_dump()
        dumped["items"]["injuries"][0]["spans"]["who"][0] = {
            "start": 1,
            "end": 4,
            "text": "Two",
        }
        Extraction.model_validate(dumped)


# -- definition ------------------------------------------------------------------------


class Bare(BaseModel):
    what: Anchor


class Pointing(BaseModel):
    """With a field of the name we need."""

    sentence: str


class Odd(BaseModel, arbitrary_types_allowed=True):
    """What no schema can say."""

    what: Scripted


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"name": "Two words"}, "cannot be called"),
        ({"name": "quotes"}, "none of quotes"),
        ({"model": dict}, "needs a Pydantic model"),
        ({"model": BaseModel}, "needs a Pydantic model"),
        ({"model": Pointing}, "call yours otherwise"),
        ({"model": Odd}, "cannot be asked for"),
        ({"per": "paragraph"}, "sentence, quote, article"),
        ({"triggers": "("}, "no regular expression"),
        ({"prompt": "{{ nonsense }}"}, "does not render"),
        ({"prompt": "{% if %}"}, "does not render"),
        ({"prompt": "nowhere.jinja"}, "nowhere.jinja.*cannot be read"),
    ],
)
def test_a_task_that_cannot_be_is_refused(
    arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(ExtractorError, match=message):
        whole: dict[str, Any] = {"name": "injuries", "model": Injury} | arguments
        Task(**whole)


def test_a_task_without_a_prompt_is_refused_when_it_is_wanted() -> None:
    with pytest.raises(PromptError, match="docstring"):
        Extractor("rules", tasks=[Task("bare", Bare)])


def test_two_tasks_with_one_name_are_refused() -> None:
    with pytest.raises(UsageError, match="Two tasks are called 'injuries'"):
        Extractor("rules", tasks=[INJURIES, Task("injuries", Accident)])


def test_a_prompt_may_be_a_file(tmp_path: Path) -> None:
    file = tmp_path / "injuries.jinja"
    file.write_text("Who was hurt?", "utf-8")
    for prompt in (file, str(file)):
        assert Task("injuries", Injury, prompt).messages.text == "Who was hurt?"


# -- folders ---------------------------------------------------------------------------

MODEL = '''
from __future__ import annotations
from pydantic import BaseModel
from extractor import Anchor

class Part(BaseModel):
    name: Anchor

class Injury(BaseModel):
    """People who were hurt."""
    who: Part
'''


def folder_of(path: Path, model: str = MODEL, prompt: str | None = None) -> Path:
    path.mkdir(exist_ok=True)
    (path / "model.py").write_text(model, "utf-8")
    if prompt is not None:
        (path / "prompt.jinja").write_text(prompt, "utf-8")
    return path


def test_a_folder_with_a_model_and_a_prompt_is_a_task(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "Road-Injuries", prompt="Who was hurt?")
    reply = {"S1": [{"who": {"name": "Two farmers"}}]}
    client = Scripted(lambda names, _: reply)
    result = Extractor(client=client, tasks=[f"{folder}/"]).extract(ARTICLE)
    (item,) = result.items["road_injuries"]
    assert words(item, "who.name") == [(0, "Two farmers")]
    assert client.questions[0].startswith("Who was hurt?")
    assert [file.name for file in folder.iterdir() if file.is_dir()] == []


def test_a_folder_may_define_the_task_and_leave_out_the_prompt(tmp_path: Path) -> None:
    code = (
        MODEL + "\nfrom extractor import Task\nTASK = Task('hurt', Injury, per='quote')"
    )
    task = read_task(folder_of(tmp_path / "x", code))
    assert (task.name, task.per) == ("hurt", "quote")
    assert "People who were hurt." in task.messages.text
    task = read_task(folder_of(tmp_path / "x", code, prompt="Hurt?"))
    assert task.messages.text == "Hurt?"


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("x = 1", "has to define one Pydantic model"),
        ("from extractor.schema import Span", "has to define one Pydantic model"),
        ("import nonsense_of_mine", "does not run: ModuleNotFoundError"),
        ("def", "does not run: SyntaxError"),
        (
            MODEL + "\nfrom extractor import Task\na = Task('a', Part, 'x')"
            "\nb = Task('b', Part, 'x')",
            "one extractor.Task",
        ),
    ],
)
def test_a_folder_that_is_no_task_is_refused(
    code: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=message):
        read_task(folder_of(tmp_path / "x", code))


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not the folder of a task"):
        read_task(tmp_path / "nowhere")


def test_a_misspelt_name_runs_no_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder_of(tmp_path / "quote", "raise SystemExit('ran')")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="There is no task 'quote'"):
        Extractor("rules", tasks=["quote"])


def test_the_example_is_a_task() -> None:
    answer = {
        "who": "the county",
        "what": "rebuild it",
        "when": None,
        "strength": "firm",
    }
    article = "A spokesman said the county will rebuild it. Rain is likely."
    result, client = run(
        read_task(PROMISES), lambda names, _: {"S1": [answer]}, article=article
    )
    assert client.asked == [["S1"]]
    assert result.items["promises"][0].fields == answer


# -- what answers depend on ------------------------------------------------------------


def hash_of(*tasks: Task) -> str:
    return json.dumps(make_recipe(Extractor("rules", tasks=tasks)).model_dump())


def test_whatever_shapes_a_task_shapes_its_recipe(tmp_path: Path) -> None:
    class More(Injury):
        """People who were hurt, and by what."""

        hospital: Anchor | None = None

    folder = folder_of(tmp_path / "injuries", prompt="Who?")
    recipes = [
        hash_of(INJURIES),
        hash_of(Task("injuries", More)),
        hash_of(Task("injuries", Injury, "Who?")),
        hash_of(Task("injuries", Injury, per="quote")),
        hash_of(Task("injuries", Injury, triggers=["hurt"])),
        hash_of(read_task(folder)),
        hash_of(read_task(folder_of(folder, MODEL + "# a new line"))),
        hash_of(read_task(folder_of(folder, MODEL, "Who was it?"))),
    ]
    assert len(set(recipes)) == len(recipes)
    assert hash_of(Task("injuries", Injury)) == recipes[0]
