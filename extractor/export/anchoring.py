"""Extractions from W3C Web Annotations as `annotations` writes them."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from extractor.errors import InputError
from extractor.export.annotations import COLLECTION, OWN, RECORD

Fields = dict[str, Any]


def is_collection(content: object) -> bool:
    """Whether JSON is a collection of annotations."""
    return isinstance(content, dict) and content.get("type") == COLLECTION


def read_collection(content: Mapping[str, Any], where: str) -> Iterator[Fields]:
    """Dumped extractions, one for each article, to be checked by whoever takes them.

    Annotations without our record, such as readers' comments, are passed over.

    Raises:
        InputError: it was not written by us, or a span is not in the article.
    """
    articles: dict[str, Fields] = {}
    items: list[tuple[Fields, Fields]] = []
    try:
        for annotation in content["first"]["items"]:
            record = _record(annotation.get("body"))
            if record is None:
                continue
            if "document" in record:
                articles[annotation["id"]] = record
            else:
                items.append((annotation, record))
        for annotation, record in items:
            article = articles[record["article"]]
            text = article["document"]["text"]
            item = record["item"]
            for target in _targets(annotation):
                _put(item, target["styleClass"], _span(text, target["selector"]))
            _list_of(article, record["field"]).append(item)
    except _Lost as error:
        raise InputError(
            f"{where}: the words of {annotation['id']} are not in the article "
            f"({error}): restore its selectors."
        ) from None
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"{where} holds annotations that lack what was exported with them "
            f"({type(error).__name__}): convert them as they were written."
        ) from None
    yield from articles.values()


def _list_of(article: Fields, field: str) -> list[Fields]:
    """The list that the items of a field are in."""
    if field.startswith(OWN):
        article, field = article.setdefault("items", {}), field.removeprefix(OWN)
    found: list[Fields] = article.setdefault(field, [])
    return found


class _Lost(Exception):
    """A span that is nowhere, or in several places."""


def _record(bodies: object) -> Fields | None:
    """The record among the bodies of an annotation, if it is one of ours."""
    for body in bodies if isinstance(bodies, list) else [bodies]:
        if isinstance(body, dict) and body.get("format") == RECORD:
            found = json.loads(body["value"])
            ours = isinstance(found, dict) and {"document", "article"} & found.keys()
            return found if ours else None
    return None


def _targets(annotation: Fields) -> Iterable[Fields]:
    """The targets that are a part of the article."""
    targets = annotation["target"]
    many = targets if isinstance(targets, list) else [targets]
    return [target for target in many if isinstance(target, dict)]


def _span(text: str, selectors: Any) -> Fields:
    """The span that selectors lead to."""
    many: list[Fields] = selectors if isinstance(selectors, list) else [selectors]
    found = {selector["type"]: selector for selector in many}
    position = found.get("TextPositionSelector")
    quotation = found.get("TextQuoteSelector", {})
    exact = quotation.get("exact")
    if position:
        start, end = int(position["start"]), int(position["end"])
        if exact is None or text[start:end] == exact:
            return {"start": start, "end": end, "text": text[start:end]}
    if not exact:
        raise _Lost("no selector of text")
    prefix, suffix = quotation.get("prefix", ""), quotation.get("suffix", "")
    start = _find(text, exact, prefix, suffix)
    return {"start": start, "end": start + len(exact), "text": exact}


def _find(text: str, exact: str, prefix: str, suffix: str) -> int:
    """Where some words stand between their prefix and suffix, if in one place only."""
    whole = prefix + exact + suffix
    first = text.find(whole)
    if first < 0:
        raise _Lost("nowhere")
    if text.find(whole, first + 1) >= 0:
        raise _Lost("in several places")
    return first + len(prefix)


def _put(item: Any, path: str, span: Fields) -> None:
    """Puts a span at its path, `arguments-1-span`."""
    steps = (unquote(step, errors="surrogatepass") for step in path.split("-"))
    *outer, last = steps
    for key in outer:
        item = item[int(key)] if isinstance(item, list) else item[key]
    if isinstance(item, list):
        item[int(last)] = span
    else:
        item[last] = span
