"""Where the content of a cue begins and ends."""

from extractor.attribution.article import Article, Verb
from extractor.attribution.group import Group, ends_with_comma, group_of
from extractor.attribution.site import Site, plain_pattern
from extractor.attribution.vocabulary import (
    COMMENTS,
    FRONTING,
    FRONTING_PHRASES,
    HEARERS,
    JOINERS,
    TRAILING,
)
from extractor.segmentation.reporting import frames as verb_frames


def left_boundary(site: Site, end: int) -> int:
    """First word of the content that ends at a word."""
    first = site.frame.first
    earlier = [v for v in site.others if v.end <= end and v.first >= first]
    floor = earlier[-1].end if earlier else first
    for index in range(end - 2, floor, -1):
        if site.article.block(index) >= 0:
            continue
        low, following = site.article.low(index), site.article.low(index + 1)
        if low in (";", ":") or (low == "," and earlier and following in JOINERS):
            first = index + 1
            break
    while first < end and _is_opener(site, first):
        first += 1
    return first


def _is_opener(site: Site, index: int) -> bool:
    low = site.article.low(index)
    if low in ("but", "and", "still", "however", "yet", "while"):
        return site.article.block(index) < 0
    return not site.article.words[index].alpha and site.article.block(index) < 0


def right_end(site: Site, first: int) -> int:
    """One past the content's last word: the clause's or the sentence's end."""
    article, frame = site.article, site.frame
    end = _fronted_end(site, first) or frame.end
    for other in site.others:
        if other.first <= max(first, site.verb.end) or other.first >= end:
            continue
        cut = _cut_before(site, other, first)
        if cut is not None:
            end = cut
            break
    end = _before_comment(article, first, _semicolon(site, first, end))
    end = _fragment_end(site, first, end)
    while end > first and not article.words[end - 1].alpha:
        if article.block(end - 1) >= 0 or article.low(end - 1) in (")", "%", "]"):
            break
        end -= 1
    return end


def _semicolon(site: Site, first: int, end: int) -> int:
    """The semicolon behind which somebody else speaks."""
    article = site.article
    for index in range(first, end):
        if article.low(index) == ";" and article.block(index) < 0:
            cued = any(other.first > index for other in site.others)
            return index if cued or _is_gapped(article, index + 1) else end
    return end


def _before_comment(article: Article, first: int, end: int) -> int:
    """Where the paper begins to comment: `said A, a view not shared by Lee`."""
    for index in range(first + 1, end - 2):
        if article.low(index) in (",", "–", "—", "-") and article.block(index) < 0:
            named = {article.low(i) for i in range(index + 2, index + 5)}
            if article.low(index + 1) in ("a", "an") and named & COMMENTS:
                return index
    return end


def _is_gapped(article: Article, index: int) -> bool:
    """`Lee said A; Holt, that B`: the verb is left out the second time."""
    noun = article.starting_at(index)
    return (
        noun is not None
        and article.low(noun.end) == ","
        and article.low(noun.end + 1) == "that"
    )


def _fronted_end(site: Site, first: int) -> int | None:
    """The comma that ends a fronted clause: `After Lee said C, ...`."""
    article, frame = site.article, site.frame
    opener = article.low(frame.first)
    phrase = opener in FRONTING_PHRASES and article.low(frame.first + 1) not in (
        "that",
        "case",
    )
    saying = article.low(site.verb.end - 1).endswith("ing")
    fronted = (
        opener in FRONTING and site.group.first > frame.first and (saying or not phrase)
    )
    participle = site.verb.first <= frame.first + 1 and article.low(
        site.verb.end - 1
    ).endswith("ing")
    asked = site.verb.first == frame.first and opener == "asked"
    if not (fronted or participle or asked):
        return None
    for index in range(first, frame.end):
        if article.low(index) == "," and article.block(index) < 0:
            return index
        last = article.block(index) >= 0 and article.block(index + 1) < 0
        if last and ends_with_comma(article, index) and index + 1 < frame.end:
            return index + 1
    return None


def _fragment_end(site: Site, first: int, end: int) -> int:
    """Where words after the last quotation fragment are no longer reported."""
    article = site.article
    inside = [i for i in range(first, end) if article.block(i) >= 0]
    if not inside:
        return end
    for index in inside:
        closes = index + 1 < end and article.block(index + 1) < 0
        low = article.low(index + 1)
        if low in ("and", "but") and article.low(index + 2) == "that":
            continue  # `said A had “failed,” but that B had not`
        if (
            closes
            and ends_with_comma(article, index)
            and (low in JOINERS or low.endswith("ing"))
        ):
            return index + 1
    after = inside[-1] + 1
    if after >= end:
        return end
    low = article.low(after)
    more = article.low(after + 1) in ("and", "but") and article.low(after + 2) == "that"
    if low == "," and more:
        return end
    whole = len(inside) == after - first  # `shouted “shame” as Lee spoke`
    if low in ("–", "—", "-", ",", "(") or (whole and low in TRAILING | {"as"}):
        return after
    if low in JOINERS | TRAILING and plain_pattern(site, site.group.end) == "object":
        return after
    return end


def _is_hearing(article: Article, group: Group) -> bool:
    """`..., the court heard`: a weak verb, but it ends what was said."""
    subject = group.subject
    return subject is not None and article.low(subject.end - 1) in HEARERS


def _cut_before(site: Site, other: Verb, first: int) -> int | None:
    """Where a following attribution begins, if it is not part of the content."""
    article = site.article
    takes = verb_frames(article.language).get(other.cue.lemma, frozenset())
    group = group_of(article, other, site.frame)
    if takes and not takes - {"weak", "infinitive"} and not _is_hearing(article, group):
        return None
    at = group.first - 1
    if at <= first:
        return None
    low = article.low(at)
    quoted = article.block(at) >= 0 and ends_with_comma(article, at)
    if article.low(other.first).endswith("ing") and (low == "," or quoted):
        return at + quoted
    if low in JOINERS and article.low(at - 1) == ",":
        return None if article.low(at + 1) == "that" else at - 1
    if low in ("and", "but") and group.subject is None:
        return at
    if low == ";":
        return at
    ends = group.end >= site.frame.end - 1
    if low == "," and ends and group.subject:
        return at
    if other.cue.kind == "preposition" and ends:
        return at + 1 - (low == ",")
    return None
