"""Claims, scored without a judge.

How claims are aligned, and what contradicts, see `claim_pairs`. Measures, an F1 over
claims unless said:

| measure | what it counts |
|---|---|
| `coverage` | claims that the other side's cover together: the headline |
| `one_to_one` | aligned pairs that do not contradict each other |
| `aligned` | all aligned pairs |
| `soft` | pairs of `one_to_one`, each for its similarity |
| `claimant`, `modality`, `check_worthy` | share of aligned pairs where it is right |
| `duplicates` | share of the found claims that repeat another; less is better |

How finely statements are cut into claims is arbitrary, hence `coverage`: a claim counts
if .8 of its evidence lies inside the other side's, and .6 of its words stand in the
claims that share evidence with it. Recall is that of labelled claims in found ones,
precision that of found ones in labelled ones. It knows no contradiction.

| class | what happened |
|---|---|
| `correct` | right, with half of the words and of the evidence at least |
| `polarity`, `number`, `date`, `roles`, `modality` | the pair is contradicted |
| `claimant` | somebody else's claim |
| `wording`, `evidence` | less than half of the words, of the evidence agree |
| `merged` | missed, but inside a claim found for another label |
| `missed` | not found |
| `spurious.duplicate` | repeats a claim that has its pair |
| `spurious.split` | part of a label that has its pair |
| `spurious.other` | anything else that nobody labelled |
| `optional` | counts for nothing |
"""

from collections.abc import Iterable, Sequence

from extractor.evaluation.alignment import Matching
from extractor.evaluation.gold import GoldArticle
from extractor.evaluation.scoring.claim_pairs import (
    SAME,
    ClaimItem,
    ClaimPair,
    align_claims,
    judge_claims,
)
from extractor.evaluation.scoring.outcomes import (
    LayerScores,
    Outcome,
    Status,
    count_muc,
)
from extractor.evaluation.scoring.propositions import token_f1
from extractor.evaluation.statistics import Counts


def score_claims(gold: GoldArticle, predicted: GoldArticle) -> LayerScores:
    """Scores the claims of one article.

    Args:
        gold: the labels.
        predicted: labels of the same text, by a model or another person.
    """
    matching = align_claims(gold, predicted)
    judged = judge_claims(matching, gold, predicted)
    labelled = [*(pair.gold for pair in matching.pairs), *matching.missed]
    found = [*(pair.predicted for pair in matching.pairs), *matching.spurious]
    outcomes = [
        *(_pair_outcome(j, gold, predicted) for j in judged),
        *_missed_outcomes(matching),
        *_spurious_outcomes(matching),
    ]
    return LayerScores(
        measures={
            **_measures(judged, matching),
            **_coverage(labelled, found),
            "duplicates": _duplicates(found),
        },
        muc=count_muc(outcomes),
        outcomes=outcomes,
    )


def _measures(
    judged: list[ClaimPair], matching: Matching[ClaimItem, ClaimItem]
) -> dict[str, Counts]:
    counted = [j for j in judged if not j.gold.optional]
    missed = [item for item in matching.missed if not item.claim.optional]
    spurious = [item for item in matching.spurious if not item.claim.optional]
    measures = _one_slice(counted, missed, spurious)
    names = {s for j in counted for s in j.pair.gold.slices}
    names |= {s for item in (*missed, *spurious) for s in item.slices}
    for name in sorted(names):
        part = _one_slice(
            [j for j in counted if name in j.pair.gold.slices],
            [item for item in missed if name in item.slices],
            [item for item in spurious if name in item.slices],
        )
        measures |= {f"{measure}/{name}": counts for measure, counts in part.items()}
    return measures


def _one_slice(
    judged: Sequence[ClaimPair],
    missed: Sequence[ClaimItem],
    spurious: Sequence[ClaimItem],
) -> dict[str, Counts]:
    def items(matched: float) -> Counts:
        return Counts(matched, len(judged) + len(missed), len(judged) + len(spurious))

    def given(right: Iterable[bool]) -> Counts:
        return Counts(sum(right), len(judged), len(judged))

    compatible = [j.pair for j in judged if not j.contradicted]
    return {
        "one_to_one": items(len(compatible)),
        "aligned": items(len(judged)),
        "soft": items(sum(pair.similarity for pair in compatible)),
        "claimant": given(j.claimant for j in judged),
        "modality": given(j.gold.modality == j.predicted.modality for j in judged),
        "check_worthy": given(
            j.gold.check_worthy == j.predicted.check_worthy for j in judged
        ),
    }


