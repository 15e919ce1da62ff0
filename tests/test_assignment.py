"""The assignment of greatest weight, against scipy's."""

import random

import pytest
from scipy.optimize import linear_sum_assignment

from extractor.evaluation.alignment import assign, match


def random_matrix(
    numbers: random.Random, largest: int, allowed: float, top: int
) -> list[list[int]]:
    rows, columns = numbers.randint(1, largest), numbers.randint(1, largest)
    return [
        [
            numbers.randint(1, top) if numbers.random() < allowed else 0
            for _ in range(columns)
        ]
        for _ in range(rows)
    ]


def weights_of(matrix: list[list[int]]) -> dict[tuple[int, int], int]:
    return {
        (i, j): weight
        for i, row in enumerate(matrix)
        for j, weight in enumerate(row)
        if weight
    }


def greatest_total(matrix: list[list[int]]) -> int:
    rows, columns = linear_sum_assignment(matrix, maximize=True)
    return sum(matrix[i][j] for i, j in zip(rows, columns, strict=True))


@pytest.mark.parametrize("top", [1, 3, 1000])
def test_small_matrices_are_solved_as_scipy_solves_them(top: int) -> None:
    numbers = random.Random(top)
    for _ in range(4000):
        matrix = random_matrix(numbers, 7, numbers.random(), top)
        weights = weights_of(matrix)
        matched = assign(weights)
        assert len(set(matched.values())) == len(matched)
        assert all(pair in weights for pair in matched.items())
        assert sum(weights[p] for p in matched.items()) == greatest_total(matrix)


def test_large_matrices_are_solved_as_scipy_solves_them() -> None:
    numbers = random.Random(5)
    for _ in range(20):
        matrix = random_matrix(numbers, 60, numbers.random(), 10**4)
        weights = weights_of(matrix)
        total = sum(weights[pair] for pair in assign(weights).items())
        assert total == greatest_total(matrix)


def test_nothing_is_assigned_where_nothing_is_allowed() -> None:
    assert assign({}) == {}
    assert assign({(3, 8): 1}) == {3: 8}


def test_weights_beyond_floating_point_are_told_apart() -> None:
    huge = 10**18
    assert assign({(0, 0): huge, (0, 1): huge + 1, (1, 1): 2}) == {0: 0, 1: 1}
    assert assign({(0, 0): huge, (0, 1): huge + 3, (1, 1): 2}) == {0: 1}


def test_a_pair_below_the_threshold_is_forbidden_whatever_it_would_add() -> None:
    likeness = {("a", "x"): 0.5, ("a", "y"): 0.49, ("b", "x"): 0.49, ("b", "y"): 0.0}
    matching = match("ab", "xy", similarity=lambda g, p: likeness[g, p], threshold=0.5)
    assert [(p.gold, p.predicted) for p in matching.pairs] == [("a", "x")]
    assert (matching.missed, matching.spurious) == (("b",), ("y",))


def test_preference_decides_between_equals_and_never_against_similarity() -> None:
    def pairs(first: float, second: float) -> list[str]:
        likeness = {"x": first, "y": second}
        matching = match(
            "a",
            "xy",
            similarity=lambda _, p: likeness[p],
            threshold=0.0,
            preference=lambda _, p: 999 * (p == "y"),
        )
        return [pair.predicted for pair in matching.pairs]

    assert pairs(0.7, 0.7) == ["y"]
    assert pairs(0.700002, 0.7) == ["x"]
