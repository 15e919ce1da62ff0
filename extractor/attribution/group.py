"""The attribution around a cue: its verb chain and its subject."""

from dataclasses import dataclass, replace
from functools import cache

from extractor.attribution.article import Article, Frame, Noun, Verb
from extractor.attribution.inversion import inverted_subject
from extractor.attribution.joint import share, with_those_after, with_those_before
from extractor.attribution.phrases import nouns_before, phrase_before
from extractor.attribution.vocabulary import (
    ASIDES,
    BE,
    CHAIN,
    DETERMINERS,
    FRONTING,
    JOINERS,
    PLACE,
    POSTS,
    SAYING,
    STOPS,
    TIME,
)
from extractor.segmentation.cues import OPINION, POSSESSIVES
from extractor.segmentation.model import Mention
from extractor.segmentation.words import ends_as_adverb, read_lexicon


def chain_start(
    article: Article, verb: Verb, floor: int, *, inside: bool = False
) -> int:
    """First word of the verb chain: `has since` before `said`.

    Args:
        article: the article.
        verb: the cue.
        floor: the chain begins here at the earliest.
        inside: whether the cue itself lies in a quotation.
    """
    index = verb.first
    helpers = _helpers(article.language)
    while index > floor and (inside or article.block(index - 1) < 0):
        low = article.low(index - 1)
        adverb = ends_as_adverb(low) and not article.words[index - 1].capital
        dated = low == "on" and article.low(index) in TIME
        used = low == "used" and article.low(index) == "to"
        if low in helpers or adverb or dated or used:
            index -= 1
        elif (
            low == ","
            and article.low(index - 2) in ASIDES
            and (article.low(index - 3) == ",")
        ):
            index -= 3
        else:
            break
    return index


OWNER = 14
"""Words that name whose claim it is: `by the parish clerk, Osian Macready,`."""


@cache
def _helpers(language: str) -> frozenset[str]:
    """Words that may stand between a subject and its verb."""
    if language == "en":
        return CHAIN
    words = read_lexicon(language)["mentions"]
    return frozenset((words["auxiliaries"] + " " + words["adverbs"]).split())


def is_passive(article: Article, verb: Verb, start: int) -> bool:
    """Whether a form of *be* stands in the verb chain: `was told`."""
    between = [article.low(i) for i in range(start, verb.first)]
    past = article.low(verb.first).endswith(("ed", "told", "said", "quoted", "known"))
    return past and any(low in BE for low in between)


def _apposition(article: Article, floor: int, left: int) -> Noun | None:
    """`Lee` in `Lee, a former chief,`: the mention before the first matching comma."""
    if article.low(left) not in (",", ")", "—", "–", "-"):
        return None
    found = None
    for index in range(left - 1, max(floor - 1, left - 45), -1):
        low = article.low(index)
        if article.block(index) >= 0 or low == ";":
            break
        if low in (",", "(", "—", "–") or article.low(index + 1) in ("who", "whose"):
            end = index if low in (",", "(", "—", "–") else index + 1
            noun = article.ending_at(end)
            if noun and noun.first >= floor:
                found = noun
    if found and _is_one_of(article, found):
        return article.ending_at(left) or found
    return found


def _is_one_of(article: Article, noun: Noun) -> bool:
    """`the parents` in `One of the parents, Ada Holt, said`."""
    first = noun.first - 2
    return article.low(first) in ("one", "another") and article.low(first + 1) == "of"


@dataclass(frozen=True, slots=True)
class Group:
    """The attribution around a cue: its first and last word and the subject."""

    first: int
    end: int
    subject: Noun | None
    inverted: bool
    chained: bool = False
    """The cue is `saying` in `quoted Lee as saying`."""


def as_saying(article: Article, verb: Verb, frame: Frame) -> int | None:
    """Index of the `as` in `quoted Lee as saying`, for the cue `quoted`."""
    if not article.low(verb.first).startswith(("quot", "cit")):
        return None
    for index in range(verb.end, min(frame.end - 1, verb.end + 20)):
        if article.block(index) >= 0:
            return None
        if article.low(index) == "as" and article.low(index + 1) in SAYING:
            return index
    return None


def _chained_group(article: Article, verb: Verb, frame: Frame) -> Group | None:
    """The group of `saying` in `quoted Lee as saying` and `was quoted as saying`."""
    if article.low(verb.first - 1) != "as" or article.low(verb.first) not in SAYING:
        return None
    for index in range(verb.first - 2, max(frame.first, verb.first - 22), -1):
        if not article.low(index).startswith(("quot", "cit")):
            continue
        start = chain_start(article, Verb(index, index + 1, verb.cue), frame.first)
        source = article.ending_at(start)
        first = source.first if source else start
        if index == verb.first - 2:
            return Group(first, verb.end, source, False, True)
        quoted = article.starting_at(index + 1) or _object_pronoun(article, index + 1)
        return Group(first, verb.end, quoted, False, True) if quoted else None
    return None


