import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from extractor.cli import main
from extractor.errors import GoldError
from extractor.evaluation.gold import (
    Annotation,
    Entity,
    GoldArgument,
    GoldArticle,
    GoldClaim,
    GoldEvent,
    GoldQuote,
    hash_text,
    make_source,
    read_article,
    write_article,
)
from extractor.evaluation.lint import CODES, check_scorable, lint, mend
from extractor.evaluation.lint.overlap import words_of
from extractor.evaluation.manifest import write_manifest
from extractor.prompting import shared_messages
from extractor.schema import Span
from extractor.segmentation.eventwords import lexicon

PIER = (
    "SORREL BAY - The council closed the pier on Monday after a storm broke two of its "
    "piles.\n\n“We heard the timber crack before midnight,” said engineer Ida Marrow, "
    "who keeps the pier. “Nobody was on it.”\n\nMayor Odo Finch said the repair would "
    "take “most of the summer”. He also called the pier “The Old Lady”, as the town "
    "does.\n"
)
MILL = (
    "A fire in the paper mill of Upper Tarn killed a foreman on Friday, and the mill "
    "was still too hot to enter when the brigade withdrew. Its owner, Runa Vest, said "
    "nothing. “We lost a friend,” a worker told the local radio on Sunday.\n"
)
TOLD = "“We lost a friend,”"


def at(text: str, words: str) -> Span:
    """The span of words that the text has once, marks around them aside."""
    assert text.count(words) == 1
    start = text.index(words)
    return Span(start=start, end=start + len(words), text=words)


def pier(id_: str = "pier", text: str = PIER, **source: str) -> GoldArticle:
    known = {"licence": "CC0-1.0", "language": "en", "split": "dev", **source}
    entities = [
        Entity(id="p1", name="Ida Marrow", aliases=["engineer Ida Marrow"]),
        Entity(id="p2", name="Odo Finch", aliases=["Finch"]),
    ]
    direct = ["We heard the timber crack before midnight,", "Nobody was on it."]
    mixed = "the repair would take “most of the summer”"
    quotes = [
        GoldQuote(
            id="q1",
            kind="direct",
            spans=[at(text, words) for words in direct],
            speaker="p1",
            speaker_mention=at(text, "Ida Marrow"),
        ),
        GoldQuote(
            id="q2",
            kind="mixed",
            spans=[at(text, mixed)],
            speaker="p2",
            speaker_mention=at(text, "Odo Finch"),
        ),
    ]
    storm = GoldEvent(
        id="e1",
        type="Disaster",
        trigger=at(text, "broke"),
        arguments=[GoldArgument(role="agent", mentions=[at(text, "a storm")])],
    )
    closed = at(text, "The council closed the pier on Monday")
    return GoldArticle(
        doc=make_source(id_, text, **known),
        entities=entities,
        quotes=quotes,
        claims=[
            GoldClaim(id="c1", text=closed.text, spans=[closed], claimant="author")
        ],
        events=[storm],
        exempt=[at(text, "The Old Lady")],
        annotation=Annotation(guideline="1.0", annotators=["ann", "ben"]),
        text=text,
    )


