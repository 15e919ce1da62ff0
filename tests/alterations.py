"""Altered, invented and harmlessly changed passages of given articles.

A seeded generator for benchmarks of grounding. From each text it takes word-bounded
slices and changes them: `ALTERED` kinds change what is said, so nothing may be
accepted for them; `BENIGN` kinds change only how it is set in type, or leave words
out openly, so exactly `Case.spans` must come back. The kinds were fixed before the
aligner they measure was written, and know nothing of it.

Guards keep cases honest: a changed passage whose letters and digits still occur in
the article is no alteration and is not emitted, and a benign slice must be unique.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pieces import CLOSE, OPEN, Piece, pieces, squash
from variants import BENIGN, Benign, Placed

AUXILIARY = re.compile(
    r"\b(was|were|is|are|has|have|had|will|would|could|should|did|does|can|may)\b"
)
# Words dropped beside the article's own dots are left out openly.
_DOTS = re.compile(r"…|\.\s?\.")
COUNTS = "two three four five six seven eight nine ten eleven twelve twenty".split()
HEADS = (
    "Officials confirmed on Monday that",
    "After weeks of denial,",
    "Contrary to earlier reports,",
    "In a stunning reversal,",
    "It is a lie that",
)
TAILS = (
    "and will resign before the end of the year",
    "according to three people who asked not to be named",
    "which nobody had expected",
    "because the money had run out",
    "unless parliament objects",
)
INVENTED = (
    "The harbour authority of Velmora lost {} crates of saffron in the flood.",
    "Captain Oddny Kestrel told the inquiry that {} lamps had been left burning.",
    "We never promised {} new bridges, and the ledger will show it.",
    "More than {} beekeepers marched on the treasury in Port Quillan.",
    "The glacier observatory closed its doors {} days after the audit.",
)


@dataclass(frozen=True, slots=True)
class Case:
    """One passage to ground in one article."""

    kind: str
    article: int
    """Index into the texts given."""
    passage: str
    spans: tuple[tuple[int, int], ...] | None
    """Where the passage is to be found; None where it must be refused."""


Altered = Callable[[random.Random, Piece], str | None]


def _sub(
    rng: random.Random,
    pattern: str | re.Pattern[str],
    piece: Piece,
    to: Callable[[re.Match[str]], str],
) -> str | None:
    """The slice with one random match of `pattern` replaced by `to(match)`."""
    found = list(re.finditer(pattern, piece.text))
    if not found:
        return None
    match = rng.choice(found)
    new = to(match)
    return piece.text[: match.start()] + new + piece.text[match.end() :]


def digit(rng: random.Random, piece: Piece) -> str | None:
    return _sub(rng, r"\d", piece, lambda m: str((int(m[0]) + rng.randint(1, 9)) % 10))


def magnitude(rng: random.Random, piece: Piece) -> str | None:
    return _sub(
        rng, r"\d(?=\D|$)", piece, lambda m: rng.choice([m[0] + "0", m[0] + ",000", ""])
    )


def decimal_point(rng: random.Random, piece: Piece) -> str | None:
    return _sub(rng, r"(?<=\d)[.,](?=\d)", piece, lambda m: {".": ",", ",": "."}[m[0]])


def unit(rng: random.Random, piece: Piece) -> str | None:
    other = {"$": "€", "£": "$", "€": "£", "%": "‰", "million": "billion"}
    other |= {"billion": "million", "percent": "points", "thousand": "million"}
    return _sub(
        rng, r"[$£€%]|\b(?:m|b)illion\b|\bpercent\b|\bthousand\b", piece,
        lambda m: other[m[0]],
    )  # fmt: skip


def number_word(rng: random.Random, piece: Piece) -> str | None:
    pattern = rf"\b(?:{'|'.join(COUNTS)})\b"
    return _sub(
        rng, pattern, piece, lambda m: rng.choice([c for c in COUNTS if c != m[0]])
    )


def number_cut(rng: random.Random, piece: Piece) -> str | None:
    """Starts or ends inside a number."""
    inside = [m.start() for m in re.finditer(r"(?<=[\d.,])\d", piece.text)]
    inside = [i for i in inside if re.search(r"\d[.,]?$", piece.text[:i])]
    if not inside:
        return None
    at = rng.choice(inside)
    head, tail = piece.text[:at].rstrip(".,"), piece.text[at:]
    longer = max(head, tail, key=len)
    return longer if len(longer.split()) >= 4 else None


def word_cut(rng: random.Random, piece: Piece) -> str | None:
    words = [m for m in re.finditer(r"[^\W\d_]{5,}", piece.text)]
    if not words:
        return None
    first, last = words[0], words[-1]
    if rng.random() < 0.5 and first.start() < 12:
        return piece.text[first.start() + 2 :]
    return piece.text[: last.end() - 2] if last.end() > 20 else None


def negation_added(rng: random.Random, piece: Piece) -> str | None:
    return _sub(rng, AUXILIARY, piece, lambda m: m[0] + rng.choice([" not", " never"]))


def negation_dropped(rng: random.Random, piece: Piece) -> str | None:
    pattern = r"(?<=\w )(?:not|never|no|hardly)\s(?=\w)"
    return _sub(rng, pattern, piece, lambda m: "")


def negation_contracted(rng: random.Random, piece: Piece) -> str | None:
    if re.search(r"n['’]t\b", piece.text):
        return _sub(rng, r"n['’]t\b", piece, lambda m: "")
    pattern = r"\b(?:was|were|is|are|has|have|had|would|could|should|did|does)\b"
    return _sub(rng, pattern, piece, lambda m: m[0] + rng.choice(["n't", "n’t"]))


def name_swapped(rng: random.Random, piece: Piece) -> str | None:
    names = sorted(set(re.findall(r"(?<=[a-z,] )[A-Z][a-z]{2,}", piece.whole)))
    if len(names) < 2:
        return None
    return _sub(
        rng, r"(?<=[a-z,] )[A-Z][a-z]{2,}", piece,
        lambda m: rng.choice([n for n in names if n != m[0]]),
    )  # fmt: skip


def head_added(rng: random.Random, piece: Piece) -> str:
    return f"{rng.choice(HEADS)} {piece.text}"


def tail_added(rng: random.Random, piece: Piece) -> str:
    return f"{piece.text} {rng.choice(TAILS)}"


def word_added(rng: random.Random, piece: Piece) -> str:
    words = piece.words
    extra = rng.choice("allegedly reportedly secretly all only former fake".split())
    return " ".join([*words[: len(words) // 2], extra, *words[len(words) // 2 :]])


def middle_dropped(rng: random.Random, piece: Piece) -> str | None:
    words = piece.words
    third = len(words) // 3
    if _DOTS.search(piece.text):
        return None
    return " ".join(words[:third] + words[-third:]) if third >= 2 else None


def word_dropped(rng: random.Random, piece: Piece) -> str | None:
    words = piece.words
    if _DOTS.search(piece.text):
        return None
    at = rng.randint(1, len(words) - 2)
    return " ".join(words[:at] + words[at + 1 :])


def words_swapped(rng: random.Random, piece: Piece) -> str | None:
    words = piece.words
    at = rng.randint(0, len(words) - 2)
    words[at], words[at + 1] = words[at + 1], words[at]
    return " ".join(words)


def word_replaced(rng: random.Random, piece: Piece) -> str | None:
    pool = sorted(set(re.findall(r"\b[a-z]{4,}\b", piece.whole)))
    if len(pool) < 2:
        return None
    return _sub(rng, r"\b[a-z]{4,}\b", piece, lambda m: rng.choice(pool))


def misspelt(rng: random.Random, piece: Piece) -> str | None:
    def typo(match: re.Match[str]) -> str:
        word, at = match[0], rng.randint(1, len(match[0]) - 2)
        return rng.choice(
            [word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:], word + "s"]
        )

    return _sub(rng, r"\b[A-Za-z]{4,}\b", piece, typo)


def spliced(rng: random.Random, piece: Piece) -> str | None:
    """Half of the slice, then half of another one, with no mark of omission."""
    other = next(pieces(rng, piece.whole), None)
    if other is None or abs(other.start - piece.start) < 300:
        return None
    half, rest = len(piece.words) // 2, len(other.words) // 2
    return " ".join(piece.words[:half] + other.words[rest:])


def joined_far(rng: random.Random, piece: Piece) -> str | None:
    """An omission that spans half the article."""
    other = next(pieces(rng, piece.whole), None)
    if other is None or other.start - piece.end < 2500:
        return None
    return f"{piece.text} ... {other.text}"


def joined_backwards(rng: random.Random, piece: Piece) -> str | None:
    words = piece.tokens()
    if len(words) < 12:
        return None
    half = words[len(words) // 2]
    first, second = piece.text[: half.start()].rstrip(), piece.text[half.start() :]
    return f"{second} ... {first}"


def elided_negation(rng: random.Random, piece: Piece) -> str | None:
    """Dots that stand for nothing but a negation."""
    pattern = r"(?<=\w )(?:not|never|no)(?= \w)"
    new = _sub(rng, pattern, piece, lambda m: rng.choice(["...", "…", "[...]"]))
    if new is None:
        return None
    sides = re.split(r"\.\.\.|…|\[\.\.\.\]", new)
    return new if all(len(side.split()) >= 2 for side in sides) else None


def elided_altered(rng: random.Random, piece: Piece) -> str | None:
    """An honest omission with one invented word beside it."""
    if len(piece.words) < 14:
        return None
    words = word_added(rng, piece).split()
    return " ".join([*words[:4], "...", *words[7:]])


def case_changed(rng: random.Random, piece: Piece) -> str | None:
    return _sub(rng, r"(?<=\w )[A-Z][A-Za-z]+\b", piece, lambda m: m[0].lower())


def marks_dropped(rng: random.Random, piece: Piece) -> str | None:
    """Quotation marks around an inner word or phrase are left out."""
    pattern = r"(?<=\w )[\"“](\w[^\"“”]*\w)[\"”](?= \w)"
    return _sub(rng, pattern, piece, lambda m: m[1])


def marks_added(rng: random.Random, piece: Piece) -> str | None:
    """An inner word is put in quotation marks, as if it were somebody's."""
    return _sub(rng, r"(?<=\w )\w{4,}(?= \w)", piece, lambda m: f"{OPEN}{m[0]}{CLOSE}")


