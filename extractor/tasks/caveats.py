"""What a reader of the results should know, in sentences."""

from collections.abc import Collection, Sequence

from extractor.analysis import Analysis
from extractor.schema import EndpointKind, Extraction, TaskName
from extractor.segmentation.scripts import is_uncased
from extractor.segmentation.words import lexicon_language
from extractor.tasks.own import Task


def list_caveats(
    analysis: Analysis, found: Extraction, wanted: Collection[TaskName]
) -> list[str]:
    """What the article's language and date keep from being found.

    Args:
        analysis: the article.
        found: what was found in it.
        wanted: what was looked for.
    """
    warnings = []
    known = analysis.document.language
    language = (known or "en")[:2]
    unread = lexicon_language(language) != language
    if unread or (known is None and is_uncased(analysis.text)):
        language = known or "this article's language"
        warnings.append(
            f"There are no word lists for {language}, so many quotes and most speakers "
            "are missed."
        )
    if "events" in wanted and language != "en":
        warnings.append(
            f"Events are found in English articles only, not in {language}."
        )
    unresolved = [
        event for event in found.events if event.time and event.time.value is None
    ]
    if unresolved and analysis.published is None:
        warnings.append(
            "The publication date is unknown, so relative dates are not resolved; "
            "give it with --published."
        )
    return warnings


def tell_left_out(unknown: int, wanted: Collection[TaskName]) -> list[str]:
    """That nobody is given the claims and events in words of an unknown speaker.

    Args:
        unknown: quotes whose speaker nobody knows.
        wanted: what was looked for.
    """
    if not unknown or {"claims", "events"}.isdisjoint(wanted):
        return []
    quotes = "1 quote" if unknown == 1 else f"{unknown} quotes"
    return [
        f"The speaker of {quotes} is unknown, so their claims and events are left out."
    ]


def tell_unasked(own: Sequence[Task], endpoint: EndpointKind) -> list[str]:
    """That without a model nothing is found by tasks of the user's own."""
    if not own or endpoint != "rules":
        return []
    names = ", ".join(task.name for task in own)
    return [f"Without a model nothing is found of {names}: name one with -m."]
