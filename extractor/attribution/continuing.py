"""What goes on behind an attribution: `A, he said, and B`; `“A,” he said. “B.”`."""

from extractor.attribution.article import Verb
from extractor.attribution.ends import right_end
from extractor.attribution.site import Site
from extractor.attribution.vocabulary import FINITE, JOINERS, PAST


def skip_to_quote(site: Site, index: int) -> int:
    """The next word in quotation marks, else the end of the frame."""
    while index < site.frame.end and site.article.block(index) < 0:
        index += 1
    return index


def rest_of(site: Site, index: int, before: tuple[int, int]) -> tuple[int, int] | None:
    """The second half of an interrupted content."""
    article = site.article
    quoted = article.block(before[1] - 1) >= 0
    at = index
    if clause_goes_on(site, index):
        return index, right_end(site, index)
    if quoted:
        at = skip_to_quote(site, index)
        if at >= site.frame.end:
            return None
        between = [v for v in site.others if site.verb.end <= v.first < at]
        if between:
            return None
        return at, right_end(site, at)
    if site.group.inverted or site.verb.cue.kind == "preposition":
        return None
    if article.low(index) in JOINERS | {"who", "which", "adding", "citing"}:
        return None
    following = [v for v in site.others if v.first == index]
    if following:
        return None
    end = right_end(site, index)
    return (index, end) if end - index >= 2 else None


def clause_goes_on(site: Site, index: int) -> bool:
    """`A, he said, and had done so for years`: the predicate goes on, no new clause."""
    article = site.article
    low, following = article.low(index), article.low(index + 1)
    if article.low(index - 1) != ",":
        return False
    if low in ("and", "but"):
        verbs = FINITE | PAST | {"not", "never", "come", "gone", "been", "done"}
        return following in verbs or _is_unmarked(site, index)
    return low == "because"


def _is_unmarked(site: Site, index: int) -> bool:
    """`C, he said, and C`: a clause without marks or a reporting word of its own."""
    article, frame = site.article, site.frame
    rest = range(index + 1, frame.end)
    return (
        site.verb.cue.kind == "verb"
        and article.block(site.group.first - 2) < 0
        and not any(article.block(i) >= 0 for i in rest)
        and not any(_reports(site, other) for other in site.others)
        and any(_is_finite(article.low(i)) for i in rest)
    )


def _is_finite(low: str) -> bool:
    return low in FINITE | PAST or low.endswith("ed")


def _reports(site: Site, other: Verb) -> bool:
    """Whether a later cue is a verb, not the subject: `and volunteers should come`."""
    is_noun = site.article.low(other.end) in FINITE | {"should", "must", "can"}
    return other.first > site.verb.first and not is_noun
