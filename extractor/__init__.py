"""Who said what, what is claimed and what happened in an article."""

__version__ = "0.1.0"
