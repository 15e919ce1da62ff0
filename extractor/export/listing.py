"""The listing to read in a terminal; see `extractor.report`."""

from collections.abc import Iterable, Iterator

from extractor.schema import Extraction


def export_text(extractions: Iterable[Extraction]) -> Iterator[str]:
    """The listing of `extractor.report`, plain, for 80 columns."""
    return listings(extractions)


def listings(
    extractions: Iterable[Extraction], width: int = 80, *, color: bool = False
) -> Iterator[str]:
    """The listing of each extraction, a blank line between two; see `to_text`."""
    from extractor.report import to_text

    for number, extraction in enumerate(extractions):
        yield ("\n" if number else "") + to_text(extraction, width, color=color)
