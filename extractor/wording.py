"""The wording of a claim: pronouns and dates resolved, what is denied in the negative.

Whom a pronoun stands for is chosen elsewhere; here the choice is put in its place. What
speakers say of themselves keeps its words, with the referent in brackets as an editor
would: `We [the council] warned them.` Pronouns are those of English.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from extractor.resolution import (
    PERSON_PRONOUNS,
    Entity,
    bare,
    is_person,
    kind_of,
    suitability,
)
from extractor.segmentation.words import read_lexicon

_PRONOUN = re.compile(
    r"\b(?:he|she|it|they|we|him|her|them|us|his|its|their|our|i|my|me)\b(?!\.\w)",
    re.IGNORECASE,
)
_PLAIN = {
    "him": "he", "his": "he", "her": "she", "its": "it", "them": "they",
    "their": "they", "us": "we", "our": "we", "my": "i", "me": "i",
}  # fmt: skip
_FIRST = frozenset({"i", "we"})
_POSSESSIVE = frozenset({"his", "its", "their", "our", "my"})
_HELPING = re.compile(
    r"\b(?:had|has|have|was|were|is|are|would|will|could|can|should|may|might|must|did)\b"
)
_HELPING_REACH = 60
"""Characters from the beginning within which a clause's first helping verb stands."""
_NEGATED = re.compile(r"\b(?:not|never|no|nobody|none|nothing|without)\b|n['’]t\b")
_NAME = re.compile(r"\b[A-ZÀ-Þ][\w'’-]*(?: [A-ZÀ-Þ][\w'’-]*)*")
_NOUN_FIRST = re.compile(
    r"\W*(?:an?|the|this|that|these|those|some|many|most|several|all|no|each|every|"
    r"his|her|its|their|our|my|your)(?: [\w'’-]+){1,3}",
    re.IGNORECASE,
)
"""What a statement is about where it begins with a noun."""
_OPENING = re.compile(
    r"(?:In|With|Though|Although|Despite|After|Before|As|While|When|During|Since|Because|"
    r"At|On|By|For|From|If|Like|Unlike|Through|To|Without|Once|Until)\b([^,.;:]*), "
)
_SOMEBODY = re.compile(
    r"\b(?:an?|the|this|that|one|another|his|her|their|our|my) (?:[\w'’-]+ ){0,3}?"
    r"([\w-]*(?:[eo]r|ist|ian|ee|m[ae]n|izen))s?\b",
    re.IGNORECASE,
)
"""A noun with an ending of words for people, and of some others."""
_MONTHS = frozenset(
    "january february march april may june july august september october november "
    "december".split()
)
_AFTER_OBJECT = re.compile(
    r"\s*(?:[^\w\s]|$|(?:and|as|at|about|after|again|against|because|before|but|by|for|"
    r"from|if|in|into|last|on|or|out|over|so|than|that|the|to|up|when|while|with)\b)"
)
_TIME = (
    r"(?:(?:on|in|at|by|since|after|during|until|from) )?(?:(?:the|that|this|last|next|"
    r"same|early|late|following|previous|first|end|middle|of|time|moment|point|morning|"
    r"afternoon|evening|night|day|week|weekend|month|year|decade|\w+day|January|February|"
    r"March|April|May|June|July|August|September|October|November|December|\d+),? )+"
)
_BEFORE_SUBJECT = re.compile(
    rf"(?:(?:(?:of course|obviously|clearly|certainly|now|then|yes|no|well|later|today|"
    rf"however|also|earlier)\b,? )|{_TIME})?"
    r"(?:I (?:(?:don['’]t|do not|still|really|also|just) )*(?:think|believe|know|"
    r"hope|feel|guess|say|suspect|doubt)"
    r"(?: (?:that|what|where|why|how|if|whether))? )?",
    re.IGNORECASE,
)
"""What may stand before a pronoun that opens a statement."""
_FIRST_SINGULAR = re.compile(
    r"^I(?:(?P<have>['’]ve| have)|(?P<be>['’]m| am)|"
    r"(?= (?:was|had|did|will|would|can|could|may|might|should|must|never|"
    r"(?!need\b|feed\b|bleed\b|heed\b|indeed\b)[a-z]+ed|"
    r"kept|saw|heard|went|took|made|told|got|knew|lost|won|found|left|came)\b))"
)
_OPENED = re.compile(r"(?:^|[\s(])[‘“\"']")
_I_AGAIN = re.compile(r"\b(?:I|me|my|mine|myself)\b", re.IGNORECASE)
_BE = r"(?:['’]s|\s+(?:(?:is|was)(?:n['’]t)?|(?:has|had)\s+been|(?:\w+\s+){1,2}be))"
_EMPTY_IT = re.compile(
    rf"\bit(?:{_BE}|\s+(?:\w+\s+)?(?:seem|appear|look|feel|sound|turn|matter|happen)\w*\b)"
    r"[^,;.!?—–]{0,80}?\b(?:that|to|for|who|when|whether|how|why|if|what|where|which|as|"
    r"like|since)\b"
    rf"|\bit(?:{_BE}\s+(?:(?:not|also|about|high|been|now|still|a)\s+)*|\s+(?:\w+\s+)?)"
    r"(?:time\b|rain\w*|snow\w*|take\w*\b|took\b|com(?:es?|ing)\b|came\b|remains?\s+to\b|"
    r"depend\w*|makes?\s+(?:no\s+)?sense|follow\w*\s+that|year|month|week|day|hour|cold\b|"
    r"hot\b|dark\b|clear\b|true\b|goes\s+without|help\w*\s+that)",
    re.IGNORECASE,
)
"""`It is clear that`, `it takes years`: the pronoun stands for nothing before it."""
_DEED = re.compile(
    r"it(?: (?:also|now|still|already|never|only|not|soon|instead|first|later|has|had|"
    r"will|would|could|can|did|does))* (?:(?:is|was)(?: (?:also|now|still|already))* "
    r"(?P<doing>[a-z]+ing)|(?P<verb>[a-z]+))\b",
    re.IGNORECASE,
)
_ACTS = re.compile(
    r"(?:accept|aim|announc|appeal|appoint|approv|arrest|ask|back|ban|believ|bought|build|"
    r"built|buy|cancel|condemn|consider|cooperat|creat|decid|declin|demand|deni|deny|deploy|"
    r"detect|dismiss|disput|employ|examin|expand|expect|fight|fil|fin|fir|fund|hir|hop|impos|"
    r"inform|intend|investigat|issu|join|launch|meet|monitor|negotiat|offer|oppos|order|own|"
    r"paid|pay|plan|prefer|prepar|propos|publish|pursu|receiv|refus|reject|releas|replac|"
    r"report|request|respect|respond|review|sell|send|sent|sold|sign|spend|sue|support|"
    r"suspend|tell|told|tri|try|urg|vot|want|warn|welcom|withdr)(?:es|e?s|e?d|ing|ned|aw|ew)?$"
)
"""What only a body of people does."""
_TRAIT = re.compile(
    r"it (?:(?:also|now|still|today) )*(?:(?:is|was) (?:(?:also|now|still) )*"
    r"(?:located|based|home to|part of|one of the|among|run by|owned|known (?:for|as)|"
    r"used (?:by|for)|built (?:by|in|on)|founded|designed by|operated|staffed|"
    r"mainly for|the (?:\w+ )?(?:largest|biggest|oldest))\b|"
    r"(?:has|employs|serves|houses|covers|lies|operates|provides|offers|owns|makes|"
    r"produces|runs)\b(?! (?:been|become|a point|no)))",
    re.IGNORECASE,
)
_CONTRACTION = re.compile(r"['’](?P<verb>s|re|ve|ll|m)\b(?P<rest>.*)", re.DOTALL)
_WOULD_OR_HAD = re.compile(r"['’]d\b")
"""Stands for either, so that no name can take the place of `he’d`."""
_EXPANDED = {"re": " are", "ve": " have", "ll": " will", "m": " am"}
_HAS = re.compile(
    r"\s+(?:(?:not|never|also|always|already|just|only|since|long)\s+)*(?:been|got|had|gone|"
    r"done|made|become|seen|given|taken|come|lost|won|left|said|told|known|shown|spent|"
    r"put|met|held|set|read|kept|begun|brought|built|found|heard)\b"
)
_IS = re.compile(r"\s+(?:(?:not|also|still|now|just)\s+)*(?:\w+ing|an?|the|in|on|at)\b")
_GENERIC_WE = re.compile(
    r"\b(?:we|us) (?:all|both|as (?:an? )?\w+|live|humans|people|americans|at|of|in|"
    r"here)\b|"
    r"\b(?:all|each|both|some|most|many) of us\b|"
    r"\bour (?:\w+ )?(?:country|nation|planet|world|society|children|kids|time|times|"
    r"lives|democracy|economy|politics|future|history|species|climate|constitution|"
    r"century|generation|age|streets|oceans?|atmosphere|seas?)\b",
    re.IGNORECASE,
)
"""Where the speaker means everybody."""


