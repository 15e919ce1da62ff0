"""Finding and resolving time expressions."""

import pytest

from extractor.times import find_published, find_times, resolve_time

TUESDAY = "2016-08-16"
"""Publication date of the examples."""

RESOLVED = [
    # stated in full
    ("August 16, 2016", "2016-08-16", "stated"),
    ("on August 16, 2016", "2016-08-16", "stated"),
    ("Aug. 16, 2016", "2016-08-16", "stated"),
    ("16 August 2016", "2016-08-16", "stated"),
    ("3rd of May 2014", "2014-05-03", "stated"),
    ("Tuesday, August 16, 2016", "2016-08-16", "stated"),
    ("Saturday, 5 March 2011", "2011-03-05", "stated"),
    ("October 2015", "2015-10", "stated"),
    ("in October 2015", "2015-10", "stated"),
    ("early October 2015", "2015-10", "stated"),
    ("Sept. 2015", "2015-09", "stated"),
    ("2015", "2015", "stated"),
    ("since 2015", "2015", "stated"),
    ("late 2014", "2014", "stated"),
    ("the end of 2014", "2014", "stated"),
    ("mid-2015", "2015", "stated"),
    ("the 1990s", "199X", "stated"),
    ("the late 1980s", "198X", "stated"),
    ("the '90s", "199X", "stated"),
    ("the 19th century", "18XX", "stated"),
    ("2010-2012", "2010/2012", "stated"),
    ("2010–12", "2010/2012", "stated"),
    ("the summer of 2014", "2014-22", "stated"),
    ("spring 2015", "2015-21", "stated"),
    ("Q3 2015", "2015-35", "stated"),
    ("the first quarter of 2016", "2016-33", "stated"),
    ("2016-08-09", "2016-08-09", "stated"),
    ("July 15-18, 2016", "2016-07-15/2016-07-18", "stated"),
    ("9:30 a.m. on August 12, 2016", "2016-08-12T09:30", "stated"),
    # weekdays
    ("Tuesday", "2016-08-16", "publication_date"),
    ("Monday", "2016-08-15", "publication_date"),
    ("Wednesday", "2016-08-10", "publication_date"),
    ("Monday morning", "2016-08-15", "publication_date"),
    ("late Friday", "2016-08-12", "publication_date"),
    ("9 a.m. on Friday", "2016-08-12T09:00", "publication_date"),
    ("0900 GMT Friday", "2016-08-12T09:00", "publication_date"),
    ("last Tuesday", "2016-08-09", "publication_date"),
    ("next Tuesday", "2016-08-23", "publication_date"),
    ("this Friday", "2016-08-19", "publication_date"),
    ("last Friday night", "2016-08-12", "publication_date"),
    # without a year
    ("July 15", "2016-07-15", "publication_date"),
    ("August 20", "2015-08-20", "publication_date"),
    ("Tuesday, Aug. 16", "2016-08-16", "publication_date"),
    ("the night of July 4", "2016-07-04", "publication_date"),
    ("December", "2015-12", "publication_date"),
    ("August", "2016-08", "publication_date"),
    ("mid-October", "2015-10", "publication_date"),
    ("last October", "2015-10", "publication_date"),
    ("last August", "2015-08", "publication_date"),
    # units of the calendar
    ("yesterday", "2016-08-15", "publication_date"),
    ("today", "2016-08-16", "publication_date"),
    ("tonight", "2016-08-16", "publication_date"),
    ("yesterday afternoon", "2016-08-15", "publication_date"),
    ("last night", "2016-08-15", "publication_date"),
    ("last week", "2016-W32", "publication_date"),
    ("earlier this week", "2016-W33", "publication_date"),
    ("earlier this month", "2016-08", "publication_date"),
    ("last month", "2016-07", "publication_date"),
    ("late last year", "2015", "publication_date"),
    ("this year", "2016", "publication_date"),
    ("next year", "2017", "publication_date"),
    ("last summer", "2015-22", "publication_date"),
    ("the weekend", "2016-08-13/2016-08-14", "publication_date"),
    ("two days ago", "2016-08-14", "publication_date"),
    ("two weeks ago", "2016-W31", "publication_date"),
    ("three months ago", "2016-05", "publication_date"),
    ("a year ago", "2015", "publication_date"),
    ("the past two weeks", "2016-08-02/2016-08-16", "publication_date"),
    ("the past three months", "2016-05/2016-08", "publication_date"),
    # counted from something else, or vague
    ("two days later", None, "unresolved"),
    ("one day after", None, "unresolved"),
    ("the next day", None, "unresolved"),
    ("the same day", None, "unresolved"),
    ("several years ago", None, "unresolved"),
    ("five hours ago", None, "unresolved"),
    ("the last harvest moon", None, "unresolved"),
]

