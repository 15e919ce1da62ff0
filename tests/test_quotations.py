import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.segmentation import Quotation, Segmentation, segment

MARKS = "\"'“”„‟‘’‚‛«»‹›「」『』`＂"
UNICODE = st.text(st.characters(exclude_categories=()))
MARKED = st.lists(
    st.sampled_from([*MARKS, *"ab1 .,?!:()[]—\n\r\u2028\xa0", "s' ", ". B"])
).map("".join)


def quoted(text: str) -> list[str]:
    return [text[q.start : q.end] for q in segment(text).quotations]


def check_quotations(seg: Segmentation) -> None:
    """Assert what holds of the quotations of any text."""
    by_id: dict[str, Quotation] = {}
    around: list[Quotation] = []
    for number, q in enumerate(seg.quotations, 1):
        assert q.id == f"Q{number}"
        assert 0 <= q.start < q.inner_start <= q.inner_end <= q.end <= len(seg.text)
        while around and around[-1].end <= q.start:
            around.pop()
        if around:
            outer = around[-1]
            assert outer.inner_start <= q.start
            assert q.end <= outer.inner_end
            assert q.parent == outer.id
        else:
            assert q.parent is None
        assert q.continues is None or q.continues in by_id
        by_id[q.id] = q
        around.append(q)


@given(UNICODE | MARKED)
def test_any_text_has_nested_or_disjoint_quotations(text: str) -> None:
    check_quotations(segment(text))


@pytest.mark.shared
def test_all_shared_articles_have_nested_or_disjoint_quotations(shared: Path) -> None:
    for path in (shared / "data").glob("*/*.json"):
        check_quotations(segment(json.loads(path.read_bytes())["text"]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"We go," Ann Lee said. "Now."', ['"We go,"', '"Now."']),
        ("“We go,” she said. “Now.”", ["“We go,”", "“Now.”"]),
        ("„Wir gehen“, sagte Eva Ott.", ["„Wir gehen“"]),
        ("„Idziemy” – powiedział Jan Wit.", ["„Idziemy”"]),
        ("”Vi går”, sade Åsa Ek. ”Nu.”", ["”Vi går”", "”Nu.”"]),
        ("»Wir gehen«, sagte Eva Ott.", ["»Wir gehen«"]),
        ("»Vi går», sade Åsa Ek.", ["»Vi går»"]),
        ("«Nous partons», dit Luc Roy.", ["«Nous partons»"]),
        ("« Nous partons », dit Luc Roy.", ["« Nous partons »"]),
        ("«\xa0Oui\xa0», dit-il.", ["«\xa0Oui\xa0»"]),
        ("Mia sagte ‹ja› und ging.", ["‹ja›"]),
        ("「行こう」と彼は言った。", ["「行こう」"]),
        ("他说：“走吧！”然后“走”。", ["“走吧！”", "“走”"]),
        ('他说："走吧！"然后走。', ['"走吧！"']),
        ("``We go,'' she said.", ["``We go,''"]),
        ("'We go,' Bo Ek said.", ["'We go,'"]),
        ("‘We go,’ Bo Ek said.", ["‘We go,’"]),
        ("‚Ja‘, sagte er.", ["‚Ja‘"]),
    ],
)
def test_reads_each_style(text: str, expected: list[str]) -> None:
    assert quoted(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('“We go," he said.', ['“We go,"']),
        ('"We go,” he said.', ['"We go,”']),
        ("“We go,“ he said.", ["“We go,“"]),
        ("”We go,” he said.", ["”We go,”"]),
        ("” … we go,” he said.", ["” … we go,”"]),
        ("\u202a”We go,” he said.", ["”We go,”"]),
        ('He said."We go." Then.', ['"We go."']),
        ('"We go, "he said. "They left."', ['"We go, "', '"They left."']),
        ('He said, " We go, " and left.', ['" We go, "']),
    ],
)
def test_mends_mixed_and_misplaced_marks(text: str, expected: list[str]) -> None:
    assert quoted(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "“The jets left the “Orlo” base at dawn,” it said.",
            ["“The jets left the “Orlo” base at dawn,”", "“Orlo”"],
        ),
        (
            '"The jets left the "Orlo" base and the "Pim" base," it said.',
            [
                '"The jets left the "Orlo" base and the "Pim" base,"',
                '"Orlo"',
                '"Pim"',
            ],
        ),
        (
            "\"He told me 'go' and left,\" Mia said.",
            [
                "\"He told me 'go' and left,\"",
                "'go'",
            ],
        ),
        ("“He said, ‘Go.’” Then.", ["“He said, ‘Go.’”", "‘Go.’"]),
        ("\"'Go' was the word,\" she said.", ["\"'Go' was the word,\"", "'Go'"]),
        ("「彼は『はい』と言った」", ["「彼は『はい』と言った」", "『はい』"]),
    ],
)
def test_nests_identical_and_alternating_marks(text: str, expected: list[str]) -> None:
    assert quoted(text) == expected
    first, second, *_ = segment(text).quotations
    assert second.parent == first.id


