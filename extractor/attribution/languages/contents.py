"""What a reporting verb reports in German, French, Spanish and Portuguese.

The patterns are those of `extractor.attribution.content`: `post` and `mid` for words
before the attribution, `that`, `quote`, `colon`, `bare` and `object` for words behind.
"""

from extractor.attribution.content import Report
from extractor.attribution.group import is_utterance
from extractor.attribution.languages.ends import left_boundary, right_end
from extractor.attribution.languages.infinitives import infinitive_at
from extractor.attribution.languages.site import Site
from extractor.attribution.languages.subjects import DASHES

REACH = 40
"""Words behind an attribution within which its content begins."""
NEAR = 3
SHORT = 5
"""Words that are hardly a whole clause: `El puente, explicó la alcaldesa, ...`."""
_ASKED = frozenset("?!…")
_LINKING = frozenset(("de", "d'", "que", "qu'", "von"))


def read_verb(site: Site) -> Report | None:
    """What a verb of saying reports."""
    particle = _particle(site)
    if particle is None:
        return None
    before = _before(site)
    after = None
    if before is None or not _ends_quoted(site, before):
        after = _after(site, particle)
    strong = after is not None and after[2] in ("that", "quote", "colon")
    if before and not (strong and not _ends_quoted(site, before)):
        return report(site, *_with_rest(site, before, particle))
    if after is None:
        return None
    first, end, pattern = after
    return report(site, ((first, end),), pattern) if end > first else None


def report(
    site: Site, ranges: tuple[tuple[int, int], ...], pattern: str
) -> Report | None:
    """A report, unless nobody can be its speaker."""
    quoted = any(site.quoted(i) for a, b in ranges for i in (a, b - 1))
    if site.group.subject is None and not (site.grammar.null_subject or quoted):
        return None
    return Report(site.verb, site.group.subject, ranges, pattern, site.frame)


def _particle(site: Site) -> int | None:
    """One past the particle of a separable verb, or past the attribution.

    None where the particle is missing: `fügte` alone reports nothing.
    """
    wanted = site.grammar.particles.get(site.verb.cue.lemma)
    if wanted is None or wanted in site.low(site.verb.first)[: len(wanted)]:
        return site.group.end
    for at in range(site.verb.end, min(site.frame.end, site.verb.end + REACH)):
        if site.low(at) == wanted and not site.article.words[at + 1].alpha:
            return max(at + 1, site.group.end)
        if site.quoted(at):
            return None
    return None


def _before(site: Site) -> tuple[int, int] | None:
    """Content that ends where the attribution begins."""
    start = site.group.first
    if start <= site.frame.first:
        return None
    left = site.low(start - 1)
    end = start - 1 if left == "," or left in DASHES else start
    if site.quoted(end - 1):
        loose = end == start and not is_utterance(site.article, end - 1)
        if loose and not site.group.inverted and not site.grammar.null_subject:
            return None
        first = left_boundary(site, end)
        return (first, end) if end > first else None
    if end == start and not (left in _ASKED and site.low(site.frame.first) in DASHES):
        return None
    if not (site.group.inverted or site.grammar.null_subject):
        return None
    if "clause" not in site.takes:
        return None
    first = left_boundary(site, end)
    fronted = site.low(first) in site.grammar.subordinators
    if fronted and not (_is_closed(site) and site.article.language != "de"):
        return None
    if site.group.subject is None and not _is_closed(site):
        return None
    if site.low(first) in site.grammar.that:
        first += 1
    return (first, end) if end > first else None


def _is_closed(site: Site) -> bool:
    """Whether no content follows the attribution: `C, dijo.`, `C, añade, C`."""
    low = site.low(site.group.end)
    adjunct = low in site.grammar.prepositions - site.grammar.determiners
    return low in _CLOSING or adjunct or site.quoted(site.group.end)


def _ends_quoted(site: Site, before: tuple[int, int]) -> bool:
    return site.quoted(before[1] - 1)


def _with_rest(
    site: Site, before: tuple[int, int], particle: int
) -> tuple[tuple[tuple[int, int], ...], str]:
    """Content before the attribution with what goes on behind it."""
    short = not _ends_quoted(site, before) and before[1] - before[0] <= SHORT
    rest = _predicate(site) if short else None
    end = max(site.group.end, particle)
    rest = rest or rest_after(site, end, _ends_quoted(site, before))
    return ((before, rest), "mid") if rest else ((before,), "post")


def _predicate(site: Site) -> tuple[int, int] | None:
    """`es seguro` in `El puente, explicó la alcaldesa, es seguro`."""
    first = site.group.end + 1
    outside = site.grammar.relatives | site.grammar.determiners | site.grammar.joiners
    if site.low(first - 1) != "," or site.quoted(first) or first >= site.frame.end - 1:
        return None
    word = site.article.words[first]
    if word.capital or word.low in outside or site.article.language == "de":
        return None
    return first, right_end(site, first)


def rest_after(site: Site, end: int, quoted: bool) -> tuple[int, int] | None:
    """The second half of an interrupted content, None where nothing goes on.

    Args:
        site: the verb.
        end: one past the attribution.
        quoted: whether the first half ends in quotation marks.
    """
    frame = site.frame
    at = end
    while at < frame.end and not site.quoted(at) and site.low(at) not in _BREAKS:
        at += 1
    dash = site.low(site.group.first - 1) in DASHES
    if dash and at < frame.end and site.low(at) in DASHES:
        first = at + 1
        while first < frame.end and not site.article.words[first].alpha:
            first += 1
        return (first, right_end(site, first)) if first < frame.end else None
    while at < frame.end and not site.quoted(at):
        low = site.low(at)
        if low in _BREAKS and _goes_on(site, at, quoted, near=at <= end + NEAR):
            return at + 1, right_end(site, at + 1)
        if any(v.first == at for v in site.others):
            return None
        at += 1
    if at >= frame.end:
        return None
    return at, right_end(site, at)


