"""Quotes and speakers by rules in German, French, Spanish and Portuguese."""

import pytest

from extractor import Extractor
from extractor.attribution import find_passages
from extractor.documents import make_document
from extractor.segmentation import segment
from extractor.segmentation.model import Passage
from extractor.segmentation.words import split_words

Case = tuple[str, list[str], str]

GERMAN: dict[str, Case] = {
    "separable verb with an infinitive": (
        "Die Gegner kündigten an, vor Gericht zu ziehen.",
        ["vor Gericht zu ziehen"],
        "Die Gegner",
    ),
    "separable verb behind its words": (
        "Sie habe schlaflose Nächte, fügte sie hinzu.",
        ["Sie habe schlaflose Nächte"],
        "sie",
    ),
    "concession without a conjunction": (
        "Ada Holm räumte am Montag ein, man hätte früher reden müssen.",
        ["man hätte früher reden müssen"],
        "Ada Holm",
    ),
    "subordinate clause in the subject": (
        "Der Wirt, der den Markt kennt, schlug vor, ihn zu verlegen.",
        ["ihn zu verlegen"],
        "Der Wirt",
    ),
    "reproach": (
        "Holm warf dem Vorstand vor, nie gesucht zu haben.",
        ["nie gesucht zu haben"],
        "Holm",
    ),
    "so behind a quotation": (
        "„Das wird nichts“, so Ada Holm unter Applaus.",
        ["Das wird nichts"],
        "Ada Holm",
    ),
    "so with a sentence that goes on": (
        "„Das wird nichts“, so Ada Holm: Die Pläne seien veraltet.",
        ["„Das wird nichts“", "Die Pläne seien veraltet"],
        "Ada Holm",
    ),
    "nach Angaben": (
        "Nach Angaben der Polizei wurden zwei Männer verletzt.",
        ["wurden zwei Männer verletzt"],
        "der Polizei",
    ),
    "laut with a relative clause": (
        "Laut einem Gutachten, das vorliegt, ist der Damm sicher.",
        ["ist der Damm sicher"],
        "einem Gutachten",
    ),
    "zufolge": (
        "Der Polizei zufolge war der Fahrer betrunken.",
        ["war der Fahrer betrunken"],
        "Der Polizei",
    ),
    "wie with a verb of saying": (
        "Der Fahrer war betrunken, wie die Polizei am Montag mitteilte.",
        ["Der Fahrer war betrunken"],
        "die Polizei",
    ),
    "heißt es": (
        "In dem Bericht heißt es, der Damm sei undicht.",
        ["der Damm sei undicht"],
        "dem Bericht",
    ),
    "subjunctive over sentences": (
        "Krohl sagte, er kenne das Problem. Es gebe aber keinen Ausweg.",
        ["er kenne das Problem", "Es gebe aber keinen Ausweg"],
        "Krohl",
    ),
    "interrupted clause": (
        "Er kenne das Problem, sagte Krohl, könne aber nichts tun.",
        ["Er kenne das Problem", "könne aber nichts tun"],
        "Krohl",
    ),
    "object complement": (
        "Bürgermeister Jan Krohl (parteilos) nannte den Plan „arg kühn“.",
        ["den Plan „arg kühn“"],
        "Bürgermeister Jan Krohl",
    ),
    "participle at the end": (
        "Krohl hat gestern vor Journalisten erklärt, dass er geht.",
        ["er geht"],
        "Krohl",
    ),
    "sentence before": (
        "Der Damm hält. Das teilte die Feuerwehr am Montag mit.",
        ["Der Damm hält"],
        "die Feuerwehr",
    ),
    "question": (
        "Ob man noch warten könne, wollte sie wissen.",
        ["man noch warten könne"],
        "sie",
    ),
}
FRENCH: dict[str, Case] = {
    "inverted pronoun and participle": (
        "«\u202fC’est trop tard\u202f», a-t-il déclaré.",
        ["C’est trop tard"],
        "il",
    ),
    "attribution inside the marks": (
        "«\u202fNous partons, explique Ada Holm. Sans regret.\u202f»",
        ["Nous partons", "Sans regret."],
        "Ada Holm",
    ),
    "selon": (
        "Le pont est fermé, selon la préfecture.",
        ["Le pont est fermé"],
        "la préfecture",
    ),
    "d'après": (
        "D’après un rapport du cabinet Orsal, le pont est fermé.",
        ["le pont est fermé"],
        "un rapport du cabinet Orsal",
    ),
    "pour before a quotation": (
        "Pour Ada Holm, présidente du club, «\u202fc’est une honte\u202f».",
        ["c’est une honte"],
        "Ada Holm",
    ),
    "que": (
        "L’élue affirme que le pont est sûr et qu’il le restera.",
        ["le pont est sûr et qu’il le restera"],
        "L’élue",
    ),
    "dash": ("— Je ne sais pas, dit-elle.", ["Je ne sais pas"], "elle"),
    "infinitive": ("Le maire a promis de revenir.", ["de revenir"], "Le maire"),
    "infinitive behind an addressee": (
        "Le maire a demandé aux habitants d’y venir.",
        ["aux habitants d’y venir"],
        "Le maire",
    ),
    "interrupted clause": (
        "Le projet, a-t-elle ajouté, est mort.",
        ["Le projet", "est mort"],
        "elle",
    ),
    "comme with a verb of saying": (
        "Comme l’a rappelé Ada Holm, le pont est fermé.",
        ["le pont est fermé"],
        "Ada Holm",
    ),
}
SPANISH: dict[str, Case] = {
    "según": (
        "El puente está cerrado, según Ada Ruiz.",
        ["El puente está cerrado"],
        "Ada Ruiz",
    ),
    "según with a verb": (
        "Según informó la policía, el puente está cerrado.",
        ["el puente está cerrado"],
        "la policía",
    ),
    "que": (
        "Ada Ruiz aseguró que el puente es seguro.",
        ["el puente es seguro"],
        "Ada Ruiz",
    ),
    "role with a name": (
        "«Es tarde», ironizó la alcaldesa de Vell, Ada Ruiz, en la plaza.",
        ["Es tarde"],
        "Ada Ruiz",
    ),
    "interrupted clause": (
        "El puente, explicó la alcaldesa, es seguro.",
        ["El puente", "es seguro"],
        "la alcaldesa",
    ),
    "dashes": (
        "—No sé —dijo ella—. Ya veremos.",
        ["No sé", "Ya veremos"],
        "ella",
    ),
    "sentence before": (
        "El puente es seguro. Así lo afirmó Ada Ruiz.",
        ["El puente es seguro"],
        "Ada Ruiz",
    ),
    "object complement": (
        "La ministra acusó al alcalde de «mentir».",
        ["al alcalde de «mentir»"],
        "La ministra",
    ),
}
PORTUGUESE: dict[str, Case] = {
    "segundo": (
        "Segundo a prefeita, a ponte está fechada.",
        ["a ponte está fechada"],
        "a prefeita",
    ),
    "de acordo com": (
        "De acordo com o secretário, Ivo Prado, a ponte está fechada.",
        ["a ponte está fechada"],
        "Ivo Prado",
    ),
    "enclitic pronoun": ("“É tarde”, disse-me ela.", ["É tarde"], "ela"),
    "interrupted clause": (
        "A ponte, garantiu Prado, será aberta “até sexta”.",
        ["A ponte", "será aberta “até sexta”"],
        "Prado",
    ),
    "dashes": (
        "— Não sei — disse ela. — Vamos ver.",
        ["Não sei", "Vamos ver"],
        "ela",
    ),
    "sentence before": (
        "A ponte é segura. Foi o que disse Ana Prado.",
        ["A ponte é segura"],
        "Ana Prado",
    ),
}
CASES = [
    pytest.param(language, *case, id=f"{language}: {name}")
    for language, cases in (
        ("de", GERMAN),
        ("fr", FRENCH),
        ("es", SPANISH),
        ("pt", PORTUGUESE),
    )
    for name, case in cases.items()
]
NOTHING = {
    "de: denied": ("de", "Holm sagte nicht, ob der Damm hält."),
    "de: no content": ("de", "Sie sprach über den Damm und lobte die Helfer."),
    "de: verb without its particle": ("de", "Holm fügte sich, es war zu spät."),
    "fr: noun": ("fr", "La demande de la mairie a été rejetée."),
    "fr: denied": ("fr", "Il n’a pas dit que le pont était sûr."),
    "es: denied": ("es", "Ada Ruiz no dijo que el puente fuera seguro."),
    "es: nobody": ("es", "Nadie dijo que el puente fuera seguro."),
    "es: relative clause": ("es", "La historia que contó Ruiz es falsa."),
    "pt: purpose": ("pt", "Para Ana, a ponte nova fica longe."),
}


