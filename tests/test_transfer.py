"""Importing and exporting gold, in the library and on the command line."""

import json
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from gold_samples import TEXT, harbour, storm

from extractor.cli import main
from extractor.errors import GoldError
from extractor.evaluation.gold import (
    LAYERS,
    Annotation,
    GoldArticle,
    make_source,
    read_article,
    write_article,
)
from extractor.evaluation.interchange import (
    FORMATS,
    TARGETS,
    Format,
    Target,
    export_gold,
    import_gold,
    read_annotators,
    read_gold,
    write_gold,
)
from extractor.evaluation.interchange.transfer import differences

CORPUS = {"id": "made-1", "text": "Go now.", "quotes": [], "annotator": "ana"}


def run(*args: str | Path) -> Result:
    result = CliRunner().invoke(main, [str(arg) for arg in args])
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    return result


def gold_folder(folder: Path) -> Path:
    for article in (harbour(), storm()):
        write_article(article, folder)
    return folder


def without_annotation(article: GoldArticle) -> GoldArticle:
    return article.model_copy(update={"annotation": Annotation()})


@pytest.mark.parametrize("target", TARGETS)
def test_an_export_can_be_imported(target: Target, tmp_path: Path) -> None:
    gold = gold_folder(tmp_path / "gold")
    out, back = tmp_path / "out", tmp_path / "back"
    sent = run("gold", "export", gold, "-o", out, "--to", target)
    assert sent.exit_code == 0
    counts = "2 articles to {}: 6 entities, 8 quotes, 4 claims, 6 events."
    assert sent.stderr.startswith("Wrote " + counts.format(out))
    got = run("gold", "import", out, "-o", back)
    assert (got.exit_code, got.stderr) == (0, f"Wrote {counts.format(back)}\n")
    if target == "brat":
        assert "brat does not hold: annotation (2), doc.language (2)," in sent.stderr
        assert "entities.aliases (2), entities.kind (2)" in sent.stderr
        assert [a.quotes for a in read_gold(back)] == [
            a.quotes for a in read_gold(gold)
        ]
    else:
        assert "does not hold" not in sent.stderr
        assert read_gold(back) == read_gold(gold)


def test_what_brat_cannot_hold_is_kept_from_what_is_overwritten(tmp_path: Path) -> None:
    gold = gold_folder(tmp_path / "gold")
    run("gold", "export", gold, "-o", tmp_path / "brat", "--to", "brat")
    labels = tmp_path / "brat" / "harbour.ann"
    lines = [
        line for line in labels.read_text("utf-8").split("\n") if "Exempt" not in line
    ]
    labels.write_text("\n".join(lines), "utf-8")
    assert (
        run("gold", "import", tmp_path / "brat", "-o", gold, "--force").exit_code == 0
    )
    assert read_gold(gold) == [harbour().model_copy(update={"exempt": []}), storm()]


def test_nothing_is_kept_from_an_article_of_another_text(tmp_path: Path) -> None:
    run(
        "gold", "export", gold_folder(tmp_path / "gold"), "-o", tmp_path, "--to", "brat"
    )
    other = GoldArticle(doc=make_source("harbour", "x", title="Other"), text="x")
    write_article(other, tmp_path / "old")
    run("gold", "import", tmp_path, "-o", tmp_path / "old", "--force")
    assert read_article(tmp_path / "old" / "harbour.json").doc.title is None


@pytest.mark.parametrize("target", TARGETS)
def test_no_file_is_overwritten_unasked(target: Target, tmp_path: Path) -> None:
    gold = gold_folder(tmp_path / "gold")
    export = ("gold", "export", gold, "-o", tmp_path / "out", "--to", target)
    assert run(*export).exit_code == 0
    before = {file: file.read_bytes() for file in (tmp_path / "out").iterdir()}
    again = run(*export)
    assert again.exit_code == 1
    assert "exists; choose another place, or overwrite it with --force." in again.stderr
    back = run("gold", "import", tmp_path / "out", "-o", gold)
    assert back.exit_code == 1
    assert "harbour.json exists;" in back.stderr
    assert read_gold(gold) == [harbour(), storm()]
    assert {file: file.read_bytes() for file in (tmp_path / "out").iterdir()} == before
    assert run(*export, "--force").exit_code == 0


