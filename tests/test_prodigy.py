"""Prodigy's JSON lines."""

import json
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from gold_samples import TEXT, gold_articles, harbour
from hypothesis import given

from extractor.errors import GoldError
from extractor.evaluation.gold import GoldArticle
from extractor.evaluation.interchange.drawing import draw
from extractor.evaluation.interchange.prodigy import (
    example,
    read_prodigy,
    write_prodigy,
)
from extractor.evaluation.interchange.rebuilding import rebuild

SHORT = "🦊 “Go,” said Ada Quill."


def there_and_back(article: GoldArticle, folder: Path) -> GoldArticle:
    [path] = write_prodigy([draw(article)], folder / "gold.jsonl")
    [graph], remarks = read_prodigy(path)
    back, unused = rebuild(graph, str(path))
    assert [*remarks, *unused] == []
    return back


def test_nothing_is_lost(tmp_path: Path) -> None:
    assert there_and_back(harbour(), tmp_path) == harbour()


@given(gold_articles())
def test_no_label_is_lost(article: GoldArticle) -> None:
    with TemporaryDirectory() as folder:
        assert there_and_back(article, Path(folder)) == article


def test_every_span_begins_and_ends_with_a_token() -> None:
    made = example(draw(harbour()))
    tokens = made["tokens"]
    assert [token["id"] for token in tokens] == list(range(len(tokens)))
    for token, after in pairwise(tokens):
        assert token["text"] == TEXT[token["start"] : token["end"]]
        assert token["ws"] == TEXT[token["end"] : token["end"] + 1].isspace()
        assert TEXT[token["end"] : after["start"]].strip() == ""
    for span in made["spans"]:
        assert tokens[span["token_start"]]["start"] == span["start"]
        assert tokens[span["token_end"]]["end"] == span["end"]
    assert not any(key.startswith("_") for key in made)
    assert made["meta"] == {"id": "harbour", "title": "Ferry talks stall 🚢"}


def test_a_token_is_cut_where_a_label_ends_inside_it() -> None:
    article = harbour()
    inside = article.quotes[0].spans[0].model_copy(update={"end": 28, "text": "Th"})
    inside = inside.model_copy(update={"start": 26})
    article = article.model_copy(update={"exempt": [inside]})
    assert "Th" not in [t["text"] for t in example(draw(harbour()))["tokens"]]
    assert "Th" in [token["text"] for token in example(draw(article))["tokens"]]


def test_relations_name_the_last_tokens_of_their_spans() -> None:
    made = example(draw(harbour()))
    for relation in made["relations"]:
        for end in ("head", "child"):
            assert relation[end] == relation[f"{end}_span"]["token_end"]
    labels = {relation["label"] for relation in made["relations"]}
    assert {"Speaker", "Cue", "Nested", "Continues", "Same", "Victim"} <= labels


def part(words: str, label: str, **more: Any) -> dict[str, Any]:
    start = SHORT.index(words)
    return {"start": start, "end": start + len(words), "label": label, **more}


def written(folder: Path, *examples: Any) -> Path:
    path = folder / "a.jsonl"
    lines = [e if isinstance(e, str) else json.dumps(e) for e in examples]
    path.write_text("\n".join(lines) + "\n\n", "utf-8")
    return path


def minimal(**more: Any) -> dict[str, Any]:
    return {"text": SHORT, "spans": [part("Go,", "CONTENT")], **more}


def read_one(folder: Path, content: dict[str, Any]) -> GoldArticle:
    [graph], remarks = read_prodigy(written(folder, content))
    article, unused = rebuild(graph, "a")
    assert [*remarks, *unused] == []
    return article


def test_an_example_needs_no_more_than_a_text_and_spans(tmp_path: Path) -> None:
    article = read_one(tmp_path, minimal())
    [quote] = article.quotes
    assert (quote.spans[0].text, quote.kind, quote.speaker) == ("Go,", "direct", None)
    assert article.doc.id == article.doc.sha256[:16]
    assert article.layers == ["quotes"]


