"""What the answers of an extractor depend on, hashed where it is long."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import extractor
from extractor import weights
from extractor.client import TEMPERATURE, endpoint_address
from extractor.evaluation.gold import GoldArticle
from extractor.evaluation.runs.records import Recipe
from extractor.pipeline import RULES, Extractor
from extractor.prompting import PROMPTS, prompt_ref
from extractor.weights.files import sha256_of

_LIBRARIES: Final = ("dateparser", "instructor", "openai", "sentencex", "xllamacpp")
"""Packages whose versions may change an extraction."""
_BESIDE: Final = ("cli", "evaluation", "prompts", "export.py", "report.py")
"""Parts of this package that do not shape one; prompts are hashed one by one."""


def make_recipe(asker: Extractor) -> Recipe:
    """What an extractor's answers depend on besides the article.

    Raises:
        WeightsError: the embedded model is not here.
        EndpointError: the endpoint's address is none.
    """
    asks = asker.model != RULES
    address = address_of(asker)
    refs = [prompt_ref(PROMPTS[task]) for task in asker.tasks] if asks else []
    return Recipe(
        model=asker.model,
        endpoint=asker.endpoint,
        host=urlsplit(address).netloc if address else None,
        weights=_weights_hash(asker.model) if asker.endpoint == "embedded" else None,
        tasks=list(asker.tasks),
        prompts={ref.id: ref.sha256 for ref in refs},
        sampling={"temperature": TEMPERATURE} if asks else {},
        package=extractor.__version__,
        source=source_hash(),
        libraries=_libraries(),
    )


def address_of(asker: Extractor) -> str | None:
    """Where an extractor asks, without user name and password; None if nowhere else.

    Raises:
        EndpointError: it is no HTTP address.
    """
    if asker.endpoint != "endpoint":
        return None
    return endpoint_address(asker.base_url)


@cache
def source_hash() -> str:
    """Sha256 over the files of this package that shape an extraction."""
    root = Path(extractor.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        inner = path.relative_to(root)
        if path.suffix in (".py", ".toml", ".json") and inner.parts[0] not in _BESIDE:
            digest.update(f"{inner.as_posix()}\n".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def inputs_hash(articles: Iterable[GoldArticle]) -> str:
    """Sha256 of what the model gets of the articles."""
    return hash_json([describe_input(article) for article in articles])


def describe_input(article: GoldArticle) -> Sequence[str | None]:
    """What shapes the extraction of an article, its text as a hash."""
    doc = article.doc
    return (doc.id, doc.sha256, doc.title, doc.published, doc.language, doc.url)


def hash_json(value: object) -> str:
    """Sha256 of a value's JSON, the same whatever the order of its keys."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _weights_hash(model: str) -> str:
    known = weights.known(model)
    return known.sha256 if known else sha256_of(weights.find(model))


def _libraries() -> dict[str, str]:
    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
