"""Gold articles from other formats, and in other formats."""

from extractor.evaluation.interchange.collection import read_annotators, read_gold
from extractor.evaluation.interchange.corpora import is_corpus, read_corpus_article
from extractor.evaluation.interchange.guessing import FORMATS, TARGETS, Format, Target
from extractor.evaluation.interchange.transfer import (
    Exported,
    Imported,
    export_gold,
    import_gold,
    write_gold,
)

__all__ = [
    "FORMATS",
    "TARGETS",
    "Exported",
    "Format",
    "Imported",
    "Target",
    "export_gold",
    "import_gold",
    "is_corpus",
    "read_annotators",
    "read_corpus_article",
    "read_gold",
    "write_gold",
]