_BREAKS = frozenset((",", ";", ":", *DASHES))


def _goes_on(site: Site, at: int, quoted: bool, near: bool) -> bool:
    """Whether what was said goes on behind a comma, semicolon or colon."""
    first = at + 1
    if site.quoted(first) or first >= site.frame.end - 1:
        return False
    words = {site.low(i) for i in range(first, min(first + 12, site.frame.end))}
    moods = site.grammar.subjunctive | site.grammar.irrealis
    if site.low(first) in site.grammar.relatives - site.grammar.determiners:
        return False
    if not words.isdisjoint(moods):
        return True
    if quoted or not near:
        return False
    if site.low(at) == ";":
        return True
    mention = site.group.subject
    anonymous = mention is None or mention.mention.kind == "pronoun"
    return anonymous and site.low(at) == "," and site.article.language != "de"


def _after(site: Site, particle: int) -> tuple[int, int, str] | None:
    """Content that begins behind the attribution, with its pattern."""
    opened = _opening(site, particle)
    if opened is None:
        return None
    first, pattern = opened
    return first, right_end(site, first), pattern


def _opening(site: Site, at: int) -> tuple[int, str] | None:
    """First word of the content behind a verb, and how it begins."""
    start = at
    for index in range(at, min(site.frame.end, at + REACH)):
        low = site.low(index)
        if site.quoted(index):
            return _at_quotation(site, start, index)
        if low == ":":
            return _behind_colon(site, index)
        if low in site.grammar.that and _joins(site, start, index):
            return index + 1, "that"
        if index == start and "clause" in site.takes:
            infinitive = infinitive_at(site.article, index)
            if infinitive:
                return infinitive, "bare"
        if low == "," and site.article.language == "de":
            opened = _german_clause(site, index + 1)
            if opened:
                return opened
        if any(o.first == index and o.cue.kind == "verb" for o in site.others):
            return None
    return None


def _behind_colon(site: Site, colon: int) -> tuple[int, str] | None:
    if site.quoted(colon + 1):
        return colon + 1, "quote"
    later = any(o.first > colon and o.cue.kind == "verb" for o in site.others)
    return None if later else (colon + 1, "colon")


def _joins(site: Site, start: int, index: int) -> bool:
    """Whether a `que` belongs to the verb and not to a noun before it."""
    if site.low(index - 1) in ("ce", "lo", "o", "dès", "plus", "más", "mais"):
        return False
    if index == start or site.low(index - 1) == ",":
        return index - start <= 12
    if "clause" not in site.takes:
        return False
    opener = site.low(start)
    if opener in site.grammar.determiners - site.grammar.helpers:
        return False
    adjunct = site.grammar.prepositions | site.grammar.helpers | site.grammar.pronouns
    return opener in adjunct | site.grammar.weekdays or site.low(start) == ","


def _at_quotation(site: Site, start: int, index: int) -> tuple[int, str] | None:
    """A quotation behind the verb: its content, or part of what the verb takes."""
    linked = index == start or site.low(index - 1) in _LINKING
    judged = "object" in site.takes and index > start + 1
    if linked and index - start <= NEAR and not judged:
        return index, "quote"
    if any(site.low(i) in (",", ";") for i in range(start, index)):
        return None
    first = start
    adverbs = site.grammar.helpers - site.grammar.determiners
    while first < index and site.low(first) in adverbs:
        first += 1
    while (
        first < index
        and site.low(first) in site.grammar.prepositions
        and site.article.language != "es"
    ):
        first += 1
    taken = site.takes & {"object", "clause"}
    return (first, "object") if taken else None


def _german_clause(site: Site, first: int) -> tuple[int, str] | None:
    """The clause behind a comma, if it is reported and no relative clause."""
    grammar, low = site.grammar, site.low(first)
    if site.quoted(first):
        return first, "quote"
    if low in grammar.that:
        return first + 1, "that"
    end = first
    while end < site.frame.end and (site.quoted(end) or site.low(end) not in _CLOSING):
        end += 1
    words = [site.low(i) for i in range(first, end) if not site.quoted(i)]
    moods = grammar.subjunctive | grammar.irrealis
    mood = next((i for i, w in enumerate(words) if w in moods), None)
    if low in grammar.relatives:
        whole = len(words) == end - first
        main = mood is not None and (mood < len(words) - 1 or not whole)
        main |= words[-2:-1] == ["zu"]
        asked = low.startswith("w") and low not in ("welche", "welcher", "welches")
        if asked:
            return first, "that"
        return (first, "bare") if main else None
    if mood is not None:
        return first, "bare"
    if "zu" in words or any("zu" in w[2:-4] and w.endswith("en") for w in words):
        return first, "bare"
    if low in ("wenn", "als", "weil", "obwohl", "während", "nachdem", "so", "wie"):
        return None
    finite = any(w in grammar.auxiliaries or w.endswith("te") for w in words[1:5])
    pronoun = low in grammar.pronouns
    return (first, "bare") if finite or pronoun else None


_CLOSING = frozenset(",;:.!?") | DASHES
