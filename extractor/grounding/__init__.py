"""Does the article say this, and where? Five verdicts on any passage.

`gate` gives the verdict, over `folding` (a shadow of the text without its typography,
with the way back), `boundaries` (where a word or a number begins and ends) and
`nearest` (the closest passage, and what differs).
"""

from extractor.grounding.gate import Grounder, Grounding, ground

__all__ = ["Grounder", "Grounding", "ground"]
