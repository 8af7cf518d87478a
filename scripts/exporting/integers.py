"""A fused graph with its dense layers and word embeddings in integers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from index.encoding.rounding import Floats, column_scales, round_weights
from scripts.exporting.coarse_steps import Rounding
from scripts.exporting.dense_layers import dense_layers
from scripts.exporting.outliers import EvenInput, even_input
from scripts.exporting.reader_graph import MICROSOFT

INTEGER_PRODUCT = "MatMulIntegerToFloat"
"""ONNX Runtime's operator: (input, weights, their scales, their zero points) → floats."""

# The feed-forward layers' inner activations have outliers that no factor evens out.
_INNER = ("BiasGelu", "Gelu", "FastGelu")
_APART = 4
# Smaller embedding tables are not worth rounding.
_FEWEST_ROWS = 500


def finely(weights: Floats, even: EvenInput, name: str) -> tuple[NDArray[np.int8], Floats]:
    """Round evened weights so that the largest of each output takes all seven bits."""
    return round_weights(weights)


def quantize_dense(
    model: onnx.ModelProto,
    inputs: Mapping[str, Sequence[Floats]],
    rounding: Rounding = finely,
) -> None:
    """Round the dense layers to integers, in place; `inputs` are what `record_inputs` returns.

    An input is evened out, rounded once for all layers that share it, and multiplied with 7-bit
    weights that have one scale an output. An integer product keeps its layer's name.
    """
    graph = model.graph
    stored = {table.name: table for table in graph.initializer}
    sharing: dict[str, list[onnx.NodeProto]] = defaultdict(list)
    for layer in dense_layers(model):
        sharing[layer.input[0]].append(layer)
    weights = {
        layer.name: numpy_helper.to_array(stored[layer.input[1]])
        for layers in sharing.values()
        for layer in layers
    }
    inner = {node.output[0] for node in graph.node if node.op_type in _INNER}
    evened: dict[str, EvenInput] = {}
    for name, layers in sharing.items():
        together = np.concatenate([weights[layer.name] for layer in layers], axis=1)
        evened[name] = even_input(inputs[name], together, apart=_APART if name in inner else 0)
    nodes: list[onnx.NodeProto] = []
    rounded: set[str] = set()
    for node in graph.node:
        if node.name not in weights:
            nodes.append(node)
            continue
        even = evened[node.input[0]]
        if node.input[0] not in rounded:
            rounded.add(node.input[0])
            nodes += _rounded_input(graph, node.input[0], even)
        nodes += _integer_product(graph, node, weights[node.name], even, rounding)
    del graph.node[:]
    graph.node.extend(nodes)
    # Layers may share their weights, as ALBERT's do.
    taken = {name for node in nodes for name in node.input}
    for table in stored.values():
        if table.name not in taken:
            graph.initializer.remove(table)


def quantize_embeddings(model: onnx.ModelProto, *, step: float = 0) -> None:
    """Replace large embedding tables by 8-bit integers and one scale a row, in place.

    A scale is the least that has room for its row, or `step` standard deviations of the row.
    """
    graph = model.graph
    tables = {table.name: table for table in graph.initializer if table.dims[:1] > [_FEWEST_ROWS]}
    for node in [n for n in graph.node if n.op_type == "Gather" and n.input[0] in tables]:
        weights = numpy_helper.to_array(tables[node.input[0]])
        scales = column_scales(weights.T, limit=127, step=step)[:, None]
        integers = np.round(weights / scales).astype(np.int8)
        name, wanted = node.input[0], node.input[1]
        graph.initializer.remove(tables[name])
        _store(graph, {f"{name}.int8": integers, f"{name}.scale": scales})
        place = list(graph.node).index(node)
        graph.node.remove(node)
        replacement = [
            helper.make_node("Gather", [f"{name}.int8", wanted], [f"{name}.row"], axis=0),
            helper.make_node("Gather", [f"{name}.scale", wanted], [f"{name}.row_scale"], axis=0),
            helper.make_node("Cast", [f"{name}.row"], [f"{name}.float"], to=TensorProto.FLOAT),
            helper.make_node("Mul", [f"{name}.float", f"{name}.row_scale"], [node.output[0]]),
        ]
        for offset, new in enumerate(replacement):
            graph.node.insert(place + offset, new)


