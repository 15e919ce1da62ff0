"""The assignment of rows to columns with the greatest total weight.

The Hungarian method with potentials (Kuhn 1955, in the O(n³) form of Jonker and
Volgenant 1987), on integers, so that the result is the same on every platform.
"""

from collections.abc import Mapping
from typing import Final

_FAR: Final = 1 << 200


def assign(weights: Mapping[tuple[int, int], int]) -> dict[int, int]:
    """Rows to columns, one to one, with the greatest total weight.

    A pair that is not in `weights` is forbidden; a row or column may stay alone. The
    pairs are taken apart into connected components, which are solved one by one.

    Args:
        weights: positive weight of each allowed pair (row, column).

    Returns:
        The column of each row that got one.
    """
    matched: dict[int, int] = {}
    for rows, columns in _components(weights):
        matrix = [[weights.get((r, c), 0) for c in columns] for r in rows]
        for i, j in _solve(matrix).items():
            if matrix[i][j] > 0:
                matched[rows[i]] = columns[j]
    return matched


def _components(
    weights: Mapping[tuple[int, int], int],
) -> list[tuple[list[int], list[int]]]:
    """Rows and columns that allowed pairs connect, in order of the first row."""
    of_row: dict[int, list[int]] = {}
    of_column: dict[int, list[int]] = {}
    for row, column in weights:
        of_row.setdefault(row, []).append(column)
        of_column.setdefault(column, []).append(row)
    seen: set[int] = set()
    found = []
    for first in sorted(of_row):
        if first in seen:
            continue
        rows, columns, open_rows = {first}, set[int](), [first]
        while open_rows:
            for column in of_row[open_rows.pop()]:
                if column not in columns:
                    columns.add(column)
                    fresh = set(of_column[column]) - rows
                    rows |= fresh
                    open_rows += fresh
        seen |= rows
        found.append((sorted(rows), sorted(columns)))
    return found


def _solve(matrix: list[list[int]]) -> dict[int, int]:
    """Row to column of the greatest total; all of the shorter side gets a partner."""
    if len(matrix) > len(matrix[0]):
        turned = [list(column) for column in zip(*matrix, strict=True)]
        return {row: column for column, row in _solve(turned).items()}
    if len(matrix) == 1:
        return {0: max(range(len(matrix[0])), key=lambda j: (matrix[0][j], -j))}
    columns = len(matrix[0])
    # Index 0 of both sides is the method's own; costs are negated weights.
    u, v = [0] * (len(matrix) + 1), [0] * (columns + 1)
    owner = [0] * (columns + 1)
    for row in range(1, len(matrix) + 1):
        owner[0] = row
        _augment(matrix, u, v, owner)
    return {owner[j] - 1: j - 1 for j in range(1, columns + 1) if owner[j]}


def _augment(
    matrix: list[list[int]], u: list[int], v: list[int], owner: list[int]
) -> None:
    """Finds the shortest augmenting path from `owner[0]` and applies it."""
    columns = len(v)
    slack, way, done = [_FAR] * columns, [0] * columns, [False] * columns
    at = 0
    while True:
        done[at] = True
        row, step, following = owner[at], _FAR, 0
        for j in range(1, columns):
            if done[j]:
                continue
            cost = -matrix[row - 1][j - 1] - u[row] - v[j]
            if cost < slack[j]:
                slack[j], way[j] = cost, at
            if slack[j] < step:
                step, following = slack[j], j
        for j in range(columns):
            if done[j]:
                u[owner[j]] += step
                v[j] -= step
            else:
                slack[j] -= step
        at = following
        if not owner[at]:
            break
    while at:
        owner[at], at = owner[way[at]], way[at]
