"""The classes of error of a quote. Each item has exactly one, the gravest it has.

| class | what happened |
|---|---|
| `correct` | right speaker, kind and boundaries, marks at the ends aside |
| `speaker.missing`, `speaker.spurious` | nobody found; somebody found for nobody |
| `speaker.source_of_source` | the label chains speakers, another link was found |
| `speaker.unresolved` | the speaker found is a pronoun nobody stands behind |
| `speaker.kind` | a person for an organisation, or the like |
| `speaker.other` | somebody else |
| `kind` | direct for indirect, or the like |
| `boundary.truncated`, `.overextended`, `.shifted` | part of the content |
| `merged` | missed, but inside a content found for another label |
| `missed` | not found |
| `spurious.split`, `.duplicate` | again inside a label that has its pair |
| `spurious.exempt` | a title, name or scare quote, as labelled |
| `spurious.scare` | three words at most in quotation marks, with no cue |
| `spurious.unattributed` | with neither speaker nor cue |
| `spurious.other` | anything else that nobody labelled |
| `optional` | counts for nothing |
"""

from collections.abc import Sequence

from extractor.evaluation.alignment import Region
from extractor.evaluation.gold import GoldArticle, GoldQuote
from extractor.evaluation.scoring.entities import is_pronoun, overlap
from extractor.evaluation.scoring.outcomes import Status

_INSIDE = 0.8
"""Share of an item's characters inside another that makes it a part of that."""
_SAME = 0.5
_SCARE_WORDS = 3


def classify_pair(
    gold: GoldQuote,
    predicted: GoldQuote,
    regions: tuple[Region, Region],
    *,
    exact: bool,
    trimmed: bool,
    speaker: bool,
    kinds: tuple[str | None, str | None],
) -> tuple[Status, str]:
    """MUC status and class of an aligned pair.

    Args:
        gold: the label.
        predicted: what was found for it.
        regions: their characters, ends trimmed.
        exact: the spans are the same.
        trimmed: the same but for marks at the ends.
        speaker: the speaker is right.
        kinds: of the two speakers, where they are known.
    """
    if gold.optional:
        return "ignored", "optional"
    if not speaker:
        return "incorrect", f"speaker.{_speaker_error(gold, predicted, kinds)}"
    if gold.kind != predicted.kind:
        return "incorrect", "kind"
    if exact or trimmed:
        return "correct", "correct"
    return "partial", f"boundary.{_boundary_error(*regions)}"


def classify_spurious(
    quote: GoldQuote, region: Region, taken: Sequence[Region], gold: GoldArticle
) -> str:
    """Class of a found quote that has no pair.

    Args:
        quote: what was found.
        region: its characters, ends trimmed.
        taken: the characters of labels that have their pair.
        gold: the labels, for what they exempt.
    """
    if any(region.similarity(one) >= _SAME for one in taken):
        return "spurious.duplicate"
    if any(region.inside(one) >= _INSIDE for one in taken):
        return "spurious.split"
    if any(overlap(span, one) for span in quote.spans for one in gold.exempt):
        return "spurious.exempt"
    words = sum(len(span.text.split()) for span in quote.spans)
    if quote.kind == "direct" and words <= _SCARE_WORDS and not quote.cue:
        return "spurious.scare"
    if not quote.cue and not quote.speaker and not quote.speaker_mention:
        return "spurious.unattributed"
    return "spurious.other"


def _speaker_error(
    gold: GoldQuote, predicted: GoldQuote, kinds: tuple[str | None, str | None]
) -> str:
    mention = predicted.speaker_mention
    if not mention and not predicted.speaker:
        return "missing"
    if not gold.speaker and not gold.speaker_mention:
        return "spurious"
    if "chained" in gold.tags:
        return "source_of_source"
    if mention and is_pronoun(mention.text) and not predicted.speaker:
        return "unresolved"
    if all(kinds) and (kinds[0] == "person") != (kinds[1] == "person"):
        return "kind"
    return "other"


def _boundary_error(gold: Region, predicted: Region) -> str:
    shared = gold.shared(predicted)
    if shared == predicted.size:
        return "truncated"
    if shared == gold.size:
        return "overextended"
    return "shifted"
