"""Quotes of German, French, Spanish and Portuguese, read by their own grammar.

English is read by `extractor.attribution.content`, whose word classes and word order
are its own; what is found here has the same form.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from extractor.attribution.article import Article, Frame, Verb
from extractor.attribution.content import Report
from extractor.attribution.languages.contents import read_verb
from extractor.attribution.languages.inner import read_backward, read_inner
from extractor.attribution.languages.site import site_of
from extractor.attribution.languages.sources import (
    by_document,
    read_source,
    with_name,
)
from extractor.attribution.languages.subjects import leader
from extractor.attribution.site import WINDOW
from extractor.schema import QuoteKind
from extractor.segmentation.model import Candidate, Mention

READ = ("de", "fr", "es", "pt")
NEAR = 12
"""Cues to either side of one that are looked at with it."""
SURE = 0.85
"""Probability of a quote whose verb, subject and content were all found."""
LIKELY = 0.6
"""The same of one whose speaker or content the structure does not tell for sure."""
SPEAKER = 0.9
"""Probability of a subject as the speaker."""
LAST = 0.8
"""Probability that a verb without a subject has the last speaker's words."""

__all__ = ["READ", "candidates", "certainty", "read_cues"]


def read_cues(article: Article) -> list[Report]:
    """Reports of all cues outside quotations, in text order."""
    reports = []
    outer = [verb for verb in article.verbs if article.block(verb.first) < 0]
    at = 0
    previous: Frame | None = None
    for frame in article.frames:
        here: list[Verb] = []
        while at < len(outer) and outer[at].first < frame.end:
            if outer[at].first >= frame.first:
                here.append(outer[at])
            at += 1
        found = _disjoint(list(_of_frame(article, frame, here)))
        back = read_backward(article, frame, previous, here)
        reports += [back] if back else found
        previous = frame
    return reports + read_inner(article, reports)


def _of_frame(article: Article, frame: Frame, here: list[Verb]) -> Iterator[Report]:
    taken: set[Verb] = set()
    for k, cue in enumerate(here):
        others = tuple(here[max(0, k - NEAR) : k + NEAR + 1])
        if cue.cue.kind == "preposition":
            report, verb = read_source(article, cue, _around(cue, frame), others)
            if report and verb:
                taken.add(verb)
            if report:
                yield with_name(report, article)
    for k, cue in enumerate(here):
        if cue.cue.kind != "verb" or cue in taken:
            continue
        near = here[max(0, k - NEAR) : k + NEAR + 1]
        others = tuple(o for o in near if o is not cue)
        site = site_of(article, cue, _around(cue, frame), others)
        report = read_verb(site) if site else None
        if report:
            yield by_document(article, report)


def _around(cue: Verb, frame: Frame) -> Frame:
    """The frame, as far as it is near a cue: text without stops is one frame."""
    first = max(frame.first, cue.first - WINDOW)
    end = min(frame.end, cue.end + WINDOW)
    return replace(frame, first=first, end=end)


def _disjoint(reports: list[Report]) -> list[Report]:
    """Without reports whose verb another has among its words."""
    return [
        r
        for k, r in enumerate(reports)
        if not any(
            o is not r and r.verb and a <= r.verb.first < b
            for o in reports[max(0, k - NEAR) : k + NEAR + 1]
            for a, b in o.ranges
        )
    ]


def certainty(report: Report, kind: QuoteKind) -> float:
    """The least probability that a report is a quote."""
    if report.verb is None and report.subject is None:
        return 0.0
    if report.subject is None or report.pattern == "object":
        return LIKELY
    return SURE


def candidates(
    article: Article,
    report: Report,
    ranked: tuple[Candidate, ...],
    previous: Mention | None,
) -> tuple[Candidate, ...]:
    """The speakers of a report, its subject first.

    Args:
        article: the article.
        report: the report.
        ranked: its candidates by their places.
        previous: the last speaker, whose words a verb without a subject has.
    """
    subject = report.subject.mention if report.subject else None
    first = subject
    if first is None and report.verb:
        first = _about(article, report, previous) or previous
    if first is None:
        return ranked
    share = SPEAKER if subject else LAST
    rest = tuple(
        Candidate(c.mention, round(c.score * (1 - share), 4))
        for c in ranked
        if c.mention != first
    )
    return (Candidate(first, share), *rest)


def _about(
    article: Article, report: Report, previous: Mention | None
) -> Mention | None:
    """Whom a verb without a subject goes on about: the sentence's or the last one's.

    Only somebody named since the last speaker was.
    """
    after = previous.end if previous else 0
    at = report.verb.first if report.verb else report.frame.first
    before = bisect_left(article.frames, report.frame.first, key=lambda f: f.first)
    near = article.frames[max(0, before - 1) : before]
    for frame, end in ((report.frame, at), *((f, f.end) for f in reversed(near))):
        if frame.paragraph != report.frame.paragraph or frame.first >= end:
            continue
        who = leader(article, frame, end)
        known = (
            who is not None and who.mention.kind == "name" and who.end - who.first > 1
        )
        if who and known and who.mention.start >= after:
            return who.mention
    return None
