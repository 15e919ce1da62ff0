"""What pronouns certainly refer to: filled in, or left as they stand."""

import pytest

from extractor.pipeline import Extractor


def claims(text: str) -> list[str]:
    return [claim.text for claim in Extractor("rules").extract(text).claims]


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        # The speaker of indirect speech.
        ("Mary Brun said she had seen the flood.", "Mary Brun had seen the flood."),
        (
            "The Vall Harbour Board said it would review the plan next year.",
            "The Vall Harbour Board would review the plan next year.",
        ),
        (
            "Island farmers said they’re tired of the yearly floods.",
            "Island farmers are tired of the yearly floods.",
        ),
        # Whom alone the article told of before.
        (
            "The order came from minister Mary Brun. She had seen the flood.",
            "Mary Brun had seen the flood.",
        ),
        (
            "Mary Brun met the farmers.\n\nShe had warned them.\n\n"
            "Her report came too late for the bridge.",
            "Mary Brun’s report came too late for the bridge.",
        ),
        (
            "“Mary Brun knows the river. She has measured it,” Tom Ekdal said.",
            "Mary Brun has measured it.",
        ),
        (
            "In her first month, Mary Brun saw the flood. She had warned the town.",
            "Mary Brun had warned the town.",
        ),
        # A place of which the article says what it is.
        (
            "Vall Observatory is an old house on a hill.\n\nIt is home to 40 owls.",
            "Vall Observatory is home to 40 owls.",
        ),
    ],
)
def test_a_certain_referent_takes_the_pronouns_place(text: str, claim: str) -> None:
    assert claim in claims(text)


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        # Nothing is meant.
        (
            "The Vall Harbour Board said it was time to build a wall.",
            "It was time to build a wall.",
        ),
        ("Tom Ekdal left Vall. It was raining hard.", "It was raining hard."),
        # The sky, not those who saw it.
        (
            "The Blakes said it was turning red over the town of Vall.",
            "It was turning red over the town of Vall.",
        ),
        # Of two, either.
        (
            "Tom Ekdal met Ola Brandt on the bridge. He had seen the flood.",
            "He had seen the flood.",
        ),
        (
            "Tom Ekdal met the driver on the bridge. He had seen the flood.",
            "He had seen the flood.",
        ),
        (
            "Tom Ekdal accused Ola Brandt, and Nils Holt said he had seen the flood.",
            "He had seen the flood.",
        ),
        (
            "Tom Ekdal told Ola Brandt that he had seen the flood.",
            "He had seen the flood.",
        ),
        # A lawyer speaks of another.
        (
            "Tom Ekdal’s lawyer said he had seen the flood.",
            "He had seen the flood.",
        ),
        # Only some of a group.
        (
            "Some 31 per cent of farmers said they would leave the island.",
            "They would leave the island.",
        ),
        # Of oneself one says `I`.
        (
            "Tom Ekdal spoke. “I met Ola Brandt and Nils Holt. He saw the flood,” Tom "
            "Ekdal said.",
            "He saw the flood.",
        ),
        ("Tom Ekdal said he’d seen the flood coming.", "He’d seen the flood coming."),
    ],
)
def test_a_pronoun_stays_where_its_referent_is_not_certain(
    text: str, claim: str
) -> None:
    assert claim in claims(text)


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        (
            "“We warned the county twice,” said a spokesman for the Harbour Board.",
            "We [the Harbour Board] warned the county twice.",
        ),
        (
            "“We warned the county twice,” said Mary Brun of Milberg Group.",
            "We [Milberg Group] warned the county twice.",
        ),
        (
            "“We warned the county twice,” the Harbour Board said.",
            "We [the Harbour Board] warned the county twice.",
        ),
        (
            "“We warned the county twice,” said Mary Brun.",
            "We warned the county twice.",
        ),
        (
            "“We at Milberg warned the county,” said Mary Brun of Milberg Group.",
            "We at Milberg warned the county.",
        ),
        (
            "“We all live on one planet here,” said Mary Brun of Milberg Group.",
            "We all live on one planet here.",
        ),
        (
            "“I warned the county twice,” Mary Brun said.",
            "Mary Brun warned the county twice.",
        ),
        (
            "“I warned the county twice,” Milberg Group said.",
            "I warned the county twice.",
        ),
        ("“I warned the county twice,” a pilot said.", "I warned the county twice."),
        (
            "“They said, ‘I broke the wall twice,’” Mary Brun said.",
            "They said, ‘I broke the wall twice’.",
        ),
    ],
)
def test_first_persons_are_the_speakers_where_the_article_tells(
    text: str, claim: str
) -> None:
    assert claim in claims(text)
