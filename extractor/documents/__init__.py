"""Articles from files, folders, streams and strings: bytes in, `Document` out.

Bytes are decoded by byte order mark, else as strict UTF-8, else (HTML) by the charset
the page declares, else by charset-normalizer. Line ends, non-breaking spaces, NULs and
lone surrogates stay as they are, since all offsets refer to this text; only a byte
order mark is taken off. The text of an HTML page is what trafilatura takes for the
article, so offsets refer to that text and not to the page.
"""

import codecs
import glob
import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import IO

from extractor.documents.decoding import (
    MAX_BYTES,
    decode,
    refuse_binary,
    refuse_large,
    refuse_tangled,
)
from extractor.documents.language import guess_language
from extractor.errors import InputError
from extractor.schema import Document

Source = str | Path | IO[bytes]

MAX_CHARS = 500_000
"""Longest article, code points: about 80,000 words, the length of a book."""

MAX_ID_CHARS = 500
"""Longest id of an article, code points."""

SUFFIXES = (".htm", ".html", ".jsonl", ".md", ".txt")
"""Files that are taken from a folder."""

_HEADING = re.compile(r"^#[ \t]+(\S.*?)[ \t]*#*[ \t]*$", re.M)
_LANGUAGE = re.compile(r"[A-Za-z0-9_-]{1,35}")
_GLOB = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class _Meta:
    """What the caller says about an article, which outranks what its file says."""

    id: str | None = None
    published: str | None = None
    language: str | None = None
    title: str | None = None
    source: str | None = None

    def or_else(self, found: "_Meta") -> "_Meta":
        return _Meta(
            id=self.id or found.id,
            published=self.published or found.published,
            language=self.language or found.language,
            title=self.title or found.title,
            source=self.source or found.source,
        )


def make_document(
    text: str,
    *,
    id: str | None = None,
    published: str | None = None,
    language: str | None = None,
    title: str | None = None,
    source: str | None = None,
) -> Document:
    """A `Document` of a text that the caller already holds.

    Args:
        text: the article; kept as it is, lone surrogates and NULs included.
        id: stable name of the article; default: the sha256 of the text.
        published: ISO 8601 date, or date and time, of publication.
        language: BCP 47 tag; default: `guess_language(text)`.
        title: headline, where known apart from the text.
        source: file name or address, for the reader of the results.

    Raises:
        InputError: the text is empty or longer than `MAX_CHARS`, or `published` is
            no ISO date.
    """
    meta = _Meta(id, published, language, title, source)
    return _make(text, source or "the text", meta)


def _make(text: str, name: str, meta: _Meta) -> Document:
    if not text.strip():
        raise InputError(f"{name} holds no text: give the article itself.")
    if len(text) > MAX_CHARS:
        raise InputError(
            f"{name} holds {len(text):,} characters and the limit for one article is "
            f"{MAX_CHARS:,}: cut it into articles."
        )
    _check_meta(meta, name)
    sha256 = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Document(
        id=meta.id or sha256,
        text=text,
        title=meta.title,
        published=_iso_date(meta.published, name) if meta.published else None,
        language=meta.language or guess_language(text),
        source=meta.source,
        sha256=sha256,
    )


def _check_meta(meta: _Meta, name: str) -> None:
    """Refuses an id or a language that is none: both stand in messages and records."""
    if meta.id is not None and len(meta.id) > MAX_ID_CHARS:
        raise InputError(
            f"{name} has an id of {len(meta.id):,} characters: {MAX_ID_CHARS} at most."
        )
    if meta.language and not _LANGUAGE.fullmatch(meta.language):
        raise InputError(
            f"{name} has the language {meta.language[:40]!r}: write it as en or pt-BR."
        )


def _iso_date(value: str, name: str) -> str:
    try:
        return datetime.fromisoformat(value.strip()).date().isoformat()
    except ValueError:
        raise InputError(
            f"{name} has the publication date {value[:40]!r}: write it as 2016-08-16."
        ) from None


