"""What code knows of an article before any model is asked.

`segment` finds paragraphs, sentences and quotations. All offsets are 0-based,
half-open code points of the text given, which is never changed.
"""

from extractor.segmentation.model import (
    Candidate,
    Cue,
    Mention,
    Passage,
    Quotation,
    Range,
    Segmentation,
    Sentence,
)
from extractor.segmentation.paragraphs import split_paragraphs, unwrap
from extractor.segmentation.quotations import find_quotations
from extractor.segmentation.sentences import find_sentences

__all__ = [
    "Candidate",
    "Cue",
    "Mention",
    "Passage",
    "Quotation",
    "Range",
    "Segmentation",
    "Sentence",
    "segment",
]


def segment(text: str, language: str | None = None) -> Segmentation:
    """Find the paragraphs, sentences and quotations of a text.

    Args:
        text: one article, or any other text.
        language: BCP 47 tag (`en`, `pt-BR`), which tells abbreviations; None for
            English.

    Returns:
        The segmentation, its offsets in code points of `text`. Time is linear in the
        length of the text.
    """
    paragraphs = split_paragraphs(text)
    quotations = find_quotations(text, paragraphs)
    return Segmentation(
        text=text,
        paragraphs=paragraphs,
        sentences=find_sentences(text, paragraphs, quotations, language),
        quotations=quotations,
        flat=unwrap(text, paragraphs),
    )
