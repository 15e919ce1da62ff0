"""How probable a model held each choice, read off its reply's tokens."""

import math
from typing import Any, Literal

import pytest
from pydantic import BaseModel

from extractor.client.weighing import Token, read_tokens, weigh


class Who(BaseModel):
    Q1: Literal["Ada Brun", "Ada Holt", "Radio Vest", "nobody"]


class Prefixed(BaseModel):
    Q1: Literal["he", "her", "a"]


def reply(*tokens: tuple[str, dict[str, float]]) -> dict[str, Any]:
    """A completion's choice; each token beside what might stand in its place."""
    content = [
        {
            "token": text,
            "top_logprobs": [
                {"token": other, "logprob": math.log(p)} for other, p in tops.items()
            ],
        }
        for text, tops in tokens
    ]
    return {"logprobs": {"content": content}}


def weights(*tokens: tuple[str, dict[str, float]]) -> dict[str, float]:
    opening = (('{"', {'{"': 1.0}), ("Q1", {"Q1": 1.0}), ('":"', {'":"': 1.0}))
    found = weigh(read_tokens(reply(*opening, *tokens)), Who)
    return dict(found.get("Q1", {}))


def test_choices_have_the_probability_of_the_token_they_part_with() -> None:
    found = weights(
        ("Ada", {"Ada": 0.6, "Radio": 0.3, "Some": 0.1}),
        (" Brun", {" Brun": 0.75, " Holt": 0.25}),
        ('"}', {'"}': 1.0}),
    )
    assert found == pytest.approx(
        {"Ada Brun": 0.5, "Ada Holt": 1 / 6, "Radio Vest": 1 / 3, "nobody": 0.0}
    )


def test_a_branch_that_was_not_written_is_shared() -> None:
    found = weights(("nobody", {"nobody": 0.5, "Ada": 0.4}), ('"}', {'"}': 1.0}))
    assert found["Ada Brun"] == found["Ada Holt"] == pytest.approx(0.2 / 0.9)


def test_a_choice_that_begins_another_ends_with_its_mark() -> None:
    opening = (('{"Q1":"', {'{"Q1":"': 1.0}),)
    ending = (("he", {"he": 1.0}), ('"}', {'"}': 0.8, "r": 0.2}))
    found = weigh(read_tokens(reply(*opening, *ending)), Prefixed)
    assert found["Q1"] == pytest.approx({"he": 0.8, "her": 0.2, "a": 0.0})


@pytest.mark.parametrize(
    "choice",
    [
        {},
        {"logprobs": None},
        {"logprobs": {"content": "no list"}},
        {"logprobs": {"content": [7]}},
        {"logprobs": {"content": [{"token": "a", "top_logprobs": None}]}},
        {"logprobs": {"content": [{"token": 1, "top_logprobs": []}]}},
    ],
)
def test_what_is_no_list_of_tokens_tells_nothing(choice: dict[str, Any]) -> None:
    assert read_tokens(choice) == ()
    assert weigh((), Who) == {}


def test_a_wrong_entry_among_the_likeliest_is_left_out() -> None:
    tops = [{"token": "a", "logprob": 0.5}, {"token": "b"}, 3, {"logprob": -1}]
    tokens = read_tokens(
        {"logprobs": {"content": [{"token": "a", "top_logprobs": tops}]}}
    )
    assert tokens == (Token("a", (("a", 1.0),)),)


def test_only_choices_are_weighed() -> None:
    class Open(BaseModel):
        Q1: str

    tokens = read_tokens(reply(('{"Q1":"', {'{"Q1":"': 1.0}), ("x", {"x": 1.0})))
    assert weigh(tokens, Open) == {}
