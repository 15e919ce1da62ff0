"""Quotations: the regions between quotation marks.

Marks are matched within their paragraph, family by family, with one stack, in linear
time. A mark's role follows from its glyph where that is telling and from its
surroundings where it is not: a mark after a space and before a letter opens. Marks of
one family match whatever their glyph, so a quotation opened curly may close straight.
Recovery is at the paragraph's end: an unclosed quotation ends there.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from extractor.segmentation.model import Quotation, Range

Family = Literal["double", "single", "guillemet", "angle", "corner", "white corner"]
Role = Literal["open", "close", "either"]

_MARK = re.compile(r"``|''|[\"“”„‟＂〝〞〟'‘’‚‛＇«»‹›「」『』﹁﹂﹃﹄]")
_RUN = re.compile(rf"(?:{_MARK.pattern})+")
_FAMILIES: dict[Family, str] = {
    "double": "\"“”„‟＂〝〞〟``''",
    "single": "'‘’‚‛＇",
    "guillemet": "«»",
    "angle": "‹›",
    "corner": "「」﹁﹂",
    "white corner": "『』﹃﹄",
}
_FAMILY = {glyph: family for family, glyphs in _FAMILIES.items() for glyph in glyphs}
_FAMILY |= {"``": "double", "''": "double"}
_OPENING = frozenset("„‟‚‛〝「『﹁﹃") | {"``"}
_CLOSING = frozenset("〞〟」』﹂﹄")
_BEFORE_OPENING = frozenset(
    "([{<¿¡/—–-―\u200b\u200e\u200f\u202a\u202b\u202d\u202e\ufeff"
)
_AFTER_CLOSING = frozenset(")]}>,.;:!?…/—–-―。，、！？；：")
_TAG = re.compile(r"</?[A-Za-z][\w-]*(?:\s[^<>]{0,2000})?/?>")
_CJK = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_FEET = re.compile(r"\d['’′] ?\d{1,2}(?:\.\d+|[½¼¾])?$")
_ELISION = re.compile(
    r"(?:\d\ds?|em|n|til|till|tis|twas|twere|twill|cause|cuz|bout|round|neath|gainst"
    r"|nuff|fraid|ere|tude|hood|kay|sup|cos|coz|ol)\b(?!-)",
    re.IGNORECASE,
)
_WEAK_END = re.compile(r"(?:[sSzZxX]|[a-z]in|\d|\b[oOn])$")


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    glyph: str
    family: Family
    role: Role
    weak: bool = False
    """Closes, if at all, as an apostrophe (dogs', goin') or an inch mark (5") might."""


@dataclass(frozen=True, slots=True)
class _Pair:
    opening: _Mark
    closing: _Mark | None
    """None: left open, the paragraph's end closes it."""


def find_quotations(text: str, paragraphs: Sequence[Range]) -> tuple[Quotation, ...]:
    """Find the quotations of a text.

    Args:
        text: the text.
        paragraphs: its paragraphs, in order.

    Returns:
        Quotations in order of their opening mark, nested or disjoint. `continues`
        links one that reopens, at the start of a paragraph, what the paragraph
        before left open.
    """
    style = _Style.of(text)
    marks = [_find_marks(text, paragraph, style) for paragraph in paragraphs]
    quotations: list[Quotation] = []
    open_before: _Mark | None = None
    continued: str | None = None
    for index, paragraph in enumerate(paragraphs):
        own = _reopen(marks[index], paragraph, open_before)
        reopened = None
        if index + 1 < len(paragraphs):
            reopened = _leads(marks[index + 1], paragraphs[index + 1])
        pairs = _match(text, own, paragraph, reopened)
        added = _number(pairs, paragraph, len(quotations) + 1)
        leads = bool(added) and added[0].start == paragraph.start
        if open_before and leads and own[0].family == open_before.family:
            added[0] = replace(added[0], continues=continued)
        quotations += added
        open_before, continued = None, None
        for pair, quotation in zip(pairs, added, strict=True):
            if pair.closing is None:
                open_before, continued = pair.opening, quotation.id
                break
    return tuple(quotations)


@dataclass(frozen=True, slots=True)
class _Style:
    """What the text as a whole says about its marks."""

    reversed_guillemets: bool
    """»so« rather than «so»."""
    opening_single: bool
    """‘ is used, so ’ never opens."""

    @classmethod
    def of(cls, text: str) -> "_Style":
        signs: dict[Role, int] = {"open": 1, "close": -1, "either": 0}
        score = 0
        for found in re.finditer("[«»‹›]", text):
            role = _role_by_context(text, *found.span())
            score += signs[role] * (1 if found[0] in "«‹" else -1)
        return cls(
            reversed_guillemets=score < 0,
            opening_single="‘" in text,
        )


def _role_by_context(text: str, start: int, end: int) -> Role:
    """The role of the mark, or run of marks, at `start:end` by what surrounds it."""
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    opens = before.isspace() or before in _BEFORE_OPENING
    closes = after.isspace() or after in _AFTER_CLOSING
    if opens and text.startswith(("..", "…"), end):
        closes = False
    if opens == closes:
        return "either"
    return "open" if opens else "close"


def _find_marks(text: str, paragraph: Range, style: _Style) -> list[_Mark]:
    marks: list[_Mark] = []
    tags = _tagged(text, paragraph)
    for run in _RUN.finditer(text, paragraph.start, paragraph.end):
        if run.start() in tags:
            continue
        context = _role_by_context(text, run.start(), run.end())
        if context == "either" and run.start() == paragraph.start:
            context = "open"
        for found in _MARK.finditer(text, run.start(), run.end()):
            mark = _read_mark(text, found, run, context, style)
            if mark:
                marks.append(mark)
    return marks


def _tagged(text: str, paragraph: Range) -> set[int]:
    """Offsets of the marks inside HTML tags, where they surround attributes."""
    return {
        tag.start() + mark.start()
        for tag in _TAG.finditer(text, paragraph.start, paragraph.end)
        for mark in _MARK.finditer(tag[0])
    }


def _read_mark(
    text: str,
    found: re.Match[str],
    run: re.Match[str],
    context: Role,
    style: _Style,
) -> _Mark | None:
    """The mark as far as it can be told without its partners; None for apostrophes."""
    glyph = found[0]
    family = _FAMILY[glyph]
    start, end = found.span()
    role: Role | None
    if glyph in _OPENING or glyph in _CLOSING:
        role = "open" if glyph in _OPENING else "close"
    elif family in ("guillemet", "angle"):
        role = _guillemet_role(glyph, context, style)
    elif family == "single":
        role = _single_role(text, found, run, context, style)
    else:
        usual: dict[str, Role] = {"“": "open", "”": "close"}
        role = usual.get(glyph, "either") if context == "either" else context
        if glyph != "“" and _FEET.search(text, max(0, start - 8), start):
            role = None
    if role is None:
        return None
    weak = _is_weak(text, start, end, family, glyph) and role != "open"
    return _Mark(start, end, glyph, family, role, weak)


def _guillemet_role(glyph: str, context: Role, style: _Style) -> Role:
    if context != "either":
        return context
    opens = (glyph in "«‹") != style.reversed_guillemets
    return "open" if opens else "close"


def _single_role(
    text: str,
    found: re.Match[str],
    run: re.Match[str],
    context: Role,
    style: _Style,
) -> Role | None:
    glyph = found[0]
    before = text[run.start() - 1] if run.start() else " "
    after = text[run.end()] if run.end() < len(text) else " "
    if _CJK.match(before) or _CJK.match(after):
        by_glyph: dict[str, Role] = {"‘": "open", "’": "close"}
        return by_glyph.get(glyph, context)
    if before.isalnum() and after.isalnum() and len(run[0]) == 1:
        return None
    if context == "open" and _ELISION.match(text, found.end()):
        return None
    if context == "either" and before.isspace() and after.isspace():
        return None
    if glyph == "’" and context == "open" and style.opening_single:
        return None
    return context


def _is_weak(text: str, start: int, end: int, family: Family, glyph: str) -> bool:
    after = text[end] if end < len(text) else "."
    if family == "single":
        if not (after.isspace() or after in "—–-"):
            return False
        return _WEAK_END.search(text, max(0, start - 4), start) is not None
    return glyph == '"' and start > 0 and text[start - 1].isdigit() and after.isspace()


def _reopen(
    marks: list[_Mark], paragraph: Range, open_before: _Mark | None
) -> list[_Mark]:
    """Read a closing guillemet that starts a paragraph as reopening the quotation."""
    if not (marks and open_before and marks[0].start == paragraph.start):
        return marks
    if marks[0].family != open_before.family or marks[0].role == "open":
        return marks
    return [replace(marks[0], role="open"), *marks[1:]]


def _leads(marks: Sequence[_Mark], paragraph: Range) -> Family | None:
    """The family of the mark that starts the paragraph, if one does."""
    if not marks or marks[0].start != paragraph.start:
        return None
    if marks[0].role == "close" and marks[0].family not in ("guillemet", "angle"):
        return None
    return marks[0].family


def _match(
    text: str, marks: list[_Mark], paragraph: Range, reopened: Family | None
) -> list[_Pair]:
    """Pair the marks of a paragraph, in order of their opening mark."""
    pairs, unclosed, strays = _match_by_role(marks)
    doubles = [mark for mark in unclosed if mark.family == "double"]
    if doubles and len(doubles) + strays >= 2:
        alternating = _alternate(marks, doubles[0].start)
        again = _match_by_role(alternating or marks)
        if not any(mark.family == "double" for mark in again[1]) and not again[2]:
            pairs, unclosed, _ = again
    kept = _keep_unclosed(text, unclosed, marks, paragraph, reopened)
    pairs += [_Pair(mark, None) for mark in kept]
    return sorted(pairs, key=lambda pair: pair.opening.start)


def _match_by_role(marks: Sequence[_Mark]) -> tuple[list[_Pair], list[_Mark], int]:
    """Pairs, openings left without a closing, and the number of stray closings."""
    pairs: list[_Pair] = []
    stack: list[_Mark] = []
    depth: Counter[Family] = Counter()
    strays = 0
    firm = _firm_closings(marks)
    for index, mark in enumerate(marks):
        if _opens(mark, stack, depth):
            stack.append(mark)
            depth[mark.family] += 1
            continue
        if not depth[mark.family]:
            strays += mark.family == "double"
            continue
        if mark.weak and firm[index] and depth[mark.family] == 1:
            continue
        if mark.family == "single" and stack[-1].family != "single":
            continue
        # Whatever opened since is no quotation: an apostrophe, a stray mark.
        while (opening := stack.pop()).family != mark.family:
            depth[opening.family] -= 1
        depth[mark.family] -= 1
        if opening.end < mark.start:
            pairs.append(_Pair(opening, mark))
    return pairs, stack, strays


def _opens(mark: _Mark, stack: Sequence[_Mark], depth: Counter[Family]) -> bool:
    if mark.role == "either":
        return not depth[mark.family]
    if mark.role == "close":
        return False
    if not depth[mark.family]:
        return True
    # ” and ’ open only where nothing is open; “ closes what „ opened.
    return mark.glyph not in "”’"


def _firm_closings(marks: Sequence[_Mark]) -> list[bool]:
    """For each mark, whether a sure closing of its family comes before an opening."""
    firm = [False] * len(marks)
    ahead: dict[Family, bool] = {}
    for index in range(len(marks) - 1, -1, -1):
        mark = marks[index]
        firm[index] = ahead.get(mark.family, False)
        if mark.role == "open" or mark.role == "either":
            ahead[mark.family] = False
        elif not mark.weak:
            ahead[mark.family] = True
    return firm


def _alternate(marks: Sequence[_Mark], start: int) -> list[_Mark] | None:
    """Let straight double marks open and close in turn, where spacing misled.

    Args:
        marks: the marks of a paragraph.
        start: the first opening that found no closing; marks before it stay.

    Returns:
        None where that is no better reading: their number is odd, some are curly,
        or the last opens by its surroundings.
    """
    doubles = [m for m in marks if m.family == "double" and m.start >= start]
    if len(doubles) % 2 or any(mark.glyph not in '"＂' for mark in doubles):
        return None
    if doubles[-1].role == "open" and len(doubles) > 2:
        return None
    roles: dict[int, Role] = {
        mark.start: "close" if number % 2 else "open"
        for number, mark in enumerate(doubles)
    }
    return [
        replace(mark, role=roles[mark.start], weak=False)
        if mark.start in roles
        else mark
        for mark in marks
    ]


def _keep_unclosed(
    text: str,
    unclosed: Sequence[_Mark],
    marks: Sequence[_Mark],
    paragraph: Range,
    reopened: Family | None,
) -> list[_Mark]:
    """The openings that the paragraph's end closes; the others are stray marks."""
    last = {mark.family: mark for mark in marks}
    kept = []
    for mark in unclosed:
        if mark.role != "open" or mark.end >= paragraph.end:
            continue
        goes_on = reopened == mark.family
        leads = mark.start == paragraph.start
        if mark.family == "single":
            # A lone single mark may be an apostrophe, unless speech can begin there.
            before = text[max(0, mark.start - 3) : mark.start].rstrip()[-1:]
            said = before in (":", ",", ".", "!", "?")
            keep = goes_on and (leads or (said and last["single"] is mark))
        else:
            keep = last[mark.family] is mark or (goes_on and leads)
        if keep:
            kept.append(mark)
    return kept


def _number(pairs: Sequence[_Pair], paragraph: Range, first_id: int) -> list[Quotation]:
    quotations: list[Quotation] = []
    around: list[Quotation] = []
    for number, pair in enumerate(pairs, first_id):
        inner_end = pair.closing.start if pair.closing else paragraph.end
        end = pair.closing.end if pair.closing else paragraph.end
        while around and around[-1].inner_end < end:
            around.pop()
        quotation = Quotation(
            id=f"Q{number}",
            start=pair.opening.start,
            end=end,
            inner_start=pair.opening.end,
            inner_end=inner_end,
            parent=around[-1].id if around else None,
        )
        quotations.append(quotation)
        around.append(quotation)
    return quotations