def integer_products(model: onnx.ModelProto) -> list[onnx.NodeProto]:
    """Return the products of integers, in the graph's order; each has its layer's name."""
    return [node for node in model.graph.node if node.op_type == INTEGER_PRODUCT]


def product_weights(model: onnx.ModelProto, product: onnx.NodeProto) -> Floats:
    """Return the weights that a product has in effect, shape (channels, outputs)."""
    stored = {table.name: table for table in model.graph.initializer}
    read = {name: numpy_helper.to_array(stored[name]) for name in stored if name in product.input}
    factors = numpy_helper.to_array(stored[_factors_name(product)])
    weights: Floats = read[product.input[1]] * read[product.input[3]] * factors[:, None]
    apart = f"{product.name}.apart"
    if apart in stored:
        weights[numpy_helper.to_array(stored[apart])] = numpy_helper.to_array(
            stored[f"{product.name}.rows"]
        )
    return weights


def in_floats(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return a copy whose integer weights are multiplied as 32-bit floats, nothing rounded."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    graph = copy.graph
    stored = {table.name: table for table in graph.initializer}
    nodes = []
    for node in graph.node:
        if node.op_type == "DynamicQuantizeLinear":
            continue
        if node.op_type == INTEGER_PRODUCT:
            weights = numpy_helper.to_array(stored[node.input[1]]) * numpy_helper.to_array(
                stored[node.input[3]]
            )
            for name in (node.input[1], node.input[3], node.input[5]):
                graph.initializer.remove(stored[name])
            _store(graph, {f"{node.name}.float": weights})
            even = node.input[0].removesuffix(".rounded")
            node = helper.make_node("MatMul", [even, f"{node.name}.float"], list(node.output))
        nodes.append(node)
    del graph.node[:]
    graph.node.extend(nodes)
    return copy


def _rounded_input(graph: onnx.GraphProto, name: str, even: EvenInput) -> list[onnx.NodeProto]:
    _store(graph, {f"{name}.factors": even.factors})
    parts = [f"{name}.even.rounded", f"{name}.even.scale", f"{name}.even.zero"]
    return [
        helper.make_node("Mul", [name, f"{name}.factors"], [f"{name}.even"]),
        helper.make_node("DynamicQuantizeLinear", [f"{name}.even"], parts),
    ]


def _integer_product(
    graph: onnx.GraphProto,
    layer: onnx.NodeProto,
    weights: Floats,
    even: EvenInput,
    rounding: Rounding,
) -> list[onnx.NodeProto]:
    name, source, output = layer.name, layer.input[0], layer.output[0]
    integers, scales = rounding(even.even_weights(weights), even, source)
    zeros = np.zeros(len(scales), dtype=np.int8)
    _store(graph, {f"{name}.int8": integers, f"{name}.scale": scales, f"{name}.zero": zeros})
    given = [f"{source}.even.rounded", f"{name}.int8", f"{source}.even.scale", f"{name}.scale"]
    given += [f"{source}.even.zero", f"{name}.zero"]
    if not len(even.apart):
        return [_product(name, given, output)]
    _store(graph, {f"{name}.apart": even.apart, f"{name}.rows": weights[even.apart]})
    return [
        _product(name, given, f"{output}.integer"),
        helper.make_node("Gather", [source, f"{name}.apart"], [f"{source}.apart"], axis=-1),
        helper.make_node("MatMul", [f"{source}.apart", f"{name}.rows"], [f"{output}.apart"]),
        helper.make_node("Add", [f"{output}.integer", f"{output}.apart"], [output]),
    ]


def _product(name: str, given: Sequence[str], output: str) -> onnx.NodeProto:
    return helper.make_node(INTEGER_PRODUCT, given, [output], name=name, domain=MICROSOFT)


def _factors_name(product: onnx.NodeProto) -> str:
    source: str = product.input[0].removesuffix(".even.rounded")
    return f"{source}.factors"


def _store(graph: onnx.GraphProto, arrays: Mapping[str, NDArray[np.generic]]) -> None:
    graph.initializer.extend(_tensors(arrays))


def _tensors(arrays: Mapping[str, NDArray[np.generic]]) -> Iterable[onnx.TensorProto]:
    return (numpy_helper.from_array(np.ascontiguousarray(a), name) for name, a in arrays.items())
