"""Exporting a reader in integers: what rounding may change, and what it must not."""

import copy
import gzip
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from transformers import BertConfig, BertForQuestionAnswering

from index.encoding.rounding import WEIGHT_LIMIT, round_weights
from qa.reading.reader import OnnxReader
from qa.reading.reader_folder import SHIPPED_READER
from scripts.export_reader import MODEL_NAME, integer_writer, write_reader
from scripts.exporting.archive import by_frequency
from scripts.exporting.coarse_steps import (
    SecondMoments,
    coarsely,
    rounded_in_turn,
)
from scripts.exporting.dense_layers import dense_layers
from scripts.exporting.integers import integer_products, product_weights
from scripts.exporting.outliers import EvenInput, even_input
from scripts.exporting.reader_graph import fused
from scripts.exporting.trained_network import TrainedNetwork, open_network
from scripts.peers.dequantize import TOLERANCE, largest_logit_difference, write_float_model

QUESTION = "Where does the river end?"
PASSAGE = "The river rises in the hills of the north. It ends in the grey sea, far from the town."
LAYERS = 2
# Query, key, value, the attention's output, and two feed-forward layers.
PRODUCTS = 6 * LAYERS


def drawn(seed: int, *shape: int) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def rounding_error(
    inputs: NDArray[np.float32], weights: NDArray[np.float32], *, apart: int
) -> float:
    """How far the rounded product is from the exact one, against the exact one's size."""
    even = even_input([inputs], weights, apart=apart)
    integers, scales = round_weights(even.even_weights(weights))
    given = inputs * even.factors
    step = (max(0, given.max()) - min(0, given.min())) / 255
    product = np.round(given / step) * step @ (integers * scales)
    product += inputs[:, even.apart] @ weights[even.apart]
    exact = inputs @ weights
    return float(np.linalg.norm(product - exact) / np.linalg.norm(exact))


@given(st.integers(0, 2**32 - 1), st.integers(0, 4))
@settings(max_examples=25)
def test_evening_changes_no_product_before_rounding(seed: int, apart: int) -> None:
    inputs, weights = drawn(seed, 9, 16), drawn(seed + 1, 16, 5)
    inputs[:, 3] *= 40
    even = even_input([inputs], weights, apart=apart)
    product = (inputs * even.factors) @ even.even_weights(weights)
    product += inputs[:, even.apart] @ weights[even.apart]
    np.testing.assert_allclose(product, inputs @ weights, rtol=1e-3, atol=1e-2)


def test_a_channel_of_outliers_does_not_make_the_others_coarse() -> None:
    inputs, weights = drawn(1, 50, 64), drawn(2, 64, 8)
    ordinary = rounding_error(inputs, weights, apart=0)
    inputs[0, 5] = 300  # One token, one channel.
    weights[5] *= 0.01  # So that it does not drown the rest in the exact product.
    assert rounding_error(inputs, weights, apart=0) < 3 * ordinary
    assert rounding_error(inputs, weights, apart=1) < 1.5 * ordinary


def test_the_largest_channels_are_those_multiplied_apart() -> None:
    inputs = drawn(3, 20, 6)
    inputs[4, 2], inputs[7, 5] = -90, 80
    even = even_input([inputs], drawn(4, 6, 3), apart=2)
    assert even.apart.tolist() == [2, 5]
    assert even.factors[[2, 5]].tolist() == [0, 0]
    assert ((even.factors[[0, 1, 3, 4]] > 0) & (even.factors[[0, 1, 3, 4]] <= 1)).all()


def test_two_products_of_an_input_and_a_weight_fit_into_sixteen_bits() -> None:
    # What processors without VNNI instructions add up two by two, and cut off silently.
    integers, _ = round_weights(drawn(5, 40, 7) * np.float32(1000))
    assert np.abs(integers).max() == WEIGHT_LIMIT
    assert 2 * 255 * WEIGHT_LIMIT < 2**15


