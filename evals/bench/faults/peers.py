"""Other ways to put the same articles to the same endpoint, each in its own Python.

Usage: python evals/bench/faults/peers.py NAME URL ARTICLES.jsonl SECONDS WORKERS

Imports nothing of ours, so that it runs in an environment that has only the peer. Each
is used as its documentation shows, with its own retries, strict JSON schema and the
time a call may take. Prints how many articles ended how: `ok`, `silent` (neither a
result nor an error) or the exception's name; a call that raises for all loses all.
"""

import json
import logging
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

PROMPT = "Extract the quotations of the article, word for word, with their speakers."
KEY = "none"

Texts = dict[str, str]
"""Articles by id."""


def plain_openai(url: str, texts: Texts, timeout: float, workers: int) -> Counter[str]:
    """The SDK with a response model."""
    from openai import OpenAI

    answer = _answer_model()
    client = OpenAI(base_url=url, api_key=KEY, timeout=timeout)

    def ask(text: str) -> Any:
        reply = client.chat.completions.parse(
            model="m", messages=_messages(text), response_format=answer
        )
        return reply.choices[0].message.parsed

    return _all(ask, texts.values(), workers)


def plain_instructor(
    url: str, texts: Texts, timeout: float, workers: int
) -> Counter[str]:
    """Instructor with a response model."""
    import instructor
    from openai import OpenAI

    logging.getLogger("instructor").setLevel(logging.CRITICAL)  # prints the articles
    answer = _answer_model()
    client = instructor.from_openai(
        OpenAI(base_url=url, api_key=KEY, timeout=timeout),
        mode=instructor.Mode.JSON_SCHEMA,
    )

    def ask(text: str) -> Any:
        return client.create(model="m", messages=_messages(text), response_model=answer)

    return _all(ask, texts.values(), workers)


def langextract(url: str, texts: Texts, timeout: float, workers: int) -> Counter[str]:
    """LangExtract with all documents in one call, as it takes them."""
    import langextract as lx  # type: ignore[import-not-found]
    from langextract import factory

    examples = [
        lx.data.ExampleData(
            text="“It rains,” said Ada Brun.",
            extractions=[
                lx.data.Extraction("quote", "It rains", attributes={"speaker": "Ada"})
            ],
        )
    ]
    settings = {"base_url": url, "api_key": KEY, "max_workers": workers}
    config = factory.ModelConfig(
        model_id="gpt-4o-mini", provider="openai", provider_kwargs=settings
    )
    model = factory.create_model(config, examples, use_schema_constraints=True)
    model._client = model._client.with_options(timeout=timeout)  # it has no option
    found = lx.extract(
        [lx.data.Document(text, document_id=name) for name, text in texts.items()],
        prompt_description=PROMPT,
        examples=examples,
        model=model,
        use_schema_constraints=False,  # the model has them
        batch_length=workers,
        max_workers=workers,
        show_progress=False,
    )
    return Counter("ok" if one.extractions else "silent" for one in found)


PEERS: dict[str, Callable[[str, Texts, float, int], Counter[str]]] = {
    "openai": plain_openai,
    "instructor": plain_instructor,
    "langextract": langextract,
}


def _answer_model() -> Any:
    from pydantic import BaseModel

    class Quote(BaseModel):
        text: str
        speaker: str

    class Quotes(BaseModel):
        quotes: list[Quote]

    return Quotes


def _messages(text: str) -> Any:
    return [
        {"role": "system", "content": PROMPT},
        {"role": "user", "content": text},
    ]


def _all(ask: Callable[[str], Any], texts: Iterable[str], workers: int) -> Counter[str]:
    with ThreadPoolExecutor(workers) as pool:
        return Counter(pool.map(partial(_one, ask), texts))


def _one(ask: Callable[[str], Any], text: str) -> str:
    try:
        found = ask(text)
    except Exception as error:  # noqa: BLE001 - which ones come is the figure
        return type(error).__name__
    return "ok" if found is not None and found.quotes else "silent"


def main() -> None:
    name, url, path, timeout, workers = sys.argv[1:]
    lines = Path(path).read_text("utf-8").splitlines()
    texts = {entry["id"]: entry["text"] for entry in map(json.loads, lines)}
    begun = time.perf_counter()
    try:
        outcomes = PEERS[name](url, texts, float(timeout), int(workers))
    except Exception as error:  # noqa: BLE001 - it ended the call for every article
        outcomes = Counter({f"{type(error).__name__} for all": len(texts)})
    seconds = time.perf_counter() - begun
    print(json.dumps({"outcomes": outcomes, "seconds": seconds}))


if __name__ == "__main__":
    main()
