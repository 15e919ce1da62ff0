"""Claims: what is stated as fact, by whom, in words that stand alone.

Every sentence of a quote and of the article's own narration is a possible claim. Its
words are the article's; the model judges whether it can be checked. What a pronoun
certainly stands for takes its place (`extractor.tasks.referring`); a large model is
also asked about the others, except what speakers mean by `we`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from extractor.analysis import Analysis
from extractor.choices import NOBODY, Prior, Trust, believe, combine, is_open, shares
from extractor.dating import resolve_dates
from extractor.questions import Item, tokens_for
from extractor.resolution import (
    Entity,
    Referents,
    bare,
    kind_of,
    pronoun_prior,
    suitability,
)
from extractor.schema import AUTHOR, Claim, Rejected
from extractor.segmentation.clauses import read_predicate
from extractor.segmentation.model import Mention, Range
from extractor.statements import Statement, find_statements
from extractor.tasks import Ask
from extractor.tasks.cast import Cast
from extractor.tasks.quotes import Attributed
from extractor.tasks.referring import place_of, settle
from extractor.tasks.snippets import ground_phrase, span_at
from extractor.wording import (
    Pronoun,
    fill,
    negated,
    open_pronouns,
)

CHECK_WORTHY = 0.4
REPORTED = 0.4
"""Narration below this check-worthiness is no claim; what somebody said always is."""
SPEAKER_FIRST = 8.0
"""Weight of the speaker as the referent of an opening pronoun in indirect speech."""
KNOWN_REFERENT = 0.9
"""Probability that a person's pronoun refers to one of the entities before it."""
REFERENT_WORDS = 4
"""Words of a referent beside its article: a name or a short noun phrase."""
CHECK_TOKENS, ANCHOR_TOKENS = 16, 30
"""Tokens that a yes or no with its field may take, and words for a referent."""
_LONGER = re.compile(r"[,;:()]|(?:who|whom|whose|which|that|where|when)", re.IGNORECASE)
_PLURAL = re.compile(r"(?<![suis])s$|(?:people|men|women|children)$", re.IGNORECASE)

Anchor = Annotated[str, Field(max_length=60)]


class Answer(BaseModel):
    """The model's answer about one statement.

    A field per pronoun is added, and `check` (yes or no) where the rules are in doubt
    whether the statement is worth checking.
    """

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A pronoun of a statement with the rules' candidates."""

    pronoun: Pronoun
    at: int
    """Offset in the article."""
    prior: Prior
    """Over entity names; empty where only the model can point."""


@dataclass(frozen=True, slots=True)
class _Draft:
    """A statement on its way to a claim."""

    name: str
    statement: Statement
    claimant: str
    """Speaker id or `author`."""
    claimant_name: str
    text: str
    """The statement's words with its dates and certain pronouns resolved."""
    doubts: tuple[_Doubt, ...]

    def is_check_worthy(self, answer: bool | None, trust: Trust) -> bool:
        """Whether a fact-checker would and could check it."""
        return believe(self.statement.check_worthy, answer, trust) >= CHECK_WORTHY

    def open_doubts(self, trust: Trust) -> list[_Doubt]:
        """The pronouns whose referent an answer could change."""
        return [d for d in self.doubts if not d.prior or is_open(d.prior, trust)]

    def is_undecided(self, trust: Trust) -> bool:
        """Whether the rules are in doubt about it and an answer could decide."""
        yes, no = (self.is_check_worthy(answer, trust) for answer in (True, False))
        return yes != no and not trust.is_sure(self.statement.check_worthy)

    def is_open(self, trust: Trust) -> bool:
        """Whether an answer could change the claim."""
        if not trust.claims:
            return False
        return self.is_undecided(trust) or bool(self.open_doubts(trust))


