"""Intervals, tests, power and verdicts over articles."""

import math
import random
from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from evals.bench import intervals as bench
from extractor.errors import UsageError
from extractor.evaluation.statistics import (
    UNIT,
    Counts,
    Difference,
    Interval,
    articles_needed,
    bootstrap_interval,
    decide,
    detectable_difference,
    f1_difference,
    f1_interval,
    fewest_articles,
    holm,
    incomparable,
    mean_interval,
    normal_cdf,
    normal_quantile,
    power_statement,
    precision_interval,
    ratio_difference,
    ratio_interval,
    recall_interval,
    t_cdf,
    t_quantile,
    total,
)

DEGREES = [1, 2, 3, 4, 5, 6, 7, 9, 10, 19, 20, 49, 99, 100, 499, 5000]
SHARES = [0.0001, 0.005, 0.025, 0.1, 0.4, 0.6, 0.9, 0.95, 0.975, 0.995, 0.9999]
PLACES = [-60.0, -8.0, -2.0, -0.3, 0.0, 0.001, 0.1, 1.0, 1.96, 3.0, 12.0, 300.0]


def some_counts(articles: int, seed: int, share: float = 0.7) -> list[Counts]:
    source = random.Random(seed)
    counts = []
    for _ in range(articles):
        gold = source.randint(1, 40)
        matched = sum(source.random() < share for _ in range(gold))
        counts.append(Counts(matched, gold, matched + source.randint(0, 8)))
    return counts


def known(**values: object) -> Difference:
    """A difference like one between two systems, with some values given."""
    fields: dict[str, object] = {
        "estimate": 0.012,
        "low": -0.023,
        "high": 0.047,
        "p": 0.48,
        "articles": 64,
        "resamples": 10_000,
        "exhaustive": False,
        "standard_deviation": 0.14,
    }
    return Difference(**(fields | values))  # type: ignore[arg-type] # values vary


def ends(interval: Interval | Difference) -> tuple[float, float]:
    assert interval.low is not None
    assert interval.high is not None
    return interval.low, interval.high


# Distributions


@pytest.mark.parametrize("df", DEGREES)
def test_t_agrees_with_scipy(df: int) -> None:
    places = [t_cdf(place, df) for place in PLACES]
    assert places == pytest.approx(stats.t.cdf(PLACES, df), abs=2e-12)
    quantiles = [t_quantile(share, df) for share in SHARES]
    assert quantiles == pytest.approx(stats.t.ppf(SHARES, df), rel=1e-10)
    assert t_quantile(0.5, df) == 0


def test_normal_agrees_with_scipy() -> None:
    places = [normal_cdf(place) for place in PLACES]
    assert places == pytest.approx(stats.norm.cdf(PLACES), rel=1e-12)
    quantiles = [normal_quantile(share) for share in SHARES]
    assert quantiles == pytest.approx(stats.norm.ppf(SHARES), rel=1e-12)


@pytest.mark.parametrize(
    ("df", "quantile"), [(1, 12.706), (2, 4.303), (10, 2.228), (30, 2.042)]
)
def test_t_quantiles_are_those_of_the_printed_tables(df: int, quantile: float) -> None:
    assert round(t_quantile(0.975, df), 3) == quantile


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1, 95.0])
def test_quantile_of_no_probability_is_refused(share: float) -> None:
    with pytest.raises(UsageError, match="no probability"):
        normal_quantile(share)
    with pytest.raises(UsageError, match="no probability"):
        t_quantile(share, 3)


def test_t_without_degrees_of_freedom_is_refused() -> None:
    with pytest.raises(UsageError, match="at least two articles"):
        t_cdf(1.0, 0)


# Counts


def test_scores_of_counts() -> None:
    counts = Counts(6, 8, 12)
    assert (counts.recall, counts.precision, counts.f1) == (0.75, 0.5, 0.6)


@pytest.mark.parametrize(
    ("counts", "scores"),
    [
        (Counts(0, 0, 0), (None, None, None)),
        (Counts(0, 3, 0), (None, 0.0, 0.0)),
        (Counts(0, 0, 3), (0.0, None, 0.0)),
        (Counts(0, 3, 3, 0), (0.0, 0.0, 0.0)),
        (Counts(1, 3, 3, 0), (0.0, 1 / 3, 0.0)),
        (Counts(3, 4, 2, 1), (0.5, 0.75, 0.6)),
        (Counts(0, 0, 2, 1), (0.5, None, 0.0)),
    ],
)
def test_scores_without_items_are_not_defined(
    counts: Counts, scores: tuple[float | None, ...]
) -> None:
    assert (counts.precision, counts.recall, counts.f1) == scores


