"""W3C Web Annotations, as one JSON-LD collection, written and read back.

One annotation for each speaker, quote, claim, event and item of the user's own tasks,
and one for the article as a whole (https://www.w3.org/TR/annotation-model/).

| part | holds |
|---|---|
| `target` | a `SpecificResource` for each span: `source` is the article, `selector` both a `TextPositionSelector` and a `TextQuoteSelector`, `styleClass` the field (`cue`, `spans-0`, `arguments-1-span`), in percent-encoding |
| `body` | a tag (`quote`, or the name of the user's task), a sentence to read, and a record in JSON: the item without its spans |
| `motivation` | `identifying` for speakers, `classifying` for events, else `describing` |

The record of the article as a whole has all that is tied to no place: the text, the
provenance, what was rejected. Nothing is lost. Offsets are code points, as the standard
has them. Read back, a span is where its position says, if that has the words of its
quotation; else where these words stand between their prefix and suffix.
"""  # noqa: E501

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote

from extractor.export.identifiers import article_iri, item_iri, named
from extractor.export.stored import dumps
from extractor.schema import AUTHOR, Document, Extraction

CONTEXT: Final = "http://www.w3.org/ns/anno.jsonld"
COLLECTION: Final = "AnnotationCollection"
AROUND: Final = 32
"""Code points of a prefix and of a suffix."""
ARTICLE: Final = "article"
"""Tag of what is said of an article as a whole."""
TAGS: Final[Mapping[str, str]] = {
    "speakers": "speaker",
    "quotes": "quote",
    "claims": "claim",
    "events": "event",
}
"""Tag of the items of each field."""
OWN: Final = "items."
"""Before the name of a user's own task where another has the name of a field."""
RECORD: Final = "application/json"

_MOTIVATIONS = {"speakers": "identifying", "events": "classifying"}
_ANYTHING: Final = "fields"
"""Of an item of the user's own: no span of ours, whatever it looks like."""
_SPAN: Final = {"start", "end", "text"}

Fields = dict[str, Any]


def export_annotations(extractions: Iterable[Extraction]) -> Iterator[str]:
    """One `AnnotationCollection` with all annotations on its first page."""
    total = 0
    name = ""
    for extraction in extractions:
        for annotation in annotate(extraction):
            yield (",\n" if total else _head()) + dumps(annotation)
            total += 1
            name = named(name, annotation["id"])
    if total:
        page = named(name, "page")
        yield f'\n],\n"id": "{page}"}},\n"total": {total},\n"id": "{name}"}}\n'


def _head() -> str:
    start = f'{{"@context": "{CONTEXT}",\n"type": "{COLLECTION}",\n'
    return start + '"first": {"type": "AnnotationPage", "startIndex": 0, "items": [\n'


def annotate(extraction: Extraction) -> Iterator[Fields]:
    """The annotations of one article, that of the whole first."""
    document = extraction.document
    whole = item_iri(document, ARTICLE, "")
    generator = _generator(extraction)
    dumped = extraction.model_dump()
    found = [(field, tag, dumped.pop(field)) for field, tag in TAGS.items()]
    own = dumped["items"].items()
    found += [(f"{OWN}{task}", task, items) for task, items in own]
    dumped["items"] = {task: [] for task in dumped["items"]}
    yield {
        **_annotation(whole, "describing", generator),
        "body": _bodies(ARTICLE, document.title, document, dumped),
        "target": article_iri(document),
    }
    names = {speaker.id: speaker.name for speaker in extraction.speakers}
    for field, tag, items in found:
        for item in items:
            record = {"article": whole, "field": field, "item": item}
            targets = [_target(document, *place) for place in _take_spans(item)]
            yield {
                **_annotation(
                    item_iri(document, field, item["id"]),
                    _MOTIVATIONS.get(field, "describing"),
                    generator,
                ),
                "body": _bodies(tag, _sentence(field, item, names), document, record),
                "target": targets or article_iri(document),
            }


def _annotation(iri: str, motivation: str, generator: Fields) -> Fields:
    return {
        "id": iri,
        "type": "Annotation",
        "motivation": motivation,
        "generator": generator,
    }


def _generator(extraction: Extraction) -> Fields:
    provenance = extraction.provenance
    version = provenance.packages.get("newsextract")
    maker = f"newsextract {version}" if version else "newsextract"
    return {"type": "Software", "name": f"{maker}, model {provenance.model}"}


def _bodies(
    tag: str, sentence: str | None, document: Document, record: Fields
) -> list[Fields]:
    language = {"language": document.language} if document.language else {}
    said = {"type": "TextualBody", "purpose": "describing", "format": "text/plain"}
    return [
        {"type": "TextualBody", "purpose": "tagging", "value": tag},
        *([{**said, **language, "value": sentence}] if sentence else []),
        {"type": "TextualBody", "format": RECORD, "value": dumps(record)},
    ]


def _sentence(field: str, item: Fields, names: Mapping[str, str]) -> str:
    """What an item is, for people."""
    match field:
        case "speakers":
            return ", ".join(filter(None, (item["name"], item["description"])))
        case "quotes":
            speaker = names.get(item["speaker"] or "", "speaker not named")
            return f"{speaker}: {item['text']}"
        case "claims":
            return str(item["text"])
        case "events":
            return _event(item, names)
    return "; ".join(f"{name}: {value}" for name, value in item["fields"].items())


def _event(item: Fields, names: Mapping[str, str]) -> str:
    reporter = item["reported_by"]
    source = "" if reporter == AUTHOR else f", according to {names[reporter]}"
    when = item["time"] and item["time"]["value"]
    return f"{item['type']}, {item['status']}{f', {when}' if when else ''}{source}"


def _take_spans(item: Any, path: str = "") -> Iterator[tuple[str, Fields]]:
    """The spans of an item, taken out of it, each with the path of its field."""
    parts = item.items() if isinstance(item, dict) else enumerate(item)
    for key, value in list(parts):
        step = quote(str(key), safe="", errors="surrogatepass").replace("-", "%2D")
        where = f"{path}-{step}" if path else step
        if where == _ANYTHING:
            continue
        if isinstance(value, dict) and value.keys() == _SPAN:
            item[key] = None
            yield where, value
        elif isinstance(value, dict | list):
            yield from _take_spans(value, where)


def _target(document: Document, path: str, span: Fields) -> Fields:
    start, end = span["start"], span["end"]
    return {
        "type": "SpecificResource",
        "source": article_iri(document),
        "styleClass": path,
        "selector": [
            {"type": "TextPositionSelector", "start": start, "end": end},
            {
                "type": "TextQuoteSelector",
                "exact": span["text"],
                "prefix": document.text[max(start - AROUND, 0) : start],
                "suffix": document.text[end : end + AROUND],
            },
        ],
    }
