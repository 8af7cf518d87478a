"""Readers of other families than BERT's: exported, they find what transformers finds."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel
from tokenizers.processors import RobertaProcessing
from tokenizers.trainers import BpeTrainer
from transformers import (
    AlbertConfig,
    AutoModelForQuestionAnswering,
    BertConfig,
    BertModel,
    DebertaV2Config,
    DistilBertConfig,
    ElectraConfig,
    MPNetConfig,
    PreTrainedConfig,
    PreTrainedModel,
    RobertaConfig,
)

from qa.errors import ModelError
from qa.reading.reader import OnnxReader
from qa.reading.reader_folder import SHIPPED_READER
from qa.reading.spans import best_token_spans
from qa.reading.spelling import whole_in
from scripts.export_reader import MODEL_NAME, integer_writer, write_reader
from scripts.exporting.reader_graph import fused
from scripts.exporting.trained_network import TrainedNetwork, open_network
from scripts.training.narrow_mpnet import NarrowMPNetConfig

QUESTION = "Where does the river end?"
PASSAGE = "The river rises in the hills and ends in the grey sea, far from the café of the town"
drawn_network: Callable[[PreTrainedConfig], PreTrainedModel] = (
    AutoModelForQuestionAnswering.from_config
)
SIZES: dict[str, Any] = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 64,
    "max_position_embeddings": 512,
    "initializer_range": 0.2,
}


def bert_tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(SHIPPED_READER / "tokenizer.json"))


def roberta_tokenizer() -> Tokenizer:
    """A tokenizer of bytes, as RoBERTa's is, that has learned the words of the passage."""
    tokenizer = Tokenizer(BPE())
    tokenizer.pre_tokenizer = ByteLevel(add_prefix_space=False)
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    trainer = BpeTrainer(
        vocab_size=400, special_tokens=special, initial_alphabet=ByteLevel.alphabet()
    )
    tokenizer.train_from_iterator([QUESTION, PASSAGE], trainer)
    tokenizer.post_processor = RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)
    return tokenizer


FAMILIES = {
    "bert": (BertConfig(**SIZES), bert_tokenizer),
    "roberta": (
        RobertaConfig(**SIZES, vocab_size=400, type_vocab_size=1, pad_token_id=1),
        roberta_tokenizer,
    ),
    "mpnet": (MPNetConfig(**SIZES), bert_tokenizer),
    "narrow-mpnet": (
        NarrowMPNetConfig(**SIZES, heads=[[1, 3], []], neurons=[24, 0]),
        bert_tokenizer,
    ),
    "electra": (ElectraConfig(**SIZES, embedding_size=16), bert_tokenizer),
    "distilbert": (
        DistilBertConfig(dim=32, n_layers=2, n_heads=4, hidden_dim=64, initializer_range=0.2),
        bert_tokenizer,
    ),
    "albert": (AlbertConfig(**SIZES, vocab_size=30522, embedding_size=16), bert_tokenizer),
    "deberta": (
        DebertaV2Config(
            **SIZES, vocab_size=30522, relative_attention=True, pos_att_type=["p2c", "c2p"]
        ),
        bert_tokenizer,
    ),
}


