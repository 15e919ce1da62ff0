"""One article after the other turned into rows, by any number of threads."""

from extractor.batch.rows import (
    Outcome,
    Row,
    dump_row,
    failed_row,
    load_outcome,
    row_of,
)
from extractor.errors import (
    InputError,
    Pending,
    PromptError,
    RunStopped,
    StoreError,
    UsageError,
    WeightsError,
)
from extractor.pipeline import Extractor
from extractor.recipe import address_of, describe, hash_json, make_recipe
from extractor.schema import Document
from extractor.store import Store, Turns

Item = Document | InputError
"""An article, or what stands in the place of one that cannot be read."""

_ROWLESS = (Pending, PromptError, RunStopped, StoreError, UsageError, WeightsError)
"""What leaves an article without a row: it is to be worked on later."""


class Desk:
    """Makes the row of an article, unless the store has it.

    Usable from several threads. Of several articles that are the same, one is worked
    on and the others share its row.

    Args:
        extractor: asks; its client is best a `RecordedClient` with the same store.
        store: keeps the rows.
        again: whether to ask again for articles that failed or are partial, even where
            that would be for nothing.
    """

    def __init__(
        self, extractor: Extractor, store: Store, *, again: bool = False
    ) -> None:
        self._extractor = extractor
        self._store = store
        self._again = again
        recipe = make_recipe(extractor).model_dump(mode="json")
        self._recipe = hash_json([recipe, address_of(extractor)])
        self._turns = Turns()

    def key(self, item: Item) -> str:
        """What the row of an article is called in the store."""
        if isinstance(item, Document):
            return hash_json([self._recipe, describe(item)])
        return hash_json([self._recipe, item.where, str(item)])

    def settle(self, item: Item) -> tuple[Outcome, bool]:
        """Sees to it that the store has the terminal row of an article.

        Returns:
            What became of the article, and whether the store had it already.

        Raises:
            Pending: it waits for an answer that comes later.
            RunStopped: the run ends before this article.
            StoreError: the row could not be kept.
            ExtractorError: what would befall every other article too, such as weights
                that cannot be had.
        """
        key = self.key(item)
        with self._turns.alone(key):
            kept = self._kept(key)
            if kept:
                return kept, True
            row = self._work(item)
            self._store.put_row(key, dump_row(row))
            return row, False

    def has(self, document: Document) -> bool:
        """Whether the store has the row of an article, and it is to stay."""
        return self._kept(self.key(document)) is not None

    def interrupt(self) -> None:
        """Let the articles in work end after the calls in flight, without rows."""
        self._extractor.interrupt()

    def _kept(self, key: str) -> Outcome | None:
        """What the store knows of an article, if that is not to be tried again."""
        data = self._store.row(key)
        if data is None:
            return None
        outcome = load_outcome(data)
        if not outcome.is_settled or (self._again and outcome.status != "ok"):
            return None
        return outcome

    def _work(self, item: Item) -> Row:
        if isinstance(item, InputError):
            return failed_row(item, item)
        try:
            return row_of(self._extractor.extract(item))
        except _ROWLESS:
            raise
        except Exception as error:  # noqa: BLE001  # the other articles go on
            return failed_row(item, error)
