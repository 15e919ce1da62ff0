"""`extractor eval`: a model against gold, and `extractor eval score`: scores anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from extractor.cli.config import configurable
from extractor.cli.front import EXITS
from extractor.cli.options import (
    base_url_option,
    event_types_option,
    jobs_option,
    model_option,
    quiet_option,
    tasks_option,
)
from extractor.cli.progress import Countdown, fetch, figures, tell
from extractor.cli.trouble import INTERRUPTED, verbosity, verbosity_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extractor.evaluation.gold import GoldArticle
    from extractor.evaluation.runs import Cell, Price, Run, Selection, Step
    from extractor.evaluation.scoring.summary import Scores

_FOLDER = click.Path(path_type=Path, file_okay=False)
_FILE = click.Path(path_type=Path, dir_okay=False)

_EXAMPLES = """\
\b
Examples:
  extractor eval gold/ -m rules -o runs/rules
  extractor eval gold/ -m gpt-5-mini -j 8 -o runs/mini --prices prices.toml
  extractor eval gold/ -m gpt-5-mini --dry-run     what would be asked
  extractor eval score runs/mini                   scores anew, without a model
  extractor eval score -h

\b
The same command goes on where it was interrupted or killed: it asks what is
missing, and once more what the endpoint failed to answer. Articles that fail
count as missing everything. Extractions are kept in the user's cache folder,
or in EXTRACTOR_CACHE, so that another run with the same model, prompts and
articles pays nothing.

\b
A file of prices has the cost of a million tokens:
  date = "2026-10-01"
  currency = "USD"
  [models."gpt-5-mini"]
  input = 0.25
  cached = 0.025
  output = 2.0

\b
Exit codes: 0 all well, 1 failure, 2 wrong usage, 3 some articles or tasks
failed (all else was scored), 130 interrupted.
"""


@click.command(
    epilog="""\
\b
Examples:
  extractor eval score runs/mini
  extractor eval score runs/mini --gold corrected/
