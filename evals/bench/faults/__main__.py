"""Batches under faults: ours and the peers on one plan, killed, throttled and timed.

Usage: python -m evals.bench.faults [--short] [--articles 10000] [--kills 20]
           [--peer-articles 1000] [--langextract PYTHON] [--memory N]

Everything talks to `server`, which fails by `plan`: 18 % of the articles meet a fault
that passes, 4 % one that lasts, so that 96 % can be had. Printed are a table of all
systems under that plan and under a limit of 40 requests a second, and what is demanded
of ours with what was measured. Exit code 1 if something demanded does not hold.

`--langextract` is a Python that has langextract[openai]. `--memory` runs that many
articles for the memory alone (minutes). `--short` judges no speed. The server and the
client share the processor: figures are of this machine, as loaded.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from evals.bench.faults.runs import LIMIT, Bench, Demand, Line

_VERDICTS = {True: "holds", False: "**fails**", None: "not judged"}


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), options.langextract, options.short)
        print(f"## {options.articles} articles, 22 % with a fault\n", flush=True)
        count = options.peer_articles
        _print_lines([bench.under_faults(options.articles), *bench.peers(count)])
        bench.kill(options.articles, options.kills)
        print(f"\n## {options.limited} articles, at most {LIMIT:g} requests a second\n")
        _print_limited([*bench.under_limit(options.limited)])
        bench.time(options.timed)
        if options.memory:
            bench.remember(options.memory)
    print("\n## Demanded of ours\n")
    _print_demands(bench.demands)
    sys.exit(any(demand.holds is False for demand in bench.demands))


def _print_lines(lines: list[Line]) -> None:
    print("| system | articles | ok | failed | silent | requests | s |")
    print("|---|--:|--:|---|--:|--:|--:|")
    for line in lines:
        kinds = ", ".join(f"{n} {name}" for name, n in line.failed.most_common())
        print(
            f"| {line.system} | {line.articles} | {line.ok} | {kinds or 0} | "
            f"{line.silent} | {line.counted.requests} | {line.seconds:.1f} |"
        )


def _print_limited(lines: list[Line]) -> None:
    print("| system | lost | limit used | answered 429 | after 10 s | s |")
    print("|---|--:|--:|--:|--:|--:|")
    for line in lines:
        counted = line.counted
        print(
            f"| {line.system} | {line.articles - line.ok} | {line.used:.0%} | "
            f"{counted.refused():.0%} | {counted.refused(10):.0%} | "
            f"{line.seconds:.1f} |"
        )


def _print_demands(demands: list[Demand]) -> None:
    print("| what | demanded | measured | |\n|---|---|---|---|")
    for demand in demands:
        verdict = _VERDICTS[demand.holds]
        print(f"| {demand.what} | {demand.demanded} | {demand.measured} | {verdict} |")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--short", action="store_true", help="about a minute")
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--peer-articles", type=int, default=1_000)
    parser.add_argument("--timed", type=int, default=3_000, help="for the throughput")
    parser.add_argument("--limited", type=int, default=1_000, help="under the limit")
    parser.add_argument("--memory", type=int, default=0, metavar="N")
    parser.add_argument("--langextract", metavar="PYTHON")
    options = parser.parse_args()
    if options.short:
        options.articles, options.kills, options.peer_articles = 300, 3, 150
        options.timed, options.limited = 300, 120
    return options


if __name__ == "__main__":
    main()
