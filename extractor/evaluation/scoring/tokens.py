"""Words, numbers and dates of a sentence, each in one form, to be compared.

A number is the same in digits and in words (`1,200`, `2 million`, `twenty-one`), a
month by its name and in an ISO date. The word lists of five languages are in
`wordlists.toml`, those of the calendar in the lexicon of time expressions.
"""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Final, Literal

from extractor.segmentation.scripts import WIDE
from extractor.segmentation.timewords import Grammar, grammar_of
from extractor.segmentation.words import read_lexicon

Kind = Literal["word", "number", "year", "month", "day", "weekday"]
DATE_PARTS: Final[tuple[Kind, ...]] = ("year", "month", "day", "weekday")

_APOSTROPHES: Final = str.maketrans("’‘ʼ`´", "'''''")
_PERCENT = re.compile(
    r"%|\b(?:per ?cent|prozent|pour cent|por ciento|por cento)\b", re.IGNORECASE
)
_NOT = re.compile(r"n't\b")
_CLITIC = re.compile(r"'s\b")
_TOKEN = re.compile(
    rf"""
    (?P<iso>\d{{4}}-(?:0[1-9]|1[0-2])(?:-\d\d)?(?!\d))
  | (?P<number>\d{{1,3}}(?:[.,'\u00a0\u202f\u2009]\d{{3}})+(?!\d)(?:[.,]\d+)?
      |\d+(?:[.,]\d+)?)(?:(?:st|nd|rd|th|er|º|ª)(?!\w))?
  | (?P<word>\w+-feira|{WIDE.pattern}|(?:(?!{WIDE.pattern})[^\W_])+)
    """,
    re.VERBOSE,
)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_SCALES: Final = frozenset({100, 10**3, 10**6, 10**9, 10**12})
_THOUSAND: Final = 1000
_JOINED: Final = frozenset(range(20, 101, 10))
"""What `and` may stand after within a number: tens, and a hundred."""
_LAST_DAY: Final = 31


@dataclass(frozen=True)
class Token:
    """A word, a number, or a part of a date."""

    text: str
    """In small letters; a number without separators, a month as `month8`."""
    kind: Kind
    capital: bool = False


@dataclass(frozen=True)
class WordLists:
    """What `wordlists.toml` has of a language."""

    language: str
    articles: frozenset[str]
    negations: re.Pattern[str]
    concord: re.Pattern[str]
    passive: re.Pattern[str]
    numbers: dict[str, int]
    vague: frozenset[str]
    joiners: frozenset[str]
    stop: frozenset[str]
    """Words that name no action: pronouns, prepositions, auxiliaries."""


@cache
def word_lists(language: str) -> WordLists:
    """The word lists of a language that has a lexicon: `en`, `de`, `fr`, `es`, `pt`."""
    source = resources.files("extractor.evaluation.scoring") / "wordlists.toml"
    data = tomllib.loads(source.read_text("utf-8"))[language]
    ones = {word: value for value, word in enumerate(data["ones"].split())}
    tens = {word: 10 * value for value, word in enumerate(data["tens"].split(), 2)}
    stop = read_lexicon(language)["mentions"]["stop"]
    return WordLists(
        language=language,
        articles=frozenset(data["articles"].split()),
        negations=_any_of(data["negations"]),
        concord=_any_of(data["concord"].split()),
        passive=re.compile(data["passive"]),
        numbers=ones | tens | data["scales"],
        vague=frozenset(data["vague"].split()),
        joiners=frozenset(data["joiners"].split()),
        stop=frozenset(stop.split()),
    )


def plain_text(text: str) -> str:
    """A text with straight apostrophes, `not` for `n't` and no possessive `'s`."""
    plain = _PERCENT.sub(" percent ", text.translate(_APOSTROPHES))
    return _CLITIC.sub("", _NOT.sub(" not", plain))


def read_tokens(plain: str, lists: WordLists) -> list[Token]:
    """The tokens of a text that `plain_text` made, in order, without punctuation."""
    grammar = grammar_of(lists.language)
    tokens: list[Token] = []
    for found in _TOKEN.finditer(plain):
        surface = found[found.lastgroup or 0]
        if found.lastgroup == "iso":
            tokens += _iso(surface)
        elif found.lastgroup == "number":
            kind: Kind = "year" if _YEAR.fullmatch(surface) else "number"
            tokens.append(Token(_decimal(surface, lists.language), kind))
        else:
            dotted = plain.startswith(".", found.end())
            tokens.append(_word(surface, grammar, dotted))
    return _tell_days(_join_numbers(tokens, lists))


