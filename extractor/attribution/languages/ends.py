"""Where the content of a cue begins and ends."""

from extractor.attribution.article import Verb
from extractor.attribution.group import is_utterance
from extractor.attribution.languages.site import Site
from extractor.attribution.languages.subjects import subject_after

_ENDS = frozenset(".!?…")


def left_boundary(site: Site, end: int) -> int:
    """First word of the content that ends at a word."""
    first = site.frame.first
    earlier = [v for v in site.others if v.end <= end]
    for index in range(end - 2, first - 1, -1):
        if site.quoted(index):
            closes = not site.quoted(index + 1) or (
                site.article.block(index) != site.article.block(index + 1)
            )
            if closes and index + 1 < end and _parted(site, index + 1, end):
                first = index + 1
                break
            continue
        low, following = site.low(index), site.low(index + 1)
        if low == ";" or (
            low in (",", ":") and earlier and following in site.grammar.joiners
        ):
            first = index + 1
            break
    while first < end and not site.quoted(first):
        opens = site.low(first) in site.grammar.openers
        if site.article.words[first].alpha and not opens:
            break
        first += 1
    return first


def _parted(site: Site, index: int, end: int) -> bool:
    """Whether nothing but a dash parts two quotations: two speakers take turns."""
    at = index
    while at < end and not site.quoted(at):
        if site.article.words[at].alpha:
            return False
        at += 1
    closed = is_utterance(site.article, index - 1)
    return at < end and closed and site.low(index) != ","


def right_end(site: Site, first: int) -> int:
    """One past the last word of a content: the sentence's end or a new attribution."""
    article, end = site.article, site.frame.end
    for other in site.others:
        if not first < other.first < end or other.cue.kind != "verb":
            continue
        cut = _cut_before(site, other, first)
        if cut is not None:
            end = cut
            break
    while end > first and not article.words[end - 1].alpha:
        if article.block(end - 1) >= 0 or article.low(end - 1) in (")", "%", "]"):
            break
        end -= 1
    return end


def _cut_before(site: Site, other: Verb, first: int) -> int | None:
    """Where a second verb of the same subject begins: `y anunció ...`."""
    at = other.first
    while at > first and site.low(at - 1) in site.grammar.helpers | {"-"}:
        at -= 1
    if site.low(at - 1) in site.grammar.joiners and not site.quoted(at - 1):
        return at - 1 - (site.low(at - 2) == ",")
    later = subject_after(site.article, other.end, site.frame.end)
    ends = later is None or site.low(later.end) in _ENDS
    if site.low(at - 1) == "," and ends and at > first + 1:
        pair = other.end >= site.frame.end - 1 or later is not None
        return at - 1 if pair else None
    return None
