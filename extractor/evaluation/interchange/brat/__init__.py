"""Gold articles from and to brat stand-off, a `.txt` and an `.ann` for each.

The lines of an `.ann` file (brat.nlplab.org/standoff.html), where regions, links and
values are those of `extractor.evaluation.interchange.regions`:

| line | holds |
|---|---|
| `T1 Quote 5 9;12 20 text` | a region with its spans, `;` between them |
| `E1 Attack:T3 Victim:T4 Victim2:T5` | an event by its trigger, and the links from it |
| `R1 Speaker Arg1:T1 Arg2:T2` | any other link |
| `A1 Kind T1 direct`, `A2 Optional T1` | a value that is one of a list |
| `N1 Reference T2 Entity:e1 Name` | the value `Entity` |
| `#1 AnnotatorNotes T1 text` | a claim's wording, a time's value, else the note |
| `#2 Alias T2 text` | any other value, a line each |
| `* Coreference T2 T6` | read only: mentions of one entity |

Offsets are code points, CR LF counted as one, for brat reads texts with universal line
ends; the `.txt` itself is left as it is. No `T` line holds a line end or a tab: a span
with some in it is written in parts, as brat does, and parts with only such white space
between them are one span when read. `:`, `;`, `%`, `,`, `|` and white space in types,
roles and ids are percent-encoded; line ends, tabs and backslashes in notes are escaped.

Lost on the way there and back: what is known of the article (title, date, outlet, url,
licence, language, split), its layers, its annotation; entities that nothing refers to,
kind and aliases of those without a mention; the order of entities, which come sorted
by id; line ends at the edges of a span; that two spans are two where only line ends lie
between them. What is known of the article is taken from the gold that lies where
`extractor gold import` writes.
"""

from extractor.evaluation.interchange.brat.configuration import (
    CONFIGURATION,
    configuration,
)
from extractor.evaluation.interchange.brat.reading import read_brat
from extractor.evaluation.interchange.brat.writing import standoff, write_brat

__all__ = ["CONFIGURATION", "configuration", "read_brat", "standoff", "write_brat"]
