"""What stands between a cue and its content: addressee, time, place, `that`."""

from dataclasses import dataclass, replace

from extractor.attribution.article import Article, Frame, Verb
from extractor.attribution.group import Group, chain_start, group_of, is_passive
from extractor.attribution.vocabulary import (
    BE,
    CHAIN,
    DAYTIMES,
    DETERMINERS,
    FINITE,
    JOINERS,
    OBJECTS,
    PLACE,
    POINTING,
    STOPS,
    SUBJECTS,
    TIME,
)
from extractor.segmentation.reporting import frames as verb_frames
from extractor.segmentation.words import ends_as_adverb

WINDOW = 600
"""Words to either side of a cue that are looked at: text without any full stop must
not take quadratic time."""


@dataclass(frozen=True)
class Site:
    """A cue in its frame, with all that the reading of its content looks at."""

    article: Article
    verb: Verb
    frame: Frame
    others: tuple[Verb, ...]
    """The cues of the frame, this one among them."""
    group: Group
    takes: frozenset[str]
    """Frames of the lexicon: what the verb may take."""
    passive: bool


def site_of(
    article: Article, verb: Verb, frame: Frame, others: tuple[Verb, ...]
) -> Site:
    """Looks at a cue, in a window of its frame where that is no real sentence."""
    frame = replace(
        frame,
        first=max(frame.first, verb.first - WINDOW),
        end=min(frame.end, verb.end + WINDOW),
    )
    return Site(
        article,
        verb,
        frame,
        others,
        group_of(article, verb, frame),
        verb_frames(article.language).get(verb.cue.lemma, frozenset()),
        is_passive(article, verb, chain_start(article, verb, frame.first)),
    )


ASIDE = 14
"""Words of an aside between a cue and its `that`."""


def marker(site: Site, index: int) -> tuple[int, str] | None:
    """A `that`, colon or quotation not far after the cue, past any adjuncts."""
    if _is_judged(site, index):
        return None
    if index == site.group.end and adds_after_comma(site):
        return index + 1, "quote"
    return _past_aside(site, index) or _first_marker(site, index)


def adds_after_comma(site: Site) -> bool:
    """`“A,” he said, adding, “B.”`."""
    article, end = site.article, site.group.end
    participle = article.low(site.verb.end - 1).endswith("ing")
    return participle and article.low(end) == "," and article.block(end + 1) >= 0


def _past_aside(site: Site, index: int) -> tuple[int, str] | None:
    """The `that` in `said, on the record, that` and `said – not idly – that`."""
    article, opener = site.article, site.article.low(index)
    if opener not in (",", "–", "—") or site.verb.cue.kind != "verb":
        return None
    for at in range(index + 1, min(index + ASIDE, site.frame.end)):
        if at in article.cue_words or article.block(at) >= 0:
            return None
        if article.low(at) == opener:
            follows = article.low(at + 1) == "that"
            return (at + 2, "that") if follows else None
    return None


def _first_marker(site: Site, index: int) -> tuple[int, str] | None:
    article = site.article
    for at in range(index, min(index + 16, site.frame.end)):
        low = article.low(at)
        if at in article.cue_words:
            return None
        if article.block(at) >= 0:
            if _only_adjuncts(site, index, at):
                return at, "quote"
            return None
        if low == "that" and _only_adjuncts(site, index, at):
            subject = article.low(at + 1) in FINITE  # `said that was “a mess”`
            return (at, "bare") if subject else (at + 1, "that")
        if low == ":":
            return at + 1, "quote" if article.block(at + 1) >= 0 else "colon"
        if low in STOPS and at == site.frame.end - 1:
            return None
        if at == index and low == "," and not speech_at(site, at + 1):
            return at, ""
        if low in JOINERS or (low == "," and at - index > 12):
            return None
    return None


def _is_judged(site: Site, index: int) -> bool:
    """Whether `that` is the object: `called that “a mess”`, `rejects that as talk`."""
    article = site.article
    alone = article.block(index + 1) >= 0 or article.low(index + 1) in ("as", "a", "an")
    alone |= site.verb.cue.lemma == "call"  # `calls that unfair`
    judging = "object" in site.takes and not site.takes & {"clause", "that"}
    return article.low(index) in POINTING and alone and judging


