"""Reading what a run left in its folder, as far as a comparison needs it."""

from pathlib import Path

from extractor.errors import RunError
from extractor.evaluation.comparison.result import RunRef
from extractor.evaluation.runs.folder import SCORES, read_meta
from extractor.evaluation.runs.records import load
from extractor.evaluation.scoring.summary import Scores


def read_run(folder: Path) -> tuple[RunRef, Scores]:
    """What the run in a folder is, and what it scored.

    Raises:
        RunError: the folder holds no run, or one without scores that can be read.
    """
    meta = read_meta(folder)
    try:
        scores = load(Scores, (folder / SCORES).read_bytes())
    except OSError:
        raise RunError(
            f"{folder} has no {SCORES}: score the run with "
            f"`extractor eval score {folder}`."
        ) from None
    except ValueError:
        raise RunError(
            f"{folder / SCORES} is damaged or of another version: score the run again "
            f"with `extractor eval score {folder}`."
        ) from None
    name = folder.resolve().name
    return RunRef(name=name, model=meta.model, gold_hash=meta.gold_hash), scores
