"""Combining what the rules know with what the model answers.

The rules give every choice a prior and the model names one. The errors of the two
hardly overlap, so Bayes' rule over both beats either: how far an answer moves the prior
depends on how often that kind of model is right (`Trust`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extractor.schema import EndpointKind

NOBODY = "nobody"
"""The answer that none of the candidates is right."""

Prior = Mapping[str, float]

FLOOR = 0.01
"""What each choice has at least of a model's weights: a small one is too sure."""


class Weighed(str):
    """A choice, with how probable the model held each of the choices."""

    __slots__ = ("weights",)

    weights: Mapping[str, float]

    def __new__(cls, choice: str, weights: Mapping[str, float]) -> "Weighed":
        """The choice as a string that knows the others' weights."""
        new = super().__new__(cls, choice)
        new.weights = weights
        return new


@dataclass(frozen=True, slots=True)
class Trust:
    """How often a model is right where the rules are in doubt.

    Attributes:
        choice: probability that it names the right one of several candidates.
        weights: exponent of what it thinks of each candidate, where it tells that: 1 is
            to be believed as it is, 0 not at all. None: only what it names counts.
        sensitivity: probability of a yes where yes is right.
        specificity: probability of a no where no is right.
        sure: a yes or no of the rules this probable is not asked about.
        names: whether it is asked to name what the rules have no candidates for.
        passages: whether it is asked what is a quote; else only whose quote it is.
        claims: whether it judges claims, and what their pronouns mean.
        events: whether it is asked which events are none, their types and who takes
            part in them.
    """

    choice: float
    sensitivity: float
    specificity: float
    weights: float | None = None
    sure: float = 0.97
    names: bool = True
    passages: bool = True
    claims: bool = True
    events: bool = True

    def is_sure(self, likelihood: float) -> bool:
        """Whether the rules' yes or no is surer than asking is worth."""
        return not 1 - self.sure < likelihood < self.sure


TRUST: Mapping[EndpointKind, Trust] = {
    # Of 1.5B parameters, all measured (evals/README.md): asked what is a quote or an
    # event it is wrong as often as right, it judges claims no better than the rules,
    # and of 19 participants it added 2 were right. So it is asked who speaks, where two
    # are nearly as likely.
    "embedded": Trust(
        choice=0.55,
        weights=0.25,
        sensitivity=0.5,
        specificity=0.5,
        names=False,
        passages=False,
        claims=False,
        events=False,
    ),
    "endpoint": Trust(choice=0.95, sensitivity=0.95, specificity=0.9),
    "rules": Trust(choice=0.5, sensitivity=0.5, specificity=0.5),
}


def combine(prior: Prior, choice: str | None, trust: Trust) -> str:
    """The most probable choice given the rules' prior and the model's choice.

    Bayes' rule multiplies the prior of the model's choice by `trust.choice` and that of
    every other by `(1 - trust.choice) / (n - 1)`; where the model told its weights, and
    `trust` has an exponent for them, each prior by its weight to that power. A choice
    of None (not asked, or no usable answer) or one the prior does not know leaves the
    prior to decide; equal probabilities go to the choice named first.
    """
    others = max(1, len(prior) - 1)

    def posterior(name: str) -> float:
        if choice not in prior:
            return prior[name]
        if isinstance(choice, Weighed) and trust.weights is not None:
            weight = max(FLOOR, choice.weights.get(name, 0.0))
            return prior[name] * float(weight**trust.weights)
        right = name == choice
        return prior[name] * (trust.choice if right else (1 - trust.choice) / others)

    return max(prior, key=posterior)


def believe(likelihood: float, answer: bool | None, trust: Trust) -> float:
    """The probability of a yes given the rules' and the model's answer, by Bayes' rule.

    Args:
        likelihood: the rules' probability.
        answer: the model's; None if it was not asked.
        trust: in the model.
    """
    if answer is None:
        return likelihood
    if answer:
        yes, no = trust.sensitivity, 1 - trust.specificity
    else:
        yes, no = 1 - trust.sensitivity, trust.specificity
    return likelihood * yes / (likelihood * yes + (1 - likelihood) * no)


def is_open(prior: Prior, trust: Trust) -> bool:
    """Whether the model's choice could change the outcome, so asking is worth it."""
    best = combine(prior, None, trust)
    if trust.weights is not None:
        most = (1 / FLOOR) ** trust.weights
        return any(prior[name] * most > prior[best] for name in prior if name != best)
    return any(combine(prior, name, trust) != best for name in prior)


def shares(weights: Sequence[tuple[str, float]]) -> Prior:
    """Weights as probabilities; equal names (the same words elsewhere) share one."""
    prior: dict[str, float] = {}
    for name, weight in weights:
        prior[name] = prior.get(name, 0.0) + weight
    total = sum(prior.values()) or 1.0
    return {name: weight / total for name, weight in prior.items()}
