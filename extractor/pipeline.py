"""From one article to one extraction."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Literal, get_args

from extractor import engine, weights
from extractor.analysis import Analysis, analyse
from extractor.choices import TRUST
from extractor.client import PATIENCE, ChatClient, Client, Interruptible
from extractor.documents import make_document
from extractor.engine import Engine
from extractor.prompting import shared_messages
from extractor.questions import Item, Progress, Questioner, Room
from extractor.schema import (
    AUTHOR,
    Claim,
    Document,
    EndpointKind,
    Event,
    Extraction,
    OurTask,
    OwnItem,
    Provenance,
    Quote,
    Rejected,
    TaskName,
    TaskStats,
    Usage,
)
from extractor.segmentation.eventtypes import EventTypes
from extractor.tasks.cast import Cast
from extractor.tasks.caveats import list_caveats, tell_left_out, tell_unasked
from extractor.tasks.claims import find_claims
from extractor.tasks.events import find_events
from extractor.tasks.own import Task, choose_tasks, find_items
from extractor.tasks.quotes import assemble_quotes, find_quotes
from extractor.tasks.speakers import find_speakers

ALL_TASKS: tuple[OurTask, ...] = get_args(OurTask)
RULES: Literal["rules"] = "rules"
"""The model that is none: the candidate rules alone."""
ENDPOINT_SECONDS = 120.0
"""What one call to an endpoint may take."""
EMBEDDED_SECONDS = 600.0
"""The embedded model may need minutes for one question on a busy machine."""
_PACKAGES = ("newsextract", "openai", "instructor", "pydantic", "xllamacpp")


class Extractor:
    """Extracts quotes, speakers, claims and events from articles with one model.

    Usable as a context manager; the embedded model is loaded at the first article and
    released by `close`.

    Args:
        model: `local` (the embedded model), the name of other embedded weights or the
            path of a GGUF file, `rules` (no model), or any model of the endpoint.
        tasks: what to look for: names of ours, and tasks of your own or their folders.
        event_types: other types of events than ours, or the TOML file of them.
        client: asks instead of a model by name: another endpoint, a recorded run.
        base_url: address of an OpenAI-compatible endpoint; default `OPENAI_BASE_URL`.
        timeout: seconds one call to an endpoint may take.
        patience: seconds a call waits for an endpoint that limits their rate or is
            down.
        wrap: puts another client around the one of a model by name, to record it.
        on_progress: called before each question.

    Raises:
        UsageError: an unknown task, or one of your own or event types that cannot be.
        PromptError: the prompt of one of your own is missing or does not render.
    """

    def __init__(
        self,
        model: str = "local",
        *,
        tasks: Sequence[TaskName | Path | Task] = ALL_TASKS,
        event_types: EventTypes | Path | str | None = None,
        client: ChatClient | None = None,
        base_url: str | None = None,
        timeout: float = ENDPOINT_SECONDS,
        patience: float = PATIENCE,
        wrap: Callable[[ChatClient], ChatClient] | None = None,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> None:
        self.wanted = choose_tasks(tasks, event_types)
        self.model = client.model if client else model
        self.tasks = self.wanted.names
        self._client = client
        self._own: Client | None = None
        self.base_url = base_url
        self._timeout = timeout
        self._patience = patience
        self._wrap = wrap
        self._engine: Engine | None = None
        self._room = Room()
        self._lock = Lock()
        self._on_progress = on_progress

    def like(
        self,
        client: ChatClient,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> "Extractor":
        """Another extractor that looks for the same and asks another client."""
        return Extractor(
            tasks=self.wanted.tasks,
            event_types=self.wanted.event_types,
            client=client,
            on_progress=on_progress,
        )

    @property
    def endpoint(self) -> EndpointKind:
        """What answers the questions; known before the first one."""
        if self._client:
            return self._client.endpoint
        if self.model == RULES:
            return RULES
        here = not self.base_url and weights.is_embedded(self.model)
        return "embedded" if here else "endpoint"

    def extract(self, doc: Document | str) -> Extraction:
        """Everything the tasks find in one article.

        A question that fails is recorded in `provenance.failures`; the rules answer in
        its place.

        Raises:
            InputError: a text without words.
            WeightsError: the embedded model cannot be had.
            Pending: the client has noted all that can be asked by now.
            ModelError: the endpoint cannot be used at all.
        """
        started = time.perf_counter()
        document = make_document(doc) if isinstance(doc, str) else doc
        analysis = analyse(document)
        client = self.connect()
        questions = Questioner(
            client=client,
            segmentation=analysis.segmentation,
            published=analysis.published,
            own_prompts={task.name: task.messages for task in self.wanted.own},
            on_progress=self._on_progress,
            room=self._room,
        )
        endpoint = client.endpoint if client else RULES
        found, warnings = self._find(analysis, questions, endpoint)
        warnings += list_caveats(analysis, found, self.tasks)
        warnings += tell_unasked(self.wanted.own, endpoint)
        seconds = time.perf_counter() - started
        provenance = self._provenance(questions, found, warnings, seconds)
        return found.model_copy(update={"provenance": provenance})

    def _find(
        self, analysis: Analysis, questions: Questioner, endpoint: EndpointKind
    ) -> tuple[Extraction, list[str]]:
        """Run the tasks in order; one that is not wanted asks nothing.

        Returns:
            What was found, and warnings of what had to be left out.
        """
        trust = TRUST[endpoint]

        def ask(task: TaskName, items: Sequence[Item]) -> dict[str, Any]:
            return questions.ask(task, items) if task in self.tasks else {}

        attributed, rejected = find_quotes(analysis, ask, trust)
        cast = find_speakers(analysis, attributed, ask, trust)
        quotes = assemble_quotes(analysis, attributed, cast.ids)
        claims: list[Claim] = []
        events: list[Event] = []
        if "claims" in self.tasks:
            claims, refused = find_claims(analysis, attributed, cast, ask, trust)
            rejected += refused
        if "events" in self.tasks:
            types = self.wanted.event_types
            events, refused = find_events(analysis, attributed, cast, ask, trust, types)
            rejected += refused
        items: dict[str, list[OwnItem]] = {}
        for own in self.wanted.own:
            items[own.name], refused = find_items(own, analysis, attributed, cast, ask)
            rejected += refused
        questions.settle()
        unknown = sum(item.mention not in cast.ids for item in attributed)
        found = self._assemble(analysis, cast, quotes, claims, events, items, rejected)
        return found, tell_left_out(unknown, self.tasks)

    def _assemble(
        self,
        analysis: Analysis,
        cast: Cast,
        quotes: list[Quote],
        claims: list[Claim],
        events: list[Event],
        items: dict[str, list[OwnItem]],
        rejected: list[Rejected],
    ) -> Extraction:
        """One extraction of what was asked for, with the speakers it refers to."""
        if "quotes" not in self.tasks:
            quotes = []
            claims = [claim.model_copy(update={"quotes": []}) for claim in claims]
            items = {
                name: [item.model_copy(update={"quote": None}) for item in found]
                for name, found in items.items()
            }
        named = {quote.speaker for quote in quotes}
        named |= {claim.claimant for claim in claims}
        named |= {event.reported_by for event in events}
        named |= {a.speaker for event in events for a in event.arguments}
        speakers = [
            speaker
            for speaker in cast.speakers
            if "speakers" in self.tasks or speaker.id in named - {AUTHOR}
        ]
        return Extraction(
            document=analysis.document,
            speakers=speakers,
            quotes=quotes,
            claims=claims,
            events=events,
            items=items,
            rejected=_distinct(rejected),
            provenance=Provenance(model=self.model, endpoint=RULES),
        )

    def _provenance(
        self,
        questions: Questioner,
        found: Extraction,
        warnings: list[str],
        seconds: float,
    ) -> Provenance:
        client = questions.client
        stats = questions.stats.values()
        return Provenance(
            model=client.model if client else RULES,
            endpoint=client.endpoint if client else RULES,
            engine=self._engine.version if self._engine else None,
            packages=_package_versions(),
            prompts=questions.prompts,
            tasks={task: questions.stats.get(task, TaskStats()) for task in self.tasks},
            usage=sum((stat.usage for stat in stats), Usage()),
            calls=sum(stat.calls for stat in stats),
            retries=questions.retries,
            seconds=round(seconds, 3),
            verdicts=dict(Counter(r.verdict for r in found.rejected)),
            failures=questions.failures,
            warnings=warnings,
        )

    def connect(self) -> ChatClient | None:
        """The client, made at the first article; threads wait for the one that does.

        Raises:
            WeightsError: the embedded model cannot be had.
            EndpointError: no key, or an address that is none.
        """
        with self._lock:
            if self._client is None and self.model != RULES:
                path = None if self.base_url else weights.locate(self.model)
                if path is None:
                    self._own = Client(
                        self.model,
                        base_url=self.base_url,
                        timeout=self._timeout,
                        patience=self._patience,
                    )
                else:
                    self._own = self._embed(path)
                self._client = self._wrap(self._own) if self._wrap else self._own
        return self._client

    def _embed(self, path: Path) -> Client:
        """Start the embedded model and have it read what all questions begin with."""
        running = engine.start(path)
        try:
            running.read_prefix(shared_messages())
        except BaseException:
            running.close()
            raise
        self._engine = running
        self._room.tokens = running.n_ctx
        return Client(
            self.model,
            base_url=running.base_url,
            api_key=running.api_key,
            endpoint="embedded",
            timeout=EMBEDDED_SECONDS,
            attempts=2,
            weighing=True,
        )

    def interrupt(self) -> None:
        """End what waits for a next call, so that articles in work end soon.

        They end with `RunStopped`, as do later ones.
        """
        if isinstance(self._client, Interruptible):
            self._client.interrupt()

    def close(self) -> None:
        """Close connections and release the embedded model; a client given stays."""
        if self._own:
            self._own.close()
            self._own, self._client = None, None
        if self._engine:
            self._engine.close()
            self._engine = None

    def __enter__(self) -> "Extractor":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def extract(
    doc: Document | str,
    *,
    model: str = "local",
    tasks: Sequence[TaskName | Path | Task] = ALL_TASKS,
    event_types: EventTypes | Path | str | None = None,
) -> Extraction:
    """Extract from one article; for more than one use an `Extractor`.

    Args:
        doc: an article or its text (never a path: `read` reads files).
        model: see `Extractor`.
        tasks: see `Extractor`.
        event_types: see `Extractor`.

    Raises:
        ExtractorError: see `Extractor.extract`.
    """
    with Extractor(model, tasks=tasks, event_types=event_types) as extractor:
        return extractor.extract(doc)


@cache
def _package_versions() -> dict[str, str]:
    """Versions of what the results depend on; read once, each takes milliseconds."""
    versions = {}
    for package in _PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return versions


def _distinct(rejected: Sequence[Rejected]) -> list[Rejected]:
    """Each string once that a task got rejected with one verdict, the first found."""
    first: dict[tuple[str, str, str], Rejected] = {}
    for refused in rejected:
        first.setdefault((refused.task, refused.text, refused.verdict), refused)
    return list(first.values())
