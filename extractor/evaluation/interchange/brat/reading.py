"""brat's lines as regions and links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from extractor.errors import GoldError
from extractor.evaluation.gold import read_text
from extractor.evaluation.interchange.brat.syntax import (
    BREAK,
    decoded,
    unescaped,
    unnumbered,
    value_name,
)
from extractor.evaluation.interchange.regions import (
    EVENT,
    SAME,
    YES,
    Graph,
    Link,
    Region,
    canonical,
    event_label,
)
from extractor.evaluation.interchange.rulers import Probe, Ruler, find_ruler
from extractor.schema import Span

_ID = re.compile(r"(?:[TERAMN]|#[A-Za-z]*)\d+\S*|\*")
_FORMS = {
    "T": re.compile(r"(\S+) (\d+ \d+(?:;\d+ \d+)*)\s*(?:\t(.*))?"),
    "E": re.compile(r"([^\s:]+):([^\s:]+)((?: +[^\s:]+:[^\s:]+)*)\s*"),
    "R": re.compile(r"(\S+) [^\s:]+:(\S+) [^\s:]+:(\S+)\s*"),
    "A": re.compile(r"(\S+) (\S+)(?: (.+?))?\s*"),
    "N": re.compile(r"(\S+) (\S+) ([^\s:]+):(\S+)(?:\t(.*))?"),
    "#": re.compile(r"(\S+) (\S+)(?:\t(.*))?"),
    "*": re.compile(r"(\S+) (\S+(?: \S+)+)\s*"),
}
_OURS = "Entity"
"""The knowledge base that references to our own ids name."""


@dataclass
class _Lines:
    """What an `.ann` file says, line by line."""

    texts: dict[str, tuple[str, list[tuple[int, int]], Probe | None]] = field(
        default_factory=dict
    )
    events: dict[str, tuple[str, str, list[tuple[str, str]]]] = field(
        default_factory=dict
    )
    links: list[Link] = field(default_factory=list)
    values: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)
    """Target, name (of a comment its type) and values."""


def read_brat(path: Path) -> tuple[list[Graph], list[str]]:
    """The labels of an `.ann` file and the text that lies beside it.

    Returns:
        The labels, and what could not be used, a sentence each.

    Raises:
        GoldError: a line is none of the format, or does not fit the text.
    """
    text = read_text(path.with_suffix(".txt"))
    lines = _Lines()
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if line.strip():
            _parse(line.rstrip("\r"), f"{path} line {number}", lines)
    probes = [probe for _, _, probe in lines.texts.values() if probe]
    ruler, misfits = find_ruler(text, probes, line_end=True)
    if misfits:
        raise GoldError(
            f"{misfits[0].where} does not fit the text: {misfits[0].text[:40]!r} is "
            "not there; restore the text that was labelled, or mend the line."
        )
    graph, remarks = _graph(path, text, lines, ruler)
    return [graph], [f"{path}: {remark}" for remark in remarks]


def _parse(line: str, where: str, lines: _Lines) -> None:
    id_, _, rest = line.partition("\t")
    form = _FORMS.get("A" if id_[:1] == "M" else id_[:1])
    match = form.fullmatch(rest) if form and _ID.fullmatch(id_) else None
    if not match:
        raise GoldError(f"{where} is no line of brat stand-off; mend or remove it.")
    parts = match.groups()
    if id_ in lines.texts or id_ in lines.events:
        raise GoldError(f"{where} uses the id {id_} again; renumber it.")
    match id_[0]:
        case "T":
            _add_text(id_, parts, where, lines)
        case "E":
            pairs = [tuple(pair.split(":")) for pair in parts[2].split()]
            roles = unnumbered([role for role, _ in pairs])
            ends = [end for _, end in pairs]
            arguments = list(zip(map(decoded, roles), ends, strict=True))
            lines.events[id_] = decoded(parts[0]), parts[1], arguments
        case "R":
            lines.links.append(Link(decoded(parts[0]), parts[1], parts[2]))
        case "N":
            lines.values.append((parts[1], "Entity", _reference(*parts[2:])))
        case "#":
            note = (unescaped(parts[2] or ""),)
            lines.values.append((parts[1], f"#{parts[0]}", note))
        case "*":
            first, *others = parts[1].split()
            lines.links += [Link(SAME, first, other) for other in others]
        case _:
            lines.values.append((parts[1], parts[0], (parts[2] or YES,)))


def _add_text(
    id_: str, parts: tuple[str | None, ...], where: str, lines: _Lines
) -> None:
    label, ranges, text = parts
    spans = [
        (int(start), int(end))
        for start, end in (pair.split() for pair in (ranges or "").split(";"))
    ]
    if any(start >= end for start, end in spans):
        raise GoldError(f"{where}: a span ends before it starts; mend it.")
    probe = Probe(spans, text, where) if text and text.strip() else None
    lines.texts[id_] = decoded(label or ""), spans, probe


def _reference(base: str, id_: str, name: str | None) -> tuple[str, ...]:
    id_ = decoded(id_)
    whole = id_ if base == _OURS else f"{base}:{id_}"
    return whole, unescaped(name or id_)


def _graph(
    path: Path, text: str, lines: _Lines, ruler: Ruler
) -> tuple[Graph, list[str]]:
    spans = {
        id_: _spans(text, ranges, ruler, f"{path}: {id_}")
        for id_, (_, ranges, _) in lines.texts.items()
    }
    triggers = {trigger: id_ for id_, (_, trigger, _) in lines.events.items()}
    labels: dict[str, str] = {}
    remarks = []
    for id_, (label, _, _) in lines.texts.items():
        if canonical(label) and id_ not in triggers:
            labels[id_] = label
        elif id_ not in triggers:
            remarks.append(f"{id_} has the label {label}, which means nothing here")
    for id_, (label, trigger, _) in lines.events.items():
        if trigger not in spans:
            raise GoldError(f"{path}: {id_} has no trigger {trigger}; add its line.")
        labels[id_] = event_label(label.removeprefix(EVENT))
        spans[id_] = spans[trigger]
    values = _values(lines, labels, triggers)
    regions = tuple(
        Region(id_, label, spans[id_], values.get(id_, {}))
        for id_, label in labels.items()
    )
    return Graph(path.stem, text, regions, tuple(_links(lines, triggers))), remarks


def _links(lines: _Lines, triggers: dict[str, str]) -> Iterator[Link]:
    """All links, those with a trigger going to its event."""
    for id_, (_, _, arguments) in lines.events.items():
        for role, end in arguments:
            yield Link(role, id_, triggers.get(end, end))
    for link in lines.links:
        source, target = link.source, link.target
        yield Link(
            link.label, triggers.get(source, source), triggers.get(target, target)
        )


def _values(
    lines: _Lines, labels: dict[str, str], triggers: dict[str, str]
) -> dict[str, dict[str, tuple[str, ...]]]:
    values: dict[str, dict[str, tuple[str, ...]]] = {}
    for target, name, found in lines.values:
        target = triggers.get(target, target)
        if name.startswith("#"):
            name = value_name(labels.get(target, ""), name[1:])
        known = values.setdefault(target, {})
        known[name] = found if name == "Entity" else (*known.get(name, ()), *found)
    return values


def _spans(
    text: str, ranges: list[tuple[int, int]], ruler: Ruler, where: str
) -> tuple[Span, ...]:
    """The spans of a line, those divided by line ends alone as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        try:
            first, last = ruler.code_points(start), ruler.code_points(end)
        except IndexError:
            raise GoldError(f"{where} ends after the text; mend it.") from None
        gap = text[found[-1][1] : first] if found else ""
        if BREAK.search(gap) and gap.isspace():
            first = found.pop()[0]
        found.append((first, last))
    return tuple(Span(start=a, end=b, text=text[a:b]) for a, b in found)
