"""Time expressions: where they stand and what they mean.

Expressions are found by the patterns of `segmentation/lexicon/times.toml` (English,
German, French, Spanish, Portuguese). Values are EDTF, the extension of ISO 8601 that
leaves parts open (https://www.loc.gov/standards/datetime/): `2016-08-16`, `2015-10`,
`199X`, `2016-22` (summer), `2016-08-02/2016-08-16`; a week is ISO 8601's `2016-W33`.
A value is never finer than the words: no day for a month, no month for a year.

Calendar dates are read by dateparser. Weekdays, decades, `last October` and their like,
which it misreads or does not know, are worked out here.
"""

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from extractor.schema import TimeBasis
from extractor.segmentation.boilerplate import find_dateline
from extractor.segmentation.model import Range
from extractor.segmentation.timewords import LANGUAGES, Grammar, Relative, grammar_of

Tense = Literal["past", "future"]
Resolved = tuple[str | None, TimeBasis]

UNRESOLVED: Resolved = (None, "unresolved")

_NAME_BEFORE = re.compile(
    r"\b(?:Black|Good|Bloody|Super|Ruby|Ash|Holy|Cyber|Shrove|Maundy|Blue|Palm|Easter|"
    r"President|Minister|Mrs?\.?|Ms\.?|Dr\.?|Theresa|Plácido) $"
)
_NAME_AFTER = re.compile(
    r" (?:Times|Herald|Mirror|Telegraph|Post|Express|Mail|Nights|Night L|Club|Group|"
    r"Magazine|Movement|Agreement|Sun|Independent|Review|People|World|Mass|School|"
    r"Revolution|Journal|Star|Tribune|Massacre|Prayers)\b"
)
_STOP_WORDS = {
    "en": "the and of to in is was that for on with he",
    "de": "der die und das ist nicht mit den von ein im am",
    "fr": "le la les et des est une du dans que pour qui",
    "es": "el los y del las una que por con se su es",
    "pt": "o os e do da em uma que não com dos ao",
}
_PREPOSITIONS = re.compile(
    r"^(?:in|on|at|by|since|until|till|from|during|around|about|over|for|through|before|"
    r"after|between|to|of|am|im|seit|bis|ab|um|le|la|en|au|depuis|dès|el|los|desde|hasta|"
    r"em|no|na|desde|até|à|às) (?=.)",
    re.IGNORECASE,
)

# -- finding ---------------------------------------------------------------------------


def find_times(
    text: str, start: int = 0, end: int | None = None, language: str | None = None
) -> tuple[Range, ...]:
    """Finds the time expressions of a text.

    A leading preposition is not part of the expression (`on [August 16, 2016]`).

    Args:
        text: the whole article.
        start: first code point to look at.
        end: one past the last; by default the end of the text.
        language: BCP 47 tag; by default guessed from the text. A language without
            patterns is searched for English ones.

    Returns:
        Ranges in order, not overlapping; code points of `text`.
    """
    tag = (language or _guess_language(text))[:2].lower()
    grammar = grammar_of(tag if tag in LANGUAGES else "en")
    stop = len(text) if end is None else end
    found = sorted(
        (match.start(), -match.end())
        for finder in grammar.finders
        for match in finder.finditer(text, start, stop)
        if not _in_name(text, match.start(), match.end())
    )
    ranges: list[Range] = []
    for first, negative_last in found:
        if not ranges or first >= ranges[-1].end:
            ranges.append(Range(first, -negative_last))
    return tuple(ranges)


def _in_name(text: str, start: int, end: int) -> bool:
    """Whether an expression is part of a title or of a person's name."""
    before = text[max(0, start - 16) : start]
    return bool(_NAME_BEFORE.search(before) or _NAME_AFTER.match(text, end))


@lru_cache(maxsize=16)
def _guess_language(text: str) -> str:
    words = re.findall(r"\w+", text[:3000].lower())
    scores = {
        tag: sum(words.count(word) for word in stop_words.split())
        for tag, stop_words in _STOP_WORDS.items()
    }
    return max(scores, key=lambda tag: scores[tag])


_LINE_BREAK = re.compile(r"\s*\n\s*")
_PUBLISHED = re.compile(
    r"^\W*(?:first )?(?:published|posted|date|veröffentlicht|publié|publicado)"
    r"(?: on| at| am| le| el| em)?\s*:?\s*(?P<rest>[^\n]{4,60})",
    re.IGNORECASE | re.MULTILINE,
)


def find_published(text: str) -> str | None:
    """Finds the publication date that an article states at its head.

    Only a full date in a dateline (`LONDON, 16 August 2016 (Agency) -`) or after a word
    such as `Published:` counts, within the first 400 characters.

    Returns:
        An ISO 8601 date, or `None`.
    """
    head = text[:400]
    labelled = _PUBLISHED.search(head)
    lines = [labelled["rest"]] if labelled else []
    for start in (0, *(match.end() for match in _LINE_BREAK.finditer(head))):
        lines.append(text[start : find_dateline(text, start, len(text))])
    for line in lines:
        for place in find_times(line, language=_guess_language(text)):
            value, basis = resolve_time(place.of(line), published=None)
            if value and basis == "stated" and re.match(r"\d{4}-\d\d-\d\d", value):
                return value[:10]
    return None


