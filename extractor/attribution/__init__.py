"""Every possible quote of an article, with its cue and its ranked speakers.

The rules alone, no model: the spans come from quotation marks and reporting words, the
speakers from the structure around the cue.
"""

from dataclasses import replace

from extractor.attribution.article import Article, Frame, Verb, lay_out
from extractor.attribution.content import Report, read
from extractor.attribution.group import group_of
from extractor.attribution.likelihood import features, likelihood
from extractor.attribution.site import site_of
from extractor.attribution.speakers import rank
from extractor.schema import QuoteKind
from extractor.segmentation.model import Mention, Passage, Range, Segmentation

__all__ = ["find_passages", "find_reports", "report_spans"]


def find_passages(
    segmentation: Segmentation, *, language: str | None = None
) -> tuple[Passage, ...]:
    """Every possible quote of a text, in text order.

    Args:
        segmentation: the segmented text.
        language: BCP 47 tag of the text; English where there is no lexicon.
    """
    article = lay_out(segmentation, language)
    passages: list[Passage] = []
    speaker: Mention | None = None
    for report in find_reports(article):
        passage = _passage(article, report, speaker)
        if passage is None:
            continue
        passages.append(passage)
        if passage.candidates and passage.likelihood >= 0.5:
            speaker = passage.candidates[0].mention
    return _nest(_distinct(passages))


def find_reports(article: Article) -> list[Report]:
    """Every stretch that could be a quote, in text order, before it is judged."""
    reports = _with_lone_quotations(article, _join(article, _cued(article)))
    return sorted(reports, key=lambda r: (r.ranges[0][0], -r.ranges[-1][1]))


def _cued(article: Article) -> list[Report]:
    """Reports of all cues outside quotations, frame by frame."""
    reports = []
    outer = [verb for verb in article.verbs if article.block(verb.first) < 0]
    at = 0
    for index, frame in enumerate(article.frames):
        here: list[Verb] = []
        while at < len(outer) and outer[at].first < frame.end:
            if outer[at].first >= frame.first:
                here.append(outer[at])
            at += 1
        found = [read(site_of(article, verb, frame, tuple(here))) for verb in here]
        reports += [_quoted_only(article, report) for report in found if report]
        opened = _introduced(article, frame, index, here)
        if opened:
            reports.append(opened)
    return reports


def _introduced(
    article: Article, frame: Frame, index: int, here: list[Verb]
) -> Report | None:
    """The quotation of the next paragraph: `She declared:`, line break, `"..."`."""
    if article.low(frame.end - 1) != ":" or index + 1 >= len(article.frames):
        return None
    following = article.frames[index + 1]
    verbs = [v for v in here if v.cue.kind in ("verb", "noun")]
    if not verbs or not _bare_quotation(article, following):
        return None
    verb = verbs[-1]
    group = group_of(article, verb, frame)
    ranges = ((following.first, following.end),)
    return Report(verb, group.subject, ranges, "quote", frame)


def _quoted_only(article: Article, report: Report) -> Report:
    """Cuts what follows a complete quotation: `"A," he said on Monday`."""
    ranges = []
    for first, end in report.ranges:
        block = article.block(first)
        if block >= 0:
            last = first
            while last < end and article.block(last) >= 0:
                last += 1
            inner = article.blocks[article.block(last - 1)]
            text = article.text[inner.inner_start : inner.inner_end].rstrip()
            if last < end and text.endswith((",", ".", "?", "!", "…")):
                end = last
        ranges.append((first, end))
    return replace(report, ranges=tuple(ranges))


