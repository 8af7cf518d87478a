"""What is read of a table that a question names a row or a column of."""

import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from hypothesis import example, given
from hypothesis import strategies as st

from qa.reading.reader import OnnxReader, PassageSpan
from qa.reading.table_reading import is_found_by_comparing, read_with_tables, with_named_cells
from qa.retrieval import RetrievedPassage
from qa.values import Article, Passage

TEXT = """Swimming costs little.

Ticket | Low season | High season
Adult | £6.50 | £8.20
Child | £3.80 | £4.90
Senior | £5.00 | £6.40

Lessons cost £14."""
ARTICLE = Article("lido", "The lido of Saltmarsh", TEXT)
QUESTION = "How much is an adult ticket in the high season?"


def passage(start: int = 0, end: int = len(TEXT)) -> Passage:
    return Passage(start, "lido", start, end, TEXT[start:end], ARTICLE)


@dataclass
class MarkingReader:
    """Finds words of a list wherever they stand, the first best, and keeps what it read."""

    words: Sequence[str]
    read_texts: list[str] = field(default_factory=list)

    def read(self, question: str, passages: Iterable[str]) -> Iterable[list[PassageSpan]]:
        for text in passages:
            self.read_texts.append(text)
            yield [
                PassageSpan(text.index(word), text.index(word) + len(word), 9.0 - at, 1.0)
                for at, word in enumerate(self.words)
                if word in text
            ]


def said(spans: Sequence[PassageSpan], of: Passage) -> list[str]:
    return [of.text[span.start : span.end] for span in spans]


def test_the_named_cell_is_read_in_a_sentence_and_no_other_cell_of_the_table_answers() -> None:
    reader = MarkingReader(["£6.50", "8.20", "£14", "High season"])
    (spans,) = read_with_tables(QUESTION, [passage()], reader)
    assert reader.read_texts == [
        TEXT,
        "The lido of Saltmarsh. For Ticket Adult, High season is £8.20.",
    ]
    assert said(spans, passage()) == ["£8.20", "£14"]


def test_where_the_column_is_not_named_the_row_is_read_and_where_the_row_is_not_the_column() -> (
    None
):
    reader = MarkingReader([])
    list(read_with_tables("What does a senior pay?", [passage()], reader))
    list(read_with_tables("What is a group ticket in the high season?", [passage()], reader))
    of_row, of_column = reader.read_texts[1::2]
    assert of_row.endswith(". For Ticket Senior, Low season is £5.00, High season is £6.40.")
    assert of_column.split(". ") == [
        "The lido of Saltmarsh",
        "For Ticket Adult, High season is £8.20",
        "For Ticket Child, High season is £4.90",
        "For Ticket Senior, High season is £6.40.",
    ]


def test_a_row_that_a_cell_inside_names_is_read_from_there() -> None:
    text = (
        "Day | Time | Artist\nFriday | 7 pm | The Gannet Sisters\n"
        "Friday | 9 pm | Bram de Wit\nSunday | 4 pm | Tamsin Roke"
    )
    folk = Passage(0, "folk", 0, len(text), text, Article("folk", "Folk weekend", text))
    reader = MarkingReader(["Day", "4 pm"])
    (spans,) = read_with_tables("When does Tamsin Roke play?", [folk], reader)
    assert (
        reader.read_texts[1] == "Folk weekend. For Artist Tamsin Roke, Day is Sunday, Time is 4 pm."
    )
    assert said(spans, folk) == ["4 pm"]


def test_a_head_answers_which_and_not_how_much() -> None:
    text = " | Lynx 2 | Owlet Mini\nPrice | £89 | £54\nWeight | 310 g | 190 g"
    cameras = Passage(0, "cameras", 0, len(text), text, Article("cameras", "Cameras", text))
    reader = MarkingReader(["Owlet Mini"])
    (which,) = read_with_tables("Which camera has a price of £54?", [cameras], reader)
    assert said(which, cameras) == ["Owlet Mini"]
    assert list(read_with_tables("How does the price look?", [cameras], reader)) == [[]]


