"""What a source's preposition reports: `laut`, `selon`, `según`, `segundo`, `so`."""

from dataclasses import replace

from extractor.attribution.article import Article, Frame, Noun, Verb
from extractor.attribution.content import Report
from extractor.attribution.languages.contents import rest_after
from extractor.attribution.languages.ends import left_boundary, right_end
from extractor.attribution.languages.grammar import Grammar, grammar_of
from extractor.attribution.languages.site import Site
from extractor.attribution.languages.subjects import (
    DASHES,
    Attribution,
    named_beside,
    noun_of,
    phrase_at,
    subject_after,
)

VERB_NEAR = 14
"""Words between `según` and the verb of `según confirmó el ministerio`."""
_BEHIND = frozenset({"zufolge"})
_AFTER_SPEECH = frozenset({"so"})


def read_source(
    article: Article, cue: Verb, frame: Frame, others: tuple[Verb, ...]
) -> tuple[Report | None, Verb | None]:
    """What a preposition reports, and the verb it has taken for that: `según dijo`."""
    grammar = grammar_of(article.language)
    verb = _verb_of(article, cue, frame, others, grammar)
    lemma = cue.cue.lemma
    if verb is None and lemma in grammar.like:
        return None, None
    subject = _source(article, cue, verb, frame)
    if subject is None and (verb is None or not grammar.null_subject):
        return None, None
    group = _group(article, cue, verb, subject)
    if lemma in _AFTER_SPEECH and not _follows_speech(article, group.first):
        return None, None
    rest = tuple(o for o in others if o not in (cue, verb))
    site = Site(
        article, verb or cue, frame, rest, group, frozenset({"clause"}), grammar
    )
    ranges, pattern = _content(site)
    if lemma in grammar.persons_only and not _is_voiced(site, ranges):
        return None, None
    if not ranges:
        return None, None
    return Report(site.verb, subject, ranges, pattern, frame), verb


def _verb_of(
    article: Article,
    cue: Verb,
    frame: Frame,
    others: tuple[Verb, ...],
    grammar: Grammar,
) -> Verb | None:
    """The verb of saying before the next comma: `wie die Polizei mitteilte`."""
    like = cue.cue.lemma in grammar.like
    if not like and (not grammar.null_subject or cue.cue.lemma in grammar.persons_only):
        return None
    end = cue.end
    while end < min(frame.end, cue.end + VERB_NEAR) and article.words[end].alpha:
        end += 1
    found = [v for v in others if v.cue.kind == "verb" and cue.end <= v.first < end]
    return found[0] if found and article.block(cue.end) < 0 else None


def _source(
    article: Article, cue: Verb, verb: Verb | None, frame: Frame
) -> Noun | None:
    """The noun phrase of whom a preposition names."""
    if cue.cue.lemma in _BEHIND:
        return _phrase_to(article, cue.first, frame)
    end = frame.end
    noun = phrase_at(article, cue.end, verb.first if verb else end)
    if verb is None:
        return noun
    if noun is None or noun.end < cue.end + 1:
        noun = subject_after(article, verb.end, end)
    return (named_beside(article, noun) or noun) if noun else None


def _phrase_to(article: Article, end: int, frame: Frame) -> Noun | None:
    """`Angaben der Polizei` before `zufolge`."""
    first = end
    while first > frame.first and article.words[first - 1].alpha:
        first -= 1
    if first == end:
        return None
    known = article.ending_at(end)
    return known if known and known.first == first else noun_of(article, first, end)


def _group(
    article: Article, cue: Verb, verb: Verb | None, subject: Noun | None
) -> Attribution:
    first = min(cue.first, subject.first if subject else cue.first)
    end = max(cue.end, verb.end if verb else 0, subject.end if subject else 0)
    if verb:
        while article.words[end].alpha and article.block(end) < 0:
            end += 1
    return Attribution(first, end, subject, True)


