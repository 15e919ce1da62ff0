import json
import time
from pathlib import Path

import pytest

from extractor.attribution import find_passages
from extractor.segmentation import segment
from extractor.segmentation.model import Passage

SHARED = Path(__file__).parents[2] / "shared" / "data" / "polnear_dev"


def passages(text: str, language: str | None = None) -> list[Passage]:
    return list(find_passages(segment(text), language=language))


def contents(passage: Passage, text: str) -> list[str]:
    return [span.of(text) for span in passage.spans]


def top(passage: Passage, text: str) -> str:
    mention = passage.candidates[0].mention
    return text[mention.start : mention.end]


DIRECT = [
    ('"We are done," said Tom Lee.', ["We are done,"], "Tom Lee"),
    ('"We are done," Tom Lee said.', ["We are done,"], "Tom Lee"),
    ("'We are done', Mr Lee told the Alder Post.", ["We are done"], "Mr Lee"),
    (
        '"We are done," he said. "Nobody is left."',
        ["We are done,", "Nobody is left."],
        "he",
    ),
    ('Tom Lee said on Monday: "We are done."', ["We are done."], "Tom Lee"),
    ('Tom Lee: "We are done."', ["We are done."], "Tom Lee"),
    (
        '"We are done," said Lee, a former mayor of Alder.',
        ["We are done,"],
        "Lee",
    ),
    (
        '"We are done," Lee, who once ran Alder, told Ada Quist.',
        ["We are done,"],
        "Lee",
    ),
    (
        '"We are done," the bespectacled, bearded tinkerer said.',
        ["We are done,"],
        "the bespectacled, bearded tinkerer",
    ),
    (
        'A statement from the ministry read: "All roads are closed."',
        ["All roads are closed."],
        "A statement from the ministry",
    ),
    (
        'Tom Lee met Ada Quist on Monday.\n\n"We are done," said Quist.',
        ["We are done,"],
        "Quist",
    ),
    ('She declared:\n\n"We are done here today."', ["We are done here today."], "She"),
]


@pytest.mark.parametrize(("text", "spans", "speaker"), DIRECT)
def test_direct_quotes(text: str, spans: list[str], speaker: str) -> None:
    [passage] = passages(text)
    assert (passage.kind, contents(passage, text)) == ("direct", spans)
    assert top(passage, text) == speaker
    assert passage.likelihood >= 0.5


INDIRECT = [
    ("Tom Lee said that the dam is safe.", ["the dam is safe"], "Tom Lee"),
    ("Tom Lee said the dam is safe.", ["the dam is safe"], "Tom Lee"),
    ("The dam is safe, Tom Lee said.", ["The dam is safe"], "Tom Lee"),
    ("The dam, Tom Lee said, is safe.", ["The dam", "is safe"], "Tom Lee"),
    ("The dam is safe, according to Lee.", ["The dam is safe"], "Lee"),
    ("According to Lee, the dam is safe.", ["the dam is safe"], "Lee"),
    (
        "The dam is safe, Tom Lee said on Monday morning.",
        ["The dam is safe"],
        "Tom Lee",
    ),
    ("The dam is safe, Lee said late on Monday night.", ["The dam is safe"], "Lee"),
    ("Lee said on Monday evening the dam is safe.", ["the dam is safe"], "Lee"),
    (
        "Lee told reporters on Monday that the dam is safe.",
        ["the dam is safe"],
        "Lee",
    ),
    (
        "Residents who left the town said they feared another flood.",
        ["they feared another flood"],
        "Residents",
    ),
    (
        "After Lee said the dam is safe, they all went home.",
        ["the dam is safe"],
        "Lee",
    ),
]


@pytest.mark.parametrize(("text", "spans", "speaker"), INDIRECT)
def test_indirect_quotes(text: str, spans: list[str], speaker: str) -> None:
    [passage] = passages(text)
    assert (passage.kind, contents(passage, text)) == ("indirect", spans)
    assert top(passage, text) == speaker


def test_a_fragment_makes_the_whole_reported_clause_mixed() -> None:
    text = 'He added that the wall gave them "more room for manoeuvre" in the valley.'
    [passage] = passages(text)
    assert passage.kind == "mixed"
    assert contents(passage, text) == [
        'the wall gave them "more room for manoeuvre" in the valley'
    ]
    assert passage.quotations == ("Q1",)


