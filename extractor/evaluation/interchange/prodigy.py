"""Gold articles from and to Prodigy's JSON lines, an example a line.

| field | holds |
|---|---|
| `text` | the article, in code points |
| `tokens` | words and marks, cut so that every span begins and ends with one |
| `spans` | the parts of regions: `start`, `end`, `label`, `token_start`, `token_end` (of the last token), and our own `id` and `values` |
| `relations` | links: `head` and `child` are the last tokens of their spans, `head_span` and `child_span` the spans; `Continues` joins the parts of one region |
| `meta` | `id`, `title` |
| `gold` | what regions cannot carry: see `About` |
| `answer` | `accept` |

Prodigy adds `_input_hash` and `_task_hash` itself. Its `spans_manual` interface shows
spans that overlap, `relations` only such as do not. Examples read may lack everything
but `text`: a span without `id` is found by its offsets, then by its tokens. Examples
that were not accepted are left out, and every `_annotator_id` makes an article of its
own. Where the fields `gold`, `id` and `values` are kept nothing is lost but the order
of entities, which come sorted by id.
"""  # noqa: E501

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from extractor.errors import GoldError
from extractor.evaluation.interchange.json_files import (
    Fields,
    about_of,
    article_id,
    read_lines,
)
from extractor.evaluation.interchange.regions import (
    Graph,
    Link,
    Region,
    in_pieces,
    joined,
)
from extractor.evaluation.interchange.rulers import Probe, Ruler, find_ruler
from extractor.schema import Span

_TOKEN = re.compile(r"\w+|[^\w\s]|[\n\r]+")


def example(graph: Graph) -> Fields:
    """One article as a Prodigy example."""
    pieces = in_pieces(graph)
    cuts = {at for r in pieces.regions for at in (r.spans[0].start, r.spans[0].end)}
    tokens = list(_tokens(graph.text, cuts))
    spans = {region.id: _written(region, tokens) for region in pieces.regions}
    title = graph.about.doc.title if graph.about.doc else None
    meta = {"id": graph.id, "title": title}
    return {
        "text": graph.text,
        "meta": {key: value for key, value in meta.items() if value},
        "tokens": tokens,
        "spans": list(spans.values()),
        "relations": [
            _relation(link, spans[link.source], spans[link.target])
            for link in pieces.links
        ],
        "gold": graph.about.model_dump(mode="json", exclude_defaults=True),
        "answer": "accept",
    }


def _tokens(text: str, cuts: set[int]) -> Iterator[Fields]:
    number = 0
    for match in _TOKEN.finditer(text):
        edges = [match.start(), match.end(), *cuts.intersection(range(*match.span()))]
        ordered = sorted(set(edges))
        for start, end in pairwise(ordered):
            space = text[end : end + 1].isspace()
            part = {"text": text[start:end], "start": start, "end": end}
            yield {**part, "id": number, "ws": space}
            number += 1


def _written(region: Region, tokens: Sequence[Fields]) -> Fields:
    start, end = region.spans[0].start, region.spans[0].end
    inside = [t["id"] for t in tokens if t["end"] > start and t["start"] < end]
    ends = {"token_start": inside[0], "token_end": inside[-1]} if inside else {}
    values = {name: list(found) for name, found in region.values.items()}
    span = {"start": start, "end": end, "label": region.label, **ends, "id": region.id}
    return {**span, "values": values} if values else span


def _relation(link: Link, head: Fields, child: Fields) -> Fields:
    ends = {
        name: {key: value for key, value in span.items() if key != "values"}
        for name, span in (("head_span", head), ("child_span", child))
    }
    tokens = {"head": head.get("token_end"), "child": child.get("token_end")}
    return {**tokens, **ends, "label": link.label}


