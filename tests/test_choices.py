"""Combining the rules' prior with the model's choice."""

import pytest

from extractor.choices import NOBODY, combine, is_open, with_nobody

CLOSE = {"Ann": 0.5, "Bo": 0.4, NOBODY: 0.1}
SURE = {"Ann": 0.98, "Bo": 0.01, NOBODY: 0.01}


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
    assert combine(prior, choice, 0.75) == expected


def test_only_what_the_model_could_change_is_open() -> None:
    assert is_open(CLOSE, 0.75)
    assert not is_open(SURE, 0.75)


def test_a_model_trusted_more_opens_more() -> None:
    prior = {"Ann": 0.9, "Bo": 0.05, NOBODY: 0.05}
    assert is_open(prior, 0.95)
    assert not is_open(prior, 0.75)


def test_equal_names_share_one_choice() -> None:
    prior = with_nobody([("Ann", 1), ("Bo", 2), ("Ann", 1)], 0.8)
    assert prior == pytest.approx({"Ann": 0.4, "Bo": 0.4, NOBODY: 0.2})


def test_no_candidates_leave_nobody() -> None:
    assert with_nobody([], 0.0) == {NOBODY: 1.0}
