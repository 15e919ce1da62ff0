"""The index of many pages, and the folder they are written to."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from attacks import ATTACKS
from chromium import Chromium, Tab
from extractions import hostile, wall

from extractor.documents import make_document
from extractor.errors import UsageError
from extractor.report import INDEX, write_pages
from extractor.report.index import describe, render_index
from extractor.schema import Extraction, Provenance

HITS = (
    "[...document.querySelectorAll('#page-{} li a[href*=\"#{}-\"]')]"
    ".map(a => [a.textContent, a.getAttribute('href')])"
)
ARTICLES = (
    "[...document.querySelectorAll('#page-articles tbody tr')]"
    ".filter(r => r.checkVisibility()).map(r => r.querySelector('a').textContent)"
)


def quiet() -> Extraction:
    doc = make_document("It rained.", title="Ráin", published="2024-06-01")
    return Extraction(
        document=doc, provenance=Provenance(model="rules", endpoint="rules")
    )


def test_a_folder_has_a_page_for_each_and_leads_to_all(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    assert write_pages(folder, iter([wall(), quiet(), wall()]), ["Line 4 failed."]) == 3
    names = ["0001.html", "0002.html", "0003.html", INDEX]
    assert sorted(path.name for path in folder.iterdir()) == names
    index = (folder / INDEX).read_text("utf-8")
    assert re.findall(r'<th><a href="([^"]*)"', index) == names[:3]
    assert "Line 4 failed." in index
    assert all(
        'href="index.html"' in (folder / n).read_text("utf-8") for n in names[:3]
    )
    assert "page-failures" not in render_index([describe(quiet(), 1)], [])


def test_no_article_names_a_file(tmp_path: Path) -> None:
    write_pages(tmp_path / "pages", map(hostile, ATTACKS))
    names = [path.name for path in (tmp_path / "pages").iterdir()]
    expected = [f"{number:04d}.html" for number in range(1, len(ATTACKS) + 1)]
    assert sorted(names) == [*expected, INDEX]


def test_what_is_in_a_folder_stays(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="no empty folder"):
        write_pages(tmp_path, [wall()])
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_failure_leaves_no_half_folder(tmp_path: Path) -> None:
    def breaking() -> Iterator[Extraction]:
        yield wall()
        raise ValueError

    with pytest.raises(ValueError):
        write_pages(tmp_path / "pages", breaking())
    assert list(tmp_path.iterdir()) == []


# In a browser


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with Chromium(tmp_path_factory.mktemp("profile")) as running:
        yield running


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("news") / "pages"
    write_pages(folder, [wall(), quiet()])
    return folder / INDEX


@pytest.fixture
def tab(browser: Chromium, index: Path) -> Iterator[Tab]:
    opened = browser.open(index)
    yield opened
    opened.close()


def search(tab: Tab, words: str) -> None:
    tab.press("/")
    tab.ask("document.activeElement.select()")
    for key in words:
        tab.press(key)


def test_the_index_lists_articles_and_no_hits_at_first(tab: Tab) -> None:
    assert tab.ask(ARTICLES) == ["Wall falls", "Ráin"]
    assert not tab.ask("document.getElementById('page-claims').checkVisibility()")
    cells = "[...document.querySelector('tbody tr').cells].map(c => c.textContent)"
    row = ["14 May 2024", "45", "4", "2", "3", "2", "3", "2", "2 questions failed"]
    assert tab.ask(cells)[1:] == row


def test_speakers_and_claims_are_found_and_lead_to_their_places(
    browser: Chromium, tab: Tab, index: Path
) -> None:
    search(tab, "tolk")
    assert tab.ask(HITS.format("speakers", "speaker")) == [
        ["Wall falls", "0001.html#speaker-2"]
    ]
    assert tab.ask(HITS.format("claims", "claim")) == [
        ["Letters had gone unanswered.", "0001.html#claim-2"]
    ]
    assert tab.ask(ARTICLES) == []
    page = browser.open(index.parent / "0001.html", hash_="#claim-2")
    assert page.ask("document.querySelector('.item.current').id") == "claim-2"
    page.click(".kicker a")
    page.wait()
    assert page.ask("location.pathname").endswith(INDEX)
    page.close()


def test_accents_and_the_order_of_words_do_not_matter(tab: Tab) -> None:
    search(tab, "rain")
    assert tab.ask(ARTICLES) == ["Ráin"]
    search(tab, "MAYOR nobody")
    assert [hit[0] for hit in tab.ask(HITS.format("claims", "claim"))] == [
        "Nobody wrote to the mayor."
    ]
    search(tab, "zebra")
    assert tab.ask("document.getElementById('page-count').value") == "nothing found"
    tab.press("Escape")
    tab.press("Escape")
    assert len(tab.ask(ARTICLES)) == 2


def test_claims_worth_checking_can_be_listed_alone(tab: Tab) -> None:
    tab.click("[name=worthy]")
    hits = tab.ask(HITS.format("claims", "claim"))
    assert [hit[1] for hit in hits] == [
        "0001.html#claim-1",
        "0001.html#claim-3",
    ]
    tab.reload()
    assert tab.ask(HITS.format("claims", "claim")) == hits


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_in_light_and_dark(tab: Tab, scheme: str) -> None:
    tab.prefer(scheme)
    search(tab, "wall")
    tab.wait()
    assert tab.poor_contrast() == []


def test_many_hits_are_cut_and_told(browser: Chromium, tmp_path: Path) -> None:
    entries = [describe(wall(), number) for number in range(1, 60)]
    (tmp_path / INDEX).write_text(render_index(entries, []), "utf-8")
    tab = browser.open(tmp_path / INDEX)
    search(tab, "the")
    assert tab.ask("document.querySelectorAll('#page-claims li').length") == 101
    last = tab.ask("document.querySelector('#page-claims li:last-child').textContent")
    assert last.startswith("and 18 more")
    tab.close()


@pytest.mark.parametrize("policy", [True, False], ids=["policy", "escaping alone"])
def test_nothing_in_an_index_runs_or_breaks(
    browser: Chromium, tmp_path: Path, policy: bool
) -> None:
    entries = [describe(hostile(attack), n) for n, attack in enumerate(ATTACKS, 1)]
    content = render_index(entries, list(ATTACKS))
    data = re.findall(r'id="page-data">(.*?)</script>', content)
    assert len(json.loads(data[0])["claims"]) == len(ATTACKS)
    if not policy:
        content = re.sub(r"<meta http-equiv[^>]*>", "", content, count=1)
    (tmp_path / INDEX).write_text(content, "utf-8")
    tab = browser.open(tmp_path / INDEX)
    tab.click("[name=worthy]")
    search(tab, "e")
    assert tab.ask("document.querySelectorAll('#page-claims li').length") > 10
    assert tab.ask("window.hit") is None
    assert tab.ask("document.scripts.length") == 2
    broken = "img, iframe, base, svg, main form, main input, style:not(head *)"
    assert tab.ask(f"document.querySelectorAll('{broken}').length") == 0
    tab.close()
