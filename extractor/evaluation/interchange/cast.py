"""Who is who among the mentions of an annotation tool."""

import re
from collections.abc import Iterable, Sequence

from extractor.evaluation.gold import Entity
from extractor.evaluation.interchange.regions import KINDS, Graph, Region, canonical

PRONOUNS = frozenset("he her him i it she that they this those we who you".split())
"""Mentions that name nobody by themselves."""


class Cast:
    """The entities that regions name, refer to or are mentions of.

    A region's value `Entity` says who it is: an id and a name, or one of them. A
    mention without that value is who the mentions linked with it are; linked with none
    such, it is whoever has its text for a name, or somebody new. A pronoun by itself
    is nobody.
    """

    def __init__(
        self,
        graph: Graph,
        same: Iterable[tuple[str, str]],
    ) -> None:
        """The cast of an article.

        Args:
            graph: its regions, and the entities that have none.
            same: pairs of ids of regions that mean the same.
        """
        self._text = graph.text
        self._entities = {entity.id: entity for entity in graph.about.entities}
        self._whose: dict[str, str] = {}
        for region in graph.regions:
            if region.values.get("Entity"):
                self._whose[region.id] = self._named(region)
        mentions = [r for r in graph.regions if canonical(r.label) in KINDS]
        for group in _groups(mentions, same):
            self._identify(group)
        for mention in mentions:
            self._add_mention(mention)

    def entity_of(self, region: Region) -> str | None:
        """The id of the entity that a region names or is a mention of."""
        return self._whose.get(region.id)

    def entities(self) -> list[Entity]:
        """All of them, by their ids, numbers in them as numbers."""
        return sorted(self._entities.values(), key=lambda entity: _natural(entity.id))

    def _named(self, region: Region) -> str:
        """The id of whom a region's value names; adds the entity if it is new."""
        id_, *rest = region.values["Entity"]
        if rest:
            entity = Entity(id=id_, name=rest[0])
            self._entities.setdefault(id_, entity)
            return id_
        return id_ if id_ in self._entities else self._by_name(id_)

    def _by_name(self, name: str) -> str:
        plain = _plain(name)
        for entity in self._entities.values():
            if plain in map(_plain, (entity.name, *entity.aliases)):
                return entity.id
        free = (f"e{n}" for n in range(1, len(self._entities) + 2))
        id_ = next(id_ for id_ in free if id_ not in self._entities)
        self._entities[id_] = Entity(id=id_, name=name)
        return id_

    def _identify(self, group: Sequence[Region]) -> None:
        """Decides whose mentions the regions of a group are."""
        known = [self._whose[r.id] for r in group if r.id in self._whose]
        names = [region.hull(self._text).text for region in group]
        names = [name for name in names if _plain(name) not in PRONOUNS]
        if not known and not names:
            return
        id_ = known[0] if known else self._by_name(max(names, key=len))
        for region in group:
            self._whose.setdefault(region.id, id_)

    def _add_mention(self, region: Region) -> None:
        id_ = self._whose.get(region.id)
        if id_ is None:
            return
        entity = self._entities[id_]
        fields: dict[str, object] = {
            "aliases": [*entity.aliases, *region.values.get("Alias", ())],
            "mentions": [*entity.mentions, region.hull(self._text)],
        }
        if not entity.mentions:
            fields["kind"] = KINDS[canonical(region.label) or region.label]
        self._entities[id_] = entity.model_copy(update=fields)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _natural(id_: str) -> list[tuple[int, str]]:
    parts = re.split(r"(\d+)", id_)
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


def _groups(
    regions: Sequence[Region], same: Iterable[tuple[str, str]]
) -> list[list[Region]]:
    """The regions in sets of those that are linked, directly or not."""
    root = {region.id: region.id for region in regions}

    def find(id_: str) -> str:
        while root[id_] != id_:
            id_ = root[id_]
        return id_

    for one, other in same:
        if one in root and other in root:
            root[find(other)] = find(one)
    groups: dict[str, list[Region]] = {}
    for region in regions:
        groups.setdefault(find(region.id), []).append(region)
    return list(groups.values())
