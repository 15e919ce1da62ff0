"""Tables as pandas DataFrames."""

from collections.abc import Iterable
from types import NoneType
from typing import TYPE_CHECKING, Any, get_args

from extractor.errors import UsageError
from extractor.export.rows import ItemRow, Row
from extractor.export.tables import TABLES, find_table
from extractor.schema import Extraction

if TYPE_CHECKING:
    import pandas as pd


def to_dataframe(
    results: Extraction | Iterable[Extraction], table: str = "quotes"
) -> "pd.DataFrame":
    """One table of one or many extractions, with a row for each item.

    ```python
    frame = extractor.to_dataframe(results, "quotes")
    frame.groupby("speaker_name").size().sort_values()
    ```

    The columns are those of the CSV files and have the same types however many rows
    there are; what is missing is `pd.NA`. Offsets are 0-based, half-open and count code
    points of the article's text.

    Args:
        results: an extraction, or any iterable of them.
        table: `documents`, `quotes`, `speakers`, `mentions`, `claims`, `events`,
            `participants`, `items` or `rejected`; or the name of a task of the user's
            own, for a column for each field of its model.

    Raises:
        UsageError: there is no such table, or pandas is not installed.
    """
    pd = _import_pandas()
    many = [results] if isinstance(results, Extraction) else list(results)
    if any(table in found.items for found in many):
        return _own_items(pd, many, table)
    chosen = find_table(table)
    rows = [dict(row) for found in many for row in chosen.rows(found)]
    return pd.DataFrame(
        {
            name: pd.Series([row[name] for row in rows], dtype=dtype)
            for name, dtype in _types(pd, chosen.row).items()
        }
    )


def _own_items(pd: Any, results: Iterable[Extraction], task: str) -> "pd.DataFrame":
    """The items of one task, a column for each field of the user's model.

    A field with the name of one of our columns has `fields.` before it.
    """
    ours = [name for name in ItemRow.model_fields if name not in ("task", "fields")]
    split = ours.index("id") + 1
    rows, columns = [], dict.fromkeys(ours[:split])
    for found in results:
        only = found.model_copy(update={"items": {task: found.items.get(task, [])}})
        items = only.items[task]
        for row, item in zip(TABLES["items"].rows(only), items, strict=True):
            fields = {
                f"fields.{name}" if name in ours else name: value
                for name, value in item.fields.items()
            }
            columns |= dict.fromkeys(fields)
            rows.append({**dict(row), **fields})
    return pd.DataFrame(rows, columns=[*columns, *ours[split:]])


def _import_pandas() -> Any:
    try:
        import pandas
    except ImportError:
        raise UsageError(
            "A DataFrame needs the package pandas: pip install 'newsextract[notebook]'."
        ) from None
    return pandas


def _types(pd: Any, row: type[Row]) -> dict[str, Any]:
    """The type of each column: pandas' own where something may be missing."""
    return {
        name: _type(pd, field.annotation) for name, field in row.model_fields.items()
    }


def _type(pd: Any, annotation: Any) -> Any:
    kinds = {annotation, *get_args(annotation)}
    if bool in kinds:
        return "bool"
    if int in kinds:
        return "Int64" if NoneType in kinds else "int64"
    # Not Arrow's strings: they hold no lone surrogates.
    return pd.StringDtype("python")