def _join(article: Article, reports: list[Report]) -> list[Report]:
    """Adds to a quote the quotations that go on after its attribution."""
    joined: list[Report] = []
    covered = _covered(reports)
    last_of = {report.frame: report for report in reports}
    extra: dict[int, list[tuple[int, int]]] = {}
    open_report: Report | None = None
    for frame in article.frames:
        bare = _bare_quotation(article, frame) and frame.first not in covered
        if frame in last_of:
            open_report = last_of[frame]
        elif open_report and bare and _goes_on(article, open_report, frame):
            extra.setdefault(id(open_report), []).append((frame.first, frame.end))
        else:
            open_report = None
    for report in reports:
        more = extra.get(id(report), [])
        joined.append(replace(report, ranges=(*report.ranges, *more)))
    return joined


def _goes_on(article: Article, report: Report, frame: Frame) -> bool:
    if report.frame.paragraph == frame.paragraph:
        return True
    block = article.blocks[article.block(frame.first)]
    return block.continues is not None


def _bare_quotation(article: Article, frame: Frame) -> bool:
    return (
        all(
            article.block(i) >= 0 or not article.words[i].alpha
            for i in range(frame.first, frame.end)
        )
        and article.block(frame.first) >= 0
    )


def _covered(reports: list[Report]) -> set[int]:
    return {i for report in reports for a, b in report.ranges for i in range(a, b)}


def _with_lone_quotations(article: Article, reports: list[Report]) -> list[Report]:
    """Adds the quotations that no cue reports."""
    covered = _covered(reports)
    found = list(reports)
    frames = iter(article.frames)
    frame = next(frames, None)
    for index, block in enumerate(article.blocks):
        first, end = article.word_range(block.start, block.end)
        while frame and frame.end <= first:
            frame = next(frames, None)
        if frame is None:
            break
        if first < end and first not in covered:
            found.append(
                Report(None, None, ((first, end),), "alone", frame, lone=index)
            )
    return found


def _passage(
    article: Article, report: Report, speaker: Mention | None
) -> Passage | None:
    spans, kind, ids = report_spans(article, report)
    if not spans:
        return None
    return Passage(
        spans=spans,
        kind=kind,
        quotations=ids,
        cue=report.verb.cue if report.verb else None,
        candidates=rank(article, report, speaker),
        likelihood=likelihood(features(article, report, kind)),
    )


def report_spans(
    article: Article, report: Report
) -> tuple[tuple[Range, ...], QuoteKind, tuple[str, ...]]:
    """Spans, kind and quotations of a report: inner text where all is in marks."""
    blocks = sorted(
        {article.block(i) for a, b in report.ranges for i in range(a, b)} - {-1}
    )
    if report.lone >= 0:
        blocks = [report.lone]
    ids = tuple(article.blocks[b].id for b in blocks)
    outside = [
        i
        for a, b in report.ranges
        for i in range(a, b)
        if article.block(i) < 0 and article.words[i].alpha and report.lone < 0
    ]
    if blocks and not outside:
        inner = (article.blocks[b] for b in blocks)
        spans = tuple(
            Range(q.inner_start, q.inner_end)
            for q in inner
            if q.inner_end > q.inner_start
        )
        return spans, "direct", ids
    spans = tuple(
        Range(article.words[a].start, article.words[b - 1].end)
        for a, b in report.ranges
        if b > a
    )
    return spans, "mixed" if blocks else "indirect", ids


def _distinct(passages: list[Passage]) -> list[Passage]:
    """Drops the weaker of two passages with nearly the same content."""
    kept: list[Passage] = []
    for passage in passages:
        rivals = [k for k in kept if _overlap(k, passage) >= 0.5]
        if all(k.likelihood < passage.likelihood for k in rivals):
            kept = [k for k in kept if k not in rivals]
            kept.append(passage)
    kept.sort(key=lambda p: (p.spans[0].start, -p.spans[-1].end))
    return kept


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
        for earlier in range(index - 1, -1, -1):
            outer = passages[earlier].spans
            if any(
                o.start <= passage.spans[0].start and passage.spans[-1].end <= o.end
                for o in outer
            ):
                holder = earlier
                break
        nested.append(replace(passage, nested_in=holder))
    return tuple(nested)
