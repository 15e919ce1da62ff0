r"""Characters that a display obeys instead of showing them, written out as `\u202e`.

Control characters and escape sequences steer a terminal, changes of direction turn a
line around, lone surrogates break an encoding, and tag characters are letters that
only a machine reads.
"""

import re
from typing import Final

_STEERING: Final = (
    "\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\U000e0000-\U000e007f"
)
_ON_A_LINE: Final = re.compile(f"[\0-\x1f{_STEERING}]")
_IN_A_TEXT: Final = re.compile(f"[\0-\x08\x0b\x0c\x0e-\x1f{_STEERING}]")


def clean(text: str) -> str:
    """The text on one line, with nothing in it that a display obeys."""
    return _ON_A_LINE.sub(_written_out, " ".join(text.split()))


def visible(text: str) -> str:
    """The text with its line ends, and with nothing else in it that a display obeys."""
    return _IN_A_TEXT.sub(_written_out, text)


def counted(many: int, noun: str) -> str:
    """A number with its noun, which takes an s where it is not 1."""
    return f"{many:,} {noun}" + ("" if many == 1 else "s")


def _written_out(match: re.Match[str]) -> str:
    return ascii(match[0])[1:-1]