@pytest.mark.parametrize(
    "text",
    [
        "Lee spoke about the dam.",
        "Lee said nothing.",
        "Lee did not comment.",
        "The report on his claims was long.",
    ],
)
def test_a_cue_without_content_makes_no_passage(text: str) -> None:
    assert passages(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Nobody said that the bridge was unsafe.",
        "No one at the council claimed that the bridge was safe.",
        "And no-one has ever said the bridge was unsafe.",
        "Neither minister said that the bridge was unsafe.",
        "Neither Tom Lee nor Ada Quist said that the bridge was unsafe.",
        "None of the officials, who had met on Monday, warned that it leaks.",
        "Nobody who was there said that it leaks.",
        "No official warned that it leaks.",
        "Not one of the ministers said that the bridge was unsafe.",
        '"We are done," nobody said.',
        '"We are done," said nobody.',
        "Tom Lee never said that the bridge was unsafe.",
        "Tom Lee did not say that the bridge was unsafe.",
    ],
)
def test_what_nobody_said_is_no_quote(text: str) -> None:
    assert passages(text) == []


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Nobody but Tom Lee said that the bridge was unsafe.", "Tom Lee"),
        ("No doubt Tom Lee said that the bridge was unsafe.", "Tom Lee"),
        ("No decision was made before Lee said that the bridge was unsafe.", "Lee"),
        ("No, Tom Lee said, the bridge was unsafe.", "Tom Lee"),
        ('"Nobody told us anything," Lee said.', "Lee"),
        ("Nobody was hurt, Lee said.", "Lee"),
        ("Lee said nobody had claimed that the bridge was safe.", "Lee"),
    ],
)
def test_a_denial_elsewhere_leaves_the_quote(text: str, speaker: str) -> None:
    [passage] = passages(text)
    assert top(passage, text) == speaker


def test_two_attributions_of_a_sentence_are_two_passages() -> None:
    text = "Lee said the dam is safe, but Quist warned that it leaks."
    one, two = passages(text)
    assert contents(one, text) == ["the dam is safe"]
    assert contents(two, text) == ["it leaks"]
    assert (top(one, text), top(two, text)) == ("Lee", "Quist")


def test_who_is_quoted_by_a_medium_is_the_speaker() -> None:
    text = 'The Post quoted a member of the council as saying the dam "will hold."'
    [passage] = passages(text)
    assert contents(passage, text) == ['the dam "will hold."']
    assert top(passage, text) == "a member of the council"


def test_a_quotation_alone_in_its_paragraph_goes_on_from_the_last_speaker() -> None:
    text = 'Tom Lee said: "I never signed it."\n\n"My deputy signed it all."'
    last = passages(text)[-1]
    assert contents(last, text) == ["My deputy signed it all."]
    assert last.cue is None
    assert top(last, text) == "Tom Lee"


def test_a_paragraph_that_reopens_a_quotation_belongs_to_the_same_quote() -> None:
    text = 'Lee said: "I never signed it.\n\n"My deputy signed it all."'
    [passage] = passages(text)
    assert len(passage.spans) == 2 or "\n\n" in contents(passage, text)[0]


def test_a_quotation_in_a_quotation_has_its_own_speaker() -> None:
    text = "\"Tom Brill told me, 'You will drown,' and I left,\" Ada Quist said."
    outer, inner = passages(text)
    assert (top(outer, text), top(inner, text)) == ("Ada Quist", "Tom Brill")
    assert contents(inner, text) == ["You will drown,"]
    assert inner.nested_in == 0


@pytest.mark.parametrize(
    "text",
    [
        'The bombers left the "Hamlin" airbase on Monday.',
        'The so-called "moderate party" left the town.',
        'They saw a film titled "The Long Road Home" on Monday.',
    ],
)
def test_names_titles_and_scare_quotes_are_unlikely(text: str) -> None:
    assert all(passage.likelihood < 0.5 for passage in passages(text))


WRAPPED = """\
The bridge over the river Tarn will be shut for good in the spring, Home
Secretary Anna Veldkamp said on Monday. A spokesman for the Norland Coast
Guard said that nobody had been told.
"""


@pytest.mark.parametrize("line_break", ["\n", "\r\n", " \n"])
def test_names_roles_and_cues_go_on_behind_a_wrapped_line_break(
    line_break: str,
) -> None:
    text = WRAPPED.replace("\n", line_break)
    one, two = passages(text)
    assert " ".join(top(one, text).split()) == "Home Secretary Anna Veldkamp"
    assert " ".join(top(two, text).split()) == "A spokesman for the Norland Coast Guard"


def test_a_blank_line_ends_names_and_roles() -> None:
    text = WRAPPED.replace("\n", "\n\n")
    assert top(passages(text)[-1], text) != "A spokesman for the Norland\n\nCoast Guard"