def _only_adjuncts(site: Site, first: int, end: int) -> bool:
    """Whether nothing but addressee, time and place stands in a range."""
    if first == end:
        return True
    if site.verb.cue.kind == "noun":
        return end - first <= 2
    low = site.article.low(first)
    if low == "to" and takes_infinitive(site, first):
        return False  # `promised to keep it "open"`
    if low in PLACE | TIME | {"of"} or low in CHAIN or ends_as_adverb(low):
        return True
    noun = site.article.starting_at(first)
    if "addressee" in site.takes:
        past = noun.end if noun else first + 1
        return past >= end or _only_adjuncts_after(site, past, end)
    return end - first == 1 and low in ("only", ",")


def _only_adjuncts_after(site: Site, first: int, end: int) -> bool:
    low = site.article.low(first)
    words = site.article.words[first:end]
    if any(w.low in FINITE and not w.capital for w in words):
        return False  # `told clients the firm had "run out"`
    if low == "to" and "urging" in site.takes:
        return False
    known = low in PLACE | TIME | {"of", ","} or ends_as_adverb(low)
    return known or (end - first <= 4 and low not in ("if", "whether", "why", "how"))


def skip_adjuncts(site: Site, index: int) -> int:
    """Past `reporters`, `on Monday`, `in an interview` after the cue."""
    article = site.article
    if "addressee" in site.takes and site.verb.cue.lemma not in ("ask", "promise"):
        noun = article.starting_at(index)
        if noun:
            index = noun.end
        elif article.low(index) in OBJECTS or _is_hearer(article, index):
            index += 1
        else:
            index = _to_subject(site, index)
    for _ in range(4):
        skipped = _skip_one(site, index)
        if skipped == index:
            break
        index = skipped
    return index


def _is_hearer(article: Article, index: int) -> bool:
    """`told jurors the fish had gone`: a plural before a noun phrase of its own."""
    low = article.low(index)
    return low.endswith("s") and article.low(index + 1) in DETERMINERS


def _to_subject(site: Site, index: int) -> int:
    """Past an addressee that is no known mention, up to a pronoun subject."""
    for at in range(index, min(index + 10, site.frame.end)):
        if site.article.low(at) in SUBJECTS:
            return at
    return index


def _skip_one(site: Site, index: int) -> int:
    article = site.article
    low, following = article.low(index), article.low(index + 1)
    if low in TIME and article.words[index].capital:
        return index + 1
    if low in DAYTIMES and article.low(index - 1) in TIME:
        return index + 1
    if low in ("late", "early") and following == "on":
        return index + 1
    if low in ("this", "last", "earlier", "late", "early") and following in TIME:
        return index + 2
    if low in ("on", "in", "last", "since") and following in TIME:
        return index + 2
    if low in ("in", "at", "during", "on") and "object" not in site.takes:
        noun = article.starting_at(index + 1)
        if noun and noun.mention.kind != "pronoun":
            return noun.end
        if following in ("a", "an", "the"):
            return index + 3
    if low in CHAIN and low not in BE | {"to", "both", "all"}:
        return index + 1
    return index


def speech_at(site: Site, index: int) -> bool:
    """Whether a quotation begins at a word like a sentence of its own."""
    block = site.article.block(index)
    if block < 0 or site.article.block(site.group.first - 2) >= 0:
        return False
    start = site.article.blocks[block].inner_start
    return site.article.text[start : start + 1].isupper()


def plain_pattern(site: Site, index: int) -> str:
    """What begins at a word where nothing marks it; empty where the verb needs it."""
    if "clause" in site.takes or "weak" in site.takes:
        return "bare"
    if "addressee" in site.takes and index > site.group.end:
        return "bare"
    return "object" if site.takes & {"object", "urging"} else ""


def takes_infinitive(site: Site, index: int) -> bool:
    """Whether `to` at a word begins what is promised or asked."""
    dated = _skip_one(site, site.group.end) == index  # `agreed in May to pay`
    if index == site.group.end or dated:
        return "infinitive" in site.takes
    return "urging" in site.takes


def comma_outside(site: Site) -> bool:
    """Whether a comma after the closing mark stands before the attribution."""
    at = site.group.first - 1
    return site.article.low(at) == "," and site.article.block(at - 1) >= 0
