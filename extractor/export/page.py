"""An extraction as a page to read in a browser."""

from collections.abc import Iterable, Iterator

from extractor.errors import UsageError
from extractor.schema import Extraction


def export_html(extractions: Iterable[Extraction]) -> Iterator[str]:
    """The page of one extraction; nothing for none.

    Raises:
        UsageError: there are several, which want a page each.
    """
    from extractor.report import to_html

    for number, extraction in enumerate(extractions):
        if number:
            raise UsageError(
                "A page holds one article: have the results written as .jsonl, and a "
                "page for each with `extractor show RESULT --html FOLDER`."
            )
        yield to_html(extraction)
