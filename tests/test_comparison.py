import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from extractor.cli.compare import compare as compare_command
from extractor.errors import RunError, UsageError
from extractor.evaluation.comparison import Comparison, RunRef, compare, read_run
from extractor.evaluation.gold import Layer
from extractor.evaluation.manifest import SCORER_VERSION
from extractor.evaluation.runs.folder import META, SCORES
from extractor.evaluation.runs.records import Meta, dump
from extractor.evaluation.scoring.article import ArticleScores
from extractor.evaluation.scoring.outcomes import (
    LayerScores,
    Outcome,
    Status,
    count_muc,
)
from extractor.evaluation.scoring.summary import Scores, summarise
from extractor.evaluation.statistics import Counts, holm
from extractor.schema import Span

HOSTILE = "a|b `c` ``d`` @everyone <script>x</script>\n</details> \x1b[31m \ud800 &amp;"

STATUS: Mapping[str, Status] = {
    "correct": "correct",
    "optional": "ignored",
    "boundary": "partial",
    "speaker": "incorrect",
    "kind": "incorrect",
    "missed": "missed",
    "spurious": "spurious",
}


def outcome(
    error: str,
    id_: str,
    *,
    start: int = 0,
    text: str = "the wall broke",
    slices: Sequence[str] = ("direct",),
    layer: Layer = "quotes",
) -> Outcome:
    """The fate of one item; its class says which sides it has."""
    status = STATUS[error.partition(".")[0]]
    span = Span(start=start, end=start + len(text), text=text)
    is_gold, is_found = status != "spurious", status != "missed"
    return Outcome(
        layer=layer,
        status=status,
        error=error,
        gold=id_ if is_gold else None,
        predicted=id_ if is_found else None,
        gold_spans=[span] if is_gold else [],
        predicted_spans=[span] if is_found else [],
        slices=list(slices),
    )


def layer_scores(outcomes: Sequence[Outcome]) -> LayerScores:
    """Counts as the scorer of quotes makes them: `joint` wants the right speaker."""

    def counts(some: Sequence[Outcome]) -> dict[str, Counts]:
        gold = sum(o.gold is not None for o in some)
        found = sum(o.predicted is not None for o in some)
        paired = [o for o in some if o.gold and o.predicted]
        joint = sum(not o.error.startswith("speaker") for o in paired)
        return {
            "joint": Counts(joint, gold, found),
            "iou50": Counts(len(paired), gold, found),
        }

    measures = counts(outcomes)
    for name in {name for o in outcomes for name in o.slices}:
        part = counts([o for o in outcomes if name in o.slices])
        measures |= {f"{key}/{name}": value for key, value in part.items()}
    return LayerScores(
        measures=measures, muc=count_muc(outcomes), outcomes=list(outcomes)
    )


def scores(articles: Mapping[str, Sequence[Outcome]]) -> Scores:
    return summarise(
        [
            ArticleScores(article=name, layers={"quotes": layer_scores(outcomes)})
            for name, outcomes in articles.items()
        ]
    )


def uniform(
    articles: int, right: int, wrong: int, error: str = "speaker.other"
) -> Scores:
    """Articles that are all alike."""
    classes = ["correct"] * right + [error] * wrong
    return scores(
        {
            f"a{number:02}": [
                outcome(name, f"q{place}", start=20 * place)
                for place, name in enumerate(classes)
            ]
            for number in range(articles)
        }
    )


def with_measure(
    scored: Scores, layer: Layer, name: str, counts: Callable[[int], Counts]
) -> Scores:
    """The scores with one more measure; its counts by the article's number."""
    articles = []
    for number, article in enumerate(scored.articles):
        own = article.layers.get(layer, LayerScores())
        own = own.model_copy(update={"measures": own.measures | {name: counts(number)}})
        articles.append(
            article.model_copy(update={"layers": article.layers | {layer: own}})
        )
    return summarise(articles)


def fates(comparison: Comparison) -> list[tuple[str, str]]:
    return [(item.change, item.name) for item in comparison.items]


# Items


def test_items_are_told_apart_by_what_became_of_them() -> None:
    before = [
        outcome("correct", "q1"),
        outcome("missed", "q2"),
        outcome("speaker.other", "q3"),
        outcome("missed", "q4"),
        outcome("correct", "q5"),
    ]
    after = [
        outcome("missed", "q1"),
        outcome("correct", "q2"),
        outcome("boundary.truncated", "q3"),
        outcome("missed", "q4"),
        outcome("correct", "q5"),
    ]
    found = compare(scores({"harbour": before}), scores({"harbour": after}))
    assert fates(found) == [
        ("broken", "harbour/q1"),
        ("changed", "harbour/q3"),
        ("fixed", "harbour/q2"),
        ("wrong", "harbour/q4"),
    ]
    assert found.items[1].classes == ("speaker.other", "boundary.truncated")
    assert [found.count(c) for c in ("broken", "changed", "fixed", "wrong")] == [1] * 4


