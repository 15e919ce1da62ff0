"""Pairing what was found with what was labelled, one to one.

The pairing is a function of the two sets: both lists are sorted before anything else,
pairs below a threshold are forbidden, and of the rest the assignment with the greatest
total similarity is taken, not the first that fits. Spans may be discontinuous and
nested.
"""

from extractor.evaluation.alignment.assignment import assign
from extractor.evaluation.alignment.matching import Matching, match
from extractor.evaluation.alignment.regions import Region, make_region

__all__ = ["Matching", "Region", "assign", "make_region", "match"]
