"""Who said it: the candidates of a report, ranked.

A conditional logit over the mentions near the cue; "nobody here" is one of the choices
and has the score 0. The weights are fitted by `evals/fit/attribution.py`.
"""

import math
from bisect import bisect_left
from collections.abc import Sequence

from extractor.attribution.article import Article, Noun
from extractor.attribution.content import Report
from extractor.attribution.group import chain_start
from extractor.attribution.weights import SPEAKER
from extractor.segmentation.model import Candidate, Mention

CHAINED = 6.0
"""Log odds of `Lee` in `quoted Lee as saying`; too rare to be fitted, never wrong."""
LEADING = 2.5
"""Log odds of `Lee` in `Lee shrugged. “You win some.”`; set on our own dev split, as
such quotations are hardly ever labelled in PolNeAR."""
REACH = 120
"""Words before and after a report within its sentence where its speaker may stand."""
POSSESSED = 4
"""Words after a possessor within which what it possesses begins."""
MOST = 10
"""Candidates kept for a passage."""

_FAMILIES = {
    "post": "post",
    "mid": "post",
    "inner": "post",
    "that": "pre",
    "quote": "pre",
    "bare": "pre",
    "object": "pre",
    "infinitive": "pre",
    "colon": "colon",
    "alone": "alone",
}
_PREPOSITIONS = frozenset(
    "of in on at for with from about over under between by to into against like than "
    "near after before during through".split()
)
_CONJUNCTIONS = frozenset("after before than like".split())
"""Prepositions that open a clause too: `after users complained`."""
_CLAUSE_OPENERS = frozenset(
    ", and but that while when as because if where since though although ; : — who "
    "which".split()
)
_TITLED = frozenset("who which".split())


def family(report: Report) -> str:
    """The kind of structure whose weights apply."""
    verb = report.verb
    if verb is None:
        return "alone"
    if verb.cue.kind != "verb":
        return {"preposition": "prep", "colon": "colon", "noun": "noun"}[verb.cue.kind]
    return _FAMILIES[report.pattern]


def pool(article: Article, report: Report, previous: Mention | None) -> list[Noun]:
    """Mentions that could be the speaker of a report."""
    if report.lone and report.lone.parent:
        return _inside(article, report)
    frame, content = report.frame, report.ranges
    anchor, end = content[0][0], content[-1][1]
    if report.verb:
        anchor, end = min(anchor, report.verb.first), max(end, report.verb.end)
    here = [
        noun
        for noun in article.nouns_in(
            max(frame.first, anchor - REACH), min(frame.end, end + REACH)
        )
        if article.block(noun.first) < 0
        and not any(a <= noun.first and noun.end <= b for a, b in content)
    ]
    earlier = [
        noun
        for noun in article.nouns_in(max(0, frame.first - 70), frame.first)
        if article.block(noun.first) < 0 and noun.mention.kind != "nominal"
    ][-6:]
    found = here + earlier
    subject = report.subject
    if subject and all(noun.mention != subject.mention for noun in found):
        found.append(subject)
    if report.verb is None:
        later = article.nouns_in(frame.end, frame.end + 12)
        found += [noun for noun in later if article.block(noun.first) < 0][:3]
    leading = _leading(article, report)
    if leading and leading not in found:
        found.append(leading)
    if previous and all(noun.mention != previous for noun in found):
        first, end = article.word_range(previous.start, previous.end)
        found.append(Noun(first, end, previous))
    return found


def _inside(article: Article, report: Report) -> list[Noun]:
    """The mentions of the quotation that holds a nested one."""
    first, end = report.ranges[0]
    return [
        noun
        for noun in article.nouns_in(
            max(report.frame.first, first - REACH), min(report.frame.end, end + REACH)
        )
        if noun.end <= first or noun.first >= end
    ]


