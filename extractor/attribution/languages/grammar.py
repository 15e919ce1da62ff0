"""Closed word classes of the languages that are read by their own grammar.

They stand in the section `grammar` of a language's lexicon.
"""

import re
from dataclasses import dataclass
from functools import cache

from extractor.segmentation.words import read_lexicon

_NULL_SUBJECT = frozenset({"es", "pt"})
_PARTICIPLES = {
    "de": r"\w*ge\w+t|\w+iert|(?:be|er|ver|ent|über|unter|wider)\w+t|\w*ge\w+en|"
    r"versprochen",
    "fr": r"\w+é|\w+(?:enu|onnu|ondu|onclu|omis|dmis|averti|menti|uivi)",
    "es": r"\w+(?:ado|ido)|dicho|escrito|\w*puesto",
    "pt": r"\w+(?:ado|ido)|dito|escrito",
}


@dataclass(frozen=True, slots=True)
class Grammar:
    """The word classes of one language, in small letters."""

    that: frozenset[str]
    """What joins a reported clause to its verb; `whether` too."""
    subordinators: frozenset[str]
    """What a clause or phrase that stands before its main clause begins with."""
    relatives: frozenset[str]
    joiners: frozenset[str]
    openers: frozenset[str]
    """What may stand before the subject at a sentence's beginning."""
    prepositions: frozenset[str]
    links: frozenset[str]
    """Words inside a noun phrase, behind its head."""
    helpers: frozenset[str]
    """Auxiliaries, pronouns and adverbs between a subject and its verb."""
    modals: frozenset[str]
    """In `wollte sie wissen` the modal makes it a question."""
    backward: tuple[str, ...]
    """`Das teilte sie mit`: begins a sentence that reports the one before."""
    like: frozenset[str]
    """`wie` in `wie die Polizei mitteilte`, which needs a verb of saying."""
    persons_only: frozenset[str]
    """`pour` in `pour Ada Holt, « ... »`, which means something else elsewhere."""
    negations: frozenset[str]
    auxiliaries: frozenset[str]
    subjunctive: frozenset[str]
    """Verbs in the mood of reported speech, by which it goes on."""
    irrealis: frozenset[str]
    """The same, but other sentences have it too."""
    determiners: frozenset[str]
    pronouns: frozenset[str]
    stop: frozenset[str]
    weekdays: frozenset[str]
    particles: dict[str, str]
    """The particle that a separable verb needs behind it, by lemma."""
    null_subject: bool
    """A verb may stand without a subject: `Añadió que ...`."""


@cache
def grammar_of(language: str) -> Grammar:
    """The grammar of German, French, Spanish or Portuguese."""
    lexicon = read_lexicon(language)
    own, mentions = lexicon["grammar"], lexicon["mentions"]

    def words(name: str, section: dict[str, str] = own) -> frozenset[str]:
        return frozenset(section.get(name, "").split())

    pairs = (
        entry.split(":") for entry in lexicon["verbs"].get("separable", "").split()
    )
    return Grammar(
        that=words("that"),
        subordinators=words("subordinators"),
        relatives=words("relatives"),
        joiners=words("joiners"),
        openers=words("openers"),
        prepositions=words("prepositions"),
        links=words("links"),
        helpers=words("helpers"),
        modals=words("modals"),
        backward=tuple(own["backward"].split()),
        like=words("like"),
        persons_only=words("persons_only"),
        negations=words("negations"),
        auxiliaries=words("auxiliaries", mentions),
        subjunctive=words("subjunctive"),
        irrealis=words("irrealis"),
        determiners=words("determiners", mentions),
        pronouns=words("pronouns", mentions),
        stop=words("stop", mentions),
        weekdays=words("weekdays", mentions),
        particles={lemma: particle for lemma, particle in pairs},
        null_subject=language in _NULL_SUBJECT,
    )


def is_participle(word: str, language: str) -> bool:
    """Whether a verb form needs an auxiliary, by its ending."""
    return re.fullmatch(_PARTICIPLES[language], word) is not None
