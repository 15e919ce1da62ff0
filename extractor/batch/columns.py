"""Records as Arrow columns, of types that follow the data contract.

A field of a model is a column of the same name: text, numbers and truth values as they
are, a model as a struct, a list as a list, a dictionary as a map. So whoever reads the
Parquet files finds what `extractor schema` describes, and a new field needs no code.
What may be any JSON is a column of text: text as it is, all else as its JSON.
"""

import json
import re
from collections.abc import Mapping, Sequence
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, JsonValue

from extractor.errors import UsageError

if TYPE_CHECKING:
    import pyarrow as pa

REPLACEMENT = "\ufffd"
"""Stands for a lone surrogate, which Arrow's UTF-8 cannot hold: one code point for one,
so that offsets stay true."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_PLAIN = {bool: "bool_", int: "int64", float: "float64", str: "string"}


def import_arrow() -> Any:
    """The package pyarrow.

    Raises:
        UsageError: it is not installed.
    """
    try:
        import pyarrow
    except ImportError:
        raise UsageError(
            "Parquet needs the package pyarrow: pip install 'newsextract[parquet]'."
        ) from None
    return pyarrow


def columns_of(model: type[BaseModel]) -> "pa.Schema":
    """The columns of records of a model, all of which may be null."""
    pa = import_arrow()
    return pa.schema(list(_fields(model)))


def to_record_batch(
    records: Sequence[Mapping[str, Any]], schema: "pa.Schema"
) -> "pa.RecordBatch":
    """Dumped records as columns; fields that the schema does not have are left out."""
    pa = import_arrow()
    try:
        return pa.RecordBatch.from_pylist(list(records), schema=schema)
    except (UnicodeEncodeError, pa.ArrowTypeError):
        fitted = [_fitted(record, pa.struct(schema)) for record in records]
        return pa.RecordBatch.from_pylist(fitted, schema=schema)


def _fields(model: type[BaseModel]) -> "list[pa.Field]":
    pa = import_arrow()
    return [
        pa.field(name, _type(field.annotation))
        for name, field in model.model_fields.items()
    ]


def _type(annotation: Any) -> "pa.DataType":
    """The Arrow type of a field's annotation."""
    pa = import_arrow()
    if annotation is JsonValue:
        return pa.string()
    if annotation in _PLAIN:
        return getattr(pa, _PLAIN[annotation])()
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return pa.struct(_fields(annotation))
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return _type(type(arguments[0]))
    if origin in (Union, UnionType):
        (some,) = (kind for kind in arguments if kind is not NoneType)
        return _type(some)
    if origin is dict:
        return pa.map_(*map(_type, arguments))
    if origin in (list, tuple):
        return pa.list_(_type(arguments[0]))
    return _type(arguments[0])  # Annotated


def _fitted(value: Any, kind: "pa.DataType") -> Any:
    """A value without lone surrogates, as JSON where only text fits."""
    types = import_arrow().types
    if value is None:
        return None
    if types.is_struct(kind):
        known = {kind.field(i).name: kind.field(i).type for i in range(len(kind))}
        return {name: _fitted(value.get(name), known[name]) for name in known}
    if types.is_map(kind):
        return [
            (_fitted(k, kind.key_type), _fitted(v, kind.item_type))
            for k, v in (value.items() if isinstance(value, Mapping) else value)
        ]
    if types.is_list(kind):
        return [_fitted(item, kind.value_type) for item in value]
    if types.is_string(kind):
        text = value if isinstance(value, str) else json.dumps(value)
        return _SURROGATE.sub(REPLACEMENT, text)
    return value
