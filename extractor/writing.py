"""Files that appear whole or not at all, for their user alone."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from stat import S_IMODE
from typing import IO


def private(path: str, flags: int) -> int:
    """An opener for `open`: a file that it makes may be read by its user alone."""
    return os.open(path, flags, 0o600)


@contextmanager
def replacing(path: Path, *, unless_empty: bool = False) -> Iterator[IO[bytes]]:
    """A new file that takes its place once the block has ended well.

    Until then there is what was there before. A file that is replaced hands its
    permissions on; a new one may be read by its user alone.

    Args:
        path: the place; of a symbolic link the file that it points to.
        unless_empty: leave what is there if nothing was written.

    Raises:
        OSError: it cannot be written.
    """
    target = path.resolve()
    part = target.with_name(f".{token_hex(8)}.part")
    try:
        # A name that nobody can foresee, with nothing there: no link is followed.
        with open(part, "xb", opener=private) as file:
            yield file
        if target.exists():
            part.chmod(S_IMODE(target.stat().st_mode))
        if not unless_empty or part.stat().st_size:
            part.replace(target)
    finally:
        part.unlink(missing_ok=True)
