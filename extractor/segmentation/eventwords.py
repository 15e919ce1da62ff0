"""The lexicon of event words, from `lexicon/triggers.toml`: forms, types, contexts."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any, Literal

Form = Literal["base", "s", "past", "ing", "noun", "plural"]

STRONG, MIDDLING, WEAK = 0.9, 0.62, 0.45
"""Prior score of a word that mostly names an event, of one that does so in its past
forms (marked `^`), and of one that often does not (`~`)."""

_MARKED = {"~": WEAK, "^": MIDDLING}
_VOWELS = "aeiou"


@dataclass(frozen=True, slots=True)
class Entry:
    """One form of a word, or of the first word of a phrase."""

    lemma: str
    form: Form
    types: tuple[str, ...]
    prior: float
    rest: tuple[str, ...] = ()
    """The further words of a phrase."""
    thing: bool = False
    """Whether the form is mostly a noun that names no event (`bomb`, `phones`)."""

    @property
    def noun(self) -> bool:
        """Whether the form is a noun's."""
        return self.form in ("noun", "plural")


@dataclass(frozen=True, slots=True)
class Rule:
    """What a context says about an ambiguous word."""

    factor: float
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    noun: bool | None
    types: tuple[str, ...]

    def fits(self, noun: bool, before: str, after: str) -> bool:
        """Whether the words before and after are those of the rule."""
        return (
            self.noun in (None, noun)
            and (self.before is None or self.before.search(before) is not None)
            and (self.after is None or self.after.match(after) is not None)
        )


Lexicon = tuple[Mapping[str, tuple[Entry, ...]], Mapping[str, list[Rule]]]
"""Entries by lower-case form of their first word, and context rules by lemma."""


@cache
def lexicon() -> Lexicon:
    """Entries by lower-case form of their first word, and context rules by lemma."""
    data = _source()
    irregular = data["irregular"]
    things = frozenset(data["things"]["words"].split())
    entries: list[tuple[str, Entry]] = []
    for lemma, (types, prior) in _typed(data["verbs"], str.split).items():
        for word, form in _verb_forms(lemma, irregular):
            thing = lemma in things and form in ("base", "s")
            entries.append((word, Entry(lemma, form, types, prior, thing=thing)))
    for lemma, (types, prior) in _typed(data["nouns"], str.split).items():
        entries.append((lemma, Entry(lemma, "noun", types, prior)))
        entries.append((_plural(lemma), Entry(lemma, "plural", types, prior)))
    for lemma, (types, prior) in _typed(data["phrases"], _split_phrases).items():
        first, *rest = lemma.split()
        for word, form in _phrase_forms(first, irregular):
            entry = Entry(lemma, form, types, prior, tuple(rest))
            entries.append((word, entry))
    forms: dict[str, tuple[Entry, ...]] = {}
    for word, entry in entries:
        forms[word] = (*forms.get(word, ()), entry)
    return forms, _rules(data["rules"])


def no_words() -> Lexicon:
    """A lexicon without entries."""
    return {}, {}


def add_words(known: Lexicon, words: Mapping[str, Sequence[str]]) -> Lexicon:
    """A lexicon with words of the user's own, which come before those in it.

    Args:
        known: the lexicon; its rules do not judge the new words.
        words: types of each word or phrase in its dictionary form, which is taken for
            a verb and a noun; after a `~` one that often means something else.
    """
    irregular = _source()["irregular"]
    forms, rules = dict(known[0]), dict(known[1])
    for word, types in words.items():
        lemma, prior = word.lstrip("~"), WEAK if word[0] == "~" else STRONG
        first, *rest = lemma.split()
        nouns: list[tuple[str, Form]] = [(first, "noun"), (_plural(first), "plural")]
        verbs = [*_verb_forms(first, irregular)]
        rules.pop(lemma, None)
        for form, kind in [*verbs, *nouns]:
            entry = Entry(lemma, kind, tuple(types), prior, tuple(rest))
            alike = [e.types for e in forms.get(form, ()) if _is_alike(e, entry)]
            kinds = dict.fromkeys([*types, *(t for one in alike for t in one)])
            entry = replace(entry, types=tuple(kinds))
            forms[form] = (entry, *forms.get(form, ()))
    return forms, rules