def test_a_table_cut_into_passages_keeps_its_head_and_its_row_answers_where_it_stands() -> None:
    cut = TEXT.index("Child")
    above, below = passage(0, cut), passage(cut)
    reader = MarkingReader(["£8.20", "£5.00", "£6.40"])
    spans = list(read_with_tables("Senior ticket, high season?", [above, below], reader))
    assert [said(own, of) for own, of in zip(spans, (above, below), strict=True)] == [[], ["£6.40"]]


def test_a_span_over_several_cells_is_no_answer() -> None:
    reader = MarkingReader(["£5.00, High season is £6.40"])
    assert list(read_with_tables("What does a senior pay?", [passage()], reader)) == [[]]


def test_of_a_cell_that_holds_a_text_what_was_read_answers_once() -> None:
    text = """1901 | The lifeboat station was founded by Captain Ada Cole with £500.
1934 | The first motor lifeboat, the Lady Jane, came from Cowes."""
    whole = Passage(0, "boats", 0, len(text), text, Article("boats", "Saltmarsh lifeboats", text))
    reader = MarkingReader(["Captain Ada Cole", "Ada", "with £500."])
    (spans,) = read_with_tables("Who founded the lifeboat station?", [whole], reader)
    assert said(spans, whole) == ["Captain Ada Cole", "with £500."]


def test_a_row_whose_first_cell_is_empty_is_read() -> None:
    text = "Group | Team | Points\nA | Oslo | 5\n | Bergen | 3\nB | Narvik | 4"
    whole = Passage(0, "cup", 0, len(text), text, Article("cup", "The cup", text))
    (spans,) = read_with_tables("Which team has how many points?", [whole], MarkingReader(["3"]))
    assert said(spans, whole) == ["3"]


def test_a_long_table_is_looked_up_fast_in_however_many_passages() -> None:
    rows = [f"Person {row} | {1000 + row} | Oslo {row}\n" for row in range(3000)]
    text = "Name | Born | Home\n" + "".join(rows)
    article = Article("staff", "Staff", text)
    parts = [
        Passage(at, "staff", at, at + 500, text[at : at + 500], article)
        for at in range(0, len(text) - 500, 500)
    ]
    found = [RetrievedPassage(part, 0.01, 0.5, 1, 2.0, 0.5, 1) for part in parts]
    began = time.process_time()
    for question in (
        "What is the highest mountain in Norway called by those who climb it in spring?",
        "How long has Anna Berg lived in Oslo 33?",
    ):
        assert with_named_cells(question, found) == found
    assert time.process_time() - began < 2


def test_the_tables_of_a_data_set_are_read_as_prose() -> None:
    text = f"{TEXT}\n\n{'Swim! ' * 100_000}"
    article = Article("lido", "The lido of Saltmarsh", text)
    reader = MarkingReader([])
    list(read_with_tables(QUESTION, [Passage(0, "lido", 0, len(TEXT), TEXT, article)], reader))
    assert reader.read_texts == [TEXT]


@dataclass
class ReaderOfWords:
    """Finds each word, and each two beside one another."""

    def read(self, question: str, passages: Iterable[str]) -> Iterable[list[PassageSpan]]:
        return [
            [
                PassageSpan(one.start(), other.end(), 1.0, 0.0)
                for words in [list(re.finditer(r"\S+", text))]
                for at, one in enumerate(words)
                for other in words[at : at + 2]
            ]
            for text in passages
        ]


