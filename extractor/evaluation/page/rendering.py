"""Templates to pages, and how their figures are written and their filters named."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from extractor.evaluation import notation
from extractor.report.templating import page_environment

ERROR: Final = "error"
"""Stands for every class of error in a filter."""
NOT_SPEAKER: Final = "!speaker"
"""Stands for every class that is not about the speaker."""

if TYPE_CHECKING:
    from jinja2 import Environment

_PACKAGE: Final = "extractor.evaluation.page"


def render(template: str, values: Mapping[str, Any]) -> str:
    """A template of this package, filled in; every value is escaped.

    Args:
        template: its file name.
        values: what it speaks of, besides the style sheet, the script and the policy.
    """
    return _environment().get_template(template).render(values)


def filter_link(**wanted: str) -> str:
    """The address on the page that shows the items with these properties alone."""
    return "#" + urlencode({name: value for name, value in wanted.items() if value})


def choices(values: Iterable[str]) -> list[tuple[str, str]]:
    """Values to choose from, with how each is shown."""
    return [(value, value) for value in sorted(set(values))]


def class_choices(errors: Iterable[str]) -> list[tuple[str, str]]:
    """Classes of error to choose from, each family before its members."""
    names = set(errors)
    known = sorted(names | {name.partition(".")[0] for name in names})
    shown = [(name, f"\xa0\xa0{name}" if "." in name else name) for name in known]
    right = [(NOT_SPEAKER, "any but speaker")] if "speaker" in known else []
    return [(ERROR, "all errors"), *right, *shown]


@cache
def _environment() -> "Environment":
    environment = page_environment(_PACKAGE, styles=["page.css"], scripts=["page.js"])
    environment.globals["link"] = filter_link
    environment.filters |= {
        "number": notation.number,
        "signed": notation.signed,
        "interval": notation.interval,
        "p": notation.p_value,
        "counted": notation.counted,
    }
    return environment
