"""What is read of a table that a question names a row or a column of."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from qa.reader import OnnxReader, PassageSpan
from qa.retrieval import RetrievedPassage
from qa.table_reading import read_with_tables, with_named_cells
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

    def read(self, question: str, passages: Sequence[str]) -> list[list[PassageSpan]]:
        self.read_texts += passages
        return [
            [
                PassageSpan(text.index(word), text.index(word) + len(word), 9.0 - at, 1.0)
                for at, word in enumerate(self.words)
                if word in text
            ]
            for text in passages
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
    read_with_tables("What does a senior pay?", [passage()], reader)
    read_with_tables("What is a group ticket in the high season?", [passage()], reader)
    of_row, of_column = reader.read_texts[1::2]
    assert of_row.endswith(". For Ticket Senior, Low season is £5.00, High season is £6.40.")
    assert of_column.split(". ") == [
        "The lido of Saltmarsh",
        "For Ticket Adult, High season is £8.20",
        "For Ticket Child, High season is £4.90",
        "For Ticket Senior, High season is £6.40.",
    ]


def test_a_table_cut_into_passages_keeps_its_head_and_its_row_answers_where_it_stands() -> None:
    cut = TEXT.index("Child")
    above, below = passage(0, cut), passage(cut)
    reader = MarkingReader(["£8.20", "£5.00", "£6.40"])
    spans = read_with_tables("Senior ticket, high season?", [above, below], reader)
    assert [said(own, of) for own, of in zip(spans, (above, below), strict=True)] == [[], ["£6.40"]]


def test_a_span_over_several_cells_is_no_answer() -> None:
    reader = MarkingReader(["£5.00, High season is £6.40"])
    assert read_with_tables("What does a senior pay?", [passage()], reader) == [[]]


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
