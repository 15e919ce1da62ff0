"""What models really return when they are asked to copy quotations.

Usage: python -m evals.bench.copying OUT.jsonl DATA_FOLDER... [-m MODEL] [-n ARTICLES]
       python -m evals.bench.copying OUT.jsonl --read [--verdict altered]

The first form asks a model on this machine to copy every quotation of the N shortest
articles that have at least three labelled direct quotations, plainly: one question an
article, one JSON reply. Replies are kept in OUT, a line each; a run goes on where it
was broken off. The second form sends every copied string through the grounding gate and
prints how many got each verdict, and every string that is not exact with its nearest
passage. OUT holds words of the articles: keep it out of the repository.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import extractor
from extractor.engine import start
from extractor.weights import find

MAX_TOKENS = 700
FEWEST = 3
QUESTION = """Copy every quotation of the news article below, word for word, with the \
name of who said it. Answer with JSON.

{text}"""
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "quotes": {
            "type": "array",
            "maxItems": 20,
            "items": {
                "type": "object",
                "properties": {
                    "quote": {"type": "string", "maxLength": 700},
                    "speaker": {"type": "string", "maxLength": 80},
                },
                "required": ["quote", "speaker"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["quotes"],
    "additionalProperties": False,
}


def choose(folders: Iterable[Path], count: int) -> list[dict[str, Any]]:
    """The shortest articles with enough quotations."""
    paths = [path for folder in folders for path in sorted(folder.glob("*.json"))]
    found = [json.loads(path.read_text("utf-8")) for path in paths]
    quoting = [
        article
        for article in found
        if sum(q["type"] == "direct" for q in article.get("quotes", [])) >= FEWEST
    ]
    return sorted(quoting, key=lambda a: (len(a["text"]), a["id"]))[:count]


def ask(articles: list[dict[str, Any]], model: str, out: Path) -> None:
    """Asks the model about each article that is not in the file yet."""
    import openai

    lines = out.read_text("utf-8").splitlines() if out.exists() else []
    done = {(row["model"], row["id"]) for row in map(json.loads, lines)}
    waiting = [a for a in articles if (model, a["id"]) not in done]
    with start(find(model)) as engine, out.open("a", encoding="utf-8") as file:
        client = openai.OpenAI(base_url=engine.base_url, api_key=engine.api_key)
        for article in waiting:
            begun = time.perf_counter()
            reply = client.chat.completions.create(
                model=model,
                messages=[
                    {"role": "user", "content": QUESTION.format(text=article["text"])}
                ],
                temperature=0,
                max_tokens=MAX_TOKENS,
                timeout=600,
                response_format={
                    "type": "json_schema",
                    "json_schema": {"name": "Quotes", "schema": SCHEMA},
                },
            )
            choice = reply.choices[0]
            row = {
                "model": model,
                "id": article["id"],
                "text": article["text"],
                "reply": choice.message.content,
                "finish": choice.finish_reason,
                "tokens": reply.usage.completion_tokens if reply.usage else None,
                "seconds": round(time.perf_counter() - begun, 1),
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            file.flush()
            print(row["id"], row["finish"], row["tokens"], row["seconds"])


def strings(reply: str) -> list[tuple[str, str]]:
    """The quotes and the speakers of a reply, those before a break included."""
    decoder, found, at = json.JSONDecoder(), [], reply.find("[") + 1
    while (at := reply.find("{", at)) > 0:
        try:
            item, at = decoder.raw_decode(reply, at)
        except ValueError:
            break
        found += [(kind, item[kind]) for kind in ("quote", "speaker")]
    return [(kind, words) for kind, words in found if words.strip()]


def read(out: Path, verdict: str | None) -> None:
    """Grounds every string and prints the table and what is not exact."""
    table: dict[tuple[str, str], Counter[str]] = {}
    for row in map(json.loads, out.read_text("utf-8").splitlines()):
        for kind, words in strings(row["reply"]):
            grounding = extractor.ground(row["text"], words)
            counts = table.setdefault((row["model"], kind), Counter())
            counts[grounding.verdict] += 1
            shown = grounding.verdict if verdict is None else verdict
            if grounding.verdict == "exact" or grounding.verdict != shown:
                continue
            near = grounding.nearest.text if grounding.nearest else None
            spans = [span.text for span in grounding.spans]
            print(f"{row['model']} {row['id']} {kind} {grounding.verdict.upper()}")
            print(f"  reply   {words!r}")
            print(f"  article {spans or near!r}")
            if grounding.diff:
                print(f"  diff    {grounding.diff}")
    verdicts = ("exact", "typographic", "elided", "altered", "absent")
    print(f"{'':34}" + "".join(f"{name:>13}" for name in verdicts))
    for (model, kind), counts in sorted(table.items()):
        row = "".join(f"{counts[name]:13}" for name in verdicts)
        print(f"{model + ' ' + kind:34}{row}")


def main() -> None:
    """Asks, or reads what was answered."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("-m", "--model", default="qwen2.5-coder-1.5b")
    parser.add_argument("-n", "--articles", type=int, default=60)
    parser.add_argument("--read", action="store_true")
    parser.add_argument("--verdict")
    arguments = parser.parse_args()
    if arguments.read:
        read(arguments.out, arguments.verdict)
    elif arguments.folders:
        ask(
            choose(arguments.folders, arguments.articles),
            arguments.model,
            arguments.out,
        )
    else:
        sys.exit("Name the folders of articles, or --read a file of replies.")


if __name__ == "__main__":
    main()
