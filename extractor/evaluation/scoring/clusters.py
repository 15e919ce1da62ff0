"""Coreference measures: how well found clusters of mentions are the labelled ones.

MUC counts links (Vilain et al. 1995), B-cubed mentions (Bagga and Baldwin 1998), CEAF
aligns clusters one to one (Luo 2005); definitions for mentions that only one side has
as in the CoNLL reference scorer (Pradhan et al. 2014), whose published cases the tests
hold. CEAF-REE aligns the fillers of a role (Du, Rush and Cardie 2021).

A cluster is a set of mentions; a mention is anything hashable. The clusters of one side
share no mention, as the reference scorer sees to; empty clusters count for nothing.
"""

import math
from collections.abc import Callable, Hashable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from extractor.evaluation.alignment import assign
from extractor.evaluation.statistics import Counts

Cluster = AbstractSet[Hashable]
Clusters = Sequence[Cluster]

_SCALE: Final = 10**12
"""Similarities are compared, and added up, to twelve decimals: the total is then the
same whichever of several equally good alignments is taken."""


def muc(gold: Clusters, predicted: Clusters) -> Counts:
    """Links: of each cluster, how many of the fewest that join it the other side has.

    Clusters of one mention have no links and count for nothing.
    """
    return Counts(
        matched=sum(_links_kept(cluster, predicted) for cluster in gold),
        gold=sum(len(cluster) - 1 for cluster in gold if cluster),
        predicted=sum(len(cluster) - 1 for cluster in predicted if cluster),
        matched_predicted=sum(_links_kept(cluster, gold) for cluster in predicted),
    )


def b_cubed(gold: Clusters, predicted: Clusters) -> Counts:
    """Mentions: each counts as much as the share of its cluster that is with it."""
    return Counts(
        matched=_together(gold, predicted),
        gold=_mentions(gold),
        predicted=_mentions(predicted),
        matched_predicted=_together(predicted, gold),
    )


def ceaf_phi3(gold: Clusters, predicted: Clusters) -> Counts:
    """Mentions that aligned clusters share (`ceafm` of the reference scorer)."""
    shared = _align(gold, predicted, lambda g, p: len(g & p))
    return Counts(shared, _mentions(gold), _mentions(predicted))


def ceaf_phi4(gold: Clusters, predicted: Clusters) -> Counts:
    """Clusters, each aligned one for the share of its mentions (`ceafe`)."""
    credit = _align(gold, predicted, lambda g, p: 2 * len(g & p) / (len(g) + len(p)))
    return Counts(credit, _count(gold), _count(predicted))


def ceaf_ree(gold: Clusters, predicted: Clusters) -> Counts:
    """Role fillers: right if every found mention is one of the labelled (`phi_strict`).

    Args:
        gold: of each filler, all mentions that are right; alternatives, not a demand.
        predicted: of each filler, the mentions found.
    """
    right = _align(gold, predicted, lambda g, p: float(p <= g))
    return Counts(right, _count(gold), _count(predicted))


def _links_kept(cluster: Cluster, others: Clusters) -> int:
    """Links of a cluster that are left where others cut it apart."""
    parts = [len(cluster & other) for other in others if cluster & other]
    return sum(parts) - len(parts)


def _together(clusters: Clusters, others: Clusters) -> float:
    return math.fsum(
        len(cluster & other) ** 2 / len(cluster)
        for cluster in clusters
        for other in others
        if cluster
    )


def _align(
    gold: Clusters, predicted: Clusters, similarity: Callable[[Cluster, Cluster], float]
) -> float:
    """The greatest total similarity of clusters that are aligned one to one."""
    weights = {
        (i, j): weight
        for i, one in enumerate(gold)
        for j, other in enumerate(predicted)
        if one and other and (weight := round(similarity(one, other) * _SCALE))
    }
    return sum(weights[pair] for pair in assign(weights).items()) / _SCALE


def _mentions(clusters: Iterable[Cluster]) -> int:
    return sum(map(len, clusters))


def _count(clusters: Iterable[Cluster]) -> int:
    return sum(map(bool, clusters))