def test_candidates_are_ranked_probabilities() -> None:
    text = 'Mayor Ada Quist met Tom Brill. "It is done," Brill told her on Monday.'
    [passage] = passages(text)
    scores = [candidate.score for candidate in passage.candidates]
    assert scores == sorted(scores, reverse=True)
    assert sum(scores) <= 1.001
    assert scores[0] > 0.5


def test_passages_come_in_text_order_with_spans_in_the_text() -> None:
    text = "\n\n".join(case[0] for case in [*DIRECT, *INDIRECT])
    found = passages(text)
    assert [p.spans[0].start for p in found] == sorted(p.spans[0].start for p in found)
    assert all(0 <= s.start < s.end <= len(text) for p in found for s in p.spans)


@pytest.mark.parametrize("text", ["", '"', '""', "said", 'said "', '" " " :', ": :"])
def test_odd_text_does_not_fail(text: str) -> None:
    assert isinstance(passages(text), list)


@pytest.mark.parametrize(
    ("language", "text", "speaker"),
    [
        ("de", "„Der Damm hält noch lange“, sagte Ada Quist.", "Ada Quist"),
        ("fr", "« Le barrage tient », a déclaré Ada Quist.", "Ada Quist"),
        ("es", "«La presa aguanta bien», dijo Ada Quist.", "Ada Quist"),
    ],
)
def test_quotes_in_other_languages(language: str, text: str, speaker: str) -> None:
    [passage] = passages(text, language)
    assert passage.kind == "direct"
    assert top(passage, text) == speaker


UNCASED = [
    ("نماینده گفت: «ما دو بار به شهر هشدار دادیم و پاسخی نیامد.» او رفت.", "«»"),
    ("قالت العمدة: «حذرنا المحافظة مرتين ولم يرد علينا أحد». ثم غادرت.", "«»"),
    ('ראשת העיר אמרה: "הזהרנו את המחוז פעמיים ואיש לא ענה לנו". היא הלכה.', '""'),
    ("महापौर ने कहा, “हमने ज़िले को दो बार चेतावनी दी और जवाब नहीं मिला।” वह गईं।", "“”"),
    ("市长说：“我们两次警告过县政府，没有人回答。”她走了。", "“”"),
    ("「郡に二度警告したが、誰も答えなかった」と市長は述べた。", "「」"),
    ("시장은 “우리는 군에 두 번 경고했지만 아무도 대답하지 않았다”고 말했다.", "“”"),
    ("เธอกล่าวว่า “เราเตือนจังหวัดไปแล้วสองครั้งแต่ไม่มีใครตอบเลย” แล้วเธอก็ไป", "“”"),
]


@pytest.mark.parametrize(("text", "marks"), UNCASED)
def test_a_long_quotation_is_a_quote_in_scripts_without_capitals(
    text: str, marks: str
) -> None:
    [passage] = passages(text)
    inner = text[text.index(marks[0]) + 1 : text.rindex(marks[1])]
    assert (passage.kind, contents(passage, text)) == ("direct", [inner])
    assert passage.likelihood >= 0.5


@pytest.mark.parametrize(
    "text",
    [
        "کتاب «هزار و یک شب» در کتابخانه بود.",
        "شاهدت المدينة فيلم «باب الشمس الكبيرة القديمة» في المساء.",
        'הסרט "שער הים של העיר הישנה" הוקרן בערב.',
        "किताब “गोदान की पुरानी कहानी” वहाँ थी।",
        "书店里有小说“春天里的那一条红河”。",
        "映画「春の海」が町で上映された。",
    ],
)
def test_titles_in_scripts_without_capitals_are_unlikely(text: str) -> None:
    assert all(passage.likelihood < 0.45 for passage in passages(text))


def test_a_latin_name_is_no_candidate_where_names_have_no_capitals() -> None:
    text = "发言人说：“我们两次警告过县政府，没有人回答。”Norvik 没有回应。"
    [passage] = passages(text)
    assert passage.candidates == ()


def test_an_english_attribution_of_foreign_words_has_its_speaker() -> None:
    text = "“我们两次警告过县政府，没有人回答，” Ada Quist said on Monday."
    [passage] = passages(text)
    assert top(passage, text) == "Ada Quist"