def mill(id_: str = "mill", **source: str) -> GoldArticle:
    known = {"licence": "CC0-1.0", "language": "en", "split": "test", **source}
    return GoldArticle(
        doc=make_source(id_, MILL, **known),
        quotes=[GoldQuote(id="q1", kind="direct", spans=[at(MILL, TOLD[1:-1])])],
        annotation=Annotation(guideline="1.0", annotators=["ann", "ben"]),
        text=MILL,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two articles without fault, their guidelines and a prompt."""
    gold = tmp_path / "evals" / "gold"
    write_article(pier(), gold)
    write_article(mill(), gold)
    (tmp_path / "evals" / "GUIDELINES.md").write_text("# Guidelines, version 1.0\n")
    (tmp_path / "prompts").mkdir()
    prompt = "S1 You read one article and answer.\nS2 A fire in the paper mill.\n"
    (tmp_path / "prompts" / "quotes.v1.jinja").write_text(prompt)
    return gold


def prompts_of(folder: Path) -> Path:
    return folder.parents[1] / "prompts"


def found(folder: Path, **options: Any) -> list[tuple[str, str, str]]:
    """Code, file name and item of each finding."""
    findings = lint(folder, prompts=prompts_of(folder), **options)
    assert all(f.code in CODES and f.message and f.remedy for f in findings)
    return [(f.code, Path(f.file).name, f.item) for f in findings]


def edit(change: Callable[[dict[str, Any]], object], file: str = "pier.json") -> Any:
    """A fault: a change of a label file's JSON."""

    def seed(folder: Path) -> None:
        path = folder / file
        content = json.loads(path.read_bytes())
        change(content)
        path.write_text(json.dumps(content), "utf-8")

    return seed


def change_text(folder: Path) -> None:
    """One letter outside every label becomes another."""
    path = folder / "pier.txt"
    path.write_bytes(path.read_bytes().replace(b"SORREL", b"SORRIL"))


def slip(content: dict[str, Any]) -> None:
    for quote in content["quotes"][:2]:
        for key in ("start", "end"):
            quote["spans"][0][key] += 2


def pad(content: dict[str, Any]) -> None:
    span = content["quotes"][1]["speaker_mention"]
    span |= {"end": span["end"] + 1, "text": span["text"] + " "}


def take_in_marks(content: dict[str, Any]) -> None:
    span = content["quotes"][0]["spans"][1]
    span["start"] -= 1
    span["end"] += 1
    span["text"] = f"“{span['text']}”"


def lose_a_mark(content: dict[str, Any]) -> None:
    span = content["quotes"][1]["spans"][0]
    span |= {"end": span["end"] - 1, "text": span["text"][:-1]}


def unmark(content: dict[str, Any]) -> None:
    """What nobody says in quotation marks, as a direct quote."""
    content["quotes"][1]["spans"] = [at(PIER, "the repair").model_dump()]
    content["quotes"][1]["kind"] = "direct"
    content["exempt"].append(at(PIER, "most of the summer").model_dump())


def copy_into_test(folder: Path) -> None:
    write_article(pier("wharf", PIER + "It is old.\n", split="test"), folder)


def leak(folder: Path) -> None:
    path = prompts_of(folder) / "examples.md"
    words = MILL.upper().replace(" ", "\n").replace("E", "E\u00ad")
    path.write_text(f"S1 ... {words}", "utf-8")


FAULTS: list[tuple[str, str, str, Callable[[Path], None]]] = [
    ("E1", "pier.json", "", change_text),
    ("E2", "pier.json", "q1 q2", edit(slip)),
    ("E3", "pier.json", "q2", edit(pad)),
    ("E4", "pier.json", "p1", edit(lambda c: c["entities"][1].update(id="p1"))),
    ("E5", "pier.json", "q1", edit(lambda c: c["quotes"][0].update(speaker="p7"))),
    ("E6", "pier.json", "q1", edit(take_in_marks)),
    ("E6", "pier.json", "q2", edit(lose_a_mark)),
    ("E6", "pier.json", "q2", edit(unmark)),
    ("E7", "pier.json", "q2", edit(lambda c: c["quotes"][1].update(kind="indirect"))),
    ("E8", "pier.json", "q1", edit(lambda c: c["quotes"][0].update(speaker="p2"))),
    ("E9", "pier.json", "e1", edit(lambda c: c["events"][0].update(type="Storm"))),
    (
        "E9",
        "pier.json",
        "e1",
        edit(lambda c: c["events"][0]["arguments"][0].update(role="doer")),
    ),
    ("E10", "pier.json", "", copy_into_test),
    ("E11", "mill.json", "", leak),
    ("E12", "pier.json", "", edit(lambda c: c["annotation"].update(guideline="0.9"))),
    ("E12", "pier.json", "", edit(lambda c: c["annotation"].pop("guideline"))),
]


def test_gold_without_fault_has_no_findings(folder: Path) -> None:
    assert found(folder) == []


@pytest.mark.parametrize(("code", "file", "items", "seed"), FAULTS)
def test_seeded_fault_is_caught_and_nothing_else(
    folder: Path, code: str, file: str, items: str, seed: Callable[[Path], None]
) -> None:
    assert found(folder) == []
    seed(folder)
    expected = [(code, file, item) for item in items.split(" ")]
    # An id that is there twice leaves the other one without an item.
    left = [("E5", file, "q2"), ("E8", file, "q1")] if code == "E4" else []
    assert [f for f in found(folder) if f not in left] == expected


def test_every_error_code_has_a_seeded_fault() -> None:
    assert {code for code, *_ in FAULTS} == {f"E{k}" for k in range(1, 13)}


# Reading what is broken


def test_each_wrong_offset_is_reported_with_the_place_of_its_words(
    folder: Path,
) -> None:
    edit(slip)(folder)
    findings = lint(folder, prompts=prompts_of(folder))
    assert [f.item for f in findings] == ["q1", "q2"]
    start = PIER.index("We heard")
    assert f"set it to {start}.." in findings[0].remedy
    with pytest.raises(GoldError):
        read_article(folder / "pier.json")


def test_span_whose_length_is_wrong_does_not_hide_other_faults(folder: Path) -> None:
    def shorten(content: dict[str, Any]) -> None:
        content["quotes"][0]["spans"][0]["end"] -= 3
        content["events"][0]["trigger"] = {"start": -4, "end": 900, "text": ""}
        content["events"][0]["type"] = "Storm"
        content["claims"][0]["claimant"] = "p9"

    edit(shorten)(folder)
    assert found(folder) == [
        ("E2", "pier.json", "q1"),
        ("E2", "pier.json", "e1"),
        ("E5", "pier.json", "c1"),
        ("E9", "pier.json", "e1"),
    ]


def test_invalid_item_is_named_and_the_others_are_still_checked(folder: Path) -> None:
    def spoil(content: dict[str, Any]) -> None:
        content["entities"][0]["kind"] = "horse"
        content["quotes"][1]["spans"] = "none"
        content["entities"].append({**content["entities"][1], "id": "p3"})
        content["exempt"][0]["start"] = str(content["exempt"][0]["start"])
        content["doc"]["pages"] = 3
        content["events"][0]["type"] = "Storm"
        content["claims"].append(7)
        del content["claims"][0]["id"]

    edit(spoil)(folder)
    results = found(folder)
    assert sorted(r for r in results if r[0] == "E0") == [
        ("E0", "pier.json", ""),
        ("E0", "pier.json", "claims[0]"),
        ("E0", "pier.json", "claims[1]"),
        ("E0", "pier.json", "exempt[0]"),
        ("E0", "pier.json", "p1"),
        ("E0", "pier.json", "q2"),
    ]
    assert ("E4", "pier.json", "p3") in results
    assert ("E9", "pier.json", "e1") in results
    assert "E5" not in {code for code, *_ in results}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[1, 2]",
        b"\xff\xfe{}",
        b'{"schema": "other/1"}',
        b'{"schema": "extractor-gold/1"}',
        b'{"schema": "extractor-gold/1", "doc": 3, "quotes": {"a": 1}}',
        b'{"id": "x", "text": "Wind.", "quotes": [{"fragments": 3}]}',
        b"[" * 100_000,
        None,
    ],
)
def test_unreadable_file_is_one_of_the_findings(
    folder: Path, data: bytes | None
) -> None:
    path = folder / "broken.json"
    path.write_bytes(data) if data is not None else path.mkdir()
    results = found(folder)
    assert {file for _, file, _ in results} == {"broken.json"}
    assert "E0" in {code for code, *_ in results}


