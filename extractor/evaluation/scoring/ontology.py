"""Event types and roles of other corpora as those of this package.

The tables are in `ontology.toml`. Gold may have the types of its corpus, KAIROS's
`Conflict.Attack.DetonateExplode` or MUC-4's `BOMBING`: several of ours can be right
for one of theirs. Names are compared without case and punctuation.
"""

import re
import tomllib
from collections.abc import Callable
from functools import cache, lru_cache
from importlib import resources
from typing import Any

_PUNCTUATION = re.compile(r"[^\w.]|_")


def type_of(name: str) -> str:
    """The event type of this package that a corpus's type is; itself if unknown."""
    return accepted_types(name)[0]


@lru_cache(maxsize=1024)
def accepted_types(name: str) -> tuple[str, ...]:
    """All types of this package that are right for a type, the main one first."""
    parts = _plain(name).split(".")
    for length in range(len(parts), 0, -1):
        found = _types().get(".".join(parts[:length]))
        if found:
            return found
    return (name,)


def is_same_type(one: str, other: str) -> bool:
    """Whether two types can name the same event.

    Of two that are not ours only the same are: both sides have the corpus's types then.
    """
    return _is_same(one, other, accepted_types)


def role_of(name: str) -> str:
    """The role of this package that a corpus's role is; itself if unknown."""
    return accepted_roles(name)[0]


@lru_cache(maxsize=1024)
def accepted_roles(name: str) -> tuple[str, ...]:
    """All roles of this package that are right for a role, the main one first."""
    roles = _roles()
    if any(name in ours for ours in roles.values()):
        return (name,)  # ours, not the `Recipient` of a corpus
    return roles.get(_plain(name), (name.casefold(),))


def is_same_role(one: str, other: str) -> bool:
    """Whether two roles can be the same, as for types."""
    return _is_same(one, other, accepted_roles)


def _is_same(one: str, other: str, accepted: Callable[[str], tuple[str, ...]]) -> bool:
    if one == other:
        return True
    first, second = accepted(one), accepted(other)
    return (first == (one,) and one in second) or (
        second == (other,) and other in first
    )


def _plain(name: str) -> str:
    dotted = re.sub(r"[:/]", ".", name)
    return _PUNCTUATION.sub("", dotted).casefold()


@cache
def _types() -> dict[str, tuple[str, ...]]:
    tables = _read()["types"].values()
    return {name: ours for table in tables for name, ours in _names(table).items()}


@cache
def _roles() -> dict[str, tuple[str, ...]]:
    return _names(_read()["roles"])


def _names(table: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {
        _plain(name): tuple(ours.split())
        for ours, theirs in table.items()
        for name in theirs
    }


def _read() -> dict[str, Any]:
    source = resources.files("extractor.evaluation.scoring") / "ontology.toml"
    return tomllib.loads(source.read_text("utf-8"))
