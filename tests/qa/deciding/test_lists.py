"""Which candidates are members of one list, and which stand alone."""

from dataclasses import dataclass

import pytest

from qa.deciding.lists import lists_in, possible_members


@dataclass(frozen=True)
class Found:
    """A candidate as the reader may find it."""

    start: int
    text: str
    score: float = 9.0
    margin: float = 4.0

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def joined(text: str, *parts: str, question: str = "") -> list[str]:
    members = [Found(100 + text.index(part), part) for part in parts]
    return [
        text[found.start - 100 : found.end - 100]
        for found in lists_in(text, members, offset=100, question=question)
    ]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        pytest.param("Poland, Lithuania and Latvia", ["Poland", "Lithuania", "Latvia"], id="and"),
        pytest.param(
            "Poland, Lithuania, and Latvia", ["Poland", "Lithuania", "Latvia"], id="comma"
        ),
        pytest.param("tea or coffee", ["tea", "coffee"], id="or"),
        pytest.param("tea, coffee, or milk", ["tea", "coffee", "milk"], id="comma-or"),
        pytest.param("Oslo as well as the Hague", ["Oslo", "Hague"], id="as-well-as"),
        pytest.param(
            "Eric Moore (drums), Joe Walker (bass) and Cook Craig",
            ["Eric Moore", "Joe Walker", "Cook Craig"],
            id="brackets",
        ),
        pytest.param("guns; butter; bread", ["guns", "butter", "bread"], id="semicolons"),
    ],
)
def test_members_with_the_glue_of_a_list_between_them_are_one_list(
    text: str, parts: list[str]
) -> None:
    assert joined(f"It was {text}, they said.", *parts) == [text]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        pytest.param("Oslo won. And Moss lost.", ["Oslo", "Moss"], id="two-sentences"),
        pytest.param("Oslo,\nand Moss", ["Oslo", "Moss"], id="two-lines"),
        pytest.param("Geneva, Switzerland", ["Geneva", "Switzerland"], id="a-place-in-a-country"),
        pytest.param("Oslo beat Moss and Hamar", ["Oslo", "Moss"], id="a-verb-between"),
        pytest.param("Mark James, and recorded by Al Dubin", ["James", "Al Dubin"], id="by"),
        pytest.param("Geneva, where he met Putin, and Oslo", ["Geneva", "Oslo"], id="a-clause"),
        pytest.param("Oslo and Moss", ["Oslo"], id="one-member"),
        pytest.param("Oslo, or Christiania, won", ["Oslo", "Christiania"], id="two-names-of-one"),
    ],
)
def test_other_candidates_are_not_joined(text: str, parts: list[str]) -> None:
    assert joined(text, *parts) == []


@pytest.mark.parametrize(
    ("asked", "lists"),
    [
        pytest.param("Which towns have a harbour?", ["Oslo, Moss, Hamar"], id="several"),
        pytest.param("Where is the harbour?", [], id="one-place-in-another"),
    ],
)
def test_three_with_commas_alone_are_a_list_where_several_are_asked_for(
    asked: str, lists: list[str]
) -> None:
    assert joined("Oslo, Moss, Hamar", "Oslo", "Moss", "Hamar", question=asked) == lists
    assert joined("Oslo, Moss", "Oslo", "Moss", question=asked) == []


def test_who_was_present_is_a_list_of_people_with_or_without_roles_in_brackets() -> None:
    present = "Ann Ray (Mayor, in the chair), Bob Low (Deputy Mayor), Cy Dee"
    names = ["Ann Ray", "Bob Low", "Cy Dee"]
    assert joined(present, *names, question="Who was present at the meeting?") == [present]


@pytest.mark.parametrize(
    ("asked", "widest"),
    [
        pytest.param("Which towns have a harbour?", 8, id="several"),
        pytest.param("Which town is the largest?", 4, id="the-largest"),
        pytest.param("What is one town with a harbour?", 4, id="one"),
        pytest.param("What is the old capital of Norway?", 4, id="the"),
        pytest.param("Who is the head waitress?", 4, id="the-in-ss"),
        pytest.param("What are the towns of Norway?", 8, id="the-several"),
        pytest.param("What is the names of the towns?", 8, id="a-plural-by-mistake"),
    ],
)
def test_a_neighbour_that_is_much_worse_is_no_member(asked: str, widest: float) -> None:
    text = "Oslo and Moss"
    oslo, moss = Found(0, "Oslo", 9), Found(9, "Moss", 9 - widest)
    worse = Found(9, "Moss", moss.score - 0.5)
    (found,) = lists_in(text, [moss, oslo], offset=0, question=asked)
    assert found.members == (oslo, moss)
    assert lists_in(text, [worse, oslo], offset=0, question=asked) == []


def test_members_are_not_much_worse_than_no_answer_and_not_named_by_the_question() -> None:
    worst, bad = Found(0, "Oslo", margin=-6.5), Found(30, "Bergen", margin=-2)
    named, good = Found(5, "the Moss"), Found(15, "Hamar")
    found = [worst, bad, named, good]
    assert possible_members(found, question="Which town besides Moss?") == [bad, good]
    assert possible_members(found, question="Which town is the oldest?") == [named, good]


