"""Claims: what is stated as fact, by whom, in words that stand alone.

Every sentence of a quote and of the article's own narration is a possible claim. Its
words come from the article; the model judges whether it can be checked and replaces
pronouns. Its wording passes only if nothing but that has changed (`extractor.wording`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from extractor.analysis import Analysis
from extractor.choices import Trust, believe
from extractor.questions import Item
from extractor.schema import AUTHOR, Claim, Rejected
from extractor.statements import Statement, find_statements
from extractor.tasks import Ask
from extractor.tasks.quotes import Attributed
from extractor.tasks.snippets import span_at
from extractor.tasks.speakers import Cast
from extractor.wording import (
    Wording,
    check_wording,
    name_speaker,
    needs_context,
    resolve_dates,
)

MAX_ASKED = 14
"""Statements the model is asked about, most check-worthy first."""
CHECK_WORTHY = 0.5
REPORTED = 0.4
"""Narration below this check-worthiness is no claim; what somebody said always is."""


class Judgement(BaseModel):
    """The model's answer about one statement that stands alone already."""

    model_config = ConfigDict(extra="forbid")
    check: Literal["yes", "no"]


class Rewording(Judgement):
    """The model's answer about one statement that does not."""

    text: Annotated[str, Field(max_length=400)]


@dataclass(frozen=True, slots=True)
class _Draft:
    """A statement on its way to a claim."""

    name: str
    statement: Statement
    claimant: str
    """Speaker id or `author`."""
    claimant_name: str
    text: str
    """The statement's words with its dates resolved."""
    reword: bool

    def is_check_worthy(self, answer: bool | None, trust: Trust) -> bool:
        """Whether a fact-checker would and could check it."""
        return believe(self.statement.check_worthy, answer, trust) >= CHECK_WORTHY

    def is_open(self, trust: Trust) -> bool:
        """Whether the model's judgement could change ours."""
        return self.is_check_worthy(True, trust) != self.is_check_worthy(False, trust)


def find_claims(
    analysis: Analysis,
    attributed: Sequence[Attributed],
    cast: Cast,
    ask: Ask,
    trust: Trust,
) -> tuple[list[Claim], list[Rejected]]:
    """The article's claims, and the wordings that were refused.

    Args:
        analysis: the article.
        attributed: its quotes, whose sentences are claims of their speakers.
        cast: who is who.
        ask: asks the model to judge and reword.
        trust: in the model.
    """
    drafts = _drafts(analysis, attributed, cast)
    open_ones = [d for d in drafts if d.reword or d.is_open(trust)]
    worthiest = sorted(open_ones, key=lambda d: -d.statement.check_worthy)[:MAX_ASKED]
    items = [_item(draft) for draft in open_ones if draft in worthiest]
    answers = ask("claims", items)
    claims: list[Claim] = []
    rejected: list[Rejected] = []
    for draft in drafts:
        answer = answers.get(draft.name)
        wording = _wording(analysis, cast, draft, answer)
        if wording.rejected:
            rejected.append(wording.rejected)
        checkable = draft.is_check_worthy(_judged(answer), trust)
        name = f"c{len(claims) + 1}"
        claims.append(_claim(analysis, name, draft, wording.text, checkable))
    return claims, rejected


def _drafts(
    analysis: Analysis, attributed: Sequence[Attributed], cast: Cast
) -> list[_Draft]:
    drafts: list[_Draft] = []
    passages = [item.passage for item in attributed]
    for statement in find_statements(analysis.segmentation, passages):
        mention = (
            attributed[statement.passage].mention
            if statement.passage is not None
            else None
        )
        claimant = cast.ids.get(mention, AUTHOR) if mention else AUTHOR
        if statement.passage is None and statement.check_worthy < REPORTED:
            continue
        if statement.passage is not None and mention is None:
            continue
        entity = cast.of.get(mention) if mention else None
        text = resolve_dates(
            statement.text,
            analysis.published,
            tense="future" if statement.modality == "predicted" else "past",
        )
        if entity:
            quoted = _is_quoted(attributed, statement)
            text = name_speaker(text, entity.name, quoted=quoted)
        drafts.append(
            _Draft(
                name=f"C{len(drafts) + 1}",
                statement=statement,
                claimant=claimant,
                claimant_name=entity.name if entity else "The article",
                text=text,
                reword=needs_context(text),
            )
        )
    return drafts


def _item(draft: _Draft) -> Item:
    return Item(
        id=draft.name,
        answer=Rewording if draft.reword else Judgement,
        values={"claimant": draft.claimant_name, "statement": draft.text},
        at=draft.statement.spans[0].start,
        tokens=len(draft.text) // 2 + 40 if draft.reword else 16,
    )


def _wording(analysis: Analysis, cast: Cast, draft: _Draft, answer: Any) -> Wording:
    if not isinstance(answer, Rewording):
        return Wording(draft.text, None)
    names = [draft.claimant_name, *(entity.name for entity in cast.entities)]
    return check_wording(answer.text, draft.text, analysis.grounder, names)


def _judged(answer: Any) -> bool | None:
    return answer.check == "yes" if isinstance(answer, Judgement) else None


def _is_quoted(attributed: Sequence[Attributed], statement: Statement) -> bool:
    """Whether the words are the speaker's own, so that `I` is the speaker."""
    assert statement.passage is not None
    return attributed[statement.passage].passage.kind == "direct"


def _claim(
    analysis: Analysis, name: str, draft: _Draft, text: str, check_worthy: bool
) -> Claim:
    statement = draft.statement
    return Claim(
        id=name,
        text=text,
        spans=[span_at(analysis.text, r.start, r.end) for r in statement.spans],
        claimant=draft.claimant,
        modality=statement.modality,
        quotes=[f"q{statement.passage + 1}"] if statement.passage is not None else [],
        check_worthy=check_worthy,
    )
