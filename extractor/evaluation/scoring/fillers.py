"""Fillers of an event's roles: whether a found participant is a labelled one.

A filler is found by any of its labelled mentions. Corpora cut mentions differently, at
the head or with all modifiers, hence two mentions are the same if their characters are
so by half, or if each holds the other's head word: `soldiers` and `the twelve wounded
soldiers of the brigade`, but neither with `the brigade`. The head is the last word
before what modifies it from behind, which holds for English and German noun phrases.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from extractor.evaluation.alignment import Matching, Region, make_region, match
from extractor.evaluation.gold import GoldArgument
from extractor.evaluation.scoring.clusters import ceaf_ree
from extractor.evaluation.scoring.entities import normalise_name
from extractor.evaluation.scoring.ontology import is_same_role, role_of
from extractor.evaluation.statistics import Counts, total
from extractor.schema import Span

MATCH: Final = 0.5
"""Least similarity of two mentions of one thing; a match by heads is worth as much."""
_LEAST: Final = 0.1
"""Intersection over union below which not even the same heads are a match."""
_BEHIND = re.compile(
    r"[,;:(–—]|\s(?:of|in|at|on|from|to|with|for|by|near|who|whom|whose|which|that|"
    r"where|von|vom|aus|mit|bei|im|am)\b"
)
_WORD = re.compile(r"\w+(?:[-'’]\w+)*")


@dataclass(frozen=True)
class Mention:
    """Words that name a participant."""

    region: Region
    head: Region
    name: tuple[str, ...]
    """Its words, folded."""

    def similarity(self, other: "Mention") -> float:
        """Share of the characters, 0 where the two are not the same."""
        shared = self.region.similarity(other.region)
        if shared >= MATCH or shared < _LEAST:
            return shared if shared >= MATCH else 0.0
        heads = self.head.inside(other.region) == other.head.inside(self.region) == 1
        return MATCH if heads else 0.0


@dataclass(frozen=True)
class Filler:
    """What fills a role, by any of its mentions."""

    role: str
    mentions: tuple[Mention, ...]
    event_type: str
    """Type of the event it belongs to."""
    entity: str | None = None
    optional: bool = False

    @property
    def names(self) -> frozenset[tuple[str, ...]]:
        """The words of its mentions."""
        return frozenset(mention.name for mention in self.mentions) - {()}

    def similarity(self, other: "Filler") -> float:
        """Of the best two mentions, by their place in the text."""
        return max(a.similarity(b) for a in self.mentions for b in other.mentions)

    def likeness(self, other: "Filler") -> float:
        """The same, but equal words are as good anywhere in the text."""
        return 1.0 if self.names & other.names else self.similarity(other)

    def has_role(self, other: "Filler") -> bool:
        """Whether the two can have the same role."""
        return is_same_role(self.role, other.role)

    @property
    def key(self) -> tuple[Region, str, str, bool, str]:
        """Orders fillers by what they are, not by where they stood in a list."""
        first = self.mentions[0].region
        return first, self.role, self.event_type, self.optional, self.entity or ""


Similarity = Callable[[Filler, Filler], float]
FillerMatching = Matching[Filler, Filler]


def make_filler(text: str, argument: GoldArgument, event_type: str) -> Filler:
    """An argument with the characters of its mentions."""
    mentions = sorted(argument.mentions, key=lambda span: (span.start, span.end))
    return Filler(
        argument.role,
        tuple(_mention(text, span) for span in mentions),
        event_type,
        argument.entity,
        argument.optional,
    )


def match_fillers(
    gold: Iterable[Filler],
    predicted: Iterable[Filler],
    *,
    similarity: Similarity = Filler.similarity,
    any_role: bool = False,
) -> FillerMatching:
    """Pairs fillers one to one.

    Args:
        gold: the labelled ones.
        predicted: the found ones.
        similarity: 0 to 1; below .5 forbids the pair.
        any_role: whether the roles may differ; then the same ones are preferred.
    """
    return match(
        sorted(gold, key=lambda filler: filler.key),
        sorted(predicted, key=lambda filler: filler.key),
        similarity=lambda one, other: (
            similarity(one, other) if any_role or one.has_role(other) else 0.0
        ),
        threshold=MATCH,
        preference=lambda one, other: (
            200 * one.has_role(other) + 50 * (not one.optional)
        ),
    )


def count_fillers(matching: FillerMatching) -> Counts:
    """The counts of a matching, what is optional left out."""
    pairs = sum(not pair.gold.optional for pair in matching.pairs)
    return Counts(
        pairs,
        pairs + sum(not filler.optional for filler in matching.missed),
        pairs + sum(not filler.optional for filler in matching.spurious),
    )


def soft_f1(matching: FillerMatching) -> float | None:
    """F1 of a matching, each pair for its similarity; None where there is nothing.

    An optional filler counts where it is found.
    """
    alone = (*matching.missed, *matching.spurious)
    both = 2 * len(matching.pairs) + sum(not filler.optional for filler in alone)
    shared = sum(pair.similarity for pair in matching.pairs)
    return 2 * shared / both if both else None


def score_fillers(gold: Iterable[Filler], predicted: Iterable[Filler]) -> Counts:
    """CEAF-REE of an article's role fillers, whatever events they belong to.

    Fillers of a role that share their words, or their entity, are one.
    """
    labelled, found = _merge(gold), _merge(predicted)
    return total(
        _score_role(labelled.get(role, []), found.get(role, []))
        for role in sorted(labelled.keys() | found.keys())
    )


def _score_role(gold: Sequence["_Merged"], predicted: Sequence["_Merged"]) -> Counts:
    mandatory = [one.names for one in gold if not one.optional]
    optional = [one.names for one in gold if one.optional]
    counted = [
        one.names
        for one in predicted
        if any(one.names <= names for names in mandatory)
        or not any(one.names <= names for names in optional)
    ]
    return ceaf_ree(mandatory, counted)


@dataclass
class _Merged:
    """Fillers that are one."""

    names: set[tuple[str, ...]]
    entities: set[str]
    optional: bool

    def joins(self, other: "_Merged") -> bool:
        return bool(self.names & other.names or self.entities & other.entities)


def _merge(fillers: Iterable[Filler]) -> dict[str, list[_Merged]]:
    """What fills each role, merged."""
    roles: dict[str, list[_Merged]] = {}
    for filler in fillers:
        entities = {filler.entity} if filler.entity else set()
        merged = _Merged(set(filler.names), entities, filler.optional)
        known = roles.setdefault(role_of(filler.role), [])
        for other in [one for one in known if one.joins(merged)]:
            known.remove(other)
            merged.names |= other.names
            merged.entities |= other.entities
            merged.optional &= other.optional
        known.append(merged)
    return roles


def _mention(text: str, span: Span) -> Mention:
    region = make_region(text, [span])
    start, end = region.hull
    behind = _BEHIND.search(text, start + 1, end)
    front = behind.start() if behind else end
    words = list(_WORD.finditer(text, start, front))
    head = words[-1].span() if words else (start, end)
    return Mention(region, Region((head,)), normalise_name(text[start:end]))