def test_counts_add_up_with_and_without_a_numerator_of_precision() -> None:
    assert Counts(1, 2, 3) + Counts(4, 5, 6) == Counts(5, 7, 9)
    assert Counts(1, 2, 3) + Counts(4, 5, 6, 2) == Counts(5, 7, 9, 3)
    assert total([]) == Counts(0, 0, 0)


# Intervals


def test_interval_of_a_mean_computed_by_hand() -> None:
    # standard deviation 1.29099, error 0.645497, t with 3 degrees 3.182446
    interval = mean_interval([1, 2, 3, 4])
    assert (interval.estimate, interval.articles) == (2.5, 4)
    assert ends(interval) == pytest.approx((0.445739, 4.554261), abs=1e-6)


def test_interval_of_a_ratio_computed_by_hand() -> None:
    # Without one article: 5/6, 3/4, 4/6; deviations -1/6, 0, 1/6; error 0.0962250,
    # t with 2 degrees 4.302653.
    interval = ratio_interval([1, 3, 2], [2, 4, 2])
    assert interval.estimate == 0.75
    assert ends(interval) == pytest.approx((0.335978, 1.164022), abs=1e-6)
    bounded = ratio_interval([1, 3, 2], [2, 4, 2], bounds=UNIT)
    assert ends(bounded) == pytest.approx((0.335978, 1.0), abs=1e-6)


def test_interval_of_f1_is_the_linearised_one_where_articles_are_equally_long() -> None:
    counts = [Counts(m, 10, 10) for m in (3, 5, 6, 8, 9, 9)]
    f1 = sum(one.matched for one in counts) / 60
    residuals = [one.matched / 10 - f1 for one in counts]
    error = math.sqrt(sum(r * r for r in residuals) / 5 / 6)
    half = float(stats.t.ppf(0.975, 5)) * error
    assert ends(f1_interval(counts)) == pytest.approx((f1 - half, f1 + half))


def test_interval_of_f1_comes_close_to_the_linearised_one_with_many_articles() -> None:
    counts = some_counts(400, seed=3)
    low, high = ends(f1_interval(counts))
    half = float(stats.t.ppf(0.975, 399)) * bench.linearised_error(counts)
    assert (high - low) / 2 == pytest.approx(half, rel=0.01)


def test_precision_and_recall_have_their_own_numerators() -> None:
    counts = [Counts(1, 2, 5, 2), Counts(3, 4, 3, 1), Counts(2, 2, 4, 4)]
    assert precision_interval(counts) == ratio_interval(
        [2, 1, 4], [5, 3, 4], bounds=UNIT
    )
    assert recall_interval(counts) == ratio_interval([1, 3, 2], [2, 4, 2], bounds=UNIT)


def test_f1_of_separate_numerators_that_agree_is_the_plain_one() -> None:
    counts = some_counts(9, seed=1)
    separate = [Counts(c.matched, c.gold, c.predicted, c.matched) for c in counts]
    assert f1_interval(separate) == f1_interval(counts)
    others = some_counts(9, seed=2)
    assert f1_difference(separate, others) == f1_difference(counts, others)


def test_articles_without_items_are_no_part_of_the_sample() -> None:
    counts = some_counts(5, seed=4)
    padded = [Counts(0, 0, 0), *counts, Counts(0, 0, 0)]
    assert f1_interval(padded) == f1_interval(counts)
    assert f1_interval(padded).articles == 5
    one = f1_difference(padded, [Counts(0, 0, 0), *reversed(counts), Counts(0, 0, 0)])
    assert one == f1_difference(counts, counts[::-1])


def test_one_article_gives_no_interval_and_none_no_estimate() -> None:
    assert f1_interval([Counts(1, 2, 2)]) == Interval(0.5, None, None, 1)
    assert f1_interval([]) == Interval(None, None, None, 0)
    assert f1_interval([Counts(0, 0, 0)] * 3) == Interval(None, None, None, 0)
    assert precision_interval([Counts(0, 4, 0)] * 3) == Interval(None, None, None, 0)


def test_perfect_scores_give_one() -> None:
    counts = [Counts(one.gold, one.gold, one.gold) for one in some_counts(8, seed=5)]
    assert f1_interval(counts) == Interval(1.0, 1.0, 1.0, 8)


