"""Sentences: where they end, checked against what `sentencex` proposes.

`sentencex` (Wikimedia, some 300 languages) reads a shadow of each paragraph, of the
same length, in which quotation marks and brackets are spaces: so it finds the ends
inside a quotation. Its proposals are then tested: an abbreviation, an initial, a list
number or the attribution behind a quotation does not end a sentence. Ends it leaves
out, behind an ellipsis, are added.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache

import sentencex

from extractor.segmentation.boilerplate import (
    find_boilerplate_starts,
    is_boilerplate,
)
from extractor.segmentation.model import Quotation, Range, Sentence

_OPENING = "\"“”„‟＂'‘’‚‛＇«»‹›「『﹁﹃〝([{<¿¡"
_CLOSING = "\"“”‟＂'‘’‛＇«»‹›」』﹂﹄〞〟)]}>"
_HIDDEN = re.compile(
    r"[\"“”„‟＂‘‚‛`´«»‹›「」『』﹁﹂﹃﹄〝〞〟()\[\]{}<>]|(?<!\w)['’＇]|['’＇](?!\w)"
)
_UNSAFE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_END = re.compile(r"[.!?…。．｡！？‼⁇⁈⁉।॥؟۔։።]")
_WIDE_END = "。．｡！？"

_TITLES = frozenset(
    """Mr Mrs Ms Mx Dr Prof Sen Sens Rep Reps Gov Govs Gen Col Lt Maj Capt Cmdr Cpl Sgt
    Adm Brig Pvt Pfc Rev Fr Hon Pres Supt Insp Det Amb Atty Msgr Mgr Mme Mlle Sr Sra
    Srta Dra Herr Hr Fr Abg St Ste Sta Mt Ft Messrs Pte Ofc Asst Assoc Dep Sec Cong
    Del Dist Univ Gov-elect vs v viz al cf approx ca e.g i.e eg ie esp incl""".split()
)
"""What goes on behind it, whatever follows."""
_NUMBERED = frozenset(
    """No Nos no nos p pp Art art Fig fig Figs Vol vol Ch ch Sec sec Nr nr Abs Tel tel
    Ext ext Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec ca c Apt Rt Ste Bldg
    n.º nº núm pág págs Rs Rm vv para paras Op op""".split()
)
"""Goes on before a number."""
_EITHER = frozenset(
    """Inc Corp Co Cos Ltd LLC Bros Jr Sr Ph.D M.D B.A M.A J.D etc Ave Blvd Rd Dept Bd
    Assn Intl Natl Govt St Sq Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct Nov Dec
    Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun a.m p.m A.M P.M am pm
    Ariz Ala Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La Md Mass Mich Minn Miss Mo
    Mont Neb Nev Okla Ore Pa Tenn Tex Va Vt Wash Wis Wyo Ont Que Dem Rep D R
    hrs min approx est ed eds cit ibid""".split()
)
"""May end a sentence: it does before a word that starts sentences."""
_ACRONYM = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]$")
_STARTERS = frozenset(
    """The A An This That These Those He She It They We I You His Her Its Their Our My
    In On At But And Or So If When While As Since After Before Although Though However
    Meanwhile There Here What Who Why How Where For From With By To Not No Yes Such
    Some Many Most Both Each Every All Another Other Others Also Still Yet Then Now
    Once Because Despite During Until Last Next Earlier Later Instead Asked Only
    According Speaking Just Under Even Like Nor Well Let Within Without Among
    Der Die Das Er Sie Es Ein Eine Wir Ich Im Am In Und Aber
    Le La Les Un Une Il Elle Ils Elles Nous Je Ce Cette Mais Et Dans
    El Los Las Una Unos Pero Y En Él Ella O Os As Um Uma Mas E Ele Ela No Na""".split()
)
_AFTER_HOUR = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|(?:E|C|M|P)[SD]?T\b|GMT\b|UTC\b"
    r"|BST\b|Eastern\b|Central\b|Pacific\b|Mountain\b|(?:Jan|Febr)uary\b|March\b|April\b"
    r"|May\b|June\b|July\b|August\b|(?:Septem|Octo|Novem|Decem)ber\b|\d"
)
_LIST_NUMBER = re.compile(r"\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})[.)]+$")
_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
_CAPITALISED = r"[^\W\d_a-zß-öø-ÿ][\w'’.\-]*"
_VERBS = (
    r"(?:said|says|asked|asks|told|replied|answered|added|shouted|cried|yelled|wrote"
    r"|tweeted|exclaimed|screamed|joked|wondered|insisted|declared|warned|demanded"
    r"|responded|continued|concluded|explained|chanted|quipped|recalled|remarked"
    r"|noted|argued|claimed|stated|posted|whispered|called|laughed|sighed|snapped"
    r"|pressed|went\s+on|chimed\s+in|urged|pleaded|inquired|queried|retorted|boasted|complained|lamented|observed)"
)
_ATTRIBUTION = re.compile(
    rf"(?:{_CAPITALISED}|the|a|an|of|de|van|von|al|bin)(?:,?\s+(?:{_CAPITALISED}|of|de"
    rf"|van|von|al|bin|the)){{0,5}}\s+(?:(?:later|also|then|once|reportedly|had|has)\s+)?"
    rf"{_VERBS}(?=\s*[.,;](?!\w)|\s*$|\s+(?:in|at|on|to|of|about|after|before|during"
    rf"|when|as|while|with|from|over|last|this|earlier|later|back|again|loudly|quietly"
    rf"|Mon|Tues|Wednes|Thurs|Fri|Satur|Sun|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    rf"|him|her|them|me|us|reporters)\b|\s+\w+ly\b"
    rf"|(?<=asked|.told)\s+\w+(?:\s+\w+){{0,4}}[.,])"
)
_PLAIN_ATTRIBUTION = re.compile(
    rf"{_CAPITALISED}(?:\s+{_CAPITALISED}){{0,4}}\s+{_VERBS}\s*(?:\.|,|$)"
)
_REFERENCE = re.compile(r"\([^()]{1,80}\)[.,;]")
_DASH = re.compile(r"[—–―-]\s?")
_LONGEST_BRACKET = 400
"""Characters beyond which brackets no longer keep their sentences together."""
_LONGEST_PIECE = 8000
_LONGEST_SENTENCE = 2_000
"""Longer ones are cut between words: the time that later steps take grows with the
square of a sentence's length. Nobody writes such sentences, but floods of words do."""
_SHADOW_LANGUAGE = "en"


