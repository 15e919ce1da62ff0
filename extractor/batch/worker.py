"""One of several processes of a batch: `python -m extractor.batch.worker`.

It is told what to do by one line of JSON on its standard input, and to stop by the end
of that; so it also stops when the process that started it is killed. It tells of each
article by a line on its standard output, and by a last one how it ended.
"""

import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any

from extractor.batch.listing import Listing
from extractor.batch.rows import Outcome
from extractor.batch.running import Summary
from extractor.batch.session import Session
from extractor.batch.sources import Sources
from extractor.errors import ExtractorError
from extractor.store import Store


def main() -> None:
    """Work through one part of the articles."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started this one says when
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    task: dict[str, Any] = json.loads(sys.stdin.readline())
    try:
        _work(task)
    except ExtractorError as error:
        ended = str(error)
    except Exception as error:  # noqa: BLE001  # the other process tells of it
        ended = f"A worker failed with {type(error).__name__}: please report it."
    else:
        ended = ""
    _tell({"ended": ended})


def _work(task: dict[str, Any]) -> None:
    sources = Sources(**task["sources"])
    output = task["output"] and Path(task["output"])
    with (
        Store(Path(task["store"])) as store,
        Session(sources, store, output=output, **task["options"]) as session,
        Listing() as listing,
    ):
        Thread(target=_heed, args=(session.stop,), daemon=True).start()
        told = 0

        def follow(summary: Summary, outcome: Outcome) -> None:
            nonlocal told
            kept, told = summary.kept > told, summary.kept
            paid = session.account.paid
            line = {
                "outcome": outcome.model_dump(mode="json", include=_SHOWN),
                "kept": kept,
                "calls": paid.calls,
                "usage": paid.usage.model_dump(),
            }
            _tell(line)

        session.work(listing, jobs=task["jobs"], progress=follow)


_SHOWN = {"id", "source", "status", "code", "message"}


def _heed(stop: Event) -> None:
    sys.stdin.read()
    stop.set()


def _tell(line: dict[str, Any]) -> None:
    """Tell who started this one, if that is still there. Not buffered."""
    with suppress(BrokenPipeError):
        os.write(sys.stdout.fileno(), (json.dumps(line) + "\n").encode())


if __name__ == "__main__":
    main()
