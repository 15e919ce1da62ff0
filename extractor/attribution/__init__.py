"""Every possible quote of an article, with its cue and its ranked speakers.

The rules alone, no model: the spans come from quotation marks and reporting words, the
speakers from the structure around the cue.
"""

import re
from bisect import bisect_left
from dataclasses import replace

from extractor.attribution import languages
from extractor.attribution.article import Article, lay_out
from extractor.attribution.blocks import find_blocks
from extractor.attribution.certainty import floor, is_unsourced
from extractor.attribution.content import Report
from extractor.attribution.likelihood import features, likelihood
from extractor.attribution.negation import is_said_by_nobody
from extractor.attribution.reports import find_reports, report_spans
from extractor.attribution.speakers import rank
from extractor.attribution.vocabulary import DENIALS, FINITE, OBJECTS
from extractor.segmentation import segment
from extractor.segmentation.model import (
    Candidate,
    Mention,
    Passage,
    Range,
    Segmentation,
)
from extractor.segmentation.reporting import frames
from extractor.segmentation.scripts import count_words, is_uncased

NEAR = 40
"""Passages before one that it is compared with."""
RELAYING = frozenset("said says told asked wrote promised warned denied".split())
"""Words that report inside a quotation as well: `he told me`."""
_RELAYED = re.compile(rf"\b(?:{'|'.join(sorted(RELAYING))})\b", re.IGNORECASE)
LABEL = 60
"""Characters of a speaker's name before a turn, at most."""
RELAYING_WORDS = 5
"""Words of a quotation that may hold a report."""
WITHHOLDING = frozenset(
    "decline declines declined declining refuse refuses refused refusing fail fails "
    "failed unable unwilling reluctant".split()
)
UNANSWERED = frozenset("answer reply respond say".split())
"""Verbs that, negated, tell that nothing was said."""
TOPIC = frozenset("on upon about".split())
NEGATED = frozenset("not n't never".split())
QUESTION_WORDS = frozenset("what whether why how who when where which".split())
IDENTIFIED = frozenset("named identified quoted".split())
SURE = 0.5
"""A speaker and a passage less likely than this do not begin a chain of quotes."""

__all__ = ["find_passages"]


def find_passages(
    segmentation: Segmentation, *, language: str | None = None
) -> tuple[Passage, ...]:
    """Every possible quote of a text, in text order.

    Args:
        segmentation: the segmented text.
        language: BCP 47 tag of the text; English where there is no lexicon.
    """
    article = lay_out(segmentation, language)
    blocks = find_blocks(article)
    others = [p for p in _passages(article) if not _holds_a_block(p, blocks)]
    found = _distinct(others + blocks)
    return _nest(sorted([*found, *_relayed(article, found, language)], key=_position))


def _holds_a_block(passage: Passage, blocks: list[Passage]) -> bool:
    """Whether a quotation is a turn of a transcript with its speaker's name."""
    first, last = passage.spans[0], passage.spans[-1]
    return passage.cue is None and any(
        0 < block.spans[0].start - first.start <= LABEL
        and block.spans[0].end <= last.end
        for block in blocks
    )


def _position(passage: Passage) -> tuple[int, int]:
    return passage.spans[0].start, -passage.spans[-1].end


def _passages(article: Article) -> list[Passage]:
    """Every possible quote, those with nearly the same content included."""
    passages: list[Passage] = []
    speaker: Mention | None = None
    for report in find_reports(article):
        passage = _passage(article, report, speaker)
        if passage is None:
            continue
        passages.append(passage)
        nested = report.lone is not None and report.lone.parent is not None
        sure = passage.candidates and passage.candidates[0].score >= SURE
        if sure and passage.likelihood >= SURE and not nested:
            speaker = passage.candidates[0].mention
    return passages


