"""The files of a run: written so that a killed process leaves them in order.

`run.json` is replaced as a whole. `cells.jsonl` only grows, a line for each cell, which
is on the disk before the next article is begun. A last line that was cut off is ignored
and, when the run goes on, overwritten.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedRandom
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from extractor.errors import RunError
from extractor.evaluation.manifest import write_whole
from extractor.evaluation.runs.records import Cell, Meta, differences, dump, load
from extractor.writing import private

META: Final = "run.json"
CELLS: Final = "cells.jsonl"
SCORES: Final = "scores.json"
REPORT: Final = "report.html"
LOCK: Final = ".lock"
_ALL: Final = (META, CELLS, SCORES, REPORT)


class Writer:
    """A run folder that this process may write to.

    Attributes:
        meta: of the run.
        rows: what `cells.jsonl` holds, in the order it was written.
        is_new: whether nothing was there before.
    """

    def __init__(self, path: Path, meta: Meta) -> None:
        old = find_same(path, meta)
        self.is_new = old is None
        self.rows = [] if old is None else read_cells(path)
        if old is None:
            self.meta = meta.stamped()
        else:
            stamp = {"id": old.id, "created": old.created}
            self.meta = meta.model_copy(update=stamp)
        write_meta(path, self.meta)
        self._file = _open_at_end(path / CELLS)

    def append(self, cell: Cell) -> None:
        """Writes a cell through to the disk. Not for several threads at once."""
        self._file.write(dump(cell))
        self._file.flush()
        os.fsync(self._file.fileno())
        self.rows.append(cell)

    def close(self) -> None:
        """Closes the file; nothing can be appended any more."""
        self._file.close()


@contextmanager
def opened(path: Path, meta: Meta, *, fresh: bool = False) -> Iterator[Writer]:
    """A run folder to begin a run in, or to go on with the same one.

    Args:
        path: the folder, which is made if need be.
        meta: what is to be run.
        fresh: forget a run that is there.

    Raises:
        RunError: the folder holds something else, another process runs in it, or its
            files are damaged.
    """
    if path.is_file():
        raise RunError(f"{path} is a file: name a folder for the run.")
    known = not path.exists() or (path / META).exists()
    if not known and any(entry.name != LOCK for entry in path.iterdir()):
        raise RunError(f"{path} holds other files and no run: choose another folder.")
    path.mkdir(parents=True, exist_ok=True)
    with locked(path):
        if fresh:
            for name in _ALL:
                (path / name).unlink(missing_ok=True)
        writer = Writer(path, meta)
        try:
            yield writer
        finally:
            writer.close()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keeps other processes, and other runs of this one, out of a run folder.

    Raises:
        RunError: another one is in it.
    """
    lock = FileLock(path / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise RunError(
            f"{path} is in use by another process: wait for it, or choose another "
            "folder with -o."
        ) from None
    try:
        yield
    finally:
        lock.release()


def read_meta(path: Path) -> Meta:
    """What a run folder is a run of.

    Raises:
        RunError: there is no run, or its `run.json` cannot be read.
    """
    file = path / META
    try:
        return load(Meta, file.read_bytes())
    except OSError:
        raise RunError(
            f"{path} is no run folder: it has no {META}; make one with "
            "`extractor eval GOLD -o FOLDER`."
        ) from None
    except ValueError:
        raise RunError(
            f"{file} is damaged or of another version: begin anew with --fresh."
        ) from None


def find_same(path: Path, new: Meta) -> Meta | None:
    """What the folder says of the same run, begun before; None if nothing was.

    Raises:
        RunError: it holds another run.
    """
    if not (path / META).exists():
        return None
    old = read_meta(path)
    found = differences(old, new)
    if found == differences(old, old.model_copy(update={"gold_hash": ""})):
        raise RunError(
            f"{path} was run with other labels of the same articles: score it with "
            f"the present ones, `extractor eval score {path} --gold GOLD`, or choose "
            "another folder with -o."
        )
    if found:
        raise RunError(
            f"{path} holds a run of something else ({'; '.join(found)}): choose "
            "another folder with -o, or forget that run with --fresh."
        )
    return old


def write_meta(path: Path, meta: Meta) -> None:
    """Writes what a run folder is a run of."""
    write_whole(path / META, dump(meta, indent=1))


def read_cells(path: Path) -> list[Cell]:
    """The cells of a run folder as they were written, repetitions included.

    Raises:
        RunError: a line other than the last is damaged.
    """
    try:
        data = (path / CELLS).read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise RunError(f"{path / CELLS} cannot be read: {error.strerror}.") from None
    *lines, _torn = data.split(b"\n")
    cells = []
    for number, line in enumerate(lines, start=1):
        try:
            cells.append(load(Cell, line))
        except ValueError:
            raise RunError(
                f"{path / CELLS} line {number} is damaged: remove the line, and its "
                "article is asked again."
            ) from None
    return cells


def _open_at_end(path: Path) -> BufferedRandom:
    """The file, to write after its last whole line."""
    file = open(path, "r+b" if path.exists() else "w+b", opener=private)  # noqa: SIM115
    end = file.read().rfind(b"\n") + 1
    file.seek(end)
    file.truncate()
    return file
