"""Names, short names, roles and pronouns to one entity each.

Rules only: what they cannot decide is offered to the model as a choice with a prior
(`extractor.tasks.speakers`). Offsets are code points of the article.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from extractor.schema import SpeakerKind
from extractor.segmentation.model import Mention, Segmentation
from extractor.segmentation.words import read_lexicon

_POSSESSIVE = re.compile(r"['’]s?$")
_ARTICLE = re.compile(r"^(?:the|an?|its|his|her|their|our|this|that)\s+", re.IGNORECASE)
_INDEFINITE = re.compile(r"^(?:an?|one|another|some)\s", re.IGNORECASE)
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
_WORDS = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")

_COMPLEMENT = re.compile(
    r"\s(?:for|of|in|at|from|who|with|on|to|near|carried|published|issued)\s.*$"
)

PERSON_PRONOUNS = frozenset({"he", "she", "him", "her", "his", "i", "who"})
THING_PRONOUNS = frozenset({"it", "which"})
GROUP_PRONOUNS = frozenset({"they", "them", "we", "their"})

ORGANIZATION = re.compile(
    r"\b(?:agency|airline|army|assembly|association|authority|bank|board|brigade|bureau|cabinet|"
    r"centre|center|church|club|college|commission|committee|company|confederation|"
    r"congress|corporation|corps|council|county|court|department|directorate|federation|force|"
    r"forces|foundation|fund|government|group|guard|hospital|house|inc|institute|league|"
    r"ltd|ministry|movement|museum|nations|navy|network|news|observatory|office|"
    r"organi[sz]ation|parliament|party|police|post|press|radio|school|senate|service|"
    r"society|state|station|team|times|town|treasury|tribunal|tribune|union|university|"
    r"watch|white house|kremlin|pentagon|downing street)\b",
    re.IGNORECASE,
)
DOCUMENT = re.compile(
    r"\b(?:announcement|article|bill|blog|book|bulletin|communiqu[eé]|complaint|"
    r"declaration|documents?|editorial|email|filing|findings|indictment|interview|law|"
    r"lawsuit|letter|memo|message|newspaper|note|notice|order|papers?|poll|post|records?|"
    r"release|reports?|resolution|review|ruling|statement|study|survey|testimony|"
    r"transcript|tweet|website)\b",
    re.IGNORECASE,
)
GROUP = re.compile(
    r"\b(?:[a-z]{2,}(?:ers|ors|ists|ians|ants|ents|ics|ees)|people|police|officials|"
    r"residents|families|parents|authorities|sources|lawmakers|troops|workers|women|men|"
    r"neighbou?rs|representatives|students|rescuers|farmers|villagers|others|many|some)$",
    re.IGNORECASE,
)


@dataclass
class Entity:
    """Somebody or something that several mentions name."""

    name: str
    """Fullest form, without titles."""
    description: str | None = None
    """Title or role as the article words it."""
    named: bool = True
    """A proper name, not a role or an unnamed source."""
    mentions: list[Mention] = field(default_factory=list)

    @property
    def words(self) -> set[str]:
        """Lower-case words of name and description, for matching roles."""
        words = _WORDS.findall(f"{self.name} {self.description or ''}")
        return {word.lower() for word in words}


@dataclass(frozen=True)
class _Form:
    """A bare name at one place with the title run that holds it."""

    mention: Mention
    text: str
    title: str | None


def bare(text: str) -> str:
    """A name without article and possessive: `the Navy's` is `Navy`."""
    return _POSSESSIVE.sub("", _ARTICLE.sub("", text)).strip()


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
        if form.title and not _ARTICLE.fullmatch(f"{form.title} ")
    }
    for entity in entities:
        entity.mentions.sort(key=lambda m: m.start)
        entity.description = _description(text, entity, titles)
    return sorted(entities, key=lambda e: e.mentions[0].start)


def _forms(text: str, names: Sequence[Mention]) -> list[_Form]:
    """The innermost names, each with the longer run that ends with it as its title."""
    forms = []
    for name in names:
        if any(_holds(name, other) and other.end == name.end for other in names):
            continue
        runs = [o for o in names if _holds(o, name) and o.end == name.end]
        longest = min(runs, key=lambda o: o.start, default=name)
        title = _title(text[longest.start : name.start])
        forms.append(_Form(name, bare(text[name.start : name.end]), title))
    return [form for form in forms if form.text]


def _title(words: str) -> str | None:
    """The title at the end of the words before a name.

    Capitals, roles and what links them belong to it, any other word ends it: `Sen.` in
    `master Maren Tolk met Sen.`
    """
    title: list[str] = []
    for word in reversed(words.strip(" ,\u00a0").split()):
        low = word.lower().strip(".,")
        if not (word[0].isupper() or low in _roles() or low in _TITLE_WORDS):
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
            return role or (found[1] if found else None)
    return None


def _role_before(text: str, start: int) -> str | None:
    """The role in small letters before a name: `harbour master` Maren Tolk."""
    words = text[max(0, start - 60) : start].split(" ")
    if len(words) < 2 or words.pop():
        return None
    role: list[str] = []
    while words and len(role) < _LONGEST_ROLE:
        word = words.pop()
        if not re.fullmatch("[a-z][a-z-]+", word) or word in _BEFORE_ROLE:
            break
        role.insert(0, word)
    return " ".join(role) if role and role[-1] in _roles() else None


@cache
def _roles() -> frozenset[str]:
    lexicon = read_lexicon("en")["mentions"]
    return frozenset(f"master {lexicon['persons']} {lexicon['titles']}".split())


def resolve_nominal(text: str, mention: Mention, entities: Sequence[Entity]) -> Entity:
    """The entity a role or a common noun (`the ministry`, `a spokesman`) refers to.

    One right before a name (`the ferry company Quell Line`) is that name's. A definite
    one refers to the nearest earlier entity whose name or role has its head
    noun; any other is an entity of its own, which equal words share.
    """
    apposed = [
        e for e in entities if any(m.start == mention.end + 1 for m in e.mentions)
    ]
    if apposed and text[mention.end : mention.end + 1] == " ":
        entity = apposed[0]
        entity.description = entity.description or bare(
            text[mention.start : mention.end]
        )
        return entity
    words = bare(text[mention.start : mention.end])
    head = (_WORDS.findall(words.lower()) or [""])[-1]
    definite = not _INDEFINITE.match(text[mention.start : mention.end])
    if definite and head:
        near = [
            e
            for e in entities
            if head in e.words and any(m.start < mention.start for m in e.mentions)
        ]
        if near:
            return max(near, key=lambda e: last_before(e, mention.start))
    return Entity(name=text[mention.start : mention.end], named=False)


def find_antecedent(
    text: str, who: Mention, mentions: Sequence[Mention]
) -> Mention | None:
    """The name or role a relative `who` refers to: the one right before its clause.

    In `an engineer who saw it, and who asked not to be named` both refer to the first.
    """
    at = who.start
    for mention in sorted(mentions, key=lambda m: (-m.end, m.start)):
        if mention.end > at or (mention.kind == "pronoun" and mention.end == at):
            continue
        between = text[mention.end : at]
        if re.search(r"[.!?”\n]", between):
            return None
        if mention.kind != "pronoun" and re.fullmatch(r",?\s(?:and\s)?", between):
            return mention
        if mention.kind == "pronoun" and _is_who(text, mention):
            at = mention.start
    return None


def _is_who(text: str, mention: Mention) -> bool:
    return text[mention.start : mention.end].lower() == "who"


def last_before(entity: Entity, offset: int) -> int:
    """Start of the entity's last mention before `offset`, -1 if there is none."""
    starts = [m.start for m in entity.mentions]
    k = bisect_right(starts, offset - 1)
    return starts[k - 1] if k else -1


