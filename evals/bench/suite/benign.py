"""Benign variants: what the gate must recover, with the exact spans, kind by kind.

The text of a case may itself be a variant of an article (soft hyphens, ligatures,
accents), with the expected spans carried over.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from evals.bench.suite import marks
from evals.bench.suite.source import (
    DOTS,
    NEGATION,
    SPEECH,
    Article,
    Slice,
    canonical,
    splits_number,
    window,
)


@dataclass(frozen=True)
class Benign:
    """A passage with the spans it stands for; `near` and `within` as the gate's."""

    text: str
    passage: str
    spans: tuple[Slice, ...]
    near: int | None = None
    within: Slice | None = None


Generator = Callable[[random.Random, Article], Benign | None]

_ELISIONS = [
    " ... ",
    "... ",
    "...",
    " … ",
    "…",
    " [...] ",
    " […] ",
    " . . . ",
    " (...) ",
]
_BRACKET = re.compile(r"[\[\](){}]")
_JOIN = re.compile(
    r"(?P<open>[“\"])(?P<one>[^“”\"\n]{12,300})[”\"]"
    r"(?P<gap>[^“”\"\n]{5,80})[“\"](?P<two>[^“”\"\n]{12,300})[”\"]"
)


def _once(rng: random.Random, article: Article) -> list[Slice]:
    return [
        (a, b)
        for a, b in article.slices(rng)
        if article.once(article.text[a:b])
        and not any(m in article.text[a:b] for m in DOTS)
    ]


def _change(change: marks.Change) -> Generator:
    """A slice whose passage is changed and still differs from the article."""

    def make(rng: random.Random, article: Article) -> Benign | None:
        for a, b in _once(rng, article):
            original = article.text[a:b]
            passage = change(rng, original)
            if passage != original:
                return Benign(article.text, passage, ((a, b),))
        return None

    return make


def _verbatim(rng: random.Random, article: Article) -> Benign | None:
    for a, b in _once(rng, article):
        return Benign(article.text, article.text[a:b], ((a, b),))
    return None


def _short(rng: random.Random, article: Article) -> Benign | None:
    words = [*re.finditer(r"(?<![\w'’.-])\w[\w-]*(?![\w'’.-])", article.text)]
    for _ in range(20):
        i = rng.randrange(len(words) - 3)
        a, b = words[i].start(), words[i + rng.randrange(3)].end()
        if article.once(article.text[a:b]) and "\n" not in article.text[a:b]:
            return Benign(article.text, article.text[a:b], ((a, b),))
    return None


def _mapped(
    article: Article, span: Slice, change: Callable[[int, str], str]
) -> tuple[str, Slice]:
    """The text with every character changed, and the span carried over."""
    starts, made = [], []
    size = 0
    for i, char in enumerate(article.text):
        starts.append(size)
        new = change(i, char)
        made.append(new)
        size += len(new)
    starts.append(size)
    return "".join(made), (starts[span[0]], starts[span[1]])


def _other_text(
    change: Callable[[random.Random], Callable[[int, str], str]],
) -> Generator:
    """The article is changed, the passage is as it was."""

    def make(rng: random.Random, article: Article) -> Benign | None:
        for a, b in _once(rng, article):
            text, span = _mapped(article, (a, b), change(rng))
            if text[span[0] : span[1]] != article.text[a:b]:
                return Benign(text, article.text[a:b], (span,))
        return None

    return make


def _invisible_text(rng: random.Random) -> Callable[[int, str], str]:
    mark = rng.choice("\u00ad\u200b\u2060\u200d")

    def change(_: int, char: str) -> str:
        return char + mark if char.isalpha() and rng.random() < 0.1 else char

    return change


def _space_text(rng: random.Random) -> Callable[[int, str], str]:
    kinds = ["\u00a0", "\u2009", "  ", "\n", "\u202f", "\r\n"]
    return lambda _, c: rng.choice(kinds) if c == " " and rng.random() < 0.4 else c


def _curly_text(rng: random.Random) -> Callable[[int, str], str]:
    del rng
    table = {"'": "’", "’": "'", '"': "”", "“": '"', "”": '"', "-": "‑", "–": "—"}
    return lambda _, c: table.get(c, c)


