"""The gold format: hand-made labels of one article, beside its untouched text.

A gold article is two files: `<id>.txt`, byte for byte what the annotators read, and
`<id>.json`, a `GoldArticle` without the text. Offsets are 0-based, half-open and count
Unicode code points of the text; every span also stores its own text, so that an offset
that has slipped is found when the file is loaded.

What annotators may honestly differ about is part of a label: `alternatives` are other
spans that are as right, and an `optional` item is neither rewarded nor punished.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, JsonValue, ValidationError, model_validator

from extractor.errors import GoldError
from extractor.schema import (
    AUTHOR,
    EventStatus,
    Frozen,
    Modality,
    OurTask,
    QuoteKind,
    Span,
    SpeakerKind,
    TaskName,
)

SCHEMA: Final = "extractor-gold/1"

Layer = TaskName
"""One of `LAYERS`, or the name of a task of the user's own."""
LAYERS: Final[tuple[OurTask, ...]] = ("quotes", "speakers", "claims", "events")

Split = Literal["train", "dev", "test"]


class Entity(Frozen):
    """Somebody or something that speaks, claims or takes part."""

    id: str
    name: str
    """Fullest form in the article."""
    kind: SpeakerKind = "person"
    aliases: list[str] = Field(default_factory=list)
    """Other forms that name it: short names, roles, acronyms. No pronouns."""
    mentions: list[Span] = Field(default_factory=list)
    """Labelled places, pronouns included; need not be all."""


class Label(Frozen):
    """What quotes, claims and events have in common."""

    id: str
    optional: bool = False
    """Whether finding it is neither rewarded nor punished."""
    tags: list[str] = Field(default_factory=list)
    """Slices it belongs to besides those computed: `chained`, `denial`."""
    note: str | None = None


class GoldQuote(Label):
    """Reported speech."""

    kind: QuoteKind
    spans: list[Span] = Field(min_length=1)
    """The content without its outer quotation marks, in order."""
    alternatives: list[list[Span]] = Field(default_factory=list)
    """Other boundaries that are as right, each a whole content."""
    speaker: str | None = None
    """`Entity.id`; null where nobody is named, or where only mentions are labelled."""
    speaker_mention: Span | None = None
    cue: Span | None = None
    nested_in: str | None = None


class GoldClaim(Label):
    """One checkable statement."""

    text: str
    spans: list[Span] = Field(min_length=1)
    """The evidence."""
    alternatives: list[list[Span]] = Field(default_factory=list)
    claimant: str
    """`Entity.id`, or `author`."""
    modality: Modality = "asserted"
    check_worthy: bool = True


class GoldArgument(Frozen):
    """A participant: any of its mentions is as right as another."""

    role: str
    mentions: list[Span] = Field(min_length=1)
    entity: str | None = None
    optional: bool = False


class GoldTime(Frozen):
    """When an event took place."""

    span: Span | None = None
    value: str | None = None
    """EDTF / ISO 8601, no finer than the article."""


class GoldEvent(Label):
    """Something that happened, is planned, possible or denied."""

    type: str
    trigger: Span | None = None
    """Null where a corpus labels incidents without naming a word."""
    alternatives: list[Span] = Field(default_factory=list)
    """Other triggers that are as right."""
    arguments: list[GoldArgument] = Field(default_factory=list)
    place: list[Span] = Field(default_factory=list)
    """Acceptable mentions of the place."""
    time: GoldTime | None = None
    status: EventStatus | None = None
    reported_by: str = AUTHOR


class GoldItem(Label):
    """Something that a task of the user's own should find."""

    fields: dict[str, JsonValue] = Field(default_factory=dict)
    """By the names of the task's model; those that need no span may be left out."""
    spans: dict[str, list[Span]] = Field(default_factory=dict)
    """The article's words for a field; any span of `alternatives` is as right."""
    alternatives: dict[str, list[list[Span]]] = Field(default_factory=dict)
    evidence: list[Span] = Field(default_factory=list)
    """The sentence that says it; needed where no field has spans."""

    @property
    def place(self) -> list[Span]:
        """The words of its fields, else its evidence."""
        words = [span for spans in self.spans.values() for span in spans]
        return words or self.evidence

    @model_validator(mode="after")
    def _check_place(self) -> "GoldItem":
        if not self.place:
            raise ValueError("an item needs spans or evidence")
        return self