def _coverage(labelled: list[ClaimItem], found: list[ClaimItem]) -> dict[str, Counts]:
    gold, predicted = _covered(labelled, found), _covered(found, labelled)
    shared = {s for item, _ in (*gold, *predicted) for s in item.traits}
    measures = {}
    for name in (None, *sorted(shared)):
        of_gold, of_predicted = (
            [covered for item, covered in side if name in (None, *item.slices)]
            for side in (gold, predicted)
        )
        measures[f"coverage/{name}" if name else "coverage"] = Counts(
            sum(of_gold), len(of_gold), len(of_predicted), sum(of_predicted)
        )
    return measures


def _covered(
    items: list[ClaimItem], others: list[ClaimItem]
) -> list[tuple[ClaimItem, bool]]:
    """Whether others cover each item; without those that only optional ones cover."""
    mandatory = [other for other in others if not other.claim.optional]
    some_optional = len(mandatory) < len(others)
    answers = []
    for item in items:
        covered = item.is_covered(mandatory)
        ignored = some_optional and not covered and item.is_covered(others)
        if not (item.claim.optional or ignored):
            answers.append((item, covered))
    return answers


def _duplicates(found: list[ClaimItem]) -> Counts:
    counted = sorted(
        (item for item in found if not item.claim.optional), key=lambda item: item.key
    )
    repeated = sum(
        any(item.repeats(earlier) for earlier in counted[:index])
        for index, item in enumerate(counted)
    )
    return Counts(repeated, len(counted), len(counted))


def _pair_outcome(
    judged: ClaimPair, gold: GoldArticle, predicted: GoldArticle
) -> Outcome:
    status, error = _judge(judged)
    return Outcome(
        layer="claims",
        status=status,
        error=error,
        gold=judged.gold.id,
        predicted=judged.predicted.id,
        gold_spans=judged.gold.spans,
        predicted_spans=judged.predicted.spans,
        slices=list(judged.pair.gold.slices),
        detail=_detail(judged, error, gold, predicted),
    )


def _judge(judged: ClaimPair) -> tuple[Status, str]:
    pair = judged.pair
    if judged.gold.optional:
        return "ignored", "optional"
    if judged.contradicted:
        return "incorrect", judged.contradicted
    if not judged.claimant:
        return "incorrect", "claimant"
    if token_f1(pair.gold.wording, pair.predicted.wording) < SAME:
        return "partial", "wording"
    if pair.gold.shared_evidence(pair.predicted) < SAME:
        return "partial", "evidence"
    return "correct", "correct"


def _detail(
    judged: ClaimPair, error: str, gold: GoldArticle, predicted: GoldArticle
) -> str | None:
    if error in ("correct", "optional", "evidence"):
        return None
    one, other = judged.gold, judged.predicted
    if error == "claimant":
        names = _name(gold, one.claimant), _name(predicted, other.claimant)
        return f"labelled {names[0]}, found {names[1]}"
    if error == "modality":
        return f"labelled {one.modality}, found {other.modality}"
    return f"labelled “{one.text}”, found “{other.text}”"


def _name(article: GoldArticle, claimant: str) -> str:
    return next((e.name for e in article.entities if e.id == claimant), claimant)


def _missed_outcomes(matching: Matching[ClaimItem, ClaimItem]) -> Iterable[Outcome]:
    taken = [pair.predicted for pair in matching.pairs]
    for item in matching.missed:
        merged = any(item.is_covered([other]) for other in taken)
        yield Outcome(
            layer="claims",
            status="ignored" if item.claim.optional else "missed",
            error=_unless_optional(item, "merged" if merged else "missed"),
            gold=item.claim.id,
            gold_spans=item.claim.spans,
            slices=list(item.slices),
            detail=item.claim.text,
        )


def _spurious_outcomes(matching: Matching[ClaimItem, ClaimItem]) -> Iterable[Outcome]:
    for item in matching.spurious:
        if any(item.repeats(pair.predicted) for pair in matching.pairs):
            error = "spurious.duplicate"
        elif any(item.is_covered([pair.gold]) for pair in matching.pairs):
            error = "spurious.split"
        else:
            error = "spurious.other"
        yield Outcome(
            layer="claims",
            status="ignored" if item.claim.optional else "spurious",
            error=_unless_optional(item, error),
            predicted=item.claim.id,
            predicted_spans=item.claim.spans,
            slices=list(item.slices),
            detail=item.claim.text,
        )


def _unless_optional(item: ClaimItem, error: str) -> str:
    return "optional" if item.claim.optional else error
