"""Passages on which opinions may differ: counted, with no expectation."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from evals.bench.suite.source import NEGATION, SPEECH, Article

Generator = Callable[[random.Random, Article], str | None]


def _plain(change: Callable[[random.Random, str], str]) -> Generator:
    def make(rng: random.Random, article: Article) -> str | None:
        for passage in article.plain(rng):
            made = change(rng, passage)
            if made != passage and made not in article.text:
                return made
        return None

    return make


def _comma(rng: random.Random, passage: str) -> str:
    commas = [m.start() for m in re.finditer(r",(?= \w)", passage)]
    if commas and rng.random() < 0.5:
        at = rng.choice(commas)
        return passage[:at] + passage[at + 1 :]
    spaces = [m.start() for m in re.finditer(r"(?<=\w) (?=\w)", passage)]
    if not spaces:
        return passage
    at = rng.choice(spaces)
    return passage[:at] + "," + passage[at:]


def _stop(rng: random.Random, passage: str) -> str:
    del rng
    return re.sub(r", (\w)", lambda m: f". {m[1].upper()}", passage, count=1)


def _scare(rng: random.Random, passage: str) -> str:
    if re.search('[“”"]', passage):
        return passage
    words = [m for m in re.finditer(r"(?<= )[a-z]{5,}(?= )", passage)]
    if not words:
        return passage
    word = rng.choice(words)
    return f"{passage[: word.start()]}“{word[0]}”{passage[word.end() :]}"


def _homoglyph(rng: random.Random, passage: str) -> str:
    latin, other = rng.choice([*zip("aeocp", "аеоср", strict=True)])
    return passage.replace(latin, other, 1)


def _ransom(rng: random.Random, article: Article) -> str | None:
    for passage in article.plain(rng):
        words = passage.split()
        if len(words) >= 14 and not NEGATION.search(passage):
            picked = sorted(rng.sample(range(len(words)), 5))
            return " ... ".join(words[i].strip(',."“”') for i in picked)
    return None


def _far(rng: random.Random, article: Article) -> str | None:
    pool = article.sentences
    if len(pool) < 8:
        return None
    one, two = rng.choice(pool[: len(pool) // 3]), rng.choice(pool[-len(pool) // 3 :])
    return f"{article.text[slice(*one)]} ... {article.text[slice(*two)]}"


def _hidden(pattern: str) -> Generator:
    """Dots in place of something that changes the weight of a sentence."""
    compiled = re.compile(pattern)

    def make(rng: random.Random, article: Article) -> str | None:
        for passage in article.plain(rng):
            for hit in compiled.finditer(passage):
                ahead, rest = passage[: hit.start()], passage[hit.end() :]
                if min(len(ahead.split()), len(rest.split())) >= 3:
                    return f"{ahead.rstrip()} ... {rest.lstrip()}"
        return None

    return make


def _accused(rng: random.Random, article: Article) -> str | None:
    """Subject of one sentence, predicate of another."""
    for passage in article.plain(rng):
        words = passage.split()
        if len(words) > 12 and SPEECH.search(passage):
            return f"{' '.join(words[:2])} ... {' '.join(words[-5:])}"
    return None


def _cut_scale(rng: random.Random, article: Article) -> str | None:
    pattern = re.compile(r"\d (?=(?:hundred|thousand|million|billion|trillion))")
    for passage in article.plain(rng):
        for hit in pattern.finditer(passage):
            made = rng.choice([passage[: hit.end() - 1], passage[hit.end() :]])
            if len(made.split()) >= 4:
                return made
    return None


KINDS: dict[str, Generator] = {
    "comma inside added or dropped": _plain(_comma),
    "comma becomes a full stop": _plain(_stop),
    "statement becomes a question": _plain(lambda _, p: re.sub(r"\.$", "?", p)),
    "exclamation": _plain(lambda _, p: re.sub(r"\.$", "!", p)),
    "hyphen becomes a space": _plain(
        lambda _, p: re.sub(r"(?<=[a-z])-(?=[a-z])", " ", p)
    ),
    "dots of an abbreviation": _plain(lambda _, p: p.replace("U.S.", "US")),
    "scare quotes added": _plain(_scare),
    "letter of another script": _plain(_homoglyph),
    "first letter made small": _plain(lambda _, p: p[0].lower() + p[1:]),
    "cut between a number and its million": _cut_scale,
    "all in capitals": _plain(lambda _, p: p.upper()),
    "in title case": _plain(lambda _, p: p.title()),
    "single words joined by dots": _ransom,
    "dots over half the article": _far,
    "two words, dots, the end": _accused,
    "dots hide a hedge": _hidden(
        r"\b(?:allegedly|alleged|reportedly|may|might|could|probably|almost|nearly)\b"
    ),
    "dots hide a number's head": _hidden(r"(?<= )\d+(?= (?:million|billion|percent))"),
    "dots hide a condition": _hidden(r"\b(?:if|unless|until)\b [^,.]+[,]"),
}
