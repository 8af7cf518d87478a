"""Who holds another office is no answer, though the sentence is alike."""

import pytest

from qa.reading.asked.other_offices import is_of_other_office

TEXT = (
    "Deputy Mayor Bo Ruiz opened the bridge. Mayor Ada Cole was ill. The finance director, Ida "
    "Quill, paid for it. Jo Lee, the director of sales, came late. Luc Maes is vice-chairman of "
    "the board. Marketing chief Sam Orr agreed."
)


@pytest.mark.parametrize(
    ("question", "others"),
    [
        ("Who is the mayor?", {"Bo Ruiz"}),
        ("Who is the deputy mayor?", {"Ada Cole"}),
        ("Who is the sales director?", {"Ida Quill", "Sam Orr"}),
        ("Who is the director of finance?", {"Jo Lee", "Sam Orr"}),
        ("Who is the deputy director of sales?", {"Ida Quill", "Jo Lee", "Sam Orr"}),
        ("Who is the marketing director?", {"Ida Quill", "Jo Lee"}),
        ("Who is the director?", {"Sam Orr"}),
        ("Who is the chairman of the board?", {"Luc Maes", "Sam Orr"}),
        ("Who is the deputy chair of the board?", {"Sam Orr"}),
        ("Who opened the bridge?", set()),
        ("Who is the treasurer?", set()),
    ],
)
def test_a_statement_that_has_the_office_as_another_does_not_answer(
    question: str, others: set[str]
) -> None:
    holders = ["Bo Ruiz", "Ada Cole", "Ida Quill", "Jo Lee", "Luc Maes", "Sam Orr"]
    told = {name for name in holders if is_of_other_office(TEXT, TEXT.index(name), question)}
    assert told == others
