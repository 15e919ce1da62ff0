"""Dates in a claim's wording: only where the words denote that very date."""

import pytest

from extractor.dating import resolve_dates

WEDNESDAY = "2024-05-15"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("The bridge opened on Monday.", "The bridge opened on Monday [2024-05-13]."),
        ("On Monday the bridge opened.", "On Monday [2024-05-13] the bridge opened."),
        (
            "The bridge will open on Monday.",
            "The bridge will open on Monday [2024-05-20].",
        ),
        ("The bridge is due on Friday.", "The bridge is due on Friday [2024-05-17]."),
        (
            "The bridge opened on Wednesday.",
            "The bridge opened on Wednesday [2024-05-15].",
        ),
        ("The bridge fell yesterday.", "The bridge fell yesterday [2024-05-14]."),
        ("The bridge opened in April.", "The bridge opened in April [2024-04]."),
        ("It has stood since March.", "It has stood since March [2024-03]."),
        ("The bridge opened last year.", "The bridge opened last year [2023]."),
        ("Last month’s flood was worse.", "Last month’s [2024-04] flood was worse."),
        ("The vote will be on June 21.", "The vote will be on June 21 [2024-06-21]."),
    ],
)
def test_a_relative_date_is_followed_by_the_date_it_means(
    words: str, expected: str
) -> None:
    assert resolve_dates(words, WEDNESDAY) == expected


@pytest.mark.parametrize(
    "words",
    [
        "Gulls eat chips for much of the year.",
        "The bridge will open in the coming days.",
        "The bridge fell in recent weeks.",
        "Ten boats sank in the last week.",
        "The bridge opened two years ago.",
        "The bridge opened last summer.",
        "The towns fought over the past five years.",
        "The towns meet on Monday.",
        "The bridge could open on Monday.",
        "They prepared for Monday’s vote.",
        "They discussed the vote on Monday.",
        "The bridge will open on Wednesday.",
        "They hoped for a brighter tomorrow.",
        "The law is in force today.",
        "The bridge will open “in the week of Monday”.",
        "The bridge opened in 1950.",
    ],
)
def test_nothing_is_added_where_the_date_is_not_certain(words: str) -> None:
    assert resolve_dates(words, WEDNESDAY) == words


def test_a_relative_date_without_an_anchor_stays() -> None:
    words = "The bridge opened on Monday."
    assert resolve_dates(words, None) == words