class Context:
    """What the features of all candidates of one report share."""

    def __init__(
        self, article: Article, report: Report, previous: Mention | None
    ) -> None:
        self.article = article
        self.report = report
        self.previous = previous
        self.family = family(report)
        self.nouns = [
            noun
            for noun in pool(article, report, previous)
            if not _possesses(article, noun, report.subject)
        ]
        verb, frame = report.verb, report.frame
        if verb:
            self.left = chain_start(article, verb, frame.first)
            self.right = verb.end
        else:
            self.left, self.right = report.ranges[0][0], report.ranges[-1][1]
        self.ing = bool(verb) and article.low(self.right - 1).endswith("ing")
        outer = [n for n in self.nouns if n.first >= frame.first]
        self.first = min((n.first for n in outer), default=-1)
        self.leading = _leading(article, report)
        self.prefix = self.family
        if verb and verb.cue.kind == "verb":
            self.prefix += "-ing" if self.ing else ""
            self.prefix += "-passive" if report.passive else ""

    def features(self, noun: Noun) -> list[str]:
        """Names of the binary features that hold for a candidate."""
        names = ["any", noun.mention.kind, *self._place(noun), *self._shape(noun)]
        found = [f"{self.family}:{name}" for name in names]
        if self.prefix != self.family:
            found += [f"{self.prefix}:{name}" for name in names]
        return found

    def _place(self, noun: Noun) -> list[str]:
        article, frame = self.article, self.report.frame
        names = []
        if noun.end <= self.left:
            distance, side = self.left - noun.end, "L"
        else:
            distance, side = max(0, noun.first - self.right), "R"
        if noun.first < frame.first:
            same = article.word_at(
                article.segmentation.paragraphs[frame.paragraph].start
            )
            names.append("earlier" if noun.first >= same else "earlier-paragraph")
        elif noun.first >= frame.end:
            names.append("later")
        else:
            step = next((b for b in (0, 1, 3, 8, 20) if distance <= b), 99)
            names.append(f"{side}{step}")
        if noun.first == self.first:
            names.append("first")
        if noun is self.leading:
            names.append("leading")
        return names

    def _shape(self, noun: Noun) -> list[str]:
        article, subject = self.article, self.report.subject
        names: list[str] = []
        after = article.low(noun.end)
        if subject:
            names.append(_relation(noun, subject))
            if self.report.chained and noun.mention == subject.mention:
                names.append("chained")
        names += self._before(noun)
        if after == "'s":
            names.append("possessive")
        if after in (",", "(") or after in _TITLED:
            names.append("apposed")
        chain = subject is None or self.ing or noun.first < self.report.frame.first
        if chain and noun.mention == self.previous:
            names.append("previous")
        low = article.low(noun.first)
        if low in ("who", "it", "i", "we", "you", "this"):
            names.append(f"is-{low}")
        if any(
            o is not noun and o.first <= noun.first and noun.end <= o.end
            for o in self.nouns
        ):
            names.append("nested")
        return names

    def _before(self, noun: Noun) -> list[str]:
        """What the word before a candidate makes of it."""
        before, subject = self.article.low(noun.first - 1), self.report.subject
        if subject and noun.mention == subject.mention and before in _CONJUNCTIONS:
            return ["opens"]
        names = []
        if before in _PREPOSITIONS:
            names.append("by" if before == "by" else "preposition")
        if before in _CLAUSE_OPENERS or noun.first == self.report.frame.first:
            names.append("opens")
        return names


def _relation(noun: Noun, subject: Noun) -> str:
    if noun.mention == subject.mention:
        return "subject"
    inside = subject.first <= noun.first and noun.end <= subject.end
    return "in-subject" if inside else "not-subject"


def _possesses(article: Article, noun: Noun, subject: Noun | None) -> bool:
    """`Vardia` in `Vardia's Ana Melk said`: labels that hold both taught no better."""
    return (
        subject is not None
        and article.low(noun.end) == "'s"
        and noun.end < subject.first <= noun.end + POSSESSED
    )


def score(features: Sequence[str]) -> float:
    """The log odds of a candidate against nobody."""
    known = sum(SPEAKER.get(name, 0.0) for name in features)
    known += CHAINED * any(name.endswith(":chained") for name in features)
    return known + LEADING * any(name.endswith(":leading") for name in features)


def _leading(article: Article, report: Report) -> Noun | None:
    """`Lee` in `Lee shrugged. “You win some.”`: the sentence before is about Lee."""
    frame = report.frame
    if report.verb or report.ranges[0][0] != frame.first:
        return None
    at = bisect_left(article.frames, frame.first, key=lambda f: f.first) - 1
    before = article.frames[at]
    if at < 0 or before.paragraph != frame.paragraph:
        return None
    return (
        None if article.block(before.first) >= 0 else article.starting_at(before.first)
    )


def _topic_before(article: Article, report: Report) -> Mention | None:
    """The nearest earlier mention of whom the article names most often."""
    earlier = [n for n in article.topic if n.end <= report.frame.first]
    return earlier[-1].mention if earlier else None


def rank(
    article: Article, report: Report, previous: Mention | None
) -> tuple[Candidate, ...]:
    """The candidates of a report, best first, with their probabilities."""
    if report.verb is None and previous is None:
        previous = _topic_before(article, report)
    context = Context(article, report, previous)
    scored = [(score(context.features(noun)), noun) for noun in context.nouns]
    weights = [(math.exp(min(value, 30.0)), noun) for value, noun in scored]
    total = 1.0 + sum(weight for weight, _ in weights)
    weights.sort(key=lambda pair: -pair[0])
    return tuple(
        Candidate(noun.mention, round(weight / total, 4))
        for weight, noun in weights[:MOST]
    )
