from extractor.attribution import find_passages
from extractor.segmentation import segment
from extractor.segmentation.model import Passage

INTERVIEW = """Ada Holt builds clocks. Holt lives in Varne. Holt is 61.

Q: Why clocks?

A: Nobody else wanted to. My mother said, "Somebody has to."

Q: And now?

A: (laughs) Now I am late.

She closes the shop at six."""

LETTER = """Residents had a note on Monday.

Dear neighbours,
The gate will be shut from nine. Keys are with me.
Tom Lee

Nobody answered."""

LONG_LETTER = """The board published it in full.

Sir,

The gate was never shut in my time.

I ask you to leave it open.

Ada Holt, Varne

The board meets on Friday."""


def blocks(text: str) -> list[Passage]:
    return [p for p in find_passages(segment(text)) if p.cue is None]


def spoken(text: str) -> list[tuple[str, str, str]]:
    return [
        (
            p.kind,
            p.spans[0].of(text),
            text[p.candidates[0].mention.start : p.candidates[0].mention.end],
        )
        for p in blocks(text)
    ]


def test_the_answers_of_an_interview_are_its_subjects() -> None:
    assert spoken(INTERVIEW) == [
        ("mixed", 'Nobody else wanted to. My mother said, "Somebody has to."', "Holt"),
        ("indirect", "Now I am late.", "Holt"),
    ]


def test_questions_alone_make_no_interview() -> None:
    assert blocks("Q: Why clocks?\n\nHolt builds them. Holt is 61. Holt sings.") == []


def test_a_letter_is_its_signatorys_from_the_salutation_on() -> None:
    assert spoken(LETTER) == [
        (
            "indirect",
            "Dear neighbours,\nThe gate will be shut from nine. Keys are with me.",
            "Tom Lee",
        )
    ]


def test_a_letter_of_several_paragraphs_ends_above_its_signature() -> None:
    [(kind, content, signed)] = spoken(LONG_LETTER)
    assert kind == "indirect"
    assert content.startswith("Sir,\n\nThe gate")
    assert content.endswith("leave it open.")
    assert signed == "Ada Holt"


def test_a_salutation_without_a_signature_is_no_letter() -> None:
    assert blocks("Dear me,\n\nit rained again in Varne on Monday, all day long.") == []
