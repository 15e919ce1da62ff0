"""Every stretch of a text that could be a quote, cued or alone, before it is judged."""

from bisect import bisect_left, bisect_right
from dataclasses import replace

from extractor.attribution.article import Article, Frame, Verb
from extractor.attribution.content import Report, read
from extractor.attribution.group import chain_start, group_of
from extractor.attribution.languages import READ, read_cues
from extractor.attribution.languages.continuing import continued
from extractor.attribution.languages.inner import INNER
from extractor.attribution.site import site_of
from extractor.schema import QuoteKind
from extractor.segmentation.model import Quotation, Range


def find_reports(article: Article) -> list[Report]:
    """Every stretch that could be a quote, in text order, before it is judged."""
    if article.language in READ:
        cued = continued(article, _join(article, read_cues(article)))
    else:
        cued = _join(article, _cued(article))
    reports = _with_lone_quotations(article, cued)
    reports += _nested(article)
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
        found = [
            read(site_of(article, verb, frame, tuple(here[max(0, i - 12) : i + 12])))
            for i, verb in enumerate(here)
        ]
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
    last_of: dict[Frame, Report] = {}
    for report in reports:
        before = last_of.get(report.frame)
        if before is None or _quotes(article, report) or not _quotes(article, before):
            last_of[report.frame] = report
    extra: dict[int, list[tuple[int, int]]] = {}
    open_report: Report | None = None
    for frame in article.frames:
        bare = _bare_quotation(article, frame) and frame.first not in covered
        if frame in last_of:
            report = last_of[frame]
            shut = _is_fronted_question(article, report) or _is_pointing(report)
            open_report = None if shut else report
        elif open_report and bare and _goes_on(article, open_report, frame):
            extra.setdefault(id(open_report), []).append((frame.first, frame.end))
        else:
            open_report = None
    for report in reports:
        more = extra.get(id(report), [])
        joined.append(replace(report, ranges=(*report.ranges, *more)))
    return joined


def _is_pointing(report: Report) -> bool:
    """`She pointed to a patch. “Look.”`: what she says is the quotation alone."""
    lemma = report.verb.cue.lemma if report.verb else ""
    return lemma in ("point to", "read", "show", "find", "support", "back")


def _quotes(article: Article, report: Report) -> bool:
    """Whether a report has words in marks: `“A,” said Lee, who backs Holt. “B.”`."""
    return any(article.block(i) >= 0 for a, b in report.ranges for i in range(a, b))


def _is_fronted_question(article: Article, report: Report) -> bool:
    """`Asked whether it was safe, she paused.`: what follows is the answer."""
    verb = report.verb
    fronted = verb is not None and verb.first == report.frame.first
    return fronted and article.low(report.frame.first) == "asked"


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
    for block in article.blocks:
        first, end = article.word_range(block.start, block.end)
        while frame and frame.end <= first:
            frame = next(frames, None)
        if frame is None:
            break
        if first >= end or first in covered:
            continue
        found.append(Report(None, None, ((first, end),), "alone", frame, lone=block))
    return found


def _nested(article: Article) -> list[Report]:
    """Quotations inside quotations that a cue beside them gives to somebody."""
    found = []
    blocks = {block.id: block for block in article.segmentation.quotations}
    for inner in article.segmentation.quotations:
        if inner.parent is None:
            continue
        outer = blocks[inner.parent]
        first, end = article.word_range(inner.start, inner.end)
        low, high = article.word_range(outer.inner_start, outer.inner_end)
        verb = _cue_beside(article, first, end, (low, high))
        if verb is None:
            continue
        frame = Frame(low, high, _paragraph(article, low), False)
        before = verb.first < first
        subject = article.ending_at(chain_start(article, verb, low, inside=True))
        if not before:
            subject = article.starting_at(verb.end) or article.starting_at(end)
        pattern = "quote" if before else "post"
        ranges = ((first, end),)
        said = subject is not None and subject.end <= first and before
        found.append(
            Report(verb, subject, ranges, pattern, frame, lone=inner, chained=said)
        )
    return found


def _cue_beside(
    article: Article, first: int, end: int, bounds: tuple[int, int]
) -> Verb | None:
    low = bisect_left(article.verbs, bounds[0], key=lambda v: v.first)
    high = bisect_left(article.verbs, bounds[1], key=lambda v: v.first)
    near = [
        verb
        for verb in article.verbs[low:high]
        if verb.end <= bounds[1]
        and verb.cue.kind == "verb"
        and (0 <= first - verb.end <= 5 or 0 <= verb.first - end <= 4)
    ]
    return min(
        near,
        key=lambda v: min(abs(first - v.end), abs(v.first - end)),
        default=None,
    )


def _paragraph(article: Article, index: int) -> int:
    start = article.words[index].start
    return bisect_right(article.segmentation.paragraphs, start, key=lambda p: p.end)


def report_spans(
    article: Article, report: Report
) -> tuple[tuple[Range, ...], QuoteKind, tuple[str, ...]]:
    """Spans, kind and quotations of a report: inner text where all is in marks."""
    blocks = sorted(
        {article.block(i) for a, b in report.ranges for i in range(a, b)} - {-1}
    )
    if report.lone:
        lone = report.lone
        return _inner(article, [lone]), "direct", (lone.id,)
    ids = tuple(article.blocks[b].id for b in blocks)
    if report.pattern == INNER:
        return _clipped(article, report, article.blocks[blocks[0]]), "direct", ids
    outside = [
        i
        for a, b in report.ranges
        for i in range(a, b)
        if article.block(i) < 0 and article.words[i].alpha
    ]
    if blocks and not outside:
        spans = _inner(article, [article.blocks[b] for b in blocks])
        return spans, "direct", ids
    spans = tuple(
        _whole(article, article.words[a].start, article.words[b - 1].end)
        for a, b in report.ranges
        if b > a
    )
    return spans, "mixed" if blocks else "indirect", ids


def _whole(article: Article, start: int, end: int) -> Range:
    """With the closing mark of a quotation it ends in."""
    quotations = article.segmentation.quotations
    first = bisect_left(quotations, start, key=lambda q: q.start)
    for k in range(first, len(quotations)):
        quotation = quotations[k]
        if quotation.start > end:
            break
        if quotation.inner_end <= end < quotation.end:
            end = quotation.end
    return Range(start, end)


def _clipped(
    article: Article, report: Report, quotation: Quotation
) -> tuple[Range, ...]:
    """The parts of a quotation that an attribution inside its marks leaves."""
    words = article.words
    spans = []
    for first, end in report.ranges:
        start = max(words[first].start, quotation.inner_start)
        stop = min(words[end - 1].end, quotation.inner_end)
        content = article.text[start:stop]
        start += len(content) - len(content.lstrip())
        spans.append(Range(start, start + len(content.strip())))
    return tuple(spans)


def _inner(article: Article, quotations: list[Quotation]) -> tuple[Range, ...]:
    """What stands between the marks, without white space at its ends."""
    spans = []
    for quotation in quotations:
        start, end = quotation.inner_start, quotation.inner_end
        content = article.text[start:end]
        start += len(content) - len(content.lstrip())
        end -= len(content) - len(content.rstrip())
        if start < end:
            spans.append(Range(start, end))
    return tuple(spans)
