"""Articles of the alteration suite, cut into slices, with a comparison of its own.

Nothing here knows how the gate compares: `canonical` reduces a text to its words,
numbers and signs, so that a generator can prove that an altered passage is nowhere
in its article, and that a benign one is there exactly once.
"""

from __future__ import annotations

import json
import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

Slice = tuple[int, int]

APOSTROPHES = "'’‘ʼ`´′"
OPENING = '"“„«'
CLOSING = '"”»'
DOTS = ("...", "…", "[", "]", ". . .")
SPEECH = re.compile(
    r"\b(?:said|says|say|told|tells|added|adds|asked|wrote|writes|replied|explained"
    r"|stated|noted|warned|claimed|argued|insisted|declared|continued|tweeted|called"
    r"|according|announced|denied|recalled|joked|quipped|testified|concluded)\b",
    re.IGNORECASE,
)
NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|hardly"
    r"|scarcely|barely|nowhere|unlikely|den(?:y|ie[sd])|refus\w+|fail\w*|reject\w*"
    r"|lack\w*|few|little|against|stop\w*|prevent\w*|un\w+|il\w+|im\w+|in\w+able)\b"
    r"|n['’]t\b",
    re.IGNORECASE,
)
_TOKEN = re.compile(
    r"(?<![\w-])-(?=\d)|\d+(?:[.,:/]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*'?|[$€£¥%°]"
)
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’']?\s+(?=[\"“‘'A-Z])|\n+")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}(?: [A-Z][a-z]{2,})*")
_NO_NAME = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October"
    r"|November|December|\w+day)\b"
)
_QUOTATION = re.compile(r"[“\"]([^“”\"\n]{25,400})[”\"]")
_SCALE = re.compile(
    r"(?:hundred|thousand|(?:m|b|tr)illion|dozen|per ?cent|%|to\b)", re.I
)
_ODD = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\u202a-\u202e]")


def canonical(text: str, *, cased: bool = False) -> str:
    """Words, numbers and signs of a text, each between single spaces."""
    text = _ODD.sub("", unicodedata.normalize("NFC", text))
    for mark in APOSTROPHES:
        text = text.replace(mark, "'")
    text = re.sub(r"[‐-―−]", "-", text)
    tokens = _TOKEN.findall(text if cased else text.lower())
    return f" {' '.join(tokens)} "


def count(haystack: str, needle: str) -> int:
    """Occurrences of a canonical passage in a canonical text, overlaps included."""
    found, at = 0, haystack.find(needle)
    while at >= 0:
        found, at = found + 1, haystack.find(needle, at + 1)
    return found


@dataclass(frozen=True)
class Article:
    """One article with what the generators look up in it."""

    name: str
    text: str

    @cached_property
    def words(self) -> str:
        """Canonical text, letter case folded."""
        return canonical(self.text)

    @cached_property
    def cased(self) -> str:
        """Canonical text with its letter case."""
        return canonical(self.text, cased=True)

    @cached_property
    def capitals(self) -> bool:
        """Whether the article is printed in capitals."""
        letters = [c for c in self.text if c.isalpha()]
        return sum(c.isupper() for c in letters) > len(letters) / 2

    @cached_property
    def sentences(self) -> list[Slice]:
        """Sentences of 6 to 45 words, in order."""
        found, start = [], 0
        ends = [*_SENTENCE_END.finditer(self.text)]
        for stop, after in [(m.start(), m.end()) for m in ends] + [
            (len(self.text), len(self.text))
        ]:
            a, b = start, stop
            if b < len(self.text) and self.text[b] in "\"”’'":
                b += 1
            while a < b and self.text[a].isspace():
                a += 1
            if 6 <= len(self.text[a:b].split()) <= 45:
                found.append((a, b))
            start = after
        return found

    @cached_property
    def quotations(self) -> list[Slice]:
        """Insides of quotation marks, at least five words."""
        spans = [m.span(1) for m in _QUOTATION.finditer(self.text)]
        return [
            (a, b)
            for a, b in spans
            if len(self.text[a:b].split()) >= 5
            and not self.text[a].isspace()
            and not self.text[b - 1].isspace()
        ]

    @cached_property
    def names(self) -> list[str]:
        """Capitalised names inside sentences, dates left out."""
        if self.capitals:
            return []
        found = {m.group() for m in _NAME.finditer(self.text)}
        return sorted(n for n in found if not _NO_NAME.search(n))

    def slices(self, rng: random.Random) -> Iterator[Slice]:
        """Sentences, quotations and windows of words, shuffled."""
        pool = [*self.sentences, *self.quotations]
        rng.shuffle(pool)
        for a, b in pool:
            yield window(rng, self.text, a, b) if rng.random() < 0.4 else (a, b)

    def plain(self, rng: random.Random) -> Iterator[str]:
        """Wording of the slices that hold no dots and no brackets."""
        for a, b in self.slices(rng):
            if not any(mark in self.text[a:b] for mark in DOTS):
                yield self.text[a:b]

    def has(self, passage: str) -> bool:
        """Whether the words of the passage stand somewhere in the article."""
        return canonical(passage) in self.words

    def once(self, passage: str) -> bool:
        """Whether they stand there exactly once."""
        return count(self.words, canonical(passage)) == 1


def splits_number(text: str, at: int) -> bool:
    """Whether a cut here parts a number from its scale: 1.2 | million."""
    ahead, rest = text[:at].split()[-1:], text[at:].split()[:1]
    if not ahead or not rest:
        return False
    number = re.search(
        r"\d[\W]*$|^(?:one|two|three|four|five|six|ten|a|few)$", ahead[0]
    )
    return bool(number and _SCALE.match(rest[0]))


def window(rng: random.Random, text: str, a: int, b: int, least: int = 6) -> Slice:
    """A run of at least `least` whole words of text[a:b]."""
    words = [(a + m.start(), a + m.end()) for m in re.finditer(r"\S+", text[a:b])]
    if len(words) <= least:
        return a, b
    first = rng.randrange(len(words) - least + 1)
    last = rng.randrange(first + least - 1, len(words))
    found = words[first][0], words[last][1]
    return (a, b) if any(splits_number(text, cut) for cut in found) else found


def articles(root: Path) -> list[Article]:
    """Every text under ../shared that is there, and our own example."""
    shared = root.parent / "shared"
    found = [Article("harbour", (root / "examples/harbour.txt").read_text("utf-8"))]
    for path in sorted((shared / "articles").glob("*.txt")):
        found.append(Article(path.stem, path.read_bytes().decode("utf-8")))
    seen = {article.text for article in found}
    for path in sorted((shared / "data").glob("*/*.json")):
        text = json.loads(path.read_text("utf-8"))["text"]
        if text not in seen:
            seen.add(text)
            found.append(Article(f"{path.parent.name}/{path.stem}", text))
    return found
