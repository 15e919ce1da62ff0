"""Scores of one article, layer by layer, and of many."""
