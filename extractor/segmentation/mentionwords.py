"""Words that make mentions: titles, roles, ranks, links, heads of bodies."""

from collections.abc import Iterable
from functools import cache

from extractor.segmentation.words import Word, plural, read_lexicon

PUBLISHED = frozenset(
    "carried published posted released issued aired broadcast".split()
)
LINKS = frozenset("of for from with in at to on".split())
TITLE_MODIFIERS = frozenset(
    "former ex then-president current acting retired late senior top deputy vice "
    "longtime long-time veteran prominent leading chief prime first outgoing incoming "
    "fellow co- interim presidential vice-presidential republican democratic "
    "conservative liberal independent state federal lead".split()
)
AFTER_VERB = frozenset("that what how why whether it him her them".split())
RANKS = frozenset("senior top deputy vice chief lead presidential".split())
CALENDAR = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february april "
    "june july august september october november december jan feb apr jun jul aug sept "
    "sep oct nov dec mon tue tues wed thu thur thurs fri sat sun".split()
)
ORG_LINKS = frozenset(("of", "for", "on"))
_GENITIVE = frozenset(("der", "den"))
"""Part of a German name only behind another particle: `von der Leyen`."""
AFTER_ONE = frozenset((",", ".", "of", "who"))
"""What may follow a pronoun that an inverted verb of saying has as subject."""
BODILY = frozenset(("his", "her", "their"))
"""Before `head` they seldom mean whom somebody works for."""
MOST_DETERMINERS = 2
"""`two other councillors`"""
LONGEST_PREFIX = 9
LONGEST_TAIL = 7
SHORTEST_HEAD = 6
"""Letters of a German noun from which on it is looked for at the end of others."""


@cache
def word_sets(language: str) -> dict[str, frozenset[str]]:
    """The word lists of a language by name, `heads` and `roles` put together."""
    lexicon = read_lexicon(language)
    section, grammar = lexicon["mentions"], lexicon.get("grammar", {})
    sets = {name: frozenset(text.split()) for name, text in section.items()}
    single = sets["persons"] | sets["groups"] | sets["documents"]
    many = {plural(noun) for noun in single} if language == "en" else set()
    sets["single"] = single
    sets["records"] = frozenset(plural(noun) for noun in sets["documents"])
    sets["many"] = frozenset(many | sets["plurals"])
    sets["heads"] = single | sets["many"]
    sets["roles"] = sets["persons"] | sets["titles"]
    sets["joining"] = sets["particles"] - (_GENITIVE if language == "de" else set())
    sets["unjoined"] = frozenset({"the"} | (sets["heads"] if grammar else set()))
    sets["calendar"] = frozenset() if grammar else CALENDAR
    sets["closed"] = frozenset(w for words in grammar.values() for w in words.split())
    return sets


def sets_of(language: str, words: Iterable[Word]) -> dict[str, frozenset[str]]:
    """The word lists for a text, with its compounds if it is German.

    Args:
        language: that of the lexicon.
        words: the words of the text.
    """
    sets = word_sets(language)
    if language != "de":
        return sets
    return _with_compounds(sets, {word.low for word in words})


def _with_compounds(
    sets: dict[str, frozenset[str]], words: set[str]
) -> dict[str, frozenset[str]]:
    """The word lists with compounds of their nouns: `Polizeisprecherin`."""
    grown = dict(sets)
    for name in ("persons", "groups", "documents", "titles"):
        ends = tuple(head for head in sets[name] if len(head) >= SHORTEST_HEAD)
        found = {word for word in words if word.endswith(ends)}
        grown[name] = sets[name] | found
    titled = {word for word in grown["persons"] if word not in sets["persons"]}
    grown["titles"] |= titled
    grown["single"] = grown["persons"] | grown["groups"] | grown["documents"]
    grown["heads"] = grown["single"] | sets["many"]
    grown["roles"] = grown["persons"] | grown["titles"]
    return grown