def brackets_dropped(rng: random.Random, piece: Piece) -> str | None:
    pattern = r"(?<=\w )\[(\w[\w ]*)\](?= \w)"
    return _sub(rng, pattern, piece, lambda m: rng.choice([m[1], m[1].upper()]))


def question_turned(rng: random.Random, piece: Piece) -> str | None:
    """A question becomes a statement, or a statement a question."""
    after = piece.whole[piece.end : piece.end + 1]
    return piece.text + {"?": ".", ".": "?"}[after] if after in ("?", ".") else None


def hyphen_dropped(rng: random.Random, piece: Piece) -> str | None:
    return _sub(rng, r"(?<=[a-z])-(?=[a-z])", piece, lambda m: rng.choice(["", " "]))


def space_dropped(rng: random.Random, piece: Piece) -> str | None:
    return _sub(rng, r"(?<=[a-z]) (?=[a-z])", piece, lambda m: "")


def comma_dropped(rng: random.Random, piece: Piece) -> str | None:
    return _sub(rng, r"(?<=[a-z]),(?= [a-z])", piece, lambda m: "")


def accent_dropped(rng: random.Random, piece: Piece) -> str | None:
    bare = {"é": "e", "á": "a", "í": "i", "ó": "o", "ñ": "n", "ü": "u", "ö": "o"}
    bare |= {"ä": "a", "ß": "ss", "ï": "i", "É": "E", "à": "a", "ç": "c"}
    return _sub(rng, f"[{''.join(bare)}]", piece, lambda m: bare[m[0]])


