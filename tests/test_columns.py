"""Records as Arrow columns."""

import subprocess
import sys
from pathlib import Path

import pytest

from extractor import extract, make_document
from extractor.batch.columns import REPLACEMENT, columns_of, to_record_batch
from extractor.schema import Document, Extraction, OwnItem

pa = pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
parquet = pytest.importorskip("pyarrow.parquet")

ARTICLE = (
    "“The ferry will sail again in May,” said Ines Varga, who runs the harbour of "
    "Port Almen. Her deputy, Tom Osei, resigned on Monday."
)


def found(text: str = ARTICLE) -> Extraction:
    return extract(make_document(text, id="a1"), model="rules")


def test_an_extraction_survives_its_columns_and_a_file(tmp_path: Path) -> None:
    extraction = found()
    assert extraction.quotes and extraction.events
    batch = to_record_batch([extraction.model_dump()], columns_of(Extraction))
    path = tmp_path / "found.parquet"
    parquet.write_table(pa.Table.from_batches([batch]), path)
    (row,) = parquet.read_table(path).to_pylist(maps_as_pydicts="strict")
    assert Extraction.model_validate(row) == extraction


def test_every_field_has_a_column_of_its_own_type() -> None:
    schema = columns_of(Extraction)
    assert schema.names == list(Extraction.model_fields)
    assert schema.field("schema_version").type == pa.int64()
    quote = schema.field("quotes").type.value_type
    span = pa.struct(
        [("start", pa.int64()), ("end", pa.int64()), ("text", pa.string())]
    )
    assert quote.field("cue").type == span
    assert quote.field("spans").type == pa.list_(span)
    claim = schema.field("claims").type.value_type
    assert claim.field("check_worthy").type == pa.bool_()
    packages = schema.field("provenance").type.field("packages").type
    assert packages == pa.map_(pa.string(), pa.string())


def test_a_lone_surrogate_is_replaced_by_one_code_point() -> None:
    extraction = found("\ud800" + ARTICLE)
    batch = to_record_batch([extraction.model_dump()], columns_of(Extraction))
    (row,) = batch.to_pylist(maps_as_pydicts="strict")
    text = row["document"]["text"]
    assert text == REPLACEMENT + ARTICLE
    assert row["quotes"]
    for quote in row["quotes"]:
        for span in quote["spans"]:
            assert text[span["start"] : span["end"]] == span["text"]


@pytest.mark.parametrize("mark", ["", "\ud800"])
def test_fields_of_a_task_of_ones_own_are_text_or_json(mark: str) -> None:
    extraction = found(mark + ARTICLE)
    fields = {"who": "Tom", "count": 2, "open": True, "of": ["a"], "why": None}
    item = OwnItem(id="x1", fields=fields, evidence=extraction.quotes[0].spans)
    extraction = extraction.model_copy(update={"items": {"exits": [item]}})
    batch = to_record_batch([extraction.model_dump()], columns_of(Extraction))
    (row,) = batch.to_pylist(maps_as_pydicts="strict")
    assert row["items"]["exits"][0]["fields"] == {
        "who": "Tom",
        "count": "2",
        "open": "true",
        "of": '["a"]',
        "why": None,
    }
    assert row["items"]["exits"][0]["evidence"][0]["text"] in ARTICLE


def test_no_records_keep_the_columns() -> None:
    batch = to_record_batch([], columns_of(Document))
    assert batch.num_rows == 0
    assert batch.schema.names == list(Document.model_fields)


def test_without_pyarrow_the_remedy_is_named() -> None:
    code = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "from extractor.batch.columns import import_arrow\n"
        "import_arrow()"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True)
    assert "UsageError" in done.stderr
    assert "newsextract[parquet]" in done.stderr
