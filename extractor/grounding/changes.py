"""What differs between a passage and the article's words beside it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

ChangeKind = Literal[
    "number", "negation", "name", "added head", "added tail", "dropped middle", "other"
]

Pair = tuple[bool, str, str]
"""Whether both say the same, the article's words, the passage's."""

CONTEXT = 4
"""Unchanged words shown on either side of a change."""
TOKEN = re.compile(
    r"\d+(?:[.,:]\d+)*|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff"
    r"\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]|[^\W\d_]+(?:'[^\W\d_]+)*|[^\s]"
)
_NEGATIVE = re.compile(
    r"(?:not?|never|none|nobody|nothing|neither|nor|without|cannot|hardly|nicht|"
    r"kein\w*|nie|pas|jamais|nunca)$|.*n't$",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r".*\d.*$|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"\w+teen|\w+ty|hundred|thousand|million|billion|trillion|half|dozen)s?$|[%$€£]$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between the article and a passage.

    Attributes:
        kind: what was changed.
        article: the article's words, empty where the passage added some.
        passage: the passage's words, empty where it dropped some.
    """

    kind: ChangeKind
    article: str
    passage: str


def trimmed(theirs: str, mine: str) -> list[Pair]:
    """A difference without the words that both begin or end with."""
    one, other = theirs.split(" "), mine.split(" ")
    if not theirs or not mine:
        return [(False, theirs, mine)]
    pairs = list(zip(one, other, strict=False))
    head = next((k for k, (a, b) in enumerate(pairs) if a != b), len(pairs))
    ends = list(zip(one[head:][::-1], other[head:][::-1], strict=False))
    tail = next((k for k, (a, b) in enumerate(ends) if a != b), len(ends))
    return [
        (True, " ".join(one[:head]), ""),
        (
            False,
            " ".join(one[head : len(one) - tail]),
            " ".join(other[head : len(other) - tail]),
        ),
        (True, " ".join(one[len(one) - tail :]), ""),
    ]


def spacing(theirs: str, mine: str) -> list[Pair]:
    """The words around the spaces in which alone two strings differ."""
    head = _shared_start(theirs, mine)
    tail = _shared_start(theirs[head:][::-1], mine[head:][::-1])
    first = theirs.rfind(" ", 0, head) + 1
    last = theirs.find(" ", len(theirs) - tail)
    rest = len(theirs) - last if last >= 0 else 0
    parts = [
        (True, theirs[:first].rstrip(), ""),
        (False, theirs[first : len(theirs) - rest], mine[first : len(mine) - rest]),
        (True, theirs[len(theirs) - rest :].lstrip(), ""),
    ]
    return [part for part in parts if part[1] or part[2]]


def _shared_start(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))


def _kind(article: str, passage: str, number: int, size: int) -> ChangeKind:
    """What a replacement, addition or omission changed."""
    theirs, ours = set(TOKEN.findall(article)), set(TOKEN.findall(passage))
    negated = any(_NEGATIVE.match(word) for word in theirs ^ ours)
    if not article and number in (0, size - 1) and (len(ours) >= 3 or not negated):
        return "added head" if number == 0 else "added tail"
    if negated:
        return "negation"
    if not passage and len(theirs) >= 2:
        return "dropped middle"
    if any(_NUMBER.match(word) for word in theirs ^ ours):
        return "number"
    if any(word[0].isupper() for word in theirs ^ ours):
        return "name"
    return "dropped middle" if not passage and article[0].isalnum() else "other"


def show(pairs: Sequence[Pair]) -> str:
    """The differences with a few words around them."""
    shown: list[str] = []
    for equal, article, passage in pairs:
        words = article.split(" ")
        if equal:
            long = len(words) > 2 * CONTEXT + 2
            around = [*words[:CONTEXT], "…", *words[-CONTEXT:]] if long else words
            shown.append(" ".join(around))
            continue
        if article:
            shown.append(f"[-{article}-]")
        if passage:
            shown.append(f"{{+{passage}+}}")
    return " ".join(shown)


def changes(pairs: Sequence[Pair]) -> tuple[Change, ...]:
    """The differences among pairs, with what each changed."""
    return tuple(
        Change(_kind(theirs, mine, number, len(pairs)), theirs, mine)
        for number, (equal, theirs, mine) in enumerate(pairs)
        if not equal
    )
