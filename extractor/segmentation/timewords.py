"""The grammar of time expressions by language, from `lexicon/times.toml`."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

LANGUAGES = ("en", "de", "fr", "es", "pt")
"""Languages with a grammar."""

_PLACEHOLDER = re.compile(r"(?<!\?P)<(\w+)>")
_LOOKBEHIND = re.compile(r"\(\?<=(?:\\.|[^()\\])*\)")
_NAMED = re.compile(r"\?P<\w+>")
_EDGE_BEFORE = r"(?<![\w$€£])(?<!\d[.,:/–-])"
_EDGE_AFTER = r"(?![\w%])"
_YEAR = r"(?:1[5-9]|20)\d\d(?![\w%]|[.,:/]\d)"


@dataclass(frozen=True, slots=True)
class Stated:
    """A form whose value stands in the words."""

    pattern: re.Pattern[str]
    value: str
    """Template over the pattern's groups; `century` is reckoned."""


@dataclass(frozen=True, slots=True)
class Relative:
    """A form that counts from the publication date."""

    pattern: re.Pattern[str]
    unit: str | None
    """The unit counted, where it is not the group `what`."""
    offset: int
    span: bool
    """Whether the stretch up to publication is meant, not one unit."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """The patterns and word lists of one language."""

    tag: str
    finders: tuple[re.Pattern[str], ...]
    stated: tuple[Stated, ...]
    relative: tuple[Relative, ...]
    anchored: re.Pattern[str]
    """Forms that count from an event in the text, or vaguely."""
    dates: re.Pattern[str]
    month: re.Pattern[str]
    weekday: re.Pattern[str]
    noise: re.Pattern[str]
    """Words that make a date no finer: parts of the day, `early`, `late`."""
    lists: dict[str, dict[str, re.Pattern[str]]]
    """Alternatives by list (`months`, `units`, ...) and value."""

    def which(self, name: str, word: str | None) -> str | None:
        """The value of a word in a list: `10` for `October` in `months`."""
        if word is None:
            return None
        entries = self.lists[name].items()
        return next((key for key, entry in entries if entry.fullmatch(word)), None)

    def number(self, word: str) -> int | None:
        """The value of a number in digits or words."""
        return int(word) if word.isdigit() else int(self.which("numbers", word) or 0)

    def digits(self, words: str) -> str:
        """The words with small numbers and ordinals of the day in plain digits."""
        plain = re.sub(r"(?<=\d)(?:er|º)(?!\w)", "", words)
        plain = re.sub(r"\bprimero(?= de)", "1", plain)
        plain = re.sub(r"\bdel\b", "de", plain)
        return " ".join(
            self.which("numbers", word) or word for word in plain.split(" ")
        )


@cache
def grammar_of(tag: str) -> Grammar:
    """The grammar of one of `LANGUAGES`."""
    source = resources.files("extractor.segmentation") / "lexicon" / "times.toml"
    data = tomllib.loads(source.read_text(encoding="utf-8"))[tag]
    macros = _macros(data)
    forms = data["forms"]
    stated = [(entry["pattern"], entry) for entry in forms["stated"]]
    relative = [(entry["pattern"], entry) for entry in forms["relative"]]
    patterns = [
        *(pattern for pattern, _ in stated + relative),
        *forms["anchored"],
        *forms["dates"],
    ]
    noise = "|".join([macros["of_day"], macros["phase"], macros["parts"]])
    return Grammar(
        tag=tag,
        finders=tuple(_finder(pattern, macros) for pattern in patterns),
        stated=tuple(Stated(_reader(p, macros), e["value"]) for p, e in stated),
        relative=tuple(
            Relative(
                _reader(p, macros), e.get("unit"), e["offset"], e.get("span", False)
            )
            for p, e in relative
        ),
        anchored=_reader("|".join(forms["anchored"]), macros),
        dates=_reader("|".join(forms["dates"]), macros),
        month=re.compile(rf"\b{macros['months']}"),
        weekday=re.compile(rf"\b{macros['weekdays']}"),
        noise=re.compile(rf"(?<!\w)(?:{noise})(?!\w)"),
        lists=_lists(data),
    )


def _lists(data: dict[str, Any]) -> dict[str, dict[str, re.Pattern[str]]]:
    # EDTF writes quarters as 33 to 36, where months stand.
    quarters = {"33": "1|first", "34": "2|second", "35": "3|third", "36": "4|fourth"}
    tables = {
        **{
            name: {str(i): words for i, words in enumerate(data[name], 1)}
            for name in ("months", "weekdays", "numbers")
        },
        "units": data["units"],
        "seasons": data["seasons"],
        "quarters": quarters,
    }
    return {
        name: {key: re.compile(words) for key, words in table.items()}
        for name, table in tables.items()
    }


def _macros(data: dict[str, Any]) -> dict[str, str]:
    """Regular expressions by placeholder, without capturing groups."""
    macros = {
        **{name: "|".join(data[name]) for name in ("months", "weekdays", "numbers")},
        **{name: "|".join(data[name].values()) for name in ("units", "seasons")},
        **{name: data[name] for name in ("vague", "parts", "phase", "of_day")},
        "year": _YEAR,
    }
    what = [
        macros[name] for name in ("units", "seasons", "weekdays", "months", "parts")
    ]
    macros["what"] = "|".join(what)
    macros["count"] = rf"{macros['numbers']}|{macros['vague']}|\d+"
    macros = {name: f"(?:{pattern})" for name, pattern in macros.items()}
    for name, pattern in data["macros"].items():
        macros[name] = _expand(pattern, macros)
    return macros


def _expand(pattern: str, macros: dict[str, str]) -> str:
    groups = {"y": f"(?P<y>{_YEAR})", "season": f"(?P<season>{macros['seasons']})"}
    groups |= {name: f"(?P<{name}>{macros[name]})" for name in ("what", "count")}
    return _PLACEHOLDER.sub(lambda m: groups.get(m[1]) or macros[m[1]], pattern)


def _finder(pattern: str, macros: dict[str, str]) -> re.Pattern[str]:
    """Matches inside a text."""
    expanded = _NAMED.sub("?:", _expand(pattern, macros)).replace(" ", r"\s")
    return re.compile(f"{_EDGE_BEFORE}(?:{expanded}){_EDGE_AFTER}")


def _reader(pattern: str, macros: dict[str, str]) -> re.Pattern[str]:
    """Matches a whole expression, so that nothing stands before it."""
    return re.compile(_expand(_LOOKBEHIND.sub("", pattern), macros), re.IGNORECASE)
