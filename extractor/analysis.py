"""What code knows of an article before any model is asked."""

from dataclasses import dataclass

from extractor.attribution import find_passages
from extractor.grounding import Grounder
from extractor.schema import Document
from extractor.segmentation import segment
from extractor.segmentation.model import Mention, Passage, Range, Segmentation
from extractor.segmentation.names import find_mentions
from extractor.segmentation.places import find_places
from extractor.times import find_published


@dataclass(frozen=True)
class Analysis:
    """One article, segmented, with the rules' candidates."""

    document: Document
    segmentation: Segmentation
    mentions: tuple[Mention, ...]
    passages: tuple[Passage, ...]
    places: tuple[Range, ...]
    grounder: Grounder
    published: str | None
    """ISO date: the document's, else that of its dateline."""

    @property
    def text(self) -> str:
        """The article's text, which all offsets refer to."""
        return self.document.text

    @property
    def flat(self) -> str:
        """The same with spaces for the line breaks inside paragraphs."""
        return self.segmentation.flat

    def words(self, mention: Mention) -> str:
        """The words of a mention, one space between each two."""
        return " ".join(self.text[mention.start : mention.end].split())


def analyse(document: Document) -> Analysis:
    """Segment an article and find what could be said, and by whom."""
    segmentation = segment(document.text, document.language)
    mentions = find_mentions(segmentation, language=document.language)
    return Analysis(
        document=document,
        segmentation=segmentation,
        mentions=mentions,
        passages=find_passages(segmentation, language=document.language),
        places=find_places(segmentation, mentions),
        grounder=Grounder(document.text),
        published=document.published or find_published(document.text),
    )
