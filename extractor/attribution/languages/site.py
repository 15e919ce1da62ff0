"""A verb of saying with all that the reading of its content looks at."""

from dataclasses import dataclass

from extractor.attribution.article import Article, Frame, Verb
from extractor.attribution.languages.grammar import Grammar, grammar_of
from extractor.attribution.languages.subjects import Attribution, attribution_of
from extractor.segmentation.reporting import frames as verb_frames


@dataclass(frozen=True)
class Site:
    """A verb of saying in its frame."""

    article: Article
    verb: Verb
    frame: Frame
    others: tuple[Verb, ...]
    """The other cues of the frame outside quotations."""
    group: Attribution
    takes: frozenset[str]
    grammar: Grammar

    def low(self, index: int) -> str:
        """A word of the article in small letters."""
        return self.article.low(index)

    def quoted(self, index: int) -> bool:
        """Whether a word lies in a quotation."""
        return self.article.block(index) >= 0


def site_of(
    article: Article, verb: Verb, frame: Frame, others: tuple[Verb, ...]
) -> Site | None:
    """Looks at a verb of saying; None where it is none here."""
    group = attribution_of(article, verb, frame)
    if group is None or group.denied:
        return None
    takes = verb_frames(article.language).get(verb.cue.lemma, frozenset())
    grammar = grammar_of(article.language)
    return Site(article, verb, frame, others, group, takes, grammar)
