"""Weights of the two models of the candidate rules.

`weights.json` is written by `evals/fit/attribution.py`: log odds of binary features,
those of a mention as the speaker of a report (`speaker`) and those of a passage as
reported speech (`passage`). A feature that is not listed has the weight 0.
"""

import json
from importlib import resources


def _read() -> dict[str, dict[str, float]]:
    folder = resources.files("extractor.attribution")
    content = (folder / "weights.json").read_text(encoding="utf-8")
    tables: dict[str, dict[str, float]] = json.loads(content)
    return tables


_TABLES = _read()
SPEAKER = _TABLES["speaker"]
"""Log odds of a mention as the speaker."""
PASSAGE = _TABLES["passage"]
"""Log odds of a passage as reported speech."""
