"""Sentences that state something: what a claim can be made of.

A statement is one sentence of a quote, without its attribution, or one sentence of the
article's narration. Its `text` is the article's words, cleaned only of what ties them
to their place (datelines, leading conjunctions). What somebody names, praises or asks
for without stating it (`praised a campaign of disruption`) is no statement of theirs;
the sentence that tells of it is the article's. Offsets are code points.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractor.schema import Modality
from extractor.segmentation.boilerplate import find_dateline
from extractor.segmentation.clauses import (
    has_infinitive,
    is_said,
    is_spoken,
    read_predicate,
)
from extractor.segmentation.intervals import Intervals
from extractor.segmentation.model import Passage, Range, Segmentation, Sentence
from extractor.segmentation.scripts import WIDE, count_words, is_uncased

MIN_WORDS = 4
MIN_TOLD = 2
"""Words of the article before what somebody said, that make the sentence its own."""
MIN_EXCLAIMED = 8
"""Shorter exclamations are greetings, curses and orders; a shorter quote without a
visible verb (`the “absurd” plan`) is no sentence."""

_STOPS = (".", "。", "।", "۔", "።")
_ASKED = re.compile(r"[?？؟][”\"’'»)]*$")
_EXCLAIMED = re.compile(r"[!！][”\"’'»)]*$")

_LEAD = re.compile(
    r"^(?:(?:(?:and|but(?! for\b)|also|however|moreover|meanwhile|besides|nevertheless|"
    r"furthermore|in addition(?! to\b)|additionally|therefore|yet(?! (?:to|another)\b)|"
    r"so(?= (?:I|we|you|he|she|it|they|the|this|that|there|obviously)\b))\b,?|"
    r"(?:still|thus|so),) +)+(?=\S)",
    re.IGNORECASE,
)
_COMMA_BEFORE_MARK = re.compile(r"[,;]\s*([”\"’'»]+)$")
_SPACE_BEFORE_MARK = re.compile(r"([.!?…,])\s+([”\"’'»]+)\.?$")
_DOUBLE_STOP = re.compile(r"(?<!\.)([.!?][”\"’'»]*)\.$")
_ENDED = re.compile(r"[.!?…。！？؟۔।።][”\"’'»)]*$")
_EDGE_MARKS = "\"“”„«»‹›‘’' \u00a0,;:–—"

_NUMBER = re.compile(r"\d|\b(?:hundred|thousand|million|billion|dozen|percent|half)\b")
_PAST = re.compile(
    r"\b(?:was|were|had|has|have|did|[a-z]{3,}ed|took|met|won|lost|fell|rose|came|went|"
    r"made|left|gave|began|found|held|led|sent|told|paid|sold|built|cut|hit|shot|ran)\b"
)
_VERB = re.compile(
    r"\b(?:is|are|am|be|been|was|were|has|have|had|do|does|did|will|would|can|could|may|"
    r"might|must|shall|should|[a-z]{2,}(?:ed|en|es)|[a-z]{3,}s|took|met|won|lost|fell|rose|"
    r"came|went|made|left|gave|began|found|held|led|sent|told|paid|sold|built|cut|hit|"
    r"shot|ran|knew|saw|got|kept|know|think|want|need|say|get|go|make|like|live|work)\b"
    r"|['’](?:s|re|m|ve|ll|d)\b|n['’]t\b"
)
_NAME_INSIDE = re.compile(r"(?<=[\w,;] )[A-ZÀ-Þ][\w'’-]+")
_OPINION = re.compile(
    r"\b(?:hope|believe|think|feel|wish|love|like|want|proud|great|terrible|best|worst|"
    r"beautiful|wonderful|horrible|disgrace\w*|amazing|sad|happy|should|ought|must|"
    r"let's|let us|deserve|important|need|needs|better|worse|strong|tough|ridiculous|"
    r"important|absolutely|maybe|honou?red|grateful|thank\w*|sorry)\b",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\b(?:I|I'm|I’m|we|our|my|you|your)\b")
_FUTURE = re.compile(
    r"\b(?:will|would(?! have\b)|won['’]t|shall|going to|is to|are to|set to|expects?|"
    r"expected to|"
    r"plans? to|intends? to)\b|['’]ll\b",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(?:(?-i:may)|might|could|perhaps|possibly|probably|likely|appears?|seems?|seemed|"
    r"reportedly|allegedly|apparently|suspected|believed to)\b",
    re.IGNORECASE,
)
_NAMING = frozenset({"call", "describe", "label", "dub", "term", "brand"})
_BIDDING = frozenset(
    "order demand urge command instruct ask tell press encourage beg implore exhort "
    "invite advise request require".split()
) | {"call on", "call for"}
_THAT_BEFORE = re.compile(r"\bthat[ “\"‘']*$", re.IGNORECASE)
_THING_FIRST = re.compile(r"(?:to|an?|more|new|some|greater|stronger)\b", re.IGNORECASE)
"""What is bidden begins with those who are to do it; `more money to help` does not."""
_CUE_MODALITY: dict[Modality, frozenset[str]] = {
    "denied": frozenset(
        "deny refute dispute rebut contradict reject dismiss contest".split()
    ),
    "ordered": frozenset(
        {"order", "demand", "urge", "command", "instruct", "call on", "call for"}
    ),
    "predicted": frozenset(
        {"predict", "forecast", "expect", "promise", "vow", "pledge", "foresee"}
    ),
    "hedged": frozenset({"suggest", "speculate", "suspect", "wonder", "imply", "hint"}),
}


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement and what the rules make of it."""

    spans: tuple[Range, ...]
    """Where it stands."""
    text: str
    """The article's words, cleaned at the edges."""
    passage: int | None
    """Index of the quote it belongs to; None for the article's narration."""
    check_worthy: float
    """0 to 1: how probably a fact-checker would and could check it."""
    modality: Modality


