"""What tokens cost, by a file of the user's: no price is built in, since all change.

```toml
date = "2026-10-01"
currency = "USD"

[models."gpt-5-mini"]  # for a million tokens
input = 0.25
cached = 0.025
output = 2.0
```
"""

import tomllib
from datetime import date
from pathlib import Path

from pydantic import Field, NonNegativeFloat, ValidationError

from extractor.errors import UsageError
from extractor.schema import Frozen, Usage

MILLION = 1_000_000


class Price(Frozen):
    """What a million tokens of one model cost."""

    input: NonNegativeFloat
    output: NonNegativeFloat
    cached: NonNegativeFloat | None = None
    """Input that the endpoint has in its cache; default: as other input."""
    currency: str = "USD"
    date: str = ""
    """Day the price was looked up, ISO 8601."""

    def of(self, usage: Usage) -> float:
        """Cost of tokens, in `currency`."""
        cached = self.input if self.cached is None else self.cached
        fresh = max(0, usage.prompt_tokens - usage.cached_tokens)
        return (
            fresh * self.input
            + usage.cached_tokens * cached
            + usage.completion_tokens * self.output
        ) / MILLION


class _Prices(Frozen):
    date: date
    currency: str = "USD"
    models: dict[str, Price] = Field(default_factory=dict)


def read_price(path: Path, model: str) -> Price:
    """The price of a model in a file of prices, with the file's date and currency.

    Raises:
        UsageError: the file cannot be read, is no such file, or lacks the model.
    """
    try:
        prices = _Prices.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise UsageError(
            f"{path} is no file of prices: {where}: {first['msg']}."
        ) from (None)
    except ValueError as error:
        raise UsageError(f"{path} is not valid TOML: {error}.") from None
    price = prices.models.get(model)
    if price is None:
        raise UsageError(
            f"{path} has no price of {model!r}; it has those of "
            f"{', '.join(prices.models) or 'no model'}: add it."
        )
    stamp = {"date": prices.date.isoformat(), "currency": prices.currency}
    return price.model_copy(update=stamp)
