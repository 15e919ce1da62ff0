"""What the structure alone makes sure, however rare its words were in the fit.

The logistic model of `likelihood` knows the verbs of its training articles. Each floor
here is the least probability of a structure that is hardly ever anything but a quote.
"""

import re

from extractor.attribution.article import Article, Verb
from extractor.attribution.content import Report
from extractor.attribution.vocabulary import (
    BE,
    DENIALS,
    DETERMINERS,
    FINITE,
    FRONTING,
    HEARERS,
    JOINERS,
    PAST,
    POINTING,
    SUBJECTS,
)
from extractor.schema import QuoteKind
from extractor.segmentation.cues import OPINION
from extractor.segmentation.mentionwords import word_sets
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
"""A clause with `that`, or with subject and verb, behind a verb of saying."""
FEWEST_WORDS = 3
"""Words of a clause with `that` at least."""
SIGNED_WORDS = 3
"""Words of a caption or a headline that a name behind it signs."""
ALOUD = frozenset("answer chant cry reply scream shout yell".split())
"""Verbs whose object in quotation marks was spoken, were it one word."""
PLEDGING = frozenset("claim pledge promise threaten vow".split())
"""Verbs whose infinitive was put into words."""
CLAUSE_WORDS = 10
"""Words among which the finite verb of such a clause stands."""

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
        or _is_described(article, report)
        or _is_signed(article, report, content)
        or _is_nested_speech(article, report)
        or _is_beside_its_verb(article, report)
    ):
        return CERTAIN
    if _is_paragraph(article, report) or _is_sentence(article, report, content):
        return PARAGRAPH
    if _is_led(article, report, content):
        return PARAGRAPH
    if _is_after_its_verb(article, report, content):
        return STATED
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
    told = verb.cue.lemma == "tell"
    return told or article.low(subject.first) == "it"


def _is_stated(article: Article, report: Report) -> bool:
    verb = report.verb
    if verb is None:
        return False
    participle = article.low(verb.end - 1).endswith("ing")
    joined = article.low(verb.first - 1) in ("and", "but")  # `ruled A and told B to C`
    if report.subject is None and not (participle or joined):
        return False
    if verb.cue.kind == "noun":
        return report.chained
    if verb.cue.lemma == OPINION:
        return sum(b - a for a, b in report.ranges) >= LONG_WORDS
    return verb.cue.kind == "verb" and _is_put_into_words(article, report, verb)


def _is_put_into_words(article: Article, report: Report, verb: Verb) -> bool:
    """Whether a verb reports a clause, a demand or a figure in one of their forms."""
    if verb.cue.lemma == "put at" or _is_called(article, report, verb):
        return report.pattern == "object"
    if verb.cue.lemma == "deny" and report.pattern in ("object", "bare"):
        first, end = report.ranges[0]
        return article.low(first).endswith("ing") and end - first > 1
    if is_unsourced(article, report):
        clause = report.pattern == "bare" and _is_clause(article, report)
        return clause or report.pattern in ("that", "post", "mid")
    takes = frames(article.language).get(verb.cue.lemma, frozenset())
    spoken = "weak" not in takes
    if report.pattern == "that":
        first, end = report.ranges[0]
        if end - first < FEWEST_WORDS:  # `rejects that account`
            return False
        spoken = spoken or _is_document(article, report)
        said = bool(takes & {"clause", "that", "addressee", "weak"}) and spoken
        return said or verb.cue.lemma in DENIALS
    if report.pattern == "infinitive" and verb.cue.lemma in PLEDGING:
        return report.subject is not None and not report.passive
    if report.pattern in ("infinitive", "object") and "urging" in takes:
        first, end = report.ranges[0]
        asked = range(first + 1, min(end, first + CLAUSE_WORDS))
        demand = any(article.low(i) == "to" for i in asked)
        return demand and article.low(first) != "to" and not report.passive
    if report.pattern == "bare":
        spoken = spoken or _is_document(article, report)
        said = bool(takes & {"clause", "addressee", "weak"}) and spoken
        return said and not report.passive and _is_clause(article, report)
    if report.pattern not in ("post", "mid") or not takes & {"clause", "addressee"}:
        return False
    return _is_set_off(article, report, spoken=spoken)


def _is_document(article: Article, report: Report) -> bool:
    """`A poll for the Ledger found that ...`: what it finds, it says."""
    subject = report.subject
    documents = word_sets(article.language)["documents"]
    return subject is not None and any(
        article.low(i) in documents for i in range(subject.first, subject.end)
    )