def find_statements(
    segmentation: Segmentation,
    passages: Sequence[Passage],
    language: str | None = None,
) -> list[Statement]:
    """Statements of the quotes `passages` and of the narration, in text order.

    Args:
        segmentation: the article's sentences and quotations.
        passages: its quotes.
        language: BCP 47 tag; only English words are looked through for a main verb.
    """
    statements: list[Statement] = []
    spoken: list[Range] = []
    named: list[Range] = []
    is_english = (language or "en").split("-")[0].lower() == "en"
    quoted = Intervals(
        (whole, whole)
        for whole in (Range(q.start, q.end) for q in segmentation.quotations)
    )
    for k, passage in enumerate(passages):
        for sentence, spans in _by_sentence(segmentation, passage):
            statement = _statement(segmentation.flat, spans, k, passage, is_english)
            if statement:
                statements.append(statement)
            told = _is_told(segmentation, quoted, sentence, spans)
            (named if statement is None and told else spoken).extend(spans)
    for sentence in _narration(segmentation, spoken, named):
        spans = (_without_dateline(segmentation.flat, sentence),)
        statement = _statement(segmentation.flat, spans, None, None, is_english)
        if statement:
            statements.append(statement)
    return sorted(statements, key=lambda s: s.spans[0].start)


def _by_sentence(
    segmentation: Segmentation, passage: Passage
) -> Iterator[tuple[Sentence, tuple[Range, ...]]]:
    """The parts of a passage that lie in one sentence each."""
    text, sentences = segmentation.flat, segmentation.sentences
    first = bisect_right(sentences, passage.spans[0].start, key=lambda s: s.end)
    last = bisect_left(sentences, passage.spans[-1].end, key=lambda s: s.start)
    for sentence in sentences[first:last]:
        parts = [
            _trim(text, max(r.start, sentence.start), min(r.end, sentence.end))
            for r in passage.spans
            if r.start < sentence.end and sentence.start < r.end
        ]
        kept = tuple(part for part in parts if part.start < part.end)
        if kept:
            yield sentence, kept


def _is_told(
    segmentation: Segmentation,
    quoted: Intervals[Range],
    sentence: Sentence,
    spans: Sequence[Range],
) -> bool:
    """Whether the article's own words begin a sentence and hold what somebody said."""
    opened = any(quoted.overlapping(sentence.start, sentence.start + 1))
    words = segmentation.flat[sentence.start : spans[0].start]
    asked = _ASKED.search(spans[-1].of(segmentation.flat))
    return not opened and not asked and count_words(words) >= MIN_TOLD


def _narration(
    segmentation: Segmentation, spoken: Sequence[Range], named: Sequence[Range]
) -> Iterator[Sentence]:
    """Sentences that nobody in the article says."""
    names = Intervals((r, r) for r in named)
    quoted = [
        Range(q.start, q.end)
        for q in segmentation.quotations
        if _is_long(q.end - q.start) and not any(names.overlapping(q.start, q.end))
    ]
    taken = Intervals((r, r) for r in (*quoted, *spoken))
    for sentence in segmentation.sentences:
        if sentence.boilerplate:
            continue
        whole = Range(sentence.start, sentence.end)
        if any(taken.overlapping(sentence.start, sentence.end)):
            continue
        words = whole.of(segmentation.flat)
        if words.rstrip(_EDGE_MARKS + ")]").endswith(_STOPS):
            yield sentence


