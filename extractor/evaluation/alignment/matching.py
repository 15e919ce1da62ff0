"""One-to-one pairs of labelled and found items, by a similarity and a threshold."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from extractor.evaluation.alignment.assignment import assign

G = TypeVar("G")
P = TypeVar("P")

_SCALE: Final = 10**6
"""Similarities are compared to six decimals."""
_ROOM: Final = 10**6
"""Preferences of all pairs of an article add up to less than one step of that."""


@dataclass(frozen=True)
class Pair(Generic[G, P]):
    """A labelled item and the one found for it."""

    gold: G
    predicted: P
    similarity: float
    """0 to 1."""


@dataclass(frozen=True)
class Matching(Generic[G, P]):
    """What belongs together and what is left over. Nothing is in it twice."""

    pairs: tuple[Pair[G, P], ...]
    missed: tuple[G, ...]
    """Labelled, not found."""
    spurious: tuple[P, ...]
    """Found, not labelled."""


def match(
    gold: Sequence[G],
    predicted: Sequence[P],
    *,
    similarity: Callable[[G, P], float],
    threshold: float,
    preference: Callable[[G, P], int] = lambda gold, predicted: 0,
) -> Matching[G, P]:
    """Pairs items one to one so that the sum of their similarities is greatest.

    Args:
        gold: labelled items, in an order that depends on nothing but the items.
        predicted: found items, likewise.
        similarity: of a pair, 0 to 1.
        threshold: pairs below it, and pairs of similarity 0, are forbidden.
        preference: decides between equally similar pairs, 0 to 999; greater wins.
    """
    similarities = {
        (i, j): value
        for i, one in enumerate(gold)
        for j, other in enumerate(predicted)
        if (value := similarity(one, other)) >= threshold and value > 0
    }
    weights = {
        (i, j): round(value * _SCALE) * _ROOM + preference(gold[i], predicted[j]) + 1
        for (i, j), value in similarities.items()
    }
    matched = assign(weights)
    taken = set(matched.values())
    return Matching(
        tuple(
            Pair(gold[i], predicted[j], similarities[i, j])
            for i, j in sorted(matched.items())
        ),
        tuple(item for i, item in enumerate(gold) if i not in matched),
        tuple(item for j, item in enumerate(predicted) if j not in taken),
    )
