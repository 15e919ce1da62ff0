"""Events in the order of their dates, which are EDTF and no finer than the article.

A month stands before its days and a year before its months, since nobody knows when in
it something happened.
"""

import re
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from extractor.report.findings import Item

_DAY: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d)(?::\d\d)?)?")
_MONTH: Final = re.compile(r"(\d{4})-(\d\d)")
_DECADE: Final = re.compile(r"(\d{3})X")
_MONTHS: Final = (
    "January February March April May June July August September October November "
    "December"
).split()
_SEASONS: Final = {"21": "spring", "22": "summer", "23": "autumn", "24": "winter"}


@dataclass(frozen=True)
class Stop:
    """What stands at one date."""

    value: str
    """EDTF; empty where no date is known."""
    written: str
    events: list[Item]
    is_publication: bool = False


def timeline(events: list[Item], published: str | None) -> list[Stop]:
    """The stops of a time line; events without a date come last.

    Args:
        events: items of events.
        published: the day of publication, which gets its place among them.
    """
    dated = sorted((e for e in events if _value(e)), key=_order)
    stops = [
        Stop(value, written(value), list(same), value == published)
        for value, same in groupby(dated, key=_value)
    ]
    if published and stops and not any(stop.is_publication for stop in stops):
        stops.append(Stop(published, written(published), [], is_publication=True))
        stops.sort(key=lambda stop: _sortable(stop.value))
    undated = [event for event in events if not _value(event)]
    return [*stops, *([Stop("", "no date", undated)] if undated else [])]


def written(value: str) -> str:
    """An EDTF value as one writes it, `13 May 2024`; of another form, itself.

    Args:
        value: `2024-05-13`, `2024-05`, `2024-22`, `202X`, or two joined by `/`.
    """
    if value.count("/") == 1:
        return " – ".join(_written_end(end) for end in value.split("/"))
    return _written_end(value)


def _written_end(value: str) -> str:
    if not value or value == "..":
        return "…"
    if day := _DAY.fullmatch(value):
        time = f", {day[4]}" if day[4] else ""
        return f"{int(day[3])} {_month(day[2])} {day[1]}{time}"
    if month := _MONTH.fullmatch(value):
        return f"{_SEASONS.get(month[2]) or _month(month[2])} {month[1]}"
    if decade := _DECADE.fullmatch(value):
        return f"{decade[1]}0s"
    return value


def _month(number: str) -> str:
    return _MONTHS[int(number) - 1] if 1 <= int(number) <= 12 else number


def _value(item: Item) -> str:
    time = item.record.time
    return (time.value or "") if time else ""


def _order(item: Item) -> tuple[str, str, int]:
    return (*_sortable(_value(item)), item.record.trigger.start)


def _sortable(value: str) -> tuple[str, str]:
    begin = value.partition("/")[0].strip(".") or value.partition("/")[2]
    return begin.replace("X", "0"), value
