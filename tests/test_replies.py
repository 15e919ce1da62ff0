"""Reading replies: states, salvage field by field, hostile JSON."""

import json
import random
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field, create_model

from extractor.client.replies import (
    MAX_CHARS,
    Reading,
    Reply,
    State,
    is_looping,
    read_completion,
    read_fields,
)
from extractor.schema import Usage


class Judgement(BaseModel):
    text: Annotated[str, Field(max_length=40)]
    worthy: bool


class Answers(BaseModel):
    Q1: Literal["Ann Lee", "nobody"]
    E2: Judgement
    N3: int
    L4: Annotated[list[Judgement], Field(max_length=3)]


GOOD = {
    "Q1": "Ann Lee",
    "E2": {"text": "the mill closed", "worthy": True},
    "N3": 12,
    "L4": [{"text": "a", "worthy": True}, {"text": "b", "worthy": False}],
}


def read(
    text: str, state: State = "complete", model: type[BaseModel] = Answers
) -> Reading:
    return read_fields(Reply(text, state, Usage(), None), model)


def reply_of(content: object, finish: str | None = "stop", **more: Any) -> Reply:
    message = {"role": "assistant", "content": content}
    choice = {"finish_reason": finish, "message": message}
    return read_completion({"choices": [choice], **more})


@pytest.mark.parametrize(
    ("body", "state"),
    [
        ({"choices": [{"message": {"content": "{}"}}]}, "complete"),
        ({"choices": []}, "empty"),
        ({"choices": None}, "empty"),
        ({"choices": "none"}, "empty"),
        ({"choices": [None]}, "empty"),
        ({"choices": [{"message": None}]}, "empty"),
        ({"choices": [{"message": "text"}]}, "empty"),
        ({"choices": [{"message": {"content": None}}]}, "empty"),
        ({"choices": [{"message": {"content": " \n"}}]}, "empty"),
        ({"choices": [{"message": {"content": 5}}]}, "empty"),
        ({"choices": [{"message": {"content": "x", "refusal": "no"}}]}, "refused"),
        (
            {"choices": [{"finish_reason": "content_filter", "message": None}]},
            "filtered",
        ),
        (
            {"choices": [{"finish_reason": "length", "message": {"content": ""}}]},
            "cut",
        ),
        (
            {"choices": [{"finish_reason": "length", "message": {"content": "{}"}}]},
            "cut",
        ),
    ],
)
def test_state_of_a_completion(body: dict[str, Any], state: State) -> None:
    assert read_completion(body).state == state


def test_content_in_parts_is_joined() -> None:
    parts = [{"type": "text", "text": '{"a"'}, {"type": "x"}, {"text": ":1}"}]
    assert reply_of(parts).text == '{"a":1}'


def test_reply_over_the_cap_is_cut() -> None:
    reply = reply_of("".join(random.Random(1).choices("abc {}[]", k=MAX_CHARS + 9)))
    assert (reply.state, len(reply.text)) == ("cut", MAX_CHARS)


def test_usage_and_server_time_are_read() -> None:
    reply = reply_of(
        "{}",
        usage={
            "prompt_tokens": 90,
            "completion_tokens": 7,
            "prompt_tokens_details": {"cached_tokens": 60},
        },
        timings={"prompt_ms": 250.0, "predicted_ms": 750},
    )
    assert reply.usage == Usage(prompt_tokens=90, cached_tokens=60, completion_tokens=7)
    assert reply.server_seconds == 1.0


def test_cache_count_of_llama_cpp_is_read() -> None:
    usage = {"prompt_tokens": 90, "completion_tokens": 7}
    assert (
        reply_of("{}", usage=usage, timings={"cache_n": 80}).usage.cached_tokens == 80
    )


@pytest.mark.parametrize("usage", [None, [], {"prompt_tokens": "many"}, {"x": -1}])
def test_usage_that_is_none_counts_nothing(usage: object) -> None:
    reply = reply_of("{}", usage=usage, timings={"prompt_ms": "soon"})
    assert (reply.usage, reply.server_seconds) == (Usage(), None)


def test_the_same_twenty_words_four_times_loop() -> None:
    passage = " ".join(f"w{k}" for k in range(20)) + " "
    assert is_looping(passage * 4)
    assert not is_looping(passage * 3)


