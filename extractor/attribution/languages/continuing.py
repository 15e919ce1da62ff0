"""Quotes that go on over sentences: the subjunctive, dashes, `Das teilte sie mit`."""

from dataclasses import replace

from extractor.attribution.article import Article, Frame
from extractor.attribution.content import Report
from extractor.attribution.languages.grammar import Grammar, grammar_of
from extractor.attribution.languages.subjects import DASHES, leader

LEAD = 60
"""Words within which the colon stands that a sentence in reported speech follows."""


def continued(article: Article, reports: list[Report]) -> list[Report]:
    """The reports with the sentences that go on with them, and what those begin."""
    grammar = grammar_of(article.language)
    found = list(reports)
    at_frame: dict[Frame, int] = {report.frame: k for k, report in enumerate(found)}
    current: int | None = None
    previous: Frame | None = None
    for frame in article.frames:
        if current is not None:
            found[current] = _with_turn(article, found[current], frame, at_frame)
        near = previous is not None and previous.paragraph == frame.paragraph
        colon = _behind_colon(article, frame, grammar)
        if frame in at_frame:
            current = at_frame[frame]
        elif colon:
            found.append(colon)
            current = len(found) - 1
        elif not near:
            current = None
        elif current is not None and _in_dialogue(article, found[current], frame):
            found[current] = _extended(article, found[current], frame)
        elif _is_reported(article, frame, grammar, begun=current is not None):
            if current is not None:
                found[current] = _extended(article, found[current], frame)
            else:
                assert previous is not None  # near
                found += _begun(article, previous, frame)
                current = len(found) - 1 if found else None
        elif not _is_quoted(article, frame):
            current = None
        previous = frame
    return sorted(found, key=lambda r: (r.ranges[0][0], -r.ranges[-1][1]))


def _with_turn(
    article: Article, report: Report, frame: Frame, at_frame: dict[Frame, int]
) -> Report:
    """`„A“, sagte er. „B.“ – „C?“, fragte sie.`: what leads her sentence is his."""
    first = frame.first
    beside = report.frame.paragraph == frame.paragraph and frame in at_frame
    if not beside or article.block(first) < 0 or article.block(report.ranges[0][0]) < 0:
        return report
    _, end = _quotation(article, frame)
    dashed = article.low(end) in DASHES and article.block(end + 1) >= 0
    if not dashed:
        return report
    return replace(report, ranges=(*report.ranges, (first, end)))


def _extended(article: Article, report: Report, frame: Frame) -> Report:
    return replace(report, ranges=(*report.ranges, _trimmed(article, frame)))


def _trimmed(
    article: Article, frame: Frame, first: int | None = None
) -> tuple[int, int]:
    first = frame.first if first is None else first
    end = frame.end
    while end > first + 1 and not article.words[end - 1].alpha:
        if article.block(end - 1) >= 0:
            break
        end -= 1
    while (
        first < end - 1 and not article.words[first].alpha and article.block(first) < 0
    ):
        first += 1
    return first, end


def _in_dialogue(article: Article, report: Report, frame: Frame) -> bool:
    """`—No sé —dijo ella—. Ya veremos.`: the paragraph is one turn."""
    return (
        article.low(report.frame.first) in DASHES
        and report.ranges[0][0] == report.frame.first + 1
    )


def _is_quoted(article: Article, frame: Frame) -> bool:
    return article.block(frame.first) >= 0


def _is_reported(
    article: Article, frame: Frame, grammar: Grammar, *, begun: bool
) -> bool:
    """Whether a sentence is in the mood of reported speech."""
    words = [i for i in range(frame.first, frame.end) if article.block(i) < 0]
    moods = grammar.subjunctive | grammar.irrealis if begun else grammar.subjunctive
    for index in words:
        if article.low(index) not in moods or article.words[index].capital:
            continue
        beside = {article.low(index - 1), article.low(index + 1)}
        if "ich" not in beside:
            return True
    return False


def _begun(article: Article, previous: Frame, frame: Frame) -> list[Report]:
    """What begins without a verb of saying, after a sentence about its speaker."""
    nouns = [
        noun
        for noun in article.nouns_in(previous.first, previous.end)
        if article.block(noun.first) < 0 and noun.mention.kind != "nominal"
    ]
    pronouns = [n for n in nouns if article.low(n.first) in ("er", "sie")]
    ranges = (_trimmed(article, frame),)
    return [
        Report(None, subject, ranges, "bare", frame)
        for subject in (pronouns or nouns)[:1]
    ]


def _behind_colon(article: Article, frame: Frame, grammar: Grammar) -> Report | None:
    """`Ihr Stellvertreter sieht das anders: Es gebe ...`."""
    for index in range(frame.first + 1, min(frame.end - 1, frame.first + LEAD)):
        if article.low(index) != ":" or article.block(index) >= 0:
            continue
        tail = Frame(index + 1, frame.end, frame.paragraph, frame.boilerplate)
        subject = leader(article, frame, index)
        if subject and article.block(index + 1) >= 0:
            return Report(None, subject, (_quotation(article, tail),), "colon", frame)
        if subject and _is_reported(article, tail, grammar, begun=True):
            ranges = (_trimmed(article, tail),)
            return Report(None, subject, ranges, "colon", frame)
    return None


def _quotation(article: Article, frame: Frame) -> tuple[int, int]:
    """The quotation that a frame begins with."""
    end = frame.first
    while end < frame.end and article.block(end) == article.block(frame.first):
        end += 1
    return frame.first, end
