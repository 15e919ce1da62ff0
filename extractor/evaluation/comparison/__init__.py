"""Two runs on the same gold: what changed, by how much, and whether it may pass.

`compare` sets the scores of a new run against those of the one before. One measure,
chosen beforehand, decides; the others are told with p-values adjusted for their
number. Every item whose fate is not the same is listed, the broken ones first.
"""

from extractor.evaluation.comparison.changes import Change, ItemChange
from extractor.evaluation.comparison.comparing import METRIC, compare
from extractor.evaluation.comparison.folders import read_run
from extractor.evaluation.comparison.result import (
    ArticleChange,
    Comparison,
    FigureChange,
    RunRef,
)

__all__ = [
    "METRIC",
    "ArticleChange",
    "Change",
    "Comparison",
    "FigureChange",
    "ItemChange",
    "RunRef",
    "compare",
    "read_run",
]
