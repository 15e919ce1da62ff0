"""Scores the candidate rules on articles with labelled attributions.

Usage: python evals/bench/attribution.py DATA_FOLDER [--errors N]

Passages (likelihood at least the threshold) and labels are matched one to one by the
intersection over union of their characters, best pair first. A speaker is right where
the mention overlaps the labelled one; where only a name is labelled, where the mention
holds its last word, and mentions that are no names are left out of account. Direct and
mixed quotes are scored together; labels whose cue is no reporting word (`speech_cue`
false) are neither hits nor misses. Indirect labels count where `speech_cue` is true.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from extractor.attribution import find_passages
from extractor.segmentation import segment
from extractor.segmentation.model import Passage

THRESHOLD = 0.5
MATCH = 0.5


def characters(spans: Iterable[tuple[int, int]]) -> set[int]:
    """The offsets that spans cover."""
    return {i for start, end in spans for i in range(start, end)}


def align(gold: list[set[int]], found: list[set[int]]) -> dict[int, int]:
    """Gold to found indices, one to one, best intersection over union first."""
    pairs = []
    for g, one in enumerate(gold):
        for f, other in enumerate(found):
            shared = len(one & other)
            if shared:
                pairs.append((shared / len(one | other), g, f))
    pairs.sort(key=lambda pair: -pair[0])
    matched: dict[int, int] = {}
    used: set[int] = set()
    for overlap, g, f in pairs:
        if overlap >= MATCH and g not in matched and f not in used:
            matched[g] = f
            used.add(f)
    return matched


def resolvable(speaker: dict[str, Any] | None, passage: Passage) -> bool:
    """Whether the label says where or by what name the speaker is to be found."""
    if not speaker:
        return False
    if "name" not in speaker:
        return speaker.get("start") is not None
    top = passage.candidates[0].mention.kind if passage.candidates else "name"
    return top == "name"


def overlaps(
    text: str, speaker: dict[str, Any], passage: Passage, rank: int | None
) -> bool:
    """Whether the labelled speaker is candidate `rank`, or any where it is None."""
    candidates = (
        passage.candidates if rank is None else passage.candidates[rank : rank + 1]
    )
    if "name" in speaker:
        last = speaker["name"].split()[-1]
        return any(last in text[c.mention.start : c.mention.end] for c in candidates)
    return any(
        c.mention.start < speaker["end"] and speaker["start"] < c.mention.end
        for c in candidates
    )


class Tally:
    """Counts of one kind of quote."""

    def __init__(self) -> None:
        self.gold = self.found = self.hits = 0
        self.spoken = self.right = self.offered = self.joint = 0

    def row(self, name: str) -> str:
        """One line of the table."""
        p, r = self.hits / max(1, self.found), self.hits / max(1, self.gold)
        f = 2 * p * r / max(1e-9, p + r)
        joint = 2 * self.joint / max(1, self.found + self.gold)
        spoken = max(1, self.spoken)
        return (
            f"{name:18} gold {self.gold:5} P {p:.3f} R {r:.3f} F1 {f:.3f}  "
            f"speaker top {self.right / spoken:.3f} "
            f"among {self.offered / spoken:.3f}  joint F1 {joint:.3f}"
        )


def score_article(
    document: dict[str, Any], quoted: Tally, indirect: Tally, errors: list[str]
) -> None:
    """Adds one article to the tallies."""
    passages = find_passages(segment(document["text"]))
    kept = [p for p in passages if p.likelihood >= THRESHOLD]
    labels = document["quotes"]
    gold = [
        characters((f["start"], f["end"]) for f in label["fragments"])
        for label in labels
    ]
    found = [characters((s.start, s.end) for s in p.spans) for p in kept]
    matched = align(gold, found)
    taken = {f: g for g, f in matched.items()}
    for g, label in enumerate(labels):
        tally = indirect if label["type"] == "indirect" else quoted
        if not label.get("speech_cue", True):
            continue
        tally.gold += 1
        if g not in matched:
            errors.append(_miss(document, label, passages, gold[g]))
            continue
        passage = kept[matched[g]]
        tally.hits += 1
        speaker = label["speaker"]
        if resolvable(speaker, passage):
            tally.spoken += 1
            right = overlaps(document["text"], speaker, passage, 0)
            tally.right += right
            tally.joint += right
            tally.offered += overlaps(document["text"], speaker, passage, None)
            if not right:
                errors.append(_wrong(document, label, passage))
        else:
            tally.joint += 1
    for f, passage in enumerate(kept):
        owner = labels[taken[f]] if f in taken else None
        if owner is not None and not owner.get("speech_cue", True):
            continue
        if owner is None:
            errors.append(_false(document, passage))
        kind = owner["type"] if owner else passage.kind
        (indirect if kind == "indirect" else quoted).found += 1


def _around(text: str, start: int, end: int) -> str:
    before, after = text[max(0, start - 90) : start], text[end : end + 110]
    return f"{before}[[{text[start:end]}]]{after}"


def _miss(
    document: dict[str, Any], label: dict[str, Any], passages: Any, gold: set[int]
) -> str:
    near = [
        f"{p.likelihood:.2f} {[s.of(document['text'])[:300] for s in p.spans]}"
        for p in passages
        if gold & characters((s.start, s.end) for s in p.spans)
    ]
    shown = _around(document["text"], label["start"], label["end"])
    cue = label["cue"] and label["cue"]["text"]
    return f"MISS {label['type']} cue={cue!r}: {shown} HAVE {near}"


def _wrong(document: dict[str, Any], label: dict[str, Any], passage: Passage) -> str:
    text = document["text"]
    shown = _around(text, label["start"], label["end"])
    offered = [
        f"{text[c.mention.start : c.mention.end]}={c.score:.2f}"
        for c in passage.candidates[:4]
    ]
    gold = label["speaker"].get("name") or label["speaker"]["text"]
    return f"SPEAKER {label['type']} gold={gold!r} {offered}: {shown}"


def _false(document: dict[str, Any], passage: Passage) -> str:
    spans = passage.spans
    shown = _around(document["text"], spans[0].start, spans[-1].end)
    cue = passage.cue.lemma if passage.cue else None
    return f"FALSE {passage.kind} {passage.likelihood:.2f} cue={cue}: {shown}"


def main() -> None:
    """Prints the table, and errors on request."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    quoted, indirect = Tally(), Tally()
    errors: list[str] = []
    paths = sorted(arguments.folder.glob("*.json"))
    documents = [json.loads(path.read_text("utf-8")) for path in paths]
    begun = time.perf_counter()
    for document in documents:
        score_article(document, quoted, indirect, errors)
    seconds = time.perf_counter() - begun
    out = sys.stdout
    out.write(quoted.row("direct+mixed") + "\n" + indirect.row("indirect") + "\n")
    out.write(f"{len(documents) / seconds:.0f} articles/s, scoring included\n")
    chosen = [e for e in errors if e.startswith(arguments.only)]
    for error in chosen[: arguments.errors]:
        out.write(error.replace("\n", " ") + "\n\n")


if __name__ == "__main__":
    main()
