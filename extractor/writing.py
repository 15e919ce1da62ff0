"""Files and folders that appear whole or not at all, for their user alone."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from stat import S_IMODE
from typing import IO

from extractor.errors import UsageError


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


@contextmanager
def making(folder: Path) -> Iterator[Path]:
    """A new folder that takes its place once the block has ended well.

    Args:
        folder: the place, where there may be an empty folder but nothing else.

    Raises:
        UsageError: something is there.
        OSError: it cannot be made.
    """
    target = folder.resolve()
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise UsageError(f"{folder} exists and is no empty folder: name another.")
    part = target.with_name(f".{token_hex(8)}.part")
    part.mkdir(mode=0o700)
    try:
        yield part
        if target.exists():
            target.rmdir()
        part.rename(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)
