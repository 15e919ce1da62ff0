"""Agreement of annotators, against published figures and worked cases."""

from pathlib import Path

import pytest
from labels import article, cast, four_quotes, quote

from extractor.errors import GoldError
from extractor.evaluation.agreement import agree, alpha
from extractor.evaluation.gold import GoldArticle, GoldQuote
from extractor.evaluation.interchange import read_annotators
from extractor.schema import Span

SHARED = Path(__file__).parents[2] / "shared" / "data" / "polnear_iaa"


def marked(text: str, *stretches: tuple[int, int]) -> GoldArticle:
    spans = [Span(start=a, end=b, text=text[a:b]) for a, b in stretches]
    quotes = [
        GoldQuote(id=f"q{n}", kind="direct", spans=[s]) for n, s in enumerate(spans)
    ]
    return article(quotes, text=text)


def test_those_who_label_alike_agree_wholly() -> None:
    one = article(four_quotes(), cast())
    found = agree({"ana": [one], "ben": [one]})
    assert found.scores.figures["quotes.joint"].f1.estimate == 1
    assert found.alpha["quotes"] == 1
    assert (found.annotators, found.pairs) == (["ana", "ben"], 1)


def test_three_annotators_are_three_pairs_of_one_article() -> None:
    whole = article(four_quotes(), cast())
    half = article(four_quotes()[:2], cast())
    found = agree({"ana": [whole], "ben": [half], "cy": [whole]})
    assert found.pairs == 3
    assert found.scores.figures["quotes.iou50"].counts.matched == 2 + 4 + 2
    assert found.scores.figures["quotes.iou50"].articles == 1


def test_alpha_of_a_worked_case() -> None:
    # Ten characters, one marks the first five, the other the first four: one
    # disagreement. alpha = 1 - (20 - 1) * 1 / (9 * 11).
    one, other = marked("abcdefghij", (0, 5)), marked("abcdefghij", (0, 4))
    value = alpha([{"ana": one, "ben": other}], "quotes")
    assert value == pytest.approx(1 - 19 / 99)


def test_alpha_is_undefined_where_nobody_marks_anything() -> None:
    assert alpha([{"a": marked("abc"), "b": marked("abc")}], "quotes") is None


def test_people_without_an_article_in_common_are_named() -> None:
    other = article([quote("q", "engineer")], id_="ferry")
    with pytest.raises(GoldError, match="ana and ben have no article in common"):
        agree({"ana": [article(four_quotes(), cast())], "ben": [other]})


@pytest.mark.shared
def test_figures_measured_on_polnear_come_out_again() -> None:
    found = agree(read_annotators(SHARED))
    assert found.pairs == 265
    figures = {name: f.f1.estimate for name, f in found.scores.figures.items()}
    expected = {
        "quotes.iou50": 0.800,
        "quotes.exact": 0.681,
        "quotes.soft": 0.775,
        "quotes.speaker": 0.949,
        "quotes.joint": 0.759,
    }
    for name, value in expected.items():
        assert figures[name] == pytest.approx(value, abs=0.002), name
