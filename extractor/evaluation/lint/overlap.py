"""Articles that are in two places: two splits, or the test split and a prompt.

Texts are compared by their runs of 13 words, the length that decontamination uses since
Brown et al. (2020, arXiv 2005.14165, appendix C). Case, punctuation and typography do
not count. What a script writes without spaces counts as one word up to the next
punctuation mark.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from extractor.errors import GoldError
from extractor.evaluation.lint.drafts import Draft
from extractor.evaluation.lint.findings import Finding
from extractor.grounding.folding import fold
from extractor.prompting import list_prompts, read_prompt

RUN: Final = 13
"""Words of a run."""
NEAR: Final = 0.5
"""Two articles are nearly the same if they share more of their runs (Jaccard)."""

_WORD = re.compile(r"\w+")
_LABEL = re.compile(r"^[A-Z]\d+:? ", re.MULTILINE)
"""What prompts put before a sentence: `S12 `."""
_TAG = re.compile(r"\{%.*?%\}|\{#|#\}", re.DOTALL)
_UNSEEN = ("train", "dev")
"""Splits whose articles a prompt may show."""


def check_repeats(drafts: Sequence[Draft]) -> Iterator[Finding]:
    """Articles that are there twice from the same annotators (E4)."""
    ids: dict[tuple[str, str, tuple[str, ...]], Draft] = {}
    texts: dict[tuple[str, str], Draft] = {}
    for draft in drafts:
        id_ = draft.article.doc.id
        people = tuple(draft.article.annotation.annotators)
        first = ids.setdefault((draft.split, id_, people), draft)
        if first is not draft:
            message = f"{first.file} is article {id_!r} as well"
            yield draft.finding("E4", "", message, "keep one of the two")
            continue
        same = texts.setdefault((draft.split, draft.text), draft)
        if draft.text and same.article.doc.id != id_:
            message = f"{same.file} has the same text"
            yield draft.finding("E4", "", message, "keep one of the two")


def check_splits(
    drafts: Sequence[Draft], others: Sequence[Draft] = ()
) -> Iterator[Finding]:
    """Articles that are, or nearly are, in two splits (E10).

    Args:
        drafts: the articles to check.
        others: articles of other folders, which are compared with these but not with
            each other.
    """
    every = [*drafts, *others]
    runs = [runs_of(words_of(draft.text)) for draft in every]
    for first, second in sorted(_alike(every, runs)):
        a, b = every[first], every[second]
        if a.split == b.split or first >= len(drafts):
            continue
        same = (
            "the same article"
            if a.article.doc.id == b.article.doc.id
            else ("the same text" if a.text == b.text else "nearly the same text")
        )
        message = f"split {a.split!r} has {same} as {b.file} of split {b.split!r}"
        yield a.finding("E10", "", message, "keep it in one of them")


def _alike(
    drafts: Sequence[Draft], runs: Sequence[frozenset[str]]
) -> Iterator[tuple[int, int]]:
    """Pairs with the same id, the same words or more than `NEAR` of their runs."""
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for index, own in enumerate(runs):
        for run in own:
            holders[run].append(index)
    shared: Counter[tuple[int, int]] = Counter()
    for group in holders.values():
        shared.update(_pairs(group))
    found = {
        (a, b)
        for (a, b), count in shared.items()
        if count > NEAR * (len(runs[a]) + len(runs[b]) - count)
    }
    for key in (_id, _wording):
        groups: defaultdict[str, list[int]] = defaultdict(list)
        for index, draft in enumerate(drafts):
            groups[key(draft)].append(index)
        for same, group in groups.items():
            found.update(_pairs(group) if same else ())
    yield from found


def _id(draft: Draft) -> str:
    return draft.article.doc.id


def _wording(draft: Draft) -> str:
    return " ".join(words_of(draft.text))


def _pairs(group: Sequence[int]) -> Iterator[tuple[int, int]]:
    for position, first in enumerate(group):
        yield from ((first, second) for second in group[position + 1 :])


def check_leaks(drafts: Sequence[Draft], prompts: Path | None) -> Iterator[Finding]:
    """Articles of the test split, or of none, that a prompt holds words of (E11).

    Args:
        drafts: the articles.
        prompts: folder of the prompts; None: those of this package.

    Raises:
        GoldError: the folder of prompts does not exist.
    """
    shown = {
        name: runs_of(words_of(_TAG.sub(" ", _LABEL.sub("", text))))
        for name, text in _read_prompts(prompts)
    }
    for draft in drafts:
        if draft.article.doc.split in _UNSEEN:
            continue
        words = words_of(draft.text)
        for name, runs in shown.items():
            leaked = next((run for run in _runs(words) if run in runs), None)
            if leaked:
                message = f"the prompt {name} holds its words {leaked!r}"
                remedy = "take them out of the prompt, or the article out of the test"
                yield draft.finding("E11", "", message, remedy)


def _read_prompts(prompts: Path | None) -> Iterator[tuple[str, str]]:
    if prompts is None:
        yield from ((ref.id, read_prompt(ref.id)) for ref in list_prompts())
        return
    if not prompts.is_dir():
        raise GoldError(f"{prompts} is no folder of prompts; check the name.")
    for path in sorted(prompts.rglob("*")):
        if path.is_file():
            yield str(path), path.read_bytes().decode("utf-8", "replace")


def words_of(text: str) -> list[str]:
    """The words of a text, in lower case and without typography."""
    return _WORD.findall(fold(text).text.casefold())


def runs_of(words: Sequence[str]) -> frozenset[str]:
    """All runs of `RUN` words."""
    return frozenset(_runs(words))


def _runs(words: Sequence[str]) -> Iterator[str]:
    return (" ".join(words[i : i + RUN]) for i in range(len(words) - RUN + 1))
