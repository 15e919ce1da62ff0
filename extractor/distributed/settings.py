"""What every worker of a distributed run is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from extractor.pipeline import ALL_TASKS, ENDPOINT_SECONDS
from extractor.schema import TaskName
from extractor.segmentation.eventtypes import EventTypes
from extractor.tasks.own import Task


@dataclass(frozen=True)
class Settings:
    """How the workers extract.

    A key is not among them: each node takes it from its own environment, so that it
    travels in no message.

    Attributes:
        model: see `Extractor`.
        tasks: see `Extractor`; a folder has to be there on every node.
        event_types: see `Extractor`; likewise.
        base_url: address of the endpoint, as a worker sees it: `http://localhost:8000/v1`
            is the server on the worker's own node. Default: its `OPENAI_BASE_URL`.
        store: file on the node's own disk that its workers share; default: as for a run
            on one machine.
        jobs: articles that one worker works on at the same time; default: what suits
            the model.
        timeout: seconds one call to an endpoint may take.
        again: whether to try failed and partial articles once more.
        accounts: whether rows tell what an article took, in calls, tokens and seconds.
        published: date of all articles; outranks the date in a file.
        language: of all articles; outranks the language in a file.
    """

    model: str = "local"
    tasks: Sequence[TaskName | Path | Task] = ALL_TASKS
    event_types: EventTypes | Path | str | None = None
    base_url: str | None = None
    store: Path | None = None
    jobs: int | None = None
    timeout: float = ENDPOINT_SECONDS
    again: bool = False
    accounts: bool = False
    published: str | None = None
    language: str | None = None
