"""Progress bars of the library."""

import io

import pytest
from rich.console import Console

import extractor
from extractor.bars import follower, new_bars
from extractor.questions import Progress


def test_each_task_has_a_bar_of_its_own() -> None:
    bars = new_bars(Console(file=io.StringIO()))
    follow = follower(bars)
    for done in (1, 2):
        follow(Progress("quotes", done, 3))
    follow(Progress("claims", 4, 4))
    shown = [(row.description, row.completed, row.total) for row in bars.tasks]
    assert shown == [("quotes", 2, 3), ("claims", 4, 4)]
    assert bars.tasks[0].fields["count"] == "2/3"


def test_bars_go_to_standard_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    with extractor.progress_bars() as follow:
        follow(Progress("quotes", 1, 2))
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "quotes" in shown.err


def test_an_extraction_can_be_followed() -> None:
    with (
        extractor.progress_bars() as follow,
        extractor.Extractor("rules", on_progress=follow) as ex,
    ):
        assert ex.extract("“It rained,” said Maren Tolk.").quotes
