"""Combining the rules' prior with the model's answer."""

import pytest

from extractor.choices import (
    TRUST,
    Trust,
    Weighed,
    believe,
    combine,
    is_open,
    shares,
)

CLOSE = {"Ann": 0.6, "Bo": 0.4}
SURE = {"Ann": 0.98, "Bo": 0.02}
MODEL = Trust(choice=0.75, sensitivity=0.9, specificity=0.6)


@pytest.mark.parametrize(
    ("prior", "choice", "expected"),
    [
        (CLOSE, None, "Ann"),
        (CLOSE, "Bo", "Bo"),
        (CLOSE, "Ann", "Ann"),
        (SURE, "Bo", "Ann"),
        (CLOSE, "a stranger", "Ann"),
    ],
)
def test_posterior_decides(prior: dict[str, float], choice: str, expected: str) -> None:
    assert combine(prior, choice, MODEL) == expected


def test_only_what_the_model_could_change_is_open() -> None:
    assert is_open(CLOSE, MODEL)
    assert not is_open(SURE, MODEL)


def test_a_model_trusted_more_opens_more() -> None:
    prior = {"Ann": 0.9, "Bo": 0.1}
    assert is_open(prior, TRUST["endpoint"])
    assert not is_open(prior, MODEL)


def test_equal_names_share_one_choice() -> None:
    assert shares([("Ann", 1), ("Bo", 2), ("Ann", 1)]) == {"Ann": 0.5, "Bo": 0.5}


def test_belief_follows_bayes() -> None:
    assert believe(0.5, True, MODEL) == pytest.approx(0.9 / (0.9 + 0.4))
    assert believe(0.5, False, MODEL) == pytest.approx(0.1 / (0.1 + 0.6))
    assert believe(0.5, None, MODEL) == 0.5


def test_a_model_that_always_says_yes_moves_little_by_it() -> None:
    gullible = Trust(choice=0.5, sensitivity=0.95, specificity=0.35)
    assert believe(0.3, True, gullible) < 0.5
    assert believe(0.6, False, gullible) < 0.2


WEIGHING = Trust(choice=0.75, sensitivity=0.9, specificity=0.6, weights=0.5)


def test_a_choice_that_was_hardly_preferred_moves_little() -> None:
    doubtful = Weighed("Bo", {"Ann": 0.4, "Bo": 0.6})
    clear = Weighed("Bo", {"Ann": 0.1, "Bo": 0.9})
    assert combine(CLOSE, doubtful, WEIGHING) == "Ann"
    assert combine(CLOSE, clear, WEIGHING) == "Bo"
    assert combine(CLOSE, doubtful, MODEL) == "Bo"


def test_with_weights_only_what_they_could_change_is_open() -> None:
    assert is_open({"Ann": 0.9, "Bo": 0.1}, WEIGHING)
    assert not is_open({"Ann": 0.92, "Bo": 0.08}, WEIGHING)
