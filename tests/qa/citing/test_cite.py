"""A citation quotes the stored text, whole sentences of it, whatever the text and the span."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.splitting.sentences import split_sentences
from qa.calibration import Calibration, CandidateFeatures, LogisticModel
from qa.citing.cite import cite
from qa.deciding.decide import Candidate, decide
from qa.reading.borders import tidy
from qa.reading.reader import PassageSpan
from qa.retrieval import RetrievedPassage
from qa.values import Article, Passage, Sentence


@dataclass(frozen=True)
class OneArticle:
    """A store of one article and its sentences."""

    only: Article

    def article(self, article_id: str) -> Article:
        assert article_id == self.only.article_id
        return self.only

    def sentences(self, article_id: str, start: int, end: int) -> list[Sentence]:
        assert article_id == self.only.article_id
        return [s for s in split_sentences(self.only.text) if s.start < end and start < s.end]


def place(article: Article, part: str) -> Candidate:
    start = article.text.index(part)
    features = CandidateFeatures(0, 0, 0, 0)
    passage = Passage(0, article.article_id, 0, len(article.text), article.text)
    return Candidate(article.article_id, start, start + len(part), part, features, 0.0, passage)


ARTICLE = Article("a", "", "It rained 🎉 all day. Oslo won the cup. Bergen lost. Nobody wept.")


def test_the_quote_is_the_whole_stored_sentence_with_the_answer_in_it() -> None:
    citation = cite(place(ARTICLE, "Oslo"), OneArticle(ARTICLE), question="Who?")
    assert citation.article is ARTICLE
    assert citation.quote == "Oslo won the cup."
    assert citation.sentence == Sentence(1, 21, 38)
    assert (citation.answer, citation.answer_start, citation.answer_end) == ("Oslo", 21, 25)


def test_an_answer_across_two_sentences_quotes_both_under_the_first_ones_number() -> None:
    citation = cite(place(ARTICLE, "cup. Bergen"), OneArticle(ARTICLE), question="Who?")
    assert citation.quote == "Oslo won the cup. Bergen lost."
    assert citation.sentence.index == 1


ACTRESS = Article(
    "b",
    "",
    "Ada Moss is an actress. She speaks the part of the fox. Her sister wrote it. Its end is sad.",
)


def test_the_next_sentence_is_quoted_too_where_it_says_of_the_answer_what_was_asked() -> None:
    found = cite(place(ACTRESS, "Ada Moss"), OneArticle(ACTRESS), question="Who speaks the fox?")
    assert found.quote == "Ada Moss is an actress. She speaks the part of the fox."
    assert found.sentence == Sentence(0, 0, 55)
    assert (found.answer, found.suffix[:12]) == ("Ada Moss", " Her sister ")


@pytest.mark.parametrize(
    ("answer", "question"),
    [
        pytest.param("Ada Moss", "Which actress is called Ada?", id="said-already"),
        pytest.param("Ada Moss", "Who has a sad end?", id="said-of-something-else"),
        pytest.param("an actress", "What part of society is Ada?", id="no-more-words"),
        pytest.param("Her sister", "Who ended the story?", id="nothing-of-the-answer"),
        pytest.param("Its end", "What is sad?", id="the-last-sentence"),
    ],
)
def test_one_sentence_is_quoted_where_the_next_adds_nothing(answer: str, question: str) -> None:
    found = cite(place(ACTRESS, answer), OneArticle(ACTRESS), question=question)
    assert found.quote == next(part for part in SENTENCES if answer in part)


ACTOR = (
    "Bo Eric Lind (born 1961) is an actor. He first played in Oslo. From 1990 on, his films drew "
    "many. Lind speaks the part of the fox. He lives in a tower."
)


@pytest.mark.parametrize("question", ["Who speaks the fox?", "fox part actor"])
def test_the_quote_goes_on_to_the_sentence_that_says_what_was_asked(question: str) -> None:
    article = Article("e", "", ACTOR)
    found = cite(place(article, "Bo Eric Lind"), OneArticle(article), question=question)
    assert found.quote == ACTOR.removesuffix(" He lives in a tower.")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        pytest.param(ACTOR.replace("He f", "He went. He f"), "Bo Eric Lind", id="too-far"),
        pytest.param(ACTOR, "an actor", id="the-quote-is-about-something-else"),
        pytest.param(ACTOR.replace("his films", "films of Eva Ray"), "Bo Eric Lind", id="broken"),
        pytest.param(ACTOR.replace("Lind speaks", "It speaks"), "Bo Eric Lind", id="another"),
        pytest.param(ACTOR.replace("Lind speaks", "Eva speaks"), "Bo Eric Lind", id="somebody"),
        pytest.param(
            ACTOR.replace(" Lind speaks", "\n\nLind speaks"), "Bo Eric Lind", id="next-paragraph"
        ),
    ],
)
def test_the_quote_does_not_go_on_where_that_sentence_may_be_about_another(
    text: str, answer: str
) -> None:
    article = Article("e", "", text)
    asked = "Who speaks the fox?"
    found = cite(place(article, answer), OneArticle(article), question=asked)
    assert "fox" not in found.quote


def test_the_next_sentence_stays_away_where_its_pronoun_is_another_ones() -> None:
    text = "Ama Boateng wrote. It won the Orion Prize. Her second novel was translated."
    article = Article("d", "", text)
    asked = "Which prize did the second novel win?"
    found = cite(place(article, "Orion Prize"), OneArticle(article), question=asked)
    assert found.quote == "It won the Orion Prize."


SENTENCES = [ACTRESS.text[s.start : s.end] for s in split_sentences(ACTRESS.text)]


def test_the_next_sentence_stays_away_where_it_opens_another_paragraph() -> None:
    question = "How old was Amadou Keita?"
    for between, quote in (
        (" ", "He was 83. His daughter Awa Keita came."),
        ("\n\n", "He was 83."),
    ):
        article = Article("k", "", f"He was 83.{between}His daughter Awa Keita came.")
        found = cite(place(article, "83"), OneArticle(article), question=question)
        assert found.quote == quote


def test_the_next_sentence_stays_away_where_it_has_a_subject_of_its_own() -> None:
    article = Article("c", "", "Ada Moss is an actress. Eva Lund speaks the part of the fox.")
    found = cite(place(article, "Ada Moss"), OneArticle(article), question="Who speaks the fox?")
    assert found.quote == "Ada Moss is an actress."


def test_the_text_around_is_the_forty_characters_on_each_side() -> None:
    text = "A" * 50 + ". Oslo won. " + "B" * 50 + "."
    article = Article("a", "", text)
    citation = cite(place(article, "Oslo"), OneArticle(article), question="Who?")
    assert citation.quote == "Oslo won."
    assert citation.prefix == "A" * 38 + ". "
    assert citation.suffix == " " + "B" * 39


@pytest.mark.parametrize(
    ("text", "prefix", "suffix"),
    [
        pytest.param("Oslo won. Yes.", "", " Yes.", id="first-sentence"),
        pytest.param("Yes. Oslo won.", "Yes. ", "", id="last-sentence"),
        pytest.param(
            f"Yes. Oslo won. {'B' * 50}.", "Yes. ", " " + "B" * 39, id="little-before-much-behind"
        ),
        pytest.param("Oslo won.", "", "", id="only-sentence"),
    ],
)
def test_the_text_around_ends_where_the_article_ends(text: str, prefix: str, suffix: str) -> None:
    article = Article("a", "", text)
    citation = cite(place(article, "Oslo"), OneArticle(article), question="Who?")
    assert (citation.prefix, citation.suffix) == (prefix, suffix)


def test_an_answer_right_behind_a_question_is_shown_with_it() -> None:
    article = Article("a", "", "We lend books. How long may I keep one? Four weeks is usual.")
    citation = cite(place(article, "Four weeks"), OneArticle(article), question="How long?")
    assert citation.context is not None
    assert citation.context.quote == "How long may I keep one?"


def test_a_place_that_no_sentence_holds_is_quoted_by_itself() -> None:
    article = Article("a", "", "One. \n Two.")
    citation = cite(place(article, " \n "), OneArticle(article), question="Who?")
    assert citation.quote == citation.answer == " \n "


def test_an_answer_in_the_seed_article_is_cited_with_its_sentence(seed_article: Article) -> None:
    citation = cite(
        place(seed_article, "Alexander Lukashenko"), OneArticle(seed_article), question="Who?"
    )
    assert citation.quote.startswith(
        "The longtime dictator of Belarus, Alexander Lukashenko, faces"
    )
    assert citation.quote.endswith("dissent.")
    around = citation.prefix + citation.quote + citation.suffix
    assert around in seed_article.text


def test_a_sentence_whose_subject_is_a_pronoun_is_cited_with_the_one_that_names_him(
    seed_article: Article,
) -> None:
    citation = cite(
        place(seed_article, "cut off power supplies"), OneArticle(seed_article), question="Who?"
    )
    assert citation.quote.startswith("He has threatened to cut off power supplies")
    assert citation.context is not None
    assert citation.context.quote.startswith("The longtime dictator of Belarus, Alexander Luk")
    sentence = citation.context.sentence
    assert seed_article.text[sentence.start : sentence.end] == citation.context.quote
    assert sentence.index == citation.sentence.index - 1


def test_a_sentence_that_names_its_subject_has_no_context(seed_article: Article) -> None:
    assert (
        cite(
            place(seed_article, "Alexander Lukashenko"), OneArticle(seed_article), question="Who?"
        ).context
        is None
    )


CALIBRATION = Calibration(
    reader_sha256="0" * 64,
    fitted_on="nothing",
    order=LogisticModel(weights={"span_score": 1}, bias=0),
    right_if_answerable=LogisticModel(weights={}, bias=0),
    answerable=LogisticModel(weights={}, bias=0),
    min_answerable=0.5,
    min_margin=0.0,
)

PIECES = st.sampled_from(
    ["Oslo", "U.S. ", "Mr. ", ". ", "! ", "\n", "\n\n", "\r\n", " ", "1. ", "“", "”", "😀", "中。"]
    + ["e\u0301", "\u200b", "\ufeff", "\u2029", "\x85", "\u202e", "ﬁ", "İ", "a"]
)
TEXTS = st.text(min_size=1, max_size=60) | st.lists(PIECES, min_size=1, max_size=40).map("".join)


@given(data=st.data())
@settings(max_examples=300)
def test_every_quote_and_answer_is_the_stored_text_at_its_offsets(data: st.DataObject) -> None:
    text = data.draw(TEXTS)
    article = Article("a", "", text)
    read: list[tuple[RetrievedPassage, list[PassageSpan]]] = []
    for number in range(data.draw(st.integers(1, 3))):
        begin = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(begin + 1, len(text)))
        passage = Passage(number, "a", begin, end, text[begin:end])
        first = data.draw(st.integers(0, end - begin - 1))
        last = data.draw(st.integers(first + 1, end - begin))
        chosen = PassageSpan(*tidy(passage.text, first, last), float(number), 0.0)
        read.append((RetrievedPassage(passage, 0.0, 0.0, 1, 0.0, 0.0, None), [chosen]))
    ranking = decide(read, CALIBRATION).ranking
    assert ranking
    for ranked in ranking:
        for candidate in ranked.places:
            cited = cite(candidate, OneArticle(article), question="Who?")
            assert text[cited.sentence.start : cited.sentence.end] == cited.quote
            assert text[cited.answer_start : cited.answer_end] == cited.answer == candidate.text
            assert cited.sentence.start <= cited.answer_start
            assert cited.answer_end <= cited.sentence.end
            assert cited.prefix + cited.quote + cited.suffix in text
            if cited.context is not None:
                earlier = cited.context.sentence
                assert text[earlier.start : earlier.end] == cited.context.quote
                assert earlier.end <= cited.sentence.start
