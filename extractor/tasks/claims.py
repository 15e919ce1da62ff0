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
from extractor.choices import combine, is_open
from extractor.questions import Item
from extractor.schema import AUTHOR, Claim, Rejected
from extractor.segmentation.model import Range
from extractor.statements import Statement, find_statements
from extractor.tasks import Ask
from extractor.tasks.quotes import Attributed
from extractor.tasks.snippets import span_at
from extractor.tasks.speakers import Cast
from extractor.wording import Wording, check_wording, needs_context, resolve_dates

MAX_ASKED = 14
"""Statements the model is asked about, most check-worthy first."""
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
    prior: dict[str, float]
    reword: bool


def find_claims(
    analysis: Analysis,
    attributed: Sequence[Attributed],
    cast: Cast,
    ask: Ask,
    trust: float,
) -> tuple[list[Claim], list[Rejected]]:
    """The article's claims, and the wordings that were refused.

    Args:
        analysis: the article.
        attributed: its quotes, whose sentences are claims of their speakers.
        cast: who is who.
        ask: asks the model to judge and reword.
        trust: probability that the model's judgement is right.
    """
    drafts = _drafts(analysis, attributed, cast)
    asked = sorted(drafts, key=lambda d: -d.prior["yes"])[:MAX_ASKED]
    items = [
        _item(d) for d in drafts if d in asked and (d.reword or is_open(d.prior, trust))
    ]
    answers = ask("claims", items)
    claims: list[Claim] = []
    rejected: list[Rejected] = []
    for draft in drafts:
        answer = answers.get(draft.name)
        wording = _wording(analysis, cast, draft, answer)
        if wording.rejected:
            rejected.append(wording.rejected)
        claims.append(_claim(analysis, f"c{len(claims) + 1}", draft, wording.text, answer, trust))
    return claims, rejected


def _drafts(
    analysis: Analysis, attributed: Sequence[Attributed], cast: Cast
) -> list[_Draft]:
    drafts = []
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
        text = resolve_dates(statement.text, analysis.published)
        drafts.append(
            _Draft(
                name=f"C{len(drafts) + 1}",
                statement=statement,
                claimant=claimant,
                claimant_name=entity.name if entity else "The article",
                text=text,
                prior={
                    "yes": statement.check_worthy,
                    "no": 1 - statement.check_worthy,
                },
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


def _claim(
    analysis: Analysis, name: str, draft: _Draft, text: str, answer: Any, trust: float
) -> Claim:
    judged = answer.check if isinstance(answer, Judgement) else None
    statement = draft.statement
    return Claim(
        id=name,
        text=text,
        spans=[_span(analysis, r) for r in statement.spans],
        claimant=draft.claimant,
        modality=statement.modality,
        quotes=[f"q{statement.passage + 1}"] if statement.passage is not None else [],
        check_worthy=combine(draft.prior, judged, trust) == "yes",
    )


def _span(analysis: Analysis, stretch: Range) -> Any:
    return span_at(analysis.text, stretch.start, stretch.end)
