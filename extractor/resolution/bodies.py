"""The body of people for which a speaker says `we`.

A body speaks for itself, its spokesperson and whoever leads it for it: `a spokesman for
the Harbour Board`, `Ada Brun of Milberg`. Members of a church or a party mean more or
less than it by `we`. Offsets are code points of the article.
"""

import re
from collections.abc import Iterator

from extractor.resolution.entities import Entity, bare, kind_of
from extractor.resolution.roster import Roster
from extractor.segmentation.model import Mention, Range
from extractor.segmentation.places import is_known_place

_OFFICE = (
    r"(?:(?:an?|the|its|chief|senior|former|deputy|acting|group|global|general|managing|"
    r"media|press|company)\s+)*(?:spokes\w+|executive(?:\s+officer)?|CEO|director|"
    r"head|founder|co-founder|manager|chairman|chairwoman|chair|president|"
    r"secretary|officer|engineer|scientist|representative)"
)
_OF_BODY = re.compile(
    rf",?\s+(?:{_OFFICE}\s+)?(?:of|for|at|with|from)\s+(?:the\s+)?", re.IGNORECASE
)
"""Between a name and the body it belongs to."""
_FOR_BODY = re.compile(
    rf"{_OFFICE}\s+(?:of|for|at|with|from)\s+(?:the\s+)?", re.IGNORECASE
)
"""An office and what stands between it and its body."""
_BODYS = re.compile(rf"(?:['’]s)?\s+{_OFFICE}(?=$|\s+[A-Z])", re.IGNORECASE)
"""An office behind its body: `Home Office spokesman`."""
_SPOKESPERSON = re.compile(r"\bspokes\w+", re.IGNORECASE)
_MEMBERS = re.compile(
    r"\b(?:university|college|school|church|institute|hospital|club|academy|army|navy)\b",
    re.IGNORECASE,
)
"""Bodies of which most people beside a name are members, not heads."""
_POLITICAL = re.compile(
    r"\b(?:party|committee|gop|democrats|republicans|caucus|senate|house|congress|"
    r"parliament|council|cabinet)\b",
    re.IGNORECASE,
)
"""Bodies whose leaders mean more than the body by `we`: the country, their voters."""
_LONGEST_OFFICE = 200
"""Characters of an office between a name and its body, at most."""
_ABOUT = 40
"""Characters around a mention in which its office stands."""


def body_of(
    text: str, mention: Mention, entity: Entity, roster: Roster
) -> Entity | None:
    """The body that a speaker speaks for; None where none or several are named.

    Args:
        text: the article.
        mention: the words that name who speaks.
        entity: whom they name.
        roster: everybody and everything the article names.
    """
    if kind_of(entity) in ("organization", "group"):
        return None if _is_place(entity) else entity
    mentions = [mention, *entity.mentions] if entity.named else [mention]
    bodies = {body.name: body for m in mentions for body in _bodies(text, m, roster)}
    return next(iter(bodies.values())) if len(bodies) == 1 else None


def _bodies(text: str, mention: Mention, roster: Roster) -> Iterator[Entity]:
    """The bodies that stand beside a mention as those it speaks for."""
    about = Range(max(0, mention.start - _ABOUT), mention.end + _ABOUT).of(text)
    speaks = _SPOKESPERSON.search(about)
    reach = max(0, mention.start - _LONGEST_OFFICE), mention.end + _LONGEST_OFFICE
    for body, name in roster.within(*reach):
        if kind_of(body) != "organization" or _is_place(body):
            continue
        if not speaks and (_POLITICAL.search(body.name) or _MEMBERS.search(body.name)):
            continue
        if _speaks_for(text, mention, name):
            yield body


def _is_place(entity: Entity) -> bool:
    return entity.place or is_known_place(bare(entity.name))


def _speaks_for(text: str, mention: Mention, body: Mention) -> bool:
    """Whether a mention and a body's name stand as an office and its body do."""
    if body.kind == "pronoun":
        return False
    if mention.end <= body.start:
        if mention.kind == "nominal":
            words = Range(mention.start, body.start).of(text)
            return _FOR_BODY.fullmatch(words) is not None
        between = Range(mention.end, body.start).of(text)
        return _OF_BODY.fullmatch(between) is not None
    if body.end <= mention.start:
        between = Range(body.end, mention.start).of(text).rstrip()
        return _BODYS.fullmatch(between) is not None
    if not mention.start <= body.start < body.end <= mention.end:
        return False
    before = Range(mention.start, body.start).of(text)
    after = Range(body.end, mention.end).of(text)
    return bool(_FOR_BODY.fullmatch(before) or _BODYS.match(after))
