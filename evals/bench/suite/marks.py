"""Changes of marks, spaces and letter forms that leave a passage what it was."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from evals.bench.suite.source import APOSTROPHES

Change = Callable[[random.Random, str], str]

STYLES = ["“”", '""', "„“", "«»", "‟”", "＂＂", "「」", "〝〞", "‘’", "''", "‹›", "❝❞"]
_SPACES = "\u00a0\u2009\u202f\u2003\u3000\u2002\t\n\u2007\u200a"
_LIGATURES = {"ffi": "ﬃ", "ffl": "ﬄ", "fi": "ﬁ", "fl": "ﬂ", "ff": "ﬀ"}


def marks(rng: random.Random, passage: str) -> str:
    """Another style of quotation marks, alternately opening and closing."""
    style = rng.choice(STYLES)
    pieces = re.split('[“”"]', passage)
    if len(pieces) % 2 == 0:
        return passage
    made = pieces[0]
    for i, piece in enumerate(pieces[1:]):
        made += style[i % 2] + piece
    return made


def latex(_: random.Random, passage: str) -> str:
    pieces = re.split('[“”"]', passage)
    if len(pieces) % 2 == 0:
        return passage
    made = pieces[0]
    for i, piece in enumerate(pieces[1:]):
        made += ("``", "''")[i % 2] + piece
    return made


def apostrophes(rng: random.Random, passage: str) -> str:
    mark = rng.choice("'’ʼ＇")
    return re.sub(rf"(?<=\w)[{APOSTROPHES}](?=\w)", mark, passage)


def hyphens(rng: random.Random, passage: str) -> str:
    return re.sub(r"(?<=\w)[-–—](?=\w)", rng.choice("-‐‑–－"), passage)


def dashes(rng: random.Random, passage: str) -> str:
    new = rng.choice(["–", "—", "―", "-", "--", "‒"])
    return re.sub(r"(?<= )(?:[-–—]|--)(?= )|--|—", new, passage)


def dash_spacing(rng: random.Random, passage: str) -> str:
    del rng
    closed = re.sub(r" (?:–|—|--) ", "—", passage)
    if closed != passage:
        return closed
    return re.sub(r"(?<=\w)(?:—|--)(?=\w)", " – ", passage)


def spaces(rng: random.Random, passage: str) -> str:
    kind = rng.choice(_SPACES)
    return re.sub(" ", lambda m: kind if rng.random() < 0.4 else m[0], passage)


def more_spaces(rng: random.Random, passage: str) -> str:
    run = rng.choice(["  ", "   ", " \n", "\n\n", "\r\n", " \u00a0", "\n    "])
    return re.sub(" ", lambda m: run if rng.random() < 0.3 else m[0], passage)


def inside(marks: str, share: float = 0.1) -> Change:
    """Put invisible marks between letters."""

    def change(rng: random.Random, passage: str) -> str:
        return re.sub(
            r"(?<=[^\W\d_])(?=[^\W\d_])",
            lambda _: rng.choice(marks) if rng.random() < share else "",
            passage,
        )

    return change


def bidi(rng: random.Random, passage: str) -> str:
    mark = rng.choice(
        ["\u200e{}", "\u200f{}\u200e", "\u202a{}\u202c", "\u2066{}\u2069"]
    )
    words = passage.split(" ")
    i = rng.randrange(len(words))
    words[i] = mark.format(words[i])
    return " ".join(words)


def ligatures(_: random.Random, passage: str) -> str:
    for letters, one in _LIGATURES.items():
        passage = passage.replace(letters, one)
    return passage


def outer(rng: random.Random, passage: str) -> str:
    if re.search('[“”"«»„]', passage):
        return passage
    style = rng.choice(STYLES)
    return style[0] + passage + style[1]


def final(rng: random.Random, passage: str) -> str:
    bare = passage.rstrip(".,;")
    if re.search(r"(?:\b\w|[^\w])$", bare):
        return passage
    return bare + rng.choice([c for c in (".", ",", "") if bare + c != passage])


def first(_: random.Random, passage: str) -> str:
    return passage[0].upper() + passage[1:]


def around(rng: random.Random, passage: str) -> str:
    return rng.choice(["\n{}\n", "  {}", "{} \t", "\u00a0{}\u200b", "\ufeff{}"]).format(
        passage
    )


def noise(rng: random.Random, passage: str) -> str:
    steps: list[Change] = [
        marks, apostrophes, hyphens, spaces, more_spaces, ligatures, first,
        inside("\u00ad\u200b"), final, around,
    ]  # fmt: skip
    for step in rng.sample(steps, 4):
        passage = step(rng, passage)
    return passage


def dot_edges(rng: random.Random, passage: str) -> str:
    return rng.choice(
        ["... {}", "…{}", "{} ...", "{}…", "[...] {}", "... {} …"]
    ).format(passage.rstrip(".,"))
