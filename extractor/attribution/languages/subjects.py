"""Whose verb it is: noun phrases before and behind a verb, and its chain of helpers.

Nouns of German are told by their capitals, those of the other languages by their
determiner and by the words that cannot belong to them. Word indices are half-open.
"""

from dataclasses import dataclass

from extractor.attribution.article import Article, Frame, Noun, Verb
from extractor.attribution.languages.grammar import (
    Grammar,
    grammar_of,
    is_participle,
)
from extractor.segmentation.model import Mention, MentionKind

LONGEST = 14
"""Words of a noun phrase at most."""
DASHES = frozenset("—–-")
_APART = frozenset(",;:()") | DASHES


@dataclass(frozen=True, slots=True)
class Attribution:
    """A verb of saying with its chain and its subject."""

    first: int
    end: int
    subject: Noun | None
    inverted: bool
    """The subject stands behind the finite verb."""
    denied: bool = False
    """The chain holds a negation."""


def phrase_at(article: Article, first: int, end: int) -> Noun | None:
    """The noun phrase that begins at a word: a known mention or what looks like one."""
    if first >= end or article.block(first) > article.block(first - 1):
        return None
    known = article.starting_at(first)
    if known and known.end > end:
        known = None
    if known and known.mention.kind != "nominal":
        return known
    grammar = grammar_of(article.language)
    scan = _german_end if article.language == "de" else _romance_end
    last = scan(article, first, min(end, first + LONGEST), grammar)
    if known and known.end >= last:
        return known
    return noun_of(article, first, last) if last > first else None


def noun_of(
    article: Article, first: int, end: int, kind: MentionKind = "nominal"
) -> Noun:
    """Words as a mention."""
    start, stop = article.words[first].start, article.words[end - 1].end
    return Noun(first, end, Mention(start, stop, kind))


def _german_end(article: Article, first: int, end: int, grammar: Grammar) -> int:
    """One past the last capital of a phrase; `first` where none begins."""
    determined = article.low(first) in grammar.determiners
    if not determined and article.low(first) in grammar.stop:
        return first
    last, at = first, first + determined
    block = article.block(first)
    while at < end and article.words[at].alpha and article.block(at) == block:
        word, before = article.words[at], article.low(at - 1)
        aged = word.low[0].isdigit() and "-" in word.low
        if (word.capital or aged) and word.low not in grammar.weekdays:
            last = at + 1
        elif word.low in grammar.prepositions and word.low not in grammar.links:
            break
        elif last == first or before in grammar.links:
            if at in article.cue_words and word.low not in grammar.links:
                break
        elif word.low not in grammar.links:
            break
        at += 1
    return last if determined or article.words[first].capital else first


def _romance_end(article: Article, first: int, end: int, grammar: Grammar) -> int:
    """One past the last word of a phrase with a determiner; `first` without."""
    if article.low(first) not in grammar.determiners and not article.starting_at(first):
        return first
    last, at = first, first + 1
    while at < end and article.block(at) == article.block(first):
        low = article.low(at)
        if at in article.cue_words or not (article.words[at].alpha or low == "&"):
            break
        if low in grammar.links:
            determiner = low in grammar.determiners - grammar.prepositions
            if determiner and article.low(at - 1) not in grammar.links:
                break
        elif low in grammar.stop or low in grammar.prepositions:
            break
        else:
            last = at + 1
        at += 1
    return last


def subject_before(article: Article, start: int, floor: int) -> Noun | None:
    """The noun phrase that ends right before a verb chain."""
    if start <= floor or not article.words[start - 1].alpha:
        return None
    grammar = grammar_of(article.language)
    left = clause_start(article, start, floor)
    if left == start:
        return None
    noun = article.ending_at(start)
    if noun and noun.first < left:
        noun = None
    if noun and article.low(noun.first - 1) in grammar.determiners:
        noun = noun_of(article, noun.first - 1, start)
    hung = noun is not None and noun.first > left and _hangs(article, noun, grammar)
    if noun and not hung:
        return noun
    opener = article.low(left)
    known = article.starting_at(left)
    begins = opener in grammar.determiners or known or article.words[left].capital
    if begins and opener not in grammar.prepositions | grammar.subordinators:
        return noun_of(article, left, start)
    return None


