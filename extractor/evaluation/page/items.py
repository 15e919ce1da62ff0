"""Items as the page lists them: their fate, their words, both sides of them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from extractor.evaluation.gold import (
    Entity,
    GoldArticle,
    GoldClaim,
    GoldEvent,
    GoldItem,
    GoldQuote,
    Layer,
)
from extractor.evaluation.page.rendering import ERROR
from extractor.evaluation.scoring.article import ArticleScores
from extractor.evaluation.scoring.outcomes import Outcome
from extractor.report import clean
from extractor.schema import AUTHOR, Span, field_text

RIGHT: Final = frozenset({"correct", "ignored"})
"""States of an item that is no error."""
_LONGEST: Final = 300
"""Characters of an item's words in the list; the text has them all."""

Names = Mapping[str, str]
Description = dict[str, str]


@dataclass(frozen=True)
class Field:
    """One property of an item on both sides."""

    name: str
    gold: str
    found: str

    @property
    def differs(self) -> bool:
        """Whether both sides have it and say different things."""
        return bool(self.gold and self.found) and self.gold != self.found


@dataclass(frozen=True)
class Item:
    """One outcome on the page."""

    number: int
    """Running number on the page, which ties the text to the list."""
    anchor: str
    outcome: Outcome
    fields: tuple[Field, ...] = ()

    @property
    def is_error(self) -> bool:
        """Whether it is neither right nor optional."""
        return self.outcome.status not in RIGHT

    @property
    def classes(self) -> list[str]:
        """What the filter by class knows it as."""
        return [ERROR, self.outcome.error] if self.is_error else [self.outcome.error]

    @property
    def slices(self) -> list[str]:
        """The groups it is counted in too."""
        return [clean(name) for name in self.outcome.slices]

    @property
    def sides(self) -> list[str]:
        """Whether it counts as labelled, as found, or as a pair of both."""
        outcome = self.outcome
        if outcome.status == "ignored":
            return []
        present = {"gold": outcome.gold, "found": outcome.predicted}
        sides = [side for side, id_ in present.items() if id_]
        return [*sides, "pair"] if len(sides) > 1 else sides

    @property
    def label(self) -> str:
        """What the list calls it: its id on either side."""
        gold, found = self.outcome.gold, self.outcome.predicted
        return " / ".join(clean(id_) for id_ in dict.fromkeys((gold, found)) if id_)

    @property
    def words(self) -> str:
        """Its words as labelled, else as found."""
        return shorten(self.outcome.gold_spans or self.outcome.predicted_spans)

    @property
    def found_words(self) -> str:
        """The words found, where they are not those labelled."""
        outcome = self.outcome
        if not outcome.gold_spans or outcome.predicted_spans == outcome.gold_spans:
            return ""
        return shorten(outcome.predicted_spans)

    @cached_property
    def length(self) -> int:
        """Characters from its first to its last."""
        spans = [*self.outcome.gold_spans, *self.outcome.predicted_spans]
        if not spans:
            return 0
        return max(span.end for span in spans) - min(span.start for span in spans)


