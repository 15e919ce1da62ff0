"""Subjects that are no known mention: `the bespectacled envoy said`, `study says`."""

from extractor.attribution.article import Article, Frame, Noun, Verb
from extractor.attribution.vocabulary import (
    BE,
    DETERMINERS,
    FINITE,
    FRONTING,
    JOINERS,
    PLACE,
    STOPS,
    TIME,
)
from extractor.segmentation.model import Mention

MODIFIERS = 2
"""Words between a conjunction and the plural that begins its clause."""
PLURAL = 5
"""Letters of such a plural at least."""


def phrase_before(article: Article, end: int, frame: Frame) -> Noun | None:
    """Words between a clause's beginning and the verb that are no known mention.

    `the bespectacled envoy said`: a determiner and a few words after it, as long as
    nothing among them is punctuation other than a comma between adjectives.
    """
    if article.language != "en":
        return None
    first = end
    while first > frame.first and article.block(first - 1) < 0 and end - first < 8:
        low = article.low(first - 1)
        if not article.words[first - 1].alpha or low in JOINERS or low == "that":
            break
        if low in BE:
            return None
        first -= 1
        if low in DETERMINERS and article.low(first - 1) != "of":
            break
    plural = _plural(article, end, frame)
    if plural is not None:
        first = plural
    elif first == end or article.low(first) not in DETERMINERS:
        first = _after_quotation(article, end, frame)
    if first == end or any(i in article.cue_words for i in range(first, end)):
        return None
    before = article.low(first - 1) if first > frame.first else ""
    opens = before in JOINERS | {"that"} or plural is not None
    if before and article.words[first - 1].alpha and not opens:
        return None
    start, stop = article.words[first].start, article.words[end - 1].end
    return Noun(first, end, Mention(start, stop, "nominal"))


def _plural(article: Article, end: int, frame: Frame) -> int | None:
    """First word of `dog walkers` in `as dog walkers warned`, where a clause begins."""
    low = article.low(end - 1)
    if not low.endswith("s") or low.endswith(("ss", "us", "is")) or len(low) < PLURAL:
        return None
    for first in range(end - 1, max(frame.first, end - 1 - MODIFIERS) - 1, -1):
        if not article.words[first].alpha or article.block(first) >= 0:
            return None
        if article.low(first - 1) in JOINERS | FRONTING - {"in", "by"}:
            return first
    return None


def nouns_before(article: Article, verb: Verb, end: int, frame: Frame) -> Noun | None:
    """`study` in `..., study suggests`: nouns alone between a comma and the cue."""
    after = article.low(verb.end)
    if article.language != "en" or not (
        verb.end >= frame.end - 1 or after in TIME | STOPS | {",", "in", "on"}
    ):
        return None
    for first in range(end - 1, max(frame.first, end - 4), -1):
        word = article.words[first]
        if not word.alpha or word.low in PLACE | TIME | FINITE | JOINERS | FRONTING:
            return None
        if article.block(first) >= 0 or word.low.endswith("ing"):
            return None
        if article.low(first - 1) == ",":
            start, stop = word.start, article.words[end - 1].end
            return Noun(first, end, Mention(start, stop, "nominal"))
    return None


def _after_quotation(article: Article, end: int, frame: Frame) -> int:
    """A determiner after the quotation that closes before `end`, else `end`."""
    if not article.words[end - 1].alpha:
        return end  # `"A," his wife, Lena, said`: an apposition
    for index in range(end - 1, max(frame.first, end - 11), -1):
        if article.block(index) >= 0:
            return index + 1 if article.low(index + 1) in DETERMINERS else end
    return end


def phrase_after(article: Article, first: int, frame: Frame) -> Noun | None:
    """`the bespectacled envoy` after `said`, a phrase that is no known mention."""
    if article.low(first) not in DETERMINERS:
        return None
    end = first + 1
    while end < min(frame.end, first + 7) and article.words[end].alpha:
        if article.low(end) in PLACE | TIME | JOINERS | {"who", "that"}:
            break
        if article.low(end) in FINITE:
            return None  # no phrase but a clause: `said a guard had knocked`
        end += 1
    if end == first + 1:
        return None
    start, stop = article.words[first].start, article.words[end - 1].end
    return Noun(first, end, Mention(start, stop, "nominal"))
