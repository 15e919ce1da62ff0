"""Words and punctuation with their offsets, and the lexica that name them.

Clitics (`'s`, `'ll`) are words of their own, so that a name ends where its letters
end; an initial (`J.`) and a dotted acronym (`U.S.`) keep their dots.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Literal

_PLAIN = r"""
    (?P<dotted>(?:[^\W\d_]\.){2,})
  | (?P<initial>[A-ZÀ-ÖØ-Þ]\.)(?=\s?[^\W\d_])
  | (?P<clitic>['’](?i:s|ll|ve|d|re|m)\b)
  | (?P<number>\d+(?:[.,:]\d+)*%?(?![^\W_]|-[^\W\d_]))
  | (?P<word>[^\W_]+
      (?:(?!['’](?i:s|ll|ve|d|re|m)\b)[-‑'’&·][^\W_]+)*
      (?:\.(?:com|org|net)\b)?)
  | (?P<punct>\S)
"""
_JOINED = {
    "fr": r"""
    (?P<elided>(?<!\w)(?:[CcDdJjLlSsTtmn]|(?:[Ll]ors|[Pp]uis|[Jj]us)?[Qq]u)['’]
      (?=[^\W\d_]))
  | (?P<hyphen>(?<=\w)-(?:t-)?(?=(?:je|tu|ils?|elles?|on|nous|vous)\b))
  | (?P<verb>[^\W\d_]+(?=-(?:t-)?(?:je|tu|ils?|elles?|on|nous|vous)\b))
  |""",
    "pt": r"""
    (?P<hyphen>(?<=\w)-(?=(?:me|te|se|lhes?|nos|[oa]s?)\b))
  | (?P<verb>[^\W\d_]{3,}(?=-(?:me|te|se|lhes?|nos|[oa]s?)\b))
  |""",
}
"""Articles and pronouns joined to a word, by language: `l'élue`, `a-t-il`."""
_WORD = {
    language: re.compile(_JOINED.get(language, "") + _PLAIN, re.VERBOSE)
    for language in ("en", *_JOINED)
}

_ARTICLE = re.compile(r"(?:a[bdlnrstz]|a[lr]d|el|ul)-[A-ZÀ-ÖØ-Þ]")
"""The Arabic article before a name: `al-Hadid` counts as capitalised."""
_LANGUAGES = ("en", "de", "fr", "es", "pt")
_OPENING = frozenset("\"“„«‹‘'([:–—-•*|>")


QUALIFIERS = frozenset(
    "previous recent current various several numerous similar different additional "
    "further separate initial existing subsequent earlier later".split()
)
"""Capitalised at the beginning of a sentence, they name nobody."""


_NO_ADVERBS = frozenset(
    "ally anomaly assembly belly bully butterfly elderly family fly homily italy jelly "
    "july likely lily melancholy monopoly rally reply supply tally unlikely".split()
)
"""English words that end as adverbs do and are none."""


def ends_as_adverb(low: str) -> bool:
    """Whether a word in lower case looks like an English adverb of manner."""
    return low.endswith("ly") and low not in _NO_ADVERBS


@dataclass(frozen=True, slots=True)
class Word:
    """A word, number, clitic or punctuation mark."""

    start: int
    end: int
    low: str
    """Lower case with a straight apostrophe; its length may differ from the text's."""
    capital: bool
    """Starts with a capital letter."""
    alpha: bool
    """A word, clitic or number, no punctuation."""
    gap: bool
    """White space with a line break, or the start of the text, stands before it."""


@lru_cache(maxsize=16)  # of one text the words are wanted again and again
def split_words(text: str, language: str = "en") -> tuple[Word, ...]:
    """Words and punctuation marks of a text, in order.

    Args:
        text: any text; offsets of the words are code points of it.
        language: that of the lexicon; in French `l'élue` and `a-t-il` are several
            words, in Portuguese `disse-me`.
    """
    found = []
    last = 0
    for match in _WORD.get(language, _WORD["en"]).finditer(text):
        start, end = match.span()
        surface = match.group()
        found.append(
            Word(
                start,
                end,
                surface.lower().replace("’", "'").replace("‑", "-"),
                surface[0].isupper() or bool(_ARTICLE.match(surface)),
                match.lastgroup not in ("punct", "hyphen"),
                last == 0 or "\n" in text[last:start],
            )
        )
        last = end
    return tuple(found)


def sentence_initial(words: Iterable[Word], starts: Iterable[int]) -> set[int]:
    """Indices of words whose capital says nothing: they begin a sentence or quotation.

    Args:
        words: words of the text.
        starts: offsets at which sentences begin.
    """
    pending = set(starts)
    first: set[int] = set()
    fresh = True
    for index, word in enumerate(words):
        fresh = fresh or word.gap or word.start in pending
        if word.alpha and fresh:
            first.add(index)
            fresh = False
        elif not word.alpha:
            fresh = fresh or word.low in _OPENING
    return first


def lexicon_language(language: str | None) -> str:
    """The language whose lexicon serves a BCP 47 tag; English where there is none."""
    primary = (language or "en").split("-")[0].lower()
    return primary if primary in _LANGUAGES else "en"


@cache
def read_lexicon(language: str) -> dict[str, dict[str, str]]:
    """The lexicon of a language as it stands in its file, sections of word lists."""
    folder = resources.files("extractor.segmentation") / "lexicon"
    content = (folder / f"{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(content)


@cache
def first_names(gender: Literal["female", "male"]) -> frozenset[str]:
    """Common first names, in lower case."""
    path = resources.files("extractor.segmentation") / "lexicon" / "first_names.toml"
    return frozenset(tomllib.loads(path.read_text("utf-8"))[gender].split())


def plural(noun: str) -> str:
    """The English plural of a noun."""
    if noun.endswith(("man", "woman")):
        return noun[:-2] + "en"
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    if noun.endswith(("s", "x", "z", "ch", "sh")):
        return noun + "es"
    if noun == "child":
        return "children"
    if noun == "wife":
        return "wives"
    return noun + "s"


def title_case_words(words: tuple[Word, ...]) -> set[int]:
    """Indices of the words of lines in title case, headlines as a rule."""
    titled: set[int] = set()
    line: list[int] = []
    for index, word in enumerate(words):
        if word.gap:
            titled |= _title_case(words, line)
            line = []
        line.append(index)
    return titled | _title_case(words, line)


def _title_case(words: tuple[Word, ...], line: list[int]) -> set[int]:
    long_words = [i for i in line if words[i].alpha and len(words[i].low) > 3]
    capitals = sum(words[i].capital for i in long_words)
    if len(long_words) >= 3 and capitals >= 0.75 * len(long_words) and len(line) < 40:
        return set(line)
    return set()
