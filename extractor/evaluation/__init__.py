"""The eval harness: gold, alignment, scores, statistics, runs, comparisons."""
