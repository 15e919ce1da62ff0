import hashlib
import io
import json
from pathlib import Path

import pytest

from extractor.documents import (
    MAX_CHARS,
    list_files,
    make_document,
    read,
    read_many,
)
from extractor.documents.decoding import MAX_BYTES
from extractor.documents.language import guess_language
from extractor.errors import InputError

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="{charset}"><title>Bridge closed</title>
<meta property="og:title" content="Bridge closed at Varn">
<meta property="article:published_time" content="2024-02-03T08:00:00+01:00">
</head><body><nav><a href="/">Home</a><a href="/sport">Sport</a></nav>
<article><h1>Bridge closed at Varn</h1>
<p>The bridge over the Varn was closed on Friday after engineers found cracks in two
of its pillars, the town said. Buses will take the long way round by Café Orla until
the pillars are mended, which may take until the summer.</p>
<p>“We would rather close it a day early than an hour late,” said the mayor, Edda
Brandt, who asked people to leave their cars at home for the coming week.</p>
</article><footer>Imprint and cookies</footer></body></html>"""

SAMPLES = {
    "en": "The mayor said that the bridge was closed and that buses would go by the "
    "old road for a week, because engineers had found cracks in two of its pillars.",
    "de": "Der Bürgermeister sagte, die Brücke sei gesperrt und die Busse müssten "
    "nun eine Woche auf der alten Straße fahren, weil sich im Pfeiler Risse zeigen.",
    "fr": "Le maire a dit que le pont est fermé et que les bus vont passer par la "
    "vieille route pour une semaine, des fissures étant apparues dans les piliers.",
    "es": "El alcalde dijo que el puente está cerrado y que los autobuses irán por "
    "la carretera vieja, ya que se vieron grietas en los pilares del puente.",
    "pt": "O prefeito disse que a ponte foi fechada e que os ônibus vão passar uma "
    "semana por uma estrada velha, porque não se sabe o estado dos pilares da ponte.",
    "fa": "شهردار گفت پل بسته شده است و اتوبوس‌ها یک هفته از جاده‌ی قدیمی می‌روند.",
    "ar": "قال رئيس البلدية إن الجسر مغلق وإن الحافلات ستسير في الطريق القديم أسبوعا.",
    "ru": "Мэр сказал, что мост закрыт и автобусы будут ездить по старой дороге.",
    "uk": "Мер сказав, що міст закрито і автобуси тиждень їздитимуть старою дорогою.",
    "el": "Ο δήμαρχος είπε ότι η γέφυρα έκλεισε για μία εβδομάδα.",
    "he": "ראש העיר אמר שהגשר סגור והאוטובוסים ייסעו בדרך הישנה.",
    "zh": "市长说，大桥已经关闭，公共汽车将绕行一周。",
    "ja": "市長は橋が閉鎖され、バスは一週間迂回すると述べた。",
    "ko": "시장은 다리가 폐쇄되었으며 버스는 일주일 동안 우회한다고 말했다.",
}


def write(path: Path, data: bytes | str) -> Path:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def jsonl(path: Path, *records: object) -> Path:
    return write(path, "".join(json.dumps(record) + "\n" for record in records))


@pytest.mark.parametrize(
    "text",
    [
        "One line\r\nand another\r\rand \u00a0a third\n",
        "with a soft\u00adhyphen, a NUL \0 and a \u2028 separator" * 3,
        "  leading and trailing white space \n\n",
    ],
)
def test_text_is_untouched(tmp_path: Path, text: str) -> None:
    assert read(write(tmp_path / "a.txt", text)).text == text


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"]
)
def test_byte_order_mark_decides_and_is_stripped(tmp_path: Path, encoding: str) -> None:
    text = "Übermut “tut” selten gut.\r\n"
    data = text.encode(encoding)
    if encoding.endswith("e"):
        data = "\ufeff".encode(encoding) + data
    assert read(write(tmp_path / "a.txt", data)).text == text


def test_legacy_encoding_is_detected(tmp_path: Path) -> None:
    text = SAMPLES["fr"] + " « Ça ira », a-t-il ajouté à l’entrée du café. " * 4
    assert read(write(tmp_path / "a.txt", text.encode("cp1252"))).text == text


def test_id_defaults_to_the_sha256_of_the_text() -> None:
    doc = make_document("Rain fell.")
    assert doc.id == doc.sha256 == hashlib.sha256(b"Rain fell.").hexdigest()


def test_lone_surrogates_are_kept_and_hashed() -> None:
    doc = make_document("A broken \ud83d emoji.")
    assert doc.text[9] == "\ud83d"
    assert len(doc.sha256) == 64


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("2024-03-14", "2024-03-14"),
        ("2024-03-14T23:30:00-05:00", "2024-03-14"),
        ("2024-03-14T10:00:00Z", "2024-03-14"),
    ],
)
def test_published_becomes_a_date(given: str, stored: str) -> None:
    assert make_document("Rain fell.", published=given).published == stored


def test_published_must_be_iso() -> None:
    with pytest.raises(InputError, match="write it as 2016-08-16"):
        make_document("Rain fell.", published="14 March")


@pytest.mark.parametrize("text", ["", " \n\t\u00a0"])
def test_empty_text_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match=r"a\.txt holds no text"):
        read(write(tmp_path / "a.txt", text))


def test_text_over_the_limit_is_refused() -> None:
    with pytest.raises(InputError, match="500,000"):
        make_document("a" * (MAX_CHARS + 1))


def test_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="larger than 10 MB"):
        read(write(tmp_path / "a.txt", b"word " * (MAX_BYTES // 5 + 1)))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "a PNG image"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "a PDF"),
        (b"PK\x03\x04" + bytes(40), "a zip archive"),
        (b"\x7fELF\x02\x01" + bytes(200), "binary data"),
        ("no mark".encode("utf-16-le"), "binary data"),
    ],
)
def test_binary_is_named(tmp_path: Path, data: bytes, kind: str) -> None:
    with pytest.raises(InputError, match=rf"a\.txt (is|holds) {kind}"):
        read(write(tmp_path / "a.txt", data))


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("nowhere.txt", "nowhere.txt does not exist"),
        ("no*where.txt", "matches no file"),
        ("https://news.example/a", "is an address"),
        ("Rain fell.\nThe wall broke.", "use make_document"),
        ("x" * 5000, "cannot be read|does not exist"),
    ],
)
def test_no_file_is_one_sentence(source: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(source)


def test_folder_is_for_read_many(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="folder"):
        read(tmp_path)


def test_markdown_heading_is_the_title_and_stays_in_the_text(tmp_path: Path) -> None:
    doc = read(write(tmp_path / "a.md", "\n# Wall *falls* #\n\nIt fell.\n# Not this\n"))
    assert doc.title == "Wall *falls*"
    assert doc.text.startswith("\n# Wall")


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252"])
def test_page_gives_text_title_and_date(tmp_path: Path, charset: str) -> None:
    pytest.importorskip("trafilatura")
    page = PAGE.format(charset=charset).encode(charset)
    doc = read(write(tmp_path / "a.html", page))
    assert "by Café Orla until" in doc.text.replace("\n", " ")
    assert "“We would rather" in doc.text
    assert "cookies" not in doc.text
    assert (doc.title, doc.published) == ("Bridge closed at Varn", "2024-02-03")


def test_page_is_known_by_its_content() -> None:
    pytest.importorskip("trafilatura")
    doc = read(io.BytesIO(PAGE.format(charset="utf-8").encode()))
    assert doc.title == "Bridge closed at Varn"


def test_page_without_reader_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "trafilatura", None)
    with pytest.raises(InputError, match=r"newsextract\[html\]"):
        read(write(tmp_path / "a.html", PAGE.format(charset="utf-8")))


def test_page_without_an_article(tmp_path: Path) -> None:
    pytest.importorskip("trafilatura")
    with pytest.raises(InputError, match="no article"):
        read(write(tmp_path / "a.html", "<html><body></body></html>"))


def test_records_carry_their_fields(tmp_path: Path) -> None:
    path = jsonl(
        tmp_path / "a.jsonl",
        {"id": 7, "text": "Rain\r\nfell.", "title": "Rain", "published": "2024-03-14"},
        {"text": "Snow fell.", "url": "https://news.example/snow", "language": "en"},
    )
    rain, snow = read_many([path])
    assert (rain.id, rain.title, rain.published) == ("7", "Rain", "2024-03-14")
    assert (rain.text, rain.source) == ("Rain\r\nfell.", str(path))
    assert (snow.source, snow.language) == ("https://news.example/snow", "en")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{not json", "line 2 is not JSON"),
        ('["a list"]', "line 2 needs a field 'text'"),
        ('{"text": 3}', "line 2 needs a field 'text'"),
        ('{"text": " "}', "line 2 holds no text"),
        ('{"text": "a", "title": []}', "line 2 has a field 'title'"),
        ('{"text": "a", "published": "May"}', "line 2 has the publication date 'May'"),
        ("[" * 100_000, "line 2 is not JSON"),
        (b'{"text": "\xff"}', "line 2 is not UTF-8"),
    ],
)
def test_bad_line_is_named(tmp_path: Path, line: str | bytes, message: str) -> None:
    data = line if isinstance(line, bytes) else line.encode()
    path = write(tmp_path / "a.jsonl", b'{"text": "Rain fell."}\n' + data + b"\n")
    with pytest.raises(InputError, match=rf"a\.jsonl {message}"):
        list(read_many([path]))


def test_reading_goes_on_after_an_error(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", '{"text": "A."}\n\n{}\n{"text": "B."}\n')
    errors: list[InputError] = []
    docs = read_many([tmp_path / "none.txt", path], on_error=errors.append)
    assert [doc.text for doc in docs] == ["A.", "B."]
    assert [str(error).split(str(tmp_path))[1][:10] for error in errors] == [
        "/none.txt ",
        "/a.jsonl l",
    ]


def test_read_takes_a_file_of_one_record_only(tmp_path: Path) -> None:
    assert read(jsonl(tmp_path / "a.jsonl", {"text": "A."})).text == "A."
    with pytest.raises(InputError, match="2 articles"):
        read(jsonl(tmp_path / "b.jsonl", {"text": "A."}, {"text": "B."}))


def test_argument_outranks_the_file(tmp_path: Path) -> None:
    record = {"text": "A.", "id": "1", "published": "2020-01-01", "language": "de"}
    path = jsonl(tmp_path / "a.jsonl", record)
    doc = read(path, id="2", published="2021-01-01", language="en", title="T")
    assert (doc.id, doc.published, doc.language) == ("2", "2021-01-01", "en")
    assert doc.title == "T"


@pytest.mark.parametrize("data", ["Rain fell.", '{"text": "Rain fell."}\n'])
def test_streams(data: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(io.BytesIO(data.encode())).text == "Rain fell."
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data.encode())))
    doc = read("-")
    assert (doc.text, doc.source) == ("Rain fell.", None)


def test_folders_and_patterns_are_sorted(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("b.txt", "a.md", "sub/c.txt", "skip.csv"):
        write(tmp_path / name, f"Text of {name}.")
    names = [Path(str(p)).name for p in list_files(tmp_path)]
    assert names == ["a.md", "b.txt", "c.txt"]
    texts = [doc.text for doc in read_many([str(tmp_path / "*.txt"), tmp_path / "sub"])]
    assert texts == ["Text of b.txt.", "Text of sub/c.txt."]


def test_file_with_brackets_in_its_name_is_no_pattern(tmp_path: Path) -> None:
    assert read(write(tmp_path / "a[1].txt", "Rain fell.")).text == "Rain fell."


@pytest.mark.parametrize(("language", "text"), SAMPLES.items())
def test_language_is_guessed(language: str, text: str) -> None:
    assert guess_language(text) == language


@pytest.mark.parametrize(
    "text", ["", "1234 5678", "Marsh, Tolk, Fenn, Oskarin, Carrow", "Wall falls."]
)
def test_language_is_left_open_when_unsure(text: str) -> None:
    assert guess_language(text) is None
