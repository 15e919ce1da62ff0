"""Who is meant: an entity, what kind it is, and which words tell."""

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from extractor.schema import SpeakerKind
from extractor.segmentation.model import Mention
from extractor.segmentation.places import is_known_place
from extractor.segmentation.words import first_names, read_lexicon

WORDS = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
ARTICLE = re.compile(r"^(?:the|an?|its|his|her|their|our|this|that)\s+", re.IGNORECASE)
INDEFINITE = re.compile(r"^(?:an?|one|another|some)\s", re.IGNORECASE)
COMPLEMENT = re.compile(
    r"\s(?:for|of|in|at|from|who|with|on|to|near|carried|published|issued)\s.*$"
)
_BODIES = (
    "agency airline army assembly association authority bank board brigade "
    "bureau cabinet centre center charity church club college command "
    "commission committee company confederation congress corporation corps "
    "council county court department directorate federation force forces "
    "foundation fund government group guard hospital house inc institute "
    "league ltd ministry movement museum nations navy network news "
    "observatory office organisation organization parliament party police "
    "post press radio school senate service society state station team "
    "times town treasury tribunal tribune union unit university watch "
    "kremlin pentagon "
)
ORGANIZATION = re.compile(rf"\b(?:{'|'.join(_BODIES.split())})\b", re.IGNORECASE)
"""Words that name a body of people."""
_FIRMS = frozenset(
    "advisers advisors airways analytics associates brewery breweries capital "
    "chemicals communications consulting energy engineering equity estates ferries "
    "foods freight gas health healthcare holding holdings homes industries "
    "insurance international investments labs laboratories lines logistics "
    "management media mining mobile motors oil partners pharma pharmaceuticals "
    "pictures power properties publishing rail railways renewables research "
    "resources securities shipping software solutions stores studios supermarkets "
    "systems technologies telecom trains utilities ventures water works".split()
)
"""Last words of firms' names."""
DOCUMENT = re.compile(
    r"\b(?:act|agreement|announcement|article|bill|blog|book|bulletin|communiqu[eé]|complaint|"
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


Gender = Literal["female", "male"]
_ADDRESS = frozenset("mrs ms miss mr sir".split())
_WOMEN = frozenset(
    "mrs ms miss lady dame queen princess duchess sister mother wife daughter widow "
    "aunt grandmother niece girl actress".split()
)
_MEN = frozenset(
    "mr sir lord king prince duke brother father husband son widower uncle grandfather "
    "nephew boy man businessman".split()
)
"""No `chairman` or `spokesman`: some call a woman so."""


_JOINT = re.compile(
    r" and (?:[^\W\d_a-zß-öø-ÿ]|(?:the|an?|his|her|their|its|two|three|four|five)\b)"
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
    place: bool = False
    """Most mentions stand where places do: `in Vall`."""
    definite: bool = False
    """Most mentions have an article before the name: `the Golden Reed`, no person."""
    gender: Gender | None = None
    """What its mentions tell: `Ms Holt`, `Holt herself`."""
    mentions: list[Mention] = field(default_factory=list)

    @property
    def words(self) -> set[str]:
        """Lower-case words of name and description, for matching roles."""
        words = WORDS.findall(f"{self.name} {self.description or ''}")
        return {word.lower() for word in words}


def bare(text: str) -> str:
    """A name without article and possessive: `the Navy's` is `Navy`."""
    return _POSSESSIVE.sub("", ARTICLE.sub("", " ".join(text.split())))


def kind_of(entity: Entity) -> SpeakerKind | None:
    """The kind of an entity as far as its words tell; None where they do not."""
    name = entity.name
    if not entity.named:
        return _kind_of_nominal(name)
    if ORGANIZATION.search(name) or name.isupper():
        return "organization"
    words = name.split()
    if entity.description:
        role = COMPLEMENT.sub("", entity.description).split()[-1]
        return "organization" if ORGANIZATION.search(role) else "person"
    if entity.place or entity.definite or is_known_place(name):
        return "organization"
    low = words[0].lower()
    if low in first_names("female") | first_names("male"):
        return "person"
    if len(words) > 1 and words[-1].lower() in _FIRMS:
        return "organization"
    if len(words) > 1 and DOCUMENT.fullmatch(words[-1]):
        return "document"
    if len(words) in (2, 3) and all(w[0].isupper() for w in words):
        return "person"
    return None


def gender_of(entity: Entity) -> Gender | None:
    """Whether a person is a woman or a man, as far as the words tell; else None.

    A man's first name tells with a surname behind it: `Warren` alone is one too.
    """
    if entity.gender:
        return entity.gender
    words = entity.name.lower().split()
    first = entity.named and (len(words) > 1 or words[0] in first_names("female"))
    told = {words[0], words[0].partition("-")[0]} if first else set()
    for phrase in (entity.description, None if entity.named else entity.name):
        head = WORDS.findall(COMPLEMENT.sub("", (phrase or "").lower()))
        titles = [word for word in head if word in _ADDRESS]
        told |= {*head[-1:], *titles}
    woman = any(w in _WOMEN or w.endswith("woman") for w in told)
    woman |= not told.isdisjoint(first_names("female"))
    man = not told.isdisjoint(_MEN | first_names("male"))
    if woman == man:
        return None
    return "female" if woman else "male"


def is_person(words: str) -> bool:
    """Whether a role or common noun names one person: `a guard`, not `the county`."""
    head = (WORDS.findall(COMPLEMENT.sub("", words.lower())) or [""])[-1]
    return head in roles()


def is_body(words: str) -> bool:
    """Whether a definite phrase names a body of people: `the company`, no `county`."""
    head = (WORDS.findall(COMPLEMENT.sub("", words)) or [""])[-1]
    return words[:4].lower() == "the " and bool(ORGANIZATION.fullmatch(head))


def is_document(words: str) -> bool:
    """Whether a definite phrase names a document: `the report`, `Lee's letter`."""
    head = (WORDS.findall(COMPLEMENT.sub("", words)) or [""])[-1]
    definite = not INDEFINITE.match(words)
    return definite and bool(DOCUMENT.fullmatch(head))


@cache
def roles() -> frozenset[str]:
    """Words for what a person is: `mayor`, `engineer`, `guard`."""
    lexicon = read_lexicon("en")["mentions"]
    return frozenset(f"master {lexicon['persons']} {lexicon['titles']}".split())


def is_joint(words: str) -> bool:
    """Whether several are named who speak together: `Falk and her deputy`."""
    return _JOINT.search(COMPLEMENT.sub("", words)) is not None


def _kind_of_nominal(words: str) -> SpeakerKind:
    if is_joint(words):
        return "group"
    head = (WORDS.findall(COMPLEMENT.sub("", words)) or [""])[-1]
    if DOCUMENT.search(head):
        return "document"
    if GROUP.search(head) and not INDEFINITE.match(words):
        return "group"
    if ORGANIZATION.search(head):
        return "organization"
    return "unnamed"
