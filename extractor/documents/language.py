"""A cheap guess at the language of an article, by letters and commonest words."""

import re
from collections import Counter

_STOP_WORDS = {
    "en": "the of and to in that was for he with his said is on by from it at has",
    "de": "der die und das nicht den von mit dem sich ist des auf ein eine im zu er",
    "fr": "le les et des du une est dans que pour qui pas sur au par il ce avec la",
    "es": "el los las y del que en una por con para se su es lo al como más la",
    "pt": "o os as e do da que em uma por com para não se ao dos na no mais um",
}
_PROFILES = {language: words.split() for language, words in _STOP_WORDS.items()}
_MIN_SHARE = 0.12
"""Running words that must be on a language's list: English news has .3, a list of
names about 0."""
_LEAD = 1.3
"""How far the best list must be ahead of the next, as a factor: the lists of Spanish
and Portuguese have many words in common."""
_SCRIPTS = (
    ("el", "\u0370", "\u03ff"),
    ("cyrillic", "\u0400", "\u04ff"),
    ("he", "\u0590", "\u05ff"),
    ("arabic", "\u0600", "\u06ff"),
    ("kana", "\u3040", "\u30ff"),
    ("zh", "\u4e00", "\u9fff"),
    ("ko", "\uac00", "\ud7a3"),
)
_FOREIGN = 0.005
"""Share of letters up to which a foreign name may account for them."""
_SAMPLE = 5_000
"""Characters a guess looks at."""


def guess_language(text: str) -> str | None:
    """BCP 47 tag of the text's language, None where it is not sure.

    Tells English, German, French, Spanish and Portuguese by their commonest words;
    Arabic, Persian, Russian, Ukrainian, Greek, Hebrew, Chinese, Japanese and Korean by
    their letters.
    """
    letters = [char for char in text[:_SAMPLE] if char.isalpha()]
    scripts = Counter(
        name for char in letters for name, low, high in _SCRIPTS if low <= char <= high
    )
    if scripts and scripts.total() > len(letters) / 2:
        return _script_language(scripts, Counter(letters))
    words = Counter(re.findall(r"\w+", text[:_SAMPLE].lower()))
    hits = Counter({k: sum(words[w] for w in ws) for k, ws in _PROFILES.items()})
    (best, most), (_, next_most) = hits.most_common(2)
    sure = most >= 3 and most >= _MIN_SHARE * words.total() and most > _LEAD * next_most
    return best if sure else None


def _script_language(scripts: Counter[str], letters: Counter[str]) -> str | None:
    def share(of: str) -> float:
        return sum(letters[char] for char in of) / letters.total()

    [(script, _)] = scripts.most_common(1)
    if script == "arabic":
        if share("ٹڈڑےں") > _FOREIGN:
            return None
        return "fa" if share("پچژگکی") > _FOREIGN else "ar"
    if script == "cyrillic":
        if share("іїє") > _FOREIGN:
            return "uk" if share("ыэў") <= _FOREIGN else None
        return "ru" if share("ыэ") > _FOREIGN else None
    return "ja" if scripts["kana"] else script
