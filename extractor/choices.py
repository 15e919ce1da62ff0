"""Combining what the rules know with what the model chooses.

The rules give every choice a prior; the model names one. The errors of the two hardly
overlap, so the posterior of both is better than either: with a model that is right with
probability `trust`, Bayes' rule multiplies the prior of its choice by `trust` and that
of every other choice by `(1 - trust) / (n - 1)`.
"""

from collections.abc import Mapping, Sequence

from extractor.schema import EndpointKind, TaskName

NOBODY = "nobody"
"""The choice that none of the candidates is right."""

TRUST: Mapping[EndpointKind, Mapping[TaskName, float]] = {
    "embedded": {"quotes": 0.75, "speakers": 0.75, "claims": 0.7, "events": 0.7},
    "endpoint": {"quotes": 0.95, "speakers": 0.95, "claims": 0.9, "events": 0.9},
}
"""Share of a model's choices that are right, where the rules are in doubt."""

Prior = Mapping[str, float]


def combine(prior: Prior, choice: str | None, trust: float) -> str:
    """The most probable choice given the rules' prior and the model's choice.

    A choice of None (not asked, or no usable answer) or one the prior does not know
    leaves the prior to decide; equal probabilities go to the choice named first.
    """
    others = max(1, len(prior) - 1)

    def posterior(name: str) -> float:
        if choice not in prior:
            return prior[name]
        return prior[name] * (trust if name == choice else (1 - trust) / others)

    return max(prior, key=posterior)


def is_open(prior: Prior, trust: float) -> bool:
    """Whether the model's choice could change the outcome, so asking is worth it."""
    best = combine(prior, None, trust)
    return any(combine(prior, name, trust) != best for name in prior)


def with_nobody(weights: Sequence[tuple[str, float]], likelihood: float) -> Prior:
    """A prior over named choices and `NOBODY`.

    Args:
        weights: choices with weights; equal names (the same words at several places)
            share one entry.
        likelihood: probability that any of them is right.
    """
    prior: dict[str, float] = {}
    for name, weight in weights:
        prior[name] = prior.get(name, 0.0) + weight
    total = sum(prior.values()) or 1.0
    prior = {name: likelihood * weight / total for name, weight in prior.items()}
    return {**prior, NOBODY: max(0.0, 1.0 - likelihood)}
