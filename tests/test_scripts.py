"""Scripts: which have capitals, and how many words stand in a text without spaces."""

import pytest

from extractor.segmentation.scripts import count_words, estimate_tokens, is_uncased


@pytest.mark.parametrize(
    ("text", "uncased"),
    [
        ("Nils Ekdal left.", False),
        ("THE END", False),
        ("Нила Рогова", False),
        ("نیلا رستگار", True),
        ("נעמי ברק", True),
        ("नीला राव", True),
        ("林海燕", True),
        ("水谷レイ子", True),
        ("한소라", True),
        ("สุดา", True),
        ("ნინო ბერიძე", True),
        ("苹果公司的 iPad 很贵，没有人买", True),
        ("Ekdal 林", False),
        ("1,200 %", False),
        ("", False),
    ],
)
def test_scripts_are_told_by_most_letters(text: str, uncased: bool) -> None:
    assert is_uncased(text) is uncased


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("We told them—twice – in 2019.", 6),
        ("ما دو بار هشدار دادیم", 5),
        ("हमने ज़िले को चेतावनी दी", 5),
        ("我们两次警告过县政府", 5),
        ("郡に二度 Vall 警告した", 5),
        ("— … !", 0),
        ("", 0),
    ],
)
def test_words_are_counted_with_and_without_spaces(text: str, words: int) -> None:
    assert count_words(text) == words


def test_words_that_nothing_separates_are_estimated_by_letters() -> None:
    assert 7 <= count_words("เราเตือนจังหวัดไปแล้วสองครั้งแต่ไม่มีใครตอบเลย") <= 14


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("The mayor visited the new bridge on Monday and left.", 11),
        ("Die Bürgermeisterin besuchte am Montag die neue Brücke.", 17),
        ("Мэр осмотрела новый мост в понедельник.", 14),
        ("شهردار روز دوشنبه از پل تازه بازدید کرد.", 22),
        ("महापौर ने सोमवार को नया पुल देखा।", 31),
        ("市长周一视察了新桥，没有人回答。", 10),
        ("시장은 월요일 새 다리를 둘러보았다.", 16),
        ("", 0),
    ],
)
def test_tokens_are_estimated_high_but_not_twice_too_high(
    text: str, counted: int
) -> None:
    """`counted` is what the default model's tokeniser makes of the text."""
    assert counted <= estimate_tokens(text) <= 2 * counted
