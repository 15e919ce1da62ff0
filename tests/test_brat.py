"""brat stand-off: what is written obeys its rules, what is read is what was meant."""

import re
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from conftest import SHARED
from gold_samples import TEXT, gold_articles, harbour, storm
from hypothesis import given

from extractor.errors import GoldError
from extractor.evaluation.gold import GoldArticle
from extractor.evaluation.interchange import read_gold
from extractor.evaluation.interchange.brat import configuration, read_brat, write_brat
from extractor.evaluation.interchange.brat.syntax import numbered, unnumbered
from extractor.evaluation.interchange.drawing import draw
from extractor.evaluation.interchange.rebuilding import rebuild

LABELS = ("entities", "quotes", "claims", "events", "exempt")


def there_and_back(article: GoldArticle, folder: Path) -> GoldArticle:
    [path] = write_brat([draw(article)], folder)
    check_standoff(path)
    [graph], remarks = read_brat(path)
    back, unused = rebuild(graph, str(path))
    assert [*remarks, *unused] == []
    return back


def check_standoff(path: Path) -> None:
    """Asserts what brat's server asks of a file before it shows it."""
    with path.with_suffix(".txt").open(encoding="utf-8") as file:
        text = file.read()  # with universal line ends, as brat does
    lines = path.read_bytes().decode("utf-8").split("\n")
    assert lines.pop() == ""
    pairs = [line.split("\t", 1) for line in lines]
    ids = [id_ for id_, _ in pairs]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[TERAN#]\d+", id_) for id_ in ids)
    triggers = {}
    for id_, rest in pairs:
        data, _, tail = rest.partition("\t")
        refers: list[str] = []
        match id_[0]:
            case "T":
                check_span(text, data, tail)
            case "E":
                head, *arguments = data.split(" ")
                triggers[head.split(":")[1]] = head.split(":")[0]
                refers = [part.split(":")[1] for part in (head, *arguments)]
                roles = [part.split(":")[0] for part in arguments]
                assert len(set(roles)) == len(roles)
            case "R":
                _, one, other = data.split(" ")
                assert (one[:5], other[:5]) == ("Arg1:", "Arg2:")
                refers = [one[5:], other[5:]]
            case "N":
                kind, target, reference = data.split(" ")
                assert kind == "Reference" and reference.startswith("Entity:")
                refers = [target]
            case _:
                refers = data.split(" ")[1:2]
        assert set(refers) <= set(ids)
        if id_[0] not in "ET":
            assert not set(refers) & set(triggers)
    types = {id_: rest.split(" ")[0] for id_, rest in pairs if id_[0] == "T"}
    assert all(types[trigger] == type_ for trigger, type_ in triggers.items())


def check_span(text: str, data: str, tail: str) -> None:
    _, ranges = data.split(" ", 1)
    spans = [tuple(map(int, pair.split(" "))) for pair in ranges.split(";")]
    assert all(start < end <= len(text) for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    assert tail == " ".join(text[start:end] for start, end in spans)


@pytest.mark.parametrize("article", [harbour(), storm()], ids=["crlf", "lf"])
def test_only_what_the_table_says_is_lost(article: GoldArticle, tmp_path: Path) -> None:
    back = there_and_back(article, tmp_path)
    for name in LABELS[1:]:
        assert getattr(back, name) == getattr(article, name)
    lost = {"kind": "person", "aliases": []}
    assert back.entities[:2] == article.entities[:2]
    assert back.entities[2] == article.entities[2].model_copy(update=lost)
    assert back.text == article.text
    assert back.doc.sha256 == article.doc.sha256
    assert (back.doc.title, back.annotation.annotators) == (None, [])


@given(gold_articles())
def test_no_label_is_lost(article: GoldArticle) -> None:
    with TemporaryDirectory() as folder:
        back = there_and_back(article, Path(folder))
    for name in LABELS:
        assert getattr(back, name) == getattr(article, name)


@pytest.mark.shared
@pytest.mark.parametrize("folder", ["polnear_dev", "wikievents_dev", "muc4_dev"])
def test_no_label_of_the_data_is_lost(folder: str, tmp_path: Path) -> None:
    for article in read_gold(SHARED / "data" / folder):
        back = there_and_back(article, tmp_path)
        for name in LABELS:
            assert getattr(back, name) == getattr(article, name)


def test_a_span_over_a_line_end_is_written_in_parts(tmp_path: Path) -> None:
    [path] = write_brat([draw(harbour())], tmp_path)
    lines = path.read_text("utf-8").split("\n")
    quote = next(line for line in lines if "Nobody" in line)
    _, data, text = quote.split("\t")
    assert data.count(";") == 2
    assert text == "The pier 🦊 is closed, Nobody told us “stay away” before."
    assert path.with_suffix(".txt").read_bytes() == TEXT.encode()


def test_offsets_of_the_untouched_text_are_read_too(tmp_path: Path) -> None:
    at = TEXT.index("denied")
    labels = f"T1\tCue {at} {at + 6}\tdenied\n"
    [graph], _ = read_brat(written(tmp_path, labels, TEXT))
    assert graph.regions[0].spans[0].start == at


def test_what_people_draw_in_brat_is_understood(tmp_path: Path) -> None:
    text = (
        "Ada Quill said: “Go.” She smiled. The board burned the old pier on Monday.\n"
    )
    labels = """\
T1	Person 0 9	Ada Quill
T2	Person 22 25	She
T3	Quote 17 20	Go.
T4	burn 44 50	burned
T5	Organization 38 43	board
T6	Place 63 67	pier
T7	Time 71 77	Monday
T8	Person 0 9	Ada Quill
E1	burn:T4 Agent:T5 Where:T6 When:T7
E2	burn:T4
*	Coreference T1 T2
R1	Speaker Arg1:T2 Arg2:T3
A1	Negated E1
M1	Optional E2
#1	AnnotatorNotes T7	2031-05-05
"""
    path = written(tmp_path, place(labels, text), text)
    [graph], remarks = read_brat(path)
    article, unused = rebuild(graph, "ann")
    assert remarks == []
    assert unused == ["E1 has a value Negated, which means nothing here"]
    ada, board = article.entities
    assert (ada.name, ada.kind) == ("Ada Quill", "person")
    assert [span.text for span in ada.mentions] == ["Ada Quill", "She", "Ada Quill"]
    assert (board.name, board.kind) == ("board", "organization")
    [quote] = article.quotes
    assert (quote.id, quote.kind, quote.speaker) == ("q1", "direct", ada.id)
    assert quote.speaker_mention and quote.speaker_mention.text == "She"
    first, second = article.events
    assert (first.id, second.id, first.type) == ("v1", "v2", "burn")
    assert [(a.role, a.entity) for a in first.arguments] == [("Agent", board.id)]
    assert [span.text for span in first.place] == ["pier"]
    assert first.time and first.time.value == "2031-05-05"
    assert (first.optional, second.optional) == (False, True)


def place(labels: str, text: str) -> str:
    """The lines with the offsets at which their texts first occur."""

    def fit(match: re.Match[str]) -> str:
        start = text.index(match[4])
        return f"{match[1]} {start} {start + len(match[4])}\t{match[4]}"

    return re.sub(r"(?m)^(T\d+\t\S+) (\d+) (\d+)\t(.+)$", fit, labels)


def written(folder: Path, labels: str, text: str) -> Path:
    (folder / "a.txt").write_bytes(text.encode())
    path = folder / "a.ann"
    path.write_bytes(labels.encode())
    return path


def test_the_kind_of_a_quote_comes_from_its_marks_where_nobody_says_it(
    tmp_path: Path,
) -> None:
    text = "She said “go now” and that all was “quite” well.\n"
    labels = place("T1\tQuote 0 1\tgo now\nT2\tQuote 0 1\tthat all was “quite” well\n"
                   "T3\tQuote 0 1\tShe\n", text)  # fmt: skip
    [graph], _ = read_brat(written(tmp_path, labels, text))
    article, _ = rebuild(graph, "ann")
    assert [quote.kind for quote in article.quotes] == ["direct", "mixed", "indirect"]


def test_what_cannot_be_used_is_said(tmp_path: Path) -> None:
    labels = "T1\tGPE 0 5\tFerry\nT2\tCue 6 11\ttalks\nR1\tCue Arg1:T9 Arg2:T2\n"
    [graph], remarks = read_brat(written(tmp_path, labels, TEXT))
    article, unused = rebuild(graph, "ann")
    assert remarks[0].endswith("T1 has the label GPE, which means nothing here")
    assert unused == ["a link Cue leads to nothing", "T2 (Cue) is linked with nothing"]
    assert article.events == []


@pytest.mark.parametrize(
    ("labels", "reason"),
    [
        ("T1\tCue 0 5\tTalks\n", r"line 1 does not fit the text: 'Talks'"),
        ("T1\tCue 0 5\tFerry\nT1\tCue 0 5\tFerry\n", "line 2 uses the id T1 again"),
        ("T1\tCue 0 5 Ferry\n", "line 1 is no line"),
        ("T1 Cue 0 5\tFerry\n", "line 1 is no line"),
        ("X1\tCue 0 5\tFerry\n", "line 1 is no line"),
        ("T1\tCue 5 5\t\n", "line 1: a span ends before it starts"),
        ("T1\tCue 0 9999\t\n", "T1 ends after the text"),
        ("E1\tburn:T1\n", "E1 has no trigger T1"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, labels: str, reason: str) -> None:
    with pytest.raises(GoldError, match=rf"a\.ann.*{reason}"):
        read_brat(written(tmp_path, labels, TEXT))


def test_a_wrong_value_is_named(tmp_path: Path) -> None:
    labels = "T1\tQuote 0 5\tFerry\nA1\tKind T1 spoken\n"
    [graph], _ = read_brat(written(tmp_path, labels, TEXT))
    with pytest.raises(GoldError, match="ann: 'spoken' is no value for kind"):
        rebuild(graph, "ann")


def test_labels_need_their_text(tmp_path: Path) -> None:
    (tmp_path / "a.ann").write_text("", "utf-8")
    with pytest.raises(GoldError, match=r"a\.txt cannot be read"):
        read_brat(tmp_path / "a.ann")


def test_the_configuration_has_every_type_and_role() -> None:
    lines = configuration([draw(harbour())]).split("\n")
    sections = [line for line in lines if line.startswith("[")]
    assert sections == ["[entities]", "[relations]", "[events]", "[attributes]"]
    fine = next(line for line in lines if line.startswith("Justice.Fine\t"))
    assert "Victim*:" in fine and "Agent*:" in fine
    assert "Kind\tArg:<ANY>, Value:direct|indirect|mixed" in lines


@pytest.mark.parametrize(
    "roles", [["A", "A", "B", "A"], ["Arg1", "Arg1"], ["Arg0", "Arg1"], ["A10", "A10"]]
)
def test_repeated_roles_are_numbered_and_read_back(roles: list[str]) -> None:
    written = list(numbered(roles))
    assert len(set(written)) == len(roles)
    assert unnumbered(written) == roles
