"""Articles of scattered sentences: every answer keeps its place, and titles stay apart."""

from hypothesis import given
from hypothesis import strategies as st

from scripts.calibration.scattered import scatter
from scripts.evaluation.collection import in_calibration_half
from scripts.evaluation.question_file import KnownQuestion, Reference

WORDS = st.sampled_from(("Oslo", "sells", "fish", "in 1900", "Ada’s", "Ünal", "the 🚢", "red"))
SENTENCES = st.lists(WORDS, min_size=2, max_size=6).map(lambda words: f"{' '.join(words)} here.")
CONTEXTS = st.lists(SENTENCES, min_size=1, max_size=6).map(" ".join)


def known(title: str, context: str, answer: str, start: int) -> KnownQuestion:
    """Return a question with one answer."""
    answers = (Reference(text=answer, answer_start=start),)
    return KnownQuestion(
        id=f"{title} {start}", title=title, context=context, question="What?", answers=answers
    )


@st.composite
def questions(draw: st.DrawFn) -> list[KnownQuestion]:
    """Questions under a few titles, each about some words of its context."""
    rows = []
    for number in range(draw(st.integers(1, 25))):
        # A context stands under one title.
        context = f"Article {number} tells this. {draw(CONTEXTS)}"
        start = draw(st.integers(0, len(context) - 1))
        end = draw(st.integers(start + 1, len(context)))
        title = f"title {draw(st.integers(0, 9))}"
        rows.append(known(title, context, context[start:end], start))
    return rows


@given(questions(), st.integers(0, 99))
def test_an_answer_stands_where_the_moved_question_says(
    rows: list[KnownQuestion], seed: int
) -> None:
    articles = scatter(rows, seed=seed)
    for question in rows:
        moved = articles[question.context].ask(question)
        if moved is not None:
            for answer in moved.answers:
                end = answer.answer_start + len(answer.text)
                assert moved.context[answer.answer_start : end] == answer.text
            assert moved.references == question.references


@given(questions(), st.integers(0, 99))
def test_an_article_has_all_words_of_its_titles_and_titles_of_one_half(
    rows: list[KnownQuestion], seed: int
) -> None:
    articles = scatter(rows, seed=seed)
    for article in articles.values():
        own = [question for question in rows if articles[question.context] is article]
        assert sorted(article.text.split()) == sorted(
            word for question in own for word in question.context.split()
        )
        titles = {question.title for question in own}
        assert article.title in titles
        assert len({in_calibration_half(title) for title in titles}) == 1
    # Leaving out an article leaves out all that its titles tell.
    assert len({(q.title, articles[q.context].title) for q in rows}) == len({q.title for q in rows})


def test_the_sentences_of_many_contexts_stand_between_each_other() -> None:
    rows = [
        known("Ports", f"Port {n} sells fish. It opened in 19{n}. Ships come.", "fish", 13)
        for n in range(10, 30)
    ]
    articles = scatter(rows, seed=1)
    text = articles[rows[0].context].text
    assert all(articles[question.context].text == text for question in rows)
    whole = [q for q in rows if q.context in text.replace("\n\n", " ")]
    assert len(whole) < len(rows) / 2


def test_a_question_is_left_out_whose_answer_was_cut() -> None:
    context = "Ada came to Oslo. She left at noon. It rained. Nobody saw her. She was in Bern."
    whole = known("Ada", context, context, 0)
    part = known("Ada", context, "Oslo", 12)
    article = scatter([whole, part], seed=1)[context]
    assert article.ask(whole) is None
    assert article.ask(part) is not None


def test_a_question_without_an_answer_keeps_none() -> None:
    context = "Ada came to Oslo. She left at noon."
    question = KnownQuestion(id="1", title="Ada", context=context, question="Why?", answers=())
    moved = scatter([question], seed=1)[context].ask(question)
    assert moved is not None
    assert moved.answers == ()
