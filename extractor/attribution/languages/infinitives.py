"""Infinitives that a verb of saying takes in French, Spanish and Portuguese."""

import re

from extractor.attribution.article import Article
from extractor.attribution.languages.grammar import grammar_of

_INFINITIVES = {
    "fr": r"\w{2,}(?:er|ir|oir|re)",
    "es": r"\w+(?:[aei]r|ír)(?:se|l[aoe]s?|nos)?",
    "pt": r"\w+[aei]r",
}
_TO = frozenset(("à", "au", "aux"))
_OF = frozenset(("de", "d'"))
HEARER = 8
"""Words of whom somebody asks to do something."""


def infinitive_at(article: Article, index: int) -> int | None:
    """Where an infinitive begins that a verb takes: `promet de venir`, `dijo no saber`.

    An addressee may stand before it: `demandé aux habitants d'y venir`.
    """
    language = article.language
    if language not in _INFINITIVES:
        return None
    grammar = grammar_of(language)
    at = first = index
    if language == "fr" and article.low(at) in _TO:
        behind = range(at + 2, at + HEARER)
        at = next((i for i in behind if article.low(i) in _OF), at)
    led = article.low(at) in _OF and language == "fr"
    at += led
    while article.low(at) in grammar.helpers | grammar.negations:
        at += 1
    found = re.fullmatch(_INFINITIVES[language], article.low(at))
    return first if found and not article.words[at].capital else None
