"""Places: names from a compact gazetteer, and what stands after `in`, `at`, `near`.

The lists are in `lexicon/places.toml`. A demonym (`Iraqi`) is no place, nor is a place
name inside the name of something else (`the Bank of England`, `Paris Lindqvist`).
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from extractor.segmentation.intervals import Intervals
from extractor.segmentation.model import Mention, Range, Segmentation

_CAPITAL = r"[^\W\d_a-zß-öø-ÿ](?:\w|-(?=\w)|['’](?!s\b)(?=\w))*"
_DIRECTION = (
    r"(?:(?:north|south|east|west|northeast|northwest|southeast|southwest)(?:ern)?|"
    r"central|downtown|upper|lower|eastern|western|northern|southern)"
)
_PARTICLE = r"(?:de|del|la|las|los|el|al|ez|es|da|do|dos|am|an der|of the|of)"
_NAME = rf"{_CAPITAL}(?:[ \u00a0](?:{_PARTICLE}[ \u00a0])?{_CAPITAL}){{0,9}}"
"""Ten words at most: a flood of capitals would cost the square of its length."""


@dataclass(frozen=True, slots=True)
class _Patterns:
    """The gazetteer and the patterns made of the word lists."""

    gazetteer: re.Pattern[str]
    headed: re.Pattern[str]
    """`Taji airbase`, `the province of Aleppo`, `University of Velmora`."""
    after_preposition: re.Pattern[str]
    nominal: re.Pattern[str]
    """`at a military base`."""
    not_places: frozenset[str]
    heads: frozenset[str]
    """Nouns that, with a capital, make a place of the name they stand in."""


def find_places(
    segmentation: Segmentation, mentions: Sequence[Mention] | None = None
) -> tuple[Range, ...]:
    """Finds the places an article names.

    Args:
        segmentation: the article.
        mentions: names found in it; a place name strictly inside a longer one of them
            is left out unless a word such as `airport` heads the longer name.

    Returns:
        Ranges in order, not overlapping, without preposition or article.
    """
    patterns = _patterns()
    text = segmentation.flat
    names = Intervals(
        (Range(m.start, m.end), m) for m in mentions or () if m.kind == "name"
    )
    found: list[Range] = []
    for sentence in segmentation.sentences:
        if sentence.boilerplate:
            continue
        for place in _candidates(patterns, text, sentence.start, sentence.end):
            if not _inside_name(patterns, text, place, names):
                found.append(place)
    return _longest(found)


def is_known_place(name: str) -> bool:
    """Whether a name is that of a country, region or large city."""
    return _patterns().gazetteer.fullmatch(name) is not None


def _candidates(
    patterns: _Patterns, text: str, start: int, end: int
) -> Iterator[Range]:
    for match in patterns.gazetteer.finditer(text, start, end):
        if not _continued(patterns, text, match.start(), match.end()):
            yield Range(*match.span())
    for match in patterns.headed.finditer(text, start, end):
        yield _without_first(*match.span("place"), text)
    for match in patterns.nominal.finditer(text, start, end):
        if _STOPPED.isdisjoint(match["place"].lower().split()):
            yield Range(*match.span("place"))
    for match in patterns.after_preposition.finditer(text, start, end):
        place = match["place"]
        words = place.split()
        named = patterns.not_places.isdisjoint({words[0].rstrip("."), words[-1]})
        demonym = _DEMONYM.search(place) and _SMALL_WORD.match(text, match.end())
        if named and not demonym and not (place.isupper() and len(place) < 4):
            yield Range(*match.span("place"))


# "in Syrian territory", but "in Milan on Monday"
_DEMONYM = re.compile(r"(?:an|ish|ese|ic|ern|led|[a-z]i|backed|held)$")
_SMALL_WORD = re.compile(
    r"[ \u00a0](?!(?:on|in|at|and|or|to|for|by|when|where|after|before|as|with|from|is|"
    r"was|are|were|has|had|have|will|said|that|who|which|since|during|but|while|of|over|near|"
    r"last|this|next|early|late)\b)[a-z]"
)
# Words that no nominal place holds: the pattern ran over something else.
_STOPPED = frozenset(
    "the a an of in at on to and or for from with by his her their its is was that as"
    " not said who which it he she they one".split()
)


def _without_first(start: int, end: int, text: str) -> Range:
    """A headed name without a sentence's first word or an article before it."""
    first, _, _ = text[start:end].partition(" ")
    if first in _FIRST_WORDS:
        start += len(first) + 1
    return Range(start, end)


