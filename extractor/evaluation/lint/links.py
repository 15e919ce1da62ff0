"""Ids: each there once, each referring to something (E4, E5)."""

from collections.abc import Hashable, Iterable, Iterator

from extractor.evaluation.gold import Entity, GoldClaim, GoldEvent, GoldQuote, Label
from extractor.evaluation.lint.drafts import Draft
from extractor.evaluation.lint.findings import Finding
from extractor.schema import AUTHOR, Frozen, Span


def check_links(draft: Draft) -> Iterator[Finding]:
    """What is there twice, and what refers to nothing."""
    article = draft.article
    for items in (article.entities, article.quotes, article.claims, article.events):
        yield from _repeated_ids(draft, items)
        yield from _repeated_items(draft, items)
    yield from _dangling(draft)
    yield from _nested_in_itself(draft)


def _repeated_ids(
    draft: Draft, items: Iterable[Entity] | Iterable[Label]
) -> Iterator[Finding]:
    seen: set[str] = set()
    for item in items:
        if item.id in seen:
            yield draft.finding("E4", item.id, "two items have this id", "rename one")
        seen.add(item.id)


def _repeated_items(
    draft: Draft, items: Iterable[Entity] | Iterable[Label]
) -> Iterator[Finding]:
    seen: dict[Hashable, str] = {}
    for item in items:
        what = _identity(item)
        if what in seen:
            message = f"it labels the same as {seen[what]}"
            yield draft.finding("E4", item.id, message, "keep one of the two")
        seen.setdefault(what, item.id)


def _identity(item: Frozen) -> Hashable:
    """What no two items of an article can have in common."""
    match item:
        case GoldQuote():
            return item.speaker, _offsets(item.spans)
        case GoldClaim():
            return item.text, item.claimant, _offsets(item.spans)
        case GoldEvent() if item.trigger:
            return item.type, _offsets([item.trigger])
        case Entity():
            return item.name, item.kind
    return item.model_dump_json(exclude={"id", "note"})


def _offsets(spans: Iterable[Span]) -> Hashable:
    return tuple((span.start, span.end) for span in spans)


def _dangling(draft: Draft) -> Iterator[Finding]:
    article = draft.article
    known = {entity.id for entity in article.entities} | draft.unread
    quotes = {quote.id for quote in article.quotes} | draft.unread
    for item, what, id_ in _references(draft):
        if id_ not in (quotes if what == "nested_in" else known):
            kind = "quote" if what == "nested_in" else "entity"
            message = f"{what} refers to {id_!r}, and there is no such {kind}"
            yield draft.finding("E5", item, message, f"add the {kind}, or mend the id")


def _references(draft: Draft) -> Iterator[tuple[str, str, str]]:
    """Item, field and id of every reference."""
    for quote in draft.article.quotes:
        if quote.speaker is not None:
            yield quote.id, "speaker", quote.speaker
        if quote.nested_in is not None:
            yield quote.id, "nested_in", quote.nested_in
    for claim in draft.article.claims:
        if claim.claimant != AUTHOR:
            yield claim.id, "claimant", claim.claimant
    for event in draft.article.events:
        if event.reported_by != AUTHOR:
            yield event.id, "reported_by", event.reported_by
        for argument in event.arguments:
            if argument.entity is not None:
                yield event.id, f"argument {argument.role}", argument.entity


def _nested_in_itself(draft: Draft) -> Iterator[Finding]:
    outer = {quote.id: quote.nested_in for quote in draft.article.quotes}
    for quote in draft.article.quotes:
        seen: set[str] = set()
        at = quote.nested_in
        while at is not None and at not in seen and at != quote.id:
            seen.add(at)
            at = outer.get(at)
        if at == quote.id:
            message = "the quote is nested in itself"
            yield draft.finding("E5", quote.id, message, "mend its nested_in")