def test_missing_text_is_one_finding_not_one_for_each_span(folder: Path) -> None:
    (folder / "pier.txt").unlink()
    write_article(mill(split="dev"), folder)
    (folder / "mill.txt").unlink()
    assert found(folder) == [("E1", "mill.json", ""), ("E1", "pier.json", "")]


@pytest.mark.parametrize("name", ["../gold/pier.txt", "", "pier\0.txt", 7, None])
def test_text_outside_the_folder_is_not_read(folder: Path, name: object) -> None:
    edit(pad)(folder)
    edit(lambda c: c["doc"].update(text_file=name))(folder)
    assert mend(folder) == []
    assert ("E1", "pier.json", "") in found(folder)


def test_folder_without_gold_says_so(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match=r"holds no \*\.json"):
        lint(tmp_path)


# Marks


NESTED = (
    "“The county told us: ‘Wait until June,’ and we waited, because the county said "
    "the money was gone,” the baker said. Her shop, “Crumb”, stayed shut.\n"
)


def nested(kind: str, words: str, *, inside: bool = True) -> GoldArticle:
    outer = NESTED[1 : NESTED.index("” the baker")]
    quotes = [
        GoldQuote(id="q1", kind="direct", spans=[at(NESTED, outer)]),
        GoldQuote.model_validate(
            {
                "id": "q2",
                "kind": kind,
                "spans": [at(NESTED, words)],
                "nested_in": "q1" if inside else None,
            }
        ),
    ]
    annotation = Annotation(guideline="1.0", annotators=["ann"])
    return GoldArticle(
        doc=make_source("nested", NESTED, licence="CC0-1.0", split="dev"),
        quotes=quotes,
        exempt=[at(NESTED, "Crumb")],
        annotation=annotation,
        text=NESTED,
    )


