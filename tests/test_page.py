import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from attacks import ATTACKS
from chromium import Chromium, Tab
from hypothesis import given
from hypothesis import strategies as st

from extractor.evaluation.comparison import RunRef, compare
from extractor.evaluation.gold import (
    Entity,
    GoldArgument,
    GoldArticle,
    GoldClaim,
    GoldEvent,
    GoldQuote,
    make_source,
)
from extractor.evaluation.page import (
    PageMeta,
    render_comparison,
    render_report,
    write_report,
)
from extractor.evaluation.page.items import Anchors, Item
from extractor.evaluation.page.overlay import overlay
from extractor.evaluation.scoring.article import score_article
from extractor.evaluation.scoring.outcomes import Outcome
from extractor.evaluation.scoring.summary import Scores, summarise
from extractor.report.characters import visible
from extractor.schema import Failure, QuoteKind, Span, TaskStats, Usage

QUAY = (
    "Crane stands still at Port Averil\n\n"
    "“The crane is safe,” said Orla Venn. “We tested it twice,” she added.\n\n"
    "Mayor Piet Drask said the port would reopen on Monday. He called the delay “a "
    "trifle of a delay”.\n\n"
    "“Nobody asked us, and ‘later’ is no answer,” said Mina Soll, a docker.\n"
)
ROAD = (
    "The road to Sant Brae is open, said Orla Venn.\n\n"
    "“It took a week,” Orla Venn told the board. The board praised “the effort”.\n"
)


def span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start=start, end=start + len(words), text=words)


def quote(
    text: str,
    id_: str,
    words: str,
    speaker: str | None = None,
    kind: QuoteKind = "direct",
    **more: object,
) -> GoldQuote:
    return GoldQuote.model_validate(
        {
            "id": id_,
            "kind": kind,
            "spans": [span(text, words)],
            "speaker": speaker,
            **more,
        }
    )


def article(name: str, text: str, *quotes: GoldQuote, **more: object) -> GoldArticle:
    people = {"e1": "Orla Venn", "e2": "Piet Drask", "e3": "Mina Soll"}
    return GoldArticle.model_validate(
        {
            "doc": make_source(name, text, title=text.split("\n")[0], language="en"),
            "layers": ["quotes", "claims", "events"],
            "entities": [Entity(id=k, name=v) for k, v in people.items()],
            "quotes": quotes,
            "text": text,
            **more,
        }
    )


def pairs() -> list[tuple[GoldArticle, GoldArticle]]:
    """Two articles as labelled and as found, with errors of many classes."""
    event = GoldEvent(
        id="v1",
        type="Movement",
        trigger=span(QUAY, "reopen"),
        arguments=[GoldArgument(role="patient", mentions=[span(QUAY, "the port")])],
    )
    claim = GoldClaim(
        id="c1",
        text="The crane is safe.",
        spans=[span(QUAY, "The crane is safe")],
        claimant="e1",
    )
    quay = article(
        "quay",
        QUAY,
        quote(QUAY, "q1", "The crane is safe,", "e1"),
        quote(QUAY, "q2", "We tested it twice,", "e1"),
        quote(QUAY, "q3", "the port would reopen on Monday", "e2", "indirect"),
        quote(QUAY, "q4", "Nobody asked us, and ‘later’ is no answer,", "e3"),
        quote(QUAY, "q5", "later", "e3", nested_in="q4", tags=["chained"]),
        claims=[claim],
        events=[event],
    )
    found = article(
        "quay",
        QUAY,
        quote(QUAY, "q1", "The crane is safe,", "e1"),
        quote(QUAY, "q2", "We tested it twice,", "e2"),
        quote(QUAY, "q3", "the port would reopen", "e2", "indirect"),
        quote(QUAY, "q4", "a trifle of a delay", "e2"),
        quote(QUAY, "q5", "Nobody asked us, and ‘later’ is no answer,", "e3"),
        claims=[claim.model_copy(update={"id": "c7"})],
    )
    road = article(
        "road",
        ROAD,
        quote(ROAD, "q1", "The road to Sant Brae is open", "e1", "indirect"),
        quote(ROAD, "q2", "It took a week,", "e1"),
        quote(ROAD, "q3", "the effort", optional=True),
    )
    road_found = article("road", ROAD, quote(ROAD, "q9", "It took a week,", "e1"))
    return [(quay, found), (road, road_found)]


