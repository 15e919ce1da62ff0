"""Paragraphs: the line runs of a text.

Where each line is a paragraph, a line break ends it. A text with hard line breaks at a
fixed column is recognised by its breaks: nearly every one stands where the next line's
first word would not have fitted. There only blank lines, indented lines, list items
and short lines end a paragraph.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from extractor.segmentation.model import Range

_BREAK = re.compile(r"\r\n|[\n\v\f\r\x85\u2028\u2029]")
_WRAPPING_BREAKS = frozenset({"\n", "\r", "\r\n"})
_LIST_ITEM = re.compile(r"(?:[-*+•‣▪●–—]|\d{1,3}[.)]|\(?[a-z]\))\s")
_SENTENCE_END = re.compile(r"[.!?…:。！？][\"'”’»“)\]]*$")

_MIN_WIDTH, _MAX_WIDTH = 40, 120
"""Columns within which people and programs set hard line breaks."""
_SLACK = 6
"""Columns by which a full line may fall short: hyphens, trailing spaces."""
_MIN_BREAKS, _MIN_SHARE = 2, 0.8


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    """First character that is no white space."""
    end: int
    indent: int
    joinable: bool
    """The break before it is one that a hard-wrapping program sets."""


def split_paragraphs(text: str) -> tuple[Range, ...]:
    """Find the paragraphs of a text.

    Args:
        text: any text; all kinds of line breaks are understood.

    Returns:
        Paragraphs in order, disjoint, without surrounding white space, together
        covering every character that is no white space.
    """
    lines = _split_lines(text)
    width = _wrap_width(text, lines)
    paragraphs: list[Range] = []
    previous: _Line | None = None
    for line in lines:
        if line.start == line.end:
            previous = None
            continue
        if previous and width and _continues(text, previous, line, width):
            paragraphs[-1] = Range(paragraphs[-1].start, line.end)
        else:
            paragraphs.append(Range(line.start, line.end))
        previous = line
    return tuple(paragraphs)


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


def _wrap_width(text: str, lines: list[_Line]) -> int | None:
    """The column at which the text is wrapped, None where it is not."""
    width = max((line.end - line.start for line in lines), default=0)
    if not _MIN_WIDTH <= width <= _MAX_WIDTH:
        return None
    breaks = full = 0
    for line, following in pairwise(lines):
        if line.start == line.end or following.start == following.end:
            continue
        if _LIST_ITEM.match(text, following.start):
            continue
        breaks += 1
        length = line.end - line.start + 1 + _first_word(text, following)
        full += following.joinable and length > width - _SLACK
    return width if breaks >= _MIN_BREAKS and full >= _MIN_SHARE * breaks else None


def _continues(text: str, line: _Line, following: _Line, width: int) -> bool:
    if not following.joinable or _LIST_ITEM.match(text, following.start):
        return False
    if following.indent > line.indent and following.indent > 1:
        return False
    length = line.end - line.start + 1 + _first_word(text, following)
    if length > width - _SLACK:
        return True
    ended = _SENTENCE_END.search(text, line.start, line.end) is not None
    return not ended and text[following.start].islower()