def test_spurious_items_are_known_by_their_place_not_by_their_id() -> None:
    before = [
        outcome("spurious.other", "q1", start=0),
        outcome("spurious.other", "q2", start=50),
    ]
    after = [
        outcome("spurious.other", "q1", start=50),
        outcome("spurious.scare", "q2", start=99),
    ]
    found = compare(scores({"a": before}), scores({"a": after}))
    assert {(i.change, i.text, i.classes) for i in found.items} == {
        ("broken", "the wall broke", ("absent", "spurious.scare")),
        ("fixed", "the wall broke", ("spurious.other", "absent")),
        ("wrong", "the wall broke", ("spurious.other", "spurious.other")),
    }
    fixed = next(item for item in found.items if item.change == "fixed")
    assert fixed.outcome.predicted_spans[0].start == 0
    assert {item.name for item in found.items} == {"a/+q1", "a/+q2"}


def test_items_found_twice_at_one_place_are_paired_once_each() -> None:
    twice = [outcome("spurious.other", "q1"), outcome("spurious.other", "q2")]
    found = compare(scores({"a": twice}), scores({"a": twice[:1]}))
    assert sorted(item.change for item in found.items) == ["fixed", "wrong"]


def test_the_gravest_broken_item_comes_first_and_what_must_pass_before_it() -> None:
    ids = ["q1", "q2", "q3", "q4"]
    before = [outcome("correct", name) for name in ids]
    after = [
        outcome("boundary.shifted", "q1"),
        outcome("missed", "q2"),
        outcome("kind", "q3"),
        outcome("boundary.shifted", "q4"),
    ]
    base, new = scores({"a": before}), scores({"a": after})
    assert [i.id for i in compare(base, new).items] == ["q2", "q3", "q1", "q4"]
    found = compare(base, new, must_pass=["q4"])
    assert [i.id for i in found.items] == ["q4", "q2", "q3", "q1"]


def test_optional_items_neither_break_nor_mend() -> None:
    before = [outcome("optional", "q1"), outcome("correct", "q2")]
    after = [outcome("optional", "q1"), outcome("correct", "q2")]
    assert not compare(scores({"a": before}), scores({"a": after})).items


def test_a_run_asked_more_often_gives_no_items_of_its_own() -> None:
    once = [outcome("correct", "q1")]
    thrice = [*once, outcome("missed", "q1"), outcome("missed", "q1")]
    assert not compare(scores({"a": once}), scores({"a": thrice})).items
    assert not compare(scores({"a": thrice}), scores({"a": once})).items
    found = compare(scores({"a": once * 3}), scores({"a": thrice}))
    assert [item.change for item in found.items] == ["broken", "broken"]


# The verdict


def test_a_run_is_no_worse_than_itself() -> None:
    base = uniform(8, 3, 1)
    found = compare(base, base)
    assert found.decision.verdict == "pass"
    assert found.exit_code == 0
    assert {item.change for item in found.items} == {"wrong"}
    assert all(f.difference.estimate == 0 for f in found.figures)


def test_a_run_that_is_worse_everywhere_is_a_regression() -> None:
    found = compare(uniform(12, 4, 0), uniform(12, 2, 2))
    assert found.exit_code == 2
    assert found.figures[0].direction == "loss"
    assert compare(uniform(12, 2, 2), uniform(12, 4, 0)).exit_code == 0


def test_few_articles_leave_it_open() -> None:
    found = compare(uniform(4, 4, 0), uniform(4, 2, 2))
    assert found.exit_code == 3
    assert found.decision.articles_needed
    assert "too few" in found.decision.sentence


def test_the_margin_decides_what_is_put_up_with() -> None:
    """Eight articles, one of them worse by a quarter of its quotes."""
    before = uniform(8, 4, 0)
    worse = [outcome("correct", f"q{k}") for k in range(3)]
    articles = {a.article: a.layers["quotes"].outcomes for a in before.articles}
    after = scores({**articles, "a00": [*worse, outcome("speaker.other", "q3")]})
    assert compare(before, after, margin=0.05).exit_code == 3
    assert compare(before, after, margin=0.2).exit_code == 0
    with pytest.raises(UsageError, match="margin"):
        compare(before, after, margin=0)


