"""Mentions: names with their titles, organisations, pronouns and nominal speakers.

Found by capitals, position, and lexica of titles, roles and heads; no model is used.
A title run is given beside the bare name (`Foreign Minister Ada Quist`, `Ada Quist`),
and a nominal with the words that tell whose it is (`a spokesman for the mayor`).
"""

from extractor.segmentation.boilerplate import find_dateline
from extractor.segmentation.mentionwords import (
    AFTER_ONE,
    AFTER_VERB,
    BODILY,
    LINKS,
    LONGEST_PREFIX,
    LONGEST_TAIL,
    MOST_DETERMINERS,
    ORG_LINKS,
    PUBLISHED,
    RANKS,
    TITLE_MODIFIERS,
)
from extractor.segmentation.model import Mention, MentionKind, Segmentation
from extractor.segmentation.namewords import NameWords
from extractor.segmentation.words import ends_as_adverb, lexicon_language


class _Finder(NameWords):
    """State of one search for mentions."""

    def __init__(self, segmentation: Segmentation, language: str) -> None:
        super().__init__(segmentation, language)
        self.found: dict[tuple[int, int], MentionKind] = {}
        self.covered: set[int] = set()

    # -- runs of name words --------------------------------------------------

    def run_end(self, first: int) -> int:
        """One past the last word of the name that begins at a name word."""
        last = first
        organisation = self.low(first) in self.sets["organisation_heads"]
        while True:
            following = self._next_in_run(last, organisation)
            if following is None:
                return last + 1
            last = following
            organisation |= self.low(last) in self.sets["organisation_heads"]

    def _next_in_run(self, last: int, organisation: bool) -> int | None:
        index = last + 1
        if self.low(index) == "." and self.low(last) in self.sets["abbreviations"]:
            index += 1
        if not self.joined(index):
            return None
        if self.name[index]:
            return None if self._stops_run(index) else index
        low = self.low(index)
        if low == "&" or low in self.sets["joining"]:
            return self._after_links(index, 2)
        titled = self.low(last) in self.sets["titles"]
        if low in ORG_LINKS and (organisation or titled):
            return self._after_links(index, 2)
        if low == "and" and organisation and self.low(last - 1) == "of":
            return self._after_links(index, 1)
        if low == "and" and organisation and self._heads_after(last, index + 1):
            return index + 1
        return None

    def _heads_after(self, last: int, index: int) -> bool:
        """`Council Defense and Security Committee`: one body with a late head."""
        heads = self.sets["organisation_heads"]
        if self.low(last) in heads or not self.joined(index) or not self.name[index]:
            return False
        return self.low(self.run_end(index) - 1) in heads

    def _stops_run(self, index: int) -> bool:
        """In a title-case line every word has a capital; a verb ends the name."""
        return index in self.titled and (
            self.low(index) in self.verbs and not self.large[self.low(index)]
        )

    def _after_links(self, index: int, most: int) -> int | None:
        """The name word after `of`, `of the`, `van der`, `&`."""
        for _ in range(most):
            index += 1
            if not self.joined(index):
                return None
            if self.name[index] and self.low(index) not in self.sets["unjoined"]:
                return index
            if self.low(index) not in self.sets["particles"] | {"the"}:
                return None
        return None

    # -- mentions ------------------------------------------------------------

    def add(self, first: int, end: int, kind: MentionKind) -> None:
        start, stop = self.words[first].start, self.words[end - 1].end
        if self.low(end - 1) in self.sets["abbreviations"]:
            stop += self.low(end) == "."
        self.found.setdefault((start, stop), kind)

    def names(self) -> None:
        index = 0
        while index < len(self.words):
            if not self.name[index]:
                index += 1
                continue
            end = self.run_end(index)
            self.name_run(index, end)
            index = end

    def name_run(self, first: int, end: int) -> None:
        """Records a run: whole with its prefix, and the name after its last title."""
        if self._is_modifier(first, end):
            return
        bare = self.bare_start(first, end)
        full = self.prefix_start(first, bare)
        self.covered.update(range(full, end))
        self.add(full, end, "name")
        if bare != full:
            self.add(bare, end, "name")

    def _is_modifier(self, first: int, end: int) -> bool:
        """`Trump` in `Trump supporters`: the nominal names somebody else."""
        low = self.low(end)
        if not self.joined(end) or self.name[end] or self._is_verb(end):
            return False
        if low in self.sets["heads"]:
            return True
        return low in RANKS and self.joined(end + 1)

    def _is_verb(self, index: int) -> bool:
        """Whether a plural is a verb: in `Holt suspects that`, `Holt reports the`."""
        low = self.low(index)
        if low not in self.sets["many"] or not self.joined(index + 1):
            return False
        after = self.low(index + 1)
        if after in AFTER_VERB or after in self.sets["determiners"]:
            return True
        return low in self.sets["records"] and self.is_first_name(index - 2)

    def bare_start(self, first: int, end: int) -> int:
        start = first
        for index in range(first, end - 1):
            low = self.low(index)
            if low in self.sets["roles"] and self.low(index + 1) not in ORG_LINKS:
                start = index + 1 + (self.low(index + 1) == ".")
        while start < end - 1 and not self.name[start]:
            start += 1
        return start if start < end else first

    def prefix_start(self, first: int, bare: int) -> int:
        """Index where the title before a name begins, `bare` where it has none."""
        start = first
        titled = bare != first
        index = first - 1
        while index >= 0 and first - index <= LONGEST_PREFIX:
            if not self.joined(index + 1) and self.low(index) != ".":
                break
            step = self._prefix_word(index, titled)
            if step is None:
                break
            if step:
                titled |= self.low(index) in self.sets["roles"]
                start = index
            index -= 1
        if titled or self.low(start - 1) == "the":
            start = self._with_determiner(start)
        return start

    def _prefix_word(self, index: int, titled: bool) -> bool | None:
        """True: belongs to a title; False: may; None: ends it."""
        low = self.low(index)
        if low in self.sets["roles"]:
            return True
        if low == ".":
            return False if self.low(index - 1) in self.sets["abbreviations"] else None
        if not titled:
            return None
        if self.name[index] or low in TITLE_MODIFIERS or low in self.sets["groups"]:
            return True
        if index in self.initial and self.qualifies_role(index):
            return True
        if low in ("'s", "of", "-", "and"):
            return False if self.joined(index) else None
        if low in self.sets["stop"] or low in self.verbs or not low[:1].isalpha():
            return None
        return None if low.endswith(("ed", "ing", "ly")) else False

    def _with_determiner(self, start: int) -> int:
        for _ in range(MOST_DETERMINERS):
            low = self.low(start - 1)
            known = low in self.sets["determiners"] and low not in ("that", "this")
            if start < 1 or not self.joined(start) or not known:
                break
            start -= 1
        return start

    def nominals(self) -> None:
        for index, word in enumerate(self.words):
            low = word.low
            known = low in self.sets["heads"] or low.endswith("-year-old")
            limb = low == "head" and self.low(index - 1) in BODILY  # `shook his head`
            if not known or limb or index in self.covered:
                continue
            if self.name[index - 1] and index and self._is_verb(index):
                continue
            if self.joined(index + 1) and self.low(index + 1) in self.sets["heads"]:
                continue
            self.nominal(index)

    def nominal(self, head: int) -> None:
        start = head
        while start > 0 and head - start < 6 and self.joined(start):
            if not self._is_premodifier(start - 1):
                break
            start -= 1
        while start < head and self.low(start) in ("'s", "'", "of", "and", "-"):
            start += 1
        determined = self._with_determiner(start)
        many = self.low(head) in self.sets["many"]
        capital = any(self.words[i].capital for i in range(start, head))
        counted = start < head and self.low(start)[:1].isdigit()
        if determined == start and not (
            many or capital or counted or head in self.titled
        ):
            return
        end = self.tail_end(head)
        self.add(determined, end, "nominal")

    def _is_premodifier(self, index: int) -> bool:
        low = self.low(index)
        if low.endswith("s") and self.low(index + 1)[:1].isdigit():
            return False  # `represents 2,300 people`
        if self._is_genitive(index) or self.name[index]:
            return True
        if low == "i" and not self.words[index].capital:
            return True  # the newspaper
        if not self.words[index].alpha or low in self.sets["stop"]:
            return False
        if low in self.sets["determiners"] or low in self.sets["pronouns"]:
            return False
        if low in self.verbs and low not in self.sets["heads"]:
            return index > 0 and self.low(index - 1) in self.sets["determiners"]
        return not ends_as_adverb(low)

    def _is_genitive(self, index: int) -> bool:
        """Whether a possessor ends here: `Vall's`, `the drivers'`."""
        word, low = self.words[index], self.low(index)
        plural = low == "'" and self.low(index - 1).endswith("s")
        return low == "'s" or (plural and self.words[index - 1].end == word.start)

    def tail_end(self, head: int) -> int:
        """One past the phrase that follows a head: `for the mayor`, `of Lower Mire`."""
        index = head + 1
        if self.joined(index) and self.low(index) in PUBLISHED:
            index += 1
        if not (self.joined(index) and self.low(index) in LINKS):
            return head + 1
        if (
            self.low(index) in ("to", "on")
            and self.low(head) not in self.sets["roles"]
            and index == head + 1
        ):
            return head + 1
        index += 1
        if self.low(index) in self.sets["determiners"] and self.joined(index):
            index += 1
        elif self.low(index - 1) == "to" and not self.words[index].capital:
            return head + 1  # `told newcomers to leave`
        return self._phrase_end(index) or head + 1

    def _phrase_end(self, first: int) -> int | None:
        index = first
        while index < first + LONGEST_TAIL and self.joined(index):
            if self.name[index]:
                index = self.run_end(index)
                if self.low(index) not in self.sets["heads"] | {"'s"}:
                    return index
            elif self.low(index) in self.sets["heads"]:
                index += 1
                if self.low(index) not in self.sets["heads"] | {"'s"}:
                    return index
            elif self.low(index) == "'s" or self._is_premodifier(index):
                index += 1
            else:
                break
        return index if index > first else None

    def pronouns(self) -> None:
        subjects = self.sets["pronouns"]
        others = self.sets.get("pronouns_other", frozenset())
        for index, word in enumerate(self.words):
            if word.low == "i" and not word.capital:
                continue  # the newspaper
            if word.low in subjects or (
                word.low in others
                and (self._before_verb(index + 1) or self._after_speech(index))
            ):
                self.add(index, index + 1, "pronoun")

    def _after_speech(self, index: int) -> bool:
        """Whether somebody speaks: `“About time,” said one, filling a van`."""
        said = self.low(index - 1) in self.verbs and self.low(index + 1) in AFTER_ONE
        named = self.low(index + 1) == "," and any(
            word.capital for word in self.words[index + 2 : index + 3]
        )
        return said and not named and self.low(index - 2) in ("”", '"', "’", ",")

    def _before_verb(self, index: int) -> bool:
        low = self.low(index)
        if low == "who" and self.joined(index):
            return True  # `One who asked not to be named`
        if low == "," and self.low(index - 1) in ("one", "another"):
            return index - 1 in self.initial  # `Another, signed by Lee, says`
        if low in self.sets["adverbs"]:
            low = self.low(index + 1)
        return low in self.verbs or low in self.sets["auxiliaries"]


def find_mentions(
    segmentation: Segmentation, *, language: str | None = None
) -> tuple[Mention, ...]:
    """Every name, pronoun and nominal that could speak or take part, in order.

    Mentions may nest: a name within its title run, a name within a nominal.

    Args:
        segmentation: the segmented text.
        language: BCP 47 tag; English where there is no lexicon.
    """
    finder = _Finder(segmentation, lexicon_language(language))
    finder.names()
    finder.nominals()
    finder.pronouns()
    text = segmentation.flat
    datelines = [
        (p.start, find_dateline(text, p.start, p.end)) for p in segmentation.paragraphs
    ]
    places = {at for first, end in datelines for at in range(first, end)}
    return tuple(
        Mention(start, end, kind)
        for (start, end), kind in sorted(finder.found.items())
        if start not in places
    )
