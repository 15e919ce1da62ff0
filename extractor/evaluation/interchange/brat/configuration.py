"""The `annotation.conf` that lets brat show and edit exported labels."""

from collections.abc import Iterable, Iterator
from typing import Final

from extractor.evaluation.interchange.brat.syntax import encoded
from extractor.evaluation.interchange.regions import (
    ALTERNATIVE,
    CHOICES,
    CLAIM,
    CLAIMANT,
    CUE,
    KINDS,
    LABELS,
    NESTED,
    PARTICIPANT,
    PLACE,
    QUOTE,
    SAME,
    SPEAKER,
    TIME,
    YES,
    Graph,
    canonical,
)

CONFIGURATION: Final = "annotation.conf"
"""Name of the file that `configuration` is for."""


def configuration(graphs: Iterable[Graph]) -> str:
    """The configuration for some articles, with the events' types and roles of all.

    See brat.nlplab.org/configuration.html.
    """
    roles: dict[str, dict[str, None]] = {}
    for graph in graphs:
        events = {r.id: r.label for r in graph.regions if canonical(r.label) is None}
        for label in events.values():
            roles.setdefault(label, {})
        for link in graph.links:
            if link.source in events:
                roles[events[link.source]][link.label] = None
    return "\n".join(_sections(roles)) + "\n"


def _sections(roles: dict[str, dict[str, None]]) -> Iterator[str]:
    people = "|".join((*KINDS, SPEAKER))
    yield "[entities]"
    yield from LABELS
    yield "\n[relations]"
    yield f"{SPEAKER}\tArg1:{QUOTE}, Arg2:{people}"
    yield f"{CUE}\tArg1:{QUOTE}, Arg2:{CUE}"
    yield f"{NESTED}\tArg1:{QUOTE}, Arg2:{QUOTE}"
    yield f"{CLAIMANT}\tArg1:{CLAIM}, Arg2:{people}"
    yield f"{ALTERNATIVE}\tArg1:{QUOTE}|{CLAIM}, Arg2:{ALTERNATIVE}"
    yield f"{SAME}\tArg1:<ENTITY>, Arg2:<ENTITY>"
    yield "<OVERLAP>\tArg1:<ANY>, Arg2:<ANY>, <OVL-TYPE>:<ANY>"
    yield "\n[events]"
    for label, named in sorted(roles.items()):
        own = [role for role in named if role not in (PLACE, TIME, ALTERNATIVE)]
        arguments = [
            f"{encoded(role)}*:{PARTICIPANT}|{'|'.join(KINDS)}" for role in own
        ]
        arguments += [f"{label}*:{label}" for label in (PLACE, TIME, ALTERNATIVE)]
        yield f"{encoded(label)}\t{', '.join(arguments)}"
    yield "\n[attributes]"
    for name, values in CHOICES.items():
        end = "" if values == (YES,) else f", Value:{'|'.join(values)}"
        yield f"{name}\tArg:<ANY>{end}"
