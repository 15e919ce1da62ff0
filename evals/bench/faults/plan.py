"""Which article meets which fault: drawn once from a seed, the same for every system.

A passing fault meets the first call about an article, a lasting one every call. The
shares are those of the plan by which the peers were measured.
"""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Fault = Literal[
    "limited",  # 429 with Retry-After: 1
    "error",  # 500
    "reset",  # the connection is reset
    "hang",  # no answer, ever
    "cut",  # stopped at the token limit, until more is allowed or less is asked
    "broken",  # JSON that ends in the middle
    "misfit",  # JSON of another shape
    "refusal",
    "choiceless",  # choices: []
    "filtered",  # finish_reason: content_filter
    "messageless",  # message: null
]

PASSING: Mapping[Fault, float] = {
    "limited": 0.05,
    "error": 0.03,
    "reset": 0.02,
    "hang": 0.02,
    "cut": 0.02,
    "broken": 0.02,
    "misfit": 0.02,
}
LASTING: Mapping[Fault, float] = {
    "refusal": 0.01,
    "choiceless": 0.01,
    "filtered": 0.01,
    "messageless": 0.01,
}
PLANS: Mapping[str, Mapping[Fault, float]] = {
    "clean": {},
    "passing": PASSING,
    "all": {**PASSING, **LASTING},
}


@dataclass(frozen=True)
class Plan:
    """The faults of a run.

    Attributes:
        name: which faults there are, a key of `PLANS`.
        seed: of the draw.
    """

    name: str = "all"
    seed: int = 7
    _drawn: dict[int, Fault | None] = field(default_factory=dict)

    def fault(self, number: int) -> Fault | None:
        """What the article with this number meets."""
        if number not in self._drawn:
            self._drawn[number] = self._draw(number)
        return self._drawn[number]

    def _draw(self, number: int) -> Fault | None:
        left = random.Random(f"{self.seed} {number}").random()
        for fault, share in PLANS[self.name].items():
            left -= share
            if left < 0:
                return fault
        return None

    def lasting(self, count: int) -> Counter[Fault]:
        """How many of the first articles cannot be answered, by fault."""
        drawn = Counter(self.fault(number) for number in range(count))
        return Counter({fault: drawn[fault] for fault in LASTING})