def test_a_text_that_is_in_the_way_is_not_overwritten_either(tmp_path: Path) -> None:
    (tmp_path / "storm.txt").write_text("mine", "utf-8")
    with pytest.raises(GoldError, match=r"storm\.txt exists"):
        write_gold([harbour(), storm()], tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["storm.txt"]
    with pytest.raises(GoldError, match=r"storm\.txt exists"):
        export_gold([harbour(), storm()], "brat", tmp_path)
    assert (tmp_path / "storm.txt").read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    ("target", "name", "made"),
    [
        ("prodigy", "a.jsonl", ["a.jsonl"]),
        ("prodigy", "folder", ["folder/gold.jsonl"]),
        ("labelstudio", "a.json", ["a.json", "a.xml"]),
        ("labelstudio", "folder", ["folder/gold.json", "folder/gold.xml"]),
    ],
)
def test_one_file_goes_where_it_is_told(
    target: Target, name: str, made: list[str], tmp_path: Path
) -> None:
    export_gold([harbour()], target, tmp_path / name)
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert sorted(str(f.relative_to(tmp_path)) for f in files) == made


def test_annotators_of_one_article_have_a_folder_each(tmp_path: Path) -> None:
    labels = [{"type": "direct", "fragments": [{"start": 0, "end": 2, "text": "Go"}]}]
    content = {**CORPUS, "annotators": {"ana": labels, "../ben": []}}
    source = dump(tmp_path / "corpus" / "a.json", content)
    assert run("gold", "import", source, "-o", tmp_path / "gold").exit_code == 0
    found = read_annotators(tmp_path / "gold")
    assert {name: len(a.quotes) for name, [a] in found.items()} == {
        "ana": 1,
        "_._ben": 0,
    }
    sent = run("gold", "export", source, "-o", tmp_path / "out", "--to", "brat")
    assert sent.exit_code == 1
    assert "made-1 is there 2 times" in sent.stderr
    assert not (tmp_path / "out").exists()


def dump(path: Path, content: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), "utf-8")
    return path


