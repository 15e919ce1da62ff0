"""Extractions made by hand: one with everything a report shows, and a hostile one."""

from extractor.documents import make_document
from extractor.schema import (
    Argument,
    Claim,
    Document,
    Event,
    EventTime,
    Extraction,
    Failure,
    OwnItem,
    PromptRef,
    Provenance,
    Quote,
    Rejected,
    Span,
    Speaker,
    TaskStats,
    Usage,
)

WALL = (
    "Wall falls at Port Averil\n\n"
    "The sea wall broke on Tuesday. “We heard it,” said harbour master Maren Tolk. "
    "“Then ‘the sea’ was in the street.”\n\n"
    "She said letters had gone unanswered. Mayor Piet Drask will resign in June.\n\n"
    "“Nobody wrote to us,” Drask said.\n"
)


def span(doc: Document, words: str, after: str = "") -> Span:
    start = doc.text.index(words, doc.text.index(after))
    return Span(start=start, end=start + len(words), text=words)


def wall(**values: object) -> Extraction:
    """An article with every kind of item, with overlaps and nesting."""
    doc = make_document(
        WALL, title="Wall falls", published="2024-05-14", source="wall.txt"
    )

    def at(words: str, after: str = "") -> Span:
        return span(doc, words, after)

    given = {
        "document": doc,
        "speakers": [
            Speaker(
                id="p1",
                name="Piet Drask",
                kind="person",
                description="Mayor",
                mentions=[at("Piet Drask"), at("Drask", "to us")],
            ),
            Speaker(
                id="p2",
                name="Maren Tolk",
                kind="person",
                mentions=[at("Maren Tolk"), at("She")],
            ),
        ],
        "quotes": [
            Quote(
                id="q1",
                kind="direct",
                spans=[at("We heard it,"), at("Then ‘the sea’ was in the street.")],
                text="We heard it, Then ‘the sea’ was in the street.",
                speaker="p2",
                speaker_mention=at("Maren Tolk"),
                cue=at("said"),
            ),
            Quote(
                id="q2",
                kind="direct",
                spans=[at("the sea", "‘")],
                text="the sea",
                nested_in="q1",
            ),
            Quote(
                id="q3",
                kind="indirect",
                spans=[at("letters had gone unanswered")],
                text="letters had gone unanswered",
                speaker="p2",
                speaker_mention=at("She"),
                cue=at("said", "She"),
            ),
            Quote(
                id="q4",
                kind="direct",
                spans=[at("Nobody wrote to us,")],
                text="Nobody wrote to us,",
                speaker="p1",
                speaker_mention=at("Drask", "to us"),
                cue=at("said", "to us"),
            ),
        ],
        "claims": [
            Claim(
                id="c1",
                text="The sea wall at Port Averil broke on 14 May 2024.",
                spans=[at("The sea wall broke on Tuesday")],
                claimant="author",
                modality="asserted",
                check_worthy=True,
            ),
            Claim(
                id="c2",
                text="Letters had gone unanswered.",
                spans=[at("letters had gone unanswered")],
                claimant="p2",
                modality="asserted",
                quotes=["q3"],
                check_worthy=False,
            ),
            Claim(
                id="c3",
                text="Nobody wrote to the mayor.",
                spans=[at("Nobody wrote to us")],
                claimant="p1",
                modality="denied",
                quotes=["q4"],
                check_worthy=True,
            ),
        ],
        "events": [
            Event(
                id="e1",
                type="Personnel",
                trigger=at("resign"),
                arguments=[Argument(role="agent", span=at("Piet Drask"), speaker="p1")],
                time=EventTime(span=at("June"), value="2024-06", basis="stated"),
                status="planned",
            ),
            Event(
                id="e2",
                type="Disaster",
                trigger=at("broke"),
                place=at("Port Averil"),
                time=EventTime(
                    span=at("Tuesday"), value="2024-05-14", basis="publication_date"
                ),
                status="happened",
            ),
            Event(
                id="e3",
                type="Contact",
                trigger=at("wrote"),
                status="denied",
                reported_by="p1",
            ),
        ],
        "items": {
            "promises": [
                OwnItem(
                    id="promises1",
                    fields={"who": "Piet Drask", "kept": None, "in_month": 6},
                    spans={"who": [at("Piet Drask")]},
                    evidence=[at("Mayor Piet Drask will resign in June.")],
                )
            ]
        },
        "rejected": [
            Rejected(
                task="quotes",
                text="We never heard it",
                verdict="altered",
                nearest=at("We heard it"),
                diff="We {+never+} heard [-it-]",
            ),
            Rejected(task="claims", text="The mayor was ill.", verdict="absent"),
        ],
        "provenance": Provenance(
            model="local",
            endpoint="embedded",
            engine="llama.cpp 1",
            calls=7,
            seconds=12.345,
            usage=Usage(prompt_tokens=4200, cached_tokens=3900, completion_tokens=210),
            tasks={"quotes": TaskStats(calls=7)},
            prompts={"quotes": PromptRef(id="quotes.v1", sha256="ab" * 32)},
            failures=[Failure(task="claims", code="truncated", message="Cut off.")] * 2,
            warnings=["No date in the article."],
        ),
    }
    return Extraction.model_validate(given | values)


def hostile(attack: str) -> Extraction:
    """An attack wherever a string of somebody else's gets to a report."""
    text = f"{attack}\n\n“{attack}” said he.\n\nThe end, {attack}.\n"
    doc = make_document(text, id=attack, title=attack, source=attack)
    words = Span(start=0, end=len(attack), text=attack)
    inner = span(doc, attack, "“")
    return Extraction(
        document=doc,
        speakers=[
            Speaker(
                id=attack,
                name=attack,
                kind="person",
                description=attack,
                mentions=[words],
            )
        ],
        quotes=[
            Quote(
                id=attack,
                kind="direct",
                spans=[inner],
                text=attack,
                speaker=attack,
                speaker_mention=words,
                cue=words,
            ),
            Quote(id="q2", kind="mixed", spans=[words], text=attack, nested_in=attack),
        ],
        claims=[
            Claim(
                id=attack,
                text=attack,
                spans=[words],
                claimant=attack,
                modality="asserted",
                quotes=[attack],
                check_worthy=True,
            )
        ],
        events=[
            Event(
                id=attack,
                type=attack,
                trigger=words,
                arguments=[Argument(role=attack, span=inner, speaker=attack)],
                place=words,
                time=EventTime(span=words, value=attack, basis="stated"),
                status="happened",
                reported_by=attack,
            )
        ],
        items={
            "promises": [
                OwnItem(
                    id=attack,
                    fields={attack: attack, "within": {attack: [attack]}},
                    spans={attack: [inner]},
                    evidence=[words],
                    quote=attack,
                )
            ]
        },
        rejected=[
            Rejected(
                task="quotes",
                text=attack,
                verdict="altered",
                nearest=words,
                diff=f"{attack} [-{attack}-] {{+{attack}+}}",
            )
        ],
        provenance=Provenance(
            model=attack,
            endpoint="endpoint",
            engine=attack,
            calls=1,
            packages={attack: attack},
            prompts={"quotes": PromptRef(id=attack, sha256=attack)},
            verdicts={attack: 1},
            failures=[Failure(task="quotes", code=attack, message=attack)],
            warnings=[attack],
        ),
    )
