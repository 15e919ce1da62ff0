"""Regions and links as brat's lines."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from extractor.evaluation.interchange.brat.configuration import (
    CONFIGURATION,
    configuration,
)
from extractor.evaluation.interchange.brat.syntax import (
    BREAK,
    encoded,
    escaped,
    note_type,
    numbered,
)
from extractor.evaluation.interchange.regions import (
    CHOICES,
    YES,
    Graph,
    Link,
    Region,
    canonical,
)
from extractor.evaluation.interchange.rulers import Ruler


def write_brat(graphs: Iterable[Graph], folder: Path) -> list[Path]:
    """Writes each article's two files, and brat's configuration, into a folder.

    Returns:
        The paths of the label files.
    """
    graphs = list(graphs)
    folder.mkdir(parents=True, exist_ok=True)
    settings = configuration(graphs).encode("utf-8", "replace")
    (folder / CONFIGURATION).write_bytes(settings)
    paths = []
    for graph in graphs:
        path = folder / f"{graph.id}.ann"
        lines = "".join(f"{line}\n" for line in standoff(graph))
        path.write_bytes(lines.encode("utf-8", "surrogatepass"))
        text = graph.text.encode("utf-8", "surrogatepass")
        path.with_suffix(".txt").write_bytes(text)
        paths.append(path)
    return paths


def standoff(graph: Graph) -> Iterator[str]:
    """The lines of an `.ann` file, without line ends."""
    ruler = Ruler(graph.text, line_end=True)
    textual = {region.id: f"T{n}" for n, region in enumerate(graph.regions, start=1)}
    events = [region for region in graph.regions if canonical(region.label) is None]
    targets = textual | {region.id: f"E{n}" for n, region in enumerate(events, start=1)}
    for region in graph.regions:
        yield f"{textual[region.id]}\t{_textbound(region, ruler)}"
    for region in events:
        links = [link for link in graph.links if link.source == region.id]
        roles = [encoded(link.label) for link in links]
        ends = [targets[link.target] for link in links]
        pairs = (
            f"{role}:{end}" for role, end in zip(numbered(roles), ends, strict=True)
        )
        trigger = f"{encoded(region.label)}:{textual[region.id]}"
        yield f"{targets[region.id]}\t{' '.join([trigger, *pairs])}"
    of_events = {region.id for region in events}
    others = (link for link in graph.links if link.source not in of_events)
    for number, link in enumerate(others, start=1):
        yield f"R{number}\t{_relation(link, targets)}"
    yield from _values(graph, targets)


def _textbound(region: Region, ruler: Ruler) -> str:
    ranges, texts = [], []
    for span in region.spans:
        for start, end in _written(span.text):
            first, last = span.start + start, span.start + end
            ranges.append(f"{ruler.count(first)} {ruler.count(last)}")
            texts.append(span.text[start:end])
    return f"{encoded(region.label)} {';'.join(ranges)}\t{' '.join(texts)}"


def _written(text: str) -> Iterator[tuple[int, int]]:
    """The parts of a span that a line can hold."""
    start = 0
    for gap in BREAK.finditer(text):
        if gap.start() > start:
            yield start, gap.start()
        start = gap.end()
    if start < len(text):
        yield start, len(text)


def _relation(link: Link, targets: dict[str, str]) -> str:
    source, target = targets[link.source], targets[link.target]
    return f"{encoded(link.label)} Arg1:{source} Arg2:{target}"


def _values(graph: Graph, targets: dict[str, str]) -> Iterator[str]:
    """Attributes, references and comments, each kind numbered for itself."""
    counts = {"A": 0, "N": 0, "#": 0}
    for region in graph.regions:
        for name, values in region.values.items():
            lines = _lines(region.label, targets[region.id], name, values)
            for letter, line in lines:
                counts[letter] += 1
                yield f"{letter}{counts[letter]}\t{line}"


def _lines(
    label: str, target: str, name: str, values: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    if name == "Entity":
        id_, called = values[0], values[-1]
        yield "N", f"Reference {target} Entity:{encoded(id_)}\t{escaped(called)}"
        return
    for value in values:
        if name in CHOICES:
            yield "A", f"{name} {target}" + ("" if value == YES else f" {value}")
        else:
            yield "#", f"{note_type(label, name)} {target}\t{escaped(value)}"
