"""all-MiniLM-L6-v2's forward pass as an ONNX graph whose weights are named, not held.

One text is one matrix with a row for each token, so that nothing is padded. Dense layers multiply
floats, or integers: the input is rounded with one scale a text.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from index.encoding.question_encoder import Tensors
from scripts.exporting.integers import INTEGER_PRODUCT
from scripts.exporting.reader_graph import MICROSOFT

# What config.json of the packaged model says.
_LAYERS = 6
_HEADS = 12
_WIDTH = 384
_NORM_EPSILON = 1e-12
_OPSET = 20


def encoder_graph(tensors: Tensors, *, weights_file: str, rounds: bool) -> onnx.ModelProto:
    """Return the graph from a text's word embeddings, shape (tokens, width), to its unit vector.

    `tensors` are the weights by name, of which the graph holds the shapes; whoever opens it gives
    them. With `rounds`, those of dense layers are integers, as the question encoder rounds them.
    """
    graph = _Graph(rounds)
    last = _layers(graph, graph.embedded("words"))
    mean = graph.node("ReduceMean", last, graph.zero, keepdims=0)
    graph.node("LpNormalization", mean, output="vector", axis=0, p=2)
    named = [_outside(name, tensors[name], weights_file) for name in graph.weights]
    proto = helper.make_graph(
        graph.nodes,
        "sentence encoder",
        [helper.make_tensor_value_info("words", onnx.TensorProto.FLOAT, ["tokens", _WIDTH])],
        [helper.make_tensor_value_info("vector", onnx.TensorProto.FLOAT, [_WIDTH])],
        [*named, *graph.constants],
    )
    operators = [helper.make_opsetid("", _OPSET)]
    if rounds:
        operators.append(helper.make_opsetid(MICROSOFT, 1))
    model = helper.make_model(proto, opset_imports=operators)
    model.ir_version = 10
    return model


@dataclass
class _Graph:
    """Nodes in order, each named by its number, with the weights and constants that they take."""

    rounds: bool
    rounded: dict[str, list[str]] = field(default_factory=dict)
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    weights: list[str] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.zero = self.constant("zero", np.array([0], dtype=np.int64))
        self.one = self.constant("one", np.array([1], dtype=np.int64))
        self.heads = self.constant(
            "heads", np.array([-1, _HEADS, _WIDTH // _HEADS], dtype=np.int64)
        )
        self.joined = self.constant("joined", np.array([-1, _WIDTH], dtype=np.int64))
        scale = np.array((_WIDTH // _HEADS) ** -0.5, dtype=np.float32)
        self.scale = self.constant("scale", scale)

    def constant(self, name: str, value: NDArray[np.float32 | np.int64]) -> str:
        self.constants.append(numpy_helper.from_array(value, name))
        return name

    def weight(self, name: str) -> str:
        self.weights.append(name)
        return name

    def node(self, kind: str, *inputs: str, output: str = "", **settings: Any) -> str:
        name = output or f"{kind} {len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, **settings))
        return name

    def linear(self, x: str, layer: str) -> str:
        if self.rounds:
            return self.integer_product(x, layer)
        weight, bias = self.weight(f"{layer}.weight"), self.weight(f"{layer}.bias")
        return self.node("Gemm", x, weight, bias, transB=1)

    def integer_product(self, x: str, layer: str) -> str:
        if x not in self.rounded:
            parts = [f"{x} rounded", f"{x} scale", f"{x} zero"]
            self.nodes.append(helper.make_node("DynamicQuantizeLinear", [x], parts))
            self.rounded[x] = parts
        integers, scale, zero = self.rounded[x]
        weight = self.weight(f"{layer}.weight.int8")
        scales, bias = self.weight(f"{layer}.weight.scale"), self.weight(f"{layer}.bias")
        given = (integers, weight, scale, scales, zero, "", bias)
        return self.node(INTEGER_PRODUCT, *given, domain=MICROSOFT)

    def norm(self, x: str, layer: str) -> str:
        weight, bias = self.weight(f"{layer}.weight"), self.weight(f"{layer}.bias")
        return self.node("LayerNormalization", x, weight, bias, epsilon=_NORM_EPSILON)

    def embedded(self, words: str) -> str:
        count = self.node("Shape", words, end=1)
        table = self.weight("embeddings.position_embeddings.weight")
        positions = self.node("Slice", table, self.zero, count, self.zero)
        kinds = self.weight("embeddings.token_type_embeddings.weight")
        kind = self.node("Slice", kinds, self.zero, self.one, self.zero)
        placed = self.node("Add", self.node("Add", words, positions), kind)
        return self.norm(placed, "embeddings.LayerNorm")


def _layers(graph: _Graph, x: str) -> str:
    for number in range(_LAYERS):
        layer = f"encoder.layer.{number}"
        attended = graph.linear(_attention(graph, x, layer), f"{layer}.attention.output.dense")
        x = graph.norm(graph.node("Add", x, attended), f"{layer}.attention.output.LayerNorm")
        inner = graph.node("Gelu", graph.linear(x, f"{layer}.intermediate.dense"))
        outer = graph.linear(inner, f"{layer}.output.dense")
        x = graph.norm(graph.node("Add", x, outer), f"{layer}.output.LayerNorm")
    return x


def _attention(graph: _Graph, x: str, layer: str) -> str:
    def by_head(part: str, order: list[int]) -> str:
        found = graph.linear(x, f"{layer}.attention.self.{part}")
        return graph.node("Transpose", graph.node("Reshape", found, graph.heads), perm=order)

    query, value = by_head("query", [1, 0, 2]), by_head("value", [1, 0, 2])
    key = by_head("key", [1, 2, 0])
    scores = graph.node("Mul", graph.node("MatMul", query, key), graph.scale)
    taken = graph.node("MatMul", graph.node("Softmax", scores, axis=-1), value)
    return graph.node("Reshape", graph.node("Transpose", taken, perm=[1, 0, 2]), graph.joined)


def _outside(name: str, tensor: NDArray[np.float32 | np.int8], file: str) -> onnx.TensorProto:
    kind = helper.np_dtype_to_tensor_dtype(tensor.dtype)
    named = onnx.TensorProto(name=name, data_type=kind, dims=tensor.shape)
    named.data_location = onnx.TensorProto.EXTERNAL
    named.external_data.add(key="location", value=file)
    return named