@pytest.mark.parametrize("name", ["q0", "a03/q0", "a03/quotes/q0"])
def test_an_item_that_must_pass_fails_the_run_whatever_the_figures(name: str) -> None:
    def run(error: str) -> Scores:
        others = {f"b{k}": [outcome("correct", "p1")] for k in range(9)}
        return scores({"a03": [outcome(error, "q0")], **others})

    base, new = run("correct"), run("missed")
    assert compare(base, new, margin=0.5).exit_code == 0
    found = compare(base, new, margin=0.5, must_pass=[name])
    assert found.exit_code == 2
    assert "a03/q0" in found.decision.sentence
    assert compare(new, new, margin=0.5, must_pass=[name]).exit_code == 0


def test_a_label_with_the_tag_must_pass() -> None:
    def run(error: str) -> Scores:
        tagged = outcome(error, "q1", slices=["direct", "must_pass"])
        return scores({"a": [tagged], **{f"b{k}": [tagged] for k in range(8)}})

    base = run("correct")
    broken = compare(base, run("boundary.shifted"), margin=0.5)
    assert broken.exit_code == 2
    assert len(broken.must_pass) == 9


def test_must_pass_wants_the_name_of_one_labelled_item() -> None:
    base = scores(
        {
            "a": [outcome("correct", "q1")],
            "b": [outcome("correct", "q1"), outcome("spurious.other", "x")],
        }
    )
    with pytest.raises(UsageError, match=r"2 items are called 'q1'.*a/quotes/q1"):
        compare(base, base, must_pass=["q1"])
    with pytest.raises(UsageError, match=r"No labelled item is called 'x'"):
        compare(base, base, must_pass=["x"])
    assert compare(base, base, must_pass=["b/q1"]).must_pass[0].name == "b/q1"


# What cannot be compared


def test_runs_on_different_gold_are_refused() -> None:
    base = uniform(8, 3, 1)
    refs = RunRef(name="one", gold_hash="aa"), RunRef(name="two", gold_hash="bb")
    found = compare(base, base, base_run=refs[0], new_run=refs[1])
    assert found.exit_code == 4
    assert "different gold" in found.decision.sentence
    same = compare(base, base, base_run=refs[0], new_run=refs[0])
    assert same.exit_code == 0


def test_scores_of_different_scorers_are_refused() -> None:
    base = uniform(8, 3, 1)
    new = base.model_copy(update={"scorer_version": SCORER_VERSION + 1})
    found = compare(base, new)
    assert found.exit_code == 4
    assert "scorer" in found.decision.sentence


def test_other_articles_are_refused_and_named() -> None:
    found = compare(uniform(7, 3, 1), uniform(8, 3, 1))
    assert found.exit_code == 4
    assert "a07 is in one of them alone" in found.decision.sentence


def test_a_layer_scored_in_one_run_alone_is_refused() -> None:
    base = uniform(8, 3, 1)
    bare = [a.model_copy(update={"layers": {}}) for a in base.articles[:2]]
    new = base.model_copy(update={"articles": [*bare, *base.articles[2:]]})
    found = compare(base, new)
    assert found.exit_code == 4
    assert "the quotes of a00, a01 are scored in one" in found.decision.sentence


def test_an_unknown_measure_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match=r"'quotes.joy'.*quotes.joint"):
        compare(uniform(6, 1, 1), uniform(6, 1, 1), metric="quotes.joy")


# Figures


def test_the_other_measures_have_p_values_raised_for_their_number() -> None:
    base = uniform(12, 3, 1, "missed")
    new = uniform(12, 1, 3, "missed")
    found = compare(
        with_measure(base, "claims", "coverage", lambda k: Counts(1, 3, 3)),
        with_measure(new, "claims", "coverage", lambda k: Counts(k % 3, 3, 3)),
    )
    gate, *others = found.figures
    assert gate.name == "quotes.joint"
    assert gate.p_adjusted is None
    assert gate.p == gate.difference.p
    assert {f.name for f in others} == {"quotes.iou50", "claims.coverage"}
    raw = [f.difference.p for f in others]
    assert [f.p_adjusted for f in others] == holm([p for p in raw if p is not None])


def test_a_difference_is_new_less_base() -> None:
    found = compare(uniform(8, 4, 0), uniform(8, 3, 1))
    gate = found.figures[0]
    assert (gate.base, gate.new) == (1, 0.75)
    assert gate.difference.estimate == pytest.approx(-0.25)


