"""Who takes part in an event, by the words around its trigger (English).

A verb's subject and object, a noun's possessor and its `of`, `by`, `on` and `between`
are read from closed word classes and word order: no parser. What is found are noun
phrases without their article. Offsets are code points of the text.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from typing import Literal

from extractor.segmentation.eventwords import lexicon
from extractor.segmentation.model import Range, Sentence
from extractor.segmentation.reporting import verb_forms
from extractor.segmentation.triggers import Trigger
from extractor.segmentation.words import ends_as_adverb, split_words

Role = Literal["agent", "patient", "recipient"]
LONGEST = 9
"""Words of a participant at most."""
REACH = 40
"""Words before a verb among which its subject is looked for."""


def _read() -> dict[str, frozenset[str]]:
    folder = resources.files("extractor.segmentation") / "lexicon"
    table = tomllib.loads((folder / "participants.toml").read_text(encoding="utf-8"))
    return {name: frozenset(words.split()) for name, words in table.items()}


_LEXICON = _read()
_ARTICLES = _LEXICON["articles"]
_POSSESSIVES = _LEXICON["possessives"]
_PRONOUNS = _LEXICON["pronouns"]
_BE = _LEXICON["be"]
_HELPERS = _BE | _LEXICON["helpers"]
_PREPOSITIONS = _LEXICON["prepositions"]
_JOINERS = _LEXICON["joiners"]
_TIMES = _LEXICON["times"]
_SPELLS = _LEXICON["spells"]
_ADVERBS = _LEXICON["adverbs"]
_UNDERGONE = _LEXICON["undergone"]
_ADDRESSED = _LEXICON["addressed"]
_RECEIVING = _LEXICON["receiving"]
_GIVING = _LEXICON["giving"]
_GOING = _LEXICON["going"]
_TITLES = _LEXICON["titles"]
_NUMBERS = _LEXICON["numbers"]
_SUFFERED = frozenset({"Life", "Justice", "Disaster"})
"""Types of which a noun's possessor is the one it happens to: `Holt's arrest`."""


@dataclass(frozen=True, slots=True)
class Participant:
    """A noun phrase with its role in one event."""

    role: Role
    span: Range


def find_participants(
    text: str, sentence: Sentence, trigger: Trigger, kind: str
) -> tuple[Participant, ...]:
    """The participants of a trigger's event that its sentence names.

    Args:
        text: the article, line breaks inside paragraphs as spaces.
        sentence: the one that holds the trigger.
        trigger: a word that names an event.
        kind: the event's type.
    """
    clause = _Clause(text, sentence, trigger)
    found = clause.noun(kind) if trigger.noun else clause.verb(trigger.lemma)
    return tuple(dict.fromkeys(found))


class _Clause:
    """The words of a sentence around a trigger."""

    def __init__(self, text: str, sentence: Sentence, trigger: Trigger) -> None:
        self.text = text
        self.base = sentence.start
        self.words = split_words(text[sentence.start : sentence.end])
        starts = [word.start + sentence.start for word in self.words]
        self.first = next(
            (i for i, start in enumerate(starts) if start >= trigger.start), 0
        )
        self.end = next(
            (i for i, start in enumerate(starts) if start >= trigger.end),
            len(starts),
        )

    def low(self, index: int) -> str:
        return self.words[index].low if 0 <= index < len(self.words) else ""

    # -- verbs

    def verb(self, lemma: str) -> Iterable[Participant]:
        """Subject and object of the trigger, by voice."""
        head = lemma.split()[0]
        start, passive = self._chain()
        subject = self._subject(start)
        if passive:
            yield from self._as("patient", subject)
            yield from self._as("agent", self._after({"by"}))
            return
        target = None if head in _GOING else self._object(self.end)
        role: Role = "agent"
        if head in _RECEIVING or lemma == "take over":
            role = "recipient"
        elif target is None and head in _UNDERGONE:
            role = "patient"
        yield from self._as(role, subject)
        yield from self._objects(head, target)

    def _objects(self, head: str, target: Range | None) -> Iterable[Participant]:
        """What an active verb does it to, and who gets it."""
        second = None
        if head in _GIVING:
            if target and self.low(self.end) in _PRONOUNS:
                second = self._object(self.end + 1)
            to = self._after({"to"}) if second is None else None
            yield from self._as("recipient", to)
        if second is not None:
            yield from self._as("recipient", target)
            yield from self._as("patient", second)
        else:
            addressed = head in _ADDRESSED - {"write"}
            yield from self._as("recipient" if addressed else "patient", target)

    def _chain(self) -> tuple[int, bool]:
        """First word of the verb chain, and whether it is passive."""
        index, passive = self.first, False
        past = self.low(self.first).endswith(("ed", "en", "t", "n", "d", "g", "k", "m"))
        ing = self.low(self.first).endswith("ing")
        while index > 0 and (
            self.low(index - 1) in _HELPERS or ends_as_adverb(self.low(index - 1))
        ):
            index -= 1
            passive |= self.low(index) in _BE and past and not ing
        if index == self.first and past and not ing:
            joined = self.low(index - 1) in ("or", "and") and self._is_verb(index - 2)
            if joined and self.low(index - 3) in _BE:
                passive = True  # `was arrested or charged`
            passive |= self.low(self.end) == "by"  # `a letter written by Holt`
        return index, passive

    def _subject(self, start: int, depth: int = 0) -> Range | None:
        """The noun phrase that a verb chain belongs to."""
        if depth > 3 or start <= 0:
            return None
        before = self.low(start - 1)
        if self.low(start) == "to":
            verb = self._verb_before(start)
            return self._subject(verb, depth + 1) if verb is not None else None
        if before in ("who", "which", "that") and start >= 2:
            comma = self.low(start - 2) == ","
            return self._phrase_ending(start - 1 - comma) or self._own(start - 1)
        if before in ("and", "but", "or", "then", ",") or self._is_verb(start - 1):
            if before == ",":
                apposed = self._before_apposition(start - 1)
                if apposed:
                    return apposed
            verb = self._verb_before(start - 1)
            return self._subject(verb, depth + 1) if verb is not None else None
        return self._first_phrase(start)

    def _own(self, index: int) -> Range | None:
        """A pronoun as a participant of its own, a relative left out."""
        return self._range(index, index + 1) if self.low(index) in _PRONOUNS else None

    def _is_verb(self, index: int) -> bool:
        low = self.low(index)
        forms, _ = lexicon()
        named = any(not entry.noun for entry in forms.get(low, ()))
        return (named or low in verb_forms()) and not self._determined(index)

    def _determined(self, index: int) -> bool:
        """Whether a word that could be a verb follows an article: `the strike`."""
        before = self.low(index - 1)
        closed = _ARTICLES | _POSSESSIVES | _NUMBERS | {"'s", "of"}
        return before in closed or before[:1].isdigit()

    def _verb_before(self, index: int) -> int | None:
        """Start of the chain of the verb before a word, within the clause."""
        for at in range(index - 1, max(-1, index - 25), -1):
            if self.low(at) in (";", ":", "“", "”", '"'):
                return None
            if self._is_verb(at) or self.low(at) in _BE:
                while at > 0 and self.low(at - 1) in _HELPERS:
                    at -= 1
                return at
        return None

    def _before_apposition(self, comma: int) -> Range | None:
        """`Holt` in `Holt, 61, a baker, fled`: the phrase before the first comma."""
        found = None
        for index in range(comma - 1, max(-1, comma - 25), -1):
            low = self.low(index)
            if low in (";", ":", "“", "”", '"'):
                break
            if low == "," and index > 0:
                found = self._phrase_ending(index) or found
        return found

    def _first_phrase(self, end: int) -> Range | None:
        """The first phrase of the clause before a verb that no preposition governs."""
        first = end
        while first > max(0, end - REACH):
            low = self.low(first - 1)
            stops = low in _JOINERS and low not in ("and", "or", "as", "before")
            if stops or (
                not self.words[first - 1].alpha and low not in ("-", "’", "'")
            ):
                break
            if self._is_verb(first - 1) and first - 1 < end - 1:
                break
            first -= 1
        index, fallback = first, None
        while index < end:
            counted = self.low(index + 1)[:1].isdigit() and self.low(index) != "in"
            if self.low(index) in _PREPOSITIONS | _TIMES and not counted:
                index = self._past_phrase(index + 1, end)
                continue
            stop = self._phrase_end(index, end)
            if stop > index:
                return self._range(index, stop)
            index += 1
        if self.low(end - 1) not in _PREPOSITIONS:
            fallback = self._phrase_ending(end)
        return fallback

    def _past_phrase(self, index: int, end: int) -> int:
        """Past what a preposition governs, so that a subject may follow."""
        if index < end and self.low(index) in _TIMES:
            return index + 1
        stop = self._phrase_end(index, end)
        return max(stop, index) if stop < end else end

    def _object(self, first: int) -> Range | None:
        low = self.low(first)
        if not low or low in _PREPOSITIONS | _ADVERBS | _JOINERS | _BE | _HELPERS:
            return None
        later = self.low(first + 1) in _TIMES | _SPELLS
        if low in _TIMES and (later or low not in ("this", "last", "next")):
            return None
        if ends_as_adverb(low) or not self.words[first].alpha:
            return None
        stop = self._phrase_end(first, len(self.words))
        return self._range(first, stop) if stop > first else None

    # -- nouns

    def noun(self, kind: str) -> Iterable[Participant]:
        """Whose event it is, and what stands behind the noun."""
        first = self._noun_start()
        owner = self._owner(first)
        undergone = kind in _SUFFERED
        if owner:
            yield from self._as("patient" if undergone else "agent", owner)
        yield from self._as("agent", self._after({"by"}))
        if self.low(self.end) == "between":
            one = self._object(self.end + 1)
            yield from self._as("agent", one)
            yield from self._as("agent", self._second(one))
        elif self.low(self.end) in ("on", "against"):
            yield from self._as("patient", self._after({"on", "against"}))
        elif self.low(self.end) == "with":
            yield from self._as("recipient", self._after({"with"}))
        elif self.low(self.end) == "of":
            yield from self._as("patient", self._after({"of"}))

    def _noun_start(self) -> int:
        """First word of the noun phrase that a trigger closes."""
        first = self.first
        while (
            first > 0
            and self.words[first - 1].alpha
            and self.low(first - 1)
            not in _PREPOSITIONS
            | _ARTICLES
            | _POSSESSIVES
            | _JOINERS
            | _HELPERS
            | {"'s"}
            and not self._is_verb(first - 1)
        ):
            first -= 1
        return first

    def _owner(self, first: int) -> Range | None:
        before = self.low(first - 1)
        if before in _POSSESSIVES - {"whose"}:
            return self._range(first - 1, first)
        return self._phrase_ending(first - 1) if before in ("'s", "'") else None

    def _second(self, one: Range | None) -> Range | None:
        """`B` behind `between A and`."""
        if one is None:
            return None
        for index in range(self.end, len(self.words)):
            if self.words[index].start + self.base >= one.end:
                return self._object(index + 1) if self.low(index) == "and" else None
        return None

    # -- noun phrases

    def _after(self, prepositions: set[str]) -> Range | None:
        """The phrase behind a preposition that follows the trigger."""
        for index in range(self.end, min(self.end + 8, len(self.words))):
            low = self.low(index)
            if low in prepositions:
                return self._object(index + 1)
            if not self.words[index].alpha or low in _JOINERS or self._is_verb(index):
                break
        return None

    def _phrase_end(self, first: int, most: int) -> int:
        """One past the last word of the noun phrase that begins at a word."""
        index = first
        if self.low(index) in _PRONOUNS:
            return index + 1
        while index < min(most, first + LONGEST):
            word = self.words[index]
            low = word.low
            joined = low in ("'s", "-", "&") or (low == "of" and index > first)
            dotted = low == "." and self.low(index - 1) in _TITLES
            if not (word.alpha or joined or dotted):
                break
            if low in _PREPOSITIONS - {"of"} | _JOINERS | _HELPERS - {"'s", "first"}:
                break
            if low in _TIMES and index > first:
                break
            closed = low in _PRONOUNS | _ARTICLES | _POSSESSIVES
            if index > first and closed and self.low(index - 1) != "of":
                break
            if index > first and self._is_verb(index) and not self._modifies(index):
                break
            named = self.words[index - 1].capital and not word.capital
            if index > first and named and low.endswith("ed"):
                break  # `Ada Holt shocked`: a verb behind a name
            index += 1
        while index > first and self.low(index - 1) in ("of", "'s"):
            index -= 1
        return index

    def _modifies(self, index: int) -> bool:
        """Whether a participle stands before its noun: `armed men`, `shared well`."""
        following = self.words[index + 1] if index + 1 < len(self.words) else None
        return (
            following is not None
            and following.alpha
            and following.low not in _PREPOSITIONS | _ARTICLES | _POSSESSIVES | _HELPERS
            and self.low(index - 1) in _ARTICLES | _POSSESSIVES
        )

    def _phrase_ending(self, end: int) -> Range | None:
        """The noun phrase whose last word stands before a word."""
        first = end
        while first > max(0, end - LONGEST):
            word = self.words[first - 1]
            low = word.low
            if not (word.alpha or low in ("-", "&")):
                break
            if low in _JOINERS | _HELPERS - {"'s"} or low in _PREPOSITIONS - {"of"}:
                break
            if self._is_verb(first - 1):
                break
            first -= 1
            if low in _ARTICLES | _POSSESSIVES and self.low(first - 1) != "of":
                break
            if low in _PRONOUNS:
                break
        return self._range(first, end) if first < end else None

    def _range(self, first: int, end: int) -> Range | None:
        """Words as a stretch of the text, without articles at the beginning."""
        while first < end - 1 and self.low(first) in _ARTICLES:
            first += 1
        while end > first and not self.words[end - 1].alpha:
            end -= 1
        if end <= first or self.low(first) in _ARTICLES | {"who", "which", "there"}:
            return None
        head, last = self.words[first], self.words[end - 1]
        if last.low in _SPELLS or (head.low[0].isdigit() and end == first + 1):
            return None
        return Range(head.start + self.base, last.end + self.base)

    def _as(self, role: Role, span: Range | None) -> Iterable[Participant]:
        if span is not None:
            yield Participant(role, span)