@pytest.mark.parametrize(
    ("article", "expected"),
    [
        (nested("direct", "Wait until June"), []),
        (nested("indirect", "the money was gone"), []),
        (nested("indirect", "the money was gone", inside=False), ["E7"]),
        (nested("direct", "the money was gone"), ["E6"]),
        (nested("indirect", "Wait until June"), ["E7"]),
    ],
)
def test_nested_quote_has_its_own_marks_not_those_around_it(
    tmp_path: Path, article: GoldArticle, expected: list[str]
) -> None:
    write_article(article, tmp_path)
    assert [f.code for f in lint(tmp_path)] == expected


def test_quotation_marks_without_quote_or_exempt_are_a_warning(folder: Path) -> None:
    edit(lambda c: c.pop("exempt"))(folder)
    start = PIER.index("The Old Lady")
    place = f"{start}..{start + len('The Old Lady')}"
    assert found(folder) == [("W1", "pier.json", place)]
    edit(lambda c: c.update(layers=["events"], quotes=[]))(folder)
    assert found(folder) == []


def test_alternative_of_a_quote_accounts_for_its_marks(folder: Path) -> None:
    def move(content: dict[str, Any]) -> None:
        content["quotes"][1]["alternatives"] = [content.pop("exempt")]

    edit(move)(folder)
    assert found(folder) == []


def test_quotation_left_open_lacks_no_mark(tmp_path: Path) -> None:
    text = "Vest said the dam “was never safe, and nobody asked.\n\nThen it rained.\n"
    said = at(text, "the dam “was never safe, and nobody asked")
    article = GoldArticle(
        doc=make_source("dam", text, licence="CC0-1.0", split="dev"),
        quotes=[GoldQuote(id="q1", kind="mixed", spans=[said])],
        annotation=Annotation(guideline="1.0", annotators=["ann"]),
        text=text,
    )
    write_article(article, tmp_path)
    assert lint(tmp_path) == []


# Speakers and events


def test_pronoun_needs_no_alias_and_typography_does_not_count(folder: Path) -> None:
    def rename(content: dict[str, Any]) -> None:
        content["quotes"][1]["speaker_mention"] = at(PIER, "He").model_dump()
        content["entities"][0]["name"] = "The IDA\u00a0MARROW"

    edit(rename)(folder)
    assert found(folder) == []


def test_types_of_the_lexicon_are_on_the_list() -> None:
    from extractor.evaluation.lint import EVENT_TYPES

    entries, _ = lexicon()
    named = {kind for group in entries.values() for e in group for kind in e.types}
    assert named <= set(EVENT_TYPES)


def test_other_types_and_roles_may_be_allowed(folder: Path) -> None:
    edit(lambda c: c["events"][0].update(type="Storm"))(folder)
    assert found(folder, event_types=["Storm"]) == []
    assert found(folder, event_types=(), roles=()) == []
    assert found(folder, event_types=["Storm"], roles=["doer"]) == [
        ("E9", "pier.json", "e1")
    ]


# Links and repeats


def test_quote_nested_in_itself_is_dangling(folder: Path) -> None:
    def loop(content: dict[str, Any]) -> None:
        content["quotes"][0]["nested_in"] = "q2"
        content["quotes"][1]["nested_in"] = "q1"
        span = at(PIER, "two of its piles").model_dump()
        third = {"id": "q3", "kind": "indirect", "spans": [span], "nested_in": "q1"}
        content["quotes"].append(third)

    edit(loop)(folder)
    assert [f for f in found(folder) if f[0] == "E5"] == [
        ("E5", "pier.json", "q1"),
        ("E5", "pier.json", "q2"),
    ]


