"""Reporting verbs in all their forms, and what each may take.

English inflections are generated from the lemmas of the lexicon; other languages list
theirs. A verb's frames tell what may follow: a clause, an addressee, an object.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from extractor.segmentation.words import plural, read_lexicon

_VOWELS = "aeiou"
_FRAMES = (
    "clause",
    "manner",
    "addressee",
    "that",
    "weak",
    "infinitive",
    "urging",
    "object",
)
_PHRASAL_FRAMES = {"c": "clause", "o": "object", "u": "urging"}


@dataclass(frozen=True, slots=True)
class VerbForm:
    """One inflected form of a reporting verb."""

    lemma: str
    tail: tuple[str, ...]
    """Words that follow the inflected one: `("out",)` of `pointed out`."""
    form: str
    """`base`, `s`, `past`, `participle` or `ing`; forms may share a spelling."""


def _regular_past(lemma: str) -> str:
    if lemma.endswith("e"):
        return lemma + "d"
    if lemma.endswith("y") and lemma[-2] not in _VOWELS:
        return lemma[:-1] + "ied"
    return lemma + "ed"


def _regular_ing(lemma: str) -> str:
    if lemma.endswith("e") and not lemma.endswith(("ee", "oe", "ye")):
        return lemma[:-1] + "ing"
    return lemma + "ing"


def _third_person(lemma: str) -> str:
    if lemma in ("go", "veto"):
        return lemma + "es"
    return plural(lemma) if not lemma.endswith(("man", "child")) else lemma + "s"


@cache
def _irregular() -> dict[str, tuple[list[str], list[str]]]:
    table = {}
    for entry in read_lexicon("en")["verbs"]["irregular"].split():
        lemma, past, ing = entry.split(":")
        table[lemma] = (past.split(","), ing.split(","))
    return table


def _inflect(lemma: str) -> Iterator[tuple[str, str]]:
    pasts, ings = _irregular().get(
        lemma, ([_regular_past(lemma)], [_regular_ing(lemma)])
    )
    yield lemma, "base"
    yield _third_person(lemma), "s"
    yield from ((past, "past") for past in pasts)
    yield from ((ing, "ing") for ing in ings)


@cache
def frames(language: str = "en") -> dict[str, frozenset[str]]:
    """What each verb lemma takes: a set of the lexicon's frame names."""
    table: dict[str, set[str]] = {}
    verbs = read_lexicon(language)["verbs"]
    for frame in _FRAMES:
        for lemma in verbs.get(frame, "").split():
            table.setdefault(lemma.split(":")[0], set()).add(frame)
    for lemma, frame in _phrasals(language):
        table.setdefault(lemma, set()).add(frame)
    return {lemma: frozenset(found) for lemma, found in table.items()}


def _phrasals(language: str) -> Iterator[tuple[str, str]]:
    phrase: list[str] = []
    for word in read_lexicon(language)["verbs"].get("phrasal", "").split():
        head, slash, frame = word.partition("/")
        phrase.append(head)
        if slash:
            yield " ".join(phrase), _PHRASAL_FRAMES[frame]
            phrase = []


@cache
def verb_forms(language: str = "en") -> dict[str, tuple[VerbForm, ...]]:
    """Reporting verbs by the spelling of their inflected word, longest phrase first."""
    table: dict[str, list[VerbForm]] = {}
    if language == "en":
        for lemma in frames(language):
            head, *tail = lemma.split()
            for spelling, form in _inflect(head):
                entry = VerbForm(lemma, tuple(tail), form)
                table.setdefault(spelling, []).append(entry)
    else:
        verbs = read_lexicon(language)["verbs"]
        for frame in _FRAMES:
            for entry_text in verbs.get(frame, "").split():
                lemma, _, spellings = entry_text.partition(":")
                for spelling in spellings.split(","):
                    entry = VerbForm(lemma, (), "past")
                    table.setdefault(spelling, []).append(entry)
    for entries in table.values():
        entries.sort(key=lambda e: (-len(e.tail), e.form != "base"))
    return {spelling: tuple(entries) for spelling, entries in table.items()}
