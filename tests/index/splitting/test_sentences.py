"""What `split_sentences` promises, on small texts, the seed article and random Unicode."""

import json
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.splitting.sentences import (
    LONG_SENTENCE,
    LONGEST_SENTENCE,
    WINDOW,
    split_sentences,
    split_with,
)
from qa.values import Sentence

ROOT = Path(__file__).parents[3]
ARTICLE = (
    (ROOT / "seeds" / "000_751be9ff2f0701a9.txt")
    .read_text("utf-8")
    .removeprefix(" date 2021-11-15 ")
)


def quotes(text: str) -> list[str]:
    return [text[one.start : one.end] for one in split_sentences(text)]


def assert_covers(text: str, sentences: Sequence[Sentence]) -> None:
    cursor = 0
    for index, one in enumerate(sentences):
        assert one.index == index
        assert not text[cursor : one.start].strip(), "visible text lies between two sentences"
        assert cursor <= one.start < one.end <= len(text)
        assert text[one.start : one.end] == text[one.start : one.end].strip()
        cursor = one.end
    assert not text[cursor:].strip(), "visible text lies behind the last sentence"


def test_ranges_count_code_points_from_the_start_of_the_text() -> None:
    assert split_sentences(" 🎉 One. Two! ") == [Sentence(0, 1, 7), Sentence(1, 8, 12)]