@pytest.mark.parametrize(
    "text",
    [
        "They don't know the Smiths' house or Ann's dogs' bowls.",
        "Back in the '90s and the ’80s she gave 'em hell.",
        "It is rock 'n' roll, rock ’n’ roll, and ’tis good for ’em.",
        "He was 6'2\" tall, she 5’4”, and the pipe 5\" wide and 6' long.",
        'The <a href="page" rel="x">page</a> is gone.',
        'Nothing here: "" and \' and " alone.',
        'The end."\n\nThe next paragraph.',
    ],
)
def test_apostrophes_primes_and_stray_marks_are_no_quotations(text: str) -> None:
    assert quoted(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'The Smiths' house burned,' he said.", "'The Smiths' house burned,'"),
        (
            "'We were goin' home and don't care,' he said.",
            "'We were goin' home and don't care,'",
        ),
        ("“It’s the dogs’ bowl,” he said.", "“It’s the dogs’ bowl,”"),
        ('"The 5" pipe broke," he said.', '"The 5" pipe broke,"'),
        ('"I won in 2016" was his answer.', '"I won in 2016"'),
        ("Mia called it 'odd' and left.", "'odd'"),
    ],
)
def test_apostrophes_and_primes_do_not_close(text: str, expected: str) -> None:
    assert quoted(text) == [expected]


def test_inner_leaves_the_marks_out() -> None:
    text = "Then ``We go,'' she said."
    (quotation,) = segment(text).quotations
    assert text[quotation.inner_start : quotation.inner_end] == "We go,"


@pytest.mark.parametrize(
    "text",
    [
        "“We left.\n\n“We came back.\n\n“We stayed,” Bo said. “Yes.”",
        '"We left.\n"We came back.\n"We stayed," Bo said. "Yes."',
        "Bo said: 'We left.\n\n'We came back.\n\n'We stayed,' and 'yes'.",
        "« Je pars.\n\n» Je reviens.\n\n» Je reste », dit Luc. « Oui. »",
    ],
)
def test_links_a_quotation_reopened_in_each_paragraph(text: str) -> None:
    first, second, third, fourth = segment(text).quotations
    assert (first.continues, second.continues) == (None, first.id)
    assert (third.continues, fourth.continues) == (second.id, None)
    assert first.end == first.inner_end < second.start


def test_the_paragraph_ends_an_unclosed_quotation() -> None:
    text = "He said “we go. They went.\n\nThe town slept. “Good,” she said."
    assert quoted(text) == ["“we go. They went.", "“Good,”"]
    assert segment(text).quotations[1].continues is None


def test_a_missing_closing_mark_does_not_swallow_what_follows() -> None:
    assert quoted("“We go, he said. “You stay.” The end.") == ["“You stay.”"]


@pytest.mark.parametrize(
    "piece", ['"a" ', '"', "'", "“", "s' ", "“a\n", "''", "``", "『」", "\"a' "]
)
def test_a_hundred_thousand_marks_take_linear_time(piece: str) -> None:
    text = piece * (100_000 // sum(mark in MARKS for mark in piece))
    start = time.process_time()
    segment(text)
    assert time.process_time() - start < 4


@pytest.mark.shared
def test_real_article_with_nested_identical_marks(shared: Path) -> None:
    path = shared / "articles" / "hamadan-2016.txt"
    text = path.read_bytes().decode("utf-8")
    quotations = segment(text).quotations
    assert [q.parent for q in quotations] == [None, "Q1", *[None] * 6]
    assert all(q.inner_end == q.end - 1 for q in quotations)


@pytest.mark.parametrize("marks", ["‘’", "''"])
def test_a_single_mark_after_an_attribution_goes_on_in_the_next_paragraph(
    marks: str,
) -> None:
    opening, closing = marks[0], marks[1]
    text = (
        f"{opening}He loved those trees,{closing} she said. {opening}He knew every row."
        f"\n\n{opening}Ask yourselves why.{closing}"
    )
    found = segment(text).quotations
    assert [text[q.inner_start : q.inner_end] for q in found] == [
        "He loved those trees,",
        "He knew every row.",
        "Ask yourselves why.",
    ]
    assert found[2].continues == found[1].id
