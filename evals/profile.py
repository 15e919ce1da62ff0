"""What gold looks like: how many quotes, of what kind, by whom, with which cues.

Usage: python evals/profile.py FOLDER...

One column for each folder of gold or corpus articles. Shares are of the quotes that are
not optional; the share of split quotes is of the direct ones.
"""

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from extractor.evaluation.gold import GoldArticle
from extractor.evaluation.interchange import read_gold
from extractor.evaluation.scoring.entities import is_pronoun


def profile(articles: list[GoldArticle]) -> dict[str, str]:
    """The figures of one folder."""
    quotes = [q for a in articles for q in a.quotes if not q.optional]
    direct = [q for q in quotes if q.kind == "direct"]
    mentions = [q.speaker_mention.text for q in quotes if q.speaker_mention]
    cues = Counter(q.cue.text.lower() for q in quotes if q.cue)
    words = sorted(len(a.text.split()) for a in articles)

    def mean(counts: Iterable[int]) -> str:
        return f"{sum(counts) / len(articles):.1f}"

    def share(part: int, whole: int) -> str:
        return f"{part / whole:.2f}" if whole else "–"

    return {
        "articles": str(len(articles)),
        "words, median": str(words[len(words) // 2]),
        "quotes an article": f"{len(quotes) / len(articles):.1f}",
        "direct": share(len(direct), len(quotes)),
        "mixed": share(sum(q.kind == "mixed" for q in quotes), len(quotes)),
        "indirect": share(sum(q.kind == "indirect" for q in quotes), len(quotes)),
        "pronoun speakers": share(sum(map(is_pronoun, mentions)), len(mentions)),
        "split direct quotes": share(
            sum(len(q.spans) > 1 for q in direct), len(direct)
        ),
        "different cues": str(len(cues)),
        "said, of the cues": share(cues["said"], cues.total()),
        "claims an article": mean(len(a.claims) for a in articles),
        "events an article": mean(len(a.events) for a in articles),
    }


def main() -> None:
    """Prints the table."""
    folders = [Path(name) for name in sys.argv[1:]]
    columns = [profile(read_gold(folder)) for folder in folders]
    print("| | " + " | ".join(folder.name for folder in folders) + " |")
    print("|---|" + "--:|" * len(folders))
    for row in columns[0]:
        print(f"| {row} | " + " | ".join(column[row] for column in columns) + " |")


if __name__ == "__main__":
    main()
