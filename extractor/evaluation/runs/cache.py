"""Extractions kept across runs, so that the same questions are not paid twice.

One file for each, named by the sha256 of all that it depends on: the article, the
`Recipe`, the address of the endpoint and the number of the repeat, without which the
repeats of an article would be one sample. Nothing expires; the folder may be deleted.
Only whole extractions are kept: what failed in part is asked again.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from platformdirs import user_cache_path

from extractor.evaluation.gold import GoldArticle
from extractor.evaluation.manifest import write_whole
from extractor.evaluation.runs.inputs import describe_input
from extractor.evaluation.runs.records import dump, load
from extractor.recipe import Recipe, hash_json
from extractor.schema import Extraction

CacheMode = Literal["read", "refresh", "off"]
"""Read and write; write alone, for answers anew; neither."""


def cache_folder() -> Path:
    """Where extractions are kept: `EXTRACTOR_CACHE`, else the user's cache folder."""
    chosen = os.environ.get("EXTRACTOR_CACHE")
    if chosen:
        return Path(chosen).expanduser()
    return user_cache_path("newsextract") / "extractions"


@dataclass(frozen=True)
class Cache:
    """The kept extractions of one recipe.

    Attributes:
        mode: what may be done with them.
        recipe: all answers depend on it.
        address: of the endpoint; None for an embedded model.
        folder: where they lie.
    """

    mode: CacheMode
    recipe: Recipe
    address: str | None
    folder: Path

    def get(self, article: GoldArticle, repeat: int) -> Extraction | None:
        """The extraction of an article, if it was made before."""
        if self.mode != "read":
            return None
        try:
            return load(Extraction, self._path(article, repeat).read_bytes())
        except (OSError, ValueError):
            return None

    def put(self, article: GoldArticle, repeat: int, extraction: Extraction) -> None:
        """Keeps an extraction, unless something in it failed."""
        if self.mode == "off" or extraction.provenance.failures:
            return
        path = self._path(article, repeat)
        with suppress(OSError):  # a cache that cannot be written costs only money
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, dump(extraction))

    def _path(self, article: GoldArticle, repeat: int) -> Path:
        recipe = self.recipe.model_dump(mode="json")
        key = hash_json([recipe, self.address, describe_input(article), repeat])
        return self.folder / key[:2] / f"{key}.json"