def score(articles: list[tuple[GoldArticle, GoldArticle]]) -> Scores:
    return summarise([score_article(gold, found) for gold, found in articles])


def meta(**values: object) -> PageMeta:
    usage = Usage(prompt_tokens=41234, cached_tokens=1200, completion_tokens=987)
    given = {
        "title": "Rules on ours",
        "rows": [("model", "rules"), ("gold", "0123abcd"), ("date", "2024-03-14")],
        "costs": {"quotes": TaskStats(calls=7, seconds=2.5, usage=usage)},
    }
    return PageMeta.model_validate(given | values)


# The overlay


def shown(text: str, outcomes: list[Outcome]) -> list[tuple[str, set[int], set[int]]]:
    """Each piece with the numbers of the items labelled and found there."""
    items = [Item(n, f"i{n}", outcome) for n, outcome in enumerate(outcomes)]
    return [
        (
            piece.text,
            {mark.item.number for mark in piece.marks if mark.gold},
            {mark.item.number for mark in piece.marks if mark.found},
        )
        for paragraph in overlay(text, items)
        for piece in paragraph
    ]


def fate(gold: list[tuple[int, int]], found: list[tuple[int, int]]) -> Outcome:
    def spans(ends: list[tuple[int, int]]) -> list[Span]:
        return [Span(start=s, end=e, text="x" * (e - s)) for s, e in ends]

    return Outcome(
        layer="quotes",
        status="partial",
        error="boundary.shifted",
        gold="g",
        predicted="p",
        gold_spans=spans(gold),
        predicted_spans=spans(found),
    )


def test_overlaps_and_nesting_are_cut_into_pieces() -> None:
    found = shown("abcdefghij", [fate([(0, 6)], [(4, 8)]), fate([(5, 6)], [])])
    assert found == [
        ("abcd", {0}, set()),
        ("e", {0}, {0}),
        ("f", {0, 1}, {0}),
        ("gh", set(), {0}),
        ("ij", set(), set()),
    ]


def test_the_longer_item_lies_below() -> None:
    inner, outer = fate([(3, 4)], []), fate([(0, 9)], [])
    items = [Item(n, "i", outcome) for n, outcome in enumerate([inner, outer])]
    (paragraph,) = overlay("abcdefghij", items)
    assert [mark.item.number for mark in paragraph[1].marks] == [1, 0]


ends = st.tuples(st.integers(0, 29), st.integers(1, 12)).map(
    lambda pair: (pair[0], min(30, sum(pair)))
)


@given(
    st.text("ab \n", min_size=30, max_size=30),
    st.lists(st.tuples(st.lists(ends), st.lists(ends)), max_size=5),
)
def test_every_character_knows_its_items(
    text: str, items: list[tuple[list[tuple[int, int]], list[tuple[int, int]]]]
) -> None:
    pieces = shown(text, [fate(gold, found) for gold, found in items])
    assert all(piece[0] for piece in pieces)
    place = 0
    for words, gold, found in pieces:
        start = text.index(words, place)
        assert not text[place:start].strip()
        place = start + len(words)
        for at in range(start, place):
            for side, number in ((gold, 0), (found, 1)):
                inside = {
                    n
                    for n, item in enumerate(items)
                    if any(s <= at < e for s, e in item[number])
                }
                assert side == inside
    assert not text[place:].strip()


def test_what_steers_a_display_is_written_out() -> None:
    assert visible("a\x00\x1b\u202e\ud800\u2028b\tc\nd") == (
        "a\\x00\\x1b\\u202e\\ud800\\u2028b\tc\nd"
    )


