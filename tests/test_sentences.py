import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.segmentation import Segmentation, segment

UNICODE = st.text(st.characters(exclude_categories=()))
PROSE = st.lists(
    st.sampled_from(
        [
            *"ab1Z.?!…。,:;()[]\"'“”‘’«» \n\r\t\x85\u2028\u3000\ud800\u0301\u200b",
            *("U.S. ", "Mr. ", "By Bo Ek", "Copyright 2020 ", " word", ". The "),
            *("\n\n", "...  "),
        ]
    )
).map("".join)


def sentences(text: str, language: str | None = None) -> list[str]:
    return [text[s.start : s.end] for s in segment(text, language).sentences]


def check_sentences(seg: Segmentation) -> None:
    """Assert what holds of the paragraphs and sentences of any text."""
    for stretches in (
        [(p.start, p.end) for p in seg.paragraphs],
        [(s.start, s.end) for s in seg.sentences],
    ):
        assert all(a[1] <= b[0] for a, b in pairwise(stretches))
        bounds = [0, *(at for stretch in stretches for at in stretch), len(seg.text)]
        for start, end in zip(bounds[::2], bounds[1::2], strict=True):
            assert not seg.text[start:end].strip()
    for number, sentence in enumerate(seg.sentences, 1):
        assert sentence.id == f"S{number}"
        assert sentence.start < sentence.end
        paragraph = seg.paragraphs[sentence.paragraph]
        assert paragraph.start <= sentence.start
        assert sentence.end <= paragraph.end


@given(UNICODE | PROSE, st.sampled_from([None, "en", "de-AT", "ja", "", "xx"]))
def test_any_text_is_covered_in_order(text: str, language: str | None) -> None:
    check_sentences(segment(text, language))


@pytest.mark.shared
def test_all_shared_articles_are_covered_in_order(shared: Path) -> None:
    for path in (shared / "data").glob("*/*.json"):
        check_sentences(segment(json.loads(path.read_bytes())["text"]))


@pytest.mark.parametrize("text", ["", " ", "\n\r\n\u2029\x85"])
def test_white_space_has_no_sentence(text: str) -> None:
    assert segment(text) == Segmentation(text, (), (), ())


@pytest.mark.parametrize(
    "one",
    [
        "Sen. Ann Lee met Gen. Bo Ek, Mr. Ott and Dr. Petit in St. Orlo.",
        "ST. ORLO — It rained.",
        "The U.S. Senate met Rep. Mia Roy (D-Ohio) at noon.",
        "It was No. 7 on Jan. 5, p. 3, and cost 3.5 percent or $2.50.",
        "They met at 5 a.m. Monday and at 6 p.m. EST.",
        "J. K. Ott and A.B. Lee wrote it, i.e. both of them.",
        "The George W. Ott Center is in Orlo.",
        "Wait... what do you mean?",
        "The iPhone maker Acme Inc. of Orlo sold it.",
        "She left (it was big. Really.) and slept.",
        "1. The first item of the list.",
        "Visit example.com or Node.Js for more.",
        "She met Sen.\xa0Lee.",
        "A headline without a stop",
    ],
)
def test_does_not_end_inside(one: str) -> None:
    assert sentences(one) == [one]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("He went to the U.S.", "He came back."),
        ("She works at Acme Inc.", "The firm is small."),
        ("It was 5 p.m.", "He left."),
        ("Is it true?", "No."),
        ("Yes…", "She did."),
        ("Is it...", "It is."),
        ("It cost $2.5.", "It was cheap."),
        ("Meet at 5.", "Bring bread."),
        ("(He did.)", "Then he left."),
        ("[He did.]", "Then he left."),
        ("He left.", "iPhone sales fell."),
        ("What?!", "Nobody knew."),
    ],
)
def test_ends_between(first: str, second: str) -> None:
    assert sentences(f"{first} {second}") == [first, second]


@pytest.mark.parametrize(
    "one",
    [
        '"Who did it?" she asked.',
        "“Who did it?” asked the boy.",
        '"We won!" Lee shouted.',
        "“We won!” Ann Lee of Orlo said on Monday.",
        "“Is it?” Mia Roy asked the old mayor.",
        "“We won.” Lee said.",
        "“We won!” — Ann Lee",
        "«Oui !» dit Luc.",
        "“Stay out!” (2015).",
    ],
)
def test_keeps_the_attribution_with_its_quotation(one: str) -> None:
    assert sentences(one) == [one]


@pytest.mark.parametrize(
    "parts",
    [
        ["“We won.", "We did.”", "He left."],
        ['"Why?', 'Because we can," she said.'],
        ["She said: “We won.", "We did.”"],
        ["“We won!”", "Lee left the room."],
        ["“We won.”", "Lee said he was glad."],
        ["“We won,” she said.", "“We did.”"],
        ["'We won.", "We did,' she said."],
        ["« Oui ! »", "Elle est partie."],
    ],
)
def test_ends_inside_and_behind_quotations(parts: list[str]) -> None:
    assert sentences(" ".join(parts)) == parts


