r"""JSON that no terminal obeys, whatever text is in it.

JSON itself escapes the control characters below U+0020. As escapes are written here
also DEL and the C1 controls, with which a terminal can be steered, the characters of
Unicode's property `Bidi_Control` and the line separators, which turn a line around or
break it, lone surrogates, which UTF-8 cannot hold, and tag characters, letters that
only a machine reads. To whoever reads it as JSON it is the same.
"""

import json
import re
from typing import Final

_STEERING: Final = re.compile(
    "[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)


def escaped(dumped: str) -> str:
    r"""The same JSON, with what steers a terminal as `\u202e`.

    Args:
        dumped: JSON as `json.dumps` and pydantic write it, `ensure_ascii` or not.
    """
    return _STEERING.sub(lambda match: json.dumps(match[0])[1:-1], dumped)
