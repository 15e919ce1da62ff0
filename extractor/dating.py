"""Dates in a claim's wording: `on Tuesday [2024-03-12]`, where that is certain.

A date is added in brackets behind a relative one only where the words denote that very
day, month or year, and where it is plain whether it lies before the article or after:
`the coming days`, `much of the year` and `Monday’s debate` stay as they are. What
speakers call today is the day they spoke, which need not be the article's, so nothing
is added inside quotation marks.
"""

import re
from collections.abc import Sequence
from typing import Literal

from extractor.segmentation.clauses import is_past_verb
from extractor.segmentation.model import Range
from extractor.times import find_times, resolve_time

_EXACT = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-\d\d)?)?")
"""A day, a month or a year; no week, season, stretch or hour."""
_PLURAL_UNIT = re.compile(
    r"(?:days|weeks|months|years|weekends|mornings|nights)$", re.IGNORECASE
)
_VAGUE = re.compile(r"^(?:the |(?:.* )?(?:months?|years?) ago$)", re.IGNORECASE)
_NEAR_WEEKDAY = re.compile(r"\b(?:last|next|this|coming) \w+day", re.IGNORECASE)
_WEEKDAY = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|"
    r"\b(?:mon|diens|donners|frei|sams|sonn)tag\b|\bmittwoch\b",
    re.IGNORECASE,
)
_TODAY = re.compile(r"\b(?:today|tomorrow)\b", re.IGNORECASE)
_NOT_THAT_DAY = re.compile(r"\b(?:a|the|of|our|better|brighter|for)\s+$", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?\b")
_LAID_DOWN = re.compile(
    r"\b(?:vote|debate|meeting|election|summit|hearing|talks|trial|strike|deadline|game|"
    r"match|poll|primary|referendum|conference|ceremony|inauguration|by|until|till|before|"
    r"after|for|from|through|ahead\s+of|starting|beginning)\s+(?:on\s+|set\s+for\s+)?$",
    re.IGNORECASE,
)
"""What may lie ahead of a past verb: `discussed the vote on Monday`, `by Monday`."""
_SINCE = re.compile(r"\bsince\s+$", re.IGNORECASE)
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|[,;:—–]")
_AHEAD = frozenset("will won't shall".split())
_OPEN = frozenset("would could can may might must should is are am if whether".split())
_IS = frozenset("it's he's she's that's there's here's what's who's".split())
_SET = frozenset("due set expected scheduled planned slated".split())
_LONGEST_OPENING = 14
"""Characters before a date that opens its sentence: `In`, `But on`."""
_QUOTED = re.compile(
    r"“[^”]*”|\"[^\"]*\"|«[^»]*»|„[^“”]*[“”]|(?<!\w)['‘][^'’]*['’](?!\w)"
)

Direction = Literal["past", "future"]


def resolve_dates(words: str, published: str | None) -> str:
    """The words with each relative date followed by the date it surely means.

    Args:
        words: a statement.
        published: ISO date the article appeared; None leaves relative dates alone.
    """
    if published is None:
        return words
    quoted = [Range(*match.span()) for match in _QUOTED.finditer(words)]
    pieces, last = [], 0
    for time in _joined(find_times(words), words):
        if any(q.start <= time.start < q.end for q in quoted):
            continue
        value = _value(words, time, published)
        if value is None:
            continue
        owned = _POSSESSIVE.match(words, time.end)
        end = owned.end() if owned else time.end
        pieces += [words[last:end], f" [{value}]"]
        last = end
    return "".join([*pieces, words[last:]])


def _value(words: str, time: Range, published: str) -> str | None:
    """The date that an expression denotes; None where it is not certain."""
    expression = time.of(words)
    if _PLURAL_UNIT.search(expression) or _VAGUE.match(expression):
        return None
    if _NEAR_WEEKDAY.search(expression):
        return None
    before, basis = resolve_time(expression, published=published, tense="past")
    after, _ = resolve_time(expression, published=published, tense="future")
    if not before or basis != "publication_date" or not _EXACT.fullmatch(before):
        return None
    if _TODAY.search(expression):
        plain = not _NOT_THAT_DAY.search(words[: time.start])
        return before if plain and _direction(words, time) else None
    open_day = _WEEKDAY.search(expression) is not None
    if before == after and not open_day:
        return before
    if _POSSESSIVE.match(words, time.end):
        return None
    direction = _direction(words, time)
    if direction == "past":
        return before
    same_day = open_day and after == published[:10]
    return after if direction == "future" and not same_day else None


def _direction(words: str, time: Range) -> Direction | None:
    """Whether a date lies before the article or after it, by the verb next to it."""
    before = words[: time.start]
    if _SINCE.search(before):
        return "past"
    if len(before) <= _LONGEST_OPENING:
        following = [m[0] for m in _TOKEN.finditer(words, time.end)]
        kinds = (_kind(following, k) for k in range(len(following)))
    else:
        preceding = [m[0] for m in _TOKEN.finditer(before)]
        kinds = (_kind(preceding, k) for k in reversed(range(len(preceding))))
    found = next((kind for kind in kinds if kind), None)
    if found == "past" and _LAID_DOWN.search(before):
        return None
    return found if found in ("past", "future") else None


def _kind(tokens: Sequence[str], k: int) -> Literal["past", "future", "open"] | None:
    """What a word tells of when: `will` ahead, `went` before, `would` neither."""
    token = tokens[k].lower().replace("’", "'")
    before = tokens[k - 1].lower() if k else ""
    if token in _AHEAD or token.endswith("'ll"):
        return "future"
    if token in _SET:
        return "future" if before in ("is", "are") else "open"
    if token == "to":
        following = tokens[k + 1] if k + 1 < len(tokens) else ""
        return "open" if following.islower() and following not in ("the", "a") else None
    if token in ("be", "been") or (token == "have" and before in _AHEAD | _OPEN):
        return None  # the auxiliary before it tells
    if token in _OPEN or token in _IS or token.endswith(("'re", "'d")):
        return "open"
    if is_past_verb(token):
        return "open" if before in _OPEN or before == "be" else "past"
    return None


def _joined(times: Sequence[Range], words: str) -> list[Range]:
    """Time expressions with their neighbours: `in November` and `last year` are one."""
    joined: list[Range] = []
    for time in times:
        if joined and not words[joined[-1].end : time.start].strip():
            joined[-1] = Range(joined[-1].start, time.end)
        else:
            joined.append(time)
    return joined