_JOINED_BEFORE = re.compile(rf"({_CAPITAL})[ \u00a0](?:of |de )?(?:the )?$")
_JOINED_AFTER = re.compile(rf"[ \u00a0]({_CAPITAL})|['’-](?!s\b)\w")
_FIRST_WORDS = frozenset(
    "The In At From Near To On Of And But For As After Before Across Around Outside"
    " Inside Northern Southern Eastern Western Central North South East West Upper"
    " Lower When While With Over Both Since By Downtown Mainland Greater Metropolitan"
    " If A An However Police This That Its His Her Their".split()
)


def _continued(patterns: _Patterns, text: str, start: int, end: int) -> bool:
    """Whether a place name is part of a longer name of something else."""
    before = _JOINED_BEFORE.search(text, max(0, start - 30), start)
    if before and before[1] not in _FIRST_WORDS:
        return before[1].lower() not in patterns.heads
    after = _JOINED_AFTER.match(text, end)
    if after is None:
        return False
    word = after[1]
    return word is None or word.lower() not in patterns.heads | _WEEKDAYS


_WEEKDAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday".split()
)


def _inside_name(
    patterns: _Patterns, text: str, place: Range, names: Intervals[Mention]
) -> bool:
    for name in reversed(list(names.overlapping(place.start, place.end))):
        inside = name.start <= place.start and place.end <= name.end
        if inside and (name.start, name.end) != (place.start, place.end):
            words = re.findall(r"\w+", text[name.start : name.end].lower())
            return patterns.heads.isdisjoint(words)
    return False


def _longest(ranges: list[Range]) -> tuple[Range, ...]:
    """Of overlapping ranges the first and longest."""
    kept: list[Range] = []
    for place in sorted(set(ranges), key=lambda r: (r.start, -r.end)):
        if not kept or place.start >= kept[-1].end:
            kept.append(place)
    return tuple(kept)


@cache
def _patterns() -> _Patterns:
    source = resources.files("extractor.segmentation") / "lexicon" / "places.toml"
    data = tomllib.loads(source.read_text(encoding="utf-8"))
    names = {
        " ".join(name.split())
        for table in ("countries", "cities", "regions")
        for name in data[table].split(";")
        if name.strip()
    }
    heads = data["heads"].split()
    head = "|".join(heads)
    small = data["small_heads"].split()
    capital = [word.capitalize() for word in heads if word not in small]
    either = "|".join([head, *capital])
    modifier = "|".join(data["modifiers"].split())
    article = (
        "(?:the|an?|this|that|his|her|its|their|one|two|several|some|many|every|each)"
    )
    adjective = r"(?:[\w-]+[ \u00a0]){0,2}?"
    return _Patterns(
        gazetteer=re.compile(
            rf"(?<![\w.@#])(?:{_alternatives(names)})(?!\w|\.\w)".replace(r"\ ", r"\s")
        ),
        headed=re.compile(
            rf"(?P<place>(?:[“\"‘«](?={_NAME}[”\"’»]))?\b{_NAME}[”\"’»]?[ \u00a0]"
            rf"(?:(?:{modifier}) )?"
            rf"(?:{either})\b(?! of)|"
            rf"(?:Port|Lake|Mount|Fort|Cape|Point|Loch|Isle of) {_NAME}|"
            rf"(?:Rue|Calle|Avenida|Plaza|Via|Piazza|Place|Platz|Avenue) {_NAME}|"
            rf"(?:{either}) of (?:the )?{_NAME})"
        ),
        after_preposition=re.compile(
            rf"\b(?:[Ii]n|[Nn]ear|[Oo]utside|[Aa]round|[Aa]cross|[Ii]nside|[Oo]ff)"
            rf"[ \u00a0](?:{_DIRECTION}[ \u00a0])?(?P<place>{_NAME})"
        ),
        nominal=re.compile(
            r"\b(?:(?:[Ii]n|[Aa]t|[Nn]ear|[Oo]utside|[Ii]nside|[Bb]ehind)"
            rf"(?: {article})?|"
            r"(?:[Ff]rom|[Tt]o|[Ii]nto|[Oo]n|[Aa]cross|[Tt]hrough(?:out)?|[Tt]owards?)"
            rf" {article}) "
            rf"(?P<place>{adjective}(?:{head})s?)\b(?! [a-z]+(?:er|or|ing|age)s?\b)"
        ),
        not_places=frozenset(data["not_places"].split()),
        heads=frozenset(heads) - frozenset(small),
    )


def _alternatives(names: set[str]) -> str:
    """Longest first, so that `New York City` is not `New York`."""
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
