"""The model that a peer asks: embedded in this process, or of an endpoint."""

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import extractor
from extractor import engine, weights
from extractor.evaluation.runs import Recipe
from extractor.schema import EndpointKind, TaskName
from extractor.weights.files import sha256_of

N_CTX: Final = 8192
_SHARED: Final = ("assembling", "placing", "questions")
"""Modules here that shape every peer's results."""


@dataclass(frozen=True)
class Served:
    """A model that answers at an address of OpenAI's protocol."""

    model: str
    base_url: str
    api_key: str
    endpoint: EndpointKind
    weights: str | None = None
    """Sha256."""
    version: str | None = None
    """Of the engine, where it runs here."""

    def recipe(
        self,
        peer: str,
        *,
        tasks: Sequence[TaskName],
        prompts: Mapping[str, str],
        sampling: Mapping[str, float],
        source: str,
        libraries: Mapping[str, str],
    ) -> Recipe:
        """What a peer's answers depend on; the model is named with the peer."""
        remote = self.endpoint == "endpoint"
        return Recipe(
            model=f"{peer} {self.model}",
            endpoint=self.endpoint,
            host=urlsplit(self.base_url).netloc if remote else None,
            weights=self.weights,
            tasks=list(tasks),
            prompts=dict(prompts),
            sampling=dict(sampling),
            package=extractor.__version__,
            source=source,
            libraries=dict(libraries),
        )


@contextmanager
def serve(model: str, base_url: str | None = None) -> Iterator[Served]:
    """A model for as long as it is needed.

    Args:
        model: of this machine, or of the endpoint.
        base_url: of an endpoint, whose key is in OPENAI_API_KEY.

    Raises:
        WeightsError: the model is not on this machine.
    """
    if base_url:
        key = os.environ.get("OPENAI_API_KEY", "none")
        yield Served(model, base_url, key, "endpoint")
        return
    path, known = weights.find(model), weights.known(model)
    with engine.start(path, n_ctx=N_CTX) as running:
        yield Served(
            model=known.name if known else path.stem,
            base_url=running.base_url,
            api_key=running.api_key,
            endpoint="embedded",
            weights=known.sha256 if known else sha256_of(path),
            version=running.version,
        )


def code_hash(*modules: str) -> str:
    """Sha256 of the modules here that shape a peer's results."""
    digest = hashlib.sha256()
    for name in sorted({*modules, *_SHARED}):
        path = Path(__file__).with_name(f"{name}.py")
        digest.update(f"{name}\n".encode() + path.read_bytes())
    return digest.hexdigest()
