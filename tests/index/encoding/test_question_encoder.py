"""Vectors without torch: a passage's is that of sentence-transformers, a question's beside it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoding import encoder as encoder_module
from index.encoding import question_encoder as question_encoder_module
from index.encoding.encoder import (
    DEFAULT_ENCODER,
    QuestionEncoder,
    SentenceTransformerEncoder,
    Vectors,
    packaged_model,
)
from index.encoding.question_encoder import (
    PASSAGE_GRAPH,
    QUESTION_GRAPH,
    OnnxQuestionEncoder,
    load_question_encoder,
)
from index.splitting.sentences import split_sentences
from qa.errors import ModelError
from qa.values import Article
from scripts.export_question_encoder import write_graphs
from tests.conftest import ROOT

TEXTS = [
    pytest.param("Who is the longtime dictator of Belarus?", id="plain"),
    pytest.param("WHO favors a Cautious line", id="capitals"),
    pytest.param("When did Türkiye's İstanbul café open – «naïvely», e\u0301tude?", id="accents"),
    pytest.param("誰が船を所有していますか。", id="japanese"),
    pytest.param("ใครเป็นเจ้าของเรือ", id="thai"),
    pytest.param("من يملك السفينة؟", id="arabic"),
    pytest.param("각각의 배", id="hangul"),
    pytest.param("A 👩\u200d🚀 and a 🎉?", id="emoji"),
    pytest.param("What does [SEP] mean, or [MASK]?", id="names-of-special-tokens"),
    pytest.param("how much is 3.14 * $1,000.00/m²", id="numbers"),
    pytest.param("tabs\tand\nlines\u00a0and\u200bnothing", id="spaces"),
    pytest.param("a\x00b\x07c\ufffd", id="control-characters"),
    pytest.param("", id="empty"),
    pytest.param(" \n", id="blank"),
    pytest.param("?", id="one-sign"),
    pytest.param("\U0010fffd", id="unknown-character"),
    pytest.param("x" * 300, id="one-word-too-long-to-be-one"),
    pytest.param("ship " * 254, id="as-long-as-fits"),
    pytest.param("ship " * 255, id="one-token-too-long"),
    pytest.param("Who sails the ship to the north? " * 300, id="much-too-long"),
]


@pytest.fixture(scope="module")
def question_encoder() -> OnnxQuestionEncoder:
    return OnnxQuestionEncoder()


def assert_same_vector(one: Vectors, other: Vectors) -> None:
    assert one.shape == other.shape == (384,)
    assert one.dtype == np.float32
    assert np.abs(one - other).max() < 1e-5
    assert one @ other == pytest.approx(1, abs=1e-5)


def is_unit_vector(vector: Vectors) -> bool:
    return vector.dtype == np.float32 and float(vector @ vector) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("text", TEXTS)
def test_a_passage_has_the_vector_that_sentence_transformers_gives(
    question_encoder: OnnxQuestionEncoder, real_encoder: SentenceTransformerEncoder, text: str
) -> None:
    assert_same_vector(question_encoder.encode([text])[0], real_encoder.encode([text])[0])


@settings(max_examples=20)
@given(text=st.text(max_size=200))
def test_any_passage_has_the_vector_that_sentence_transformers_gives(
    question_encoder: OnnxQuestionEncoder, real_encoder: SentenceTransformerEncoder, text: str
) -> None:
    assert_same_vector(question_encoder.encode([text])[0], real_encoder.encode([text])[0])


@pytest.mark.parametrize("question", TEXTS)
def test_a_question_in_integers_has_a_vector_near_that_of_the_same_passage(
    question_encoder: OnnxQuestionEncoder, question: str
) -> None:
    asked = question_encoder.encode_question(question)
    assert is_unit_vector(asked)
    assert asked @ question_encoder.encode([question])[0] > 0.97


@settings(max_examples=20)
@given(question=st.text(max_size=200))
def test_any_question_has_a_vector_near_that_of_the_same_passage(
    question_encoder: OnnxQuestionEncoder, question: str
) -> None:
    asked = question_encoder.encode_question(question)
    assert is_unit_vector(asked)
    assert asked @ question_encoder.encode([question])[0] > 0.95


def test_a_question_in_integers_is_nearest_to_the_sentence_that_it_is_nearest_to_in_floats(
    question_encoder: OnnxQuestionEncoder, seed_article: Article
) -> None:
    sentences = split_sentences(seed_article.text)
    texts = [seed_article.text[sentence.start : sentence.end] for sentence in sentences]
    vectors = question_encoder.encode(texts)
    lines = (ROOT / "tests/data/seed_questions.jsonl").read_text().splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    asked = np.array([question_encoder.encode_question(question) for question in questions])
    nearest = (asked @ vectors.T).argmax(axis=1)
    in_floats = (question_encoder.encode(questions) @ vectors.T).argmax(axis=1)
    assert (nearest == in_floats).mean() >= 0.9


def test_what_is_beyond_256_tokens_does_not_count(question_encoder: OnnxQuestionEncoder) -> None:
    # Two of the tokens are [CLS] and [SEP].
    longest = question_encoder.encode_question("ship " * 254)
    longer = question_encoder.encode_question("ship " * 254 + "tax")
    shorter = question_encoder.encode_question("ship " * 253)
    assert (longer == longest).all()
    assert (shorter != longest).any()


def test_the_same_question_has_the_same_vector_to_the_bit_from_many_threads(
    question_encoder: OnnxQuestionEncoder,
) -> None:
    questions = ["Who sails?", "What is the tax on a ship that sails to the north?"] * 8
    alone = [question_encoder.encode_question(question) for question in questions]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(question_encoder.encode_question, questions))
    assert all((one == other).all() for one, other in zip(alone, together, strict=True))


def test_it_has_name_and_fingerprint_of_the_encoder_of_the_passages(
    question_encoder: OnnxQuestionEncoder, real_encoder: SentenceTransformerEncoder
) -> None:
    assert question_encoder.name == real_encoder.name
    assert question_encoder.fingerprint == real_encoder.fingerprint


def test_another_encoder_gives_its_own_vectors_to_questions() -> None:
    other = load_question_encoder(str(packaged_model()))
    assert isinstance(other, SentenceTransformerEncoder)
    expected = other.encode(["Who sails?"])[0]
    assert (other.encode_question("Who sails?") == expected).all()


def test_the_default_encoder_needs_no_torch() -> None:
    code = (
        "import sys; from index.encoding.question_encoder import *;"
        "load_question_encoder(DEFAULT_ENCODER).encode_question('who?');"
        "print(*sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    loaded = set(ran.stdout.split())
    assert "numpy" in loaded
    assert loaded.isdisjoint({"torch", "transformers", "sentence_transformers", "sklearn"})


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
@pytest.mark.parametrize(
    "load",
    [OnnxQuestionEncoder, lambda: SentenceTransformerEncoder(DEFAULT_ENCODER)],
    ids=["questions", "passages"],
)
def test_a_packaged_file_that_is_not_the_official_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, load: Callable[[], QuestionEncoder], name: str
) -> None:
    package = shutil.copytree(packaged_model().parent, tmp_path / "forged_model")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(encoder_module, "_PACKAGE", "forged_model")
    file = package / "model" / name
    content = file.read_bytes()
    file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(ModelError, match=rf"{name} has sha256 .* but the official .* reinstall"):
        load()
    file.unlink()
    with pytest.raises(ModelError, match=rf"cannot read .*{name}: No such file .* reinstall"):
        load()


def test_a_graph_that_cannot_be_opened_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(question_encoder_module, "QUESTION_GRAPH", tmp_path / "graph.onnx")
    with pytest.raises(ModelError, match=r"cannot open .*graph\.onnx: .* reinstall Quoth"):
        OnnxQuestionEncoder()


@pytest.mark.parametrize("graph", [PASSAGE_GRAPH, QUESTION_GRAPH], ids=["passages", "questions"])
def test_a_graph_is_the_one_that_the_script_writes_and_holds_no_weights(
    tmp_path: Path, graph: Path
) -> None:
    write_graphs(tmp_path)
    assert (tmp_path / graph.name).read_bytes() == graph.read_bytes()
    assert graph.stat().st_size < 40_000
