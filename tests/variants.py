"""Passages that say what the article says, set in type another way.

Each function changes a slice of an article harmlessly, or leaves words out openly, and
gives the new wording with the places that it must be found at; None where the slice
gives no occasion. The kinds were fixed before the aligner they measure was written.
"""

import random
import re
import unicodedata
from collections.abc import Callable, Sequence

from pieces import CLOSE, EDGE, NEGATIONS, OPEN, SCALE, Piece

Benign = Callable[
    [random.Random, Piece], tuple[str, tuple[tuple[int, int], ...]] | None
]


Placed = tuple[str, tuple[tuple[int, int], ...]]


def _all(piece: Piece, new: str) -> Placed | None:
    """The whole slice, written as `new`; None where nothing changed."""
    return (new, ((piece.start, piece.end),)) if new != piece.text else None


def verbatim(rng: random.Random, piece: Piece) -> Placed:
    return piece.text, ((piece.start, piece.end),)


def straight_quotes(rng: random.Random, piece: Piece) -> Placed | None:
    marks = str.maketrans("“”„«»‘’´", '"""""\'\'\'')
    return _all(piece, piece.text.translate(marks))


def curly_quotes(rng: random.Random, piece: Piece) -> Placed | None:
    new = re.sub(r"(?<!\S)\"(?=\S)", OPEN, piece.text)
    return _all(piece, new.replace('"', CLOSE).replace("'", "’"))


def foreign_quotes(rng: random.Random, piece: Piece) -> Placed | None:
    left, right = tuple(rng.choice(["«»", "„“", "「」", "‟”", "＂＂", "❝❞"]))
    new = re.sub(r"[\"“](?=\w)", left, piece.text)
    return _all(piece, re.sub(r"(?<=[\w.,!?])[\"”]", right, new))


def doubled_marks(rng: random.Random, piece: Piece) -> Placed | None:
    """Quotation marks as typewriters and TeX set them."""
    new = re.sub(r"[\"“](?=\w)", "``", piece.text)
    return _all(piece, re.sub(r"(?<=[\w.,!?])[\"”]", "''", new))


def apostrophes(rng: random.Random, piece: Piece) -> Placed | None:
    other = rng.choice("'’ʼ´‛＇")
    return _all(piece, re.sub(r"(?<=\w)['’](?=\w)", other, piece.text))


def dashes(rng: random.Random, piece: Piece) -> Placed | None:
    other = rng.choice(["--", "–", "—", "―", "-", "−"])
    # A dash right before a number may be its sign.
    return _all(piece, re.sub(r"(?:[—–―]|--)(?!\d)", other, piece.text))


def spaced_dashes(rng: random.Random, piece: Piece) -> Placed | None:
    other = rng.choice([" -- ", " – ", " — ", "—", " - "])
    return _all(piece, re.sub(r"(?<=[a-z])\s?—\s?(?=[a-z])", other, piece.text))


def hyphens(rng: random.Random, piece: Piece) -> Placed | None:
    return _all(piece, re.sub(r"(?<=\w)-(?=\w)", rng.choice("‐‑–"), piece.text))


def spaces(rng: random.Random, piece: Piece) -> Placed | None:
    kinds = [" ", "  ", "\u00a0", "\u2009", "\n", "\t", "\u3000"]
    return _all(piece, re.sub(r"\s+", lambda m: rng.choice(kinds), piece.text))


def _sprinkle(rng: random.Random, text: str, marks: Sequence[str]) -> str:
    """The text with a few of `marks` inside its words."""
    spots = [m.start() for m in re.finditer(r"(?<=[^\W\d_])[^\W\d_]", text)]
    for at in sorted(rng.sample(spots, min(4, len(spots))), reverse=True):
        text = text[:at] + rng.choice(marks) + text[at:]
    return text


def soft_hyphens(rng: random.Random, piece: Piece) -> Placed | None:
    return _all(piece, _sprinkle(rng, piece.text, ["\u00ad"]))


def invisibles(rng: random.Random, piece: Piece) -> Placed | None:
    marks = ["\u200b", "\ufeff", "\u2060", "\u200e", "\u200f"]
    new = _sprinkle(rng, piece.text, marks)
    return _all(piece, rng.choice([new, f"\u202a{new}\u202c", f"\u2066{new}\u2069"]))


def ligatures(rng: random.Random, piece: Piece) -> Placed | None:
    new = piece.text.replace("ffi", "ﬃ").replace("fi", "ﬁ").replace("fl", "ﬂ")
    return _all(piece, new)


def decomposed(rng: random.Random, piece: Piece) -> Placed | None:
    return _all(piece, unicodedata.normalize("NFD", piece.text))


def composed(rng: random.Random, piece: Piece) -> Placed | None:
    return _all(piece, unicodedata.normalize("NFC", piece.text))