@pytest.mark.parametrize("layer", ["entities", "quotes", "claims", "events"])
def test_same_item_under_another_id_is_caught(folder: Path, layer: str) -> None:
    def double(content: dict[str, Any]) -> None:
        content[layer].append({**content[layer][0], "id": "x1"})

    edit(double)(folder)
    assert found(folder) == [("E4", "pier.json", "x1")]


def test_incident_without_trigger_is_compared_whole(folder: Path) -> None:
    def add(content: dict[str, Any]) -> None:
        content["events"] = [
            {"id": "e1", "type": "Disaster"},
            {"id": "e2", "type": "Disaster", "status": "planned"},
            {"id": "e3", "type": "Disaster"},
        ]

    edit(add)(folder)
    assert found(folder) == [("E4", "pier.json", "e3")]


def test_article_twice_is_caught_unless_others_labelled_it(folder: Path) -> None:
    copy = write_article(pier(), folder / "copies").read_text("utf-8")
    (folder / "pier2.json").write_text(copy, "utf-8")
    assert found(folder) == [("E4", "pier2.json", "")]
    edit(lambda c: c["annotation"].update(annotators=["cat", "dan"]), "pier2.json")(
        folder
    )
    assert found(folder) == []


def test_same_text_under_another_id_is_caught(folder: Path) -> None:
    write_article(pier("quay"), folder)
    assert found(folder) == [("E4", "quay.json", "")]


# Splits and prompts


