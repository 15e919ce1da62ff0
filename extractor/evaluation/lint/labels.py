"""Labels and provenance of one article (E8, E9, E12, W4, W5)."""

from collections.abc import Collection, Iterator
from functools import cache
from typing import Final

from extractor.evaluation.lint.drafts import Draft
from extractor.evaluation.lint.findings import Finding
from extractor.grounding.folding import fold
from extractor.resolution import PERSON_PRONOUNS, bare
from extractor.segmentation.words import lexicon_language, read_lexicon

EVENT_TYPES: Final = (
    "Life",
    "Movement",
    "Transaction",
    "Business",
    "Conflict",
    "Contact",
    "Personnel",
    "Justice",
    "Disaster",
    "Statement",
    "Other",
)
"""Types of this package's events: ACE 2005's eight and three more."""

ROLES: Final = ("agent", "patient", "recipient", "instrument")
"""Roles of this package's event arguments."""

_OBLIQUE = frozenset("me us you him her them my our your his its their".split())
"""English pronouns that are no subjects, which the segmenter's lexicon leaves out."""


def check_speakers(draft: Draft) -> Iterator[Finding]:
    """Speaker mentions, pronouns aside, that their entity is not known by (E8)."""
    pronouns = _pronouns(lexicon_language(draft.article.doc.language))
    forms = {
        entity.id: {_plain(form) for form in (entity.name, *entity.aliases)}
        for entity in draft.article.entities
    }
    for quote in draft.article.quotes:
        mention = quote.speaker_mention
        if mention is None or quote.speaker is None or quote.speaker not in forms:
            continue
        words = _plain(mention.text)
        if words not in pronouns and words not in forms[quote.speaker]:
            message = f"{mention.text!r} is no alias of {quote.speaker}"
            remedy = "add it to the aliases, or mend the speaker"
            yield draft.finding("E8", quote.id, message, remedy)


def _plain(words: str) -> str:
    return bare(fold(words).text).casefold()


@cache
def _pronouns(language: str) -> frozenset[str]:
    lexicon = read_lexicon(language)["mentions"]
    known = f"{lexicon['pronouns']} {lexicon.get('pronouns_other', '')}".split()
    return PERSON_PRONOUNS | _OBLIQUE | frozenset(known)


def check_events(
    draft: Draft, types: Collection[str], roles: Collection[str]
) -> Iterator[Finding]:
    """Event types and roles that are not on the list (E9).

    Args:
        draft: the article.
        types: event types allowed; empty: any.
        roles: roles allowed; empty: any.
    """
    for event in draft.article.events:
        if types and event.type not in types:
            yield _unlisted(draft, event.id, "type", event.type, types)
        for argument in event.arguments:
            if roles and argument.role not in roles:
                yield _unlisted(draft, event.id, "role", argument.role, roles)


def _unlisted(
    draft: Draft, item: str, what: str, found: str, allowed: Collection[str]
) -> Finding:
    message = f"{found!r} is no event {what}"
    return draft.finding("E9", item, message, f"use one of {', '.join(allowed)}")


def check_provenance(draft: Draft, guideline: str | None) -> Iterator[Finding]:
    """Who labelled, by which guidelines, and whose text it is (E12, W4, W5).

    Args:
        draft: the article.
        guideline: version that the guidelines beside the gold state, if there are any.
    """
    stated = draft.article.annotation.guideline
    doc = draft.article.doc
    if not stated:
        message = "the version of the guidelines is not recorded"
        yield draft.finding("E12", "", message, "set annotation.guideline")
    elif guideline and stated != guideline:
        message = f"labelled by guidelines {stated}, but they are at {guideline}"
        remedy = f"check the labels against {guideline} and record it"
        yield draft.finding("E12", "", message, remedy)
    if doc.split == "test" and len(set(draft.article.annotation.annotators)) < 2:
        remedy = "have a second person label it"
        yield draft.finding("W4", "", "a test article labelled by one person", remedy)
    if not doc.licence:
        yield draft.finding("W5", "", "no licence is recorded", "set doc.licence")
    if doc.outlet and not doc.url:
        message = f"published by {doc.outlet}, but no address is recorded"
        yield draft.finding("W5", "", message, "set doc.url")
