"""Quotes: which passages somebody said, and which words name who.

The segmenter knows the passages and the rules know who could have said each; the model
chooses where the rules are in doubt. Nothing is copied, so nothing can be altered.
"""

from dataclasses import dataclass
from typing import Literal

from extractor.analysis import Analysis
from extractor.choices import (
    NOBODY,
    Prior,
    Trust,
    believe,
    combine,
    is_open,
    shares,
)
from extractor.questions import Item
from extractor.schema import Quote
from extractor.segmentation.model import Mention, Passage
from extractor.tasks import Ask
from extractor.tasks.snippets import span_at, surroundings

MAX_CHOICES = 7
PASSAGE_CHARS = 100
REPORTED = 0.45
"""A passage is a quote from this probability on."""


@dataclass(frozen=True, slots=True)
class Attributed:
    """A passage that is a quote, with the words that name its speaker."""

    passage: Passage
    mention: Mention | None


@dataclass(frozen=True, slots=True)
class _Doubt:
    """What the rules make of one passage: is it a quote, and whose?"""

    passage: Passage
    prior: Prior
    """Over the words of the possible speakers; empty if there are none."""

    def outcome(self, answer: str | None, trust: Trust) -> str | None:
        """The speaker's words, `NOBODY` if it is no quote, None if nobody is named."""
        said = None if answer is None else answer != NOBODY
        if believe(self.passage.likelihood, said, trust) < REPORTED:
            return NOBODY
        return combine(self.prior, answer, trust) if self.prior else None

    def is_open(self, trust: Trust) -> bool:
        """Whether an answer could change the outcome."""
        if trust.is_sure(self.passage.likelihood):
            reported = self.passage.likelihood >= REPORTED
            return reported and bool(self.prior) and is_open(self.prior, trust)
        settled = self.outcome(None, trust)
        return bool(self.prior) and any(
            self.outcome(answer, trust) != settled for answer in (*self.prior, NOBODY)
        )


def find_quotes(analysis: Analysis, ask: Ask, trust: Trust) -> list[Attributed]:
    """Decide for each passage whether it is a quote and who said it.

    Args:
        analysis: the article.
        ask: asks the model about the passages the rules are in doubt of.
        trust: in the model.
    """
    doubts = {
        f"Q{k}": _Doubt(passage, _prior(analysis, passage))
        for k, passage in enumerate(analysis.passages, 1)
    }
    items = [
        _item(analysis, name, doubt)
        for name, doubt in doubts.items()
        if doubt.is_open(trust)
    ]
    answers = ask("quotes", items)
    found = []
    for name, doubt in doubts.items():
        choice = doubt.outcome(answers.get(name), trust)
        if choice != NOBODY:
            found.append(
                Attributed(doubt.passage, _mention(analysis, doubt.passage, choice))
            )
    return found


def _prior(analysis: Analysis, passage: Passage) -> Prior:
    return shares(
        [
            (analysis.text[c.mention.start : c.mention.end], c.score)
            for c in passage.candidates[:MAX_CHOICES]
        ]
    )


def _item(analysis: Analysis, name: str, doubt: _Doubt) -> Item:
    passage, choices = doubt.passage, [*doubt.prior, NOBODY]
    said = " ".join(span.of(analysis.text) for span in passage.spans)
    if len(said) > PASSAGE_CHARS:
        half = PASSAGE_CHARS // 2
        said = f"{said[:half].rstrip()} ... {said[-half:].lstrip()}"
    start, end = passage.spans[0].start, passage.spans[-1].end
    return Item(
        id=name,
        answer=Literal[tuple(choices)],
        values={
            "passage": said,
            "around": surroundings(analysis, start, end),
            "choices": choices,
        },
        at=start,
        tokens=max(map(len, choices)) // 2 + 10,
    )


def _mention(
    analysis: Analysis, passage: Passage, choice: str | None
) -> Mention | None:
    """Of several places with the chosen words the rules' best: nearest to the cue."""
    for candidate in passage.candidates:
        mention = candidate.mention
        if analysis.text[mention.start : mention.end] == choice:
            return mention
    return None


def assemble_quotes(
    analysis: Analysis,
    attributed: list[Attributed],
    speaker_ids: dict[Mention, str],
) -> list[Quote]:
    """Records of the data contract, in the order of the text."""
    ids = {id(item.passage): f"q{k}" for k, item in enumerate(attributed, 1)}
    quotes = []
    for item in attributed:
        passage, mention = item.passage, item.mention
        spans = [span_at(analysis.text, r.start, r.end) for r in passage.spans]
        outer = (
            analysis.passages[passage.nested_in]
            if passage.nested_in is not None
            else None
        )
        cue = passage.cue
        quotes.append(
            Quote(
                id=ids[id(passage)],
                kind=passage.kind,
                spans=spans,
                text=" ".join(span.text for span in spans),
                speaker=speaker_ids.get(mention) if mention else None,
                speaker_mention=(
                    span_at(analysis.text, mention.start, mention.end)
                    if mention
                    else None
                ),
                cue=span_at(analysis.text, cue.start, cue.end) if cue else None,
                nested_in=ids.get(id(outer)) if outer else None,
            )
        )
    return quotes
