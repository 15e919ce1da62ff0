"""Speakers: the people and bodies behind the words that name them.

Names are matched by rule; the model chooses whom a pronoun stands for where several
fit, and what kind of speaker a name is where its words do not tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from extractor.analysis import Analysis
from extractor.choices import NOBODY, Prior, Trust, combine, is_open, shares
from extractor.questions import Item, tokens_for
from extractor.resolution import (
    PERSON_PRONOUNS,
    UNNAMED,
    Entity,
    Roster,
    find_antecedent,
    is_body,
    is_document,
    is_person,
    kind_of,
    named_by_epithet,
    pronoun_prior,
    resolve_names,
    resolve_nominal,
    suitability,
)
from extractor.schema import Speaker, SpeakerKind
from extractor.segmentation.intervals import Intervals
from extractor.segmentation.model import Mention, Passage, Range
from extractor.tasks import Ask
from extractor.tasks.cast import Cast, Said
from extractor.tasks.quotes import Attributed
from extractor.tasks.snippets import span_at, surroundings

_GOING_ON = frozenset({"add", "continue", "go on", "add on"})
_REPLYING = frozenset(
    {"answer", "counter", "fire back", "hit back", "reply", "respond", "retort"}
)
KINDS: tuple[SpeakerKind, ...] = get_args(SpeakerKind)
INDEFINITE_PRONOUNS = frozenset(
    "some others many several few most another somebody someone everybody everyone "
    "anybody anyone one".split()
)
"""They stand for nobody named before: each is a speaker of its own."""
KNOWN_PRONOUN = 0.95
"""Probability that a speaking pronoun's referent is among the entities before it."""
KNOWN_UNCLEAR = 0.6
"""The same where of none of them the kind is known: `Brandt`, `Brexit`."""


def find_speakers(
    analysis: Analysis, attributed: Sequence[Attributed], ask: Ask, trust: Trust
) -> Cast:
    """Resolve every speaking mention to a speaker and gather its other mentions.

    Args:
        analysis: the article.
        attributed: the quotes with the words that name their speakers.
        ask: asks the model about pronouns and kinds the rules are in doubt of.
        trust: in the model.
    """
    asked = _Pronouns(trust)
    cast, said = _resolve_all(analysis, attributed, asked)
    asked.answers = ask("speakers", list(asked.items.values()))
    if asked.answers:
        cast, said = _resolve_all(analysis, attributed, asked)
    _assemble(analysis, cast, [entity for _, entity in said], ask, trust)
    return cast


@dataclass
class _Pronouns:
    """What is asked about pronouns, and the answers once there are any."""

    trust: Trust
    items: dict[str, Item] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Pronoun:
    """A speaking pronoun and what bears on whom it stands for."""

    mention: Mention
    outer: Entity | None
    """Who speaks the direct quote it stands in."""
    said: list[tuple[int, int]]
    """Where the words stand that it is the speaker of and that do not name him. `The
    firm would sell, it said` does, `Lee would sell, he said` seldom.
    """
    goes_on: bool
    """Whether its cue tells that the last speaker goes on."""
    replies: bool
    """Whether it tells that somebody else answers him."""
    quoted: bool
    """Whether it stands in quotation marks."""


def _resolve_all(
    analysis: Analysis, attributed: Sequence[Attributed], asked: _Pronouns
) -> tuple[Cast, Said]:
    """Resolve the speaking mentions in order: who spoke last bears on who is next."""
    words = Intervals((r, item) for item in attributed for r in item.passage.spans)
    speaking = sorted(
        {item.mention for item in attributed if item.mention},
        key=lambda m: _turn(words, m),
    )
    entities = resolve_names(analysis.flat, analysis.mentions)
    cast = Cast(roster=Roster(entities))
    places = {(place.start, place.end) for place in analysis.places}
    for named in entities:
        located = [m for m in named.mentions if (m.start, m.end) in places]
        named.place = 2 * len(located) > len(named.mentions)
        cast.of.update(dict.fromkeys(named.mentions, named))
    quoted = Intervals(
        (Range(q.start, q.end), q) for q in analysis.segmentation.quotations
    )
    for mention in analysis.mentions:
        inside = any(quoted.overlapping(mention.start, mention.start + 1))
        if mention.kind == "nominal" and not inside:
            _add_role(analysis, cast, mention)
    passages: dict[Mention, list[Passage]] = {}
    for item in attributed:
        if item.mention:
            passages.setdefault(item.mention, []).append(item.passage)
    said: Said = []
    floor: Said = []
    entity: Entity | None
    for k, mention in enumerate(speaking, 1):
        if mention.kind == "pronoun":
            outer = _outer_speaker(analysis, cast, mention, words)
            inside = any(quoted.overlapping(mention.start, mention.start + 1))
            person = analysis.words(mention).lower() in PERSON_PRONOUNS
            pronoun = _pronoun(
                mention, outer, passages[mention], person=person, quoted=inside
            )
            entity = _resolve_pronoun(analysis, cast, pronoun, f"P{k}", floor, asked)
        else:
            entity = _resolve_name(analysis, cast, mention)
        if entity is None:
            continue
        said.append((mention.start, entity))
        if any(map(_takes_the_floor, passages[mention])):
            floor.append((mention.start, entity))
        cast.of[mention] = entity
        cast.roster.mention(entity, mention)
    return cast, said


