"""Running an extractor over gold: what is missing is asked, what is there is kept."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock, Thread

from extractor.costs import Estimate, Price, estimate
from extractor.errors import (
    ExtractorError,
    PromptError,
    RunError,
    UsageError,
    WeightsError,
)
from extractor.evaluation.gold import GoldArticle
from extractor.evaluation.manifest import count_test_use, gold_hash, read_manifest
from extractor.evaluation.runs.cache import Cache, CacheMode, cache_folder
from extractor.evaluation.runs.folder import Writer, find_same, opened, read_cells
from extractor.evaluation.runs.inputs import document_of, documents_of, inputs_hash
from extractor.evaluation.runs.records import Cell, Meta, make_cell
from extractor.evaluation.runs.results import Run, load_run, make_run
from extractor.evaluation.runs.selection import Selection, select
from extractor.pipeline import ALL_TASKS, RULES, Extractor
from extractor.recipe import address_of, make_recipe
from extractor.schema import TaskName
from extractor.segmentation.eventtypes import EventTypes
from extractor.tasks.own import Task

GIVE_UP = 3
"""So many articles in a row that the endpoint fails, and the rest is not tried."""

_FATAL = (PromptError, UsageError, WeightsError)
"""What would befall every other article as well."""


@dataclass(frozen=True, slots=True)
class Step:
    """A cell that is done.

    Attributes:
        done: how many are, those of earlier attempts included.
        total: of the run.
        cell: the one.
    """

    done: int
    total: int
    cell: Cell


@dataclass(frozen=True)
class Plan:
    """What a run is of, before it begins.

    Attributes:
        selection: the gold.
        asker: answers; nothing is asked or loaded yet.
        meta: what the run folder will say.
        cache: of earlier answers.
    """

    selection: Selection
    asker: Extractor
    meta: Meta
    cache: Cache

    def missing(self, rows: Iterable[Cell]) -> list[tuple[GoldArticle, int]]:
        """Articles and repeats to ask: first those never asked, then the failed ones.

        A failure that would come again is not among them.
        """
        run = make_run(Path(), self.meta, rows)
        asked = {cell.key: cell for cell in run.cells}
        every = [
            (article, repeat)
            for article in self.selection.articles
            for repeat in range(self.meta.repeats)
        ]
        new = [work for work in every if _key(work) not in asked]
        failed = [work for work in every if _key(work) in asked]
        return new + [work for work in failed if not asked[_key(work)].is_settled]

    def to_ask(self, rows: Iterable[Cell]) -> list[GoldArticle]:
        """The articles of `missing`, once for each repeat, that no cache can answer."""
        return [
            article
            for article, repeat in self.missing(rows)
            if self.cache.get(article, repeat) is None
        ]

    def rows(self, output: Path) -> list[Cell]:
        """What a run folder holds of this run.

        Raises:
            RunError: it holds another run.
        """
        return read_cells(output) if find_same(output, self.meta) else []

    def estimate(self, articles: Iterable[GoldArticle]) -> Estimate:
        """What asking these articles amounts to."""
        return estimate(documents_of(articles), self.asker)

    def check_cost(self, rows: Iterable[Cell], most: float) -> None:
        """Refuses a run that may cost more than allowed.

        Raises:
            RunError: what is paid already and the worst case of what is missing exceed
                `most`.
        """
        price = self.meta.price
        if price is None:
            return
        spent = price.of(make_run(Path(), self.meta, rows).paid)
        articles = self.to_ask(rows)
        worst = self.estimate(articles).worst_cost(price)
        if spent + worst > most:
            raise RunError(
                f"This run has cost {spent:.2f} {price.currency} so far and the "
                f"{len(articles)} articles to ask may cost {worst:.2f} in the worst "
                f"case, together {spent + worst:.2f} and more than --max-cost "
                f"{most:g}: raise it, or ask less with --limit or --task."
            )


def plan(
    gold: Selection | str | Path,
    *,
    model: str = "local",
    tasks: Sequence[TaskName | Path | Task] = (),
    event_types: EventTypes | Path | str | None = None,
    base_url: str | None = None,
    extractor: Extractor | None = None,
    repeats: int = 1,
    price: Price | None = None,
    cache: CacheMode = "read",
) -> Plan:
    """What `evaluate` would run with the same arguments.

    Raises:
        ExtractorError: see `evaluate`.
    """
    selection = gold if isinstance(gold, Selection) else select([gold])
    labelled = selection.labelled_tasks()
    ours = [task for task in labelled if task in ALL_TASKS]
    asker = extractor or Extractor(
        model, tasks=tasks or ours, event_types=event_types, base_url=base_url
    )
    if not set(asker.tasks) & set(labelled):
        raise UsageError(
            f"The gold labels {', '.join(labelled) or 'nothing'}, so it cannot judge "
            f"{', '.join(asker.tasks) or 'no task'}: choose other tasks; the folder of "
            "one of your own with -t."
        )
    recipe = make_recipe(asker)
    meta = Meta(
        **recipe.model_dump(),
        gold_hash=gold_hash(selection.articles),
        inputs_hash=inputs_hash(selection.articles),
        split=selection.split,
        articles=[article.doc.id for article in selection.articles],
        repeats=repeats,
        gold=list(selection.paths),
        price=price if asker.endpoint == "endpoint" else None,
    )
    # Of an extractor that is given nobody knows what its client does with a question.
    cached = cache if asker.model != RULES and extractor is None else "off"
    kept = Cache(cached, recipe, address_of(asker), cache_folder())
    return Plan(selection, asker, meta, kept)


def evaluate(
    gold: Selection | str | Path,
    *,
    output: str | Path,
    model: str = "local",
    tasks: Sequence[TaskName | Path | Task] = (),
    event_types: EventTypes | Path | str | None = None,
    base_url: str | None = None,
    extractor: Extractor | None = None,
    jobs: int = 1,
    repeats: int = 1,
    price: Price | None = None,
    max_cost: float | None = None,
    cache: CacheMode = "read",
    fresh: bool = False,
    progress: Callable[[Step], None] | None = None,
) -> Run:
    """Extracts from every gold article, and keeps what comes of it in a run folder.

    The same call goes on where an earlier one ended: it asks what is missing, and once
    more what the endpoint failed to answer. Killed, a run loses no more than the
    articles in work.

    Args:
        gold: articles, or a folder or file of them (see `select`).
        output: the run folder.
        model: see `Extractor`.
        tasks: what to look for, see `Extractor`; default: what the gold labels, as far
            as these are tasks of ours.
        event_types: see `Extractor`.
        base_url: see `Extractor`.
        extractor: asks instead of one made from the four above; it is not closed, and
            the cache is not used.
        jobs: articles to work on at the same time; an embedded model works on one.
        repeats: how often to ask each article.
        price: of the model, to tell costs.
        max_cost: refuse a run that may cost more, in the price's currency.
        cache: of whole extractions; `read` also writes.
        fresh: begin anew, whatever the folder holds of an earlier run.
        progress: called after each cell, from any thread but one at a time.

    Raises:
        UsageError: arguments that do not go together.
        GoldError: no gold, or labels that are wrong.
        RunError: the folder is another run's, in use or damaged; the cost may exceed
            the limit; or the endpoint failed several articles in a row.
        WeightsError: the embedded model cannot be had.
    """
    made = plan(
        gold,
        model=model,
        tasks=tasks,
        event_types=event_types,
        base_url=base_url,
        extractor=extractor,
        repeats=repeats,
        price=price,
        cache=cache,
    )
    asker = made.asker
    if max_cost is not None and asker.endpoint == "endpoint" and price is None:
        raise UsageError("--max-cost needs to know what tokens cost: add --prices.")
    with opened(Path(output), made.meta, fresh=fresh) as folder:
        if max_cost is not None:
            made.check_cost(folder.rows, max_cost)
        if folder.is_new and made.meta.split == "test":
            _count_uses(made.selection)
        crew = _Crew(made, folder, max_cost, progress)
        with nullcontext() if extractor else asker:
            crew.work(1 if asker.endpoint == "embedded" else jobs)
    return load_run(output)


class _Crew:
    """Threads that work on what is missing, each cell written before the next."""

    def __init__(
        self,
        made: Plan,
        folder: Writer,
        max_cost: float | None,
        progress: Callable[[Step], None] | None,
    ) -> None:
        self._plan = made
        self._folder = folder
        self._max_cost = max_cost
        self._progress = progress
        missing = made.missing(folder.rows)
        self._waiting = iter(missing)
        self._left = len(missing)
        self._total = len(made.meta.articles) * made.meta.repeats
        self._failed_in_a_row = 0
        self._lock = Lock()
        self._stop = Event()
        self._error: BaseException | None = None

    def work(self, jobs: int) -> None:
        """Work until nothing is missing.

        The threads are daemons: who interrupts a run does not wait for its articles.
        """
        threads = [
            Thread(target=self._work, daemon=True) for _ in range(min(jobs, self._left))
        ]
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                while thread.is_alive():  # on Windows only a wait with an end can be
                    thread.join(1.0)  # interrupted
        finally:
            self._stop.set()
        if self._error:
            raise self._error

    def _work(self) -> None:
        try:
            while not self._stop.is_set():
                with self._lock:
                    work = next(self._waiting, None)
                if work is None:
                    return
                cell = self._answer(*work)
                with self._lock:
                    self._keep(cell)
        except BaseException as error:  # noqa: BLE001  # raised again by `work`
            self._error = self._error or error
            self._stop.set()

    def _answer(self, article: GoldArticle, repeat: int) -> Cell:
        name = article.doc.id
        kept = self._plan.cache.get(article, repeat)
        if kept:
            return make_cell(name, repeat, kept, cached=True)
        try:
            extraction = self._plan.asker.extract(document_of(article))
        except _FATAL:
            raise
        except Exception as error:  # noqa: BLE001  # the other articles go on
            return _failed(name, repeat, error)
        self._plan.cache.put(article, repeat, extraction)
        return make_cell(name, repeat, extraction)

    def _keep(self, cell: Cell) -> None:
        """Write a cell; after that, see whether to go on."""
        if self._stop.is_set():
            return
        self._folder.append(cell)
        self._left -= 1
        if self._progress:
            self._progress(Step(self._total - self._left, self._total, cell))
        self._failed_in_a_row = 0 if cell.is_settled else self._failed_in_a_row + 1
        if self._failed_in_a_row >= GIVE_UP and self._left:
            raise RunError(
                f"{GIVE_UP} articles in a row failed, the last because: {cell.message} "
                "What is done is kept; run the same again to go on."
            )
        self._check_spending()

    def _check_spending(self) -> None:
        price = self._plan.meta.price
        if self._max_cost is None or price is None:
            return
        spent = price.of(make_run(Path(), self._plan.meta, self._folder.rows).paid)
        if spent > self._max_cost:
            raise RunError(
                f"This run has cost {spent:.2f} {price.currency}, more than --max-cost "
                f"{self._max_cost:g}: raise it to go on."
            )


def _failed(article: str, repeat: int, error: Exception) -> Cell:
    if isinstance(error, ExtractorError):
        code, message = error.code, str(error)
    else:
        # Of what is none of ours only the kind: its words may be the article's.
        code, message = "unexpected", f"Unexpected {type(error).__name__}."
    return Cell(
        article=article, repeat=repeat, status="failed", code=code, message=message
    )


def _key(work: tuple[GoldArticle, int]) -> tuple[str, int]:
    return work[0].doc.id, work[1]


def _count_uses(selection: Selection) -> None:
    """Note in every manifest of the gold that its test split is used."""
    for path in map(Path, selection.paths):
        if path.is_dir() and read_manifest(path):
            count_test_use(path)