def _is_long(chars: int) -> bool:
    """Whether a stretch in quotation marks is more than a name or a term."""
    return chars > 30


def _statement(
    text: str,
    spans: tuple[Range, ...],
    index: int | None,
    passage: Passage | None,
    is_english: bool,
) -> Statement | None:
    words = " ".join(_flat(r.of(text)) for r in spans)
    words = _finish(_LEAD.sub("", words))
    count = count_words(words)
    if count < MIN_WORDS or _ASKED.search(words):
        return None
    if count < MIN_EXCLAIMED and _EXCLAIMED.search(words):
        return None
    cue = passage.cue.lemma if passage and passage.cue else None
    bidden = is_english and cue in _BIDDING and _is_bidden(words, passage)
    if passage and not bidden and not _is_stated(text, words, passage, is_english):
        return None
    return Statement(
        spans=spans,
        text=words,
        passage=index,
        check_worthy=check_worthiness(words),
        modality="ordered" if bidden else modality_of(words, cue),
    )


def _is_stated(text: str, words: str, passage: Passage, is_english: bool) -> bool:
    """Whether a part of a quote is a sentence of its own, not a name or an order."""
    cue = passage.cue
    if cue and cue.lemma in _NAMING:
        return False  # `called it a “novel”` states nothing by itself
    if is_uncased(words):
        return True
    if not is_english:
        return count_words(words) >= MIN_EXCLAIMED or bool(_VERB.search(words))
    if passage.kind == "direct":
        return is_spoken(words)
    return is_said(words, _governing_verb(text, passage))


def _governing_verb(text: str, passage: Passage) -> str | None:
    """The reporting verb before a quote; None where `that` tells it is a clause."""
    cue, start = passage.cue, passage.spans[0].start
    if cue is None or cue.kind != "verb" or cue.start > passage.spans[-1].start:
        return None
    return None if _THAT_BEFORE.search(text[max(0, start - 12) : start]) else cue.lemma


def _is_bidden(words: str, passage: Passage | None) -> bool:
    """Whether somebody is to do something: `farmers to move their sheep`."""
    if passage is None or passage.kind == "direct" or _THING_FIRST.match(words):
        return False
    return has_infinitive(words) and not read_predicate(words).certain


def _without_dateline(text: str, sentence: Sentence) -> Range:
    start = find_dateline(text, sentence.start, sentence.end)
    return _trim(text, start, sentence.end)


def _trim(text: str, start: int, end: int) -> Range:
    """Without white space at the edges."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return Range(start, end)


def _flat(words: str) -> str:
    return " ".join(words.split())


def _finish(words: str) -> str:
    """Capital first letter, one mark at the end, no unpaired quotation mark."""
    words = words.strip()
    for opening, closing in ("“”", '""', "«»", "„“", "‘’"):
        if words[:1] == opening and closing not in words[1:]:
            words = words[1:]
        if words[-1:] == closing and opening not in words[:-1]:
            words = words[:-1]
    words = words.strip().rstrip(",;:–—- \u00a0")
    words = _SPACE_BEFORE_MARK.sub(r"\1\2", _DOUBLE_STOP.sub(r"\1", words))
    words = _COMMA_BEFORE_MARK.sub(r"\1", words)
    if not words:
        return ""
    if not _ENDED.search(words):
        words += "。" if WIDE.match(words[-1]) else "."
    return words[0].title() + words[1:]


def check_worthiness(words: str) -> float:
    """Probability that a statement can and should be checked, by its surface.

    Figures, dates, names and completed actions speak for it; opinions, wishes, plans
    and first persons against it, as in the check-worthiness literature (ClaimBuster).
    """
    score = 0.5
    score += 0.25 * bool(_NUMBER.search(words))
    score += 0.15 * bool(_PAST.search(words))
    score += 0.1 * bool(_NAME_INSIDE.search(words))
    score -= 0.25 * bool(_OPINION.search(words))
    score -= 0.15 * bool(_FIRST_PERSON.search(words))
    score -= 0.2 * bool(_FUTURE.search(words))
    score -= 0.2 * (count_words(words) < 7)
    return min(0.95, max(0.05, score))


def modality_of(words: str, cue: str | None) -> Modality:
    """How the claimant commits to a statement: by the reporting word, then its own."""
    for modality, lemmas in _CUE_MODALITY.items():
        if cue in lemmas:
            return modality
    if _FUTURE.search(words):
        return "predicted"
    if _HEDGE.search(words):
        return "hedged"
    return "asserted"
