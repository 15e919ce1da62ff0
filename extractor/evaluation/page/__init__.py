"""One HTML file for each run and each comparison, to open from disk.

Everything is in the file: no network, no server, no fonts or scripts from elsewhere.
All is written by the server side of it, this package, so that it can be read and
printed without scripts; the script filters and walks from error to error.

Nothing of an article or a model can run as markup or script: templates escape every
value, and the page's own policy allows the one style sheet and the one script that
this package brings, known by their hashes.
"""

from extractor.evaluation.page.comparison import render_comparison, render_summary
from extractor.evaluation.page.report import (
    PageMeta,
    render_figures,
    render_report,
    write_report,
)

__all__ = [
    "PageMeta",
    "render_comparison",
    "render_figures",
    "render_report",
    "render_summary",
    "write_report",
]