def full_width(rng: random.Random, piece: Piece) -> Placed | None:
    wide = {code: code + 0xFEE0 for code in range(0x30, 0x3A)}
    wide |= {code: code + 0xFEE0 for code in range(0x41, 0x5B)}
    return _all(piece, piece.text.translate(wide))


def dots(rng: random.Random, piece: Piece) -> Placed | None:
    """The article's own dots, set the other way."""
    new = piece.text.replace("…", "\0").replace("...", "…").replace("\0", "...")
    return _all(piece, new)


def outer_marks(rng: random.Random, piece: Piece) -> Placed | None:
    whole = piece.whole
    around = whole[max(0, piece.start - 2) : piece.start]
    around += whole[piece.end : piece.end + 2]
    if re.search(r"[\"“”„«»'‘’`]", around):
        return None
    left, right = tuple(rng.choice(["“”", '""', "''", "‘’", "«»", "„“"]))
    return _all(piece, left + piece.text + right)


def final_stop(rng: random.Random, piece: Piece) -> Placed | None:
    if piece.whole[piece.end : piece.end + 1] not in (" ", ",", ";", ":"):
        return None
    same = "," if piece.whole[piece.end : piece.end + 1] == "," else "."
    return _all(piece, piece.text + ("." if same == "," else rng.choice(".,")))


def capital(rng: random.Random, piece: Piece) -> Placed | None:
    if not re.search(r"[a-z,] $", piece.whole[: piece.start][-2:]):
        return None
    if not re.match(r"[a-z]{2,} ", piece.text):
        return None
    return _all(piece, piece.text[0].upper() + piece.text[1:])


def elided(rng: random.Random, piece: Piece) -> Placed | None:
    tokens = piece.tokens()
    if len(tokens) < 10:
        return None
    first = rng.randint(3, len(tokens) - 6)
    last = rng.randint(first + 1, min(first + 8, len(tokens) - 3))
    left = piece.text[: tokens[first - 1].end()].rstrip(EDGE + "—–-")
    gap = piece.text[len(left) : tokens[last].start()]
    right = piece.text[len(left) + len(gap) :]
    skipped = len(right) - len(right.lstrip(EDGE))
    right = right[skipped:]
    start = piece.end - len(right)
    if gap.lstrip().startswith(SCALE):
        return None
    known = NEGATIONS.search(gap) or "..." in piece.text or "…" in piece.text
    if known or not (left[-1:].isalnum() and right[:1].isalnum()):
        return None
    if len(left.split()) < 2 or len(right.split()) < 2:
        return None
    signs = [" ... ", "... ", " … ", "… ", " [...] ", " […] ", " . . . ", "…"]
    spans = ((piece.start, piece.start + len(left)), (start, piece.end))
    return left + rng.choice(signs) + right, spans


def across_attribution(rng: random.Random, piece: Piece) -> Placed | None:
    """A quotation interrupted by its attribution, given in one piece."""
    mark = '[“"”]'
    pattern = (
        rf"(?:^|(?<=[\s(])){mark}([A-Z][^“”\"\n]{{15,300}}?)([,.?!]){mark}"
        rf" ([^“”\"\n]{{5,60}}?)([,.]) {mark}(\w[^“”\"\n]{{15,300}}?)([.,?!]){mark}"
    )
    found = [
        m
        for m in re.finditer(pattern, piece.whole)
        if re.search(r"\b(?:said|says|added|told|asked|explained|wrote)\b", m[3])
        and not NEGATIONS.search(m[3])
        # "A," said X. "B," said Y: the second may be somebody else's.
        and (m[4], m[6]) != (".", ",")
    ]
    if not found:
        return None
    m = rng.choice(found)
    whole = piece.whole
    if whole.count(m[1]) > 1 or whole.count(m[5]) > 1:
        return None
    keep = m[2] in "?!" or rng.random() < 0.6
    first = m[1] + (m[2] if keep else "")
    spans = ((m.start(1), m.end(1) + keep), m.span(5))
    glue = rng.choice([" ", " ", '" "', "” “"]) if keep else " "
    return first + glue + m[5], spans


def several(rng: random.Random, piece: Piece) -> Placed | None:
    """Quotation marks, dashes, spaces and invisible marks at once."""
    text = piece.text
    for change in (straight_quotes, dashes, spaces, invisibles, decomposed):
        placed = change(rng, Piece(0, 0, text, text))
        text = placed[0] if placed else text
    return _all(piece, text)


BENIGN: tuple[Benign, ...] = (
    verbatim, straight_quotes, curly_quotes, foreign_quotes, doubled_marks,
    apostrophes, dashes, spaced_dashes, hyphens, spaces, soft_hyphens, invisibles,
    ligatures, decomposed, composed, full_width, dots, outer_marks, final_stop,
    capital, elided, across_attribution, several,
)  # fmt: skip