def test_a_long_article_takes_no_more_than_linear_time() -> None:
    paragraph = '"We are done," Tom Lee said on Monday. Ada Quist said it was late.\n\n'
    segmentation = segment(paragraph * 400)
    begun = time.process_time()
    assert len(find_passages(segmentation)) == 800
    assert time.process_time() - begun < 5


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="labelled articles are not here")
def test_most_labelled_direct_quotes_are_found() -> None:
    found = gold = 0
    for path in sorted(SHARED.glob("*.json"))[:15]:
        document = json.loads(path.read_text("utf-8"))
        spans = [
            (s.start, s.end)
            for p in passages(document["text"])
            if p.likelihood >= 0.5
            for s in p.spans
        ]
        for label in document["quotes"]:
            if label["type"] == "direct" and label["speech_cue"]:
                gold += 1
                part = label["fragments"][0]
                found += any(a < part["end"] and part["start"] < b for a, b in spans)
    assert found >= 0.9 * gold


@pytest.mark.parametrize(
    "text",
    [
        "Brodt criticized his opponents, including former Mayor Joe Pahl.",
        "Brodt praised the crew of the ferry.",
        "The board echoed remarks of the mayor.",
    ],
)
def test_whom_somebody_speaks_about_is_no_quote(text: str) -> None:
    assert not [p for p in passages(text) if p.likelihood >= 0.5]


def test_a_demand_says_what_is_demanded() -> None:
    text = "Brodt called for a ban on night flights."
    assert [contents(p, text) for p in passages(text)] == [["a ban on night flights"]]


def test_the_agent_of_a_passive_speaks() -> None:
    text = 'The plans were branded a "logistical mess" by councillor Alan Nichol.'
    found = passages(text)[0]
    assert contents(found, text) == ['a "logistical mess"']
    assert top(found, text).endswith("Alan Nichol")


def test_what_is_cited_follows_and_nothing_before_it() -> None:
    text = 'The court found the plan was "unlawful", citing gaps in the law.'
    found = [p for p in passages(text) if p.likelihood >= 0.4]
    assert [contents(p, text) for p in found] == [['the plan was "unlawful"']]
    assert top(found[0], text) == "The court"


def test_a_fronted_participle_is_not_what_was_said() -> None:
    text = 'Blaming "elites" and "the media," Morato insisted it was not "lost."'
    best = max(passages(text), key=lambda p: p.likelihood)
    assert contents(best, text) == ['it was not "lost."']


def test_a_price_per_litre_stays_whole() -> None:
    text = "The board said it could raise fuel by 59 cents per litre next year."
    best = max(passages(text), key=lambda p: p.likelihood)
    assert contents(best, text)[0].startswith("it could raise fuel by 59 cents per")


def test_words_that_somebody_means_something_by_are_theirs() -> None:
    text = (
        "The mayor, Anna Tolk, praised the deal. "
        "Tolk did not comment on what she meant by “new and larger works.”"
    )
    found = [p for p in passages(text) if p.likelihood >= 0.5]
    assert [contents(p, text) for p in found] == [["new and larger works."]]
    assert top(found[0], text) == "Tolk"


WITHHELD = [
    "Lee would not say whether the bridge was safe.",
    "Asked whether the bridge was safe, Lee smiled.",
    "Lee asked not to be named because the talks are private.",
    "Lee says it in the tone of a man who has said it before.",
    "Lee had been promised an exemption for islands.",
    "We asked for one thing and we got it at last.",
]


@pytest.mark.parametrize("text", WITHHELD)
def test_what_is_not_told_is_no_quote(text: str) -> None:
    assert not [p for p in passages(text) if p.likelihood >= 0.45]


REPORTED = [
    ("The fund denied that it had a say.", "it had a say", "The fund"),
    ("Drivers at the depot say it is dangerous.", "it is dangerous", "Drivers"),
    ("The manual warns that it may burn.", "it may burn", "The manual"),
    ("Ada Holt accepted that she had lied.", "she had lied", "Ada Holt"),
    ("Asked by Ada Holt whether it leaked, Lee left.", "whether it leaked", "Ada Holt"),
    (
        "It would end soon, he told a hushed room, and left.",
        "It would end soon",
        "he",
    ),
    ("According to Ada Holt the fire began here.", "the fire began here", "Ada Holt"),
    ("Ada Holt puts the cost at $3 million.", "the cost at $3 million", "Ada Holt"),
    (
        "Rates could fall by half, the broker wrote in a note to clients, citing it.",
        "Rates could fall by half",
        "the broker",
    ),
    (
        "Sales of lamps rose by a third, study suggests",
        "Sales of lamps rose by a third",
        "study",
    ),
    (
        "In interview he told her that he had slept, and that he had no car.",
        "he had slept, and that he had no car",
        "he",
    ),
    (
        "Tom Lee stopped the sale after users complained that it burned them.",
        "it burned them",
        "users",
    ),
]


@pytest.mark.parametrize(("text", "content", "speaker"), REPORTED)
def test_indirect_speech_is_read_whole(text: str, content: str, speaker: str) -> None:
    best = max(passages(text), key=lambda p: p.likelihood)
    assert best.likelihood >= 0.45
    assert contents(best, text) == [content]
    assert top(best, text).startswith(speaker)


