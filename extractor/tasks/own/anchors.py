"""Anchors: the fields of a user's model that must be words of the article.

An anchor is a string of its own type, so that it is known as one wherever it stands in
an answer: in a field, a list, or a model within the model.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema, to_jsonable_python

ANCHOR_CHARS = 240
"""The longest anchor that a model may return, code points."""


class Anchor(str):
    """Words of the article, as the type of a field of a task's model.

    What the model returns for it is looked for in the article. What is there is
    reported with the article's own words and their span; what is not is rejected.
    """

    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """A string of limited length.

        Not a `str_schema` with a limit: that refuses lone surrogates, which an article
        may have.
        """
        return core_schema.no_info_after_validator_function(
            cls._checked, core_schema.str_schema()
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """What an endpoint is told of it."""
        return handler(schema) | {"maxLength": ANCHOR_CHARS}

    @classmethod
    def _checked(cls, words: str) -> "Anchor":
        if len(words) > ANCHOR_CHARS:
            raise ValueError(f"more than {ANCHOR_CHARS} characters")
        return cls(words)


def rebuild(value: Any, of: Callable[[str, Anchor], str | None], path: str = "") -> Any:
    """An answer as JSON, by the names of its fields, with each anchor replaced.

    Args:
        value: the answer, or a part of it.
        of: gives the words for an anchor at a path (`who`, `victims.0.who`); None for
            none, which leaves it out of a list.
        path: where `value` stands.
    """
    if isinstance(value, Anchor):
        return of(path, value)
    if isinstance(value, BaseModel):
        names = type(value).model_fields
        return {n: rebuild(getattr(value, n), of, _join(path, n)) for n in names}
    if isinstance(value, Mapping):
        return {k: rebuild(v, of, _join(path, str(k))) for k, v in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [*_rebuild_all(value, of, path)]
    return value if type(value) is str else to_jsonable_python(value)


def _rebuild_all(
    values: Any, of: Callable[[str, Anchor], str | None], path: str
) -> Iterator[Any]:
    for number, value in enumerate(values):
        plain = isinstance(value, Anchor)
        rebuilt = rebuild(value, of, path if plain else _join(path, str(number)))
        if rebuilt is not None or not plain:
            yield rebuilt


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def has_anchor(annotation: Any) -> bool:
    """Whether a type is an anchor, or holds one without another model between."""
    if annotation is Anchor:
        return True
    return any(map(has_anchor, get_args(annotation)))