def coarse_error(inputs: NDArray[np.float32], integers: NDArray[np.int8]) -> float:
    """The sum of squares by which rounding changed the products; weights are `drawn(7, 40, 6)`."""
    missing = integers * STEPS - drawn(7, 40, 6)
    return float(np.square(inputs @ missing).sum())


STEPS = np.full(6, 0.5, dtype=np.float32)


def test_what_rounding_changes_the_channels_behind_make_up_for() -> None:
    # Forty channels that go together: they are made of ten.
    inputs = drawn(8, 300, 10) @ drawn(9, 10, 40) + 0.1 * drawn(10, 300, 40)
    weights = drawn(7, 40, 6)
    alone = np.round(weights / STEPS).astype(np.int8)
    in_turn = rounded_in_turn(weights, STEPS, (inputs.T @ inputs).astype(np.float64))
    assert coarse_error(inputs, in_turn) < 0.4 * coarse_error(inputs, alone)


def test_channels_that_do_not_go_together_are_rounded_by_themselves() -> None:
    weights = drawn(7, 40, 6)
    found = rounded_in_turn(weights, STEPS, np.eye(40))
    np.testing.assert_array_equal(found, np.round(weights / STEPS))


def test_weights_in_coarse_steps_stay_within_seven_bits() -> None:
    weights = drawn(11, 300, 6)
    weights[17, 2] = 900
    even = even_input([drawn(12, 20, 300)], weights, apart=0)
    moments = SecondMoments([{"x": drawn(12, 20, 300)}])
    integers, scales = coarsely(moments, step=0.1)(weights, even, "x")
    assert np.abs(integers).max() <= WEIGHT_LIMIT
    assert scales[2] == pytest.approx(900 / WEIGHT_LIMIT)
    assert scales[0] == pytest.approx(0.1 * weights[:, 0].std())


def test_coding_by_frequency_takes_what_the_frequencies_say_and_loses_nothing() -> None:
    integers = np.round(drawn(6, 100_000) / 0.3).astype(np.int8)
    shares = np.unique(integers, return_counts=True)[1] / integers.size
    coded = by_frequency(integers.tobytes())
    assert gzip.decompress(coded) == integers.tobytes()
    bits = -float((shares * np.log2(shares)).sum())
    assert 8 * len(coded) / integers.size == pytest.approx(bits, abs=0.1)
    assert by_frequency(integers.tobytes()) == coded


def test_weights_of_zero_stay_zero() -> None:
    integers, scales = round_weights(np.zeros((4, 3), dtype=np.float32))
    assert not integers.any()
    assert np.isfinite(scales).all()


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> TrainedNetwork:
    """A tiny reader with drawn weights, one of whose inner channels is an outlier."""
    folder = tmp_path_factory.mktemp("trained")
    torch.manual_seed(3)
    config = BertConfig(
        hidden_size=32,
        num_hidden_layers=LAYERS,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=512,
        initializer_range=0.2,
    )
    model = BertForQuestionAnswering(config)
    with torch.no_grad():
        # Biases that are all zero would be stored as one.
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.01)
        model.get_parameter("bert.encoder.layer.0.intermediate.dense.bias")[7] = 30.0
    model.save_pretrained(folder)
    (folder / "tokenizer.json").write_bytes((SHIPPED_READER / "tokenizer.json").read_bytes())
    return open_network(str(folder))


