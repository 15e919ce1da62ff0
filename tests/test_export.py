"""Extractions as JSON, CSV, Parquet and DataFrames, and read back."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pytest
from extraction_samples import anything, extractions, plain, sluice
from hypothesis import given, settings
from pyarrow import parquet

import extractor
from extractor.batch import output as batch_output
from extractor.batch.rows import dump_row, failed_row, line_of, row_of
from extractor.errors import InputError, UsageError
from extractor.export import (
    TABLES,
    TARGETS,
    Target,
    check_target,
    read_results,
    stream,
    to_dataframe,
    write_results,
)
from extractor.export.spreadsheet import MARK, guarded, unguarded
from extractor.schema import Extraction

Cells = dict[str, Any]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    # Not tmp_path: an example of hypothesis has no fixture of its own.
    with TemporaryDirectory() as name:
        yield Path(name)


def text_of(results: list[Extraction], target: Target, table: str | None = None) -> str:
    return "".join(stream(results, target, table))


def back(path: Path, content: str | bytes) -> list[Extraction]:
    data = content.encode() if isinstance(content, str) else content
    path.write_bytes(data)
    return list(read_results(path))


# JSON


@pytest.mark.parametrize("target", ["json", "jsonl"])
@pytest.mark.parametrize("results", [[sluice()], [plain(), sluice(), plain()]])
def test_json_reads_back_as_it_was(
    target: Target, results: list[Extraction], tmp_path: Path
) -> None:
    assert back(tmp_path / "a", text_of(results, target)) == results


@settings(max_examples=50)
@given(extractions())
def test_any_text_comes_back_from_json(folder: Path, extraction: Extraction) -> None:
    for target in ("json", "jsonl"):
        written = text_of([extraction, extraction], target)
        assert back(folder / "a.json", written) == [extraction] * 2


def test_a_mark_at_the_beginning_of_a_file_is_passed_over(tmp_path: Path) -> None:
    written = b"\xef\xbb\xbf" + text_of([sluice()], "json").encode()
    assert back(tmp_path / "a.json", written) == [sluice()]


def test_rows_of_a_batch_are_read_and_failed_ones_told_of(tmp_path: Path) -> None:
    rows = [row_of(sluice()), failed_row(InputError("It is empty."), InputError("x"))]
    lines = [line_of(dump_row(row), accounts=False) for row in rows]
    (tmp_path / "rows.jsonl").write_bytes(b"".join(lines))
    told: list[str] = []
    [found] = read_results(tmp_path / "rows.jsonl", on_failed=told.append)
    assert (found.quotes, found.events) == (sluice().quotes, sluice().events)
    assert told == [f"{tmp_path / 'rows.jsonl'} line 2 has no extraction: input."]


def test_the_folder_of_a_batch_is_read(tmp_path: Path) -> None:
    rows = [row_of(sluice()), failed_row(InputError("It is empty."), InputError("x"))]
    batch_output.write_parquet(map(dump_row, rows), tmp_path / "rows")
    told: list[str] = []
    [found] = read_results(tmp_path / "rows", on_failed=told.append)
    assert (found.quotes, found.events) == (sluice().quotes, sluice().events)
    assert found.document == sluice().document
    assert len(told) == 1


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"{", "is not JSON"),
        (b"\xff\xfe{", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b'{"a": 1}\nx', "line 1 is no extraction"),
        (b"[1]", "item 1 is no extraction"),
        (b'{"type": "AnnotationCollection"}', "lack what was exported"),
        (b'{"schema_version": 1, "document": {"text": "secret"}}', "document.id"),
        (b"", "is not JSON"),
    ],
)
def test_what_is_no_result_is_named_in_a_sentence(
    content: bytes, why: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as caught:
        back(tmp_path / "a.json", content)
    assert why in str(caught.value)
    assert str(caught.value).startswith(str(tmp_path / "a.json"))
    assert "secret" not in str(caught.value)


def test_a_span_that_is_not_in_the_text_is_refused(tmp_path: Path) -> None:
    written = text_of([sluice()], "json").replace('"said"', '"sayd"')
    with pytest.raises(InputError, match="is not what the document says there"):
        back(tmp_path / "a.json", written)


# Tables


def counted(extraction: Extraction) -> dict[str, int]:
    """How many rows each table should have."""
    return {
        "documents": 1,
        "quotes": len(extraction.quotes),
        "speakers": len(extraction.speakers),
        "mentions": sum(len(speaker.mentions) for speaker in extraction.speakers),
        "claims": len(extraction.claims),
        "events": len(extraction.events),
        "participants": sum(len(event.arguments) for event in extraction.events),
        "items": sum(len(items) for items in extraction.items.values()),
        "rejected": len(extraction.rejected),
    }


def cells(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def check_places(row: Cells, text: str) -> None:
    """Asserts that a row's offsets lead to the words beside them."""
    if row.get("spans"):
        parts = [text[slice(*map(int, at.split(":")))] for at in row["spans"].split()]
        assert " ".join(parts) == row.get("evidence") or row["text"]
    for name in ("mention", "cue", "place", "time"):
        if row.get(f"{name}_at"):
            start, end = map(int, row[f"{name}_at"].split(":"))
            assert text[start:end] == row[name]
    for name in ("trigger", "nearest"):
        if row.get(name):
            assert text[int(row["start"]) : int(row["end"])] == row[name]


