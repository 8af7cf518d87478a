"""Misspelt words of a question are searched as the articles spell them."""

import json

import pytest

from index.encoding.question_encoder import OnnxQuestionEncoder
from index.generation.generation import Generation, open_generation
from index.retriever import HybridRetriever
from index.spelling import spelled_as_indexed
from index.splitting.passages import PassageBudget
from qa.filters import Filters
from qa.reading.spelling import one_slip_away, whole_in
from tests.index.fake_encoder import build, write_files

ROWS = [
    {"id": "minsk", "title": "Belarus", "text": "Lukashenko sent migrants from Minsk to Poland."},
    {"id": "geneva", "title": "Geneva", "text": "The city lies by a lake in the Alps."},
    {"id": "press", "title": "Printing", "text": "It was the originality of Gutenberg's device."},
    {"id": "marka", "title": "Marka", "text": "Marka was a queen of the north."},
    {"id": "open", "title": "Opening", "text": "The market is open. The fort was being mended."},
    {"id": "opened", "title": "Being", "text": "Being open, it was being seen."},
    {"id": "fort", "title": "A fort", "text": "Fort Belling was built by Karl von Rehn."},
    {"id": "mill", "title": "A mill", "text": "Anna Bellin ran a mill."},
    {"id": "home", "title": "Home", "text": "Ole Thornes sailed home."},
    {"id": "away", "title": "Away", "text": "Ida Thorsens sailed away."},
    {"id": "back", "title": "Back", "text": "Ida Thorsens came back."},
]


@pytest.fixture(scope="module")
def encoder() -> OnnxQuestionEncoder:
    return OnnxQuestionEncoder()


@pytest.fixture(scope="module")
def generation(
    tmp_path_factory: pytest.TempPathFactory, encoder: OnnxQuestionEncoder
) -> Generation:
    folder = tmp_path_factory.mktemp("spelling")
    write_files(folder, {"rows.jsonl": "\n".join(json.dumps(row) for row in ROWS)})
    build(folder / "rows.jsonl", folder / "index", encoder=encoder, budget=PassageBudget())
    return open_generation(folder / "index")


def spelled(question: str, generation: Generation, encoder: OnnxQuestionEncoder) -> str:
    return spelled_as_indexed(question, generation, is_common=whole_in(encoder.tokenizer))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("Who is Lukahsenko?", "Who is Lukashenko?", id="letters swapped"),
        pytest.param("Who is Lukashenkko?", "Who is Lukashenko?", id="a letter too many"),
        pytest.param("what did gutenbrg make", "what did Gutenberg make", id="a letter too few"),
        pytest.param("Which lake has Genvea?", "Which lake has Geneva?", id="in a title alone"),
        pytest.param("Who orginally printed?", "Who originally printed?", id="another inflection"),
        pytest.param(
            "Did Lukashenka send migrnats?", "Did Lukashenko send migrants?", id="two words"
        ),
        pytest.param("Who built Fort Beling?", "Who built Fort Belling?", id="a rarer name"),
        pytest.param(
            "who built the fort beling", "who built the fort Belling", id="what is asked about"
        ),
        pytest.param("Who was Thorens?", "Who was Thornes?", id="letters swapped, though rarer"),
    ],
)
def test_a_word_that_no_article_has_is_searched_as_one_of_them_spells_it(
    generation: Generation, encoder: OnnxQuestionEncoder, typed: str, meant: str
) -> None:
    assert spelled(typed, generation, encoder) == meant


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("Who is Lukashenko?", id="an article has it"),
        pytest.param("Who was Bellin?", id="an article has it, and another one like it"),
        pytest.param("Where is Lukoshenka?", id="two slips"),
        pytest.param("Who is Kulashenko?", id="another first letter"),
        pytest.param("Where is the mark?", id="a common word"),
        pytest.param("Who wrote Cymbeline?", id="nothing resembles it"),
        pytest.param("Why did OPEC meet?", id="an abbreviation"),
        pytest.param("Who was Bering?", id="a name that only resembles other words"),
        pytest.param("What is an opin?", id="a short word that nothing else is about"),
    ],
)
def test_other_words_are_searched_as_they_were_typed(
    generation: Generation, encoder: OnnxQuestionEncoder, question: str
) -> None:
    assert spelled(question, generation, encoder) == question


def test_a_misspelt_question_finds_what_the_right_one_finds(
    generation: Generation, encoder: OnnxQuestionEncoder
) -> None:
    retriever = HybridRetriever(generation, encoder)
    right = retriever.retrieve("Who is Lukashenko?", filters=Filters(), limit=4).passages
    typed = retriever.retrieve("Who is Lukahsenko?", filters=Filters(), limit=4).passages
    assert typed == right
    assert typed[0].passage.article_id == "minsk"
    assert typed[0].keyword_rank == 1


def test_of_filtered_articles_no_other_lends_its_spelling(
    generation: Generation, encoder: OnnxQuestionEncoder
) -> None:
    typed = "Who is Lukahsenko?"
    only = Filters(article_ids=("geneva",))
    [hit] = HybridRetriever(generation, encoder).retrieve(typed, filters=only, limit=4).passages
    assert hit.cosine == pytest.approx(
        float(encoder.encode_question(typed) @ encoder.encode([hit.passage.text])[0]), abs=1e-3
    )


def test_what_is_one_slip_away_begins_with_letters_swapped_and_keeps_the_first_letter() -> None:
    away = list(one_slip_away("cart"))
    assert away[:2] == ["crat", "catr"]
    assert {"crt", "carts", "cast", "chart", "car"} <= set(away)
    assert all(word.startswith("c") for word in away)
    assert all(abs(len(word) - 4) <= 1 for word in away)
