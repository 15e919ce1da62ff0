"""What another tool finds in an article, before it is an extraction.

`at` is where the tool's user would look it up; None where it is nowhere in the text.
Offsets are 0-based, half-open code points.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from extractor.evaluation.runs import Recipe
from extractor.schema import Failure, PromptRef, QuoteKind, TaskName, TaskStats
from extractor.segmentation.model import Range


@dataclass(frozen=True)
class FoundQuote:
    """Words that somebody is said to have uttered."""

    words: str
    at: Range | None
    kind: QuoteKind
    mention: str
    """Words beside the quotation that name the speaker; may be empty."""
    speaker: str
    """The name; may be empty."""


@dataclass(frozen=True)
class FoundClaim:
    """A statement that could be checked."""

    words: str
    at: Range | None
    claimant: str
    """A name, or a word for the article itself."""


@dataclass(frozen=True)
class FoundEvent:
    """A word that names an event, and who takes part."""

    words: str
    at: Range | None
    type: str
    arguments: tuple[tuple[str, str], ...]
    """Role and words; the role `place` is where it happened."""


@dataclass(frozen=True)
class Found:
    """All that a tool found in one article, and what that took.

    Attributes:
        quotes: in the order they were given.
        claims: likewise.
        events: likewise.
        tasks: calls, seconds and tokens of each question.
        failures: questions without any answer.
        warnings: what a reader should know of the answers.
        keeps_unplaced: whether the tool's user is given items without a place too.
    """

    quotes: tuple[FoundQuote, ...] = ()
    claims: tuple[FoundClaim, ...] = ()
    events: tuple[FoundEvent, ...] = ()
    tasks: dict[TaskName, TaskStats] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    warnings: tuple[str, ...] = ()
    keeps_unplaced: bool = True


class Peer(Protocol):
    """Another way to get quotes, claims and events of an article."""

    def recipe(self, tasks: Sequence[TaskName]) -> Recipe:
        """What the answers depend on besides the article."""
        ...

    def prompts(self, tasks: Sequence[TaskName]) -> dict[str, PromptRef]:
        """The prompt of each question."""
        ...

    def engine(self) -> str | None:
        """Name and version of what runs the model, where it runs here."""
        ...

    def read(self, text: str, tasks: Sequence[TaskName]) -> Found:
        """What the tool finds in a text."""
        ...