def test_higher_level_gives_a_wider_interval() -> None:
    counts = some_counts(12, seed=6)
    low, high = ends(f1_interval(counts, level=0.5))
    lower, higher = ends(f1_interval(counts, level=0.99))
    assert lower < low < high < higher


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)), max_size=9
    )
)
def test_intervals_lie_around_the_estimate_within_bounds(
    articles: list[tuple[int, int, int]],
) -> None:
    counts = [Counts(min(m, g, p), g, p) for m, g, p in articles]
    for interval in map(
        lambda of: of(counts), (f1_interval, precision_interval, recall_interval)
    ):
        if interval.low is not None:
            low, high = ends(interval)
            assert interval.estimate is not None
            assert 0 <= low <= interval.estimate + 1e-12
            assert interval.estimate - 1e-12 <= high <= 1
    mirrored = f1_interval(
        [Counts(one.matched, one.predicted, one.gold) for one in counts]
    )
    assert f1_interval(counts).estimate == mirrored.estimate


def test_lists_of_different_articles_are_refused() -> None:
    counts = some_counts(3, seed=7)
    with pytest.raises(UsageError, match="3 and of 2 articles"):
        f1_difference(counts, counts[:2])
    with pytest.raises(UsageError, match="1 and of 2 articles"):
        ratio_interval([1], [1, 2])


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0])
def test_levels_that_are_no_share_are_refused(level: float) -> None:
    with pytest.raises(UsageError, match="not between 0 and 1"):
        f1_interval(some_counts(3, seed=8), level)
    with pytest.raises(UsageError, match="not between 0 and 1"):
        bootstrap_interval([1, 2], sum, level=level)


# Differences


def enumerated_p(base: Sequence[Counts], new: Sequence[Counts]) -> float:
    """P-value of the swap test from every swap, in exact fractions."""

    def f1(counts: Sequence[Counts]) -> Fraction:
        together = total(counts)
        return Fraction(
            2 * int(together.matched), int(together.gold + together.predicted)
        )

    seen = abs(f1(new) - f1(base))
    hits = 0
    for swaps in product((False, True), repeat=len(base)):
        first = [n if s else b for b, n, s in zip(base, new, swaps, strict=True)]
        second = [b if s else n for b, n, s in zip(base, new, swaps, strict=True)]
        hits += abs(f1(second) - f1(first)) >= seen
    return hits / (1 << len(base))


@pytest.mark.parametrize("seed", range(6))
def test_swap_test_tries_every_swap_of_few_articles(seed: int) -> None:
    base, new = some_counts(8, seed), some_counts(8, seed + 100, share=0.6)
    difference = f1_difference(base, new)
    assert difference.p == enumerated_p(base, new)
    assert (difference.resamples, difference.exhaustive) == (256, True)


def test_swap_test_swaps_separate_numerators_too() -> None:
    base = [Counts(3, 5, 6, 4), Counts(2, 8, 5, 1), Counts(4, 4, 9, 6)]
    new = [Counts(5, 5, 6, 6), Counts(2, 8, 7, 5), Counts(3, 4, 4, 4)]
    seen = abs((total(new).f1 or 0) - (total(base).f1 or 0))
    hits = 0
    for swaps in product((False, True), repeat=3):
        first = [n if s else b for b, n, s in zip(base, new, swaps, strict=True)]
        second = [b if s else n for b, n, s in zip(base, new, swaps, strict=True)]
        change = abs((total(second).f1 or 0) - (total(first).f1 or 0))
        hits += change >= seen - 1e-9
    assert hits < 8
    assert f1_difference(base, new).p == hits / 8


def test_articles_that_do_not_differ_leave_the_test_as_it_is() -> None:
    base, new = some_counts(7, seed=1), some_counts(7, seed=2)
    same = some_counts(5, seed=3)
    difference = f1_difference([*same, *base], [*same, *new])
    assert difference.p == enumerated_p([*same, *base], [*same, *new])
    assert (difference.resamples, difference.articles) == (128, 12)


def test_random_swaps_come_close_to_all_of_them() -> None:
    base, new = some_counts(14, seed=11), some_counts(14, seed=12, share=0.65)
    difference = f1_difference(base, new, seed=5)
    assert not difference.exhaustive
    exact = enumerated_p(base, new)
    assert 0.1 < exact < 0.9
    assert difference.p == pytest.approx(exact, abs=0.015)


