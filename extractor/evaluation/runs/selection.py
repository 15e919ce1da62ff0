"""Which gold articles a run is of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractor.errors import GoldError, UsageError
from extractor.evaluation.gold import GoldArticle, Split
from extractor.evaluation.interchange import read_gold
from extractor.pipeline import ALL_TASKS
from extractor.schema import TaskName


@dataclass(frozen=True)
class Selection:
    """Gold articles to run on.

    Attributes:
        articles: no two with the same id.
        paths: where they were read from, as the user named it.
        split: the one they were limited to; None where they were not.
        held_back: how many were left out because they are of the test split.
    """

    articles: tuple[GoldArticle, ...]
    paths: tuple[str, ...] = ()
    split: Split | None = None
    held_back: int = 0

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for article in self.articles:
            if article.doc.id in seen:
                raise GoldError(
                    f"Article {article.doc.id!r} is labelled twice: name the labels of "
                    "one annotator."
                )
            seen.add(article.doc.id)

    def labelled_tasks(self) -> tuple[TaskName, ...]:
        """The tasks whose results the gold can judge, ours first.

        Quotes are judged with their speakers, so they bring that task along.
        """
        layers = {layer for article in self.articles for layer in article.layers}
        if "quotes" in layers:
            layers.add("speakers")
        ours = [task for task in ALL_TASKS if task in layers]
        return (*ours, *sorted(layers.difference(ours)))


def select(
    paths: Iterable[str | Path],
    *,
    split: Split | None = None,
    limit: int | None = None,
    releasing: bool = False,
) -> Selection:
    """The articles of gold folders and files.

    Args:
        paths: what `read_gold` reads.
        split: only the articles of this split; default: all but those of `test`.
        limit: at most so many, the first ones.
        releasing: allow the test split, which is spent a little each time it is used.

    Raises:
        GoldError: no gold there, or labels that are wrong.
        UsageError: nothing is left, or the test split without leave.
    """
    if split == "test" and not releasing:
        raise UsageError(
            "The test split is kept for releases: use --split dev, or add "
            "--i-am-releasing."
        )
    names = tuple(str(path) for path in paths)
    found = [article for name in names for article in read_gold(Path(name))]
    kept = _of_split(found, split)
    if not kept:
        held = sorted({str(article.doc.split) for article in found})
        raise UsageError(
            f"{', '.join(names)} holds no article to run on: its splits are "
            f"{', '.join(held)}; choose one with --split."
        )
    held_back = len(found) - len(kept) if split is None else 0
    return Selection(tuple(kept[:limit]), names, split, held_back)


def _of_split(
    articles: Sequence[GoldArticle], split: Split | None
) -> Sequence[GoldArticle]:
    if split is None:
        return [article for article in articles if article.doc.split != "test"]
    return [article for article in articles if article.doc.split == split]
