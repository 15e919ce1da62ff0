import hashlib
import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from extractor.cli import main
from extractor.errors import GoldError
from extractor.evaluation.gold import (
    Annotation,
    Change,
    Entity,
    GoldArticle,
    make_source,
    write_article,
)
from extractor.evaluation.manifest import (
    SCORER_VERSION,
    check_manifest,
    count_test_use,
    gold_hash,
    guideline_version,
    read_manifest,
    write_manifest,
)


def article(id_: str, text: str = "The ferry sank.\n") -> GoldArticle:
    return GoldArticle(doc=make_source(id_, text), text=text)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    gold = tmp_path / "gold"
    for name in ("b", "a"):
        write_article(article(name), gold)
    write_article(article("c"), gold / "test")
    return gold


def edits(folder: Path) -> list[tuple[str, str]]:
    manifest = read_manifest(folder)
    assert manifest
    return [(edit.what, edit.path) for edit in check_manifest(folder, manifest)]


def test_manifest_lists_texts_and_labels_and_nothing_else(folder: Path) -> None:
    for name in ("README.md", ".hidden.txt", "test/manifest.json"):
        (folder / name).write_text("{}")
    manifest = write_manifest(folder)
    assert list(manifest.files) == [
        "a.json",
        "a.txt",
        "b.json",
        "b.txt",
        "test/c.json",
        "test/c.txt",
    ]
    assert manifest.scorer == SCORER_VERSION
    assert read_manifest(folder) == manifest
    assert edits(folder) == []


def test_root_is_the_sha256_of_what_sha256sum_prints(folder: Path) -> None:
    manifest = write_manifest(folder)
    listing = subprocess.run(
        ["sha256sum", *manifest.files], cwd=folder, capture_output=True, check=True
    ).stdout
    assert manifest.root == hashlib.sha256(listing).hexdigest()


def test_same_files_freeze_to_the_same_bytes(folder: Path) -> None:
    write_manifest(folder)
    before = (folder / "manifest.json").read_bytes()
    write_manifest(folder)
    assert (folder / "manifest.json").read_bytes() == before


def test_every_kind_of_edit_is_reported(folder: Path) -> None:
    write_manifest(folder)
    (folder / "a.txt").write_text("The ferry swam.\n")
    (folder / "b.json").unlink()
    (folder / "test" / "d.txt").write_text("Fog.")
    assert edits(folder) == [
        ("changed", "a.txt"),
        ("removed", "b.json"),
        ("added", "test/d.txt"),
    ]


def test_manifest_that_was_edited_itself_is_reported(folder: Path) -> None:
    write_manifest(folder)
    path = folder / "manifest.json"
    content = json.loads(path.read_bytes())
    content["root"] = "0" * 64
    path.write_text(json.dumps(content))
    assert edits(folder) == [("changed", "manifest.json")]


def test_uses_of_the_test_split_are_counted_past_a_new_freeze(folder: Path) -> None:
    with pytest.raises(GoldError, match="not frozen"):
        count_test_use(folder)
    root = write_manifest(folder).root
    assert [count_test_use(folder), count_test_use(folder)] == [1, 2]
    manifest = read_manifest(folder)
    assert manifest
    assert manifest.root == root
    assert write_manifest(folder).test_uses == 2


def test_broken_manifest_and_empty_folder_are_named(
    folder: Path, tmp_path: Path
) -> None:
    (folder / "manifest.json").write_text('{"root": 3}')
    for call in (read_manifest, write_manifest, count_test_use):
        with pytest.raises(GoldError, match="is not a manifest"):
            call(folder)
    with pytest.raises(GoldError, match="no texts and labels"):
        write_manifest(tmp_path / "nowhere")
    assert read_manifest(tmp_path / "nowhere") is None


@pytest.mark.parametrize(
    ("head", "version"),
    [
        ("# Guidelines, version 1.2\n", "1.2"),
        ("# Labelling\n\nv2.0.1, of 3 May\n", "2.0.1"),
        ("# Guidelines 3\n", "3"),
        ("# Guidelines\n" * 5 + "version 4\n", None),
        ("# How to label 40 articles\n", None),
    ],
)
def test_version_of_guidelines_is_read_from_their_head(
    folder: Path, head: str, version: str | None
) -> None:
    (folder.parent / "GUIDELINES.md").write_text(head)
    assert guideline_version(folder) == version
    assert guideline_version(folder / "test") == version
    assert write_manifest(folder).guideline == version


def test_no_guidelines_have_no_version(folder: Path) -> None:
    assert guideline_version(folder) is None


def test_hash_of_gold_does_not_depend_on_order_or_provenance() -> None:
    a, b = article("a"), article("b")
    edited = a.model_copy(
        update={
            "annotation": Annotation(history=[Change(date="2024", by="x", what="y")]),
            "doc": a.doc.model_copy(update={"licence": "CC0-1.0"}),
        }
    )
    assert gold_hash([a, b]) == gold_hash([b, edited])


def test_hash_of_gold_depends_on_ids_texts_labels_and_number() -> None:
    a = article("a")
    relabelled = a.model_copy(update={"entities": [Entity(id="p1", name="Quell")]})
    unlabelled = a.model_copy(update={"layers": ["quotes"]})
    others = [article("b"), article("a", "Fog.\n"), relabelled, unlabelled]
    hashes = {gold_hash(gold) for gold in ([a], [a, a], [], *([o] for o in others))}
    assert len(hashes) == 7


def test_freeze_prints_the_root_and_what_changed(folder: Path) -> None:
    first = CliRunner().invoke(main, ["gold", "freeze", str(folder)])
    manifest = read_manifest(folder)
    assert manifest
    assert (first.exit_code, first.stdout) == (0, f"{manifest.root}\n")
    assert first.stderr == "6 files frozen\n"
    (folder / "a.txt").write_text("The ferry swam.\n")
    second = CliRunner().invoke(main, ["gold", "freeze", str(folder)])
    assert second.stdout != first.stdout
    assert second.stderr == "changed: a.txt\n6 files frozen\n"