OTHER_LANGUAGES = [
    ("de", "16. August 2016", "2016-08-16", "stated"),
    ("de", "im Oktober 2015", "2015-10", "stated"),
    ("de", "Dienstag", "2016-08-16", "publication_date"),
    ("de", "Montagabend", "2016-08-15", "publication_date"),
    ("de", "letzte Woche", "2016-W32", "publication_date"),
    ("de", "vor zwei Tagen", "2016-08-14", "publication_date"),
    ("de", "zwei Tage später", None, "unresolved"),
    ("fr", "16 août 2016", "2016-08-16", "stated"),
    ("fr", "les années 1990", "199X", "stated"),
    ("fr", "mardi", "2016-08-16", "publication_date"),
    ("fr", "hier soir", "2016-08-15", "publication_date"),
    ("fr", "le 1er mai", "2016-05-01", "publication_date"),
    ("fr", "l'année dernière", "2015", "publication_date"),
    ("fr", "il y a deux jours", "2016-08-14", "publication_date"),
    ("es", "16 de agosto de 2016", "2016-08-16", "stated"),
    ("es", "octubre de 2015", "2015-10", "stated"),
    ("es", "el lunes", "2016-08-15", "publication_date"),
    ("es", "la semana pasada", "2016-W32", "publication_date"),
    ("es", "hace dos días", "2016-08-14", "publication_date"),
    ("pt", "16 de agosto de 2016", "2016-08-16", "stated"),
    ("pt", "segunda-feira", "2016-08-15", "publication_date"),
    ("pt", "o ano passado", "2015", "publication_date"),
    ("pt", "há dois dias", "2016-08-14", "publication_date"),
]


@pytest.mark.parametrize(("expression", "value", "basis"), RESOLVED)
def test_resolves_english(expression: str, value: str | None, basis: str) -> None:
    resolved = resolve_time(expression, published=TUESDAY, language="en")
    assert resolved == (value, basis)


@pytest.mark.parametrize(("expression", "value", "basis"), RESOLVED[:40])
def test_language_may_be_unknown(
    expression: str, value: str | None, basis: str
) -> None:
    assert resolve_time(expression, published=TUESDAY) == (value, basis)


@pytest.mark.parametrize(("language", "expression", "value", "basis"), OTHER_LANGUAGES)
def test_resolves_other_languages(
    language: str, expression: str, value: str | None, basis: str
) -> None:
    resolved = resolve_time(expression, published=TUESDAY, language=language)
    assert resolved == (value, basis)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("Tuesday", "2016-08-16"),
        ("Friday", "2016-08-19"),
        ("July 15", "2017-07-15"),
        ("December", "2016-12"),
        ("August", "2016-08"),
    ],
)
def test_future_tense_looks_ahead(expression: str, value: str) -> None:
    resolved = resolve_time(expression, published=TUESDAY, tense="future")
    assert resolved == (value, "publication_date")


@pytest.mark.parametrize("expression", ["Tuesday", "yesterday", "July 15", "last week"])
@pytest.mark.parametrize("published", [None, "no date", "2016-08"])
def test_nothing_is_reckoned_without_a_publication_date(
    expression: str, published: str | None
) -> None:
    resolved = resolve_time(expression, published=published)
    assert resolved == (None, "unresolved")