def _relayed(
    article: Article, found: list[Passage], language: str | None
) -> list[Passage]:
    """What a quotation reports at second hand, as in `“He told me I held it wrong”`."""
    relayed: list[Passage] = []
    for outer in found:
        if outer.kind != "direct" or outer.likelihood < SURE:
            continue
        for span in outer.spans:
            words = span.of(article.text)
            if count_words(words) < RELAYING_WORDS or not _RELAYED.search(words):
                continue
            inner = lay_out(segment(words, language), language)
            relayed += [
                _shifted(passage, span.start)
                for passage in _distinct(_passages(inner))
                if _is_relayed(passage, words)
            ]
    return relayed


def _is_relayed(passage: Passage, text: str) -> bool:
    """Whether somebody is sure to be reported inside a quotation.

    Only what was said: `I tell you` and `if they say` report nothing.
    """
    cue = passage.cue
    if passage.kind != "indirect" or cue is None or not passage.candidates:
        return False
    best = passage.candidates[0]
    nearer = any(c.mention.end + 1 == cue.start for c in passage.candidates[1:])
    first, *rest = passage.spans[0].of(text).lower().split() or [""]
    # `We wrote it well` reports nothing.
    thing = first in OBJECTS and FINITE.isdisjoint(rest[:3])
    return (
        text[cue.start : cue.end].lower() in RELAYING
        and passage.likelihood >= SURE
        and best.score >= SURE
        and not (nearer or thing)
    )


def _shifted(passage: Passage, by: int) -> Passage:
    """A passage of a quotation's words as one of the article."""
    cue = passage.cue
    return replace(
        passage,
        spans=tuple(Range(s.start + by, s.end + by) for s in passage.spans),
        quotations=(),
        cue=cue and replace(cue, start=cue.start + by, end=cue.end + by),
        candidates=tuple(
            replace(
                c,
                mention=replace(
                    c.mention, start=c.mention.start + by, end=c.mention.end + by
                ),
            )
            for c in passage.candidates
        ),
    )


def _passage(
    article: Article, report: Report, speaker: Mention | None
) -> Passage | None:
    spans, kind, ids = report_spans(article, report)
    if not spans or report.frame.boilerplate or is_said_by_nobody(article, report):
        return None
    if kind == "indirect" and (
        _is_withheld(article, report) or _is_target(article, report)
    ):
        return None
    if kind != "direct" and (
        _is_topic(article, report) or _is_anonymity(article, report)
    ):
        return None
    content = " ".join(span.of(article.text) for span in spans)
    uncased = is_uncased(content)
    # Where names have no capitals, those that were found are not the ones to choose of.
    unread = uncased and report.verb is None
    unread |= kind != "direct" and is_unsourced(article, report)
    return Passage(
        spans=spans,
        kind=kind,
        quotations=ids,
        cue=report.verb.cue if report.verb else None,
        candidates=() if unread else _candidates(article, report, speaker),
        likelihood=max(
            likelihood(features(article, report, kind)),
            floor(article, report, kind, content),
            languages.certainty(report, kind) if article.language != "en" else 0.0,
        ),
    )


def _candidates(
    article: Article, report: Report, speaker: Mention | None
) -> tuple[Candidate, ...]:
    ranked = rank(article, report, speaker)
    if article.language == "en":
        return ranked
    return languages.candidates(article, report, ranked, speaker)


def _is_withheld(article: Article, report: Report) -> bool:
    """Whether nothing is said: `declined to say whether ...`, `would not say if`.

    Nor does anybody say what somebody is `Asked` at a sentence's beginning, unless it
    is told by whom.
    """
    verb = report.verb
    if verb is None:
        return False
    before = article.low(verb.first - 1)
    if before == "to" and article.low(verb.first - 2) in WITHHOLDING:
        return True
    first = report.ranges[0][0]
    opening = {article.low(i) for i in range(first - 2, first + 1)}
    question = not opening.isdisjoint(QUESTION_WORDS | {"if"})
    denied = before in NEGATED or before.endswith("n't")
    elliptic = verb.first == report.frame.first or before in ("when", "if", "after")
    asked = elliptic and article.low(verb.first) == "asked" and not report.chained
    return question and (asked or (denied and verb.cue.lemma in UNANSWERED))


