"""What tokens cost, and what articles would cost, found out without asking."""

from extractor.costs.estimate import Estimate, estimate
from extractor.costs.prices import Price, read_price

__all__ = ["Estimate", "Price", "estimate", "read_price"]
