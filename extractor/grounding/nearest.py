"""The passage of a text that comes closest to a given one, and what differs.

Candidates: every word of the passage votes for the place where the passage would have
to begin for the word to be in its place (rare words first); the best supported places
are aligned word by word with rapidfuzz's indel opcodes, and the one with most words in
common is taken. A passage of few words, none of them in the text, is compared with the
text's words by rapidfuzz's ratio.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from heapq import nsmallest
from itertools import islice, pairwise

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Indel

from extractor.grounding.changes import (
    TOKEN,
    Change,
    Pair,
    changes,
    show,
    spacing,
    trimmed,
)
from extractor.grounding.folding import Folded

MIN_SHARED = 0.5
"""Share of the passage's words that must stand in the article in order."""
MIN_RUN = 4
"""Or so many words on end, whatever the rest."""
MIN_RATIO = 70.0
"""Least similarity (rapidfuzz ratio, 0 to 100) of a passage of few words."""
FEW_WORDS = 3
MAX_SWAP = 3
"""Changed words at an edge that are set against as many of the article."""
MAX_WORDS = 400
"""Words of a passage that are looked at."""
MAX_WORD = 40
"""Longest word that is compared letter by letter."""
MAX_PLACES = 4
"""Places that are compared with the passage."""
MAX_VOTES = 200
"""Places that vote, those of the rarest words first."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """The closest stretch, as indices of the shadow, and how it differs."""

    start: int
    end: int
    diff: str
    changes: tuple[Change, ...]
    shared: int
    """Words that both have, in order."""


class NearestFinder:
    """Finds nearest passages in one folded text, whose words are indexed once."""

    def __init__(self, folded: Folded) -> None:
        """Take the text; nothing is computed before the first question."""
        self._folded = folded
        self._tokens: list[str] = []
        self._offsets: list[int] = []
        self._places: dict[str, list[int]] = {}
        self._initials: dict[str, list[str]] = defaultdict(list)

    def nearest(
        self, wanted: str, low: int, high: int, pivot: int | None = None
    ) -> Nearest | None:
        """The stretch closest to a folded passage, or None if nothing is like it.

        Args:
            wanted: the folded passage.
            low: first index of the shadow to look at.
            high: one past the last.
            pivot: of equally close stretches the one nearest to this index.
        """
        self._index()
        first, last = self._inside(low, high)
        marks = list(islice(TOKEN.finditer(wanted), MAX_WORDS))
        words = [mark[0] for mark in marks]
        windows = self._windows(words, first, last, pivot)
        tried = (self._compare(wanted, marks, window) for window in windows)
        close = [nearest for nearest in tried if nearest is not None]
        found = max(close, key=_shared, default=None)
        if found is None:
            window = self._similar_word(words, first, last)
            found = self._compare(wanted, marks, window, few=True) if window else None
        return found

    def widened(self, found: Nearest, start: int, end: int) -> Nearest:
        """A stretch with more of the article around it, which then is the difference.

        Args:
            found: the stretch, which a passage repeats but for its edges.
            start: where the longer one begins, an index of the shadow.
            end: one past its last.
        """
        text = self._folded.text
        pairs = [
            (False, text[start : found.start].strip(" "), ""),
            (True, text[found.start : found.end], ""),
            (False, text[found.end : end].strip(" "), ""),
        ]
        pairs = [pair for pair in pairs if pair[1]]
        return _nearest(start, end, pairs, found.shared)

    def _index(self) -> None:
        if self._places or not self._folded.text:
            return
        places: dict[str, list[int]] = defaultdict(list)
        for number, match in enumerate(TOKEN.finditer(self._folded.text)):
            self._tokens.append(match[0])
            self._offsets.append(match.start())
            places[match[0].lower()].append(number)
        self._places = dict(places)
        for word in places:
            if len(word) <= MAX_WORD:
                self._initials[word[0]].append(word)

    def _inside(self, low: int, high: int) -> tuple[int, int]:
        """The tokens that lie between two indices of the shadow."""
        first = bisect_left(self._offsets, low)
        last = bisect_left(self._offsets, high)
        if last and self._offsets[last - 1] + len(self._tokens[last - 1]) > high:
            last -= 1
        return first, last

    def _windows(
        self, words: list[str], first: int, last: int, pivot: int | None
    ) -> list[tuple[int, int]]:
        """Tokens of the text among which most of the words stand in their order.

        The best supported places first, so that a refusal depends as little as may
        be on what else stands where in the article.
        """
        votes: dict[int, int] = defaultdict(int)
        width = max(4, len(words) // 2)
        known = [
            (len(places), number, places)
            for number, word in enumerate(words)
            if (places := self._places.get(word.lower()))
        ]
        spent = 0
        for count, number, places in sorted(known):
            spent += count
            if spent > MAX_VOTES and votes:
                break
            weight = 4 if count <= 4 else 1
            for place in places:
                if first <= place < last:
                    votes[(place - number) // width] += weight
        # Words of one place may fall into two neighbouring slots.
        both = {slot: n + votes.get(slot + 1, 0) for slot, n in votes.items()}
        aim = 0 if pivot is None else bisect_left(self._offsets, pivot) // width
        best = nsmallest(MAX_PLACES, both, key=lambda s: (-both[s], abs(s - aim)))
        reach = 3 * width + len(words)
        return [
            (max(first, (slot - 1) * width), min(last, slot * width + reach))
            for slot in best
        ]

    def _similar_word(
        self, words: list[str], first: int, last: int
    ) -> tuple[int, int] | None:
        """Tokens around the word most like the longest one of a short passage.

        Only words with the same first letter are compared.
        """
        if not 0 < len(words) <= FEW_WORDS:
            return None
        longest = max(words, key=len).lower()
        known = self._initials.get(longest[0], [])
        match = process.extractOne(
            longest, known, scorer=fuzz.ratio, score_cutoff=MIN_RATIO
        )
        for token in self._places[match[0]] if match else ():
            if first <= token < last:
                before = next(i for i, w in enumerate(words) if w.lower() == longest)
                start = max(first, token - before)
                return start, min(last, start + len(words))
        return None

    def _compare(
        self,
        wanted: str,
        marks: list[re.Match[str]],
        window: tuple[int, int],
        few: bool = False,
    ) -> Nearest | None:
        """Align the passage with the tokens of a window."""
        first, last = window
        ours = [mark[0] for mark in marks]
        runs = _runs(self._tokens[first:last], ours)
        if few:
            runs = runs or [_Run(0, 0, 0), _Run(last - first, len(ours), 0)]
        elif not runs or not _alike(runs, len(ours)):
            return None
        runs = [_Run(run.theirs + first, run.ours, run.size) for run in runs]
        start = self._reach_back(runs[0])
        end = self._reach_on(runs[-1], len(ours))
        pairs: list[Pair] = []
        edges = [_Run(start, 0, 0), *runs, _Run(end, len(ours), 0)]
        for run, following in pairwise(edges):
            pairs.append((True, self._words(run.theirs, run.theirs + run.size), ""))
            theirs = self._words(run.theirs + run.size, following.theirs)
            mine = _stretch(wanted, marks, run.ours + run.size, following.ours)
            pairs += trimmed(theirs, mine)
        pairs = [pair for pair in pairs if pair[1] or pair[2]]
        if not pairs:
            return None
        article, passage = (
            self._words(start, end),
            _stretch(wanted, marks, 0, len(marks)),
        )
        if article != passage and all(equal for equal, _, _ in pairs):
            pairs = spacing(article, passage)
        stop = self._offsets[end - 1] + len(self._tokens[end - 1])
        shared = sum(run.size for run in runs)
        return _nearest(self._offsets[start], stop, pairs, shared)

    def _words(self, first: int, last: int) -> str:
        """The shadow from token `first` up to token `last`."""
        if first >= last:
            return ""
        end = self._offsets[last - 1] + len(self._tokens[last - 1])
        return self._folded.text[self._offsets[first] : end]

    def _reach_back(self, run: "_Run") -> int:
        """Where the nearest passage begins: up to `MAX_SWAP` changed words earlier."""
        start = run.theirs
        if run.ours <= MAX_SWAP:
            limit = max(0, run.theirs - run.ours)
            while start > limit and _inner(self._tokens[start - 1]):
                start -= 1
        return start

    def _reach_on(self, run: "_Run", size: int) -> int:
        end = run.theirs + run.size
        left = size - run.ours - run.size
        if left <= MAX_SWAP:
            limit = min(len(self._tokens), end + left)
            while end < limit and _inner(self._tokens[end]):
                end += 1
        return end


@dataclass(frozen=True, slots=True)
class _Run:
    """Equal tokens of the article and the passage: both first indices, how many."""

    theirs: int
    ours: int
    size: int


def _runs(theirs: list[str], ours: list[str]) -> list[_Run]:
    """Equal runs in order, without strays far from the rest."""
    runs = [
        _Run(op.src_start, op.dest_start, op.src_end - op.src_start)
        for op in Indel.opcodes(theirs, ours)
        if op.tag == "equal"
    ]
    while len(runs) > 1 and _strays(runs[0], runs[1]):
        runs = runs[1:]
    while len(runs) > 1 and _strays(runs[-1], runs[-2]):
        runs = runs[:-1]
    return runs


def _strays(run: _Run, other: _Run) -> bool:
    gap = abs(run.theirs - other.theirs) - abs(run.ours - other.ours)
    return run.size <= 2 and abs(gap) > 3 * run.size


def _alike(runs: list[_Run], size: int) -> bool:
    shared = sum(run.size for run in runs)
    return shared >= MIN_SHARED * size or max(run.size for run in runs) >= MIN_RUN


def _inner(token: str) -> bool:
    """Whether a token can be a changed word: no end of a sentence."""
    return token not in ".?!…"


def _stretch(text: str, marks: list[re.Match[str]], first: int, last: int) -> str:
    return text[marks[first].start() : marks[last - 1].end()] if first < last else ""


def _shared(nearest: Nearest) -> int:
    return nearest.shared


def _nearest(start: int, end: int, pairs: list[Pair], shared: int) -> Nearest:
    """The stretch with its differences."""
    return Nearest(start, end, show(pairs), changes(pairs), shared)
