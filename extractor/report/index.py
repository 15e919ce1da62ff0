"""Many articles: a page each, and an index that searches all speakers and claims.

What the index searches is in it, as JSON; its script finds and lists. Without scripts
it is a table of the articles.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from extractor.report.characters import clean, counted
from extractor.report.findings import Findings
from extractor.report.page import to_html
from extractor.report.places import headline
from extractor.report.templating import page_environment
from extractor.report.timeline import written
from extractor.schema import Extraction
from extractor.writing import making

if TYPE_CHECKING:
    from jinja2 import Environment

INDEX: Final = "index.html"
_PAGE: Final = "{:04d}.html"
"""No headline or id of an article becomes a file name."""


@dataclass(frozen=True)
class Entry:
    """One article of the index."""

    page: str
    """File name of its page."""
    title: str
    source: str
    published: str
    words: int
    tally: dict[str, int]
    """How many items each task has."""
    worthy: int
    """Claims worth checking."""
    failures: int
    """Questions that failed."""
    speakers: list[tuple[str, str, int]]
    """Anchor and name of each speaker, and how many quotes are theirs."""
    claims: list[tuple[str, str, str, bool]]
    """Anchor of each claim, what it says, who makes it, and whether it is worth
    checking."""


def write_pages(
    folder: Path, extractions: Iterable[Extraction], failures: Iterable[str] = ()
) -> int:
    """Writes a page for each extraction, and their index as `index.html`.

    Args:
        folder: a new or empty one; it appears when all is written.
        extractions: taken one by one, so there may be many.
        failures: a sentence for each article without an extraction, asked for last.

    Returns:
        How many pages there are.

    Raises:
        UsageError: something is in the folder.
        OSError: it cannot be written.
    """
    entries = []
    with making(folder) as part:
        for number, extraction in enumerate(extractions, 1):
            entry = describe(extraction, number)
            page = to_html(extraction, back=INDEX)
            (part / entry.page).write_text(page, "utf-8", newline="\n")
            entries.append(entry)
        index = render_index(entries, list(failures))
        (part / INDEX).write_text(index, "utf-8", newline="\n")
    return len(entries)


def describe(extraction: Extraction, number: int) -> Entry:
    """What the index says of an article.

    Args:
        extraction: of the article.
        number: its place, from 1, which its page is named by.
    """
    document, findings = extraction.document, Findings(extraction)
    return Entry(
        page=_PAGE.format(number),
        title=clean(headline(document)),
        source=clean(document.source or document.id),
        published=written(document.published) if document.published else "",
        words=len(document.text.split()),
        tally=findings.tally(),
        worthy=sum(claim.check_worthy for claim in extraction.claims),
        failures=len(extraction.provenance.failures),
        speakers=[
            (person.anchor, findings.names[person.item.record.id], len(person.quotes))
            for person in findings.people
            if person.item
        ],
        claims=[
            (
                item.anchor,
                clean(item.record.text),
                findings.names[item.record.claimant],
                item.record.check_worthy,
            )
            for item in findings.claims
        ],
    )


def render_index(entries: list[Entry], failures: list[str]) -> str:
    """The index, as an HTML document that needs no file but the pages it leads to.

    Args:
        entries: the articles.
        failures: a sentence for each article without a page.
    """
    template = _environment().get_template("index.html.jinja")
    return template.render(
        {
            "title": counted(len(entries), "article"),
            "entries": entries,
            "failures": failures,
            "total": _total(entries),
            "data": {
                "pages": [[entry.page, entry.title] for entry in entries],
                "speakers": [
                    [number, *speaker]
                    for number, entry in enumerate(entries)
                    for speaker in entry.speakers
                ],
                "claims": [
                    [number, *claim]
                    for number, entry in enumerate(entries)
                    for claim in entry.claims
                ],
            },
        }
    )


def _total(entries: list[Entry]) -> dict[str, int]:
    total: dict[str, int] = {}
    for entry in entries:
        for task, many in entry.tally.items():
            total[task] = total.get(task, 0) + many
    return total


@cache
def _environment() -> "Environment":
    environment = page_environment(
        "extractor.report", styles=("common.css", "index.css"), scripts=("index.js",)
    )
    tools: dict[str, Any] = {"counted": counted}
    environment.filters |= tools
    return environment
