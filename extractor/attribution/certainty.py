"""What the structure alone makes sure, however rare its words were in the fit.

The logistic model of `likelihood` knows the verbs of its training articles. Each floor
here is the least probability of a structure that is hardly ever anything but a quote.
"""

import re

from extractor.attribution.article import Article
from extractor.attribution.content import Report
from extractor.attribution.vocabulary import DENIALS, HEARERS
from extractor.schema import QuoteKind
from extractor.segmentation.reporting import frames
from extractor.segmentation.scripts import count_words, is_uncased

LONG_WORDS = 4
LONG_QUOTATION = 0.44
"""Likelihood at least of a quotation of so many words: 97 % of all such are quotes in
PolNeAR, of those that no pattern explains about half, so a model has to be asked."""
UNCASED_QUOTATION = 0.8
"""The same in a script without capitals. There are no patterns for its languages, so
this is about all such quotations, and less than 97 % for want of labelled articles."""
UNCASED_WORDS = 7
"""Words from which a quotation is no title, where no capitals tell: fewer count only
beside or around punctuation that titles lack."""
CERTAIN = 0.9
"""Structures of which no counterexample was found in PolNeAR's training articles."""
PARAGRAPH = 0.7
"""A quotation that is a paragraph of its own."""
STATED = 0.6
"""A clause with `that` behind a verb of saying and its subject."""

_CLAUSE_MARK = re.compile(r"[.,:;!?…،؛؟۔।॥。、，：；！？።፡]")
_SENTENCE_END = (".", "?", "!", "…")


def floor(article: Article, report: Report, kind: QuoteKind, content: str) -> float:
    """The least likelihood of a passage by its structure."""
    if kind != "direct":
        return STATED if _is_stated(article, report) else 0.0
    if is_uncased(content):
        return _uncased(article, report, content)
    if (
        _is_meant(report)
        or _is_nested_speech(article, report)
        or _is_beside_its_verb(article, report)
    ):
        return CERTAIN
    if _is_paragraph(article, report):
        return PARAGRAPH
    return _long(content)


def is_unsourced(article: Article, report: Report) -> bool:
    """Whether nobody is named: `the court heard`, `jurors were told`, `it was claimed`.

    A body that hears does not say; who does is told in another sentence, if at all.
    """
    verb, subject = report.verb, report.subject
    if verb is None or subject is None:
        return False
    agent = any(article.low(verb.end + k) == "by" for k in range(3))
    hears = any(article.low(i) in HEARERS for i in range(subject.first, subject.end))
    if verb.cue.lemma == "hear":
        return hears
    if not report.passive or agent:
        return False
    told = hears and verb.cue.lemma == "tell"
    return told or article.low(subject.first) == "it"


def _is_stated(article: Article, report: Report) -> bool:
    verb = report.verb
    if verb is None or report.subject is None:
        return False
    if verb.cue.kind == "noun":
        return report.chained
    if verb.cue.kind != "verb":
        return False
    if verb.cue.lemma == "put at":
        return report.pattern == "object"
    if report.pattern in ("that", "post", "mid") and is_unsourced(article, report):
        return True
    takes = frames(article.language).get(verb.cue.lemma, frozenset())
    if report.pattern == "that":
        said = bool(takes & {"clause", "that"}) and "weak" not in takes
        return said or verb.cue.lemma in DENIALS
    first, end = report.ranges[0]
    return (
        report.pattern in ("post", "mid")
        and "clause" in takes
        and "weak" not in takes
        and article.low(end) == ","
        and end - first >= LONG_WORDS
    )


def _is_meant(report: Report) -> bool:
    """`what she meant by “...”`."""
    return report.verb is not None and report.verb.cue.lemma == "mean by"


def _is_nested_speech(article: Article, report: Report) -> bool:
    """`He said, “...”` inside a quotation."""
    if not (report.lone and report.lone.parent and report.subject and report.verb):
        return False
    lone, first = report.lone, report.ranges[0][0]
    text = article.text[lone.inner_start : lone.inner_end].strip()
    takes = frames(article.language).get(report.verb.cue.lemma, frozenset())
    return (
        report.verb.end <= first <= report.verb.end + 3
        and "clause" in takes - {"weak"}
        and text[:1].isupper()
        and text.endswith((",", *_SENTENCE_END))
    )


def _is_beside_its_verb(article: Article, report: Report) -> bool:
    """`“...?” she calls`: an utterance, a verb beside it and that verb's subject."""
    if report.verb is None or report.subject is None or report.lone:
        return False
    if report.pattern not in ("post", "mid") or not _is_clause_verb(article, report):
        return False
    inner = article.block_of(report.ranges[0][0])
    if inner is None:
        return False
    text = article.text[inner.inner_start : inner.inner_end].rstrip()
    return text.endswith((",", *_SENTENCE_END))


def _is_paragraph(article: Article, report: Report) -> bool:
    """A quotation that is all of its paragraph and ends like a sentence."""
    lone = report.lone
    if lone is None or lone.parent is not None:
        return False
    paragraph = article.segmentation.paragraphs[report.frame.paragraph]
    around = article.text[paragraph.start : lone.start].strip()
    around += article.text[lone.end : paragraph.end].strip()
    inner = article.text[lone.inner_start : lone.inner_end].rstrip()
    return not around and inner.endswith(_SENTENCE_END) and " " in inner


def _is_clause_verb(article: Article, report: Report) -> bool:
    verb = report.verb
    if verb is None or verb.cue.kind != "verb":
        return False
    takes = frames(article.language).get(verb.cue.lemma, frozenset())
    return bool(takes & {"clause", "manner", "addressee"}) or verb.cue.lemma == "call"


def _long(content: str) -> float:
    """What is all in marks, too long for a name and not written like a title."""
    words = content.split()
    small = [word for word in words if word[0].islower()]
    long = len(words) >= LONG_WORDS and 2 * len(small) > len(words)
    return LONG_QUOTATION if long else 0.0


def _uncased(article: Article, report: Report, content: str) -> float:
    """The same by length and punctuation, where a title looks like any words."""
    words = count_words(content)
    if words < LONG_WORDS:
        return 0.0
    lead = article.low(report.ranges[0][0] - 1)
    punctuated = _CLAUSE_MARK.search(content) or _CLAUSE_MARK.match(lead)
    return UNCASED_QUOTATION if punctuated or words >= UNCASED_WORDS else LONG_QUOTATION
