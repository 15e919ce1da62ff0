"""Asking for what a task of the user's own looks for, and grounding what comes back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError

from extractor.analysis import Analysis
from extractor.grounding import Grounding
from extractor.questions import Item
from extractor.schema import OwnItem, Rejected, Span
from extractor.segmentation.model import Range
from extractor.segmentation.windows import windows_of
from extractor.tasks import Ask
from extractor.tasks.cast import Cast
from extractor.tasks.own.anchors import Anchor, rebuild
from extractor.tasks.own.definition import POINTER, Task
from extractor.tasks.quotes import Attributed
from extractor.tasks.snippets import ground_phrase, sentence_at, span_at

MOST = 8
"""Things that one sentence or quote can say."""
TOKENS, ARTICLE_TOKENS = 160, 1_200
"""Tokens that an answer may take; the client asks for more where they do not do."""

_NOTHING = frozenset(
    "null none nobody nothing unknown unspecified unstated n/a na - —".split()
)
"""What models write into a field that has to hold something."""


@dataclass(frozen=True, slots=True)
class _Place:
    """What the model is asked about."""

    id: str
    spans: tuple[Range, ...]
    about: str
    """How the question names it."""
    quote: str | None = None


def find_items(
    task: Task,
    analysis: Analysis,
    attributed: Sequence[Attributed],
    cast: Cast,
    ask: Ask,
) -> tuple[list[OwnItem], list[Rejected]]:
    """What a task finds in an article, and the anchors that the article does not have.

    An anchor that is not in the article is taken out of what was found. What the
    model of the task does not allow without it is dropped.

    Args:
        task: what to look for.
        analysis: the article.
        attributed: its quotes.
        cast: who is who.
        ask: asks the model.
    """
    places = {place.id: place for place in _places(task, analysis, attributed, cast)}
    answers = ask(task.name, [_question(task, place) for place in places.values()])
    reader = _Reader(task, analysis)
    for id_, answer in answers.items():
        for thing in answer:
            reader.read(places[id_], thing)
    return reader.items(), reader.rejected


def _places(
    task: Task, analysis: Analysis, attributed: Sequence[Attributed], cast: Cast
) -> Iterator[_Place]:
    """Where the triggers are."""
    every = {
        "sentence": _sentences(analysis),
        "quote": _quotes(analysis, attributed, cast),
        "article": _articles(analysis),
    }[task.per]
    for place in every:
        words = " ".join(part.of(analysis.flat) for part in place.spans)
        if task.pattern is None or task.pattern.search(words):
            yield place


def _sentences(analysis: Analysis) -> Iterator[_Place]:
    for sentence in analysis.segmentation.sentences:
        if not sentence.boilerplate:
            place = Range(sentence.start, sentence.end)
            yield _Place(sentence.id, (place,), place.of(analysis.text))


def _quotes(
    analysis: Analysis, attributed: Sequence[Attributed], cast: Cast
) -> Iterator[_Place]:
    for number, item in enumerate(attributed, 1):
        spans = item.passage.spans
        entity = cast.of.get(item.mention) if item.mention else None
        said = " ".join(part.of(analysis.text) for part in spans)
        about = f"{entity.name if entity else 'Somebody'} says: {said}"
        yield _Place(f"Q{number}", spans, about, f"q{number}")


def _articles(analysis: Analysis) -> Iterator[_Place]:
    """The article, a very long one in parts."""
    for number, window in enumerate(windows_of(analysis.segmentation), 1):
        about = "the sentences of the article above"
        yield _Place(f"A{number}", (Range(window.start, window.end),), about)


def _question(task: Task, place: _Place) -> Item:
    things: Any = list[task.answer]  # type: ignore[name-defined]  # made at run time
    whole = task.per == "article"
    return Item(
        id=place.id,
        answer=things if whole else Annotated[things, Field(max_length=MOST)],
        values={"about": place.about},
        at=place.spans[0].start,
        tokens=ARTICLE_TOKENS if whole else TOKENS,
        whole=whole,
    )


class _Reader:
    """Turns answers into items, each once."""

    def __init__(self, task: Task, analysis: Analysis) -> None:
        self.rejected: list[Rejected] = []
        self._task = task
        self._analysis = analysis
        self._found: dict[str, OwnItem] = {}

    def items(self) -> list[OwnItem]:
        """What was found, in the order of the text."""
        ordered = sorted(self._found.values(), key=lambda item: item.evidence[0].start)
        return [
            item.model_copy(update={"id": f"{self._task.name}-{number}"})
            for number, item in enumerate(ordered, 1)
        ]

    def read(self, place: _Place, thing: BaseModel) -> None:
        """Ground what the model says it found at a place."""
        near = self._evidence(place, thing)
        spans: dict[str, list[Span]] = {}

        def ground(path: str, words: Anchor) -> str | None:
            grounding = self._ground(words, near)
            if grounding is None:
                return None
            spans.setdefault(path, []).extend(grounding.spans)
            return " ".join(span.text for span in grounding.spans)

        fields = rebuild(thing, ground)
        fields.pop(POINTER, None)
        try:
            self._task.model.model_validate(fields, by_name=True)
        except ValidationError:
            return
        self._keep(fields, spans, near, place)

    def _keep(
        self,
        fields: dict[str, Any],
        spans: dict[str, list[Span]],
        near: Sequence[Range],
        place: _Place,
    ) -> None:
        found = [span for ones in spans.values() for span in ones]
        if not near and found:
            sentence = sentence_at(self._analysis, found[0].start)
            near = [Range(sentence.start, sentence.end)]
        if not near:
            return  # nothing of the article says it
        text = self._analysis.text
        item = OwnItem(
            id=self._task.name,
            fields=fields,
            spans=spans,
            evidence=[span_at(text, part.start, part.end) for part in near],
            quote=place.quote,
        )
        key = repr((fields, spans, item.evidence if not found else None))
        known = self._found.get(key)
        if known is None or _held(item) > _held(known):
            self._found[key] = item

    def _evidence(self, place: _Place, thing: BaseModel) -> Sequence[Range]:
        """The sentence or quote that says it; empty where the model names none."""
        if self._task.per != "article":
            return place.spans
        wanted = getattr(thing, POINTER).strip().upper()
        for sentence in self._analysis.segmentation.sentences:
            if sentence.id == wanted:
                return [Range(sentence.start, sentence.end)]
        return []

    def _ground(self, words: str, near: Sequence[Range]) -> Grounding | None:
        """The article's words, in the evidence if they are there, else nearest to it.

        None where there are none; if the model claims that there are, that is noted.
        """
        if not words.strip(" .") or words.strip().lower() in _NOTHING:
            return None
        stretches, at = [Range(0, len(self._analysis.text))], 0
        if near:
            stretches.insert(0, Range(near[0].start, near[-1].end))
            at = (near[0].start + near[-1].end) // 2
        for stretch in stretches:
            grounding = ground_phrase(self._analysis, words, near=at, within=stretch)
            if grounding.accepted:
                return grounding
        self.rejected.append(
            Rejected(
                task=self._task.name,
                text=words,
                verdict=grounding.verdict,
                nearest=grounding.nearest,
                diff=grounding.diff,
            )
        )
        return None


def _held(item: OwnItem) -> int:
    """How many of an item's words are in its evidence."""
    first, last = item.evidence[0].start, item.evidence[-1].end
    spans = [span for ones in item.spans.values() for span in ones]
    return sum(first <= span.start and span.end <= last for span in spans)