class Source(Frozen):
    """Where the article comes from and how its text is known again."""

    id: str
    text_file: str
    """Name of the text file, in the same folder."""
    sha256: str
    """Of the file's bytes."""
    characters: int
    """Code points of the text."""
    title: str | None = None
    published: str | None = None
    """ISO 8601 date."""
    language: str | None = None
    outlet: str | None = None
    url: str | None = None
    licence: str | None = None
    split: Split | None = None


class Change(Frozen):
    """One entry of a file's history."""

    date: str
    by: str
    what: str


class Annotation(Frozen):
    """Who labelled, from which guidelines, what happened since."""

    guideline: str | None = None
    """Version of the guidelines, as their first line says."""
    annotators: list[str] = Field(default_factory=list)
    adjudicated_by: str | None = None
    date: str | None = None
    prelabel: str | None = None
    """Model whose output the annotators started from; null: none, from the text."""
    history: list[Change] = Field(default_factory=list)


class GoldArticle(Frozen):
    """The labels of one article."""

    schema_: Annotated[Literal["extractor-gold/1"], Field(alias="schema")] = SCHEMA
    doc: Source
    layers: list[Layer] = Field(default_factory=lambda: list[str](LAYERS))
    """What was labelled. An empty list of claims means none only if this says so."""
    entities: list[Entity] = Field(default_factory=list)
    quotes: list[GoldQuote] = Field(default_factory=list)
    claims: list[GoldClaim] = Field(default_factory=list)
    events: list[GoldEvent] = Field(default_factory=list)
    items: dict[Layer, list[GoldItem]] = Field(default_factory=dict)
    """Of the layers that are tasks of the user's own, each of which is here."""
    exempt: list[Span] = Field(default_factory=list)
    """Text in quotation marks that is no quote: titles, names, scare quotes."""
    annotation: Annotation = Annotation()
    text: Annotated[str, Field(exclude=True)] = ""
    """The article, from `text_file`; not stored in the JSON."""

    model_config = Frozen.model_config | {
        "validate_by_name": True,
        "serialize_by_alias": True,
    }

    def spans(self) -> Iterator[tuple[str, Span]]:
        """Every span, with the id of the item it belongs to."""
        for entity in self.entities:
            yield from ((entity.id, span) for span in entity.mentions)
        for quote in self.quotes:
            parts = [quote.spans, *quote.alternatives]
            yield from ((quote.id, span) for part in parts for span in part)
            pair = (quote.speaker_mention, quote.cue)
            yield from ((quote.id, span) for span in pair if span)
        for claim in self.claims:
            parts = [claim.spans, *claim.alternatives]
            yield from ((claim.id, span) for part in parts for span in part)
        for event in self.events:
            yield from ((event.id, span) for span in _event_spans(event))
        for items in self.items.values():
            yield from ((i.id, span) for i in items for span in _item_spans(i))
        yield from (("exempt", span) for span in self.exempt)

    def emptied(self) -> "GoldArticle":
        """The same article, looked through for the same layers, nothing found."""
        own = {layer: list[GoldItem]() for layer in self.items}
        return GoldArticle(doc=self.doc, layers=self.layers, items=own, text=self.text)

    @model_validator(mode="after")
    def _check_layers(self) -> "GoldArticle":
        unknown = [x for x in self.layers if x not in LAYERS and x not in self.items]
        if unknown:
            raise ValueError(
                f"layers: {unknown[0]!r} is none of {', '.join(LAYERS)}, nor one of "
                "your own, which would be under items"
            )
        return self

    @model_validator(mode="after")
    def _check_offsets(self) -> "GoldArticle":
        if not self.text:
            return self
        for item, span in self.spans():
            found = self.text[span.start : span.end]
            if found != span.text:
                raise ValueError(
                    f"{item}: the text at {span.start}..{span.end} is {found[:40]!r}, "
                    f"not {span.text[:40]!r}"
                )
        return self


