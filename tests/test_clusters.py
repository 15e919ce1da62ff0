"""Coreference measures, against the published cases of two reference scorers."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.evaluation.scoring.clusters import (
    b_cubed,
    ceaf_phi3,
    ceaf_phi4,
    ceaf_ree,
    muc,
)
from extractor.evaluation.statistics import Counts

CASES = json.loads((Path(__file__).parent / "data/clusters.json").read_text("utf-8"))
MEASURES: dict[str, Callable[..., Counts]] = {
    measure.__name__: measure for measure in (muc, b_cubed, ceaf_phi3, ceaf_phi4)
}
ALL = [*MEASURES.values(), ceaf_ree]


def clusters(words: list[str]) -> list[set[str]]:
    return [set(word) for word in words]


@pytest.mark.parametrize("case", CASES["conll"], ids=lambda case: case["id"])
def test_the_reference_scorers_cases_come_out_as_published(case: Any) -> None:
    key, response = clusters(case["key"]), clusters(case["response"])
    for name, expected in case["expected"].items():
        counts = MEASURES[name](key, response)
        found = [value or 0 for value in (counts.recall, counts.precision, counts.f1)]
        assert found == pytest.approx(expected, abs=1e-5), name


@pytest.mark.parametrize("case", CASES["grit"], ids=lambda case: case["id"])
def test_role_fillers_are_aligned_one_to_one_and_strictly(case: Any) -> None:
    counts = ceaf_ree(clusters(case["key"]), clusters(case["response"]))
    assert [counts.recall, counts.precision] == pytest.approx(
        case["expected"], abs=1e-5
    )


def test_a_filler_found_twice_is_right_once() -> None:
    counts = ceaf_ree(clusters(["abc", "d", "e"]), clusters(["d", "a", "e", "c"]))
    assert (counts.precision, counts.recall) == (0.75, 1)
    assert counts.f1 == pytest.approx(0.857, abs=5e-4)


@st.composite
def partitions(draw: st.DrawFn) -> list[set[int]]:
    of = draw(st.dictionaries(st.integers(0, 8), st.integers(0, 4)))
    return [{m for m, c in of.items() if c == k} for k in range(5) if k in of.values()]


@given(partitions(), partitions(), st.randoms())
def test_the_order_of_clusters_does_not_matter(
    gold: list[set[int]], predicted: list[set[int]], random: Any
) -> None:
    mixed = random.sample(gold, len(gold)), random.sample(predicted, len(predicted))
    for measure in ALL:
        assert measure(*mixed) == measure(gold, predicted)


@given(partitions(), partitions())
def test_precision_is_recall_with_the_sides_swapped(
    gold: list[set[int]], predicted: list[set[int]]
) -> None:
    for measure in MEASURES.values():
        one, other = measure(gold, predicted), measure(predicted, gold)
        assert (one.precision, one.recall) == (other.recall, other.precision)


@given(partitions())
def test_equal_clusters_score_one(gold: list[set[int]]) -> None:
    for measure in ALL:
        counts = measure(gold, [*gold, set()])
        assert counts.f1 == (pytest.approx(1) if counts.gold else None)


@given(partitions(), partitions())
def test_a_spurious_cluster_lowers_precision_and_nothing_else(
    gold: list[set[int]], predicted: list[set[int]]
) -> None:
    for measure in ALL:
        less, more = measure(gold, predicted), measure(gold, [{90, 91}, *predicted])
        assert more.recall == less.recall
        assert (more.precision or 0) <= (less.precision or 0)


def test_nothing_and_nothing_adds_nothing() -> None:
    for measure in ALL:
        counts = measure([], [])
        numbers = counts.matched, counts.precision_numerator
        assert (*numbers, counts.gold, counts.predicted) == (0, 0, 0, 0)
        assert measure([{1, 2}], []).f1 == measure([], [{1, 2}]).f1 == 0
