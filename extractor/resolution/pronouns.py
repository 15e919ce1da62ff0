"""Whom a pronoun may stand for, with weights.

What the rules cannot decide is offered to the model as a choice with a prior. Offsets
are code points of the article.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from extractor.resolution.entities import Entity, gender_of, is_person, kind_of
from extractor.segmentation.model import Mention, Segmentation, Sentence
from extractor.segmentation.words import first_names

DECAY = 0.5
"""Weight of one sentence further away."""
SUBJECT = 2.5
"""Weight of whom a sentence names first as a later pronoun's referent."""
SUBJECT_BEFORE = 6.0
"""The same in the sentence right before the pronoun's, in its paragraph."""
OTHER_PARAGRAPH = 0.3
"""Weight of whom the pronoun's paragraph has not named: a new one often turns to
somebody else."""
PROMINENCE = 0.15
"""Exponent of how often somebody was named before."""
UNNAMED, UNCLEAR = 0.4, 0.05
"""Weight of a role without a name, and of a name whose kind its words do not tell."""
UNSURE, UNLIKELY = 0.5, 0.05
"""Weight of a person of whom no word tells whether it is a woman or a man, and of a
lone name such as `Warren` for `she`."""
LAST_SPEAKER = 5.0
"""Weight of whoever was quoted last."""
REPLIED = 0.03
"""The same where the cue tells that somebody else answers: `she replied`."""
GOES_ON = 100.0
"""The same once more where the cue tells that somebody goes on: `she added`."""
NAMED_INSIDE = 0.001
"""Weight of who is named in the words themselves: of oneself one says `I`. So little
that a small model's opinion does not count against it."""

FRONTED = 0.02
"""Weight of who stands in the phrase right before: `After meeting Lee, he`."""

REACH = 60
"""Sentences before a pronoun in which whom it means is named."""
NEAR = 60
"""Mentions before a relative in which its antecedent is looked for."""

_HANGING = re.compile(
    r"(?<!ccording\s)\b(?:than|by|for|with|of|from|to|at|on|in|against|about|and|or|like|"
    r"under|over)\s+(?:(?:the|an?|his|her|its|their)\s+(?:[\w-]+\s+){0,2})?$"
)
"""What hangs a name on something else: `more guarded than Brun`, `a son of Brun`."""

_TOLD = re.compile(r"\b(?:told|tells|telling)\s(?:the\s)?\Z", re.IGNORECASE)

_FRONTING = re.compile(
    r"(?:[A-Z][a-z]+ing|(?:Asked|Pressed|Urged|Told) (?:\w+ ){0,4}by|According to|"
    r"After|Before|With|Unlike|Like|Beside|For|To) "
)
_OWNING = re.compile(r"['’]s?\s")
_HE = frozenset({"he", "him", "his", "er", "il", "él", "ele"})
_SHE = frozenset({"she", "her", "sie", "elle", "ella", "ela"})
PERSON_PRONOUNS = _HE | _SHE | {"i", "who"}
STREETS = frozenset("road street lane avenue drive boulevard highway".split())
"""What they end, nobody speaks for."""
THING_PRONOUNS = frozenset({"it", "its", "which"})
INDEFINITE = frozenset(
    "one another someone somebody anyone everyone everybody nobody none some several "
    "many most few others".split()
)
"""Who says so is named nowhere, whatever group he is one of."""


def find_antecedent(
    text: str, who: Mention, mentions: Sequence[Mention]
) -> Mention | None:
    """The name or role a relative `who` refers to: the one right before its clause.

    In `an engineer who saw it, and who asked not to be named` both refer to the first.
    """
    at = who.start
    here = bisect_left(mentions, at, key=_start)
    near = mentions[max(0, here - NEAR) : here]
    for mention in sorted(near, key=lambda m: (-m.end, m.start)):
        if mention.end > at or (mention.kind == "pronoun" and mention.end == at):
            continue
        between = text[mention.end : at]
        if re.search(r"[.!?”\n]", between):
            return None
        if mention.kind != "pronoun" and re.fullmatch(r",?\s(?:and\s)?", between):
            return mention
        if mention.kind == "pronoun" and _is_who(text, mention):
            at = mention.start
    return None


def _is_who(text: str, mention: Mention) -> bool:
    return text[mention.start : mention.end].lower() == "who"


def last_before(entity: Entity, offset: int) -> int:
    """Start of the entity's last mention before `offset`, -1 if there is none."""
    k = bisect_left(entity.mentions, offset, key=_start)
    return entity.mentions[k - 1].start if k else -1


