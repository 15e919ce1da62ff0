"""Gold articles from and to Label Studio's JSON, a list of tasks.

| task | holds |
|---|---|
| `data.text` | the article |
| `data.id`, `data.title` | what it is called |
| `data.gold` | what regions cannot carry: see `About` |
| a result of type `labels` | a region's part: `value.start`, `end`, `text`, `labels` |
| `choices` with the region's `id` | a value that is one of a list |
| `textarea` with the region's `id` | any other value |
| `relation` | a link; `Continues` joins the parts of one region |

`configuration` is the labelling interface with these names, which a project needs
before it can import the tasks. Offsets written are code points; those read may be
UTF-16 units, which the regions' text tells, and a region without text is taken from
`data`. Every annotation that was not cancelled makes an article of its own where a task
has several, by whom is `completed_by`. Nothing is lost but the order of entities, which
come sorted by id.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from extractor.errors import GoldError
from extractor.evaluation.interchange.json_files import (
    Fields,
    about_of,
    article_id,
    read_objects,
    write_json,
)
from extractor.evaluation.interchange.regions import (
    CHOICES,
    LABELS,
    LINKS,
    TEXTS,
    About,
    Graph,
    Link,
    Region,
    Values,
    in_pieces,
    joined,
)
from extractor.evaluation.interchange.rulers import Probe, find_ruler
from extractor.schema import Span

_TYPES = ("labels", "choices", "textarea", "relation")

OBJECT = "text"
"""Name of the text in the labelling interface, and of its field in `data`."""


def task(graph: Graph) -> Fields:
    """One article as a Label Studio task."""
    pieces = in_pieces(graph)
    results = [result for region in pieces.regions for result in _results(region)]
    results += [
        {
            "type": "relation",
            "from_id": link.source,
            "to_id": link.target,
            "direction": "right",
            "labels": [link.label],
        }
        for link in pieces.links
    ]
    title = graph.about.doc.title if graph.about.doc else None
    return {
        "data": {
            OBJECT: graph.text,
            "id": graph.id,
            **({"title": title} if title else {}),
            "gold": graph.about.model_dump(mode="json", exclude_defaults=True),
        },
        "annotations": [{"result": results}],
    }


def _results(region: Region) -> Iterator[Fields]:
    span = region.spans[0]
    place: Fields = {"start": span.start, "end": span.end}
    yield _result(region.id, "labels", {**place, "text": span.text}, [region.label])
    for name, values in region.values.items():
        kind = "choices" if name in CHOICES else "textarea"
        yield _result(region.id, kind, place, list(values), name)


def _result(
    id_: str, kind: str, place: Fields, values: list[str], name: str = "label"
) -> Fields:
    key = "text" if kind == "textarea" else kind
    return {
        "id": id_,
        "from_name": name.lower(),
        "to_name": OBJECT,
        "type": kind,
        "value": {**place, key: values},
    }


def configuration(graphs: Iterable[Graph]) -> str:
    """The labelling interface for some articles, with the events' types of all."""
    labels, links = dict.fromkeys(LABELS), dict.fromkeys(LINKS)
    for graph in graphs:
        labels |= dict.fromkeys(r.label for r in graph.regions)
        links |= dict.fromkeys(link.label for link in graph.links)
    return "\n".join(_interface(list(labels), list(links))) + "\n"


def _interface(labels: Sequence[str], links: Sequence[str]) -> Iterator[str]:
    yield "<View>"
    yield f'  <Labels name="label" toName="{OBJECT}">'
    yield from (f"    <Label value={quoteattr(label)}/>" for label in labels)
    yield "  </Labels>"
    yield "  <Relations>"
    yield from (f"    <Relation value={quoteattr(link)}/>" for link in links)
    yield "  </Relations>"
    yield f'  <Text name="{OBJECT}" value="${OBJECT}"/>'
    for name, values in CHOICES.items():
        yield f'  <Choices name="{name.lower()}" toName="{OBJECT}" perRegion="true">'
        yield from (f'    <Choice value="{value}"/>' for value in values)
        yield "  </Choices>"
    for name in TEXTS:
        yield f'  <TextArea name="{name.lower()}" toName="{OBJECT}" perRegion="true"/>'
    yield "</View>"


def write_labelstudio(graphs: Iterable[Graph], path: Path) -> list[Path]:
    """Writes a file of tasks and, beside it, the labelling interface they need.

    Returns:
        The path of the tasks.
    """
    graphs = list(graphs)
    write_json([task(graph) for graph in graphs], path, indent=1)
    interface = path.with_suffix(".xml")
    interface.write_bytes(configuration(graphs).encode("utf-8", "replace"))
    return [path]


