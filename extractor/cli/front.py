"""How help is laid out: commands by what one wants to do, exit codes at the end."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import click

from extractor.cli.trouble import Group

WIDTH = 88
"""Of a page of help, where the terminal has room."""

EXITS = """
\b
Exit codes: 0 all well, 1 failure, 2 wrong usage.
"""
"""End of the help of a command that has no exit codes of its own."""


class Front(Group):
    """The group of all commands, listed in sections.

    Args:
        sections: commands by the heading they are listed under.
        **settings: those of any group.
    """

    def __init__(
        self, *, sections: Mapping[str, Sequence[click.Command]], **settings: Any
    ) -> None:
        super().__init__(**settings)
        self._sections = sections
        for command in chain.from_iterable(sections.values()):
            self.add_command(command)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands, in the order of the sections."""
        return list(self.commands)

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Writes a section for each heading."""
        longest = max(map(len, self.commands))
        room = formatter.width - formatter.current_indent - longest - 6
        for heading, commands in self._sections.items():
            with formatter.section(heading):
                formatter.write_dl(
                    [
                        (str(one.name).ljust(longest), one.get_short_help_str(room))
                        for one in commands
                    ]
                )
