"""Words printed as a block, without marks: answers of an interview, turns, letters.

`A: I never looked back.` under `Q: And then?`, and what stands between `Dear
families,` and a signature. The layout alone tells what is said; the answers are given
to the person whom the article names most often, a letter to who signs it.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence

from extractor.attribution.article import Article, Noun
from extractor.attribution.certainty import CERTAIN
from extractor.segmentation.mentionwords import word_sets
from extractor.segmentation.model import Candidate, Mention, Passage, Range
from extractor.segmentation.words import first_names

FEWEST_ANSWERS = 2
FEWEST_QUESTIONS = 3
"""Questions without a `Q:` that make an interview."""
FEWEST_TURNS = 3
"""Paragraphs behind a name that make a transcript, one of the names twice."""
LONGEST = 30
"""Words of such a question at most."""
MOST_PARAGRAPHS = 8
"""Paragraphs of a letter at most, its signature left out."""
SIGNATURE_WORDS = 7
ANSWERED = 0.8
"""Probability that an interview's answers are those of whom it names most often."""

_QUESTION = re.compile(r"Q\s?[:.]\s+")
_ANSWER = re.compile(r"A\s?[:.]\s+(?:\([^()\n]{1,40}\)\s+)?")
_TURN = re.compile(
    r"[\"“]?((?!Q\s?:|A\s?:)[A-Z][\w.’'-]*(?:\s[A-Z][\w.’'-]*){0,3})\s?:\s+(?![\"“‘'«„])"
)
_FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e|[Mm]y|[Mm]e|[Oo]ur|[Uu]s)\b")
_SALUTATION = re.compile(
    r"(?:Dear\s[^\n.!?]{1,50}|(?:Dear\s)?(?:Sirs?|Madam|Sir or Madam|Editor))[,:—]?\s*"
    r"(?=\n|$)"
)
_SIGNATURE = re.compile(r"[—–-]?\s?(?:[A-Z][\w.’'-]*[ ,]*)+(?:[a-z]+ )?[^\n.!?]*")


def find_blocks(article: Article) -> list[Passage]:
    """The answers and letters of an article that stand in no quotation marks."""
    return _answers(article) + _letters(article) + _transcript(article)


def _answers(article: Article) -> list[Passage]:
    answers = _lettered(article) or _below_questions(article)
    first = _first_question(article, answers[0].start) if answers else 0
    named = _interviewed(article, first) if answers else ()
    return [
        _passage(article, span, _answering(named, span.start))
        for span in answers
        if named and span.start < span.end
    ]


def _first_question(article: Article, answer: int) -> int:
    """Where the question above the first answer begins."""
    above = [p.start for p in article.segmentation.paragraphs if p.end <= answer]
    return above[-1] if above else answer


def _lettered(article: Article) -> list[Range]:
    """What stands behind each `A:`, if there is a `Q:`."""
    text, paragraphs = article.text, article.segmentation.paragraphs
    found = [(p, _ANSWER.match(text, p.start, p.end)) for p in paragraphs]
    answers = [Range(match.end(), p.end) for p, match in found if match]
    asked = any(_QUESTION.match(text, p.start, p.end) for p in paragraphs)
    return answers if asked and len(answers) >= FEWEST_ANSWERS else []


def _below_questions(article: Article) -> list[Range]:
    """The paragraph below each question that is a paragraph of its own.

    No more than that one: the next may be the interviewer's again, without a mark.
    """
    text = article.text
    paragraphs = [p for p in article.segmentation.paragraphs if p.of(text).strip()]
    asked = [_is_question(p.of(text)) for p in paragraphs]
    answers = [
        below
        for below, here, above in zip(paragraphs[1:], asked[1:], asked, strict=False)
        if above and not here
    ]
    personal = sum(bool(_FIRST_PERSON.search(p.of(text))) for p in answers)
    enough = len(answers) >= FEWEST_QUESTIONS and 2 * personal >= len(answers)
    return answers if enough else []


def _is_question(paragraph: str) -> bool:
    words = paragraph.split()
    marked = any(mark in paragraph for mark in '"“”«»')
    return paragraph.rstrip().endswith("?") and len(words) <= LONGEST and not marked


def _interviewed(article: Article, offset: int) -> tuple[Noun, ...]:
    """The mentions of the person whom the interview at an offset is with.

    Whom the paragraph before it names, else whom the article names most often; bylines
    count for neither.
    """
    people = _people(article)
    above = [p for p in article.segmentation.paragraphs if p.end <= offset]
    introduced = [
        mentions
        for mentions in people
        if any(above and above[-1].start <= n.mention.start < offset for n in mentions)
    ]
    likeliest = introduced or people
    if likeliest:
        return tuple(sorted(likeliest, key=len)[-1])
    heads = word_sets(article.language).get("organisation_heads", frozenset())
    body = any(article.low(noun.end - 1) in heads for noun in article.topic)
    return () if body else article.topic


