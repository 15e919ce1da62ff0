"""The wording of a claim: dates in full, names for pronouns, nothing else.

A model's wording is accepted only where it differs from the article's by pronouns,
connectives and verb agreement, and where every word it puts in stands in the article.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from extractor.grounding import Grounder
from extractor.schema import Rejected
from extractor.times import find_times, resolve_time

_TOKEN = re.compile(r"[^\W_]+(?:[-.,'’][^\W_]+)*|[^\w\s]")
_PRONOUN = re.compile(
    r"\b(?:he|she|it|they|we|him|her|them|us|his|hers|its|their|theirs|our|ours|"
    r"this|these|those|who|there|former|latter|i|my|me|you|your)\b",
    re.IGNORECASE,
)
_FIRST = frozenset("i my me we us our ours you your this these those".split())
_CAPITALISED = re.compile(r"\b[A-ZÀ-Þ][\w'’-]+")

DROPPABLE = frozenset(
    "a an the this that these those his her its their our my your he she it they we i "
    "you him them us me who which now then also however too both former latter and but "
    "so".split()
)
"""Words of the draft that a wording may leave out or replace by a name."""
INSERTABLE = frozenset("a an the of and in".split())
"""Words that may come in with a name."""
_AGREEMENT = (
    frozenset({"is", "are", "am", "'s", "’s", "'re", "’re", "'m", "’m"}),
    frozenset({"was", "were"}),
    frozenset({"has", "have", "'ve", "’ve", "'s", "’s"}),
    frozenset({"do", "does"}),
)


@dataclass(frozen=True, slots=True)
class Wording:
    """A claim's words, and the model's if they were refused."""

    text: str
    rejected: Rejected | None


def needs_context(words: str) -> bool:
    """Whether words point outside themselves: a pronoun with no name before it."""
    for found in _PRONOUN.finditer(words):
        if found[0].lower() in _FIRST:
            return True
        before = words[: found.start()]
        names = [n for n in _CAPITALISED.findall(before) if not _PRONOUN.fullmatch(n)]
        if not names:
            return True
    return False


_THIRD = re.compile(r"^(?:He|She|It|They)\b(?=\s)")
_FIRST_SINGULAR = re.compile(
    r"^I(?:(?P<have>['’]ve| have)|(?P<be>['’]m| am)|"
    r"(?= (?:was|had|did|will|would|can|could|may|might|should|must|never|[a-z]+ed)\b))"
)
_SAYS = re.compile(
    r"^(?:according to [^,]{2,60}, |(?:[^,.]{2,60} )"
    r"(?:says|said|states|stated|announced|claims|claimed|added)(?: that)? )",
    re.IGNORECASE,
)


def name_speaker(words: str, name: str, *, quoted: bool) -> str:
    """The words with the speaker's name for an opening pronoun that means the speaker.

    Args:
        words: a statement.
        name: of its speaker.
        quoted: whether the words are the speaker's own (`I` is the speaker) or a report
            of them (`he`, `she` or `it` is).
    """
    if not quoted:
        return _THIRD.sub(_capital(name), words)
    found = _FIRST_SINGULAR.match(words)
    if not found:
        return words
    verb = " has" if found["have"] else " is" if found["be"] else ""
    return _capital(name) + verb + words[found.end() :]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def resolve_dates(
    words: str, published: str | None, *, tense: Literal["past", "future"] = "past"
) -> str:
    """The words with each relative date followed by the date it means.

    Args:
        words: a statement.
        published: ISO date the article appeared; None leaves relative dates alone.
        tense: whether a date without a year lies before or after that.
    """
    pieces, last = [], 0
    for time in find_times(words):
        expression = time.of(words)
        value, basis = resolve_time(expression, published=published, tense=tense)
        pieces.append(words[last : time.end])
        last = time.end
        if value and basis == "publication_date":
            pieces.append(f" ({value})")
    return "".join([*pieces, words[last:]])


def check_wording(
    wording: str, draft: str, grounder: Grounder, names: Sequence[str]
) -> Wording:
    """Accept a model's wording of `draft`, or keep the draft and say what differs.

    Args:
        wording: the model's words.
        draft: the article's words with dates resolved.
        grounder: of the article, for the words the model put in.
        names: entities of the article, which may stand for pronouns.
    """
    says = _SAYS.match(wording)
    if says and not _SAYS.match(draft):
        wording = _capital(wording[says.end() :])
    old, new = _TOKEN.findall(draft), _TOKEN.findall(wording)
    matcher = SequenceMatcher(
        None, [_fold(t) for t in old], [_fold(t) for t in new], autojunk=False
    )
    faults = [
        f"[-{' '.join(old[a:b])}-]{{+{' '.join(new[c:d])}+}}"
        for tag, a, b, c, d in matcher.get_opcodes()
        if tag != "equal" and not _is_allowed(old[a:b], new[c:d], grounder, names)
    ]
    if not faults and wording.strip():
        text = wording.strip()
        return Wording(text if text[-1] in '.!?"”' else f"{text}.", None)
    return Wording(
        draft,
        Rejected(
            task="claims",
            text=wording,
            verdict="altered",
            diff="; ".join(faults) or None,
        ),
    )


def _is_allowed(
    old: list[str], new: list[str], grounder: Grounder, names: Sequence[str]
) -> bool:
    """Whether one difference is a pronoun's resolution, agreement or punctuation."""
    while old and new and _agree(old[-1], new[-1]):
        old, new = old[:-1], new[:-1]
    while old and new and _agree(old[0], new[0]):
        old, new = old[1:], new[1:]
    if any(_is_word(token) and token.lower() not in DROPPABLE for token in old):
        return False
    content = [t for t in new if _is_word(t) and t.lower() not in INSERTABLE]
    if not content:
        return True
    put_in = " ".join(token for token in new if _is_word(token))
    known = {word for name in names for word in _TOKEN.findall(name)}
    if all(token in known for token in content):
        return True
    return any(
        grounder.ground(words).verdict in ("exact", "typographic")
        for words in (put_in, " ".join(content))
    )


def _is_word(token: str) -> bool:
    return token[0].isalnum()


def _agree(old: str, new: str) -> bool:
    """Whether two words differ in number or person of the verb only."""
    a, b = old.lower(), new.lower()
    if a == b or any(a in forms and b in forms for forms in _AGREEMENT):
        return True
    return a in (f"{b}s", f"{b}es") or b in (f"{a}s", f"{a}es")


def _fold(token: str) -> str:
    return token.lower().replace("’", "'")