UNSOURCED = [
    ("The firm had been warned twice, the court heard.", "hear"),
    ("Jurors were told that the firm had been warned twice.", "tell"),
    ("It was claimed that the firm had been warned twice.", "claim"),
]


@pytest.mark.parametrize(("text", "lemma"), UNSOURCED)
def test_nobody_is_named_by_whoever_hears(text: str, lemma: str) -> None:
    best = max(passages(text), key=lambda p: p.likelihood)
    assert best.cue is not None
    assert best.cue.lemma == lemma
    assert best.likelihood >= 0.45
    assert not best.candidates


def test_a_denied_claim_is_spoken_to_by_both() -> None:
    text = "Hale rejected Tillery's suggestion that the lockers were to blame."
    found = [p for p in passages(text) if p.likelihood >= 0.45]
    assert [contents(p, text) for p in found] == [["the lockers were to blame"]] * 2
    assert {top(p, text) for p in found} == {"Hale", "Tillery"}


def test_a_predicate_goes_on_behind_its_attribution() -> None:
    text = "The board would send a team, he said, and had not agreed to more."
    best = max(passages(text), key=lambda p: p.likelihood)
    assert contents(best, text) == [
        "The board would send a team",
        "and had not agreed to more",
    ]


def test_short_quotations_inside_a_quotation_are_quotes() -> None:
    text = "\"She wrote back, 'Touch nothing.' So I left,\" Tom Lee said."
    found = [p for p in passages(text) if p.likelihood >= 0.45]
    inner = next(p for p in found if contents(p, text) == ["Touch nothing."])
    assert inner.nested_in is not None
    assert top(inner, text) == "She"


def test_what_a_quotation_reports_is_a_quote_of_its_own() -> None:
    text = '"He told me that I held it like a spoon," Ada Holt said.'
    found = [p for p in passages(text) if p.likelihood >= 0.45]
    inner = next(p for p in found if p.kind == "indirect")
    assert contents(inner, text) == ["I held it like a spoon"]
    assert inner.nested_in is not None
    assert top(inner, text) == "He"


def test_a_paragraph_between_marks_is_a_quote() -> None:
    text = '"Why now?" asked Miss Holt.\n\n"Because I can."\n\nThe room laughed.'
    found = [p for p in passages(text) if p.likelihood >= 0.45]
    assert [contents(p, text) for p in found] == [["Why now?"], ["Because I can."]]


def test_a_closing_single_mark_is_no_possessive() -> None:
    text = "‘Why him?’ asked Miss Holt."
    best = max(passages(text), key=lambda p: p.likelihood)
    assert best.cue is not None
    assert best.cue.lemma == "ask"


@pytest.mark.parametrize(
    ("text", "content", "speaker"),
    [
        ("Lee told them to leave.", "them to leave", "Lee"),
        ("Lee advised members not to vote.", "members not to vote", "Lee"),
        ("Lee told jurors the fish had gone.", "the fish had gone", "Lee"),
        ("Lee conceded the sheets went out late.", "the sheets went out late", "Lee"),
        ("Not so, countered the bidder.", "Not so", "the bidder"),
        ("Which part? the minister inquired.", "Which part", "the minister"),
        (
            "Nobody is to order a post, he told staff.",
            "Nobody is to order a post",
            "he",
        ),
        (
            "No notice had come, its head, Ada Holt, said.",
            "No notice had come",
            "its head",
        ),
        (
            "Two drivers left, claiming they could not pay.",
            "they could not pay",
            "Two drivers",
        ),
        (
            "Lee said the bill was late; Holt, that it slept.",
            "the bill was late",
            "Lee",
        ),
        (
            "Lee said that it was “old”, and that it would stay.",
            "it was “old”, and that it would stay",
            "Lee",
        ),
        (
            "The pit, he said, and the road were shut.",
            "The pit and the road were shut",
            "he",
        ),
        ("Cutting it, she wrote, would be cruel.", "Cutting it would be cruel", "she"),
        (
            "Corvane has promised to keep it “open for years.”",
            "to keep it “open for years.”",
            "Corvane",
        ),
        ("Lee paused. “Ask me in ten days.”", "Ask me in ten days.", "Lee"),
        (
            "A diplomat described it as “short and cold.”",
            "it as “short and cold.”",
            "A diplomat",
        ),
        (
            "The release announced “the first proof of thought in a crab”.",
            "the first proof of thought in a crab",
            "The release",
        ),
        (
            "Lee trades. In her judgment, the market is short of patience.",
            "the market is short of patience",
            "her",
        ),
        (
            "Two had died, the Orra Sheriff’s Office said.",
            "Two had died",
            "the Orra Sheriff’s Office",
        ),
        (
            "The council called on both sides to return to talks.",
            "both sides to return to talks",
            "The council",
        ),
        ("PHOTO: “Pick it soon”: Ada Holt at the levee.", "Pick it soon", "Ada Holt"),
    ],
)
def test_a_structure_is_enough(text: str, content: str, speaker: str) -> None:
    found = [p for p in passages(text) if p.likelihood >= 0.45]
    assert [" ".join(s.of(text) for s in p.spans) for p in found] == [content]
    mention = found[0].candidates[0].mention
    assert text[mention.start : mention.end] == speaker


