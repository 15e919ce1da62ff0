"""schema.org JSON-LD: quotations, claims and who they are from, for web pages.

| ours | there |
|---|---|
| document | `NewsArticle`: `headline`, `datePublished`, `inLanguage`, `url`, `identifier` |
| speaker | `Person` (unnamed ones, too), `Organization` (groups, too), `CreativeWork` for a document: `name`, `description` |
| direct quote | `Quotation`: `text`, `spokenByCharacter`, `isPartOf` the article and the quote it is nested in |
| mixed or indirect quote | `Statement`, since its words are not all the speaker's: `text`, `author`, `isPartOf` |
| claim | `Claim`: `text`, `author`, `appearance` the article, `isBasedOn` its quotes |

`keywords` have a quote's kind, a claim's modality and whether it is worth checking. What
a document says has `isBasedOn` it in place of a speaker. A claim of the article's own
voice has no author. The vocabulary has no place for offsets, and its `Event` is one that
people attend; annotations have both. Every node has the identifier that it has there.
No text of an article can end the `script` element that a page has it in.
"""  # noqa: E501

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from extractor.export.identifiers import article_iri, item_iri
from extractor.export.stored import dumps
from extractor.schema import (
    Claim,
    Document,
    Extraction,
    Quote,
    Speaker,
    SpeakerKind,
)

CONTEXT: Final = "https://schema.org"
CHECK_WORTHY: Final = "check-worthy"

_TYPES: Final[Mapping[SpeakerKind, str]] = {
    "person": "Person",
    "unnamed": "Person",
    "organization": "Organization",
    "group": "Organization",
    "document": "CreativeWork",
}

Node = dict[str, Any]


def export_schemaorg(extractions: Iterable[Extraction]) -> Iterator[str]:
    """One JSON-LD object with the nodes of all articles in its `@graph`."""
    empty = True
    for extraction in extractions:
        for node in nodes(extraction):
            start = f'{{"@context": "{CONTEXT}", "@graph": [\n' if empty else ",\n"
            yield start + dumps(node).replace("<", r"\u003c")
            empty = False
    if not empty:
        yield "\n]}\n"


def nodes(extraction: Extraction) -> Iterator[Node]:
    """The nodes of one article, the article first."""
    document = extraction.document
    speakers = {speaker.id: speaker for speaker in extraction.speakers}
    yield _article(document)
    for speaker in extraction.speakers:
        yield _speaker(document, speaker)
    for quote in extraction.quotes:
        yield _quote(document, quote, speakers.get(quote.speaker or ""))
    for claim in extraction.claims:
        yield _claim(document, claim, speakers.get(claim.claimant))


def _article(document: Document) -> Node:
    iri = article_iri(document)
    return _node(
        "NewsArticle",
        iri,
        identifier=document.id,
        headline=document.title,
        datePublished=document.published,
        inLanguage=document.language,
        url=document.source if document.source == iri else None,
    )


def _speaker(document: Document, speaker: Speaker) -> Node:
    return _node(
        _TYPES[speaker.kind],
        item_iri(document, "speakers", speaker.id),
        name=speaker.name,
        description=speaker.description,
    )


def _quote(document: Document, quote: Quote, speaker: Speaker | None) -> Node:
    within = [_to(article_iri(document))]
    if quote.nested_in:
        within.append(_to(item_iri(document, "quotes", quote.nested_in)))
    direct = quote.kind == "direct"
    return _node(
        "Quotation" if direct else "Statement",
        item_iri(document, "quotes", quote.id),
        text=quote.text,
        keywords=[quote.kind],
        isPartOf=within,
        **_from("spokenByCharacter" if direct else "author", document, speaker),
    )


def _claim(document: Document, claim: Claim, claimant: Speaker | None) -> Node:
    worthy = [CHECK_WORTHY] if claim.check_worthy else []
    held = [_to(item_iri(document, "quotes", quote)) for quote in claim.quotes]
    origin = _from("author", document, claimant)
    based = [*origin.pop("isBasedOn", []), *held]
    return _node(
        "Claim",
        item_iri(document, "claims", claim.id),
        text=claim.text,
        keywords=[claim.modality, *worthy],
        appearance=_to(article_iri(document)),
        isBasedOn=based,
        **origin,
    )


def _from(role: str, document: Document, speaker: Speaker | None) -> Node:
    """The property that tells whom words are from."""
    if speaker is None:
        return {}
    to = _to(item_iri(document, "speakers", speaker.id))
    return {"isBasedOn": [to]} if speaker.kind == "document" else {role: to}


def _to(iri: str) -> Node:
    return {"@id": iri}


def _node(type_: str, iri: str, **properties: Any) -> Node:
    stated = {name: value for name, value in properties.items() if value}
    return {"@type": type_, "@id": iri, **stated}