"""
    + EXITS
)
@click.argument("folder", type=_FOLDER, metavar="RUN")
@click.option(
    "--gold",
    "paths",
    multiple=True,
    metavar="GOLD",
    help="Labels to score with; may be repeated.  [default: where RUN found them]",
)
@quiet_option
@verbosity
@click.pass_context
def score(
    ctx: click.Context, folder: Path, paths: tuple[str, ...], quiet: bool
) -> None:
    """Score what is in the folder RUN once more, without asking a model.

    For labels that were corrected, or a new version of the scorer. The texts must be
    those the run was made with.
    """
    from extractor.evaluation.lint import check_scorable
    from extractor.evaluation.runs import load_run, read_labels, relabel

    run = load_run(folder)
    articles = read_labels(run, paths)
    check_scorable(articles)
    before = run.meta.gold_hash
    run = relabel(run, articles, paths)
    if run.meta.gold_hash != before and not quiet:
        tell("Note: the labels are not those of the last scores.")
    _report(ctx, run, articles, quiet)


class _Eval(click.Command):
    """Takes `score` as its first word for the command of that name.

    A folder of gold that is called so is `./score`.
    """

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """The context of this command, or of `score`."""
        if args[:1] == ["score"]:
            name = f"{info_name} score"
            return score.make_context(name, args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


@click.command("eval", cls=_Eval, epilog=_EXAMPLES)
@click.argument("gold", nargs=-1, required=True, metavar="GOLD...")
@click.option(
    "-o",
    "--output",
    type=_FOLDER,
    metavar="RUN",
    help="Folder of the run, to begin or to go on with.",
)
@model_option
@tasks_option("those GOLD has labels of")
@event_types_option
@base_url_option
@jobs_option
@click.option(
    "--split",
    type=click.Choice(("train", "dev", "test")),
    metavar="SPLIT",
    help="Articles of train, dev or test alone.  [default: all but test]",
)
@click.option(
    "--i-am-releasing",
    "releasing",
    is_flag=True,
    help="Allow the test split; the manifest counts how often it is used.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    metavar="N",
    help="The first N articles alone.",
)
@click.option(
    "--repeats",
    type=click.IntRange(min=1),
    metavar="K",
    default=1,
    show_default=True,
    help="Ask each article K times.",
)
@click.option(
    "--prices", type=_FILE, metavar="FILE", help="What tokens cost, see below."
)
@click.option(
    "--max-cost",
    type=click.FloatRange(min=0),
    metavar="X",
    help="Refuse a run that may cost more than X.",
)
@click.option(
    "--cache",
    type=click.Choice(("read", "refresh", "off")),
    metavar="MODE",
    default="read",
    show_default=True,
    help="read: take earlier extractions and keep new ones; refresh: keep new ones "
    "alone; off: neither.",
)
@click.option("--fresh", is_flag=True, help="Forget what the folder RUN holds.")
@click.option(
    "--dry-run", is_flag=True, help="Print what would be asked and cost; ask nothing."
)
@configurable
@quiet_option
@verbosity
@click.pass_context
def evaluate(
    ctx: click.Context,
    /,
    gold: tuple[str, ...],
    output: Path | None,
    split: Any,
    limit: int | None,
    releasing: bool,
    prices: Path | None,
    dry_run: bool,
    quiet: bool,
    **options: Any,
) -> None:
    """Run a model on hand-labelled articles and score it.

    GOLD is a folder of gold articles, or one of them. The folder RUN then holds what
    the model found (cells.jsonl), the scores (scores.json) and a page to read
    (report.html).
    """
    from extractor.evaluation.lint import check_scorable
    from extractor.evaluation.runs import select

    selection = select(gold, split=split, limit=limit, releasing=releasing)
    check_scorable(selection.articles)
    if selection.held_back and not quiet:
        tell(f"Note: {selection.held_back} articles of the test split are left out.")
    options["price"] = _price(prices, options)
    if dry_run:
        click.echo(_forecast(selection, output, options), nl=False)
        return
    if output is None:
        raise click.UsageError("name a folder for the run with -o.")
    run = _run(ctx, selection, output, quiet, options)
    _report(ctx, run, selection.articles, quiet)


def _price(prices: Path | None, options: dict[str, Any]) -> Price | None:
    """The price of the model, where it has one."""
    from extractor.evaluation.runs import read_price
    from extractor.pipeline import Extractor

    asker = Extractor(options["model"], base_url=options["base_url"])
    if prices is None or asker.endpoint != "endpoint":
        return None
    return read_price(prices, asker.model)


def _forecast(
    selection: Selection, output: Path | None, options: dict[str, Any]
) -> str:
    """What a run would ask and cost, as lines of text."""
    from extractor.evaluation.runs import plan

    names = ("model", "tasks", "event_types", "base_url", "repeats", "price", "cache")
    made = plan(selection, **{name: options[name] for name in names})
    rows = [] if output is None or options["fresh"] else made.rows(output)
    articles = made.to_ask(rows)
    expected = made.estimate(articles)
    missing = len(made.missing(rows))
    times = f", {made.meta.repeats} times each" if made.meta.repeats > 1 else ""
    lines = [
        f"articles   {len(made.meta.articles)}{times}",
        f"tasks      {', '.join(made.meta.tasks)}",
        f"to ask     {len(articles)}; {missing - len(articles)} are in the cache",
        f"questions  {expected.questions:,}",
        f"input      about {expected.prompt_tokens:,} tokens",
        f"output     at most {expected.completion_tokens:,} tokens",
    ]
    price = made.meta.price
    if price:
        lines.append(
            f"cost       {expected.cost(price):.2f} {price.currency} if nothing fails; "
            f"in the worst case {expected.worst_cost(price):.2f}"
        )
    return "\n".join(lines) + "\n"


def _run(
    ctx: click.Context,
    selection: Selection,
    output: Path,
    quiet: bool,
    options: dict[str, Any],
) -> Run:
    from extractor.evaluation.runs import evaluate as run_evaluation
    from extractor.pipeline import RULES
    from extractor.weights import locate

    if options["model"] != RULES and not options["base_url"]:
        fetch(locate, options["model"], quiet)
    last: Step | None = None
    with Countdown(options["model"], quiet) as countdown:

        def follow(step: Step) -> None:
            nonlocal last
            last = step
            countdown.show(step.done, step.total)
            for line in _news(step.cell, verbosity_of(ctx) > 0):
                countdown.tell(line)

        try:
            return run_evaluation(selection, output=output, progress=follow, **options)
        except KeyboardInterrupt:
            if last is None:
                raise
    tell(
        f"Interrupted: {last.done} of {last.total} articles are kept in {output}; the "
        "same command goes on from there."
    )
    raise click.exceptions.Exit(INTERRUPTED)


def _news(cell: Cell, verbose: bool) -> Iterator[str]:
    """What a user should hear of a cell that is done."""
    name = f"{cell.article} ({cell.repeat + 1})" if cell.repeat else cell.article
    if cell.extraction is None:
        yield f"Error: {name}: {cell.message}"
        return
    failures = cell.extraction.provenance.failures
    for task, message in dict.fromkeys((f.task, f.message) for f in failures):
        yield f"Error: {name}: {task} failed in part: {message}"
    if verbose:
        yield figures(name, cell.extraction)


def _report(
    ctx: click.Context, run: Run, articles: Sequence[GoldArticle], quiet: bool
) -> None:
    """Scores a finished run, prints the scores, and ends with the run's exit code."""
    from extractor.evaluation.runs import REPORT, write_results

    scores = write_results(run, articles)
    click.echo(scores.table())
    if not quiet:
        tell("\n".join([*_costs(run, scores), f"report   {run.path / REPORT}"]))
    failures = run.failures
    if failures:
        again = any(not cell.is_settled for cell in failures)
        tell(
            f"Error: {len(failures)} of {len(run.cells)} articles failed and count as "
            f"missing everything{'; the same command asks again' if again else ''}."
        )
    if not run.extractions:
        ctx.exit(1)
    if failures or any(found.provenance.failures for found in run.extractions):
        ctx.exit(3)


def _costs(run: Run, scores: Scores) -> list[str]:
    """What the answers took, and what was paid for them in this run."""
    usage, n = run.usage, len(run.cells)
    lines = [
        f"tokens   {usage.prompt_tokens:,} input ({usage.cached_tokens:,} cached), "
        f"{usage.completion_tokens:,} output; {sum(c.calls for c in run.cells):,} "
        f"calls, {sum(c.retries for c in run.cells):,} retries",
        f"time     {run.seconds:,.1f} s, {run.seconds / n:,.2f} s an article",
    ]
    price = run.meta.price
    if price:
        whole = price.of(usage)
        joint = scores.figures.get("quotes.joint")
        each = f"{whole / n:.4f} an article"
        if joint and joint.counts.matched:
            each += f", {whole / joint.counts.matched:.5f} a correct quote"
        lines.append(
            f"cost     {run.cost:.4f} {price.currency} paid in this run; the answers "
            f"cost {each}, by prices of {price.date}"
        )
    return lines