def sure(text: str, language: str) -> list[Passage]:
    found = find_passages(segment(text, language), language=language)
    return [passage for passage in found if passage.likelihood >= 0.5]


@pytest.mark.parametrize(("language", "text", "content", "speaker"), CASES)
def test_a_report_has_its_words_and_its_speaker(
    language: str, text: str, content: list[str], speaker: str
) -> None:
    [passage] = sure(text, language)
    assert [span.of(text) for span in passage.spans] == content
    who = passage.candidates[0].mention
    assert text[who.start : who.end] == speaker


@pytest.mark.parametrize(("language", "text"), NOTHING.values(), ids=NOTHING)
def test_what_reports_nothing_is_no_quote(language: str, text: str) -> None:
    assert sure(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "last"),
    [
        ("es", "Ada Ruiz aseguró que era tarde. Añadió que pagará.", "Ada Ruiz"),
        ("pt", "“É tarde”, disse Ana Prado. Acrescentou que paga.", "Ana Prado"),
        (
            "es",
            "Ada Ruiz dijo que era tarde. El médico Luis Sanz llegó. Añadió que no.",
            "Luis Sanz",
        ),
    ],
)
def test_a_verb_without_subject_has_the_last_one_s_words(
    language: str, text: str, last: str
) -> None:
    who = sure(text, language)[-1].candidates[0].mention
    assert text[who.start : who.end].endswith(last)


