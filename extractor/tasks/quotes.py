"""Quotes: which passages somebody said, and which words name who.

The segmenter knows the passages and the rules know who could have said each; the model
chooses where the rules are in doubt. Nothing is copied, so nothing can be altered.
"""

from dataclasses import dataclass
from typing import Literal

from extractor.analysis import Analysis
from extractor.choices import NOBODY, Prior, combine, is_open, with_nobody
from extractor.questions import Item
from extractor.schema import Quote
from extractor.segmentation.model import Mention, Passage
from extractor.tasks import Ask
from extractor.tasks.snippets import span_at, surroundings

MAX_CHOICES = 7
PASSAGE_CHARS = 160
REPORTED = 0.5
"""A passage without any possible speaker is a quote from this likelihood on."""


@dataclass(frozen=True, slots=True)
class Attributed:
    """A passage that is a quote, with the words that name its speaker."""

    passage: Passage
    mention: Mention | None


def find_quotes(analysis: Analysis, ask: Ask, trust: float) -> list[Attributed]:
    """Decide for each passage whether it is a quote and who said it.

    Args:
        analysis: the article.
        ask: asks the model about the passages the rules are in doubt of.
        trust: probability that the model's choice is right.
    """
    priors = {f"Q{k}": _prior(analysis, p) for k, p in enumerate(analysis.passages, 1)}
    items = [
        _item(analysis, name, passage, priors[name])
        for name, passage in zip(priors, analysis.passages, strict=True)
        if is_open(priors[name], trust)
    ]
    answers = ask("quotes", items)
    found = []
    for name, passage in zip(priors, analysis.passages, strict=True):
        choice = combine(priors[name], answers.get(name), trust)
        if choice == NOBODY and (passage.candidates or passage.likelihood < REPORTED):
            continue
        found.append(Attributed(passage, _mention(analysis, passage, choice)))
    return found


def _prior(analysis: Analysis, passage: Passage) -> Prior:
    """The candidates' words with their weights; `nobody` if it is no quote."""
    weights = [
        (analysis.text[c.mention.start : c.mention.end], c.score)
        for c in passage.candidates[:MAX_CHOICES]
    ]
    return with_nobody(weights, passage.likelihood if weights else 0.0)


def _item(analysis: Analysis, name: str, passage: Passage, prior: Prior) -> Item:
    said = " ".join(span.of(analysis.text) for span in passage.spans)
    if len(said) > PASSAGE_CHARS:
        said = said[: PASSAGE_CHARS // 2].rstrip() + " ... " + said[-PASSAGE_CHARS // 2 :]
    start, end = passage.spans[0].start, passage.spans[-1].end
    return Item(
        id=name,
        answer=Literal[tuple(prior)],
        values={
            "passage": said,
            "around": surroundings(analysis, start, end),
            "choices": list(prior),
        },
        at=start,
        tokens=max(len(choice) for choice in prior) // 2 + 10,
    )


def _mention(analysis: Analysis, passage: Passage, choice: str) -> Mention | None:
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
