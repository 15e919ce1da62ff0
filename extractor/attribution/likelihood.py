"""How surely a passage is reported speech: a logistic model over a few features."""

import math
import re

from extractor.attribution.article import Article
from extractor.attribution.content import Report
from extractor.attribution.speakers import family
from extractor.attribution.weights import PASSAGE
from extractor.schema import QuoteKind
from extractor.segmentation.reporting import frames as verb_frames

_TITLE_LEADS = frozenset(
    "so-called dubbed titled entitled called named nicknamed known labeled labelled "
    "aka film movie book song novel show series album word term phrase words terms the "
    "a an".split()
)
_FINITE = frozenset(
    "is are was were am be been has have had do does did will would can could may "
    "might must shall should 's 're 'm 'll 've 'd isn't aren't wasn't weren't don't "
    "doesn't didn't won't can't".split()
)
_SUBJECTS = frozenset("i we you he she it they that there this these those".split())
_WORD = re.compile(r"\w+")
_CORE = frozenset("say tell add write".split()) | {"according to"}


def features(article: Article, report: Report, kind: QuoteKind) -> list[str]:
    """Names of the binary features that hold for a passage."""
    indices = [i for first, end in report.ranges for i in range(first, end)]
    words = [article.words[i] for i in indices if article.words[i].alpha]
    names = [kind, f"pattern-{report.pattern}", f"family-{family(report)}"]
    names.append(
        f"length-{next((b for b in (1, 2, 3, 5, 8, 15) if len(words) <= b), 16)}"
    )
    if any(w.low in _FINITE for w in words):
        names.append("finite")
    if any(w.low in _SUBJECTS for w in words[:3]):
        names.append("subject-pronoun")
    if len(words) > 1 and all(w.capital for w in words if len(w.low) > 3):
        names.append("capitals")
    edges = _edge_features(article, report)
    names += _cue_features(article, report) + edges
    core = "core" if "core" in names else "other"
    names += [f"{report.pattern}+{core}+{edge}" for edge in edges]
    return ["any", *(f"{kind}:{name}" for name in names), *names]


def _cue_features(article: Article, report: Report) -> list[str]:
    verb = report.verb
    if verb is None:
        return ["no-cue"]
    # The weights are fitted on English: a verb of another language counts as `say`.
    lemma = verb.cue.lemma if article.language == "en" else "say"
    names = [f"lemma-{lemma}"]
    if lemma in _CORE:
        names.append("core")
    takes = verb_frames("en").get(lemma, frozenset())
    names += [f"takes-{frame}" for frame in sorted(takes)]
    if article.low(verb.end - 1).endswith("ing"):
        names.append("ing")
    if report.passive:
        names.append("passive")
    if report.subject is None:
        names.append("no-subject")
    else:
        names.append(f"subject-{report.subject.mention.kind}")
        low = article.low(report.subject.first)
        if low in ("i", "you", "we", "it"):
            names.append(f"subject-is-{low}")
    before = article.low(verb.first - 1)
    if before in (
        "to",
        "not",
        "n't",
        "would",
        "will",
        "could",
        "may",
        "might",
        "should",
        "can",
        "don't",
        "didn't",
        "if",
    ):
        names.append(f"after-{before}")
    return names


def _edge_features(article: Article, report: Report) -> list[str]:
    first = report.ranges[0][0]
    names = []
    lead = article.low(first - 1)
    if report.lone and article.block(first) < 0:
        names.append("title")
    inner = report.lone or article.block_of(first)
    if inner:
        text = article.text[inner.inner_start : inner.inner_end].rstrip()
        names.append(
            "ends-comma"
            if text.endswith(",")
            else "ends-stop"
            if text.endswith((".", "?", "!", "…"))
            else "ends-open"
        )
        if lead in _TITLE_LEADS:
            names.append("title-lead")
        if lead in (",", ":"):
            names.append(f"lead{lead}")
        if first == report.frame.first and report.ranges[-1][1] >= report.frame.end - 1:
            names.append("whole-frame")
        if text[:1].islower():
            names.append("small")
    if report.frame.boilerplate:
        names.append("boilerplate")
    return names


def likelihood(names: list[str]) -> float:
    """Probability that the passage is reported speech, by its features."""
    value = sum(PASSAGE.get(name, 0.0) for name in names)
    return round(1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, value)))), 4)