def test_every_table_has_the_items_and_places_of_the_extraction() -> None:
    extraction = sluice()
    assert counted(extraction).keys() == TABLES.keys()
    for name, number in counted(extraction).items():
        rows = [dict(row) for row in TABLES[name].rows(extraction)]
        assert len(rows) == number > 0
        assert {row["document"] for row in rows} == {"sluice/1"}
        for row in rows:
            check_places(row, extraction.document.text)


def test_a_quote_has_its_speaker_beside_it() -> None:
    first, second, *_ = cells(text_of([sluice()], "csv", "quotes"))
    assert first["speaker_name"] == "Ilse Brandt"
    assert first["speaker_description"] == "warden"
    assert first["spans"] == "63:71 109:121"
    assert (first["text"], first["cue"]) == ("It hums, like a\r\ntop.", "said")
    assert second["speaker_name"] == "'@Port"


@given(extractions())
def test_csv_reads_back_with_what_it_was_written_from(extraction: Extraction) -> None:
    for name, table in TABLES.items():
        read = cells(text_of([extraction], "csv", name))
        rows = [dict(row) for row in table.rows(extraction)]
        assert len(read) == len(rows)
        for row, got in zip(rows, read, strict=True):
            assert list(got) == table.columns
            for column, value in row.items():
                assert unguarded(got[column]) == written_as(value)


def written_as(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = "" if value is None else str(value)
    return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)


@given(anything)
def test_no_cell_is_a_formula_and_guarding_can_be_undone(text: str) -> None:
    cell = guarded(text)
    assert cell[:1] not in [*"=+-@\t\r\n＝＋－＠"]
    assert unguarded(cell) == text
    assert cell in (text, MARK + text)


def test_what_is_no_formula_is_left_alone() -> None:
    for text in ("", "a=b", "’Twas", "'tis", " =1", "“=1”", "''"):
        assert guarded(text) == text


@given(extractions())
def test_spreadsheet_cells_of_hostile_articles_are_no_formulas(
    extraction: Extraction,
) -> None:
    for name in TABLES:
        for row in csv.reader(io.StringIO(text_of([extraction], "csv", name), "")):
            assert not [cell for cell in row if cell[:1] in tuple("=+-@\t\r\n")]


def test_a_folder_of_csv_opens_in_pandas(tmp_path: Path) -> None:
    write_results([sluice(), plain()], "csv", tmp_path / "tables")
    names = {path.stem for path in (tmp_path / "tables").iterdir()}
    assert names == TABLES.keys()
    for name in TABLES:
        path = tmp_path / "tables" / f"{name}.csv"
        assert path.read_bytes().startswith(b"\xef\xbb\xbfdocument,title,")
        frame = pd.read_csv(path)
        assert list(frame.columns) == TABLES[name].columns
        assert len(frame) == counted(sluice())[name] + (name == "documents")
    quotes = pd.read_csv(tmp_path / "tables" / "quotes.csv")
    assert quotes["text"][0] == "It hums, like a\r\ntop."