def read(
    source: Source,
    *,
    id: str | None = None,
    published: str | None = None,
    language: str | None = None,
    title: str | None = None,
) -> Document:
    """Reads one article.

    Args:
        source: a file (`.html` and `.htm` as a page, `.jsonl` with one line, anything
            else as text), `-` for standard input, or an open binary file.
        id: outranks the id in the file; default: the sha256 of the text.
        published: outranks the date in the file (HTML metadata, `.jsonl` field).
        language: outranks the file's; default: a guess.
        title: outranks the file's.

    Raises:
        InputError: nothing readable there, or not exactly one article.
    """
    meta = _Meta(id=id, published=published, language=language, title=title)
    docs: list[Document] = []
    for doc in _documents(source, meta):
        if isinstance(doc, InputError):
            raise doc
        docs.append(doc)
    if len(docs) != 1:
        raise InputError(
            f"{_name(source)} holds {len(docs)} articles, not one: use read_many."
        )
    return docs[0]


def read_many(
    sources: Iterable[Source],
    *,
    published: str | None = None,
    language: str | None = None,
    on_error: Callable[[InputError], None] | None = None,
) -> Iterator[Document]:
    """Reads articles one after the other.

    Args:
        sources: what `read` takes, and folders (their `SUFFIXES` files, subfolders
            included) and glob patterns, both in the order of their names; a `.jsonl`
            file may hold any number of articles.
        published: for all articles; outranks the date in a file.
        language: for all articles; outranks the language in a file.
        on_error: takes the error of a file or line, and reading goes on; without it
            the first error is raised.

    Raises:
        InputError: a source or a line of it cannot be read as an article.
    """
    for doc in read_each(sources, published=published, language=language):
        if isinstance(doc, Document):
            yield doc
        elif on_error is None:
            raise doc
        else:
            on_error(doc)


def read_each(
    sources: Iterable[Source],
    *,
    published: str | None = None,
    language: str | None = None,
) -> Iterator[Document | InputError]:
    """Reads articles as `read_many` does, each error in the place of its article.

    Args:
        sources: what `read_many` takes.
        published: for all articles; outranks the date in a file.
        language: for all articles; outranks the language in a file.
    """
    meta = _Meta(published=published, language=language)
    for source in [sources] if isinstance(sources, (str, Path)) else sources:
        for file in list_files(source):
            yield from _documents(file, meta)


def list_files(source: Source) -> list[Source]:
    """The files of a folder or pattern, sorted; any other source alone."""
    if not isinstance(source, (str, Path)) or source == "-":
        return [source]
    path = Path(source)
    if path.is_dir():
        found = [p for p in sorted(path.rglob("*")) if p.suffix.lower() in SUFFIXES]
        return [p for p in found if p.is_file()] or [path]
    if _GLOB.search(str(source)) and not path.exists():
        return [*map(Path, sorted(glob.glob(str(source), recursive=True)))] or [path]
    return [source]


def _documents(source: Source, meta: _Meta) -> Iterator[Document | InputError]:
    """Every article of a source, or the error that stands in its place."""
    name = _name(source)
    meta = replace(meta, source=None if source == "-" else name)
    try:
        with _open(source, name) as stream:
            first = stream.readline(MAX_BYTES + 1)
            if _suffix(name) == ".jsonl" or _is_record(first):
                rest = iter(lambda: stream.readline(MAX_BYTES + 1), b"")
                yield from _records(chain([first], rest), name, meta)
            else:
                data = first + stream.read(MAX_BYTES + 1 - len(first))
                yield _article(data, name, meta)
    except InputError as error:
        yield _at(name, error)
    except OSError as error:
        sentence = f"{name} cannot be read: {error.strerror or error}."
        yield _at(name, InputError(sentence))


def _at(where: str, error: InputError) -> InputError:
    error.where = where
    return error


def _name(source: Source) -> str:
    if isinstance(source, (str, Path)):
        return "standard input" if source == "-" else str(source)
    name = getattr(source, "name", None)
    return name if isinstance(name, str) else "the stream"


