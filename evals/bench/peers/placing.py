"""Where a returned string stands in an article, as anybody would look it up.

The string is searched as it is, then without blanks and quotation marks at its ends;
case and typography are kept, and what begins or ends with a letter is not found inside
a longer word. There is no fuzzy search: what comes near is no quotation.
"""

import re
from collections.abc import Iterator

from extractor.segmentation.model import Range

_ENDS = " \t\r\n\"'“”„‟‘’‚‛«»‹›"


def find_first(text: str, words: str) -> Range | None:
    """The first place with these very characters; None if there is none."""
    return next(_places(text, words), None)


def find_nearest(text: str, words: str, near: Range) -> Range | None:
    """The place before or after a stretch that is nearest to it; None if there is none.

    A place that overlaps the stretch is taken only where there is no other: who speaks
    is named beside the quotation, not in it.
    """

    def distance(place: Range) -> tuple[bool, int]:
        inside = place.start < near.end and near.start < place.end
        return inside, max(near.start - place.end, place.start - near.end)

    return min(_places(text, words), key=distance, default=None)


def _places(text: str, words: str) -> Iterator[Range]:
    """All places of the first spelling that has any, in order."""
    for spelling in dict.fromkeys((words, words.strip(_ENDS))):
        if not spelling.strip():
            continue
        found = [Range(*match.span()) for match in _pattern(spelling).finditer(text)]
        if found:
            yield from found
            return


def _pattern(words: str) -> re.Pattern[str]:
    before = r"(?<!\w)" if words[0].isalnum() else ""
    after = r"(?!\w)" if words[-1].isalnum() else ""
    return re.compile(before + re.escape(words) + after)
