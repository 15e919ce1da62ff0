"""The page of an extraction, as a file and in a browser."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from attacks import ATTACKS
from chromium import Chromium, Tab
from extractions import WALL, hostile, wall

from extractor.documents import make_document
from extractor.report import to_fragment, to_html
from extractor.report.characters import visible
from extractor.report.findings import Findings
from extractor.report.page import differences
from extractor.report.timeline import timeline, written
from extractor.schema import Extraction, Provenance, Quote

SHOWN = (
    "[...document.querySelectorAll('#page-findings [data-n]')]"
    ".filter(i => i.checkVisibility()).map(i => i.id)"
)
CURRENT = "document.querySelector('#page-findings .current')?.id"
FOCUSED = "document.activeElement.id || document.activeElement.closest('[data-n]')?.id"
QUOTES = ["quote-1", "quote-3", "quote-4", "quote-2"]
"""In the order of the panel: by speaker, the one not named last."""


# What is listed


def test_speakers_come_in_the_order_of_their_words() -> None:
    people = Findings(wall()).people
    assert [person.anchor for person in people] == ["speaker-2", "speaker-1", "unnamed"]
    assert [q.anchor for person in people for q in person.quotes] == QUOTES


def test_numbers_are_places_in_the_list_of_items() -> None:
    items = Findings(wall()).items
    assert [item.number for item in items] == list(range(len(items)))
    assert len(items) == 15


def test_events_stand_by_date_with_the_day_of_publication() -> None:
    events = Findings(wall()).events
    stops = timeline(events, "2024-05-20")
    assert [(s.written, [e.anchor for e in s.events]) for s in stops] == [
        ("14 May 2024", ["event-2"]),
        ("20 May 2024", []),
        ("June 2024", ["event-1"]),
        ("no date", ["event-3"]),
    ]
    assert [s.is_publication for s in stops] == [False, True, False, False]
    assert timeline(events, "2024-05-14")[0].is_publication
    assert timeline([], "2024-05-14") == []


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("2024", "2024"),
        ("2024-05", "May 2024"),
        ("2024-05-03", "3 May 2024"),
        ("2024-05-03T08:30", "3 May 2024, 08:30"),
        ("2024-22", "summer 2024"),
        ("202X", "2020s"),
        ("2024-05-03/2024-05-09", "3 May 2024 – 9 May 2024"),
        ("2024-05/..", "May 2024 – …"),
        ("2024-13-41", "41 13 2024"),
        ("no date", "no date"),
    ],
)
def test_dates_are_written_as_one_writes_them(value: str, words: str) -> None:
    assert written(value) == words


def test_a_difference_is_told_by_its_sides() -> None:
    assert differences("We {+never+} heard [-it-] there") == [
        ("", "We"),
        ("ins", "never"),
        ("", "heard"),
        ("del", "it"),
        ("", "there"),
    ]


# The file


@pytest.fixture(scope="module")
def html() -> str:
    return to_html(wall())


def test_a_page_asks_for_nothing_else(html: str) -> None:
    assert not re.search(r"@import|url\(|https?:|\ssrc=|<link|\sstyle=", html)
    assert set(re.findall(r'href="(.)', html)) == {"#"}
    policy = unescape(re.findall(r'Content-Security-Policy" content="([^"]*)', html)[0])
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_links_lead_to_places_that_are_there(html: str) -> None:
    ids = re.findall(r'\sid="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]*)"', html)) <= set(ids)


def test_a_page_says_how_it_came_about(html: str) -> None:
    for words in ("llama.cpp 1", "4,200", "quotes.v1", "Cut off. (2 times)", "12.3 s"):
        assert words in html or words.replace(". (", ".</p> (") in html, words
    assert "No date in the article." in html


def test_only_what_was_asked_for_has_a_section() -> None:
    tasks = Provenance.model_validate(
        {"model": "rules", "endpoint": "rules", "tasks": {"claims": {}}}
    )
    page = to_html(wall(speakers=[], quotes=[], claims=[], events=[], provenance=tasks))
    assert "page-claims-title" in page
    assert "page-people-title" not in page and "page-events-title" not in page


def test_a_notebook_shows_the_page_in_a_frame_of_its_own() -> None:
    fragment = wall()._repr_html_()
    assert fragment == to_fragment(wall())
    assert fragment.startswith("<p><b>Wall falls</b>: 4 quotes, 2 speakers, 3 claims")
    (frame,) = re.findall(r"<iframe ([^>]*)>", fragment)
    assert 'sandbox="allow-scripts"' in frame
    (inside,) = re.findall(r'srcdoc="([^"]*)"', frame)
    assert unescape(inside) == to_html(wall())


# In a browser


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with Chromium(tmp_path_factory.mktemp("profile")) as running:
        yield running


@pytest.fixture(scope="module")
def page(html: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(html, "utf-8")
    return path


@pytest.fixture
def tab(browser: Chromium, page: Path) -> Iterator[Tab]:
    opened = browser.open(page)
    yield opened
    opened.close()


def open_page(browser: Chromium, folder: Path, content: str) -> Tab:
    path = folder / "page.html"
    path.write_text(content, "utf-8")
    return browser.open(path)


def choose(tab: Tab, name: str, value: str) -> None:
    tab.ask(
        f"(() => {{ const bar = document.getElementById('page-bar'); "
        f"bar.elements.{name}.value = {value!r}; "
        "bar.dispatchEvent(new InputEvent('input', {bubbles: true})); })()"
    )


def marked(tab: Tab, role: str) -> list[str]:
    """The words that the text has marked so."""
    found: list[str] = tab.ask(
        f"[...document.querySelectorAll('.text .m.{role}')].map(m => m.textContent)"
    )
    return found


def in_view(tab: Tab, selector: str) -> bool:
    found = tab.ask(
        f"(() => {{ const box = document.querySelector({selector!r})"
        ".getClientRects()[0]; "
        "return box.top >= 0 && box.bottom <= innerHeight; })()"
    )
    return bool(found)


def test_the_text_is_that_of_the_article(tab: Tab) -> None:
    words = tab.ask("document.querySelector('.text').textContent")
    assert words.split() == WALL.split()
    assert tab.ask("document.querySelectorAll('.text p').length") == 4


def test_every_finding_has_its_words_marked_and_labelled(tab: Tab) -> None:
    assert "".join(marked(tab, "quote")).startswith("We heard it,Then ‘the sea’")
    assert marked(tab, "cue") == ["said", "said", "said"]
    assert marked(tab, "trigger") == ["broke", "resign", "wrote"]
    assert "".join(marked(tab, "nearest")) == "We heard it"
    labels = tab.ask(
        "[...document.querySelectorAll('.text .tag')].map(t => t.dataset.tag).sort()"
    )
    known = "altered c1 c2 c3 e1 e2 e3 p1 p2 promises1 q1 q2 q3 q4"
    assert labels == known.split()
    names = tab.ask(
        "[...document.querySelectorAll('.tag')].every(t => t.ariaLabel.length > 4)"
    )
    assert names


def test_one_task_is_shown_in_the_panel_and_in_the_text(tab: Tab) -> None:
    tab.click("input[value=events] + span")
    assert tab.ask(SHOWN) == ["event-2", "event-1", "event-3"]
    assert marked(tab, "quote") == []
    assert marked(tab, "trigger") == ["broke", "resign", "wrote"]
    visible_tags = "[...document.querySelectorAll('.text .tag')].filter(t => !t.hidden)"
    assert tab.ask(f"{visible_tags}.map(t => t.dataset.tag)") == ["e2", "e1", "e3"]
    tab.press("Escape")
    assert len(tab.ask(SHOWN)) == 15


def test_a_speaker_has_what_they_say_claim_and_do(tab: Tab) -> None:
    choose(tab, "speaker", "speaker-1")
    assert tab.ask(SHOWN) == ["speaker-1", "quote-4", "claim-3", "event-1", "event-3"]
    choose(tab, "speaker", "author")
    assert tab.ask(SHOWN) == ["claim-1", "event-2", "event-1", "promises-1"]
    choose(tab, "speaker", "unnamed")
    assert tab.ask(SHOWN) == ["quote-2"]


def test_kinds_and_words_filter_too(tab: Tab) -> None:
    choose(tab, "kind", "claims:worth checking")
    assert tab.ask(SHOWN) == ["claim-1", "claim-3"]
    choose(tab, "kind", "events:denied")
    assert tab.ask(SHOWN) == ["event-3"]
    choose(tab, "kind", "all")
    tab.press("/")
    for key in "MAYOR":
        tab.press(key)
    assert tab.ask(SHOWN) == [
        "speaker-1",
        "claim-3",
        "event-1",
        "promises-1",
        "rejected-2",
    ]
    tab.press("Enter")
    assert tab.ask(CURRENT) == "speaker-1"
    choose(tab, "text", "nothing has these words")
    assert tab.ask("document.getElementById('page-none').checkVisibility()")


def test_quotes_keep_their_speakers_as_headings(tab: Tab) -> None:
    choose(tab, "task", "quotes")
    assert tab.ask(SHOWN) == [
        "speaker-2",
        "quote-1",
        "quote-3",
        "speaker-1",
        "quote-4",
        "quote-2",
    ]
    assert tab.ask("document.getElementById('page-count').value") == "4"


def test_a_label_leads_to_its_finding_and_back(tab: Tab) -> None:
    tab.click("#t-claim-2")
    assert tab.ask(CURRENT) == "claim-2"
    assert tab.ask(FOCUSED) == "claim-2"
    current = "document.querySelectorAll('.text .m.current')"
    assert tab.ask(f"[...{current}].map(m => m.textContent).join('')") == (
        "letters had gone unanswered"
    )
    tab.press("Enter")
    assert tab.ask(FOCUSED) == "t-claim-2"
    assert in_view(tab, "#t-claim-2")
    tab.press("Enter")
    assert tab.ask(FOCUSED) == "claim-2"
    assert tab.ask("location.hash") == "#claim-2"


def test_clicks_go_down_through_what_overlaps(tab: Tab) -> None:
    visited = []
    for _ in range(4):
        tab.click(".text .m.claim")
        visited.append(tab.ask(CURRENT))
    assert len(set(visited[:-1])) > 1
    assert visited[-1] in visited[:-1]
    assert set(visited) >= {"claim-2", "quote-3"}


def test_pointing_shows_the_other_side(tab: Tab) -> None:
    hot = "[...document.querySelectorAll('.hot')].map(n => n.id || n.textContent)"

    def over(selector: str) -> None:
        event = "new MouseEvent('mouseover', {bubbles: true})"
        tab.ask(f"document.querySelector({selector!r}).dispatchEvent({event})")

    over("#event-2 .words")
    assert set(tab.ask(hot)) == {
        "event-2",
        "t-event-2",
        "broke",
        "Port Averil",
        "Tuesday",
    }
    over(".text .m.trigger")
    assert {"event-2", "claim-1"} <= set(tab.ask(hot))
    title = tab.ask("document.querySelector('.text .m.trigger').title")
    assert title == "c1, e2"
    over("footer")
    assert tab.ask(hot) == []


def test_keys_walk_by_the_panel_or_by_the_text(tab: Tab) -> None:
    visited = []
    for _ in range(3):
        tab.press("j")
        visited.append(tab.ask(CURRENT))
    assert visited == ["speaker-2", "quote-1", "quote-3"]
    tab.press("ArrowUp")
    assert tab.ask(CURRENT) == "quote-1"
    tab.press("Enter")
    assert tab.ask(FOCUSED) == "t-quote-1"
    tab.press("ArrowDown")
    assert tab.ask(FOCUSED) == "t-rejected-1"
    tab.press("k")
    tab.press("k")
    assert tab.ask(FOCUSED) == "t-event-2"
    assert tab.ask(CURRENT) == "event-2"


def test_the_walk_ends_where_it_began(tab: Tab) -> None:
    shown = tab.ask(SHOWN)
    visited = []
    for _ in shown:
        tab.press("j")
        visited.append(tab.ask(CURRENT))
        assert in_view(tab, "#page-findings .current .tag")
    assert visited == shown
    tab.press("j")
    assert tab.ask(CURRENT) == shown[0]
    tab.press("k")
    assert tab.ask(CURRENT) == shown[-1]


def test_the_tab_key_stops_once_on_either_side(tab: Tab) -> None:
    for _ in range(2):
        tab.press("Tab")
        assert tab.ask("document.activeElement.className") == "skip"
        assert in_view(tab, ".skip:focus")
    stops = []
    for _ in range(10):
        tab.press("Tab")
        stops.append(tab.ask(FOCUSED))
        assert tab.ask("document.activeElement.matches(':focus-visible')")
    assert stops[-2:] == ["t-claim-1", "speaker-2"]
    reachable = "[...document.querySelectorAll('main a')].filter(a => a.tabIndex === 0)"
    assert tab.ask(f"{reachable}.length") == 2
    tab.press("ArrowDown")
    style = "getComputedStyle(document.querySelector('.item.current')).outlineStyle"
    assert tab.ask(style) == "solid"


def test_the_question_mark_explains_the_keys(tab: Tab) -> None:
    tab.press("?")
    assert tab.ask("document.getElementById('page-help').open")
    tab.press("j")
    assert tab.ask(CURRENT) is None
    tab.press("Escape")
    assert not tab.ask("document.getElementById('page-help').open")


def test_the_address_keeps_what_is_shown(browser: Chromium, page: Path) -> None:
    tab = browser.open(page, hash_="#quote-3")
    assert tab.ask(CURRENT) == "quote-3"
    tab.follow("#task=claims&speaker=speaker-1&at=claim-3")
    assert tab.ask(SHOWN) == ["claim-3"]
    tab.reload()
    assert (tab.ask(SHOWN), tab.ask(CURRENT)) == (["claim-3"], "claim-3")
    tab.follow("#t-event-2")
    assert tab.ask(FOCUSED) == "t-event-2"
    tab.ask(
        "new Promise(done => { addEventListener('hashchange', () => done(1)); "
        "history.back(); })"
    )
    assert tab.ask(SHOWN) == ["claim-3"]
    tab.close()


def test_a_link_to_what_is_hidden_shows_it(tab: Tab) -> None:
    choose(tab, "task", "claims")
    tab.click("#claim-2 a[href='#quote-3']")
    assert tab.ask(CURRENT) == "quote-3"
    assert tab.ask("document.getElementById('page-bar').elements.task.value") == "all"


def test_all_is_there_without_scripts(browser: Chromium, page: Path) -> None:
    silent = browser.open(page, scripts=False)
    assert len(silent.ask(SHOWN)) == 15
    assert not silent.ask("document.getElementById('page-bar').checkVisibility()")
    silent.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_in_light_and_dark(tab: Tab, scheme: str) -> None:
    tab.prefer(scheme)
    tab.press("j")
    tab.press("j")
    tab.wait()
    ground = tab.ask("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(255, 255, 255)") == (scheme == "light")
    assert tab.poor_contrast() == []


def test_a_narrow_screen_brings_the_finding_to_its_words(tab: Tab) -> None:
    tab.resize(390, 800)
    tab.wait()
    assert tab.ask("document.documentElement.scrollWidth <= innerWidth")
    tab.click("#t-quote-1")
    tab.wait()
    assert tab.ask(FOCUSED) == "t-quote-1"
    assert in_view(tab, "#t-quote-1") and in_view(tab, "#page-now .line")
    tab.press("j")
    assert tab.ask(CURRENT) == "rejected-1"


def test_paper_has_all_findings_and_no_controls(tab: Tab) -> None:
    choose(tab, "task", "all")
    tab.command("Emulation.setEmulatedMedia", media="print")
    assert not tab.ask("document.getElementById('page-bar').checkVisibility()")
    panel = "getComputedStyle(document.getElementById('page-findings'))"
    assert tab.ask(f"[{panel}.position, {panel}.overflowY]") == ["static", "visible"]
    assert tab.pdf().startswith(b"%PDF")


def test_right_to_left_articles_run_from_the_right(
    browser: Chromium, tmp_path: Path
) -> None:
    words = "دیوار پیش از سپیده‌دم فرو ریخت"
    doc = make_document(f"مارن تولک گفت: «{words}».", language="fa")
    start = doc.text.index(words)
    spans = [{"start": start, "end": start + len(words), "text": words}]
    quote = {"id": "q1", "kind": "direct", "spans": spans, "text": words}
    made = Provenance(model="rules", endpoint="rules")
    found = Extraction(
        document=doc, quotes=[Quote.model_validate(quote)], provenance=made
    )
    tab = open_page(browser, tmp_path, to_html(found))
    style = "getComputedStyle(document.querySelector('.text p')).direction"
    assert tab.ask(style) == "rtl"
    assert (
        tab.ask("getComputedStyle(document.querySelector('.words')).direction") == "rtl"
    )
    assert tab.ask("getComputedStyle(document.body).direction") == "ltr"
    right = tab.ask(
        "document.querySelector('.text .m').getBoundingClientRect().right < "
        "document.querySelector('.text .tag').getBoundingClientRect().right"
    )
    assert right
    assert tab.ask("document.querySelector('.text').lang") == "fa"
    tab.close()


def test_a_page_in_a_frame_has_no_address_and_works(
    browser: Chromium, tmp_path: Path
) -> None:
    # Without the sandbox, so that the test can look inside.
    fragment = to_fragment(wall()).replace('sandbox="allow-scripts"', "")
    tab = open_page(browser, tmp_path, f"<!doctype html>{fragment}")
    inside = "frames[0].document"
    assert not tab.ask(f"{inside}.getElementById('page-bar').hidden")
    tab.ask(f"{inside}.querySelector('#claim-2 .tag').click()")
    assert tab.ask(f"{inside}.activeElement.id") == "t-claim-2"
    tab.ask(f"{inside}.querySelector('.skip').click()")
    assert tab.ask(f"{inside}.activeElement.id") == "page-article"
    assert tab.ask("frames[0].location.href") == "about:srcdoc"
    tab.close()


# What an article cannot do

BROKEN = (
    "img, iframe, base, svg, link, object, style:not(head *), main form, main input"
)
HANDLERS = (
    "[...document.querySelectorAll('*')].flatMap(e => [...e.attributes])"
    ".filter(a => a.name.startsWith('on') || a.name === 'style').length"
)


@pytest.mark.parametrize("policy", [True, False], ids=["policy", "escaping alone"])
@pytest.mark.parametrize("attack", ATTACKS, ids=range(len(ATTACKS)))
def test_nothing_in_an_article_runs_or_breaks(
    browser: Chromium, tmp_path: Path, attack: str, policy: bool
) -> None:
    content = to_html(hostile(attack))
    if not policy:
        content, removed = re.subn(r"<meta http-equiv[^>]*>", "", content, count=1)
        assert removed
    tab = open_page(browser, tmp_path, content)
    for key in "jjjkj?":
        tab.press(key)
    tab.press("Escape")
    tab.click("#page-findings .item .words")
    tab.click(".text .m")
    assert tab.ask("window.hit") is None
    assert tab.ask("document.scripts.length") == 1
    assert tab.ask(f"document.querySelectorAll('{BROKEN}').length") == 0
    assert tab.ask(HANDLERS) == 0
    assert tab.ask("document.querySelector('.text').textContent").split() == (
        visible(hostile(attack).document.text.replace("\u2028", "\n")).split()
    )
    assert len(tab.ask(SHOWN)) == 7
    tab.close()


def test_a_hostile_notebook_is_left_alone(browser: Chromium, tmp_path: Path) -> None:
    fragments = "".join(to_fragment(hostile(attack)) for attack in ATTACKS)
    content = f"<!doctype html>{fragments}"
    tab = open_page(browser, tmp_path, content)
    assert tab.ask("window.hit") is None
    assert tab.ask("frames.length") == len(ATTACKS)
    assert tab.ask("document.scripts.length") == 0
    assert tab.ask("[...document.body.children].map(n => n.tagName)") == (
        ["P", "IFRAME"] * len(ATTACKS)
    )
    tab.close()
