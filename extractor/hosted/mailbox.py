"""What takes a client's requests in the place of its endpoint."""

from collections import Counter
from collections.abc import Mapping
from threading import local
from typing import Any

from extractor.client.faults import Fault, Target
from extractor.client.replies import Reply
from extractor.client.transport import Costs, read_body
from extractor.errors import Pending
from extractor.hosted.outcomes import Failures
from extractor.hosted.requests import body_of, key_of, line_of
from extractor.hosted.spool import Spool
from extractor.schema import Usage
from extractor.store import Store


class _Question(local):
    """The question that a thread asks: what it costs, and what it has sent."""

    costs: Costs | None = None
    sent: Counter[str]


class Mailbox:
    """A `Sender` that answers from the store and notes for later what is not there.

    Args:
        target: what is asked.
        store: holds the replies.
        spool: takes the requests without one.
        failures: what became of requests in earlier batches.
    """

    def __init__(
        self, target: Target, store: Store, spool: Spool, failures: Failures
    ) -> None:
        self._target = target
        self._store = store
        self._spool = spool
        self._failures = failures
        self._question = _Question()

    def send(self, request: Mapping[str, Any], costs: Costs) -> Reply:
        """The reply to a request, if a batch has brought it.

        Raises:
            Fault: batches have failed to as often as they may, or with `Pending`, the
                reply is still to come.
        """
        body = body_of(request)
        key = key_of(body, self._target.address, self._time(body, costs))
        outcome = self._known(key)
        if outcome is None:
            self._spool.add(key, line_of(key, body))
            costs.calls, costs.usage = 0, Usage()  # told with the answer
            raise Fault(
                Pending(
                    f"The answer of {self._target.model!r} comes with a batch: run the "
                    "same again to collect it."
                )
            )
        costs.calls += 1
        if isinstance(outcome, Fault):
            raise outcome
        costs.add(outcome)
        return outcome

    def _time(self, body: Mapping[str, Any], costs: Costs) -> int:
        """How often the question has sent the same before."""
        question = self._question
        if question.costs is not costs:
            question.costs, question.sent = costs, Counter()
        name = key_of(body, "", 0)
        question.sent[name] += 1
        return question.sent[name] - 1

    def _known(self, key: str) -> Reply | Fault | None:
        """The reply or final fault of a request; None if it has to be sent."""
        kept = self._store.reply(key)
        if kept is not None:
            return read_body(kept, {}, self._target)
        return self._failures.final(key)
