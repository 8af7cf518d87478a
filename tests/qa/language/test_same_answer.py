"""Which answers are the same in other words, and which only look like it."""

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.language.same_answer import answer_keys, comparable_words


@dataclass(frozen=True)
class Said:
    """An answer and where it stands."""

    article_id: str
    text: str


def same(one: Said, other: Said, **articles: str) -> bool:
    texts = {name: [text] for name, text in articles.items()}
    first, second = answer_keys([one, other], texts, {})
    return first == second


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("The White House", "“white house”", id="article-capitals-marks"),
        pytest.param("A", "“a”", id="an-article-alone"),
        pytest.param("two", "2", id="number-word"),
        pytest.param("Rex Lo, Bo Li and Ada Cole", "Ada Cole & Bo Li, Rex Lo", id="names-in-order"),
        pytest.param("1,000 soldiers", "1000 soldiers", id="thousands"),
        pytest.param("5 percent", "5%", id="per-cent"),
        pytest.param("120 000", "120,000", id="spaced-thousands"),
        pytest.param("1.2 million", "1,200,000", id="million"),
        pytest.param("two hundred men", "200 men", id="hundred"),
        pytest.param("twenty-five cents", "25 cents", id="tens"),
        pytest.param("$3.5bn", "3.5 billion dollars", id="currency"),
        pytest.param("US$5m", "$5 million", id="millions-of-a-currency"),
        pytest.param("$1", "1 dollar", id="one-dollar"),
        pytest.param("415 pence", "£4.15", id="pence"),
        pytest.param("50p", "£0.50", id="pence-for-short"),
        pytest.param("€5mn", "5 million euros", id="millions-as-mn"),
        pytest.param("twenty-one cents", "21 cents", id="tens-and-one"),
        pytest.param("€90 million", "90,000,000 euros", id="euros"),
        pytest.param("5 km", "five kilometres", id="kilometres"),
        pytest.param("5kg", "5 kilograms", id="kilograms"),
        pytest.param("8 pm", "20:00", id="evening"),
        pytest.param("7.30 p.m.", "19:30", id="point-in-a-time"),
        pytest.param("95 minutes", "95 min", id="minutes"),
        pytest.param("3.5 hours", "3.5 h", id="hours"),
        pytest.param("two yrs", "2 years", id="years"),
        pytest.param("21 degrees Celsius", "21 °C", id="degrees"),
        pytest.param("1,133.0", "1,133", id="no-decimals"),
        pytest.param("240 m²", "240 square metres", id="square"),
        pytest.param("35 km/h", "35 kilometres per hour", id="speed"),
        pytest.param("nineteenth century", "19th century", id="century"),
        pytest.param("twenty-first", "21st", id="ordinal-word"),
        pytest.param("CHF 6.3 million", "6.3 million Swiss francs", id="currency-code"),
        pytest.param("5 €", "€5", id="sign-behind"),
        pytest.param("Saturday, 27 April 2024", "April 27, 2024", id="weekday"),
        pytest.param("9:00 AM", "9 a.m.", id="full-hour"),
        pytest.param("10:30pm", "10:30 p.m.", id="time"),
        pytest.param("Sept. 3, 1950", "3 September 1950", id="day-and-month"),
        pytest.param("September 3rd", "the 3rd of September", id="ordinals"),
        pytest.param("1950-09-03", "September 3, 1950", id="iso-date"),
        pytest.param("Dec. 1950", "December 1950", id="month-and-year"),
        pytest.param("the U.S.", "US", id="abbreviation"),
        pytest.param("Biden’s", "Biden", id="possessive"),
        pytest.param("the workers’", "workers", id="possessive-plural"),
        pytest.param("Teo Šimić", "Teo Simic", id="accents"),
        pytest.param("Zlata Đorđević", "Zlata Dordevic", id="strokes"),
        pytest.param("S\u0326tefan Bjørn Łaski", "Stefan Bjorn Laski", id="combining-marks"),
        pytest.param("Jake Sullivan", "National Security Adviser Jake Sullivan", id="title"),
        pytest.param("Sen. Mark Warner", "Mark Warner", id="short-title"),
        pytest.param("Cllr. Susan Webb", "Susan Webb", id="councillor"),
        pytest.param("Rt. Hon. Fiona Galbraith", "Fiona Galbraith", id="honourable"),
        pytest.param("Lt. Gen. Ann Ray", "Ann Ray", id="two-short-titles"),
        pytest.param("President Ursula von der Leyen", "Ursula von der Leyen", id="particles"),
        pytest.param("Crown Prince Mohammed bin Salman", "Mohammed bin Salman", id="son-of"),
        pytest.param("President Bashar al-Assad", "Bashar al-Assad", id="article-in-a-name"),
    ],
)
def test_these_are_the_same_answer_in_any_two_articles(one: str, other: str) -> None:
    assert same(Said("a", one), Said("b", other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Paris, Texas", "Texas, Paris", id="a-place-in-another"),
        pytest.param("between 2 and 3", "between 3 and 2", id="numbers-in-order"),
        pytest.param("Ada Cole and Bo Li", "Ada Cole", id="one-of-two"),
        pytest.param("10", "110", id="part-of-a-number"),
        pytest.param("1.5", "15", id="decimal-point"),
        pytest.param("-5", "5", id="minus"),
        pytest.param("5%", "5", id="per-cent"),
        pytest.param("$5", "5", id="currency"),
        pytest.param("$5", "€5", id="currencies"),
        pytest.param("5 m", "5 million", id="metres"),
        pytest.param("5 km", "5 m", id="units"),
        pytest.param("9 am", "9 pm", id="halves-of-a-day"),
        pytest.param("9:30", "21:30", id="hours-of-a-day"),
        pytest.param("version 2.0.1", "version 2.1", id="versions"),
        pytest.param("21 °C", "21 °F", id="degrees"),
        pytest.param("5 min", "5 m", id="minutes"),
        pytest.param("5 hours", "5 min", id="hours"),
        pytest.param("5 years", "5 hours", id="years"),
        pytest.param("three", "third", id="ordinal"),
        pytest.param("Market 5", "March 5", id="no-month"),
        pytest.param("3 May 1950", "5 March 1950", id="dates"),
        pytest.param("1.2 million", "1.2 billion", id="magnitudes"),
        pytest.param("guilty", "not guilty", id="not"),
        pytest.param("Korea", "North Korea", id="another-country"),
        pytest.param("Washington", "George Washington", id="a-city-and-a-president"),
        pytest.param("Washington", "President Washington", id="a-city-and-a-title"),
        pytest.param("May 1979", "4 May 1979", id="month-and-day"),
        pytest.param("1979", "May 1979", id="year-and-month"),
        pytest.param("Vitamin", "Vitamin A", id="an-a-behind"),
        pytest.param("Poland", "Poland and Latvia", id="part-of-a-list"),
        pytest.param("Vladimir Putin", "Joe Biden and President Vladimir Putin", id="two-people"),
        pytest.param("Jake Sullivan", "Andrew Sullivan", id="first-names"),
        pytest.param("か", "が", id="a-voiced-kana"),
        pytest.param("!", "?", id="marks-alone"),
    ],
)
def test_these_are_different_answers(one: str, other: str) -> None:
    assert not same(Said("a", one), Said("b", other))
    # Nor in one article that has no more than these words.
    assert not same(
        Said("a", one), Said("a", other), a=f"It was {one.lower()}. So {other.lower()}."
    )


