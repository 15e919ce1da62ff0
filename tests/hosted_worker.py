"""A batch by the batch interface in a process of its own, to be killed at any time.

python hosted_worker.py FOLDER URL
"""

import sys
from pathlib import Path

from extractor.batch import Listing, Session, Sources, write_jsonl
from extractor.hosted import exchange
from extractor.store import Store


def work(folder: Path, url: str) -> None:
    """Extract from the articles of a folder, without long pauses."""
    exchange.FIRST_PAUSE = exchange.LONGEST_PAUSE = 0.01  # type: ignore[misc]
    with (
        Store(folder / "store.sqlite") as store,
        Session(
            Sources([str(folder / "articles.jsonl")]),
            store,
            model="test-model",
            base_url=url,
            batch_api=True,
        ) as session,
        Listing() as listing,
    ):
        session.work(listing, jobs=2)
        write_jsonl(session.rows(listing), folder / "found.jsonl")


if __name__ == "__main__":
    work(Path(sys.argv[1]), sys.argv[2])