@dataclass(frozen=True, slots=True)
class Pronoun:
    """A pronoun of a statement that nothing in the statement explains."""

    start: int
    """Offset in the statement."""
    word: str
    """As it stands there."""

    @property
    def key(self) -> str:
        """Its plain form: `he` for `his`."""
        low = self.word.lower()
        return _PLAIN.get(low, low)

    @property
    def is_first_person(self) -> bool:
        """Whether the speaker means himself."""
        return self.key in _FIRST


def open_pronouns(words: str) -> list[Pronoun]:
    """The first of each pronoun that points outside a statement, in order.

    A third person is explained by a name before it, `he` and `she` only by a person's
    name or role; `it` and `they` also by what the statement begins with (`The bridge`).
    `It is clear that` means nothing.
    """
    found: dict[str, Pronoun] = {}
    for match in _PRONOUN.finditer(words):
        pronoun = Pronoun(match.start(), match[0])
        if pronoun.key in found or match[0] == "US" or match[0] == "IT":
            continue
        if not pronoun.is_first_person and _is_explained(words, pronoun):
            continue
        found[pronoun.key] = pronoun
    return list(found.values())


def _is_empty(words: str, start: int) -> bool:
    """Whether `it` stands for nothing: `it is clear that`, not `it is home to`."""
    empty = _EMPTY_IT.match(words, start) is not None
    return empty and not _TRAIT.match(words, start)


