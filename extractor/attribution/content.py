"""What a reporting word reports: the words before it, after it, or both.

Patterns, by where the content stands: `post` ("C, X said"), `mid` ("C, X said, C"),
`that`, `quote`, `colon` and `bare` (after the cue), `object` and `infinitive` (what
the verb takes), `alone` (a quotation with no cue).
"""

from dataclasses import dataclass

from extractor.attribution.article import Frame, Noun, Verb
from extractor.attribution.closing import (
    HEARER,
    closes_here,
    past_phrase,
)
from extractor.attribution.continuing import (
    clause_goes_on,
    rest_of,
    skip_to_quote,
)
from extractor.attribution.ends import left_boundary, right_end
from extractor.attribution.group import OWNER, as_saying
from extractor.attribution.silent import is_no_content, is_silent
from extractor.attribution.site import (
    Site,
    comma_outside,
    marker,
    plain_pattern,
    skip_adjuncts,
    takes_infinitive,
)
from extractor.attribution.vocabulary import (
    BE,
    DENIALS,
    FINITE,
    FRONTING_PHRASES,
    GIVING,
    NOTHING,
    PAST,
    PHRASE,
    PLACE,
    STOPS,
    SUBJECTS,
)
from extractor.segmentation.cues import OPINION
from extractor.segmentation.model import Quotation

CONTINUING = frozenset(
    "begin|call back|chime in|continue|cut in|go on|put in|sum up|weigh in".split("|")
)
"""Cues that are speech beside a quotation only: `the strike would go on, adding`."""


@dataclass(frozen=True, slots=True)
class Report:
    """A cue with its group (`the mayor said on Monday`) and the content it reports."""

    verb: Verb | None
    subject: Noun | None
    """The mention the structure itself names as subject."""
    ranges: tuple[tuple[int, int], ...]
    """Words of the content, half-open."""
    pattern: str
    frame: Frame
    passive: bool = False
    lone: Quotation | None = None
    """The quotation that is the whole content: no cue reports it, or it is nested."""
    chained: bool = False
    """The subject is whom somebody else quotes: `quoted Lee as saying`."""


def read(site: Site) -> Report | None:
    """The content of the cue, nothing if it reports nothing.

    What somebody `was promised` is no quote of his.
    """
    if as_saying(site.article, site.verb, site.frame) is not None:
        return None
    if site.article.low(site.group.first - 1) == "how":
        return _as_how(site)
    if is_silent(site):
        return None
    before = _before(site) if site.verb.cue.kind != "colon" else None
    aloud = site.takes == {"manner"} or site.verb.cue.lemma in CONTINUING
    if aloud and not _beside_quotation(site):
        return None
    if before and closes_here(site):
        told = site.takes & {"addressee"} or site.verb.cue.lemma == "say"
        if site.passive and not told and not site.group.chained:
            return None  # `whether he would be offered a deal`
        return _post(site, before)
    after = _after(site)
    if after is None:
        return None
    first, end, pattern = after
    given = site.verb.cue.lemma in GIVING and pattern != "that"
    if site.passive and (
        given or ("weak" in site.takes and pattern in ("bare", "object"))
    ):
        return None
    if site.passive and not _has_agent(site, first, pattern):
        return None
    return _report(site, ((first, end),), pattern)


def _as_how(site: Site) -> Report | None:
    """`“A mess” was how Lee described the vote`: only what stands before it."""
    article, end = site.article, site.group.first - 2
    if article.low(end) not in BE or article.block(end - 1) < 0:
        return None
    first = end - 1
    while article.block(first - 1) == article.block(end - 1):
        first -= 1
    return _report(site, ((first, end),), "post")


def _beside_quotation(site: Site) -> bool:
    article, group = site.article, site.group
    after = any(article.block(group.end + i) >= 0 for i in range(3))
    return after or article.block(group.first - 1) >= 0


