"""A segmented text laid out for attribution: words, frames, cues and mentions by word.

A frame is a sentence, or the sentences that one quotation holds together
(`"One. Two," she said.`). Word indices are half-open like offsets.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cached_property

from extractor.segmentation.boilerplate import find_dateline
from extractor.segmentation.cues import find_cues
from extractor.segmentation.model import Cue, Mention, Quotation, Segmentation
from extractor.segmentation.names import find_mentions
from extractor.segmentation.words import Word, lexicon_language, split_words


@dataclass(frozen=True, slots=True)
class Frame:
    """A stretch of words that is read as one sentence."""

    first: int
    end: int
    paragraph: int
    boilerplate: bool


@dataclass(frozen=True, slots=True)
class Noun:
    """A mention with the words it covers."""

    first: int
    end: int
    mention: Mention


@dataclass(frozen=True, slots=True)
class Verb:
    """A cue with the words it covers."""

    first: int
    end: int
    cue: Cue


@dataclass(frozen=True)
class Article:
    """One text, ready for the rules."""

    segmentation: Segmentation
    language: str
    """Language of the lexicon in use."""
    words: tuple[Word, ...]
    blocks: tuple[Quotation, ...]
    """Outermost quotations, in order."""
    block_at: tuple[int, ...]
    """Per word the index of its block, -1 outside; the marks belong to the block.

    A title or name in marks (`"Good Morning, Alder"`) is read as if it had none."""
    frames: tuple[Frame, ...]
    nouns: tuple[Noun, ...]
    verbs: tuple[Verb, ...]
    cue_words: frozenset[int]
    """Words of the cues outside quotations, nouns left out."""
    _starts: list[int] = field(repr=False)

    @cached_property
    def topic(self) -> tuple[Noun, ...]:
        """The mentions of the name that the article has most often, three at least."""
        names: dict[str, list[Noun]] = {}
        for noun in self.nouns:
            if noun.mention.kind == "name" and self.block(noun.first) < 0:
                names.setdefault(self.low(noun.end - 1), []).append(noun)
        most = max(names.values(), key=len, default=[])
        return tuple(most) if len(most) >= 3 else ()

    @property
    def text(self) -> str:
        """The text that was segmented, its wrapped lines joined."""
        return self.segmentation.flat

    def low(self, index: int) -> str:
        """A word in lower case, the empty string outside the text."""
        return self.words[index].low if 0 <= index < len(self.words) else ""

    def block(self, index: int) -> int:
        """Index of the block a word lies in, -1 outside any."""
        return self.block_at[index] if 0 <= index < len(self.block_at) else -1

    def block_of(self, index: int) -> Quotation | None:
        """The block a word lies in."""
        at = self.block(index)
        return self.blocks[at] if at >= 0 else None

    def word_at(self, offset: int) -> int:
        """Index of the first word that does not begin before an offset."""
        return bisect_left(self._starts, offset)

    def word_range(self, start: int, end: int) -> tuple[int, int]:
        """First word and one past the last word of a stretch of the text."""
        return self.word_at(start), self.word_at(end)

    def nouns_in(self, first: int, end: int) -> list[Noun]:
        """Mentions that lie wholly within a range of words."""
        low = bisect_left(self.nouns, first, key=lambda n: n.first)
        high = bisect_right(self.nouns, end - 1, key=lambda n: n.first)
        return [noun for noun in self.nouns[low:high] if noun.end <= end]

    def ending_at(self, end: int) -> Noun | None:
        """The longest mention whose last word stands just before `end`."""
        found = [n for n in self.nouns_in(max(0, end - 16), end) if n.end == end]
        return min(found, key=lambda n: n.first, default=None)

    def starting_at(self, first: int) -> Noun | None:
        """The longest mention that begins at a word."""
        found = [n for n in self.nouns_in(first, first + 24) if n.first == first]
        return max(found, key=lambda n: n.end, default=None)


def lay_out(segmentation: Segmentation, language: str | None) -> Article:
    """Lays a segmented text out by words."""
    words = split_words(segmentation.flat, lexicon_language(language))
    starts = [word.start for word in words]
    blocks = tuple(q for q in segmentation.quotations if q.parent is None)
    block_at = [-1] * len(words)
    for index, block in enumerate(blocks):
        if _is_title(segmentation, block):
            continue
        for at in range(
            bisect_left(starts, block.start), bisect_left(starts, block.end)
        ):
            block_at[at] = index
    nouns = []
    for mention in find_mentions(segmentation, language=language):
        first = bisect_left(starts, mention.start)
        nouns.append(Noun(first, bisect_left(starts, mention.end), mention))
    verbs = []
    for cue in find_cues(segmentation, language=language):
        first = bisect_left(starts, cue.start)
        verbs.append(Verb(first, bisect_left(starts, cue.end), cue))
    return Article(
        segmentation,
        lexicon_language(language),
        words,
        blocks,
        tuple(block_at),
        tuple(_frames(segmentation, starts, block_at)),
        tuple(nouns),
        tuple(verbs),
        frozenset(
            i
            for verb in verbs
            if verb.cue.kind != "noun" and block_at[verb.first] < 0
            for i in range(verb.first, verb.end)
        ),
        starts,
    )


def _is_title(segmentation: Segmentation, block: Quotation) -> bool:
    """Whether a quotation looks like the title of a work or a name."""
    text = segmentation.flat
    inner = text[block.inner_start : block.inner_end]
    words = inner.strip(" ,.").split()
    if not 1 <= len(words) <= 9 or inner.rstrip().endswith(("?", "!")):
        return False
    long_words = [w for w in words if len(w) > 3 or w == words[0] or w == words[-1]]
    if not all(w[:1].isupper() or w[:1].isdigit() for w in long_words):
        return False
    if text[: block.start].rstrip()[-1:] in ".:!?”\"’'":
        return False
    line = text[text.rfind("\n", 0, block.start) + 1 : block.start].split()
    if len(words) == 1:
        judged = bool(line) and line[-1] == "als"  # German nouns have capitals anyway
        return bool(line) and inner[-1:].isalnum() and not judged
    return bool(line) and sum(w[:1].islower() for w in line) * 4 >= len(line)


def _frames(
    segmentation: Segmentation, starts: list[int], block_at: list[int]
) -> list[Frame]:
    frames: list[Frame] = []
    text = segmentation.flat
    for sentence in segmentation.sentences:
        begins = find_dateline(text, sentence.start, sentence.end)
        first = bisect_left(starts, begins)
        end = bisect_left(starts, sentence.end)
        if first >= end:
            continue
        last = frames[-1] if frames else None
        if (
            last
            and last.paragraph == sentence.paragraph
            and block_at[first] >= 0
            and block_at[first] == block_at[last.end - 1]
        ):
            frames[-1] = Frame(last.first, end, last.paragraph, last.boilerplate)
        else:
            frame = Frame(first, end, sentence.paragraph, sentence.boilerplate)
            frames.append(frame)
    return frames
