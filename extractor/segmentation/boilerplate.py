"""Boilerplate: bylines, credits, licence lines, "read more": nobody's statement.

The rules are precise rather than greedy: a missed line costs a model a glance, a false
one loses a sentence of the article. A dateline is no boilerplate, since the sentence
goes on behind it.
"""

import re

from extractor.segmentation.model import Range

_CAPITAL = r"(?:(?=[^\W\d_a-zß-öø-ÿ])[^\W\d_][\w'’.\-]*+)"
_PARTICLE = "de|da|dos|del|van|von|der|den|la|le|al|bin"
_NAMES = rf"{_CAPITAL}(?:\s+(?:{_CAPITAL}|{_PARTICLE})){{0,4}}"
_PEOPLE = rf"{_NAMES}(?:(?:\s*,\s*|\s+(?:and|und|et|y|e)\s+|\s*&\s*){_NAMES}){{0,8}}"
_AGENCY = (
    r"(?:AP|AFP|EPA|EFE|ANSA|dpa|DPA|UPI|TASS|Reuters|REUTERS|Bloomberg|Shutterstock"
    r"|Getty(?:\s+Images)?|GETTY(?:\s+IMAGES)?|PA\s+(?:Wire|Media|Images))"
)
_TIMES = (
    r"(?:\w+day|January|February|March|April|May|June|July|August|September|October"
    r"|November|December|Christmas|Easter|God)\b"
)
_DESK = (
    r"(?:(?:staff|senior|special|political|chief|foreign|national|sports|business"
    r"|contributing|investigative)\s+)*(?:writers?|reporters?|correspondents?|editors?"
    r"|staff|columnists?|contributors?|news\s+service)"
)

