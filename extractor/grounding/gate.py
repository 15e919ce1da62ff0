"""Does the article say this, and where? The five verdicts.

A passage that a model returned is looked for in the article. `exact` and
`typographic` passages are there letter for letter and digit for digit, as whole words
and numbers (`boundaries`), apart from what `folding` makes equal.
Benign besides: quotation marks around the whole passage, a comma or full stop at its
end, a capital at its beginning where the article is in mid-sentence. `elided` passages
leave words out at dots, or where an attribution interrupts a quotation. All else is
`altered` or `absent` and has no spans; which of the two is a matter of degree, and at
the threshold it may depend on what else stands beside the nearest passage.

What is not checked is the selection: a passage cut so that it misleads (`people
were hurt` from `no people were hurt`) is still a true quotation of those words.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from extractor.grounding.boundaries import (
    OUTER_MARKS,
    Reading,
    Stretch,
    WordSearch,
    readings,
)
from extractor.grounding.changes import Change
from extractor.grounding.folding import fold
from extractor.grounding.nearest import NearestFinder
from extractor.schema import Span, Verdict
from extractor.segmentation.model import Range

MAX_GAP = 600
"""Most code points that may be left out at dots."""
MAX_ATTRIBUTION = 150
"""Most code points of an attribution that interrupts a quotation."""
MAX_PARTS = 20
"""Most parts of an elided passage."""
MAX_CHAINS = 200
"""Occurrences of the first part of an elided passage that are tried."""

NEGATION = re.compile(
    r"\b(?:not?|never|none|nobody|nothing|nowhere|neither|nor|without|cannot|hardly|"
    r"barely|scarcely|den(?:y|ies|ied|ying)|refus(?:e|es|ed|ing)|fail(?:s|ed|ing)?|"
    r"kein\w*|nicht|nie|jamais|aucune?|pas|ning[uú]n\w*|nunca|nadie)\b|n't\b|[不没沒未無无非]",
    re.IGNORECASE,
)
"""Words that an omission must not hide."""

_EDGE = "'\",."
_GLUE = re.compile(r"['\",.]*[\s'\"]+")
_JOINT = re.compile(
    r"(?<=[^\s'])'(?:(?=[^\w'])|(?<=[,.?!…]')(?=\w))"
    rf"(?=(?P<gap>(?:[^']|(?<=\w)'(?=\w)|(?<=s)'(?= \w)){{4,{MAX_ATTRIBUTION}}}?)"
    r"(?<=[\s(])'\S)"
)
_ATTRIBUTION_END = re.compile(r"[,.;:-]\s*$")
# A quotation in a new sentence with an attribution of its own: perhaps another's.
_OWN_ATTRIBUTION = re.compile(
    r"'(?:[^']|(?<=\w)'(?=\w)){1,1000}"
    r"(?:(?:,'|',) (?!(?:s?he|they)\b)\w|[?!]' (?!(?:s?he|they)\b)[a-z])"
)
# A single line break ends a paragraph unless it only wraps a line in mid-sentence.
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*|(?<=[.?!…:\"'”’»“])[^\S\n]*\n")


@dataclass(frozen=True, slots=True)
class Grounding:
    """What the article says to a passage.

    Attributes:
        verdict: one of the five of `extractor.schema.Verdict`.
        spans: the article's own words, in order; empty unless accepted.
        nearest: for `altered`, the closest passage of the article.
        diff: for `altered`, word by word what differs: `[-the article's-]`
            `{+the passage's+}`.
        changes: the same as data.
    """

    verdict: Verdict
    spans: tuple[Span, ...] = ()
    nearest: Span | None = None
    diff: str | None = None
    changes: tuple[Change, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether the passage may be reported as the article's words."""
        return bool(self.spans)


@dataclass(frozen=True, slots=True)
class _Joint:
    """A place where a quotation is interrupted: shadow indices of both marks."""

    close: int
    reopen: int


def ground(
    text: str, passage: str, *, near: int | None = None, within: Range | None = None
) -> Grounding:
    """Look for a passage in an article.

    Args:
        text: the article.
        passage: the words that somebody says are in it.
        near: of several occurrences take the one whose start is nearest to this
            offset (code points of `text`); without it the first, an exact one before
            a typographic one.
        within: look only at this stretch of the text.

    Returns:
        The verdict; offsets are 0-based half-open code points of `text`.
    """
    return Grounder(text).ground(passage, near=near, within=within)