def test_places_on_the_page_have_names_of_their_own() -> None:
    anchors = Anchors()
    given = [anchors.name(*p) for p in (("a b", "q1"), ("a?b", "q1"), ("page-bar",))]
    assert given == ["a_b.q1", "a_b.q1~2", "_page-bar"]


# The file


class Reader(HTMLParser):
    """Tags with their attributes, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


@pytest.fixture(scope="module")
def html() -> str:
    return render_report(score(pairs()), pairs(), meta())


@pytest.fixture(scope="module")
def compared_html() -> str:
    """NEW mends one article and breaks the other."""
    (quay, quay_found), (road, road_found) = pairs()
    base = score([(quay, quay_found), (road, road)])
    return render_comparison(compare(base, score([(quay, quay), (road, road_found)])))


def test_a_page_asks_for_nothing_else(html: str, compared_html: str) -> None:
    for page in (html, compared_html):
        read = Reader(page)
        assert not any(
            "src" in attributes or "style" in attributes for _, attributes in read.tags
        )
        assert not read.all("link")
        links = [attributes["href"] or "" for attributes in read.all("a")]
        assert links
        assert all(link.startswith("#") for link in links)
        assert not re.search(r"@import|url\(|https?:", page)
        (policy,) = (
            attributes["content"] or ""
            for attributes in read.all("meta")
            if attributes.get("http-equiv")
        )
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy


def test_links_lead_to_places_that_are_there(html: str, compared_html: str) -> None:
    for page in (html, compared_html):
        read = Reader(page)
        names = [attributes["id"] for _, attributes in read.tags if "id" in attributes]
        assert len(names) == len(set(names))
        places = {
            (attributes["href"] or "")[1:]
            for attributes in read.all("a")
            if "=" not in (attributes["href"] or "")
        }
        assert places
        assert places <= set(names)


def test_a_page_says_what_was_run_and_what_it_took(html: str) -> None:
    for words in ("Rules on ours", "0123abcd", "41,234", "1,200", "987", "2024-03-14"):
        assert words in html


def test_a_notebook_shows_the_figures_as_a_table() -> None:
    scores = score(pairs())
    rows = Reader(shown := scores._repr_html_()).all("tr")
    assert len(rows) == 1 + sum("/" not in name for name in scores.figures)
    assert "<th>quotes.joint</th>" in shown
    assert shown.count("<svg") == len(rows) - 1
    assert "style" not in shown and "class" not in shown


def test_a_figure_of_few_articles_is_grey(html: str) -> None:
    gold, found = pairs()[0]
    many = [
        (gold.model_copy(update={"doc": make_source(f"a{n}", QUAY)}), found)
        for n in range(5)
    ]
    joint = r'<tr([^>]*)>\s*<th><a href="#layer=quotes">joint</a>'
    assert "few" in re.findall(joint, html)[0]
    assert re.findall(joint, render_report(score(many), many, meta())) == [""]


def test_failures_and_articles_without_text_are_shown() -> None:
    scored = score(pairs())
    failure = Failure(
        task="quotes", code="truncated", message="The reply <b>ended</b>."
    )
    first = scored.articles[0].model_copy(update={"failures": [failure]})
    scored = scored.model_copy(update={"articles": [first, *scored.articles[1:]]})
    page = render_report(scored, pairs()[1:], meta())
    assert "The reply &lt;b&gt;ended&lt;/b&gt;." in page
    assert "not at hand" in page


def test_a_page_is_written_whole(tmp_path: Path, html: str) -> None:
    write_report(tmp_path / "report.html", score(pairs()), pairs(), meta())
    assert (tmp_path / "report.html").read_bytes().decode() == html
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


# In a browser

SHOWN = "[...document.querySelectorAll('main .item')].filter(i => !i.hidden)"
CURRENT = "document.querySelector('main .item.current')?.id"


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


def in_view(tab: Tab, selector: str) -> bool:
    found = tab.ask(
        f"(() => {{ const box = document.querySelector({selector!r})"
        ".getClientRects()[0]; "
        "return box.top >= 0 && box.bottom <= innerHeight; })()"
    )
    return bool(found)


def test_keys_go_from_error_to_error(tab: Tab) -> None:
    errors = tab.ask(
        f"{SHOWN}.filter(i => i.dataset.class.startsWith('error')).map(i => i.id)"
    )
    assert errors == [
        "quay.quotes.q2",
        "quay.quotes.q3",
        "quay.quotes.+q4",
        "quay.quotes.q5",
        "road.quotes.q1",
    ]
    visited = []
    for _ in range(6):
        tab.press("j")
        visited.append(tab.ask(CURRENT))
        assert in_view(tab, ".m.current")
        assert in_view(tab, ".item.current")
    assert visited == [*errors, errors[0]]
    tab.press("k")
    assert tab.ask(CURRENT) == errors[-1]
    tab.press("p")
    tab.press("n")
    assert tab.ask(CURRENT) == errors[-1]
    assert tab.ask("document.getElementById('page-count').value") == "5 of 5 errors"


def test_buttons_do_what_keys_do(tab: Tab) -> None:
    tab.click("[data-walk='1']")
    assert tab.ask(CURRENT) == "quay.quotes.q2"
    tab.click("[data-walk='-1']")
    assert tab.ask(CURRENT) == "road.quotes.q1"


def test_words_filter_and_keys_rest_while_one_writes(tab: Tab) -> None:
    tab.press("/")
    assert tab.ask("document.activeElement.name") == "text"
    for key in "monday":
        tab.press(key)
    assert tab.ask("document.activeElement.value") == "monday"
    assert tab.ask(f"{SHOWN}.map(i => i.id)") == ["quay.quotes.q3"]
    tab.press("Enter")
    assert tab.ask(CURRENT) == "quay.quotes.q3"
    tab.press("Escape")
    assert len(tab.ask(f"{SHOWN}.map(i => i.id)")) > 1


def test_the_question_mark_explains_the_keys(tab: Tab) -> None:
    tab.press("?")
    assert tab.ask("document.getElementById('page-help').open")
    tab.press("j")
    assert tab.ask(CURRENT) is None
    tab.press("Escape")
    assert not tab.ask("document.getElementById('page-help').open")


def test_every_number_shows_just_the_items_it_counts(tab: Tab) -> None:
    links = tab.ask(
        "[...document.querySelectorAll('.errors td a, .figures td:nth-last-child(-n+4)"
        " a')].map(a => [a.getAttribute('href'), Number(a.textContent)])"
    )
    assert len(links) > 40
    for address, number in links:
        tab.follow(address)
        found = tab.ask(f"{SHOWN}.length")
        assert found == number, address


def test_counts_add_up_to_what_is_labelled_and_found(tab: Tab) -> None:
    totals = tab.ask(
        "Object.fromEntries([...document.querySelectorAll('[data-errors]')].map(t => "
        "[t.dataset.errors, [...t.querySelectorAll('tfoot td')].map(d => "
        "Number(d.textContent))]))"
    )
    rows = tab.ask(
        "[...document.querySelector('[data-errors=quotes]').tBodies[0].rows].map(r => "
        "[...r.querySelectorAll('td')].map(d => Number(d.textContent)))"
    )
    gold = [pair[0] for pair in pairs()]
    found = [pair[1] for pair in pairs()]
    assert totals["quotes"][1:] == [
        sum(len(a.quotes) for a in gold),
        sum(len(a.quotes) for a in found),
    ]
    assert totals["quotes"] == [sum(column) for column in zip(*rows, strict=True)]
    assert totals["claims"][1:] == [1, 1]
    assert totals["events"][1:] == [1, 0]
    assert tab.ask("document.querySelectorAll('main .item').length") == sum(
        counts[0] for counts in totals.values()
    )


def test_the_address_survives_a_reload(browser: Chromium, page: Path) -> None:
    tab = browser.open(page, hash_="#quay.events.v1")
    assert tab.ask(CURRENT) == "quay.events.v1"
    tab.follow("#layer=quotes&class=error&slice=direct")
    tab.press("j")
    state = tab.ask(f"[{CURRENT}, {SHOWN}.map(i => i.id), location.hash]")
    assert state[0] == "quay.quotes.+q4"
    assert state[1] == ["quay.quotes.q2", "quay.quotes.+q4", "quay.quotes.q5"]
    tab.reload()
    assert tab.ask(f"[{CURRENT}, {SHOWN}.map(i => i.id), location.hash]") == state
    tab.follow("#road")
    tab.reload()
    assert in_view(tab, "#road h2")
    tab.close()


def test_back_undoes_a_filter(tab: Tab) -> None:
    before = tab.ask(f"{SHOWN}.length")
    tab.follow("#layer=quotes&class=missed")
    assert tab.ask(f"{SHOWN}.length") < before
    tab.ask(
        "new Promise(done => { addEventListener('hashchange', () => done(1)); "
        "history.back(); })"
    )
    assert tab.ask(f"{SHOWN}.length") == before


def test_a_click_on_words_goes_to_their_item(tab: Tab) -> None:
    tab.click(".text .m.s-missed:not(.off)")
    assert tab.ask(CURRENT) == "quay.quotes.q5"
    tab.click("[id='quay.quotes.q3'] .words")
    assert tab.ask(CURRENT) == "quay.quotes.q3"


def test_the_text_is_that_of_the_article(tab: Tab) -> None:
    words = tab.ask("document.querySelector('#quay .text').textContent")
    assert words.split() == QUAY.split()


def test_all_is_there_without_scripts(browser: Chromium, page: Path, tab: Tab) -> None:
    silent = browser.open(page, scripts=False)
    visible_items = (
        "[...document.querySelectorAll('main .item')].filter(i => i.checkVisibility())"
        ".length"
    )
    assert silent.ask(visible_items) == tab.ask(
        "document.querySelectorAll('main .item').length"
    )
    assert not silent.ask("document.getElementById('page-bar').checkVisibility()")
    assert silent.ask("document.querySelectorAll('.m.off').length") == 0
    silent.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_in_light_and_dark(
    tab: Tab, browser: Chromium, compared_html: str, tmp_path: Path, scheme: str
) -> None:
    (tmp_path / "compare.html").write_text(compared_html, "utf-8")
    other = browser.open(tmp_path / "compare.html")
    for one in (tab, other):
        one.prefer(scheme)
        one.press("j")
        one.wait()
        ground = one.ask("getComputedStyle(document.body).backgroundColor")
        assert (ground == "rgb(255, 255, 255)") == (scheme == "light")
        assert one.poor_contrast() == []
    other.close()


def test_a_narrow_screen_shows_the_item_below_its_text(tab: Tab) -> None:
    tab.resize(400, 800)
    tab.press("j")
    tab.wait()
    assert tab.ask("document.documentElement.scrollWidth <= innerWidth")
    assert in_view(tab, ".m.current")
    assert in_view(tab, "#page-now")
    assert tab.ask("document.querySelector('#page-now .fate a').textContent") == "q2"
    covered = (
        "document.querySelector('.m.current').getBoundingClientRect().bottom > "
        "document.getElementById('page-now').getBoundingClientRect().top"
    )
    assert not tab.ask(covered)


def test_paper_has_the_articles_and_no_controls(tab: Tab) -> None:
    tab.command("Emulation.setEmulatedMedia", media="print")
    assert not tab.ask("document.getElementById('page-bar').checkVisibility()")
    assert tab.ask("document.querySelector('#quay .text').checkVisibility()")
    assert tab.pdf().startswith(b"%PDF")


def hostile_pairs() -> list[tuple[GoldArticle, GoldArticle]]:
    """An attack wherever a string of somebody else's gets to the page."""
    text = (
        "Title\n\n" + "\n\n".join(f"“{attack}” said he." for attack in ATTACKS) + "\n"
    )
    people = [Entity(id=f"e{n}", name=attack) for n, attack in enumerate(ATTACKS)]

    def labelled(speaker: int) -> list[GoldQuote]:
        return [
            GoldQuote(
                id=attack,
                kind="direct",
                spans=[span(text, attack)],
                speaker=f"e{(n + speaker) % len(ATTACKS)}",
                cue=span(text, attack),
                tags=[attack],
                note=attack,
            )
            for n, attack in enumerate(ATTACKS)
        ]

    source = make_source(
        ATTACKS[0], text, title=ATTACKS[3], outlet=ATTACKS[1], language=ATTACKS[4]
    )
    both = {"doc": source, "layers": ["quotes"], "entities": people, "text": text}
    gold = GoldArticle.model_validate({**both, "quotes": labelled(0)})
    found = GoldArticle.model_validate({**both, "quotes": labelled(1)[1:]})
    return [(gold, found)]


