"""Main clauses: whether English words state something or only name it.

`The bridge that fell was old` has a main verb, `the bridge that fell` has none. Found
by closed word classes and by what stands beside a word; no tagger is used, so an answer
is `certain`, `possible` or neither.
"""

import re
from dataclasses import dataclass
from typing import Literal

from extractor.segmentation.reporting import frames
from extractor.segmentation.words import ends_as_adverb

_TOKEN = re.compile(r"\w+(?:[’'.-]\w+)*['’]?|[,;:—–()]|(?<=\s)-(?=\s)")
_CONTRACTED = re.compile(r"\w*n['’]t|\w+['’](?:re|m|ve|ll|d)", re.IGNORECASE)
_CONTRACTED_IS = re.compile(
    r"(?:he|she|it|that|there|here|this|everyone|everybody|everything|someone|somebody|"
    r"something|nobody|nothing)['’]s",
    re.IGNORECASE,
)
_ASKING_IS = re.compile(r"(?:what|who|how|where|when|why)['’](?:s|re|ve)", re.I)
_AFTER_IS = frozenset("not been got going a an the no always never".split())

_FINITE = frozenset(
    "is are was were am has have had does do did will would can could may might must "
    "shall should cannot".split()
)
_OF_PAST = frozenset("was were had did has have been".split())
_ALSO_INFINITE = frozenset("have had do".split())
_AUXILIARIES = _FINITE | frozenset("be been being get gets got getting having".split())
_PAST = frozenset(
    "said knew saw went came took gave wrote began spoke broke chose drove fell flew "
    "grew rose ran sang sank swore threw wore ate drank became arose blew drew forgot "
    "froze hid rode shook stole tore woke withdrew underwent".split()
)
_PRESENT = frozenset(
    "says thinks believes knows wants seems appears includes remains becomes makes "
    "takes gives comes goes gets keeps tells allows requires provides contains "
    "continues begins tends exists depends belongs enjoys explains suggests "
    "understands expects agrees happens deserves represents describes tries cites "
    "amounts enables".split()
)
_PAST_OR_PARTICIPLE = frozenset(
    "made left found held led sent paid sold built met won lost told brought bought "
    "caught fought sought taught thought felt kept meant heard stood understood spent "
    "struck hit cut put set let shot hurt read spread cost got laid dealt swept stuck "
    "slept shut quit beat".split()
)
_NO_PAST = frozenset("need indeed speed seed feed united hundred".split())
_BASE = frozenset(
    "want need hope think believe know say get go make take see feel support face "
    "live work come give like love mean remain keep look seem show call ask tell "
    "agree deserve understand hate find use try rely depend pay run play fear worry "
    "suffer die argue oppose vote care lose win hold tend expect continue help start "
    "stop move turn lead stand become begin belong happen exist fight provide".split()
)
_NOMINATIVE = frozenset("i he she we they".split())
_PLURAL_SUBJECTS = _NOMINATIVE | frozenset("you people who both all many".split())
_OBJECTS = frozenset(
    "the a an his her their its our your my this that these those no some any each "
    "every several another him them me us it himself herself themselves itself".split()
)
_DETERMINERS = _OBJECTS | frozenset("all more many much most both".split())
_ADVERBS = frozenset(
    "not also never always still now then even just only already often again once "
    "ever soon long both each too".split()
)
_SUBORDINATORS = frozenset(
    "who whom whose which where when while because if although though whether until "
    "unless how what why".split()
)
_REPORTED = frozenset(
    "said says warned warns told tells claimed claims thought thinks believed believes "
    "knew knows felt feels hoped hopes feared fears argued argues insisted".split()
)
"""A clause may follow them without `that`."""
_CONDITIONAL = frozenset(
    "if when while because although though unless until as".split()
)
"""What a dependent clause that goes before the main one and its comma begins with."""
_TEMPORAL = frozenset("as since before after once than".split())
_BEFORE_DEMONSTRATIVE = frozenset(
    ", of in on for with at about like and is was to from by".split()
)
_QUANTIFIED = frozenset(
    "the a an all every any his her their its everything nothing something "
    "anything".split()
)
_TIME_WORDS = frozenset(
    "day week month year time morning night moment today yesterday tomorrow".split()
)
_JOINS = frozenset("and or but nor".split())
_AFTER_PRESENT = frozenset("to at".split())
"""Words that follow a verb in `-s` more often than a plural: `stands at`."""
_IMPERATIVES = _BASE | frozenset(
    "remember forget imagine consider stay listen wait thank cherish read check enjoy "
    "please note join click follow pray let".split()
)
_NO_STATEMENT = re.compile(
    r"(?:(?:so|just|always|never|please|do not|don['’]t|also)\s+)*(?:to\s+)?([a-z]+)\s+"
    r"(?![,–—]|is\b|are\b|was\b|were\b|has\b|will\b|can\b)",
    re.IGNORECASE,
)
_INFINITIVE = re.compile(r"(?<=\w) (?:not )?to (?!the\b|a\b|an\b)[a-z]+")
_PAUSES = frozenset(",;:—–()-")
_LONG = 8
"""Words from which on a dependent clause is hardly all that was said."""
_POSSIBLE, _CERTAIN = 1, 2