@pytest.mark.parametrize("text", ["", " ", "\r\n\t\u00a0\u3000\n"])
def test_a_text_without_visible_characters_has_no_sentences(text: str) -> None:
    assert split_sentences(text) == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Mr. Smith of the U.S. Senate met Dr. Jones.", id="titles-and-countries"),
        pytest.param("Some fruits, e.g. apples, keep well.", id="latin"),
        pytest.param("No. 5 costs $3.50 at 9 a.m. on Sept. 9.", id="numbers-and-times"),
        pytest.param("J. K. Rowling and J.R.R. Tolkien met.", id="initials"),
        pytest.param("See https://a.example/b.c?d=e.f or ask j.doe@a.example.", id="addresses"),
        pytest.param("See www.Example.Com/A.B for more.", id="address-with-capitals"),
        pytest.param("“Stop!” he cried, and ran.", id="mark-inside-a-quotation"),
        pytest.param("“We won. They lost,” he said.", id="short-quotation-of-two-sentences"),
        pytest.param("I thought ... maybe not.", id="ellipsis"),
        pytest.param("They met Ms. Blanc and Ms. Odette Hay.", id="title-of-a-woman"),
        pytest.param("MS. DEL RÍO and Cllr. Susan Webb were there.", id="other-titles"),
        pytest.param("Ann Ray, room 2, tel. 01279 555 140 or fax. +44 20.", id="telephone"),
        pytest.param("Atty. Gen. Smith spoke at Ft. Worth.", id="title-of-a-lawyer-and-fort"),
        pytest.param("See Ch. 3 of Vol. II and ch. 4 of vol. 5.", id="chapters-and-volumes"),
        pytest.param("The firm, est. 1850, owes approx. $5.", id="years-and-sums"),
        pytest.param("See source:https://En.Example/A.B for more.", id="address-behind-a-word"),
        pytest.param("It is in [its guide](https://En.Example/A.B) now.", id="address-of-a-link"),
        pytest.param("(Yahoo!) was sold in 2017.", id="mark-inside-brackets"),
        pytest.param("On 4 May Mrs. Bo Li left.", id="title-behind-a-month"),
        pytest.param("He said: No Mrs. Li was there.", id="title-behind-no"),
        pytest.param("Go to No. Ten of the street.", id="number-in-words"),
        pytest.param("He lives (No. Ten of the street).", id="number-in-words-in-brackets"),
        pytest.param("Squad: No. Name Goals", id="columns-in-one-line"),
        pytest.param("He sang in Oliver! and in “Who’s Afraid?” by Bo Li.", id="mark-in-a-title"),
        pytest.param("Their first album was Alive! (1975), by Kiss.", id="title-before-a-year"),
        pytest.param("“Are you there?” asked Ann Ray.", id="question-in-a-quotation"),
    ],
)
def test_a_full_stop_inside_a_sentence_does_not_end_it(text: str) -> None:
    assert quotes(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("It passed.The end.", ["It passed.", "The end."], id="no-space-behind-stop"),
        pytest.param("“Go.” He went.", ["“Go.”", "He went."], id="stop-inside-quotation-marks"),
        pytest.param("(Go.) He went.", ["(Go.)", "He went."], id="sentence-in-brackets"),
        pytest.param("Is it?! Yes.", ["Is it?!", "Yes."], id="several-marks"),
        pytest.param("Great! 🎉 Bye.", ["Great! 🎉", "Bye."], id="emoji-ends-the-sentence"),
        pytest.param(
            "下雨了。出太阳了！真的？", ["下雨了。", "出太阳了！", "真的？"], id="chinese"
        ),
        pytest.param(
            "It weighs 5 kg approx. The firm is old.",
            ["It weighs 5 kg approx.", "The firm is old."],
            id="abbreviation-at-the-end",
        ),
        pytest.param(
            "It weighs 5 kg approx. Ivan weighed it.",
            ["It weighs 5 kg approx.", "Ivan weighed it."],
            id="name-behind-an-abbreviation",
        ),
        pytest.param(
            "See ch. 3 now. 5 came.", ["See ch. 3 now.", "5 came."], id="number-behind-a-sentence"
        ),
        pytest.param(
            "It is the best. 5 came.",
            ["It is the best.", "5 came."],
            id="word-like-an-abbreviation",
        ),
        pytest.param("He sees films. She reads.", ["He sees films.", "She reads."], id="no-title"),
        pytest.param(
            "I met Ms. Hay. Ann left.", ["I met Ms. Hay.", "Ann left."], id="after-a-title"
        ),
        pytest.param("We saw PMs. Ann left.", ["We saw PMs.", "Ann left."], id="word-like-a-title"),
        pytest.param("It is awww.So nice.", ["It is awww.", "So nice."], id="word-like-an-address"),
        pytest.param("1. Open it. 2. Go.", ["1. Open it.", "2. Go."], id="numbered-in-one-line"),
        pytest.param("(2) Ask. Then pay.", ["(2) Ask.", "Then pay."], id="numbered-in-brackets"),
        pytest.param("Step 1. Open it. Go.", ["Step 1. Open it.", "Go."], id="numbered-by-a-word"),
        pytest.param("It is 4 May. Jan left.", ["It is 4 May.", "Jan left."], id="month"),
        pytest.param("Born in Dec. Eva left.", ["Born in Dec.", "Eva left."], id="short-month"),
        pytest.param("Boil it 5 min. Serve.", ["Boil it 5 min.", "Serve."], id="unit"),
        pytest.param("It needs 800 g. Stir.", ["It needs 800 g.", "Stir."], id="grams"),
        pytest.param("It did 90 km/h. Bo fell.", ["It did 90 km/h.", "Bo fell."], id="per-hour"),
        pytest.param("A: No. Water is allowed.", ["A: No.", "Water is allowed."], id="no"),
        pytest.param("They say no. We go.", ["They say no.", "We go."], id="they-say-no"),
        pytest.param("He left.¹ She held it.", ["He left.¹", "She held it."], id="footnote-mark"),
        pytest.param("He left. † She died.", ["He left.", "† She died."], id="footnote-begins"),
        pytest.param("Great! 🎉Bye.", ["Great!", "🎉Bye."], id="emoji-begins-a-sentence"),
        pytest.param("so good! we go.", ["so good!", "we go."], id="no-capitals"),
        pytest.param("It is new! (See 5.)", ["It is new!", "(See 5.)"], id="bracket-behind-a-mark"),
    ],
)
def test_sentences_end_at_their_final_punctuation(text: str, expected: list[str]) -> None:
    assert quotes(text) == expected


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\u2028"])
def test_blank_lines_separate_whatever_the_newline(newline: str) -> None:
    text = f"no full stop here{newline} \t{newline}and none here"
    assert quotes(text) == ["no full stop here", "and none here"]


@pytest.mark.parametrize("marker", ["- ", "* ", "• ", "•", "1. ", "12) "])
def test_each_list_item_is_a_sentence_with_its_marker(marker: str) -> None:
    text = f"Bring these:\n{marker}a tent\n  {marker}a lamp"
    assert quotes(text) == ["Bring these:", f"{marker}a tent", f"{marker}a lamp"]


def test_a_wrapped_number_at_a_lines_start_marks_no_item() -> None:
    text = "She died at the age of\n84. The cause was a stroke."
    assert quotes(text) == ["She died at the age of\n84.", "The cause was a stroke."]


def test_each_entry_of_a_programme_is_a_sentence_with_its_wrapped_lines() -> None:
    entries = ["18:00 Opening by the mayor and\nthe Minister", "19:30 Concert", "Bar"]
    assert quotes("\n".join(entries)) == entries


def test_each_row_of_a_table_is_a_sentence() -> None:
    lines = ["Goals of 2023", "Player | Goals", "Ada Lovelace | 21", "others | 17", "and so on"]
    assert quotes("\n".join(lines)) == lines


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_hard_wrapped_sentence_stays_whole_even_before_a_name(newline: str) -> None:
    sentence = newline.join(
        [
            "The committee met on Friday to discuss the proposal of President",
            "Biden and the answer of the Kremlin, which had been expected for",
            "weeks.",
        ]
    )
    assert quotes(f"{sentence} It was late.") == [sentence, "It was late."]