def test_the_claim_that_is_denied_belongs_to_its_owner_and_to_the_denier() -> None:
    text = "It denied a claim by the clerk, Ossy Reed, that it had been told of it."
    found = [p for p in passages(text) if p.likelihood >= 0.45]
    owners = [text[m.start : m.end] for m in (p.candidates[0].mention for p in found)]
    assert sorted(owners) == ["It", "Ossy Reed"]


def test_the_answer_to_a_fronted_question_stands_alone() -> None:
    text = "Asked whether it would go ahead, Lee paused. “Ask me in ten days.”"
    assert [p.kind for p in passages(text)] == ["direct"]


INSERTED = [
    ("Taxes, the mayor says, must rise.", "Taxes must rise", "the mayor"),
    ("The house, the family says, is for sale.", "The house is for sale", "the family"),
    (
        "A pause has been discussed, said two envoys briefed on it, who asked not to "
        "be named because the talks are private.",
        "A pause has been discussed",
        "two envoys",
    ),
    (
        "One in five readers said they had lost their card.",
        "they had lost their card",
        "One in five readers",
    ),
    (
        "The fund, which represents 2,300 people, said it feared closures.",
        "it feared closures",
        "The fund",
    ),
    (
        "A poll for the Ledger found that most back the cut.",
        "most back the cut",
        "A poll for the Ledger",
    ),
    ("Lee said it was over, a thinly veiled swipe at Holt.", "it was over", "Lee"),
    (
        "Ossy Holt said he had “every confidence” in Lee — a view few share.",
        "he had “every confidence” in Lee",
        "Ossy Holt",
    ),
    ("The deputies shouted “shame” as Lee spoke.", "shame", "The deputies"),
    ("A fan, Joan Petty, was less kind: “Ask me in May.”", "Ask me in May.", "A fan"),
    ("Lee shrugged. “You win some games.”", "You win some games.", "Lee"),
    (
        "Holt wrote that Lee had won. Lee, asked about it, shrugged. “You win some.”",
        "You win some.",
        "Lee",
    ),
    ("“We will appeal,” his wife, Lena, said.", "We will appeal,", "his wife"),
    ("“About time,” said one, filling a van.", "About time,", "one"),
    ("“There was no boat,” said one, Karim Sow.", "There was no boat,", "Karim Sow"),
    (
        "The firm now expects 180 million, it said in a trading update.",
        "The firm now expects 180 million",
        "it",
    ),
    (
        "Half paid 9 percent, it said in a report, and those below it had paid.",
        "Half paid 9 percent and those below it had paid",
        "it",
    ),
    (
        "Brokers at Peel cut it, saying the warning ‘raises questions about cash’.",
        "the warning ‘raises questions about cash’",
        "Brokers at Peel",
    ),
]


@pytest.mark.parametrize(("text", "content", "speaker"), INSERTED)
def test_the_speaker_is_who_the_sentence_names(
    text: str, content: str, speaker: str
) -> None:
    found = [p for p in passages(text) if p.likelihood >= 0.45]
    assert " ".join(s.of(text) for s in found[-1].spans) == content
    assert top(found[-1], text) == speaker


@pytest.mark.parametrize(
    "text",
    [
        "As the choir went on, the hall was full of people.",
        "A clerk asked not to be named because staff must not speak.",
        "Lee responded by suing the town.",
        "Final details of the plan are being drawn up.",
        "The word should only be used to describe people from Varne.",
        "The town was not as reassuring as it could be.",
        "Lee echoed that promise on Monday.",
        "We help Lee in all the ways that they have long said they would.",
        "He spoke when the clerk asked him a question.",
        "In a ruling on Friday, the judge ruled in their favour.",
        "It was a flaw that the authors acknowledge in the paper.",
    ],
)
def test_words_that_report_nothing(text: str) -> None:
    assert all(p.likelihood < 0.45 for p in passages(text) if p.cue)