_START = re.compile(
    "|".join(
        (
            # Licence and copyright.
            r"(?:All\s+)?(?:Content|Text|Articles?|Material|Photos?)\s+(?:by|from|of)\s"
            r".{2,80}?\s(?:is|are)\s+(?:licen[sc]ed|available)\s+under\b",
            r"(?:(?:All\s+)?(?:Content|Text|Articles?|Material|Work)\s+|"
            r"(?:This|The)\s+(?:article|work|content|story|text|material)\s+)"
            r"(?:is|was)\s+(?:licen[sc]ed|(?:re)?published|reproduced|distributed)\s+"
            r"(?:under|here\s+under|with\s+permission)\b",
            r"Copyright\s*(?:©|\([cC]\)|by\b|\d{4})|(?:©|\([cC]\)\s)\s*(?:\d{4}|[A-Z])",
            r"All\s+rights\s+reserved\b",
            r"This\s+material\s+may\s+not\s+be\s+(?:published|reproduced)\b",
            r"(?:Alle\s+Rechte\s+vorbehalten|Tous\s+droits\s+r[ée]serv[ée]s"
            r"|Todos\s+los\s+derechos\s+reservados|Todos\s+os\s+direitos\s+reservados)\b",
            # Agency credits.
            r"[(\[](?:Additional\s+|Writing\s+and\s+|Compiled\s+and\s+)?"
            r"(?:[Rr]eporting|[Ww]riting|[Ee]diting|Edited|Written|Compiled|Reported"
            r"|Translated)\s+(?:and\s+\w+\s+)?by\s",
            rf"(?:Additional\s+)?(?:Reporting|Writing|Editing)\s+by\s+{_PEOPLE}"
            rf"(?:\s+in\s+{_NAMES})?\s*(?:;|\.?\s*$)",
            r"(?:The\s+)?(?:Associated\s+Press|AP|Reuters|AFP)\s+.{0,40}?"
            r"(?:[Ww]riters?|[Rr]eporters?|[Jj]ournalists?|[Cc]orrespondents?)\s.{2,160}"
            r"\bcontributed(?:\.|\s+(?:to\s+this|from|reporting)\b)",
            rf"{_PEOPLE}(?:,?\s+(?:of|in|from)\s+{_NAMES})?\s+contributed\s*"
            r"(?:\.|$|to\s+this\s+(?:report|story|article)|(?:to\s+)?(?:this\s+)?"
            r"reporting)",
            r"(?:Reportage|R[ée]dig[ée]|[ÉE]dit[ée])\s+(?:de|par)\s+[A-ZÀ-Ý]",
            # Credits of pictures.
            r"[(\[]?(?:(?:File\s+|Stock\s+)?(?:Photo|Image|Picture|Video|Photograph)s?"
            r"(?:\s+(?:credit|courtesy|source)s?)?|Foto|Bild|Cr[ée]dit\s+photo"
            r"|Cr[ée]ditos?)\s*(?::|/|\bcourtesy\s+of\b"
            rf"|\bby\s+(?={_NAMES}\s*(?:[/.,)]|$)))\s*\S",
            # Pointers to other pages.
            r"(?:Read|See|Watch|Click)\s+(?:more|also|next|the\s+full\s+(?:story|article)"
            r"|full\s+(?:story|article))(?:\s+(?:here|on|at|about)\b.{0,80})?\s*"
            r"(?::|>|»|→|\.{3}|…|$)",
            r"(?:READ|SEE|WATCH|ALSO|MORE)\s?(?:MORE|ALSO|NEXT)?\s?(?::|>|»)",
            r"(?:Related|Related\s+(?:stories|story|articles?|links?|content|topics?)"
            r"|RELATED|More\s+(?:on|from)\s+[\w ]{2,40}|You\s+may\s+also\s+like"
            r"|Recommended|Also\s+read|Don't\s+miss)\s*(?::|>|»|$)",
            r"(?:Lesen\s+Sie\s+(?:auch|mehr|dazu)|Mehr\s+zum\s+Thema|Lire\s+aussi"
            r"|[ÀA]\s+lire\s+aussi|Lea\s+(?:tambi[ée]n|m[áa]s)|Lee\s+tambi[ée]n"
            r"|Leia\s+(?:tamb[ée]m|mais)|Saiba\s+mais|Veja\s+tamb[ée]m)\s*(?::|>|»|$)",
            r"Click\s+here\s+(?:to|for)\b|Read\s+our\s+[Pp]rivacy\b",
            r"View\s+(?:the\s+)?(?:original\s+content|source\s+version)\b",
            r"This\s+(?:story|article|report|post|piece|column|interview)\s+(?:was\s+)?"
            r"(?:originally|first)\s+(?:published|appeared|posted|aired)\s+(?:by|in|on|at)\b",
            r"(?:[–—-]+\s*)?(?:[Aa]dditional|With)\s+reporting\s+(?:by|from)\s+[A-Z]",
            r"You\s+can\s+unsubscribe\b|(?:skip\s+past|after)\s+newsletter\s+promotion",
            r"(?:Sign|Subscribe|Signup)\s*(?:-?\s?up)?\s+(?:here\s+)?(?:for|to)\s+(?:our|the"
            r"|your|a|his|her|their|\w+['’]s)\s+(?:[\w'’]+\s+){0,3}(?:newsletters?|e-?mails?|podcast|channel|alerts?)\b",
            r"(?:Follow|Like|Find|Join)\s+(?:us|him|her|them|[A-Z][\w ]{2,40})\s+on\s+"
            r"(?:Bluesky|Threads|Twitter|Facebook|Instagram|X\b|YouTube|LinkedIn|Telegram|WhatsApp|TikTok)",
            r"(?:Share|Tweet|Email|Print)\s+(?:this\s+(?:article|story|page|post|video)|on\s+"
            r"(?:Facebook|Twitter|X\b|WhatsApp)|via\s+e-?mail)\b",
            r"(?:Advertisement|ADVERTISEMENT|Advertising|Story\s+continues\s+below"
            r"(?:\s+advertisement)?|Article\s+continues\s+below|Scroll\s+to\s+continue"
            r"|Continue\s+reading(?:\s+the\s+main\s+story)?|Anzeige|Publicit[ée]"
            r"|Publicidade?)\s*[.:]?\s*$",
            r"(?:This\s+(?:story|article)\s+(?:has\s+been|was)\s+(?:updated|corrected)"
            r")\b"
            r"|(?:First\s+published|Originally\s+published|Last\s+updated|Last\s+modified"
            r"|Updated)\s*(?::|at\s+\d|on\s+\w+\s+\d)",
        )
    )
)
"""What boilerplate begins with, at the start of a sentence."""

_ADDRESSED = re.compile(
    "|".join(
        (
            r"Get\s+(?:the|our|all)\s+(?:[\w'’]+\s+){0,5}(?:newsletters?|e-?mails?)\s+"
            r"(?:for|in|with|delivered|straight)\b",
            r"(?:Please\s+)?[Ee]nter\s+(?:a\s+valid|your)\s+e-?mail\b",
            r"I\s+would\s+like\s+to\s+be\s+e-?mailed\b|Thanks\s+for\s+signing\s+up\b",
            r"By\s+(?:signing\s+up|subscribing|registering),?\s+you\s+agree\b",
            r"Already\s+a\s+(?:subscriber|member)\b|Subscribe\s+(?:now|today|here)\b",
            r"Your\s+(?:support|donation|contribution)\s+(?:makes|helps|allows|funds)\b",
            r"If\s+you\s+have\s+any\s+(?:complaints?|copyright)\b",
            r"Something\s+went\s+wrong\s*(?:\.|$)|Please\s+try\s+again\s+later\b",
            r"(?:Scroll\s+down|Leave\s+a\s+comment|Comment\s+below|Have\s+your\s+say"
            r"|Share\s+your\s+(?:thoughts|views)|Please\s+(?:like|share)\s+(?:this|our|and)"
            r"|Join\s+the\s+(?:conversation|discussion)\s+(?:below|on|at|in))\b",
            r"Download\s+(?:the|our)\s+(?:[\w'’]+\s+){0,2}app\b",
        )
    )
)
"""What a page says to its readers; in quotation marks somebody may say it to others."""
_TEMPLATE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\[\[\w+\]\]", re.DOTALL)
"""Marks that a page's own program should have replaced."""