def _is_explained(words: str, pronoun: Pronoun) -> bool:
    if _is_empty(words, pronoun.start) or _points_ahead(words, pronoun.start):
        return True
    before = words[: pronoun.start]
    names = [bare(name) for name in _NAME.findall(before) if not _is_common(name)]
    if pronoun.key in PERSON_PRONOUNS:
        return _tells_of_person(before, names, pronoun.key)
    return bool(names) or _NOUN_FIRST.match(before) is not None


def _points_ahead(words: str, start: int) -> bool:
    """Whether a name follows the opening phrase: `In her speech, Holt said no`."""
    opening = _OPENING.match(words)
    if opening is None or not opening.start(1) <= start < opening.end(1):
        return False
    name = _NAME.match(words, opening.end())
    return name is not None and not _is_common(name[0])


def _is_common(name: str) -> bool:
    """Whether a capital says nothing: `The`, `However`, `Monday`."""
    return not {word.lower() for word in name.split()} - _common_words()


@cache
def _common_words() -> frozenset[str]:
    lexicon = read_lexicon("en")["mentions"]
    lists = ("stop", "determiners", "adverbs", "pronouns", "pronouns_other", "weekdays")
    return frozenset(" ".join(lexicon[name] for name in lists).split()) | _MONTHS


def _tells_of_person(before: str, names: Sequence[str], pronoun: str) -> bool:
    """Whether words name somebody, or hold a role or what may be one."""
    roles = [word for word in re.findall(r"[\w-]+", before) if is_person(word)]
    people = [Entity(name) for name in names]
    people += [Entity(role, named=False) for role in roles]
    if any(suitability(pronoun, e) or kind_of(e) is None for e in people):
        return True
    return any(found[1] not in roles for found in _SOMEBODY.finditer(before))