def _is_called(article: Article, report: Report, verb: Verb) -> bool:
    """`calls that unfair`, `called it a mess`."""
    first, end = report.ranges[0]
    pointed = article.low(first) in POINTING | {"it"}
    return verb.cue.lemma == "call" and pointed and 1 < end - first <= LONG_WORDS


def _is_clause(article: Article, report: Report) -> bool:
    """Whether what follows a cue has a subject and a finite verb: `she had begged`."""
    first, end = report.ranges[0]
    if article.low(first) in SUBJECTS:
        return end - first >= 2
    early = range(first + 1, min(end, first + CLAUSE_WORDS))
    opener = article.low(first)
    if end - first < LONG_WORDS or opener in FRONTING or opener.endswith("ing"):
        return False
    return any(
        article.low(i) in FINITE | PAST or _is_regular_past(article, i) for i in early
    )


def _is_regular_past(article: Article, index: int) -> bool:
    """`approved`, not the adjective in `some pointed advice` nor what is joined."""
    before = article.low(index - 1)
    joined = before in DETERMINERS | JOINERS | {"to"}
    return article.low(index).endswith("ed") and not joined


def _is_set_off(article: Article, report: Report, *, spoken: bool) -> bool:
    """Whether commas part a clause from its attribution: `C, it found, C`; `C, X said`.

    A word or two before an inverted verb count too: `Not so, countered the bidder`.
    """
    first, end = report.ranges[0]
    if article.low(end) not in (",", "?", "!"):
        return False
    words = sum(b - a for a, b in report.ranges)
    if report.pattern == "mid":
        return words >= LONG_WORDS
    subject, verb = report.subject, report.verb
    assert verb is not None  # asked by _is_stated
    inverted = subject is not None and subject.first >= verb.end
    asked = article.low(end) == "?" or verb.cue.lemma == "tell"
    whole = first == report.frame.first and (inverted or asked)
    return spoken and (words >= LONG_WORDS or whole)


def _is_meant(report: Report) -> bool:
    """`what she meant by “...”`."""
    return report.verb is not None and report.verb.cue.lemma == "mean by"


def _is_described(article: Article, report: Report) -> bool:
    """`“A mess” is how Lee described it`."""
    end = report.ranges[0][1]
    how = article.low(end) in BE and article.low(end + 1) == "how"
    return report.verb is not None and how


def _is_signed(article: Article, report: Report, content: str) -> bool:
    """A quotation with a full name behind it: `“...” — Ada Holt`, `“...”: Ada Holt`."""
    lone = report.lone
    if lone is None or lone.parent or count_words(content) < SIGNED_WORDS:
        return False
    at = report.ranges[0][1]
    name = article.starting_at(at + 1)
    signed = article.low(at) in (":", "—", "–", "-") and name is not None
    return signed and name is not None and name.end - name.first > 1


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


def _is_sentence(article: Article, report: Report, content: str) -> bool:
    """A quotation that is a sentence of its own: `Lee paused. “Ask me in May.”`."""
    lone, frame = report.lone, report.frame
    if lone is None or lone.parent or count_words(content) < SIGNED_WORDS:
        return False
    outside = any(
        article.block(i) < 0 and article.words[i].alpha
        for i in range(frame.first, frame.end)
    )
    ends = content.rstrip().endswith(_SENTENCE_END)
    return not outside and ends and content[:1].isupper()


def _is_led(article: Article, report: Report, content: str) -> bool:
    """A quotation behind a colon: `Lee was less kind: “Ask me in May.”`."""
    first, end = report.ranges[0]
    nested = report.lone is not None and report.lone.parent is not None
    fewest = 1 if report.verb else SIGNED_WORDS  # `he laughed: “To whom?”`
    if article.low(first - 1) != ":" or nested or count_words(content) < fewest:
        return False
    rest = range(end, report.frame.end)
    outside = any(article.block(i) < 0 and article.words[i].alpha for i in rest)
    ends = content.rstrip().endswith(_SENTENCE_END)
    sentence = ends and content[:1].isupper()
    # A caption: `Dafydd Lench at the court: ‘it must have migrated’`.
    name = article.starting_at(report.frame.first)
    caption = _long(content) > 0 and name is not None and name.mention.kind == "name"
    return not outside and (sentence or caption)


def _is_after_its_verb(article: Article, report: Report, content: str) -> bool:
    """`announced “the first proof of thought”`: a few words right behind their verb."""
    verb = report.verb
    if verb is None or report.subject is None or report.passive:
        return False
    takes = frames(article.language).get(verb.cue.lemma, frozenset())
    beside = report.pattern == "quote" and report.ranges[0][0] == verb.end
    spoken = bool(takes & {"clause", "object"}) and "weak" not in takes
    return beside and spoken and (verb.cue.lemma in ALOUD or _long(content) > 0)


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
