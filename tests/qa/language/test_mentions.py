"""Which names and numbers of a question a text leaves unmentioned."""

import pytest

from qa.language.mentions import Unmentioned, unmentioned

TEXT = (
    "Strike ends\n"
    "President Ada Cole of the European Union met Peruvian miners in U.S. territory. "
    "Šimić said that seven of 1,200 shafts had been closed since the 1990s."
)


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("What did Cole do?", id="last-name"),
        pytest.param("What did Chancellor Ada Cole do?", id="another-title"),
        pytest.param("What did Ivo Šimić say?", id="first-name-of-a-last-name-alone"),
        pytest.param("What did Ada Marie Cole do?", id="middle-name"),
        pytest.param("Who was met by the EU?", id="short-name"),
        pytest.param("Who was met in the United States?", id="long-name"),
        pytest.param("Who came from Peru?", id="another-form"),
        pytest.param("What did Simic say?", id="without-accents"),
        pytest.param("What are Cole's aims?", id="possessive"),
        pytest.param("Which ended first?", id="first-word-and-ordinal"),
        pytest.param("Who named the 7 shafts?", id="number-in-words"),
        pytest.param("Which of the 1200 shafts are closed?", id="thousands"),
        pytest.param("What closed in the 1990's?", id="decade"),
        pytest.param("who met zorro?", id="small-letters"),
        pytest.param("WHO SAW ZORRO?", id="capitals"),
        pytest.param("Who is the CEO, and who was Prime Minister?", id="offices"),
        pytest.param("", id="empty"),
    ],
)
def test_what_is_mentioned_in_another_form_is_mentioned(question: str) -> None:
    assert unmentioned(question, TEXT) == Unmentioned((), (), ())


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("What did President Baker do?", Unmentioned(("Baker",), (), ())),
        ("Who met Cole in Chile?", Unmentioned(("Chile",), (), ())),
        ("What did the WTO say?", Unmentioned(("WTO",), (), ())),
        ("Which shafts were closed in 2003?", Unmentioned((), (), ("2003",))),
        (
            "What did Ann Baker close in 2003 in Chile?",
            Unmentioned(("Ann Baker", "Chile"), (), ("2003",)),
        ),
    ],
)
def test_names_and_numbers_that_are_not_there_are_told(question: str, missing: Unmentioned) -> None:
    assert unmentioned(question, TEXT) == missing


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What did Bo Cole do?", ("Bo",)),
        ("Who met the European Free Traders?", ("Free", "Traders")),
        ("What did Ada B. Cole do?", ()),
    ],
)
def test_of_a_name_that_is_there_in_part_the_other_words_are_told(
    question: str, words: tuple[str, ...]
) -> None:
    assert unmentioned(question, TEXT) == Unmentioned((), words, ())
