"""Whom the paper calls by what he is, to vary: `the striker`, `the 33-year-old`."""

import re
from bisect import bisect_right
from collections.abc import Sequence

from extractor.resolution.entities import Entity, kind_of
from extractor.resolution.roster import Roster
from extractor.segmentation.model import Mention, Range, Segmentation

_EPITHET = re.compile(
    r"the (?:(?:[\w’'-]+ ){0,2}?)(?:\d{1,3}-year-old|(?:father|mother|mum|dad)-of-\w+|"
    r"striker|forward|winger|midfielder|playmaker|defender|full-back|goalkeeper|keeper|"
    r"skipper|batsman|bowler|jockey|rider|sprinter|swimmer|golfer|boxer|cyclist|star|"
    r"champion|veteran|singer|rapper|actor|actress|comedian|novelist|author|poet|"
    r"playwright|painter|sculptor|composer|cellist|pianist|chef|farmer|pensioner|"
    r"billionaire|tycoon|entrepreneur|historian|economist|biologist|astronomer|"
    r"democrat|republican|conservative|liberal)",
    re.IGNORECASE,
)


def named_by_epithet(
    text: str, mention: Mention, roster: Roster, segmentation: Segmentation
) -> Entity | None:
    """The one person whom the words before an epithet name; None where it is not one.

    The paragraph up to the epithet decides, and where it names nobody, the last
    sentence of the paragraph before.

    Args:
        text: the article.
        mention: the epithet.
        roster: everybody the article names.
        segmentation: its paragraphs and sentences.
    """
    words = " ".join(text[mention.start : mention.end].split())
    if not _EPITHET.fullmatch(words):
        return None
    paragraphs = segmentation.paragraphs
    here = bisect_right(paragraphs, mention.start, key=lambda p: p.start) - 1
    quoted = [Range(q.start, q.end) for q in segmentation.quotations]
    people = _people(roster, Range(paragraphs[here].start, mention.start), quoted)
    if not people and here:
        last = [s for s in segmentation.sentences if s.end <= paragraphs[here].start]
        stretch = Range(last[-1].start, last[-1].end) if last else Range(0, 0)
        people = _people(roster, stretch, quoted)
    return people[0] if len(people) == 1 else None


def _people(roster: Roster, within: Range, quoted: Sequence[Range]) -> list[Entity]:
    found = [
        entity
        for entity, named in roster.within(within.start, within.end)
        if entity.named
        and kind_of(entity) == "person"
        and not any(q.start <= named.start < q.end for q in quoted)
    ]
    return list({id(entity): entity for entity in found}.values())
