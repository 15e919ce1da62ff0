"""The eval harness: gold, alignment, scores, statistics, runs, comparisons.

```python
from pathlib import Path
from extractor import evaluation

gold = evaluation.read_gold(Path("evals/gold"))
run = evaluation.evaluate(gold, model="rules", output=Path("runs/rules"))
scores = evaluation.score_run(run, gold)
scores.figures["quotes.joint"].f1
```
"""

from extractor.evaluation.agreement import Agreement, agree
from extractor.evaluation.comparison import Comparison, compare, read_run
from extractor.evaluation.gold import GoldArticle, read_article, write_article
from extractor.evaluation.interchange import (
    export_gold,
    import_gold,
    read_annotators,
    read_gold,
)
from extractor.evaluation.labelled import label_extraction
from extractor.evaluation.lint import lint
from extractor.evaluation.runs import Run, evaluate, load_run, score_run, write_results
from extractor.evaluation.scoring.article import score_article, score_extraction
from extractor.evaluation.scoring.summary import Scores, summarise

__all__ = [
    "Agreement",
    "Comparison",
    "GoldArticle",
    "Run",
    "Scores",
    "agree",
    "compare",
    "evaluate",
    "export_gold",
    "import_gold",
    "label_extraction",
    "lint",
    "load_run",
    "read_annotators",
    "read_article",
    "read_gold",
    "read_run",
    "score_article",
    "score_extraction",
    "score_run",
    "summarise",
    "write_article",
    "write_results",
]
