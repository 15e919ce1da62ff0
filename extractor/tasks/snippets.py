"""Pieces of the article: spans of the contract and surroundings for a question."""

import re
from bisect import bisect_right

from extractor.analysis import Analysis
from extractor.grounding import Grounding
from extractor.schema import Span
from extractor.segmentation.model import Range, Sentence

AROUND_CHARS = 400
_LEADING_ARTICLE = re.compile(r"^(?:the|an?)\s+", re.IGNORECASE)


def span_at(text: str, start: int, end: int) -> Span:
    """The span of `text[start:end]`, offsets in code points."""
    return Span(start=start, end=end, text=text[start:end])


def ground_phrase(
    analysis: Analysis, words: str, *, near: int, within: Range
) -> Grounding:
    """Ground a noun phrase; its article (`the`, `a`) may differ from the text's."""
    grounding = analysis.grounder.ground(words, near=near, within=within)
    without = _LEADING_ARTICLE.sub("", words)
    if grounding.accepted or without == words:
        return grounding
    shorter = analysis.grounder.ground(without, near=near, within=within)
    return shorter if shorter.accepted else grounding


def sentence_at(analysis: Analysis, offset: int) -> Sentence:
    """The sentence that holds `offset`, else the last one before it."""
    sentences = analysis.segmentation.sentences
    k = bisect_right(sentences, offset, key=lambda s: s.start)
    return sentences[max(0, k - 1)]


def surroundings(analysis: Analysis, start: int, end: int) -> str:
    """The sentences of a passage with the one before and the one after.

    Where they are too long the one after goes, then the one before. A passage that is
    too long itself is cut in its middle: who speaks stands at its edges.
    """
    sentences = analysis.segmentation.sentences
    first = max(0, bisect_right(sentences, start, key=lambda s: s.start) - 1)
    last = max(bisect_right(sentences, max(start, end - 1), key=lambda s: s.start), 1)
    here = sentences[first].paragraph
    follows = last < len(sentences) and sentences[last].paragraph == here
    before = max(0, first - 1)
    for a, b in ((before, last + follows), (before, last), (first, last)):
        shown = analysis.text[sentences[a].start : sentences[b - 1].end]
        if len(shown) <= AROUND_CHARS:
            return shown
    head, tail = AROUND_CHARS // 2, AROUND_CHARS // 2
    return f"{shown[:head].rstrip()} ... {shown[-tail:].lstrip()}"
