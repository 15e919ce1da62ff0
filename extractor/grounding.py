"""Does the article say this, and where? The five verdicts.

A passage that a model returned is looked for in the article. `exact` and
`typographic` passages are there letter for letter and digit for digit, as whole words
and numbers (`extractor.boundaries`), apart from what `extractor.folding` makes equal.
Benign besides: quotation marks around the whole passage, a comma or full stop at its
end, a capital at its beginning where the article is in mid-sentence. `elided` passages
leave words out at dots, or where an attribution interrupts a quotation. All else is
`altered` or `absent` and has no spans.

What is not checked is the selection: a passage cut so that it misleads (`people
were hurt` from `no people were hurt`) is still a true quotation of those words.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from extractor.boundaries import divides
from extractor.folding import Folded, fold, joins_previous
from extractor.nearest import Change, NearestFinder
from extractor.schema import Span, Verdict
from extractor.segmentation.model import Range

MAX_GAP = 600
"""Most code points that may be left out at dots."""
MAX_ATTRIBUTION = 150
"""Most code points of an attribution that interrupts a quotation."""
MAX_TRIES = 50_000
"""Occurrences inside longer words that are passed over before giving up."""
MAX_CHAINS = 200
"""Occurrences of the first part of an elided passage that are tried."""

NEGATION = re.compile(
    r"\b(?:not?|never|none|nobody|nothing|nowhere|neither|nor|without|cannot|hardly|"
    r"barely|scarcely|den(?:y|ies|ied|ying)|refus(?:e|es|ed|ing)|fail(?:s|ed|ing)?|"
    r"kein\w*|nicht|nie|jamais|aucune?|pas|ning[uú]n\w*|nunca|nadie)\b|n't\b|[不没沒未無无非]",
    re.IGNORECASE,
)
"""Words that an omission must not hide."""

_OUTER = "'\" "
_TRAIL = re.compile(r"['\"\s]*[.,。，、]?['\"\s]*$")
_GLUE = re.compile(r"[\s'\",.]*")
_JOINT = re.compile(
    rf"(?<=[^\s'])'(?=[^\w'])(?=(?P<gap>(?:[^']|(?<=\w)'(?=\w)){{4,{MAX_ATTRIBUTION}}}?)"
    r"(?<=[\s(])'\S)"
)
_ATTRIBUTION_END = re.compile(r"[,.;:\-–—]\s*$")  # noqa: RUF001


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


@dataclass(frozen=True, slots=True)
class _Want:
    """One reading of a passage: what must equal the shadow."""

    text: str
    stopped: bool = False
    """A final stop was taken off that the article may not have."""
    lowered: bool = False
    """The first letter was a capital."""


Stretch = tuple[int, int]


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
        exact = self._verbatim(passage, near, low, high)
        if exact is not None and near is None:
            return exact
        for want in _readings(wanted):
            found = self._nearest(want, near, low, high)
            if found is not None:
                alike = self._folded.original(*found)
                return _nearer(exact, alike, near)
            if exact is not None:
                return exact
        return None

    def _verbatim(
        self, passage: str, near: int | None, low: int, high: int
    ) -> Stretch | None:
        """Original offsets where the text has these very characters."""
        if passage != passage.strip() or not passage:
            return None
        folded = self._folded
        start, end = folded.starts[low], folded.ends[high - 1]
        size = len(passage)

        def fits(at: int) -> bool:
            return self._divides_original(at) and self._divides_original(at + size)

        at = _closest(self.text, passage, start, end, near, fits)
        return None if at is None else (at, at + size)

    def _divides_original(self, at: int) -> bool:
        """Whether a word may begin or end at an offset of the original."""
        if at <= 0 or at >= len(self.text):
            return True
        if joins_previous(self.text[at]):
            return False
        return divides(self._folded, self._folded.index(at), self.text)

    def _nearest(
        self, want: _Want, near: int | None, low: int, high: int
    ) -> Stretch | None:
        """The wanted reading's occurrence in the shadow nearest to `near`."""
        size = len(want.text)
        pivot = None if near is None else self._folded.index(near)
        shadow = self._folded.text
        at = _closest(
            shadow, want.text, low, high, pivot, lambda i: self._fits(want, i, i + size)
        )
        return None if at is None else (at, at + size)

    def _fits(self, want: _Want, i: int, j: int) -> bool:
        """Whether whole words and characters lie between `i` and `j`."""
        folded = self._folded
        if not (folded.whole(i) and folded.whole(j)):
            return False
        if want.stopped and folded.text[j : j + 1] in ("?", "!", "？", "！"):  # noqa: RUF001
            return False
        return divides(folded, i, self.text) and divides(folded, j, self.text)

    def _occurrences(self, want: _Want, low: int, high: int) -> Iterator[Stretch]:
        """All fitting occurrences in the shadow, in order."""
        size = len(want.text)
        at = self._folded.text.find(want.text, low, high)
        tries = 0
        while at >= 0 and tries < MAX_TRIES:
            if self._fits(want, at, at + size):
                yield at, at + size
            tries += 1
            at = self._folded.text.find(want.text, at + 1, high)

    # --- with words left out --------------------------------------------------------

    def _elided(
        self, wanted: str, near: int | None, low: int, high: int
    ) -> list[Stretch] | None:
        """Original offsets of the parts of a passage that leaves words out."""
        if "…" in wanted:
            parts = self._at_dots(wanted, near, low, high)
            if parts is not None:
                return parts
        found = (
            chain
            for want in _readings(wanted)
            if not want.lowered
            for joint in self._joints()
            if low <= joint.close < high
            if (chain := self._across(want, joint, low, high)) is not None
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
        parts = [part.strip(_OUTER) for part in wanted.split("…")]
        parts = [part for part in parts if part]
        if not parts or any(len(part.split()) < 2 for part in parts):
            return None
        for first in _readings(parts[0]):
            heads = islice(self._occurrences(first, low, high), MAX_CHAINS)
            found = (
                chain
                for head in heads
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
            following = next(
                (
                    found
                    for want in _readings(part)
                    if not want.lowered
                    for found in self._occurrences(want, chain[-1][1], reach)
                ),
                None,
            )
            if following is None or not self._may_drop(chain[-1][1], following[0]):
                return None
            chain.append(following)
        return chain

    def _may_drop(self, i: int, j: int, breaks: int = 1) -> bool:
        """Whether the words between `i` and `j` may be left out."""
        if i >= j:
            return True
        start, end = self._folded.ends[i - 1], self._folded.starts[j]
        if len(re.findall(r"\n\s*", self.text[start:end])) > breaks:
            return False
        return not NEGATION.search(self._folded.text[i:j])

    def _joints(self) -> list[_Joint]:
        """Where quotations are interrupted by at least two words and a comma."""
        if self._known_joints is None:
            shadow = self._folded.text
            self._known_joints = [
                _Joint(match.start(), match.end("gap"))
                for match in _JOINT.finditer(shadow)
                if len(match["gap"].split()) >= 2
                and _ATTRIBUTION_END.search(match["gap"])
                and self._may_drop(match.end(), match.end("gap"), breaks=0)
                and (
                    shadow[match.start() - 1] in ",.?!-…"
                    or match["gap"].lstrip()[:1] in ",.-"
                )
            ]
        return self._known_joints

    def _across(
        self, want: _Want, joint: _Joint, low: int, high: int
    ) -> list[Stretch] | None:
        """The passage as what stands on both sides of an attribution."""
        shadow = self._folded.text
        for close in (joint.close, joint.close - 1):
            tail = shadow[max(0, close - 8) : close]
            if close < joint.close and shadow[close] not in ",.":
                return None
            at = want.text.find(tail)
            while at >= 0:
                size = at + len(tail)
                start = close - size
                glue = _GLUE.match(want.text, size)
                if (
                    start >= low
                    and glue
                    and glue.end() > size
                    and shadow.startswith(want.text[:size], start)
                    and self._fits(_Want(""), start, close)
                    and self._worthy(start, close)
                ):
                    rest = self._after(want, glue.end(), joint, high)
                    if rest is not None:
                        return [(start, close), *rest]
                at = want.text.find(tail, at + 1)
        return None

    def _worthy(self, i: int, j: int) -> bool:
        """Two words, or all that was between the marks."""
        shadow = self._folded.text
        if len(shadow[i:j].split()) >= 2:
            return True
        return "'" in (shadow[max(0, i - 1) : i], shadow[j : j + 1])

    def _after(
        self, want: _Want, at: int, joint: _Joint, high: int
    ) -> list[Stretch] | None:
        """The rest of the passage from the joint's reopening mark on."""
        start = joint.reopen + 1
        rest = want.text[at:]
        end = start + len(rest)
        if end <= high and self._folded.text.startswith(rest, start):
            if not rest or not self._fits(_Want("", want.stopped), start, end):
                return None
            last = (start, end)
            return [last] if self._worthy(*last) else None
        following = [joint for joint in self._joints() if joint.close > start]
        if not following:
            return None
        chain = self._across(_Want(rest, want.stopped), following[0], start, high)
        return chain if chain and chain[0][0] == start else None

    # --- refused --------------------------------------------------------------------

    def _refused(
        self, wanted: str, near: int | None, low: int, high: int
    ) -> Grounding:
        pivot = None if near is None else self._folded.index(near)
        found = self._finder.nearest(wanted, low, high, pivot)
        if found is None:
            return Grounding("absent")
        start, end = self._folded.original(found.start, found.end)
        span = self._span(start, end)
        return Grounding("altered", (), span, found.diff, found.changes)


def _readings(wanted: str) -> Iterator[_Want]:
    """What a passage may stand for, the most literal first."""
    bare = wanted.strip(_OUTER)
    if wanted[-2:-1].isdigit() and wanted[0] not in _OUTER:
        bare = wanted
    unstopped = _TRAIL.sub("", bare)
    seen = []
    for text in (wanted, bare, unstopped):
        if text and text not in seen:
            seen.append(text)
            yield _Want(text, text == unstopped != bare)
    for text in seen:
        lowered = _lowered(text)
        if lowered:
            yield _Want(lowered, text == unstopped != bare, True)


def _lowered(text: str) -> str | None:
    """The text without its first capital, if it looks like a sentence's beginning."""
    first, _, rest = text.partition(" ")
    if len(rest.split()) < 2 or not first[:1].isupper() or first[1:] != first[1:].lower():
        return None
    lower = first[0].lower()
    return lower + text[1:] if len(lower) == 1 else None


def _nearer(a: Stretch | None, b: Stretch, near: int | None) -> Stretch:
    if a is None or near is None:
        return b if a is None else a
    return b if abs(b[0] - near) < abs(a[0] - near) else a


def _closest(
    text: str,
    needle: str,
    low: int,
    high: int,
    pivot: int | None,
    fits: Callable[[int], bool],
) -> int | None:
    """Start of the fitting occurrence nearest to `pivot`, or of the first one."""
    first = low if pivot is None else max(low, pivot)
    after, tries = text.find(needle, first, high), 0
    while after >= 0 and not fits(after):
        tries += 1
        after = text.find(needle, after + 1, high) if tries < MAX_TRIES else -1
    if pivot is None:
        return after if after >= 0 else None
    before, tries = text.rfind(needle, low, min(high, pivot + len(needle) - 1)), 0
    while before >= 0 and not fits(before):
        tries += 1
        last = before + len(needle) - 1
        before = text.rfind(needle, low, last) if tries < MAX_TRIES else -1
    if min(before, after) < 0:
        return max(before, after) if max(before, after) >= 0 else None
    return before if pivot - before <= after - pivot else after
