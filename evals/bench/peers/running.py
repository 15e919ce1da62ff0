"""A peer over gold, kept in a run folder like any other run."""

from collections.abc import Callable, Sequence
from pathlib import Path

from evals.bench.peers.assembling import assemble
from evals.bench.peers.found import Found, Peer
from extractor.evaluation.gold import GoldArticle
from extractor.evaluation.manifest import count_test_use, gold_hash, read_manifest
from extractor.evaluation.runs import Cell, Meta, Run, Selection, load_run
from extractor.evaluation.runs.folder import opened
from extractor.evaluation.runs.inputs import document_of, inputs_hash
from extractor.evaluation.runs.records import make_cell
from extractor.schema import Provenance, TaskName, Usage


def run_peer(
    peer: Peer,
    selection: Selection,
    output: Path,
    progress: Callable[[int, int, Cell], None] | None = None,
    *,
    wanted: Sequence[TaskName] = (),
) -> Run:
    """Asks a peer about every article that the run folder lacks.

    Args:
        peer: the tool.
        selection: the gold.
        output: the run folder, to begin or to go on with.
        progress: called after each article with how many are done, of how many, and
            what came of it.
        wanted: ask for these kinds of item alone; all that the gold labels by default.

    Raises:
        RunError: the folder holds another run, or is in use.
    """
    labelled = selection.labelled_tasks()
    tasks = tuple(task for task in labelled if not wanted or task in wanted)
    meta = Meta(
        **peer.recipe(tasks).model_dump(),
        gold_hash=gold_hash(selection.articles),
        inputs_hash=inputs_hash(selection.articles),
        split=selection.split,
        articles=[article.doc.id for article in selection.articles],
        gold=list(selection.paths),
    )
    with opened(output, meta) as folder:
        if folder.is_new and selection.split == "test":
            _count_uses(selection.paths)
        done = {row.article for row in folder.rows if row.is_settled}
        for article in selection.articles:
            if article.doc.id in done:
                continue
            cell = _cell(peer, article, tasks, meta.model)
            folder.append(cell)
            done.add(article.doc.id)
            if progress:
                progress(len(done), len(selection.articles), cell)
    return load_run(output)


def _cell(
    peer: Peer, article: GoldArticle, tasks: Sequence[TaskName], model: str
) -> Cell:
    """One article asked."""
    found = peer.read(article.text, tasks)
    recipe = peer.recipe(tasks)
    provenance = Provenance(
        model=model,
        endpoint=recipe.endpoint,
        engine=peer.engine(),
        packages=recipe.libraries,
        prompts=peer.prompts(tasks),
        tasks=dict(found.tasks),
        usage=_usage(found),
        calls=sum(stats.calls for stats in found.tasks.values()),
        seconds=sum(stats.seconds for stats in found.tasks.values()),
        failures=list(found.failures),
        warnings=list(found.warnings),
    )
    extraction, unplaced = assemble(document_of(article), found, provenance)
    cell = make_cell(article.doc.id, 0, extraction)
    return cell.model_copy(update={"unplaced": unplaced})


def _usage(found: Found) -> Usage:
    return sum((stats.usage for stats in found.tasks.values()), Usage())


def _count_uses(paths: Sequence[str]) -> None:
    """Note in every manifest of the gold that its test split is used."""
    for path in map(Path, paths):
        if path.is_dir() and read_manifest(path):
            count_test_use(path)
