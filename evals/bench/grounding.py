"""How many altered passages are accepted, how many harmless variants found.

    python -m evals.bench.grounding FOLDER... [--peer-articles N]

FOLDERs hold JSON files with a `text`. The cases of `alterations` are made from every
text and from `pieces.OWN_TEXTS`, and grounded by `extractor.grounding` and by plain
`str.find`; where langextract is importable, the cases of the first N texts also by its
resolver, with its defaults, without lesser matches, and exact only. An
interval is taken as accepted, as its documentation recommends. Benign variants count
as found where exactly the expected spans come back, and as wrong where others do.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from evals.bench.alterations import Case, cases
from evals.bench.pieces import OWN_TEXTS
from extractor.grounding import Grounder

Spans = tuple[tuple[int, int], ...]
Tool = Callable[[int, str], Spans]
"""Spans that a tool gives a passage of an article: none if it refuses it."""


def ours(texts: Sequence[str]) -> Tool:
    known: dict[int, Grounder] = {}

    def find(article: int, passage: str) -> Spans:
        if article not in known:
            known.clear()
            known[article] = Grounder(texts[article])
        spans = known[article].ground(passage).spans
        return tuple((span.start, span.end) for span in spans)

    return find


def plain_find(texts: Sequence[str]) -> Tool:
    def find(article: int, passage: str) -> Spans:
        at = texts[article].find(passage)
        return ((at, at + len(passage)),) if at >= 0 else ()

    return find


def langextract(texts: Sequence[str], **options: bool) -> Tool:
    """LangExtract's resolver, one candidate at a time against the whole article."""
    from langextract.core.data import Extraction  # type: ignore[import-not-found]
    from langextract.resolver import Resolver  # type: ignore[import-not-found]

    resolver = Resolver()

    def find(article: int, passage: str) -> Spans:
        wanted = [Extraction("quote", passage)]
        aligned = resolver.align(wanted, texts[article], 0, 0, **options)
        places = [item.char_interval for item in aligned]
        return tuple((at.start_pos, at.end_pos) for at in places if at is not None)

    return find


def tools(texts: Sequence[str]) -> dict[str, Tool]:
    found = {"ours": ours(texts), "str.find": plain_find(texts)}
    if find_spec("langextract"):
        found["lx default"] = langextract(texts)
        found["lx no lesser"] = langextract(texts, accept_match_lesser=False)
        found["lx exact"] = langextract(
            texts, enable_fuzzy_alignment=False, accept_match_lesser=False
        )
    return found


def score(tool: Tool, wanted: Sequence[Case]) -> tuple[Counter[tuple[str, str]], float]:
    """Counts by kind and outcome, and seconds."""
    counts: Counter[tuple[str, str]] = Counter()
    began = time.perf_counter()
    for case in wanted:
        spans = tool(case.article, case.passage)
        counts[case.kind, "cases"] += 1
        if case.spans is None:
            counts[case.kind, "accepted"] += bool(spans)
        else:
            counts[case.kind, "found"] += spans == case.spans
            counts[case.kind, "wrong"] += bool(spans) and spans != case.spans
    return counts, time.perf_counter() - began


def show(name: str, wanted: Sequence[Case], found: dict[str, Tool]) -> None:
    scores = {tool: score(find, wanted) for tool, find in found.items()}
    print(f"\n{name}: {len(wanted)} cases")
    print(f"{'':28}{'cases':>7}" + "".join(f"{tool:>16}" for tool in scores))
    for altered, outcomes in ((True, ("accepted",)), (False, ("found", "wrong"))):
        kinds = [case.kind for case in wanted if (case.spans is None) == altered]
        cells = " / ".join(outcomes)
        for kind, total in [*Counter(kinds).items(), ("TOTAL " + cells, len(kinds))]:
            row = f"{kind:28}{total:>7}"
            for counts, _ in scores.values():
                among = set(kinds) if kind.startswith("TOTAL") else {kind}
                sums = [sum(counts[k, out] for k in among) for out in outcomes]
                row += f"{' / '.join(map(str, sums)):>16}"
            print(row)
    times = [1000 * seconds / len(wanted) for _, seconds in scores.values()]
    print(f"{'ms per passage':35}" + "".join(f"{ms:>16.2f}" for ms in times))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="*", type=Path)
    parser.add_argument("--peer-articles", type=int, default=12, metavar="N")
    arguments = parser.parse_args()
    files = sorted(
        file for folder in arguments.folder for file in folder.glob("*.json")
    )
    texts = [json.loads(file.read_bytes())["text"] for file in files] + [*OWN_TEXTS]
    wanted = list(cases(texts))
    found = tools(texts)
    fast = {name: found[name] for name in ("ours", "str.find")}
    show("all articles", wanted, fast)
    if len(found) > len(fast):
        few = [case for case in wanted if case.article < arguments.peer_articles]
        show(f"first {arguments.peer_articles} articles", few, found)


if __name__ == "__main__":
    main()
