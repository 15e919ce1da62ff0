"""Tools over gold, each kept in a run folder like any other run."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

from evals.bench.peers.assembling import assemble
from evals.bench.peers.found import Found, Peer
from extractor.evaluation.gold import GoldArticle
from extractor.evaluation.manifest import count_test_use, gold_hash, read_manifest
from extractor.evaluation.runs import (
    Cell,
    Meta,
    Recipe,
    Run,
    Selection,
    load_run,
)
from extractor.evaluation.runs.folder import Writer, opened
from extractor.evaluation.runs.inputs import document_of, inputs_hash
from extractor.evaluation.runs.records import make_cell
from extractor.pipeline import Extractor
from extractor.recipe import make_recipe
from extractor.schema import Provenance, TaskName, Usage


class Contestant(Protocol):
    """A tool that extracts from gold articles."""

    def recipe(self, tasks: Sequence[TaskName]) -> Recipe:
        """What its answers depend on besides the article."""
        ...

    def cell(self, article: GoldArticle, tasks: Sequence[TaskName]) -> Cell:
        """What it makes of one article."""
        ...


class Ours:
    """This project. A `Contestant`."""

    def __init__(self, extractor: Extractor) -> None:
        self._extractor = extractor

    def recipe(self, tasks: Sequence[TaskName]) -> Recipe:
        """What the answers depend on besides the article."""
        return make_recipe(self._extractor)

    def cell(self, article: GoldArticle, tasks: Sequence[TaskName]) -> Cell:
        """What the extractor makes of one article."""
        return make_cell(
            article.doc.id, 0, self._extractor.extract(document_of(article))
        )


class Theirs:
    """Another tool. A `Contestant`."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    def recipe(self, tasks: Sequence[TaskName]) -> Recipe:
        """What the answers depend on besides the article."""
        return self._peer.recipe(tasks)

    def cell(self, article: GoldArticle, tasks: Sequence[TaskName]) -> Cell:
        """What the peer makes of one article."""
        peer = self._peer
        found = peer.read(article.text, tasks)
        recipe = peer.recipe(tasks)
        provenance = Provenance(
            model=recipe.model,
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
    runs = run_in_turn({output: Theirs(peer)}, selection, progress, wanted=wanted)
    return runs[output]


def run_in_turn(
    contestants: Mapping[Path, Contestant],
    selection: Selection,
    progress: Callable[[int, int, Cell], None] | None = None,
    *,
    wanted: Sequence[TaskName] = (),
) -> dict[Path, Run]:
    """Asks several tools about each article in turn, so that a busy hour hits all.

    Args:
        contestants: the tools, each by its run folder; the first one begins with the
            first article, the second one with the second, and so on.
        selection: the gold.
        progress: see `run_peer`.
        wanted: see `run_peer`.

    Raises:
        RunError: a folder holds another run, or is in use.
    """
    labelled = selection.labelled_tasks()
    tasks = tuple(task for task in labelled if not wanted or task in wanted)
    total = len(selection.articles)
    with ExitStack() as stack:
        folders: dict[Path, Writer] = {}
        for output, tool in contestants.items():
            meta = _meta(tool, selection, tasks)
            folders[output] = stack.enter_context(opened(output, meta))
        if selection.split == "test" and any(one.is_new for one in folders.values()):
            _count_uses(selection.paths)
        for k, article in enumerate(selection.articles):
            first = k % len(folders)
            order = [*contestants.items()]
            for output, tool in order[first:] + order[:first]:
                folder = folders[output]
                done = {row.article for row in folder.rows if row.is_settled}
                if article.doc.id in done:
                    continue
                cell = tool.cell(article, tasks)
                folder.append(cell)
                if progress:
                    progress(len(done) + 1, total, cell)
    return {output: load_run(output) for output in contestants}


def _meta(tool: Contestant, selection: Selection, tasks: Sequence[TaskName]) -> Meta:
    return Meta(
        **tool.recipe(tasks).model_dump(),
        gold_hash=gold_hash(selection.articles),
        inputs_hash=inputs_hash(selection.articles),
        split=selection.split,
        articles=[article.doc.id for article in selection.articles],
        gold=list(selection.paths),
    )


def _usage(found: Found) -> Usage:
    return sum((stats.usage for stats in found.tasks.values()), Usage())


def _count_uses(paths: Sequence[str]) -> None:
    """Note in every manifest of the gold that its test split is used."""
    for path in map(Path, paths):
        if path.is_dir() and read_manifest(path):
            count_test_use(path)