def _before(site: Site) -> tuple[int, int] | None:
    """Content that ends where the attribution begins."""
    end = site.group.first
    if end <= site.frame.first:
        return None
    end -= comma_outside(site)
    left = site.article.low(end - 1)
    quoted = site.article.block(end - 1) >= 0
    direct = site.verb.cue.kind == "preposition" and site.article.words[end - 1].alpha
    if not (quoted or left in (",", "—", "–", "?", "!", "-") or direct):
        return None
    first = left_boundary(site, end)
    if not quoted:
        end -= not site.article.words[end - 1].alpha
    if _is_fronted_participle(site, first):
        return None
    mid = site.article.low(site.group.end) == ","
    verb = site.verb.cue.kind == "verb"
    if verb and not mid and _is_phrase(site, first, end):
        return None  # `In a ruling on Friday, the court ruled that`
    brief = quoted or mid or site.group.inverted or left == "?"
    last = site.frame.end - site.group.end <= HEARER + 1  # `Not today, she told him.`
    if end - first < (1 if brief else 2 if last else 3):
        return None
    return first, end


def _is_phrase(site: Site, first: int, end: int) -> bool:
    """Whether words are a preposition's and no clause: `In a 1963 speech`."""
    article = site.article
    if article.low(first) not in FRONTING_PHRASES | PLACE or end - first > PHRASE:
        return False
    return not any(
        article.block(i) >= 0 or article.low(i) in FINITE | PAST
        for i in range(first, end)
    )


def _is_fronted_participle(site: Site, first: int) -> bool:
    """`Blaming the "elites," Lee insisted ...`: what Lee did, not what Lee said."""
    participle = site.article.low(first).endswith("ing")
    initial = first == site.frame.first and site.article.block(first) < 0
    if not (participle and initial) or site.article.low(site.group.end) == ",":
        return False  # `Cutting it, she wrote, would be a mistake`
    follows = marker(site, site.group.end) is not None
    return follows or site.group.end < site.frame.end - 2


def _after(site: Site) -> tuple[int, int, str] | None:
    """Content that begins after the attribution, with its pattern."""
    first, pattern = _right_start(site)
    if pattern == "":
        return None
    contested = _contested(site, first)
    if contested is not None:
        first, pattern = contested, "that"
    article, end = site.article, right_end(site, first)
    if site.passive and pattern == "object":
        end = _before_agent(site, first, end)
    if pattern in ("object", "infinitive") or article.low(first) == "for":
        end = _before_clause(site, first, end)
    if end <= first or is_no_content(site, first, end, pattern):
        return None
    return first, end, pattern


def _contested(site: Site, first: int) -> int | None:
    """What is denied in `rejected Lee's claim that ...`: the words of the claim."""
    article = site.article
    if site.verb.cue.lemma not in DENIALS:
        return None
    for other in site.others:
        if other.cue.kind == "noun" and first <= other.first < first + PHRASE:
            for at in range(other.end, min(other.end + OWNER, site.frame.end)):
                if article.low(at) == "that":
                    return at + 1
    return None


def _before_clause(site: Site, first: int, end: int) -> int:
    """Where a clause of its own begins: `asked for one thing and we got it`."""
    article = site.article
    for i in range(first + 1, end - 2):
        joined = article.low(i) in ("and", "but") and article.low(i + 1) in SUBJECTS
        if joined and article.block(i) == article.block(first):
            return i
    return end


def _before_agent(site: Site, first: int, end: int) -> int:
    """Where the passive's agent begins: `was branded "a mess" by Lee`."""
    inside = range(first + 1, end)
    agents = [i for i in inside if site.article.low(i) == "by"]
    outside = [i for i in agents if site.article.block(i) < 0]
    return outside[0] if outside else end


def _has_agent(site: Site, first: int, pattern: str) -> bool:
    """Whether a passive tells by whom, or what somebody was called: `as a mess`.

    What somebody `is charged with` is no quote.
    """
    article, frame = site.article, site.frame
    low = article.low(first)
    if pattern != "object":
        return low != "with"
    marked = low in ("a", "an", "as", "the") or article.block(first) >= 0
    return marked or any(article.low(i) == "by" for i in range(first, frame.end))


