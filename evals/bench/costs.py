"""What grounding costs: many passages in a long text, and passages that match nothing.

Usage: python -m evals.bench.costs

The text is 100,000 characters of invented words. A third of 300 passages has a word
too many, so that the nearest passage is looked for. Then single passages are timed in
turn, one that is there and one that is not, and the ratio of their medians is printed.
"""

import itertools
import random
import statistics
import time

from extractor.grounding import Grounder

SIZE = 100_000
PASSAGES = 300
ROUNDS = 60


def long_text(size: int) -> str:
    """Invented words in sentences, quotation marks and numbers among them."""
    rng = random.Random(7)
    syllables = "ka lo mi ter vos en ru sha ni bel".split()
    words = ["".join(rng.choices(syllables, k=rng.randint(1, 4))) for _ in range(4000)]
    pieces: list[str] = []
    length = 0
    for number in itertools.count():
        piece = " ".join([*rng.choices(words, k=12), ("“so”,", "ended.")[number % 2]])
        pieces.append(piece)
        length += len(piece) + 1
        if length >= size:
            return " ".join(pieces)[:size]
    raise AssertionError


def main() -> None:
    """Prints the seconds and the ratio."""
    text = long_text(SIZE)
    words = text.split(" ")
    found = [" ".join(words[n * 40 : n * 40 + 15]) for n in range(PASSAGES)]
    passages = [
        p if n % 3 else p.replace(" ", " zebra ", 1) for n, p in enumerate(found)
    ]
    begun = time.perf_counter()
    grounder = Grounder(text)
    for passage in passages:
        grounder.ground(passage)
    print(f"{PASSAGES} passages: {time.perf_counter() - begun:.3f} s")
    kinds = {
        "match": found[150],
        "altered": found[150].replace(" ", " zebra ", 1),
        "absent": "quite other words that no part of this text has ever held at all",
    }
    seconds: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(ROUNDS):
        for kind, passage in kinds.items():
            begun = time.perf_counter()
            grounder.ground(passage)
            seconds[kind].append(time.perf_counter() - begun)
    medians = {kind: statistics.median(values) for kind, values in seconds.items()}
    for kind, value in medians.items():
        ratio = value / medians["match"]
        print(f"{kind:8} {value * 1000:.2f} ms, {ratio:.1f} times a match")


if __name__ == "__main__":
    main()