def numeral_merged(rng: random.Random, piece: Piece) -> str | None:
    plain = {"²": "2", "³": "3", "½": "1/2"}
    return _sub(rng, "[²³½]", piece, lambda m: plain[m[0]])


def invented(rng: random.Random, piece: Piece) -> str:
    return rng.choice(INVENTED).format(rng.randint(2, 900))


# Passages whose letters and digits stay those of the article: the alteration is in
# marks, edges or order, so the guard on letters does not apply.
SAME_LETTERS = {
    decimal_point, unit, number_cut, word_cut, marks_dropped, marks_added,
    brackets_dropped, question_turned, hyphen_dropped, space_dropped, comma_dropped,
    elided_negation,
}  # fmt: skip

ALTERED: tuple[Altered, ...] = (
    digit, magnitude, decimal_point, unit, number_word, number_cut, word_cut,
    negation_added, negation_dropped, negation_contracted, name_swapped, head_added,
    tail_added, word_added, middle_dropped, word_dropped, words_swapped, word_replaced,
    misspelt, spliced, joined_far, joined_backwards, elided_negation, elided_altered,
    case_changed, marks_dropped, marks_added, brackets_dropped, question_turned,
    hyphen_dropped, space_dropped, comma_dropped, accent_dropped, numeral_merged,
    invented,
)  # fmt: skip


def _altered(rng: random.Random, text: str, kind: Altered) -> str | None:
    """One passage of the kind, or None where the text gives no occasion."""
    known = squash(text)
    for tries, piece in enumerate(pieces(rng, text)):
        new = kind(rng, piece)
        if tries > 60:
            return None
        if new is None or new == piece.text:
            continue
        if kind not in SAME_LETTERS and squash(new) in known:
            continue
        if kind is number_cut or kind is word_cut:
            if text.count(new) > 1:
                continue
        elif new in text:
            continue
        return new
    return None


def _benign(rng: random.Random, text: str, kind: Benign) -> Placed | None:
    for tries, piece in enumerate(pieces(rng, text)):
        if tries > 60:
            return None
        placed = kind(rng, piece)
        if placed is not None:
            return placed
    return None


def cases(texts: Sequence[str], seed: int = 20, per_kind: int = 1) -> Iterator[Case]:
    """Cases of every kind from every text.

    Args:
        texts: the articles.
        seed: the same seed and texts give the same cases.
        per_kind: how many of each kind to try per text.

    Yields:
        Altered and benign cases, text by text.
    """
    for index, text in enumerate(texts):
        rng = random.Random(f"{seed}-{index}")
        for kind in ALTERED * per_kind:
            passage = _altered(rng, text, kind)
            if passage is not None:
                yield Case(kind.__name__, index, passage, None)
        for make in BENIGN * per_kind:
            placed = _benign(rng, text, make)
            if placed is not None:
                yield Case(make.__name__, index, *placed)
