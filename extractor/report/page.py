"""The page of an extraction: the article with what was found in it, beside a panel.

All is written here, so that the page can be read, printed and kept without scripts; its
script filters, and leads from the words to the findings and back.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any, Final

from pydantic import JsonValue

from extractor.report.characters import clean, counted
from extractor.report.findings import BASIS, Findings, Mark, rewords
from extractor.report.overlay import Piece, overlay
from extractor.report.places import Places, headline
from extractor.report.templating import page_environment
from extractor.report.timeline import timeline, written
from extractor.schema import Extraction, Provenance, Span

if TYPE_CHECKING:
    from jinja2 import Environment

_PACKAGE: Final = "extractor.report"
_RIGHT_TO_LEFT: Final = frozenset(
    "ar arc ckb dv fa ha he khw ks ku ps sd syr ug ur yi".split()
)
_DIFF: Final = re.compile(r"\[-(.*?)-\]|\{\+(.*?)\+\}", re.S)
_FRAME_HEIGHT: Final = 720
"""Of the page in a notebook, CSS pixels."""

Differences = list[tuple[str, str]]
"""What is kept, removed (`del`) or added (`ins`), and the words."""


def to_html(extraction: Extraction, *, back: str | None = None) -> str:
    """The page of one extraction, as an HTML document that needs no other file.

    Args:
        extraction: what to show.
        back: address of the index that the page belongs to.
    """
    document = extraction.document
    findings, places = Findings(extraction), Places(document)
    template = _environment().get_template("report.html.jinja")
    return template.render(
        {
            "title": headline(document),
            "found": extraction,
            "findings": findings,
            "tally": findings.tally(),
            "paragraphs": overlay(
                document.text, findings.stretches(), places.paragraphs
            ),
            "direction": direction(document.language),
            "places": places,
            "stops": timeline(findings.events, document.published),
            "facts": list(_facts(extraction)),
            "failures": _failures(extraction.provenance),
            "back": back,
        }
    )


def to_fragment(extraction: Extraction) -> str:
    """The page in a frame, for a notebook, under a line that stands without it.

    The frame has an origin of its own: its script sees nothing of the notebook, and no
    style of either reaches the other.
    """
    title = clean(headline(extraction.document))
    numbers = ", ".join(
        f"{many:,} {task}" for task, many in Findings(extraction).tally().items()
    )
    return (
        f"<p><b>{escape(title)}</b>: {escape(numbers)}</p>"
        f'<iframe title="Report: {escape(title)}" sandbox="allow-scripts" '
        f'style="width:100%;height:{_FRAME_HEIGHT}px;border:1px solid #8884" '
        f'srcdoc="{escape(to_html(extraction))}"></iframe>'
    )


def direction(language: str | None) -> str:
    """The direction of a language's script: `rtl`, `ltr`, or `auto` where unknown."""
    if not language:
        return "auto"
    return "rtl" if language.split("-")[0].lower() in _RIGHT_TO_LEFT else "auto"


def differences(diff: str) -> Differences:
    """The parts of a `Rejected.diff`: what the article has, and what the model made."""
    parts: Differences = []
    place = 0
    for match in _DIFF.finditer(diff):
        parts.append(("", diff[place : match.start()]))
        name = "del" if match[1] is not None else "ins"
        parts.append((name, match[1] if name == "del" else match[2]))
        place = match.end()
    parts.append(("", diff[place:]))
    return [(name, clean(words)) for name, words in parts if words.strip()]


def marks(piece: Piece[Mark]) -> str:
    """The items of a piece as the page's script reads them: `12:quote 40:claim`."""
    return " ".join(dict.fromkeys(f"{m.item.number}:{m.role}" for m in piece.owners))


def roles(piece: Piece[Mark]) -> str:
    """How a piece is drawn."""
    return " ".join(dict.fromkeys(mark.role for mark in piece.owners))


def ends(spans: list[Span]) -> str:
    """Where some spans are, as one may look it up."""
    return ", ".join(f"{span.start:,}-{span.end:,}" for span in spans)


def shown(value: JsonValue) -> str:
    """A value of a user's own model, as one reads it."""
    if value is None:
        return "—"
    if isinstance(value, str):
        return clean(value)
    return clean(json.dumps(value, ensure_ascii=False))


def _failures(provenance: Provenance) -> list[tuple[str, int]]:
    """What failed, with how often."""
    failed = Counter(f"{f.task} ({f.code}): {f.message}" for f in provenance.failures)
    return list(failed.items())


def _facts(extraction: Extraction) -> Iterator[tuple[str, str]]:
    """How the extraction came about, as names and values."""
    made, document = extraction.provenance, extraction.document
    engine = f" ({made.engine})" if made.engine else ""
    yield "model", f"{made.model}{engine}, {_ENDPOINTS[made.endpoint]}"
    if made.calls:
        retries = f", {made.retries:,} repeated" if made.retries else ""
        yield "calls", f"{counted(made.calls, 'call')}{retries}"
        usage = made.usage
        yield (
            "tokens",
            f"{usage.prompt_tokens:,} prompt ({usage.cached_tokens:,} from the cache), "
            f"{usage.completion_tokens:,} generated",
        )
    if made.seconds:
        yield "time", f"{made.seconds:,.1f} s"
    if made.cost is not None:
        yield "cost", f"{made.cost:,.4f}"
    for task, prompt in made.prompts.items():
        yield f"prompt of {task}", f"{prompt.id}, sha256 {prompt.sha256[:16]}…"
    yield from made.packages.items()
    if made.verdicts:
        yield "rejected", ", ".join(f"{n} {name}" for name, n in made.verdicts.items())
    if document.source:
        yield "article from", document.source
    if document.id != document.sha256:
        yield "article id", document.id
    yield "sha256 of its text", document.sha256
    yield "schema version", str(extraction.schema_version)


_ENDPOINTS: Final = {
    "embedded": "on this machine",
    "endpoint": "asked over the network",
    "rules": "rules alone, no model",
}


@cache
def _environment() -> "Environment":
    environment = page_environment(
        _PACKAGE, styles=("common.css", "report.css"), scripts=("report.js",)
    )
    tools: dict[str, Any] = {
        "basis": BASIS.__getitem__,
        "counted": counted,
        "differences": differences,
        "ends": ends,
        "marks": marks,
        "rewords": rewords,
        "roles": roles,
        "shown": shown,
        "written": written,
    }
    environment.filters |= tools
    return environment
