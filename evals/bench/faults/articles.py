"""Articles of our own making, as many as are wanted, each known by its number.

Every one holds a quotation whose speaker the rules are in doubt of, so that reading its
quotes costs one question. The number stands in the text (`berth 004711`), so that the
server knows which article a request is about, whoever asks.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

TAG = re.compile(r"[Bb]erth (\d{7})")
"""The number of an article, in whatever prompt it stands."""
QUOTATION = re.compile(r"“([^”]*[Bb]erth \d{7}[^”]*)”")
"""The quotation that every article has, in whatever prompt it stands."""

_TOWNS = "Lomvik Tarnholm Verrin Oskeby Maldry Quenth Isterby Halvane".split()
_FIRST = "Ada Nils Vera Tomas Ilse Jorun Pavel Mirja Edvin Salka Orla".split()
_LAST = "Brun Ekdal Lindqvar Sorrel Tavener Okkels Marsh Ruud Pellam".split()
_ROLES = (
    "the harbour master",
    "a dredging engineer",
    "the mayor",
    "head of the pilots' guild",
    "a spokeswoman for the ferry company",
)


def text_of(number: int) -> str:
    """The article with this number, about 600 characters."""

    def one_of(names: list[str], step: int) -> str:
        return names[number // step % len(names)]

    town = one_of(_TOWNS, 1)
    speaker = f"{one_of(_FIRST, 2)} {one_of(_LAST, 3)}"
    other = f"{one_of(_FIRST, 7)} {one_of(_LAST[::-1], 5)}"
    role = _ROLES[number // 11 % len(_ROLES)]
    return (
        f"{town.upper()} - The port of {town} closes berth {number:07d} on Monday for "
        f"repairs of the quay wall, the town council said.\n\n"
        f"“The wall has moved by {number % 89 + 2} centimetres since spring,” said "
        f"{speaker}, {role}.\n\n"
        f"{other}, who runs a chandlery on the quay, met {speaker} on Friday. "
        f"“Nobody told us that berth {number:07d} would be shut before the autumn "
        f"fair, and half of our trade comes in there.”\n\n"
        f"The council expects the work to take {number % 13 + 3} weeks and to cost "
        f"{number % 700 + 120},000 crowns. Ships will be sent to the north basin, "
        f"where {number % 5 + 2} berths are free."
    )


def write(path: Path, count: int) -> Path:
    """Write articles 0 to `count` as JSONL, the number as id.

    Returns:
        The path.
    """
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            entry = {"id": f"{number:07d}", "text": text_of(number)}
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
    return path


def read(path: Path) -> Iterator[tuple[int, str]]:
    """The numbers and texts of such a file."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            entry = json.loads(line)
            yield int(entry["id"]), entry["text"]
