"""A claim's wording: what a model may change, and what it may not."""

import pytest

from extractor.grounding import Grounder
from extractor.wording import check_wording, needs_context, resolve_dates

ARTICLE = (
    "Mayor Ida Holt of Brenning opened the bridge on Monday. She said it had not cost "
    "more than 4 million crowns. Critics of the mayor have asked for a review."
)
NAMES = ["Ida Holt", "Brenning"]


@pytest.mark.parametrize(
    ("draft", "wording"),
    [
        (
            "It had not cost more than 4 million crowns.",
            "The bridge had not cost more than 4 million crowns.",
        ),
        ("She opened it.", "Ida Holt opened the bridge."),
        (
            "We have asked for a review.",
            "Critics of the mayor have asked for a review.",
        ),
        ("I am against it.", "Ida Holt is against the bridge."),
        ("They were late.", "Critics of the mayor were late."),
    ],
)
def test_names_for_pronouns_are_accepted(draft: str, wording: str) -> None:
    checked = check_wording(wording, draft, Grounder(ARTICLE), NAMES)
    assert checked.text == wording
    assert checked.rejected is None


@pytest.mark.parametrize(
    ("draft", "wording"),
    [
        (
            "It had not cost more than 4 million crowns.",
            "The bridge had cost more than 4 million crowns.",
        ),
        (
            "It had not cost more than 4 million crowns.",
            "The bridge had not cost more than 5 million crowns.",
        ),
        ("It may close.", "The bridge will close."),
        ("She opened it.", "Ida Holt opened the tunnel."),
        ("She opened it.", "Ole Brandt opened the bridge."),
        (
            "They asked for a review.",
            "Critics of the mayor asked for a review in March.",
        ),
        ("She opened it after the vote.", "Ida Holt opened the bridge."),
    ],
)
def test_any_other_change_keeps_the_articles_words(draft: str, wording: str) -> None:
    checked = check_wording(wording, draft, Grounder(ARTICLE), NAMES)
    assert checked.text == draft
    assert checked.rejected is not None
    assert checked.rejected.text == wording
    assert checked.rejected.diff


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        ("She opened the bridge.", True),
        ("We opened the bridge.", True),
        ("The bridge opened before its time.", False),
        ("Ida Holt opened the bridge with her son.", False),
        ("The bridge cost 4 million crowns.", False),
    ],
)
def test_only_open_pronouns_need_context(words: str, needed: bool) -> None:
    assert needs_context(words) is needed


def test_a_relative_date_is_followed_by_the_date_it_means() -> None:
    words = resolve_dates("The bridge opened on Monday.", "2024-05-15")
    assert words == "The bridge opened on Monday (2024-05-13)."


def test_a_relative_date_without_an_anchor_stays() -> None:
    words = "The bridge opened on Monday."
    assert resolve_dates(words, None) == words