def write_prodigy(graphs: Iterable[Graph], path: Path) -> list[Path]:
    """Writes articles into a file of JSON lines, its folder made if need be.

    Returns:
        The path written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(example(graph), ensure_ascii=False) for graph in graphs)
    text = "".join(f"{line}\n" for line in lines)
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    return [path]


def read_prodigy(path: Path) -> tuple[list[Graph], list[str]]:
    """The labels of each accepted example, in order.

    Returns:
        The labels, and what could not be used, a sentence each.

    Raises:
        GoldError: a line is no example, or its offsets do not fit its text.
    """
    found: dict[tuple[str, str], Graph] = {}
    remarks: list[str] = []
    for where, fields in read_lines(path):
        answer = fields.get("answer", "accept")
        if answer != "accept":
            remarks.append(f"{where} was answered with {answer} and is left out")
            continue
        try:
            graph, unused = _graph(fields, where)
        except (AttributeError, KeyError, TypeError) as error:
            raise GoldError(
                f"{where} is no Prodigy example ({error!r}); mend or remove it."
            ) from None
        remarks += [f"{where}: {remark}" for remark in unused]
        key = (graph.id, "+".join(graph.about.annotation.annotators))
        if key in found:
            remarks.append(f"{where} replaces an earlier example of {graph.id}")
        found[key] = graph
    return list(found.values()), remarks


def _graph(fields: Fields, where: str) -> tuple[Graph, list[str]]:
    text = fields["text"]
    about = about_of(fields.get("gold"), where)
    by = fields.get("_annotator_id") or fields.get("_session_id")
    if by:
        annotation = about.annotation.model_copy(update={"annotators": [str(by)]})
        about = about.model_copy(update={"annotation": annotation})
    given = (fields.get("meta") or {}).get("id")
    tokens = fields.get("tokens") or []
    ruler = _ruler(text, tokens, fields.get("spans") or [], where)
    spans = {_id(span, n): span for n, span in enumerate(fields.get("spans") or [])}
    regions = [_region(id_, span, text, ruler, where) for id_, span in spans.items()]
    links, remarks = [], []
    for relation in fields.get("relations") or []:
        ends = [_end(relation, name, spans, tokens) for name in ("head", "child")]
        if ends[0] and ends[1]:
            links.append(Link(str(relation["label"]), ends[0], ends[1]))
        else:
            remarks.append(f"a relation {relation['label']} leads to no span")
    id_ = article_id(about, given, text)
    return joined(Graph(id_, text, tuple(regions), tuple(links), about)), remarks


def _id(span: Mapping[str, Any], number: int) -> str:
    return str(span.get("id") or f"span {number + 1}")


def _ruler(
    text: str, tokens: Iterable[Fields], spans: Iterable[Fields], where: str
) -> Ruler:
    probes = [
        Probe([(part["start"], part["end"])], part["text"], where)
        for part in (*tokens, *spans)
        if part.get("text")
    ]
    ruler, misfits = find_ruler(text, probes)
    if misfits:
        raise GoldError(
            f"{where}: {misfits[0].text[:40]!r} is not where its offsets say; restore "
            "the text that was labelled, or mend the offsets."
        )
    return ruler


def _region(id_: str, span: Fields, text: str, ruler: Ruler, where: str) -> Region:
    try:
        start, end = ruler.code_points(span["start"]), ruler.code_points(span["end"])
        where_ = Span(start=start, end=end, text=text[start:end])
    except (IndexError, ValueError):
        raise GoldError(
            f"{where}: {span['start']}..{span['end']} is no span of the text; mend it."
        ) from None
    given = span.get("values") or {}
    values = {name: tuple(map(str, found)) for name, found in given.items()}
    return Region(id_, str(span.get("label") or ""), (where_,), values)


def _end(
    relation: Fields, name: str, spans: Mapping[str, Fields], tokens: Sequence[Fields]
) -> str | None:
    """The id of the span that a relation starts from or leads to."""
    stated = relation.get(f"{name}_span") or {}
    if stated.get("id") in spans:
        return str(stated["id"])
    for keys in (("start", "end", "label"), ("start", "end")):
        for id_, span in spans.items():
            if stated and all(span.get(key) == stated.get(key) for key in keys):
                return id_
    token = relation.get(name)
    if stated or token is None:
        return None
    for id_, span in spans.items():
        if span.get("token_end") == token:
            return id_
    place = next((t for t in tokens if t.get("id") == token), None)
    holds = (
        id_
        for id_, span in spans.items()
        if place and span["start"] <= place["start"] and place["end"] <= span["end"]
    )
    return next(holds, None)
