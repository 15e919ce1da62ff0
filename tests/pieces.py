"""Slices of articles, from which benchmarks of grounding make their cases."""

import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

NEGATIONS = re.compile(
    r"\b(?:not?|never|none|nobody|nothing|neither|nor|without|cannot|hardly|nicht|pas|"
    r"n’est)\b|n['’]t\b",
    re.IGNORECASE,
)
SCALE = ("hundred", "thousand", "million", "billion", "trillion", "percent", "%")
EDGE = "\"'“”‘’«»()[].,;:!?"
OPEN, CLOSE = "“", "”"
OWN_TEXTS = (
    "The council of Port Quillan met on Tuesday to weigh a plan for [the new] ferry "
    "pier. “It costs $5.4 million,” said Mayor Ada Brandt, “and we have 11,000 euros "
    "in the bank.” She did not say who would pay… The rest, she added, “is not "
    "settled.” Nobody objected.\n\nHer deputy, José Núñez, runs the café on the quay "
    "and the finance office of the efficient little flotilla. He wants ½ of the "
    "levy — 2½ per cent — spent on dredging 10² square metres of silt, at minus "
    "–5 °C if need be. “We cannot wait,” he said. “The US engineers told us so in "
    "2019–20, and they were right about the long-range forecast.”\n\nDid the "
    "harbour master agree? He said he’d rather drain the basin... or move the town. "
    "The naïve answer, “re-sign the lease,” pleased no one on the 42-member board.",
    "„Wir bauen weiter“, sagte Jörg Weiß am 3. Mai, „und zwar für 1.250.000 Euro.“ "
    "Die Stadt Brückenau zählt 48.312 Einwohner; nicht alle sind froh. Die Straße "
    "am Fluß bleibt bis 2031 gesperrt, so der Bürgermeister.\n\n« Rien n’est joué », "
    "a dit Éloïse Garnier, « et l’été sera long… » Elle refuse de céder les 7 % de "
    "hausse. L’école d’à côté restera fermée jusqu’au 12 novembre.",
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A word-bounded slice of a text."""

    start: int
    end: int
    text: str
    whole: str
    """The article the slice is from."""

    @property
    def words(self) -> list[str]:
        """The words of the slice."""
        return self.text.split()

    def tokens(self) -> list[re.Match[str]]:
        """The words with their places in the slice."""
        return list(re.finditer(r"\S+", self.text))


def squash(text: str) -> str:
    """Letters and digits alone: what must differ for a passage to be altered."""
    return "".join(ch for ch in unicodedata.normalize("NFC", text) if ch.isalnum())


def pieces(
    rng: random.Random, text: str, low: int = 6, high: int = 24
) -> Iterator[Piece]:
    """At most 400 unique slices of `low` to `high` words, each within one paragraph."""
    paragraphs = [m for m in re.finditer(r"[^\n]+", text) if len(m[0].split()) >= low]
    for _ in range(400 if paragraphs else 0):
        paragraph = rng.choice(paragraphs)
        tokens = list(re.finditer(r"\S+", paragraph[0]))
        size = min(rng.randint(low, high), len(tokens))
        first = rng.randint(0, len(tokens) - size)
        head, tail = tokens[first], tokens[first + size - 1]
        start = head.end() - len(head[0].lstrip(EDGE))
        end = tail.start() + len(tail[0].rstrip(EDGE))
        # "million" cut off "$5 million" is no slice but a changed number.
        if paragraph[0][start:].startswith(SCALE):
            continue
        if paragraph[0][end:].lstrip().startswith(SCALE):
            continue
        cut = paragraph[0][start:end]
        if not (cut and cut[-1].isalnum() and (cut[0].isalnum() or cut[0] in "$£€")):
            continue
        if text.count(cut) == 1:
            yield Piece(paragraph.start() + start, paragraph.start() + end, cut, text)
