"""A run as it stands: what was asked, what came of it, what it took."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from extractor.errors import GoldError, RunError
from extractor.evaluation.gold import GoldArticle
from extractor.evaluation.runs.folder import read_cells, read_meta
from extractor.evaluation.runs.records import Cell, Meta
from extractor.schema import Extraction, Usage


@dataclass(frozen=True)
class Run:
    """A run folder, read.

    Attributes:
        path: the folder.
        meta: what was run on what.
        cells: one for each article and repeat that was asked, in the order of the
            gold, then of the repeats, whatever the order they were finished in.
        paid: tokens of every attempt that asked a model in this run, superseded ones
            included and cached ones not.
    """

    path: Path
    meta: Meta
    cells: tuple[Cell, ...]
    paid: Usage

    @property
    def extractions(self) -> list[Extraction]:
        """Of all cells that have one."""
        return [cell.extraction for cell in self.cells if cell.extraction]

    @property
    def failures(self) -> list[Cell]:
        """Cells without an extraction; they count as missing everything."""
        return [cell for cell in self.cells if cell.status == "failed"]

    @property
    def usage(self) -> Usage:
        """Tokens of all cells when they were asked, in this run or before."""
        return sum((cell.usage for cell in self.cells), Usage())

    @property
    def seconds(self) -> float:
        """Wall time of all cells when they were asked, one after the other."""
        return sum(cell.seconds for cell in self.cells)

    @property
    def expected(self) -> int:
        """How many cells the run has when it is finished."""
        return len(self.meta.articles) * self.meta.repeats

    @property
    def is_finished(self) -> bool:
        """Whether every cell was asked, with or without success."""
        return len(self.cells) == self.expected

    @property
    def cost(self) -> float | None:
        """Of what was paid, in `meta.price.currency`; None where no price is known."""
        return self.meta.price.of(self.paid) if self.meta.price else None

    def pairs(self, gold: Sequence[GoldArticle]) -> list[tuple[GoldArticle, Cell]]:
        """Each cell with its gold.

        Args:
            gold: at least the articles of the run, with labels that may have changed.

        Raises:
            RunError: the run is not finished.
            GoldError: the gold lacks an article of the run.
        """
        if not self.is_finished:
            raise RunError(
                f"{self.path} is not finished: {self.expected - len(self.cells)} of "
                f"{self.expected} articles were not asked; run the same `extractor "
                "eval` again to go on."
            )
        articles = pick(gold, self.meta.articles)
        return [(articles[cell.article], cell) for cell in self.cells]

    def facts(self) -> list[tuple[str, str]]:
        """What was run, how far and at what cost, as names and values to show."""
        meta, usage = self.meta, self.usage
        failed = len(self.failures)
        rows = [
            ("model", f"{meta.model} ({meta.host or meta.endpoint})"),
            ("tasks", ", ".join(meta.tasks)),
            ("gold", f"{', '.join(meta.gold)} {meta.gold_hash[:12]}"),
            ("articles", f"{len(meta.articles)} × {meta.repeats}"),
            ("done", f"{len(self.cells) - failed} of {self.expected}"),
            ("failed", str(failed)),
            (
                "tokens",
                f"{usage.prompt_tokens:,} input ({usage.cached_tokens:,} cached), "
                f"{usage.completion_tokens:,} output",
            ),
            ("seconds", f"{self.seconds:,.1f}"),
        ]
        if meta.price and self.cost is not None:
            rows.append(("cost", f"{self.cost:.4f} {meta.price.currency}"))
        return rows

    def _repr_html_(self) -> str:
        """A small table, for notebooks."""
        rows = "".join(
            f"<tr><th style='text-align:left'>{escape(name)}</th>"
            f"<td style='text-align:left'>{escape(value)}</td></tr>"
            for name, value in self.facts()
        )
        return f"<table><caption>{escape(str(self.path))}</caption>{rows}</table>"


def load_run(path: str | Path) -> Run:
    """The run in a folder, finished or not.

    Raises:
        RunError: there is none, or its files are damaged.
    """
    folder = Path(path)
    return make_run(folder, read_meta(folder), read_cells(folder))


def make_run(path: Path, meta: Meta, rows: Iterable[Cell]) -> Run:
    """A run of the rows of its file; of several of one cell the last counts."""
    rows = list(rows)
    last = {row.key: row for row in rows}
    keys = [(name, k) for name in meta.articles for k in range(meta.repeats)]
    return Run(
        path=path,
        meta=meta,
        cells=tuple(last[key] for key in keys if key in last),
        paid=sum((row.usage for row in rows if not row.cached), Usage()),
    )


def pick(gold: Iterable[GoldArticle], ids: Sequence[str]) -> dict[str, GoldArticle]:
    """The articles of these ids, in their order.

    Raises:
        GoldError: one is missing.
    """
    known = {article.doc.id: article for article in gold}
    missing = [name for name in ids if name not in known]
    if missing:
        raise GoldError(
            f"The gold lacks {len(missing)} of the run's {len(ids)} articles, "
            f"{missing[0]!r} first: name the gold it was made with, with --gold."
        )
    return {name: known[name] for name in ids}