def test_article_of_another_folder_is_another_split(
    folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "held-out"
    write_article(pier("pier", PIER.replace("as the town", "as all it")), other)
    assert found(folder, others=[other]) == []
    edit(lambda c: c["doc"].pop("split"))(other)
    assert found(folder, others=[other]) == [("E10", "pier.json", "")]


def test_other_folders_are_not_compared_with_each_other(
    folder: Path, tmp_path: Path
) -> None:
    others = [tmp_path / "one", tmp_path / "two"]
    for other in others:
        write_article(brief("brief", "Rain fell.", split=None), other)
    assert found(folder, others=others) == []


def brief(id_: str, text: str, split: str | None) -> GoldArticle:
    return GoldArticle(
        doc=make_source(id_, text, licence="CC0-1.0", split=split),
        annotation=Annotation(guideline="1.0", annotators=["ann", "ben"]),
        text=text,
    )


@pytest.mark.parametrize(
    ("id_", "text"), [("rain", "Snow fell."), ("wet", "RAIN fell")]
)
def test_same_id_or_same_few_words_in_two_splits_are_caught(
    folder: Path, id_: str, text: str
) -> None:
    other = folder.parent / "held-out"
    write_article(brief("rain", "Rain fell.", split="dev"), folder)
    write_article(brief(id_, text, split="test"), other)
    assert found(folder, others=[other]) == [("E10", "rain.json", "")]


@pytest.mark.parametrize(("more", "expected"), [(0, []), (1, ["E10"])])
def test_articles_that_share_more_than_half_of_their_runs_are_the_same(
    folder: Path, more: int, expected: list[str]
) -> None:
    runs = len(words_of(PIER)) - 12
    assert runs % 2 == 0
    words = words_of(PIER)[: runs // 2 + 12 + more]
    article = GoldArticle(
        doc=make_source("part", " ".join(words), licence="CC0-1.0", split="test"),
        layers=["events"],
        annotation=Annotation(guideline="1.0", annotators=["ann", "ben"]),
        text=" ".join(words),
    )
    write_article(article, folder)
    assert [code for code, *_ in found(folder)] == expected


def test_only_thirteen_words_and_more_are_a_leak(folder: Path) -> None:
    words = MILL.split()
    path = prompts_of(folder) / "quotes.v2.jinja"
    path.write_text("Example: " + " ".join(words[3:15]))
    assert found(folder) == []
    path.write_text("Example: " + " ".join(words[3:16]))
    assert found(folder) == [("E11", "mill.json", "")]


def test_leak_is_seen_through_sentence_labels_and_tags(folder: Path) -> None:
    words = [word.strip(",.") for word in MILL.split()[:14]]
    lines = [f"S{n} {' '.join(words[n : n + 5])}" for n in (0, 5, 10)]
    path = prompts_of(folder) / "quotes.v2.jinja"
    path.write_text("{% if example %}\n" + "\n{% endif %}\n".join(lines))
    assert found(folder) == [("E11", "mill.json", "")]


def test_prompt_may_show_train_and_dev_but_not_what_is_in_no_split(
    folder: Path,
) -> None:
    leak(folder)
    for split in ("train", "dev"):
        write_article(mill(split=split), folder)
        assert found(folder) == []
    edit(lambda c: c["doc"].pop("split"), "mill.json")(folder)
    assert found(folder) == [("E11", "mill.json", "")]


def test_own_prompts_are_those_looked_into(tmp_path: Path) -> None:
    shown = shared_messages()[1]["content"].partition("\n")[2]
    article = GoldArticle(doc=make_source("a", shown), text=shown)
    with pytest.raises(GoldError, match=r"a\.json: the prompt \S+ holds its words"):
        check_scorable([article])


def test_missing_folder_of_prompts_is_named(folder: Path) -> None:
    with pytest.raises(GoldError, match="no folder of prompts"):
        lint(folder, prompts=folder / "nowhere")


# Warnings


def test_test_article_labelled_by_one_person_is_a_warning(folder: Path) -> None:
    edit(lambda c: c["annotation"].update(annotators=["ann", "ann"]), "mill.json")(
        folder
    )
    assert found(folder) == [("W4", "mill.json", "")]


def test_licence_is_needed_and_the_address_of_what_was_published(folder: Path) -> None:
    edit(lambda c: c["doc"].update(licence=None, outlet="Bay News"))(folder)
    assert found(folder) == [("W5", "pier.json", ""), ("W5", "pier.json", "")]
    edit(lambda c: c["doc"].update(licence="CC0-1.0", url="https://bay.example/1"))(
        folder
    )
    assert found(folder) == []


def test_rarer_label_of_the_same_words_is_a_warning(folder: Path) -> None:
    for number, text in enumerate(("A storm broke the mast.", "It broke a window.")):
        trigger = at(text, "broke")
        article = GoldArticle(
            doc=make_source(f"s{number}", text, licence="CC0-1.0", split="dev"),
            events=[GoldEvent(id="e9", type="Other", trigger=trigger)],
            annotation=Annotation(guideline="1.0", annotators=["ann"]),
            text=text,
        )
        write_article(article, folder)
    assert found(folder) == [("W2", "pier.json", "e1")]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((40, 4, 5, 4, 5, 4, 5, 4), ["W3"]),
        ((40, 4, 5, 4, 5, 4, 5), []),
        ((6, 4, 4, 4, 4, 4, 4, 4), []),
    ],
)
def test_article_with_far_more_items_than_enough_others_is_a_warning(
    tmp_path: Path, counts: tuple[int, ...], expected: list[str]
) -> None:
    for number, many in enumerate(counts):
        text = " ".join(f"Ship{number} {n} sank." for n in range(40))
        starts = [i for i in range(len(text)) if text.startswith("sank", i)]
        triggers = [Span(start=i, end=i + 4, text="sank") for i in starts[:many]]
        article = GoldArticle(
            doc=make_source(f"a{number}", text, licence="CC0-1.0", split="dev"),
            layers=["events"],
            events=[
                GoldEvent(id=f"e{n}", type="Disaster", trigger=trigger)
                for n, trigger in enumerate(triggers)
            ],
            annotation=Annotation(guideline="1.0", annotators=["ann"]),
            text=text,
        )
        write_article(article, tmp_path)
    findings = lint(tmp_path)
    assert [f.code for f in findings] == expected
    assert all(f.file == str(tmp_path / "a0.json") for f in findings)


# Mending


def test_mend_sets_spans_whose_words_stand_once_and_says_so(folder: Path) -> None:
    edit(slip)(folder)
    edit(pad)(folder)
    mends = mend(folder)
    assert [(m.code, Path(m.file).name, m.item) for m in mends] == [
        ("E2", "pier.json", "q1"),
        ("E2", "pier.json", "q2"),
        ("E3", "pier.json", "q2"),
    ]
    start = PIER.index("We heard")
    assert f"{start + 2}.." in mends[0].what
    assert f"-> {start}.." in mends[0].what
    assert read_article(folder / "pier.json") == pier()
    assert mend(folder) == []


