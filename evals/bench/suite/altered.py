"""Altered and invented passages: what the gate must refuse, kind by kind.

A generator takes a random source and an article and returns a passage, or None.
`altered` keeps a passage only if its words stand nowhere in the article.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from itertools import pairwise

from evals.bench.suite import joined
from evals.bench.suite.source import (
    DOTS,
    SPEECH,
    Article,
    canonical,
)
from evals.bench.suite.tables import (
    CASED,
    INVENTED,
    MARKS_LOST,
    PATTERNS,
    TABLES,
    WORDS_DROPPED,
    WORDS_INSERTED,
)

Generator = Callable[[random.Random, Article, Article], str | None]
_WORD = re.compile(r"[^\W\d_]{2,}")


def _crop(rng: random.Random, left: str, new: str, right: str) -> str:
    """Sometimes cut the passage so that the change stands near or at an edge."""
    before, after = left.split(), right.split()
    if rng.random() < 0.5 and len(before) + len(after) > 7:
        keep = rng.randrange(0, len(before) + 1)
        if before and keep < len(before) and left[-1:].isspace():
            left = " ".join(before[len(before) - keep :]) + (" " if keep else "")
        short = max(0, 5 - keep)
        if after and right[:1].isspace() and short <= len(after):
            right = " " + " ".join(after[: rng.randrange(short, len(after) + 1)])
    return (left + new + right).strip()


def _substitute(
    rng: random.Random,
    article: Article,
    pattern: re.Pattern[str],
    new: Callable[[re.Match[str]], str],
) -> str | None:
    for passage in article.plain(rng):
        hits = [*pattern.finditer(passage)]
        if hits:
            hit = rng.choice(hits)
            word = new(hit)
            if hit.group()[:1].isupper() and word[:1].islower():
                word = word[:1].upper() + word[1:]
            if article.capitals:
                word = word.upper()
            made = _crop(rng, passage[: hit.start()], word, passage[hit.end() :])
            if not article.has(made):
                return made
    return None


def _table(table: dict[str, list[str]]) -> Generator:
    rows = {key.lower(): words for key, words in table.items()}
    keys = "|".join(re.escape(k) for k in sorted(rows, key=len, reverse=True))
    keys = keys.replace("'", "['’]")
    pattern = re.compile(rf"(?<![\w-])(?:{keys})(?![\w’'-])", re.IGNORECASE)

    def make(rng: random.Random, article: Article, _: Article) -> str | None:
        def new(hit: re.Match[str]) -> str:
            return rng.choice(rows[hit[0].replace("’", "'").lower()])

        return _substitute(rng, article, pattern, new)

    return make


def _pattern(pattern: str, change: Callable[[random.Random, str], str]) -> Generator:
    compiled = re.compile(pattern)

    def make(rng: random.Random, article: Article, _: Article) -> str | None:
        return _substitute(rng, article, compiled, lambda hit: change(rng, hit[0]))

    return make


def _names_swapped(rng: random.Random, article: Article, _: Article) -> str | None:
    names = article.names
    if len(names) < 2:
        return None
    alternatives = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    pattern = re.compile(rf"\b(?:{alternatives})\b")

    def new(hit: re.Match[str]) -> str:
        own = set(hit.group().split())
        others = [n for n in names if not own & set(n.split())]
        return rng.choice(others or ["Orlin Vask"])

    return _substitute(rng, article, pattern, new)


def _name_letter(rng: random.Random, article: Article, _: Article) -> str | None:
    def new(hit: re.Match[str]) -> str:
        at = rng.randrange(1, len(hit[0]))
        letter = rng.choice([c for c in "aeioulnrst" if c != hit[0][at]])
        return hit[0][:at] + letter + hit[0][at + 1 :]

    return _substitute(rng, article, re.compile(r"(?<=[a-z] )[A-Z][a-z]{3,}"), new)


def _inserted(rng: random.Random, article: Article, _: Article) -> str | None:
    def new(hit: re.Match[str]) -> str:
        return f"{hit[0]}{rng.choice(WORDS_INSERTED)} "

    return _substitute(rng, article, re.compile(r"(?<=\w) (?=\w)"), new)


def _bracketed(rng: random.Random, article: Article, _: Article) -> str | None:
    words = ["[not] ", "[never] ", "[allegedly] ", "[the minister] ", "(not) "]
    spot = re.compile(r"(?<=\w) (?=\w)")
    return _substitute(rng, article, spot, lambda m: m[0] + rng.choice(words))


def _head(rng: random.Random, article: Article, _: Article) -> str | None:
    for passage in article.plain(rng):
        return f"{rng.choice(INVENTED['heads'])} {passage}"
    return None


def _tail(rng: random.Random, article: Article, _: Article) -> str | None:
    for passage in article.plain(rng):
        return f"{passage.rstrip('.,!?')}{rng.choice(INVENTED['tails'])}"
    return None


def _dropped(rng: random.Random, article: Article, _: Article) -> str | None:
    for passage in article.plain(rng):
        words = passage.split()
        if len(words) < 9 or re.search(r"[\"“”«»‘]", passage):
            continue
        size = rng.randrange(1, 6)
        at = rng.randrange(3, len(words) - size - 1) if len(words) > size + 4 else 3
        if SPEECH.search(" ".join(words[at : at + size])):
            continue
        made = " ".join(words[:at] + words[at + size :])
        if not article.has(made):
            return made
    return None


def _exchanged(rng: random.Random, article: Article, _: Article) -> str | None:
    for passage in article.plain(rng):
        hits = [m for m in _WORD.finditer(passage) if len(m[0]) > 3]
        if len(hits) < 4:
            continue
        one, two = sorted(rng.sample(hits, 2), key=lambda m: m.start())
        if one[0].lower() != two[0].lower():
            return (
                passage[: one.start()]
                + two[0]
                + passage[one.end() : two.start()]
                + one[0]
                + passage[two.end() :]
            )
    return None


def _reversed(rng: random.Random, article: Article, _: Article) -> str | None:
    for passage in article.plain(rng):
        if SPEECH.search(passage) or re.search(r"[\"“”«»]", passage):
            continue
        cuts = [m for m in re.finditer(r", | and | but | because |; ", passage)]
        cuts = [
            m
            for m in cuts
            if min(len(passage[: m.start()].split()), len(passage[m.end() :].split()))
            >= 3
        ]
        if cuts:
            cut = rng.choice(cuts)
            tail = passage[cut.end() :].rstrip(".!?,")
            return f"{tail}{cut[0]}{passage[: cut.start()]}"
    return None


def _foreign(rng: random.Random, article: Article, other: Article) -> str | None:
    del article
    return next(other.plain(rng), None)


def _vocabulary(rng: random.Random, article: Article, _: Article) -> str | None:
    words = _WORD.findall(article.text)
    return " ".join(rng.choices(words, k=rng.randrange(7, 16))).capitalize() + "."


def _chain(rng: random.Random, article: Article, _: Article) -> str | None:
    words = article.text.split()
    follow: dict[str, list[str]] = {}
    for one, two in pairwise(words):
        follow.setdefault(one, []).append(two)
    made = [rng.choice(words)]
    while len(made) < 14 and made[-1] in follow:
        made.append(rng.choice(follow[made[-1]]))
    text = " ".join(made)
    plain = not any(m in text for m in DOTS) and not re.search(r"[\"“”]", text)
    return text if plain and len(made) > 7 else None


def _template(rng: random.Random, article: Article, _: Article) -> str | None:
    if len(article.names) < 2:
        return None
    one, two = rng.sample(article.names, 2)
    number = rng.randrange(2, 990)
    return rng.choice(INVENTED["templates"]).format(one=one, two=two, number=number)


def _cut(pattern: str, *, keep_head: bool = False, whole: bool = False) -> Generator:
    """A slice whose edge cuts a word or a number so that it says something else."""
    compiled = re.compile(pattern)

    def make(rng: random.Random, article: Article, _: Article) -> str | None:
        for passage in article.plain(rng):
            for hit in compiled.finditer(passage):
                made = passage[: hit.end()] if keep_head else passage[hit.end() :]
                if whole and article.text.count(made) > 1:
                    continue
                if len(made.split()) >= 4 and (whole or not article.has(made)):
                    return made
        return None

    return make


def _case(rng: random.Random, article: Article, _: Article) -> str | None:
    if article.capitals:
        return None
    keys = "|".join(CASED)
    pattern = re.compile(rf"(?<=[a-z,] )(?:{keys})(?=[ ,.])")
    for passage in article.plain(rng):
        hits = [*pattern.finditer(passage)]
        if hits:
            hit = rng.choice(hits)
            word = CASED[hit[0]][0]
            return passage[: hit.start()] + word + passage[hit.end() :]
    return None


_VERB = "(?:said|says|added|replied|told|asked|wrote|countered|argued|insisted|warned)"
_NAMED = re.compile(
    rf"\b([A-Z][a-z]+) {_VERB}\b|\b{_VERB} (?:[A-Z][a-z]+ )*([A-Z][a-z]+)"
)


def _across_speakers(rng: random.Random, article: Article, _: Article) -> str | None:
    pairs = []
    for one, two in pairwise(article.quotations):
        gap = article.text[one[1] : two[0]]
        marks = [*_NAMED.finditer(gap)]
        apart = 4 <= len(gap.split()) <= 60 and gap[-1] in '"“'
        if not apart or len(marks) < 2 or gap[-2:-1].isalnum():
            continue
        first, last = marks[0], marks[-1]
        between = gap[first.end() : last.start()]
        other = (first[1] or first[2]) != (last[1] or last[2])
        if other and re.search(r"[.;\n]", between):
            pairs.append((one, two))
    if not pairs:
        return None
    one, two = rng.choice(pairs)
    return f"{article.text[slice(*one)]} {article.text[slice(*two)]}"


KINDS: dict[str, Generator] = {
    **{kind: _table(rows) for kind, rows in TABLES.items()},
    "letter case makes another word": _case,
    **{kind: _pattern(*row) for kind, row in PATTERNS.items()},
    **{kind: _pattern(p, lambda _r, _h: "") for kind, p in WORDS_DROPPED.items()},
    **{kind: _pattern(p, change) for kind, (p, change) in MARKS_LOST.items()},
    "name of the same article": _names_swapped,
    "one letter of a name": _name_letter,
    "word inserted": _inserted,
    "bracketed word inserted": _bracketed,
    "head added": _head,
    "tail added": _tail,
    "middle dropped, no dots": _dropped,
    "two words exchanged": _exchanged,
    "clauses reversed": _reversed,
    "two passages fused": joined.fused,
    "two quotations fused": joined.fused_quotations,
    "two speakers fused": _across_speakers,
    "dots, parts reversed": joined.dots_reversed,
    "dots, one part altered": joined.dots_altered,
    "dots, one part foreign": joined.dots_foreign,
    "dots hide a negation": joined.dots_negation,
    "another article's words": _foreign,
    "random words of the article": _vocabulary,
    "chain of its word pairs": _chain,
    "invented about its names": _template,
    "cut inside a number": _cut(r"(?<![\w.,])\d[.,]?(?=\d)"),
    "number cut at the end": _cut(r"(?<![\w.,])\d+(?=[.,]?\d)", keep_head=True),
    "cut inside a word": _cut(
        r"\b(?:un|in|im|il|dis|non|ir|mis|over|under)(?=[a-z]{5,})"
    ),
    "word cut at the end": _cut(r"\b[a-z]{4,}(?=[a-z]{2,})", keep_head=True),
    "cut before n't": _cut(
        r"\b(?:was|is|did|does|has|had|could|would|should|are|were|do)(?=n['’]t)",
        keep_head=True,
    ),
    "cut after a negating prefix": _cut(
        r"\b(?:[Nn]on|[Aa]nti|[Ee]x|[Pp]ro|[Qq]uasi|[Pp]seudo)-(?=\w)", whole=True
    ),
}
# The words stand in the article, so their own comparison decides.
_CASE = "letter case makes another word"
_PREFIX = "cut after a negating prefix"


def altered(
    rng: random.Random, kind: str, article: Article, other: Article
) -> str | None:
    """A passage of this kind that the article does not hold, or None."""
    made = KINDS[kind](rng, article, other)
    if made is None or len(made.split()) < 4:
        return None
    if kind == _PREFIX:
        return made
    if kind == _CASE:
        return None if canonical(made, cased=True) in article.cased else made
    verbatim = not kind.startswith(("cut", "word cut", "number cut"))
    if article.has(made) or (verbatim and made in article.text):
        return None
    return made
