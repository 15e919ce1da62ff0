"""Gold articles from other formats, and in other formats."""

from extractor.evaluation.interchange.collection import read_annotators, read_gold
from extractor.evaluation.interchange.corpora import is_corpus, read_corpus_article

__all__ = ["is_corpus", "read_annotators", "read_corpus_article", "read_gold"]