@pytest.fixture(scope="module")
def exported(
    trained: TrainedNetwork, training_questions: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("exported")
    write_reader(trained, folder, name="tiny", write=integer_writer(trained, training_questions))
    return folder


@pytest.fixture(scope="module")
def exported_floats(trained: TrainedNetwork, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("floats")
    write_reader(trained, folder, name="tiny-float", write=fused)
    return folder


def test_every_dense_layer_becomes_a_product_of_integers_and_the_span_head_stays(
    exported: Path, exported_floats: Path
) -> None:
    integers = onnx.load(exported / MODEL_NAME)
    floats = onnx.load(exported_floats / MODEL_NAME)
    names = [product.name for product in integer_products(integers)]
    assert names == [layer.name for layer in dense_layers(floats)]
    assert len(names) == PRODUCTS
    assert [node.name for node in integers.graph.node if "qa_outputs/MatMul" in node.name] == [
        "/model/qa_outputs/MatMul"
    ]


def test_a_product_has_the_weights_of_its_layer_but_for_rounding(
    exported: Path, trained: TrainedNetwork
) -> None:
    model, integers = trained.model, onnx.load(exported / MODEL_NAME)
    for product in integer_products(integers):
        layer = product.name.removeprefix("/model/").removesuffix("/MatMul").replace("/", ".")
        exact = model.get_parameter(f"{layer}.weight").detach().numpy().T
        found = product_weights(integers, product)
        # Seven bits, and factors that are at most a hundred here.
        assert np.abs(found - exact).max() < np.abs(exact).max() / 30, layer


def test_in_coarse_steps_it_takes_half_the_room_and_finds_nearly_the_same(
    trained: TrainedNetwork, exported: Path, training_questions: Path, tmp_path: Path
) -> None:
    write = integer_writer(trained, training_questions, step=0.3)
    manifest = write_reader(trained, tmp_path, name="coarse", write=write, compressed=True)
    assert manifest.model == "reader.tar.gz"
    size = (tmp_path / manifest.model).stat().st_size
    assert size < 0.6 * (exported / MODEL_NAME).stat().st_size
    (coarse,) = OnnxReader.load(tmp_path, threads=1).read(QUESTION, [PASSAGE])
    (fine,) = OnnxReader.load(exported, threads=1).read(QUESTION, [PASSAGE])
    assert coarse[0].null_score == pytest.approx(fine[0].null_score, abs=1.0)
    assert coarse != fine


def test_what_is_exported_can_be_made_into_a_network_again(exported: Path, tmp_path: Path) -> None:
    assert write_float_model(exported, tmp_path) <= TOLERANCE


def test_what_is_exported_computes_what_the_model_does(
    exported: Path, exported_floats: Path
) -> None:
    integers, floats = OnnxReader.load(exported, threads=1), OnnxReader.load(exported_floats)
    (rounded,), (exact,) = (r.read(QUESTION, [PASSAGE]) for r in (integers, floats))
    by_place, exact_by_place = ({(s.start, s.end): s.score for s in x} for x in (rounded, exact))
    assert by_place == pytest.approx(exact_by_place, abs=0.3)
    # They are not the same by accident of exporting floats twice.
    assert rounded != exact


def test_floats_with_the_rounded_weights_agree_with_integers_that_are_not_rounded_on_the_way(
    exported: Path, trained: TrainedNetwork
) -> None:
    integers, model = onnx.load(exported / MODEL_NAME), copy.deepcopy(trained.model)
    for product in integer_products(integers):
        layer = product.name.removeprefix("/model/").removesuffix("/MatMul").replace("/", ".")
        weights = torch.from_numpy(product_weights(integers, product).T.copy())
        model.get_parameter(f"{layer}.weight").data = weights
    # Embeddings are rounded too, which these weights do not know of.
    for name in ("word", "position"):
        table = model.get_parameter(f"bert.embeddings.{name}_embeddings.weight").data
        scale = table.abs().amax(dim=1, keepdim=True) / 127
        table.copy_((table / scale).round() * scale)
    assert largest_logit_difference(integers, model) < TOLERANCE


def test_factors_of_one_leave_the_weights_as_they_are() -> None:
    weights = drawn(8, 4, 2)
    even = EvenInput(np.ones(4, dtype=np.float32), np.array([], dtype=np.int64))
    assert (even.even_weights(weights) == weights).all()
