"""What lint can find, each kind under a code that stays as it is."""

from dataclasses import dataclass
from typing import Final, Literal

Severity = Literal["error", "warning"]

CODES: Final[dict[str, str]] = {
    "E0": "the file cannot be read as a gold article",
    "E1": "the text, or the file since the freeze, is not what was recorded",
    "E2": "a span is not what the text says at its offsets",
    "E3": "a span cuts a character in two, or begins or ends with white space",
    "E4": "an id, an item or an article is there twice",
    "E5": "an id refers to nothing",
    "E6": "a direct quote is not between quotation marks, or a mark lacks its partner",
    "E7": "the kind of a quote is not what its quotation marks say",
    "E8": "the words that name a speaker are no alias of the entity",
    "E9": "an event type or role is not on the list",
    "E10": "an article, or nearly the same one, is in two splits",
    "E11": "a prompt holds text of the test split",
    "E12": "the version of the guidelines is unknown",
    "W1": "text in quotation marks is neither a quote nor exempt",
    "W2": "the same words are labelled differently elsewhere",
    "W3": "far more or fewer items than other articles of this length",
    "W4": "a test article was labelled by one person only",
    "W5": "the licence or the address is missing",
}
"""Title of each code; E are errors, W are warnings."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, or one thing to look at."""

    code: str
    """A key of `CODES`."""
    file: str
    """Path of the JSON file."""
    item: str
    """Id of the item, or its place (`quotes[2]`, `120..134`); empty: the article."""
    message: str
    """What is wrong."""
    remedy: str
    """What to do about it."""

    @property
    def severity(self) -> Severity:
        """`error` where scores would be wrong, else `warning`."""
        return "error" if self.code.startswith("E") else "warning"
