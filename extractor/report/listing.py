r"""An extraction as a listing to read line by line in a terminal or a mail.

The article's words appear in its own characters, except that line ends become spaces
and characters that could steer a terminal or turn the direction of a line (escape
sequences, bidirectional overrides) are written as `\x1b`, `\u202e`.
"""

import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from rich.console import Console
from rich.text import Text

from extractor.report.characters import clean, counted
from extractor.report.findings import BASIS, rewords
from extractor.report.places import Places
from extractor.schema import (
    AUTHOR,
    Claim,
    Event,
    Extraction,
    OwnItem,
    Provenance,
    Quote,
    Rejected,
    Span,
    Speaker,
)

_INDENT = 4
_HANG = 2
_LABEL_STYLE = "bold"
_WORDS_STYLE = "green"
_WHERE_STYLE = "dim"
_ALERT_STYLE = "red"

_TRIGGER_STYLE = "bold green"
_Item = TypeVar("_Item")


def to_text(extraction: Extraction, width: int = 80, *, color: bool = False) -> str:
    """The listing of one extraction.

    Args:
        extraction: what to list.
        width: columns to wrap at.
        color: whether to mark labels and words with ANSI colours.
    """
    buffer = io.StringIO()
    console = Console(
        file=buffer,
        width=width,
        color_system="standard" if color else None,
        force_terminal=color,
        markup=False,
        highlight=False,
        emoji=False,
        legacy_windows=False,
    )
    for line in _Listing(extraction).lines():
        _put(console, line, width)
    text = buffer.getvalue()
    return text if color else re.sub(r"[ ]+$", "", text, flags=re.M)


@dataclass(frozen=True)
class _Line:
    """One paragraph of the listing, wrapped with all its lines indented."""

    text: Text
    indent: int = 0
    hang: int = 0
    """How much farther the lines after the first are indented."""


def _put(console: Console, line: _Line, width: int) -> None:
    room = max(width - line.indent - line.hang, 20)
    for number, wrapped in enumerate(line.text.wrap(console, room) or [Text()]):
        indent = line.indent + (line.hang if number else 0)
        wrapped.rstrip()
        console.print(Text(" " * indent) + wrapped, soft_wrap=True)


def _words(spans: list[Span]) -> Text:
    return Text(" … ".join(clean(span.text) for span in spans), _WORDS_STYLE)


def _joined(*parts: str | None) -> str:
    return " · ".join(clean(part) for part in parts if part)


