"""Names, short names and roles to one entity each, by rule.

Offsets are code points of the article.
"""

import re
from bisect import insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractor.resolution.apposition import named_after
from extractor.resolution.entities import (
    ARTICLE,
    COMPLEMENT,
    INDEFINITE,
    ORGANIZATION,
    WORDS,
    Entity,
    Gender,
    bare,
    is_joint,
    roles,
)
from extractor.resolution.pronouns import last_before
from extractor.resolution.roster import Roster
from extractor.segmentation.model import Mention
from extractor.segmentation.words import first_names

_APPOSITION = re.compile(
    r",\s+((?:an?|the|chief|former|head|his|her|its)\b[^,.;:()“”\"]{3,80})[,.;]"
)
_INITIAL = re.compile(r"[A-Z]\.?")
_REFLEXIVE = re.compile(r"\s(him|her)self\b")
_KIN = re.compile(
    r"(?:\b(?:his|her|their|my|our|whose|the)|['’]s)\s+(?:[a-z-]+\s+){0,2}"
    r"(?:(?P<male>son|brother|father|husband|uncle|nephew|grandson|grandfather|boyfriend|"
    r"stepson|stepfather|widower|dad)|(?:daughter|sister|mother|wife|aunt|niece|"
    r"granddaughter|grandmother|girlfriend|stepdaughter|stepmother|widow|mum|mom)),?\s$"
)
"""What goes before a name and tells whether it is a woman's: `her son, `."""
_LONGEST_KIN = 60
"""Characters before a name in which such words stand."""
_POST_NOMINALS = re.compile(
    r"(?<=[a-z])(?:,? (?:[KQ]C|MPs?|MBE|OBE|CBE|PhD|MD|[JS]r\.?))+$"
)
_MISTER = frozenset(("mr", "sir", "lord"))
_MISS = frozenset(("ms", "mrs", "miss", "lady", "dame"))
_BEFORE_ROLE = frozenset(
    "said says told of by to and or that the when with for from as its his her their "
    "added asked but while".split()
)
_LONGEST_ROLE = 5
_LONGEST_END = 20
"""Words at the end of a name that may stand for it; all ends of a name without end
would be the square of its length."""
_TITLE_LINKS = frozenset("of the for and a an its his her their".split())
_TITLE_WORDS = _TITLE_LINKS | frozenset(
    "former ex then current acting retired late senior top deputy vice veteran leading "
    "prime first general national local chief co assistant".split()
)


@dataclass(frozen=True)
class _Form:
    """A bare name at one place with the title run that holds it."""

    mention: Mention
    text: str
    title: str | None


def resolve_names(text: str, mentions: Iterable[Mention]) -> list[Entity]:
    """Entities of all name mentions, in order of first mention.

    A short form belongs to the fuller name that ends (a person's surname) or starts
    with it or whose initials it gives; of several the nearest before it.
    """
    forms = _forms(text, [m for m in mentions if m.kind == "name"])
    full = _FullNames(text)
    for form in sorted(forms, key=_fullness):
        full.settle(form)
    entities = full.entities
    titles = {
        form.mention: form.title
        for form in forms
        if form.title and not ARTICLE.fullmatch(f"{form.title} ")
    }
    for entity in entities:
        entity.description = _description(text, entity, titles)
        definite = [m for m in entity.mentions if _has_article(text, m)]
        entity.gender = _told_gender(text, entity, titles)
        entity.definite = 2 * len(definite) > len(entity.mentions)
    return sorted(entities, key=lambda e: e.mentions[0].start)


def _fullness(form: _Form) -> tuple[int, bool, bool, int]:
    """The fullest first: what is shorter, or only an initial, belongs to it.

    `Ms Lench` before `Lench`: whom the article titles is seldom the bare name.
    """
    words = form.text.split()
    initial = bool(_INITIAL.fullmatch(words[0]))
    return -len(words), initial, not _is_addressed(form), form.mention.start


def _is_addressed(form: _Form) -> bool:
    """Whether a surname has a title that goes with surnames: `Ms Lench`."""
    word = (form.title or "").lower().rstrip(".").split(" ")[-1]
    return word in _MISTER | _MISS and " " not in form.text


def _told_gender(
    text: str, entity: Entity, titles: dict[Mention, str]
) -> Gender | None:
    """What `Ms Holt` and `Holt herself` tell; None where it is nothing or both."""
    told = set()
    for mention in entity.mentions:
        title = titles.get(mention, "").lower().rstrip(".").split(" ")[-1]
        after = _REFLEXIVE.match(text, mention.end)
        kin = _kin_gender(text, mention)
        if title in _MISTER or (after and after[1] == "him") or kin == "male":
            told.add("male")
        elif title in _MISS or after or kin:
            told.add("female")
    if len(told) != 1:
        return None
    return "male" if "male" in told else "female"


