"""Fits the weights of the candidate rules on labelled attributions.

Usage: python evals/fit/attribution.py DATA_FOLDER > extractor/attribution/weights.json

Two models: a conditional logit over the candidates of a report (who said it; "nobody
here" has the score 0), and a logistic regression over all reports (is it reported
speech). Both have binary features and an L2 penalty and are fitted by Adagrad on
shuffled examples with a fixed seed. A report is positive where a label has at least
half of its characters in common (intersection over union); labels without a reporting
word (`speech_cue` false) leave indirect reports out.
"""

import json
import math
import random
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from extractor.attribution.article import Article, Noun, lay_out
from extractor.attribution.content import Report
from extractor.attribution.likelihood import features
from extractor.attribution.reports import find_reports, report_spans
from extractor.attribution.speakers import Context
from extractor.segmentation import segment
from extractor.segmentation.model import Mention

RATE = 0.3
PENALTY = {"speaker": 2e-4, "passage": 1e-3}
EPOCHS = 20
RARE = 6
"""Features seen in fewer examples get no weight."""

Choice = tuple[list[list[str]], list[bool]]
Case = tuple[list[str], bool]


def characters(spans: Any) -> set[int]:
    """The offsets that (start, end) pairs cover."""
    return {i for start, end in spans for i in range(start, end)}


def examples(document: dict[str, Any]) -> tuple[list[Choice], list[Case]]:
    """Training examples of one article, in text order."""
    article = lay_out(segment(document["text"]), "en")
    gold = [
        (label, characters((f["start"], f["end"]) for f in label["fragments"]))
        for label in document["quotes"]
    ]
    choices: list[Choice] = []
    cases: list[Case] = []
    previous: Mention | None = None
    for report in find_reports(article):
        spans, kind, _ = report_spans(article, report)
        own = characters((s.start, s.end) for s in spans)
        best = max(
            gold, key=lambda pair: len(own & pair[1]) / len(own | pair[1]), default=None
        )
        if best is None or not own:
            continue
        matched = len(own & best[1]) / len(own | best[1]) >= 0.5
        label = best[0]
        whole = report.pattern == "alone" and len(own & best[1]) >= 0.9 * len(own)
        if whole and not matched and label["type"] != "indirect":
            matched = True  # a quotation that goes on in a paragraph of its own
            if not continues(article, report):
                cases.append((features(article, report, kind), False))
        elif not (matched and kind == "indirect" and not spoken(label)):
            cases.append((features(article, report, kind), matched))
        speaker = label["speaker"]
        if matched and speaker and speaker.get("start") is not None:
            context = Context(article, report, previous)
            right = outermost(context.nouns, speaker)
            choices.append(([context.features(n) for n in context.nouns], right))
            chosen = [n for n, ok in zip(context.nouns, right, strict=True) if ok]
            if chosen and not (report.lone and report.lone.parent):
                longest = max(chosen, key=lambda n: n.end - n.first)
                previous = longest.mention
    return choices, cases


class Adagrad:
    """Weights with their step sizes."""

    def __init__(self, penalty: float) -> None:
        self.penalty = penalty
        self.weights: defaultdict[str, float] = defaultdict(float)
        self.squares: defaultdict[str, float] = defaultdict(lambda: 1e-6)

    def step(self, gradient: dict[str, float]) -> None:
        """One step up the gradient of the log likelihood."""
        for name, value in gradient.items():
            value -= self.penalty * self.weights[name]
            self.squares[name] += value * value
            self.weights[name] += RATE * value / math.sqrt(self.squares[name])


def outermost(nouns: list[Noun], speaker: dict[str, Any]) -> list[bool]:
    """Which mentions overlap the labelled speaker and lie in no other that does."""
    start, end = speaker["start"], speaker["end"]
    right = [n for n in nouns if n.mention.start < end and start < n.mention.end]
    return [
        noun in right
        and not any(
            other != noun and other.first <= noun.first and noun.end <= other.end
            for other in right
        )
        for noun in nouns
    ]


def spoken(label: dict[str, Any]) -> bool:
    """Whether a label has a reporting word or a colon for its cue."""
    cue = label["cue"]
    return bool(label["speech_cue"]) or bool(cue and cue["text"].strip() == ":")


def continues(article: Article, report: Report) -> bool:
    """Whether a quotation is the whole of its sentences, no fragment in them."""
    first, end = report.ranges[0]
    return first == report.frame.first and end >= report.frame.end - 1


def known(names: list[str], counts: Counter[str]) -> list[str]:
    """The features that are frequent enough."""
    return [name for name in names if counts[name] >= RARE]


def fit_choices(data: list[Choice]) -> dict[str, float]:
    """Weights of the conditional logit."""
    counts = Counter(n for choice, _ in data for names in choice for n in set(names))
    data = [([known(names, counts) for names in choice], ok) for choice, ok in data]
    model = Adagrad(PENALTY["speaker"])
    for _ in range(EPOCHS):
        random.shuffle(data)
        for choice, right in data:
            odds = [
                math.exp(min(30.0, sum(model.weights[n] for n in names)))
                for names in choice
            ]
            total = 1.0 + sum(odds)
            good = sum(o for o, ok in zip(odds, right, strict=True) if ok)
            gradient: defaultdict[str, float] = defaultdict(float)
            for names, value, ok in zip(choice, odds, right, strict=True):
                wanted = value / good if ok else 0.0
                for name in names:
                    gradient[name] += wanted - value / total
            model.step(gradient)
    return dict(model.weights)


def fit_cases(data: list[Case]) -> dict[str, float]:
    """Weights of the logistic regression."""
    counts = Counter(name for names, _ in data for name in set(names))
    data = [(known(names, counts), ok) for names, ok in data]
    model = Adagrad(PENALTY["passage"])
    for _ in range(EPOCHS):
        random.shuffle(data)
        for names, ok in data:
            value = sum(model.weights[n] for n in names)
            error = ok - 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, value))))
            model.step(dict.fromkeys(names, error))
    return dict(model.weights)


def rounded(weights: dict[str, float]) -> dict[str, float]:
    """Two decimals, the smallest left out."""
    return {k: round(v, 2) for k, v in sorted(weights.items()) if abs(v) >= 0.05}


def main() -> None:
    """Reads the articles, fits both models, prints the tables."""
    random.seed(13)
    choices: list[Choice] = []
    cases: list[Case] = []
    for path in sorted(Path(sys.argv[1]).glob("*.json")):
        more_choices, more_cases = examples(json.loads(path.read_text("utf-8")))
        choices += more_choices
        cases += more_cases
    sys.stderr.write(f"{len(choices)} choices, {len(cases)} cases\n")
    tables = {
        "speaker": rounded(fit_choices(choices)),
        "passage": rounded(fit_cases(cases)),
    }
    sys.stdout.write(json.dumps(tables, indent=0) + "\n")


if __name__ == "__main__":
    main()
