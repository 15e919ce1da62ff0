"""The output of a run: whose it is, what is done, and what is left to do."""

import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from extractor.batch import Summary
from extractor.batch.sources import STDIN, Sources
from extractor.distributed.parts import STAGED, Part, plan
from extractor.distributed.settings import Settings
from extractor.errors import UsageError
from extractor.pipeline import Extractor
from extractor.recipe import address_of, hash_json, make_recipe

RUN: Final = "_run.json"
"""File that tells which run the folder is of."""
LOCK: Final = "_lock"


class Folder:
    """A folder that gets the rows of one run.

    Args:
        path: the folder, absolute.
        sources: where the articles are.
        settings: how to extract.

    Raises:
        UsageError: the articles come from standard input.
        ExtractorError: nothing can be extracted with these settings.
    """

    def __init__(self, path: Path, sources: Sources, settings: Settings) -> None:
        if STDIN in sources.names:
            raise UsageError(
                "A run on Ray reads its articles again when it goes on: save standard "
                "input as a .jsonl file and give that."
            )
        self._path = path
        self._sources = sources
        self._name = _name(sources, settings)

    @contextmanager
    def claimed(self) -> Iterator[list[Part]]:
        """The parts of the run, while no other process works on the folder.

        Raises:
            UsageError: the folder is of another run, or in use.
            OSError: it cannot be written.
        """
        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._check()
        lock = FileLock(self._path / LOCK)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise UsageError(
                f"Another process writes {self._path}: wait for it, or name another "
                "folder."
            ) from None
        try:
            (self._path / RUN).write_text(json.dumps({"run": self._name}))
            for unfinished in self._path.glob(".part-*.part"):
                unfinished.unlink()
            yield plan(self._sources, self._path)
        finally:
            lock.release()
            Path(lock.lock_file).unlink(missing_ok=True)

    def finish(self) -> None:
        """Removes the copies of articles that the run has made."""
        shutil.rmtree(self._path / STAGED, ignore_errors=True)

    def _check(self) -> None:
        """Refuse to mix the rows of two runs."""
        try:
            known = json.loads((self._path / RUN).read_text("utf-8"))["run"]
        except (OSError, ValueError, KeyError, TypeError):
            if any(name != LOCK for name in os.listdir(self._path)):
                raise UsageError(
                    f"{self._path} holds other files: name another folder."
                ) from None
        else:
            if known != self._name:
                raise UsageError(
                    f"{self._path} has rows of other articles, or of another model, "
                    "task or version: name another folder."
                )


def summary_of(part: Part) -> Summary:
    """What came of the articles of a part that is done."""
    from pyarrow import parquet

    table = parquet.read_table(part.target, columns=["status", "code"])
    codes = table.column("code").to_pylist()
    return Summary(
        statuses=Counter(table.column("status").to_pylist()),
        codes=Counter(code for code in codes if code is not None),
        kept=table.num_rows,
    )


def _name(sources: Sources, settings: Settings) -> str:
    """Hash of all that the rows depend on."""
    extractor = Extractor(
        settings.model, tasks=settings.tasks, base_url=settings.base_url
    )
    recipe = make_recipe(extractor).model_dump(mode="json")
    given = [settings.published, settings.language, settings.accounts]
    files = [_stamp(file) for file in sources.files()]
    return hash_json([recipe, address_of(extractor), given, files])


def _stamp(file: str) -> list[str | int]:
    """A file as it is now; one that is not there has no size."""
    try:
        state = os.stat(file)
    except OSError:
        return [os.path.abspath(file)]
    return [os.path.abspath(file), state.st_size, state.st_mtime_ns]