def test_an_article_comes_once_from_one_annotator(tmp_path: Path) -> None:
    article = harbour()
    with pytest.raises(GoldError, match="harbour comes 2 times from the same"):
        write_gold([article, article], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_id_leads_to_no_other_folder(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "gold"
    content = {**CORPUS, "id": "../../.hidden/a:b"}
    run("gold", "import", dump(tmp_path / "a.json", content), "-o", folder)
    assert [file.name for file in sorted(folder.iterdir())] == [
        "_._.._.hidden_a_b.json",
        "_._.._.hidden_a_b.txt",
    ]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.json", "deep"]


def test_layers_are_those_of_all_articles_where_none_are_stated(tmp_path: Path) -> None:
    for name, labels in (("a", "T1\tQuote 0 2\tGo\n"), ("b", "")):
        (tmp_path / f"{name}.txt").write_text("Go now.", "utf-8")
        (tmp_path / f"{name}.ann").write_text(labels, "utf-8")
    assert [a.layers for a in import_gold([tmp_path]).articles] == [["quotes"]] * 2
    stated = import_gold([tmp_path], layers=["events", "quotes"]).articles
    assert [a.layers for a in stated] == [["quotes", "events"]] * 2
    assert import_gold([tmp_path / "b.txt"]).articles[0].layers == []


def test_what_was_not_used_is_told_in_part(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Go now.", "utf-8")
    lines = "".join(f"T{n}\tGPE\u202e 0 2\tGo\n" for n in range(1, 26))
    (tmp_path / "a.ann").write_text(lines, "utf-8")
    result = run("gold", "import", tmp_path, "-o", tmp_path / "gold")
    assert result.exit_code == 0
    told = result.stderr.splitlines()
    assert len(told) == 22
    assert told[0].endswith(
        "a.ann: T1 has the label GPE\\u202e, which means nothing here."
    )
    assert told[20] == "Not used: 5 more."


@pytest.mark.parametrize(
    ("name", "content", "format_"),
    [
        ("a.json", CORPUS, "corpus"),
        (
            "a.json",
            [{"id": 1, "data": {"text": "x"}, "annotations": []}],
            "labelstudio",
        ),
        ("a.json", {"id": 1, "data": {"text": "x"}, "annotations": []}, "labelstudio"),
        ("a.jsonl", {"text": "x"}, "prodigy"),
    ],
)
def test_the_format_is_told_from_the_files(
    name: str, content: Any, format_: Format, tmp_path: Path
) -> None:
    dump(tmp_path / name, content)
    told = import_gold([tmp_path])
    assert told == import_gold([tmp_path / name], format_)
    for other in set(FORMATS) - {format_}:
        with pytest.raises(GoldError):
            import_gold([tmp_path], other)


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({}, r"no file of a known format; name the format with --from \(brat, "),
        ({"a.txt": "x"}, "no file of a known format"),
        ({"a.json": "{}"}, "has none of the known layouts"),
        ({"a.json": "{"}, "is not JSON"),
        ({"a.json": '{"schema": "extractor-gold/1"}'}, "is a gold article already"),
    ],
)
def test_a_format_that_cannot_be_told_is_asked_for(
    files: dict[str, str], reason: str, tmp_path: Path
) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(GoldError, match=reason):
        import_gold([tmp_path])


def test_a_source_that_is_not_there_is_named(tmp_path: Path) -> None:
    result = run("gold", "import", tmp_path / "no", "-o", tmp_path / "gold")
    assert result.exit_code == 1
    assert f"{tmp_path / 'no'} does not exist; check the name." in result.stderr
    (tmp_path / "empty").mkdir()
    with pytest.raises(GoldError, match=r"holds no \*\.ann"):
        import_gold([tmp_path / "empty"], "brat")


def test_differences_are_named_by_field_and_counted_by_item() -> None:
    article = harbour()
    quotes = [q.model_copy(update={"cue": None, "note": None}) for q in article.quotes]
    doc = article.doc.model_copy(update={"title": None})
    other = article.model_copy(
        update={
            "doc": doc,
            "quotes": quotes,
            "claims": article.claims[:1],
            "exempt": [],
        }
    )
    assert Counter(differences(article, other)) == {
        "doc.title": 1,
        "quotes.cue": 3,
        "quotes.note": 1,
        "claims": 1,
        "exempt": 1,
    }
    assert list(differences(article, article)) == []


def test_the_text_stays_byte_for_byte(tmp_path: Path) -> None:
    for target in TARGETS:
        out, back = tmp_path / target, tmp_path / f"{target}-back"
        export_gold([harbour()], target, out)
        write_gold(import_gold([out]).articles, back)
        assert (back / "harbour.txt").read_bytes() == TEXT.encode()
        shutil.rmtree(out)


# The JSON Schema


def fits(schema: Any, value: Any, root: Any) -> bool:
    """Whether a value fits a JSON Schema, of the words that ours use."""
    if "$ref" in schema:
        return fits(root["$defs"][schema["$ref"].rpartition("/")[2]], value, root)
    if "anyOf" in schema:
        return any(fits(option, value, root) for option in schema["anyOf"])
    if "type" not in schema:
        return True  # any JSON
    kinds = {"object": dict, "array": list, "string": str, "integer": int,
             "boolean": bool, "null": type(None)}  # fmt: skip
    wrong = (
        type(value) is not kinds[schema["type"]],
        value not in schema.get("enum", [value]),
        value != schema.get("const", value),
    )
    if any(wrong):
        return False
    if isinstance(value, list):
        enough = len(value) >= schema.get("minItems", 0)
        return enough and all(fits(schema["items"], item, root) for item in value)
    if isinstance(value, dict):
        known = schema.get("properties", {})
        others = schema.get("additionalProperties", {})
        for pattern, other in schema.get("patternProperties", {}).items():
            known = {k: other for k in value if re.search(pattern, k)} | known
        complete = set(schema.get("required", [])) <= value.keys()
        complete = complete and (others is not False or value.keys() <= known.keys())
        return complete and all(
            fits(known.get(k, others), v, root) for k, v in value.items()
        )
    if isinstance(value, str):
        return re.search(schema.get("pattern", ""), value) is not None
    return not isinstance(value, int) or value >= schema.get("minimum", value)


def test_gold_fits_the_schema_that_is_printed(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["schema", "gold"])
    schema = json.loads(result.stdout)
    content = json.loads(write_article(harbour(), tmp_path).read_text("utf-8"))
    assert fits(schema, content, schema)
    whole = harbour().model_dump(mode="json")
    assert fits(schema, whole, schema)
    for field in schema["properties"]:
        assert field in whole
    span = content["exempt"][0]
    fine = {"id": "f1", "fields": {"crews": 12}, "spans": {"who": [span]}}
    own = {"layers": ["fines"], "items": {"fines": [fine]}}
    assert fits(schema, {**content, **own}, schema)
    assert content["layers"] == list(LAYERS)
    wrong: list[dict[str, Any]] = [
        {**content, "text": TEXT},
        {**content, "schema": "extractor-gold/2"},
        {**content, "layers": ["No name"]},
        {**content, "items": {"fines": [{"id": "f1", "spans": {"who": [{}]}}]}},
        {**content, "quotes": [{**content["quotes"][0], "spans": []}]},
        {**content, "exempt": [{"start": -1, "end": 3, "text": "four"}]},
        {key: value for key, value in content.items() if key != "doc"},
    ]
    assert not any(fits(schema, other, schema) for other in wrong)
