"""Names, short names and roles to one entity each, by rule.

Offsets are code points of the article.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractor.resolution.entities import (
    ARTICLE,
    INDEFINITE,
    ORGANIZATION,
    WORDS,
    Entity,
    bare,
    is_person,
    kind_of,
    roles,
)
from extractor.resolution.pronouns import last_before
from extractor.segmentation.model import Mention

_APPOSITION = re.compile(
    r",\s+((?:an?|the|chief|former|head|his|her|its)\b[^,.;:()“”\"]{3,80})[,.;]"
)
_BEFORE_ROLE = frozenset(
    "said says told of by to and or that the when with for from as its his her their "
    "added asked but while".split()
)
_LONGEST_ROLE = 5
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
    by_name: dict[str, Entity] = {}
    for form in sorted(forms, key=lambda f: (-len(f.text.split()), f.mention.start)):
        entity = by_name.get(form.text) or _fuller(form, by_name.values())
        if entity is None:
            entity = by_name[form.text] = Entity(name=form.text)
        entity.mentions.append(form.mention)
    entities = list(by_name.values())
    titles = {
        form.mention: form.title
        for form in forms
        if form.title and not ARTICLE.fullmatch(f"{form.title} ")
    }
    for entity in entities:
        entity.mentions.sort(key=lambda m: m.start)
        entity.description = _description(text, entity, titles)
    return sorted(entities, key=lambda e: e.mentions[0].start)


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


def _fuller(form: _Form, entities: Iterable[Entity]) -> Entity | None:
    words = form.text.split()
    found = []
    for entity in entities:
        full = entity.name.split()
        if len(full) <= len(words) and not form.text.isupper():
            continue
        initials = "".join(w[0] for w in full if w[0].isupper())
        is_person = not ORGANIZATION.search(entity.name)
        if (
            (full[-len(words) :] == words and (is_person or len(words) > 1))
            or (is_person and len(full) == 2 and full[:1] == words)
            or (len(full) > 2 and form.text.isupper() and initials == form.text)
        ):
            found.append(entity)
    if not found:
        return None

    def nearness(entity: Entity) -> tuple[bool, int]:
        first = min(m.start for m in entity.mentions)
        before = [m.start for m in entity.mentions if m.start <= form.mention.start]
        return (not before, form.mention.start - max(before) if before else first)

    return min(found, key=nearness)


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
    """The role in small letters before a name: `harbour master` Maren Tolk."""
    before = text[max(0, start - 60) : start]
    if not before.endswith(" "):
        return None
    words = before.rpartition("\n")[2].split()
    role: list[str] = []
    while words and len(role) < _LONGEST_ROLE:
        word = words.pop()
        if not re.fullmatch("[a-z][a-z-]+", word) or word in _BEFORE_ROLE:
            break
        role.insert(0, word)
    return " ".join(role) if role and role[-1] in roles() else None


def _named_after(
    text: str, mention: Mention, entities: Sequence[Entity]
) -> Entity | None:
    """The person whose name follows a role: `the mayor, Ada Holt, said`."""
    words = text[mention.start : mention.end]
    if mention.kind != "nominal" or not is_person(words):
        return None
    for entity in entities:
        for other in entity.mentions:
            follows = re.fullmatch(r",\s", text[mention.end : other.start] or "-")
            closed = re.match(
                r",|\s\w+(?:ed|said|told|wrote)\b", text[other.end :][:24]
            )
            if (
                follows
                and closed
                and entity.named
                and kind_of(entity) != "organization"
            ):
                return entity
    return None


def _contradicts(words: str, entity: Entity) -> bool:
    """Whether a role tells another apart: `the E newspaper`, `the o newspaper`.

    It does where both qualify their noun and share no qualifier.
    """
    if entity.named:
        return False
    own, other = words.split()[:-1], bare(entity.name).split()[:-1]
    return bool(own and other) and not set(own) & set(other)


def resolve_nominal(text: str, mention: Mention, entities: Sequence[Entity]) -> Entity:
    """The entity a role or a common noun (`the ministry`, `a spokesman`) refers to.

    One right before a name (`the ferry company Quell Line`) or in apposition to it is
    that name's. A definite one refers to the nearest earlier entity whose name or role
    has its head noun; any other is an entity of its own, which equal words share.
    """
    apposed = [
        e for e in entities if any(m.start == mention.end + 1 for m in e.mentions)
    ]
    if apposed and text[mention.end] == " ":
        entity = apposed[0]
        entity.description = entity.description or bare(
            text[mention.start : mention.end]
        )
        return entity
    named_after = _named_after(text, mention, entities)
    if named_after:
        named_after.description = named_after.description or bare(
            text[mention.start : mention.end]
        )
        return named_after
    if text[mention.start - 2 : mention.start] == ", ":
        before = [
            e for e in entities if any(m.end == mention.start - 2 for m in e.mentions)
        ]
        if before:
            return before[0]
    surface = " ".join(text[mention.start : mention.end].split())
    words = bare(surface)
    head = (WORDS.findall(words.lower()) or [""])[-1]
    definite = not INDEFINITE.match(surface)
    if definite and head:
        near = [
            e
            for e in entities
            if head in e.words
            and not _contradicts(words, e)
            and any(m.start < mention.start for m in e.mentions)
        ]
        if near:
            return max(near, key=lambda e: last_before(e, mention.start))
    named = mention.kind == "name" and not _is_title(words)
    return Entity(name=surface, named=named)
