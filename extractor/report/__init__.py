"""An extraction to read: as a listing for a terminal, or as one HTML file.

`listing` writes the listing, `page` the HTML of one article, over `findings` (what is
listed and marked), `overlay` (the text cut for its marks) and `timeline`; `index` leads
to the pages of many.
"""

from extractor.report.characters import clean
from extractor.report.index import INDEX, write_pages
from extractor.report.listing import to_text
from extractor.report.page import to_fragment, to_html

__all__ = ["INDEX", "clean", "to_fragment", "to_html", "to_text", "write_pages"]
