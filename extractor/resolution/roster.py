"""The entities of an article, found by where they are named and by their words.

A long article names thousands: nothing that is asked here looks at all of them.
Offsets are code points.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable

from extractor.resolution.entities import Entity, bare
from extractor.segmentation.model import Mention

Named = tuple[Entity, Mention]
_Placed = tuple[int, int, int, Mention]
"""Start, end, the entity's index and the mention itself."""


class Roster:
    """Entities with indices of their mentions and words.

    Further mentions and descriptions are added here, not to an entity itself. Answers
    come in the order in which the entities were added.

    Attributes:
        entities: all of them.
    """

    def __init__(self, entities: Iterable[Entity] = ()) -> None:
        self.entities: list[Entity] = []
        self._index: dict[int, int] = {}
        self._mentions: list[_Placed] = []
        self._longest = 0
        self._by_word: dict[str, dict[int, Entity]] = {}
        self._by_name: dict[str, Entity] = {}
        self._by_surname: dict[str, list[Entity]] = {}
        for entity in entities:
            self._enter(entity)
        self._mentions.sort(key=_order)

    def add(self, entity: Entity) -> None:
        """Take an entity in, unless it is there."""
        if id(entity) not in self._index:
            self._enter(entity)
            if entity.mentions:
                self._mentions.sort(key=_order)

    def mention(self, entity: Entity, mention: Mention) -> None:
        """Let an entity have a further mention, unless it has it."""
        at = bisect_left(entity.mentions, mention.start, key=_start)
        while at < len(entity.mentions) and entity.mentions[at].start == mention.start:
            if entity.mentions[at] == mention:
                return
            at += 1
        entity.mentions.insert(at, mention)
        insort(self._mentions, self._placed(entity, mention), key=_order)

    def describe(self, entity: Entity, words: str) -> None:
        """Give an entity a description, unless it has one."""
        if entity.description is None:
            entity.description = words
            self._learn_words(entity)

    def within(self, start: int, end: int) -> list[Named]:
        """The mentions that lie in a stretch, each with its entity."""
        return self._named(m for m in self._beginning(start, end) if m[1] <= end)

    def covering(self, offset: int) -> list[Named]:
        """The mentions that hold the character at an offset."""
        near = self._beginning(offset - self._longest, offset + 1)
        return self._named(m for m in near if offset < m[1])

    def starting_at(self, offset: int) -> list[Named]:
        """The mentions that begin at an offset."""
        return self._named(self._beginning(offset, offset + 1))

    def ending_at(self, offset: int) -> list[Named]:
        """The mentions whose last character stands before an offset."""
        return [found for found in self.covering(offset - 1) if found[1].end == offset]

    def between(self, start: int, end: int) -> list[Entity]:
        """The entities of which a mention begins in a stretch."""
        indices = {index for _, _, index, _ in self._beginning(start, end)}
        return [self.entities[index] for index in sorted(indices)]

    def with_word(self, word: str) -> list[Entity]:
        """The entities with a word, in small letters, in name or description."""
        return list(self._by_word.get(word, {}).values())

    def called(self, name: str) -> Entity | None:
        """The first entity of a name, article and case left out of account."""
        return self._by_name.get(bare(name).lower())

    def surnamed(self, surname: str) -> list[Entity]:
        """The entities whose name of several words ends with a word."""
        return self._by_surname.get(surname, [])

    def _beginning(self, start: int, end: int) -> list[_Placed]:
        low = bisect_left(self._mentions, start, key=lambda m: m[0])
        high = bisect_left(self._mentions, end, key=lambda m: m[0])
        return self._mentions[low:high]

    def _enter(self, entity: Entity) -> None:
        self._index[id(entity)] = len(self.entities)
        self.entities.append(entity)
        self._by_name.setdefault(bare(entity.name).lower(), entity)
        words = entity.name.split()
        if entity.named and len(words) > 1:
            self._by_surname.setdefault(words[-1], []).append(entity)
        self._learn_words(entity)
        self._mentions += [self._placed(entity, m) for m in entity.mentions]

    def _learn_words(self, entity: Entity) -> None:
        for word in entity.words:
            self._by_word.setdefault(word, {})[self._index[id(entity)]] = entity

    def _placed(self, entity: Entity, mention: Mention) -> _Placed:
        self._longest = max(self._longest, mention.end - mention.start)
        return mention.start, mention.end, self._index[id(entity)], mention

    def _named(self, placed: Iterable[_Placed]) -> list[Named]:
        ordered = sorted(placed, key=lambda m: (m[2], m[0]))
        return [(self.entities[index], mention) for _, _, index, mention in ordered]


def _order(placed: _Placed) -> tuple[int, int, int]:
    return placed[:3]


def _start(mention: Mention) -> int:
    return mention.start
