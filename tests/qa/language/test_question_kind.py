"""Which questions no quotation can answer."""

import pytest

from qa.language.question_kind import QuestionKind, question_kind


@pytest.mark.parametrize(
    "question",
    [
        "Is Belarus a member of NATO?",
        "Did  Putin\tinvade Ukraine?",
        "“Has Biden met Putin?”",
        "isn’t the pipeline finished?",
        "Can Lukashenko stop the gas?",
        "So did Klara Novak resign?",
        "Ok, did he resign?",
        "Please, is the tunnel open?",
        "Thanks. Then is the tunnel open?",
        "May I light a fire?",
        "Hello! Is the tunnel open?",
        "Excuse me, can I park here?",
        "Tell me whether the tunnel is open.",
        "Could you please tell me if the tunnel is open?",
        "Are there any dogs on the list?",
        "Can I tell my doctor?",
    ],
)
def test_these_ask_for_yes_or_no(question: str) -> None:
    assert question_kind(question) is QuestionKind.YES_NO


@pytest.mark.parametrize(
    "question",
    [
        "How many articles mention NATO?",
        "In how many of the articles is NATO mentioned?",
        "how many different sources say so?",
        "How often is Putin mentioned?",
        "How many of your stories mention NATO?",
        "How many articles are there about NATO?",
        "How many sources are there that quote Putin?",
    ],
)
def test_these_count_over_articles(question: str) -> None:
    assert question_kind(question) is QuestionKind.COUNTING


@pytest.mark.parametrize(
    "question",
    [
        "What is the difference between Poland and Latvia?",
        "Compare Biden and Putin.",
        "Who is older, Biden or Putin?",
        "What do Poland and Latvia have in common?",
        "What's the difference between Poland and Latvia?",
        "Difference between Poland and Latvia",
        "How does Poland compare to Latvia?",
        "Who is older Biden or Putin?",
    ],
)
def test_these_compare(question: str) -> None:
    assert question_kind(question) is QuestionKind.COMPARING


@pytest.mark.parametrize(
    "question",
    [
        "who favors a cautious line?",
        "How many engineering soldiers is Britain sending?",
        "How many articles does the treaty have?",
        "How many articles are there in the US Constitution?",
        "How many stories are there in the Burj Khalifa?",
        "How many stories mention a dragon?",
        "How many sources of vitamin D are there?",
        "How many documents did Snowden say he took?",
        "Can you tell me who leads Belarus?",
        "Can anybody tell me the price?",
        "Tell me if possible the price",
        "May 5: events",
        "Hi, who leads Belarus?",
        "Who is older than 70 or 80?",
        "Who is more likely to be ill or to die?",
        "Will Smith was born in what year?",
        "Could you give me the price of the probe?",
        "Can you show the dose of Corvax?",
        "Will you please identify the manufacturer?",
        "Did Britain or Poland send soldiers?",
        "Which NATO member is more cautious?",
        "Island of Malta: capital",
        "",
    ],
)
def test_these_can_be_answered_by_quoting(question: str) -> None:
    kind = question_kind(question)
    assert kind is QuestionKind.QUOTABLE
    assert kind.note is None


def test_the_note_says_what_quoth_does_instead() -> None:
    assert QuestionKind.YES_NO.note == (
        "This is a yes-or-no question: Quoth can quote the sentence that bears on it, but does not "
        "judge."
    )
