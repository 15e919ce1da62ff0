"""The whole flow with a real server and a real small model."""

import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from scripted import Scripted
from server import Server, refusal, status

import extractor
from extractor import engine as engines
from extractor.client import Client
from extractor.documents import make_document
from extractor.errors import EndpointError, InputError, UsageError
from extractor.pipeline import Extractor
from extractor.schema import Extraction

TWO_PRONOUNS = Path(__file__).parent / "data" / "two_pronouns.txt"
EXAMPLE = Path(__file__).parents[1] / "examples" / "harbour.txt"


@pytest.fixture
def small_client(engine: engines.Engine) -> Iterator[Client]:
    """The small model as the pipeline would ask it."""
    client = Client(
        "smollm2-135m",
        base_url=engine.base_url,
        api_key=engine.api_key,
        endpoint="embedded",
    )
    yield client
    client.close()


def check(result: Extraction) -> None:
    """What holds of every extraction, whatever the model said."""
    text = result.document.text
    assert all(text[span.start : span.end] == span.text for span in result.spans())
    assert Extraction.model_validate_json(result.model_dump_json()) == result
    for quote in result.quotes:
        assert quote.text == " ".join(span.text for span in quote.spans)
    assert sum(result.provenance.verdicts.values()) == len(result.rejected)


def test_a_small_model_gives_a_sound_extraction(small_client: Client) -> None:
    text = TWO_PRONOUNS.read_text("utf-8") + EXAMPLE.read_text("utf-8")[1500:]
    result = Extractor(client=small_client).extract(text)
    check(result)
    assert result.quotes and result.claims and result.events
    assert result.provenance.calls > 1
    assert result.provenance.usage.cached_tokens > 0
    assert set(result.provenance.prompts) <= set(extractor.ALL_TASKS)


def test_embedded_weights_by_path_say_what_ran(small_model: Path) -> None:
    with Extractor(str(small_model), tasks=("quotes",)) as ex:
        result = ex.extract("“It rains,” Ann Lee told the club of Bo Holt in Vall.")
    assert result.provenance.endpoint == "embedded"
    assert (result.provenance.engine or "").startswith("xllamacpp")


def test_threads_share_one_extractor() -> None:
    results = []
    ex = Extractor("rules")

    def work() -> None:
        results.append(ex.extract(EXAMPLE.read_text("utf-8")))

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (
        len(
            {
                result.model_copy(update={"provenance": None}).model_dump_json(
                    exclude={"provenance"}
                )
                for result in results
            }
        )
        == 1
    )


def test_an_endpoint_that_breaks_off_loses_nothing() -> None:
    def breaking(names: list[str], _: str) -> dict[str, object]:
        if any(name.startswith("E") for name in names):
            raise EndpointError("It is down.")
        return {}

    client = Scripted(breaking)
    result = Extractor(client=client).extract(EXAMPLE.read_text("utf-8"))
    check(result)
    assert result.quotes and result.claims and result.events
    assert [f.task for f in result.provenance.failures] == ["events"]


def test_an_endpoint_that_never_answered_is_an_error() -> None:
    with Server() as server:
        client = Client("m", base_url=server.url, attempts=1)
        server.will(*[status(500)] * 20)
        with pytest.raises(EndpointError):
            Extractor(client=client).extract(EXAMPLE.read_text("utf-8"))
        client.close()


def test_what_is_refused_is_in_the_provenance() -> None:
    with Server() as server:
        client = Client("m", base_url=server.url)
        server.will(refusal)
        result = Extractor(client=client).extract(EXAMPLE.read_text("utf-8"))
        client.close()
    check(result)
    provenance = result.provenance
    assert provenance.calls == server.calls > 0
    assert provenance.usage.prompt_tokens == 100 * server.calls
    assert provenance.calls == sum(task.calls for task in provenance.tasks.values())
    assert {f.code for f in provenance.failures} == {"refusal"}
    assert server.calls <= 3 * len(provenance.failures)


SYLLABLES = "ba de fi go hu ka le mi no pu ra se ti vo zu".split()


def long_article(words: int) -> str:
    """Paragraphs with names of their own and some that come again and again."""
    rng = random.Random(words)
    paragraphs: list[str] = []
    while 60 * len(paragraphs) < words:
        first, last, town = (
            "".join(rng.choices(SYLLABLES, k=3)).title() for _ in range(3)
        )
        paragraphs.append(
            f"{first} {last}, mayor of {town}, met Mary Tolk on Monday after the ferry "
            f"sank. “We warned the county, ‘You will drown in {town},’ he told us,” "
            f"{last} said. Tolk, who left in March, denied that the bridge was shut. "
            "She said two ships had sunk. The spokesman said it was “far too late”."
        )
    return "\n\n".join(paragraphs)


