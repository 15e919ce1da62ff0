"""Gold articles of our own writing, and a strategy that makes more."""

from typing import Any

from hypothesis import strategies as st

from extractor.evaluation.gold import (
    LAYERS,
    Annotation,
    Change,
    Entity,
    GoldArgument,
    GoldArticle,
    GoldClaim,
    GoldEvent,
    GoldQuote,
    GoldTime,
    make_source,
)
from extractor.schema import Span

TEXT = (
    "Ferry talks stall 🚢\r\n\r\n"
    "“The pier 🦊 is closed,” Mayor Ada Quill said on Monday. “Nobody\r\n"
    "told us “stay away” before.”\r\n"
    "\tThe Harbour Board (HB) denied that it had fined 12 crews in March 2031.\r\n"
    "“Rot,” she added. The “Blue Whale” did not sail, and a storm may sink it.\r\n"
)


def find(words: str, text: str = TEXT, nth: int = 0) -> Span:
    """The span of the words' nth occurrence."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return Span(start=start, end=start + len(words), text=words)


def harbour() -> GoldArticle:
    """An article with every kind of label.

    It has a quote in two parts and over a line end, one inside another, alternatives,
    characters outside the basic plane, entities without mention, an event without
    trigger, times with and without a span.
    """
    return GoldArticle(
        doc=make_source(
            "harbour",
            TEXT,
            title="Ferry talks stall 🚢",
            published="2031-04-07",
            language="en",
            outlet="Tern Bay Post",
            url="https://post.example/ferry",
            licence="CC0-1.0",
            split="dev",
        ),
        entities=[
            Entity(
                id="e1",
                name="Ada Quill",
                aliases=["Quill", "the mayor"],
                mentions=[find("Mayor Ada Quill"), find("she")],
            ),
            Entity(
                id="e2",
                name="Harbour Board",
                kind="organization",
                aliases=["HB"],
                mentions=[find("Harbour Board"), find("it")],
            ),
            Entity(id="e10", name="Port union", kind="group", aliases=["dockers; all"]),
        ],
        quotes=_quotes(),
        claims=_claims(),
        events=_events(),
        exempt=[find("Blue Whale")],
        annotation=Annotation(
            guideline="1.2",
            annotators=["ana", "ben"],
            adjudicated_by="cy",
            date="2031-05-01",
            history=[Change(date="2031-05-02", by="cy", what="a cue \\ a comma")],
        ),
        layers=list(LAYERS),
        text=TEXT,
    )


def _quotes() -> list[GoldQuote]:
    whole = find("Nobody\r\ntold us “stay away” before.")
    return [
        GoldQuote(
            id="q1",
            kind="direct",
            spans=[find("The pier 🦊 is closed,"), whole],
            alternatives=[[find("The pier 🦊 is closed"), whole], [whole]],
            speaker="e1",
            speaker_mention=find("Mayor Ada Quill"),
            cue=find("said"),
            tags=["first", "two parts"],
            note="Over a line end:\n“Nobody ⏎ told us”.\tC:\\new",
        ),
        GoldQuote(
            id="q2",
            kind="direct",
            spans=[find("stay away")],
            nested_in="q1",
            speaker="e10",
        ),
        GoldQuote(
            id="q7",
            kind="indirect",
            spans=[find("that it had fined 12 crews in March 2031")],
            speaker="e2",
            speaker_mention=find("The Harbour Board (HB)"),
            cue=find("denied"),
            optional=True,
        ),
        GoldQuote(
            id="q8",
            kind="mixed",
            spans=[find("Rot")],
            speaker_mention=find("she"),
            cue=find("added"),
        ),
    ]


def _claims() -> list[GoldClaim]:
    return [
        GoldClaim(
            id="c1",
            text="The Harbour Board fined 12 crews in March 2031.",
            spans=[find("it had fined 12 crews in March 2031")],
            alternatives=[[find("had fined 12 crews")]],
            claimant="e2",
            modality="denied",
        ),
        GoldClaim(
            id="c2",
            text="A storm may sink the Blue Whale.",
            spans=[find("a storm may sink it")],
            claimant="author",
            modality="hedged",
            check_worthy=False,
            note="weather",
        ),
    ]


def _events() -> list[GoldEvent]:
    crews = GoldArgument(role="Victim", mentions=[find("12 crews"), find("crews")])
    board = GoldArgument(role="Agent", mentions=[find("it")], entity="e2")
    ship = GoldArgument(role="Victim", mentions=[find("Blue Whale")], optional=True)
    return [
        GoldEvent(
            id="v1",
            type="Justice.Fine",
            trigger=find("fined"),
            alternatives=[find("had fined")],
            arguments=[crews, board, ship],
            place=[find("The pier"), find("pier")],
            time=GoldTime(span=find("in March 2031"), value="2031-03"),
            status="denied",
            reported_by="e2",
        ),
        GoldEvent(
            id="v2",
            type="Document",
            arguments=[ship],
            time=GoldTime(value="2031-04"),
            tags=["no word"],
        ),
        GoldEvent(id="v3", type="Other", optional=True, status="possible"),
    ]


def storm() -> GoldArticle:
    """The same labels in a text without line ends of two characters."""
    article = harbour().model_dump(mode="json")
    return GoldArticle.model_validate(
        {**_unix(article), "text": TEXT.replace("\r", "")}
    )


def _unix(node: Any) -> Any:
    """Labels of `TEXT` as they are without its carriage returns."""
    if isinstance(node, list):
        return [_unix(item) for item in node]
    if not isinstance(node, dict):
        return node
    if node.keys() == {"start", "end", "text"}:
        start = node["start"] - TEXT.count("\r", 0, node["start"])
        text = node["text"].replace("\r", "")
        return {"start": start, "end": start + len(text), "text": text}
    if "sha256" in node:
        known = ("title", "published", "language", "outlet", "url", "licence", "split")
        fields = {name: node[name] for name in known}
        return make_source("storm", TEXT.replace("\r", ""), **fields).model_dump()
    return {key: _unix(value) for key, value in node.items()}


_WORDS = [
    "said",
    "“yes”",
    "🦊",
    "naïve",
    "e\u0301",
    "C:\\new",
    "a;b",
    "𝒳x",
    "%41",
    "T1",
]
_GAPS = [" ", "\n", "\r\n\r\n", "\t", "\u2028", " \n ", ", "]
_ROLES = ["Victim", "Place", "Time", "Alternative", "Same", "Speaker", "a:b c", "Arg1"]
_TYPES = ["Attack", "quote", "Event:Quote", "Life.Die", "a b;c", "Speaker", "Same"]


@st.composite
def gold_articles(draw: st.DrawFn) -> GoldArticle:
    """Articles whose labels begin and end with words, in any mixture."""
    words = draw(st.lists(st.sampled_from(_WORDS), min_size=6, max_size=20))
    text, edges = "", []
    for word in words:
        text += draw(st.sampled_from(_GAPS))
        edges.append((len(text), len(text) + len(word)))
        text += word

    def cut(first: int, more: int) -> Span:
        start, end = edges[first][0], edges[min(first + more, len(edges) - 1)][1]
        return Span(start=start, end=end, text=text[start:end])

    starts = st.integers(0, len(words) - 1)
    spans = st.builds(cut, starts, st.integers(0, 4))
    halves = len(words) // 2
    front = st.builds(cut, st.integers(0, halves - 2), st.just(0))
    back = st.builds(cut, st.integers(halves, len(words) - 1), st.integers(0, 4))
    wholes = st.lists(spans, min_size=1, max_size=1) | st.tuples(front, back).map(list)
    entities = draw(_entities(spans))
    ids = [entity.id for entity in entities]
    quotes = draw(_quote_lists(spans, wholes, ids))
    claims = draw(_claim_lists(wholes, ids))
    events = draw(_event_lists(spans, ids))
    return GoldArticle(
        doc=make_source("made", text),
        entities=entities,
        quotes=quotes,
        claims=claims,
        events=events,
        exempt=draw(st.lists(spans, max_size=2)),
        text=text,
    )


_names = st.text(min_size=1, max_size=6).filter(str.strip)
_shared: dict[str, Any] = {
    "optional": st.booleans(),
    "tags": st.lists(_names, max_size=2),
    "note": st.none() | _names,
}


def _numbered(item: Any, letter: str, most: int, **fields: Any) -> Any:
    """Lists of items with the ids `q1`, `q2`."""
    return st.integers(0, most).flatmap(
        lambda count: st.tuples(
            *(
                st.builds(item, id=st.just(f"{letter}{n + 1}"), **fields)
                for n in range(count)
            )
        ).map(list)
    )


def _entities(spans: Any) -> Any:
    kinds = st.sampled_from(["person", "organization", "group", "unnamed"])
    aliases = st.lists(_names, max_size=2)
    mentions = st.lists(spans, min_size=1, max_size=3)
    fields = {"name": _names, "kind": kinds, "aliases": aliases, "mentions": mentions}
    return _numbered(Entity, "e", 4, **fields)


def _quote_lists(spans: Any, wholes: Any, ids: list[str]) -> Any:
    return _numbered(
        GoldQuote,
        "q",
        4,
        kind=st.sampled_from(["direct", "indirect", "mixed"]),
        spans=wholes,
        alternatives=st.lists(wholes, max_size=2),
        speaker=st.sampled_from([None, *ids]),
        speaker_mention=st.none() | spans,
        cue=st.none() | spans,
        **_shared,
    ).map(_nested)


def _nested(quotes: list[GoldQuote]) -> list[GoldQuote]:
    inner = [quote.model_copy(update={"nested_in": "q1"}) for quote in quotes[1:2]]
    return [*quotes[:1], *inner, *quotes[2:]]


def _claim_lists(wholes: Any, ids: list[str]) -> Any:
    claimant = st.sampled_from(["author", *ids])
    check_worthy = st.booleans()
    fields = {"text": _names, "spans": wholes, "claimant": claimant, **_shared}
    return _numbered(GoldClaim, "c", 2, check_worthy=check_worthy, **fields)


def _event_lists(spans: Any, ids: list[str]) -> Any:
    arguments = st.builds(
        GoldArgument,
        role=st.sampled_from(_ROLES),
        mentions=st.lists(spans, min_size=1, max_size=3),
        entity=st.sampled_from([None, *ids]),
        optional=st.booleans(),
    )
    placed = st.builds(GoldTime, span=spans, value=st.none() | _names)
    return _numbered(
        GoldEvent,
        "v",
        3,
        type=st.sampled_from(_TYPES),
        trigger=st.none() | spans,
        alternatives=st.lists(spans, max_size=2),
        arguments=st.lists(arguments, max_size=4),
        place=st.lists(spans, max_size=2),
        time=st.none() | placed | st.builds(GoldTime, value=_names),
        status=st.sampled_from([None, "happened", "planned"]),
        reported_by=st.sampled_from(["author", *ids]),
        **_shared,
    )