def hostile_report() -> str:
    articles = hostile_pairs()
    return render_report(
        score(articles),
        articles,
        meta(title=ATTACKS[1], rows=[(ATTACKS[0], a) for a in ATTACKS]),
    )


def hostile_comparison() -> str:
    articles = hostile_pairs()
    base, new = score(articles), score([(gold, gold) for gold, _ in articles])
    refs = [RunRef(name=ATTACKS[1], model=ATTACKS[3]) for _ in range(2)]
    return render_comparison(compare(new, base, base_run=refs[0], new_run=refs[1]))


@pytest.mark.parametrize("policy", [True, False], ids=["policy", "escaping alone"])
@pytest.mark.parametrize("render", [hostile_report, hostile_comparison])
def test_nothing_in_an_article_runs(
    browser: Chromium, tmp_path: Path, render: Callable[[], str], policy: bool
) -> None:
    page = render()
    if not policy:
        page, removed = re.subn(r"<meta http-equiv[^>]*>", "", page, count=1)
        assert removed
    path = tmp_path / "hostile.html"
    path.write_text(page, "utf-8")
    tab = browser.open(path)
    for key in "jjjkj":
        tab.press(key)
    tab.click(".item .words")
    tab.wait()
    assert tab.ask("window.hit") is None
    assert tab.ask("document.scripts.length") == 1
    unwanted = (
        "img, iframe, base, style:not(head *), link, object, main form, main input"
    )
    assert tab.ask(f"document.querySelectorAll('{unwanted}').length") == 0
    assert (
        tab.ask(
            "[...document.querySelectorAll('*')].flatMap(e => [...e.attributes])"
            ".filter(a => a.name.startsWith('on') || a.name === 'style').length"
        )
        == 0
    )
    assert tab.ask("document.body.textContent.includes('{{ 7*7 }} {% for x in y %}')")
    assert tab.ask("document.querySelectorAll('main .item').length") >= len(ATTACKS)
    tab.close()