def _decomposed(rng: random.Random, article: Article) -> Benign | None:
    """Accents on both sides, composed on one and decomposed on the other."""
    table = str.maketrans("aeoun", rng.choice(["áéóúñ", "äèöüñ", "ãëôùń", "åęøūň"]))
    text = article.text.translate(table)
    composed = rng.random() < 0.5
    for a, b in _once(rng, article):
        if composed:
            passage = unicodedata.normalize("NFD", text[a:b])
            return Benign(text, passage, ((a, b),))
        accented = Article(article.name, text)
        made, span = _mapped(
            accented, (a, b), lambda _, c: unicodedata.normalize("NFD", c)
        )
        return Benign(made, text[a:b], (span,))
    return None


def _ligature_text(rng: random.Random, article: Article) -> Benign | None:
    for a, b in _once(rng, article):
        if "fi" in article.text[a:b] or "fl" in article.text[a:b]:
            head, mid, tail = (
                marks.ligatures(rng, t)
                for t in (article.text[:a], article.text[a:b], article.text[b:])
            )
            span = (len(head), len(head) + len(mid))
            return Benign(head + mid + tail, article.text[a:b], (span,))
    return None


def _planted(pieces: list[tuple[str, str]]) -> Generator:
    """Something stands in the article and, so or otherwise written, in the passage."""

    def make(rng: random.Random, article: Article) -> Benign | None:
        for a, b in _once(rng, article):
            spots = [
                m.start() for m in re.finditer(r"(?<=\w) (?=\w)", article.text[a:b])
            ]
            if len(spots) < 4:
                continue
            at = a + rng.choice(spots[1:-1])
            own, theirs = rng.choice(pieces)
            text = article.text[:at] + own + article.text[at:]
            passage = article.text[a:at] + theirs + article.text[at:b]
            return Benign(text, passage, ((a, b + len(own)),))
        return None

    return make