@pytest.fixture(scope="module", params=FAMILIES.values(), ids=list(FAMILIES))
def trained(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> TrainedNetwork:
    """A tiny network with drawn weights, opened from a folder as a hub keeps it."""
    family: tuple[PreTrainedConfig, Callable[[], Tokenizer]] = request.param
    config, tokenizer = family
    folder = tmp_path_factory.mktemp("trained")
    torch.manual_seed(5)
    drawn_network(config).save_pretrained(folder)
    tokenizer().save(str(folder / "tokenizer.json"))
    return open_network(str(folder))


@pytest.fixture(scope="module")
def logits(trained: TrainedNetwork) -> tuple[NDArray[np.float32], NDArray[np.float32], int]:
    """What transformers makes of question and passage, and where the passage begins."""
    joined = trained.tokenizer.encode(QUESTION, PASSAGE)
    inputs = {"input_ids": torch.tensor([joined.ids])}
    if getattr(trained.model.config, "type_vocab_size", 0) > 1:
        inputs["token_type_ids"] = torch.tensor([joined.type_ids])
    with torch.no_grad():
        output = trained.model(**inputs)
    start, end = (x[0].numpy() for x in (output.start_logits, output.end_logits))
    return start, end, joined.sequence_ids.index(1)


def test_exported_in_floats_it_finds_the_span_that_transformers_finds(
    trained: TrainedNetwork,
    logits: tuple[NDArray[np.float32], NDArray[np.float32], int],
    tmp_path: Path,
) -> None:
    start, end, begin = logits
    write_reader(trained, tmp_path, name="floats", write=fused)
    best = next(OnnxReader.load(tmp_path, threads=1).read(QUESTION, [PASSAGE]))[0]
    (expected,) = best_token_spans(
        start[begin:-1], end[begin:-1], max_tokens=40, limit=1, length_cost=0.02
    )
    assert best.null_score == pytest.approx(float(start[0] + end[0]), abs=1e-3)
    assert best.score == pytest.approx(expected.score, abs=1e-3)
    offsets = trained.tokenizer.encode(PASSAGE, add_special_tokens=False).offsets
    quote = PASSAGE[offsets[expected.first][0] : offsets[expected.last][1]].strip(" ,")
    assert quote in PASSAGE[best.start : best.end]


def test_exported_in_integers_it_differs_by_rounding_alone(
    trained: TrainedNetwork,
    logits: tuple[NDArray[np.float32], NDArray[np.float32], int],
    training_questions: Path,
    tmp_path: Path,
) -> None:
    start, end, _ = logits
    write_reader(
        trained, tmp_path, name="integers", write=integer_writer(trained, training_questions)
    )
    best = next(OnnxReader.load(tmp_path, threads=1).read(QUESTION, [PASSAGE]))[0]
    exact = float(start[0] + end[0])
    assert best.null_score == pytest.approx(exact, abs=0.15 * float(np.abs(start + end).max()))
    assert best.null_score != pytest.approx(exact, abs=1e-6)


def test_each_attention_of_an_mpnet_is_one_operator(tmp_path: Path) -> None:
    drawn_network(NarrowMPNetConfig(**SIZES, heads=[[1, 3], [0]], neurons=[8, 8])).save_pretrained(
        tmp_path
    )
    bert_tokenizer().save(str(tmp_path / "tokenizer.json"))
    write_reader(open_network(str(tmp_path)), tmp_path, name="mpnet", write=fused)
    nodes = onnx.load(tmp_path / MODEL_NAME).graph.node
    heads = [
        setting.i
        for node in nodes
        if node.op_type == "MultiHeadAttention"
        for setting in node.attribute
        if setting.name == "num_heads"
    ]
    assert heads == [2, 1]
    assert not any(node.op_type == "Softmax" for node in nodes)


def test_words_that_a_vocabulary_of_bytes_has_behind_a_blank_or_as_names_are_known() -> None:
    is_known = whole_in(roberta_tokenizer())
    assert is_known("river")
    assert is_known("café")
    assert not is_known("rivre")


def test_a_network_that_was_not_trained_to_find_answers_is_refused(tmp_path: Path) -> None:
    BertModel(BertConfig(**SIZES)).save_pretrained(tmp_path)
    (tmp_path / "tokenizer.json").write_text(bert_tokenizer().to_str(), encoding="utf-8")
    with pytest.raises(ModelError, match=r"not trained to find answers: it lacks qa_outputs\.bias"):
        open_network(str(tmp_path))


def test_a_folder_with_the_words_of_a_tokenizer_alone_has_them_made_into_one(
    tmp_path: Path,
) -> None:
    drawn_network(BertConfig(**SIZES)).save_pretrained(tmp_path)
    words = sorted(bert_tokenizer().get_vocab().items(), key=lambda item: item[1])
    (tmp_path / "vocab.txt").write_text("\n".join(word for word, _ in words), encoding="utf-8")
    made = open_network(str(tmp_path)).tokenizer
    assert made.encode(QUESTION, PASSAGE).ids == bert_tokenizer().encode(QUESTION, PASSAGE).ids


@pytest.mark.parametrize("files", [(), ("config.json",)])
def test_a_folder_without_a_network_is_named_with_what_to_give(
    files: tuple[str, ...], tmp_path: Path
) -> None:
    for name in files:
        BertConfig(**SIZES).to_json_file(tmp_path / name)
    with pytest.raises(ModelError, match=f"cannot open '{tmp_path}': .*; give the folder of a"):
        open_network(str(tmp_path))


def test_a_damaged_tokenizer_is_named(tmp_path: Path) -> None:
    drawn_network(BertConfig(**SIZES)).save_pretrained(tmp_path)
    (tmp_path / "tokenizer.json").write_text("{}", encoding="utf-8")
    with pytest.raises(
        ModelError, match=r"tokenizer\.json is not a tokenizer: .*; give the folder"
    ):
        open_network(str(tmp_path))
