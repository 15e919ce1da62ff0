"""Alteration suite of the grounding gate, written without knowledge of the aligner.

    python -m evals.bench.suite [--seed 1] [--each 80] [--show KIND] [--failures]
        [--peers N]

Altered and invented passages (none may be accepted), benign variants (all should
come back with the exact spans, none with others) and open ones, on which opinions
may differ (only counted). The articles are read from ../shared at run time. A span
is right when it equals the expected one but for marks and spaces at its edges.

`--peers N` puts the first N cases of every kind through plain `str.find` and, where it
is installed, langextract's resolver as well: with its defaults, without lesser matches,
and exact only. An interval is taken as accepted, as its documentation recommends.
"""

from __future__ import annotations

import argparse
import random
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.bench.suite import altered, benign, peers
from evals.bench.suite import open as opened
from evals.bench.suite.source import Article, Slice, articles
from extractor.grounding import Grounder, Grounding
from extractor.segmentation.model import Range

ACCEPTED = ("exact", "typographic", "elided")


@dataclass(frozen=True)
class Case:
    """One passage put to the gate; `spans` is None where it must be refused."""

    group: str
    kind: str
    article: str
    text: str
    passage: str
    spans: tuple[Slice, ...] | None = None
    near: int | None = None
    within: Slice | None = None


def _one(group: str, kind: str, rng: random.Random, pool: list[Article]) -> Case | None:
    article, other = rng.sample(pool, 2)
    if group == "benign":
        made = benign.KINDS[kind](rng, article)
        if made is None:
            return None
        return Case(
            group, kind, article.name, made.text, made.passage, made.spans, made.near,
            made.within,
        )  # fmt: skip
    if group == "altered":
        passage = altered.altered(rng, kind, article, other)
    else:
        passage = opened.KINDS[kind](rng, article)
    if passage is None:
        return None
    return Case(group, kind, article.name, article.text, passage)


def cases(pool: list[Article], seed: int, each: int) -> Iterator[Case]:
    """Up to `each` different cases of every kind."""
    groups = {
        "altered": altered.KINDS,
        "benign": benign.KINDS,
        "open": opened.KINDS,
    }
    for group, kinds in groups.items():
        for kind in kinds:
            rng = random.Random(f"{seed} {kind}")
            seen: set[tuple[str, str]] = set()
            for _ in range(each * 12):
                case = _one(group, kind, rng, pool)
                if case and (case.article, case.passage) not in seen:
                    seen.add((case.article, case.passage))
                    yield case
                if len(seen) == each:
                    break


def _core(text: str, span: Slice) -> Slice:
    """The span without marks, spaces and invisible characters at its edges."""
    a, b = span

    def edge(char: str) -> bool:
        category = unicodedata.category(char)
        return (
            category[0] in "ZC"
            or category in ("Pi", "Pf", "Pd")
            or (char in "\"'.,;:!?…„‘’`[]()" or char.isspace())
        )

    while a < b and edge(text[a]):
        a += 1
    while b > a and edge(text[b - 1]):
        b -= 1
    return a, b


def judge(case: Case, answer: Grounding) -> str:
    """`accepted` or `refused`; for benign ones `right`, `edges`, `wrong`, `missed`."""
    accepted = answer.verdict in ACCEPTED
    if case.spans is None:
        return "accepted" if accepted else "refused"
    if not accepted:
        return "missed"
    found = [(span.start, span.end) for span in answer.spans]
    if any(case.text[s.start : s.end] != s.text for s in answer.spans):
        return "wrong"
    if found == [*case.spans]:
        return "right"
    cores = [_core(case.text, span) for span in case.spans]
    return "edges" if [_core(case.text, s) for s in found] == cores else "wrong"


def _table(counts: dict[tuple[str, str], Counter[str]]) -> None:
    for group, columns in (
        ("altered", ("accepted",)),
        ("benign", ("right", "edges", "wrong", "missed")),
        ("open", ("accepted",)),
    ):
        rows = {k: row for (g, k), row in counts.items() if g == group}
        print(f"\n| {group} | cases | {' | '.join(columns)} |")
        print(f"|---|--:|{'--:|' * len(columns)}")
        total: Counter[str] = Counter()
        for kind, row in rows.items():
            size = sum(row.values())
            total["cases"] += size
            for column in columns:
                total[column] += row[column]
            print(f"| {kind} | {size} | {' | '.join(str(row[c]) for c in columns)} |")
        figures = " | ".join(str(total[c]) for c in columns)
        print(f"| **{len(rows)} kinds** | {total['cases']} | {figures} |")


def _show(case: Case, answer: Grounding, verdict: str) -> None:
    print(f"\n{case.kind} [{case.article}] {verdict} ({answer.verdict})")
    print(f"  passage  {case.passage!r}")
    for a, b in case.spans or ():
        print(f"  expected {a}:{b} {case.text[a:b]!r}")
    for span in answer.spans:
        print(f"  found    {span.start}:{span.end} {span.text!r}")
    if answer.nearest:
        print(f"  nearest  {answer.nearest.text!r}\n  diff     {answer.diff}")


def _outcome(case: Case, spans: Sequence[Slice]) -> str:
    """As `judge`, for a tool that gives spans alone."""
    if case.spans is None or not spans:
        return "accepted" if spans else "refused"
    cores = [_core(case.text, span) for span in case.spans]
    return "right" if [_core(case.text, s) for s in spans] == cores else "wrong"


def _compare(cases: Sequence[Case]) -> None:
    """The same cases through every tool, a row for each group."""
    tools = peers.tools()
    print(f"\n| {len(cases)} cases | {' | '.join(tools)} |")
    print(f"|---|{'--:|' * len(tools)}")
    outcomes = {
        name: Counter((c.group, _outcome(c, find(c))) for c in cases)
        for name, find in tools.items()
    }
    for group, outcome in (
        ("altered", "accepted"),
        ("benign", "right"),
        ("benign", "wrong"),
    ):
        size = sum(case.group == group for case in cases)
        row = " | ".join(str(found[group, outcome]) for found in outcomes.values())
        print(f"| {group} {outcome} of {size} | {row} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=80, help="cases of a kind")
    parser.add_argument("--show", metavar="KIND", help="print the cases of a kind")
    parser.add_argument("--failures", action="store_true", help="print what failed")
    parser.add_argument("--peers", type=int, default=0, metavar="N")
    options = parser.parse_args()
    pool = articles(Path(__file__).resolve().parents[3])
    counts: dict[tuple[str, str], dict[str, int]] = defaultdict(
        lambda: defaultdict(int)
    )
    grounders: dict[str, Grounder] = {}
    peered: dict[str, list[Case]] = defaultdict(list)
    for case in cases(pool, options.seed, options.each):
        if case.text not in grounders:
            grounders[case.text] = Grounder(case.text)
        within = Range(*case.within) if case.within else None
        answer = grounders[case.text].ground(
            case.passage, near=case.near, within=within
        )
        verdict = judge(case, answer)
        counts[case.group, case.kind][verdict] += 1
        failed = verdict in ("wrong", "missed") or (
            verdict == "accepted" and case.group == "altered"
        )
        if case.kind == options.show or (failed and options.failures):
            _show(case, answer, verdict)
        if len(peered[case.kind]) < options.peers:
            peered[case.kind].append(case)
    print(f"{len(pool)} articles, seed {options.seed}")
    _table(counts)
    if options.peers:
        _compare([case for few in peered.values() for case in few])


if __name__ == "__main__":
    main()
