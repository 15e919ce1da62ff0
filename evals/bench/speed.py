"""Seconds and tokens of an article, beside those of other ways with the same model.

Usage: python -m evals.bench.speed GOLD -o FOLDER [--limit 12] [--split dev]
           [--langextract ENV/bin/python] [-t TASK]

Every article goes to each of the ways before the next one does, and each of them has
its turn at being first: what slows the machine for an hour slows all. All ask the same
server in this process. FOLDER holds a run folder for each, scored by the same scorer,
and the same command goes on where it was interrupted.

The ways are this project, `plain` and `langextract` (see `evals.bench.peers`). Of their
figures the table has the median over articles with the quarters between which half of
them lie, and how many times ours they are: the median of the articles' ratios, with a
95 % interval by resampling articles.
"""

import argparse
import random
import statistics
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from evals.bench.peers.langextracting import LangExtract
from evals.bench.peers.plain import MAX_TOKENS, Plain
from evals.bench.peers.running import Contestant, Ours, Theirs, run_in_turn
from evals.bench.peers.serving import serve
from extractor.errors import ExtractorError
from extractor.evaluation.lint import check_scorable
from extractor.evaluation.runs import Cell, Run, select, write_results
from extractor.pipeline import ALL_TASKS, Extractor

FIGURES: dict[str, Callable[[Cell], float]] = {
    "seconds": lambda cell: cell.seconds,
    "output tokens": lambda cell: cell.usage.completion_tokens,
    "input tokens read": lambda c: c.usage.prompt_tokens - c.usage.cached_tokens,
}
SCORES = ("quotes.joint", "claims.coverage", "events.trigger_c")
RESAMPLES = 2000


def main() -> None:
    """Runs what is missing and prints the table."""
    arguments = _arguments()
    try:
        selection = select(
            arguments.gold,
            split=arguments.split,
            limit=arguments.limit,
            releasing=arguments.releasing,
        )
        check_scorable(selection.articles)
        labelled = selection.labelled_tasks()
        tasks = [task for task in ALL_TASKS if task in (arguments.task or labelled)]
        with ExitStack() as stack:
            served = stack.enter_context(serve("local"))
            ours = stack.enter_context(Extractor("local", tasks=tasks))
            tools: dict[Path, Contestant] = {arguments.output / "ours": Ours(ours)}
            plain = Plain(served, MAX_TOKENS)
            tools[arguments.output / "plain"] = Theirs(plain)
            if arguments.langextract:
                other = LangExtract(served, arguments.langextract, MAX_TOKENS)
                peer = stack.enter_context(other)
                tools[arguments.output / "langextract"] = Theirs(peer)
            runs = run_in_turn(tools, selection, _tell, wanted=tasks)
        found = {folder.name: run for folder, run in runs.items()}
        scores = {
            name: write_results(run, selection.articles).figures
            for name, run in found.items()
        }
    except ExtractorError as error:
        sys.exit(f"Error: {error}")
    names = [*found]
    print(f"{len(selection.articles)} articles".ljust(24) + _row(names))
    for title, figure in FIGURES.items():
        print(title.ljust(24) + _row([_spread(found[n], figure) for n in names]))
        ratios = ["", *(_ratio(found[n], found["ours"], figure) for n in names[1:])]
        print("  times ours".ljust(24) + _row(ratios))
    for score in SCORES:
        shown = [_shown(scores[name].get(score)) for name in names]
        print(f"{score} F1".ljust(24) + _row(shown))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", nargs="+")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("-t", "--task", action="append", default=[], choices=ALL_TASKS)
    parser.add_argument("--split", choices=("train", "dev", "test"))
    parser.add_argument("--i-am-releasing", dest="releasing", action="store_true")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--langextract", type=Path, help="a Python that has it")
    return parser.parse_args()


def _tell(done: int, total: int, cell: Cell) -> None:
    model = cell.extraction.provenance.model if cell.extraction else ""
    print(
        f"{done}/{total} {cell.article} {model} {cell.seconds:.0f} s "
        f"{cell.usage.completion_tokens} tokens {cell.message or ''}".rstrip(),
        file=sys.stderr,
        flush=True,
    )


def _row(cells: Sequence[str]) -> str:
    return "".join(cell.rjust(24) for cell in cells)


def _spread(run: Run, figure: Callable[[Cell], float]) -> str:
    low, middle, high = statistics.quantiles([figure(c) for c in run.cells], n=4)
    return f"{middle:,.1f} ({low:,.1f} to {high:,.1f})"


def _ratio(run: Run, ours: Run, figure: Callable[[Cell], float]) -> str:
    """Times ours: the median over articles, resampled."""
    base = {cell.article: figure(cell) for cell in ours.cells}
    ratios = [figure(c) / max(base[c.article], 1e-9) for c in run.cells]
    draw = random.Random(1)
    medians = sorted(
        statistics.median(draw.choices(ratios, k=len(ratios))) for _ in range(RESAMPLES)
    )
    low, high = medians[RESAMPLES // 40], medians[-RESAMPLES // 40]
    return f"{statistics.median(ratios):,.1f} [{low:,.1f}, {high:,.1f}]"


def _shown(figure: object) -> str:
    f1 = getattr(figure, "f1", None)
    if f1 is None:
        return "-"
    return f"{f1.estimate:.3f} [{f1.low:.3f}, {f1.high:.3f}]"


if __name__ == "__main__":
    main()