def _follows_speech(article: Article, first: int) -> bool:
    before = article.low(first - 1)
    return article.block(first - 1) >= 0 or before == ","


def _content(site: Site) -> tuple[tuple[tuple[int, int], ...], str]:
    """What the source says: behind it where it leads the sentence, else before it."""
    frame, group = site.frame, site.group
    lead = frame.first
    while lead < group.first and not site.quoted(lead):
        opens = site.low(lead) in site.grammar.openers
        if site.article.words[lead].alpha and not opens:
            break
        lead += 1
    if lead >= group.first:
        first = _past_apposition(site)
        end = right_end(site, first)
        return (((first, end),), "bare") if end > first + 1 else ((), "")
    end = group.first - (site.low(group.first - 1) in {",", *DASHES})
    first = left_boundary(site, end)
    if end <= first:
        return (), ""
    name = named_beside(site.article, group.subject) if group.subject else None
    stop = name.end if name else group.end
    rest = rest_after(site, stop, site.quoted(end - 1))
    if rest is None and site.low(stop) == "," and site.verb.cue.kind != "verb":
        rest = stop + 1, right_end(site, stop + 1)
        rest = None if site.low(rest[0]) in site.grammar.relatives else rest
    if rest and rest[1] > rest[0]:
        return ((first, end), rest), "mid"
    return ((first, end),), "post"


def _past_apposition(site: Site) -> int:
    """First word of the clause behind `Laut dem Gutachten, das vorliegt, ...`."""
    at, end = site.group.end, site.frame.end
    article = site.article
    if site.low(at) in site.grammar.links and site.article.language != "de":
        while at < end and article.words[at].alpha:
            at += 1
    if site.low(at) != ",":
        return at
    if not _is_aside(site, at + 1):
        return _quoted_comma(site, at) + 1
    for index in range(at + 1, end):
        if site.low(index) == "," and not site.quoted(index):
            return index + 1
    return at + 1


def _quoted_comma(site: Site, comma: int) -> int:
    """The comma before a quotation, if only an apposition stands before it."""
    for index in range(comma + 1, min(site.frame.end, comma + VERB_NEAR)):
        low = site.low(index)
        if site.quoted(index):
            return index - 1 if site.low(index - 1) == "," else comma
        if index in site.article.cue_words or low in _CLAUSE:
            return comma
    return comma


_CLAUSE = frozenset("est a ont sont era es son é são foi fue tem ha".split())


def _is_aside(site: Site, first: int) -> bool:
    """Whether a relative clause or a name stands between the source and its clause."""
    if site.quoted(first):
        return False
    subject = site.group.subject
    german = site.article.language == "de"
    if site.low(first) in site.grammar.relatives and (
        german or site.low(first) not in site.grammar.determiners
    ):
        return True
    return subject is not None and named_beside(site.article, subject) is not None


def _is_voiced(site: Site, ranges: tuple[tuple[int, int], ...]) -> bool:
    """Whether `pour Ada Holt` tells whose words these are: quoted, behind a comma."""
    if not ranges or site.group.subject is None or site.low(site.group.end) != ",":
        return False
    first = ranges[0][0]
    return first > site.group.end and any(
        site.quoted(i) for i in range(first, first + 3)
    )


def with_name(report: Report, article: Article) -> Report:
    """A report whose role is told with a name is that name's."""
    if report.subject is None:
        return report
    name = named_beside(article, report.subject)
    return replace(report, subject=name) if name else report


def by_document(article: Article, report: Report) -> Report:
    """`In dem Bericht heißt es, ...`: the report speaks."""
    verb, frame = report.verb, report.frame
    if verb is None or verb.cue.lemma != "heißen":
        return report
    content = {i for a, b in report.ranges for i in range(a, b)}
    for index in range(frame.first, frame.end - 1):
        if article.low(index) not in ("in", "im") or index in content:
            continue
        noun = phrase_at(article, index + 1, frame.end)
        if noun:
            return replace(report, subject=noun)
    return report