def _right_start(site: Site) -> tuple[int, str]:
    article, index = site.article, site.group.end
    if site.verb.cue.kind == "preposition":
        return _after_source(site, index)
    if site.verb.cue.kind == "colon":
        quoted = article.block(index) >= 0
        return index, "quote" if quoted else "colon"
    if article.low(site.frame.first) == "as" and article.low(index) == ",":
        near = site.group.first <= site.frame.first + 2
        return index + 1, "bare" if near else ""
    marked = marker(site, index)
    if marked is not None:
        return marked
    index = skip_adjuncts(site, index)
    if index >= site.frame.end or not article.words[index].alpha:
        return index, ""
    low = article.low(index)
    if _is_only_it(site, index):
        return index, ""
    if _is_demand(site, index):
        return site.group.end, "infinitive"
    if low in NOTHING or (low == "to" and site.verb.cue.lemma in ("say", "tell")):
        return index, ""
    if low == "to":
        return index, "infinitive" if takes_infinitive(site, index) else ""
    return index, plain_pattern(site, index)


def _is_only_it(site: Site, index: int) -> bool:
    """`said it on Monday`; not `described it as "short"`."""
    article = site.article
    low, following = article.low(index), article.low(index + 1)
    if low != "it" or article.block(index) >= 0:
        return False
    if following == "as" and "object" in site.takes:
        return False
    return following in PLACE | STOPS | {",", "and", "out"}


def _is_demand(site: Site, index: int) -> bool:
    """`told him to leave`, `advised us not to vote`: who is to act belongs to it."""
    article = site.article
    moved = 0 < index - site.group.end <= HEARER + 2
    negated = article.low(index) == "not" and article.low(index + 1) == "to"
    asked = article.low(index) == "to" or negated
    return moved and asked and "urging" in site.takes and not site.passive


def _after_source(site: Site, index: int) -> tuple[int, str]:
    """What follows a fronted `According to Lee`, with a comma or without."""
    if site.group.first != site.frame.first:
        return index, ""
    if site.verb.cue.lemma == OPINION and site.article.words[index].alpha:
        return index, "bare"  # `In his view most are wrong`
    clause = _clause_after_source(site)
    if clause is not None:
        return clause, "bare"
    index = _past_description(site, index)
    return index + 1, "bare" if site.article.low(index) == "," else ""


def _past_description(site: Site, comma: int) -> int:
    """The second comma in `According to Lee, who was there, ...`, else the first."""
    article = site.article
    described = article.low(comma + 1) in ("who", "whose", "which", "a", "an")
    for at in range(comma + 1, min(comma + PHRASE * 2, site.frame.end)):
        if not described or article.block(at) >= 0:
            break
        if article.low(at) == ",":
            return at
    return comma


def _clause_after_source(site: Site) -> int | None:
    """First word of the clause in `According to Lee there were two fires`."""
    source = site.group.subject
    if source is None or source.end >= site.group.end:
        return None
    opener = site.article.low(source.end)
    begins = opener in SUBJECTS | {"the"} and site.article.low(source.first) != "the"
    return source.end if begins or opener == "there" else None


def _post(site: Site, before: tuple[int, int]) -> Report:
    article, ranges = site.article, [before]
    index = site.group.end
    past = past_phrase(site, index)
    left = site.article.low(past + 2) in PAST  # `A, he told the room, and left`
    if clause_goes_on(site, past + 1) and not left:
        index = past  # `A, it said in a report, and B`
    goes_on = site.verb.cue.kind == "verb" or clause_goes_on(site, index + 1)
    commaed = site.article.low(index) == ","
    open_ended = _is_phrase(site, *before) or article.low(before[1] - 1) in FINITE
    if commaed and open_ended and site.verb.cue.kind == "preposition":
        # `In May, according to Lee, it rained`; `It was, by her account, late`
        clause = index + 1, right_end(site, index + 1)
        return _report(site, (before, clause), "mid")
    if commaed and goes_on:
        index += 1
    else:
        index = skip_to_quote(site, index)
    if 0 < index < site.frame.end:
        rest = rest_of(site, index, before)
        if rest:
            ranges.append(rest)
    return _report(site, tuple(ranges), "mid" if len(ranges) > 1 else "post")


def _report(site: Site, ranges: tuple[tuple[int, int], ...], pattern: str) -> Report:
    return Report(
        site.verb,
        site.group.subject,
        ranges,
        pattern,
        site.frame,
        site.passive and not site.group.chained,
        chained=site.group.chained,
    )