def read_labelstudio(path: Path) -> tuple[list[Graph], list[str]]:
    """The labels of each task's annotations, in order.

    Returns:
        The labels, and what could not be used, a sentence each.

    Raises:
        GoldError: an item is no task with a text, or its offsets do not fit.
    """
    found: list[Graph] = []
    remarks: list[str] = []
    for where, fields in read_objects(path):
        try:
            graphs, unused = _graphs(fields, where)
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            raise GoldError(
                f"{where} is no Label Studio task ({error!r}); mend or remove it."
            ) from None
        found += graphs
        remarks += [f"{where}: {remark}" for remark in unused]
    return found, remarks


def _graphs(fields: Fields, where: str) -> tuple[list[Graph], list[str]]:
    data = fields["data"]
    text = data.get(OBJECT)
    if not isinstance(text, str):
        text = max((v for v in data.values() if isinstance(v, str)), key=len)
    known = about_of(data.get("gold"), where)
    given = data.get("id") or fields.get("id")
    annotations = fields.get("annotations") or fields.get("completions") or []
    kept = [found for found in annotations if not found.get("was_cancelled")]
    graphs, remarks = [], [] if kept else ["it has no annotation and is left out"]
    for annotation in kept:
        about = _signed(known, annotation.get("completed_by"))
        regions, links, unused = _labels(annotation["result"], text, where)
        id_ = article_id(about, given, text)
        graphs.append(joined(Graph(id_, text, regions, links, about)))
        remarks += unused
    return graphs, remarks


def _signed(about: About, by: Any) -> About:
    if not by:
        return about
    name = (by.get("email") or by.get("id")) if isinstance(by, dict) else by
    annotation = about.annotation.model_copy(update={"annotators": [str(name)]})
    return about.model_copy(update={"annotation": annotation})


def _labels(
    results: Sequence[Fields], text: str, where: str
) -> tuple[tuple[Region, ...], tuple[Link, ...], list[str]]:
    marked = [r for r in results if r.get("type") == "labels"]
    spans = _spans(marked, text, where)
    values = _values(results)
    kinds = {str(r.get("type")) for r in results} - set(_TYPES)
    remarks = [f"results of type {kind} are passed over" for kind in sorted(kinds)]
    regions = []
    for result in marked:
        id_, label = str(result["id"]), str(result["value"]["labels"][0])
        regions.append(Region(id_, label, (spans[id_],), values.pop(id_, {})))
    if values:
        remarks.append(f"{len(values)} results belong to no labelled region")
    links = [
        Link(str(label), str(result["from_id"]), str(result["to_id"]))
        for result in results
        if result.get("type") == "relation"
        for label in (result.get("labels") or [""])[:1]
    ]
    return tuple(regions), tuple(links), remarks


def _spans(results: Iterable[Fields], text: str, where: str) -> dict[str, Span]:
    places = {}
    for result in results:
        value = result["value"]
        ends = int(value["start"]), int(value["end"])
        places[str(result["id"])] = (*ends, value.get("text"))
    probes = [
        Probe([(start, end)], stated, f"{where}: region {id_}")
        for id_, (start, end, stated) in places.items()
        if stated
    ]
    ruler, misfits = find_ruler(text, probes)
    if misfits:
        raise GoldError(
            f"{misfits[0].where} says {misfits[0].text[:40]!r}, which is not at its "
            "offsets; restore the text that was labelled, or mend them."
        )
    found = {}
    for id_, (first, last, _) in places.items():
        try:
            start, end = ruler.code_points(first), ruler.code_points(last)
            found[id_] = Span(start=start, end=end, text=text[start:end])
        except (IndexError, ValueError):
            raise GoldError(
                f"{where}: {first}..{last} of region {id_} is no span of the text; "
                "mend it."
            ) from None
    return found


def _values(results: Iterable[Fields]) -> dict[str, Values]:
    """Values by the ids of their regions, their names as gold's."""
    names = {name.lower(): name for name in (*CHOICES, *TEXTS)}
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for result in results:
        kind = result.get("type")
        if kind not in ("choices", "textarea"):
            continue
        given_name = str(result["from_name"])
        name = names.get(given_name.lower(), given_name)
        given = result["value"]["text" if kind == "textarea" else kind]
        values = (given,) if isinstance(given, str) else tuple(map(str, given))
        found.setdefault(str(result["id"]), {})[name] = values
    return dict(found)