_OBJECT_FIRST = frozenset("him them us me himself herself themselves".split())
_LIMITED = re.compile(
    r"(?:how|what|why|who|whom|whether|which|where|for|of|with|against|to|as|about|by|"
    r"\w+ing)\b",
    re.IGNORECASE,
)
_ALSO_NOUNS = frozenset(
    "post repost tweet retweet report communicate publish print write text email "
    "e-mail broadcast intimate narrate detail document outline describe".split()
)
_OF_CLAUSES = frozenset({"clause", "addressee", "weak"})
"""Frames of a verb before a clause, or before the one who is told it."""


@dataclass(frozen=True, slots=True)
class Predicate:
    """What a reading found of a main verb."""

    certain: bool
    """A word that can be nothing else."""
    possible: bool
    """A word that can be one, or a participle or a plural."""
    dependent: bool
    """A verb of a dependent clause before the main one, if any."""


def read_predicate(words: str) -> Predicate:
    """Look for the main verb of English words."""
    reading = _Reading(words)
    pending, dependent, joined, possible = 0, False, False, False
    for k, word in enumerate(reading.low):
        if word == "," and reading.at(0) in _CONDITIONAL:
            pending = 0
        if reading.opens_dependent(k):
            pending += 1
            continue
        strength = reading.verb(k)
        possible |= strength == _POSSIBLE
        if strength < _CERTAIN or (joined and reading.before(k) in _JOINS):
            continue
        if not pending:
            return Predicate(True, True, dependent)
        pending, dependent, joined = pending - 1, True, True
    return Predicate(False, possible, dependent)


def is_said(words: str, lemma: str | None) -> bool:
    """Whether what follows a reporting word is a clause: `argued that the bridge fell`.

    Args:
        words: the content, in English.
        lemma: the reporting verb; None for any other word, which takes clauses.
    """
    reading, found = _Reading(words), read_predicate(words)
    first = reading.at(0)
    if first in _FINITE or first in _OBJECT_FIRST or first.endswith("n't"):
        return False  # no subject
    complement = complement_of(lemma) if lemma else "clause"
    if complement == "noun" or found.certain:
        return complement != "noun"
    if complement == "either" or lemma in _ALSO_NOUNS or _LIMITED.match(words):
        return False
    return found.possible or found.dependent


def is_spoken(words: str) -> bool:
    """Whether a sentence somebody spoke states something, however loosely."""
    found = read_predicate(words)
    long = found.dependent and len(words.split()) >= _LONG
    return (found.certain or found.possible or long) and not is_order(words)


def is_order(words: str) -> bool:
    """Whether English words bid: `Remember the flood`, `to pray for them`."""
    found = _NO_STATEMENT.match(words)
    low = found[1].lower() if found else ""
    return low in _IMPERATIVES and not read_predicate(words.partition(",")[0]).certain


def has_infinitive(words: str) -> bool:
    """Whether somebody is to do something: `farmers to move their sheep`."""
    return _INFINITIVE.search(words) is not None


def complement_of(lemma: str) -> Literal["clause", "noun", "either"]:
    """What follows a reporting verb: a clause `argue`, a noun `praise`, both `cite`."""
    taken = frames().get(lemma, frozenset({"clause"}))
    if taken <= _OF_CLAUSES:
        return "clause"
    return "noun" if taken.isdisjoint(_OF_CLAUSES) else "either"


def is_past_verb(word: str) -> bool:
    """Whether a word tells of the past: `went`, `had`, `opened`, also as participle."""
    return word in _PAST | _PAST_OR_PARTICIPLE | _OF_PAST or (
        word.endswith("ed") and len(word) > 3 and word not in _NO_PAST
    )


