"""Extractions of our own writing, and a strategy that makes more."""

from typing import Any

from hypothesis import strategies as st

from extractor.documents import make_document
from extractor.schema import (
    AUTHOR,
    Argument,
    Claim,
    Document,
    Event,
    EventTime,
    Extraction,
    Failure,
    OwnItem,
    PromptRef,
    Provenance,
    Quote,
    Rejected,
    Span,
    Speaker,
    TaskStats,
    Usage,
)

TEXT = (
    "Sluice stuck 🚢 again\r\n\r\n"
    "=2+3 litres a second, read the gauge. “It hums,” warden Ilse Brandt said on "
    "Monday, “like a\r\ntop.”\n\n"
    "@Port, a union, denied that 4 pumps had failed in March 2031. "
    "“She told me ‘run’,” Omar Vell\tsaid. قالت إلسه: «لا».\n"
)

HOSTILE = [
    *("\n", "\r\n", "\r", "\t", '"', "'", "''", ",", ";", "\\", "\x00", "\x1b[31m"),
    *("=1+1", "+", "-", "@", "＝", "=HYPERLINK(", "'=", "\x85", "\u2028", "\u202e"),
    *("🦊", "👩\u200d🚀", "\U0010ffff", "e\u0301", "\u0301", "\ufeff", "\u200f"),
    *("שלום", "مرحبا", "</script>", "]]>", "{{ x }}", "%2D", "NA", "null", "1", "a b"),
]


