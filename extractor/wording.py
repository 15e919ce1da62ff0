"""The wording of a claim: its pronouns and dates resolved, nothing else changed.

Whom a pronoun stands for is chosen elsewhere; here the choice is put in its place. What
speakers say of themselves keeps its words, with the referent in brackets as an editor
would: `We [the council] warned them.` Pronouns are those of English.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from extractor.resolution import (
    PERSON_PRONOUNS,
    Entity,
    bare,
    is_person,
    kind_of,
    suitability,
)
from extractor.segmentation.model import Range
from extractor.segmentation.words import read_lexicon
from extractor.times import find_times, resolve_time

_PRONOUN = re.compile(
    r"\b(?:he|she|it|they|we|him|her|them|us|his|its|their|our|i|my|me)\b(?!\.\w)",
    re.IGNORECASE,
)
_PLAIN = {
    "him": "he", "his": "he", "her": "she", "its": "it", "them": "they",
    "their": "they", "us": "we", "our": "we", "my": "i", "me": "i",
}  # fmt: skip
_FIRST = frozenset({"i", "we"})
_POSSESSIVE = frozenset({"his", "its", "their", "our", "my"})
_NAME = re.compile(r"\b[A-ZÀ-Þ][\w'’-]*(?: [A-ZÀ-Þ][\w'’-]*)*")
_NOUN_FIRST = re.compile(
    r"\W*(?:an?|the|this|that|these|those|some|many|most|several|all|no|each|every|"
    r"his|her|its|their|our|my|your)(?: [\w'’-]+){1,3}",
    re.IGNORECASE,
)
"""What a statement is about where it begins with a noun."""
_OPENING = re.compile(
    r"(?:In|With|Though|Although|Despite|After|Before|As|While|When|During|Since|Because|"
    r"At|On|By|For|From|If|Like|Unlike|Through|To|Without|Once|Until)\b([^,.;:]*), "
)
_SOMEBODY = re.compile(
    r"\b(?:an?|the|this|that|one|another|his|her|their|our|my) (?:[\w'’-]+ ){0,3}?"
    r"([\w-]*(?:[eo]r|ist|ian|ee|m[ae]n|izen))s?\b",
    re.IGNORECASE,
)
"""A noun with an ending of words for people, and of some others."""
_MONTHS = frozenset(
    "january february march april may june july august september october november "
    "december".split()
)
_AFTER_OBJECT = re.compile(
    r"\s*(?:[^\w\s]|$|(?:and|as|at|about|after|again|against|because|before|but|by|for|"
    r"from|if|in|into|last|on|or|out|over|so|than|that|the|to|up|when|while|with)\b)"
)
_FIRST_SINGULAR = re.compile(
    r"^I(?:(?P<have>['’]ve| have)|(?P<be>['’]m| am)|"
    r"(?= (?:was|had|did|will|would|can|could|may|might|should|must|never|[a-z]+ed|"
    r"kept|saw|heard|went|took|made|told|got|knew|lost|won|found|left|came)\b))"
)
_EMPTY_IT = re.compile(
    r"\bit(?:['’]s| is| was| has been| will be| would be| seems| appears)(?: \w+){1,2}"
    r" (?:that|to)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Pronoun:
    """A pronoun of a statement that nothing in the statement explains."""

    start: int
    """Offset in the statement."""
    word: str
    """As it stands there."""

    @property
    def key(self) -> str:
        """Its plain form: `he` for `his`."""
        low = self.word.lower()
        return _PLAIN.get(low, low)

    @property
    def is_first_person(self) -> bool:
        """Whether the speaker means himself."""
        return self.key in _FIRST


def open_pronouns(words: str) -> list[Pronoun]:
    """The first of each pronoun that points outside a statement, in order.

    A third person is explained by a name before it, `he` and `she` only by a person's
    name or role; `it` and `they` also by what the statement begins with (`The bridge`).
    `It is clear that` means nothing.
    """
    found: dict[str, Pronoun] = {}
    for match in _PRONOUN.finditer(words):
        pronoun = Pronoun(match.start(), match[0])
        if pronoun.key in found or match[0] == "US" or match[0] == "IT":
            continue
        if not pronoun.is_first_person and _is_explained(words, pronoun):
            continue
        found[pronoun.key] = pronoun
    return list(found.values())


def _is_explained(words: str, pronoun: Pronoun) -> bool:
    if _EMPTY_IT.match(words, pronoun.start) or _points_ahead(words, pronoun.start):
        return True
    before = words[: pronoun.start]
    names = [bare(name) for name in _NAME.findall(before) if not _is_common(name)]
    if pronoun.key in PERSON_PRONOUNS:
        return _tells_of_person(before, names, pronoun.key)
    return bool(names) or _NOUN_FIRST.match(before) is not None


def _points_ahead(words: str, start: int) -> bool:
    """Whether a name follows the opening phrase: `In her speech, Holt said no`."""
    opening = _OPENING.match(words)
    if opening is None or not opening.start(1) <= start < opening.end(1):
        return False
    name = _NAME.match(words, opening.end())
    return name is not None and not _is_common(name[0])


def _is_common(name: str) -> bool:
    """Whether a capital says nothing: `The`, `However`, `Monday`."""
    return not {word.lower() for word in name.split()} - _common_words()


@cache
def _common_words() -> frozenset[str]:
    lexicon = read_lexicon("en")["mentions"]
    lists = ("stop", "determiners", "adverbs", "pronouns", "pronouns_other", "weekdays")
    return frozenset(" ".join(lexicon[name] for name in lists).split()) | _MONTHS


def _tells_of_person(before: str, names: Sequence[str], pronoun: str) -> bool:
    """Whether words name somebody, or hold a role or what may be one."""
    roles = [word for word in re.findall(r"[\w-]+", before) if is_person(word)]
    people = [Entity(name) for name in names]
    people += [Entity(role, named=False) for role in roles]
    if any(suitability(pronoun, e) or kind_of(e) is None for e in people):
        return True
    return any(found[1] not in roles for found in _SOMEBODY.finditer(before))


def fill(words: str, referents: Mapping[Pronoun, str]) -> str:
    """The statement with referents in their pronouns' places."""
    for pronoun in sorted(referents, key=lambda p: -p.start):
        end = pronoun.start + len(pronoun.word)
        before, after = words[: pronoun.start], words[end:]
        words = before + _replacement(pronoun, referents[pronoun], words) + after
    return words


