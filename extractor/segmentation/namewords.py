"""Which words belong to names: by capitals, position and lexica."""

from collections import Counter

from extractor.segmentation.mentionwords import sets_of
from extractor.segmentation.model import Segmentation
from extractor.segmentation.reporting import verb_forms
from extractor.segmentation.words import (
    QUALIFIERS,
    first_names,
    sentence_initial,
    split_words,
    title_case_words,
)


def _is_given(low: str) -> bool:
    """Whether a word is a common first name: `Kelly` is no adverb."""
    return low in first_names("female") or low in first_names("male")


class NameWords:
    """The words of an article, and which of them belong to names.

    Attributes:
        text: the article.
        words: of it.
        language: of the lexica.
        sets: word lists by name.
        verbs: forms of reporting verbs.
        initial: words that begin a sentence.
        titled: words of lines in title case.
        small: how often a word stands within a sentence in small letters.
        large: how often with a capital.
        name: for each word, whether it belongs to a name.
    """

    def __init__(self, segmentation: Segmentation, language: str) -> None:
        self.text = segmentation.flat
        self.words = split_words(self.text, language)
        self.language = language
        self.sets = sets_of(language, self.words)
        self.verbs = verb_forms(language)
        starts = (sentence.start for sentence in segmentation.sentences)
        self.initial = sentence_initial(self.words, starts)
        self.titled = title_case_words(self.words)
        inner = [
            w
            for i, w in enumerate(self.words)
            if w.alpha and i not in self.initial and i not in self.titled
        ]
        self.small = Counter(w.low for w in inner if not w.capital)
        self.large = Counter(w.low for w in inner if w.capital)
        self.name = [self._is_name_word(i) for i in range(len(self.words))]

    def low(self, index: int) -> str:
        """A word in small letters; nothing outside the article."""
        return self.words[index].low if 0 <= index < len(self.words) else ""

    def _is_name_word(self, index: int) -> bool:
        word = self.words[index]
        if not word.capital or not word.alpha or self._is_no_name(word.low):
            return False
        if word.low in self.sets["stop"] or word.low == "i":
            return word.low in ("may", "will") and self._follows_name(index)
        if self.language != "en" and not self._may_name(index):
            return False
        if index not in self.initial and index not in self.titled:
            return True
        if self.large[word.low]:
            return True
        if self.small[word.low] or word.low in self.sets["heads"]:
            return self._is_title(index)
        if word.low in self.verbs or word.low in self.sets["adverbs"]:
            return False
        if self.qualifies_role(index):
            return False
        if self.is_first_name(index):
            return True
        derived = word.low.endswith(("ly", "ing", "ed")) and not _is_given(word.low)
        return not (derived or word.low in QUALIFIERS)

    def _is_no_name(self, low: str) -> bool:
        """`Monday`; `Mum-of-three` in `Mum-of-three Ada Holt`."""
        return low in self.sets["calendar"] or "-of-" in low

    def _may_name(self, index: int) -> bool:
        """Not a German noun for a role; first in a sentence no `Ob`, no `Teme`."""
        low, following = self.low(index), index + 1
        if low.endswith("'") or (self.language == "de" and low in self.sets["heads"]):
            return self._is_title(index)
        if index not in self.initial or self.large[low]:
            return True
        run = self.joined(following) and self.words[following].capital
        return low not in self.sets["closed"] and (run or self.language == "de")

    def is_first_name(self, index: int) -> bool:
        """`Elly Brandt` at the beginning of a sentence: no adverb."""
        following = index + 1
        known = _is_given(self.low(index))
        return known and self.joined(following) and self.words[following].capital

    def qualifies_role(self, index: int) -> bool:
        """`Harbour` in `Harbour master Ada Holt`, first in a sentence."""
        role, name = index + 1, index + 2
        return (
            self.words[index].capital
            and self.joined(role)
            and not self.words[role].capital
            and self.low(role) in self.sets["roles"] | {"master"}
            and self.joined(name)
            and self.words[name].capital
        )

    def _follows_name(self, index: int) -> bool:
        before = self.words[index - 1] if index else None
        return bool(before and before.capital and before.alpha)

    def _is_title(self, index: int) -> bool:
        following = index + 1 + (self.low(index + 1) == ".")
        return (
            self.words[index].low in self.sets["titles"]
            and following < len(self.words)
            and self.words[following].capital
            and self.words[following].low not in self.sets["stop"]
        )

    def joined(self, index: int) -> bool:
        """Whether only white space stands between the word and the one before."""
        return 0 < index < len(self.words) and not self.words[index].gap
