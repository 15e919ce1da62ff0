"""The cast of an article: who is who."""

import re
from dataclasses import dataclass, field

from extractor.analysis import Analysis
from extractor.resolution import Entity, Roster, reach_of
from extractor.schema import Speaker
from extractor.segmentation.model import Mention

Said = list[tuple[int, Entity]]
"""Who was quoted so far: offset and entity, in order."""

_OWNING = re.compile(r"['’]s?\s")
_OWNED_BY = re.compile(
    r"\b(?:of|for|from|by|with|to|against|at|in|on|near)\s+(?:(?:the|an?)\s+)?$",
    re.IGNORECASE,
)


@dataclass
class Cast:
    """Who is who in one article.

    Attributes:
        speakers: records of the data contract, in order of first mention.
        ids: speaker id of each mention that names a speaker.
        roster: all entities, speakers or not.
        of: the entity of each mention that was resolved.
    """

    speakers: list[Speaker] = field(default_factory=list)
    ids: dict[Mention, str] = field(default_factory=dict)
    roster: Roster = field(default_factory=Roster)
    of: dict[Mention, Entity] = field(default_factory=dict)

    def near(self, analysis: Analysis, offset: int) -> list[Entity]:
        """The entities that a pronoun at an offset may mean."""
        return self.roster.between(reach_of(analysis.segmentation, offset), offset)

    def speaker_at(self, text: str, start: int, end: int) -> str | None:
        """Id of the speaker whom `text[start:end]` means.

        `Mayor Ada Holt` means Holt; `Holt’s brother` and `friends of Holt` do not.
        """
        inside = [
            m
            for _, m in self.roster.within(start, end)
            if m in self.ids
            and not _OWNING.match(text, m.end, end)
            and not _OWNED_BY.search(text, start, m.start)
        ]
        return self.ids[max(inside, key=lambda m: m.end)] if inside else None
