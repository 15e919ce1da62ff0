"""Event triggers: the words that can name an event, found by rule (English).

A lexicon (`lexicon/triggers.toml`) lists verbs, nouns and phrases by ACE 2005 event
type (https://www.ldc.upenn.edu/collaborations/past-projects/ace) and the contexts that
settle an ambiguous word. What is found is a candidate with a score; whether an event is
reported is for a reader or a model to judge.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any, Literal

from extractor.schema import EventStatus
from extractor.segmentation.model import Segmentation, Sentence

Form = Literal["base", "s", "past", "ing", "noun", "plural"]

THRESHOLD = 0.36
"""Candidates that score less are not returned."""

STRONG, WEAK = 0.9, 0.45
"""Prior score of a word that mostly names an event, and of one that often does not."""

FORM_FACTOR: dict[Form, float] = {
    "past": 1.0,
    "ing": 0.85,
    "s": 0.85,
    "base": 0.7,
    "noun": 0.8,
    "plural": 0.7,
}

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_VOWELS = "aeiou"


def _words(string: str) -> frozenset[str]:
    return frozenset(string.split())


_BE = _words("is are was were be been being am 's ’s 're ’re 'm ’m")
_DETERMINERS = _words(
    "a an the this that these those his her its their our my your any some no every each"
    " another several many few two three four five six seven eight nine ten more other"
    " such both all latest first second third last next recent new deadly alleged major"
)
_NOUN_BEFORE = _DETERMINERS | _words(
    "of in after during for by with from under against before over following into on"
    " about despite since amid between without"
)
_VERB_BEFORE = _words(
    "will would can could may might shall should must did do does not they we you i who"
    " he she it which n't cannot please and-then let"
)
_TO_NOUN = _words(
    "led lead leads leading due response respond responded according prior thanks linked"
    " related subject connection back return returned responding contributed tied"
    " contribute addition reaction attributed ties access"
)


@dataclass(frozen=True, slots=True)
class Trigger:
    """A word or phrase that can name an event; offsets as in `Segmentation`."""

    start: int
    end: int
    lemma: str
    """Dictionary form: `shoot`, `step down`, `airstrike`."""
    types: tuple[str, ...]
    """Event types the word can name, best first."""
    score: float
    """0 to 1: how likely it is that the word mentions an event here."""
    noun: bool
    """Whether the word is used as a noun."""


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    text: str
    lower: str


@dataclass(frozen=True, slots=True)
class _Entry:
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
        return self.form in ("noun", "plural")


@dataclass(frozen=True, slots=True)
class _Rule:
    factor: float
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    noun: bool | None
    types: tuple[str, ...]

    def fits(self, noun: bool, before: str, after: str) -> bool:
        return (
            self.noun in (None, noun)
            and (self.before is None or self.before.search(before) is not None)
            and (self.after is None or self.after.match(after) is not None)
        )


def find_triggers(segmentation: Segmentation) -> tuple[Trigger, ...]:
    """Finds the words of an article that can name an event.

    Boilerplate and the insides of names (`the War Department`) are left out.

    Args:
        segmentation: the article's sentences.

    Returns:
        Triggers in order, not overlapping.
    """
    return tuple(
        trigger
        for sentence in segmentation.sentences
        if not sentence.boilerplate
        for trigger in _sentence_triggers(segmentation.text, sentence)
    )


def _sentence_triggers(text: str, sentence: Sentence) -> Iterator[Trigger]:
    tokens = _tokens(text, sentence.start, sentence.end)
    headline = _is_headline(tokens)
    forms, _ = _lexicon()
    i = 0
    while i < len(tokens):
        entries = forms.get(tokens[i].lower)
        trigger = None
        if entries and (headline or not _in_name(text, tokens, i)):
            trigger, width = _best(text, tokens, i, entries)
            i += width - 1
        if trigger and trigger.score >= THRESHOLD:
            yield trigger
        i += 1


def _tokens(text: str, start: int, end: int) -> list[_Token]:
    return [
        _Token(m.start(), m.end(), m[0], m[0].lower())
        for m in _WORD.finditer(text, start, end)
    ]


def _is_headline(tokens: list[_Token]) -> bool:
    """Whether capitals say nothing: most longer words of the sentence have one."""
    longer = [token for token in tokens if len(token.text) > 3]
    capital = sum(token.text[0].isupper() for token in longer)
    return len(tokens) > 2 and capital >= 0.7 * len(longer)


def _in_name(text: str, tokens: list[_Token], i: int) -> bool:
    """Whether a capitalised word is (part of) a name and not just first."""
    if not tokens[i].text[0].isupper():
        return False
    before = text[tokens[i].start - 1 : tokens[i].start]
    if i > 0 and before not in "\"“‘'«:[(—–\n":
        return True
    follower = tokens[i + 1] if i + 1 < len(tokens) else None
    return (
        follower is not None
        and follower.text[0].isupper()
        and follower.start == tokens[i].end + 1
    )


def _best(
    text: str, tokens: list[_Token], i: int, entries: tuple[_Entry, ...]
) -> tuple[Trigger | None, int]:
    """The trigger that begins at a token, and how many tokens it takes."""
    phrases = [
        entry
        for entry in entries
        if entry.rest
        and entry.rest == tuple(t.lower for t in tokens[i + 1 : i + 1 + len(entry.rest)])
    ]
    if phrases:
        entry = max(phrases, key=lambda phrase: len(phrase.rest))
        width = 1 + len(entry.rest)
    else:
        words = [entry for entry in entries if not entry.rest]
        if not words:
            return None, 1
        noun = _used_as_noun(text, tokens, i, words)
        entry = next((word for word in words if word.noun == noun), words[0])
        width = 1
    types, score = _judge(text, tokens, i, width, entry)
    last = tokens[i + width - 1]
    trigger = Trigger(
        tokens[i].start, last.end, entry.lemma, types, round(score, 2), entry.noun
    )
    return trigger, width


def _used_as_noun(
    text: str, tokens: list[_Token], i: int, entries: list[_Entry]
) -> bool:
    kinds = {entry.noun for entry in entries}
    if len(kinds) == 1:
        return kinds.pop()
    before = _previous(text, tokens, i)
    if before == "to":
        plural = any(entry.form == "plural" for entry in entries)
        return plural or (i > 1 and tokens[i - 2].lower in _TO_NOUN)
    if before in _VERB_BEFORE or before.endswith("ly"):
        return False
    if before in _NOUN_BEFORE or before.endswith(("'s", "’s")):
        return True
    if any(entry.form == "past" for entry in entries):
        return False
    follower = tokens[i + 1].lower if i + 1 < len(tokens) else ""
    return follower not in _DETERMINERS | {"him", "them", "us", "me", "it", "at"}


def _previous(text: str, tokens: list[_Token], i: int) -> str:
    """The word just before in the same clause, lower-cased, else an empty string."""
    if i == 0 or text[tokens[i - 1].end : tokens[i].start].strip(" \u00a0\t\"“‘'"):
        return ""
    return tokens[i - 1].lower


def _judge(
    text: str, tokens: list[_Token], i: int, width: int, entry: _Entry
) -> tuple[tuple[str, ...], float]:
    """Types and score of an entry in its context."""
    score = entry.prior * _form_factor(text, tokens, i, entry)
    types = entry.types
    _, rules = _lexicon()
    if entry.lemma in rules:
        before = "".join(f"{token.lower} " for token in tokens[max(0, i - 4) : i])
        after = " ".join(token.lower for token in tokens[i + width : i + width + 7])
        for rule in rules[entry.lemma]:
            if rule.fits(entry.noun, before, after):
                score *= rule.factor
                types = rule.types or types
                break
    return types, min(score, 1.0)


def _form_factor(text: str, tokens: list[_Token], i: int, entry: _Entry) -> float:
    before = _previous(text, tokens, i)
    factor = FORM_FACTOR[entry.form]
    if entry.thing and before != "to" and before not in _VERB_BEFORE:
        return 0.0
    if entry.form == "past" and before in _DETERMINERS:
        return 0.6  # an adjective: "the wounded soldiers"
    if entry.form == "plural" and before not in _NOUN_BEFORE:
        return factor * 0.9
    if entry.form == "base" and before == "to":
        return factor * 0.9
    return factor


# -- lexicon ---------------------------------------------------------------------------


@cache
def _lexicon() -> tuple[dict[str, tuple[_Entry, ...]], dict[str, list[_Rule]]]:
    """Entries by lower-case form of their first word, and context rules by lemma."""
    source = resources.files("extractor.segmentation") / "lexicon" / "triggers.toml"
    data = tomllib.loads(source.read_text(encoding="utf-8"))
    irregular = data["irregular"]
    things = _words(data["things"]["words"])
    entries: list[tuple[str, _Entry]] = []
    for lemma, (types, prior) in _typed(data["verbs"], str.split).items():
        for word, form in _verb_forms(lemma, irregular):
            thing = lemma in things and form in ("base", "s")
            entries.append((word, _Entry(lemma, form, types, prior, thing=thing)))
    for lemma, (types, prior) in _typed(data["nouns"], str.split).items():
        entries.append((lemma, _Entry(lemma, "noun", types, prior)))
        entries.append((_plural(lemma), _Entry(lemma, "plural", types, prior)))
    for lemma, (types, prior) in _typed(data["phrases"], _split_phrases).items():
        first, *rest = lemma.split()
        for word, form in _phrase_forms(first, irregular):
            entry = _Entry(lemma, form, types, prior, tuple(rest))
            entries.append((word, entry))
    forms: dict[str, tuple[_Entry, ...]] = {}
    for word, entry in entries:
        forms[word] = (*forms.get(word, ()), entry)
    return forms, _rules(data["rules"])


def _split_phrases(string: str) -> list[str]:
    return [phrase.strip() for phrase in string.split(";")]


def _typed(table: dict[str, str], split: Any) -> dict[str, tuple[tuple[str, ...], float]]:
    """Types, sure ones first, and prior of each lemma of a table."""
    sure: dict[str, list[str]] = {}
    unsure: dict[str, list[str]] = {}
    for kind, string in table.items():
        for word in split(string):
            lemma = word.lstrip("~")
            kinds = (unsure if word[0] == "~" else sure).setdefault(lemma, [])
            if kind not in kinds:
                kinds.append(kind)
    lemmas = dict.fromkeys([*sure, *unsure])
    return {
        lemma: (
            tuple(dict.fromkeys([*sure.get(lemma, []), *unsure.get(lemma, [])])),
            STRONG if lemma in sure else WEAK,
        )
        for lemma in lemmas
    }


def _rules(tables: list[dict[str, Any]]) -> dict[str, list[_Rule]]:
    rules: dict[str, list[_Rule]] = {}
    for table in tables:
        before, after = table.get("before"), table.get("after")
        rule = _Rule(
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


_NOUN_FIRST = _words(
    "air car suicide phone press news state behind house oil heat plane power bomb"
)

# -- status ----------------------------------------------------------------------------

_PLANNED = re.compile(
    r"\b(?:will|shall|won['’]t|(?:plan|intend|expect|schedul|aim|prepar|vow|promis|pledg|"
    r"agree|decid|hop|want|set|due|threaten|poised|about|going|seek|order)(?:s|e|es|ed|ned|"
    r"ning|ing)? to|['’]ll|upcoming|planned|scheduled|forthcoming|next (?:week|month|year))\b"
)
_POSSIBLE = re.compile(
    r"\b(?:may|might|could|would|can|should|must|if|unless|whether|possible|possibly|perhaps|"
    r"potential|likely|probably|attempt\w*|tr(?:y|ied|ying|ies) to|suspected|feared|"
    r"fear of|risk of|threat of|threaten\w*|in case|able to|want(?:s|ed)?|plot\w*|"
    r"call(?:s|ed|ing) for|demand(?:s|ed|ing)?|urg(?:e|es|ed|ing))\b"
)
_DENIED = re.compile(
    r"\b(?:not|never|cannot|no|neither|nor|without|deni(?:ed|es)|deny(?:ing)?|refus\w+ to|"
    r"fail(?:ed|s|ing)?(?: to)?|false|hoax|prevent\w*|foil\w*|thwart\w*|avert\w*|"
    r"avoid\w*|instead of|rather than|stopped short of|nobody|none)\b|n['’]t\b"
)
_ONGOING = re.compile(
    r"\b(?:(?:is|are|am|been|['’]re|['’]s) (?:still |now |currently |also )?being|"
    r"continu\w+|ongoing|keeps?|still|underway|current(?:ly)?)\b"
)
_PROGRESSIVE = re.compile(
    r"(?:\b(?:is|are|am|been)|['’](?:re|s|m))(?: \w+(?:ly)?)?\s+$", re.ASCII
)
_BREAK = re.compile(
    r"[.;:—–“”\"()]|, (?:and|but|which|who|while|after|when|as|then)\b"
    r"| (?:after|before|when|while|who|which|because|since|but|that killed) "
)
_PAST_AUXILIARY = re.compile(r"\b(?:was|were|had|has|have)(?: \w+ly)? (?:been )?$")


def status_hint(segmentation: Segmentation, trigger: Trigger) -> EventStatus:
    """Guesses from the words before a trigger whether its event came about.

    Negation counts before modality and modality before tense, within the clause.

    Args:
        segmentation: the article.
        trigger: one of its triggers.

    Returns:
        The status; `happened` where nothing speaks against it.
    """
    text = segmentation.text
    start = next(
        (s.start for s in segmentation.sentences if s.start <= trigger.start < s.end),
        trigger.start,
    )
    clause = _clause_before(text, start, trigger.start)
    word = text[trigger.start : trigger.end].split()[0].lower()
    if _DENIED.search(clause):
        return "denied"
    if _PLANNED.search(clause):
        return "planned"
    if _POSSIBLE.search(clause):
        return "possible"
    if _ONGOING.search(clause) or (
        word.endswith("ing") and not trigger.noun and _PROGRESSIVE.search(clause)
    ):
        return "ongoing"
    if not trigger.noun and re.search(r"\bto $", clause) and word == trigger.lemma:
        return "possible"
    return "happened"


def _clause_before(text: str, start: int, end: int) -> str:
    """The last words before a position, from the nearest clause boundary, lower-cased."""
    stretch = text[max(start, end - 70) : end].lower()
    breaks = [match.end() for match in _BREAK.finditer(stretch)]
    return stretch[breaks[-1] :] if breaks else stretch
