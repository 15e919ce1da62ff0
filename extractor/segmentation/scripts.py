"""What a script's letters tell: whether names have capitals, how many words and tokens.

Scripts are told by their letters, since a text's language may be unknown and one text
may mix several.
"""

import math
import re

WIDE = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
"""Kana and Han, written without spaces."""
_JOINED = re.compile("[\u0e01-\u0e30\u0e81-\u0eb0\u1000-\u102a\u1780-\u17b3]")
"""Consonants of Thai, Lao, Burmese and Khmer, written without spaces between words."""
WIDE_PER_WORD, JOINED_PER_WORD = 2, 4
"""Letters a word has on average where no space tells one from the next."""
_TOKENS = (
    (re.compile("[\u0400-\u052f\u0590-\u077f\u0e00-\u0e7f]"), 0.6),
    (re.compile("[\u3000-\u30ff\u3400-\u9fff\uf900-\uffef]"), 0.9),
)
"""Tokens that a letter takes at most with the default model's vocabulary, as counted on
a few sentences: Cyrillic, Hebrew, Arabic and Thai, then kana and Han."""
ASCII_TOKENS, OTHER_TOKENS = 0.28, 1.1
"""The same for ASCII and for all else, letters with accents among it."""
_ASCII = re.compile("[\x00-\x7f]")
_GAP = re.compile(r"[\s—–/…]+")


def is_uncased(text: str) -> bool:
    """Whether most letters of a text belong to scripts without capitals for names.

    Georgian counts among them: its capitals are for whole lines only.
    """
    letters = [char for char in text if char.isalpha()]
    uncased = [char for char in letters if char == char.title() and not char.isupper()]
    return 2 * len(uncased) > len(letters)


def count_words(text: str) -> int:
    """The number of words; estimated by letters where no spaces stand between them."""
    wide, joined = len(WIDE.findall(text)), len(_JOINED.findall(text))
    spaced = [
        chunk
        for chunk in _GAP.split(WIDE.sub(" ", text))
        if any(char.isalnum() for char in chunk) and not _JOINED.search(chunk)
    ]
    return len(spaced) + wide // WIDE_PER_WORD + joined // JOINED_PER_WORD


def estimate_tokens(text: str) -> int:
    """About how many tokens a text takes, rather too many than too few."""
    ascii_letters, others = len(_ASCII.findall(text)), len(text)
    tokens, others = ascii_letters * ASCII_TOKENS, others - ascii_letters
    for letters, each in _TOKENS if others else ():
        found = len(letters.findall(text))
        tokens, others = tokens + found * each, others - found
    return math.ceil(tokens + others * OTHER_TOKENS)