@pytest.mark.parametrize(
    ("text", "full", "short"),
    [
        pytest.param("Jake Sullivan came. Sullivan left.", "Jake Sullivan", "Sullivan", id="last"),
        pytest.param(
            "Jake Sullivan came. But Sullivan left.", "Jake Sullivan", "Sullivan", id="but"
        ),
        pytest.param("Jake Sullivan. Mr. Sullivan left.", "Jake Sullivan", "Mr. Sullivan", id="mr"),
        pytest.param(
            "President Joe Biden came. President Biden left.",
            "Joe Biden",
            "President Biden",
            id="title",
        ),
        pytest.param("J. Jones came. Jones left.", "J. Jones", "Jones", id="initial"),
        pytest.param(
            "President Ursula von der Leyen came. President von der Leyen left.",
            "Ursula von der Leyen",
            "President von der Leyen",
            id="particles",
        ),
    ],
)
def test_in_one_article_a_last_name_is_its_full_name(text: str, full: str, short: str) -> None:
    assert same(Said("a", full), Said("a", short), a=text)
    assert not same(Said("a", full), Said("b", short), a=full, b=f"{short} left.")


@pytest.mark.parametrize(
    ("text", "full", "short"),
    [
        pytest.param("North Korea and Korea.", "North Korea", "Korea", id="compass"),
        pytest.param("The White House and the House.", "White House", "House", id="colour"),
        pytest.param("New York. York is older.", "New York", "York", id="new"),
        pytest.param(
            "Barack Obama and Michelle Obama came. Obama left.", "Barack Obama", "Obama", id="two"
        ),
        pytest.param(
            "Michelle Obama came. President Obama left.", "Michelle Obama", "Obama", id="a-title"
        ),
        pytest.param(
            "George Washington University is in Washington.",
            "George Washington",
            "Washington",
            id="part-of-another-name",
        ),
    ],
)
def test_in_one_article_these_stay_apart(text: str, full: str, short: str) -> None:
    assert not same(Said("a", full), Said("a", short), a=text)


