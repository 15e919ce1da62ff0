"""How probable a model held each of several choices, read off the reply it wrote.

A server that tells the log-probabilities of a reply's tokens, and of those it might
have written in their place, tells with one answer what it thinks of the others. Where
the choices part (`Ada Brun`, `Radio Vest`) each has the probability of its token; those
that go on alike part later, and of a branch that was not written they share the rest.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

TOPS = 8
"""Likeliest tokens that are asked for at each place of a reply."""

Weights = Mapping[str, float]
"""Probabilities of choices; their sum is 1."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a reply.

    Attributes:
        text: as it was written.
        likeliest: probability of each token that might stand here, this one included.
    """

    text: str
    likeliest: tuple[tuple[str, float], ...]


def read_tokens(choice: Mapping[str, Any]) -> tuple[Token, ...]:
    """The tokens of a completion's choice; none where the server does not tell them."""
    logprobs = choice.get("logprobs")
    content = logprobs.get("content") if isinstance(logprobs, dict) else None
    if not isinstance(content, list):
        return ()
    tokens = []
    for entry in content:
        tops = entry.get("top_logprobs") if isinstance(entry, dict) else None
        if not isinstance(tops, list) or not isinstance(entry.get("token"), str):
            return ()
        likeliest = tuple(
            (top["token"], math.exp(min(0.0, top["logprob"])))
            for top in tops
            if isinstance(top, dict)
            and isinstance(top.get("token"), str)
            and isinstance(top.get("logprob"), int | float)
        )
        tokens.append(Token(entry["token"], likeliest))
    return tuple(tokens)


def weigh(tokens: Sequence[Token], model: type[BaseModel]) -> dict[str, Weights]:
    """The weights of the choices of each field that is a `Literal` of strings."""
    found: dict[str, Weights] = {}
    for name, field in model.model_fields.items():
        choices = get_args(field.annotation)
        if get_origin(field.annotation) is not Literal or not choices:
            continue
        first = _value_at(tokens, f"{json.dumps(name)}:")
        weights = _shares(tokens, first, choices) if first is not None else {}
        if weights:
            found[name] = weights
    return found


def _value_at(tokens: Sequence[Token], key: str) -> int | None:
    """The token with which the string behind a key begins."""
    written = ""
    for k, token in enumerate(tokens):
        written += token.text
        behind = "".join(written.rpartition(key)[2].split()) if key in written else ""
        if behind:
            return k + 1 if behind == '"' else None
    return None


def _shares(
    tokens: Sequence[Token], first: int, choices: Sequence[str]
) -> dict[str, float]:
    """Each choice's share of the probability that fell on any of them."""
    forms = {json.dumps(c, ensure_ascii=False)[1:]: c for c in choices}
    mass = dict.fromkeys(choices, 0.0)
    pending = [(first, "", 1.0, [*forms])]
    while pending:
        k, written, weight, group = pending.pop()
        if len(group) == 1 or k >= len(tokens):
            for form in group:
                mass[forms[form]] += weight / len(group)
            continue
        for text, probability in tokens[k].likeliest:
            going = [form for form in group if _goes_on(form, written + text)]
            if going and text:
                here = weight * probability
                later = k + 1 if text == tokens[k].text else len(tokens)
                pending.append((later, written + text, here, going))
    total = sum(mass.values())
    return {choice: share / total for choice, share in mass.items()} if total else {}


def _goes_on(form: str, written: str) -> bool:
    """Whether a choice, up to its closing mark, can still be what is being written."""
    return form.startswith(written) or written.startswith(form)
