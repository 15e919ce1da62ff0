"""Reporting words: verbs in all their forms, prepositions, nouns and colons.

A word that could be a noun as well counts as a verb where its neighbours allow it.
"""

from functools import cache

from extractor.segmentation.model import Cue, CueKind, Segmentation
from extractor.segmentation.reporting import VerbForm, verb_forms
from extractor.segmentation.words import (
    QUALIFIERS,
    Word,
    ends_as_adverb,
    lexicon_language,
    plural,
    read_lexicon,
    sentence_initial,
    split_words,
    title_case_words,
)

FIGURE_REACH, FIGURE_LEAD = 9, 6
"""Words from `put` to its `at`, and from there to the figure."""


@cache
def _sets(language: str) -> dict[str, frozenset[str]]:
    lexicon = read_lexicon(language)
    mentions, nouns = lexicon["mentions"], lexicon.get("nouns", {})

    def words_of(text: str) -> set[str]:
        return set(text.split())

    that = words_of(nouns.get("that", ""))
    introduces = words_of(nouns.get("introduces", ""))
    people = words_of(mentions["persons"]) | words_of(mentions["groups"])
    documents = words_of(mentions["documents"])
    many = {plural(noun) for noun in people | documents}
    return {
        "determiners": frozenset(words_of(mentions["determiners"])),
        "adverbs": frozenset(words_of(mentions["adverbs"])),
        "auxiliaries": frozenset(words_of(mentions["auxiliaries"])),
        "heads": frozenset(people | documents | {"it", "he", "she", "who", "which"}),
        "plurals": frozenset(many | words_of(mentions["plurals"])),
        "that": frozenset(that | {plural(noun) for noun in that}),
        "introduces": frozenset(introduces | {plural(n) for n in introduces}),
        "stop": frozenset(words_of(mentions["stop"])),
    }


_PLURAL_SUBJECTS = frozenset(
    "they we i you who that which many some others both".split()
)
_MODALS = frozenset(
    "to will would can could may might must shall should do does did don't didn't "
    "doesn't won't wouldn't can't couldn't not 'd 'll let".split()
)
_PREPOSITIONS = frozenset(
    "of in on at for with from about over under between without per into against "
    "than as like".split()
)
_BEFORE_NOUN = _PREPOSITIONS | {"'s", "'"}
_ALWAYS_VERB = frozenset(
    "says tells said told warns argues insists denies believes adds writes explains "
    "admits concedes contends alleges asserts maintains suggests recommends complains "
    "announces declares confirms acknowledges predicts describes".split()
)
_CLAUSE_SUBJECTS = frozenset(
    "that it he she they we i there this the a an his her their".split()
)
_SPEAKING = frozenset(
    "say argue insist contend believe think concede acknowledge allege".split()
)
_NOT_SPEAKING = frozenset(
    "related update updated photo photos source sources read watch note editor image "
    "credit correction video twitter follow email contact copyright tags topics "
    "share more pictured photograph caption advertisement http https here subject "
    "date time".split()
)
_NOUN_ING = frozenset("reading meaning feeling finding hearing understanding".split())


