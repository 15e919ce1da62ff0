"""What a run may spend: no question is asked whose worst case would go beyond it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Condition

from extractor.client import Message
from extractor.costs import Estimate, Price
from extractor.costs.estimate import size_of
from extractor.errors import Pending, RunStopped
from extractor.schema import Usage
from extractor.store import Charge, Store


class Account:
    """What a run spends, and what it may.

    The limits are of the run, not of one attempt at it: what earlier attempts have
    spent counts. Near a limit questions wait for each other, so that none is asked
    that could exceed it in the worst case.

    Args:
        store: knows what was spent before.
        run: name of the run.
        max_tokens: prompt and completion tokens together.
        max_cost: in the currency of the price.
        price: of the model.
    """

    def __init__(
        self,
        store: Store,
        run: str = "",
        *,
        max_tokens: int | None = None,
        max_cost: float | None = None,
        price: Price | None = None,
    ) -> None:
        self.run = run
        self.max_tokens = max_tokens
        self.max_cost = max_cost
        self.price = price
        self._before = store.spent(run)
        self._paid = Charge(run)
        self._reserved = Usage()
        self._noted = Usage()
        self._settled = Condition()

    @property
    def paid(self) -> Charge:
        """What was spent since this object was made."""
        return self._paid

    @property
    def spent(self) -> Charge:
        """What the run has spent in all its attempts."""
        paid, before = self._paid, self._before
        return Charge(self.run, before.calls + paid.calls, before.usage + paid.usage)

    def cost(self, usage: Usage) -> float | None:
        """What tokens cost; None without a price."""
        return self.price.of(usage) if self.price else None

    def charge(self, calls: int, usage: Usage) -> Charge:
        """Notes what a question has cost, for the store to note it too."""
        with self._settled:
            self._paid = Charge(
                self.run, self._paid.calls + calls, self._paid.usage + usage
            )
        return Charge(self.run, calls, usage)

    @contextmanager
    def room(
        self, messages: Sequence[Message], schema: str, max_tokens: int
    ) -> Iterator[None]:
        """Reserves the worst case of a question while it is asked.

        Of one whose answer comes later, until `begin_round`.

        Raises:
            RunStopped: the run cannot afford it.
        """
        if self.max_tokens is None and self.max_cost is None:
            yield
            return
        worst = Estimate(1, size_of(messages, schema), max_tokens).worst
        with self._settled:
            self._check(worst)
            while self._excess(self.spent.usage + self._noted + self._reserved + worst):
                self._settled.wait()
                self._check(worst)
            self._reserved += worst
        try:
            yield
        except Pending:
            with self._settled:
                self._noted += worst
            raise
        finally:
            with self._settled:
                self._reserved = self._reserved - worst
                self._settled.notify_all()

    def begin_round(self) -> None:
        """Lets go of what was reserved for answers to come: they are here."""
        with self._settled:
            self._noted = Usage()

    def check_likely(self, expected: Estimate) -> None:
        """Refuses questions that will probably exceed a limit.

        Raises:
            RunStopped: they will, with what was spent before.
        """
        limit = self._excess(self.spent.usage + expected.likely)
        if limit:
            before = self.spent.usage
            spent = f", after {self._told(before)} so far" if _tokens(before) else ""
            raise RunStopped(
                f"The articles left will probably take {self._told(expected.likely)} "
                f"(at most {self._told(expected.worst)}){spent}, more than {limit}: "
                "raise it, or give fewer articles."
            )

    def _check(self, worst: Usage) -> None:
        limit = self._excess(self.spent.usage + self._noted + worst)
        if limit and _tokens(self._noted):
            raise RunStopped(
                f"The questions of the next batch might exceed {limit}: raise it, or "
                "give fewer articles."
            )
        if limit:
            raise RunStopped(
                f"The run has spent {self._told(self.spent.usage)} and the next "
                f"question might exceed {limit}: raise it to go on."
            )

    def _excess(self, usage: Usage) -> str | None:
        """The limit that is exceeded by so much, as the option that sets it."""
        if self.max_tokens is not None and _tokens(usage) > self.max_tokens:
            return f"--max-tokens {self.max_tokens}"
        if self.max_cost is None or self.price is None:
            return None
        dear = self.price.of(usage) > self.max_cost
        return f"--max-cost {self.max_cost:g}" if dear else None

    def _told(self, usage: Usage) -> str:
        if self.price:
            return f"{self.price.of(usage):.4f} {self.price.currency}"
        return f"{_tokens(usage):,} tokens"


def _tokens(usage: Usage) -> int:
    return usage.prompt_tokens + usage.completion_tokens