def _hangs(article: Article, noun: Noun, grammar: Grammar) -> bool:
    """Whether a preposition stands before a mention."""
    before = article.low(noun.first - 1)
    genitive = article.language == "de" and article.low(noun.first) in ("der", "des")
    hanging = genitive and article.words[noun.first - 1].capital
    return before in grammar.prepositions | grammar.links or hanging


def clause_start(article: Article, start: int, floor: int) -> int:
    """First word of the clause that goes on to `start`."""
    grammar = grammar_of(article.language)
    stops = grammar.joiners | grammar.that | grammar.relatives - grammar.determiners
    index = start
    while index > floor and article.block(index - 1) < 0:
        word = article.words[index - 1]
        if not word.alpha or word.low in stops or index - 1 in article.cue_words:
            break
        index -= 1
    return index


def apposed(article: Article, floor: int, comma: int) -> tuple[int, Noun] | None:
    """`Lee` in `Lee, die Bürgermeisterin,`: whom the words before a comma belong to.

    Returns:
        The first word of the phrase and who is meant, its name where it tells one.
    """
    grammar = grammar_of(article.language)
    at = floor
    while at < comma and (
        article.low(at) in grammar.openers or not article.words[at].alpha
    ):
        at += 1
    while at < comma:
        noun = phrase_at(article, at, comma)
        if noun and article.low(noun.end) in (",", "(") and noun.end < comma:
            return noun.first, named_beside(article, noun) or noun
        following = [i for i in range(at, comma) if article.low(i) == ","]
        if not following or article.low(at) not in grammar.prepositions:
            return None
        at = following[0] + 1
    return None


def named_beside(article: Article, noun: Noun) -> Noun | None:
    """`Ada Holt` in `la mairesse, Ada Holt`: the name that a role is told with."""
    determined = article.low(noun.first) in grammar_of(article.language).determiners
    role = noun.mention.kind == "nominal" or determined
    if not role or article.low(noun.end) != ",":
        return None
    name = article.starting_at(noun.end + 1)
    if name is None or name.mention.kind != "name":
        return None
    return name if not article.words[name.end].alpha else None


def subject_after(article: Article, at: int, end: int) -> Noun | None:
    """The noun phrase behind a verb, past adverbs and days."""
    grammar = grammar_of(article.language)
    block = article.block(at - 1)
    while at < end and article.block(at) == block:
        low, following = article.low(at), article.low(at + 1)
        known = article.starting_at(at)
        if known and known.mention.kind == "pronoun":
            return known
        if low in grammar.weekdays or low in grammar.helpers - grammar.determiners:
            at += 1
        elif following in grammar.weekdays and not article.words[at].capital:
            at += 2
        elif low in DASHES or low == "-t-" or low in grammar.particles.values():
            at += 1
        else:
            break
    return phrase_at(article, at, end)


def attribution_of(article: Article, verb: Verb, frame: Frame) -> Attribution | None:
    """The words of the attribution around a verb; None where it is no verb here."""
    grammar = grammar_of(article.language)
    floor = _floor(article, verb, frame)
    start, subject = _chain(article, verb, floor, grammar)
    bare = start == verb.first
    if bare and is_participle(article.low(verb.first), article.language):
        found = _far_auxiliary(article, verb, floor, grammar)
        finite = verb.cue.lemma == "wissen" or article.language != "de"
        if found is None and (finite or not _may_be_finite(article, verb)):
            return None
        start = found if found is not None else start
    elif verb.cue.lemma == "wissen":
        found = _far_auxiliary(article, verb, floor, grammar)
        if found is None:
            return None
        start = found
    if article.low(start - 1) in ("zu", "to") or _is_noun(article, start, grammar):
        return None
    chain = {article.low(i) for i in range(start, verb.end + 1)}
    denied = not chain.isdisjoint(grammar.negations)
    if subject:
        return Attribution(start, verb.end, subject, True, denied)
    return _with_subject(article, verb, frame, start, floor, denied)


def _opening_bracket(article: Article, end: int, floor: int) -> int:
    """The bracket that closes before `end`: `Tschakert (parteilos) nannte`."""
    for index in range(end - 1, floor, -1):
        if article.low(index) == "(":
            return index
    return end


