"""Extractions for annotation tools, read back as gold."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from extraction_samples import extractions, plain, sluice, something
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from extractor.documents import make_document
from extractor.evaluation import GoldArticle, import_gold, label_extraction
from extractor.evaluation.interchange.brat.syntax import BREAK
from extractor.evaluation.interchange.transfer import differences
from extractor.export import Target, write_results
from extractor.export.labels import NAME_BYTES
from extractor.schema import Document, Extraction, Quote, Span

FOLDERS: list[Target] = ["brat", "labelstudio"]
LABELS: list[Target] = [*FOLDERS, "prodigy"]
BRAT_LOSES = {
    *("doc.id", "doc.text_file", "doc.title", "doc.published", "doc.language"),
    *("annotation", "layers", "items", "entities", "entities.mentions"),
    *("entities.name", "entities.kind"),
}
"""What brat has no place for."""
OTHERS_LOSE = {"items", "layers", "doc.text_file", "doc.id"}


def back(results: list[Extraction], target: Target, folder: Path) -> list[GoldArticle]:
    output = folder / ("out" if target in FOLDERS else "out.jsonl")
    write_results(results, target, output)
    return import_gold([output]).articles


@pytest.mark.parametrize("target", LABELS)
def test_labels_come_back_as_gold(target: Target, tmp_path: Path) -> None:
    found = back([sluice(), plain()], target, tmp_path)
    assert len(found) == 2
    (labels,) = (one for one in found if one.quotes)
    wanted = label_extraction(sluice())
    assert labels.text == wanted.text
    assert labels.quotes == wanted.quotes
    assert labels.claims == wanted.claims
    assert labels.events == wanted.events
    lost = BRAT_LOSES if target == "brat" else OTHERS_LOSE
    assert set(differences(wanted, labels)) <= lost


def _document(text: str) -> Document:
    sha256 = make_document("x").sha256
    return Document(id="a", text=text, sha256=sha256)


@st.composite
def quoted(draw: st.DrawFn) -> Extraction:
    """A hostile text of which some parts, in order, are one quote.

    None begins or ends with a line break, which brat's lines cannot hold.
    """
    text = "".join(draw(st.lists(something, min_size=2, max_size=4)))
    cuts = st.integers(0, len(text))
    ends = sorted(draw(st.sets(cuts, min_size=2, max_size=4)))
    pairs = list(zip(ends[::2], ends[1::2], strict=False))
    spans = [Span(start=a, end=b, text=text[a:b]) for a, b in pairs]
    assume(not any(BREAK.search(s.text[0] + s.text[-1]) for s in spans))
    words = " ".join(span.text for span in spans)
    quote = Quote(id="q1", kind="direct", spans=spans, text=words)
    return Extraction(
        document=_document(text),
        quotes=[quote],
        provenance=plain().provenance,
    )


@pytest.mark.parametrize("target", LABELS)
@settings(max_examples=40)
@given(extraction=quoted())
def test_hostile_articles_come_back(target: Target, extraction: Extraction) -> None:
    with TemporaryDirectory() as folder:
        [found] = back([extraction], target, Path(folder))
    assert found.text == extraction.document.text
    [quote] = found.quotes
    assert quote.spans == extraction.quotes[0].spans


@pytest.mark.parametrize("target", LABELS)
@settings(max_examples=20)
@given(extraction=extractions())
def test_whatever_is_allowed_can_be_written(
    target: Target, extraction: Extraction
) -> None:
    with TemporaryDirectory() as folder:
        write_results([extraction], target, Path(folder) / "out")


def test_label_studio_has_the_interface_that_a_project_needs(tmp_path: Path) -> None:
    write_results([sluice()], "labelstudio", tmp_path / "out")
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["tasks.json", "tasks.xml"]
    [task] = json.loads((tmp_path / "out" / "tasks.json").read_bytes())
    assert task["data"]["text"] == sluice().document.text
    assert 'value="own type"' in (tmp_path / "out" / "tasks.xml").read_text("utf-8")


def test_brat_files_have_names_that_any_system_takes(tmp_path: Path) -> None:
    ids = ["a/b", "a:b", "A:B", "..", "\ud800", "é" * 300, "\x00\n", "con.txt"]
    documents = [make_document(f"Text {n}.", id=id_) for n, id_ in enumerate(ids)]
    results = [plain().model_copy(update={"document": doc}) for doc in documents]
    write_results(results, "brat", tmp_path / "out")
    names = sorted(path.name for path in (tmp_path / "out").glob("*.ann"))
    assert len({name.casefold() for name in names}) == len(ids)
    assert {"a_b.ann", "a_b-2.ann", "A_B-3.ann", "_.-.ann"} >= {"a_b.ann", "a_b-2.ann"}
    assert max(len(name.encode()) for name in names) <= NAME_BYTES + len(".ann")
    texts = {path.read_text("utf-8") for path in (tmp_path / "out").glob("*.txt")}
    assert texts == {document.text for document in documents}
