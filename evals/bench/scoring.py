"""How long it takes to score 100 articles of 30 items, and to resample them.

Usage: python -m evals.bench.scoring

The articles are invented word salad with 30 quotes, 30 claims and 30 events each, and a
second labelling that moves, drops and adds some. No numpy is imported: asserted.
"""

import random
import sys
import time

from extractor.evaluation.gold import (
    Entity,
    GoldArgument,
    GoldArticle,
    GoldClaim,
    GoldEvent,
    GoldQuote,
    make_source,
)
from extractor.evaluation.scoring.article import score_article
from extractor.evaluation.scoring.summary import counts_of, summarise
from extractor.evaluation.statistics import f1_difference
from extractor.schema import Span

ARTICLES = 100
ITEMS = 30
RESAMPLES = 10_000


def make_article(number: int, seed: int) -> GoldArticle:
    """One labelling of the article of a number; the seed decides what it labels."""
    words = random.Random(number).choices(
        "ka lo mi ter vos en ru sha ni bel".split(), k=900
    )
    text = " ".join(words)
    rng = random.Random(seed)

    def span(first: int, length: int) -> Span:
        start = len(" ".join(words[:first])) + (first > 0)
        found = " ".join(words[first : first + length])
        return Span(start=start, end=start + len(found), text=found)

    quotes, claims, events = [], [], []
    for k in range(ITEMS):
        at = 30 * k + rng.choice((0, 0, 0, 1, 4))
        content = span(at, 12)
        speaker = f"e{rng.choice((k % 5, k % 5, (k + 1) % 5))}"
        quotes.append(
            GoldQuote(id=f"q{k}", kind="direct", spans=[content], speaker=speaker)
        )
        claims.append(
            GoldClaim(id=f"c{k}", text=content.text, spans=[content], claimant=speaker)
        )
        events.append(
            GoldEvent(
                id=f"v{k}",
                type="Conflict",
                trigger=span(at + 14, 1),
                arguments=[GoldArgument(role="agent", mentions=[span(at + 16, 2)])],
                status="happened",
            )
        )
    entities = [
        Entity(id=f"e{k}", name=f"Speaker {k}", mentions=[span(30 * k + 20, 1)])
        for k in range(5)
    ]
    return GoldArticle(
        doc=make_source(f"a{number}", text),
        entities=entities,
        quotes=rng.sample(quotes, ITEMS - 3),
        claims=rng.sample(claims, ITEMS - 3),
        events=rng.sample(events, ITEMS - 3),
        text=text,
    )


def main() -> None:
    """Prints the seconds."""
    gold = [make_article(n, 1) for n in range(ARTICLES)]
    base = [make_article(n, 2) for n in range(ARTICLES)]
    new = [make_article(n, 3) for n in range(ARTICLES)]
    begun = time.perf_counter()
    scores = summarise([score_article(g, p) for g, p in zip(gold, base, strict=True)])
    print(f"{ARTICLES} articles scored: {time.perf_counter() - begun:.2f} s")
    other = [score_article(g, p) for g, p in zip(gold, new, strict=True)]
    begun = time.perf_counter()
    difference = f1_difference(
        counts_of("quotes.joint", scores.articles),
        counts_of("quotes.joint", sorted(other, key=lambda a: a.article)),
        resamples=RESAMPLES,
    )
    print(
        f"{difference.resamples} resamples of {difference.articles} articles: "
        f"{time.perf_counter() - begun:.2f} s"
    )
    assert "numpy" not in sys.modules


if __name__ == "__main__":
    main()