def test_full_date_needs_no_publication_date() -> None:
    resolved = resolve_time("May 3, 2014", published=None)
    assert resolved == ("2014-05-03", "stated")


@pytest.mark.parametrize("language", ["it", "xx"])
def test_language_without_grammar_is_left_to_the_library(language: str) -> None:
    expected = ("2016-08-16", "stated") if language == "it" else (None, "unresolved")
    resolved = resolve_time("16 agosto 2016", published=None, language=language)
    assert resolved == expected


def found(text: str, language: str | None = None) -> list[str]:
    return [place.of(text) for place in find_times(text, language=language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The ferry sank Tuesday off Velmora.", ["Tuesday"]),
        ("It opened on August 16, 2016, at noon.", ["August 16, 2016, at noon"]),
        (
            "She left in October 2015 and again on 16 August.",
            ["October 2015", "16 August"],
        ),
        (
            "They met last week and, two days later, parted.",
            ["last week", "two days later"],
        ),
        ("By the 1990s, and since 2015, it was closed.", ["the 1990s", "2015"]),
        ("He resigned earlier this month.", ["earlier this month"]),
        ("Voting begins at 9 a.m. on Friday.", ["9 a.m. on Friday"]),
        (
            "Monday morning was calm; next year may not be.",
            ["Monday morning", "next year"],
        ),
        ("Lava flowed on the night of July 4.", ["the night of July 4"]),
        ("The mill burned in March.", ["March"]),
        ("A wall fell on 23 Aug 88 in Port Quillan.", ["23 Aug 88"]),
        ("Prices rose over the weekend.", ["the weekend"]),
    ],
)
def test_finds(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "They may march in the march for a second time.",
        "The Sunday Times and the Friday Club agreed.",
        "April Brandt met Theresa May and Mr. March.",
        "It took 23 men and 2,015 sacks, at $2015 each.",
        "Of 2015 votes, 1990 people cast theirs.",
        "The Black Friday sale drew crowds.",
        "Room 1984 and bus 12 were empty.",
    ],
)
def test_leaves_alone(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "de",
            "Am Dienstag, im Oktober 2015 und vor zwei Tagen.",
            ["Dienstag", "Oktober 2015", "vor zwei Tagen"],
        ),
        (
            "fr",
            "Il est venu mardi, en octobre 2015 et il y a deux jours.",
            ["mardi", "octobre 2015", "il y a deux jours"],
        ),
        (
            "es",
            "Vino el martes, en octubre de 2015 y hace dos días.",
            ["el martes", "octubre de 2015", "hace dos días"],
        ),
        (
            "pt",
            "Veio na terça-feira, em outubro de 2015 e há dois dias.",
            ["terça-feira", "outubro de 2015", "há dois dias"],
        ),
    ],
)
def test_finds_in_other_languages(
    language: str, text: str, expected: list[str]
) -> None:
    assert found(text, language) == expected


def test_language_is_guessed() -> None:
    text = "Der Rat von Velmora hat am Dienstag nicht mit den Fischern gesprochen."
    assert found(text) == ["Dienstag"]


def test_looks_only_between_start_and_end() -> None:
    text = "On Monday it rained. On Tuesday it snowed."
    assert [p.of(text) for p in find_times(text, 21)] == ["Tuesday"]
    assert [p.of(text) for p in find_times(text, 0, 20)] == ["Monday"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Published: 2016-08-16\n\nA ferry sank.", "2016-08-16"),
        ("Ferry sinks\nPublished on August 16, 2016\nIt sank.", "2016-08-16"),
        ("VELMORA, 16 August 2016 (Kestrel News) - A ferry sank.", "2016-08-16"),
        ("VELMORA, Aug. 16 (Kestrel News) - A ferry sank.", None),
        ("A ferry that was built on August 16, 2016 sank.", None),
        ("Published: October 2015\nA ferry sank.", None),
        ("", None),
    ],
)
def test_publication_date(text: str, expected: str | None) -> None:
    assert find_published(text) == expected
