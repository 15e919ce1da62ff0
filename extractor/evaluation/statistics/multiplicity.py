"""Several tests at once."""

from collections.abc import Sequence


def holm(p_values: Sequence[float]) -> list[float]:
    """P-values adjusted for their number, in the order given.

    Rejecting where the adjusted value is below .05 makes a single false rejection
    among all tests at most 5 % likely (Holm, A simple sequentially rejective multiple
    test procedure, Scandinavian Journal of Statistics, 1979).
    """
    adjusted = [0.0] * len(p_values)
    largest = 0.0
    ascending = sorted(range(len(p_values)), key=lambda index: p_values[index])
    for rank, index in enumerate(ascending):
        raised = min(1.0, (len(p_values) - rank) * p_values[index])
        largest = max(largest, raised)
        adjusted[index] = largest
    return adjusted