def _takes_the_floor(passage: Passage) -> bool:
    """Whether a later `she` may go on: not who is only said to have said something."""
    noun = passage.cue is not None and passage.cue.kind == "noun"
    return passage.nested_in is None and not noun


def _add_role(analysis: Analysis, cast: Cast, mention: Mention) -> None:
    """Know people and bodies without a name in the article: a pronoun may mean them."""
    words = analysis.words(mention)
    if is_person(words) or is_body(words) or is_document(words):
        entity = _resolve_name(analysis, cast, mention)
        cast.roster.mention(entity, mention)
        cast.of[mention] = entity


def _resolve_name(analysis: Analysis, cast: Cast, mention: Mention) -> Entity:
    if mention in cast.of:
        return cast.of[mention]
    if mention.kind == "name":
        inner = cast.roster.within(mention.start, mention.end)
        if inner:
            return max(inner, key=lambda named: named[1].end)[0]
    entity = resolve_nominal(analysis.flat, mention, cast.roster)
    if not entity.mentions:
        epithet = named_by_epithet(
            analysis.flat, mention, cast.roster, analysis.segmentation
        )
        if epithet:
            return epithet
        # A new one, unless words of its own are known.
        entity = cast.roster.called(entity.name) or entity
        cast.roster.add(entity)
    return entity


def _resolve_relative(analysis: Analysis, cast: Cast, who: Mention) -> Entity | None:
    antecedent = find_antecedent(analysis.flat, who, analysis.mentions)
    if antecedent is None:
        return None
    entity = _resolve_name(analysis, cast, antecedent)
    cast.roster.mention(entity, antecedent)
    return entity


def _turn(words: Intervals[Attributed], mention: Mention) -> tuple[int, int]:
    """When to resolve a mention: inside a quote after whose words these are."""
    around = [item.mention for item in _quotes_around(words, mention) if item.mention]
    return max([mention.start, *(m.start for m in around)]), len(around)


def _quotes_around(words: Intervals[Attributed], mention: Mention) -> list[Attributed]:
    """The quotes a mention stands in, the innermost first."""
    around = [*words.overlapping(mention.start, mention.start + 1)]
    return [item for item in reversed(around) if item.mention != mention]


def _outer_speaker(
    analysis: Analysis, cast: Cast, mention: Mention, words: Intervals[Attributed]
) -> Entity | None:
    """Who speaks the quote a mention stands in, so far as known."""
    for item in _quotes_around(words, mention):
        if item.mention is None:
            continue
        if item.mention.kind == "pronoun":
            return cast.of.get(item.mention)
        return _resolve_name(analysis, cast, item.mention)
    return None


def _pronoun(
    mention: Mention,
    outer: Entity | None,
    passages: Sequence[Passage],
    *,
    person: bool,
    quoted: bool,
) -> _Pronoun:
    return _Pronoun(
        mention,
        outer,
        [
            (span.start, span.end)
            for passage in passages
            for span in passage.spans
            if passage.kind == "direct" or span.start > mention.start or person
        ],
        _is_cued(passages, _GOING_ON),
        _is_cued(passages, _REPLYING),
        quoted,
    )


def _is_cued(passages: Sequence[Passage], lemmas: frozenset[str]) -> bool:
    return any(p.cue is not None and p.cue.lemma in lemmas for p in passages)


