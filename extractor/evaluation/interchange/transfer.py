"""Importing and exporting whole folders of gold."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from extractor.errors import GoldError
from extractor.evaluation.gold import (
    LAYERS,
    GoldArticle,
    Layer,
    read_article,
    write_article,
)
from extractor.evaluation.interchange.brat import CONFIGURATION, read_brat, write_brat
from extractor.evaluation.interchange.collection import read_gold
from extractor.evaluation.interchange.drawing import draw
from extractor.evaluation.interchange.guessing import Format, Target, find_files
from extractor.evaluation.interchange.labelstudio import (
    read_labelstudio,
    write_labelstudio,
)
from extractor.evaluation.interchange.prodigy import read_prodigy, write_prodigy
from extractor.evaluation.interchange.rebuilding import rebuild
from extractor.evaluation.interchange.regions import About, Graph

_READERS: Final[Mapping[Format, Callable[[Path], tuple[list[Graph], list[str]]]]] = {
    "brat": read_brat,
    "prodigy": read_prodigy,
    "labelstudio": read_labelstudio,
}
_WRITERS: Final[Mapping[Target, Callable[[Iterable[Graph], Path], list[Path]]]] = {
    "brat": write_brat,
    "prodigy": write_prodigy,
    "labelstudio": write_labelstudio,
}
_FILES: Final[Mapping[Target, str]] = {
    "prodigy": "gold.jsonl",
    "labelstudio": "gold.json",
}
"""Name of the one file a format has, where only its folder is given."""
_UNSAFE = re.compile(r'^\.|[\x00-\x1f/\\:*?"<>|]')
_ITEMS = ("entities", "quotes", "claims", "events")


@dataclass(frozen=True, slots=True)
class Imported:
    """Labels that came from elsewhere."""

    articles: list[GoldArticle]
    remarks: list[str]
    """What of the sources could not be used, a sentence each."""


@dataclass(frozen=True, slots=True)
class Exported:
    """Labels that went elsewhere."""

    paths: list[Path]
    lost: Counter[str]
    """What the files do not hold, and of how many items: found by reading them."""


def import_gold(
    sources: Iterable[Path],
    format_: Format | None = None,
    layers: Sequence[Layer] = (),
    known: Path | None = None,
) -> Imported:
    """Gold articles from files or folders of another format.

    Args:
        sources: files or folders; sub-folders are left alone.
        format_: their format; told from each where it is not given.
        layers: what was labelled. Where it is not given and the files do not say,
            it is what was found in any of them.
        known: folder of gold from which to take what is known of an article with the
            same id and text, if its file does not say.

    Raises:
        GoldError: nothing to read, a file that is not of the format, or labels that do
            not fit their text.
    """
    articles: list[GoldArticle] = []
    remarks: list[str] = []
    unstated: list[int] = []
    for source in sources:
        found, files = find_files(source, format_)
        for file in files:
            if found == "corpus":
                articles += map(_with_safe_id, read_gold(file))
                continue
            graphs, unused = _READERS[found](file)
            remarks += unused
            for graph in graphs:
                graph = _with_known(graph, known)
                article, unused = rebuild(graph, str(file))
                remarks += [f"{file}: {remark}" for remark in unused]
                if graph.about.layers is None:
                    unstated.append(len(articles))
                articles.append(_with_safe_id(article))
    seen = {layer for index in unstated for layer in articles[index].layers}
    for index in unstated if not layers else range(len(articles)):
        stated = [layer for layer in LAYERS if layer in (layers or seen)]
        articles[index] = articles[index].model_copy(update={"layers": stated})
    return Imported(articles, remarks)


def _with_known(graph: Graph, folder: Path | None) -> Graph:
    path = folder / f"{_safe(graph.id)}.json" if folder else None
    if graph.about.doc or not path or not path.exists():
        return graph
    article = read_article(path)
    if article.text != graph.text:
        return graph
    about = About(
        doc=article.doc,
        layers=[layer for layer in article.layers if layer in LAYERS],
        annotation=article.annotation,
        entities=[entity for entity in article.entities if not entity.mentions],
    )
    return Graph(graph.id, graph.text, graph.regions, graph.links, about)


def _safe(name: str) -> str:
    """A name that is one of a file, in this folder, on any system."""
    return _UNSAFE.sub("_", name)


def _with_safe_id(article: GoldArticle) -> GoldArticle:
    id_ = _safe(article.doc.id)
    doc = article.doc.model_copy(update={"id": id_, "text_file": f"{id_}.txt"})
    return article.model_copy(update={"doc": doc})


def write_gold(
    articles: Sequence[GoldArticle], folder: Path, replace: bool = False
) -> list[Path]:
    """Writes articles into a folder, which is made if need be.

    Where an article is there more than once, each annotator has a sub-folder.

    Args:
        articles: what to write.
        folder: where to.
        replace: whether files that exist may be overwritten.

    Returns:
        The paths of the label files.

    Raises:
        GoldError: a file exists, or an annotator has an article twice.
    """
    several = len({article.doc.id for article in articles}) < len(articles)
    places = [_place(article, folder, several) for article in articles]
    paths = [
        place / f"{article.doc.id}.json"
        for place, article in zip(places, articles, strict=True)
    ]
    for path, count in Counter(paths).items():
        if count > 1:
            raise GoldError(
                f"{path.stem} comes {count} times from the same annotator; leave all "
                "but one out."
            )
    texts = [path.with_suffix(".txt") for path in paths]
    _check_free([*paths, *texts], replace)
    for article, place in zip(articles, places, strict=True):
        write_article(article, place)
    return paths


def _place(article: GoldArticle, folder: Path, several: bool) -> Path:
    if not several:
        return folder
    return folder / _safe("+".join(article.annotation.annotators) or "unknown")


def _check_free(paths: Iterable[Path], replace: bool) -> None:
    for path in paths:
        if path.exists() and not replace:
            raise GoldError(
                f"{path} exists; choose another place, or overwrite it with --force."
            )


def export_gold(
    articles: Sequence[GoldArticle], target: Target, output: Path, replace: bool = False
) -> Exported:
    """Writes articles in another format, and reads them back to see what it lost.

    Args:
        articles: what to write, each once.
        target: the format.
        output: a folder; or, of the formats that have one file for all articles, also
            that file, known by its suffix.
        replace: whether files that exist may be overwritten.

    Raises:
        GoldError: a file exists, or an article is there more than once.
    """
    articles = [_with_safe_id(article) for article in articles]
    for id_, count in Counter(article.doc.id for article in articles).items():
        if count > 1:
            raise GoldError(
                f"{id_} is there {count} times; export the labels of one annotator at "
                "a time."
            )
    if target in _FILES and output.suffix != Path(_FILES[target]).suffix:
        output = output / _FILES[target]
    _check_free(_written(articles, target, output), replace)
    paths = _WRITERS[target](map(draw, articles), output)
    lost: Counter[str] = Counter()
    for before, after in zip(
        articles, import_gold(paths, target).articles, strict=True
    ):
        lost.update(differences(before, after))
    return Exported(paths, lost)


def _written(
    articles: Iterable[GoldArticle], target: Target, output: Path
) -> list[Path]:
    """The files an export makes."""
    if target == "brat":
        ids = [article.doc.id for article in articles]
        names = [f"{id_}{suffix}" for id_ in ids for suffix in (".ann", ".txt")]
        return [output / name for name in (*names, CONFIGURATION)]
    return [output] if target == "prodigy" else [output, output.with_suffix(".xml")]


def differences(before: GoldArticle, after: GoldArticle) -> Iterator[str]:
    """The fields in which two versions of an article differ, `quotes.cue` and so on.

    A field comes once for each item that differs; a whole item that only one of them
    has comes as `quotes`.
    """
    one, other = (article.model_dump(mode="json") for article in (before, after))
    for field in ("layers", "exempt", "annotation"):
        if one[field] != other[field]:
            yield field
    yield from _fields("doc", one["doc"], other["doc"])
    for field in _ITEMS:
        items, others = ({item["id"]: item for item in a[field]} for a in (one, other))
        for id_ in dict.fromkeys((*items, *others)):
            if id_ in items and id_ in others:
                yield from _fields(field, items[id_], others[id_])
            else:
                yield field


def _fields(name: str, one: dict[str, Any], other: dict[str, Any]) -> Iterator[str]:
    for key, value in one.items():
        if value != other[key]:
            yield f"{name}.{key}"