def test_words_with_to_invert_nothing() -> None:
    text = (
        "It fell to the groundsman, Arthur Pym, to sum up the mood. “Same again, son.”"
    )
    (found,) = [p for p in passages(text) if p.likelihood >= 0.45]
    assert contents(found, text) == ["Same again, son."]


def test_a_dateline_is_no_subject() -> None:
    text = (
        "PORT HALE, Nov 3 (NewsNet) - Prosecutors charged the former treasurer of Port "
        "Hale on Monday, alleging she had moved the money."
    )
    found = [p for p in passages(text) if p.likelihood >= 0.45]
    assert [top(p, text) for p in found] == ["Prosecutors"]


def test_words_put_with_as_have_their_speaker() -> None:
    text = "“Absence of evidence,” as she puts it, “is a cloudy day.”"
    (found,) = passages(text)
    assert contents(found, text) == ["Absence of evidence,", "is a cloudy day."]
    assert top(found, text) == "she"


@pytest.mark.parametrize(
    "text",
    [
        "A spokesman did not respond when asked whether Lee had met the treasurer.",
        "Asked if that included Lee, Holt shrugged.",
        "“She kept them the way three mayors told her to keep them,” Lee said.",
        "“We wrote it carefully and we will write it again,” Lee said.",
    ],
)
def test_nobody_says_what_somebody_is_asked(text: str) -> None:
    assert all(p.kind == "direct" for p in passages(text) if p.likelihood >= 0.45)


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("Lee called that “a brave thing to say”.", "that “a brave thing to say”"),
        ("Lee called this “a mess”.", "this “a mess”"),
        ("Lee dismissed that as “a mess of ours”.", "that as “a mess of ours”"),
    ],
)
def test_what_is_judged_belongs_to_the_judgement(text: str, content: str) -> None:
    (found,) = [p for p in passages(text) if p.likelihood >= 0.45]
    assert contents(found, text) == [content]


TOGETHER = [
    ("Falk and Brandt said the vote was void.", "Falk and Brandt"),
    ("“We are done,” said Ada Holt and Tom Brandt.", "Ada Holt and Tom Brandt"),
    ("According to Holt and Brandt, it rained.", "Holt and Brandt"),
    (
        "Holt and her deputy, Tom Brandt, said they would resign.",
        "Holt and her deputy, Tom Brandt",
    ),
    (
        "Brandt, Lena Moss and two other councillors wrote that the vote was void.",
        "Brandt, Lena Moss and two other councillors",
    ),
    ("Holt met Falk and Brandt said the vote was void.", "Brandt"),
    ("“We are done,” said Ada Holt and Brandt agreed.", "Ada Holt"),
]


@pytest.mark.parametrize(("text", "speakers"), TOGETHER)
def test_two_who_speak_together_are_both_named(text: str, speakers: str) -> None:
    found = [p for p in passages(text) if p.likelihood >= 0.45]
    assert top(found[0], text) == speakers


LATE = "he was “not there yet”"
ASIDES = [
    ("Lee said – not idly – that the steps were bad.", "the steps were bad", "Lee"),
    ("Lee said, on the record, that he was sorry.", "he was sorry", "Lee"),
    (
        "According to Lee, who was there, nobody counted.",
        "nobody counted",
        "Lee",
    ),
    ("Police slept, but two men claim to have seen it.", "to have seen it", "two men"),
    ("It shut as dog walkers warned that it may fall.", "it may fall", "dog walkers"),
    ("Pressed by Holt, Lee said: “Good for them.”", "Good for them.", "Lee"),
    (
        "In the same vein, according to Holt, envoys refused to sign.",
        "In the same vein envoys refused to sign",
        "Holt",
    ),
    (
        "Talks are not likely to alter the race, noted the Herald’s Dan Chinn.",
        "Talks are not likely to alter the race",
        "Dan Chinn",
    ),
    ("Lee told clerks in May that he was “not there yet”.", LATE, "Lee"),
    ("In a speech, he declared:\n\n“It is very apt.”", "It is very apt.", "he"),
    (
        "“I went,” said a clerk, asking for anonymity to speak freely.",
        "I went,",
        "a clerk",
    ),
    ("Most say they like Lee, and some say the same of it.", "they like Lee", "Most"),
    (
        "“I’d want it,” said a member who backs Holt, asking to go. “Or else.”",
        "I’d want it, Or else.",
        "a member",
    ),
    ("Lee has a simple answer: “Count the boats.”", "Count the boats.", "Lee"),
    ("Told of the decision, Lee said: “Good for them.”", "Good for them.", "Lee"),
    ("“A mess” was how Lee described the vote.", "A mess", "Lee"),
    ("“It was a long farce” is how Lee sums it up.", "It was a long farce", "Lee"),
]


