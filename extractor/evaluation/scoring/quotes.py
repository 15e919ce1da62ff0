"""Quotes: aligned by their characters, then judged by boundary, kind and speaker.

Quotes are aligned by their contents alone, at an intersection over union of .5 of the
characters, quotation marks and closing punctuation at the ends left out. The speaker is
judged afterwards, given the pair. Measures, each an F1 over items unless said:

| measure | a pair counts |
|---|---|
| `iou50`, `iou80` | that much of the characters is shared |
| `exact` | the spans are the same, character for character |
| `trimmed` | the same but for marks and punctuation at the ends |
| `soft` | as much as the share of its characters |
| `joint` | at `iou50`, and the speaker is right: the headline |
| `speaker` | share of pairs with the right speaker |
| `speaker_mention` | share of pairs whose labelled mention is the one found |
| `kind` | share of pairs of the right kind |
| `characters` | characters inside any quote, not items |
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from extractor.evaluation.alignment import Matching, Region, make_region, match
from extractor.evaluation.alignment.matching import Pair
from extractor.evaluation.alignment.regions import union
from extractor.evaluation.gold import Entity, GoldArticle, GoldQuote
from extractor.evaluation.scoring.entities import (
    has_right_speaker,
    is_pronoun,
    map_entities,
    overlap,
)
from extractor.evaluation.scoring.errors import classify_pair, classify_spurious
from extractor.evaluation.scoring.outcomes import (
    LayerScores,
    Outcome,
    count_muc,
)
from extractor.evaluation.statistics import Counts

THRESHOLD = 0.5
"""Pairs below this intersection over union are forbidden."""
CLOSE = 0.8


@dataclass(frozen=True)
class QuoteItem:
    """A quote with its characters."""

    quote: GoldQuote
    whole: tuple[Region, ...]
    """As labelled: the content, then its alternatives."""
    trimmed: tuple[Region, ...]
    """The same without marks and punctuation at the ends."""
    slices: tuple[str, ...]

    @cached_property
    def key(self) -> tuple[object, ...]:
        """Orders items by what they are, not by where they stood in a list."""
        quote = self.quote
        mention = quote.speaker_mention
        return (
            self.trimmed[0],
            self.whole[0],
            quote.kind,
            quote.optional,
            (mention.start, mention.end) if mention else (-1, -1),
            quote.speaker or "",
            quote.id,
        )

    def similarity(self, other: "QuoteItem") -> float:
        """Of the best of the alternatives."""
        return max(a.similarity(b) for a in self.trimmed for b in other.trimmed)

    def is_exact(self, other: "QuoteItem") -> bool:
        """Whether any alternative is the same, character for character."""
        return any(a == b for a in self.whole for b in other.whole)


@dataclass(frozen=True)
class _Judged:
    """A pair with the answers about it."""

    pair: Pair[QuoteItem, QuoteItem]
    speaker: bool

    @property
    def gold(self) -> GoldQuote:
        return self.pair.gold.quote

    @property
    def predicted(self) -> GoldQuote:
        return self.pair.predicted.quote


def score_quotes(gold: GoldArticle, predicted: GoldArticle) -> LayerScores:
    """Scores the quotes of one article.

    Args:
        gold: the labels.
        predicted: labels of the same text, by a model or another person.
    """
    matching = align_quotes(gold, predicted)
    mapped = map_entities(gold, predicted)
    entities = {entity.id: entity for entity in predicted.entities}
    judged = [
        _Judged(
            pair,
            has_right_speaker(pair.gold.quote, pair.predicted.quote, mapped, entities),
        )
        for pair in matching.pairs
    ]
    counted = [j for j in judged if not j.gold.optional]
    missed = [item for item in matching.missed if not item.quote.optional]
    spurious = [item for item in matching.spurious if not item.quote.optional]
    outcomes = [
        *_pair_outcomes(judged, gold, predicted, mapped),
        *_missed_outcomes(matching),
        *_spurious_outcomes(matching, gold),
    ]
    return LayerScores(
        measures=_measures(counted, missed, spurious),
        muc=count_muc(outcomes),
        outcomes=outcomes,
    )


def align_quotes(
    gold: GoldArticle, predicted: GoldArticle
) -> Matching[QuoteItem, QuoteItem]:
    """Pairs the quotes of two labellings of one text."""
    return match(
        _items(gold),
        _items(predicted),
        similarity=QuoteItem.similarity,
        threshold=THRESHOLD,
        preference=_preference,
    )


def _items(article: GoldArticle) -> list[QuoteItem]:
    items = []
    for quote in article.quotes:
        contents = [quote.spans, *quote.alternatives]
        items.append(
            QuoteItem(
                quote,
                tuple(make_region(article.text, c, trim=False) for c in contents),
                tuple(make_region(article.text, c) for c in contents),
                tuple(_slices(article, quote)),
            )
        )
    return sorted(items, key=lambda item: item.key)


def _slices(article: GoldArticle, quote: GoldQuote) -> Iterable[str]:
    yield quote.kind
    if quote.nested_in:
        yield "nested"
    if len(quote.spans) > 1:
        yield "split"
    if "\n\n" in article.text[quote.spans[0].start : quote.spans[-1].end]:
        yield "across_paragraphs"
    mention = quote.speaker_mention
    if mention and is_pronoun(mention.text):
        yield "pronoun_speaker"
    elif mention or quote.speaker:
        yield "named_speaker"
    else:
        yield "no_speaker"
    yield from quote.tags


def _preference(gold: QuoteItem, predicted: QuoteItem) -> int:
    """Between equal overlaps: the exact one, then kind, mention, what counts."""
    mentions = gold.quote.speaker_mention, predicted.quote.speaker_mention
    return (
        400 * gold.is_exact(predicted)
        + 200 * (gold.quote.kind == predicted.quote.kind)
        + 100 * overlap(*mentions)
        + 50 * (not gold.quote.optional)
    )


def _measures(
    judged: list[_Judged],
    missed: Iterable[QuoteItem],
    spurious: Iterable[QuoteItem],
) -> dict[str, Counts]:
    missed, spurious = list(missed), list(spurious)
    measures = _one_slice(judged, missed, spurious)
    names = {s for j in judged for s in j.pair.gold.slices}
    names |= {s for item in [*missed, *spurious] for s in item.slices}
    for name in sorted(names):
        part = _one_slice(
            [j for j in judged if name in j.pair.gold.slices],
            [item for item in missed if name in item.slices],
            [item for item in spurious if name in item.slices],
        )
        measures |= {f"{measure}/{name}": counts for measure, counts in part.items()}
    return measures


def _one_slice(
    judged: list[_Judged], missed: list[QuoteItem], spurious: list[QuoteItem]
) -> dict[str, Counts]:
    gold, predicted = len(judged) + len(missed), len(judged) + len(spurious)

    def items(matched: float) -> Counts:
        return Counts(matched, gold, predicted)

    def given(right: Iterable[bool]) -> Counts:
        answers = list(right)
        return Counts(sum(answers), len(answers), len(answers))

    pairs = [j.pair for j in judged]
    located = [j for j in judged if j.gold.speaker_mention]
    covered = union(p.gold.trimmed[0] for p in pairs)
    return {
        "iou50": items(len(pairs)),
        "iou80": items(sum(p.similarity >= CLOSE for p in pairs)),
        "exact": items(sum(p.gold.is_exact(p.predicted) for p in pairs)),
        "trimmed": items(sum(p.similarity == 1 for p in pairs)),
        "soft": items(sum(p.similarity for p in pairs)),
        "joint": items(sum(j.speaker for j in judged)),
        "speaker": given(j.speaker for j in judged),
        "speaker_mention": given(
            overlap(j.gold.speaker_mention, j.predicted.speaker_mention)
            for j in located
        ),
        "kind": given(j.gold.kind == j.predicted.kind for j in judged),
        "characters": _characters(covered, judged, missed, spurious),
    }


def _characters(
    covered: Region,
    judged: list[_Judged],
    missed: list[QuoteItem],
    spurious: list[QuoteItem],
) -> Counts:
    labelled = union([covered, *(item.trimmed[0] for item in missed)])
    paired = [j.pair.predicted.trimmed[0] for j in judged]
    found = union([*paired, *(item.trimmed[0] for item in spurious)])
    return Counts(labelled.shared(found), labelled.size, found.size)


def _pair_outcomes(
    judged: Iterable[_Judged],
    gold: GoldArticle,
    predicted: GoldArticle,
    mapped: Mapping[str, str],
) -> Iterable[Outcome]:
    names = {e.id: e for e in gold.entities}, {e.id: e for e in predicted.entities}
    for j in judged:
        status, error = classify_pair(
            j.pair.gold.quote,
            j.pair.predicted.quote,
            (j.pair.gold.trimmed[0], j.pair.predicted.trimmed[0]),
            exact=j.pair.gold.is_exact(j.pair.predicted),
            trimmed=j.pair.similarity == 1,
            speaker=j.speaker,
            kinds=(
                _kind(names[0], j.gold.speaker),
                _kind(names[1], j.predicted.speaker),
            ),
        )
        wrong = error.startswith("speaker")
        yield Outcome(
            layer="quotes",
            status=status,
            error=error,
            gold=j.gold.id,
            predicted=j.predicted.id,
            gold_spans=j.gold.spans,
            predicted_spans=j.predicted.spans,
            slices=list(j.pair.gold.slices),
            detail=_speakers(j, names) if wrong else None,
        )


def _kind(entities: Mapping[str, Entity], id_: str | None) -> str | None:
    entity = entities.get(id_ or "")
    return entity.kind if entity else None


def _speakers(
    judged: _Judged, entities: tuple[Mapping[str, Entity], Mapping[str, Entity]]
) -> str:
    said = []
    for quote, known in zip((judged.gold, judged.predicted), entities, strict=True):
        mention = quote.speaker_mention.text if quote.speaker_mention else None
        entity = known.get(quote.speaker or "")
        name = entity.name if entity else None
        form = f"{name} ({mention})" if name and mention != name and mention else name
        said.append(form or mention or "nobody")
    return f"labelled {said[0]}, found {said[1]}"


def _missed_outcomes(
    matching: Matching[QuoteItem, QuoteItem],
) -> Iterable[Outcome]:
    taken = [pair.predicted for pair in matching.pairs]
    for item in matching.missed:
        merged = any(item.trimmed[0].inside(t.trimmed[0]) >= CLOSE for t in taken)
        error = "merged" if merged else "missed"
        yield Outcome(
            layer="quotes",
            status="ignored" if item.quote.optional else "missed",
            error="optional" if item.quote.optional else error,
            gold=item.quote.id,
            gold_spans=item.quote.spans,
            slices=list(item.slices),
        )


def _spurious_outcomes(
    matching: Matching[QuoteItem, QuoteItem], gold: GoldArticle
) -> Iterable[Outcome]:
    taken = [pair.gold.trimmed[0] for pair in matching.pairs]
    for item in matching.spurious:
        error = classify_spurious(item.quote, item.trimmed[0], taken, gold)
        yield Outcome(
            layer="quotes",
            status="ignored" if item.quote.optional else "spurious",
            error="optional" if item.quote.optional else error,
            predicted=item.quote.id,
            predicted_spans=item.quote.spans,
            slices=list(item.slices),
        )