def _suffix(name: str) -> str:
    return Path(name).suffix.lower()


def _open(source: Source, name: str) -> AbstractContextManager[IO[bytes]]:
    if not isinstance(source, (str, Path)):
        return nullcontext(source)
    if source == "-":
        return nullcontext(sys.stdin.buffer)
    if re.match(r"https?:", name):
        raise InputError(f"{name} is an address: save the page and give the file.")
    if "\n" in name or "\0" in name:
        raise InputError("source is not a file name: use make_document for a text.")
    path = Path(source)
    if path.is_dir():
        raise InputError(
            f"{name} is a folder without articles ({', '.join(SUFFIXES)}), or more "
            "than one article is asked for: name the file."
        )
    if not path.exists():
        what = "matches no file" if _GLOB.search(name) else "does not exist"
        raise InputError(f"{name} {what}: check the name and the folder.")
    if _suffix(name) == ".json":
        raise InputError(
            f"{name} is JSON: give articles one a line as .jsonl, with a field 'text'."
        )
    return path.open("rb")


def _article(data: bytes, name: str, meta: _Meta) -> Document:
    """One article of a text file or page."""
    refuse_large(data, name)
    refuse_binary(data, name)
    if _suffix(name) in (".html", ".htm") or _is_page(data):
        return _page(decode(data, page=True), name, meta)
    text = decode(data)
    if _suffix(name) == ".md" and (heading := _HEADING.search(text)):
        meta = meta.or_else(_Meta(title=heading[1]))
    return _make(text, name, meta)


def _page(html: str, name: str, meta: _Meta) -> Document:
    """The article of an HTML page with the page's own title, date and language."""
    try:
        import trafilatura
    except ImportError:
        raise InputError(
            f"{name} is an HTML page and its reader is not installed: "
            "pip install 'newsextract[html]', or give the article as text."
        ) from None
    refuse_tangled(html, name)
    page = trafilatura.bare_extraction(html, with_metadata=True, include_comments=False)
    if page is None or isinstance(page, dict) or not page.text:
        raise InputError(f"{name} holds no article that can be told from the page.")
    language = page.language or ""
    found = _Meta(
        published=page.date,
        language=language if _LANGUAGE.fullmatch(language) else None,
        title=page.title,
        source=page.url,
    )
    return _make(page.text, name, meta.or_else(found))


def _is_page(data: bytes) -> bool:
    head = data[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<!doctype html", b"<html"))


def _is_record(line: bytes) -> bool:
    """Whether a line is one of a `.jsonl` file; no article begins like this."""
    if not line.removeprefix(codecs.BOM_UTF8).startswith(b"{"):
        return False
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(record, dict) and "text" in record


def _records(
    lines: Iterable[bytes], name: str, meta: _Meta
) -> Iterator[Document | InputError]:
    """One article or error per line that is not blank."""
    found = False
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        found = True
        where = f"{name} line {number}"
        try:
            yield _record(line, where, meta)
        except InputError as error:
            yield _at(where, error)
        if len(line) > MAX_BYTES:
            return
    if not found:
        yield _at(name, InputError(f"{name} is empty: give one article a line."))


def _record(line: bytes, where: str, meta: _Meta) -> Document:
    refuse_large(line, where)
    try:
        record = json.loads(line.removeprefix(codecs.BOM_UTF8).decode())
    except UnicodeDecodeError:
        raise InputError(f"{where} is not UTF-8: save the file as UTF-8.") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where} is not JSON ({error}): one object a line.") from None
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise InputError(f"{where} needs a field 'text' with the article.")

    def field(key: str) -> str | None:
        value = record.get(key)
        if value is None or value == "":
            return None
        if not isinstance(value, (str, int)):
            raise InputError(f"{where} has a field {key!r} that is no text.")
        return str(value)

    own = _Meta(
        id=field("id"),
        published=field("published"),
        language=field("language"),
        title=field("title"),
        source=field("url") or field("source") or meta.source,
    )
    return _make(record["text"], where, replace(meta, source=None).or_else(own))
