"""Gold articles of our own writing, each with one quote."""

from pathlib import Path

from extractor.evaluation.gold import (
    Entity,
    GoldArticle,
    GoldQuote,
    Split,
    make_source,
    write_article,
)
from extractor.schema import Span


def article(
    number: int, split: Split | None = "dev", said: str = "runs again"
) -> GoldArticle:
    """An article `a<number>`; a model is asked one question about its quote."""
    words = f"Pump {number} {said}"
    text = f"“{words},” Maren Tolk told the board of Port Averil on Tuesday.\n"
    start = text.index("Maren")
    speaker = Span(start=start, end=start + 10, text="Maren Tolk")
    quote = GoldQuote(
        id="q1",
        kind="direct",
        spans=[Span(start=1, end=1 + len(words), text=words)],
        speaker="e1",
        speaker_mention=speaker,
    )
    return GoldArticle(
        doc=make_source(
            f"a{number}", text, split=split, published="2024-03-14", language="en"
        ),
        layers=["quotes", "speakers"],
        entities=[Entity(id="e1", name="Maren Tolk", mentions=[speaker])],
        quotes=[quote],
        text=text,
    )


def write(folder: Path, *articles: GoldArticle) -> Path:
    """A folder of gold articles."""
    for one in articles:
        write_article(one, folder)
    return folder
