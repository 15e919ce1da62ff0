"""Event triggers: the words that can name an event, found by rule (English).

A lexicon (`lexicon/triggers.toml`) lists verbs, nouns and phrases by ACE 2005 event
type (https://www.ldc.upenn.edu/collaborations/past-projects/ace) and the contexts that
settle an ambiguous word. What is found is a candidate with a score; whether an event is
reported is for a reader or a model to judge.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from extractor.schema import EventStatus
from extractor.segmentation.eventwords import Entry, Form, Lexicon, Rule, lexicon
from extractor.segmentation.model import Segmentation, Sentence
from extractor.segmentation.words import ends_as_adverb

THRESHOLD = 0.36
"""Candidates that score less are not returned."""

FORM_FACTOR: dict[Form, float] = {
    "past": 1.0,
    "ing": 0.85,
    "s": 0.85,
    "base": 0.7,
    "noun": 0.8,
    "plural": 0.7,
}

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def _words(string: str) -> frozenset[str]:
    return frozenset(string.split())


_DETERMINERS = _words(
    "a an the this that these those his her its their our my your any some no every"
    " each another several many few two three four five six seven eight nine ten more"
    " other such both all latest first second third last next recent new deadly"
    " alleged major"
)
_NOUN_BEFORE = _DETERMINERS | _words(
    "of in after during for by with from under against before over following into on"
    " about despite since amid between without"
)
_VERB_BEFORE = _words(
    "will would can could may might shall should must did do does not they we you i who"
    " he she it which n't cannot please"
)
_VERB_ONLY_BEFORE = _words(
    "to will would can could may might shall should must did do does not they we you i"
)
_TO_NOUN = _words(
    "led lead leads leading due response respond responded according prior thanks"
    " linked related subject connection back return returned responding contributed"
    " tied contribute addition reaction attributed ties access"
)


_HOUSING = _words(
    "room rooms centre center centres centers facility facilities brigade brigades"
    " station stations officer officers service services department ministry minister"
    " secretary insurance policy system systems museum hall fund committee commission"
    " equipment alarm alarms exit exits escape escapes engine engines safety procedure"
    " procedures process season seasons rate rates form forms schedule desk unit units"
)
"""After a noun they name a thing or a body and no event: `interview rooms`."""
_OFFICES = _words(
    "minister ministers ministry secretary director directors department chief chiefs"
    " committee editor manager correspondent"
)
"""After any word they name who has an office: `finance minister`."""


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


def find_triggers(
    segmentation: Segmentation, words: Lexicon | None = None
) -> tuple[Trigger, ...]:
    """Finds the words of an article that can name an event.

    Boilerplate and the insides of names (`the War Department`) are left out.

    Args:
        segmentation: the article's sentences.
        words: that can name an event; default: those of our types.

    Returns:
        Triggers in order, not overlapping.
    """
    known = words or lexicon()
    return tuple(
        trigger
        for sentence in segmentation.sentences
        if not sentence.boilerplate
        for trigger in _sentence_triggers(segmentation.flat, sentence, known)
    )


def _sentence_triggers(
    text: str, sentence: Sentence, known: Lexicon
) -> Iterator[Trigger]:
    tokens = _tokens(text, sentence.start, sentence.end)
    headline = _is_headline(text[sentence.start : sentence.end], tokens)
    forms, rules = known
    i = 0
    while i < len(tokens):
        entries = forms.get(tokens[i].lower)
        trigger = None
        if entries and (headline or not _in_name(text, tokens, i)):
            trigger, width = _best(text, tokens, i, entries, rules)
            i += width - 1
        if trigger and trigger.score >= THRESHOLD:
            yield trigger
        i += 1


def _tokens(text: str, start: int, end: int) -> list[_Token]:
    return [
        _Token(m.start(), m.end(), m[0], m[0].lower())
        for m in _WORD.finditer(text, start, end)
    ]


def _is_headline(sentence: str, tokens: list[_Token]) -> bool:
    """Whether capitals say nothing: most longer words of the sentence have one."""
    longer = [token for token in tokens if len(token.text) > 3]
    capital = sum(token.text[0].isupper() for token in longer)
    full_stop = sentence.rstrip("\"”’' ").endswith((".", "?"))
    return len(tokens) > 2 and not full_stop and capital >= 0.7 * len(longer)


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
    text: str,
    tokens: list[_Token],
    i: int,
    entries: tuple[Entry, ...],
    rules: Mapping[str, list[Rule]],
) -> tuple[Trigger | None, int]:
    """The trigger that begins at a token, and how many tokens it takes."""
    phrases = [
        entry
        for entry in entries
        if entry.rest
        and entry.rest
        == tuple(t.lower for t in tokens[i + 1 : i + 1 + len(entry.rest)])
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
    types, score = _judge(text, tokens, i, width, entry, rules)
    last = tokens[i + width - 1]
    trigger = Trigger(
        tokens[i].start, last.end, entry.lemma, types, round(score, 2), entry.noun
    )
    return trigger, width


def _used_as_noun(
    text: str, tokens: list[_Token], i: int, entries: list[Entry]
) -> bool:
    kinds = {entry.noun for entry in entries}
    if len(kinds) == 1:
        return kinds.pop()
    before = _previous(text, tokens, i)
    if before == "to":
        plural = any(entry.form == "plural" for entry in entries)
        return plural or (i > 1 and tokens[i - 2].lower in _TO_NOUN)
    if before in _VERB_BEFORE or ends_as_adverb(before):
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


def _next(text: str, tokens: list[_Token], i: int) -> str:
    """The word just after in the same clause, lower-cased, else an empty string."""
    if i + 1 == len(tokens) or text[tokens[i].end : tokens[i + 1].start].strip(
        " \u00a0"
    ):
        return ""
    return tokens[i + 1].lower


def _judge(
    text: str,
    tokens: list[_Token],
    i: int,
    width: int,
    entry: Entry,
    rules: Mapping[str, list[Rule]],
) -> tuple[tuple[str, ...], float]:
    """Types and score of an entry in its context."""
    score = entry.prior * _form_factor(text, tokens, i, entry)
    types = entry.types
    if entry.lemma in rules:
        before = "".join(f"{token.lower} " for token in tokens[max(0, i - 4) : i])
        after = " ".join(token.lower for token in tokens[i + width : i + width + 7])
        for rule in rules[entry.lemma]:
            if rule.fits(entry.noun, before, after):
                score *= rule.factor
                types = rule.types or types
                break
    return types, min(score, 1.0)


def _form_factor(text: str, tokens: list[_Token], i: int, entry: Entry) -> float:
    before = _previous(text, tokens, i)
    factor = FORM_FACTOR[entry.form]
    if entry.thing and before != "to" and before not in _VERB_BEFORE:
        return 0.0
    if entry.form == "past" and before in _DETERMINERS:
        return 0.6  # an adjective: "the wounded soldiers"
    if entry.form == "ing" and (before in _DETERMINERS or ends_as_adverb(before)):
        return 0.3  # an adjective: "a striking photograph"
    following = _next(text, tokens, i)
    if following in _OFFICES or (entry.noun and following in _HOUSING):
        return 0.0
    if (
        entry.form == "noun"
        and before in _VERB_ONLY_BEFORE
        and not (before == "to" and i > 1 and tokens[i - 2].lower in _TO_NOUN)
    ):
        return 0.0  # a verb that looks like the noun: "to deal with"
    if entry.form == "plural" and before not in _NOUN_BEFORE:
        return factor * 0.9
    if entry.form == "base" and before == "to":
        return factor * 0.9
    return factor


# -- status ----------------------------------------------------------------------------

_PLANNED = re.compile(
    r"\b(?:will|shall|won['’]t|(?:plan|intend|expect|schedul|aim|prepar|vow|promis|pledg|"
    r"agree|decid|hop|set|threaten|poised|about|going|order)"
    r"(?:s|e|es|ed|ned|ning|ing)? to|['’]ll|(?:is|are|was|were) due to|upcoming|"
    r"planned|scheduled|forthcoming|next (?:week|month|year))\b"
)
_POSSIBLE = re.compile(
    r"\b(?:may|might|could|would|can|should|must|if|unless|whether|possibl[ey]|perhaps|"
    r"potential|likely|probably|attempt\w*|tr(?:y|ied|ying|ies) to|suspected|feared|"
    r"(?:fear|risk|threat) of|threaten\w*|in case|able to|want(?:s|ed)?|plot\w*|"
    r"seek\w*|call(?:s|ed|ing) for|demand(?:s|ed|ing)?|urg(?:e|es|ed|ing))\b"
)
_DENIED = re.compile(
    r"\b(?:not(?! guilty| only)|never|cannot|no|neither|nor|without|"
    r"den(?:ied|ies|y|ying)|refus\w+ to|fail(?:ed|s|ing)? to|false|hoax|"
    r"prevent\w*|foil\w*|thwart\w*|avert\w*|avoid\w*|instead of|"
    r"rather than|stopped short of|nobody|none)\b|n['’]t\b"
)
_ONGOING = re.compile(
    r"\b(?:(?:is|are|am|been|['’]re|['’]s) (?:still |now |currently |also )?being|"
    r"continu\w+|ongoing|keeps?|still|underway|current(?:ly)?)\b"
)
_PROGRESSIVE = re.compile(
    r"(?:\b(?:is|are|am|been)|['’](?:re|s|m))(?: \w+(?:ly)?)?\s+$", re.ASCII
)
# What is spoken of as known is taken as given: only its own words can deny it.
_DEFINITE = re.compile(
    r"(?:\b(?:the|this|that|these|those|his|her|its|their)|['’]s)(?: [\w-]+){0,3} $"
)
# "to bomb", but "began to bomb"
_PURPOSE = re.compile(
    r"(?<!began )(?<!begin )(?<!begun )(?<!started )(?<!continued )(?<!managed )"
    r"(?<!forced )(?<!used )(?<!went on )(?<!helped )\bto $|\bfor $"
)
_BREAK = re.compile(
    r"[.;:—–“”\"()]|, (?:and|but|which|who|while|after|when|as|then)\b"
    r"| (?:after|before|when|while|who|which|because|since|but|as|that killed) "
)


def status_hint(segmentation: Segmentation, trigger: Trigger) -> EventStatus:
    """Guesses from the words before a trigger whether its event came about.

    Negation counts before modality and modality before tense, within the clause.

    Args:
        segmentation: the article.
        trigger: one of its triggers.

    Returns:
        The status; `happened` where nothing speaks against it.
    """
    text = segmentation.flat
    k = bisect_right(segmentation.sentences, trigger.start, key=lambda s: s.start)
    sentence = segmentation.sentences[k - 1] if k else None
    holds = sentence is not None and trigger.start < sentence.end
    start = sentence.start if sentence and holds else trigger.start
    clause = _clause_before(text, start, trigger.start)
    if trigger.noun:
        definite = _DEFINITE.search(clause)
        clause = definite[0] if definite else " ".join(clause.split()[-5:])
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
    if not trigger.noun and _PURPOSE.search(clause):
        return "possible"
    return "happened"


def _clause_before(text: str, start: int, end: int) -> str:
    """The last words before a position in its clause, lower-cased."""
    stretch = text[max(start, end - 70) : end].lower()
    breaks = [match.end() for match in _BREAK.finditer(stretch)]
    return stretch[breaks[-1] :] if breaks else stretch