# -- resolving -------------------------------------------------------------------------


def resolve_time(
    expression: str,
    *,
    published: str | None,
    tense: Tense = "past",
    language: str | None = None,
) -> Resolved:
    """Says which date a time expression means.

    Args:
        expression: the words, as `find_times` finds them.
        published: publication date, ISO 8601; what is finer than a day is ignored.
        tense: whether a date without a year lies before or after publication.
        language: BCP 47 tag; by default all languages with patterns are tried.

    Returns:
        The value (see the module) and its basis: `stated` in full in the words,
        reckoned from the `publication_date`, or `unresolved` with no value.
    """
    words = " ".join(expression.split()).strip(" ,;")
    anchor = _as_date(published)
    tags = (language[:2].lower(),) if language else LANGUAGES
    for tag in tags:
        if tag not in LANGUAGES:
            return _read(words, tag, anchor, tense)
        for form in dict.fromkeys([words, _PREPOSITIONS.sub("", words)]):
            resolved = _resolve(grammar_of(tag), form, anchor, tense)
            if resolved:
                return resolved
    return UNRESOLVED


def _as_date(published: str | None) -> date | None:
    try:
        return date.fromisoformat(published[:10]) if published else None
    except ValueError:
        return None


def _resolve(
    grammar: Grammar, words: str, anchor: date | None, tense: Tense
) -> Resolved | None:
    """What the words mean in a language; `None` if they are no words of its grammar."""
    for stated in grammar.stated:
        match = stated.pattern.fullmatch(words)
        if match:
            return _fill(grammar, stated.value, match.groupdict()), "stated"
    if grammar.anchored.fullmatch(words):
        return UNRESOLVED
    for relative in grammar.relative:
        match = relative.pattern.fullmatch(words)
        if match:
            value = anchor and _count(grammar, relative, match.groupdict(), anchor)
            return (value, "publication_date") if value else UNRESOLVED
    if grammar.dates.fullmatch(words):
        return _calendar(grammar, words, anchor, tense)
    return None


def _fill(grammar: Grammar, template: str, groups: dict[str, str | None]) -> str:
    """A value template with the parts of a match."""
    if template == "century":
        return f"{int(groups['c'] or 0) - 1:02}XX"
    values = {
        "season": grammar.which("seasons", groups.get("season")),
        "quarter": grammar.which("quarters", groups.get("q")),
    }
    return template.format(**(groups | values))


def _count(
    grammar: Grammar, rule: Relative, groups: dict[str, str | None], anchor: date
) -> str | None:
    """The value of a form that counts from the publication date."""
    what = groups.get("what")
    if rule.span:
        return _stretch(grammar, rule, groups, anchor)
    unit = rule.unit or grammar.which("units", what)
    if unit:
        return _shift(anchor, unit, rule.offset)
    month = grammar.which("months", what)
    if month:
        return _month(anchor, int(month), rule.offset)
    weekday = grammar.which("weekdays", what)
    if weekday:
        return _weekday(anchor, int(weekday) - 1, rule.offset).isoformat()
    season = grammar.which("seasons", what)
    if season:
        return _season(anchor, season, rule.offset)
    return (anchor + timedelta(days=rule.offset)).isoformat()  # a part of the day


def _stretch(
    grammar: Grammar, rule: Relative, groups: dict[str, str | None], anchor: date
) -> str | None:
    """`the past two weeks`: the interval that publication ends or begins."""
    unit = grammar.which("units", groups.get("what"))
    words = groups.get("count")
    number = grammar.number(words) if words else 1
    if unit not in ("day", "week", "month", "year") or not number:
        return None
    if unit == "week":
        unit, number = "day", 7 * number
    ends = sorted([rule.offset * number, 0])
    return "/".join(_shift(anchor, unit, offset) or "" for offset in ends)


def _shift(anchor: date, unit: str, offset: int) -> str | None:
    """The unit of the calendar that lies so many units from the anchor's."""
    months = anchor.year * 12 + anchor.month - 1 + offset
    monday = anchor - timedelta(days=anchor.weekday())
    week = monday + timedelta(weeks=offset)
    if unit == "day":
        return (anchor + timedelta(days=offset)).isoformat()
    if unit == "week":
        return "{}-W{:02}".format(*week.isocalendar()[:2])
    if unit in ("weekend", "the weekend"):
        if unit == "the weekend" and anchor.weekday() < 5:
            week -= timedelta(weeks=1)
        return f"{week + timedelta(days=5)}/{week + timedelta(days=6)}"
    if unit == "month":
        return f"{months // 12}-{months % 12 + 1:02}"
    if unit == "quarter":
        quarters = anchor.year * 4 + (anchor.month - 1) // 3 + offset
        return f"{quarters // 4}-{33 + quarters % 4}"
    if unit == "year":
        return f"{anchor.year + offset}"
    if unit == "decade":
        return f"{anchor.year // 10 + offset}X"
    return f"{anchor.year // 100 + offset}XX" if unit == "century" else None