def pronoun_prior(
    text: str,
    pronoun: Mention,
    entities: Sequence[Entity],
    segmentation: Segmentation,
    speaking: Sequence[tuple[int, Entity]],
    *,
    said: Sequence[tuple[int, int]] = (),
    goes_on: bool = False,
    replies: bool = False,
) -> list[tuple[Entity, float]]:
    """Entities a pronoun may stand for with weights, best first.

    Nearer is likelier, a sentence's first name likelier than its others, and whoever
    was quoted last likeliest.

    Args:
        text: the article.
        pronoun: the mention to resolve.
        entities: those it may mean, mentions in order.
        segmentation: for counting sentences between.
        speaking: who was quoted so far: offset and entity, in order.
        said: where the words stand that the pronoun is the speaker of.
        goes_on: whether their cue tells that the last speaker goes on.
        replies: whether it tells that somebody else answers the last speaker.
    """
    word = text[pronoun.start : pronoun.end].lower()
    sentences = segmentation.sentences
    here = bisect_right(sentences, pronoun.start, key=lambda s: s.start)
    spoken = bisect_left(speaking, pronoun.start, key=lambda said: said[0])
    last_speaker = speaking[spoken - 1][1] if spoken else None
    weighted = []
    fitting = [
        (e, suitability(word, e), last_before(e, pronoun.start)) for e in entities
    ]
    personal = word in PERSON_PRONOUNS
    fitting = [
        (entity, fit, last)
        for entity, fit, last in fitting
        if fit and last >= 0 and (personal or not _is_told(text, last))
    ]
    leading = _Leading(text, [entity for entity, _, _ in fitting])
    for entity, fit, last in fitting:
        sentence = bisect_right(sentences, last, key=lambda s: s.start)
        weight = fit * DECAY ** (here - sentence)
        named_in = sentences[sentence - 1]
        until = min(named_in.end, pronoun.start)
        if leading.of(named_in.start, until) is entity:
            near = sentence in (here, here - 1) and _share_paragraph(
                segmentation, sentence, here
            )
            weight *= SUBJECT_BEFORE if near else SUBJECT
        if not _share_paragraph(segmentation, sentence, here):
            weight *= OTHER_PARAGRAPH
        named = bisect_left(entity.mentions, pronoun.start, key=_start)
        weight *= named**PROMINENCE
        if entity is last_speaker:
            weight *= REPLIED if replies else LAST_SPEAKER
            weight *= GOES_ON if goes_on else 1.0
        if personal and _is_fronted(text, named_in, entity, pronoun):
            weight *= FRONTED
        if any(_is_named_in(entity, start, end) for start, end in said):
            weight *= NAMED_INSIDE
        weighted.append((entity, weight))
    weighted.sort(key=lambda pair: -pair[1])
    return weighted[:5]


def _is_told(text: str, offset: int) -> bool:
    """`told the Herald. “They knew.”`: the paper is not who knew."""
    return _TOLD.search(text[max(0, offset - 20) : offset]) is not None


def _is_fronted(
    text: str, sentence: Sentence, entity: Entity, pronoun: Mention
) -> bool:
    """Whether somebody stands in a phrase before his clause: `Answering Lee, he`."""
    k = bisect_left(entity.mentions, pronoun.start, key=_start) - 1
    between = text[entity.mentions[k].end : pronoun.start]
    before = text[sentence.start : entity.mentions[k].start]
    return between == ", " and _FRONTING.match(before) is not None


class _Leading:
    """Whom each sentence names first, of those that a pronoun may stand for."""

    def __init__(self, text: str, entities: Sequence[Entity]) -> None:
        self._text = text
        self._entities = entities
        self._known: dict[int, Entity | None] = {}

    def of(self, start: int, end: int) -> Entity | None:
        """The first, unless a preposition hangs it on something else."""
        if start not in self._known:
            named = [
                (mention.start, k)
                for k, entity in enumerate(self._entities)
                for mention in _mentions_in(entity, start, end)
                if not _OWNING.match(self._text, mention.end)
            ]
            at, k = min(named, default=(start, -1))
            hung = _HANGING.search(self._text, start, at)
            self._known[start] = None if k < 0 or hung else self._entities[k]
        return self._known[start]


def _start(mention: Mention) -> int:
    return mention.start


def _is_named_in(entity: Entity, start: int, end: int) -> bool:
    """Whether a mention that is no pronoun begins in a stretch."""
    inside = _mentions_in(entity, start, end)
    return any(m.kind != "pronoun" for m in inside)


def _mentions_in(entity: Entity, start: int, end: int) -> list[Mention]:
    low = bisect_left(entity.mentions, start, key=_start)
    high = bisect_left(entity.mentions, end, key=_start)
    return entity.mentions[low:high]


def reach_of(segmentation: Segmentation, offset: int) -> int:
    """From where on somebody named may be meant by a pronoun at an offset."""
    here = bisect_right(segmentation.sentences, offset, key=lambda s: s.start)
    return segmentation.sentences[here - REACH].start if here >= REACH else 0


def _share_paragraph(segmentation: Segmentation, one: int, other: int) -> bool:
    """Whether two sentences, counted from 1, stand in one paragraph."""
    sentences = segmentation.sentences
    return sentences[one - 1].paragraph == sentences[other - 1].paragraph


def suitability(word: str, entity: Entity) -> float:
    """How well an entity suits a pronoun: 1, less where its kind is unclear, 0 not.

    Args:
        word: the pronoun in small letters.
        entity: whom it may stand for.
    """
    if word in INDEFINITE or entity.name.lower().split()[-1] in STREETS:
        return 0.0
    kind = kind_of(entity)
    if word in PERSON_PRONOUNS:
        if not entity.named:
            return UNNAMED * _suits(word, entity) if is_person(entity.name) else 0.0
        if kind is None:
            low = entity.name.lower()
            return 0.0 if low.endswith("s") else UNCLEAR
        return _suits(word, entity) if kind == "person" else 0.0
    if word in THING_PRONOUNS:
        return {"organization": 1.0, "document": 1.0, None: UNCLEAR}.get(kind, 0.0)
    return {"organization": 1.0, "group": 1.0, None: UNCLEAR}.get(kind, 0.0)


def _suits(word: str, entity: Entity) -> float:
    """How well a person suits `he` or `she`: not at all where known to be the other."""
    gender = gender_of(entity)
    if gender is None and entity.name.lower() in first_names("male"):
        return UNLIKELY if word in _SHE else 1.0
    if gender is None:
        return UNSURE if entity.named else 1.0
    other = _SHE if gender == "male" else _HE
    return 0.0 if word in other else 1.0
