"""What the answers of an extractor depend on, hashed where it is long."""

import hashlib
import json
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pydantic import Field

import extractor
from extractor import weights
from extractor.client import TEMPERATURE, endpoint_address
from extractor.pipeline import RULES, Extractor
from extractor.prompting import PROMPTS, prompt_ref
from extractor.schema import Document, EndpointKind, Frozen, TaskName
from extractor.weights.files import sha256_of

_LIBRARIES: Final = ("dateparser", "instructor", "openai", "sentencex", "xllamacpp")
"""Packages whose versions may change an extraction."""
_BESIDE: Final = (
    *("batch", "cli", "costs", "distributed", "evaluation", "hosted", "prompts"),
    *("store", "export", "recipe.py", "report"),
)
"""Parts of this package that do not shape one; prompts are hashed one by one."""


class Recipe(Frozen):
    """What answers depend on besides the article: equal recipes, equal questions."""

    model: str
    """As it was named."""
    endpoint: EndpointKind
    host: str | None = None
    """Host and port of the endpoint."""
    weights: str | None = None
    """Sha256 of an embedded model's weights."""
    tasks: list[TaskName]
    prompts: dict[str, str] = Field(default_factory=dict)
    """Sha256 of each prompt by its id (`quotes.v1`); of a task of the user's own, of
    its model too."""
    event_types: str | None = None
    """Sha256 of the user's own event types."""
    sampling: dict[str, float] = Field(default_factory=dict)
    package: str
    """Version of this package."""
    source: str
    """Sha256 of its code and data, as far as they shape an extraction."""
    libraries: dict[str, str] = Field(default_factory=dict)
    """Versions of the packages that shape one too."""


def make_recipe(asker: Extractor) -> Recipe:
    """What an extractor's answers depend on besides the article.

    Raises:
        WeightsError: the embedded model is not here.
        EndpointError: the endpoint's address is none.
    """
    asks = asker.model != RULES
    address = address_of(asker)
    ours = [task for task in asker.tasks if task in PROMPTS] if asks else []
    refs = {ref.id: ref.sha256 for ref in (prompt_ref(PROMPTS[task]) for task in ours)}
    own = {task.name: task.sha256 for task in asker.wanted.own}
    return Recipe(
        model=asker.model,
        endpoint=asker.endpoint,
        host=urlsplit(address).netloc if address else None,
        weights=_weights_hash(asker.model) if asker.endpoint == "embedded" else None,
        tasks=list(asker.tasks),
        prompts=refs | own,
        event_types=asker.wanted.event_types and asker.wanted.event_types.sha256,
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


def describe(document: Document) -> tuple[str | None, ...]:
    """What shapes the extraction of an article, its text as a hash."""
    return (
        document.id,
        document.sha256,
        document.title,
        document.published,
        document.language,
        document.source,
    )


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
