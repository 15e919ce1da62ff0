"""Whose name stands behind a role: `the mayor, Ada Holt, said`."""

import re

from extractor.resolution.entities import (
    Entity,
    gender_of,
    is_body,
    is_person,
    kind_of,
)
from extractor.resolution.roster import Roster
from extractor.segmentation.model import Mention

_TO_NAME = re.compile(r"(\s[a-z][\w' ’-]{2,40})?,\s")
"""Between a role and the name of who has it."""
_CLOSED_OR_VERB = re.compile(
    r"[,.;:)]|\s(?:of|from)\s[A-Z]|\s\w+(?:ed|said|told|wrote)\b|$"
)
_TITLE = re.compile(r"[A-Z][a-z]+\.?\s(?=[A-Z])")
"""`Ambassador` in `the chair, Ambassador Ada Holt`."""
_CLOSED = re.compile(r"[,)]|\s(?:of|from)\s[A-Z]")
"""Behind such a name."""


def named_after(text: str, mention: Mention, roster: Roster) -> Entity | None:
    """Whose name follows a role: `the mayor, Ada Holt, said`, `the charity, Aid,`.

    Between them may stand what the role does: `a nurse coming off nights, Ada Holt,`.
    """
    words = text[mention.start : mention.end]
    person = is_person(words)
    if mention.kind != "nominal" or not (person or is_body(words)):
        return None
    between = _TO_NAME.match(text, mention.end)
    if between is None:
        return None
    after = _CLOSED if between[1] else _CLOSED_OR_VERB
    title = _TITLE.match(text, between.end())
    starts = [between.end(), *([title.end()] if title else [])]
    for entity, other in [n for start in starts for n in roster.starting_at(start)]:
        closed = after.match(text[other.end :][:24])
        fits = kind_of(entity) != "organization" if person else not gender_of(entity)
        if closed and entity.named and fits:
            return entity
    return None