def test_mend_leaves_words_that_stand_twice_or_inside_others(folder: Path) -> None:
    def slip_more(content: dict[str, Any]) -> None:
        content["exempt"] += [
            {"start": 1, "end": 9, "text": "the pier"},
            {"start": 1, "end": 7, "text": "ouncil"},
            {"start": 1, "end": 7, "text": "counci"},
            {"start": 1, "end": 4, "text": "zzz"},
        ]

    edit(slip_more)(folder)
    before = (folder / "pier.json").read_bytes()
    assert mend(folder) == []
    assert (folder / "pier.json").read_bytes() == before


def test_mend_sets_an_end_where_the_words_begin_at_the_start(folder: Path) -> None:
    start = PIER.rindex("the pier")
    edit(
        lambda c: c["exempt"].append(
            {"start": start, "end": start + 3, "text": "the pier"}
        )
    )(folder)
    assert [m.code for m in mend(folder)] == ["E2"]
    span = json.loads((folder / "pier.json").read_bytes())["exempt"][1]
    assert (span["start"], span["end"]) == (start, start + 8)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text.rstrip("\n"),
    ],
)
def test_mend_restores_a_text_that_only_a_tool_changed(
    folder: Path, spoil: Callable[[str], str]
) -> None:
    path = folder / "pier.txt"
    path.write_bytes(spoil(PIER).encode())
    assert ("E1", "pier.json", "") in found(folder)
    assert [(m.code, m.file) for m in mend(folder)] == [("E1", str(path))]
    assert path.read_bytes() == PIER.encode()
    assert found(folder) == []


def test_mend_touches_no_span_of_a_text_that_was_changed(folder: Path) -> None:
    change_text(folder)
    edit(slip)(folder)
    before = (folder / "pier.json").read_bytes()
    assert mend(folder) == []
    assert (folder / "pier.json").read_bytes() == before


def test_mend_records_length_and_a_missing_hash_of_an_intact_text(
    folder: Path,
) -> None:
    edit(lambda c: c["doc"].pop("characters"))(folder)
    edit(lambda c: c["doc"].update(sha256=""), "mill.json")(folder)
    assert [code for code, *_ in found(folder)] == ["E1", "E1"]
    assert [(m.code, Path(m.file).name) for m in mend(folder)] == [
        ("E1", "mill.json"),
        ("E1", "pier.json"),
    ]
    assert read_article(folder / "mill.json").doc.sha256 == hash_text(MILL)
    assert found(folder) == []


def test_mend_records_no_hash_while_a_span_is_wrong(folder: Path) -> None:
    def spoil(content: dict[str, Any]) -> None:
        content["doc"].pop("sha256")
        content["exempt"][0]["text"] = "The Old Lord"

    edit(spoil)(folder)
    assert [code for code, *_ in found(folder)] == ["E1", "E2"]
    assert mend(folder) == []


def test_mend_writes_what_utf8_cannot_hold_as_an_escape(folder: Path) -> None:
    edit(pad)(folder)
    edit(lambda c: c["quotes"][0].update(note="\ud83d"))(folder)
    assert len(mend(folder)) == 1
    content = json.loads((folder / "pier.json").read_text("utf-8"))
    assert content["quotes"][0]["note"] == "\ud83d"


def test_mend_passes_over_what_it_cannot_read(folder: Path) -> None:
    for name, data in (("a", "["), ("b", "[]"), ("c", '{"doc": {"text_file": 3}}')):
        (folder / f"{name}.json").write_text(data)
    assert mend(folder) == []


def test_character_cut_in_two_is_reported_and_not_mended(tmp_path: Path) -> None:
    text = "Zoe\u0301 Brandt came.\n"
    article = GoldArticle(
        doc=make_source("z", text, licence="CC0-1.0", split="dev"),
        layers=["speakers"],
        entities=[Entity(id="p1", name="Zoe", mentions=[at(text, "Zoe")])],
        annotation=Annotation(guideline="1.0", annotators=["ann"]),
        text=text,
    )
    write_article(article, tmp_path)
    findings = lint(tmp_path)
    assert [(f.code, f.item) for f in findings] == [("E3", "p1")]
    check_scorable([article])
    assert mend(tmp_path) == []


# Scoring


def unchecked(article: GoldArticle, **changes: Any) -> GoldArticle:
    """The article with values that construction would refuse."""
    return article.model_copy(update=changes)


def test_sound_articles_are_scorable() -> None:
    check_scorable([pier(), mill()])


