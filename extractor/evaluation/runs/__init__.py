"""Running an extractor over gold, and the folders such runs are kept in."""

from extractor.costs import Estimate, Price, read_price
from extractor.evaluation.runs.cache import CacheMode, cache_folder
from extractor.evaluation.runs.folder import REPORT, SCORES
from extractor.evaluation.runs.records import Cell, Meta, differences
from extractor.evaluation.runs.results import Run, load_run
from extractor.evaluation.runs.running import Plan, Step, evaluate, plan
from extractor.evaluation.runs.scoring import (
    read_labels,
    relabel,
    score_run,
    write_results,
)
from extractor.evaluation.runs.selection import Selection, select
from extractor.recipe import Recipe

__all__ = [
    "REPORT",
    "SCORES",
    "CacheMode",
    "Cell",
    "Estimate",
    "Meta",
    "Plan",
    "Price",
    "Recipe",
    "Run",
    "Selection",
    "Step",
    "cache_folder",
    "differences",
    "evaluate",
    "load_run",
    "plan",
    "read_labels",
    "read_price",
    "relabel",
    "score_run",
    "select",
    "write_results",
]
