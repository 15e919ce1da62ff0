"""Where the time of an article goes with the embedded model, and how it grows.

Usage: python -m evals.bench.overhead [GOLD] [--limit 12] [--growth]

For each gold article: seconds in all, seconds that the server reports for reading the
questions and writing the answers, and what is left, which is ours; the share of the
tokens asked that came from the cache; and, asked for quotes alone and for all four
tasks, the tokens read anew. Then the time from the start of a process to its first
question, weights and prompt state being on the disk.

With `--growth` a table of articles of 200 to 5,000 words, made of our gold articles'
paragraphs, and one of batches of 1 to 64 articles, each with a bar for its time.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extractor.client import Answer, ChatClient, Message
from extractor.evaluation.runs import select
from extractor.evaluation.runs.inputs import document_of
from extractor.pipeline import ALL_TASKS, Extractor
from extractor.schema import Document, EndpointKind, TaskName

WORDS = (200, 500, 1000, 2000, 5000)
BATCHES = (1, 4, 16, 64)
STARTS = 5
BAR = 40

_START = """
import sys, time
from extractor.pipeline import Extractor
class First:
    def __init__(self, client):
        self.model, self.endpoint = client.model, client.endpoint
    def ask(self, *args, **kwargs):
        print(time.time(), flush=True)
        sys.exit()
Extractor("local", wrap=First).extract(sys.stdin.read())
"""


@dataclass
class Metered:
    """A client that adds up what the server reports. A `ChatClient`."""

    client: ChatClient
    answers: list[Answer] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.model = self.client.model
        self.endpoint: EndpointKind = self.client.endpoint

    def ask(
        self, messages: Sequence[Message], response_model: Any, *, max_tokens: int
    ) -> Answer:
        """Pass a question on and keep its answer."""
        answer = self.client.ask(messages, response_model, max_tokens=max_tokens)
        self.answers.append(answer)
        return answer


@dataclass(frozen=True)
class Cost:
    """What an article, or several, took."""

    seconds: float
    server: float
    questions: int
    asked: int
    """Tokens."""
    read: int
    """Tokens that were not in the cache."""
    written: int
    """Tokens."""


def measure(docs: Iterable[Document], tasks: Sequence[TaskName]) -> Iterator[Cost]:
    """The cost of each article, one after the other with one engine."""
    meters: list[Metered] = []

    def meter(client: ChatClient) -> Metered:
        meters.append(Metered(client))
        return meters[-1]

    with Extractor("local", tasks=tasks, wrap=meter) as extractor:
        extractor.connect()
        for doc in docs:
            meters[-1].answers.clear()
            started = time.perf_counter()
            extractor.extract(doc)
            seconds = time.perf_counter() - started
            yield _cost(seconds, meters[-1].answers)


def _cost(seconds: float, answers: Sequence[Answer]) -> Cost:
    asked = sum(a.usage.prompt_tokens for a in answers)
    return Cost(
        seconds=seconds,
        server=sum(a.server_seconds or 0.0 for a in answers),
        questions=len(answers),
        asked=asked,
        read=asked - sum(a.usage.cached_tokens for a in answers),
        written=sum(a.usage.completion_tokens for a in answers),
    )


def show_articles(docs: Sequence[Document]) -> None:
    """Prints where the time of each article goes, then the sums."""
    costs = [*measure(docs, ALL_TASKS)]
    print(
        f"{'article':34}{'words':>6}{'s':>7}{'ours':>7}{'cached':>8}{'questions':>10}"
    )
    for doc, cost in zip(docs, costs, strict=True):
        ours = (cost.seconds - cost.server) / cost.seconds
        cached = 1 - cost.read / cost.asked if cost.asked else 1.0
        print(
            f"{doc.id[:33]:34}{_words(doc):6}{cost.seconds:7.1f}{ours:7.1%}"
            f"{cached:8.1%}{cost.questions:10}"
        )
    asked = [cost for cost in costs if cost.questions]
    shares = [(c.seconds - c.server) / c.seconds for c in asked]
    print(
        f"ours: {statistics.median(shares):.1%} of an article, median; of all ", end=""
    )
    print(f"{1 - sum(c.server for c in costs) / sum(c.seconds for c in costs):.1%}")
    later = costs[1:]
    cached = 1 - sum(c.read for c in later) / max(1, sum(c.asked for c in later))
    print(f"in the cache, from the second article on: {cached:.1%} of the tokens asked")
    quotes = sum(cost.read for cost in measure(docs, ("quotes",)))
    every = sum(cost.read for cost in costs)
    print(
        f"tokens read for four tasks: {every / max(1, quotes):.2f} times quotes alone"
    )


def show_start(doc: Document) -> None:
    """Prints how long a new process takes to its first question."""
    seconds = []
    for _ in range(STARTS):
        started = time.time()
        found = subprocess.run(
            [sys.executable, "-c", _START],
            input=doc.text,
            capture_output=True,
            text=True,
            check=True,
        )
        seconds.append(float(found.stdout) - started)
    low, high = min(seconds), max(seconds)
    middle = statistics.median(seconds)
    print(f"start to first question: {middle:.2f} s ({low:.2f} to {high:.2f})")


def show_growth(docs: Sequence[Document]) -> None:
    """Prints what longer articles and larger batches take."""
    paragraphs = [p for doc in docs for p in doc.text.split("\n\n") if p.strip()]
    long = [_of_length(paragraphs, words) for words in WORDS]
    print("\nwords  questions  s     s per 1,000 words")
    for doc, cost in zip(long, measure(long, ALL_TASKS), strict=True):
        each = 1000 * cost.seconds / _words(doc)
        _bar(f"{_words(doc):5}  {cost.questions:9}  {cost.seconds:5.1f}", each)
    print("\narticles  s      s per article")
    for size in BATCHES:
        many = [docs[k % len(docs)] for k in range(size)]
        with tempfile.TemporaryDirectory() as folder:
            seconds = _batch(many, Path(folder))
        _bar(f"{size:8}  {seconds:6.1f}", seconds / size)


def _batch(docs: Sequence[Document], folder: Path) -> float:
    """Seconds that the command takes, its start included."""
    for k, doc in enumerate(docs):
        text = f"{doc.text.rstrip()}\n\nNo. {k + 1}.\n"  # no two alike
        (folder / f"{k:03}.txt").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "extractor", "batch", str(folder)]
    started = time.perf_counter()
    out = ["-o", str(folder / "out.jsonl"), "--store", str(folder / "s.sqlite"), "-q"]
    subprocess.run([*command, *out], check=True, capture_output=True)
    return time.perf_counter() - started


def _bar(row: str, value: float) -> None:
    print(f"{row}  {value:6.1f} {'█' * min(BAR, round(2 * value))}")


def _of_length(paragraphs: Sequence[str], words: int) -> Document:
    taken: list[str] = []
    count = k = 0
    while count < words:
        taken.append(paragraphs[k % len(paragraphs)])
        count += len(taken[-1].split())
        k += 1
    return Document(id=f"{words}", text="\n\n".join(taken))


def _words(doc: Document) -> int:
    return len(doc.text.split())


def main() -> None:
    """Prints all tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", nargs="?", default="evals/gold")
    parser.add_argument("--limit", type=int, default=12)
    parser.add_argument("--growth", action="store_true")
    arguments = parser.parse_args()
    chosen = select([arguments.gold], split="dev", limit=arguments.limit)
    docs = [document_of(article) for article in chosen.articles]
    show_articles(docs)
    show_start(docs[0])
    if arguments.growth:
        show_growth(docs)


if __name__ == "__main__":
    main()
