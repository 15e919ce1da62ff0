"""What was answered and what came of it, kept in one SQLite file.

`replies` holds the answer to one question, `rows` the terminal row of one article,
`jobs` what runs elsewhere and has to be fetched. A value is on the disk when the method
that puts it returns, so a killed process loses no more than what was under way. A value
whose hash does not fit is dropped when it is read, and its question is asked again.
"""

from extractor.store.store import Charge, Store, Table, default_path
from extractor.store.turns import Turns
from extractor.store.upkeep import Checked, Contents, check, contents, prune

__all__ = [
    "Charge",
    "Checked",
    "Contents",
    "Store",
    "Table",
    "Turns",
    "check",
    "contents",
    "default_path",
    "prune",
]
