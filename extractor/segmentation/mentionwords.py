"""Words that make mentions: titles, roles, ranks, links, heads of bodies."""

from functools import cache

from extractor.segmentation.words import plural, read_lexicon

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
LONGEST_PREFIX = 9
LONGEST_TAIL = 7


@cache
def word_sets(language: str) -> dict[str, frozenset[str]]:
    """The word lists of a language by name, `heads` and `roles` put together."""
    section = read_lexicon(language)["mentions"]
    sets = {name: frozenset(text.split()) for name, text in section.items()}
    single = sets["persons"] | sets["groups"] | sets["documents"]
    many = {plural(noun) for noun in single} if language == "en" else set()
    sets["single"] = single
    sets["records"] = frozenset(plural(noun) for noun in sets["documents"])
    sets["many"] = frozenset(many | sets["plurals"])
    sets["heads"] = single | sets["many"]
    sets["roles"] = sets["persons"] | sets["titles"]
    return sets
