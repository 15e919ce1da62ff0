"""A small valid reply to any JSON Schema, without a model."""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]


def instance(schema: Schema, text: str) -> Any:
    """A value that the schema allows.

    The first of several choices, one item in every list that may have one, and `text`
    in every string that is free, cut to what is allowed.
    """
    return _instance(schema, schema, text)


def _instance(schema: Schema, root: Schema, text: str) -> Any:
    if "$ref" in schema:
        return _instance(_resolved(schema["$ref"], root), root, text)
    for choices in ("enum", "examples"):
        if schema.get(choices):
            return schema[choices][0]
    if "const" in schema:
        return schema["const"]
    for parts in ("anyOf", "oneOf", "allOf"):
        if schema.get(parts):
            return _instance(schema[parts][0], root, text)
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        members = schema.get("properties", {})
        return {name: _instance(part, root, text) for name, part in members.items()}
    if kind == "array":
        return _items(schema, root, text)
    if kind == "string":
        return _string(schema, text)
    return {"integer": schema.get("minimum", 0), "number": schema.get("minimum", 0.0),
            "boolean": False}.get(kind)  # fmt: skip


def _items(schema: Schema, root: Schema, text: str) -> list[Any]:
    if "prefixItems" in schema:
        return [_instance(part, root, text) for part in schema["prefixItems"]]
    count = min(max(1, schema.get("minItems", 0)), schema.get("maxItems", 1))
    return [_instance(schema.get("items", {}), root, text) for _ in range(count)]


def _string(schema: Schema, text: str) -> str:
    return text.ljust(schema.get("minLength", 0), ".")[: schema.get("maxLength")]


def _resolved(reference: str, root: Schema) -> Schema:
    found: Any = root
    for name in reference.removeprefix("#/").split("/"):
        found = found[name]
    return found  # type: ignore[no-any-return]
