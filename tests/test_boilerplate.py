import pytest

from extractor.segmentation import segment


def flagged(text: str) -> list[str]:
    seg = segment(text)
    return [text[s.start : s.end] for s in seg.sentences if s.boilerplate]


@pytest.mark.parametrize(
    "line",
    [
        "By Ann Lee",
        "By Ann Lee and Bo Ek, staff writers",
        "Von Eva Ott",
        "Par Luc Roy",
        "Ann Lee, senior correspondent",
        "AK/PA",
        "(AK/PA)",
        "(Reporting by Ann Lee; editing by Bo Ek)",
        "(Additional reporting by Mia Roy in Orlo)",
        "Reporting by Ann Lee; Editing by Bo Ek",
        "Associated Press writer Mia Roy in Orlo contributed to this report.",
        "Mia Roy contributed to this story.",
        "All Content by Orlo Press is licensed under a Free License.",
        "This article is republished under a Creative Commons license.",
        "© 2020 Orlo Press",
        "Copyright 2020 Orlo Press.",
        "All rights reserved.",
        "Alle Rechte vorbehalten.",
        "Photo: Ann Lee/AP",
        "Ann Lee/Getty Images",
        "Foto: Eva Ott/dpa",
        "Read more: The flood of Orlo",
        "This story was originally published by The Orlo Post and shared with others.",
        "--additional reporting from Mia Roy.",
        "View original content to download pictures",
        "Read our privacy notice",
        "Get the free Orlo Evening email for news from our town",
        "Sign up to our free Orlo Evening email",
        "Please enter a valid email address",
        "Orlo Evening email {{ #errors }} {{ message }} {{ /errors }} Something broke.",
        "Your support makes all the difference.",
        "Thanks for signing up to the Orlo Evening email.",
        "By signing up you agree to our terms.",
        "Lesen Sie auch: Die Flut",
        "Lire aussi : La crue",
        "Leia também: A cheia",
        "Sign up for our daily newsletter",
        "Follow Ann Lee on Twitter @annlee.",
        "Share this article",
        "Advertisement",
        "ann.lee@orlo.example",
        "https://orlo.example/flood",
        "***",
    ],
)
def test_flags(line: str) -> None:
    assert flagged(f"It rained in Orlo.\n\n{line}\n\nIt stopped.") == [line]


@pytest.mark.parametrize(
    "line",
    [
        "TEHRAN - It rained all day.",
        "ORLO, Jan. 5 (AP) — The river rose.",
        "By Monday the river had fallen.",
        "By Monday.",
        "By all accounts, Ann Lee won.",
        "Copyright Act reform passed on Monday.",
        "Photos by residents showed smoke over the town.",
        "First published in 1950, the novel is set in Orlo.",
        "Rain contributed to the flood.",
        "Read more books, the mayor said.",
        "Follow the money, she said.",
        "Share prices fell.",
        "The work is licensed to Acme, he said.",
        "Related firms lost money.",
        "See also how the river rose that year.",
        "Sign up for the army, he told them.",
        "“Your support makes all the difference,” she told them.",
        "“Please enter your email here,” the page had said.",
        "This story first reached Orlo in May.",
        "The story was first published in 1950.",
        "Get the boats in, she said.",
        "Enter the mayor, late as ever.",
        "Please like him, she begged.",
        "Something went wrong in the tunnel.",
        "View of the flood from the tower.",
        "Follow the river on foot, he said.",
        "The code {a} stood on the wall.",
        "NATO is here.",
        "Ann Lee",
    ],
)
def test_does_not_flag(line: str) -> None:
    assert flagged(f"It rained in Orlo.\n\n{line}\n\nIt stopped.") == []


@pytest.mark.parametrize(
    "tail",
    [
        "All Content by Orlo Press is licensed under a Free License.",
        "AK/PA All Content by Orlo Press is licensed under a Free License.",
        "(Reporting by Ann Lee; Editing by Bo Ek)",
        "Read more: The flood of Orlo",
        "© 2020 Orlo Press",
    ],
)
@pytest.mark.parametrize("text", ["It rained in Orlo.", "“It rained in the U.S.”"])
@pytest.mark.parametrize("space", [" ", "  ", "\xa0 "])
def test_a_tail_on_the_last_line_is_its_own_sentence(
    text: str, tail: str, space: str
) -> None:
    seg = segment(text + space + tail)
    assert [(s.start, s.boilerplate) for s in seg.sentences] == [
        (0, False),
        (len(text + space), True),
    ]