def test_random_swaps_follow_their_seed() -> None:
    base, new = some_counts(40, seed=12), some_counts(40, seed=13)
    first = f1_difference(base, new, resamples=500, seed=1)
    assert first == f1_difference(base, new, resamples=500, seed=1)
    assert first.p != f1_difference(base, new, resamples=500, seed=2).p
    assert (first.resamples, first.exhaustive) == (500, False)


def test_p_of_random_swaps_is_never_zero() -> None:
    base = [Counts(9, 10, 10)] * 30
    new = [Counts(1, 10, 10)] * 30
    assert f1_difference(base, new, resamples=99).p == 1 / 100


@pytest.mark.parametrize(("articles", "p"), [(5, 0.0625), (6, 0.03125)])
def test_six_articles_are_the_fewest_that_can_show_anything(
    articles: int, p: float
) -> None:
    base, new = [Counts(9, 10, 10)] * articles, [Counts(1, 10, 10)] * articles
    assert f1_difference(base, new).p == p
    assert (p < 0.05) == (articles >= fewest_articles(0.05))


def test_difference_changes_its_sign_with_the_order() -> None:
    base, new = some_counts(10, seed=14), some_counts(10, seed=15)
    there, back = f1_difference(base, new), f1_difference(new, base)
    assert there.p == back.p
    assert there.estimate is not None and back.estimate is not None
    assert there.estimate == -back.estimate
    assert ends(there) == pytest.approx([-end for end in reversed(ends(back))])
    assert there.standard_deviation == pytest.approx(back.standard_deviation)


def test_paired_interval_of_means_is_that_of_the_differences() -> None:
    base, new = [0.2, 0.5, 0.9, 0.4], [0.3, 0.4, 1.0, 0.8]
    paired = ratio_difference([(v, 1) for v in base], [(v, 1) for v in new])
    plain = mean_interval([n - b for b, n in zip(base, new, strict=True)])
    assert ends(paired) == pytest.approx(ends(plain))
    oracle = stats.permutation_test(
        (base, new),
        lambda b, n: sum(n) - sum(b),
        permutation_type="samples",
        n_resamples=math.inf,
    )
    assert paired.p == oracle.pvalue


def test_equal_systems_differ_by_nothing() -> None:
    counts = some_counts(20, seed=16)
    difference = f1_difference(counts, counts)
    assert (difference.estimate, difference.p) == (0.0, 1.0)
    assert ends(difference) == (0.0, 0.0)


def test_difference_to_a_system_without_scores_is_not_defined() -> None:
    nothing = ratio_difference([(0, 0), (0, 0)], [(1, 2), (1, 1)])
    assert nothing == Difference(None, None, None, None, 2, 0, False)
    assert f1_difference([], []).estimate is None


def test_difference_that_hangs_on_one_article_has_no_interval() -> None:
    difference = ratio_difference([(1, 2), (0, 0)], [(1, 2), (1, 1)])
    assert difference.estimate == pytest.approx(1 / 6)
    assert difference.low is None and difference.standard_deviation is None


def test_differences_of_other_ratios_may_exceed_one() -> None:
    seconds = ratio_difference([(10, 1), (14, 1)], [(20, 1), (21, 1)], proportion=False)
    assert seconds.estimate == 8.5
    assert ends(seconds)[1] > 1
    share = ratio_difference([(0, 9), (1, 9), (0, 3)], [(8, 9), (9, 9), (3, 3)])
    assert ends(share)[1] <= 1


def test_ten_thousand_swaps_of_a_hundred_articles_take_under_two_seconds() -> None:
    base, new = some_counts(100, seed=17), some_counts(100, seed=18)
    begun = process_time()
    f1_difference(base, new)
    assert process_time() - begun < 2


# Bootstrap, several tests


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def test_bootstrap_interval_of_a_mean_is_like_that_of_students_t() -> None:
    source = random.Random(19)
    values = [source.gauss(5, 2) for _ in range(80)]
    drawn = bootstrap_interval(values, mean, resamples=4000)
    assert drawn.estimate == mean(values)
    assert ends(drawn) == pytest.approx(ends(mean_interval(values)), abs=0.06)
    assert drawn == bootstrap_interval(values, mean, resamples=4000)
    assert drawn != bootstrap_interval(values, mean, resamples=4000, seed=1)