class _Finder:
    """State of one pass over the words of a text."""

    def __init__(self, text: str, words: tuple[Word, ...], language: str) -> None:
        self.text = text
        self.words = words
        self.language = language
        self.sets = _sets(language)
        self.verbs = verb_forms(language)

    def low(self, index: int) -> str:
        if 0 <= index < len(self.words):
            return self.words[index].low
        return ""

    def before(self, index: int) -> int:
        """Index of the nearest word before, adverbs left out."""
        index -= 1
        while index >= 0 and (
            self.words[index].low in self.sets["adverbs"]
            or (ends_as_adverb(self.words[index].low) and self.words[index].alpha)
        ):
            index -= 1
        return index

    def is_verb(self, index: int, entry: VerbForm) -> bool:
        """Whether the word is the verb it could be, by its neighbours."""
        word = self.words[index]
        if word.low in _ALWAYS_VERB or self.language != "en":
            return True
        left = self.low(self.before(index))
        if entry.form == "base":
            said = word.low == "say" and self.low(index + 1) in _CLAUSE_SUBJECTS
            return said or self._takes_base(left, word.low)
        if left in self.sets["determiners"] - {"this", "that", "all", "both"}:
            # `One advises him to wait`
            return left in ("one", "another") and self.low(index + 1) in _OBJECTS
        if self._closes_speech(index):
            return True
        if left in _BEFORE_NOUN and not (entry.form == "ing" and left not in ("'s",)):
            return left == "'s" and entry.form in ("past", "ing")
        if entry.form == "s":
            return self._takes_third_person(self.before(index))
        if left == "," and self._is_passive_participle(index):
            return False
        return not (entry.form == "ing" and word.low in _NOUN_ING)

    def _closes_speech(self, index: int) -> bool:
        """Whether `?'` or `,'` stands before a word: a closing mark, no apostrophe."""
        if self.low(index - 1) != "'":
            return False
        mark = self.words[index - 1].start
        return not self.text[mark - 1 : mark].isalnum()

    def _is_passive_participle(self, index: int) -> bool:
        """`plans, revealed in 2020, ...` and `..., announced by the firm, ...`."""
        following, after = self.low(index + 1), self.low(index + 2)
        dated = following == "in" and after.isdigit() and len(after) == 4
        return dated or following == "by"

    def _puts_a_figure(self, index: int) -> bool:
        """`put the loss at $3m`, `puts it nearer 40`: who gives a figure."""
        for at in range(index + 2, index + FIGURE_REACH):
            low = self.low(at)
            if low in ("at", "nearer", "closer", "above", "below"):
                return any(
                    self.low(k)[:1].isdigit() for k in range(at + 1, at + FIGURE_LEAD)
                )
            if not self.words[at].alpha if at < len(self.words) else True:
                return False
        return False

    def _takes_base(self, left: str, low: str) -> bool:
        return (
            left in _PLURAL_SUBJECTS
            or left in _MODALS
            or left in self.sets["plurals"]
            or left in ("and", "or")
            or (left == "," and low in _SPEAKING)
            or (
                left.endswith("s")
                and len(left) > 3
                and left not in _BEFORE_NOUN
                and left not in self.sets["stop"]
                and left not in ("his", "its")
            )
        )

    def _takes_third_person(self, before: int) -> bool:
        left = self.words[before] if before >= 0 else None
        if left is None or not left.alpha:
            return True
        if left.low in QUALIFIERS:
            return False
        return (
            left.capital
            or left.low in self.sets["heads"] - self.sets["plurals"]
            or left.low in ("and", "but", "that", "one", "which", "everyone", "nobody")
        )

    def tail_end(self, index: int, entry: VerbForm) -> int | None:
        """Index of the last word of the verb, if its further words follow."""
        if entry.lemma == "put at":
            return index if self._puts_a_figure(index) else None
        for offset, part in enumerate(entry.tail, 1):
            if self.low(index + offset) != part:
                return None
        return index + len(entry.tail)

    def verb_at(self, index: int) -> tuple[int, Cue] | None:
        word = self.words[index]
        for entry in self.verbs.get(word.low, ()):
            last = self.tail_end(index, entry)
            if last is not None and self.is_verb(index, entry):
                end = self.words[last].end
                return last, Cue(word.start, end, entry.lemma, "verb")
        return None

    def preposition_at(self, index: int) -> tuple[int, Cue] | None:
        for phrase in _prepositions(self.language).get(self.words[index].low, ()):
            last = index + len(phrase) - 1
            if phrase == ("per",) and self.low(index - 1).isalnum():
                continue  # 59 cents per litre
            if tuple(self.low(i) for i in range(index, last + 1)) == phrase:
                start, end = self.words[index].start, self.words[last].end
                return last, Cue(start, end, " ".join(phrase), "preposition")
        return self._opinion_at(index)

    def _opinion_at(self, index: int) -> tuple[int, Cue] | None:
        """`in her view`, `in Ada Holt's opinion`, `by his reckoning`."""
        if self.low(index) not in ("in", "by") or self.language != "en":
            return None
        nouns = _opinions() if self.low(index) == "in" else RECKONINGS
        for at in range(index + 2, index + OPINION_REACH):
            owned = self.low(at - 1) == "'s" or self.low(at - 1) in POSSESSIVES
            if owned and self.low(at) in nouns:
                start, end = self.words[index].start, self.words[at].end
                return at, Cue(start, end, OPINION, "preposition")
        return None

    def noun_at(self, index: int) -> tuple[int, Cue] | None:
        word, following = self.words[index], self.low(index + 1)
        kind: CueKind = "noun"
        if following in ("is", "was", "'s") and word.low in self.sets["that"]:
            following = self.low(index + 2)
        that = word.low in self.sets["that"] and (
            following in ("that", "dass", "que")
            or (following in ("by", "in") and self._that_follows(index + 2))
        )
        opens = word.low in self.sets["introduces"] | self.sets["that"] and (
            following in _MARKS or (following == ":" and self.low(index + 2) in _MARKS)
        )
        possessed = (
            following == ":"
            and word.low in self.sets.get("possessed", ())
            and self.low(index - 1) in POSSESSIVES | {"'s"}
        )
        if that or opens or possessed:
            return index, Cue(word.start, word.end, word.low, kind)
        return None

    def _that_follows(self, index: int) -> bool:
        """`a claim by the company that ...`: a `that` after a few words of a name."""
        for at in range(index, min(index + OWNER_WORDS, len(self.words))):
            if self.low(at) == "that":
                return at > index
            if not self.words[at].alpha and self.low(at) not in ("'s", "-", ".", ","):
                return False
        return False

    def colon_at(self, index: int) -> tuple[int, Cue] | None:
        """A colon after a short capitalised run that begins a line or sentence."""
        word = self.words[index]
        if word.low != ":" or self.text[word.end : word.end + 1] not in (
            " ",
            "\xa0",
            "",
        ):
            return None
        first = index
        while first > 0 and self.words[first - 1].alpha and not self.words[first].gap:
            first -= 1
            if index - first > 6:
                return None
        run = self.words[first:index]
        opened = first == 0 or self.words[first].gap or self.low(first - 1) in _BREAKS
        named = sum(w.capital for w in run) * 2 >= len(run)
        blocked = any(w.low in _NOT_SPEAKING for w in run)
        blocked |= bool(run) and run[0].low in _PREPOSITIONS
        verbal = any(w.low in self.verbs for w in run[1:])
        if run and opened and run[0].capital and named and not blocked and not verbal:
            return index, Cue(word.start, word.end, ":", "colon")
        return None