def test_a_bracket_that_the_question_names_parts_who_has_it_from_others() -> None:
    text = "Bart Starr (MVP of Super Bowls I and II) and Chuck Howley"
    people = ("Bart Starr", "Chuck Howley")
    assert joined(text, *people, question="Which players did Dallas fear?") == [text]
    assert joined(text, *people, question="What player won the MVP in Super Bowl V?") == []
    present = "Ada Cole (chair), Bo Ruiz and Jo Lee"
    members = ("Ada Cole", "Bo Ruiz", "Jo Lee")
    assert joined(present, *members, question="Who was there?") == [present]
    assert joined(present, *members, question="Who chaired the meeting?") == ["Bo Ruiz and Jo Lee"]
    drummers = "Ann Ray (drums) and Bob Low (drums)"
    assert joined(drummers, "Ann Ray", "Bob Low", question="Who are the drummers?") == [
        "Ann Ray (drums) and Bob Low"
    ]


def test_behind_a_semicolon_stands_no_other_value() -> None:
    text = "by the end of June; days beyond that lapse"
    parts = ("by the end of June", "days beyond that")
    assert joined(text, *parts, question="When must they be taken?") == []
    assert joined(text, *parts, question="What is said of them?") == [text.removesuffix(" lapse")]


SPONSORS = (
    "Sponsors of the fair:\n\n* Alfa Bank\n* Bravo Foods (since 2001)\n* Casa Verde\n\nCome all."
)


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param(["Alfa Bank", "Casa Verde"], id="two-of-three"),
        pytest.param(["Bravo Foods (since 2001)\n* Casa"], id="one-over-two"),
        pytest.param(["Alfa Bank\n* Bravo Foods (since 2001)\n* Casa Verde"], id="one-over-all"),
        pytest.param(["Alfa Bank", "Bravo Foods", "Casa Verde", "all"], id="and-one-outside"),
    ],
)
def test_items_of_which_half_answer_are_quoted_whole(parts: list[str]) -> None:
    asked = "Who sponsors the fair?"
    whole = "* Alfa Bank\n* Bravo Foods (since 2001)\n* Casa Verde"
    assert joined(SPONSORS, *parts, question=asked) == [whole]


@pytest.mark.parametrize(
    ("parts", "asked"),
    [
        pytest.param(["Alfa Bank"], "Who sponsors the fair?", id="one-item"),
        pytest.param(["Alfa Bank", "since 2001"], "Who sponsors the fair?", id="not-at-the-head"),
        pytest.param(
            ["Alfa Bank", "Casa Verde"], "Who is the first sponsor of the fair?", id="asks-for-one"
        ),
        pytest.param(["Alfa Bank", "Casa Verde"], "How many sponsors are there?", id="a-number"),
    ],
)
def test_other_items_are_not_joined(parts: list[str], asked: str) -> None:
    assert joined(SPONSORS, *parts, question=asked) == []


STATIONS = (
    "Stations of the line\n\n- Harbour (1998)\n- Old Town (2001)\n- University\n- Airport\n- Zoo"
)
ALL_STATIONS = STATIONS.partition("\n\n")[2]


@pytest.mark.parametrize(
    ("asked", "part", "quoted"),
    [
        pytest.param("Which stations are on the line?", "Harbour", ALL_STATIONS, id="heading"),
        pytest.param("List the stations.", "Old Town", ALL_STATIONS, id="any-item"),
        pytest.param("Which stops are on offer?", "Harbour", None, id="another-heading"),
        pytest.param("Which station is on the line?", "Harbour", None, id="one-station"),
        pytest.param(
            "Which stops are there?",
            "Old Town (2001)\n- Univ",
            "- Old Town (2001)\n- University",
            id="whole-items",
        ),
    ],
)
def test_a_list_is_quoted_whole_where_its_heading_is_asked_for(
    asked: str, part: str, quoted: str | None
) -> None:
    assert joined(STATIONS, part, question=asked) == ([] if quoted is None else [quoted])


def test_a_span_over_items_is_widened_however_unlikely_it_is() -> None:
    text = "- Moss, in the south\n- Oslo, in the east\n- Hamar\n- Bergen\n- Bodø"
    over = Found(0, "Moss, in the south\n- Oslo", score=2, margin=-9)
    found = Found(2, over.text, over.score, over.margin)
    (widened,) = lists_in(text, [found], offset=0, question="Who asked?")
    assert text[widened.start : widened.end] == "- Moss, in the south\n- Oslo, in the east"


def test_two_of_many_items_and_items_that_hardly_answer_are_no_list() -> None:
    text = "\n".join(f"- {name}" for name in ["Ada", "Bo", "Cleo", "Dan", "Eve"])
    assert joined(text, "Ada", "Bo") == []
    assert joined("- Ada\n- Bo", "Ada") == []
    likely, unlikely = Found(2, "Ada", score=9), Found(8, "Bo", score=2.5)
    worse = Found(13, "Cleo", score=8, margin=-0.5)
    last = Found(20, "Dan", score=8)
    assert lists_in(text, [likely, unlikely, worse, last], offset=0, question="") == []


def test_a_list_as_long_as_a_text_is_not_quoted_whole() -> None:
    items = [f"- {name} " + "was then seen in many places, " * 9 for name in ("Ada", "Bo")]
    assert joined("\n".join(items), "Ada", "Bo") == []
