"""Altered passages made of two: fused, or put together at dots."""

from __future__ import annotations

import random
import re

from evals.bench.suite.source import DOTS, Article, window
from evals.bench.suite.tables import WORDS_INSERTED


def two_slices(
    rng: random.Random, article: Article, apart: int
) -> tuple[str, str] | None:
    pool = [*article.sentences]
    if len(pool) < 4:
        return None
    for _ in range(10):
        one, two = sorted(rng.sample(pool, 2))
        if len(article.text[one[1] : two[0]].split()) < apart:
            continue
        a, b = (
            window(rng, article.text, *one, least=4),
            window(rng, article.text, *two, least=4),
        )
        parts = article.text[slice(*a)], article.text[slice(*b)]
        if not any(m in p for p in parts for m in DOTS) and all(
            article.once(p) for p in parts
        ):
            return parts
    return None


def fused(rng: random.Random, article: Article, _: Article) -> str | None:
    parts = two_slices(rng, article, 15)
    return rng.choice([" ", ", ", " and "]).join(parts) if parts else None


def fused_quotations(rng: random.Random, article: Article, _: Article) -> str | None:
    pool = article.quotations
    for _try in range(8):
        if len(pool) < 2:
            return None
        one, two = sorted(rng.sample(pool, 2))
        gap = article.text[one[1] : two[0]]
        if len(gap.split()) >= 30 and "\n" in gap:
            return f"{article.text[slice(*one)]} {article.text[slice(*two)]}"
    return None


def dots_reversed(rng: random.Random, article: Article, _: Article) -> str | None:
    parts = two_slices(rng, article, 1)
    return f"{parts[1].rstrip('.')} ... {parts[0]}" if parts else None


def dots_altered(rng: random.Random, article: Article, _: Article) -> str | None:
    parts = two_slices(rng, article, 1)
    if not parts:
        return None
    hit = rng.randrange(2)
    words = parts[hit].split()
    words[rng.randrange(len(words))] = rng.choice(WORDS_INSERTED)
    made = " ".join(words)
    if article.has(made):
        return None
    both = [made, parts[1]] if hit == 0 else [parts[0], made]
    return rng.choice([" ... ", " [...] ", "… "]).join(both)


def dots_foreign(rng: random.Random, article: Article, other: Article) -> str | None:
    own = next(article.plain(rng), None)
    foreign = next(other.plain(rng), None)
    if not own or not foreign or article.has(foreign):
        return None
    both = [own, foreign] if rng.random() < 0.5 else [foreign, own]
    return " ... ".join(both)


def dots_negation(rng: random.Random, article: Article, _: Article) -> str | None:
    for passage in article.plain(rng):
        words = passage.split()
        hits = [
            i
            for i, w in enumerate(words)
            if re.fullmatch(r"not|never|no|cannot|nothing|nobody", w.lower())
        ]
        hits = [i for i in hits if 3 <= i <= len(words) - 4]
        if hits:
            i = rng.choice(hits)
            first = i - rng.randrange(0, 2)
            last = i + 1 + rng.randrange(0, 2)
            dots = rng.choice([" ... ", " [...] ", " … "])
            return dots.join([" ".join(words[:first]), " ".join(words[last:])])
    return None
