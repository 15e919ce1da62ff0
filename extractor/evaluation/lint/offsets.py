"""Spans against their text, one at a time, so that one fault does not hide others.

Offsets are 0-based, half-open code points of the article's text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from extractor.grounding.folding import joins

LISTS: Final = ("entities", "quotes", "claims", "events", "exempt")
"""Where a gold file keeps its items."""

SHOWN = 40
"""Characters shown of a span."""
_PLACES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a span."""

    code: str
    message: str
    remedy: str
    mended: tuple[int, int] | None = None
    """Offsets that are right beyond doubt."""


def find_fault(text: str, start: int, end: int, stated: str) -> Fault | None:
    """What is wrong with a span, if anything.

    Args:
        text: the article.
        start: first code point.
        end: one past the last.
        stated: what the label says the text is there.
    """
    if not stated or start < 0 or text[start:end] != stated:
        return _slipped(text, start, end, stated)
    if stated[0].isspace() or stated[-1].isspace():
        return _padded(start, end, stated)
    for at in (start, end):
        if 0 < at < len(text) and _cuts(text[at - 1], text[at]):
            return Fault(
                "E3",
                f"{stated[:SHOWN]!r} at {start}..{end} cuts a character in two at {at}",
                "take in the whole character, with its accents",
            )
    return None


def _slipped(text: str, start: int, end: int, stated: str) -> Fault:
    if not stated:
        return Fault("E2", f"the span {start}..{end} is empty", "label its words")
    found = text[max(0, start) : max(0, end)]
    message = f"the text at {start}..{end} is {found[:SHOWN]!r}, not {stated[:SHOWN]!r}"
    if start >= 0 and text.startswith(stated, start):
        at = start, start + len(stated)
        return Fault("E2", message, f"set the end to {at[1]} (--fix does)", at)
    whole = rf"(?<!\w){re.escape(stated)}(?!\w)"
    anywhere = [m.start() for m in re.finditer(f"(?={re.escape(stated)})", text)]
    if len(anywhere) == 1 and re.search(whole, text):
        at = anywhere[0], anywhere[0] + len(stated)
        return Fault("E2", message, f"set it to {at[0]}..{at[1]} (--fix does)", at)
    if not anywhere:
        return Fault("E2", message, "the text has no such words: label it anew")
    places = ", ".join(map(str, anywhere[:_PLACES_SHOWN]))
    more = ", ..." if len(anywhere) > _PLACES_SHOWN else ""
    return Fault("E2", message, f"the words stand at {places}{more}: choose one")


def _padded(start: int, end: int, stated: str) -> Fault:
    message = f"{stated[:SHOWN]!r} at {start}..{end} begins or ends with white space"
    core = stated.strip()
    if not core:
        return Fault("E3", message, "it is nothing else: label it anew")
    first = start + len(stated) - len(stated.lstrip())
    at = first, first + len(core)
    return Fault("E3", message, f"set it to {at[0]}..{at[1]} (--fix does)", at)


def _cuts(left: str, right: str) -> bool:
    """Whether two code points are parts of one character."""
    pair = "\ud800" <= left <= "\udbff" and "\udc00" <= right <= "\udfff"
    return pair or joins(left, right)


def raw_spans(content: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every span of a gold file's JSON as it stands there, with its item's name.

    What has whole numbers and a string where a span has them counts as one, however
    wrong they are.
    """
    own = content.get("items")
    own = {f"items.{name}": own[name] for name in own} if isinstance(own, dict) else {}
    lists = {key: content.get(key) for key in LISTS} | own
    for key, items in lists.items():
        for index, item in enumerate(items if isinstance(items, list) else []):
            name = item_name(lists, key, index)
            yield from ((name, span) for span in _walk(item))


def item_name(content: dict[str, Any], key: str, index: int) -> str:
    """The id of an item, or its place in the file if it has none."""
    item = content[key][index]
    name = item.get("id") if isinstance(item, dict) else None
    return name if name and isinstance(name, str) else f"{key}[{index}]"


def _walk(node: object) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if node.keys() == {"start", "end", "text"} and _is_span(node):
            yield node
        else:
            for value in node.values():
                yield from _walk(value)
    elif isinstance(node, list):
        for value in node:
            yield from _walk(value)


def _is_span(node: dict[str, Any]) -> bool:
    return (
        type(node["start"]) is int
        and type(node["end"]) is int
        and isinstance(node["text"], str)
    )