class Grounder:
    """Grounds many passages in one article, which is folded once."""

    def __init__(self, text: str) -> None:
        """Fold the article.

        Args:
            text: the article, as it is; all offsets refer to it.
        """
        self.text = text
        self._folded = fold(text)
        self._search = WordSearch(text, self._folded)
        self._finder = NearestFinder(self._folded)
        self._known_joints: list[_Joint] | None = None

    def ground(
        self, passage: str, *, near: int | None = None, within: Range | None = None
    ) -> Grounding:
        """Look for a passage; see the function `ground`."""
        low, high = self._limits(within)
        wanted = fold(passage).text.strip(" ")
        if not wanted or low >= high:
            return Grounding("absent")
        found = self._whole(passage, wanted, near, low, high)
        if found is None:
            parts = self._elided(wanted, near, low, high)
            if parts is None:
                return self._refused(wanted, near, low, high)
            return Grounding("elided", tuple(self._span(*part) for part in parts))
        span = self._span(*found)
        verdict: Verdict = "exact" if span.text == passage else "typographic"
        return Grounding(verdict, (span,))

    def _limits(self, within: Range | None) -> Stretch:
        """`within` as indices of the shadow."""
        if within is None:
            return 0, len(self._folded.text)
        low = self._folded.index(within.start)
        high = self._folded.index(within.end)
        while high > low and self._folded.ends[high - 1] > within.end:
            high -= 1
        return low, high

    def _span(self, start: int, end: int) -> Span:
        return Span(start=start, end=end, text=self.text[start:end])

    # --- in one piece ---------------------------------------------------------------

    def _whole(
        self, passage: str, wanted: str, near: int | None, low: int, high: int
    ) -> Stretch | None:
        """Original offsets of the passage in one piece."""
        exact = self._search.verbatim(passage, low, high, near)
        if exact is not None and near is None:
            return exact
        if exact is None and not self._search.possible(wanted, low, high):
            return None
        pivot = None if near is None else self._folded.index(near)
        for want in readings(wanted):
            found = self._search.closest(want, low, high, pivot)
            if found is not None:
                alike = self._folded.original(*found)
                return _nearer(exact, alike, near)
            if exact is not None:
                return exact
        return None

    # --- with words left out --------------------------------------------------------

    def _elided(
        self, wanted: str, near: int | None, low: int, high: int
    ) -> list[Stretch] | None:
        """Original offsets of the parts of a passage that leaves words out."""
        if "…" in wanted:
            parts = self._at_dots(wanted, near, low, high)
            if parts is not None:
                return parts
        if wanted[0] in OUTER_MARKS:
            wanted = wanted.strip(OUTER_MARKS)
        found = (
            chain
            for start in islice(self._heads(wanted, low, high), MAX_CHAINS)
            for want in readings(wanted)
            if not want.lowered
            if (chain := self._across(want, start, high)) is not None
        )
        return self._choose(found, near)

    def _choose(
        self, chains: Iterable[list[Stretch]], near: int | None
    ) -> list[Stretch] | None:
        """The first or nearest chain, in original offsets.

        Of several that differ in their first part alone, the shortest omission.
        """
        tails: dict[Stretch, list[Stretch]] = {}
        for chain in chains:
            tail = chain[-1] if len(chain) == 1 else chain[1]
            if near is None and tails and tail not in tails:
                break
            tails[tail] = [self._folded.original(*part) for part in chain]
        if not tails:
            return None
        return min(tails.values(), key=lambda chain: abs(chain[0][0] - (near or 0)))

    def _at_dots(
        self, wanted: str, near: int | None, low: int, high: int
    ) -> list[Stretch] | None:
        parts = [part.strip(OUTER_MARKS) for part in wanted.split("…")]
        parts = [part for part in parts if part]
        words = [len(part.split()) for part in parts]
        if not 0 < len(parts) <= MAX_PARTS or (len(parts) > 1 and min(words) < 2):
            return None
        for first in readings(parts[0]):
            heads = self._search.all(first, low, high)
            found = (
                chain
                for head in islice(heads, MAX_CHAINS)
                if (chain := self._chain(head, parts[1:], high)) is not None
            )
            chosen = self._choose(found, near)
            if chosen is not None:
                return chosen
        return None

    def _chain(
        self, head: Stretch, parts: list[str], high: int
    ) -> list[Stretch] | None:
        """The parts one after another, each as soon as it comes."""
        chain = [head]
        for part in parts:
            reach = min(high, chain[-1][1] + MAX_GAP + len(part))
            following = self._next(part, chain[-1][1], reach)
            if following is None or not self._may_drop(chain[-1][1], following[0]):
                return None
            chain.append(following)
        return chain

    def _next(self, part: str, low: int, high: int) -> Stretch | None:
        """First occurrence of a part that is not the first one."""
        for want in readings(part):
            if not want.lowered:
                for found in self._search.all(want, low, high):
                    return found
        return None

    def _may_drop(self, i: int, j: int, breaks: int = 1) -> bool:
        """Whether the words between `i` and `j` may be left out."""
        if i >= j:
            return True
        start, end = self._folded.ends[i - 1], self._folded.starts[j]
        if len(_PARAGRAPH.findall(self.text[start:end])) > breaks:
            return False
        return not NEGATION.search(self._folded.text[i:j])

    def _joints(self) -> list[_Joint]:
        """Where quotations are interrupted by at least two words and a comma."""
        if self._known_joints is None:
            self._known_joints = [
                _Joint(match.start(), match.end("gap"))
                for match in _JOINT.finditer(self._folded.text)
                if self._interrupts(match)
            ]
        return self._known_joints

    def _interrupts(self, match: re.Match[str]) -> bool:
        """Whether the words between two marks are one speaker's attribution."""
        shadow, gap, reopen = self._folded.text, match["gap"], match.end("gap")
        if len(gap.split()) < 2 or not _ATTRIBUTION_END.search(gap):
            return False
        if shadow[match.start() - 1] not in ",.?!-…" and gap.lstrip()[0] not in ",.-":
            return False
        if gap.rstrip()[-1] == "." and _OWN_ATTRIBUTION.match(shadow, reopen):
            return False
        return self._may_drop(match.end(), reopen, breaks=0)

    def _heads(self, wanted: str, low: int, high: int) -> Iterator[int]:
        """Where the first two words are, or the first alone behind a mark."""
        first, _, rest = wanted.partition(" ")
        both = f"{first} {rest.partition(' ')[0]}"
        for seed, skip in ((both.rstrip(_EDGE), 0), ("'" + first.rstrip(_EDGE), 1)):
            at = self._folded.text.find(seed, low, high)
            while at >= 0:
                yield at + skip
                at = self._folded.text.find(seed, at + 1, high)

    def _across(self, want: Reading, start: int, high: int) -> list[Stretch] | None:
        """The passage as what stands on both sides of attributions."""
        chain: list[Stretch] = []
        at = 0
        while len(chain) < MAX_PARTS:
            found = self._up_to_joint(want.text[at:], start)
            if found is None:
                return None
            joint, close, size = found
            chain.append((start, close))
            at += size
            start = joint.reopen + 1
            last = self._from(want, at, start, high)
            if last is not None:
                return [*chain, last]
        return None

    def _up_to_joint(self, wanted: str, start: int) -> tuple[_Joint, int, int] | None:
        """The joint where the passage, read from `start` on, leaves the article.

        Also where the part before it ends, and how much of the passage that was.
        """
        shadow, joints = self._folded.text, self._joints()
        for number in range(bisect_right(joints, start, key=_close), len(joints)):
            close = joints[number].close
            if not shadow.startswith(wanted[: close - 1 - start], start):
                return None
            for end in (close, close - 1) if shadow[close - 1] in ",." else (close,):
                glue = _GLUE.match(wanted, end - start)
                if (
                    glue
                    and shadow.startswith(wanted[: end - start], start)
                    and self._search.fits(start, end)
                    and self._worthy(start, end)
                ):
                    return joints[number], end, glue.end()
            if close - start > len(wanted):
                return None
        return None

    def _from(self, want: Reading, at: int, start: int, high: int) -> Stretch | None:
        """The rest of the passage where a quotation is taken up again."""
        rest = want.text[at:]
        end = start + len(rest)
        if not rest or end > high or not self._folded.text.startswith(rest, start):
            return None
        if not self._search.fits(start, end, want.stopped):
            return None
        return (start, end) if self._worthy(start, end) else None

    def _worthy(self, i: int, j: int) -> bool:
        """Two words, or all that stands between the marks."""
        shadow = self._folded.text
        if len(shadow[i:j].split()) >= 2:
            return True
        return "'" in (shadow[max(0, i - 1) : i], shadow[j : j + 1])

    # --- refused --------------------------------------------------------------------

    def _refused(self, wanted: str, near: int | None, low: int, high: int) -> Grounding:
        pivot = None if near is None else self._folded.index(near)
        found = self._finder.nearest(wanted, low, high, pivot)
        if found is None:
            return Grounding("absent")
        if not found.changes:  # the article's words, cut inside a word or a number
            edges = self._search.widened(found.start, found.end, low, high)
            found = self._finder.widened(found, *edges)
        start, end = self._folded.original(found.start, found.end)
        span = self._span(start, end)
        return Grounding("altered", (), span, found.diff, found.changes)


def _close(joint: _Joint) -> int:
    return joint.close


def _nearer(a: Stretch | None, b: Stretch, near: int | None) -> Stretch:
    if a is None or near is None:
        return b if a is None else a
    return b if abs(b[0] - near) < abs(a[0] - near) else a