def _resolve_pronoun(
    analysis: Analysis,
    cast: Cast,
    pronoun: _Pronoun,
    name: str,
    said: Said,
    asked: _Pronouns,
) -> Entity | None:
    mention = pronoun.mention
    if analysis.words(mention).lower() == "who":
        return _resolve_relative(analysis, cast, mention)
    if analysis.words(mention) == "I":
        last = said[-1][1] if pronoun.quoted and said else None
        return last if pronoun.outer is None else pronoun.outer
    if analysis.words(mention).lower() in INDEFINITE_PRONOUNS:
        somebody = Entity(name=analysis.words(mention), named=False)
        cast.roster.add(somebody)
        return somebody
    weighted = pronoun_prior(
        analysis.flat,
        mention,
        [
            e
            for e in cast.near(analysis, mention.start)
            if e is not pronoun.outer or not pronoun.quoted
        ],
        analysis.segmentation,
        said,
        said=pronoun.said,
        goes_on=pronoun.goes_on,
        replies=pronoun.replies,
    )
    if not weighted:
        return None
    word = analysis.words(mention).lower()
    clear = any(suitability(word, entity) >= UNNAMED for entity, _ in weighted)
    known = KNOWN_PRONOUN if clear else KNOWN_UNCLEAR
    among = shares([(e.name, w) for e, w in weighted])
    prior = {name: share * known for name, share in among.items()}
    prior[NOBODY] = 1 - known
    if is_open(prior, asked.trust) and name not in asked.items:
        asked.items[name] = _item(analysis, name, "Who is", mention, list(prior))
    choice = combine(prior, asked.answers.get(name), asked.trust)
    return next((entity for entity, _ in weighted if entity.name == choice), None)


def _item(
    analysis: Analysis, name: str, question: str, mention: Mention, choices: list[str]
) -> Item:
    return Item(
        id=name,
        answer=Literal[tuple(choices)],
        values={
            "question": question,
            "mention": analysis.words(mention),
            "around": surroundings(analysis, mention.start, mention.end),
            "choices": choices,
        },
        at=mention.start,
        shown=True,
        tokens=tokens_for(choices),
    )


def _assemble(
    analysis: Analysis, cast: Cast, speaking: list[Entity], ask: Ask, trust: Trust
) -> None:
    entities = list({id(entity): entity for entity in speaking}.values())
    entities.sort(key=lambda e: e.mentions[0].start)
    kinds = _kinds(analysis, cast, entities, ask, trust)
    for k, entity in enumerate(entities, 1):
        name = f"p{k}"
        cast.speakers.append(
            Speaker(
                id=name,
                name=entity.name,
                kind=kinds[k - 1],
                description=entity.description,
                mentions=[
                    span_at(analysis.text, m.start, m.end) for m in _outermost(entity)
                ],
            )
        )
        cast.ids.update(dict.fromkeys(entity.mentions, name))


def _outermost(entity: Entity) -> list[Mention]:
    """The mentions that lie in no longer one: `Sen. Ada Holt`, not `Ada Holt` in it."""
    kept: list[Mention] = []
    for mention in sorted(entity.mentions, key=lambda m: (m.start, -m.end)):
        if not kept or mention.end > kept[-1].end:
            kept.append(mention)
    return kept


def _kinds(
    analysis: Analysis, cast: Cast, entities: list[Entity], ask: Ask, trust: Trust
) -> list[SpeakerKind]:
    """The rules' kind where the words tell, else the model's."""
    priors = [_kind_prior(analysis, cast, entity) for entity in entities]
    items = [
        _item(analysis, f"K{k}", "What is", entity.mentions[0], list(KINDS))
        for k, (entity, prior) in enumerate(zip(entities, priors, strict=True), 1)
        if is_open(prior, trust)
    ]
    answers = ask("speakers", items)
    chosen = [
        combine(prior, answers.get(f"K{k}"), trust) for k, prior in enumerate(priors, 1)
    ]
    return [next(kind for kind in KINDS if kind == choice) for choice in chosen]


def _kind_prior(analysis: Analysis, cast: Cast, entity: Entity) -> Prior:
    known = kind_of(entity)
    if known is None and any(_is_person_pronoun(analysis, m) for m in entity.mentions):
        known = "person"
    if known:
        rest = 0.02 / (len(KINDS) - 1)
        return {kind: 0.98 if kind == known else rest for kind in KINDS}
    return dict(zip(KINDS, (0.45, 0.45, 0.05, 0.03, 0.02), strict=True))


def _is_person_pronoun(analysis: Analysis, mention: Mention) -> bool:
    word = analysis.words(mention).lower()
    return mention.kind == "pronoun" and word in PERSON_PRONOUNS