def _replacement(pronoun: Pronoun, referent: str, words: str) -> str:
    low = pronoun.word.lower()
    end = pronoun.start + len(pronoun.word)
    owned = low in _POSSESSIVE or (low == "her" and not _AFTER_OBJECT.match(words, end))
    name = _possessive(referent) if owned else referent
    if pronoun.is_first_person:
        return f"{pronoun.word} [{name}]"
    return name[:1].upper() + name[1:] if pronoun.start == 0 else name


def _possessive(name: str) -> str:
    return f"{name}’" if name.endswith("s") else f"{name}’s"


def name_speaker(words: str, name: str) -> str:
    """A speaker's own words, with the name for an opening `I` where grammar allows."""
    found = _FIRST_SINGULAR.match(words)
    if not found:
        return words
    verb = " has" if found["have"] else " is" if found["be"] else ""
    return name[:1].upper() + name[1:] + verb + words[found.end() :]


def resolve_dates(
    words: str, published: str | None, *, tense: Literal["past", "future"] = "past"
) -> str:
    """The words with each relative date followed by the date it means, in brackets.

    Args:
        words: a statement.
        published: ISO date the article appeared; None leaves relative dates alone.
        tense: whether a date without a year lies before or after that.
    """
    pieces, last = [], 0
    for time in _joined(find_times(words), words):
        value, basis = resolve_time(time.of(words), published=published, tense=tense)
        pieces.append(words[last : time.end])
        last = time.end
        if value and basis == "publication_date":
            pieces.append(f" [{value}]")
    return "".join([*pieces, words[last:]])


def _joined(times: Sequence[Range], words: str) -> list[Range]:
    """Time expressions with their neighbours: `in November` and `last year` are one."""
    joined: list[Range] = []
    for time in times:
        if joined and not words[joined[-1].end : time.start].strip():
            joined[-1] = Range(joined[-1].start, time.end)
        else:
            joined.append(time)
    return joined
