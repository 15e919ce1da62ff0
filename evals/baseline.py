"""Writes what is worth keeping of a finished run: a baseline that later runs must meet.

Usage: python evals/baseline.py RUN > evals/baselines/NAME.json

Figures with their intervals and what they depend on: the model, the prompts' hashes,
the gold's hash, the versions. No text of any article.
"""

import argparse
import json
from pathlib import Path
from typing import Any

KEPT = tuple(
    "created model endpoint weights tasks prompts package source scorer gold_hash "
    "repeats".split()
)


def summary(folder: Path) -> dict[str, Any]:
    """The baseline of the run in a folder."""
    run = json.loads((folder / "run.json").read_text("utf-8"))
    scores = json.loads((folder / "scores.json").read_text("utf-8"))
    cells = _cells(folder / "cells.jsonl")
    found = [cell["extraction"]["provenance"] for cell in cells if cell["extraction"]]
    figures = {
        name: {
            "f1": [_round(figure["f1"][key]) for key in ("estimate", "low", "high")],
            "precision": _round(figure["precision"]["estimate"]),
            "recall": _round(figure["recall"]["estimate"]),
            "gold": figure["counts"]["gold"],
            "predicted": figure["counts"]["predicted"],
            "articles": figure["articles"],
        }
        for name, figure in scores["figures"].items()
    }
    return {
        **{key: run[key] for key in KEPT if key in run},
        "count": len(cells),
        "calls": sum(p["calls"] for p in found),
        "output_tokens": sum(p["usage"]["completion_tokens"] for p in found),
        **_unplaced(cells),
        "figures": figures,
        "errors": scores["errors"],
        "grounding": scores["grounding"],
    }


def _cells(path: Path) -> list[dict[str, Any]]:
    """The cells of a run; of several of one article and repeat the last counts."""
    rows = map(json.loads, path.read_text("utf-8").splitlines())
    return list({(row["article"], row["repeat"]): row for row in rows}.values())


def _unplaced(cells: list[dict[str, Any]]) -> dict[str, Any]:
    """What another tool found without a place in the text; nothing of our own runs."""
    counts = [cell["unplaced"] for cell in cells if cell.get("unplaced")]
    if not counts:
        return {}
    return {"unplaced": {key: sum(one[key] for one in counts) for key in counts[0]}}


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def main() -> None:
    """Prints the baseline."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path)
    print(json.dumps(summary(parser.parse_args().run), indent=1))


if __name__ == "__main__":
    main()
