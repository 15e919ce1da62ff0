import pytest

from extractor.segmentation import segment
from extractor.segmentation.participants import find_participants
from extractor.segmentation.triggers import find_triggers


def parts(text: str, word: str) -> list[tuple[str, str]]:
    """Role and words of the participants at a trigger."""
    segmentation = segment(text)
    trigger = next(
        t for t in find_triggers(segmentation) if text[t.start : t.end] == word
    )
    sentence = next(
        s for s in segmentation.sentences if s.start <= trigger.start < s.end
    )
    found = find_participants(text, sentence, trigger, trigger.types[0])
    return [(part.role, part.span.of(text)) for part in found]


CASES = [
    (
        "The firm bought two ships on Monday.",
        "bought",
        [("agent", "firm"), ("patient", "two ships")],
    ),
    ("Ada Holt was arrested on Friday.", "arrested", [("patient", "Ada Holt")]),
    (
        "Two men were arrested by border police in Varne.",
        "arrested",
        [("patient", "Two men"), ("agent", "border police")],
    ),
    (
        "The mayor, Tom Lee, has resigned.",
        "resigned",
        [("agent", "mayor")],
    ),
    ("Forty sheep died in the flood.", "died", [("patient", "Forty sheep")]),
    (
        "Ada Holt, 61, a baker, married Tom Lee in June.",
        "married",
        [("agent", "Ada Holt"), ("patient", "Tom Lee")],
    ),
    (
        "Residents who fled the town returned on Sunday.",
        "fled",
        [("agent", "Residents")],
    ),
    (
        "Her lawyer met Mr. Lee in court.",
        "met",
        [("agent", "Her lawyer"), ("recipient", "Mr. Lee")],
    ),
    (
        "The arrest of Ada Holt shocked Varne.",
        "arrest",
        [("patient", "Ada Holt")],
    ),
    (
        "Police confirmed Ada Holt's arrest.",
        "arrest",
        [("patient", "Ada Holt")],
    ),
    (
        "Talks between Varne and Tolm failed.",
        "Talks",
        [("agent", "Varne"), ("agent", "Tolm")],
    ),
    (
        "The bank paid him two million marks.",
        "paid",
        [("agent", "bank"), ("recipient", "him"), ("patient", "two million marks")],
    ),
]


@pytest.mark.parametrize(("text", "word", "expected"), CASES)
def test_who_takes_part_is_read_from_the_words_around(
    text: str, word: str, expected: list[tuple[str, str]]
) -> None:
    assert parts(text, word) == expected


NOT = [
    ("They met next Wednesday.", "met", "next"),
    ("The troops left the town.", "left", "town"),
    ("Prices fell and Holt resigned last week.", "resigned", "week"),
]


@pytest.mark.parametrize(("text", "word", "stranger"), NOT)
def test_times_and_places_take_no_part(text: str, word: str, stranger: str) -> None:
    assert all(stranger not in words for _, words in parts(text, word))