_WHOLE = re.compile(
    "|".join(
        (
            rf"(?:By|BY|By:|Von|Par|Por|Texto\s+de|Text:)\s+(?!{_TIMES}){_PEOPLE}"
            rf"(?:\s*[,|/–—-]\s*(?:{_DESK}|{_NAMES}))*"
            rf"(?:\s+(?:for|of|in)\s+(?:the\s+|The\s+)?{_NAMES})?\s*[,|.]?",
            rf"{_NAMES},?\s*[,|/–—-]\s*{_DESK}(?:\s+(?:of|for)\s+{_NAMES})?",
            r"\(?[A-Z]{2,3}(?:\s?/\s?[A-Z]{2,3}){1,3}\)?\.?",
            r"\((?:AP|AFP|Reuters|dpa|EFE|ANSA|Lusa|Xinhua|UPI|TASS|IRNA)\)\.?",
            r"-{2,}|\*{2,}|#{2,}|-30-|_{2,}|•{2,}",
            r"(?:https?://|www\.)\S+",
            r"(?:\d+\s+)?(?:Comments?|Shares?|COMMENTS?|SHARES?)",
            r"pic\.twitter\.com/\S+|(?:Twitter:?\s*)?@\w+\.?",
            r"E-?mails?:?\s+[\w.+-]+@[\w.-]+\.\w+\.?",
            r"[\w.+-]+@[\w.-]+\.\w+",
        )
    )
)
"""What a whole sentence of boilerplate looks like."""

_CREDIT = re.compile(
    rf"\(?(?:{_AGENCY}(?:\s+(?:Photo|Images?))?\s*/\s*[^.!?]{{3,60}}"
    rf"|(?:[^.!?]{{2,60}}(?:/\s*|\s+via\s+))?{_AGENCY}(?:\s+(?:Photo|Images?))?)\.?\)?"
)
_LONGEST_LINE = 240
"""Characters beyond which no line is a byline or a credit."""
_INITIALS = re.compile(
    r"[A-Z]{2,3}/[A-Z]{2,3}(?=\s+(?:All\s+Content|Copyright|©)|\s*$)"
)
_BOUNDARY = re.compile(r"(?:[.!?…][\"'”’»)\]]*\s+|\s{2,}|(?<=\S)\s+(?=©))(?=\S)")


_DATELINE = re.compile(
    r"[A-ZÀ-Þ][\w.À-Þ' -]*,?(?: [A-Z][a-z]+\.?)?(?: ?\([^)]{1,30}\))?"
    r"(?:, (?:\d{1,2} )?\w+\.?(?: \d{1,2},?)?(?: \d{4})?)?(?: ?\([^)]{1,30}\))?"
    r" ?[-–—]{1,2} +(?=\S)"
)
_LONGEST_PLACE = 4
_BLANK = re.compile(r"\s*\Z")


def find_dateline(text: str, start: int, end: int) -> int:
    """Offset of what follows a dateline (`VALL, May 3 (Agency) - `) at `start`.

    Returns:
        `start` where there is none: a dateline opens a paragraph, and its place is
        short and in capitals or followed by an agency.
    """
    opens = _BLANK.match(text, 0, start) or "\n" in text[max(0, start - 3) : start]
    found = _DATELINE.match(text, start, end) if opens else None
    if not found:
        return start
    place = re.split(r"[,(]", found[0])[0].strip(" -–—")
    named = place.isupper() or "(" in found[0]
    return found.end() if named and len(place.split()) <= _LONGEST_PLACE else start


def is_boilerplate(text: str, start: int, end: int) -> bool:
    """Whether the sentence `text[start:end]` is nobody's statement.

    Args:
        text: the article.
        start: first code point of the sentence.
        end: one past its last code point.
    """
    sentence = text[start:end]
    bare = sentence.lstrip("\"“'‘([")
    if _START.match(sentence) or (bare != sentence and _START.match(bare)):
        return True
    if _ADDRESSED.match(sentence) or _TEMPLATE.search(sentence):
        return True
    if end - start > _LONGEST_LINE:
        return False
    if _WHOLE.fullmatch(sentence) or _CREDIT.fullmatch(sentence):
        return True
    return _INITIALS.match(sentence) is not None


def find_boilerplate_starts(text: str, paragraph: Range) -> list[int]:
    """Where boilerplate begins inside a paragraph, behind real text.

    Args:
        text: the article.
        paragraph: the paragraph to search.

    Returns:
        Offsets, ascending, at which a sentence must start.
    """
    starts = []
    for boundary in _BOUNDARY.finditer(text, paragraph.start, paragraph.end):
        at = boundary.end()
        if any(
            p.match(text, at, paragraph.end) for p in (_INITIALS, _START, _ADDRESSED)
        ):
            starts.append(at)
    return starts