def find_claims(
    analysis: Analysis,
    attributed: Sequence[Attributed],
    cast: Cast,
    ask: Ask,
    trust: Trust,
) -> tuple[list[Claim], list[Rejected]]:
    """The article's claims, and the referents that it does not name.

    Args:
        analysis: the article.
        attributed: its quotes, whose sentences are claims of their speakers.
        cast: who is who.
        ask: asks the model to judge statements and to point at referents.
        trust: in the model.
    """
    drafts = _drafts(analysis, attributed, cast, trust)
    open_ones = [draft for draft in drafts if draft.is_open(trust)]
    answers = ask("claims", [_item(draft, trust) for draft in open_ones])
    claims: dict[tuple[str, str], Claim] = {}
    rejected: list[Rejected] = []
    for draft in drafts:
        answer = answers.get(draft.name)
        referents, refused = _referents(analysis, draft, answer, trust)
        rejected += refused
        claim = _claim(analysis, draft, fill(draft.text, referents), answer, trust)
        _add(claims, claim)
    return list(claims.values()), rejected


def _add(claims: dict[tuple[str, str], Claim], claim: Claim) -> None:
    """Add a claim; a repeated one is further evidence of the first."""
    key = (claim.claimant, claim.text)
    same = claims.get(key)
    if same is None:
        claims[key] = claim.model_copy(update={"id": f"c{len(claims) + 1}"})
        return
    quotes = [*same.quotes, *(q for q in claim.quotes if q not in same.quotes)]
    spans = [*same.spans, *(s for s in claim.spans if s not in same.spans)]
    claims[key] = same.model_copy(update={"spans": spans, "quotes": quotes})


def _drafts(
    analysis: Analysis, attributed: Sequence[Attributed], cast: Cast, trust: Trust
) -> list[_Draft]:
    drafts: list[_Draft] = []
    referents = Referents(analysis.segmentation, cast.roster, cast.of)
    statements = find_statements(
        analysis.segmentation,
        [item.passage for item in attributed],
        analysis.document.language,
    )
    said = [
        (item.mention.start, cast.of[item.mention])
        for item in attributed
        if item.mention is not None and item.mention in cast.of
    ]
    for statement in statements:
        source = None if statement.passage is None else attributed[statement.passage]
        if source is None and statement.check_worthy < REPORTED:
            continue
        if source is not None and source.mention not in cast.ids:
            continue  # nobody knows whose claim it is; the article's it is not
        name = f"C{len(drafts) + 1}"
        dated = statement.text
        if source is None or source.passage.kind != "direct":
            dated = resolve_dates(dated, analysis.published)
        text = settle(analysis, referents, statement, source, dated)
        if statement.modality == "denied" and source is not None:
            text = negated(text)
        draft = _draft(cast, name, statement, source, text)
        doubts = _doubts(analysis, cast, said, draft, source) if trust.names else ()
        drafts.append(replace(draft, doubts=tuple(doubts)))
    return drafts


def _draft(
    cast: Cast, name: str, statement: Statement, source: Attributed | None, text: str
) -> _Draft:
    mention = source.mention if source else None
    speaker = cast.of.get(mention) if mention else None
    return _Draft(
        name=name,
        statement=statement,
        claimant=cast.ids[mention] if mention else AUTHOR,
        claimant_name=speaker.name if speaker else "The article",
        text=text,
        doubts=(),
    )


def _doubts(
    analysis: Analysis,
    cast: Cast,
    said: Sequence[tuple[int, Entity]],
    draft: _Draft,
    source: Attributed | None,
) -> Iterator[_Doubt]:
    """The third persons of a statement that the rules could not place."""
    own_words = source is not None and source.passage.kind == "direct"
    mention = source.mention if source else None
    speaker = cast.of.get(mention) if mention else None
    for pronoun in open_pronouns(draft.text):
        if pronoun.is_first_person:
            continue
        at = place_of(analysis, draft.statement, pronoun)
        # Of themselves people say `I`, and of others `he`.
        near = cast.near(analysis, at)
        others = [e for e in near if not (own_words and e is speaker)]
        means_speaker = speaker if not own_words and pronoun.start == 0 else None
        prior = _prior(analysis, others, pronoun, at, said, means_speaker)
        yield _Doubt(pronoun, at, prior)