def test_two_full_names_are_never_grouped_by_a_last_name_between_them() -> None:
    said = [Said("a", "Jake Sullivan"), Said("a", "Sullivan"), Said("b", "Sullivan")]
    keys = answer_keys(
        [*said, Said("b", "Andrew Sullivan"), Said("c", "Sullivan")],
        {
            "a": ["Jake Sullivan came. Sullivan left."],
            "b": ["Andrew Sullivan came. Sullivan left."],
            "c": ["Sullivan slept."],
        },
        {},
    )
    assert keys == [
        ("jake", "sullivan"),
        ("jake", "sullivan"),
        ("andrew", "sullivan"),
        ("andrew", "sullivan"),
        ("sullivan",),
    ]


def test_equal_texts_stay_one_answer_where_only_one_article_gives_the_full_name() -> None:
    keys = answer_keys(
        [Said("a", "Sullivan"), Said("b", "Sullivan")],
        {"a": ["Jake Sullivan came. Sullivan left."], "b": ["Sullivan slept."]},
        {},
    )
    assert keys == [("jake", "sullivan")] * 2


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        pytest.param("Friday", "on Friday", True, id="of-one-week"),
        pytest.param("Friday", "3 May 2024", True, id="the-date"),
        pytest.param("on Friday", "May 10, 2024", False, id="the-date-of-the-next"),
        pytest.param("Sunday evening", "Sunday evening", False, id="of-two-weeks"),
        pytest.param("Friday evening", "3 May 2024", False, id="a-part-of-the-day"),
        pytest.param("yesterday", "yesterday", False, id="yesterday"),
        pytest.param("last week", "last week", False, id="last-week"),
        pytest.param("two years ago", "two years ago", False, id="ago"),
        pytest.param("Robert Friday", "Robert Friday", True, id="a-name"),
        pytest.param("the Friday prayers", "Friday prayers", True, id="a-thing"),
    ],
)
def test_a_day_is_the_one_that_it_means_in_its_article(one: str, other: str, is_same: bool) -> None:
    published = {"a": date(2024, 5, 4), "b": date(2024, 5, 6)}
    first, second = answer_keys([Said("a", one), Said("b", other)], {}, published)
    assert (first == second) is is_same


def test_in_articles_without_a_date_equal_days_stay_one_answer() -> None:
    assert same(Said("a", "Friday"), Said("b", "Friday"))
    published = {"a": date.min, "b": None}
    first, second = answer_keys([Said("a", "Sunday"), Said("b", "Sunday")], {}, published)
    assert first == second


@given(st.text(max_size=30))
def test_every_text_has_comparable_words_that_do_not_depend_on_case(text: str) -> None:
    assert comparable_words(text) == comparable_words(text.casefold())
    assert comparable_words(text)
