"""Templates to pages: escaping, the content policy, and how figures are written."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from extractor.evaluation import notation
from extractor.report import clean

ERROR: Final = "error"
"""Stands for every class of error in a filter."""
NOT_SPEAKER: Final = "!speaker"
"""Stands for every class that is not about the speaker."""

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES: Final = "templates"
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
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader(_PACKAGE, _TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style, script = _own("page.css"), _own("page.js")
    environment.globals |= {
        "style": Markup(style),  # files of this package
        "script": Markup(script),
        "policy": (
            f"default-src 'none'; style-src '{_hash(style)}'; "
            f"script-src '{_hash(script)}'; base-uri 'none'; form-action 'none'"
        ),
        "link": filter_link,
    }
    environment.filters |= {
        "clean": clean,
        "number": notation.number,
        "signed": notation.signed,
        "interval": notation.interval,
        "p": notation.p_value,
        "counted": notation.counted,
    }
    return environment


def _own(name: str) -> str:
    return resources.files(_PACKAGE).joinpath(_TEMPLATES, name).read_text("utf-8")


def _hash(content: str) -> str:
    """The name by which a content policy knows a style sheet or a script."""
    digest = hashlib.sha256(content.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