@pytest.mark.parametrize(("text", "content", "speaker"), ASIDES)
def test_an_aside_keeps_cue_and_content_together(
    text: str, content: str, speaker: str
) -> None:
    (found,) = [p for p in passages(text) if p.likelihood >= 0.45]
    assert " ".join(contents(found, text)) == content
    assert top(found, text) == speaker


def test_a_participle_takes_what_follows_it() -> None:
    text = "Lee said they had done “everything wrong,” noting that they had left it."
    found = [
        " ".join(contents(p, text)) for p in passages(text) if p.likelihood >= 0.45
    ]
    assert found == ["they had done “everything wrong,”", "they had left it"]


def test_what_is_added_behind_a_comma_is_the_quotation_alone() -> None:
    text = "In May, Lee said it could be “messy,” adding, “So is bread.”"
    found = [
        " ".join(contents(p, text)) for p in passages(text) if p.likelihood >= 0.45
    ]
    assert found == ["it could be “messy,”", "So is bread."]


ROWNTREE = "Deepika Rowntree"
CHIP = "the chip must have moved"
SOURCED = [
    ("Very little, admits Deepika Rowntree, the town’s vet.", "Very little", ROWNTREE),
    ("In his view most hums are in the ear.", "most hums are in the ear", "his"),
    ("The firm was, by her reckoning, worth 90p.", "The firm was worth 90p", "her"),
    ("Lee calls that unfair.", "that unfair", "Lee"),
    (
        "Her solicitor wrote to the Herald claiming that it was “a joke”.",
        "it was “a joke”",
        "Her solicitor",
    ),
    (
        "One advises him to “wipe the walls down”.",
        "him to “wipe the walls down”",
        "One",
    ),
    ("Another, signed by Lee, says it is dry.", "it is dry", "Another"),
    ("She pointed to a patch. “Look at that.”", "Look at that.", "She"),
    ("Lee said that was “a matter for Holt”.", "that was “a matter for Holt”", "Lee"),
    ("Lee denied having seen it.", "having seen it", "Lee"),
    ("As Lee tells it, she went to the hall.", "she went to the hall", "Lee"),
    ("Lee appealed for tents and “a good ear”.", "tents and “a good ear”", "Lee"),
    ("An audit found half of them had passed.", "half of them had passed", "An audit"),
    ("Asked why, Lee laughed: “To whom?”", "To whom?", "Lee"),
    ("She was told by Lee that it was over.", "it was over", "Lee"),
    (
        "On that forum, which has members, a pinned post advises newcomers to leave.",
        "newcomers to leave",
        "a pinned post",
    ),
    (
        "Lee said the hall had “folded like a letter,” but that it was empty.",
        "the hall had “folded like a letter,” but that it was empty",
        "Lee",
    ),
    (
        "Fog had closed the pass, it said, and the first crew landed at ten.",
        "Fog had closed the pass and the first crew landed at ten",
        "it",
    ),
    ("Not today, she told him.", "Not today", "she"),
    ("Dafydd Holt at court: ‘the chip must have moved’", CHIP, "Dafydd Holt"),
]


@pytest.mark.parametrize(("text", "content", "speaker"), SOURCED)
def test_a_source_has_its_content(text: str, content: str, speaker: str) -> None:
    (found,) = [p for p in passages(text) if p.likelihood >= 0.45]
    assert " ".join(contents(found, text)) == content
    assert top(found, text) == speaker


@pytest.mark.parametrize(
    "text",
    [
        "Lodia, whose border has been shut, offered two field hospitals.",
        "The approach was first reported by the Ledger in May.",
        "She read it out at the kitchen table.",
        "Lee offered some pointed advice to Holt.",
        "Scientists advising the talks had left.",
        "She would not say whether Lee, out of contract, would be offered a new deal.",
    ],
)
def test_what_is_done_is_not_said(text: str) -> None:
    assert all(p.likelihood < 0.45 for p in passages(text))


def test_who_is_told_is_not_the_source() -> None:
    text = "Amina had been told at noon that he was dead."
    (found,) = [p for p in passages(text) if p.likelihood >= 0.45]
    assert not found.candidates


def test_i_in_a_quotation_says_what_it_quotes() -> None:
    text = "“She was worried about somebody. I said, ‘That one,’” Lee recalled."
    inner = next(p for p in passages(text) if contents(p, text) == ["That one,"])
    assert top(inner, text) == "I"
