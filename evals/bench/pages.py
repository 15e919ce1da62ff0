"""What the page of a long article takes: to write, to open, to filter, to walk through.

Usage: python -m evals.bench.pages [WORDS] [ITEMS]

The article is word salad of 50,000 words with 2,000 overlapping quotes, claims and
events of 60 speakers, unless told otherwise. The times of the browser are those of a
headless Chromium on this machine, from the click or key to the next frame drawn; it
takes the tests' own driver of it.
"""

import random
import sys
import tempfile
import time
from pathlib import Path

from extractor.documents import make_document
from extractor.report import to_html
from extractor.schema import (
    Argument,
    Claim,
    Document,
    Event,
    Extraction,
    Provenance,
    Quote,
    Span,
    Speaker,
)

sys.path.append(str(Path(__file__).parents[2] / "tests"))

SPEAKERS = 60
WORDS = "ka lo mi ter vos en ru sha ni bel dor pim".split()


def make_article(words: int, rng: random.Random) -> Document:
    """Word salad in sentences of 12 words and paragraphs of 60."""
    lines = []
    for _ in range(words // 60):
        some = [" ".join(rng.choices(WORDS, k=12)).capitalize() for _ in range(5)]
        lines.append(". ".join(some) + ".")
    return make_document("\n\n".join(lines), language="en", published="2024-05-14")


def make_extraction(words: int, items: int, seed: int = 1) -> Extraction:
    rng = random.Random(seed)
    doc = make_article(words, rng)
    text = doc.text

    def span(length: int, near: int | None = None) -> Span:
        start = rng.randrange(len(text) - 400) if near is None else near
        while text[start].isspace():
            start += 1
        end = start + length
        while text[end - 1].isspace():
            end -= 1
        return Span(start=start, end=end, text=text[start:end])

    quotes, claims, events = [], [], []
    for n in range((items - SPEAKERS) // 3):
        whole = span(90)
        speaker = f"p{rng.randrange(SPEAKERS)}"
        quotes.append(
            Quote(
                id=f"q{n}",
                kind="direct",
                spans=[whole],
                text=whole.text,
                speaker=speaker,
                cue=span(4, whole.end + 2),
            )
        )
        claims.append(
            Claim(
                id=f"c{n}",
                text=whole.text,
                spans=[span(60, whole.start + 20)],
                claimant=speaker,
                modality="asserted",
                quotes=[f"q{n}"],
                check_worthy=n % 2 == 0,
            )
        )
        events.append(
            Event(
                id=f"e{n}",
                type="Conflict",
                trigger=span(5, whole.start + 30),
                arguments=[Argument(role="agent", span=span(8, whole.start + 5))],
                status="happened",
            )
        )
    speakers = [
        Speaker(
            id=f"p{n}",
            name=f"Speaker {n}",
            kind="person",
            mentions=[span(6) for _ in range(10)],
        )
        for n in range(SPEAKERS)
    ]
    return Extraction(
        document=doc,
        speakers=speakers,
        quotes=quotes,
        claims=claims,
        events=events,
        provenance=Provenance(model="none", endpoint="rules"),
    )


STEP = """
(async () => {
  const frame = () => new Promise(done => requestAnimationFrame(() => done()));
  await frame();
  const start = performance.now();
  %s
  await frame();
  await frame();
  return performance.now() - start;
})()
"""
CHOOSE = """
(() => {
  const bar = document.getElementById('page-bar');
  bar.elements.%s.value = '%s';
  bar.dispatchEvent(new InputEvent('input', {bubbles: true}));
})()
"""
PRESS = """
document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'j', bubbles: true}))
"""


def measure(page: Path) -> dict[str, float]:
    """Milliseconds of what a reader does."""
    from chromium import Chromium

    with tempfile.TemporaryDirectory() as profile, Chromium(Path(profile)) as browser:
        tab = browser.open(page)
        timing = "performance.getEntriesByType('navigation')[0]"
        taken = {"opened": tab.ask(f"{timing}.loadEventEnd")}
        for name, action in {
            "one task": CHOOSE % ("task", "claims"),
            "one speaker": CHOOSE % ("speaker", "speaker-7"),
            "everything again": CHOOSE % ("task", "all"),
            "next item": PRESS,
            "next item again": PRESS,
        }.items():
            taken[name] = tab.ask(STEP % action)
        tab.close()
    return taken


def main() -> None:
    words, items = (int(n) for n in (*sys.argv[1:], "50000", "2000")[:2])
    extraction = make_extraction(words, items)
    start = time.perf_counter()
    html = to_html(extraction)
    print(f"written   {time.perf_counter() - start:8.2f} s, {len(html) / 1e6:.1f} MB")
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(html, "utf-8")
        for name, taken in measure(page).items():
            print(f"{name:18}{taken:8.0f} ms")


if __name__ == "__main__":
    main()
