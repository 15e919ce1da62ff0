"""Names, short names, roles and pronouns to one entity each.

Rules only: what they cannot decide is offered to the model as a choice with a prior
(`extractor.tasks.speakers`).
"""

from extractor.resolution.entities import (
    Entity,
    bare,
    is_body,
    is_document,
    is_person,
    kind_of,
)
from extractor.resolution.epithets import named_by_epithet
from extractor.resolution.names import resolve_names, resolve_nominal
from extractor.resolution.pronouns import (
    PERSON_PRONOUNS,
    UNNAMED,
    find_antecedent,
    pronoun_prior,
    reach_of,
    suitability,
)
from extractor.resolution.referents import Referents
from extractor.resolution.roster import Roster

__all__ = [
    "PERSON_PRONOUNS",
    "UNNAMED",
    "Entity",
    "Referents",
    "Roster",
    "bare",
    "find_antecedent",
    "is_body",
    "is_document",
    "is_person",
    "kind_of",
    "named_by_epithet",
    "pronoun_prior",
    "reach_of",
    "resolve_names",
    "resolve_nominal",
    "suitability",
]