def _event_spans(event: GoldEvent) -> Iterator[Span]:
    if event.trigger:
        yield event.trigger
    yield from event.alternatives
    for argument in event.arguments:
        yield from argument.mentions
    yield from event.place
    if event.time and event.time.span:
        yield event.time.span


def _item_spans(item: GoldItem) -> Iterator[Span]:
    parts = [*item.spans.values(), item.evidence]
    parts += [span for others in item.alternatives.values() for span in others]
    yield from (span for part in parts for span in part)


def make_source(id_: str, text: str, **known: str | None) -> Source:
    """The `Source` of a text, with its hash and length.

    Args:
        id_: the article's id, also the name of its files.
        text: the article.
        **known: title, published, language, outlet, url, licence, split.
    """
    fields = {
        "id": id_,
        "text_file": f"{id_}.txt",
        "sha256": hash_text(text),
        "characters": len(text),
        **known,
    }
    return Source.model_validate(fields)


def hash_text(text: str) -> str:
    """Sha256 hex digest of a text's bytes in UTF-8."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def read_article(path: Path) -> GoldArticle:
    """The gold article in `path`, with the text that lies beside it.

    Raises:
        GoldError: a file is missing or not gold, the text is not the one that was
            labelled, or a span is not what the text says there.
    """
    return parse_article(_read_json(path), path)


def parse_article(content: object, path: Path) -> GoldArticle:
    """As `read_article`, for JSON that has been read already.

    Args:
        content: what the JSON file holds.
        path: the file, for its folder and for messages.
    """
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        raise GoldError(
            f"{path} is not a gold article: its schema is not {SCHEMA!r}; "
            "see `extractor schema gold`, or bring it in with `extractor gold import`."
        )
    try:
        article = GoldArticle.model_validate(content)
    except ValidationError as error:
        raise GoldError(f"{path}: {_first(error)}; mend the label.") from None
    beside = path.parent / article.doc.text_file
    text = read_text(beside)
    if hash_text(text) != article.doc.sha256:
        raise GoldError(
            f"{beside} is not the text that {path.name} labels: its sha256 differs; "
            "restore the text, or label it anew."
        )
    try:
        return GoldArticle.model_validate({**content, "text": text})
    except ValidationError as error:
        raise GoldError(
            f"{path}: {_first(error)}; mend the offsets (`extractor gold lint --fix` "
            "where the words occur once)."
        ) from None


def write_article(article: GoldArticle, folder: Path) -> Path:
    """Writes an article's two files into a folder, which is made if need be.

    Returns:
        The path of the JSON file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    data = article.text.encode("utf-8", "surrogatepass")
    (folder / article.doc.text_file).write_bytes(data)
    path = folder / f"{article.doc.id}.json"
    content = article.model_dump(mode="json", exclude_defaults=True)
    content = {"schema": SCHEMA, **content, "layers": list(article.layers)}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return path


def read_text(path: Path) -> str:
    """A text file as it is: UTF-8, line ends untouched.

    Raises:
        GoldError: it is missing or not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8", "surrogatepass")
    except OSError:
        raise GoldError(
            f"{path} cannot be read; the text must lie beside its labels."
        ) from None
    except UnicodeDecodeError:
        raise GoldError(f"{path} is not UTF-8; save it as UTF-8.") from None


def _read_json(path: Path) -> object:
    try:
        return json.loads(path.read_text("utf-8"))
    except OSError:
        raise GoldError(f"{path} cannot be read; check the name.") from None
    except ValueError as error:
        raise GoldError(f"{path} is not JSON ({error}); mend it.") from None


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    message = first["msg"].removeprefix("Value error, ")
    return f"{where}: {message}" if where else message
