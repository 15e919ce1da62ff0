"""From a run to its scores and its page; no model is asked."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from extractor.errors import GoldError
from extractor.evaluation.gold import GoldArticle, Layer
from extractor.evaluation.interchange import read_gold
from extractor.evaluation.labelled import label_extraction
from extractor.evaluation.manifest import SCORER_VERSION, gold_hash, write_whole
from extractor.evaluation.page import PageMeta, write_report
from extractor.evaluation.runs.folder import REPORT, SCORES, locked, write_meta
from extractor.evaluation.runs.inputs import inputs_hash
from extractor.evaluation.runs.records import Cell, dump
from extractor.evaluation.runs.results import Run, load_run, pick
from extractor.evaluation.scoring.article import (
    ArticleScores,
    score_extraction,
    score_failure,
)
from extractor.evaluation.scoring.outcomes import LayerScores, add_measures
from extractor.evaluation.scoring.summary import HEADLINE, Scores, summarise
from extractor.evaluation.scoring.unplaced import add_unplaced
from extractor.schema import Failure, TaskName, TaskStats


def read_labels(run: Run, paths: Sequence[str | Path] = ()) -> list[GoldArticle]:
    """The gold of a run's articles, as it is now.

    Args:
        run: with or without an end.
        paths: where to look; default: where the run found it.

    Raises:
        GoldError: no gold there, an article missing, or a text or date that is not the
            one the model was given.
    """
    places = [Path(path) for path in paths or run.meta.gold]
    found = [article for place in places for article in read_gold(place)]
    articles = list(pick(found, run.meta.articles).values())
    if inputs_hash(articles) != run.meta.inputs_hash:
        raise GoldError(
            f"The texts or dates of the gold are not those {run.path} was run on: run "
            "it again, or name the gold it was made with, with --gold."
        )
    return articles


def relabel(
    run: Run, articles: Sequence[GoldArticle], paths: Sequence[str | Path] = ()
) -> Run:
    """The run with these labels as its own, noted in its folder.

    Args:
        run: its cells stay as they are.
        articles: what `read_labels` gave.
        paths: where they were read; default: where the run found its own.

    Raises:
        RunError: another process is in the folder.
    """
    update = {
        "gold_hash": gold_hash(articles),
        "gold": [str(path) for path in paths] or run.meta.gold,
        "scorer": SCORER_VERSION,
    }
    with locked(run.path):
        write_meta(run.path, run.meta.model_copy(update=update))
    return load_run(run.path)


def write_results(run: Run, gold: Sequence[GoldArticle]) -> Scores:
    """Scores a run and writes `scores.json` and `report.html` into its folder.

    Raises:
        RunError: the run is not finished.
        GoldError: the gold lacks an article of the run.
    """
    scores = score_run(run, gold)
    write_whole(run.path / SCORES, dump(scores, indent=1))
    _write_page(run, scores, gold)
    return scores


def score_run(run: Run, gold: Sequence[GoldArticle]) -> Scores:
    """The scores of a run; a failed cell has missed everything.

    The repeats of an article are added up: they say nothing of other articles.

    Raises:
        RunError: the run is not finished.
        GoldError: the gold lacks an article of the run.
    """
    total: dict[str, ArticleScores] = {}
    for article, cell in run.pairs(gold):
        scores, name = _score_cell(article, cell, run.meta.tasks), article.doc.id
        total[name] = add_repeats(total[name], scores) if name in total else scores
    return summarise(list(total.values()))


def add_repeats(first: ArticleScores, second: ArticleScores) -> ArticleScores:
    """The scores of one article that was asked twice."""
    layers: dict[Layer, LayerScores] = {}
    for layer, one in first.layers.items():
        other = second.layers[layer]
        layers[layer] = LayerScores(
            measures=add_measures(one.measures, other.measures),
            muc=one.muc + other.muc,
            outcomes=one.outcomes + other.outcomes,
        )
    return ArticleScores(
        article=first.article,
        layers=layers,
        failures=first.failures + second.failures,
        rejected=first.rejected + second.rejected,
        verdicts=dict(Counter(first.verdicts) + Counter(second.verdicts)),
    )


def _score_cell(
    gold: GoldArticle, cell: Cell, tasks: Sequence[TaskName]
) -> ArticleScores:
    if cell.extraction:
        scores = score_extraction(gold, cell.extraction, layers=tasks)
        return add_unplaced(scores, cell.unplaced) if cell.unplaced else scores
    code, message = cell.code or "", cell.message or ""
    failure = Failure(task=tasks[0], code=code, message=message)
    return score_failure(gold, failure, layers=tasks)


def _write_page(run: Run, scores: Scores, gold: Sequence[GoldArticle]) -> None:
    """The page of a run; of repeats it shows and scores the first."""
    title = f"{run.meta.model} on {', '.join(run.meta.gold) or 'gold'}"
    first = [pair for pair in run.pairs(gold) if pair[1].repeat == 0]
    if run.meta.repeats > 1:
        title += f", the first of {run.meta.repeats} repeats"
        cells = [_score_cell(*pair, run.meta.tasks) for pair in first]
        scores = summarise(cells)
    meta = PageMeta(
        title=title,
        rows=run.facts(),
        costs=_costs(run),
        cost=run.cost,
        metric=next(iter(scores.figures), HEADLINE["quotes"]),
    )
    shown = [(article, _labels(article, cell)) for article, cell in first]
    write_report(run.path / REPORT, scores, shown, meta)


def _labels(gold: GoldArticle, cell: Cell) -> GoldArticle:
    """What was found in an article, nothing where the cell failed."""
    if cell.extraction:
        return label_extraction(cell.extraction)
    return gold.emptied()


def _costs(run: Run) -> dict[str, TaskStats]:
    """Calls, seconds and tokens of each task, over all cells."""
    total: dict[str, TaskStats] = {}
    for extraction in run.extractions:
        for task, stats in extraction.provenance.tasks.items():
            before = total.get(task, TaskStats())
            total[task] = TaskStats(
                calls=before.calls + stats.calls,
                seconds=before.seconds + stats.seconds,
                usage=before.usage + stats.usage,
            )
    return total
