"""Where results go: standard output, or a file that is written whole or not at all."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from extractor.schema import Extraction
from extractor.writing import replacing

Write = Callable[[str], None]


def format_of(name: str | None, output: Path | None, many: bool) -> str:
    """The format to write: the one named, else by the file's suffix, else JSON.

    Args:
        name: value of `-f`.
        output: value of `-o`.
        many: whether more than one article is expected.
    """
    if name is None:
        name = _by_suffix(output) if output else "jsonl" if many else "json"
    if name == "html" and many:
        raise click.UsageError(
            "a page holds one article: write the results as .jsonl, and then a page "
            "for each with `extractor show RESULT --html FOLDER`."
        )
    return name


def _by_suffix(output: Path) -> str:
    from extractor.export import SUFFIXES

    if output.suffix.lower() not in SUFFIXES:
        raise click.UsageError(
            f"{output} has no suffix that names a format ({', '.join(SUFFIXES)}): "
            "give one with -f, or write .json and take it to CSV and others with "
            "`extractor convert`."
        )
    return SUFFIXES[output.suffix.lower()]


def render(name: str, results: Iterable[Extraction], to_file: bool) -> Iterator[str]:
    """The pieces to write; a listing for a terminal has its width and colours."""
    from extractor.export import FORMATS, listings

    if name == "text" and not to_file:
        from rich.console import Console

        console = Console(file=sys.stdout)
        if console.is_terminal:
            return listings(results, width=console.width, color=True)
    return FORMATS[name](results)


@contextmanager
def opened(output: Path | None, name: str) -> Iterator[Write]:
    """A function that writes to standard output, or to the file once all is written.

    The file appears, for its user alone, when the block ends well and something was
    written; else what was there before stays. JSON is written as UTF-8; a listing in
    the encoding of standard output, with escapes for what that cannot show.
    """
    if output is None:
        encoding = sys.stdout.encoding if name == "text" else None
        yield lambda text: click.echo(_encode(text, encoding), nl=False)
        return
    target = output.resolve()
    if target.exists() and not target.is_file():
        with target.open("wb") as device:
            yield lambda text: _write(device.write, text)
        return
    with replacing(target, unless_empty=True) as file:
        yield lambda text: _write(file.write, text)


def _write(write: Callable[[bytes], int], text: str) -> None:
    write(_encode(text, None))


def _encode(text: str, encoding: str | None) -> bytes:
    return text.encode(encoding or "utf-8", "backslashreplace")