def test_a_hostile_text_is_shown_as_it_is(browser: Chromium, tmp_path: Path) -> None:
    (tmp_path / "hostile.html").write_text(hostile_report(), "utf-8")
    tab = browser.open(tmp_path / "hostile.html")
    words = tab.ask("document.querySelector('.article .text').textContent")
    assert words.split() == visible(hostile_pairs()[0][0].text).split()
    tab.close()


def test_changes_are_filtered_and_walked(
    browser: Chromium, compared_html: str, tmp_path: Path
) -> None:
    (tmp_path / "compare.html").write_text(compared_html, "utf-8")
    tab = browser.open(tmp_path / "compare.html")
    order = tab.ask(f"{SHOWN}.map(i => i.dataset.change)")
    assert order[0] == "broken"
    assert order == sorted(order, key=["broken", "changed", "fixed", "wrong"].index)
    tab.press("j")
    assert tab.ask(CURRENT) == tab.ask(f"{SHOWN}[0].id")
    links = tab.ask(
        "[...document.querySelectorAll('.card a, .contents td a')]"
        ".map(a => [a.getAttribute('href'), Number(a.textContent)])"
    )
    assert len(links) >= 4
    for address, number in links:
        tab.follow(address)
        assert tab.ask(f"{SHOWN}.length") == number, address
    tab.close()