def relation(label: str, head: int, child: int, **more: Any) -> dict[str, Any]:
    return {"label": label, "head": head, "child": child, **more}


@pytest.mark.parametrize("how", ["spans", "token ends", "tokens"])
def test_relations_are_found_with_and_without_token_fields(
    tmp_path: Path, how: str
) -> None:
    words = [("🦊", 0), ("“", 2), ("Go", 3), (",", 5), ("”", 6), ("said", 8)]
    words += [("Ada", 13), ("Quill", 17), (".", 22)]
    tokens = [
        {"text": text, "start": at, "end": at + len(text), "id": n}
        for n, (text, at) in enumerate(words)
    ]
    content, person = part("Go,", "Quote"), part("Ada Quill", "PERSON")
    if how == "token ends":
        content |= {"token_start": 2, "token_end": 3}
        person |= {"token_start": 6, "token_end": 7}
    link = relation("Speaker", 3, 7)
    if how == "spans":
        link |= {"head_span": content, "child_span": part("Ada Quill", "PERSON")}
    article = read_one(
        tmp_path,
        {
            "text": SHORT,
            "meta": {"id": 7},
            "spans": [content, person],
            "tokens": tokens if how == "tokens" else [],
            "relations": [link],
        },
    )
    assert article.doc.id == "7"
    [quote], [ada] = article.quotes, article.entities
    assert (quote.speaker, ada.name) == (ada.id, "Ada Quill")
    assert quote.speaker_mention and quote.speaker_mention.text == "Ada Quill"


def test_offsets_in_utf16_units_are_told_by_the_tokens(tmp_path: Path) -> None:
    content = part("Go,", "Quote")
    content |= {"start": content["start"] + 1, "end": content["end"] + 1}
    at = SHORT.index("said") + 1
    token = {"text": "said", "start": at, "end": at + 4, "id": 0}
    article = read_one(tmp_path, minimal(spans=[content], tokens=[token]))
    assert article.quotes[0].spans[0].text == "Go,"


def test_annotators_are_kept_apart_and_rejected_examples_left_out(
    tmp_path: Path,
) -> None:
    path = written(
        tmp_path,
        minimal(_annotator_id="ana"),
        minimal(_session_id="ben", answer="accept"),
        minimal(answer="reject"),
        minimal(answer="ignore"),
        minimal(_annotator_id="ana", spans=[]),
    )
    graphs, remarks = read_prodigy(path)
    found = [(g.about.annotation.annotators, len(g.regions)) for g in graphs]
    assert found == [(["ana"], 0), (["ben"], 1)]
    assert [remark.split(".jsonl ")[1] for remark in remarks] == [
        "line 3 was answered with reject and is left out",
        "line 4 was answered with ignore and is left out",
        f"line 5 replaces an earlier example of {graphs[0].id}",
    ]


def test_a_relation_to_nothing_is_said(tmp_path: Path) -> None:
    _, remarks = read_prodigy(
        written(tmp_path, minimal(relations=[relation("Cue", 1, 99)]))
    )
    assert remarks[0].endswith("line 1: a relation Cue leads to no span")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "is not JSON"),
        ("[]", "is no JSON object"),
        ({"spans": []}, "is no Prodigy example.*'text'"),
        (minimal(spans=[{"start": 3, "end": 3, "label": "Cue"}]), "3..3 is no span"),
        (minimal(spans=[{"start": 3, "end": 99, "label": "Cue"}]), "3..99 is no span"),
        (minimal(spans=[part("Go,", "Cue", text="Stop")]), "'Stop' is not where"),
        (minimal(gold={"layers": ["No layer!"]}), "its field gold is not as exported"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: Any, reason: str) -> None:
    with pytest.raises(GoldError, match=rf"a\.jsonl line 1.*{reason}"):
        read_prodigy(written(tmp_path, line))
