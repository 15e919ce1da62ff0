"""Small labelled articles for the tests of the harness, of our own writing."""

from collections.abc import Iterable

from extractor.evaluation.gold import Entity, GoldArticle, GoldQuote, Layer, make_source
from extractor.schema import QuoteKind, Span

TEXT = (
    "“The bridge will open in May,” engineer Ida Falk said.\n\n"
    "The council said that repairs had cost two million crowns.\n\n"
    "“Nobody asked us,” said baker Jon Reck, “and nobody will.”\n\n"
    "She added that the ferry would stop. The “Red Bridge” is shut.\n"
)


def span(words: str, text: str = TEXT, nth: int = 0) -> Span:
    """The span of some words, the first ones or the nth."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return Span(start=start, end=start + len(words), text=words)


def quote(
    id_: str,
    *words: str,
    kind: QuoteKind = "direct",
    speaker: str | None = None,
    mention: str | None = None,
    text: str = TEXT,
    optional: bool = False,
) -> GoldQuote:
    """A quote of the given words."""
    return GoldQuote(
        id=id_,
        kind=kind,
        spans=[span(w, text) for w in words],
        speaker=speaker,
        speaker_mention=span(mention, text) if mention else None,
        optional=optional,
    )


def article(
    quotes: Iterable[GoldQuote] = (),
    entities: Iterable[Entity] = (),
    *,
    text: str = TEXT,
    layers: tuple[Layer, ...] = ("quotes",),
    id_: str = "bridge",
) -> GoldArticle:
    """An article with labels."""
    return GoldArticle(
        doc=make_source(id_, text),
        layers=list(layers),
        entities=list(entities),
        quotes=list(quotes),
        text=text,
    )


def cast() -> list[Entity]:
    """The people of `TEXT`."""
    return [
        Entity(
            id="e1",
            name="Ida Falk",
            aliases=["Falk"],
            mentions=[span("Ida Falk"), span("She")],
        ),
        Entity(
            id="e2",
            name="The council",
            kind="organization",
            mentions=[span("The council")],
        ),
        Entity(id="e3", name="Jon Reck", aliases=["Reck"], mentions=[span("Jon Reck")]),
    ]


def four_quotes() -> list[GoldQuote]:
    """What is said in `TEXT`."""
    return [
        quote("q1", "The bridge will open in May,", speaker="e1", mention="Ida Falk"),
        quote(
            "q2",
            "repairs had cost two million crowns",
            kind="indirect",
            speaker="e2",
            mention="The council",
        ),
        quote(
            "q3",
            "Nobody asked us,",
            "and nobody will.",
            speaker="e3",
            mention="Jon Reck",
        ),
        quote(
            "q4",
            "the ferry would stop",
            kind="indirect",
            speaker="e1",
            mention="She",
        ),
    ]
