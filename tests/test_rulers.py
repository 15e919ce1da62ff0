"""Offsets as other tools count them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.evaluation.interchange.rulers import Probe, Ruler, find_ruler

TEXT = "A 🦊 ran.\r\nIt was 𝒳 fast.\r\n"


def probe(text: str, start: int, end: int) -> Probe:
    return Probe([(start, end)], text, "label")


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def ends(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


@given(st.text(alphabet="a🦊\r\n𝒳 "))
def test_a_ruler_reads_back_what_it_counted(text: str) -> None:
    wide, ended = Ruler(text, utf16=True), Ruler(text, line_end=True)
    for offset in range(len(text) + 1):
        assert wide.count(offset) == utf16(text[:offset])
        assert wide.code_points(wide.count(offset)) == offset
        if text[offset - 1 : offset + 1] != "\r\n":
            universal = text[:offset].replace("\r\n", "\n")
            assert ended.count(offset) == len(universal)
            assert ended.code_points(len(universal)) == offset


def test_offsets_outside_the_text_are_refused() -> None:
    ruler = Ruler("🦊", utf16=True)
    assert ruler.code_points(2) == 1
    for offset in (-1, 3):
        with pytest.raises(IndexError):
            ruler.code_points(offset)


@pytest.mark.parametrize(("wide", "line_end"), [(0, 0), (1, 0), (0, 1), (1, 1)])
def test_the_way_of_counting_is_found_by_trying(wide: int, line_end: int) -> None:
    def foreign(offset: int) -> int:
        text = TEXT[:offset].replace("\r\n", "\n") if line_end else TEXT[:offset]
        return utf16(text) if wide else len(text)

    words = ("ran", "It", "fast")
    probes = [probe(word, *map(foreign, ends(word))) for word in words]
    ruler, misfits = find_ruler(TEXT, probes)
    assert misfits == []
    for word, found in zip(words, probes, strict=True):
        [(start, end)] = found.spans
        assert (ruler.code_points(start), ruler.code_points(end)) == ends(word)


def test_where_several_ways_fit_the_tools_own_is_taken() -> None:
    text = "go\r\n\r\ngo go go"
    again = [probe("go", 9, 11)]
    assert find_ruler(text, again)[0].code_points(9) == 9
    assert find_ruler(text, [probe("go", 7, 9)], line_end=True)[0].code_points(7) == 9


def test_labels_that_fit_no_way_are_returned() -> None:
    wrong = probe("ran", 0, 3)
    assert find_ruler(TEXT, [probe("ran", *ends("ran")), wrong])[1] == [wrong]


def test_white_space_in_a_label_may_be_any() -> None:
    start = TEXT.index("ran")
    assert find_ruler(TEXT, [probe("ran.\\nIt", start, start + 8)])[1] == []
