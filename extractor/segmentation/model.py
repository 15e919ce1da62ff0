"""What the segmenter and the rules know of an article before any model is asked.

All offsets are 0-based, half-open code points of the text that was segmented.
"""

from dataclasses import dataclass
from typing import Literal

from extractor.schema import QuoteKind

MentionKind = Literal["name", "pronoun", "nominal"]
CueKind = Literal["verb", "preposition", "noun", "colon"]


@dataclass(frozen=True, slots=True, order=True)
class Range:
    """A stretch of the text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The characters of the stretch."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, headline, byline or list item; sentences never overlap."""

    id: str
    """`S1`, `S2`, in order."""
    start: int
    end: int
    paragraph: int
    """0-based index into `Segmentation.paragraphs`."""
    boilerplate: bool = False
    """Byline, licence line, photo credit, "read more": nobody's statement."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """A region between quotation marks."""

    id: str
    """`Q1`, `Q2`, in order of their opening mark."""
    start: int
    """The opening mark."""
    end: int
    """One past the closing mark."""
    inner_start: int
    """First character after the opening mark."""
    inner_end: int
    """One past the last character before the closing mark."""
    parent: str | None = None
    """The quotation that holds this one."""
    continues: str | None = None
    """The quotation that this one reopens in a new paragraph."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that could name a speaker or a participant."""

    start: int
    end: int
    kind: MentionKind
    """A name (`Sen. Ann Lee`), a pronoun (`she`) or a nominal (`the spokesman`)."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A reporting word."""

    start: int
    end: int
    lemma: str
    """`say`, `according to`, `statement`."""
    kind: CueKind


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible speaker of a passage, with the rules' weight of evidence."""

    mention: Mention
    score: float
    """0 to 1; the candidates of a passage sum to at most 1, the rest is "nobody"."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A possible quote: what the rules think somebody said."""

    spans: tuple[Range, ...]
    """The content without its outer quotation marks, in order."""
    kind: QuoteKind
    quotations: tuple[str, ...]
    """Ids of the quotations the content holds or lies in."""
    cue: Cue | None
    candidates: tuple[Candidate, ...]
    """Best first."""
    likelihood: float
    """0 to 1: how surely this is reported speech and no title, name or scare quote."""
    nested_in: int | None = None
    """Index of the passage that holds this one, in the list it came in."""


@dataclass(frozen=True, slots=True)
class Segmentation:
    """Paragraphs, sentences and quotations of one text, each in order."""

    text: str
    paragraphs: tuple[Range, ...]
    sentences: tuple[Sentence, ...]
    quotations: tuple[Quotation, ...]
    flat: str = ""
    """The text with the line breaks inside its paragraphs as spaces: what names, roles
    and reporting words are looked for in. Its offsets are those of the text."""

    def __post_init__(self) -> None:
        if not self.flat:
            object.__setattr__(self, "flat", self.text)