def _kin_gender(text: str, name: Mention) -> Gender | None:
    """What `her son, ` before a name tells."""
    found = _KIN.search(text, max(0, name.start - _LONGEST_KIN), name.start)
    if found is None:
        return None
    return "male" if found["male"] else "female"


def _has_article(text: str, name: Mention) -> bool:
    before = text[max(0, name.start - 4) : name.start]
    return before[:3].lower() == "the" and before[3:].isspace()


def _forms(text: str, names: Sequence[Mention]) -> list[_Form]:
    """The innermost names, each with the longer run that ends with it as its title."""
    forms = []
    ending: dict[int, list[Mention]] = {}
    for name in names:
        ending.setdefault(name.end, []).append(name)
    for name in names:
        if any(_holds(name, other) for other in ending[name.end]):
            continue
        runs = [other for other in ending[name.end] if _holds(other, name)]
        longest = min(runs, key=lambda o: o.start, default=name)
        title = _title(text[longest.start : name.start])
        forms.append(_Form(name, bare(text[name.start : name.end]), title))
    return [form for form in forms if form.text and not _is_title(form.text)]


def _is_title(name: str) -> bool:
    """Whether a capitalised run names an office and nobody: `Executive Secretary`."""
    words = name.lower().split()
    return all(w in roles() or w in _TITLE_WORDS for w in words)


def _title(words: str) -> str | None:
    """The title at the end of the words before a name.

    Capitals, roles, what links them and what qualifies a role in small letters
    (`immigration minister`) belong to it; any other word ends it: `Sen.` in `master
    Maren Tolk met Sen.`
    """
    title: list[str] = []
    for word in reversed(words.strip(" ,\u00a0").split()):
        low = word.lower().strip(".,")
        known = word[0].isupper() or low in roles() or low in _TITLE_WORDS
        of_role = bool(title) and title[0][0].islower() and low not in _BEFORE_ROLE
        if not (known or of_role):
            break
        title.insert(0, word)
    while title and title[0].lower() in _TITLE_LINKS:
        title.pop(0)
    return " ".join(title) or None


def _holds(outer: Mention, inner: Mention) -> bool:
    longer = outer.end - outer.start > inner.end - inner.start
    return longer and outer.start <= inner.start and inner.end <= outer.end


class _FullNames:
    """The fullest names so far, found by what a short form may be of them."""

    def __init__(self, text: str) -> None:
        self.entities: list[Entity] = []
        self._text = text
        self._by_form: dict[tuple[str, str], list[Entity]] = {}
        """By whole name, last words, first word of two, and initials."""
        self._addressed: set[int] = set()
        """Entities, by `id`, that are called `Ms Lench`."""

    def settle(self, form: _Form) -> None:
        """Give a form to the entity it names, a new one where there is none."""
        same = self._by_form.get(("whole", form.text), [])
        entity = same[0] if same else self._fuller(form)
        if entity is None:
            entity = Entity(name=form.text)
            entity.gender = _kin_gender(self._text, form.mention)
            self._enter(entity)
        insort(entity.mentions, form.mention, key=lambda m: m.start)
        if _is_addressed(form):
            self._addressed.add(id(entity))

    def _enter(self, entity: Entity) -> None:
        self.entities.append(entity)
        name = _POST_NOMINALS.sub("", entity.name)
        words = name.split()
        is_person = not ORGANIZATION.search(entity.name)
        forms = [("whole", entity.name)]
        if name != entity.name:
            forms.append(("last", name))
        for k in range(max(1, len(words) - _LONGEST_END), len(words)):
            if is_person or k < len(words) - 1:
                forms.append(("last", " ".join(words[k:])))
        if is_person and len(words) == 2:
            forms.append(("first", words[0]))
        if is_person and len(words) > 1 and not _INITIAL.fullmatch(words[0]):
            forms.append(("initialled", f"{words[0][0]} {words[-1]}"))
        if len(words) > 2:
            initials = "".join(word[0] for word in words if word[0].isupper())
            forms.append(("initials", initials))
        for form in forms:
            self._by_form.setdefault(form, []).append(entity)

    def _fuller(self, form: _Form) -> Entity | None:
        """Of the entities that a form may be short for, the nearest before it."""
        found = [
            *self._by_form.get(("last", form.text), []),
            *self._by_form.get(("first", form.text), []),
        ]
        words = form.text.split()
        if len(words) > 1 and _INITIAL.fullmatch(words[0]):
            key = f"{words[0][0]} {words[-1]}"
            found += self._by_form.get(("initialled", key), [])
        if form.text.isupper():
            found += self._by_form.get(("initials", form.text), [])
        found = [entity for entity in found if not _is_other_sex(form.title, entity)]

        bare_name = not _is_addressed(form)

        def nearness(entity: Entity) -> tuple[bool, bool, bool, int]:
            before = last_before(entity, form.mention.start + 1)
            other = not _is_of_sex(form.title, entity)
            titled = bare_name and id(entity) in self._addressed
            if before < 0:
                return other, titled, True, entity.mentions[0].start
            return other, titled, False, form.mention.start - before

        return min(found, key=nearness, default=None)