# Parquet


@settings(max_examples=50)
@given(extractions(surrogates=False))
def test_parquet_reads_back_as_it_was(folder: Path, extraction: Extraction) -> None:
    write_results([extraction, plain()], "parquet", folder / "a.parquet")
    assert list(read_results(folder / "a.parquet")) == [extraction, plain()]


def test_parquet_has_fields_that_are_no_text_as_json(tmp_path: Path) -> None:
    write_results([sluice()], "parquet", tmp_path / "a.parquet")
    [found] = read_results(tmp_path / "a.parquet")
    fields = found.items["leaks"][0].fields
    assert (fields["many"], fields["who"]) == ("4", "4 pumps")
    assert "none" not in fields
    assert found.model_copy(update={"items": {}}) == sluice().model_copy(
        update={"items": {}}
    )


def test_a_folder_of_parquet_is_read_in_order(tmp_path: Path) -> None:
    for number, extraction in enumerate([plain(), sluice(), plain()]):
        write_results([extraction], "parquet", tmp_path / f"part-{number}.parquet")
    found = read_results(tmp_path)
    assert [len(extraction.quotes) for extraction in found] == [0, 5, 0]


def test_a_flat_table_as_parquet_is_what_pandas_reads(tmp_path: Path) -> None:
    for name in TABLES:
        write_results([sluice()], "parquet", tmp_path / name, table=name)
        frame = pd.read_parquet(tmp_path / name)
        assert list(frame.columns) == TABLES[name].columns
        assert len(frame) == counted(sluice())[name]
    assert parquet.read_schema(tmp_path / "quotes").field("start").type == "int64"


def test_what_is_no_parquet_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 no")
    (tmp_path / "b.parquet").write_bytes(b"no")
    write_results([sluice()], "parquet", tmp_path / "whole")
    torn = bytearray((tmp_path / "whole").read_bytes())
    torn[4:400] = bytes(396)
    (tmp_path / "c.parquet").write_bytes(torn)
    with pytest.raises(InputError, match="cannot be read as Parquet"):
        list(read_results(tmp_path / "c.parquet"))
    with pytest.raises(InputError, match="cannot be read as Parquet"):
        list(read_results(tmp_path / "a.parquet"))
    for name in ("b.parquet", "missing.parquet"):
        with pytest.raises(InputError, match=r"is not JSON|cannot be read .*check"):
            list(read_results(tmp_path / name))
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"holds no \.parquet files"):
        list(read_results(tmp_path / "empty"))


# DataFrames


@settings(max_examples=40)
@given(extractions())
def test_a_frame_has_the_rows_of_the_table(extraction: Extraction) -> None:
    for name, table in TABLES.items():
        frame = to_dataframe([extraction, extraction], name)
        rows = [dict(row) for row in table.rows(extraction)] * 2
        got = frame.astype(object).where(frame.notna(), None).to_dict("records")
        assert got == rows


def test_the_types_of_a_frame_do_not_depend_on_its_rows() -> None:
    for name in TABLES:
        full, empty = to_dataframe(sluice(), name), to_dataframe([], name)
        assert list(full.dtypes) == list(empty.dtypes)
    types = to_dataframe(sluice(), "rejected").dtypes
    assert (str(types["start"]), str(types["text"])) == ("Int64", "string")
    assert str(to_dataframe(sluice(), "claims").dtypes["check_worthy"]) == "bool"


def test_quotes_can_be_counted_by_speaker() -> None:
    frame = extractor.to_dataframe(iter([sluice(), plain(), sluice()]))
    counts = frame.groupby("speaker_name").size().to_dict()
    assert counts == {"@Port": 2, "Ilse Brandt": 2, "Omar Vell": 2, "the gauge": 2}


def test_an_extraction_gives_its_own_frames() -> None:
    pd.testing.assert_frame_equal(
        sluice().to_dataframe("claims"), to_dataframe(sluice(), "claims")
    )
    assert len(sluice().to_dataframe()) == 5