def _asked_by(article: Article, verb: Verb, frame: Frame) -> Group | None:
    """`Asked by Lee whether it was safe`, `was told by Lee that`: Lee says it."""
    start = chain_start(article, verb, frame.first)
    fronted = verb.first == frame.first or is_passive(article, verb, start)
    asked = article.low(verb.first) in ("asked", "told")
    if not (fronted and asked) or article.low(verb.end) != "by":
        return None
    agent = article.starting_at(verb.end + 1)
    return Group(verb.first, agent.end, agent, False, True) if agent else None


def _object_pronoun(article: Article, index: int) -> Noun | None:
    """`her` in `quoted her as saying`, which looks like a possessive."""
    if article.low(index) not in ("her", "him", "them"):
        return None
    word = article.words[index]
    return Noun(index, index + 1, Mention(word.start, word.end, "pronoun"))


def group_of(article: Article, verb: Verb, frame: Frame) -> Group:
    """Finds the words of the attribution itself: subject and verb chain."""
    if verb.cue.kind == "preposition":
        return _prepositional(article, verb, frame)
    start = chain_start(article, verb, frame.first)
    if verb.cue.kind == "noun":
        return _nominal(article, verb, start)
    if verb.cue.kind != "verb":
        return Group(start, verb.end, None, False)
    chained = _chained_group(article, verb, frame) or _asked_by(article, verb, frame)
    if chained:
        return chained
    plain = _plain_group(article, verb, frame, start)
    inverted = inverted_subject(article, verb, frame, start)
    apposed = None if plain else _apposed_group(article, verb, frame, start)
    if inverted and not plain and not _is_described(article, verb, apposed, frame):
        subject, end = inverted
        return Group(start, end, subject, True)
    group = plain or apposed or Group(start, verb.end, None, False)
    return _after_speech(article, _with_as(article, group), frame)


def _is_described(
    article: Article, verb: Verb, apposed: Group | None, frame: Frame
) -> bool:
    """Whether the subject comes first: `Lodia, whose king ..., offered B`."""
    if apposed is None or apposed.subject is None or verb.cue.lemma == "say":
        return False
    after = apposed.subject.end
    relative = article.low(after + 1) in ("who", "whose", "which", "where")
    return apposed.first == frame.first and article.low(after) == "," and relative


def _with_as(article: Article, group: Group) -> Group:
    """`“A mess,” as Lee put it`: the `as` belongs to the attribution."""
    before = group.first - 1
    if article.low(before) != "as" or article.block(before - 1) < 0:
        return group
    return replace(group, first=before)


def _nominal(article: Article, verb: Verb, start: int) -> Group:
    """`Lee's claim that ...`, `a claim by Lee that ...`: whose claim it is."""
    if article.low(verb.end) == "by":
        agent = _owner(article, verb.end + 1) or article.starting_at(verb.end + 1)
        if agent:
            end = agent.end + (article.low(agent.end) == ",")
            return Group(start, end, agent, False, True)
    if article.low(verb.end) == ":":
        whose = _possessor(article, verb.first)
        if whose:
            return Group(whose.first, verb.end, whose, False, True)
    for back in (1, 2, 3):
        if article.low(verb.first - back) == "'s":
            owner = article.ending_at(verb.first - back)
            return Group(start, verb.end, owner, False, owner is not None)
    return Group(start, verb.end, None, False)


def _owner(article: Article, first: int) -> Noun | None:
    """`Macready` in `a claim by the parish clerk, Osian Macready, that ...`."""
    for at in range(first, first + OWNER):
        if article.low(at) == "that":
            return article.ending_at(at - (article.low(at - 1) == ","))
    return None


def _plain_group(
    article: Article, verb: Verb, frame: Frame, start: int
) -> Group | None:
    subject = article.ending_at(start)
    if subject and _is_addressed(article, verb, subject):
        return None
    if subject is None or subject.first < frame.first:
        subject = phrase_before(article, start, frame) or nouns_before(
            article, verb, start, frame
        )
    else:
        subject = _antecedent(article, verb, subject, frame) or _owned(article, subject)
        subject = share(article, subject)
    if subject is None:
        return None
    subject = with_those_before(article, subject, frame, subject.end)
    return Group(subject.first, verb.end, subject, False)


def _owned(article: Article, subject: Noun) -> Noun:
    """`Marrow Sheriff's Office`, where a name ends with another's possession."""
    owner = article.ending_at(subject.first - 1)
    possessed = article.low(subject.first - 1) == "'s" and owner is not None
    if not possessed or owner is None or subject.mention.kind != "name":
        return subject
    mention = Mention(owner.mention.start, subject.mention.end, "name")
    return Noun(owner.first, subject.end, mention)


def _is_addressed(article: Article, verb: Verb, noun: Noun) -> bool:
    """`wrote to the Herald claiming that`: the Herald claims nothing."""
    participle = article.low(verb.end - 1).endswith("ing")
    return participle and article.low(noun.first - 1) in ("to", "with", "at", "on")