OWNER_WORDS = 12
"""Of whose claim it is: `by the clerk, Osian Macready,`."""
POSSESSIVES = frozenset(("his", "her", "their", "its"))
OPINION = "in the view of"
"""Lemma of `in her opinion` and its like."""
RECKONINGS = frozenset("reckoning account estimate admission calculation".split())
"""What follows `by his` where he says so."""
OPINION_REACH = 7
_OBJECTS = frozenset("him her them me us it that".split())
_MARKS = frozenset("\"“„«‘'‹")
_BREAKS = frozenset('.!?"“„«‘()[]')


@cache
def _opinions() -> frozenset[str]:
    return frozenset(read_lexicon("en")["prepositions"]["opinions"].split())


@cache
def _prepositions(language: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    table: dict[str, list[tuple[str, ...]]] = {}
    for phrase in read_lexicon(language)["prepositions"]["phrases"].split("|"):
        parts = tuple(phrase.split())
        table.setdefault(parts[0], []).append(parts)
    return {
        head: tuple(sorted(phrases, key=len, reverse=True))
        for head, phrases in table.items()
    }


def find_cues(
    segmentation: Segmentation, *, language: str | None = None
) -> tuple[Cue, ...]:
    """Every reporting word of a text, in order, none overlapping another.

    Words that are also nouns (`claims`, `report`) count as verbs only where their
    neighbours allow it.

    Args:
        segmentation: the segmented text.
        language: BCP 47 tag; English, German, French, Spanish and Portuguese have a
            lexicon, any other is read as English.
    """
    words = split_words(segmentation.flat, lexicon_language(language))
    finder = _Finder(segmentation.flat, words, lexicon_language(language))
    capitals_free = _headline_words(segmentation, words)
    cues: list[Cue] = []
    index = 0
    while index < len(words):
        found = None
        word = words[index]
        ordinary = not word.capital or word.gap or index in capitals_free
        if word.low == ":":
            found = finder.colon_at(index)
        elif word.alpha and ordinary:
            found = (
                finder.preposition_at(index)
                or finder.verb_at(index)
                or finder.noun_at(index)
            )
        if found:
            index = found[0]
            cues.append(found[1])
        index += 1
    return tuple(cues)


def _headline_words(
    segmentation: Segmentation, words: tuple[Word, ...]
) -> frozenset[int]:
    """Indices of words that begin a sentence or stand in a line in title case."""
    starts = (sentence.start for sentence in segmentation.sentences)
    return frozenset(sentence_initial(words, starts) | title_case_words(words))