def _shared(article: Article, start: int, floor: int) -> Noun | None:
    """The subject of the verb before `y anunció`: the sentence's first."""
    grammar = grammar_of(article.language)
    if article.low(start - 1) not in grammar.joiners:
        return None
    while floor < start and (
        article.low(floor) in grammar.openers or not article.words[floor].alpha
    ):
        floor += 1
    if article.low(floor) in grammar.prepositions | grammar.subordinators:
        return None
    noun = phrase_at(article, floor, start)
    return (named_beside(article, noun) or noun) if noun else None


def _may_be_finite(article: Article, verb: Verb) -> bool:
    return not article.low(verb.first).startswith("ge")


def _is_noun(article: Article, start: int, grammar: Grammar) -> bool:
    """`la demande`, `une annonce`: an article right before the verb."""
    before = article.low(start - 1)
    return article.language != "de" and (
        before in grammar.determiners and before not in grammar.pronouns
    )


def _floor(article: Article, verb: Verb, frame: Frame) -> int:
    """First word of the frame that no quotation parts from the verb."""
    index = verb.first
    while index > frame.first and article.block(index - 1) < 0:
        index -= 1
    return index


def _chain(
    article: Article, verb: Verb, floor: int, grammar: Grammar
) -> tuple[int, Noun | None]:
    """First word of the verb chain, and the pronoun inside it: `a-t-il déclaré`."""
    start, subject = verb.first, None
    while start > floor and article.low(start - 1) in grammar.helpers:
        start -= 1
    hyphen = article.low(start - 2)
    if start - 3 >= floor and hyphen in ("-", "-t-"):
        subject = article.ending_at(start)
        start -= 3
        while start > floor and article.low(start - 1) in grammar.helpers:
            start -= 1
    while start < verb.first and article.low(start) in grammar.determiners:
        before = article.low(start - 1)
        if article.words[start - 1].alpha and start > floor and before:
            break
        start += 1
    return start, subject


def _far_auxiliary(
    article: Article, verb: Verb, floor: int, grammar: Grammar
) -> int | None:
    """The auxiliary of a participle at its clause's end: `hat am Montag erklärt`."""
    wanted = grammar.modals if verb.cue.lemma == "wissen" else grammar.auxiliaries
    for index in range(verb.first - 1, max(floor, verb.first - LONGEST) - 1, -1):
        if not article.words[index].alpha:
            return None
        if article.low(index) in wanted:
            return index
    return None


def _with_subject(
    article: Article, verb: Verb, frame: Frame, start: int, floor: int, denied: bool
) -> Attribution:
    grammar = grammar_of(article.language)
    behind = verb.end if start == verb.first else start + 1
    behind = behind if article.language == "de" else verb.end
    left = article.low(start - 1) if start > frame.first else ""
    apart = left in _APART or (start > frame.first and article.block(start - 1) >= 0)
    if left == ")":
        start = _opening_bracket(article, start, floor)
    if left == ")" or (not apart and start > frame.first):
        before = subject_before(article, start, floor) or _shared(article, start, floor)
        if before:
            beside = before.end >= start
            first = before.first if beside else start
            return Attribution(first, verb.end, before, False, denied)
        if article.language != "de":
            return Attribution(start, verb.end, None, False, denied)
    elif left == ",":
        owner = apposed(article, floor, start - 1)
        if owner:
            return Attribution(owner[0], verb.end, owner[1], False, denied)
    after = subject_after(article, behind, frame.end)
    if after and not apart and article.language != "de":
        joined = article.low(after.end) in grammar.that | {",", ":"}
        after = after if joined and verb.first == frame.first else None
    if after is None:
        return Attribution(start, verb.end, None, False, denied)
    name = named_beside(article, after)
    end = max(verb.end, (name or after).end)
    return Attribution(start, end, name or after, True, denied)


def leader(article: Article, frame: Frame, end: int) -> Noun | None:
    """Whom a sentence is about: its first noun phrase that no preposition hangs."""
    grammar = grammar_of(article.language)
    at = frame.first
    while at < end:
        opener = article.low(at)
        if article.block(at) >= 0 or at in article.cue_words:
            return None
        noun = phrase_at(article, at, end)
        before = article.low(at - 1) if at > frame.first else ""
        hung = before in grammar.prepositions
        if (
            noun
            and not hung
            and opener not in grammar.prepositions - grammar.determiners
        ):
            return named_beside(article, noun) or noun
        at = noun.end if noun else at + 1
    return None