def test_time_grows_no_faster_than_the_article() -> None:
    ex = Extractor("rules")
    ex.extract(long_article(200))
    seconds = []
    for words in (3_000, 24_000):
        text = long_article(words)
        begun = time.process_time()
        assert len(ex.extract(text).quotes) > words / 50
        seconds.append(time.process_time() - begun)
    assert seconds[1] < 20 * seconds[0], "8 times the words; squared it were 64"


@pytest.mark.parametrize("task", ["songs", ""])
def test_an_unknown_task_is_named(task: str) -> None:
    with pytest.raises(UsageError, match="choose from quotes, speakers"):
        Extractor("rules", tasks=(task,))


@pytest.mark.parametrize("text", ["", " \n "])
def test_a_text_without_words_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        Extractor("rules").extract(text)


@pytest.mark.parametrize(
    "text",
    [
        "نماینده گفت: «ما به دریا می‌رویم و باز می‌گردیم.» او جمعه رفت.",
        "Der Bürgermeister sagte: „Wir bauen die Brücke.“ Am Montag begann der Bau.",
        "\ud800 “It rains,” said \x00 Ann Lee on Monday.",
        "x" * 50_000,
        "“" * 5_000,
        "He said. " * 3_000,
    ],
)
def test_any_text_gives_a_sound_extraction(text: str) -> None:
    result = Extractor("rules").extract(text)
    assert all(text[span.start : span.end] == span.text for span in result.spans())


def test_public_names_are_those_exported() -> None:
    public = {name for name in vars(extractor) if name[0] != "_"}
    modules = {
        name for name in public if type(vars(extractor)[name]).__name__ == "module"
    }
    assert sorted(public - modules) == sorted(extractor.__all__)
    assert extractor.__all__ == sorted(extractor.__all__)


@pytest.mark.shared
def test_rules_hold_on_every_shared_article(shared: Path) -> None:
    ex = Extractor("rules")
    texts = [path.read_text("utf-8") for path in (shared / "articles").glob("*.txt")]
    for path in sorted((shared / "data").glob("*/*.json")):
        texts.append(json.loads(path.read_text("utf-8"))["text"])
    assert len(texts) > 300
    for text in texts:
        check(ex.extract(make_document(text)))


@pytest.mark.shared
def test_the_small_model_holds_on_shared_articles(
    shared: Path, small_client: Client
) -> None:
    ex = Extractor(client=small_client)
    for folder in sorted((shared / "data").iterdir()):
        for path in sorted(folder.glob("*.json"))[:1]:  # a minute for a whole article
            text = json.loads(path.read_text("utf-8"))["text"]
            check(ex.extract(text[:1500]))


@pytest.mark.large
def test_the_large_model_reads_the_example() -> None:
    doc = extractor.read(EXAMPLE)
    with Extractor("local") as ex:
        result = ex.extract(doc)
    check(result)
    names = {speaker.id: speaker.name for speaker in result.speakers}
    said = {quote.text: names.get(quote.speaker or "") for quote in result.quotes}
    assert said["I kept copies, because I was told I would need them."] == "Maren Tolk"
    assert result.provenance.usage.completion_tokens <= 900


@pytest.mark.large
@pytest.mark.shared
def test_the_large_model_holds_on_the_real_article(shared: Path) -> None:
    doc = extractor.read(
        shared / "articles" / "hamadan-2016.txt", published="2016-08-16"
    )
    with Extractor("local") as ex:
        result = ex.extract(doc)
    check(result)
    assert result.provenance.usage.completion_tokens <= 900


def test_an_engine_that_cannot_be_used_is_given_back(
    small_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = []

    class Deaf:
        def read_prefix(self, messages: object) -> None:
            raise EndpointError("It does not answer.")

        def close(self) -> None:
            closed.append(self)

    monkeypatch.setattr("extractor.engine.start", lambda path: Deaf())
    ex = Extractor(str(small_model))
    for _ in range(2):
        with pytest.raises(EndpointError):
            ex.extract("“We were warned twice,” Maren Tolk said.")
    ex.close()
    assert len(closed) == 2


@pytest.mark.parametrize(
    ("text", "language", "told"),
    [
        ("علی گفت که شهر امن است.", "fa", True),
        ("Die Stadt ist sicher.", "de", False),
        ("उन्होंने कहा कि शहर सुरक्षित है।", None, True),
        ("Nils said no.", None, False),
    ],
)
def test_a_language_without_word_lists_is_said(
    text: str, language: str | None, told: bool
) -> None:
    doc = make_document(text, language=language)
    warnings = Extractor("rules").extract(doc).provenance.warnings
    assert any("word lists" in warning for warning in warnings) is told
