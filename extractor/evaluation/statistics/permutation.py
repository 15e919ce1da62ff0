"""Whether two systems differ by more than chance, tested by swapping articles.

If the systems were equally good, it would not matter which of them an article's result
came from. So the results of whole articles are swapped at random, the difference is
computed anew, and the p-value is the share of swaps that make it at least as large as
it is (approximate randomisation: Yeh, More accurate tests for the statistical
significance of result differences, COLING 2000). Articles are swapped whole, because
the items of an article are no independent evidence.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, product

from extractor.evaluation.statistics.counts import Parts, Score, add

MAX_EXHAUSTIVE = 13
"""Differing articles up to which all swaps are tried: 8192 of them."""
RESAMPLES = 10_000
"""Random swaps where there are more."""
SLACK = 1e-12
"""Relative rounding error up to which two differences are the same."""

_LAST_BIT = bytes(byte & 1 for byte in range(256))


@dataclass(frozen=True)
class SwapTest:
    """Outcome of a swap test.

    Attributes:
        difference: the score of NEW less that of BASE; None where one is not defined.
        p: two-sided p-value; None without a difference.
        resamples: swaps that were tried.
        exhaustive: whether these were all there are, so that `p` is exact.
    """

    difference: float | None
    p: float | None
    resamples: int
    exhaustive: bool


def swap_test(
    base: Sequence[Parts],
    new: Sequence[Parts],
    score: Score,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> SwapTest:
    """Test whether two systems score differently on the same articles.

    Swapping an article on which they do not differ changes nothing: only the others
    are swapped, and with few of them all swaps are tried.

    Args:
        base: summands of the one system, for each article.
        new: those of the other, in the same order.
        score: the score of the sums. A swap that leaves it undefined counts as
            at least as extreme.
        resamples: random swaps where not all are tried; p is then
            (1 + those as extreme) / (1 + resamples).
        seed: of the random swaps.
    """
    sums, others = add(base), add(new)
    one, other = (score(sums), score(others)) if base else (None, None)
    if one is None or other is None:
        return SwapTest(None, None, 0, False)
    threshold = abs(other - one) - SLACK * max(abs(one), abs(other))
    differing = [(b, n) for b, n in zip(base, new, strict=True) if b != n]
    columns = [[n[part] - b[part] for b, n in differing] for part in range(len(sums))]

    def extreme(swapped: Sequence[int]) -> bool:
        shifts = [sum(compress(column, swapped)) for column in columns]
        first = score([s + shift for s, shift in zip(sums, shifts, strict=True)])
        second = score([s - shift for s, shift in zip(others, shifts, strict=True)])
        return first is None or second is None or abs(second - first) >= threshold

    count = len(differing)
    if count <= MAX_EXHAUSTIVE:
        hits = sum(map(extreme, product((0, 1), repeat=count)))
        return SwapTest(other - one, hits / 2**count, 2**count, True)
    hits = sum(map(extreme, _random_swaps(count, resamples, seed)))
    p = (1 + hits) / (1 + resamples)
    return SwapTest(other - one, p, resamples, False)


def _random_swaps(count: int, resamples: int, seed: int) -> Iterator[bytes]:
    """For each resample a 0 or 1 for every article."""
    source = random.Random(seed)
    for _ in range(resamples):
        yield source.randbytes(count).translate(_LAST_BIT)
