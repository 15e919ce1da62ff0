"""Pairs of claims: aligned by evidence and wording, without a judge.

A pair's similarity is half the intersection over union of its evidence, half the F1 of
its words. It is forbidden where neither the evidence overlaps nor half the words agree,
and below .25, what half the words alone would give.

A pair is contradicted by its wording (`propositions`) or by its modality. Of these,
only a denial or an order against something else contradicts: whether a statement is
asserted, hedged or predicted is a matter of degree, on which people differ too; but who
denies a thing does not say it, and who orders it does not report it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from extractor.evaluation.alignment import Matching, Region, make_region, match
from extractor.evaluation.alignment.matching import Pair
from extractor.evaluation.alignment.regions import union
from extractor.evaluation.gold import GoldArticle, GoldClaim
from extractor.evaluation.scoring.entities import map_entities
from extractor.evaluation.scoring.propositions import (
    Proposition,
    contradiction,
    read_proposition,
    token_f1,
    token_recall,
)
from extractor.schema import AUTHOR

THRESHOLD: Final = 0.25
"""Pairs of less similarity are forbidden."""
SAME: Final = 0.5
"""Share of the words, or of the evidence, from which on they are the same."""
_INSIDE: Final = 0.8
"""Share of a claim's evidence inside others' that makes it covered by them."""
_COVERED_WORDS: Final = 0.6
_REPEATED_WORDS: Final = 0.8
_OPPOSED: Final = frozenset({"denied", "ordered"})


@dataclass(frozen=True)
class ClaimItem:
    """A claim with its evidence and wording."""

    claim: GoldClaim
    evidence: tuple[Region, ...]
    """As labelled, then its alternatives."""
    wording: Proposition

    @cached_property
    def reach(self) -> Region:
        """The characters of all variants of the evidence."""
        return union(self.evidence)

    @property
    def key(self) -> tuple[Region, str, str, bool, str]:
        """Orders items by what they are, not by where they stood in a list."""
        claim = self.claim
        return self.evidence[0], claim.text, claim.modality, claim.optional, claim.id

    @property
    def traits(self) -> tuple[str, ...]:
        """The slices that claims of either side are in."""
        claim = self.claim
        return (
            claim.modality,
            "author" if claim.claimant == AUTHOR else "speaker",
            "check_worthy" if claim.check_worthy else "not_check_worthy",
        )

    @property
    def slices(self) -> tuple[str, ...]:
        """Its traits and the label's tags."""
        return (*self.traits, *self.claim.tags)

    def shared_evidence(self, other: "ClaimItem") -> float:
        """Intersection over union of the best of the variants."""
        return max(a.similarity(b) for a in self.evidence for b in other.evidence)

    def similarity(self, other: "ClaimItem") -> float:
        """0 where the pair is forbidden by evidence and words."""
        evidence = self.shared_evidence(other)
        words = token_f1(self.wording, other.wording)
        return (evidence + words) / 2 if evidence or words >= SAME else 0.0

    def is_covered(self, others: Sequence["ClaimItem"]) -> bool:
        """Whether others that share evidence with it have its evidence and words."""
        near = [other for other in others if self.reach.shared(other.reach)]
        reach = union(other.reach for other in near)
        return (
            any(variant.inside(reach) >= _INSIDE for variant in self.evidence)
            and token_recall(self.wording, (other.wording for other in near))
            >= _COVERED_WORDS
        )

    def repeats(self, other: "ClaimItem") -> bool:
        """Whether the two say the same of the same place."""
        return (
            self.shared_evidence(other) >= SAME
            and token_f1(self.wording, other.wording) >= _REPEATED_WORDS
        )


@dataclass(frozen=True)
class ClaimPair:
    """A pair with the answers about it."""

    pair: Pair[ClaimItem, ClaimItem]
    contradicted: str | None
    """`polarity`, `number`, `date`, `roles`, `modality`, or nothing of them."""
    claimant: bool
    """Whether it is the right one's claim."""

    @property
    def gold(self) -> GoldClaim:
        """The label."""
        return self.pair.gold.claim

    @property
    def predicted(self) -> GoldClaim:
        """What was found for it."""
        return self.pair.predicted.claim


def align_claims(
    gold: GoldArticle, predicted: GoldArticle
) -> Matching[ClaimItem, ClaimItem]:
    """Pairs the claims of two labellings of one text."""
    language = gold.doc.language or predicted.doc.language
    return match(
        _items(gold, language),
        _items(predicted, language),
        similarity=ClaimItem.similarity,
        threshold=THRESHOLD,
        preference=_preference,
    )


def judge_claims(
    matching: Matching[ClaimItem, ClaimItem], gold: GoldArticle, predicted: GoldArticle
) -> list[ClaimPair]:
    """The aligned pairs with the answers about them."""
    mapped = map_entities(gold, predicted)
    return [
        ClaimPair(
            pair,
            contradicted=_contradiction(pair.gold, pair.predicted),
            claimant=_has_claimant(
                pair.gold.claim, pair.predicted.claim.claimant, mapped
            ),
        )
        for pair in matching.pairs
    ]


def _items(article: GoldArticle, language: str | None) -> list[ClaimItem]:
    items = [
        ClaimItem(
            claim,
            tuple(
                make_region(article.text, spans)
                for spans in (claim.spans, *claim.alternatives)
            ),
            read_proposition(claim.text, language),
        )
        for claim in article.claims
    ]
    return sorted(items, key=lambda item: item.key)


def _preference(gold: ClaimItem, predicted: ClaimItem) -> int:
    """Between equals: what does not contradict, is of the same kind, and counts."""
    one, other = gold.claim, predicted.claim
    return (
        400 * (not _contradiction(gold, predicted))
        + 200 * (one.modality == other.modality)
        + 100 * ((one.claimant == AUTHOR) == (other.claimant == AUTHOR))
        + 50 * (not one.optional)
    )


def _contradiction(gold: ClaimItem, predicted: ClaimItem) -> str | None:
    modalities = {gold.claim.modality, predicted.claim.modality}
    opposed = len(modalities) > 1 and modalities & _OPPOSED
    return contradiction(gold.wording, predicted.wording) or (
        "modality" if opposed else None
    )


def _has_claimant(gold: GoldClaim, found: str, mapped: dict[str, str]) -> bool:
    return gold.claimant == (AUTHOR if found == AUTHOR else mapped.get(found))
