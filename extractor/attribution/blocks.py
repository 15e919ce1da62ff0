"""Words printed as a block, without marks: answers of an interview, letters.

`A: I never looked back.` under `Q: And then?`, and what stands between `Dear
families,` and a signature. The layout alone tells what is said; the answers are given
to whom the article names most often, a letter to who signs it.
"""

import re
from bisect import bisect_left

from extractor.attribution.article import Article
from extractor.attribution.certainty import CERTAIN
from extractor.segmentation.model import Candidate, Mention, Passage, Range

FEWEST_ANSWERS = 2
MOST_PARAGRAPHS = 8
"""Paragraphs of a letter at most, its signature left out."""
SIGNATURE_WORDS = 7
ANSWERED = 0.8
"""Probability that an interview's answers are those of whom it names most often."""

_QUESTION = re.compile(r"Q\s?[:.]\s+")
_ANSWER = re.compile(r"A\s?[:.]\s+(?:\([^()\n]{1,40}\)\s+)?")
_SALUTATION = re.compile(
    r"(?:Dear\s[^\n.!?]{1,50}|(?:Dear\s)?(?:Sirs?|Madam|Sir or Madam|Editor))[,:—]?\s*"
    r"(?=\n|$)"
)
_SIGNATURE = re.compile(r"[—–-]?\s?(?:[A-Z][\w.’'-]*[ ,]*)+(?:[a-z]+ )?[^\n.!?]*")


def find_blocks(article: Article) -> list[Passage]:
    """The answers and letters of an article that stand in no quotation marks."""
    return _answers(article) + _letters(article)


def _answers(article: Article) -> list[Passage]:
    text, paragraphs = article.text, article.segmentation.paragraphs
    found = [(p, _ANSWER.match(text, p.start, p.end)) for p in paragraphs]
    answers = [(p, match) for p, match in found if match]
    asked = any(_QUESTION.match(text, p.start, p.end) for p in paragraphs)
    if not asked or len(answers) < FEWEST_ANSWERS or not article.topic:
        return []
    return [
        _passage(article, Range(match.end(), p.end), _answering(article, p.start))
        for p, match in answers
        if match.end() < p.end
    ]


def _answering(article: Article, offset: int) -> Candidate:
    """The nearest mention before of whom the article names most often."""
    at = bisect_left([n.mention.start for n in article.topic], offset)
    return Candidate(article.topic[max(0, at - 1)].mention, ANSWERED)


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