@pytest.mark.parametrize(
    ("articles", "message"),
    [
        ([unchecked(pier(), text="X" + PIER)], r"pier\.json \S+: the text at"),
        ([unchecked(pier(), text="")], r"pier\.json \S+: the text at"),
        ([unchecked(pier(), entities=[])], r"pier\.json q1: speaker refers to 'p1'"),
        ([pier(), pier()], r"pier\.json: pier\.json is article 'pier' as well"),
        ([pier(), pier(split="test")], r"pier\.json: split 'dev' has the same article"),
    ],
)
def test_score_is_refused_with_file_item_and_remedy(
    articles: list[GoldArticle], message: str
) -> None:
    with pytest.raises(GoldError, match=message) as caught:
        check_scorable(articles)
    assert "; " in str(caught.value)


def test_score_is_refused_where_a_prompt_holds_the_test(folder: Path) -> None:
    check_scorable([mill()], prompts_of(folder))
    leak(folder)
    with pytest.raises(GoldError, match=r"mill\.json: the prompt .*examples\.md holds"):
        check_scorable([mill()], prompts_of(folder))


def test_warnings_and_labels_that_change_no_score_are_not_refused() -> None:
    article = pier(licence="", outlet="Bay News")
    check_scorable([unchecked(article, annotation=Annotation())])


# Freeze and command line


def run(*args: str | Path) -> Result:
    result = CliRunner().invoke(main, ["gold", *map(str, args)])
    assert "Traceback" not in result.output
    return result


def test_edit_since_the_freeze_is_an_error(folder: Path) -> None:
    write_manifest(folder)
    assert found(folder) == []
    edit(lambda c: c["quotes"][0].update(note="checked"))(folder)
    (folder / "new.txt").write_text("Rain.")
    assert found(folder) == [("E1", "new.txt", ""), ("E1", "pier.json", "")]


def test_line_names_file_code_item_message_and_remedy(folder: Path) -> None:
    edit(lambda c: c["quotes"][0].update(speaker="p7"))(folder)
    result = run("lint", folder)
    assert result.exit_code == 1
    assert result.stdout == (
        f"{folder}/pier.json: E5 q1: speaker refers to 'p7', and there is no such "
        "entity; add the entity, or mend the id\n"
    )
    assert result.stderr == "errors: 1, warnings: 0\n"


def test_warnings_fail_only_where_they_are_asked_to(folder: Path) -> None:
    assert run("lint", folder, "--strict").exit_code == 0
    edit(lambda c: c["doc"].pop("licence"))(folder)
    assert run("lint", folder).exit_code == 0
    assert run("lint", folder, "--strict").exit_code == 1


def test_fix_shows_what_it_did_and_what_is_left(folder: Path) -> None:
    edit(slip)(folder)
    edit(lambda c: c["events"][0].update(type="Storm"))(folder)
    result = run("lint", folder, "--fix", "-f", "json")
    content = json.loads(result.stdout)
    assert [m["item"] for m in content["mended"]] == ["q1", "q2"]
    assert [(f["code"], f["severity"]) for f in content["findings"]] == [
        ("E9", "error")
    ]
    assert result.exit_code == 1
    assert "mended: 2" in result.stderr
    edit(slip)(folder)
    result = run("lint", folder, "--fix", "--types", "any")
    assert result.exit_code == 0
    assert result.stdout.count(": mended: ") == 2


def test_options_reach_the_checks(folder: Path, tmp_path: Path) -> None:
    leak(folder)
    assert run("lint", folder).exit_code == 0
    assert "E11" in run("lint", folder, "--prompts", prompts_of(folder)).stdout
    other = tmp_path / "held-out"
    write_article(pier(split="test"), other)
    assert "E10" in run("lint", folder, "--against", other).stdout
    assert "E9 e1" in run("lint", folder, "--roles", "doer, helper").stdout


def test_codes_are_listed_without_a_folder() -> None:
    result = run("lint", "--codes")
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.stdout.splitlines()] == list(CODES)


def test_control_characters_of_an_article_do_not_reach_the_terminal(
    folder: Path,
) -> None:
    edit(lambda c: c["events"][0].update(type="\x1b[2J\nStorm"))(folder)
    result = run("lint", folder)
    assert "\x1b" not in result.stdout
    assert result.stdout.count("\n") == 1