@pytest.mark.parametrize(("blanks", "loops"), [(200, False), (201, True)])
def test_blanks_without_end_loop(blanks: int, loops: bool) -> None:
    assert is_looping("{" + "\n " * (blanks // 2) + " " * (blanks % 2)) is loops


def test_everything_good_is_kept() -> None:
    reading = read(json.dumps(GOOD))
    assert reading.values == Answers.model_validate(GOOD).__dict__
    assert isinstance(reading.values["E2"], Judgement)
    assert reading.dropped == ()


@pytest.mark.parametrize(
    ("change", "dropped"),
    [
        ({"Q1": "Bo Kim"}, ("Q1",)),
        ({"N3": "12"}, ("N3",)),
        ({"E2": {"text": "x" * 41, "worthy": True}}, ("E2",)),
        ({"E2": {"text": "x"}}, ("E2",)),
        ({"E2": None, "N3": None}, ("E2", "N3")),
        ({"N3": float("nan")}, ("N3",)),
        ({"E2": {"text": "nul \0", "worthy": True}}, ("E2",)),
        ({"E2": {"text": "half \ud83d", "worthy": True}}, ("E2",)),
        ({"unasked": 1}, ()),
    ],
)
def test_wrong_fields_are_dropped_and_the_others_kept(
    change: dict[str, Any], dropped: tuple[str, ...]
) -> None:
    reading = read(json.dumps(GOOD | change))
    assert reading.dropped == dropped
    assert set(reading.values) == set(GOOD) - set(dropped)
    assert len(reading.problems) == len(dropped)


def test_missing_field_is_dropped() -> None:
    assert read('{"Q1": "nobody"}').dropped == ("E2", "N3", "L4")


def test_good_items_of_a_list_are_kept_and_the_field_named() -> None:
    items = [{"text": "a", "worthy": True}, {"text": 1}, {"text": "c", "worthy": False}]
    reading = read(json.dumps(GOOD | {"L4": items}))
    assert [item.text for item in reading.values["L4"]] == ["a", "c"]
    assert reading.dropped == ("L4",)


def test_overlong_list_keeps_what_may_be() -> None:
    items = [{"text": str(k), "worthy": True} for k in range(5)]
    reading = read(json.dumps(GOOD | {"L4": items}))
    assert [item.text for item in reading.values["L4"]] == ["0", "1", "2"]
    assert reading.dropped == ("L4",)


def test_list_of_bad_items_only_is_no_empty_list() -> None:
    reading = read(json.dumps(GOOD | {"L4": [{}, 1]}))
    assert "L4" not in reading.values
    assert reading.dropped == ("L4",)


def test_list_that_is_empty_is_an_answer() -> None:
    reading = read(json.dumps(GOOD | {"L4": []}))
    assert reading.values["L4"] == []
    assert reading.dropped == ()


@pytest.mark.parametrize(
    "text",
    [
        "```json\n{}\n```",
        "Here is what you asked for:\n\n{}\n\nAnything else?",
        '<think>Maybe {{\'Q1\'}}? {{"Q1": "nobody"}}</think>{}',
        '{{"answer": {}}}',
        "The set {{a, b}} gives {}",
    ],
)
def test_object_is_found_among_other_text(text: str) -> None:
    reading = read(text.format(json.dumps(GOOD)))
    assert reading.dropped == ()
    assert reading.values["Q1"] == "Ann Lee"


def test_unfinished_thoughts_are_no_answer() -> None:
    assert not read('<think>Say {"Q1": "nobody", ', "cut").values


@pytest.mark.parametrize("at", range(len(json.dumps(GOOD)) + 1))
def test_reply_cut_anywhere_keeps_only_what_was_complete(at: int) -> None:
    text = json.dumps(GOOD)[:at]
    reading = read(text, "cut")
    whole = Answers.model_validate(GOOD).__dict__
    for name, value in reading.values.items():
        if name in reading.dropped:
            assert value == whole[name][: len(value)]
            assert value
        else:
            assert value == whole[name]
    assert set(reading.values) | set(reading.dropped) == set(GOOD)


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        ('{"Q1": "Ann Lee', []),
        ('{"Q1": "Ann Lee"', ["Q1"]),
        ('{"N3": 1', []),
        ('{"N3": 1,', ["N3"]),
        ('{"N3": 1 ', []),
        ('{"N3": 1}', ["N3"]),
    ],
)
def test_cut_string_or_number_is_not_complete(text: str, complete: list[str]) -> None:
    assert list(read(text, "cut").values) == complete


def test_cut_list_keeps_its_finished_items() -> None:
    text = '{"L4": [ {"text": "a", "worthy": true}, {"text": "b", "wor'
    reading = read(text, "cut")
    assert [item.text for item in reading.values["L4"]] == ["a"]
    assert "L4" in reading.dropped
    assert not reading.answers


def test_looping_list_keeps_one_of_each_item() -> None:
    loop = {"text": "a b c d e f g h i j k l m n o p q r s", "worthy": True}
    items = [{"text": "first", "worthy": True}] + [loop] * 6
    text = json.dumps({"Q1": "nobody", "L4": items})
    reading = read(text[:-10], "looping")
    assert [item.text for item in reading.values["L4"]] == ["first", loop["text"]]
    assert reading.values["Q1"] == "nobody"


def test_looping_text_is_dropped() -> None:
    model = create_model("M", A=(str, ...), B=(str, ...))
    text = json.dumps({"A": "fine", "B": "so it goes on " * 40})
    reading = read(text, "looping", model)
    assert (dict(reading.values), reading.dropped) == ({"A": "fine"}, ("B",))


def test_of_a_repeated_name_the_last_counts() -> None:
    assert read('{"N3": 1, "N3": 2, "Q1": "nobody"}').values["N3"] == 2
    assert "N3" in read('{"N3": 1, "N3": 2', "cut").dropped


@pytest.mark.parametrize("depth", [90, 150, 400, 950, 2_000, 5_000, 100_000])
@pytest.mark.parametrize("state", ["complete", "looping"])
def test_deep_nesting_costs_its_field_only(depth: int, state: State) -> None:
    model = create_model("M", A=(str, ...), D=(list[Any], ...))
    reading = read('{"A": "x", "D": ' + "[" * depth + "]" * depth + "}", state, model)
    assert reading.values["A"] == "x"
    assert "D" in {*reading.values, *reading.dropped}


HOSTILE = ('"', "\\", "{", "}", "[", "]", ",", ":", "\0", "\ud800", "NaN", "1e999", "ÿ")


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_mangled_replies_give_valid_fields_or_none(data: st.DataObject) -> None:
    text = json.dumps(GOOD)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        width = data.draw(st.integers(0, 5))
        text = text[:at] + data.draw(st.sampled_from(HOSTILE)) + text[at + width :]
    state: State = data.draw(st.sampled_from(("complete", "cut", "looping")))
    reading = read(text, state)
    assert set(reading.values) | set(reading.dropped) == set(GOOD)
    for name, value in reading.values.items():
        Answers.__pydantic_validator__.validate_assignment(
            Answers.model_validate(GOOD), name, value
        )
