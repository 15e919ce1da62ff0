"""A comparison as Markdown, for the description of a pull request.

What comes from an article, a file name or a model stands in code spans or is escaped:
nothing in it can become markup, a link or a mention of somebody.
"""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from extractor.evaluation.comparison.changes import ItemChange
from extractor.evaluation.notation import counted, interval, number, p_value, signed
from extractor.report import clean

if TYPE_CHECKING:
    from extractor.evaluation.comparison.result import Comparison, FigureChange

LISTED: Final = 20
"""Broken items that are listed; the page has them all."""
_WORDS: Final = 120
"""Characters of an item that are shown."""
_MARKS = re.compile(r"[\\`*_{}\[\]<>#|~&]")
_HEADINGS: Final = {
    "pass": "✅ pass",
    "regression": "❌ regression",
    "inconclusive": "⚠️ inconclusive",
    "incomparable": "❌ not comparable",
}


def write_markdown(comparison: "Comparison") -> str:
    """The summary, with a final line end."""
    return "\n".join(_lines(comparison)) + "\n"


def _lines(comparison: "Comparison") -> Iterator[str]:
    decision = comparison.decision
    yield f"### {_code(comparison.metric)}: {_HEADINGS[decision.verdict]}"
    yield ""
    yield _prose(decision.sentence)
    yield ""
    yield "| | run | model | gold |"
    yield "|---|---|---|---|"
    for role, run in (("BASE", comparison.base), ("NEW", comparison.new)):
        hash_ = (run.gold_hash or "")[:12]
        yield f"| {role} | {_code(run.name)} | {_code(run.model)} | {_code(hash_)} |"
    if decision.verdict == "incomparable":
        return
    yield ""
    yield from _figures(comparison.figures)
    yield ""
    yield (
        f"{comparison.count('broken')} broken, {comparison.count('fixed')} fixed, "
        f"{comparison.count('changed')} wrong in another way, "
        f"{comparison.count('wrong')} wrong as before. {comparison.power}"
    ).rstrip()
    broken = [item for item in comparison.items if item.change == "broken"]
    if broken:
        yield ""
        yield from _broken(broken)


def _figures(figures: "Iterable[FigureChange]") -> Iterator[str]:
    yield "| F1 | BASE | NEW | Δ | 95 % interval | p |"
    yield "|---|--:|--:|--:|:-:|--:|"
    for place, figure in enumerate(figures):
        difference = figure.difference
        cells = [
            _code(figure.name) if place else f"**{_code(figure.name)}**",
            number(figure.base),
            number(figure.new),
            signed(difference.estimate),
            interval(difference),
            p_value(figure.p),
        ]
        yield f"| {' | '.join(cells)} |"
    yield ""
    yield "The first measure decides; the p-values of the others are Holm's."


def _broken(items: list[ItemChange]) -> Iterator[str]:
    yield f"<details><summary>{counted(len(items), 'broken item')}</summary>"
    yield ""
    yield "| item | layer | was | is | words |"
    yield "|---|---|---|---|---|"
    for item in items[:LISTED]:
        was, now = item.classes
        name = _code(item.name) + (" (must pass)" if item.must_pass else "")
        words = _code(item.text)
        yield f"| {name} | {item.layer} | {_code(was)} | {_code(now)} | {words} |"
    if len(items) > LISTED:
        yield ""
        yield f"and {len(items) - LISTED} more."
    yield ""
    yield "</details>"


def _prose(text: str) -> str:
    """A sentence in which every mark stands for itself."""
    escaped = _MARKS.sub(r"\\\g<0>", clean(text))
    return escaped.replace("@", "@\u200b")


def _code(text: str | None) -> str:
    """A code span of one line that nothing in the text can end."""
    line = clean(text or "")
    if len(line) > _WORDS:
        line = line[: _WORDS - 1] + "…"
    if not line:
        return ""
    longest = max(map(len, re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if "`" in (line[0], line[-1]) else ""
    return f"{fence}{pad}{line}{pad}{fence}".replace("|", "\\|")