def test_a_task_of_the_users_own_has_a_column_for_each_field() -> None:
    frame = to_dataframe([plain(), sluice()], "leaks")
    assert list(frame["who"]) == ["4 pumps", "@Port"]
    assert list(frame["id"]) == ["leaks1", "leaks2"]
    assert frame["fields.id"][0] == "=A1"
    assert list(frame["evidence"])[1] == "@Port"
    assert frame["many"][0] == 4
    assert len(to_dataframe(sluice(), "quotes_of_none")) == 0


def test_an_unknown_table_is_answered_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"no table 'quote'.*quotes, speakers"):
        to_dataframe(sluice(), "quote")


@pytest.mark.parametrize(
    ("package", "call"),
    [
        ("pandas", "to_dataframe([])"),
        ("pyarrow", "write_results([], 'parquet', 'a.parquet')"),
    ],
)
def test_a_missing_package_is_named_with_the_remedy(
    package: str, call: str, tmp_path: Path
) -> None:
    code = (
        f"import sys; sys.modules['{package}'] = None\n"
        f"import extractor\nextractor.{call}"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    extra = {"pandas": "notebook", "pyarrow": "parquet"}[package]
    assert f"pip install 'newsextract[{extra}]'" in done.stderr
    assert not list(tmp_path.iterdir())


# Places


def failing(extraction: Extraction) -> Iterator[Extraction]:
    yield extraction
    raise InputError("The second article is broken.")


@pytest.mark.parametrize("target", TARGETS)
def test_a_failure_leaves_what_was_there(target: Target, tmp_path: Path) -> None:
    output = tmp_path / "out"
    is_folder = target in ("csv", "brat", "labelstudio")
    if not is_folder:
        output.write_text("before")
    with pytest.raises(InputError, match="second article"):
        write_results(failing(sluice()), target, output)
    assert [path.name for path in tmp_path.iterdir()] == ["out"] * (not is_folder)
    assert is_folder or output.read_text() == "before"


@pytest.mark.parametrize("target", TARGETS)
def test_what_is_written_is_for_its_user_alone(target: Target, tmp_path: Path) -> None:
    write_results([sluice()], target, tmp_path / "out")
    assert (tmp_path / "out").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("target", ["csv", "brat", "labelstudio"])
def test_a_folder_with_something_in_it_is_left_alone(
    target: Target, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    write_results([sluice()], target, tmp_path / "out")
    before = sorted((tmp_path / "out").iterdir())
    with pytest.raises(UsageError, match="is no empty folder"):
        write_results([sluice()], target, tmp_path / "out")
    assert sorted((tmp_path / "out").iterdir()) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


REFUSED: list[tuple[Callable[[Path], tuple[Target, Path | None, str | None]], str]] = [
    (lambda _: ("json", None, "quotes"), "json has no tables"),
    (lambda _: ("csv", None, "quote"), "There is no table 'quote'"),
    (lambda _: ("csv", None, None), "name a folder with -o, or one table"),
    (
        lambda _: ("brat", None, None),
        "brat is written as several files: name a folder with -o.",
    ),
    (lambda _: ("parquet", None, None), "parquet is no text"),
    (lambda path: ("csv", path / "quotes.csv", None), "one file of several tables"),
    (lambda path: ("json", path, None), "is a folder: name a file"),
    (lambda path: ("json", path / "none" / "a.json", None), "does not exist: make it"),
]


@pytest.mark.parametrize(("arguments", "why"), REFUSED)
def test_what_cannot_be_written_is_refused_beforehand(
    arguments: Callable[[Path], tuple[Target, Path | None, str | None]],
    why: str,
    tmp_path: Path,
) -> None:
    with pytest.raises(UsageError, match=why):
        check_target(*arguments(tmp_path))


def test_names_of_the_package_are_those_of_the_module(tmp_path: Path) -> None:
    extractor.write_results([sluice()], "jsonl", tmp_path / "a.jsonl")
    assert list(extractor.read_results(tmp_path / "a.jsonl")) == [sluice()]
    assert (
        json.loads((tmp_path / "a.jsonl").read_text())["document"]["id"] == "sluice/1"
    )