def _people(article: Article) -> list[list[Noun]]:
    """The mentions of each name that has a first name somewhere."""
    given = first_names("female") | first_names("male")
    named: dict[str, list[Noun]] = {}
    people = set()
    for frame in article.frames:
        nouns = () if frame.boilerplate else article.nouns_in(frame.first, frame.end)
        for noun in nouns:
            if noun.mention.kind != "name" or article.block(noun.first) >= 0:
                continue
            last = article.low(noun.end - 1)
            named.setdefault(last, []).append(noun)
            words = range(noun.first, noun.end - 1)
            if any(article.low(i) in given for i in words):
                people.add(last)
    return [mentions for last, mentions in named.items() if last in people]


def _answering(named: Sequence[Noun], offset: int) -> Candidate:
    """The nearest mention before an answer of who gives it."""
    at = bisect_left([n.mention.start for n in named], offset)
    return Candidate(named[max(0, at - 1)].mention, ANSWERED)


def _transcript(article: Article) -> list[Passage]:
    """What stands behind the speakers' names of a transcript: `LEE: Never`."""
    text = article.text
    turns = [
        (p, match)
        for p in article.segmentation.paragraphs
        if (match := _TURN.match(text, p.start, p.end)) and match.end() < p.end
    ]
    labels = [match[1] for _, match in turns]
    if len(turns) < FEWEST_TURNS or not 1 < len(set(labels)) < len(labels):
        return []
    heads = word_sets(article.language)["heads"]
    return [
        _passage(
            article,
            Range(match.end(), _unmarked_end(text, p)),
            Candidate(
                Mention(
                    match.start(1),
                    match.end(1),
                    "nominal" if match[1].lower() in heads else "name",
                ),
                CERTAIN,
            ),
        )
        for p, match in turns
    ]


def _unmarked_end(text: str, paragraph: Range) -> int:
    """Where a turn ends: before the mark that closes what a mark opened."""
    marked = text[paragraph.start] in '"“' and text[paragraph.end - 1] in '"”'
    return paragraph.end - marked


def _letters(article: Article) -> list[Passage]:
    text, paragraphs = article.segmentation.text, article.segmentation.paragraphs
    letters = []
    for index, paragraph in enumerate(paragraphs):
        if not _SALUTATION.match(text, paragraph.start, paragraph.end):
            continue
        letter = _signed_inside(article, paragraph) or _signed_below(article, index)
        if letter:
            letters.append(letter)
    return letters


def _signed_inside(article: Article, paragraph: Range) -> Passage | None:
    """A letter whose lines are one paragraph, the signature its last line."""
    text = article.segmentation.text
    line = text.rfind("\n", paragraph.start, paragraph.end) + 1
    if text.find("\n", paragraph.start, paragraph.end) + 1 >= line:
        return None  # a salutation and one line more: the words or the signature
    return _signed(article, paragraph.start, Range(line, paragraph.end))


def _signed_below(article: Article, index: int) -> Passage | None:
    """A letter of several paragraphs, the last of them the signature."""
    paragraphs = article.segmentation.paragraphs
    for below in paragraphs[index + 2 : index + 2 + MOST_PARAGRAPHS]:
        letter = _signed(article, paragraphs[index].start, below)
        if letter:
            return letter
    return None


def _signed(article: Article, start: int, line: Range) -> Passage | None:
    """The words from a salutation to a line, if that is a signature."""
    words = line.of(article.text)
    if len(words.split()) > SIGNATURE_WORDS or not _SIGNATURE.fullmatch(words):
        return None
    named = [
        noun.mention
        for noun in article.nouns_in(*article.word_range(line.start, line.end))
        if noun.mention.kind == "name"
    ]
    mention = max(
        named,
        key=lambda m: m.end - m.start,
        default=Mention(line.start, line.end, "name"),
    )
    content = article.text[start : line.start].rstrip()
    span = Range(start, start + len(content))
    return _passage(article, span, Candidate(mention, CERTAIN))


def _passage(article: Article, span: Range, speaker: Candidate) -> Passage:
    inside = [
        q.id
        for q in article.segmentation.quotations
        if span.start <= q.start and q.end <= span.end
    ]
    return Passage(
        spans=(span,),
        kind="mixed" if inside else "indirect",
        quotations=tuple(inside),
        cue=None,
        candidates=(speaker,),
        likelihood=CERTAIN,
    )
