"""Whom a pronoun certainly stands for, and for whom a speaker says `we`.

Stricter than `extractor.resolution.pronouns`, which weighs everybody who fits: here a
referent is given only where one alone fits. What is not certain stays a pronoun. The
rules are those of English; offsets are code points of the article.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from extractor.resolution.bodies import body_of
from extractor.resolution.entities import (
    WORDS,
    Entity,
    bare,
    gender_of,
    kind_of,
    roles,
)
from extractor.resolution.pronouns import UNLIKELY, suitability
from extractor.resolution.roster import Roster
from extractor.segmentation.intervals import Intervals
from extractor.segmentation.model import Mention, Quotation, Range, Segmentation
from extractor.segmentation.places import is_known_place
from extractor.segmentation.words import first_names

MAX_SENTENCES, MAX_PARAGRAPHS = 6, 3
"""How far back a person is looked for."""
MAX_SKIPPED = 1
"""Sentences without a person between one who is named and his pronoun."""
_LONGEST_TERM = 30
"""Characters of a term in quotation marks; what is longer is somebody's words."""

_OBJECT_OF = re.compile(
    r"\b(?:of|to|for|with|by|from|at|in|on|against|about)\s(?:the\s)?$", re.IGNORECASE
)
_PART_OF = re.compile(
    r"(?:\b(?:of|and|or|in)|\bper\s?cent|%|\d)\s(?:the\s)?$", re.IGNORECASE
)
"""Before a group of whom only some speak: `31 per cent of voters`."""
_AFTER_PAUSE = re.compile(r"[,;–—]|\s-\s")
_NEW_SUBJECT = re.compile(r"\b(?:it|there|he|she|they|we|I|that)\b", re.IGNORECASE)
_FRONTED = re.compile(r"[A-Z][a-z]+ (?:his|her)\b[^,;.“”\"]{1,80}, (?:[\w.]+ ){0,4}")
_IS = re.compile(r"\s(?:is|was)\s")
_LONGEST_TAIL = 4
"""Words between a subject and its verb: `has now also`, `on Tuesday`."""
_ENDED = re.compile(r"[.!?…:][\"”’'»)\]]*\Z")
_MARKS = 8
"""Closing marks behind a sentence's end, at most."""
_NO_PERSON = re.compile(r"\b[A-Z]{3,}\b|\d|\s(?:for|of|and|on|in|at|to|with|from)\s")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_FORMS = {
    "he": re.compile(r"\b(?:he|him|his|himself)\b", re.IGNORECASE),
    "she": re.compile(r"\b(?:she|her|hers|herself)\b", re.IGNORECASE),
    "it": re.compile(r"\b(?:it|its|itself)\b", re.IGNORECASE),
    "they": re.compile(r"\b(?:they|them|their|themselves)\b", re.IGNORECASE),
}
_PERSONS = frozenset(
    "father mother son daughter brother sister husband wife uncle aunt nephew niece "
    "grandfather grandmother man woman boy girl boyfriend girlfriend widow dad mom "
    "mum friend client patient partner colleague neighbour neighbor boss owner "
    "resident student pupil teen driver passenger victim caller guest person employee "
    "player applicant somebody someone one".split()
)
"""Words for persons beside those for what a person is."""
_PERSONAL = frozenset("mr mrs ms miss dr sir dame lord lady sen rep gov prof".split())
_SPEAKS_FOR_ANOTHER = re.compile(
    r"\b(?:lawyer|attorney|solicitor|barrister|counsel|spokes\w+|sources?|aide|agent|"
    r"representative|friend|relative|neighbou?r|wife|husband|mother|father|brother|"
    r"sister|son|daughter|widow)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Referents:
    """The certain referents of one article's pronouns.

    Attributes:
        segmentation: its sentences and quotations.
        roster: everybody and everything it names.
        known: the entity of each mention that was resolved.
    """

    segmentation: Segmentation
    roster: Roster
    known: Mapping[Mention, Entity]

    @property
    def text(self) -> str:
        """The article's text without the line breaks inside its paragraphs."""
        return self.segmentation.flat

    @cached_property
    def _quoted(self) -> Intervals[Quotation]:
        return Intervals(
            (Range(q.start, q.end), q)
            for q in self.segmentation.quotations
            if q.end - q.start > _LONGEST_TERM
        )

    @cached_property
    def _bodies(self) -> dict[int, Entity | None]:
        """What those with a name speak for, as far as it was asked, by `id`."""
        return {}

    def of_person(
        self, key: str, at: int, *, other_than: Entity | None = None
    ) -> Entity | None:
        """The one person whom `he` or `she` at an offset can mean.

        Looks back to the nearest sentence that names a person who fits; there it must
        be one alone, named before any pronoun, and everybody else of another gender.
        A pronoun outside a quotation means nobody whom only a quotation names.

        Args:
            key: `he` or `she`.
            at: first code point of the pronoun.
            other_than: who cannot be meant: a quote's own speaker.
        """
        quoted = self.is_quoted(at)
        skipped = 0
        for part in self._back_from(at):
            people = self._people(key, part, quoted, other_than)
            rival = self._names_role(key, part, quoted, people)
            again = self._first_form(key, part, quoted)
            if rival or len(people) > 1:
                return None
            if people:
                [(entity, start)] = people
                free = again is None or start < again or self._is_fronted(part, start)
                return entity if free and is_surely_person(self.text, entity) else None
            skipped += again is None and part.end < at
            if skipped > MAX_SKIPPED:
                return None
        return None

    def of_speaker(
        self, key: str, mention: Mention, cue: int, until: int
    ) -> Entity | None:
        """Whom a speaker means who is said to say `he`: himself, if that is certain.

        Args:
            key: `he`, `she`, `it` or `they`.
            mention: the words that name who speaks.
            cue: first code point of the reporting verb, whose subject they must be.
            until: where the reported words begin; nobody else may fit before.
        """
        entity = self.speaker(mention, key)
        if entity is None or not self._agrees(key, entity):
            return None
        if not self._is_subject(key, mention, cue):
            return None
        start = next((part.start for part in self._back_from(until)), mention.start)
        sentence = Range(min(start, mention.start), until)
        others = (
            self._people(key, sentence, False, None) if key in ("he", "she") else []
        )
        again = self._first_form(key, Range(mention.end, until), False)
        alone = all(person is entity for person, _ in others)
        return entity if alone and again is None else None

    def of_thing(self, at: int) -> Entity | None:
        """The one body or place that `it` at the start of a sentence can mean.

        The sentence before must say what that is (`Vall is a port`) and name no other.

        Args:
            at: first code point of the pronoun.
        """
        parts = [*self._back_from(at)][:2]
        if len(parts) < 2 or self.is_quoted(at) or parts[0].of(self.text).strip():
            return None
        before, found = parts[1], []
        for entity, mention in self.roster.within(before.start, before.end):
            if entity.named and kind_of(entity) == "organization":
                found.append((entity, mention))
        if len({id(entity) for entity, _ in found}) != 1:
            return None
        thing, mention = found[0]
        opening = Range(before.start, mention.start).of(self.text).strip().lower()
        says = _IS.match(self.text, mention.end, before.end)
        return thing if says and opening in ("", "the") else None

    def could_be(self, key: str, mention: Mention) -> bool:
        """Whether a pronoun could mean the entity that a mention names, or might."""
        entity = self.known.get(mention)
        return entity is None or suitability(key, entity) > 0

    def _is_subject(self, key: str, mention: Mention, cue: int) -> bool:
        """Whether the words that name a speaker are the subject of a reporting verb."""
        before = self.text[max(0, mention.start - 24) : mention.start]
        if (_PART_OF if key == "they" else _OBJECT_OF).search(before):
            return False
        tail = _AFTER_PAUSE.split(self.text[mention.end : cue])[-1]
        words = tail.split()
        if words and words[-1].lower() == "and":
            return True
        return len(words) <= _LONGEST_TAIL and not _NEW_SUBJECT.search(tail)

    def speaker(self, mention: Mention, key: str = "i") -> Entity | None:
        """The entity that a speaking mention surely names, and that speaks for itself.

        Args:
            mention: a name, a definite role, or a pronoun with one possible referent.
            key: the pronoun to be resolved; `i` for a speaker's own words.
        """
        words = self.text[mention.start : mention.end]
        if mention.kind == "pronoun":
            low = words.lower()
            fits = low in ("he", "she") and key in ("i", low)
            return self.of_person(low, mention.start) if fits else None
        entity = self.known.get(mention)
        if entity is None or not (entity.named or key == "they" or _is_definite(words)):
            return None
        if key == "i":
            if not is_surely_person(self.text, entity):
                return None
        elif _SPEAKS_FOR_ANOTHER.search(f"{words} {entity.description or ''}"):
            return None
        others = [e for e in self._namesakes(words) if e is not entity]
        fitting = [e for e in others if key == "i" or suitability(key, e) > UNLIKELY]
        return None if fitting else entity

    def we_of(self, mention: Mention) -> str | None:
        """Name of the body for which a speaker says `we`; None where it is not told."""
        entity = self.known.get(mention)
        if entity is None:
            return None
        if not entity.named:
            body = body_of(self.text, mention, entity, self.roster)
        elif id(entity) in self._bodies:
            body = self._bodies[id(entity)]
        else:
            body = body_of(self.text, mention, entity, self.roster)
            self._bodies[id(entity)] = body
        return None if body is None else self.name_of(body)

    def name_of(self, entity: Entity) -> str:
        """An entity's name, with `the` where the article has one before it."""
        if not entity.named:
            return entity.name
        for mention in entity.mentions:
            named = self.text[mention.start : mention.end]
            if bare(named) != entity.name:
                continue
            before = self.text[max(0, mention.start - 4) : mention.start]
            if f"{before}{named}".lower().endswith(f"the {entity.name.lower()}"):
                return f"the {entity.name}"
        return entity.name

    # -- who is named where ------------------------------------------------------------

    def _back_from(self, at: int) -> Iterator[Range]:
        """The sentences before an offset, nearest first, the first of them up to it."""
        sentences = self.segmentation.sentences
        here = bisect_right(sentences, at, key=lambda s: s.start) - 1
        for k in range(here, max(-1, here - MAX_SENTENCES), -1):
            distance = sentences[here].paragraph - sentences[k].paragraph
            if sentences[k].boilerplate or distance > MAX_PARAGRAPHS:
                return
            end = sentences[k].end
            if k < here and not _ENDED.search(self.text, max(0, end - _MARKS), end):
                return  # a headline or a caption
            yield Range(sentences[k].start, min(sentences[k].end, at))

    def is_quoted(self, at: int) -> bool:
        """Whether an offset stands in somebody's words."""
        return any(self._quoted.overlapping(at, at + 1))

    def _people(
        self, key: str, part: Range, quoted: bool, other_than: Entity | None
    ) -> list[tuple[Entity, int]]:
        """Who of those named in a stretch could be meant, with where first."""
        people: dict[int, tuple[Entity, int]] = {}
        for entity, mention in self.roster.within(part.start, part.end):
            if mention.kind == "pronoun":
                continue
            if not quoted and self.is_quoted(mention.start):
                continue
            words = self.text[mention.start : mention.end]
            for person in {id(e): e for e in self._namesakes(words, entity)}.values():
                fits = suitability(key, person) > UNLIKELY
                if fits and person is not other_than:
                    people.setdefault(id(person), (person, mention.start))
        return list(people.values())

    def _namesakes(self, words: str, entity: Entity | None = None) -> list[Entity]:
        """All whom a short name could mean: both Cruzes for `Cruz`."""
        names = bare(words).split()
        same = self.roster.surnamed(names[0]) if len(names) == 1 else []
        return [*([entity] if entity else []), *same]

    def _names_role(
        self, key: str, part: Range, quoted: bool, people: Sequence[tuple[Entity, int]]
    ) -> bool:
        """Whether somebody without a name (`the driver`) could be meant as well."""
        own = {word for entity, _ in people for word in entity.words}
        for word in _WORD.finditer(self.text, part.start, part.end):
            low = word[0].lower()
            if low in own or low not in _roles(key):
                continue
            if (quoted or not self.is_quoted(word.start())) and not self._in_name(word):
                return True
        return False

    def _in_name(self, word: re.Match[str]) -> bool:
        """Whether a word is part of a name or of a title before one."""
        after = self.text[word.end() : word.end() + 2]
        inside = any(e.named for e, _ in self.roster.covering(word.start()))
        return inside or (after[:1] in " ." and after[-1:].isupper())

    def _first_form(self, key: str, part: Range, quoted: bool) -> int | None:
        """Offset of the first form of the pronoun in a stretch."""
        for form in _FORMS[key].finditer(self.text, part.start, part.end):
            if self.is_quoted(form.start()) == quoted:
                return form.start()
        return None

    def _is_fronted(self, part: Range, start: int) -> bool:
        """Whether a pronoun goes before its name: `In his first month, Tolk`."""
        return _FRONTED.fullmatch(Range(part.start, start).of(self.text)) is not None

    def _agrees(self, key: str, entity: Entity) -> bool:
        """Whether a pronoun surely suits an entity: no person is `it`."""
        if suitability(key, entity) <= UNLIKELY:
            return False
        kind = kind_of(entity)
        if key == "it":
            return kind == "organization" and not is_known_place(bare(entity.name))
        if key == "they":
            return kind == "group"
        return kind is None or not entity.named or is_surely_person(self.text, entity)


def _is_definite(words: str) -> bool:
    return words.lower().startswith("the ")


@cache
def _roles(key: str) -> frozenset[str]:
    """Words for persons whom `he` or `she` can mean."""
    words = {word: Entity(word, named=False) for word in roles() | _PERSONS}
    other = "female" if key == "he" else "male"
    return frozenset(word for word, who in words.items() if gender_of(who) != other)


def is_surely_person(text: str, entity: Entity) -> bool:
    """Whether a name is a person's: by first name, title, or being called by surname.

    Args:
        text: the article.
        entity: whose name it is.
    """
    words = entity.name.lower().split()
    if kind_of(entity) != "person" or not entity.named:
        return False
    if _NO_PERSON.search(entity.name) or is_known_place(entity.name.split()[-1]):
        return False
    described = WORDS.findall((entity.description or "").lower())
    if words[0] in first_names("female") | first_names("male"):
        return True
    if any(word.strip(".") in roles() | _PERSONAL for word in described):
        return True
    return len(words) > 1 and any(
        text[m.start : m.end] == entity.name.split()[-1]
        and text[max(0, m.start - 4) : m.start].lower() != "the "
        for m in entity.mentions
    )
