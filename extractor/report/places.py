"""Where in an article something stands: its paragraph, and the sentence around it."""

from bisect import bisect_right

from extractor.schema import Document, Span
from extractor.segmentation import segment

_LONGEST_TITLE = 160
"""Characters of a first line that may pass for a headline."""


class Places:
    """The paragraphs and sentences of an article, cut once for many questions."""

    def __init__(self, document: Document) -> None:
        self._text = document.text
        segmentation = segment(document.text)
        self.paragraphs = [(part.start, part.end) for part in segmentation.paragraphs]
        """Where each starts and ends; together they hold all that is no white space."""
        self._sentences = sorted(
            (sentence.start, sentence.end) for sentence in segmentation.sentences
        )

    def paragraph(self, span: Span) -> int:
        """The number of the paragraph that a span begins in, from 1."""
        return bisect_right(self.paragraphs, (span.start, len(self._text)))

    def around(self, span: Span) -> tuple[str, str]:
        """What stands in the sentence of a span before it and after it.

        Both are empty where no one sentence holds the span.
        """
        index = bisect_right(self._sentences, (span.start, len(self._text))) - 1
        if index >= 0:
            start, end = self._sentences[index]
            if start <= span.start and span.end <= end:
                return self._text[start : span.start], self._text[span.end : end]
        return "", ""


def headline(document: Document) -> str:
    """What to call an article: its title, its first line, or where it is from."""
    if document.title:
        return document.title
    first = document.text.strip().partition("\n")[0].strip()
    if len(first) <= _LONGEST_TITLE:
        return first
    return document.source or f"{first[: _LONGEST_TITLE - 1].rstrip()}…"