def find_sentences(
    text: str,
    paragraphs: Sequence[Range],
    quotations: Sequence[Quotation],
    language: str | None = None,
) -> tuple[Sentence, ...]:
    """Find the sentences of a text.

    Args:
        text: the text.
        paragraphs: its paragraphs, in order.
        quotations: its quotations, in order.
        language: BCP 47 tag; English rules hold where it is None.

    Returns:
        Sentences in order, disjoint, together covering every character that is no
        white space.
    """
    closings = {q.end for q in quotations if q.inner_end < q.end}
    openings = {q.start for q in quotations}
    sentences: list[Sentence] = []
    for index, paragraph in enumerate(paragraphs):
        cuts = _find_cuts(text, paragraph, openings, closings, language)
        for start, end in _split(text, paragraph, cuts):
            sentences.append(
                Sentence(
                    id=f"S{len(sentences) + 1}",
                    start=start,
                    end=end,
                    paragraph=index,
                    boilerplate=is_boilerplate(text, start, end),
                )
            )
    return tuple(sentences)


def _split(
    text: str, paragraph: Range, cuts: Iterable[int]
) -> Iterable[tuple[int, int]]:
    """The stretches between the cuts, without white space around them."""
    start = paragraph.start
    for cut in [*sorted(cuts), paragraph.end]:
        end = cut
        while end > start and text[end - 1].isspace():
            end -= 1
        while end - start > _LONGEST_SENTENCE:
            limit = start + _LONGEST_SENTENCE
            space = text.rfind(" ", start, limit)
            limit = space if space > start else limit
            yield start, start + len(text[start:limit].rstrip())
            start = _skip_space(text, limit, end)
        if end > start:
            yield start, end
        start = _skip_space(text, cut, paragraph.end)