def test_a_headline_is_a_sentence_of_its_own() -> None:
    assert quotes("Russia gathers troops\nNATO is alarmed. So is Kyiv.") == [
        "Russia gathers troops",
        "NATO is alarmed.",
        "So is Kyiv.",
    ]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(["Ada Moss | 1815 | London", "Bo Li | 1902 | Rome"], id="cells"),
        pytest.param(["| Ada Moss | 1815 |", "|---|---|", "| Bo Li | 1902 |"], id="raw-markdown"),
        pytest.param(["Ada Moss\t1815\tLondon", "Bo Li\t1902\tRome"], id="tabs"),
        pytest.param(
            ["Mayor:   Ruth Calloway", "Deputy mayor:   Bo Li", "Seat: Rome"], id="fields"
        ),
        pytest.param(["Ada Moss    1815   London", "Bo Li       1902   Rome"], id="aligned"),
    ],
)
def test_each_row_of_a_table_is_a_sentence_whatever_its_length(rows: list[str]) -> None:
    assert quotes("\n".join(rows)) == rows
    assert quotes("\n".join(reversed(rows))) == [*reversed(rows)]


@pytest.mark.parametrize(
    "text",
    [
        "Note: the town of Alderney, which is the seat of\nBrackwater, has one thing: a mayor.",
        "It holds for each of the numbers with |x| < 1 and\nBernoulli has |y| > 2, as is known.",
        "It had been a port since the year of\n1815: a ship came, and in the spring of\n1816: 2.",
    ],
)
def test_a_colon_or_bars_in_wrapped_prose_make_no_rows(text: str) -> None:
    assert quotes(text) == [text]


def test_a_short_line_that_cannot_end_there_is_no_headline() -> None:
    text = "They spoke about the\nRussian answer."
    assert quotes(text) == [text]


def test_a_long_quotation_is_cut_into_its_sentences() -> None:
    said = "Nobody in this town has seen so much water since the great storm. "
    text = f"“{said * 8}We leave,” he said. He left."
    sentences = quotes(text)
    assert len(text) > LONG_SENTENCE
    assert sentences[0] == f"“{said}".strip()
    assert sentences[1:8] == [said.strip()] * 7
    assert sentences[-1] == "He left."


@pytest.mark.parametrize("inner", ["(We stay.)", "[We stay.]", "‘We stay.’", '"We stay."'])
def test_a_sentence_in_a_long_quotation_begins_with_its_own_opening_mark(inner: str) -> None:
    said = "Nobody in this town has seen so much water since the great storm. "
    assert quotes(f"“{said * 7}{inner} We go.” He left.")[-3:] == [inner, "We go.”", "He left."]


def test_a_short_quotation_stays_whole_however_late_in_a_text_it_stands() -> None:
    quotation = "“We won. They lost,” he said."
    before = "It rained all day. " * 30
    assert len(before) > LONG_SENTENCE
    assert quotes(before + quotation)[-2:] == ["It rained all day.", quotation]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Half an emoji \ud83d stays. So does this.", id="lone-surrogate"),
        pytest.param("A byte\x00 stays. So\x07 does this.", id="control-characters"),
        pytest.param("A\u200b mark stays.\u200b So does this.\ufeff", id="zero-width"),
        pytest.param("\ufeff\n\nIt stays. So does this.", id="byte-order-mark-first"),
        pytest.param("A family 👨‍👩‍👧 stays. So does this.", id="joined-emoji"),
    ],
)
def test_odd_characters_are_kept_and_do_not_hide_the_border(text: str) -> None:
    sentences = split_sentences(text)
    assert len(sentences) == 2
    assert_covers(text, sentences)


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([], id="nothing"),
        pytest.param(["not in the text"], id="foreign"),
        pytest.param(["Two.", "One."], id="out-of-order"),
        pytest.param(["One.", "Tw"], id="the-end-is-missing"),
        pytest.param(["", " ", "One."], id="empty"),
        pytest.param(["One.", "One.", "Two."], id="repeated"),
    ],
)
def test_no_text_is_lost_whatever_the_library_returns(pieces: list[str]) -> None:
    text = "One. Two. Three."
    assert_covers(text, split_with(lambda _: pieces, text))


def test_behind_what_is_not_in_the_text_nothing_the_library_returns_is_believed() -> None:
    text = "One. Two. Three. Four."
    found = split_with(lambda _: ["One.", "Two.", "not in the text", "Four."], text)
    assert [text[one.start : one.end] for one in found] == ["One.", "Two. Three. Four."]