def _is_alike(one: Entry, other: Entry) -> bool:
    return (one.lemma, one.noun) == (other.lemma, other.noun)


def _source() -> dict[str, Any]:
    source = resources.files("extractor.segmentation") / "lexicon" / "triggers.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


def _split_phrases(string: str) -> list[str]:
    return [phrase.strip() for phrase in string.split(";")]


def _typed(
    table: dict[str, str], split: Callable[[str], list[str]]
) -> dict[str, tuple[tuple[str, ...], float]]:
    """Types, sure ones first, and prior of each lemma of a table."""
    known: dict[str, dict[str, float]] = {}
    for kind, string in table.items():
        for word in split(string):
            prior = _MARKED.get(word[0], STRONG)
            kinds = known.setdefault(word.lstrip("~^"), {})
            kinds[kind] = max(prior, kinds.get(kind, 0.0))
    return {
        lemma: (tuple(sorted(kinds, key=lambda k: -kinds[k])), max(kinds.values()))
        for lemma, kinds in known.items()
    }


def _rules(tables: list[dict[str, Any]]) -> dict[str, list[Rule]]:
    rules: dict[str, list[Rule]] = {}
    for table in tables:
        before, after = table.get("before"), table.get("after")
        rule = Rule(
            factor=float(table["factor"]),
            before=re.compile(rf"\b{before}$") if before else None,
            after=re.compile(after) if after else None,
            noun={"noun": True, "verb": False}.get(table.get("form", "")),
            types=tuple(table.get("types", "").split()),
        )
        for lemma in table["lemmas"].split():
            rules.setdefault(lemma.replace("_", " "), []).append(rule)
    return rules


def _plural(noun: str) -> str:
    if noun.endswith(("s", "x", "ch", "sh")):
        return f"{noun}es"
    if noun.endswith("y") and noun[-2] not in _VOWELS:
        return f"{noun[:-1]}ies"
    return f"{noun}s"


def _verb_forms(lemma: str, irregular: dict[str, str]) -> Iterator[tuple[str, Form]]:
    """All forms of an English verb; both spellings where a consonant may double."""
    yield lemma, "base"
    yield _plural(lemma), "s"
    stems = {lemma.removesuffix("e") if not lemma.endswith(("ee", "oe")) else lemma}
    if lemma.endswith("c"):
        stems = {f"{lemma}k"}
    elif (
        len(lemma) > 2
        and lemma[-1] not in f"{_VOWELS}wxyh"
        and lemma[-2] in _VOWELS
        and lemma[-3] not in _VOWELS
    ):
        stems.add(lemma + lemma[-1])
    if lemma.endswith("ie"):
        stems = {f"{lemma[:-2]}y"}
    for stem in sorted(stems):
        yield f"{stem}ing", "ing"
    if lemma in irregular:
        for word in dict.fromkeys(irregular[lemma].split()):
            yield word, "past"
    elif lemma.endswith("y") and lemma[-2] not in _VOWELS:
        yield f"{lemma[:-1]}ied", "past"
    elif lemma.endswith("ie"):
        yield f"{lemma}d", "past"
    else:
        for stem in sorted(stems):
            yield f"{stem}ed", "past"


def _phrase_forms(first: str, irregular: dict[str, str]) -> Iterator[tuple[str, Form]]:
    """Forms of a phrase's first word: a verb's, or a noun's where it is none."""
    if first in _NOUN_FIRST:
        yield first, "noun"
    else:
        yield from _verb_forms(first, irregular)


_NOUN_FIRST = frozenset(
    "air car suicide phone press news state behind house oil heat plane power"
    " bomb".split()
)
