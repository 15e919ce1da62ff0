"""LangExtract asked from its own environment, a line of JSON in, a line out.

Started by `langextracting` with that environment's Python. The first line in has the
settings and the questions, the first line out the version; after that a line in is a
question about a text, and the line out what was found. LangExtract is used as it comes:
its chunks, its schema made from the example, its alignment; only the temperature is 0,
one chunk is asked at a time, and an answer has a limit of tokens.
"""

import json
import os
import sys
import warnings
from importlib.metadata import version
from typing import Any

import langextract  # type: ignore[import-not-found]
from langextract.core.data import (  # type: ignore[import-not-found]
    ExampleData,
    Extraction,
)
from langextract.factory import ModelConfig  # type: ignore[import-not-found]
from openai import BadRequestError
from openai.resources.chat.completions import Completions

SECONDS = 1800.0
"""A long answer on two cores that are busy with something else."""

Json = dict[str, Any]


def main() -> None:
    """Answers until the input ends; nobody else may write to the output."""
    output = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    sys.stdout = sys.stderr
    warnings.simplefilter("ignore")
    settings = json.loads(sys.stdin.readline())
    _reply(output, {"version": version("langextract")})
    for line in sys.stdin:
        asked = json.loads(line)
        counts = _count_calls()
        question = settings["questions"][asked["task"]]
        try:
            found: Json = {"items": _find(asked["text"], question, settings)}
        except Exception as error:  # noqa: BLE001  # told to who asked
            found = {"error": _kind(error)}
        _reply(output, found | {"counts": counts})


def _find(text: str, question: Json, settings: Json) -> list[Json]:
    """What LangExtract finds in a text, with its intervals."""
    name = question["name"]
    example = ExampleData(
        text=question["example"],
        extractions=[
            Extraction(name, item["words"], attributes=item["attributes"])
            for item in question["items"]
        ],
    )
    found = langextract.extract(
        text,
        prompt_description=question["wording"],
        examples=[example],
        config=ModelConfig(
            model_id=settings["model"],
            provider="OpenAILanguageModel",
            provider_kwargs={
                "api_key": os.environ["LANGEXTRACT_API_KEY"],
                "base_url": settings["base_url"],
                "temperature": 0.0,
                "max_output_tokens": settings["max_tokens"],
            },
        ),
        max_workers=1,
        show_progress=False,
    )
    return [_item(extraction) for extraction in found.extractions or []]


def _item(extraction: Any) -> Json:
    place = extraction.char_interval
    located = place is not None and place.start_pos is not None
    return {
        "words": extraction.extraction_text,
        "at": [place.start_pos, place.end_pos] if located else None,
        "attributes": extraction.attributes or {},
    }


_create = Completions.create


def _count_calls() -> Json:
    """Counts that grow with each call from now on."""
    counts = {"calls": 0, "cut": 0, "prompt": 0, "cached": 0, "completion": 0}

    def create(self: Completions, *args: Any, **options: Any) -> Any:
        counts["calls"] += 1
        reply: Any = _create(self, *args, **{"timeout": SECONDS} | options)
        usage = reply.usage
        details = usage.prompt_tokens_details
        counts["prompt"] += usage.prompt_tokens
        counts["cached"] += (details and details.cached_tokens) or 0
        counts["completion"] += usage.completion_tokens
        counts["cut"] += reply.choices[0].finish_reason == "length"
        return reply

    Completions.create = create  # type: ignore[method-assign]
    return counts


def _kind(error: BaseException) -> str:
    """What went wrong, without words of the article."""
    cause = getattr(error, "original", None) or error.__cause__ or error
    return "too_long" if isinstance(cause, BadRequestError) else type(cause).__name__


def _reply(output: Any, value: Json) -> None:
    output.write(json.dumps(value) + "\n")
    output.flush()


if __name__ == "__main__":
    main()
