"""Whether an attribution closes its sentence: `C, he told staff on Monday`."""

from extractor.attribution.group import is_utterance
from extractor.attribution.site import (
    Site,
    adds_after_comma,
    comma_outside,
    marker,
    skip_adjuncts,
    speech_at,
)
from extractor.attribution.vocabulary import (
    DETERMINERS,
    FINITE,
    PHRASE,
    PLACE,
    STOPS,
    SUBJECTS,
)

HEARER = 3
"""Words of whom a verb at the sentence's end names as hearer."""


def closes_here(site: Site) -> bool:
    """Whether the attribution follows its content: nothing but adjuncts after it."""
    article, end = site.article, site.group.end
    if adds_after_comma(site):
        return False
    quoted = comma_outside(site) or article.block(site.group.first - 1) >= 0
    if quoted and site.verb.cue.kind == "verb":
        return (
            not _fragment_subject(site)
            and not _names_its_object(site)
            and _marker_is_late(site)
        )
    if site.verb.cue.kind == "preposition":
        return site.group.first > site.frame.first
    if site.verb.cue.kind != "verb" or site.group.subject is None:
        return False
    index = past_phrase(site, end)
    if index == end:
        index = past_phrase(site, skip_adjuncts(site, end))
    low = article.low(index)
    if low == "," and speech_at(site, index + 1):
        return False
    if _ends_with_hearer(site, index):
        return True
    if index >= site.frame.end - 1 or low in (",", ";", "—", "–"):
        return bool(site.takes & {"clause", "weak", "addressee"})
    return (
        low in PLACE
        and not _is_demanded(site, index)
        and marker(site, end) is None
        and (site.group.inverted or "addressee" in site.takes)
    )


def _ends_with_hearer(site: Site, index: int) -> bool:
    """`C, he told staff.`: a word or two after the verb end the sentence."""
    article = site.article
    last = site.frame.end - 1
    return (
        "addressee" in site.takes
        and article.low(site.group.first - 1) == ","
        and article.low(last) in STOPS
        and 0 < last - index <= HEARER
        and all(article.words[i].alpha for i in range(index, last))
        and article.low(index) not in SUBJECTS | {"that", "to"}
        and not any(article.low(i) in FINITE | {"to"} for i in range(index, last))
    )


def past_phrase(site: Site, index: int) -> int:
    """Past `in a note to clients` or `a hushed chamber`, if the clause ends with it."""
    article = site.article
    low = article.low(index)
    heard = "addressee" in site.takes and low in DETERMINERS
    if article.low(site.group.first - 1) != "," or not (heard or low in PLACE):
        return index
    if _is_demanded(site, index):
        return index
    for at in range(index, min(index + PHRASE, site.frame.end)):
        low = article.low(at)
        if low == "," or (low in STOPS and at == site.frame.end - 1):
            return at
        clause = low in FINITE or (heard and low in ("that", "to", "if", "whether"))
        if not article.words[at].alpha or clause or at in article.cue_words:
            break
    return index


def _is_demanded(site: Site, index: int) -> bool:
    """`to leave` in `advises newcomers to leave`."""
    return site.article.low(index) == "to" and "urging" in site.takes


def _marker_is_late(site: Site) -> bool:
    marked = marker(site, site.group.end)
    if marked is None or marked[1] == "":
        return True
    participle = site.article.low(site.verb.end - 1).endswith("ing")
    if participle and marked[1] in ("that", "quote"):
        return False  # `“A,” noting that B`
    if site.article.low(marked[0] - 1) == ":":
        return all(other.first >= site.verb.first for other in site.others)
    at = site.group.first - 1 - comma_outside(site)
    return is_utterance(site.article, at)


def _names_its_object(site: Site) -> bool:
    """`..., citing gaps in the law`: what is reported follows, nothing before it."""
    article = site.article
    participle = article.low(site.verb.end - 1).endswith("ing")
    goes_on = site.group.end < site.frame.end and article.words[site.group.end].alpha
    return (
        participle
        and goes_on
        and "object" in site.takes
        and "clause" not in (site.takes)
    )


def _fragment_subject(site: Site) -> bool:
    """`The "Red Team" said`: the quotation is part of the subject."""
    plain = site.group.first == site.verb.first and not site.group.inverted
    at = site.group.first - 1
    return plain and site.article.block(at) >= 0 and not is_utterance(site.article, at)