def test_a_sentence_longer_than_the_window_is_not_cut() -> None:
    long = "word " * (WINDOW // 4) + "end."
    assert WINDOW < len(long) < LONGEST_SENTENCE
    assert quotes(f"First. {long} Last one.") == ["First.", long, "Last one."]


@pytest.mark.parametrize("unit", ["longer ", "漢", "ab\n"])
def test_what_has_no_end_is_cut_into_parts_that_can_be_quoted(unit: str) -> None:
    text = (unit * (LONGEST_SENTENCE + 1)).strip()
    sentences = split_sentences(text)
    assert_covers(text, sentences)
    assert len(sentences) > 1
    assert max(map(len, quotes(text))) <= LONGEST_SENTENCE
    if unit != "漢":
        assert all(text[one.end : one.end + 1].strip() == "" for one in sentences)


def test_windows_do_not_change_the_borders() -> None:
    text = "The vote was close, Mr. Smith said. It passed on No. 5 of the U.S. agenda. " * 500
    assert quotes(text) == 500 * [
        "The vote was close, Mr. Smith said.",
        "It passed on No. 5 of the U.S. agenda.",
    ]


def test_the_seed_article_is_covered_and_its_known_sentences_are_found() -> None:
    sentences = split_sentences(ARTICLE)
    assert_covers(ARTICLE, sentences)
    found = quotes(ARTICLE)
    assert found[0].startswith("To the alarm of the United States")
    assert found[-1] == "Paul McLeary contributed to this report."
    assert (
        "I mean 10 months have passed, a former U.S. national security official who was dealing"
        " with Russia said about Biden’s teams approach."
    ) in found
    assert (
        "Biden himself has long distrusted Putin and, at least in the past, has defended his"
        in (found[10])
    )


def test_nearly_all_hand_made_cases_are_cut_as_expected() -> None:
    cases = [
        json.loads(line)
        for line in (ROOT / "tests" / "data" / "segmentation.jsonl").read_text("utf-8").splitlines()
    ]
    wrong = [case["text"] for case in cases if quotes(case["text"]) != case["sentences"]]
    # docs/sentence-segmentation.md lists the known failures; this floor catches a step back.
    assert len(wrong) <= 0.08 * len(cases), wrong


PIECES = st.sampled_from(
    [*"\n\r\t .!?…。！\"'“”()[]-*•1aZ.\x00\x1c\x85\u200b\u2028\u2029\ufeff😀\ufe0f中"]
    + [
        "\r\n",
        "\n\n",
        "U.S. ",
        "Mr. ",
        "Ms. ",
        "Vol. ",
        "One. ",
        "\ud83d",
        "\udc00",
        "1. ",
        "- ",
        "www.A.B",
        "a@B.C",
    ]
)
ANY_TEXT = st.text(st.characters(codec=None)) | st.lists(PIECES, max_size=80).map("".join)


@given(text=ANY_TEXT)
@settings(max_examples=400)
def test_every_visible_character_of_any_text_lies_in_exactly_one_sentence(text: str) -> None:
    assert_covers(text, split_sentences(text))


@given(text=ANY_TEXT)
@settings(max_examples=100)
def test_the_same_text_is_always_cut_in_the_same_way(text: str) -> None:
    assert split_sentences(text) == split_sentences(text)


@given(text=ANY_TEXT, pieces=st.lists(st.text(max_size=5), max_size=8))
@settings(max_examples=100)
def test_any_library_can_be_aligned(text: str, pieces: list[str]) -> None:
    assert_covers(text, split_with(lambda _: pieces, text))


@pytest.mark.parametrize(
    "unit", ["word ", "x", "“", "“a. ", "A.B.", "- a\n", "A\n\n", "1. ", "😀. "]
)
def test_time_grows_in_step_with_length(unit: str) -> None:
    small, large = (unit * 25_000)[:25_000], (unit * 200_000)[:200_000]
    # Eight times the length; quadratic time would be 64 times as long.
    longest = 30 * min(_seconds(small) for _ in range(2)) + 0.1
    # What was interrupted has a second try.
    assert any(_seconds(large) < longest for _ in range(2))


def _seconds(text: str) -> float:
    begun = time.thread_time()  # other processes' time says nothing of this one's
    split_sentences(text)
    return time.thread_time() - begun


@pytest.mark.parametrize("border", [" | ", "\t"])
def test_units_in_brackets_do_not_part_a_row_but_full_stops_do(border: str) -> None:
    head = border.join(["Cereal", "Energy (kcal)", "Fat (g)", "Salt (mg)"])
    text = border.join(["1901", "The station was founded. It has a boat."])
    assert quotes(f"{head}\n{text}") == [
        head,
        text.removesuffix(" It has a boat."),
        "It has a boat.",
    ]
