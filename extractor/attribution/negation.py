"""Words that nobody said: `No minister claimed that the bridge was safe`."""

from extractor.attribution.article import Article
from extractor.attribution.content import Report
from extractor.attribution.group import chain_start
from extractor.attribution.vocabulary import FINITE, FRONTING, JOINERS

REACH = 14
"""Words before a reporting verb within which its subject begins."""
_NOBODY = {
    "en": frozenset("nobody none neither no-one".split()),
    "de": frozenset("niemand keiner keine kein keines".split()),
    "fr": frozenset("personne aucun aucune nul nulle".split()),
    "es": frozenset("nadie ningún ninguno ninguna".split()),
    "pt": frozenset("ninguém nenhum nenhuma".split()),
}
_NO_ADVERB = frozenset("doubt wonder matter longer sooner more less".split())
"""Words behind a `no` that denies no subject: `no doubt Lee said`, `No. 10`."""
_SAVE = frozenset("but except save besides other".split())
"""`Nobody but Lee said`: Lee did."""
_BREAKS = JOINERS | FRONTING | frozenset("that what why how where which whom".split())
_OPENERS = frozenset("and but so yet still though however".split())


_NEVER = frozenset("not n't never".split())
_ASSERTING = frozenset(
    "say tell claim state write add argue assert allege announce declare".split()
)


def is_said_by_nobody(article: Article, report: Report) -> bool:
    """Whether the reporting verb or its subject denies that anybody says it."""
    verb, subject = report.verb, report.subject
    if verb is None or verb.cue.kind != "verb":
        return False
    start = chain_start(article, verb, report.frame.first)
    if report.pattern == "that" and verb.cue.lemma in _ASSERTING:
        chain = [article.low(i) for i in range(start, verb.first)]
        if any(low in _NEVER or low.endswith("n't") for low in chain):
            return True
    if report.pattern in ("post", "mid") and _denies(article, verb.end):
        return subject is None or subject.first >= verb.end
    if subject is not None and subject.first > verb.first:
        return False
    if subject is not None:
        start = min(start, subject.first)
        if _denies(article, start):
            return True
    return _denies(article, _clause_start(article, start, report.frame.first))


def _clause_start(article: Article, start: int, floor: int) -> int:
    """First word of the clause that the words before `start` belong to."""
    index = start
    while index > max(floor, start - REACH) and article.block(index - 1) < 0:
        before = article.low(index - 1)
        relative = before in FINITE and article.low(index - 2) == "who"
        if not article.words[index - 1].alpha or index - 1 in article.cue_words:
            break
        if before in _BREAKS or (before in FINITE and not relative):
            break
        index -= 1
    return index


def _denies(article: Article, first: int) -> bool:
    """Whether a subject that begins at a word means nobody."""
    while article.low(first) in _OPENERS:
        first += 1
    low, following = article.low(first), article.low(first + 1)
    if any(article.low(first + k) in _SAVE for k in (1, 2)):
        return False
    if low in _NOBODY[article.language]:
        return True
    if article.language != "en":
        return False
    if low == "not":
        return following in ("one", "a")
    return low == "no" and following.isalpha() and following not in _NO_ADVERB
