"""Paragraphs: the line runs of a text.

Where each line is a paragraph, a line break ends it. Hard line breaks at a fixed column
are recognised by the breaks in mid-sentence: nearly every one stands where the next
line's first word would not have fitted. There only blank lines, indented lines, list
items and short lines end a paragraph; a headline or byline is a short line.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from extractor.segmentation.model import Range

_BREAK = re.compile(r"\r\n|[\n\v\f\r\x85\u2028\u2029]")
_WRAPPING_BREAKS = frozenset({"\n", "\r", "\r\n"})
_LIST_ITEM = re.compile(r"(?:[-*+•‣▪●–—]|\d{1,3}[.)]|\(?[a-z]\))\s")
_SENTENCE_END = re.compile(r"[.!?…:。！？][\"'”’»“)\]]*$")

_MIN_WIDTH, _MAX_WIDTH = 40, 120
"""Columns within which people and programs set hard line breaks."""
_USUAL_WIDTHS = range(60, 91)
"""The same where a paragraph has only itself to show it."""
_SLACK = 6
"""Columns by which a full line may fall short: hyphens, trailing spaces."""
_MIN_SHARE, _MIN_OPEN = 0.8, 1 / 3
"""Of the breaks in mid-sentence those at the column; of the breaks at the column those
in mid-sentence."""
_MIN_UNCASED_BREAKS = 2
"""Breaks in mid-sentence that it takes where no small letters tell of them."""


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    """First character that is no white space."""
    end: int
    indent: int
    joinable: bool
    """The break before it is one that a hard-wrapping program sets."""

    @property
    def length(self) -> int:
        """In code points."""
        return self.end - self.start


def split_paragraphs(text: str) -> tuple[Range, ...]:
    """Find the paragraphs of a text.

    Args:
        text: any text; all kinds of line breaks are understood.

    Returns:
        Paragraphs in order, disjoint, without surrounding white space, together
        covering every character that is no white space.
    """
    blocks = _blocks(_split_lines(text))
    common = _common_width(text, blocks)
    paragraphs: list[Range] = []
    for block in blocks:
        width = common or _width_alone(text, block)
        paragraphs.append(Range(block[0].start, block[0].end))
        for line, following in pairwise(block):
            if width and _continues(text, line, following, width):
                paragraphs[-1] = Range(paragraphs[-1].start, following.end)
            else:
                paragraphs.append(Range(following.start, following.end))
    return tuple(paragraphs)


def unwrap(text: str, paragraphs: Sequence[Range]) -> str:
    """The text with the line breaks inside its paragraphs as spaces, offsets kept."""
    parts, last = [], 0
    for paragraph in paragraphs:
        parts.append(text[last : paragraph.start])
        parts.append(_BREAK.sub(_blank, text[paragraph.start : paragraph.end]))
        last = paragraph.end
    return "".join([*parts, text[last:]])


def _blank(line_break: re.Match[str]) -> str:
    return " " * len(line_break[0])


def _split_lines(text: str) -> list[_Line]:
    lines = []
    start, joinable = 0, False
    for found in [*_BREAK.finditer(text), None]:
        stop = found.start() if found else len(text)
        line = text[start:stop]
        indent = len(line) - len(line.lstrip())
        end = start + len(line.rstrip())
        first = min(start + indent, end)
        lines.append(_Line(first, max(first, end), indent, joinable))
        if found:
            start, joinable = found.end(), found[0] in _WRAPPING_BREAKS
    return lines


def _first_word(text: str, line: _Line) -> int:
    return len(text[line.start : line.end].split(maxsplit=1)[0])


def _blocks(lines: Sequence[_Line]) -> list[list[_Line]]:
    """The lines between blank ones."""
    blocks: list[list[_Line]] = [[]]
    for line in lines:
        if line.start < line.end:
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return blocks if blocks[-1] else blocks[:-1]


def _reach(text: str, line: _Line, following: _Line) -> int:
    """How long the line would be with the next one's first word."""
    return line.length + 1 + _first_word(text, following)


def _common_width(text: str, blocks: Sequence[Sequence[_Line]]) -> int | None:
    """The column at which the text is wrapped, None where it is not."""
    pairs = list(chain.from_iterable(map(pairwise, blocks)))
    reaches = [_reach(text, line, following) for line, following in pairs]
    open_breaks: list[tuple[int, int]] = []
    cased = False
    for (line, following), reach in zip(pairs, reaches, strict=True):
        if not _breaks_off(text, line, following):
            continue
        cased |= text[following.start].islower()
        open_breaks.append((max(line.length, following.length), reach))
    widths = {w for w, _ in open_breaks if _MIN_WIDTH <= w <= _MAX_WIDTH}

    def support(width: int) -> int:
        return sum(w <= width < reach + _SLACK for w, reach in open_breaks)

    best = max(sorted(widths), key=support, default=None)
    least = 1 if cased else _MIN_UNCASED_BREAKS
    if best is None or len(open_breaks) < least:
        return None
    full = sum(
        line.length <= best + _SLACK and reach > best - _SLACK
        for (line, _), reach in zip(pairs, reaches, strict=True)
    )
    share = max(_MIN_SHARE * len(open_breaks), _MIN_OPEN * full)
    return best if support(best) >= share else None


def _breaks_off(text: str, line: _Line, following: _Line) -> bool:
    """Whether a sentence surely goes on behind the break: with no capital or mark."""
    if _SENTENCE_END.search(text, line.start, line.end) or not following.joinable:
        return False
    first = text[following.start]
    list_item = _LIST_ITEM.match(text, following.start)
    return first.isalnum() and not first.isupper() and not list_item


def _width_alone(text: str, block: Sequence[_Line]) -> int | None:
    """The width of a paragraph that nothing else tells to be wrapped.

    All its lines but the last are full and of the usual length, some break off before
    a capital (`Anna`, line break, `Veldkamp said.`), and the last ends a sentence, as
    no byline under a headline does.
    """
    width = max((line.length for line in block[:-1]), default=0)
    full = all(
        following.joinable and _reach(text, line, following) > width - _SLACK
        for line, following in pairwise(block)
    )
    ends = [_SENTENCE_END.search(text, line.start, line.end) for line in block]
    ended = ends[-1] is not None and ends[-1][0][0] != ":"
    usual = width in _USUAL_WIDTHS and block[-1].length <= width
    return width if full and ended and not all(ends) and usual else None


def _begins_item(text: str, line: _Line, following: _Line) -> bool:
    """Whether a list item follows, no dash inside a sentence that is wrapped there."""
    if not _LIST_ITEM.match(text, following.start):
        return False
    open_ended = not _SENTENCE_END.search(text, line.start, line.end)
    inside = open_ended and not _LIST_ITEM.match(text, line.start)
    return not (inside and text[following.start] in "-–—")


def _continues(text: str, line: _Line, following: _Line, width: int) -> bool:
    if not following.joinable or _begins_item(text, line, following):
        return False
    if following.indent > line.indent and following.indent > 1:
        return False
    if max(line.length, following.length) > width + _SLACK:
        return False
    if _reach(text, line, following) > width - _SLACK:
        return True
    ended = _SENTENCE_END.search(text, line.start, line.end) is not None
    return not ended and text[following.start].islower()
