"""Where the borders of an answer lie in the text."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.reading.borders import says_something, tidy, whole_words


@pytest.mark.parametrize("text", ["", " ", "-", ". –", "“”", "\u200b"])
def test_punctuation_says_nothing(text: str) -> None:
    assert not says_something(text)
    assert says_something(f"{text}5")
    assert says_something(f"{text}€")


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        pytest.param("in Geneva today", "enev", "Geneva", id="both-borders-widened"),
        pytest.param("in Geneva today", "Geneva", "Geneva", id="whole-already"),
        pytest.param("in May,June and July", "Ma", "May", id="a-comma-is-a-border"),
        pytest.param("Biden’s plan", "Bid", "Biden", id="a-possessive-is-a-border"),
        pytest.param("German-Swiss", "Ger", "German", id="a-hyphen-is-a-border"),
        pytest.param("Mr. O’Brien left", "Brien", "O’Brien", id="an-apostrophe-inside"),
        pytest.param("they don't know", "don", "don't", id="a-contraction"),
        pytest.param("about 5,000 men", "00", "5,000", id="thousands"),
        pytest.param("grew by 1.5% in May", "5", "1.5%", id="decimals-and-per-cent"),
        pytest.param("fell to -3 degrees", "3", "-3", id="minus"),
        pytest.param("the 2014-15 season", "15", "15", id="a-hyphen-is-no-minus"),
        pytest.param("paid $3.5 billion", "3.5", "$3.5", id="currency"),
        pytest.param("at 5 p.m. today", "5", "5 p.m.", id="time-of-day"),
        pytest.param("at 10:30 AM.", "30 AM", "10:30 AM", id="the-point-of-a-sentence"),
        pytest.param("at 9 P.M. today", "9", "9 P.M.", id="time-of-day-in-capitals"),
        pytest.param(
            "see https://www.news.example/a-b?c=1.",
            "news",
            "https://www.news.example/a-b?c=1",
            id="web-address",
        ),
        pytest.param("(www.news.example)", "www", "www.news.example", id="address-in-brackets"),
        pytest.param(
            "ask the.desk@news-room.example.",
            "desk",
            "the.desk@news-room.example",
            id="mail-address",
        ),
        pytest.param("the U.S. army", "U.S", "U.S.", id="points-of-an-abbreviation"),
        pytest.param("MCA Inc. bought it", "MCA Inc", "MCA Inc.", id="the-point-of-a-short-word"),
        pytest.param("the F16s left", "16", "F16s", id="letters-and-digits-are-one-word"),
        pytest.param("call +47 22 85 50 50 now", "47", "+47 22 85 50 50", id="telephone"),
        pytest.param("tel. 01279 555 100 now", "555", "01279 555 100", id="national-telephone"),
        pytest.param("by phone (0344 210 7700) or", "210", "0344 210 7700", id="no-bracket-around"),
        pytest.param("dial (021) 300-77 now", "021", "(021) 300-77", id="bracket-of-a-number"),
        pytest.param("+49 (0)30 1234567.", "30", "+49 (0)30 1234567", id="bracket-inside-a-number"),
        pytest.param("call 1-800-555-0199.", "800", "1-800-555-0199", id="hyphens-in-a-number"),
        pytest.param("on 2024-09-01 it", "2024", "2024", id="a-date-is-no-telephone"),
        pytest.param("Case No. 22-CV-1187 of", "22", "22-CV-1187", id="case-number"),
        pytest.param("drug HLV-201 works", "201", "HLV-201", id="identifier"),
        pytest.param("cost 38 000 euros", "38", "38 000", id="spaced-thousands"),
        pytest.param("€2,900–3,400 a month", "€2,900", "€2,900–3,400", id="range-of-money"),
        pytest.param("(1986–1988)", "1986", "1986", id="a-range-of-years-is-not-money"),
        pytest.param(
            "and name it in cluster.tls.certificate.",
            "cluster",
            "cluster.tls.certificate",
            id="key",
        ),
        pytest.param("set max_answer_tokens to 20", "answer", "max_answer_tokens", id="identifier"),
        pytest.param(
            "pass --index-dir=my/index first", "index", "--index-dir=my/index", id="option"
        ),
        pytest.param("pass -v to see", "v", "-v", id="short-option"),
        pytest.param("see /etc/quoth/quoth.toml.", "quoth", "/etc/quoth/quoth.toml", id="path"),
        pytest.param("in ~/notes", "notes", "~/notes", id="path-from-home"),
        pytest.param("below $HOME there", "HOME", "$HOME", id="variable"),
        pytest.param("written in C++ and C#.", "C", "C++", id="plus-plus"),
        pytest.param("call len() and str.join() first", "join", "str.join()", id="call"),
        pytest.param("at 35 km/h here", "35 km", "35 km/h", id="per-hour"),
        pytest.param("about one in 1,000 people", "1,000", "one in 1,000", id="one-in-many"),
        pytest.param("nine out of ten did", "nine", "nine out of ten", id="so-many-out-of-so-many"),
        pytest.param("she won one in 1949", "1949", "1949", id="a-year-makes-no-ratio"),
        pytest.param("one in 20 minutes", "20", "20", id="a-duration-makes-no-ratio"),
        pytest.param("5 € each", "5", "5 €", id="currency-behind"),
        pytest.param("(Go!)", "!", "!", id="punctuation-stays-alone"),
        pytest.param("Łódź", "ód", "Łódź", id="letters-beyond-ascii"),
        pytest.param("said Jose\u0301.", "Jose", "Jose\u0301", id="a-combining-accent-behind"),
        pytest.param("Mu\u0308ller", "ller", "Mu\u0308ller", id="a-combining-accent-inside"),
        pytest.param("हिन्दी में", "ह", "हिन्दी", id="vowel-signs"),
    ],
)
def test_a_span_is_widened_to_whole_words(text: str, part: str, whole: str) -> None:
    begin = text.index(part)
    start, end = whole_words(text, begin, begin + len(part))
    assert text[start:end] == whole


@st.composite
def text_and_range(draw: st.DrawFn) -> tuple[str, int, int]:
    words = st.text(
        st.sampled_from("ab1éß中ह\u0301ि '.-\n😀,%$“”\"()‘’pm"), min_size=1, max_size=30
    )
    pieces = st.sampled_from(
        ["“", "”", '"', "(", ")", "‘", "’s", " ", "5 p.m.", "U.S.", "1,000.5%"]
    )
    mixed = st.lists(pieces | st.sampled_from("aB, .\n"), min_size=1, max_size=20).map("".join)
    text = draw(words | mixed | st.text(min_size=1, max_size=30))
    start = draw(st.integers(0, len(text) - 1))
    return text, start, draw(st.integers(start + 1, len(text)))


@given(text_and_range())
@example(("ab", 0, 1))
@example(("ab", 1, 2))
def test_widening_stays_in_the_text_and_never_cuts_a_run_of_letters_and_digits(
    chosen: tuple[str, int, int],
) -> None:
    text, start, end = chosen
    new_start, new_end = whole_words(text, start, end)
    assert 0 <= new_start <= start
    assert end <= new_end <= len(text)
    assert not text[max(0, new_start - 1) : new_start + 1].isalnum() or new_start == 0
    assert not text[new_end - 1 : new_end + 1].isalnum() or new_end == len(text)


@given(text_and_range())
def test_widening_adds_more_than_one_word_only_inside_a_number(
    chosen: tuple[str, int, int],
) -> None:
    text, start, end = chosen
    new_start, new_end = whole_words(text, start, end)
    for added in (text[new_start:start], text[end:new_end]):
        words = added.split()
        assert len(words) <= 2 or all(word.isdigit() for word in words)
    assert whole_words(text, new_start, new_end) == (new_start, new_end)


SEED = "‘Villa la Grange’ in Geneva, Switzerland. | Patrick Semansky / AP Photo"


@pytest.mark.parametrize(
    ("text", "part", "tidied"),
    [
        pytest.param(SEED, "Villa la Grange’ in Geneva", "‘Villa la Grange’ in Geneva", id="seed"),
        pytest.param(SEED, "Switzerland. |", "Switzerland", id="marks-behind"),
        pytest.param("in June, during", " June,", "June", id="a-comma-behind"),
        pytest.param("- the U.S., and", "- the U.S.,", "the U.S.", id="a-point-that-belongs"),
        pytest.param("It cost .5 cents.", ".5 cents.", ".5 cents", id="a-leading-point"),
        pytest.param('the song "My Life" by', 'My Life"', "My Life", id="a-closing-mark-dropped"),
        pytest.param('the song "My Life" by', '"My', "My", id="an-opening-mark-dropped"),
        pytest.param('the song "My Life" by', '"My Life"', '"My Life"', id="a-whole-quotation"),
        pytest.param("Luther (the monk) said", "Luther (the", "Luther (the monk)", id="closed"),
        pytest.param("(the monk) Luther", "monk) Luther", "(the monk) Luther", id="opened"),
        pytest.param("from 1974) on", "1974)", "1974", id="a-bracket-without-partner"),
        pytest.param("(" + "a " * 40 + "b) c", "b) c", "b) c", id="a-partner-too-far"),
        pytest.param("the workers’ party", "the workers’", "the workers", id="possessive-plural"),
        pytest.param("the '70s' sound", "'70s' sound", "70s' sound", id="an-elision"),
        pytest.param("motto 'Work and hope' of", "'Work and hope", "Work and hope", id="single"),
        pytest.param("a 'calm,' and now", "calm,' and", "'calm,' and", id="a-single-mark-opened"),
        pytest.param(
            "the workers' 'party'", "workers' 'party", "workers' 'party'", id="apostrophe-and-mark"
        ),
        pytest.param(
            "it isn't the boys' own", "isn't the boys'", "isn't the boys", id="apostrophe"
        ),
        pytest.param(
            'the "use of "good" print" here', 'use of "good', 'use of "good"', id="in-a-quotation"
        ),
        pytest.param('a 5" pipe, " he said', '5"', "5", id="inches"),
        pytest.param("What? ...", "...", "...", id="only-punctuation"),
        pytest.param("the Kremlin said", "the Kremlin", "the Kremlin", id="an-article-stays"),
    ],
)
def test_a_span_gets_the_borders_that_a_person_would_give_it(
    text: str, part: str, tidied: str
) -> None:
    begin = text.index(part)
    start, end = tidy(text, begin, begin + len(part))
    assert text[start:end] == tidied


@given(text_and_range())
@example(('a(b"c)d"', 3, 4))
def test_tidying_gives_a_range_of_the_text_and_twice_is_once(chosen: tuple[str, int, int]) -> None:
    text, start, end = chosen
    new_start, new_end = tidy(text, start, end)
    assert 0 <= new_start < new_end <= len(text)
    assert tidy(text, new_start, new_end) == (new_start, new_end)


@given(text_and_range())
def test_tidying_never_leaves_white_space_or_half_a_word_at_a_border(
    chosen: tuple[str, int, int],
) -> None:
    text, start, end = chosen
    new_start, new_end = tidy(text, start, end)
    if any(character.isalnum() for character in text[start:end]):
        assert not text[new_start].isspace()
        assert not text[new_end - 1].isspace()
        assert whole_words(text, new_start, new_end) == (new_start, new_end)


@given(text_and_range(), st.sampled_from(["“”", "()", "[]", "«»"]))
def test_brackets_and_quotation_marks_on_a_line_are_balanced_after_tidying(
    chosen: tuple[str, int, int], marks: str
) -> None:
    # One pair on a line of letters: where the span cuts it, it holds both marks or none after.
    text, start, end = chosen
    letters = "".join(character if character.isalnum() else "x" for character in text)
    line = f"{letters} {marks[0]}{letters}{marks[1]} {letters}"
    new_start, new_end = tidy(line, start, end + len(letters))
    answer = line[new_start:new_end]
    assert answer.count(marks[0]) == answer.count(marks[1])
