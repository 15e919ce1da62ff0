"""The parts of a long article that one prompt shows each."""

from dataclasses import dataclass

from extractor.segmentation.model import Segmentation, Sentence
from extractor.segmentation.scripts import estimate_tokens

WINDOW_TOKENS = 4_200
"""Article text in one prompt, about 15,000 characters of English; longer articles are
asked window by window."""
CONTEXT_SENTENCES = 3
"""Sentences before a window that it shows without asking about them."""


@dataclass(frozen=True, slots=True)
class Window:
    """The part of an article that one prompt shows."""

    start: int
    """First code point that is asked about."""
    end: int
    sentences: tuple[Sentence, ...]
    """What is shown: a few sentences before `start` too."""

    def halves(self) -> "tuple[Window, ...]":
        """What shows less: its two halves, or it without context; empty if neither."""
        own = [k for k, s in enumerate(self.sentences) if s.start >= self.start]
        if len(own) < 2:
            kept = self.sentences[own[0] :] if own else ()
            less = len(kept) < len(self.sentences)
            return (Window(self.start, self.end, kept),) if kept and less else ()
        middle = own[len(own) // 2]
        cut = self.sentences[middle].start
        context = min(CONTEXT_SENTENCES, middle // 2)
        return (
            Window(self.start, cut, self.sentences[:middle]),
            Window(cut, self.end, self.sentences[middle - context :]),
        )


def windows_of(segmentation: Segmentation) -> list[Window]:
    """The article cut at paragraphs into windows that fit a prompt.

    Windows own disjoint stretches, so each item is asked once; each shows a few
    sentences before its own as context.
    """
    sentences = segmentation.sentences
    firsts, size = [0], 0
    for k, sentence in enumerate(sentences):
        tokens = estimate_tokens(segmentation.text[sentence.start : sentence.end])
        starts_paragraph = k > 0 and sentence.paragraph != sentences[k - 1].paragraph
        # Inside a paragraph a window ends only where that is very long.
        most = WINDOW_TOKENS if starts_paragraph else WINDOW_TOKENS * 3 // 2
        if k > firsts[-1] and size + tokens > most:
            firsts.append(k)
            size = 0
        size += tokens
    starts = [0, *(sentences[k].start for k in firsts[1:]), len(segmentation.text)]
    return [
        Window(start, end, sentences[max(0, first - CONTEXT_SENTENCES) : last])
        for start, end, first, last in zip(
            starts, starts[1:], firsts, [*firsts[1:], len(sentences)], strict=False
        )
        if sentences
    ]