def _parts(
    rng: random.Random, article: Article, a: int, b: int, pieces: int
) -> list[Slice] | None:
    """Cut text[a:b] into pieces of four words or more, with gaps between."""
    words = [
        (a + m.start(), a + m.end()) for m in re.finditer(r"\S+", article.text[a:b])
    ]
    spare = len(words) - 4 * pieces - (pieces - 1)
    if spare < 0:
        return None
    found, at = [], 0
    for left in range(pieces, 0, -1):
        size = 4 + rng.randrange(spare // left + 1)
        spare -= size - 4
        found.append((words[at][0], words[at + size - 1][1]))
        gap = 1 + (rng.randrange(min(spare, 8) + 1) if left > 1 else 0)
        spare -= gap - 1
        at += size + gap
    for one, two in pairwise(found):
        gap_text = article.text[one[1] : two[0]]
        if NEGATION.search(gap_text) or "\n" in gap_text:
            return None
    if any(splits_number(article.text, cut) for part in found for cut in part):
        return None
    return found if all(article.once(article.text[slice(*p)]) for p in found) else None


def _elided(pieces: int, *, sentences: int = 1) -> Generator:
    def make(rng: random.Random, article: Article) -> Benign | None:
        pool = article.sentences
        for _ in range(12):
            if len(pool) < sentences:
                return None
            i = rng.randrange(len(pool) - sentences + 1)
            a, b = pool[i][0], pool[i + sentences - 1][1]
            if any(m in article.text[a:b] for m in DOTS) or "\n" in article.text[a:b]:
                continue
            found = _parts(rng, article, a, b, pieces)
            if found:
                texts = [article.text[slice(*p)] for p in found]
                passage = rng.choice(_ELISIONS).join(texts)
                return Benign(article.text, passage, tuple(found))
        return None

    return make


def _joined(rng: random.Random, article: Article) -> Benign | None:
    hits = [
        m
        for m in _JOIN.finditer(article.text)
        if len(SPEECH.findall(m["gap"])) == 1
        and len(m["gap"].split()) <= 9
        and not NEGATION.search(m["gap"])
        and not _BRACKET.search(m[0])
        and not re.search(r"\b(?:and|but|of|that|when|if|as|while)\b", m["gap"])
        and article.once(m["one"])
        and article.once(m["two"])
        and min(len(m["one"].split()), len(m["two"].split())) >= 3
        and not m["two"][0].isspace()
        and m["one"][0].isupper()
        and m["gap"].rstrip()[-1] in ".,:;"
        and "..." not in m[0]
    ]
    if not hits:
        return None
    hit = rng.choice(hits)
    one, two = hit["one"], hit["two"]
    bare = one.rstrip(",.")
    passage = rng.choice(
        [f"{one} {two}", f"{bare} {two}", f"{bare}, {two}", f"{bare}. {two}"]
    )
    if rng.random() < 0.4:
        style = rng.choice(marks.STYLES[:2])
        passage = f"{style[0]}{passage}{style[1]}"
    return Benign(article.text, passage, (hit.span("one"), hit.span("two")))


def _repeated(rng: random.Random, article: Article) -> tuple[str, list[Slice]] | None:
    text = article.text
    words = [m.span() for m in re.finditer(r"(?<!\S)\w[\w’'-]*(?!\S)", text)]
    for _ in range(60):
        i = rng.randrange(len(words) - 3)
        a, b = words[i][0], words[i + rng.choice([0, 1, 1, 2])][1]
        passage = text[a:b]
        if passage.islower() or len(passage) < 6:
            continue
        pattern = rf"(?<![\w'’-]){re.escape(passage)}(?![\w'’-])"
        spots = [m.span() for m in re.finditer(pattern, text)]
        if 2 <= len(spots) == canonical(text).count(canonical(passage)[:-1]):
            return passage, spots
    return None


def _near(rng: random.Random, article: Article) -> Benign | None:
    found = _repeated(rng, article)
    if not found:
        return None
    span = rng.choice(found[1])
    return Benign(article.text, found[0], (span,), near=span[0])


def _within(rng: random.Random, article: Article) -> Benign | None:
    found = _repeated(rng, article)
    if not found:
        return None
    i = rng.randrange(len(found[1]))
    low = found[1][i - 1][1] if i else 0
    high = found[1][i + 1][0] if i + 1 < len(found[1]) else len(article.text)
    return Benign(article.text, found[0], (found[1][i],), within=(low, high))


def _paragraphs(rng: random.Random, article: Article) -> Benign | None:
    breaks = [m.span() for m in re.finditer(r"(?<=[.”\"])\s*\n\s*(?=\S)", article.text)]
    rng.shuffle(breaks)
    for left, right in breaks:
        a = left - len(article.text[:left][-120:].split("\n")[-1])
        b = right + len(article.text[right : right + 120].split("\n")[0])
        while b < len(article.text) and not article.text[b].isspace():
            b += 1
        while a and not article.text[a - 1].isspace():
            a -= 1
        one = window(rng, article.text, a, left)
        two = window(rng, article.text, right, b)
        if any(splits_number(article.text, cut) for cut in (one[0], two[1])):
            continue
        span = (one[0], two[1])
        passage = " ".join(article.text[slice(*span)].split())
        if article.once(passage) and not any(m in passage for m in DOTS):
            return Benign(article.text, passage, (span,))
    return None


KINDS: dict[str, Generator] = {
    "verbatim": _verbatim,
    "verbatim, one to three words": _short,
    "nearest of several": _near,
    "the one inside a range": _within,
    "quotation-mark style": _change(marks.marks),
    "quotation marks, LaTeX": _change(marks.latex),
    "apostrophes": _change(marks.apostrophes),
    "hyphens": _change(marks.hyphens),
    "dashes": _change(marks.dashes),
    "dash, spaced or closed up": _change(marks.dash_spacing),
    "kinds of space": _change(marks.spaces),
    "runs of space, line ends": _change(marks.more_spaces),
    "soft hyphens": _change(marks.inside("\u00ad")),
    "zero-width marks": _change(marks.inside("\u200b\u200c\u200d\u2060\ufeff")),
    "bidi marks": _change(marks.bidi),
    "ligatures": _change(marks.ligatures),
    "outer quotation marks added": _change(marks.outer),
    "final comma or period": _change(marks.final),
    "first letter made a capital": _change(marks.first),
    "white space around": _change(marks.around),
    "dots before or after": _change(marks.dot_edges),
    "several at once": _change(marks.noise),
    "article with invisible marks": _other_text(_invisible_text),
    "article with odd spaces": _other_text(_space_text),
    "article with other marks": _other_text(_curly_text),
    "article with ligatures": _ligature_text,
    "composed and decomposed": _decomposed,
    "article's own dots": _planted([(" ...", "…"), (" …", " ..."), ("...", " . . .")]),
    "article's own brackets": _planted(
        [(" [the mayor]",) * 2, (" [sic]",) * 2, (" (not)",) * 2, (" [...]", " […]")]
    ),
    "over a paragraph's end": _paragraphs,
    "elided, one gap": _elided(2),
    "elided, two gaps": _elided(3, sentences=2),
    "elided, over sentences": _elided(2, sentences=2),
    "joined across an attribution": _joined,
}
