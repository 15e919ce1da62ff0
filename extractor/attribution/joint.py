"""Two or more who speak together: `Falk and Brandt said`."""

from extractor.attribution.article import Article, Frame, Noun
from extractor.attribution.vocabulary import FINITE, JOINERS
from extractor.segmentation.model import Mention

MOST = 5
"""Names of a list at most."""


def with_those_before(article: Article, subject: Noun, frame: Frame, end: int) -> Noun:
    """The subject with those an `and` joins to it, else itself.

    Only where they begin the clause: in `Holt met Falk and Brandt said no` Brandt
    speaks alone.

    Args:
        article: the article.
        subject: who stands nearest before the verb.
        frame: the sentence.
        end: one past the last word that names the subject, its description included.
    """
    first = subject.first
    if article.low(first - 1) != "and" or article.block(first - 1) >= 0:
        return subject
    nearest = article.ending_at(first - 1)
    if nearest is None or nearest.mention.kind == "pronoun":
        return subject
    opening = _first_of_list(article, nearest, frame)
    if opening is None:
        return subject
    start, stop = opening.mention.start, article.words[end - 1].end
    return Noun(opening.first, end, Mention(start, stop, "nominal"))


def _first_of_list(article: Article, nearest: Noun, frame: Frame) -> Noun | None:
    """The first of `Holt, Falk and`, where it begins the clause."""
    here = nearest
    for _ in range(MOST):
        if here.first <= frame.first or article.block(here.first - 1) >= 0:
            return here
        before = here.first - 1
        listed = article.ending_at(before) if article.low(before) == "," else None
        if listed is None or listed.first < frame.first:
            break
        here = listed
    opener = article.low(nearest.first - 1)
    opens = opener in JOINERS | {",", ";", ":", "that", "–", "—"}
    return nearest if opens else None


def with_those_after(article: Article, subject: Noun, frame: Frame) -> Noun:
    """`Holt and Brandt` after `said`, where the sentence does not go on with Brandt."""
    if article.low(subject.end) != "and":
        return subject
    other = article.starting_at(subject.end + 1)
    if other is None or other.end > frame.end or other.mention.kind == "pronoun":
        return subject
    goes_on = other.end in article.cue_words or article.low(other.end) in FINITE
    if goes_on:
        return subject
    mention = Mention(subject.mention.start, other.mention.end, "nominal")
    return Noun(subject.first, other.end, mention)


def share(article: Article, subject: Noun) -> Noun:
    """`One in five readers`: not the five of whom it is one."""
    first = subject.first - 2
    if article.low(first) != "one" or article.low(first + 1) not in ("in", "of"):
        return subject
    mention = Mention(article.words[first].start, subject.mention.end, "nominal")
    return Noun(first, subject.end, mention)
