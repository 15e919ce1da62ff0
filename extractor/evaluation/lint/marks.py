"""Quotes against the quotation marks of the text (E6, E7, W1).

The marks are those the segmenter finds; a region that an `exempt` span covers is none.
A quote's kind follows from them as it does in an extraction: all of its letters stand
inside (direct), some (mixed) or none (indirect). A nested quote has only the regions it
covers: those that reach further are its outer quote's.
"""

from collections.abc import Iterable, Iterator, Sequence

from extractor.evaluation.gold import GoldQuote
from extractor.evaluation.lint.drafts import Draft
from extractor.evaluation.lint.findings import Finding
from extractor.evaluation.lint.offsets import SHOWN
from extractor.schema import QuoteKind, Span
from extractor.segmentation import Quotation, Range, segment

_EDGES = frozenset(".,;:!?…")
"""Stops at the end of a region, which its label may leave out."""


def check_marks(draft: Draft) -> Iterator[Finding]:
    """What the quotation marks say otherwise than the quotes do."""
    if "quotes" not in draft.article.layers or not draft.text:
        return
    found = segment(draft.text, draft.article.doc.language).quotations
    regions = [q for q in found if _core(draft.text, q)]
    exempt = [Range(span.start, span.end) for span in draft.article.exempt]
    counted = [q for q in regions if not _covered(draft.text, q, exempt)]
    for quote in draft.article.quotes:
        if draft.holds(quote.spans):
            yield from _check_quote(draft, quote, counted)
    yield from _unlabelled(draft, regions)


def _check_quote(
    draft: Draft, quote: GoldQuote, counted: Sequence[Quotation]
) -> Iterator[Finding]:
    regions = counted
    if quote.nested_in is not None:
        hull = Range(quote.spans[0].start, quote.spans[-1].end)
        regions = [q for q in counted if _covered(draft.text, q, [hull])]
    kind = _kind(draft.text, quote.spans, regions)
    if quote.kind == "direct" and kind == "indirect":
        message = "a direct quote without quotation marks around it"
        yield draft.finding("E6", quote.id, message, "mend its spans or its kind")
    elif quote.kind != kind:
        message = f"labelled {quote.kind}, but by its quotation marks it is {kind}"
        remedy = "mend its spans, kind or nested_in, or exempt a title or scare quote"
        yield draft.finding("E7", quote.id, message, remedy)
    elif kind == "direct":
        yield from _between_marks(draft, quote, regions)
    elif kind == "mixed":
        yield from _balanced(draft, quote, regions)


def _kind(text: str, spans: Iterable[Span], regions: Sequence[Quotation]) -> QuoteKind:
    letters = {i for s in spans for i in range(s.start, s.end) if text[i].isalnum()}
    inside = letters & {i for q in regions for i in range(q.start, q.end)}
    if not inside:
        return "indirect"
    return "direct" if inside == letters else "mixed"


def _between_marks(
    draft: Draft, quote: GoldQuote, regions: Sequence[Quotation]
) -> Iterator[Finding]:
    """Spans of a direct quote that hold marks of their own region."""
    inner = [Range(q.inner_start, q.inner_end) for q in regions]
    for span in quote.spans:
        if not any(r.start <= span.start and span.end <= r.end for r in inner):
            message = f"{span.text[:SHOWN]!r} takes in a mark that should enclose it"
            remedy = "give each pair of marks its span, of what stands between them"
            yield draft.finding("E6", quote.id, message, remedy)


def _balanced(
    draft: Draft, quote: GoldQuote, regions: Sequence[Quotation]
) -> Iterator[Finding]:
    """Spans of a mixed quote that hold one mark of a pair."""
    for span in quote.spans:
        for q in regions:
            if q.inner_end == q.end:
                continue  # left open: there is no second mark
            opens = span.start <= q.start < span.end
            closes = span.start < q.end <= span.end
            if opens != closes:
                which = "opening" if opens else "closing"
                message = f"{span.text[:SHOWN]!r} holds only the {which} mark of a pair"
                yield draft.finding("E6", quote.id, message, "take in both, or neither")


def _unlabelled(draft: Draft, regions: Iterable[Quotation]) -> Iterator[Finding]:
    article = draft.article
    labelled = [
        span
        for quote in article.quotes
        for part in (quote.spans, *quote.alternatives)
        for span in part
    ]
    for q in regions:
        core = _core(draft.text, q)
        known = (*labelled, *article.exempt)
        if core and not any(s.start < core.end and core.start < s.end for s in known):
            words = draft.text[q.start : min(q.end, q.start + SHOWN)]
            message = f"{words!r} is in quotation marks, but no quote"
            remedy = "label it, or list it under exempt"
            yield draft.finding("W1", f"{core.start}..{core.end}", message, remedy)


def _covered(text: str, q: Quotation, ranges: Iterable[Range]) -> bool:
    core = _core(text, q)
    return core is not None and any(
        r.start <= core.start and core.end <= r.end for r in ranges
    )


def _core(text: str, q: Quotation) -> Range | None:
    """What a region holds, without white space and stops at its edges."""
    start, end = q.inner_start, q.inner_end
    while start < end and text[start].isspace():
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in _EDGES):
        end -= 1
    return Range(start, end) if start < end else None
