"""Recall and precision of the trigger rules on articles with labelled events.

    python evals/bench/triggers.py FOLDER [--errors N]

FOLDER holds one JSON per article: `text` and `events`, each with a KAIROS `type` and a
`trigger` span (WikiEvents). Triggers are matched one to one at an intersection over
union of at least .5 in characters. Events that report speech are counted apart: they
are the quotes' matter, not the triggers'.
"""

import argparse
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extractor.segmentation import segment
from extractor.segmentation.triggers import Trigger, find_triggers

ACE_OF_KAIROS = {
    "ArtifactExistence.DamageDestroyDisableDismantle": {
        "Conflict",
        "Disaster",
        "Other",
    },
    "ArtifactExistence": {"Conflict", "Other", "Business"},
    "Cognitive": {"Other", "Justice"},
    "Conflict": {"Conflict"},
    "Contact": {"Contact"},
    "Control": {"Conflict", "Other"},
    "Disaster": {"Disaster"},
    "GenericCrime": {"Justice", "Life", "Conflict"},
    "Justice": {"Justice"},
    "Life": {"Life"},
    "Medical": {"Life", "Other"},
    "Movement": {"Movement"},
    "Personnel": {"Personnel"},
    "Transaction": {"Transaction"},
}
"""ACE types that count as right for the longest prefix of a KAIROS type."""

SPEECH = {
    *("said", "say", "says", "told", "asked", "declared", "declares", "replied"),
    *("reported", "issued", "confirmed", "stating", "statement", "claimed", "recalled"),
    *("blames", "presented", "urged", "announced"),
}
"""Trigger words of `Contact` events that are reporting words."""


@dataclass
class Tally:
    """Counts over articles."""

    gold: int = 0
    found: int = 0
    speech: int = 0
    matched: int = 0
    right_type: int = 0
    sentences: int = 0
    words: int = 0
    seconds: float = 0.0
    missed: list[str] = field(default_factory=list)
    spurious: list[str] = field(default_factory=list)
    bins: dict[float, Counter[bool]] = field(default_factory=dict)


def ace_types(kairos: str) -> set[str]:
    """The ACE types that count as right for a KAIROS type."""
    prefixes = [p for p in ACE_OF_KAIROS if kairos.startswith(p)]
    return ACE_OF_KAIROS[max(prefixes, key=len)] if prefixes else set()


def overlap(a: tuple[int, int], b: tuple[int, int]) -> float:
    """Intersection over union of two ranges."""
    shared = min(a[1], b[1]) - max(a[0], b[0])
    return max(0, shared) / (max(a[1], b[1]) - min(a[0], b[0]))


def score_article(article: dict[str, Any], tally: Tally) -> None:
    """Adds one article's counts."""
    text = article["text"]
    segmentation = segment(text)
    began = time.perf_counter()
    found = find_triggers(segmentation)
    tally.seconds += time.perf_counter() - began
    tally.sentences += len(segmentation.sentences)
    tally.words += len(text.split())
    free: list[Trigger] = list(found)
    taken: set[tuple[int, int]] = set()
    for event in article["events"]:
        gold = (event["trigger"]["start"], event["trigger"]["end"])
        if gold in taken:  # one word that is labelled as two events
            continue
        taken.add(gold)
        best = max(free, key=lambda t: overlap(gold, (t.start, t.end)), default=None)
        if best and overlap(gold, (best.start, best.end)) < 0.5:
            best = None
        word = text[gold[0] : gold[1]]
        if event["type"].startswith("Contact") and word.lower() in SPEECH and not best:
            tally.speech += 1
            continue
        tally.gold += 1
        if not best:
            tally.missed.append(f"{event['type']}: {_context(text, *gold)}")
            continue
        free.remove(best)
        tally.matched += 1
        tally.right_type += best.types[0] in ace_types(event["type"])
        tally.bins.setdefault(round(best.score, 1), Counter())[True] += 1
    tally.found += len(found)
    for t in free:
        tally.spurious.append(f"{t.types} {t.score} {_context(text, t.start, t.end)}")
        tally.bins.setdefault(round(t.score, 1), Counter())[False] += 1


def _context(text: str, start: int, end: int) -> str:
    before, after = text[max(0, start - 50) : start], text[end : end + 40]
    return f"{before}[{text[start:end]}]{after}".replace("\n", " ")


def main() -> None:
    """Prints the figures of a folder."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--errors", type=int, default=0, help="print N of each kind")
    options = parser.parse_args()
    tally = Tally()
    for path in sorted(options.folder.glob("*.json")):
        score_article(json.loads(path.read_text(encoding="utf-8")), tally)
    print(
        f"gold {tally.gold} (+{tally.speech} reporting words left out)"
        f"  found {tally.found}"
        f"  recall {tally.matched / tally.gold:.3f}"
        f"  with reporting words {tally.matched / (tally.gold + tally.speech):.3f}"
        f"  precision {tally.matched / tally.found:.3f}"
        f"  type right {tally.right_type / tally.matched:.3f}"
        f"  per sentence {tally.found / tally.sentences:.2f}"
        f"  600-word articles/s {tally.words / 600 / tally.seconds:.0f}"
    )
    for score, counts in sorted(tally.bins.items()):
        print(f"score {score}: {counts[True]} of {counts.total()} labelled")
    for name, lines in (("missed", tally.missed), ("spurious", tally.spurious)):
        for line in lines[: options.errors]:
            print(f"{name}: {line}")


if __name__ == "__main__":
    main()