def _any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    """Any of some patterns as whole words; none matches nothing."""
    if not patterns:
        return re.compile(r"(?!)")
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?:(?<=')|(?!\w))")


def _iso(surface: str) -> list[Token]:
    year, month, *day = (str(int(part)) for part in surface.split("-"))
    days = [Token(part, "day") for part in day]
    return [Token(year, "year"), Token(f"month{month}", "month"), *days]


def _word(surface: str, grammar: Grammar, dotted: bool) -> Token:
    for form in (surface, f"{surface}.")[: 1 + dotted]:
        if value := grammar.which("months", form):
            return Token(f"month{value}", "month")
        if value := grammar.which("weekdays", form):
            return Token(f"weekday{value}", "weekday")
    return Token(surface.casefold(), "word", surface[0].isupper())


# -- numbers ---------------------------------------------------------------------------


def _decimal(surface: str, language: str) -> str:
    """A number in digits without separators, a point before its decimals."""
    digits = re.sub(r"[^\d.,]", "", surface)
    last = max(digits.rfind("."), digits.rfind(","))
    thousands = "," if language == "en" else "."
    grouped = digits[last] == thousands and len(digits) - last == len(",000")
    if last < 0 or grouped or digits.count(digits[last]) > 1:
        last = len(digits)
    whole, fraction = re.sub(r"[.,]", "", digits[:last]), digits[last + 1 :]
    return _plain(Decimal(f"{whole}.{fraction or 0}"))


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _join_numbers(tokens: list[Token], lists: WordLists) -> list[Token]:
    """Numbers in words, or of digits and a word, as one number each."""
    joined: list[Token] = []
    at = 0
    while at < len(tokens):
        run, end = _number_at(tokens, at, lists)
        word = end == at + 1 and tokens[at].kind == "word"
        vague = word and (run == [1] or tokens[at].text in lists.vague)
        if not run or vague:
            joined.append(tokens[at])
            at += 1
        else:
            joined.append(Token(_plain(_total(run)), "number"))
            at = end
    return joined


def _number_at(
    tokens: Sequence[Token], start: int, lists: WordLists
) -> tuple[list[Decimal], int]:
    """The parts of the number that starts at a token, and where it ends."""
    run: list[Decimal] = []
    end = start
    if tokens[start].kind == "number":
        run, end = [Decimal(tokens[start].text)], start + 1
    in_digits = bool(run)
    while end < len(tokens):
        joined = tokens[end].text in lists.joiners and run and run[-1] in _JOINED
        following = end + bool(joined)
        known = tokens[following].text if following < len(tokens) else ""
        value = lists.numbers.get(known)
        if value is None or (run and not _continues(run, value, in_digits)):
            break
        run.append(Decimal(value))
        end = following + 1
    return run, end


def _continues(run: Sequence[Decimal], value: int, in_digits: bool) -> bool:
    """Whether a number word goes on with the number before it: `two`, `million`."""
    last = run[-1]
    if value in _SCALES:
        return last not in _SCALES or last < value
    if in_digits and len(run) == 1:
        return False
    if last in _SCALES:
        return value < last
    return last in _JOINED and value < 10


def _total(run: Iterable[Decimal]) -> Decimal:
    total = current = Decimal(0)
    for index, value in enumerate(run):
        if index and value in _SCALES:
            current = (current or 1) * value
            if value >= _THOUSAND:
                total, current = total + current, Decimal(0)
        else:
            current += value
    return total + current


# -- days ------------------------------------------------------------------------------


def _tell_days(tokens: Sequence[Token]) -> list[Token]:
    """The tokens, numbers beside a month told to be days: `16 August`, `August 16`."""
    told = list(tokens)
    for i, token in enumerate(tokens):
        if token.kind != "month" or (i and tokens[i - 1].kind == "year"):
            continue
        linked = i > 1 and tokens[i - 1].text in ("of", "de")
        beside = (i - 2 if linked else i - 1, i + 1)
        day = next((j for j in beside if _is_day(told, j)), None)
        if day is not None:
            told[day] = Token(told[day].text, "day")
    return told


def _is_day(tokens: Sequence[Token], index: int) -> bool:
    if not 0 <= index < len(tokens) or tokens[index].kind != "number":
        return False
    text = tokens[index].text
    return text.isdigit() and 1 <= int(text) <= _LAST_DAY
