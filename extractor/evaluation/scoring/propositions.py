"""What two wordings of a claim have in common, and what makes one deny the other.

Words are compared as a multiset, in small letters, without articles and punctuation,
numbers and months in one form. Four differences make two wordings incompatible, however
many words they share:

| difference | found by |
|---|---|
| `polarity` | the number of negations is even in one, odd in the other |
| `number` | the numbers are not the same; a one (`one of them`) is not counted |
| `date` | each has a year, month, day or weekday that the other does not have |
| `roles` | two names have changed places about one word, or it is passive in one |

Numbers have to be the same, a date only must not be another: that a wording goes
without the year is no contradiction, and how far dates are spelled out is a matter of
guidelines. These are signs on the surface: `met` is taken to have a direction as `sued`
has, and a denial without a negation (`is false`) is not seen.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import combinations
from typing import Final, Literal

from extractor.evaluation.scoring.tokens import (
    DATE_PARTS,
    Token,
    WordLists,
    plain_text,
    read_tokens,
    word_lists,
)
from extractor.segmentation.words import lexicon_language

Contradiction = Literal["polarity", "number", "date", "roles"]

_SHORTEST_STEM: Final = 3
_LONGEST_STEM: Final = 5


@dataclass(frozen=True)
class Proposition:
    """A wording, read."""

    words: Counter[str]
    """How often each word occurs."""
    numbers: frozenset[str]
    dates: tuple[frozenset[str], ...]
    """Years, months, days and weekdays."""
    negated: bool
    tokens: tuple[Token, ...]
    names: dict[str, tuple[int, int]]
    """By last word of a run of capitals: its first token where it first comes, and one
    past its last."""
    language: str


@lru_cache(maxsize=4096)
def read_proposition(text: str, language: str | None = None) -> Proposition:
    """Reads the wording of a claim.

    Args:
        text: a sentence.
        language: BCP 47 tag; a language without word lists is read as English.
    """
    lists = word_lists(lexicon_language(language))
    plain = plain_text(text)
    tokens = tuple(read_tokens(plain, lists))
    runs = list(_names(tokens))[::-1]
    return Proposition(
        words=Counter(t.text for t in tokens if t.text not in lists.articles),
        numbers=frozenset(t.text for t in tokens if t.kind == "number") - {"1"},
        dates=_dates(tokens),
        negated=_negations(plain.casefold(), lists) % 2 == 1,
        tokens=tokens,
        names={tokens[end - 1].text: (start, end) for start, end in runs},
        language=lists.language,
    )


def token_f1(one: Proposition, other: Proposition) -> float:
    """Words in common, of all words, 0 to 1; each as often as it occurs (Dice)."""
    total = one.words.total() + other.words.total()
    return 2 * (one.words & other.words).total() / total if total else 0.0


def token_recall(one: Proposition, others: Iterable[Proposition]) -> float:
    """Share of the words of one wording that others have together, 0 to 1."""
    together = Counter[str]()
    for other in others:
        together |= other.words
    total = one.words.total()
    return (one.words & together).total() / total if total else 0.0


def contradiction(one: Proposition, other: Proposition) -> Contradiction | None:
    """What makes two wordings incompatible, the first of the table above."""
    if one.negated != other.negated:
        return "polarity"
    if one.numbers != other.numbers:
        return "number"
    if any(a - b and b - a for a, b in zip(one.dates, other.dates, strict=True)):
        return "date"
    return "roles" if _roles_swapped(one, other) else None


def _negations(text: str, lists: WordLists) -> int:
    count = len(lists.negations.findall(text))
    return count or min(1, len(lists.concord.findall(text)))


def _dates(tokens: Sequence[Token]) -> tuple[frozenset[str], ...]:
    parts = [{t.text for t in tokens if t.kind == part} for part in DATE_PARTS]
    if all(len(part) == 1 for part in parts[:3]):
        year, month, day = (part.copy().pop() for part in parts[:3])
        weekday = _weekday(int(year), int(month.removeprefix("month")), int(day))
        parts[3] |= weekday
    return tuple(frozenset(part) for part in parts)


def _weekday(year: int, month: int, day: int) -> set[str]:
    try:
        return {f"weekday{date(year, month, day).isoweekday()}"}
    except ValueError:  # there is no such day
        return set()


def _names(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Runs of capitalised words, first token and one past the last."""
    start = None
    for i, token in enumerate((*tokens, Token("", "word"))):
        if token.capital and start is None:
            start = i
        elif not token.capital and start is not None:
            yield start, i
            start = None


def _roles_swapped(one: Proposition, other: Proposition) -> bool:
    """Whether two names stand the other way round about the same word."""
    lists = word_lists(one.language)
    places = {
        key: (first, second)
        for key in sorted({*one.names, *other.names} - lists.stop)
        if (first := _place(one, key)) and (second := _place(other, key))
    }
    for (a, b), (c, d) in combinations(places.values(), 2):
        linking = _between(one, a, c), _between(other, b, d)
        if not _share_a_predicate(*linking, lists.stop):
            continue
        passive = [bool(lists.passive.search(" ".join(words))) for words in linking]
        if ((a < c) != passive[0]) != ((b < d) != passive[1]):
            return True
    return False


def _place(proposition: Proposition, name: str) -> tuple[int, int] | None:
    """Where a name stands, capitalised or not: `Police`, `the police`."""
    if name in proposition.names:
        return proposition.names[name]
    texts = [token.text for token in proposition.tokens]
    return (texts.index(name), texts.index(name) + 1) if name in texts else None


def _between(
    proposition: Proposition, one: tuple[int, int], other: tuple[int, int]
) -> list[str]:
    first, second = sorted((one, other))
    tokens = proposition.tokens[first[1] : second[0]]
    return [token.text for token in tokens if token.kind == "word"]


def _share_a_predicate(
    one: Iterable[str], other: Iterable[str], stop: frozenset[str]
) -> bool:
    """Whether a word of each begins alike, endings left out: `sued`, `sues`."""
    first, second = ({_stem(w) for w in side if w not in stop} for side in (one, other))
    return any(
        min(len(a), len(b)) >= _SHORTEST_STEM and (a.startswith(b) or b.startswith(a))
        for a in first
        for b in second
    )


def _stem(word: str) -> str:
    return word[: max(_SHORTEST_STEM, min(_LONGEST_STEM, len(word) - 2))]
