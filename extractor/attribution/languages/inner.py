"""Attributions that stand apart from their words, or among them.

`« Nous viendrons, assure la mairesse. Mais tard. »` has its attribution inside the
marks; `Das teilte die Polizei mit.` reports the sentence before.
"""

from extractor.attribution.article import Article, Frame, Verb
from extractor.attribution.content import Report
from extractor.attribution.languages.grammar import grammar_of
from extractor.attribution.languages.subjects import (
    attribution_of,
    leader,
    named_beside,
    subject_after,
)
from extractor.segmentation.reporting import frames as verb_frames

INNER = "inner"
"""The pattern of a quote that its attribution interrupts inside the marks."""
_PAUSES = frozenset(",.;:!?…")


def read_inner(article: Article, known: list[Report]) -> list[Report]:
    """Quotes whose attribution stands inside their marks, between comma and stop.

    Args:
        article: the article.
        known: the reports of cues outside quotations, whose words are left alone.
    """
    if article.language not in ("fr", "pt", "es"):
        return []
    covered = {i for report in known for a, b in report.ranges for i in range(a, b)}
    found: list[Report] = []
    frames = iter(article.frames)
    frame = next(frames, None)
    for verb in article.verbs:
        while frame and frame.end <= verb.first:
            frame = next(frames, None)
        if frame is None:
            break
        inner = verb.first not in covered
        report = _interrupted(article, verb, frame) if inner else None
        if report and not (found and found[-1].frame == frame):
            found.append(report)
    return found


def _interrupted(article: Article, verb: Verb, frame: Frame) -> Report | None:
    block = article.block(verb.first)
    takes = verb_frames(article.language).get(verb.cue.lemma, frozenset())
    if block < 0 or verb.cue.kind != "verb" or not takes & {"clause", "manner"}:
        return None
    quotation = article.blocks[block]
    low, high = article.word_range(quotation.inner_start, quotation.inner_end)
    grammar = grammar_of(article.language)
    start = verb.first
    while start > low and article.low(start - 1) in grammar.helpers:
        start -= 1
    if article.low(start - 1) not in (",", "?", "!") or start - low < 2:
        return None
    subject = subject_after(article, verb.end, high)
    if subject is None:
        return None
    name = named_beside(article, subject)
    end = (name or subject).end
    if article.low(end) not in _PAUSES and article.low(end) not in grammar.prepositions:
        return None
    while end < high and article.low(end) not in _PAUSES:
        end += 1
    mark, _ = article.word_range(quotation.start, quotation.end)
    ranges = [(mark, start - (article.low(start - 1) == ","))]
    if end + 1 < high:
        ranges.append((end + 1, high))
    return Report(verb, name or subject, tuple(ranges), INNER, frame)


def read_backward(
    article: Article, frame: Frame, previous: Frame | None, here: list[Verb]
) -> Report | None:
    """What a sentence such as `Das teilte die Polizei mit.` reports: the one before."""
    lead = grammar_of(article.language).backward
    opening = tuple(article.low(frame.first + k) for k in range(len(lead)))
    verbs = [v for v in here if v.cue.kind == "verb"]
    if previous is None or opening != lead or not verbs:
        return None
    quoted = any(article.block(i) >= 0 for i in range(frame.first, frame.end))
    if quoted or previous.paragraph != frame.paragraph or previous.boilerplate:
        return None
    tail = Frame(frame.first + len(lead), frame.end, frame.paragraph, False)
    group = attribution_of(article, verbs[0], tail)
    subject = subject_after(article, verbs[0].end, frame.end) or (
        group.subject if group else None
    )
    subject = subject or leader(article, tail, tail.end)
    if subject is None:
        return None
    ranges = ((previous.first, previous.end - 1),)
    return Report(verbs[0], subject, ranges, "post", frame)
