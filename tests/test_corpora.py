"""Articles of published corpora, and folders of gold."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from conftest import SHARED
from gold_samples import harbour

from extractor.errors import GoldError
from extractor.evaluation.gold import GoldArticle, write_article
from extractor.evaluation.interchange import (
    is_corpus,
    read_annotators,
    read_corpus_article,
    read_gold,
)
from extractor.schema import Span

TEXT = (
    "Mayor Ada\u202fQuill said the Harbour Board (HB) was late. “Go,” she told "
    "Ben Quill.\nIn Tern Bay a bomb hurt two men on 3 May."
)
DATA = SHARED / "data"


def label(words: str, **more: Any) -> dict[str, Any]:
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words), "text": words, **more}


def quote(words: str, **more: Any) -> dict[str, Any]:
    fragments = [label(part) for part in words.split(" | ")]
    return {"fragments": fragments, "type": "indirect", **more}


def article(**content: Any) -> dict[str, Any]:
    return {"id": "made-1", "text": TEXT, **content}


def read(content: dict[str, Any]) -> list[GoldArticle]:
    return read_corpus_article(content, Path("made.json"))


def test_what_is_known_of_the_article_is_kept() -> None:
    [found] = read(
        article(
            title="Late",
            date="2031-05-04 09:49:50+00:00",
            url="https://www.post.example/a?b=1",
            licence="none stated",
            split="dev",
            quotes=[],
        )
    )
    doc = found.doc
    assert (doc.id, doc.text_file, doc.characters) == (
        "made-1",
        "made-1.txt",
        len(TEXT),
    )
    assert (doc.title, doc.published, doc.outlet) == (
        "Late",
        "2031-05-04",
        "post.example",
    )
    assert (doc.licence, doc.split, doc.language) == ("none stated", "dev", "en")
    assert (found.layers, found.text) == (["quotes"], TEXT)


def test_quotes_keep_the_characters_that_were_labelled() -> None:
    spoken = quote(
        "“Go,” | told", speaker=label("she"), cue=label("told"), type="direct"
    )
    [found] = read(article(quotes=[spoken], annotator="ana", publisher="Post"))
    [quoted] = found.quotes
    assert [span.text for span in quoted.spans] == ["“Go,”", "told"]
    assert (quoted.kind, quoted.speaker) == ("direct", None)
    assert quoted.speaker_mention and quoted.speaker_mention.text == "she"
    assert quoted.cue and quoted.cue.text == "told"
    assert (found.annotation.annotators, found.doc.outlet) == (["ana"], "Post")
    assert found.layers == ["quotes"]


def test_named_speakers_become_entities_with_the_short_forms_in_use() -> None:
    speakers = [
        {"name": "Ada Quill", **label("she")},
        {"name": "Ada\u202fQuill", **label("Ada\u202fQuill")},
        {"name": "Harbour Board", "text": None, "start": None, "end": None},
    ]
    kinds = ["person", "person", "organization"]
    quotes = [
        quote("was late", speaker=speaker, agent_type=kind)
        for speaker, kind in zip(speakers, kinds, strict=True)
    ]
    [found] = read(article(quotes=quotes))
    ada, board = found.entities
    assert (ada.name, ada.kind, ada.aliases) == (
        "Ada Quill",
        "person",
        ["Ada\u202fQuill", "Quill"],
    )
    assert [span.text for span in ada.mentions] == ["Ada\u202fQuill", "she"]
    assert (board.kind, board.aliases, board.mentions) == ("organization", ["HB"], [])
    assert [quote.speaker for quote in found.quotes] == [ada.id, ada.id, board.id]
    assert found.quotes[2].speaker_mention is None
    assert found.layers == ["quotes", "speakers"]


@pytest.mark.parametrize(
    ("names", "aliases"),
    [
        (["Ada Quill", "Ben Quill"], [[], []]),
        (["Ada Quill KC"], [["Quill"]]),
        (["Ada Moor"], [[]]),
        (["Quill"], [[]]),
        (["senior Quill"], [[]]),
    ],
)
def test_a_last_name_is_an_alias_where_it_can_mean_one_person_only(
    names: list[str], aliases: list[list[str]]
) -> None:
    quotes = [quote("was late", speaker={"name": name}) for name in names]
    [found] = read(article(quotes=quotes))
    assert [entity.aliases for entity in found.entities] == aliases


def test_cues_that_are_no_speech_make_a_quote_optional_for_one_annotator() -> None:
    labels = [quote("was late", speech_cue=False), quote("“Go,”", speech_cue=True)]
    [alone] = read(article(quotes=labels, annotator="ana"))
    assert [quote.optional for quote in alone.quotes] == [True, False]
    assert [quote.tags for quote in alone.quotes] == [["no_speech_cue"], []]
    ana, ben = read(article(quotes=[], annotators={"ben": labels, "ana": labels[:1]}))
    assert [quote.optional for quote in ben.quotes] == [False, False]
    assert [quote.tags for quote in ben.quotes] == [["no_speech_cue"], []]
    assert (len(ana.quotes), len(ben.quotes)) == (1, 2)
    assert [a.annotation.annotators for a in (ana, ben)] == [["ana"], ["ben"]]
    assert ana.doc == ben.doc


def test_events_have_places_mentions_and_incidents_without_trigger() -> None:
    bomb = {
        "type": "BOMBING",
        "trigger": None,
        "arguments": [
            label(
                "men", role="Victim", optional=True, other_mentions=[label("two men")]
            ),
            label("Tern Bay", role="Place"),
        ],
        "optional_template": True,
        "date": "03 MAY 31",
        "location": "TERN BAY",
        "stage": "ACCOMPLISHED",
    }
    hurt = {"type": "Life.Injure", "trigger": label("hurt"), "arguments": []}
    [found] = read(article(events=[bomb, hurt]))
    first, second = found.events
    [victim] = first.arguments
    assert (victim.role, victim.optional) == ("Victim", True)
    assert [span.text for span in victim.mentions] == ["two men", "men"]
    assert [span.text for span in first.place] == ["Tern Bay"]
    assert (first.trigger, first.optional, first.status) == (None, True, "happened")
    assert first.note == "date 03 MAY 31; location TERN BAY; stage ACCOMPLISHED"
    assert second.trigger and second.trigger.text == "hurt"
    assert (second.optional, second.status, second.note) == (False, None, None)
    assert found.layers == ["events"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ({"id": "x", "text": TEXT}, "one of annotators, quotes, events"),
        (article(quotes=[{"type": "direct"}]), "'fragments'"),
        (article(quotes=[quote("late", type="spoken")]), "'direct'"),
        (article(quotes=[quote("late")], date="May 4"), "isoformat"),
        (article(quotes=["late"]), "get"),
        (
            article(
                quotes=[
                    {"type": "direct", "fragments": [{**label("late"), "start": 1}]}
                ]
            ),
            "length of its text",
        ),
        (
            article(
                quotes=[
                    {"type": "direct", "fragments": [{**label("late"), "text": "soon"}]}
                ]
            ),
            "not 'soon'",
        ),
    ],
)
def test_a_wrong_label_is_named(content: dict[str, Any], reason: str) -> None:
    with pytest.raises(GoldError, match=f"made.json.*{reason}"):
        read(content)


def test_a_corpus_article_is_told_from_gold() -> None:
    assert is_corpus(article(quotes=[]))
    assert not is_corpus({**article(quotes=[]), "schema": "extractor-gold/1"})
    assert not is_corpus({"id": "x", "quotes": []})
    assert not is_corpus([article(quotes=[])])


def test_a_folder_holds_gold_and_corpora_by_name(tmp_path: Path) -> None:
    write_article(harbour(), tmp_path)
    dump(tmp_path / "a.json", article(quotes=[]))
    dump(tmp_path / "manifest.json", {"files": {}})
    dump(tmp_path / ".harbour.json", ["a copy some editor left"])
    write_article(harbour(), tmp_path / "deeper")
    assert [found.doc.id for found in read_gold(tmp_path)] == ["made-1", "harbour"]
    assert read_gold(tmp_path / "harbour.json") == [harbour()]


def dump(path: Path, content: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content), "utf-8")


@pytest.mark.parametrize("content", [{"id": "x"}, [1], "text", {"schema": "other/1"}])
def test_a_file_that_is_neither_is_named(tmp_path: Path, content: object) -> None:
    dump(tmp_path / "a.json", content)
    with pytest.raises(GoldError, match=r"a\.json is neither.*gold import"):
        read_gold(tmp_path)


def test_reading_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="holds no"):
        read_gold(tmp_path)
    with pytest.raises(GoldError, match="does not exist"):
        read_gold(tmp_path / "nowhere")
    (tmp_path / "a.json").write_text("{", "utf-8")
    with pytest.raises(GoldError, match=r"a\.json is not JSON"):
        read_gold(tmp_path)


def test_an_article_is_there_once_from_the_same_annotators(tmp_path: Path) -> None:
    dump(tmp_path / "a.json", article(quotes=[], annotator="ana"))
    dump(tmp_path / "b.json", article(quotes=[], annotator="ben"))
    assert len(read_gold(tmp_path)) == 2
    dump(tmp_path / "c.json", article(quotes=[], annotator="ben"))
    with pytest.raises(
        GoldError, match=r"b\.json and .*c\.json are both article 'made-1'"
    ):
        read_gold(tmp_path)


def test_annotators_have_folders_or_are_named_inside(tmp_path: Path) -> None:
    labels = {"ana": [quote("late")], "ben": []}
    dump(tmp_path / "in" / "a.json", article(annotators=labels))
    inside = read_annotators(tmp_path / "in")
    assert {name: len(found[0].quotes) for name, found in inside.items()} == {
        "ana": 1,
        "ben": 0,
    }
    assert read_annotators(tmp_path / "in" / "a.json") == inside
    for name, [found] in inside.items():
        write_article(found, tmp_path / "out" / f"as-{name}")
    outside = read_annotators(tmp_path / "out")
    assert outside == {f"as-{name}": found for name, found in inside.items()}


def test_one_annotator_alone_cannot_agree(tmp_path: Path) -> None:
    dump(tmp_path / "a.json", article(quotes=[], annotator="ana"))
    with pytest.raises(GoldError, match="does not hold two annotators"):
        read_annotators(tmp_path)
    dump(tmp_path / "b.json", {**article(quotes=[]), "id": "made-2"})
    with pytest.raises(GoldError, match="does not hold two annotators"):
        read_annotators(tmp_path)


# The development data


def contents(folder: str) -> list[dict[str, Any]]:
    files = sorted((DATA / folder).glob("*.json"))
    return [json.loads(file.read_text("utf-8")) for file in files]


def spans_of(labels: list[dict[str, Any]]) -> Counter[tuple[int, int, str]]:
    return Counter((item["start"], item["end"], item["text"]) for item in labels)


def keys_of(spans: list[Span]) -> Counter[tuple[int, int, str]]:
    return Counter((span.start, span.end, span.text) for span in spans)


@pytest.mark.shared
@pytest.mark.parametrize("folder", ["seer_dev", "polnear_dev", "polnear_fit"])
def test_every_labelled_quote_is_read(folder: str) -> None:
    sources, found = contents(folder), read_gold(DATA / folder)
    assert [a.doc.id for a in found] == [source["id"] for source in sources]
    for source, got in zip(sources, found, strict=True):
        fragments = [part for q in source["quotes"] for part in q["fragments"]]
        assert keys_of([s for q in got.quotes for s in q.spans]) == spans_of(fragments)
        kinds = [q["type"] for q in source["quotes"]]
        assert [q.kind for q in got.quotes] == kinds
        speakers = [q["speaker"] for q in source["quotes"] if q["speaker"]]
        placed = [speaker for speaker in speakers if speaker["start"] is not None]
        mentions = [q.speaker_mention for q in got.quotes if q.speaker_mention]
        assert keys_of(mentions) == spans_of(placed)
        cues = [q["cue"] for q in source["quotes"] if q["cue"]]
        assert keys_of([q.cue for q in got.quotes if q.cue]) == spans_of(cues)
        named = sum("name" in speaker for speaker in speakers)
        assert sum(q.speaker is not None for q in got.quotes) == named


@pytest.mark.shared
def test_every_named_speaker_of_the_data_has_one_entity() -> None:
    for got in read_gold(DATA / "seer_dev"):
        assert {q.speaker for q in got.quotes} == {e.id for e in got.entities}
        names = [entity.name.casefold() for entity in got.entities]
        assert len(set(names)) == len(names)


@pytest.mark.shared
def test_every_annotator_of_the_data_is_read() -> None:
    sources = contents("polnear_iaa")
    found = read_annotators(DATA / "polnear_iaa")
    want = Counter(
        {
            (source["id"], name): len(labels)
            for source in sources
            for name, labels in source["annotators"].items()
        }
    )
    got = Counter(
        {(a.doc.id, name): len(a.quotes) for name, many in found.items() for a in many}
    )
    assert got == want
    assert not any(
        q.optional for many in found.values() for a in many for q in a.quotes
    )


@pytest.mark.shared
@pytest.mark.parametrize("folder", ["wikievents_dev", "muc4_dev"])
def test_every_labelled_event_is_read(folder: str) -> None:
    sources, found = contents(folder), read_gold(DATA / folder)
    for source, got in zip(sources, found, strict=True):
        triggers = [e["trigger"] for e in source["events"] if e["trigger"]]
        assert keys_of([e.trigger for e in got.events if e.trigger]) == spans_of(
            triggers
        )
        assert len(got.events) == len(source["events"])
        for event, read_as in zip(source["events"], got.events, strict=True):
            mentions = {
                (m["start"], m["end"])
                for argument in event["arguments"]
                for m in (argument, *argument.get("other_mentions", []))
            }
            spans = [s for a in read_as.arguments for s in a.mentions] + read_as.place
            assert {(span.start, span.end) for span in spans} == mentions
            places = [a for a in event["arguments"] if a["role"] == "Place"]
            assert len(read_as.arguments) == len(event["arguments"]) - len(places)
