"""What other tools are asked: instructions and one worked example, the same for all.

The example is of our own writing, with invented people and places, and shows what is
hard: reported speech without marks, a pronoun, a speaker named in another sentence,
marks that quote nobody, an event in the future.
"""

from dataclasses import dataclass
from typing import Literal, get_args

from extractor.schema import QuoteKind

EventType = Literal[
    "Life",
    "Movement",
    "Transaction",
    "Business",
    "Conflict",
    "Contact",
    "Personnel",
    "Justice",
    "Disaster",
    "Statement",
    "Other",
]
Role = Literal["agent", "patient", "recipient", "instrument", "place"]

SYSTEM = "You extract information from news articles and copy its words exactly."

QUOTES = """\
List every quotation and every piece of reported speech in the article, in the order \
of the text.
quotation: what was said, copied word for word from the article, without the \
quotation marks around it and without the attribution ("he said"). A quotation that \
its attribution interrupts is listed in two parts.
kind: "direct" if all of it stands in quotation marks, "indirect" if none of it does, \
"mixed" if a part of it does.
mention: the words beside the quotation that name who said it, copied from the \
article ("she", "the mayor"); empty if there are none.
speaker: the full name of who said it, or what the article calls them if it gives no \
name; empty if nobody is named.
Words in quotation marks that nobody said, such as titles, are left out. If there are \
none at all, the list is empty."""

CLAIMS = """\
List every statement in the article that a fact-checker could check, in the order of \
the text: what the article states itself and what somebody in it says. Each figure, \
act, cause or allegation is one statement. Opinions, wishes and questions are left out.
claim: the clause or sentence that states it, copied word for word from the article.
claimant: the full name of who says so, or "author" if the article states it itself.
If there are none at all, the list is empty."""

EVENTS = f"""\
List every event that the article tells of, in the order of the text: what happened, \
is happening, or is planned at some time and place. States, habits and mere saying \
are left out.
trigger: the one word that names the event, copied from the article (usually a verb \
or noun).
type: one of {", ".join(get_args(EventType))}. Life is birth, death, injury; Movement \
travel and transport; Transaction buying, selling, paying; Business founding, merging, \
closing of firms; Conflict attacks, war, protest, strikes; Contact meetings and calls; \
Personnel elections, appointments, resignations; Justice arrests, trials, sentences; \
Disaster fire, flood, accidents; Statement speeches and press conferences; Other \
anything else.
arguments: who and what takes part, by role, in words copied from the article. agent: \
who does it. patient: whom or what it happens to. recipient: who gets something or is \
met. instrument: with what. place: where.
If there are none at all, the list is empty."""

EXAMPLE = """\
The chain bridge at Tolmere will stay shut until Friday, the river board said.

A crane struck its eastern pillar on Sunday night and injured two dockers. Ruth \
Oyelan, who leads the board, dismissed the crane's driver.

“We cannot send lorries over a cracked pillar,” she told reporters. Repairs would \
cost 40,000 crowns, she added.

Emil Vantrey, whose bakery, “The Salt Loaf”, stands beside the bridge, called the \
closure “a hard week for everybody”.
"""


@dataclass(frozen=True)
class ExampleQuote:
    """A quotation of the example."""

    quotation: str
    kind: QuoteKind
    mention: str
    speaker: str


@dataclass(frozen=True)
class ExampleClaim:
    """A statement of the example."""

    claim: str
    claimant: str


@dataclass(frozen=True)
class ExampleEvent:
    """An event of the example."""

    trigger: str
    type: EventType
    arguments: tuple[tuple[Role, str], ...]


EXAMPLE_QUOTES = (
    ExampleQuote(
        "The chain bridge at Tolmere will stay shut until Friday",
        "indirect",
        "the river board",
        "the river board",
    ),
    ExampleQuote(
        "We cannot send lorries over a cracked pillar", "direct", "she", "Ruth Oyelan"
    ),
    ExampleQuote("Repairs would cost 40,000 crowns", "indirect", "she", "Ruth Oyelan"),
    ExampleQuote(
        "the closure “a hard week for everybody”",
        "mixed",
        "Emil Vantrey",
        "Emil Vantrey",
    ),
)
EXAMPLE_CLAIMS = (
    ExampleClaim(
        "The chain bridge at Tolmere will stay shut until Friday", "the river board"
    ),
    ExampleClaim("A crane struck its eastern pillar on Sunday night", "author"),
    ExampleClaim("injured two dockers", "author"),
    ExampleClaim("Ruth Oyelan, who leads the board", "author"),
    ExampleClaim("dismissed the crane's driver", "author"),
    ExampleClaim("Repairs would cost 40,000 crowns", "Ruth Oyelan"),
)
EXAMPLE_EVENTS = (
    ExampleEvent("shut", "Other", (("patient", "The chain bridge at Tolmere"),)),
    ExampleEvent(
        "struck", "Disaster", (("agent", "A crane"), ("patient", "its eastern pillar"))
    ),
    ExampleEvent(
        "injured", "Life", (("instrument", "A crane"), ("patient", "two dockers"))
    ),
    ExampleEvent(
        "dismissed",
        "Personnel",
        (("agent", "Ruth Oyelan"), ("patient", "the crane's driver")),
    ),
)