class _Listing:
    """The lines of one extraction's listing."""

    def __init__(self, extraction: Extraction) -> None:
        self.extraction = extraction
        self.names = {s.id: s.name for s in extraction.speakers}
        self.names[AUTHOR] = "the article"

    @cached_property
    def places(self) -> Places:
        return Places(self.extraction.document)

    def lines(self) -> Iterator[_Line]:
        """The listing from the header to the provenance."""
        found = self.extraction
        yield from self._header()
        sections: list[tuple[str, Sequence[Any], Callable[[Any], Iterator[_Line]]]] = [
            ("quotes", found.quotes, self._quote),
            ("speakers", found.speakers, self._speaker),
            ("claims", found.claims, self._claim),
            ("events", found.events, self._event),
            *((name, items, self._own) for name, items in found.items.items()),
        ]
        asked = found.provenance.tasks
        for name, items, lines_of in sections:
            if items or not asked or name in asked:
                yield from self._section(name, items, lines_of)
        if found.rejected:
            yield from self._section("rejected", found.rejected, self._rejected)
        yield _Line(Text())
        yield from _provenance(found.provenance)

    def _header(self) -> Iterator[_Line]:
        doc = self.extraction.document
        title = doc.title or doc.source or f"document {doc.id[:12]}"
        yield _Line(Text(clean(title), _LABEL_STYLE))
        yield _Line(
            Text(
                _joined(
                    doc.source if doc.source != title else None,
                    doc.published and f"published {doc.published}",
                    doc.language,
                    counted(len(doc.text.split()), "word"),
                    f"model {self.extraction.provenance.model}",
                )
            )
        )

    def _section(
        self,
        name: str,
        items: Sequence[_Item],
        lines_of: Callable[[_Item], Iterator[_Line]],
    ) -> Iterator[_Line]:
        yield _Line(Text())
        yield _Line(Text(f"{name.upper()} ({len(items)})", _LABEL_STYLE))
        if not items:
            yield _Line(Text("none found"), _INDENT)
        for item in items:
            yield from lines_of(item)

    def _quote(self, quote: Quote) -> Iterator[_Line]:
        speaker = self.names[quote.speaker] if quote.speaker else "speaker not named"
        mention = quote.speaker_mention
        if mention and quote.speaker and clean(mention.text) != clean(speaker):
            speaker += f" ({mention.text})"
        cue = f" — {quote.cue.text}" if quote.cue else ""
        yield _head(quote.id, clean(speaker + cue))
        yield _Line(_words(quote.spans), _INDENT)
        nested = f"inside {quote.nested_in}" if quote.nested_in else None
        yield self._where(quote.spans, quote.kind, nested)

    def _speaker(self, speaker: Speaker) -> Iterator[_Line]:
        quotes = sum(q.speaker == speaker.id for q in self.extraction.quotes)
        yield _head(speaker.id, clean(speaker.name))
        yield _detail(
            _joined(
                speaker.kind,
                speaker.description,
                counted(len(speaker.mentions), "mention"),
                counted(quotes, "quote"),
            )
        )

    def _claim(self, claim: Claim) -> Iterator[_Line]:
        yield _head(claim.id, clean(claim.text))
        yield _detail(
            _joined(
                self.names[claim.claimant],
                claim.modality,
                "worth checking" if claim.check_worthy else None,
            )
        )
        if rewords(claim):
            yield _Line(_words(claim.spans), _INDENT)
        yield self._where(claim.spans, *(f"in {quote}" for quote in claim.quotes))

    def _event(self, event: Event) -> Iterator[_Line]:
        time = event.time
        when = (time.value or time.span.text) if time else None
        yield _head(
            event.id, _joined(when, f"{event.type}: {event.trigger.text}", event.status)
        )
        yield _Line(self._sentence(event.trigger), _INDENT)
        for argument in event.arguments:
            yield _detail(clean(f"{argument.role}: {argument.span.text}"))
        if event.place:
            yield _detail(clean(f"place: {event.place.text}"))
        if time:
            yield _detail(clean(f"time: {time.span.text} ({BASIS[time.basis]})"))
        if event.reported_by != AUTHOR:
            yield _detail(clean(f"reported by {self.names[event.reported_by]}"))
        yield self._where([event.trigger])

    def _own(self, item: OwnItem) -> Iterator[_Line]:
        yield _Line(Text(f"{item.id}", _LABEL_STYLE))
        for name, value, spans in item.rows():
            words = Text(clean(value), _WORDS_STYLE if spans else "")
            if value:
                yield _Line(Text.assemble(clean(name), ": ", words), _INDENT, _HANG)
        yield _Line(_words(item.evidence), _INDENT)
        yield self._where(item.evidence, f"in {item.quote}" if item.quote else None)

    def _rejected(self, rejected: Rejected) -> Iterator[_Line]:
        yield _head("-", f"{rejected.task}: {rejected.verdict}", _ALERT_STYLE)
        yield _detail(f"model:   {clean(rejected.text)}")
        if rejected.nearest:
            yield _detail(f"article: {clean(rejected.nearest.text)}")
        if rejected.diff:
            yield _detail(f"diff:    {clean(rejected.diff)}")
        if rejected.nearest:
            yield self._where([rejected.nearest])

    def _where(self, spans: list[Span], *labels: str | None) -> _Line:
        paragraph = f"paragraph {self.places.paragraph(spans[0])}"
        ends = ", ".join(f"{span.start}-{span.end}" for span in spans)
        where = _joined(*labels, paragraph, f"characters {ends}")
        return _Line(Text(where, _WHERE_STYLE), _INDENT, _HANG)

    def _sentence(self, trigger: Span) -> Text:
        """The sentence of a trigger, with the trigger set off by colour."""
        before, after = self.places.around(trigger)
        return Text.assemble(
            clean(before) + (" " if before[-1:].isspace() else ""),
            (clean(trigger.text), _TRIGGER_STYLE),
            (" " if after[:1].isspace() else "") + clean(after),
        )


def _head(id: str, text: str, style: str = _LABEL_STYLE) -> _Line:
    label = f"{id:<{_INDENT - 1}} "
    return _Line(Text(label + text, style), hang=_INDENT)


def _detail(text: str) -> _Line:
    return _Line(Text(text), _INDENT, _HANG)


def _provenance(provenance: Provenance) -> Iterator[_Line]:
    usage = provenance.usage
    parts = [
        f"{provenance.model} ({provenance.engine or provenance.endpoint})",
        f"{provenance.seconds:.1f} s",
    ]
    if provenance.calls:
        parts += [
            counted(provenance.calls, "call"),
            f"{usage.prompt_tokens:,} prompt tokens "
            f"({usage.cached_tokens:,} from the cache)",
            f"{usage.completion_tokens:,} generated",
        ]
    yield _Line(Text(_joined(*parts), _WHERE_STYLE), hang=_HANG)
    failures = Counter(
        f"failed: {f.task} ({f.code}): {f.message}" for f in provenance.failures
    )
    for failure, times in failures.items():
        again = f" ({times} times)" if times > 1 else ""
        yield _Line(Text(clean(failure + again), _ALERT_STYLE), hang=_HANG)
    for warning in provenance.warnings:
        yield _Line(Text(clean(f"note: {warning}")), hang=_HANG)