def test_bootstrap_ends_are_percentiles() -> None:
    # Of two articles, a quarter of the resamples hold the first twice, a quarter the
    # second: more than the tails of 95 %, less than those of 40 %.
    assert ends(bootstrap_interval([0.0, 1.0], mean, resamples=2000)) == (0.0, 1.0)
    narrow = bootstrap_interval([0.0, 1.0], mean, resamples=2000, level=0.4)
    assert ends(narrow) == (0.5, 0.5)


def test_bootstrap_leaves_out_what_is_not_defined() -> None:
    def share(pairs: Sequence[tuple[float, float]]) -> float | None:
        below = sum(pair[1] for pair in pairs)
        return sum(pair[0] for pair in pairs) / below if below else None

    interval = bootstrap_interval([(1, 2), (0, 0), (0, 0)], share, resamples=50)
    assert interval == Interval(0.5, 0.5, 0.5, 3)
    assert bootstrap_interval([(0, 0)] * 3, share) == Interval(None, None, None, 3)
    assert bootstrap_interval([(1, 2)], share) == Interval(0.5, None, None, 1)
    assert bootstrap_interval([], share) == Interval(None, None, None, 0)


def test_bootstrap_without_resamples_is_refused() -> None:
    with pytest.raises(UsageError, match="0 resamples"):
        bootstrap_interval([1, 2], mean, resamples=0)


def test_holm_agrees_with_published_values() -> None:
    # R: p.adjust(c(.01, .04, .03, .005), "holm")
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.7, 0.6]) == [1.0, 1.0]
    assert holm([0.04]) == [0.04]
    assert holm([]) == []


# Power


@pytest.mark.parametrize(
    ("difference", "articles"), [(0.10, 16), (0.05, 62), (0.03, 171), (0.02, 385)]
)
def test_articles_needed_for_the_spread_measured_on_polnear(
    difference: float, articles: int
) -> None:
    assert articles_needed(0.14, difference) == articles
    assert articles_needed(0.14, -difference) == articles
    assert detectable_difference(0.14, articles) <= difference
    assert detectable_difference(0.14, articles - 1) > difference


def test_articles_needed_are_never_fewer_than_can_show_anything() -> None:
    assert articles_needed(0.0, 0.05) == 6
    assert articles_needed(0.0, 0.05, alpha=0.01) == 8


def test_more_power_takes_more_articles() -> None:
    # (1.959964 + 1.281552)**2 * .14**2 / .05**2 = 82.4
    assert articles_needed(0.14, 0.05, power=0.9) == 83


def test_power_in_words() -> None:
    assert power_statement(0.14, 30) == (
        "With 30 articles, a true difference of 0.072 would be noticed 80 times out of "
        "100 and a smaller one less often; to notice 0.05 as often takes 62 articles."
    )
    assert power_statement(0.14, 64, difference=0.1).endswith(
        "; for 0.1, 16 articles are enough."
    )
    assert power_statement(0.14, 1) == (
        "1 article cannot show whether one system is better than the other, however "
        "large the difference: it takes at least 6."
    )


def test_power_of_what_cannot_be_is_refused() -> None:
    with pytest.raises(UsageError, match="difference of 0"):
        articles_needed(0.14, 0.0)
    with pytest.raises(UsageError, match="negative"):
        articles_needed(-0.14, 0.05)
    with pytest.raises(UsageError, match="at least one"):
        detectable_difference(0.14, 0)
    with pytest.raises(UsageError, match="no probability"):
        articles_needed(0.14, 0.05, power=80)


# The gate


def test_version_within_the_margin_passes() -> None:
    decision = decide(known())
    assert (decision.verdict, decision.exit_code) == ("pass", 0)
    assert decision.articles_needed is None
    assert decision.sentence == (
        "NEW is no worse than BASE by more than .05 "
        "(95% CI of Δ [−.023,+.047], swap p=.48, n=64 articles)."
    )


def test_proven_gain_is_told() -> None:
    decision = decide(known(estimate=0.08, low=0.03, high=0.13, p=0.0012))
    assert decision.verdict == "pass"
    assert decision.sentence == (
        "NEW is no worse than BASE by more than .05 and in fact better by .080 "
        "(95% CI of Δ [+.030,+.130], swap p=.0012, n=64 articles)."
    )


