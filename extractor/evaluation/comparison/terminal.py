"""A comparison as a listing for the terminal."""

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from extractor.evaluation.comparison.changes import ItemChange
from extractor.evaluation.notation import interval, number, p_value, signed
from extractor.report import clean

if TYPE_CHECKING:
    from extractor.evaluation.comparison.result import Comparison

LISTED: Final = 20
"""Broken items that are listed."""
_STYLES: Final = {
    "pass": "bold green",
    "regression": "bold red",
    "inconclusive": "bold yellow",
    "incomparable": "bold red",
    "gain": "green",
    "loss": "red",
}


def write_table(comparison: "Comparison", width: int, color: bool) -> str:
    """Verdict, figures, broken items, as `Comparison.table` promises them."""
    buffer = io.StringIO()
    console = Console(
        file=buffer,
        width=width,
        color_system="standard" if color else None,
        force_terminal=color,
        markup=False,
        highlight=False,
        emoji=False,
        legacy_windows=False,
    )
    for part in _parts(comparison, width):
        console.print(part)
    text = buffer.getvalue()
    return text if color else re.sub(r"[ ]+$", "", text, flags=re.M)


def _parts(comparison: "Comparison", width: int) -> Iterator[RenderableType]:
    decision = comparison.decision
    for role, run in (("BASE", comparison.base), ("NEW", comparison.new)):
        model = f" ({clean(run.model)})" if run.model else ""
        yield Text(f"{role:<5}{clean(run.name)}{model}")
    if comparison.figures:
        yield Text()
        yield _figures(comparison)
        yield Text()
        yield Text(
            f"{comparison.count('broken')} broken, {comparison.count('fixed')} fixed, "
            f"{comparison.count('changed')} wrong in another way, "
            f"{comparison.count('wrong')} wrong as before"
        )
    broken = [item for item in comparison.items if item.change == "broken"]
    if broken:
        yield Text()
        yield Text("Broken:", "bold")
        yield from _broken(broken, width)
    yield Text()
    verdict = decision.verdict.upper()
    yield Text(f"{verdict}: {decision.sentence}", _STYLES[decision.verdict])
    if decision.verdict == "inconclusive" and comparison.power:
        yield Text(comparison.power)


def _figures(comparison: "Comparison") -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("F1", no_wrap=True)
    for heading in ("BASE", "NEW", "Δ", "95 % interval", "p", "articles"):
        table.add_column(heading, justify="right", no_wrap=True)
    for place, figure in enumerate(comparison.figures):
        difference = figure.difference
        table.add_row(
            Text(figure.name, "" if place else "bold"),
            number(figure.base),
            number(figure.new),
            Text(signed(difference.estimate), _STYLES.get(figure.direction, "")),
            interval(difference),
            p_value(figure.p),
            str(difference.articles),
        )
    return table


def _broken(items: list[ItemChange], width: int) -> Iterator[Text]:
    """A line for each item, cut at the end where the words are."""
    shown = items[:LISTED]
    names = [clean(i.name) + (" (must pass)" if i.must_pass else "") for i in shown]
    fates = [" → ".join(item.classes) for item in shown]
    name_width, fate_width = max(map(cell_len, names)), max(map(len, fates))
    for name, fate, item in zip(names, fates, shown, strict=True):
        gap = " " * (name_width - cell_len(name))
        line = Text(f"{name}{gap}  {fate:<{fate_width}}  {clean(item.text)}")
        line.truncate(width, overflow="ellipsis")
        yield line
    if len(items) > LISTED:
        yield Text(f"and {len(items) - LISTED} more")
