"""Which words of a text stand in its own question."""

import pytest

from qa.reading.asked.own_questions import is_asked_at

TALK = (
    "MS. DEL RÍO: Who decided not to stop the trains?\nMR. PUGH: I did. Why should they stop? No."
)


@pytest.mark.parametrize(
    ("words", "question", "asked"),
    [
        ("MS. DEL", "Who decided not to stop the trains?", True),
        ("the trains", "who decided to stop trains", True),
        ("I did", "Who decided not to stop the trains?", False),
        ("MS. DEL", "Who asked Mr. Pugh?", False),
        ("they", "Should they stop?", False),
        ("No.", "Who decided not to stop the trains?", False),
    ],
)
def test_a_text_asks_what_is_asked_where_it_has_most_of_its_words(
    words: str, question: str, asked: bool
) -> None:
    assert is_asked_at(TALK, TALK.index(words), question) is asked


@pytest.mark.parametrize("text", ["", "?", "Who decided to stop the trains"])
def test_what_has_no_end_or_no_words_asks_nothing(text: str) -> None:
    assert not is_asked_at(text, 0, "Who decided to stop the trains?")


def test_a_title_with_a_question_mark_asks_nothing() -> None:
    text = "Judith Keppel was the first winner of Who Wants to Be a Millionaire? in Britain."
    assert not is_asked_at(text, 0, "who was the first to win who wants to be a millionaire")


@pytest.mark.parametrize(
    "asked", ["And at what hour did the train leave?", "CHAIR: So, what’s the train’s hour?"]
)
def test_a_question_may_open_with_a_label_and_small_words(asked: str) -> None:
    assert is_asked_at(asked, 0, "what was the hour of the train")
