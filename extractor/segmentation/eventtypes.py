"""Event types of the user's own: names with the words that can name such an event.

```toml
extend = true                 # beside our types; default: instead of them

[types.Sport]
description = "matches, transfers and titles"
triggers = ["win", "beat", "relegate", "~draw", "transfer window"]
```

A trigger is a word or phrase in its dictionary form, of which all English forms are
looked for, as a verb and as a noun. `~` marks one that often means something else.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from extractor.errors import UsageError
from extractor.segmentation.eventwords import Lexicon, add_words, lexicon, no_words

_NAME = re.compile(r"[^\W_][\w &/-]{0,39}")
_TRIGGER = re.compile(r"~?[^\W_][\w'’-]+(?: [\w'’-]+)*")
NONE = "none"
"""What no type may be called: it says that a trigger names no event."""


@dataclass(frozen=True)
class EventType:
    """A type of event.

    Attributes:
        name: as events will have it.
        triggers: words that can name such an event.
        description: what it covers, in a few words, for the model.
    """

    name: str
    triggers: tuple[str, ...]
    description: str = ""


@dataclass(frozen=True)
class EventTypes:
    """Event types of the user's own.

    Attributes:
        types: at least one.
        extend: whether ours are kept beside them.
        path: the file they were read from, so that other processes can read it too.

    Raises:
        UsageError: a type without a usable name or trigger, or two of one name.
    """

    types: tuple[EventType, ...]
    extend: bool = False
    path: Path | None = None

    def __post_init__(self) -> None:
        where = f"{self.path}: " if self.path else ""
        names = [each.name for each in self.types]
        if not names:
            raise UsageError(f"{where}there is no event type: add [types.NAME].")
        for each in self.types:
            if not _NAME.fullmatch(each.name) or each.name.lower() == NONE:
                raise UsageError(
                    f"{where}an event type cannot be called {each.name!r}: take "
                    "letters and digits, at most 40."
                )
            wrong = [word for word in each.triggers if not _TRIGGER.fullmatch(word)]
            if wrong or not each.triggers:
                raise UsageError(
                    f"{where}the event type {each.name!r} needs triggers, each a word "
                    f"or phrase{f', and {wrong[0]!r} is none' if wrong else ''}."
                )
        if len(set(names)) < len(names):
            raise UsageError(f"{where}two event types have the same name: rename one.")

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words that can name an event."""
        words: dict[str, list[str]] = {}
        for each in self.types:
            for word in each.triggers:
                words.setdefault(word.lower(), []).append(each.name)
        return add_words(lexicon() if self.extend else no_words(), words)

    @cached_property
    def descriptions(self) -> dict[str, str]:
        """What each type covers, where that is said."""
        return {each.name: each.description for each in self.types if each.description}

    @property
    def has_other(self) -> bool:
        """Whether an event may be of none of the types."""
        return self.extend or any(each.name == "Other" for each in self.types)

    @property
    def sha256(self) -> str:
        """Of all that events depend on."""
        return sha256(repr((self.types, self.extend)).encode()).hexdigest()


def read_event_types(path: Path) -> EventTypes:
    """The event types of a TOML file.

    Raises:
        UsageError: it cannot be read, or says something else.
    """
    try:
        data = tomllib.loads(path.read_bytes().decode())
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise UsageError(f"{path} is not valid TOML: {error}.") from None
    types, extend = data.pop("types", {}), data.pop("extend", False)
    if data or not isinstance(types, dict) or not isinstance(extend, bool):
        raise UsageError(
            f"{path} is no list of event types: it may set extend = true and has a "
            "table [types.NAME] for each."
        )
    made = tuple(_type(path, name, fields) for name, fields in types.items())
    return EventTypes(made, extend, path)


def _type(path: Path, name: str, fields: Any) -> EventType:
    known = isinstance(fields, dict) and fields.keys() <= {"triggers", "description"}
    triggers = fields.get("triggers") if known else None
    described = fields.get("description", "") if known else None
    is_list = isinstance(triggers, list) and all(isinstance(t, str) for t in triggers)
    if not is_list or not isinstance(described, str):
        raise UsageError(
            f'{path}: the event type {name!r} needs triggers = ["word", ...] and may '
            "have a description, a string."
        )
    return EventType(name, tuple(triggers or ()), " ".join(described.split()))