def test_proven_loss_is_a_regression() -> None:
    decision = decide(known(estimate=-0.081, low=-0.12, high=-0.042, p=0.00001))
    assert (decision.verdict, decision.exit_code) == ("regression", 2)
    assert decision.sentence == (
        "NEW is worse than BASE by .081 "
        "(95% CI of Δ [−.120,−.042], swap p<.0001, n=64 articles)."
    )


def test_proven_loss_within_the_margin_is_a_regression_too() -> None:
    small = known(estimate=-0.02, low=-0.03, high=-0.01, p=0.001)
    assert decide(small).verdict == "regression"
    assert decide(known(estimate=-0.02, low=-0.03, p=0.05)).verdict == "pass"


def test_lower_bound_decides_about_the_margin() -> None:
    assert decide(known(low=-0.05)).verdict == "pass"
    assert decide(known(low=-0.0501)).verdict == "inconclusive"
    assert decide(known(low=-0.0501), margin=0.06).verdict == "pass"


@pytest.mark.parametrize(
    ("estimate", "needed"),
    # .14 * 2.8016 over .05 (no loss), over .04 (to pass), over .03 and
    # .08 (to be refused)
    [(0.0, 62), (0.03, 62), (-0.01, 97), (-0.03, 171), (-0.08, 25)],
)
def test_open_question_names_the_articles_that_would_settle_it(
    estimate: float, needed: int
) -> None:
    found = known(estimate=estimate, low=-0.09, high=0.05, p=0.3, articles=20)
    decision = decide(found)
    assert (decision.verdict, decision.exit_code) == ("inconclusive", 3)
    assert decision.articles_needed == needed
    assert decision.sentence == (
        "It is open whether NEW is worse than BASE by more than .05 (95% CI of Δ "
        f"[−.090,+.050], swap p=.30, n=20 articles); about {needed} articles would "
        "settle it."
    )


def test_open_question_always_takes_more_articles_than_there_are() -> None:
    decision = decide(known(estimate=-0.06, low=-0.13, p=0.06, articles=70))
    assert decision.articles_needed == 71


def test_too_few_articles_settle_nothing() -> None:
    base, new = [Counts(9, 10, 10)] * 5, [Counts(1, 10, 10)] * 5
    decision = decide(f1_difference(base, new))
    assert (decision.verdict, decision.exit_code) == ("inconclusive", 3)
    assert "too few articles" in decision.sentence
    assert decision.articles_needed == 6
    alone = decide(f1_difference(base[:1], new[:1]))
    assert alone.verdict == "inconclusive"
    assert alone.articles_needed is None


def test_broken_item_that_must_be_right_is_a_regression() -> None:
    decision = decide(known(), must_pass_broken=["harbour/q1"])
    assert (decision.verdict, decision.exit_code) == ("regression", 2)
    assert decision.sentence == "NEW breaks 1 item that must be right: harbour/q1."
    many = decide(known(estimate=None), must_pass_broken=list("abcde"))
    assert many.verdict == "regression"
    assert many.sentence == "NEW breaks 5 items that must be right: a, b, c and 2 more."


def test_runs_that_cannot_be_compared() -> None:
    decision = incomparable("they were scored on different gold")
    assert (decision.verdict, decision.exit_code) == ("incomparable", 4)
    assert decision.sentence == (
        "BASE and NEW cannot be compared: they were scored on different gold."
    )
    assert decide(f1_difference([], [])).exit_code == 4


@pytest.mark.parametrize("margin", [0.0, -0.05])
def test_margin_that_cannot_be_met_is_refused(margin: float) -> None:
    with pytest.raises(UsageError, match="any number of articles"):
        decide(known(), margin=margin)


def test_level_of_the_interval_is_told() -> None:
    base, new = some_counts(30, seed=20), some_counts(30, seed=21)
    assert "(90% CI of Δ" in decide(f1_difference(base, new, level=0.9)).sentence


# What is promised, in simulation; `python -m evals.bench.intervals` does more of it


def test_interval_of_twenty_articles_holds_the_true_f1_in_nine_cases_of_ten() -> None:
    ours, _, items = bench.coverage(20, 1000, random.Random(22))
    assert ours >= 0.90
    assert items < 0.80


@pytest.mark.parametrize(("articles", "simulations"), [(10, 1000), (30, 1000)])
def test_test_finds_a_difference_between_equals_in_one_case_of_twenty(
    articles: int, simulations: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "RESAMPLES", 199)
    ours, _ = bench.rejections(articles, 0.0, simulations, random.Random(23))
    assert ours == pytest.approx(0.05, abs=0.015)
