"""Whether the intervals and the gate's test of extractor keep what they promise.

    python -m evals.bench.intervals [--simulations N] [--seed N]

Articles are simulated like those of PolNeAR: the number of gold items is log-normal
with median 18 and mean 24, an article is easy or hard for a system as a whole, and two
systems find much the same articles hard. The proportions were set so that the F1 of
one article has a standard deviation of about .15, that of two systems correlates at
about .6, and the paired difference spreads by about .14, as measured between PolNeAR's
annotators. F1 of the population is known exactly.

The first table says how often the 95 % interval holds the true F1 (it should be 95 %),
the second how often the test finds a difference at p < .05: between equally good
systems (it should be 5 %) and where the new one is .044 worse (the more the better).
Beside each is what comes of taking items for independent, as most harnesses do, and
beside the interval the linearised one, which the jackknife was chosen over. The test
of independent items also takes the systems for independent; that makes up for part of
its first mistake, as far as the systems are alike.
"""

import argparse
import math
import random
from collections.abc import Sequence

from extractor.evaluation.statistics import (
    Counts,
    f1_difference,
    f1_interval,
    normal_cdf,
    t_quantile,
    total,
)

MEDIAN, SPREAD = 18, 0.76
"""Of the log-normal number of gold items."""
F1 = 0.78
"""Of the population, under every system but a worse one."""
EASE = 5.5
"""Concentration of the beta distributions of how easy an article is."""
SHARED = 0.68
"""Weight of what is easy for both systems, against what is easy for the one."""
LOSS = 0.044
"""By how much the worse system is worse."""
RESAMPLES = 999


def article(source: random.Random, f1s: Sequence[float]) -> list[Counts]:
    """One article under systems of the given true F1.

    A system that finds a share of the gold predicts false items to make up the
    number, so that this share is its expected F1 too.
    """
    gold = max(1, round(source.lognormvariate(math.log(MEDIAN), SPREAD)))
    ease = _ease(source)
    systems = []
    for f1 in f1s:
        share = f1 / F1 * (SHARED * ease + (1 - SHARED) * _ease(source))
        matched = sum(source.random() < share for _ in range(gold))
        false = sum(source.random() >= share for _ in range(gold))
        systems.append(Counts(matched, gold, matched + false))
    return systems


def _ease(source: random.Random) -> float:
    return source.betavariate(F1 * EASE, (1 - F1) * EASE)


def coverage(articles: int, simulations: int, source: random.Random) -> list[float]:
    """Share of simulated gold sets whose interval holds the true F1.

    Returns:
        With articles as the sample, by jackknife and linearised, and with items taken
        for independent.
    """
    held = [0, 0, 0]
    for _ in range(simulations):
        counts = [article(source, [F1])[0] for _ in range(articles)]
        interval = f1_interval(counts)
        assert interval.low is not None and interval.high is not None
        quantile = t_quantile(0.975, articles - 1)
        error = abs((interval.estimate or 0.0) - F1)
        held[0] += interval.low <= F1 <= interval.high
        held[1] += error <= quantile * linearised_error(counts)
        held[2] += error <= 1.96 * item_error(counts)
    return [count / simulations for count in held]


def linearised_error(counts: Sequence[Counts]) -> float:
    """Standard error of F1 over articles, as a ratio of sums to first order."""
    together, number = total(counts), len(counts)
    below = together.gold + together.predicted
    residuals = [
        2 * one.matched - (together.f1 or 0.0) * (one.gold + one.predicted)
        for one in counts
    ]
    squares = sum(residual**2 for residual in residuals)
    return math.sqrt(squares * number / (number - 1)) / below


def item_error(counts: Sequence[Counts]) -> float:
    """Standard error of F1 if items were independent, like that of a share."""
    together = total(counts)
    f1 = together.f1 or 0.0
    return math.sqrt(f1 * (1 - f1) / max(1, (together.gold + together.predicted) / 2))


def rejections(
    articles: int, loss: float, simulations: int, source: random.Random
) -> tuple[float, float]:
    """Share of simulated comparisons that find a difference at p < .05.

    Returns:
        By the swap test over articles, and by a z test of independent items.
    """
    ours = items = 0
    for number in range(simulations):
        pairs = [article(source, [F1, F1 - loss]) for _ in range(articles)]
        base, new = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        found = f1_difference(base, new, resamples=RESAMPLES, seed=number)
        assert found.estimate is not None and found.p is not None
        ours += found.p < 0.05
        error = math.hypot(item_error(base), item_error(new))
        items += 2 * normal_cdf(-abs(found.estimate) / error) < 0.05
    return ours / simulations, items / simulations


def likeness(source: random.Random, articles: int = 20_000) -> str:
    """What the simulated articles are like, to hold against those of PolNeAR."""
    pairs = [article(source, [F1, F1]) for _ in range(articles)]
    golds = sorted(pair[0].gold for pair in pairs)
    first = [pair[0].f1 or 0.0 for pair in pairs]
    second = [pair[1].f1 or 0.0 for pair in pairs]
    mean = sum(golds) / articles
    product = _covariance(first, first) * _covariance(second, second)
    correlation = _covariance(first, second) / math.sqrt(product)
    bases, news = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    paired = f1_difference(bases, news, resamples=1).standard_deviation
    interval = f1_interval(bases)
    assert interval.low is not None and interval.high is not None
    effect = ((interval.high - interval.low) / 3.92 / item_error(bases)) ** 2
    return (
        f"items per article: mean {mean:.1f}, median {golds[articles // 2]}, "
        f"tenths {golds[articles // 10]} and {golds[articles * 9 // 10]}\n"
        f"F1 per article: SD {math.sqrt(_covariance(first, first)):.3f}, "
        f"correlation of two systems {correlation:.2f}, "
        f"SD of the paired difference {paired:.3f}, design effect {effect:.1f}"
    )


def _covariance(one: Sequence[float], other: Sequence[float]) -> float:
    mean, other_mean = sum(one) / len(one), sum(other) / len(other)
    pairs = zip(one, other, strict=True)
    return sum((a - mean) * (b - other_mean) for a, b in pairs) / (len(one) - 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--simulations", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    simulations = arguments.simulations
    source = random.Random(arguments.seed)
    print(likeness(source))
    print(f"\n{'95 % interval of F1':32}  by article  linearised  by item")
    for articles in (8, 20, 50):
        ours, linear, items = coverage(articles, simulations, source)
        row = f"coverage, {articles} articles"
        print(f"{row:32}{ours:12.3f}{linear:12.3f}{items:9.3f}")
    print(f"\n{'test at p < .05':32}  by article  by item")
    for name, loss in (("type I error", 0.0), (f"power for {LOSS}", LOSS)):
        for articles in (10, 30, 100):
            ours, items = rejections(articles, loss, simulations, source)
            row = f"{name}, {articles} articles"
            print(f"{row:32}{ours:12.3f}{items:9.3f}")
    worst = math.sqrt(0.25 / simulations)
    print(f"\n{simulations} simulations a row; standard error at most {worst:.3f}")


if __name__ == "__main__":
    main()