def _antecedent(
    article: Article, verb: Verb, subject: Noun, frame: Frame
) -> Noun | None:
    """`Residents` in `Residents who left the town said`."""
    if _is_inserted(article, verb, subject):
        return None
    for index in range(subject.first - 1, max(frame.first, subject.first - 14), -1):
        if article.low(index) == "," and article.low(index + 1) in POSTS:
            return _opening(article, index, frame)
        if article.block(index) >= 0 or not article.words[index].alpha:
            return None
        if article.low(index) == "who":
            return article.ending_at(index) if index + 1 < subject.first else None
    return None


def _is_inserted(article: Article, verb: Verb, subject: Noun) -> bool:
    """`Taxes, the mayor says, must rise`, where `Taxes` is no mayor."""
    between = article.low(subject.first - 1) == "," == article.low(verb.end)
    determined = article.low(subject.first) in DETERMINERS
    return between and determined and article.block(verb.end + 1) < 0


def _opening(article: Article, comma: int, frame: Frame) -> Noun | None:
    """The mention before a comma, if the sentence or the attribution begins with it."""
    noun = article.ending_at(comma)
    if noun and (noun.first <= frame.first or article.block(noun.first - 1) >= 0):
        return noun
    return None


def _apposed_group(
    article: Article, verb: Verb, frame: Frame, start: int
) -> Group | None:
    if article.low(verb.end - 1).endswith("ing"):
        return None
    subject = _named_role(article, frame, start - 1) or _apposition(
        article, frame.first, start - 1
    )
    if subject is None:
        return None
    named = article.ending_at(start - 1) if article.low(start - 1) == "," else None
    subject = with_those_before(
        article, subject, frame, named.end if named else subject.end
    )
    return Group(subject.first, verb.end, subject, False)


def _named_role(article: Article, frame: Frame, comma: int) -> Noun | None:
    """`its director` in `C, its director, Ada Holt, said`."""
    name = article.ending_at(comma) if article.low(comma) == "," else None
    if name is None or name.mention.kind != "name":
        return None
    before = name.first - 1
    role = article.ending_at(before) if article.low(before) == "," else None
    if role is None or role.mention.kind != "nominal" or role.first <= frame.first:
        return None
    opens = article.low(role.first) in DETERMINERS
    return role if opens and article.low(role.first - 1) == "," else None


def _after_speech(article: Article, group: Group, frame: Frame) -> Group:
    """Widens a group to the quotation before it: `"A," the union's Ada Lee said`."""
    for index in range(group.first - 1, max(frame.first, group.first - 30), -1):
        if article.block(index) >= 0:
            return _widened(article, group, index)
        if index in article.cue_words or article.low(index) in (";", ":"):
            break
    return group


def _widened(article: Article, group: Group, index: int) -> Group:
    """The group with all words after the quotation that closes at a word."""
    first = index + 1
    opener, head = article.low(first), article.starting_at(first)
    plain = article.words[first].alpha and opener not in JOINERS | FRONTING | PLACE
    begins = head is not None or opener in DETERMINERS or article.words[first].capital
    if first == group.first or not (plain and begins and is_utterance(article, index)):
        return group
    subject = group.subject
    if head and (subject is None or article.low(subject.first - 1) in PLACE):
        subject = head
    return Group(first, group.end, subject, False)


def is_utterance(article: Article, index: int) -> bool:
    """Whether the quotation at a word is long, or ends like a sentence."""
    block = article.blocks[article.block(index)]
    inner = article.text[block.inner_start : block.inner_end].rstrip()
    return inner.endswith((",", ".", "?", "!", "—", "…")) or inner.count(" ") > 4


def _prepositional(article: Article, verb: Verb, frame: Frame) -> Group:
    end = verb.end
    while end < frame.end and article.block(end) < 0:
        if article.low(end) in (",", ";", "—", ":") or _ends_sentence(
            article, end, frame
        ):
            break
        end += 1
    if verb.cue.lemma == OPINION and verb.end - verb.first > 1:
        owner = _possessor(article, verb.end - 1)
        stop = verb.end if owner else max(verb.end, end)  # `In his view most are wrong`
        return Group(verb.first, stop, owner or article.starting_at(verb.end), False)
    source = article.starting_at(verb.end)
    if source:
        source = with_those_after(article, source, frame)
    return Group(verb.first, end, source, False)


def _possessor(article: Article, noun: int) -> Noun | None:
    """`her` in `her view`, `Ada Holt` in `Ada Holt's view`."""
    at = noun - 1
    if article.low(at) == "'s":
        return article.ending_at(at)
    if article.low(at) not in POSSESSIVES:
        return None
    word = article.words[at]
    return Noun(at, noun, Mention(word.start, word.end, "pronoun"))


def _ends_sentence(article: Article, index: int, frame: Frame) -> bool:
    return index >= frame.end - 1 and article.low(index) in STOPS


def ends_with_comma(article: Article, index: int) -> bool:
    """Whether the quotation a word lies in has a comma before its closing mark."""
    block = article.blocks[article.block(index)]
    return article.text[block.inner_start : block.inner_end].endswith(",")