def test_turns_in_marks_between_dashes_are_two_speakers_words() -> None:
    text = "„Leider nein“, antwortete Krohl. „Aber morgen.“ – „Wann?“, fragte Holm."
    his, hers = sure(text, "de")
    assert [span.of(text) for span in his.spans] == ["Leider nein", "Aber morgen."]
    assert [span.of(text) for span in hers.spans] == ["Wann?"]


def test_two_verbs_of_one_subject_are_two_quotes() -> None:
    text = "El sindicato calificó el plan de «locura» y anunció que irá a la huelga."
    first, second = sure(text, "es")
    assert first.spans[0].of(text) == "el plan de «locura»"
    assert second.spans[0].of(text) == "irá a la huelga"
    for passage in (first, second):
        who = passage.candidates[0].mention
        assert text[who.start : who.end] == "El sindicato"


def test_words_joined_in_writing_are_told_apart() -> None:
    french = [w.low for w in split_words("L’élue a-t-elle dit qu’aujourd’hui ?", "fr")]
    assert french == [
        "l'",
        "élue",
        "a",
        "-t-",
        "elle",
        "dit",
        "qu'",
        "aujourd'hui",
        "?",
    ]
    portuguese = [w.low for w in split_words("Disse-me na segunda-feira", "pt")]
    assert portuguese == ["disse", "-", "me", "na", "segunda-feira"]
    assert [w.low for w in split_words("L’élue")] == ["l'élue"]


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        (
            "de",
            "Hedwig Krohl kam mit Ortwin Zapf. „Es reicht“, sagte sie.",
            "Hedwig Krohl",
        ),
        (
            "fr",
            "Solène Abgrall a croisé Gaspard Roy. « Il dort », a-t-elle dit.",
            "Solène Abgrall",
        ),
        (
            "es",
            "Begoña Ruiz llegó con Iñigo Sanz. «Es tarde», dijo ella.",
            "Begoña Ruiz",
        ),
        (
            "pt",
            "Dulce Prado veio com Belmiro Luz. “É tarde”, disse ela.",
            "Dulce Prado",
        ),
    ],
)
def test_a_pronoun_speaks_for_whom_it_fits(language: str, text: str, name: str) -> None:
    with Extractor("rules", tasks=("quotes", "speakers")) as extractor:
        found = extractor.extract(make_document(text, language=language))
    [quote] = found.quotes
    [speaker] = [s for s in found.speakers if s.id == quote.speaker]
    assert speaker.name == name
