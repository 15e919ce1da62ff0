"""Intervals, tests, power and verdicts, with articles as the sample; no numpy."""

from extractor.evaluation.statistics.bootstrap import bootstrap_interval
from extractor.evaluation.statistics.counts import Counts, total
from extractor.evaluation.statistics.differences import (
    Difference,
    f1_difference,
    ratio_difference,
)
from extractor.evaluation.statistics.distributions import (
    normal_cdf,
    normal_quantile,
    t_cdf,
    t_quantile,
)
from extractor.evaluation.statistics.gate import (
    Decision,
    ExitCode,
    Verdict,
    decide,
    incomparable,
)
from extractor.evaluation.statistics.intervals import (
    UNIT,
    Interval,
    f1_interval,
    mean_interval,
    precision_interval,
    ratio_interval,
    recall_interval,
)
from extractor.evaluation.statistics.multiplicity import holm
from extractor.evaluation.statistics.permutation import SwapTest, swap_test
from extractor.evaluation.statistics.power import (
    articles_needed,
    detectable_difference,
    fewest_articles,
    power_statement,
)

__all__ = [
    "UNIT",
    "Counts",
    "Decision",
    "Difference",
    "ExitCode",
    "Interval",
    "SwapTest",
    "Verdict",
    "articles_needed",
    "bootstrap_interval",
    "decide",
    "detectable_difference",
    "f1_difference",
    "f1_interval",
    "fewest_articles",
    "holm",
    "incomparable",
    "mean_interval",
    "normal_cdf",
    "normal_quantile",
    "power_statement",
    "precision_interval",
    "ratio_difference",
    "ratio_interval",
    "recall_interval",
    "swap_test",
    "t_cdf",
    "t_quantile",
    "total",
]
