"""Quotes: which passages somebody said, and which words name who.

The segmenter knows the passages and the rules know who could have said each; the model
chooses where the rules are in doubt. Nothing is copied, so nothing can be altered. Only
where the rules know nobody, in a script without capitals say, a large model copies the
speaker's name, which then passes the grounding gate.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

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
from extractor.questions import Item, tokens_for
from extractor.resolution import Entity, resolve_names
from extractor.schema import Quote, Rejected
from extractor.segmentation.model import Mention, Passage, Range
from extractor.tasks import Ask
from extractor.tasks.snippets import ground_phrase, span_at, surroundings

MAX_CHOICES = 7
PASSAGE_CHARS = 100
REPORTED = 0.45
"""A passage is a quote from this probability on."""
SOMEBODY = "somebody"
"""The answer that it is a quote of somebody whom the article does not name."""
OPEN_CHOICES = ("the speaker's name or role, copied from the article", SOMEBODY)
"""What is offered where the rules have no candidates."""

TO_RELATIVE = re.compile(r",? |,? who [^.?!]*,? and ")
"""Between a mention and a `who` that means it: `Holt, who left and who`."""

NAME_CHARS = 60
Name = Annotated[str, Field(max_length=NAME_CHARS)]
Named = Mapping[Mention, Entity]
"""Whom each name names."""


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
        asked = trust.passages and answer is not None
        said = answer != NOBODY if asked else None
        if believe(self.passage.likelihood, said, trust) < REPORTED:
            return NOBODY
        if self.prior:
            return combine(self.prior, answer, trust)
        return None if answer == SOMEBODY else answer

    def is_open(self, trust: Trust) -> bool:
        """Whether an answer could change the outcome."""
        if not self.prior:
            return trust.names and self.outcome(SOMEBODY, trust) != NOBODY
        if not trust.passages or trust.is_sure(self.passage.likelihood):
            reported = self.passage.likelihood >= REPORTED
            return reported and is_open(self.prior, trust)
        settled = self.outcome(None, trust)
        return any(
            self.outcome(answer, trust) != settled for answer in (*self.prior, NOBODY)
        )


def find_quotes(
    analysis: Analysis, ask: Ask, trust: Trust
) -> tuple[list[Attributed], list[Rejected]]:
    """The article's quotes with who said them, and names that it does not hold.

    Args:
        analysis: the article.
        ask: asks the model about the passages the rules are in doubt of.
        trust: in the model.
    """
    entities = resolve_names(analysis.flat, analysis.mentions)
    named = {mention: entity for entity in entities for mention in entity.mentions}
    doubts = {
        f"Q{k}": _Doubt(passage, _prior(analysis, passage, named))
        for k, passage in enumerate(analysis.passages, 1)
    }
    items = [
        _item(analysis, name, doubt)
        for name, doubt in doubts.items()
        if doubt.is_open(trust)
    ]
    answers = ask("quotes", items)
    found: list[Attributed] = []
    rejected: list[Rejected] = []
    for name, doubt in doubts.items():
        choice = doubt.outcome(answers.get(name), trust)
        if choice == NOBODY:
            continue
        mention = None
        if choice and doubt.prior:
            mention = _mention(analysis, doubt.passage, choice)
        elif choice:
            mention, refused = _ground(analysis, doubt.passage, choice)
            rejected += refused
        found.append(Attributed(doubt.passage, mention))
    return found, rejected


def _prior(analysis: Analysis, passage: Passage, named: Named) -> Prior:
    """The candidates' words; those that mean the same count for the first of them."""
    weights: list[tuple[str, float]] = []
    kept: list[Mention] = []
    for candidate in passage.candidates[:MAX_CHOICES]:
        mention = candidate.mention
        if analysis.words(mention).lower() == NOBODY:
            continue
        same = next((k for k in kept if _is_same(analysis, named, k, mention)), None)
        if same is None:
            kept.append(mention)
        weights.append((analysis.words(same or mention), candidate.score))
    return shares(weights)


def _is_same(analysis: Analysis, named: Named, one: Mention, other: Mention) -> bool:
    """Whether two mentions are one choice: `Ada Holt`, `Holt`; `the bank Holt & Co`."""
    if analysis.words(one).lower() == analysis.words(other).lower():
        return True
    entity = named.get(one)
    if entity is not None and entity is named.get(other):
        return True
    first, second = sorted((one, other), key=lambda m: m.start)
    relative = analysis.words(second).lower() == "who"
    between = analysis.text[first.end : second.start]
    if relative and TO_RELATIVE.fullmatch(between):
        return True
    return first.kind == "nominal" and second.kind == "name" and between == " "


def _item(analysis: Analysis, name: str, doubt: _Doubt) -> Item:
    passage, choices = doubt.passage, [*(doubt.prior or OPEN_CHOICES), NOBODY]
    answer: Any = Literal[tuple(choices)] if doubt.prior else Name
    said = " ".join(span.of(analysis.text) for span in passage.spans)
    if len(said) > PASSAGE_CHARS:
        half = PASSAGE_CHARS // 2
        said = f"{said[:half].rstrip()} ... {said[-half:].lstrip()}"
    start, end = passage.spans[0].start, passage.spans[-1].end
    return Item(
        id=name,
        answer=answer,
        values={
            "passage": said,
            "around": surroundings(analysis, start, end),
            "choices": choices,
        },
        at=start,
        shown=bool(doubt.prior),
        tokens=tokens_for(choices if doubt.prior else (said[:NAME_CHARS], NOBODY)),
    )


def _mention(analysis: Analysis, passage: Passage, choice: str) -> Mention | None:
    """Of several places with the chosen words the rules' best: nearest to the cue."""
    for candidate in passage.candidates:
        if analysis.words(candidate.mention) == choice:
            return candidate.mention
    return None


def _ground(
    analysis: Analysis, passage: Passage, words: str
) -> tuple[Mention | None, list[Rejected]]:
    """The article's own words for a name that the model copied, near the quote."""
    text = Range(0, len(analysis.text))
    start = passage.spans[0].start
    grounding = ground_phrase(analysis, words, near=start, within=text)
    if len(grounding.spans) == 1:
        span = grounding.spans[0]
        return Mention(span.start, span.end, "name"), []
    refused = Rejected(
        task="quotes",
        text=words,
        verdict=grounding.verdict,
        nearest=grounding.nearest,
        diff=grounding.diff,
    )
    return None, [refused]


def assemble_quotes(
    analysis: Analysis,
    attributed: Sequence[Attributed],
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
