"""Templates to pages that are one file: escaping, and the policy of their content.

Everything is in the file: no network, no server, no fonts or scripts from elsewhere.
Nothing of an article or a model can run as markup or script: templates escape every
value, and the page's own policy allows the one style sheet and the one script that a
package brings, known by their hashes.
"""

import base64
import hashlib
from collections.abc import Sequence
from importlib import resources
from typing import TYPE_CHECKING, Final

from extractor.report.characters import clean

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES: Final = "templates"


def page_environment(
    package: str, *, styles: Sequence[str], scripts: Sequence[str]
) -> "Environment":
    """The templates of a package, which know `style`, `script` and `policy`.

    Args:
        package: dotted name; its templates are in the folder `templates`.
        styles: file names in that folder, joined to the style sheet of the page.
        scripts: likewise, joined to its script.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader(package, _TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    folder = resources.files(package).joinpath(_TEMPLATES)
    style, script = (
        "".join(folder.joinpath(name).read_text("utf-8") for name in names)
        for names in (styles, scripts)
    )
    environment.globals |= {
        "style": Markup(style),  # files of the package
        "script": Markup(script),
        "policy": (
            f"default-src 'none'; style-src '{_hash(style)}'; "
            f"script-src '{_hash(script)}'; base-uri 'none'; form-action 'none'"
        ),
    }
    environment.filters["clean"] = clean
    return environment


def _hash(content: str) -> str:
    """The name by which a content policy knows a style sheet or a script."""
    digest = hashlib.sha256(content.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
