"""Checking gold before anything is measured with it.

`lint` reads a folder leniently and reports every fault it finds, under the codes of
`findings.CODES`; `mend` mends what is wrong beyond doubt; `check_scorable` refuses
articles on which a score would be wrong.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from extractor.errors import GoldError
from extractor.evaluation.gold import GoldArticle
from extractor.evaluation.lint.consistency import check_counts, check_labels
from extractor.evaluation.lint.drafts import Draft, draft_of, list_files, read_draft
from extractor.evaluation.lint.findings import CODES, Finding, Severity
from extractor.evaluation.lint.labels import (
    EVENT_TYPES,
    ROLES,
    check_events,
    check_provenance,
    check_speakers,
)
from extractor.evaluation.lint.links import check_links
from extractor.evaluation.lint.marks import check_marks
from extractor.evaluation.lint.mending import Mend, mend
from extractor.evaluation.lint.offsets import find_fault
from extractor.evaluation.lint.overlap import check_leaks, check_repeats, check_splits
from extractor.evaluation.manifest import (
    check_manifest,
    guideline_version,
    read_manifest,
)

__all__ = [
    "CODES",
    "EVENT_TYPES",
    "ROLES",
    "Finding",
    "Mend",
    "Severity",
    "check_scorable",
    "lint",
    "mend",
]

_NO_SPLIT = "none"


def lint(
    folder: Path,
    *,
    others: Sequence[Path] = (),
    prompts: Path | None = None,
    event_types: Collection[str] = EVENT_TYPES,
    roles: Collection[str] = ROLES,
) -> list[Finding]:
    """All that is wrong, or looks wrong, in a folder of gold.

    Args:
        folder: its `*.json` are checked, the manifest and hidden files left out.
        others: folders of other splits, which must not share an article with it. The
            split of an article is the one it names, else the name of its folder.
        prompts: folder of the prompts, which must not hold text of the test split;
            None: those of this package.
        event_types: types an event may have; empty: any.
        roles: roles an argument may have; empty: any.

    Returns:
        Findings by file, errors before warnings.

    Raises:
        GoldError: a folder has no gold, or there is no such folder of prompts.
    """
    drafts, findings = _read(folder)
    elsewhere = [draft for other in others for draft in _read(other)[0]]
    findings += _edits(folder)
    guideline = guideline_version(folder)
    for draft in drafts:
        findings += check_links(draft)
        findings += check_marks(draft)
        findings += check_speakers(draft)
        findings += check_events(draft, event_types, roles)
        findings += check_provenance(draft, guideline)
    findings += check_repeats(drafts)
    findings += check_splits(drafts, elsewhere)
    findings += check_leaks(drafts, prompts)
    findings += check_labels(drafts)
    findings += check_counts(drafts)
    return sorted(findings, key=lambda f: (f.file, f.severity, _number(f.code)))


def _number(code: str) -> int:
    return int(code[1:])


def _read(folder: Path) -> tuple[list[Draft], list[Finding]]:
    drafts: list[Draft] = []
    findings: list[Finding] = []
    for path in list_files(folder):
        read, found = read_draft(path)
        drafts += read
        findings += found
    return drafts, findings


def _edits(folder: Path) -> Iterator[Finding]:
    """Files that are not as they were frozen, as findings of these files."""
    manifest = read_manifest(folder)
    for edit in check_manifest(folder, manifest) if manifest else ():
        message = f"{edit.what} since the freeze"
        remedy = (
            "restore it, or note the reason in the changelog and run "
            "`extractor gold freeze` again"
        )
        yield Finding("E1", str(folder / edit.path), "", message, remedy)


def check_scorable(
    articles: Iterable[GoldArticle], prompts: Path | None = None
) -> None:
    """Refuses articles on which a score would be wrong.

    That is: a span that is not what its text says, an id that refers to nothing, an
    item or article that is there twice, an article in two splits, and text of the test
    split, or of no split, in a prompt.

    Args:
        articles: what is to be scored.
        prompts: folder of the prompts; None: those of this package.

    Raises:
        GoldError: names file, item and remedy of the first fault, and how many more
            there are.
    """
    drafts = [
        draft_of(article, f"{article.doc.id}.json", _NO_SPLIT) for article in articles
    ]
    findings: list[Finding] = []
    for draft in drafts:
        findings += _check_offsets(draft)
        findings += check_links(draft)
    findings += check_repeats(drafts)
    findings += check_splits(drafts)
    findings += check_leaks(drafts, prompts)
    if findings:
        first, more = findings[0], len(findings) - 1
        also = f" ({more} more: see `extractor gold lint`.)" if more else ""
        item = f" {first.item}" if first.item else ""
        raise GoldError(f"{first.file}{item}: {first.message}; {first.remedy}.{also}")


def _check_offsets(draft: Draft) -> Iterator[Finding]:
    for item, span in draft.article.spans():
        fault = find_fault(draft.text, span.start, span.end, span.text)
        if fault and fault.code == "E2":
            yield draft.finding(fault.code, item, fault.message, fault.remedy)
