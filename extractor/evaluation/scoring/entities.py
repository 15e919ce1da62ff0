"""Which labelled entity a found one is, and whether a quote has the right speaker.

A found entity is tied to the labelled one that most of its mentions and its name speak
for, so that a quote whose speaker is "He" is right where "He" was resolved to the right
person. Names are compared as an alias list, never as raw strings.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Final

from extractor.evaluation.gold import Entity, GoldArticle, GoldQuote
from extractor.schema import Span
from extractor.segmentation.timewords import LANGUAGES
from extractor.segmentation.words import read_lexicon

_NAME: Final = 4
"""What an equal name is worth beside one shared mention by a name or a role."""
_HEADLINE: Final = 10_000
"""What the entity's own name is worth: more than any number of mentions."""
_PART: Final = 2
"""What a name is worth that holds the other: `Sen. Ann Lee` and `Ann Lee`."""
_MENTION: Final = 2
_PRONOUN: Final = 1
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_OBJECT_FORMS: Final = frozenset(
    "him her them us me his hers their theirs its himself herself themselves itself "
    "ihm ihn ihr ihnen lui leur eux le la les lo los las".split()
)
_ARTICLES: Final = frozenset("the a an".split())


def map_entities(gold: GoldArticle, predicted: GoldArticle) -> dict[str, str]:
    """The labelled entity that each found one is, by id.

    Several found entities may be one labelled one; an entity nobody labelled is left
    out. Quotes' speaker mentions count as mentions of their speakers.
    """
    labelled = {e.id: _mentions(gold, e) for e in gold.entities}
    found = {}
    for entity in sorted(predicted.entities, key=lambda e: e.id):
        mentions = _mentions(predicted, entity)
        votes = {
            other.id: _votes(entity, mentions, other, labelled[other.id])
            for other in gold.entities
        }
        best = max(votes.values(), default=0)
        if best:
            found[entity.id] = min(id_ for id_, v in votes.items() if v == best)
    return found


def normalise_name(name: str) -> tuple[str, ...]:
    """The words of a name, folded, without articles, possessives and punctuation."""
    words = (_POSSESSIVE.sub("", word) for word in _WORD.findall(name.casefold()))
    return tuple(
        word.replace(".", "") for word in words if word and word not in _ARTICLES
    )


@cache
def pronouns() -> frozenset[str]:
    """Pronouns of all languages that have a lexicon, in small letters."""
    words = set(_OBJECT_FORMS)
    for language in LANGUAGES:
        for section in read_lexicon(language).values():
            for key in ("pronouns", "pronouns_other"):
                words.update(section.get(key, "").casefold().split())
    return frozenset(words)


def is_pronoun(text: str) -> bool:
    """Whether a mention is a pronoun."""
    return text.casefold() in pronouns()


def same_name(one: Iterable[str], other: Iterable[str]) -> int:
    """How well two lists of names agree: 0 not at all, `_PART`, `_NAME` equal."""
    first = {normalise_name(name) for name in one} - {()}
    second = {normalise_name(name) for name in other} - {()}
    if first & second:
        return _NAME
    for a in first:
        for b in second:
            shorter, longer = sorted((a, b), key=len)
            if len(shorter) > 1 and _holds(longer, shorter):
                return _PART
    return 0


def overlap(one: Span | None, other: Span | None) -> bool:
    """Whether two spans share a character."""
    return bool(one and other and one.start < other.end and other.start < one.end)


def has_right_speaker(
    gold: GoldQuote,
    predicted: GoldQuote,
    mapped: dict[str, str],
    predicted_entities: dict[str, Entity],
) -> bool:
    """Whether a found quote is given to whom the label gives it.

    By entity where the label has one; by the mention where it has only that; where it
    has neither, nobody is right.

    Args:
        gold: the label.
        predicted: what was found for it.
        mapped: of `map_entities`.
        predicted_entities: by id.
    """
    if gold.speaker is None and gold.speaker_mention is None:
        return predicted.speaker is None and predicted.speaker_mention is None
    if gold.speaker is not None and predicted.speaker is not None:
        return mapped.get(predicted.speaker) == gold.speaker
    if overlap(gold.speaker_mention, predicted.speaker_mention):
        return True
    if predicted.speaker_mention is None and predicted.speaker is not None:
        mentions = predicted_entities[predicted.speaker].mentions
        return any(overlap(gold.speaker_mention, m) for m in mentions)
    return False


def _mentions(article: GoldArticle, entity: Entity) -> list[Span]:
    spoken = [q.speaker_mention for q in article.quotes if q.speaker == entity.id]
    spans = {(s.start, s.end): s for s in [*entity.mentions, *spoken] if s}
    return list(spans.values())


def _names(entity: Entity, mentions: Iterable[Span]) -> list[str]:
    short = (m.text for m in mentions if not is_pronoun(m.text))
    return [entity.name, *entity.aliases, *short]


def _votes(
    entity: Entity, mentions: list[Span], other: Entity, labelled: list[Span]
) -> int:
    votes = Counter[str]()
    # Whoever reads the result reads the name, whatever else was taken for its own.
    if same_name([entity.name], [other.name]) == _NAME:
        votes["headline"] = _HEADLINE
    votes["name"] = same_name(_names(entity, mentions), _names(other, labelled))
    for mention in mentions:
        if any(overlap(mention, one) for one in labelled):
            weight = _PRONOUN if is_pronoun(mention.text) else _MENTION
            votes["mentions"] += weight
    return votes.total()


def _holds(longer: tuple[str, ...], shorter: tuple[str, ...]) -> bool:
    width = len(shorter)
    return any(longer[i : i + width] == shorter for i in range(len(longer) - width + 1))