def _month(anchor: date, month: int, offset: int) -> str:
    year = anchor.year
    if offset < 0 and month >= anchor.month:
        year -= 1
    if offset > 0 and month <= anchor.month:
        year += 1
    return f"{year}-{month:02}"


def _weekday(anchor: date, weekday: int, offset: int) -> date:
    """The last one before, that of the same week, or the first one after."""
    ahead = weekday - anchor.weekday()
    if offset < 0:
        ahead = -((-ahead - 1) % 7 + 1)
    if offset > 0:
        ahead = (ahead - 1) % 7 + 1
    return anchor + timedelta(days=ahead)


def _season(anchor: date, season: str, offset: int) -> str | None:
    """The last one that has ended, this year's, or the next; a winter has two years."""
    last_month = {"21": 5, "22": 8, "23": 11}.get(season)
    if last_month is None:
        return None
    year = anchor.year
    if offset < 0 and anchor.month <= last_month:
        year -= 1
    if offset > 0 and anchor.month > last_month - 3:
        year += 1
    return f"{year}-{season}"


def _calendar(
    grammar: Grammar, words: str, anchor: date | None, tense: Tense
) -> Resolved:
    """Weekdays and months without a year by rule, other dates by the library."""
    plain = " ".join(grammar.noise.sub(" ", words).split()).strip(" ,-")
    plain = _PREPOSITIONS.sub("", plain)
    month = grammar.which("months", plain)
    if month and anchor:
        past, future = _month(anchor, int(month), -1), _month(anchor, int(month), 1)
        same = int(month) == anchor.month
        value = f"{anchor:%Y-%m}" if same else past if tense == "past" else future
        return value, "publication_date"
    weekday = grammar.weekday.search(plain)
    if weekday and grammar.month.search(plain):
        plain = f"{plain[: weekday.start()]} {plain[weekday.end() :]}"
    elif weekday and anchor:
        index = int(grammar.which("weekdays", weekday[0]) or 1) - 1
        day = anchor
        if index != anchor.weekday():
            day = _weekday(anchor, index, -1 if tense == "past" else 1)
        rest = (plain[: weekday.start()] + plain[weekday.end() :]).strip(" ,")
        value = day.isoformat()
        if rest:
            value = _read(f"{value} {rest}", "en", anchor, tense)[0] or value
        return value, "publication_date"
    return _read(grammar.digits(plain), grammar.tag, anchor, tense)


# -- reading calendar dates ------------------------------------------------------------

_DAYS = re.compile(r"\b(\d\d?)\.? ?[-–] ?(\d\d?)\b(?![:.]\d)")
_MILITARY = re.compile(r"\b(\d\d)(\d\d)(?= (?:GMT|UTC|hours))")
_ZONE = re.compile(r" (?:GMT|UTC|hours|local time)\b")


def _read(words: str, tag: str, anchor: date | None, tense: Tense) -> Resolved:
    """Reads a date of a language, cut to what the words say."""
    days = _DAYS.search(words)
    if days and tag == "en" and not words[:4].isdigit():
        before, after = words[: days.start()], words[days.end() :]
        ends = [
            _read(f"{before}{day}{after}", tag, anchor, tense) for day in days.groups()
        ]
        if all(value for value, _ in ends):
            return f"{ends[0][0]}/{ends[1][0]}", ends[0][1]
        return UNRESOLVED
    words = _ZONE.sub("", _MILITARY.sub(r"\1:\2", words))
    # Two far-off bases: what does not depend on the base is stated in the words.
    trials = [_parse(words, tag, base, tense) for base in _BASES]
    if trials[0] and trials[0] == trials[1]:
        return trials[0], "stated"
    value = anchor and _parse(words, tag, datetime(*anchor.timetuple()[:3]), tense)
    return (value, "publication_date") if value else UNRESOLVED


_BASES = (datetime(1987, 2, 3), datetime(2031, 9, 25))


def _parse(words: str, tag: str, base: datetime, tense: Tense) -> str | None:
    """A date by dateparser, cut to its `period`."""
    from dateparser.date import DateDataParser  # .2 s, and not every run has a date

    settings = {
        "RELATIVE_BASE": base,
        "PREFER_DATES_FROM": tense,
        "RETURN_TIME_AS_PERIOD": True,
    }
    try:
        data = DateDataParser(languages=[tag], settings=settings).get_date_data(words)
    except ValueError:  # a language that dateparser does not know
        return None
    return _cut(data.date_obj, data.period or "day") if data.date_obj else None


def _cut(moment: datetime, period: str) -> str:
    if period == "time":
        return f"{moment:%Y-%m-%dT%H:%M}"
    if period == "week":
        return "{}-W{:02}".format(*moment.isocalendar()[:2])
    return f"{moment:%Y-%m-%d}"[: {"year": 4, "month": 7}.get(period, 10)]