def test_sentences_without_a_space_between_them() -> None:
    assert sentences('The boy left.She stayed. "We won."He left.') == [
        "The boy left.",
        "She stayed.",
        '"We won."',
        "He left.",
    ]


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("de", ["Er kam am 5. Mai mit Dr. Ott.", "Sie ging."]),
        ("fr", ["M. Petit est parti.", "Elle reste."]),
        ("es", ["El Sr. Gil se fue.", "¿Quién?", "¡Ya!"]),
        ("pt-BR", ["O Sr. Lima saiu.", "Ela ficou."]),
    ],
)
def test_other_languages(language: str, parts: list[str]) -> None:
    assert sentences(" ".join(parts), language) == parts


def test_wide_end_marks_need_no_space() -> None:
    assert sentences("今日は雨。明日は「晴れ。」と言う。", "ja")[0] == "今日は雨。"


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\n\n"])
def test_each_line_is_a_paragraph(line_break: str) -> None:
    lines = ["Orlo floods again", "By Bo Ek", "It rained and", "It stopped."]
    assert sentences(line_break.join(lines)) == lines


WRAPPED = """\
It rained in the town of Orlo all day, and the people who lived there had
no umbrellas, so that they stayed at home, said Ann Lee, who sells coats
in the town. "I sold none," she said. "It was because nobody would leave
home."

More rain is expected on Tuesday, when the mayor, Bo Ek, will hold a talk
about it.
- The first talk drew few.
- The second was called off, since the hall of the town was under water on
that day.
"""


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_hard_line_breaks_end_no_sentence(line_break: str) -> None:
    text = WRAPPED.replace("\n", line_break)
    found = [" ".join(s.split()) for s in sentences(text)]
    assert found[1:3] == [
        '"I sold none," she said.',
        '"It was because nobody would leave home."',
    ]
    assert found[3].endswith("will hold a talk about it.")
    assert len(segment(text).paragraphs) == 4


def test_lines_of_uneven_length_are_not_taken_for_wrapped() -> None:
    lines = [
        "The council of Orlo met on Monday to talk about the flood of the year",
        "A short line",
        "Then the mayor said that the town would build a wall along the river",
        "Another",
    ]
    assert len(segment("\n".join(lines)).paragraphs) == 4


def paragraphs(text: str) -> list[str]:
    return [p.of(text) for p in segment(text).paragraphs]


HEADED = """\
Orlo town council shuts the old bridge
By Bo Ek
March 14

ORLO (Northline) - The bridge over the Tarn will be shut in May, Home
Secretary Anna Veldkamp said.
It is 90 years old.

The mayor had asked for a new one since 2009, and he was not heard, the
council said.
"""


def test_headlines_and_bylines_are_lines_of_their_own_in_a_wrapped_text() -> None:
    found = paragraphs(HEADED)
    assert found[:3] == HEADED.split("\n")[:3]
    assert len(found) == 6
    assert "Home\nSecretary" in found[3]


@pytest.mark.parametrize(
    "text",
    [
        "The bridge over the river Tarn will be shut in the spring, said Anna\n"
        "Veldkamp of the council.",
        "It was the wettest month since 1990, and nobody had seen so much water\n"
        "— not even Bo Ek — in the streets.\n",
        "https://example.org/a/very/long/address/of/a/page/that/nobody/has/ever/read/to/its"
        "/end/and/more/of/it/on/the/same/line\n\n"
        "It rained in the town of Orlo all day, and the people who lived there\n"
        "had no umbrellas.",
    ],
)
def test_a_paragraph_is_wrapped_or_not_by_its_own_breaks(text: str) -> None:
    assert paragraphs(text)[-1].count("\n") == 1


@pytest.mark.parametrize(
    "text",
    [
        "Town of Orlo shuts its oldest bridge after ninety years of floods\nBy Bo Ek",
        "Orlo shuts its bridge\nBo Ek reports from the town.",
        "پل شهر بسته شد و مردم نگران راه خود به شهر هستند\nنیلا رستگار",
    ],
)
def test_a_headline_is_not_joined_with_what_follows(text: str) -> None:
    assert paragraphs(text) == text.split("\n")


def test_a_wrapped_line_break_is_a_space_in_the_flat_text_alone() -> None:
    text = HEADED.replace("\n", "\r\n")
    found = segment(text)
    assert found.text == text
    assert len(found.flat) == len(text)
    assert "Home  Secretary Anna" in found.flat
    assert "Bo Ek\r\nMarch" in found.flat