def _is_target(article: Article, report: Report) -> bool:
    """Whether the words are what somebody spoke about: `criticised his opponents`.

    So are the objects of verbs that take no clause; demands (`called for a ban`) say
    what is demanded.
    """
    verb = report.verb
    if verb is None or report.pattern != "object":
        return False
    if verb.cue.lemma.endswith((" for", " at")):
        return False
    return frames(article.language).get(verb.cue.lemma) == frozenset({"object"})


def _is_topic(article: Article, report: Report) -> bool:
    """Whether the words are a question somebody spoke to: `commented on what ...`."""
    first = report.ranges[0][0]
    return article.low(first) in TOPIC and article.low(first + 1) in QUESTION_WORDS


def _is_anonymity(article: Article, report: Report) -> bool:
    """Whether a source only asks `not to be named`."""
    first = report.ranges[0][0]
    opening = [article.low(first + k) for k in range(-2, 4)]
    return "be" in opening and any(low in IDENTIFIED for low in opening)


def _distinct(passages: list[Passage]) -> list[Passage]:
    """Drops the weaker of two passages with nearly the same content."""
    kept: list[Passage] = []
    cued = [(p.cue.start, p) for p in passages if p.cue]
    cued.sort(key=lambda pair: pair[0])
    inner = [p for p in passages if not _swallows_a_cue(p, cued)]
    for passage in inner:
        near = kept[-NEAR:]
        rivals = [
            k
            for k in near
            if _overlap(k, passage) >= 0.5 and not _is_denial_of(k, passage)
        ]
        if all(k.likelihood < passage.likelihood for k in rivals):
            kept[-NEAR:] = [k for k in near if k not in rivals]
            kept.append(passage)
    return sorted(kept, key=_position)


def _is_denial_of(one: Passage, other: Passage) -> bool:
    """`denied Lee's claim that ...`: both Lee and the denier speak to it."""
    cues = [p.cue for p in (one, other) if p.cue]
    kinds = {cue.kind for cue in cues}
    return kinds == {"noun", "verb"} and any(cue.lemma in DENIALS for cue in cues)


def _swallows_a_cue(passage: Passage, cued: list[tuple[int, Passage]]) -> bool:
    """Whether a report at second hand takes the attribution for its content.

    In `“...,” said Lee, according to Reuters` the words are Lee's, and in `Responding
    to the fire, Lee said: “...”` nobody says more than the quotation.

    Args:
        passage: the report.
        cued: all passages with a cue, by its offset.
    """
    hull = Range(passage.spans[0].start, passage.spans[-1].end)
    if not passage.cue or passage.kind == "direct":
        return False
    relayed = passage.cue.kind == "preposition" and passage.cue.start >= hull.end
    first = bisect_left(cued, hull.start, key=lambda pair: pair[0])
    last = bisect_left(cued, hull.end, key=lambda pair: pair[0])
    return any(
        p.cue is not None
        and p.cue.end <= hull.end
        and (
            (p.kind == "direct" and p.likelihood > passage.likelihood)
            or (relayed and p.kind == "mixed" and _overlap(p, passage) >= 0.5)
        )
        for _, p in cued[first:last]
    )


def _overlap(one: Passage, other: Passage) -> float:
    shared = sum(
        max(0, min(a.end, b.end) - max(a.start, b.start))
        for a in one.spans
        for b in other.spans
    )
    size = sum(s.end - s.start for p in (one, other) for s in p.spans)
    return shared / (size - shared)


def _nest(passages: list[Passage]) -> tuple[Passage, ...]:
    """Marks the passages that lie within another."""
    nested = []
    for index, passage in enumerate(passages):
        holder = None
        for earlier in range(index - 1, max(-1, index - NEAR), -1):
            outer = passages[earlier].spans
            if any(
                o.start <= passage.spans[0].start and passage.spans[-1].end <= o.end
                for o in outer
            ):
                holder = earlier
                break
        nested.append(replace(passage, nested_in=holder))
    return tuple(nested)