def _prior(
    analysis: Analysis,
    entities: Sequence[Entity],
    pronoun: Pronoun,
    at: int,
    said: Sequence[tuple[int, Entity]],
    speaker: Entity | None,
) -> Prior:
    """The rules' referents of a person's pronoun, or of one that means the speaker."""
    mention = Mention(at, at + len(pronoun.word), "pronoun")
    weighted = pronoun_prior(
        analysis.flat, mention, entities, analysis.segmentation, said
    )
    weights = [(e.name, w) for e, w in weighted if _suits(pronoun, e)]
    if speaker is not None and _suits(pronoun, speaker):
        top = max((weight for _, weight in weights), default=1.0)
        weights.append((speaker.name, top * SPEAKER_FIRST))
    elif pronoun.key in ("it", "they"):
        return {}
    known = shares(weights)
    prior = {name: share * KNOWN_REFERENT for name, share in known.items()}
    return {**prior, NOBODY: 1 - KNOWN_REFERENT} if prior else {}


def _suits(pronoun: Pronoun, entity: Entity) -> bool:
    """Whether a pronoun can mean an entity: `it` no person, `he` no woman."""
    return suitability(pronoun.key, entity) > 0


def _item(draft: _Draft, trust: Trust) -> Item:
    asked = draft.open_doubts(trust)
    fields: dict[str, Any] = {}
    if draft.is_undecided(trust):
        check: Any = Literal["yes", "no"]
        fields["check"] = (check, ...)
    for doubt in asked:
        choices: Any = Literal[tuple(doubt.prior)] if doubt.prior else Anchor
        fields[doubt.pronoun.key] = (choices, ...)
    return Item(
        id=draft.name,
        answer=create_model("ClaimAnswer", __base__=Answer, **fields),
        values={
            "claimant": draft.claimant_name,
            "statement": draft.text,
            "check": "check" in fields,
            "pronouns": [
                {"word": d.pronoun.key, "choices": list(d.prior)} for d in asked
            ],
        },
        at=draft.statement.spans[0].start,
        tokens=CHECK_TOKENS
        + sum(tokens_for(d.prior) if d.prior else ANCHOR_TOKENS for d in asked),
    )


def _referents(
    analysis: Analysis, draft: _Draft, answer: Any, trust: Trust
) -> tuple[Mapping[Pronoun, str], list[Rejected]]:
    referents: dict[Pronoun, str] = {}
    rejected: list[Rejected] = []
    for doubt in draft.doubts:
        said = getattr(answer, doubt.pronoun.key, None)
        if not said:
            continue
        if doubt.prior:
            chosen = combine(doubt.prior, said, trust)
            if chosen != NOBODY:
                referents[doubt.pronoun] = chosen
        else:
            referent, refused = _ground(analysis, doubt, said)
            if referent:
                referents[doubt.pronoun] = referent
            rejected += refused
    return referents, rejected


def _ground(
    analysis: Analysis, doubt: _Doubt, words: str
) -> tuple[str | None, list[Rejected]]:
    """The article's own words for a referent; it must stand before its pronoun."""
    if open_pronouns(words) or not _is_name(words) or not _agrees(doubt.pronoun, words):
        return None, []
    before = Range(0, max(1, doubt.at))
    grounding = ground_phrase(analysis, words, near=doubt.at, within=before)
    if len(grounding.spans) == 1:
        return grounding.spans[0].text, []
    refused = Rejected(
        task="claims",
        text=words,
        verdict=grounding.verdict,
        nearest=grounding.nearest,
        diff=grounding.diff,
    )
    return None, [refused]


def _is_name(words: str) -> bool:
    """Whether words name something in short, without a clause."""
    longer = len(bare(words).split()) > REFERENT_WORDS or _LONGER.search(words)
    return not longer and not read_predicate(words).certain


def _agrees(pronoun: Pronoun, words: str) -> bool:
    """Whether a pronoun can mean what words name: `it` no person and nothing plural."""
    if pronoun.key != "it":
        return True
    kind = kind_of(Entity(bare(words), named=words[:1].isupper()))
    return kind not in ("person", "group") and not _PLURAL.search(bare(words))


def _claim(
    analysis: Analysis, draft: _Draft, text: str, answer: Any, trust: Trust
) -> Claim:
    statement = draft.statement
    check = getattr(answer, "check", None)
    judged = None if check is None else check == "yes"
    return Claim(
        id=draft.name,
        text=text,
        spans=[span_at(analysis.text, r.start, r.end) for r in statement.spans],
        claimant=draft.claimant,
        modality=statement.modality,
        quotes=[] if statement.passage is None else [f"q{statement.passage + 1}"],
        check_worthy=draft.is_check_worthy(judged, trust),
    )
