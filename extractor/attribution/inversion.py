"""Subjects behind their verb: `said Lee`, `said one, Ada Holt`."""

from extractor.attribution.article import Article, Frame, Noun, Verb
from extractor.attribution.joint import with_those_after
from extractor.attribution.phrases import phrase_after
from extractor.attribution.vocabulary import (
    APPOSITION,
    FINITE,
    NEVER_INVERTED,
    PHRASE,
    PLACE,
    STOPS,
    TIME,
)
from extractor.segmentation.reporting import frames as verb_frames


def inverted_subject(
    article: Article, verb: Verb, frame: Frame, start: int
) -> tuple[Noun, int] | None:
    """Who speaks in `said Lee` after a quotation or comma, or first in its sentence.

    Args:
        article: the article.
        verb: the cue.
        frame: its sentence.
        start: first word of its verb chain.

    Returns:
        The subject, and one past the last word that tells who it is.
    """
    left = start - 1
    quoted = left < frame.first or article.block(left) >= 0
    takes = verb_frames(article.language).get(verb.cue.lemma, frozenset())
    if (
        not takes & {"clause", "manner"}
        or verb.cue.lemma in NEVER_INVERTED
        or article.low(start) == "to"
        or article.low(verb.end - 1).endswith("ing")
        or not (quoted or article.low(left) in (",", "—", "–"))
    ):
        return None
    after = _named_one(article, verb.end)
    after = after or _possessed(article, article.starting_at(verb.end))
    after = after or phrase_after(article, verb.end, frame)
    if after is None or after.end > frame.end:
        return None
    after = with_those_after(article, after, frame)
    follows = article.low(after.end)
    if (
        not quoted
        and article.words[min(after.end, frame.end - 1)].alpha
        and (follows not in PLACE | TIME | {"who"})
    ):
        end = _described(article, after.end, frame)
        return (after, end) if end else None
    if not quoted and _goes_on(article, after.end, frame):
        return None
    return after, _apposition_end(article, after.end, frame)


def _possessed(article: Article, noun: Noun | None) -> Noun | None:
    """`Ada Holt` in `said the Herald's Ada Holt`."""
    if noun is None or article.low(noun.end) != "'s":
        return noun
    return article.starting_at(noun.end + 1) or noun


def _named_one(article: Article, index: int) -> Noun | None:
    """`Karim Sow` in `said one, Karim Sow`."""
    if article.low(index) not in ("one", "another") or article.low(index + 1) != ",":
        return None
    named = article.starting_at(index + 2)
    return named if named and named.mention.kind == "name" else None


def _described(article: Article, index: int, frame: Frame) -> int | None:
    """End of what they are in `said two envoys briefed on it, who asked`."""
    for at in range(index, min(index + PHRASE, frame.end)):
        if article.low(at) == ",":
            return at if article.low(at + 1) in ("who", "whose") else None
        if not article.words[at].alpha or article.low(at) in FINITE:
            break
    return None


def _goes_on(article: Article, index: int, frame: Frame) -> bool:
    """Whether a clause follows: `said a focus on the young was key` inverts nothing."""
    while index < frame.end and article.words[index].alpha:
        if article.low(index) in FINITE:
            return True
        index += 1
    return False


def _apposition_end(article: Article, end: int, frame: Frame) -> int:
    """Past `, a former chief` after an inverted subject, up to the next comma."""
    if article.low(end) not in (",", "("):
        return end
    follows = article.low(end + 1)
    if not (follows in APPOSITION or article.low(end) == "("):
        return end
    index = end + 1
    while index < frame.end and article.block(index) < 0:
        if article.low(index) in STOPS | {","} and not _abbreviated(article, index):
            break
        index += 1
    return index


def _abbreviated(article: Article, index: int) -> bool:
    return article.low(index) == "." and len(article.low(index - 1)) <= 3
