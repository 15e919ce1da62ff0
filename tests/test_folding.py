"""Tests of `extractor.grounding.folding`: what counts as the same, and the way back."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.grounding.folding import (
    DOUBLE_MARKS,
    HYPHENS,
    LONG_DASHES,
    SINGLE_MARKS,
    fold,
)


def shadow(text: str) -> str:
    return fold(text).text


SAME = {
    "curly marks": ("“Wait,” he said", '"Wait," he said'),
    "single for double": ("‘Wait,’ he said", '"Wait," he said'),
    "TeX marks": ("``Wait,'' he said", '"Wait," he said'),
    "corner brackets": ("「待って」", '"待って"'),
    "spaced guillemets": ("dit « attends » hier", 'dit "attends" hier'),
    "inward guillemets": ("sagte »halt« und", 'sagte "halt" und'),
    "nested closing marks": ("“He said ‘no’” twice", "\"He said 'no'\" twice"),
    "apostrophes": ("Ada’s pier", "Adaʼs pier"),
    "em dash and hyphens": ("rain—again", "rain--again"),
    "spaced dashes": ("rain — again", "rain – again"),
    "one-sided dash": ("rain— again", "rain - again"),
    "no-break hyphen": ("long‑range", "long-range"),
    "minus sign": ("at −5 degrees", "at -5 degrees"),
    "spaces": ("a\u00a0b\u2009c\n\n d", "a b c d"),
    "soft hyphen": ("har\u00adbour", "harbour"),
    "zero width": ("har\u200bbour\ufeff", "harbour"),
    "direction marks": ("\u202bport\u202c \u2066pier\u2069", "port pier"),
    "ligature": ("e\ufb03cient \ufb02ag", "efficient flag"),
    "combining accent": ("Jose\u0301", "José"),
    "Hangul jamo": (unicodedata.normalize("NFD", "각하"), "각하"),
    "half-width kana": ("ｶﾞｽ", "ガス"),
    "full width": ("Ｎｏ．５", "No.5"),
    "ellipsis": ("wait… then", "wait ... then"),
    "spaced dots": ("wait . . . then", "wait... then"),
    "bracketed dots": ("wait [...] then", "wait […] then"),
    "dots in round brackets": ("wait (...) then", "wait […] then"),
    "dash before a number": ("the board—5 members", "the board — 5 members"),
    "spaced nested marks": ("the ‘old pier,’ ” she said", "the “old pier,”” she said"),
    "joiner behind no sign": ("a\u200d❤", "a❤"),
    "emoji presentation": ("\u2764\ufe0f", "\u2764"),
}

DIFFERENT = {
    "case": ("US ships", "us ships"),
    "accent": ("José", "Jose"),
    "superscript": ("10²", "102"),
    "subscript": ("CO₂", "CO2"),
    "fraction": ("2½", "21/2"),
    "fraction slash": ("½", "1/2"),
    "square unit": ("㎡", "m2"),
    "circled digit": ("①", "1"),
    "feet and inches": ("6'2\" tall", "6\"2' tall"),
    "dash before a number": ("was — 5", "was -5"),
    "closed dash before a number": ("was—5", "was -5"),
    "closing and opening mark": ("the ‘old,’ ‘new’ pier", "the ‘old,’new’ pier"),
    "range": ("3 -5", "3-5"),
    "hyphen": ("re-sign", "resign"),
    "space": ("the rapist", "therapist"),
    "two dots": ("a..b", "a...b"),
    "joined emoji": ("👩\u200d⚖️", "👩⚖️"),
    "flag tags": ("🏴\U000e0067\U000e0062\U000e007f", "🏴"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_typography_does_not_count(one: str, other: str) -> None:
    assert shadow(one) == shadow(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_meaning_counts(one: str, other: str) -> None:
    assert shadow(one) != shadow(other)


@pytest.mark.parametrize("mark", SINGLE_MARKS + DOUBLE_MARKS)
def test_every_quotation_mark_folds(mark: str) -> None:
    assert shadow(f"a {mark}b{mark} c") == "a 'b' c"


@pytest.mark.parametrize("dash", HYPHENS + LONG_DASHES)
def test_every_dash_folds(dash: str) -> None:
    assert shadow(f"a{dash}b") == "a-b"


def test_digits_of_other_scripts_stay() -> None:
    assert shadow("٥") == "٥"


def test_offsets_lead_back() -> None:
    text = "e\ufb03cient — “Jose\u0301” wai\u00adts…"
    folded = fold(text)
    i = folded.text.index("José")
    assert text[slice(*folded.original(i, i + 4))] == "Jose\u0301"
    i = folded.text.index("waits")
    assert text[slice(*folded.original(i, i + 5))] == "wai\u00adts"
    i = folded.text.index("efficient")
    assert text[slice(*folded.original(i, i + 9))] == "e\ufb03cient"


def test_spaces_beside_a_dash_are_no_part_of_it() -> None:
    text = "rain  —  again"
    folded = fold(text)
    i = folded.text.index("-")
    assert text[slice(*folded.original(i, i + 1))] == "—"


def test_a_ligature_is_not_cut() -> None:
    folded = fold("a\ufb01b")
    assert [folded.whole(i) for i in range(5)] == [True, True, False, True, True]


def test_index_of_an_offset() -> None:
    folded = fold("a\u00ad\u00adb")
    assert [folded.index(at) for at in range(4)] == [0, 1, 1, 1]


@given(st.text(max_size=80))
def test_every_character_knows_where_it_comes_from(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert folded.starts == sorted(folded.starts)
    assert folded.ends == sorted(folded.ends)
    for start, end in zip(folded.starts, folded.ends, strict=True):
        assert 0 <= start < end <= len(text)


@given(st.text(max_size=60))
def test_no_letter_or_digit_is_invented(text: str) -> None:
    kept = [ch for ch in fold(text).text if ch.isdecimal()]
    assert kept == [
        str(unicodedata.decimal(ch)) if unicodedata.decomposition(ch) else ch
        for ch in text
        if ch.isdecimal()
    ]


@given(st.text(max_size=60))
def test_canonical_forms_fold_alike(text: str) -> None:
    forms = {shadow(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")}
    assert len(forms) == 1
