"""What floods cost: articles that repeat one thing, time against length.

Usage: python -m evals.bench.floods [--lengths 3000 12000 48000] [KIND...]

Each kind of flood is extracted from by the rules, at every length. Printed are the
milliseconds of processor time for 1,000 characters, and how much more that is at one
length than at the one before: 1.0 where time grows with the length, 4.0 where it grows
with the square, of lengths four times as long. The ratios are of one run, so they hold
on any machine; times are the best of `ROUNDS`. `tests/test_security.py` counts calls
in the same floods; what regular expressions do shows here alone.
"""

import argparse
import time
from collections.abc import Mapping
from itertools import pairwise
from typing import Final

from extractor.documents import make_document
from extractor.pipeline import Extractor

FLOODS: Final[Mapping[str, str]] = {
    "names": "Aa ",
    "names and cues": "Aa Bb said ",
    "cues": "said ",
    "clauses": "he said she said ",
    "double marks": '"a" ',
    "single marks": "'a' ",
    "opening marks": "“",
    "accented": "a\u0301",
    "accents": "\u0301",
    "NUL": "\0a",
    "speakers of a script": "A: b. ",
    "dates": "1 January ",
    "dashes": "— ",
    "overrides": "a\u202e",
    "surrogates": "\ud800",
    "brackets": "(a",
    "Han": "好。",
    "events": "killed arrested ",
    "sentences": "It rained. ",
    "no space": "ab",
}
"""What is repeated, by the name of the flood."""
ROUNDS: Final = 2
"""Extractions of each flood, of which the fastest counts."""


def flood(kind: str, length: int) -> str:
    """A flood of this kind, this many characters long."""
    unit = FLOODS[kind]
    return ("x " + unit * (length // len(unit) + 1))[:length]


def seconds(extractor: Extractor, kind: str, length: int) -> float:
    """Processor time of one extraction, the best of some."""
    document = make_document(flood(kind, length), language="en")
    taken = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        extractor.extract(document)
        taken.append(time.process_time() - begun)
    return min(taken)


def main() -> None:
    options = _options()
    lengths = sorted(options.lengths)
    print("ms for 1,000 characters, and how much more from one length to the next\n")
    print(f"{'':22}" + "".join(f"{length:>9,}" for length in lengths) + "   ratio")
    with Extractor("rules") as extractor:
        extractor.extract(make_document("“We go,” said Ada Brun.", language="en"))
        for kind in options.kinds or FLOODS:
            taken = [seconds(extractor, kind, length) for length in lengths]
            each = [1e6 * t / n for t, n in zip(taken, lengths, strict=True)]
            ratios = [after / before for before, after in pairwise(each)]
            print(
                f"{kind:22}"
                + "".join(f"{value:9.2f}" for value in each)
                + "  "
                + "".join(f"{value:7.1f}" for value in ratios),
                flush=True,
            )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("kinds", nargs="*", metavar="KIND", help="default: all")
    parser.add_argument(
        "--lengths", type=int, nargs="+", default=[3_000, 12_000, 48_000]
    )
    options = parser.parse_args()
    if unknown := set(options.kinds) - FLOODS.keys():
        parser.error(f"unknown: {', '.join(unknown)}; there are {', '.join(FLOODS)}")
    return options


if __name__ == "__main__":
    main()
