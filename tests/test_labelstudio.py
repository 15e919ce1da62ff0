"""Label Studio's JSON."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree

import pytest
from gold_samples import TEXT, gold_articles, harbour, storm
from hypothesis import given

from extractor.errors import GoldError
from extractor.evaluation.gold import GoldArticle
from extractor.evaluation.interchange.drawing import draw
from extractor.evaluation.interchange.labelstudio import (
    read_labelstudio,
    task,
    write_labelstudio,
)
from extractor.evaluation.interchange.rebuilding import rebuild

SHORT = "🦊 “Go,” said Ada Quill."


def there_and_back(article: GoldArticle, folder: Path) -> GoldArticle:
    [path] = write_labelstudio([draw(article)], folder / "gold.json")
    [graph], remarks = read_labelstudio(path)
    back, unused = rebuild(graph, str(path))
    assert [*remarks, *unused] == []
    return back


@pytest.mark.parametrize("article", [harbour(), storm()], ids=["crlf", "lf"])
def test_nothing_is_lost(article: GoldArticle, tmp_path: Path) -> None:
    assert there_and_back(article, tmp_path) == article


@given(gold_articles())
def test_no_label_is_lost(article: GoldArticle) -> None:
    with TemporaryDirectory() as folder:
        assert there_and_back(article, Path(folder)) == article


def test_the_interface_names_all_that_the_tasks_use(tmp_path: Path) -> None:
    write_labelstudio([draw(harbour())], tmp_path / "gold.json")
    view = ElementTree.parse(tmp_path / "gold.xml").getroot()
    made = task(draw(harbour()))
    controls = {node.get("name"): node for node in view.iter() if node.get("name")}
    labels = {node.get("value") for node in controls["label"]}
    relations = {node.get("value") for node in view.iter("Relation")}
    objects = {node.get("name") for node in view.iter("Text")}
    for result in made["annotations"][0]["result"]:
        if result["type"] == "relation":
            assert set(result["labels"]) <= relations
            continue
        assert result["to_name"] in objects
        control = controls[result["from_name"]]
        assert control.tag.lower() == result["type"]
        value = result["value"]
        if result["type"] == "labels":
            assert set(value["labels"]) <= labels
            assert value["text"] == TEXT[value["start"] : value["end"]]
        if result["type"] == "choices":
            assert set(value["choices"]) <= {node.get("value") for node in control}
    assert view.find("Text").get("value") == "$text"  # type: ignore[union-attr]  # it is there


def region(id_: str, words: str, label: str, shift: int = 0) -> dict[str, Any]:
    start = SHORT.index(words) + shift
    value = {"start": start, "end": start + len(words), "labels": [label]}
    return {
        "id": id_,
        "type": "labels",
        "from_name": "ner",
        "to_name": "t",
        "value": value,
    }


def stated(result: dict[str, Any], text: str) -> dict[str, Any]:
    return {**result, "value": {**result["value"], "text": text}}


def relation(label: str, source: str, target: str) -> dict[str, Any]:
    ends = {"from_id": source, "to_id": target}
    return {"type": "relation", "labels": [label], "direction": "right", **ends}


def tasks(folder: Path, *contents: Any) -> Path:
    path = folder / "a.json"
    path.write_text(json.dumps(list(contents)), "utf-8")
    return path


def labelled(*results: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": 12, "data": {"body": SHORT, "x": "y"}, "annotations": [
        {"result": list(results), **more}
    ]}  # fmt: skip


def read_one(folder: Path, content: dict[str, Any]) -> GoldArticle:
    [graph], remarks = read_labelstudio(tasks(folder, content))
    article, unused = rebuild(graph, "a")
    assert [*remarks, *unused] == []
    return article


def test_text_that_an_export_leaves_out_is_taken_from_the_data(tmp_path: Path) -> None:
    content = region("a", "Go,", "Quote")
    article = read_one(
        tmp_path,
        labelled(
            content,
            region("b", "Ada Quill", "PER"),
            {**content, "type": "choices", "from_name": "kind",
             "value": {"start": 3, "end": 6, "choices": ["mixed"]}},
            {**content, "type": "textarea", "from_name": "note",
             "value": {"start": 3, "end": 6, "text": ["short"]}},
            relation("source", "b", "a"),
        ),
    )  # fmt: skip
    [quote], [ada] = article.quotes, article.entities
    assert (article.doc.id, article.text) == ("12", SHORT)
    assert (quote.spans[0].text, quote.kind, quote.note) == ("Go,", "mixed", "short")
    assert (quote.speaker, ada.name, ada.kind) == (ada.id, "Ada Quill", "person")
    assert article.layers == ["quotes", "speakers"]


def test_offsets_in_utf16_units_are_told_by_the_text(tmp_path: Path) -> None:
    old = stated(region("a", "Go,", "Quote", shift=1), "Go,")
    silent = region("b", "said", "Cue", shift=1)
    article = read_one(tmp_path, labelled(old, silent, relation("Cue", "a", "b")))
    [quote] = article.quotes
    assert quote.cue and (quote.spans[0].text, quote.cue.text) == ("Go,", "said")


def test_annotations_of_several_people_are_kept_apart(tmp_path: Path) -> None:
    content = labelled(region("a", "Go,", "Quote"), completed_by=7)
    content["annotations"] += [
        {"result": [], "completed_by": {"id": 8, "email": "ben@post.example"}},
        {"result": [region("a", "said", "Quote")], "was_cancelled": True},
    ]
    graphs, remarks = read_labelstudio(tasks(tmp_path, content))
    found = [(g.id, g.about.annotation.annotators, len(g.regions)) for g in graphs]
    assert found == [("12", ["7"], 1), ("12", ["ben@post.example"], 0)]
    assert remarks == []


def test_what_cannot_be_used_is_said(tmp_path: Path) -> None:
    alone = {
        "id": "z",
        "type": "choices",
        "from_name": "kind",
        "value": {"choices": ["direct"]},
    }
    rating = {"id": "a", "type": "rating", "from_name": "stars", "value": {"rating": 3}}
    content = labelled(region("a", "Go,", "Quote"), alone, rating)
    _, remarks = read_labelstudio(tasks(tmp_path, content, {"data": {"text": "x"}}))
    assert [remark.split("a.json ")[1] for remark in remarks] == [
        "item 1: results of type rating are passed over",
        "item 1: 1 results belong to no labelled region",
        "item 2: it has no annotation and is left out",
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("task", "is no JSON object"),
        ({"annotations": []}, "is no Label Studio task.*'data'"),
        (
            {"data": {"n": 1}, "annotations": [{"result": []}]},
            "is no Label Studio task",
        ),
        (labelled({"type": "labels", "id": "a"}), "is no Label Studio task.*'value'"),
        (labelled(stated(region("a", "Go,", "Quote"), "Stop")), "region a says 'Stop'"),
        (labelled(region("a", "Go,", "Quote", shift=99)), "of region a is no span"),
    ],
)
def test_a_wrong_task_is_named(tmp_path: Path, content: Any, reason: str) -> None:
    with pytest.raises(GoldError, match=rf"a\.json item 1.*{reason}"):
        read_labelstudio(tasks(tmp_path, content))


def test_a_value_of_another_type_is_named(tmp_path: Path) -> None:
    kind = {
        "id": "a",
        "type": "choices",
        "from_name": "kind",
        "value": {"choices": [5]},
    }
    content = labelled(region("a", "Go,", "Quote"), kind)
    [graph], _ = read_labelstudio(tasks(tmp_path, content))
    with pytest.raises(GoldError, match=r"a: '5' is no value for kind"):
        rebuild(graph, "a")
