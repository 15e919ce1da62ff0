"""Every way a command can end badly, as one sentence and an exit code."""

import errno
import traceback
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import click

from extractor.errors import ExtractorError, UsageError

INTERRUPTED = 130

_Command = TypeVar("_Command", bound=Callable[..., Any])


def verbosity(command: _Command) -> _Command:
    """Gives a command the option `-v`, which `-vv` makes show tracebacks and logs."""
    return click.option(
        "-v",
        "--verbose",
        count=True,
        help="Figures on standard error; -vv adds logs and tracebacks.",
        callback=_remember,
        expose_value=False,
    )(command)


def verbosity_of(ctx: click.Context) -> int:
    """How many `-v` were given."""
    return int(ctx.meta.get("verbose", 0))


def _remember(ctx: click.Context, param: click.Parameter, value: int) -> None:
    ctx.meta["verbose"] = value
    if value > 1:
        import logging

        logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
        logging.getLogger("extractor").setLevel(logging.DEBUG)


def sentence(error: Exception) -> str:
    """What to tell the user of an error.

    Of one that is none of ours only the kind: its words may be the article's.
    """
    if isinstance(error, ExtractorError):
        return str(error)
    return (
        f"unexpected {type(error).__name__}: please report it, with what the option "
        "-vv shows."
    )


def printable(message: str) -> str:
    """The message with escapes for what could steer a terminal or break an encoding."""
    return "".join(
        char if char.isprintable() or char == "\n" else ascii(char)[1:-1]
        for char in message
    )


def show_traceback(ctx: click.Context, error: Exception) -> None:
    """Prints the traceback to standard error where `-vv` asks for it."""
    if verbosity_of(ctx) > 1:
        click.echo(printable("".join(_traced(error))), err=True)


def _traced(error: BaseException) -> Iterator[str]:
    """Where an error and what led to it were raised, in words only where they are ours.

    Python's own listing would show what other packages put into their errors: requests,
    replies, and with them the article.
    """
    cause = error.__cause__ or (
        None if error.__suppress_context__ else error.__context__
    )
    if cause:
        yield from _traced(cause)
        yield "\nThat led to:\n\n"
    yield "Traceback (most recent call last):\n"
    yield from traceback.format_tb(error.__traceback__)
    ours = isinstance(error, (ExtractorError, OSError))
    yield type(error).__name__ + (f": {error}\n" if ours else "\n")


class Group(click.Group):
    """A group whose commands end with a sentence and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command, and turns what it raises into click's own errors."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("Interrupted", err=True)
            ctx.exit(INTERRUPTED)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except UsageError as error:
            where = self._context_of_command(ctx)
            raise click.UsageError(printable(str(error)), where) from error
        except Exception as error:  # a sentence for the user, with -vv the rest
            if isinstance(error, OSError) and error.errno == errno.EPIPE:
                raise
            show_traceback(ctx, error)
            raise click.ClickException(printable(_sentence_of_any(error))) from error

    def _context_of_command(self, ctx: click.Context) -> click.Context:
        """Whose help a wrong use points to: the command's, not that of the group."""
        name = ctx.invoked_subcommand
        command = self.commands.get(name) if name else None
        return click.Context(command, ctx, info_name=name) if command else ctx


def _sentence_of_any(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or 'the output'}: {error.strerror}"
    return sentence(error)
