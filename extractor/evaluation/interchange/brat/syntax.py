"""What brat's lines can hold, and how the rest is written in them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from urllib.parse import quote, unquote

from extractor.evaluation.interchange.regions import CLAIM, TIME, canonical

NOTES: Final = "AnnotatorNotes"
"""Type of the comment that brat's dialogue edits."""
BREAK: Final = re.compile("[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")
"""What cannot be in a line: whatever some reader takes for its end, and tabs."""

_RESERVED = re.compile(r"[\s:;%,|]")
_UNWRITABLE = re.compile("[\\\\\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")
_ESCAPED = re.compile(r"\\(\\|[nrt]|u[0-9a-f]{4})")
_LETTERS = {"\\": "\\", "\n": "n", "\r": "r", "\t": "t"}
_MEANT = {letter: char for char, letter in _LETTERS.items()}


def note_type(label: str, name: str) -> str:
    """The comment type for a value of a region with that label."""
    return NOTES if name == _noted(label) else name


def value_name(label: str, type_: str) -> str:
    """The inverse of `note_type`."""
    return _noted(label) if type_ == NOTES else type_


def _noted(label: str) -> str:
    return {CLAIM: "Wording", TIME: "Value"}.get(canonical(label) or "", "Note")


def encoded(name: str) -> str:
    """A type, role or id without the characters that separate such."""
    return _RESERVED.sub(lambda match: quote(match[0], safe=""), name)


decoded = unquote


def escaped(text: str) -> str:
    """A text as one line."""
    return _UNWRITABLE.sub(
        lambda m: "\\" + _LETTERS.get(m[0], f"u{ord(m[0]):04x}"), text
    )


def unescaped(line: str) -> str:
    """The inverse of `escaped`."""
    return _ESCAPED.sub(lambda m: _MEANT.get(m[1]) or chr(int(m[1][1:], 16)), line)


def numbered(roles: Iterable[str]) -> Iterator[str]:
    """Roles of one event, a repeated one with a number as brat has it: `Victim2`."""
    seen: dict[str, int] = {}
    for role in roles:
        seen[role] = seen.get(role, 0) + 1
        yield role if seen[role] == 1 else f"{role}{seen[role]}"


def unnumbered(roles: Sequence[str]) -> list[str]:
    """The inverse: a number is dropped where the role also comes without it."""
    return [_unnumbered(role, roles) for role in roles]


def _unnumbered(role: str, roles: Sequence[str]) -> str:
    cuts = range(len(role) - 1, len(role.rstrip("0123456789")) - 1, -1)
    for cut in cuts:
        if role[:cut] in roles and role[cut] != "0" and role[cut:] != "1":
            return role[:cut]
    return role