def opening_pronoun(words: str) -> Pronoun | None:
    """The third person that opens a statement: `She left`, `I think he lied`."""
    start = _BEFORE_SUBJECT.match(words)
    found = _PRONOUN.match(words, start.end() if start else 0)
    if found is None or found[0] in ("US", "IT") or _is_empty(words, found.start()):
        return None
    pronoun = Pronoun(found.start(), found[0])
    return None if pronoun.is_first_person else pronoun


def is_deed(words: str, pronoun: Pronoun) -> bool:
    """Whether `it` does what only a body of people does: `it would review the plan`."""
    if pronoun.word.lower() == "its":
        return True
    found = _DEED.match(words, pronoun.start)
    verb = (found["verb"] or found["doing"]).lower() if found else ""
    return _ACTS.match(verb) is not None


def is_trait(words: str, pronoun: Pronoun) -> bool:
    """Whether `it` is told of as a body or a place is: `it is home to 400 people`."""
    if pronoun.word.lower() == "its":
        return True
    return _TRAIT.match(words, pronoun.start) is not None


def means_everybody(words: str) -> bool:
    """Whether `we` is more than the speaker's own: `we all`, `our planet`."""
    return _GENERIC_WE.search(words) is not None


def fill(words: str, referents: Mapping[Pronoun, str]) -> str:
    """The statement with referents in their pronouns' places."""
    for pronoun in sorted(referents, key=lambda p: -p.start):
        end = pronoun.start + len(pronoun.word)
        before, after = words[: pronoun.start], words[end:]
        if _WOULD_OR_HAD.match(after):
            continue
        name = _replacement(pronoun, referents[pronoun], words)
        words = before + name + _expand(after)
    return words


def _replacement(pronoun: Pronoun, referent: str, words: str) -> str:
    low = pronoun.word.lower()
    end = pronoun.start + len(pronoun.word)
    owned = low in _POSSESSIVE or (low == "her" and not _AFTER_OBJECT.match(words, end))
    name = _possessive(referent) if owned else referent
    if pronoun.is_first_person:
        return f"{pronoun.word} [{name}]"
    return name[:1].upper() + name[1:] if pronoun.start == 0 else name


def _expand(after: str) -> str:
    """What follows a name that has taken a pronoun's place, without a contraction."""
    found = _CONTRACTION.match(after)
    if found is None:
        return after
    verb, rest = found["verb"], found["rest"]
    if verb != "s":
        return _EXPANDED[verb] + rest
    if _HAS.match(rest):
        return f" has{rest}"
    return f" is{rest}" if _IS.match(rest) else after


def _possessive(name: str) -> str:
    return f"{name}’" if name.endswith("s") else f"{name}’s"


def name_speaker(words: str, name: str) -> str:
    """A speaker's own words, with the name for the first `I`.

    In its place where grammar allows and nothing else speaks of him, else in brackets
    behind it: `I [Ida Holt] think so`.
    """
    found = _FIRST_SINGULAR.match(words)
    if found and not _I_AGAIN.search(words, found.end()):
        verb = " has" if found["have"] else " is" if found["be"] else ""
        return name[:1].upper() + name[1:] + verb + words[found.end() :]
    own = [p for p in open_pronouns(words) if p.key == "i" and p.word != "i"]
    return gloss(words, own[0], name) if own else words


def gloss(words: str, pronoun: Pronoun, name: str) -> str:
    """The words with a name in brackets behind a first person, if the speaker means it.

    Inside further quotation marks somebody else speaks: `He said, ‘We lost.’`
    """
    if _OPENED.search(words, 0, pronoun.start):
        return words
    return fill(words, {pronoun: name})


def negated(text: str) -> str:
    """What is denied, in the negative: `It had sought it` as `It had not sought it`.

    Only where a helping verb stands near the beginning; else the words stay, and the
    claim's modality alone tells that it is denied.
    """
    helping = _HELPING.search(text, 0, _HELPING_REACH)
    if helping is None or _NEGATED.search(text):
        return text
    return f"{text[: helping.end()]} not{text[helping.end() :]}"
