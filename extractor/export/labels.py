"""Extractions for annotation tools: brat, Prodigy and Label Studio.

The same labels as `extractor gold export` writes (`evaluation.interchange.regions` has
what becomes of what), and so `extractor gold import` reads them back, mended or not, as
gold articles.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from extractor.export.stored import dumps
from extractor.schema import Extraction

if TYPE_CHECKING:
    from extractor.evaluation.interchange.regions import Graph

TASKS: Final = "tasks.json"
"""Label Studio's tasks; its labelling interface lies beside them, `tasks.xml`."""
NAME_BYTES: Final = 200
"""The longest name of a brat file, so that a suffix still fits any file system."""

_UNSAFE = re.compile(r'^\.|[\x00-\x1f\x7f/\\:*?"<>|\ud800-\udfff]')


def export_prodigy(extractions: Iterable[Extraction]) -> Iterator[str]:
    """One Prodigy example a line."""
    from extractor.evaluation.interchange.prodigy import example

    for graph in _graphs(extractions):
        yield dumps(example(graph)) + "\n"


def write_labelstudio(extractions: Iterable[Extraction], folder: Path) -> None:
    """Label Studio's tasks, and the labelling interface that a project needs first."""
    from extractor.evaluation.interchange import labelstudio

    labelstudio.write_labelstudio(_graphs(extractions), folder / TASKS)


def write_brat(extractions: Iterable[Extraction], folder: Path) -> None:
    """A text and a label file for each article, and brat's `annotation.conf`.

    The files are named by the id of the article, with `_` for what no file name may
    have and a number where two would be the same.
    """
    from extractor.evaluation.interchange import brat

    taken: set[str] = set()
    named = (
        replace(graph, id=_free_name(graph.id, taken)) for graph in _graphs(extractions)
    )
    brat.write_brat(named, folder)


def _graphs(extractions: Iterable[Extraction]) -> "Iterator[Graph]":
    from extractor.evaluation.interchange.drawing import draw
    from extractor.evaluation.labelled import label_extraction

    for extraction in extractions:
        yield draw(label_extraction(extraction))


def _free_name(id_: str, taken: set[str]) -> str:
    """A name for an article's files that no other has, whatever the case."""
    safe = _UNSAFE.sub("_", id_).encode()[:NAME_BYTES].decode(errors="ignore") or "_"
    name, number = safe, 1
    while name.casefold() in taken:
        number += 1
        name = f"{safe}-{number}"
    taken.add(name.casefold())
    return name
