"""Turns an annotator's sheet into a gold article.

Usage: python evals/sheet.py SHEET.json TEXT.txt META.toml -o FOLDER --by NAME

A sheet is what a person or an assistant writes by hand: spans by their words instead of
offsets. A span is `["words"]`-like: a string that occurs once in the article, or
`{"words": "she", "in": "she added that the ferry"}`, where `in` occurs once and holds
the words once, or `{"words": "she", "nth": 2}`, the nth occurrence from 1. Every span
that is not unique is an error; all errors are listed, with the item they belong to.

    {"entities": [{"id": "e1", "name": "Ana Ruiz", "kind": "person",
                   "aliases": ["Ruiz"], "mentions": [SPAN, ...]}],
     "quotes": [{"id": "q1", "kind": "direct", "spans": [SPAN, ...], "speaker": "e1",
                 "speaker_mention": SPAN, "cue": SPAN, "nested_in": null,
                 "alternatives": [[SPAN, ...]], "optional": false, "tags": []}],
     "claims": [{"id": "c1", "text": "...", "spans": [SPAN], "claimant": "e1",
                 "modality": "asserted", "check_worthy": true}],
     "events": [{"id": "v1", "type": "Justice", "trigger": SPAN, "alternatives": [SPAN],
                 "arguments": [{"role": "agent", "mentions": [SPAN], "entity": "e1"}],
                 "place": [SPAN], "time": {"span": SPAN, "value": "2031-05-04"},
                 "status": "happened", "reported_by": "author"}],
     "exempt": [SPAN]}
"""

import argparse
import json
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from extractor.evaluation.gold import (
    SCHEMA,
    Annotation,
    GoldArticle,
    make_source,
    read_text,
    write_article,
)

_SINGLE = frozenset({"speaker_mention", "cue", "trigger", "span"})
_LISTS = frozenset({"spans", "mentions", "place", "exempt"})
_NESTED = frozenset({"alternatives"})


class Sheet:
    """Resolves the spans of one sheet in one text, gathering what is wrong."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.errors: list[str] = []

    def span(self, given: Any, item: str) -> dict[str, Any] | None:
        """Start, end and text of a span given by its words."""
        if given is None:
            return None
        asked = {"words": given} if isinstance(given, str) else dict(given)
        words = asked.get("words", "")
        start = self._find(words, asked, item)
        if start is None:
            return None
        return {"start": start, "end": start + len(words), "text": words}

    def _find(self, words: str, asked: Mapping[str, Any], item: str) -> int | None:
        around, nth = asked.get("in"), asked.get("nth")
        if around is not None:
            outer = self._places(around, self.text)
            inner = self._places(words, around)
            if len(outer) == 1 and len(inner) == 1:
                return outer[0] + inner[0]
            self._complain(item, around if len(outer) != 1 else words, len(outer))
            return None
        places = self._places(words, self.text)
        if nth is not None and 0 < nth <= len(places):
            return places[nth - 1]
        if len(places) == 1:
            return places[0]
        self._complain(item, words, len(places))
        return None

    def _complain(self, item: str, words: str, times: int) -> None:
        self.errors.append(f"{item}: {words!r} occurs {times} times, not once")

    @staticmethod
    def _places(words: str, text: str) -> list[int]:
        places, at = [], text.find(words) if words else -1
        while at >= 0:
            places.append(at)
            at = text.find(words, at + 1)
        return places

    def resolve(self, value: Any, item: str) -> Any:
        """The value with every span in it resolved."""
        if isinstance(value, list):
            return [self.resolve(part, item) for part in value]
        if not isinstance(value, dict):
            return value
        named = str(value.get("id") or item)
        return {key: self._field(key, part, named) for key, part in value.items()}

    def _field(self, key: str, part: Any, item: str) -> Any:
        if key in _SINGLE:
            return self.span(part, item)
        if key in _LISTS:
            return [span for p in part if (span := self.span(p, item))]
        if key in _NESTED:
            return [
                [span for p in one if (span := self.span(p, item))]
                if isinstance(one, list)
                else self.span(one, item)
                for one in part
            ]
        return self.resolve(part, item)


def build(
    sheet: Any, text: str, meta: Mapping[str, Any], by: str, guideline: str
) -> GoldArticle:
    """The gold article of a sheet; exits with every error where there are any."""
    reader = Sheet(text)
    labels = reader.resolve(sheet, "sheet")
    if reader.errors:
        sys.exit("\n".join(reader.errors))
    known = {k: str(v) for k, v in meta.items() if k not in ("desk", "id")}
    content = {
        "schema": SCHEMA,
        "doc": make_source(str(meta["id"]), text, **known).model_dump(),
        "annotation": Annotation(
            guideline=guideline, annotators=[by], date=meta.get("labelled")
        ).model_dump(),
        "text": text,
        **labels,
    }
    try:
        return GoldArticle.model_validate(content)
    except ValidationError as error:
        sys.exit(str(error))


def main() -> None:
    """Reads the sheet, writes the gold article."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sheet", type=Path)
    parser.add_argument("text", type=Path)
    parser.add_argument("meta", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--by", required=True)
    parser.add_argument("--guideline", default="1.3", help="version labelled by")
    arguments = parser.parse_args()
    id_ = arguments.text.stem
    meta = tomllib.loads(arguments.meta.read_text("utf-8"))[id_]
    article = build(
        json.loads(arguments.sheet.read_text("utf-8")),
        read_text(arguments.text),
        {"id": id_, **meta},
        arguments.by,
        arguments.guideline,
    )
    print(write_article(article, arguments.output))


if __name__ == "__main__":
    main()
