"""W3C Web Annotations: as the standard has them, and read back."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from extraction_samples import TEXT, extractions, plain, sluice
from hypothesis import given, settings
from linked_data import graph_of
from rdflib import RDF, Namespace, URIRef

from extractor.documents import make_document
from extractor.errors import InputError
from extractor.export import read_results, stream
from extractor.export.anchoring import is_collection, read_collection
from extractor.export.annotations import AROUND, CONTEXT
from extractor.export.identifiers import article_iri, item_iri
from extractor.schema import Extraction

OA = Namespace("http://www.w3.org/ns/oa#")
AS = Namespace("http://www.w3.org/ns/activitystreams#")

# The terms we use, as the vocabulary (https://www.w3.org/TR/annotation-vocab/) has
# them; the published context cannot be fetched by a test.
TERMS: dict[str, Any] = {
    "id": "@id",
    "type": "@type",
    "oa": str(OA),
    "as": str(AS),
    "rdf": str(RDF),
    "dc": "http://purl.org/dc/elements/1.1/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "Annotation": "oa:Annotation",
    "AnnotationCollection": "as:OrderedCollection",
    "AnnotationPage": "as:OrderedCollectionPage",
    "TextualBody": "oa:TextualBody",
    "SpecificResource": "oa:SpecificResource",
    "TextPositionSelector": "oa:TextPositionSelector",
    "TextQuoteSelector": "oa:TextQuoteSelector",
    "Software": "as:Application",
    "body": {"@id": "oa:hasBody", "@type": "@id"},
    "target": {"@id": "oa:hasTarget", "@type": "@id"},
    "source": {"@id": "oa:hasSource", "@type": "@id"},
    "selector": {"@id": "oa:hasSelector", "@type": "@id"},
    "motivation": {"@id": "oa:motivatedBy", "@type": "@vocab"},
    "purpose": {"@id": "oa:hasPurpose", "@type": "@vocab"},
    "generator": {"@id": "as:generator", "@type": "@id"},
    "styleClass": "oa:styleClass",
    "exact": "oa:exact",
    "prefix": "oa:prefix",
    "suffix": "oa:suffix",
    "start": {"@id": "oa:start", "@type": "xsd:nonNegativeInteger"},
    "end": {"@id": "oa:end", "@type": "xsd:nonNegativeInteger"},
    "value": "rdf:value",
    "format": "dc:format",
    "language": "dc:language",
    "name": "foaf:name",
    "items": {"@id": "as:items", "@type": "@id", "@container": "@list"},
    "first": {"@id": "as:first", "@type": "@id"},
    "total": {"@id": "as:totalItems", "@type": "xsd:nonNegativeInteger"},
    "startIndex": {"@id": "as:startIndex", "@type": "xsd:nonNegativeInteger"},
    **{name: f"oa:{name}" for name in ("describing", "identifying", "classifying")},
    "tagging": "oa:tagging",
}


def collection(*results: Extraction) -> dict[str, Any]:
    found: dict[str, Any] = json.loads("".join(stream(results, "w3c")))
    return found


def annotations(content: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = content["first"]["items"]
    return found


def targets(content: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for annotation in annotations(content):
        for target in annotation["target"] if annotation["target"] else []:
            if isinstance(target, dict):
                yield annotation["id"], target


def keys_of(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(keys_of, value.values()))
    return set().union(*map(keys_of, value)) if isinstance(value, list) else set()


def check_conformance(content: dict[str, Any]) -> None:
    """Asserts what the model says an annotation must have."""
    assert content["@context"] == CONTEXT
    assert content["type"] == "AnnotationCollection"
    assert content["total"] == len(annotations(content))
    assert content["first"]["type"] == "AnnotationPage"
    assert keys_of(content) <= {*TERMS, "@context"}
    names = [content["id"], content["first"]["id"]]
    for annotation in annotations(content):
        names.append(annotation["id"])
        assert annotation["type"] == "Annotation"
        assert annotation["target"]
        for body in annotation["body"]:
            assert body["type"] == "TextualBody"
            assert isinstance(body["value"], str)
    assert len(set(names)) == len(names)
    assert all(name.startswith("urn:uuid:") for name in names)


@settings(max_examples=50)
@given(extractions())
def test_annotations_conform_and_come_back(extraction: Extraction) -> None:
    content = collection(extraction)
    check_conformance(content)
    [found] = read_collection(content, "here")
    assert Extraction.model_validate(found) == extraction


@settings(max_examples=50)
@given(extractions())
def test_both_selectors_lead_to_the_words(extraction: Extraction) -> None:
    text = extraction.document.text
    found = []
    for _, target in targets(collection(extraction)):
        position, quotation = target["selector"]
        start, end = position["start"], position["end"]
        assert text[start:end] == quotation["exact"]
        assert text[:start].endswith(quotation["prefix"])
        assert text[end:].startswith(quotation["suffix"])
        assert len(quotation["prefix"]) == min(start, AROUND)
        assert len(quotation["suffix"]) == min(len(text) - end, AROUND)
        found.append((start, end))
    stated = [
        (span.start, span.end)
        for span in extraction.model_copy(update={"rejected": []}).spans()
    ]
    assert sorted(found) == sorted(stated)


def test_several_articles_come_back_in_their_order(tmp_path: Path) -> None:
    results = [plain(), sluice(), plain().model_copy(update={"document": other()})]
    (tmp_path / "a.jsonld").write_text("".join(stream(results, "w3c")), "utf-8")
    assert list(read_results(tmp_path / "a.jsonld")) == results


def other() -> Any:
    return make_document("Another text.", source="https://post.example/sluice?id=1")


def test_a_parser_of_json_ld_finds_the_same_annotations() -> None:
    graph = graph_of(collection(sluice()), TERMS)
    items = 5 + 5 + 2 + 2 + 2
    assert len(list(graph.subjects(RDF.type, OA.Annotation))) == items + 1
    page = graph.value(predicate=RDF.type, object=AS.OrderedCollectionPage)
    assert (None, AS.first, page) in graph
    quote = URIRef(item_iri(sluice().document, "quotes", "q1"))
    found = {}
    for target in graph.objects(quote, OA.hasTarget):
        assert graph.value(target, OA.hasSource) == URIRef(
            "https://post.example/sluice?id=1"
        )
        for selector in graph.objects(target, OA.hasSelector):
            if (selector, RDF.type, OA.TextQuoteSelector) in graph:
                style = str(graph.value(target, OA.styleClass))
                found[style] = str(graph.value(selector, OA.exact))
            else:
                start, end = (
                    int(str(graph.value(selector, part))) for part in (OA.start, OA.end)
                )
                assert 0 <= start < end <= len(TEXT)
    assert found == {
        "spans-0": "It hums,",
        "spans-1": "like a\r\ntop.",
        "speaker_mention": "warden Ilse Brandt",
        "cue": "said",
    }
    assert (quote, OA.motivatedBy, OA.describing) in graph


def test_people_can_read_what_an_annotation_says() -> None:
    said = [
        [body["value"] for body in annotation["body"][:-1]]
        for annotation in annotations(collection(sluice()))
    ]
    assert ["quote", "Ilse Brandt: It hums, like a\r\ntop."] in said
    assert ["speaker", "Ilse Brandt, warden"] in said
    assert ["claim", "4 pumps did not fail in March 2031."] in said
    assert ["event", "Disaster, denied, 2031-03, according to @Port"] in said
    assert ["leaks", "who: @Port"] in said


def test_nothing_is_written_for_nothing() -> None:
    assert "".join(stream([], "w3c")) == ""


# What others did to the file


def moved(content: dict[str, Any]) -> dict[str, Any]:
    """The same, with positions that are one too high."""
    for _, target in targets(content):
        target["selector"][0]["start"] += 1
        target["selector"][0]["end"] += 1
    return content


def test_words_are_found_by_what_is_around_them() -> None:
    [found] = read_collection(moved(collection(sluice())), "here")
    assert Extraction.model_validate(found) == sluice()


def test_one_selector_of_the_two_is_enough() -> None:
    for kept in (0, 1):
        content = collection(sluice())
        for _, target in targets(content):
            target["selector"] = target["selector"][kept]
        [found] = read_collection(content, "here")
        assert Extraction.model_validate(found) == sluice()


def test_words_that_stand_in_several_places_are_refused() -> None:
    content = moved(collection(sluice()))
    for _, target in targets(content):
        target["selector"][1] |= {"exact": "e", "prefix": "", "suffix": ""}
    with pytest.raises(InputError, match="in several places"):
        list(read_collection(content, "here"))


def test_words_that_are_not_in_the_article_are_refused() -> None:
    content = collection(sluice())
    for _, target in targets(content):
        target["selector"][1]["exact"] += "!"
    with pytest.raises(InputError, match=r"urn:uuid.* not in the article \(nowhere\)"):
        list(read_collection(content, "here"))


def test_comments_of_others_are_passed_over() -> None:
    content = collection(sluice())
    comment = {"type": "Annotation", "id": "urn:x", "target": "urn:y"}
    bodies: list[dict[str, Any]] = [
        {},
        {"body": "https://post.example/reply"},
        {"body": {"type": "TextualBody", "value": "Who says so?"}},
        {"body": [{"format": "application/json", "value": "{}"}]},
    ]
    annotations(content)[:0] = [{**comment, **body} for body in bodies]
    [found] = read_collection(content, "here")
    assert Extraction.model_validate(found) == sluice()


def test_the_order_of_annotations_does_not_matter_for_what_belongs_together() -> None:
    content = collection(sluice(), plain())
    annotations(content).reverse()
    found = [Extraction.model_validate(one) for one in read_collection(content, "x")]
    assert [len(one.quotes) for one in found] == [0, 5]


def test_an_annotation_without_its_article_is_refused() -> None:
    content = collection(sluice())
    del annotations(content)[0]
    with pytest.raises(InputError, match="lack what was exported with them"):
        list(read_collection(content, "here"))
    assert is_collection(content) and not is_collection({"type": "Annotation"})


# Names


def test_an_article_is_named_by_its_address_or_by_its_text() -> None:
    for address in ("https://post.example/a?b=1#c", "HTTP://post.example"):
        assert article_iri(make_document("x", source=address)) == address
    for source in (
        None,
        "a.txt",
        "https://post.example/a b",
        "javascript:x",
        "http://",
    ):
        # The example of RFC 6920.
        assert article_iri(make_document("Hello World!", source=source)) == (
            "ni:///sha-256;f4OxZX_x_FO5LcGBSKHWXfwtSx-j1ncoSt3SABJtkGk"
        )


def test_an_item_has_one_name_and_no_other_has_it() -> None:
    document = make_document("x", id="a")
    name = item_iri(document, "quotes", "q1")
    assert name == item_iri(make_document("x", id="a"), "quotes", "q1")
    assert name == "urn:uuid:59ac9ca2-07ba-53e7-9b39-1b9b60e87de8"
    others = {
        item_iri(document, "quotes", "q2"),
        item_iri(document, "claims", "q1"),
        item_iri(other(), "quotes", "q1"),
    }
    assert len({name, *others}) == 4
