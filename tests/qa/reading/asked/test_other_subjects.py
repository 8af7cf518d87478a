"""Whether a statement tells of somebody else that he did what is asked about."""

import pytest

from qa.reading.asked.other_subjects import is_of_other_subject

TEXT = (
    "Her marriage to the painter Olof Berg ended in 1971. Her daughter Karin died in 2004. Berg "
    "himself was honoured in 1980; Karin Berg was buried in Uppsala. He wrote two books. Tor "
    "Haugen wrote three. He built four boats, and Haugen built five. Retired in 1999, he "
    "moved away. Haugen was elected in 1975."
)


@pytest.mark.parametrize(
    ("span", "question"),
    [
        ("2004", "When did Olof Berg die?"),
        ("three", "How many books did Berg write?"),
        ("1975", "When was Olof Berg elected?"),
    ],
)
def test_what_another_did_does_not_answer(span: str, question: str) -> None:
    assert is_of_other_subject(TEXT, TEXT.index(span), question)


@pytest.mark.parametrize(
    ("span", "question"),
    [
        pytest.param("2004", "When did Karin die?", id="the-one"),
        pytest.param("1980", "When was Olof Berg honoured?", id="by-a-part-of-the-name"),
        pytest.param("two", "How many books did Ada Cole write?", id="nowhere-else"),
        pytest.param("four", "How many boats did Berg build?", id="he-may-be-the-one"),
        pytest.param("1999", "When did Olof Berg move?", id="a-pronoun"),
        pytest.param("2004", "When did Olof Berg marry?", id="another-verb"),
        pytest.param("2004", "When did the painter die?", id="no-name"),
        pytest.param("2004", "Did Olof Berg die?", id="not-asked-for-words"),
        pytest.param("1980", "How was Olof Berg finally honoured?", id="an-adverb"),
        pytest.param("Retired", "What did Olof Berg do?", id="a-small-verb"),
    ],
)
def test_what_may_be_told_of_the_one_stays(span: str, question: str) -> None:
    assert not is_of_other_subject(TEXT, TEXT.index(span), question)


def test_a_word_that_begins_a_sentence_is_no_name_unless_it_is_one_elsewhere() -> None:
    text = "Outlaws ravaged the land in 1351, not Toghun. In 1352 Toghun came."
    assert not is_of_other_subject("Outlaws ravaged it in 1351. Toghun came.", 22, "x")
    question = "When did Toghun ravage the land?"
    apart = "Outlaws ravaged the land in 1351. Toghun came later."
    assert not is_of_other_subject(apart, apart.index("1351"), question)
    named = "Bayan ravaged the land in 1351. Then Bayan met Toghun."
    assert is_of_other_subject(named, named.index("1351"), question)
    assert not is_of_other_subject(text, text.index("1351"), question)


def test_a_name_is_the_same_in_other_forms() -> None:
    text = "The Egyptian army attacked in May. Egypt was at war."
    assert not is_of_other_subject(text, text.index("May"), "When did Egypt attack?")
    text = "The Danish army attacked in May. Denmark and Egypt were at war."
    assert not is_of_other_subject(text, text.index("May"), "When did Denmark attack?")


def test_a_name_of_several_words_may_begin_a_sentence() -> None:
    text = "Tor Haugen died in 2004. Olof Berg lived on."
    assert is_of_other_subject(text, text.index("2004"), "When did Olof Berg die?")


def test_what_only_looks_like_a_name_before_the_verb_is_none() -> None:
    text = "There died in 2004 a painter. Olof Berg lived on."
    assert not is_of_other_subject(text, text.index("2004"), "When did Olof Berg die?")
