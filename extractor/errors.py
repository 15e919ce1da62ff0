"""Exceptions of the package. A message is one sentence: the thing and the remedy.

```
ExtractorError
├── InputError              a file or text that cannot be read as an article
├── UsageError              an unknown task, format or option value
├── PromptError             a prompt file that is missing or does not render
├── WeightsError            weights that cannot be found, fetched or verified
├── GoldError               labels that are wrong, missing or not comparable
├── RunError                a run folder that is another's, in use or damaged
├── StoreError              a store that cannot be opened, read or written
├── RunStopped              a batch that ends early; the same command goes on
└── ModelError              the model or its endpoint
    ├── EndpointError       unreachable, wrong key, wrong address, not the protocol
    │   ├── QuotaExhausted  the account has no credit left
    │   ├── RateLimited     told to wait, longer than we may
    │   └── EndpointDown    failing for longer than we wait
    ├── ContextExceeded     the question does not fit the model's context
    ├── Pending             the answer comes later, with a batch
    └── ReplyError          a reply that is no answer
        ├── ReplyTruncated  stopped at the token limit
        │   └── ReplyDegenerate  repeats itself without end
        ├── ReplyRefused    the model refused
        ├── ReplyFiltered   a content filter stopped it
        ├── ReplyEmpty      no choice, no message or no text
        └── ReplyInvalid    not JSON, or nothing in it fits the response model
```
"""


class ExtractorError(Exception):
    """Root of all errors this package raises on purpose.

    Attributes:
        code: short stable name of the kind of failure, for records and logs.
    """

    code = "error"


class InputError(ExtractorError):
    """A file or text that cannot be read as an article.

    Attributes:
        where: the file, and the line in it; None for a text that was handed over.
    """

    code = "input"
    where: str | None = None


class UsageError(ExtractorError):
    """An unknown task, format, model or option value."""

    code = "usage"


class PromptError(ExtractorError):
    """A prompt file that is missing or does not render."""

    code = "prompt"


class WeightsError(ExtractorError):
    """Weights that cannot be found, fetched or verified."""

    code = "weights"


class GoldError(ExtractorError):
    """Hand-made labels that are wrong or missing, or runs that cannot be compared."""

    code = "gold"


class RunError(ExtractorError):
    """A run of an evaluation that cannot begin, go on or be read."""

    code = "run"


class StoreError(ExtractorError):
    """A store that cannot be opened, read or written."""

    code = "store"


class RunStopped(ExtractorError):
    """A batch that ends before its last article; what is done is kept.

    Raised inside an article, it leaves that without a row, to be done by the next run.
    """

    code = "stopped"


class ModelError(ExtractorError):
    """The model or its endpoint failed.

    Attributes:
        calls: requests that the question took before it failed.
        tokens: what their replies cost: prompt tokens, cached ones among them, and
            completion tokens.
        halts: whether all other questions would end so by now, too; a run of many had
            better stop and go on later.
    """

    code = "model"
    halts: bool = False
    calls: int = 0
    tokens: tuple[int, int, int] = (0, 0, 0)


class EndpointError(ModelError):
    """The endpoint is unreachable, refuses the key, or does not speak the protocol."""

    code = "endpoint"


class QuotaExhausted(EndpointError):
    """The account behind the key has no credit left; no question can be answered."""

    code = "quota"
    halts = True


class RateLimited(EndpointError):
    """The endpoint asks for a longer pause than the caller allows."""

    code = "rate_limited"
    halts = True


class EndpointDown(EndpointError):
    """The endpoint has been failing for longer than the caller waits."""

    code = "down"
    halts = True


class ContextExceeded(ModelError):
    """The question does not fit the model's context."""

    code = "too_long"


class Pending(ModelError):
    """The question is noted; its answer comes later, with a batch."""

    code = "pending"


class ReplyError(ModelError):
    """A reply that is no answer."""

    code = "reply"


class ReplyTruncated(ReplyError):
    """The reply stopped at the token limit."""

    code = "truncated"


class ReplyDegenerate(ReplyTruncated):
    """The reply repeats itself or runs on in blanks, to no end."""

    code = "degenerate"


class ReplyRefused(ReplyError):
    """The model refused to answer."""

    code = "refusal"


class ReplyFiltered(ReplyError):
    """The endpoint's content filter stopped the reply."""

    code = "content_filter"


class ReplyEmpty(ReplyError):
    """The reply holds no choice, no message or no text."""

    code = "empty"


class ReplyInvalid(ReplyError):
    """The reply is not JSON, or nothing in it fits the response model."""

    code = "invalid"


TRANSIENT = frozenset(
    kind.code for kind in (EndpointError, RateLimited, QuotaExhausted, EndpointDown)
)
"""Codes of failures that a later attempt may not meet: what ended so is asked again
when a run goes on. Every other failure would come again, and stays."""
