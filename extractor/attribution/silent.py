"""Cues that report nothing, and words behind a cue that are no content."""

from extractor.attribution.site import Site
from extractor.attribution.vocabulary import BE, FINITE, NAMED, PAST, PLACE, TIME

TOLD = frozenset(
    "told informed notified reminded assured warned pressed urged challenged".split()
)
"""Participles at a sentence's beginning that tell what somebody heard."""
SHORT = 4
"""Words of a noun and when or where it was: no clause."""
_PLACES = frozenset("in at during on".split())


def is_silent(site: Site) -> bool:
    """Whether a cue reports nothing, whatever stands around it."""
    return (
        _asks_for_silence(site)
        or _is_told_first(site)
        or _is_adjective(site)
        or _is_noun(site)
        or _is_adviser(site)
        or _is_used_to(site)
    )


def is_no_content(site: Site, first: int, end: int, pattern: str) -> bool:
    """Whether words behind a cue are none that it reports.

    Args:
        site: the cue.
        first: their first word.
        end: one past the last.
        pattern: how they stand there (`content`).
    """
    article = site.article
    low, following = article.low(first), article.low(first + 1)
    if article.block(first) >= 0:
        return False
    if low == "by" and (site.passive or following.endswith("ing")):
        return True  # `reported by the Herald`, `responded by criticizing Lee`
    if low == "the" and following == "same":
        return True  # `said the same of Lee`
    if end - first <= 2 and article.low(end - 1) in FINITE:
        return True  # `as they said they would`
    if site.verb.cue.lemma == "ask" and "question" in _words(site, first, first + 4):
        return True  # `asked him a question`
    if pattern in ("object", "bare") and low in _PLACES:
        return not _is_clause(site, first, site.frame.end, {"to"})
    # `echoed that promise on Monday`
    if pattern == "that" and low in PLACE:
        return not _is_clause(site, first, end, set())  # `said that to the last one`
    pointing = pattern == "that" and end - first <= SHORT
    dated = following in TIME and article.words[first + 1].capital
    return pointing and (dated or following in PLACE)


def _words(site: Site, first: int, end: int) -> list[str]:
    return [site.article.low(i) for i in range(first, end)]


def _is_clause(site: Site, first: int, end: int, more: set[str]) -> bool:
    """Whether words hold a finite verb, a quotation or one of some more words."""
    article, verbs = site.article, FINITE | PAST | more
    return any(
        article.block(i) >= 0 or article.low(i) in verbs for i in range(first, end)
    )


def _asks_for_silence(site: Site) -> bool:
    """`asked not to be named because the talks are private`, `asking for anonymity`."""
    article, at = site.article, site.verb.end
    if article.low(at) == "for" and article.low(at + 1) == "anonymity":
        return True
    at += article.low(at) == "not"
    named = [article.low(i) for i in range(at, at + 3)]
    return named[:2] == ["to", "be"] and named[2] in NAMED


def _is_told_first(site: Site) -> bool:
    """`Told of the fire, Lee wept`: somebody else told it."""
    article, first = site.article, site.verb.first
    begins = first == site.frame.first or article.low(first - 1) in ("when", "if")
    return begins and article.low(first) in TOLD and not site.group.chained


def _is_adjective(site: Site) -> bool:
    """`as reassuring as they could be`."""
    verb = site.verb
    participle = site.article.low(verb.end - 1).endswith("ing")
    before, after = site.article.low(verb.first - 1), site.article.low(verb.end)
    return (
        participle
        and before in ("as", "so", "more", "less")
        and after in ("as", "than")
    )


def _is_adviser(site: Site) -> bool:
    """`Scientists advising the talks had left`: who they are."""
    article, verb = site.article, site.verb
    if article.low(verb.first) not in ("advising", "briefing", "teaching", "showing"):
        return False
    hearer = article.starting_at(verb.end)
    end = hearer.end if hearer else verb.end + 2
    return article.ending_at(verb.first) is not None and article.low(end) in FINITE


def _is_noun(site: Site) -> bool:
    """`Final details of the plan`, `questions asked of the candidates`."""
    article, verb = site.article, site.verb
    low = article.low(verb.end - 1)
    plural = low.endswith("s") and verb.end - verb.first == 1
    return (
        verb.cue.kind == "verb"
        and article.low(verb.end) == "of"
        and (plural or (low == "asked" and not site.passive))
    )


def _is_used_to(site: Site) -> bool:
    """`should only be used to describe people`: nobody describes them."""
    article, to = site.article, site.verb.first - 1
    if article.low(to) != "to" or article.low(to - 1) != "used":
        return False
    return any(article.low(i) in BE for i in range(to - 4, to - 1))
