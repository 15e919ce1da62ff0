"""Articles against each other: labels that differ, counts that stand out (W2, W3)."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median
from typing import Final

from extractor.evaluation.gold import LAYERS, GoldArticle, Layer
from extractor.evaluation.lint.drafts import Draft
from extractor.evaluation.lint.findings import Finding
from extractor.evaluation.lint.offsets import SHOWN
from extractor.grounding.folding import fold

FEWEST: Final = 8
"""Articles of a layer from which on one can stand out."""
CUTOFF: Final = 3.5
"""Modified z-score that stands out (Iglewicz and Hoaglin 1993)."""
_MAD_TO_SD = 1.4826
_POISSON_SD = 0.5
"""Standard deviation of the square root of a Poisson count (Bartlett 1936)."""


@dataclass(frozen=True)
class _Use:
    """One labelling of some words."""

    draft: Draft
    item: str
    label: str


def check_labels(drafts: Sequence[Draft]) -> Iterator[Finding]:
    """Words whose label is another one elsewhere, against the more frequent (W2).

    Compared are the kind of a name, the type of a trigger, and whether what stands in
    quotation marks is a quote or exempt.
    """
    uses: defaultdict[tuple[str, str], list[_Use]] = defaultdict(list)
    for draft in drafts:
        for what, words, item, label in _labelled(draft.article):
            key = what, fold(words).text.casefold().strip(" ,.")
            uses[key].append(_Use(draft, item, label))
    for (what, words), group in uses.items():
        counts = Counter(use.label for use in group)
        usual = counts.most_common(1)[0][0]
        example = next(use for use in group if use.label == usual)
        for use in group:
            if use.label != usual:
                message = (
                    f"the {what} {words[:SHOWN]!r} is {use.label} here, but {usual} "
                    f"in {example.draft.file} {example.item}"
                )
                remedy = "mend one of them, if the words mean the same"
                yield use.draft.finding("W2", use.item, message, remedy)


def _labelled(article: GoldArticle) -> Iterator[tuple[str, str, str, str]]:
    """What sort of words, the words, the item and its label."""
    for entity in article.entities:
        yield "name", entity.name, entity.id, entity.kind
    for event in article.events:
        if event.trigger:
            yield "trigger", event.trigger.text, event.id, event.type
    for quote in article.quotes:
        if quote.kind == "direct":
            words = " ".join(span.text for span in quote.spans)
            yield "quotation", words, quote.id, "a quote"
    for span in article.exempt:
        yield "quotation", span.text.strip("\"'“”‘’«»"), "exempt", "exempt"


def check_counts(drafts: Sequence[Draft]) -> Iterator[Finding]:
    """Articles with far more or fewer items of a layer than their length suggests (W3).

    The expected count is the median rate times the length; deviations are taken
    between square roots, where counts spread alike whatever their size.
    """
    for layer in LAYERS:
        labelled = [d for d in drafts if layer in d.article.layers and d.text]
        if len(labelled) < FEWEST:
            continue
        counts = [_count(draft.article, layer) for draft in labelled]
        lengths = [len(draft.text) for draft in labelled]
        rate = median(n / size for n, size in zip(counts, lengths, strict=True))
        expected = [rate * size for size in lengths]
        off = [sqrt(n) - sqrt(e) for n, e in zip(counts, expected, strict=True)]
        spread = max(_MAD_TO_SD * median(map(abs, off)), _POISSON_SD)
        for draft, n, e, deviation in zip(labelled, counts, expected, off, strict=True):
            if abs(deviation) > CUTOFF * spread:
                message = f"{n} {layer}, where its length suggests about {e:.0f}"
                remedy = "see whether the labels are complete and none is double"
                yield draft.finding("W3", "", message, remedy)


def _count(article: GoldArticle, layer: Layer) -> int:
    items: dict[Layer, int] = {
        "quotes": len(article.quotes),
        "speakers": len(article.entities),
        "claims": len(article.claims),
        "events": len(article.events),
    }
    return items[layer]
