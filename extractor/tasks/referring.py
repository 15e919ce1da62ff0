"""What the pronouns of a statement certainly refer to, put in their place.

Only what the rules are sure of: a false referent makes a false claim, a pronoun that
stays makes one that is read beside its evidence.
"""

import re

from extractor.analysis import Analysis
from extractor.resolution import Referents
from extractor.segmentation.model import Mention
from extractor.statements import Statement
from extractor.tasks.quotes import Attributed
from extractor.wording import (
    Pronoun,
    fill,
    gloss,
    is_deed,
    is_trait,
    means_everybody,
    name_speaker,
    open_pronouns,
    opening_pronoun,
)

SURE_SPEAKER = 0.6
"""Score from which on the rules' best speaker of a quote may stand for its `I`."""
_ADDRESSING = frozenset(
    "tell inform notify assure reassure remind warn advise ask persuade "
    "convince".split()
)
"""Verbs of which `it` may mean the one addressed: `told the council it must pay`."""


def settle(
    analysis: Analysis,
    referents: Referents,
    statement: Statement,
    source: Attributed | None,
    text: str,
) -> str:
    """A statement's wording with its certain referents.

    Args:
        analysis: the article.
        referents: of its pronouns.
        statement: the statement.
        source: the quote it belongs to; None for the article's narration.
        text: its words, dates resolved.
    """
    if source and source.passage.kind == "direct" and source.mention:
        text = _name_first_persons(referents, source, source.mention, text)
    pronoun = opening_pronoun(text)
    if pronoun is None:
        return text
    at = place_of(analysis, statement, pronoun)
    referent = _referent(referents, source, text, pronoun, at)
    return text if referent is None else fill(text, {pronoun: referent})


def place_of(analysis: Analysis, statement: Statement, pronoun: Pronoun) -> int:
    """Offset of a statement's pronoun in the article."""
    word = re.compile(rf"\b{re.escape(pronoun.word)}\b", re.IGNORECASE)
    for span in statement.spans:
        found = word.search(analysis.text, span.start, span.end)
        if found:
            return found.start()
    return statement.spans[0].start


def _name_first_persons(
    referents: Referents, source: Attributed, mention: Mention, text: str
) -> str:
    """A speaker's own words with the names for `I` and, of a body, for `we`."""
    passage = source.passage
    scores = [c.score for c in passage.candidates if c.mention == mention]
    is_sure = passage.cue is not None and max(scores, default=0.0) >= SURE_SPEAKER
    if not is_sure or passage.nested_in is not None:
        return text
    speaker = referents.speaker(mention)
    if speaker is not None:
        text = name_speaker(text, speaker.name)
    we = [p for p in open_pronouns(text) if p.word.lower() == "we"]
    body = referents.we_of(mention) if we and not means_everybody(text) else None
    return gloss(text, we[0], body) if body else text


def _referent(
    referents: Referents,
    source: Attributed | None,
    text: str,
    pronoun: Pronoun,
    at: int,
) -> str | None:
    key, mention = pronoun.key, source.mention if source else None
    if source is None or mention is None:
        return _told(referents, text, pronoun, at)
    if source.passage.kind != "direct" and not referents.is_quoted(at):
        himself = _himself(referents, source, mention, text, pronoun, at)
        if himself is not None or referents.could_be(key, mention):
            return himself
    speaker = referents.known.get(mention)
    if key not in ("he", "she") or speaker is None or not speaker.named:
        return None  # `the host` may be any of those with a name
    person = referents.of_person(key, at, other_than=speaker)
    return None if person is None else person.name


def _told(referents: Referents, text: str, pronoun: Pronoun, at: int) -> str | None:
    """Whom or what the article itself means by a pronoun that opens its sentence."""
    if pronoun.key in ("he", "she"):
        person = referents.of_person(pronoun.key, at)
        return None if person is None else person.name
    thing = None
    if pronoun.key == "it" and pronoun.start == 0 and is_trait(text, pronoun):
        thing = referents.of_thing(at)
    return None if thing is None else referents.name_of(thing)


def _himself(
    referents: Referents,
    source: Attributed,
    mention: Mention,
    text: str,
    pronoun: Pronoun,
    at: int,
) -> str | None:
    """The speaker, where the pronoun that opens his reported words means him."""
    cue, start = source.passage.cue, source.passage.spans[0].start
    if cue is None or not mention.end <= cue.start < start <= at:
        return None
    if "\n\n" in referents.segmentation.text[mention.end : at]:
        return None
    acts = is_deed(text, pronoun) and cue.lemma not in _ADDRESSING
    if pronoun.key == "it" and not acts:
        return None
    entity = referents.of_speaker(pronoun.key, mention, cue.start, start)
    return None if entity is None else referents.name_of(entity)