def _is_of_sex(title: str | None, entity: Entity) -> bool:
    """Whether a title and a first name agree, or there is no title that tells."""
    word = (title or "").lower().rstrip(".").split(" ")[-1]
    first = entity.name.split()[0].lower()
    if word in _MISS:
        return first in first_names("female")
    return word not in _MISTER or first in first_names("male")


def _is_other_sex(title: str | None, entity: Entity) -> bool:
    """Whether a title and a first name rule each other out: `Ms Reck`, `Giles Reck`."""
    word = (title or "").lower().rstrip(".").split(" ")[-1]
    first = entity.name.split()[0].lower()
    if word in ("ms", "mrs", "miss"):
        return entity.gender == "male" or first in first_names("male")
    female = entity.gender == "female" or first in first_names("female")
    return word == "mr" and female


def _description(text: str, entity: Entity, titles: dict[Mention, str]) -> str | None:
    """The longest title before the name, else the apposition after it."""
    before = [titles[m] for m in entity.mentions if m in titles]
    if before:
        return max(before, key=len)
    for mention in entity.mentions:
        role = _role_before(text, mention.start)
        found = _APPOSITION.match(text, mention.end)
        if role or found:
            return role or (" ".join(found[1].split()) if found else None)
    return None


def _role_before(text: str, start: int) -> str | None:
    """The role in small letters before a name: `harbour master` Maren Tolk.

    A paragraph may begin with it.
    """
    before = text[max(0, start - 60) : start]
    if not before.endswith(" "):
        return None
    words = before.rpartition("\n")[2].split()
    role: list[str] = []
    while words and len(role) < _LONGEST_ROLE:
        word = words.pop()
        first = bool(role) and not words and word[0].isupper()
        plain = re.fullmatch("[A-Za-z][a-z-]+" if first else "[a-z][a-z-]+", word)
        if not plain or word.lower() in _BEFORE_ROLE:
            break
        role.insert(0, word)
    return " ".join(role) if role and role[-1] in roles() else None


def _contradicts(words: str, entity: Entity) -> bool:
    """Whether a role tells another apart: `the E newspaper`, `the o newspaper`.

    It does where both qualify their noun and share no qualifier.
    """
    if entity.named:
        return False
    own, other = words.split()[:-1], bare(entity.name).split()[:-1]
    return bool(own and other) and not set(own) & set(other)


def _is_headed(entity: Entity, word: str) -> bool:
    """Whether a word is in the name or heads the role: no county is its spokesman."""
    if word in (w.lower() for w in WORDS.findall(entity.name)):
        return True
    role = COMPLEMENT.sub("", (entity.description or "").lower())
    return WORDS.findall(role)[-1:] == [word]


def resolve_nominal(text: str, mention: Mention, roster: Roster) -> Entity:
    """The entity a role or a common noun (`the ministry`, `a spokesman`) refers to.

    One right before a name (`the ferry company Quell Line`) or in apposition to it is
    that name's. A definite one refers to the nearest earlier entity whose name or role
    has its head noun; any other is an entity of its own, which equal words share. So
    are several who speak together, and a name that the rules have not found.
    """
    surface = " ".join(text[mention.start : mention.end].split())
    if is_joint(surface):
        return Entity(name=surface, named=False)
    words = bare(surface)
    apposed = [entity for entity, _ in roster.starting_at(mention.end + 1)]
    if apposed and text[mention.end] == " ":
        roster.describe(apposed[0], words)
        return apposed[0]
    behind = named_after(text, mention, roster)
    if behind:
        roster.describe(behind, words)
        return behind
    if text[max(0, mention.start - 2) : mention.start] == ", ":
        before = roster.ending_at(mention.start - 2)
        if before and before[0][0].named:
            return before[0][0]
    head = (WORDS.findall(words.lower()) or [""])[-1]
    definite = not INDEFINITE.match(surface)
    if definite and head:
        near = [
            e
            for e in roster.with_word(head)
            if last_before(e, mention.start) >= 0
            and not _contradicts(words, e)
            and _is_headed(e, head)
        ]
        if near:
            return max(near, key=lambda e: last_before(e, mention.start))
    named = mention.kind == "name" and not _is_title(words)
    return Entity(name=surface, named=named)