def pronoun_prior(
    text: str,
    pronoun: Mention,
    entities: Sequence[Entity],
    segmentation: Segmentation,
    speaking: Sequence[tuple[int, Entity]],
) -> list[tuple[Entity, float]]:
    """Entities a pronoun may stand for with weights, best first.

    Nearer is likelier, a sentence's first name likelier than its others, and whoever
    was quoted last likeliest.

    Args:
        text: the article.
        pronoun: the mention to resolve.
        entities: all entities, mentions in order.
        segmentation: for counting sentences between.
        speaking: who was quoted so far: offset and entity, in order.
    """
    word = text[pronoun.start : pronoun.end].lower()
    starts = [s.start for s in segmentation.sentences]
    here = bisect_right(starts, pronoun.start)
    last_speaker = next((e for at, e in reversed(speaking) if at < pronoun.start), None)
    weighted = []
    for entity in entities:
        last = last_before(entity, pronoun.start)
        if last < 0 or not _fits(word, entity):
            continue
        sentence = bisect_right(starts, last)
        weight = 0.5 ** (here - sentence)
        if last - starts[sentence - 1] < 12:
            weight *= 1.6
        if entity is last_speaker:
            weight *= 4
        weighted.append((entity, weight))
    weighted.sort(key=lambda pair: -pair[1])
    return weighted[:5]


def _fits(word: str, entity: Entity) -> bool:
    kind = kind_of(entity)
    if word in PERSON_PRONOUNS:
        return kind in ("person", "unnamed", None)
    if word in THING_PRONOUNS:
        return kind in ("organization", "document", None)
    return kind in ("organization", "group", None)


def kind_of(entity: Entity) -> SpeakerKind | None:
    """The kind of an entity as far as its words tell; None where they do not."""
    name = entity.name
    if not entity.named:
        return _kind_of_nominal(name)
    if ORGANIZATION.search(name) or name.isupper():
        return "organization"
    words = name.split()
    if entity.description:
        role = _COMPLEMENT.sub("", entity.description).split()[-1]
        return "organization" if ORGANIZATION.search(role) else "person"
    if len(words) in (2, 3) and all(w[0].isupper() for w in words):
        return "person"
    return None


def is_person(words: str) -> bool:
    """Whether a role or common noun names one person: `a guard`, not `the county`."""
    head = (_WORDS.findall(_COMPLEMENT.sub("", words.lower())) or [""])[-1]
    return head in _roles()


def _kind_of_nominal(words: str) -> SpeakerKind:
    head = (_WORDS.findall(_COMPLEMENT.sub("", words)) or [""])[-1]
    if DOCUMENT.search(head):
        return "document"
    if GROUP.search(head) and not _INDEFINITE.match(words):
        return "group"
    if ORGANIZATION.search(head):
        return "organization"
    return "unnamed"
