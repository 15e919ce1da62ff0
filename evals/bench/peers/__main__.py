"""Other ways to the same results, over gold, scored by the same scorer.

Usage: python -m evals.bench.peers plain GOLD... -o RUN
           [-m qwen2.5-coder-1.5b] [--split test --i-am-releasing] [--limit N] [-t TASK]
       python -m evals.bench.peers langextract GOLD... -o RUN --python ENV/bin/python
           ... (the same options)

`plain` is instructor with the same model, asked to copy what it finds as JSON; what the
article does not say counts as found and wrong. `langextract` runs in an environment of
its own (`pip install langextract[openai]`); what it cannot align is left out, as its
documentation has it. RUN is a run folder: `extractor eval score RUN`, `extractor
compare` and `evals/baseline.py` read it. The same command goes on where it was
interrupted.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evals.bench.peers.found import Peer
from evals.bench.peers.langextracting import LangExtract
from evals.bench.peers.plain import MAX_TOKENS, Plain
from evals.bench.peers.running import run_peer
from evals.bench.peers.serving import Served, serve
from extractor.errors import ExtractorError
from extractor.evaluation.lint import check_scorable
from extractor.evaluation.runs import Cell, Run, select, write_results
from extractor.pipeline import ALL_TASKS


def main() -> None:
    """Runs, scores and prints the scores."""
    arguments = _arguments()
    try:
        selection = select(
            arguments.gold,
            split=arguments.split,
            limit=arguments.limit,
            releasing=arguments.releasing,
        )
        check_scorable(selection.articles)
        with (
            serve(arguments.model, arguments.base_url) as served,
            _peer(arguments, served) as peer,
        ):
            run = run_peer(
                peer, selection, arguments.output, _tell, wanted=arguments.task
            )
        scores = write_results(run, selection.articles)
    except ExtractorError as error:
        sys.exit(f"Error: {error}")
    print(scores.table())
    print(_costs(run))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("peer", choices=("plain", "langextract"))
    parser.add_argument("gold", nargs="+")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("-m", "--model", default="qwen2.5-coder-1.5b")
    parser.add_argument("--base-url")
    parser.add_argument("--python", type=Path, help="that has langextract")
    parser.add_argument("--max-tokens", type=int, default=MAX_TOKENS)
    parser.add_argument("-t", "--task", action="append", default=[], choices=ALL_TASKS)
    parser.add_argument("--split", choices=("train", "dev", "test"))
    parser.add_argument("--i-am-releasing", dest="releasing", action="store_true")
    parser.add_argument("--limit", type=int)
    arguments = parser.parse_args()
    if arguments.peer == "langextract" and arguments.python is None:
        parser.error("langextract needs --python ENV/bin/python")
    return arguments


@contextmanager
def _peer(arguments: argparse.Namespace, served: Served) -> Iterator[Peer]:
    if arguments.peer == "plain":
        yield Plain(served, arguments.max_tokens)
        return
    with LangExtract(served, arguments.python, arguments.max_tokens) as peer:
        yield peer


def _tell(done: int, total: int, cell: Cell) -> None:
    """One line for an article."""
    notes = [cell.message] if cell.message else []
    if cell.extraction:
        provenance = cell.extraction.provenance
        notes += [failure.message for failure in provenance.failures]
        notes += (f"{n} × {text}" for text, n in Counter(provenance.warnings).items())
    print(
        f"{done}/{total} {cell.article} {cell.seconds:.0f} s "
        f"{cell.usage.completion_tokens} tokens {'; '.join(notes)}".rstrip(),
        flush=True,
    )


def _costs(run: Run) -> str:
    """Tokens, seconds, and what was returned without a place in the text."""
    usage, cells = run.usage, run.cells
    unplaced = [cell.unplaced for cell in cells if cell.unplaced]
    counts = ", ".join(
        f"{sum(getattr(one, name) for one in unplaced)} {name}"
        for name in ("quotes", "claims", "events", "arguments")
    )
    cut = sum(len(found.provenance.warnings) for found in run.extractions)
    return (
        f"tokens   {usage.prompt_tokens:,} input ({usage.cached_tokens:,} cached), "
        f"{usage.completion_tokens:,} output; {sum(c.calls for c in cells):,} calls, "
        f"{cut} answers cut\n"
        f"time     {run.seconds:,.1f} s, {run.seconds / len(cells):,.2f} s an article\n"
        f"unplaced {counts}"
    )


if __name__ == "__main__":
    main()