def test_slices_are_given_without_a_test() -> None:
    found = compare(uniform(8, 4, 0), uniform(8, 3, 1))
    assert [f.name for f in found.slices] == ["quotes.joint/direct"]
    assert found.slices[0].difference.estimate == pytest.approx(-0.25)
    assert found.slices[0].p is None
    assert found.slices[0].direction == ""


def test_a_slice_can_decide() -> None:
    found = compare(uniform(12, 4, 0), uniform(12, 2, 2), metric="quotes.joint/direct")
    assert found.exit_code == 2
    assert found.figures[0].name == "quotes.joint/direct"
    assert "quotes.joint" in {f.name for f in found.figures[1:]}


def test_articles_are_listed_from_the_greatest_loss_on() -> None:
    right, wrong = outcome("correct", "q1"), outcome("speaker.other", "q1")
    base = scores({"gain": [wrong], "loss": [right], "same": [right], "none": []})
    new = scores({"gain": [right], "loss": [wrong], "same": [right], "none": []})
    found = compare(base, new).articles
    assert [a.article for a in found] == ["loss", "same", "gain", "none"]
    assert [a.delta for a in found] == [-1, 0, 1, None]
    assert [(a.broken, a.fixed) for a in found] == [(1, 0), (0, 0), (0, 1), (0, 0)]


# Forms to read


@pytest.fixture(scope="module")
def hostile() -> Comparison:
    def run(error: str) -> Scores:
        ours = outcome(error, "q`|1", text=HOSTILE, slices=["<b>tag</b>"])
        found = outcome("spurious.other", "p9", text=HOSTILE, start=200)
        spare = [found] if error == "missed" else []
        return scores({f"a|{k}<i>": [ours, *spare] for k in range(8)})

    refs = [RunRef(name="<b>`|@x", model="m|<i>", gold_hash="ab") for _ in range(2)]
    return compare(
        run("correct"),
        run("missed"),
        base_run=refs[0],
        new_run=refs[1],
        must_pass=["a|3<i>/q`|1"],
    )


def test_markdown_holds_what_is_foreign_in_code_spans(hostile: Comparison) -> None:
    text = hostile.to_markdown()
    outside = re.sub(r"(?<!\\)(`+)(?!`).*?(?<!`)\1(?!`)", "", text)
    for word in ("everyone", "<script", "@x", "<b>", "\x1b"):
        assert word not in outside, word
    assert not re.search(r"(?<!\\)<i>", outside)
    assert outside.count("</details>") == 1
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert rows
    for row in rows:
        assert len(re.findall(r"(?<!\\)\|", row)) in (6, 7), row


def test_markdown_names_verdict_figures_and_broken_items() -> None:
    text = compare(uniform(12, 4, 0), uniform(12, 2, 2)).to_markdown()
    assert text.startswith("### `quotes.joint`: ❌ regression\n")
    assert "| **`quotes.joint`** | 1.000 | .500 | −.500 |" in text
    assert "24 broken, 0 fixed" in text
    assert "and 4 more." in text
    assert text.count("| `correct` | `speaker.other` |") == 20


def test_junit_fails_where_the_comparison_does(hostile: Comparison) -> None:
    suite = ElementTree.fromstring(hostile.to_junit()).find("testsuite")
    assert suite is not None
    cases = suite.findall("testcase")
    failed = [case.get("name") for case in cases if case.find("failure") is not None]
    assert failed == ["quotes.joint", "a|3<i>/q`|1"]
    assert suite.get("failures") == "2"
    assert suite.get("tests") == str(len(cases))
    failure = cases[-1].find("failure")
    assert failure is not None
    assert "<script>x</script>" in (failure.text or "")


@pytest.mark.parametrize(
    ("base", "new", "tag"),
    [
        (uniform(8, 3, 1), uniform(8, 3, 1), None),
        (uniform(12, 4, 0), uniform(12, 2, 2), "failure"),
        (uniform(4, 4, 0), uniform(4, 2, 2), "skipped"),
        (uniform(4, 4, 0), uniform(5, 4, 0), "error"),
    ],
    ids=["pass", "regression", "inconclusive", "incomparable"],
)
def test_junit_of_each_verdict(base: Scores, new: Scores, tag: str | None) -> None:
    case = ElementTree.fromstring(compare(base, new).to_junit()).find(".//testcase")
    assert case is not None
    tags = {child.tag for child in case} - {"system-out"}
    assert tags == ({tag} if tag else set())