def find(words: str, nth: int = 0, text: str = TEXT) -> Span:
    """The span of the words' nth occurrence."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return Span(start=start, end=start + len(words), text=words)


def sluice() -> Extraction:
    """An extraction with every kind of item and every field in use."""
    document = make_document(
        TEXT,
        id="sluice/1",
        title="Sluice, “stuck”\nagain",
        published="2031-04-07",
        language="en",
        source="https://post.example/sluice?id=1",
    )
    return Extraction(
        document=document,
        speakers=_speakers(),
        quotes=_quotes(),
        claims=_claims(),
        events=_events(),
        items={"leaks": _leaks(), "quotes_of_none": []},
        rejected=[
            Rejected(
                task="claims",
                text="=5 pumps had failed",
                verdict="altered",
                nearest=find("4 pumps had failed"),
                diff="[-=5-]{+4+} pumps had failed",
            ),
            Rejected(task="leaks", text="+nothing", verdict="absent"),
        ],
        provenance=_provenance(),
    )


def _speakers() -> list[Speaker]:
    return [
        Speaker(
            id="p1",
            name="Ilse Brandt",
            kind="person",
            description="warden",
            mentions=[find("warden Ilse Brandt"), find("She")],
        ),
        Speaker(id="p2", name="@Port", kind="organization", mentions=[find("@Port")]),
        Speaker(id="p3", name="Omar Vell", kind="unnamed", description="=clerk"),
        Speaker(id="p4", name="the gauge", kind="document"),
        Speaker(id="p5", name="crews", kind="group"),
    ]


def _quotes() -> list[Quote]:
    parts = [find("It hums,"), find("like a\r\ntop.")]
    return [
        Quote(
            id="q1",
            kind="direct",
            spans=parts,
            text="It hums, like a\r\ntop.",
            speaker="p1",
            speaker_mention=find("warden Ilse Brandt"),
            cue=find("said"),
        ),
        Quote(
            id="q2",
            kind="indirect",
            spans=[find("4 pumps had failed in March 2031")],
            text="4 pumps had failed in March 2031",
            speaker="p2",
            cue=find("denied"),
        ),
        Quote(
            id="q3",
            kind="mixed",
            spans=[find("She told me ‘run’,")],
            text="She told me ‘run’,",
            speaker="p3",
            speaker_mention=find("Omar Vell"),
            cue=find("said", 1),
        ),
        Quote(id="q4", kind="direct", spans=[find("run")], text="run", nested_in="q3"),
        Quote(
            id="q5",
            kind="direct",
            spans=[find("=2+3 litres a second")],
            text="=2+3 litres a second",
            speaker="p4",
        ),
    ]


def _claims() -> list[Claim]:
    return [
        Claim(
            id="c1",
            text="4 pumps did not fail in March 2031.",
            spans=[find("4 pumps"), find("had failed in March 2031")],
            claimant="p2",
            modality="denied",
            quotes=["q2"],
            check_worthy=True,
        ),
        Claim(
            id="c2",
            text="=The sluice is stuck.",
            spans=[find("Sluice stuck")],
            claimant=AUTHOR,
            modality="asserted",
            check_worthy=False,
        ),
    ]


def _events() -> list[Event]:
    return [
        Event(
            id="e1",
            type="Disaster",
            trigger=find("failed"),
            arguments=[
                Argument(role="patient", span=find("4 pumps")),
                Argument(role="agent", span=find("@Port"), speaker="p2"),
            ],
            place=find("Port"),
            time=EventTime(span=find("March 2031"), value="2031-03", basis="stated"),
            status="denied",
            reported_by="p2",
        ),
        Event(
            id="e2",
            type="own type",
            trigger=find("stuck"),
            time=EventTime(span=find("Monday"), basis="unresolved"),
            status="ongoing",
        ),
    ]


def _leaks() -> list[OwnItem]:
    who = {"who": "4 pumps", "many": 4, "sure": True, "place": {"start": 1, "end": 2}}
    return [
        OwnItem(
            id="leaks1",
            fields={**who, "id": "=A1", "none": None, "parts": ["x", 1.5]},
            spans={
                "who": [find("4 pumps")],
                "parts.0.a-b": [find("hums"), find("top")],
            },
            evidence=[find("4 pumps had failed in March 2031")],
            quote="q2",
        ),
        OwnItem(id="leaks2", fields={"who": "@Port"}, evidence=[find("@Port")]),
    ]


def _provenance() -> Provenance:
    usage = Usage(prompt_tokens=11, cached_tokens=5, completion_tokens=7)
    return Provenance(
        model="local",
        endpoint="embedded",
        engine="xllamacpp 1",
        packages={"newsextract": "0.1.0"},
        prompts={"quotes": PromptRef(id="quotes.v1", sha256="ab")},
        tasks={"quotes": TaskStats(calls=2, answered=1, seconds=0.5, usage=usage)},
        usage=usage,
        calls=2,
        retries=1,
        seconds=1.25,
        cost=0.001,
        verdicts={"altered": 1, "absent": 1},
        failures=[Failure(task="events", code="reply", message="It was cut off.")],
        warnings=["A date was left unresolved."],
    )


def plain() -> Extraction:
    """An extraction of a short text in which nothing was found."""
    return Extraction(
        document=make_document("Nothing happened.\n", language="en"),
        provenance=Provenance(model="rules", endpoint="rules"),
    )


# Characters of every kind, lone surrogates among them.
anything = st.lists(
    st.sampled_from(HOSTILE)
    | st.characters(exclude_categories=["Cs"])
    | st.just("\ud800"),
    max_size=8,
).map("".join)
something = anything.map(lambda text: text or "x")


@st.composite
def extractions(draw: st.DrawFn, surrogates: bool = True) -> Extraction:
    """Any extraction that the data contract allows, of hostile text.

    Args:
        draw: what hypothesis draws with.
        surrogates: whether the text may have lone surrogates.
    """
    extraction = draw(_extractions())
    if surrogates:
        return extraction
    return Extraction.model_validate(_clean(extraction.model_dump()))


def _clean(value: Any) -> Any:
    """The same with a letter in the place of each lone surrogate."""
    if isinstance(value, str):
        return "".join("s" if "\ud800" <= c <= "\udfff" else c for c in value)
    if isinstance(value, dict):
        return {_clean(key): _clean(part) for key, part in value.items()}
    return [_clean(part) for part in value] if isinstance(value, list) else value


@st.composite
def _extractions(draw: st.DrawFn) -> Extraction:
    text = "x" + draw(anything) + draw(anything)
    document = Document(
        id=draw(something),
        text=text,
        title=draw(st.none() | anything),
        published=draw(st.none() | st.just("2031-04-07")),
        language=draw(st.none() | st.just("ar")),
        source=draw(st.none() | st.just("https://post.example/a") | anything),
        sha256=make_document(text).sha256,
    )
    spans = _spans(text)
    speakers = draw(_numbered("p", lambda id_: _speaker(id_, spans)))
    ids = st.sampled_from([speaker.id for speaker in speakers] or [AUTHOR])
    voices = st.just(AUTHOR) | ids
    named = st.none() | ids if speakers else st.none()
    quotes = draw(_numbered("q", lambda id_: _quote(id_, spans, named)))
    claims = draw(_numbered("c", lambda id_: _claim(id_, spans, voices)))
    events = draw(_numbered("e", lambda id_: _event(id_, spans, voices, named)))
    own = draw(_numbered("own", lambda id_: _own(id_, spans)))
    return Extraction(
        document=document,
        speakers=speakers,
        quotes=quotes,
        claims=claims,
        events=events,
        items={"own": own} if own else {},
        rejected=draw(st.lists(_rejected(spans), max_size=1)),
        provenance=Provenance(
            model=draw(something),
            endpoint="rules",
            packages=draw(st.dictionaries(something, anything, max_size=1)),
            cost=draw(st.none() | st.floats(0, 9)),
            warnings=draw(st.lists(anything, max_size=1)),
        ),
    )


def _numbered(letter: str, make: Any) -> st.SearchStrategy[list[Any]]:
    """Up to two items with the ids `p1` and `p2`."""
    return (
        st.integers(0, 2)
        .flatmap(
            lambda count: st.tuples(*(make(f"{letter}{n + 1}") for n in range(count)))
        )
        .map(list)
    )


def _spans(text: str) -> st.SearchStrategy[Span]:
    starts = st.integers(0, len(text) - 1)
    ends = starts.flatmap(
        lambda a: st.tuples(st.just(a), st.integers(a + 1, len(text)))
    )
    return ends.map(lambda at: Span(start=at[0], end=at[1], text=text[at[0] : at[1]]))


def _speaker(id_: str, spans: st.SearchStrategy[Span]) -> st.SearchStrategy[Speaker]:
    return st.builds(
        Speaker,
        id=st.just(id_),
        name=something,
        description=st.none() | anything,
        mentions=st.lists(spans, max_size=2),
    )


def _quote(
    id_: str, spans: st.SearchStrategy[Span], named: st.SearchStrategy[str | None]
) -> st.SearchStrategy[Quote]:
    return st.builds(
        Quote,
        id=st.just(id_),
        spans=st.lists(spans, min_size=1, max_size=2),
        text=anything,
        speaker=named,
        speaker_mention=st.none() | spans,
        cue=st.none() | spans,
        nested_in=st.none(),
    )


def _claim(
    id_: str, spans: st.SearchStrategy[Span], voices: st.SearchStrategy[str]
) -> st.SearchStrategy[Claim]:
    return st.builds(
        Claim,
        id=st.just(id_),
        text=anything,
        spans=st.lists(spans, min_size=1, max_size=2),
        claimant=voices,
        quotes=st.just([]),
    )


def _event(
    id_: str,
    spans: st.SearchStrategy[Span],
    voices: st.SearchStrategy[str],
    named: st.SearchStrategy[str | None],
) -> st.SearchStrategy[Event]:
    arguments = st.builds(Argument, role=something, span=spans, speaker=named)
    times = st.builds(EventTime, span=spans, value=st.none() | anything)
    return st.builds(
        Event,
        id=st.just(id_),
        type=something,
        trigger=spans,
        arguments=st.lists(arguments, max_size=2),
        place=st.none() | spans,
        time=st.none() | times,
        reported_by=voices,
    )


def _own(id_: str, spans: st.SearchStrategy[Span]) -> st.SearchStrategy[OwnItem]:
    return st.builds(
        OwnItem,
        id=st.just(id_),
        fields=st.dictionaries(something, anything, max_size=2),
        spans=st.dictionaries(something, st.lists(spans, max_size=2), max_size=2),
        evidence=st.lists(spans, min_size=1, max_size=2),
        quote=st.none(),
    )


def _rejected(spans: st.SearchStrategy[Span]) -> st.SearchStrategy[Rejected]:
    return st.builds(
        Rejected,
        task=st.sampled_from(["quotes", "own"]),
        text=anything,
        nearest=st.none() | spans,
        diff=st.none() | anything,
    )
