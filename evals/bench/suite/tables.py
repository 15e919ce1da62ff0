"""Word lists and patterns of the alteration suite."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

Change = Callable[[random.Random, str], str]


def _rows(text: str) -> dict[str, list[str]]:
    """Rows of `word: replacement, replacement; word: ...`."""
    lines = (row.split(":") for row in " ".join(text.split()).split(";"))
    return {
        key.strip(): [w.strip() for w in values.split(",")] for key, values in lines
    }


def _pairs(text: str) -> dict[str, list[str]]:
    """Words of one line each replace one another: `more less; rise fall`."""
    rows: dict[str, list[str]] = {}
    for pair in text.replace("\n", " ").split(";"):
        one, two = (w.replace("_", " ") for w in pair.split())
        rows.setdefault(one, []).append(two)
        rows.setdefault(two, []).append(one)
    return rows


def _ring(text: str) -> dict[str, list[str]]:
    """Every word of the list may stand for every other."""
    words = [w.replace("_", " ") for w in text.split()]
    return {w: [o for o in words if o != w] for w in words}


_NEGATED = _rows(
    """was: was not, wasn't, was never; is: is not, isn't, is no longer; are: are
        not, aren't; were: were not, weren't; will: will not, won't; would:
        would not, wouldn't; can: cannot, can't; could: could not, couldn't;
        has: has not, hasn't, has never; have: have not, haven't; had: had
        not, hadn't, had never; should: should not, shouldn't; must: must
        not"""
)

TABLES: dict[str, dict[str, list[str]]] = {
    "number word": _ring("two three four five six seven eight nine ten eleven twelve")
    | _ring("twenty thirty forty fifty sixty")
    | _pairs("first second; half quarter; once twice; dozens scores; third fourth"),
    "scale of a number": _ring("hundred thousand million billion trillion")
    | _pairs("hundreds thousands; millions billions; double triple"),
    "unit": _ring("hours minutes days weeks months years decades")
    | _ring("hour minute day week month year decade")
    | _pairs("miles kilometers; feet meters; pounds kilos; tons tonnes; km miles"),
    "currency": _rows(
        """dollars: euros, pounds, pesos; dollar: euro, pound; euros: dollars; pounds:
        dollars; crowns: dollars; cents: pence"""
    ),
    "percent and percentage point": _rows(
        """percent: percentage points, per mille, basis points; per cent: percentage
        points; percentage points: percent; points: percent"""
    ),
    "negation inserted": _NEGATED,
    "negation removed": _rows(
        """was not: was; is not: is; are not: are; were not: were; did not: did; does
        not: does; do not: do; will not: will; would not: would; could not:
        could; has not: has; have not: have; had not: had; should not:
        should; cannot: can; can not: can; never: always; no: the, some;
        nothing: something; nobody: somebody; none: all; without: with"""
    ),
    "negation removed, contraction": _rows(
        """can't: can; didn't: did; don't: do; doesn't: does; isn't: is; wasn't: was;
        aren't: are; weren't: were; won't: will; wouldn't: would; couldn't:
        could; shouldn't: should; haven't: have; hasn't: has; hadn't: had"""
    ),
    "antonym": _pairs(
        """accept reject; open close; opened closed; win lose; won lost; support oppose;
        supported opposed; good bad; strong weak; friend enemy; public private; old new;
        true false; legal illegal; likely unlikely; safe dangerous; early late; easy
        difficult; possible impossible; alive dead; begin end; began ended; buy sell;
        bought sold; success failure; peace war; north south; east west; left right;
        big small; large small; long short; guilty innocent; agree disagree; before
        after; inside outside; always never; best worst; better worse; first last;
        love hate; men women; man woman; mother father; son daughter; day night;
        white black; young old; rich poor; high low; hot cold; confirmed denied"""
    ),
    "comparative direction": _pairs(
        """more less; higher lower; larger smaller; increase decrease; increased
        decreased; rose fell; above below; over under; most least; up down; greater
        smaller; growth decline; raise cut; raised lowered; gained shed; fewer more"""
    ),
    "tense": _pairs(
        """is was; are were; has had; have had; will would; does did; do did; says said;
        makes made; goes went; comes came; takes took; gets got; knows knew; wants
        wanted; thinks thought; believes believed; need needed; killed kill"""
    ),
    "modal": _rows(
        """may: will, must; might: will, must; could: will, would, must; should: will,
        may; must: may, could; will: may, might, could; would: might,
        should; can: must, will"""
    ),
    "pronoun": _pairs(
        """he she; him her; his her; they he; we they; our their; us them; I we; my our;
        you they; your their; it they; its their; himself herself; me us"""
    ),
    "quantifier": _pairs(
        """all some; many few; every any; most some; each no; both neither; several all;
        much little; any some; another no; only also; majority minority; some no"""
    ),
    "conjunction": _rows(
        """and: or, but; or: and; but: because; because: although, unless; if: because,
        unless; when: unless, until; although: because; while: because;
        until: unless"""
    ),
    "preposition": _pairs(
        """to from; for against; with without; in near; by for; on off; since until;
        during before; into out_of; under over; against with; between among"""
    ),
    "weekday": _ring("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
    | _pairs("yesterday today; tomorrow today; last next; morning evening; ago later"),
    "month": _ring(
        "January February March April June July August September October November"
    ),
    "title": _pairs(
        """President Minister; Senator Governor; Mayor Governor; Representative Senator;
        director chairman; spokesman director; spokeswoman director; General Colonel;
        judge prosecutor; lawyer judge; minister president; secretary minister;
        Secretary Minister; chief deputy; professor student; Rep. Sen.; Gov. Sen.;
        Mr. Dr.; officer suspect; leader member; Captain Sergeant; CEO CFO; Prime Vice;
        Republican Democrat; Republicans Democrats; candidate winner; police army"""
    ),
    "paraphrase": _rows(
        """killed: slain, murdered, dead; said: stated, claimed, admitted; about:
        around, roughly; people: persons, folks; officials: authorities;
        attack: assault; began: started; big: huge; help: assist; near:
        close to; house: home; however: nevertheless; children: kids;
        country: nation; money: funds; told: informed; many: numerous; want:
        wish; think: believe; because: since; also: too; but: yet; work:
        labor; very: extremely; percent: %; United States: US; going to:
        gonna; two: 2; three: 3"""
    ),
    "plural and singular": _rows(
        """man: men; woman: women; child: children; this: these; that: those; person:
        people; people: person; official: officials; officials: official;
        year: years; years: year; day: days; days: day; state: states;
        states: state; country: countries; police officer: police officers;
        voters: voter; group: groups; case: cases; law: laws; attacks:
        attack; attack: attacks; shot: shots; member: members; members:
        member"""
    ),
    "space moved": _rows(
        """a new: anew; a part: apart; a way: away; a long: along; a head: ahead; may
        be: maybe; any one: anyone; every day: everyday; some time:
        sometime; into: in to; together: to get her; another: a not her;
        therefore: there fore; nowhere: now here; already: all ready;
        however: how ever; today: to day; almost: al most; maybe: may be"""
    ),
}

CASED = _rows(
    """US: us; IT: it; WHO: who; March: march; May: may; Polish: polish; Turkey:
        turkey; us: US; who: WHO; it: IT; may: May; march: March; will:
        Will; state: State; house: House; congress: Congress; Democrats:
        democrats; Republican: republican; Left: left; Right: right; Labor:
        labor; Democratic: democratic; Church: church"""
)


def _other_number(rng: random.Random, number: str) -> str:
    digits = [c for c in number if c.isdigit()]
    while "".join(digits) == "".join(c for c in number if c.isdigit()):
        digits[rng.randrange(len(digits))] = rng.choice("123456789")
    left = iter(digits)
    return "".join(next(left) if c.isdigit() else c for c in number)


def _digits_swapped(rng: random.Random, number: str) -> str:
    spots = [
        i
        for i in range(len(number) - 1)
        if number[i].isdigit()
        and number[i + 1].isdigit()
        and number[i] != number[i + 1]
    ]
    if not spots:
        return _other_number(rng, number)
    i = rng.choice(spots)
    return number[:i] + number[i + 1] + number[i] + number[i + 2 :]


def _plural(_: random.Random, word: str) -> str:
    return word[:-1] if word.endswith("s") else f"{word}s"


def _possessive(rng: random.Random, word: str) -> str:
    stem = re.split(r"['’]", word)[0]
    return rng.choice([f"{stem}s", f"{stem}s’", stem])


def _superscript(_: random.Random, number: str) -> str:
    return number[:-1] + "⁰¹²³⁴⁵⁶⁷⁸⁹"[int(number[-1])]


def _accent(rng: random.Random, word: str) -> str:
    table = {"a": "ä", "e": "é", "i": "í", "o": "ö", "u": "ü", "n": "ñ", "c": "ç"}
    spots = [i for i, c in enumerate(word) if c in table]
    i = rng.choice(spots) if spots else len(word) - 1
    return word[:i] + table.get(word[i], word[i] + "\u0301") + word[i + 1 :]


def _unaccent(_: random.Random, word: str) -> str:
    return word.translate(
        str.maketrans("áàâäãéèêëíìîïóòôöõúùûüñçÁÉÍÓÚ", "aaaaaeeeeiiiiooooouuuuncAEIOU")
    )


def _typo(rng: random.Random, word: str) -> str:
    i = rng.randrange(1, len(word) - 2)
    return rng.choice(
        [
            word[:i] + word[i + 1 :],
            word[:i] + word[i + 1] + word[i] + word[i + 2 :],
            word[:i] + rng.choice("abdegiklmnoprstuv") + word[i:],
        ]
    )


_NUMBER = r"(?<![\w.,])\d+(?:[.,]\d+)*(?!\w)"
PATTERNS: dict[str, tuple[str, Change]] = {
    "number": (_NUMBER, _other_number),
    "digits swapped": (r"(?<![\w.,])\d{2,}(?:[.,]\d+)*(?!\w)", _digits_swapped),
    "digit added or dropped": (
        r"(?<![\w.,])\d{2,}(?![\w.,])",
        lambda rng, n: rng.choice([n + "0", n[:-1], "1" + n]),
    ),
    "year": (r"\b(?:19|20)\d\d\b", lambda rng, y: str(int(y) + rng.choice([-1, 1, 5]))),
    "day of a month": (
        r"(?<=(?:ch|il|ay|ne|ly|st|er|ry|n\.|b\.|t\.|v\.|c\.) )\d{1,2}(?=[,. ])",
        lambda rng, d: str((int(d) + rng.randrange(1, 9)) % 28 + 1),
    ),
    "currency sign": (r"[$€£]", lambda _r, s: "$" if s != "$" else "€"),
    "sign before a number": (
        r"(?<= )\d+(?:[.,]\d+)*(?= [a-z])",
        lambda rng, n: rng.choice("-−") + n,
    ),
    "raised digit": (r"(?<![\w.,])\d{2,}(?![\w.,])", _superscript),
    "plural of any word": (r"(?<= )[a-z]{4,}(?= )", _plural),
    "possessive": (r"\b[^\W\d_]+['’]s\b", _possessive),
    "accent added": (r"(?<= )[A-Z][a-z]*[aeiounc][a-z]+", _accent),
    "accent removed": (r"\w*[áàâäãéèêëíìîïóòôöõúùûüñç]\w*", _unaccent),
    "misspelt": (r"(?<= )[a-z]{6,}(?= )", _typo),
    "word doubled": (r"(?<= )[a-z]{4,}(?= )", lambda _r, w: f"{w} {w}"),
    "any word": (
        r"(?<= )[a-z]{4,}(?= )",
        lambda rng, _w: rng.choice(
            "harbour velvet morning quietly machine borrowed seven under".split()
        ),
    ),
}

MARKS_LOST: dict[str, tuple[str, Change]] = {
    "decimal mark lost or moved": (
        r"(?<![\w.,])\d+[.,]\d+(?!\w)",
        lambda rng, n: rng.choice(
            [re.sub("[.,]", "", n, count=1) + "0"]
            if "," in n
            else [n.replace(".", ""), n.replace(".", ","), n.replace(".", " ")]
        ),
    ),
    "percent or currency sign dropped": (r"[$€£](?=\d)|(?<=\d)%", lambda _r, _s: ""),
    "apostrophe dropped": (
        r"\b(?:we|she|he|I|you|they|it|let|won|don|who|that|there)['’](?:re|ll|d|ve|m"
        r"|s|t)\b",
        lambda _r, w: re.sub("['’]", "", w),
    ),
    "range joined": (
        r"(?<![\w.,])\d+[-–]\d+(?![\w.,])",
        lambda rng, n: re.sub("[-–]", rng.choice(["", ".", " of "]), n),
    ),
    "hyphenated word joined or cut": (
        r"(?<= )[a-z]{2,}-[a-z]{3,}",
        lambda rng, w: rng.choice(w.split("-")),
    ),
}

WORDS_DROPPED: dict[str, str] = {
    "former, deputy, acting dropped": r"\b(?:[Ff]ormer|[Dd]eputy|[Aa]cting|[Vv]ice"
    r"|[Aa]ssistant|[Ss]enior|[Ee]x|[Cc]o|[Ii]nterim|[Aa]ssociate)[ -]",
    "hedge dropped": r"\b(?:alleged|allegedly|about|nearly|almost|reportedly|possibly"
    r"|probably|perhaps|apparently|likely|up to|at least|more than|less than"
    r"|as many as|suspected|potential|possible|maybe|sometimes|often|roughly"
    r"|partly|mostly|only|just|even|still|generally|usually|approximately) ",
    "negating prefix dropped": r"\b(?:[Nn]on|[Aa]nti|[Uu]n|[Ee]x|[Pp]ro|[Mm]ulti)-"
    r"|(?<= )(?:un|dis|il|im|ir)(?=(?:likely|able|fair|known|happy|legal|possible|agree"
    r"|regular|certain|expected|usual|clear|approv|appoint|due|official|employ|lawful"
    r"|precedent|satisf|proper|mediate|armed|identified|documented))",
    "adjective or adverb dropped": r"(?<= )(?:new|old|first|last|other|big|small|large"
    r"|local|public|political|national|very|also|again|already|never|always|really"
    r"|clearly|immediately|illegal|armed|young|own|same|total|foreign|federal) ",
}

WORDS_INSERTED = """allegedly reportedly deliberately secretly never supposedly not
    illegally falsely barely repeatedly almost only possibly definitely foreign
    unarmed drunken hardly""".split()

INVENTED: dict[str, list[str]] = {
    "heads": [
        "Nobody believes that",
        "It is not true that",
        "Critics falsely claim that",
        "He denied that",
        "The commission concluded that",
        "If the court agrees,",
        "No",
        "Not",
    ],
    "tails": [
        ", which nobody had foreseen.",
        ", or so he claimed.",
        " and then resigned.",
        ", but only in part.",
        " not.",
        " in 1987.",
        ", the mayor’s brother lied.",
    ],
    "templates": [
        "{one} told reporters that {two} had resigned over {number} unpaid invoices.",
        "“I never trusted {two},” {one} said, citing {number} complaints.",
        "{one} will meet {two} next week to sign a contract worth {number} million.",
        "{two} accused {one} of hiding {number} letters from the inquiry.",
        "At least {number} people walked out when {one} began to praise {two}.",
        "{one} and {two} have been friends for {number} years, neighbours recalled.",
    ],
}