def test_junit_skips_a_measure_that_is_worse_but_does_not_decide() -> None:
    base, new = uniform(12, 4, 0), uniform(12, 2, 2, "missed")
    found = compare(
        with_measure(base, "quotes", "steady", lambda k: Counts(4, 4, 4)),
        with_measure(new, "quotes", "steady", lambda k: Counts(4, 4, 4)),
        metric="quotes.steady",
    )
    assert found.exit_code == 0
    suite = ElementTree.fromstring(found.to_junit()).find("testsuite")
    assert suite is not None
    assert (suite.get("failures"), suite.get("skipped")) == ("0", "2")


def test_the_listing_keeps_to_its_width_and_steers_no_terminal(
    hostile: Comparison,
) -> None:
    text = hostile.table(width=100)
    assert max(map(len, text.splitlines())) <= 100
    assert "\x1b" not in text
    assert "REGRESSION" in text
    assert "a|3<i>/q`|1 (must pass)" in text
    assert "\x1b[" in hostile.table(color=True)


def test_a_notebook_shows_verdict_and_figures_escaped(hostile: Comparison) -> None:
    html = hostile._repr_html_()
    assert "regression" in html
    assert "quotes.joint" in html
    assert "<script" not in html
    assert "<i>" not in html


def test_forms_of_what_cannot_be_compared() -> None:
    found = compare(uniform(4, 4, 0), uniform(5, 4, 0))
    forms = found.to_markdown(), found.table(), found._repr_html_(), found.to_html()
    assert all("cannot be compared" in form for form in forms)


# Run folders and the command


def write_run(folder: Path, scored: Scores | None, gold_hash: str = "aa") -> Path:
    folder.mkdir(exist_ok=True)
    meta = Meta(
        model="rules",
        endpoint="rules",
        tasks=["quotes"],
        package="1",
        source="s",
        gold_hash=gold_hash,
        inputs_hash="i",
        articles=["a00"],
    )
    (folder / META).write_bytes(dump(meta))
    if scored:
        (folder / SCORES).write_bytes(dump(scored))
    return folder


def run(*args: str | Path) -> Result:
    result = CliRunner().invoke(compare_command, [str(arg) for arg in args])
    assert "Traceback" not in result.output
    return result


def test_a_run_folder_gives_back_its_scores(tmp_path: Path) -> None:
    scored = scores({"a00": [outcome("correct", "q1", text=HOSTILE)]})
    ref, found = read_run(write_run(tmp_path / "mini", scored))
    assert found == scored
    assert ref == RunRef(name="mini", model="rules", gold_hash="aa")


def test_folders_without_scores_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="no run folder"):
        read_run(tmp_path)
    folder = write_run(tmp_path / "unscored", None)
    with pytest.raises(RunError, match="extractor eval score"):
        read_run(folder)
    (folder / SCORES).write_text("{}")
    with pytest.raises(RunError, match="damaged"):
        read_run(folder)


@pytest.mark.parametrize(
    ("base", "new", "code"),
    [
        (uniform(8, 3, 1), uniform(8, 3, 1), 0),
        (uniform(12, 4, 0), uniform(12, 2, 2), 2),
        (uniform(4, 4, 0), uniform(4, 2, 2), 3),
        (uniform(4, 4, 0), uniform(5, 4, 0), 4),
    ],
    ids=["pass", "regression", "inconclusive", "incomparable"],
)
def test_the_command_ends_with_the_code_of_the_verdict(
    tmp_path: Path, base: Scores, new: Scores, code: int
) -> None:
    first, second = write_run(tmp_path / "b", base), write_run(tmp_path / "n", new)
    forms = {name: tmp_path / f"c.{name}" for name in ("html", "markdown", "junit")}
    options = [arg for name, file in forms.items() for arg in (f"--{name}", file)]
    result = run(first, second, *options)
    assert result.exit_code == code
    compared = compare(
        base, new, base_run=read_run(first)[0], new_run=read_run(second)[0]
    )
    assert result.stdout == compared.table()
    assert forms["html"].read_text("utf-8") == compared.to_html()
    assert forms["markdown"].read_text("utf-8") == compared.to_markdown()
    assert forms["junit"].read_text("utf-8") == compared.to_junit()


@pytest.mark.parametrize(
    "args",
    [
        ["b"],
        ["b", "nowhere"],
        ["b", "b", "--metric", "quotes.joy"],
        ["b", "b", "--margin", "much"],
        ["b", "b", "--margin", "0"],
        ["b", "b", "--must-pass", "q99"],
        ["b", "b", "--html", "nowhere/c.html"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_not_taken_for_a_regression(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write_run(tmp_path / "b", uniform(8, 3, 1))
    result = run(*args)
    assert result.exit_code == 1
    assert result.stdout == ""
