from extractor.attribution import find_passages
from extractor.segmentation import segment
from extractor.segmentation.model import Passage

INTERVIEW = """Ada Holt builds clocks. Holt lives in Varne. Holt is 61.

Q: Why clocks?

A: Nobody else wanted to. My mother said, "Somebody has to."

Q: And now?

A: (laughs) Now I am late.

She closes the shop at six."""

WALTER = "Walter Stroud"

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


ASKED = """Five minutes with the man who winds the clock

By Lottie Crane

Every Tuesday, Walter Stroud, 68, climbs 142 steps.

How long have you done this?

Since 1989. The vicar asked if I knew anything about clocks.

Some say it is too loud.

They moved next to a church!

Did it ever stop?

Twice. People rang the police, and I was at my sister's.

What is the hardest part?

The pigeons. They sit on the hand at ten to three."""


def test_what_stands_below_questions_is_the_answers_of_whom_they_are_put_to() -> None:
    assert [(said, who) for _, said, who in spoken(ASKED)] == [
        ("Since 1989. The vicar asked if I knew anything about clocks.", WALTER),
        ("Twice. People rang the police, and I was at my sister's.", WALTER),
        ("The pigeons. They sit on the hand at ten to three.", WALTER),
    ]


def test_questions_of_the_paper_make_no_interview() -> None:
    text = "Who pays?\n\nThe town.\n\nWho gains?\n\nLee.\n\nWhy?\n\nIt is the law."
    assert not spoken(f"Ada Lee asked us.\n\n{text}")


def test_an_interview_is_with_whom_its_introduction_names() -> None:
    text = (
        "Ada Holt closed the booth, Holt said. Holt is 61. The Alder Herald asked.\n\n"
        "We put questions to Tom Brandt.\n\nQ: Why?\n\nA: We had to.\n\n"
        "Q: When?\n\nA: In May."
    )
    answers = [who for _, said, who in spoken(text) if said.endswith((" to.", "May."))]
    assert answers == ["Tom Brandt", "Tom Brandt"]


TRANSCRIPT = """The two met on Friday.

MODERATOR: What about taxes?

LEE: We will cut them in May.

HOLT: That is false.

LEE: Nobody believes her."""


def test_the_turns_of_a_transcript_are_who_takes_them() -> None:
    assert [(said, who) for _, said, who in spoken(TRANSCRIPT)] == [
        ("What about taxes?", "MODERATOR"),
        ("We will cut them in May.", "LEE"),
        ("That is false.", "HOLT"),
        ("Nobody believes her.", "LEE"),
    ]


def test_a_list_of_facts_is_no_transcript() -> None:
    assert not spoken("WHAT: A fair.\n\nWHEN: On Sunday.\n\nWHERE: The town hall.")


def test_the_turns_of_a_transcript_may_stand_in_marks() -> None:
    text = "“LEE: Why?”\n\n“HOLT: Because I was asked.\n\n“LEE: By whom?"
    assert [(said, who) for _, said, who in spoken(text)] == [
        ("Why?", "LEE"),
        ("Because I was asked.", "HOLT"),
        ("By whom?", "LEE"),
    ]
