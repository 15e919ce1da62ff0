"""Bytes to text, and bytes that are no text."""

import re

from extractor.errors import InputError

MAX_BYTES = 10_000_000
"""Largest file, page or line of a `.jsonl` file that is read, bytes."""

MAX_TAGS = 30_000
"""Of a page: several times those of long ones. Reading takes time for each of them."""
MAX_ATTRIBUTES = 2_000
"""Of one tag, whose reading takes time by the square of their number."""

_SIGNATURES = (
    (b"%PDF-", "a PDF", "convert it to text first, for example with pdftotext"),
    (b"\x89PNG", "a PNG image", "give the article's text"),
    (b"\xff\xd8\xff", "a JPEG image", "give the article's text"),
    (b"GIF8", "a GIF image", "give the article's text"),
    (b"PK\x03\x04", "a zip archive (or a .docx, .odt or .epub)", "save it as text"),
    (b"PK\x05\x06", "an empty zip archive", "save it as text"),
    (b"\x1f\x8b", "gzip-compressed", "decompress it first"),
    (b"BZh", "bzip2-compressed", "decompress it first"),
    (b"\xfd7zXZ\0", "xz-compressed", "decompress it first"),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed", "decompress it first"),
    (b"\xd0\xcf\x11\xe0", "an old Office file", "save it as text"),
    (b"{\\rtf", "an RTF file", "save it as text"),
    (b"SQLite format 3", "a SQLite database", "export its articles as .jsonl"),
    (b"PAR1", "a Parquet file", "export its articles as .jsonl"),
)
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\f\r\x1b"))
_CONTROL_SHARE = 0.05
"""Bytes with a greater share of control characters are no text; compressed data has
.11, UTF-16 without its mark about .5."""
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w.:-]+)", re.I)

_TANGLED = re.compile(
    r"""<[a-z][^\s/>]*+(?>[\s/]*+[^\s/>][^\s/>=]*+"""
    r"""(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+)"""
    rf"{{{MAX_ATTRIBUTES + 1}}}",
    re.I,
)


def refuse_large(data: bytes, name: str) -> None:
    """Raises `InputError` for more than `MAX_BYTES` bytes."""
    if len(data) > MAX_BYTES:
        raise InputError(
            f"{name} is larger than {MAX_BYTES // 1_000_000} MB, the limit for one "
            "article: cut it into articles, or give an archive as .jsonl."
        )


def refuse_binary(data: bytes, name: str) -> None:
    """Raises `InputError` that says what the bytes are, where they are no text."""
    for signature, kind, remedy in _SIGNATURES:
        if data.startswith(signature):
            raise InputError(f"{name} is {kind}, not text: {remedy}.")
    marked = data.startswith(tuple(mark for mark, _ in _MARKS))
    controls = len(data) - len(data.translate(None, _CONTROLS))
    if not marked and controls > _CONTROL_SHARE * len(data):
        raise InputError(
            f"{name} holds binary data, not text: give the article's text as UTF-8."
        )


def refuse_tangled(page: str, name: str) -> None:
    """Raises `InputError` for a page that is made to take minutes to read."""
    if page.count("<") > MAX_TAGS or _TANGLED.search(page):
        raise InputError(
            f"{name} has more markup than any article (more than {MAX_TAGS:,} tags, or "
            f"{MAX_ATTRIBUTES:,} attributes in one): give the article as text."
        )


def decode(data: bytes, *, page: bool = False) -> str:
    """Text of the bytes, without a byte order mark and otherwise untouched."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    try:
        return data.decode()
    except UnicodeDecodeError:
        pass
    if page and (charset := _CHARSET.search(data[:4096])):
        try:
            return data.decode(charset[1].decode())
        except (LookupError, UnicodeDecodeError):
            pass
    from charset_normalizer import from_bytes

    matches = from_bytes(data)
    best = matches.best()
    if best is None:
        return data.decode("cp1252", "replace")
    # Of encodings that fit equally well, the Western one is by far the commonest.
    fit = best.chaos, best.coherence
    for match in matches:
        if match.encoding == "cp1252" and (match.chaos, match.coherence) == fit:
            best = match
    return str(best)