def _skip_space(text: str, start: int, end: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    return start


def _find_cuts(
    text: str,
    paragraph: Range,
    openings: set[int],
    closings: set[int],
    language: str | None,
) -> set[int]:
    forced = set(find_boilerplate_starts(text, paragraph))
    cuts = set(forced)
    last = paragraph.start
    brackets = _bracketed(text, paragraph)
    for proposal in sorted(_propose(text, paragraph, language)):
        cut = _place(text, paragraph, proposal, openings, closings)
        if cut is None or cut in cuts or cut <= last:
            continue
        if _is_end(text, last, cut, paragraph.end, closings, brackets):
            cuts.add(cut)
            last = cut
    return cuts


def _shadow(text: str) -> str:
    """The text in equal length, without quotation marks, brackets, odd characters."""
    text = _UNSAFE.sub(
        lambda found: " " if found[0].isspace() or found[0] < "\xa0" else "\ufffd", text
    )
    return _HIDDEN.sub(" ", text)


def _propose(text: str, paragraph: Range, language: str | None) -> set[int]:
    """Offsets behind end marks at which a sentence may begin."""
    own = text[paragraph.start : paragraph.end]
    tag = (language or _SHADOW_LANGUAGE).split("-")[0].lower()
    shadow = _shadow(own)
    proposals = {paragraph.start + found.end() for found in _MISSED.finditer(own)}
    start = 0
    while start < len(shadow):
        stop = _piece_end(shadow, start)
        proposals |= {
            paragraph.start + start + found["start_index"]
            for found in sentencex.get_sentence_boundaries(tag, shadow[start:stop])
        }
        start = stop
    return proposals


def _piece_end(shadow: str, start: int) -> int:
    """Where to cut a long paragraph: `sentencex` takes quadratic time on some."""
    stop = start + _LONGEST_PIECE
    if stop >= len(shadow):
        return len(shadow)
    space = shadow.rfind(" ", start + 1, stop)
    return space if space > start else stop


_MISSED = re.compile(
    rf"(?:…|\.\.\.|(?<=[^\W\d_][^\W\d_])[.!?])[{re.escape(_CLOSING)}]*\s+"
    rf"(?=[{re.escape(_OPENING)}]*[^\W\d_a-zß-öø-ÿ])"
)


def _bracketed(text: str, paragraph: Range) -> list[tuple[int, int]]:
    """Round and square brackets of the paragraph, outermost, in order."""
    found: list[tuple[int, int]] = []
    stack: list[tuple[str, int]] = []
    for mark in re.finditer(r"[()\[\]]", text[paragraph.start : paragraph.end]):
        at = paragraph.start + mark.start()
        if mark[0] in "([":
            stack.append((mark[0], at))
        elif stack and stack[-1][0] == {")": "(", "]": "["}[mark[0]]:
            start = stack.pop()[1]
            while found and found[-1][0] > start:
                found.pop()
            found.append((start, at + 1))
    return found


def _place(
    text: str,
    paragraph: Range,
    proposal: int,
    openings: set[int],
    closings: set[int],
) -> int | None:
    """Move a proposal to behind the end mark and the closing marks that belong to it.

    Returns:
        The offset of the next sentence's first character, None where there is no end
        mark before it.
    """
    at = proposal
    while at > paragraph.start and (
        text[at - 1].isspace() or (text[at - 1] in _OPENING + _CLOSING)
    ):
        at -= 1
    if at == paragraph.start or not _END.match(text[at - 1]):
        return None
    at = _behind_closings(text, at, paragraph.end, openings, closings)
    while at < paragraph.end and text[at].isspace():
        at += 1
    return at if at < paragraph.end else None


def _behind_closings(
    text: str, at: int, end: int, openings: set[int], closings: set[int]
) -> int:
    while at < end:
        ahead = at
        while ahead < end and text[ahead].isspace():
            ahead += 1
        if ahead == end or text[ahead] not in _CLOSING or ahead in openings:
            return at
        double = text.startswith("''", ahead) and ahead + 2 in closings
        after = ahead + (2 if double else 1)
        if ahead > at and after not in closings:
            return at
        at = after
    return at


def _is_end(
    text: str,
    start: int,
    cut: int,
    stop: int,
    closings: set[int],
    brackets: Sequence[tuple[int, int]],
) -> bool:
    """Whether the sentence that starts at `start` ends before `cut`."""
    left = text[max(start, cut - 200) : cut].rstrip()
    right = text[cut : min(stop, cut + 200)]
    closed = left[-1:] in _CLOSING and len(left) > 0
    quoted = closed and (max(start, cut - 200) + len(left)) in closings
    core = left.rstrip(_CLOSING + " \xa0\u202f")
    begin = right.lstrip(_OPENING + " \xa0\u202f")
    if not any(char.isalnum() for char in left) or _LIST_NUMBER.match(core):
        return False
    if not begin or not any(char.isalnum() for char in begin):
        return False
    if _in_brackets(start, cut, brackets):
        return False
    glued = not text[cut - 1].isspace()
    if glued and not _may_be_glued(core, closed, begin):
        return False
    if quoted and _goes_on(core, right):
        return False
    if begin[0].islower() and not _is_odd_lower(begin, core):
        return False
    return not core.endswith(".") or _full_stop_ends(core, right, begin)


def _in_brackets(start: int, cut: int, brackets: Sequence[tuple[int, int]]) -> bool:
    """Whether the cut falls into brackets that open inside the sentence."""
    index = bisect_left(brackets, (cut, cut)) - 1
    if index < 0:
        return False
    opening, closing = brackets[index]
    return start < opening < cut < closing < opening + _LONGEST_BRACKET


def _may_be_glued(core: str, closed: bool, begin: str) -> bool:
    """Whether two sentences may touch: `He left.She stayed` yes, `Node.Js` no."""
    if core[-1] in _WIDE_END or closed:
        return True
    word = core.split()[-1]
    known = _first_word(begin) in _STARTERS
    return (
        re.fullmatch(r"[^\W\d_A-Z]{2,}[.!?…]", word) is not None
        or (known and re.fullmatch(r"[^\W\d_]{2,}[.!?…]", word) is not None)
    ) and re.match(r"[^\W\d_a-z][a-z’']*[,.]?(?:\s|$)", begin) is not None


def _goes_on(core: str, right: str) -> bool:
    """Whether what follows a closed quotation is its attribution."""
    if _DASH.match(right) or _REFERENCE.match(right):
        return True
    if core.endswith("."):
        return _PLAIN_ATTRIBUTION.match(right) is not None
    return _ATTRIBUTION.match(right) is not None


def _is_odd_lower(begin: str, core: str) -> bool:
    """Sentences that start in lower case: iPhone, eBay, al-Name."""
    if not core.endswith("."):
        return False
    return re.match(r"[a-z]{1,2}-?[A-Z]", begin) is not None


@lru_cache(maxsize=4096)
def _abbreviation(word: str) -> str | None:
    """The class of an abbreviation, written without its last full stop."""
    if word.isupper() and word.capitalize() in _TITLES:
        return "title"
    if word in _TITLES:
        return "title"
    if word in _NUMBERED and word not in _EITHER:
        return "numbered"
    if word in ("a.m", "p.m", "A.M", "P.M"):
        return "hour"
    if word in _EITHER or _ACRONYM.match(word) or (len(word) == 1 and word.isupper()):
        return "either"
    return None


def _full_stop_ends(core: str, right: str, begin: str) -> bool:
    word = core.split()[-1].lstrip(_OPENING)[:-1]
    if word.endswith(".."):
        return not (len(word) == 2 and core[:-3].endswith((" ", "\xa0"))) or (
            _first_word(begin) in _STARTERS
        )
    kind = _abbreviation(word)
    if kind is None:
        return True
    digits = begin[0].isdigit()
    if kind == "title":
        return False
    if kind == "numbered":
        return not digits
    if kind == "hour" and _AFTER_HOUR.match(begin):
        return False
    if digits and word in _NUMBERED:
        return False
    if right[0] in "([":
        return False
    if kind == "hour" or right[0] in _OPENING:
        return True
    return _first_word(begin) in _STARTERS


def _first_word(begin: str) -> str:
    found = _WORD.match(begin)
    return re.split("['’]", found[0])[0] if found else ""