@given(
    st.lists(
        st.lists(
            st.sampled_from(["Ann", "Bo", "", "12", "a b", "-", "‘", "\t", "\x97"]), max_size=4
        )
    ),
    st.sampled_from([" | ", "|", "| ", " || "]),
    st.booleans(),
    st.tuples(st.integers(0, 60), st.integers(0, 60)),
)
@example([["Ann", "Bo"], ["-", "-"], ["12", "a b"], ["a b", "12"]], " | ", True, (7, 60))
def test_spans_lie_in_the_passage_wherever_it_is_cut(
    rows: list[list[str]], border: str, is_framed: bool, cut: tuple[int, int]
) -> None:
    lines = [border.join(row) for row in rows]
    text = "\n".join(f"|{line}|" if is_framed else line for line in lines)
    start, end = sorted(min(at, len(text)) for at in cut)
    article = Article("a", "Ann", text)
    part = Passage(0, "a", start, end, text[start:end], article)
    for question in ("How many has Ann?", "Which a is Bo?", "12"):
        (spans,) = read_with_tables(question, [part], ReaderOfWords())
        assert all(0 <= span.start < span.end <= len(part.text) for span in spans)


def test_nothing_changes_where_no_table_is_named() -> None:
    reader = MarkingReader(["£14", "£6.50"])
    for question in ("What do lessons cost?", "How much is an adult ticket in Dunmore?"):
        reader.read_texts.clear()
        (spans,) = read_with_tables(question, [passage()], reader)
        assert reader.read_texts == [TEXT]
        assert said(spans, passage()) == ["£14", "£6.50"]


def test_a_passage_with_the_named_cell_has_the_full_share_of_keywords() -> None:
    cut = TEXT.index("Child")
    found = [
        RetrievedPassage(part, 0.01, 0.5, rank, 2.0, 0.5, rank)
        for rank, part in enumerate([passage(cut), passage(0, cut)], start=1)
    ]
    assert [one.keyword_share for one in with_named_cells(QUESTION, found)] == [0.5, 1.0]
    assert with_named_cells("What do lessons cost?", found) == found


def test_the_shipped_reader_takes_the_cell_of_the_named_row_and_column(reader: OnnxReader) -> None:
    for question, answer in (
        (QUESTION, "£8.20"),
        ("What does a child pay in the low season?", "£3.80"),
        ("Which ticket costs £5.00 in the low season?", "Senior"),
    ):
        (spans,) = read_with_tables(question, [passage()], reader)
        assert said(spans, passage())[0] == answer
        assert spans[0].margin > 0


@dataclass
class DoubtingReader:
    """Takes two prices, with that margin over "no answer" and a much smaller one."""

    margin: float

    def read(self, question: str, passages: Iterable[str]) -> Iterable[list[PassageSpan]]:
        return [
            [
                PassageSpan(text.index(price), text.index(price) + 5, self.margin - 5 * at, 0.0)
                for at, price in enumerate(("£8.20", "£6.40"))
                if price in text
            ]
            for text in passages
        ]


def test_where_no_row_is_named_the_cells_answer_only_if_one_is_likelier_than_none() -> None:
    question = "How much is a group ticket in the high season?"
    assert list(read_with_tables(question, [passage()], DoubtingReader(-0.5))) == [[]]
    (spans,) = read_with_tables(question, [passage()], DoubtingReader(0.5))
    assert said(spans, passage()) == ["£8.20", "£6.40"]
    (spans,) = read_with_tables(QUESTION, [passage()], DoubtingReader(-0.5))
    assert said(spans, passage()) == ["£8.20"]


def test_of_a_row_that_the_table_does_not_have_no_cell_answers_and_nothing_more_is_read() -> None:
    text = "Year | Adult | Child\nSummer 2023 | £6 | £3\nSummer 2024 | £7 | £4\n\nLessons cost £14."
    whole = Passage(0, "lido", 0, len(text), text, Article("lido", "The lido", text))
    reader = MarkingReader(["£6", "£7", "£14"])
    (spans,) = read_with_tables("What did an adult pay in summer 2019?", [whole], reader)
    assert said(spans, whole) == ["£14"]
    assert reader.read_texts == [text]


def test_a_place_is_found_by_comparing_if_a_superlative_means_its_row() -> None:
    question, at = "Which ticket is the cheapest in the low season?", TEXT.index("Child")
    assert is_found_by_comparing(question, passage(), at, at + 5)
    assert not is_found_by_comparing(question, passage(), at + 8, at + 13)
    assert not is_found_by_comparing("Which ticket costs £3.80?", passage(), at, at + 5)
