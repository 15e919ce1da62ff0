"""schema.org JSON-LD: terms that the vocabulary has, used as it says."""

import json
from typing import Any

from extraction_samples import extractions, plain, sluice
from hypothesis import given
from linked_data import graph_of
from rdflib import RDF, SDO, Graph, Literal, URIRef

from extractor.documents import make_document
from extractor.export import stream
from extractor.export.identifiers import article_iri, item_iri
from extractor.schema import Extraction

CONTEXT = {"@vocab": str(SDO)}
"""What the published context makes of the terms we use."""
TERMS = {str(term).removeprefix(str(SDO)) for term in dir(SDO)}


def content_of(*results: Extraction) -> dict[str, Any]:
    found: dict[str, Any] = json.loads("".join(stream(results, "schemaorg")))
    return found


def graph() -> Graph:
    return graph_of(content_of(sluice()), CONTEXT)


def iri(kind: str, id_: str) -> URIRef:
    return URIRef(item_iri(sluice().document, kind, id_))


ARTICLE = URIRef(article_iri(sluice().document))


@given(extractions())
def test_every_item_is_a_node_of_terms_that_there_are(extraction: Extraction) -> None:
    content = content_of(extraction, plain())
    assert content["@context"] == "https://schema.org"
    nodes = content["@graph"]
    for node in nodes:
        assert {node["@type"], *node} - {"@id", "@type"} <= TERMS
        assert all(node.values())
    found = (*extraction.speakers, *extraction.quotes, *extraction.claims)
    assert len(nodes) == len(found) + 2
    known = {node["@id"] for node in nodes}
    for node in nodes:
        assert linked(node) <= known


def linked(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(linked, value))
    if not isinstance(value, dict):
        return set()
    return {value["@id"]}.union(*map(linked, value.values()))


def test_an_article_is_told_by_what_a_page_knows_of_it() -> None:
    found = graph()
    assert (ARTICLE, RDF.type, SDO.NewsArticle) in found
    assert (ARTICLE, SDO.headline, Literal("Sluice, “stuck”\nagain")) in found
    assert (ARTICLE, SDO.datePublished, Literal("2031-04-07")) in found
    assert (ARTICLE, SDO.url, Literal(str(ARTICLE))) in found
    assert len(list(found.subjects(RDF.type, SDO.NewsArticle))) == 1


def test_only_direct_speech_is_a_quotation() -> None:
    found = graph()
    assert set(found.subjects(RDF.type, SDO.Quotation)) == {
        iri("quotes", "q1"),
        iri("quotes", "q4"),
        iri("quotes", "q5"),
    }
    assert (iri("quotes", "q1"), SDO.text, Literal("It hums, like a\r\ntop.")) in found
    speaker = (iri("quotes", "q1"), SDO.spokenByCharacter, iri("speakers", "p1"))
    assert speaker in found
    assert (iri("quotes", "q4"), SDO.isPartOf, iri("quotes", "q3")) in found
    assert (iri("quotes", "q4"), SDO.spokenByCharacter, None) not in found
    assert set(found.subjects(RDF.type, SDO.Statement)) == {
        iri("quotes", "q2"),
        iri("quotes", "q3"),
    }
    assert (iri("quotes", "q2"), SDO.author, iri("speakers", "p2")) in found


def test_a_speaker_is_of_the_type_that_may_speak() -> None:
    found = graph()
    types = [found.value(iri("speakers", f"p{n}"), RDF.type) for n in range(1, 6)]
    assert types == [
        SDO.Person,
        SDO.Organization,
        SDO.Person,
        SDO.CreativeWork,
        SDO.Organization,
    ]
    assert (iri("speakers", "p1"), SDO.description, Literal("warden")) in found
    assert (iri("quotes", "q5"), SDO.isBasedOn, iri("speakers", "p4")) in found


def test_a_claim_appears_in_the_article_and_is_its_claimants() -> None:
    found = graph()
    claim = iri("claims", "c1")
    assert (claim, RDF.type, SDO.Claim) in found
    assert (claim, SDO.appearance, ARTICLE) in found
    assert (claim, SDO.author, iri("speakers", "p2")) in found
    assert (claim, SDO.isBasedOn, iri("quotes", "q2")) in found
    keywords = {str(word) for word in found.objects(claim, SDO.keywords)}
    assert keywords == {"denied", "check-worthy"}
    own = iri("claims", "c2")
    assert (own, SDO.author, None) not in found
    assert {str(word) for word in found.objects(own, SDO.keywords)} == {"asserted"}


def test_no_text_ends_the_script_of_a_page() -> None:
    document = make_document("Rain.", title="</script><!-- <b> & ]]>", id="<a>")
    result = plain().model_copy(update={"document": document})
    written = "".join(stream([result], "schemaorg"))
    assert "<" not in written
    assert json.loads(written)["@graph"][0]["headline"] == document.title


def test_nothing_is_written_for_nothing() -> None:
    assert "".join(stream([], "schemaorg")) == ""
