"""Reading many gold articles: folders of native files or of corpora."""

import json
from collections.abc import Iterable
from pathlib import Path

from extractor.errors import GoldError
from extractor.evaluation.gold import SCHEMA, GoldArticle, parse_article
from extractor.evaluation.interchange.corpora import is_corpus, read_corpus_article
from extractor.evaluation.manifest import MANIFEST


def read_gold(path: Path) -> list[GoldArticle]:
    """The gold articles of a folder, in the order of their file names, or of one file.

    Args:
        path: a folder, whose `*.json` are read except the manifest and hidden files,
            its sub-folders left alone; or one file. A file is a gold article with its
            text beside it, or an article of a corpus (see `corpora`).

    Raises:
        GoldError: nothing to read, a file that is neither, or an article twice from
            the same annotators.
    """
    if not path.exists():
        raise GoldError(f"{path} does not exist; check the name.")
    files = list_files(path) if path.is_dir() else [path]
    if not files:
        raise GoldError(
            f"{path} holds no *.json; name a folder of gold articles, or bring some "
            "in with `extractor gold import`."
        )
    articles = [(file, article) for file in files for article in _read(file)]
    _check_distinct(articles)
    return [article for _, article in articles]


def read_annotators(path: Path) -> dict[str, list[GoldArticle]]:
    """The gold articles of each of several annotators, by name.

    Args:
        path: a folder with one sub-folder for each, called by the annotator's name; or
            what `read_gold` reads, the annotators then being those the articles name.

    Raises:
        GoldError: as `read_gold`; or there are fewer than two annotators.
    """
    found: dict[str, list[GoldArticle]] = {}
    folders = _folders(path) if path.is_dir() else []
    if folders:
        found = {folder.name: read_gold(folder) for folder in folders}
    else:
        for article in read_gold(path):
            found.setdefault(_annotators(article), []).append(article)
    if len(found) < 2 or "" in found:
        raise GoldError(
            f"{path} does not hold two annotators' labels; give each annotator a "
            "sub-folder, or name them under annotation.annotators."
        )
    return found


def list_files(folder: Path, suffix: str = ".json") -> list[Path]:
    """The files of a folder with a suffix, by name; no manifest, none hidden."""
    return sorted(
        file
        for file in folder.glob(f"*{suffix}")
        if file.name != MANIFEST and not file.name.startswith(".") and file.is_file()
    )


def _folders(folder: Path) -> list[Path]:
    """Sub-folders that hold labels."""
    return [sub for sub in sorted(folder.iterdir()) if sub.is_dir() and list_files(sub)]


def _read(path: Path) -> list[GoldArticle]:
    try:
        content = json.loads(path.read_bytes())
    except OSError:
        raise GoldError(f"{path} cannot be read; check its permissions.") from None
    except ValueError as error:
        raise GoldError(f"{path} is not JSON ({error}); mend it.") from None
    if is_corpus(content):
        return read_corpus_article(content, path)
    if isinstance(content, dict) and content.get("schema") == SCHEMA:
        return [parse_article(content, path)]
    raise GoldError(
        f"{path} is neither a gold article ({SCHEMA}) nor an article of a corpus; "
        "leave it out of the folder, or bring it in with `extractor gold import`."
    )


def _check_distinct(articles: Iterable[tuple[Path, GoldArticle]]) -> None:
    seen: dict[tuple[str, str], Path] = {}
    for file, article in articles:
        key = (article.doc.id, _annotators(article))
        if key in seen:
            raise GoldError(
                f"{seen[key]} and {file} are both article {article.doc.id!r}; "
                "keep one, or give the annotators a folder each."
            )
        seen[key] = file


def _annotators(article: GoldArticle) -> str:
    return "+".join(article.annotation.annotators)