class _Reading:
    """The words of a sentence with what stands before and after each."""

    def __init__(self, words: str) -> None:
        self.raw = _TOKEN.findall(words)
        self.low = [word.lower().replace("’", "'") for word in self.raw]

    def at(self, k: int) -> str:
        return self.low[k] if 0 <= k < len(self.low) else ""

    def before(self, k: int) -> str:
        """The word before one, adverbs left out."""
        k -= 1
        while k >= 0 and (self.low[k] in _ADVERBS or ends_as_adverb(self.low[k])):
            k -= 1
        return self.at(k)

    def opens_dependent(self, k: int) -> bool:
        """Whether a word begins a clause that has a verb of its own."""
        word, following = self.low[k], self.at(k + 1)
        if _ASKING_IS.fullmatch(word):
            return False
        if word in _SUBORDINATORS:
            return not following.endswith("ing")
        if word == "that":
            demonstrative = k == 0 or self.at(k - 1) in _BEFORE_DEMONSTRATIVE
            return following in _NOMINATIVE or not demonstrative
        if word in _TEMPORAL:
            return following in _NOMINATIVE or (
                word != "than" and self._verb_follows(k + 1)
            )
        if word in _NOMINATIVE | {"it", "there"} and self.at(k - 1) in _REPORTED:
            return True
        return word in _NOMINATIVE and self._follows_its_object(k)

    def _verb_follows(self, k: int) -> bool:
        """Whether a verb stands in the next few words, before any comma."""
        for word in self.low[k : k + 8]:
            if word in _PAUSES:
                return False
            if word in _FINITE | _PAST | _PAST_OR_PARTICIPLE or word.endswith("ed"):
                return True
        return False

    def _follows_its_object(self, k: int) -> bool:
        """Whether a subject stands right behind a noun: `the promise he made`."""
        before = self.at(k - 1)
        known = _SUBORDINATORS | _TEMPORAL | _JOINS | _ADVERBS | _TIME_WORDS | _FINITE
        if not before.isalpha() or before in known or ends_as_adverb(before):
            return False
        return not _QUANTIFIED.isdisjoint(self.low[max(0, k - 4) : k])

    def verb(self, k: int) -> int:
        """How surely a word is a finite verb."""
        word = self.low[k]
        before = self.before(k)
        follows_auxiliary = (
            before == "to"
            or before in _AUXILIARIES
            or bool(_CONTRACTED.fullmatch(before))
        )
        if word in _FINITE:
            return 0 if follows_auxiliary and word in _ALSO_INFINITE else _CERTAIN
        if self._is_contracted(k):
            return _CERTAIN
        if follows_auxiliary or not word.isalpha():
            return 0
        if word in _PAST or word in _PRESENT or before in _NOMINATIVE:
            return 0 if word in _ADVERBS | _JOINS or ends_as_adverb(word) else _CERTAIN
        if not self.raw[k].islower():
            return 0
        return self._open_class(k)

    def _is_contracted(self, k: int) -> bool:
        word = self.low[k]
        if _CONTRACTED.fullmatch(word) or _CONTRACTED_IS.fullmatch(word):
            return True
        return word.endswith("'s") and self.at(k + 1) in _AFTER_IS

    def _open_class(self, k: int) -> int:
        word, before = self.low[k], self.before(k)
        if word in _PAST_OR_PARTICIPLE or (word.endswith("ed") and len(word) > 3):
            return 0 if word in _NO_PAST else self._past(k)
        if word in _BASE:
            if before in _PLURAL_SUBJECTS:
                return _CERTAIN
            return _POSSIBLE if before.endswith("s") and before else 0
        if word.endswith("s") and not word.endswith(("ss", "us")) and len(word) > 3:
            takes_object = self.at(k + 1) in _OBJECTS - {"that"}
            if takes_object or before in ("it", "this", "that"):
                return _CERTAIN
            to_noun = self.at(k + 1) == "to" and self.at(k + 2) in _OBJECTS
            plural = to_noun or before in _DETERMINERS
            follows = self.at(k + 1) in _AFTER_PRESENT and not plural
            return _POSSIBLE if follows else 0
        return 0

    def _past(self, k: int) -> int:
        """A past tense has an object or a subject; a participle has neither."""
        following = self.raw[k + 1] if k + 1 < len(self.raw) else ""
        object_follows = following.lower() in _DETERMINERS or (
            following[:1].isupper() or following[:1].isdigit()
        )
        if object_follows and self.at(k - 1) not in _DETERMINERS | {""}:
            return _CERTAIN
        return 0 if following == "by" else _POSSIBLE