class Anchors:
    """Names of places on the page, each given once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def name(self, *parts: str) -> str:
        """A name made of parts, safe in an address; a number where it is taken."""
        plain = ".".join(re.sub(r"[^\w+.-]", "_", part) for part in parts)
        name = plain if plain[:5] != "page-" else f"_{plain}"
        count = 1
        while name in self._taken:
            count += 1
            name = f"{plain}~{count}"
        self._taken.add(name)
        return name


def list_items(
    scores: ArticleScores,
    gold: GoldArticle | None,
    found: GoldArticle | None,
    anchor: str,
    anchors: Anchors,
    first: int,
) -> list[Item]:
    """The items of an article, in the order of the text within each layer.

    Args:
        scores: what became of them.
        gold: the labels, for what is known of an item besides its fate.
        found: what was found, likewise.
        anchor: name of the article's own place.
        anchors: names given so far.
        first: running number of the first item.
    """
    outcomes = [
        outcome
        for layer in scores.layers.values()
        for outcome in sorted(layer.outcomes, key=_place)
    ]
    known = _index(gold), _index(found)
    items = []
    for number, outcome in enumerate(outcomes, first):
        own = outcome.gold or f"+{outcome.predicted}"
        name = anchors.name(anchor, outcome.layer, own)
        sides = (
            known[0].get((outcome.layer, outcome.gold or ""), {}),
            known[1].get((outcome.layer, outcome.predicted or ""), {}),
        )
        items.append(Item(number, name, outcome, _fields(*sides)))
    return items


def shorten(spans: Sequence[Span]) -> str:
    """The words of some spans on one line, cut where it gets long."""
    line = clean(" … ".join(span.text for span in spans))
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"


def _place(outcome: Outcome) -> tuple[int, int]:
    spans = outcome.gold_spans or outcome.predicted_spans
    return (spans[0].start, -spans[-1].end) if spans else (-1, 0)


def _fields(gold: Description, found: Description) -> tuple[Field, ...]:
    return tuple(
        Field(name, clean(gold.get(name, "")), clean(found.get(name, "")))
        for name in dict.fromkeys([*gold, *found])
        if gold.get(name) or found.get(name)
    )


def _index(article: GoldArticle | None) -> dict[tuple[Layer, str], Description]:
    """What is known of each labelled item of an article."""
    if article is None:
        return {}
    names = {entity.id: entity.name for entity in article.entities}
    names[AUTHOR] = "the article"
    described: dict[Layer, Sequence[Any]] = {
        "quotes": article.quotes,
        "speakers": article.entities,
        "claims": article.claims,
        "events": article.events,
    }
    own = {
        (layer, item.id): _describe_item(item)
        for layer, items in article.items.items()
        for item in items
    }
    return own | {
        (layer, one.id): _DESCRIBERS[layer](one, names)
        for layer, ones in described.items()
        for one in ones
    }


def _describe_quote(quote: GoldQuote, names: Names) -> Description:
    return {
        "kind": quote.kind,
        "speaker": _name(quote.speaker, names),
        "named by": _text(quote.speaker_mention),
        "cue": _text(quote.cue),
        "inside": quote.nested_in or "",
        "note": quote.note or "",
    }


def _describe_entity(entity: Entity, names: Names) -> Description:
    return {
        "name": entity.name,
        "kind": entity.kind,
        "also": ", ".join(entity.aliases),
        "mentions": str(len(entity.mentions) or ""),
    }


def _describe_claim(claim: GoldClaim, names: Names) -> Description:
    return {
        "claim": claim.text,
        "claimant": _name(claim.claimant, names),
        "modality": claim.modality,
        "worth checking": "yes" if claim.check_worthy else "no",
        "note": claim.note or "",
    }


def _describe_event(event: GoldEvent, names: Names) -> Description:
    arguments: dict[str, list[str]] = {}
    for argument in event.arguments:
        arguments.setdefault(argument.role, []).append(argument.mentions[0].text)
    time = event.time
    return {
        "type": event.type,
        "trigger": _text(event.trigger),
        **{role: ", ".join(texts) for role, texts in arguments.items()},
        "place": event.place[0].text if event.place else "",
        "time": (time.value or _text(time.span)) if time else "",
        "status": event.status or "",
        "reported by": _name(event.reported_by, names),
        "note": event.note or "",
    }


def _describe_item(item: GoldItem) -> Description:
    fields = {name: field_text(value) for name, value in item.fields.items()}
    words = {
        name: " … ".join(span.text for span in spans)
        for name, spans in item.spans.items()
    }
    return {**fields, **words, "note": item.note or ""}


def _name(id_: str | None, names: Names) -> str:
    return names.get(id_, id_) if id_ else ""


def _text(span: Span | None) -> str:
    return span.text if span else ""


_DESCRIBERS: Final[dict[Layer, Callable[[Any, Names], Description]]] = {
    "quotes": _describe_quote,
    "speakers": _describe_entity,
    "claims": _describe_claim,
    "events": _describe_event,
}
