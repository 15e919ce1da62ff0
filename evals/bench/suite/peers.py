"""Other ways to find a passage in an article, for the same table."""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from extractor.grounding import Grounder
from extractor.segmentation.model import Range

Spans = list[tuple[int, int]]
Tool = Callable[[Any], Spans]
"""Spans that a tool gives a case's passage: none if it refuses it."""


def tools() -> dict[str, Tool]:
    """Ours, plain search, and langextract's resolver where it is installed."""
    found: dict[str, Tool] = {"ours": ours, "str.find": plain_find}
    if find_spec("langextract"):
        found["langextract"] = langextract()
        found["langextract, no lesser"] = langextract(accept_match_lesser=False)
        found["langextract, exact"] = langextract(
            enable_fuzzy_alignment=False, accept_match_lesser=False
        )
    return found


def ours(case: Any) -> Spans:
    """The grounding gate."""
    within = Range(*case.within) if case.within else None
    grounding = Grounder(case.text).ground(case.passage, near=case.near, within=within)
    return [(span.start, span.end) for span in grounding.spans]


def plain_find(case: Any) -> Spans:
    """The first place with the very characters."""
    at = case.text.find(case.passage)
    return [(at, at + len(case.passage))] if at >= 0 else []


def langextract(**options: bool) -> Tool:
    """LangExtract's resolver, one candidate at a time against the whole article."""
    from langextract.core.data import Extraction  # type: ignore[import-not-found]
    from langextract.resolver import Resolver  # type: ignore[import-not-found]

    resolver = Resolver()

    def find(case: Any) -> Spans:
        wanted = [Extraction("quote", case.passage)]
        aligned = resolver.align(wanted, case.text, 0, 0, **options)
        places = [item.char_interval for item in aligned]
        return [(at.start_pos, at.end_pos) for at in places if at is not None]

    return find
