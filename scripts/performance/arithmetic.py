"""The time that a reader's products alone would take: what no way of reading can go below."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import ModelProto, TensorProto, helper, numpy_helper

from index.encoding.encoder import open_bare_tokenizer
from qa.reading.reader_folder import SHIPPED_READER, model_file, read_manifest
from qa.reading.windows import cut_windows, with_question_mark
from scripts.exporting.integers import integer_products
from scripts.performance.load import Reply

_ATTENTION = "MultiHeadAttention"
_ROUNDS = 40

PassageText = Callable[[str, int, int], str]
"""Returns the characters of an article, named by its id, from a start to an end."""


@dataclass(frozen=True, slots=True)
class Network:
    """What a reader multiplies: its dense layers, (inputs, outputs), and its attentions' widths.

    The width of an attention is that of all its heads together.
    """

    dense: tuple[tuple[int, int], ...]
    attended: tuple[int, ...]

    @classmethod
    def of(cls, exported: ModelProto) -> "Network":
        """Return the network of a model that `scripts.export_reader` has written."""
        shapes = {table.name: tuple(table.dims) for table in exported.graph.initializer}
        products = integer_products(exported)
        weights_of = {product.input[0]: product.input[1] for product in products}
        attentions = [n.output[0] for n in exported.graph.node if n.op_type == _ATTENTION]
        return cls(
            dense=tuple(shapes[product.input[1]] for product in products),
            attended=tuple(shapes[weights_of[f"{name}.even.rounded"]][0] for name in attentions),
        )

    @classmethod
    def in_folder(cls, folder: Path) -> "Network":
        """Return the network of the reader in `folder`; raises ModelError."""
        with model_file(folder, read_manifest(folder)) as graph:
            return cls.of(onnx.load(graph, load_external_data=False))

    @property
    def weights(self) -> int:
        """How many there are in the dense layers."""
        return sum(inputs * outputs for inputs, outputs in self.dense)

    def products(self, tokens: int) -> int:
        """Return the multiplications that a window of so many tokens needs."""
        return tokens * self.weights + 2 * tokens**2 * sum(self.attended)


def products_per_s(network: Network, *, threads: int, tokens: int = 256) -> float:
    """Return how many 8-bit products a second ONNX Runtime makes with nothing else to do.

    They are those of the network's weights with `tokens` rows of activations, by each thread for
    itself, as the reader works; the fastest of some rounds counts, for others only ran slower.
    """
    model = _bare_products(network).SerializeToString()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    generator = np.random.default_rng(1)
    rows = {
        f"rows_{width}": generator.integers(0, 255, (tokens, width), dtype=np.uint8)
        for width in _widths(network)
    }
    together = threading.Barrier(threads)

    def seconds() -> float:
        began = time.perf_counter()
        session.run(None, rows)
        spent = time.perf_counter() - began
        together.wait()
        return spent

    def fastest(_: int) -> float:
        return min(seconds() for _ in range(_ROUNDS))

    with ThreadPoolExecutor(threads) as pool:
        spent = max(pool.map(fastest, range(threads)))
    return threads * tokens * network.weights / spent


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """A network, and how many of its products the machine makes in a second."""

    network: Network
    per_s: float

    def milliseconds(self, tokens: int) -> float:
        """Return how long the products of a window of so many tokens take."""
        return 1000 * self.network.products(tokens) / self.per_s


@dataclass(frozen=True, slots=True)
class ProductsAlone:
    """How long the products of reading would take, by themselves."""

    arithmetic: Arithmetic
    passage_text: PassageText

    def times(self, replies: Sequence[Reply], questions: Sequence[str]) -> list[float]:
        """Return of each explained reply its time over that of the products of what was read.

        Replies for which nothing was read are left out.
        """
        tokenizer = open_bare_tokenizer(SHIPPED_READER / "tokenizer.json")
        layout = read_manifest(SHIPPED_READER).layout
        times = []
        for reply, question in zip(replies, questions, strict=True):
            windows = cut_windows(
                with_question_mark(question),
                self._texts_read(reply),
                tokenizer=tokenizer,
                layout=layout,
            )
            alone = sum(self.arithmetic.milliseconds(len(window.ids)) for window in windows)
            if alone:
                times.append(reply.milliseconds / alone)
        return times

    def _texts_read(self, reply: Reply) -> list[str]:
        return [
            self.passage_text(found["article_id"], found["start"], found["end"])
            for found in reply.body["explanation"]["passages"]
            if found["read_as"] is not None
        ]


def _widths(network: Network) -> list[int]:
    return sorted({width for width, _ in network.dense})


def _bare_products(network: Network) -> ModelProto:
    generator = np.random.default_rng(0)
    nodes, weights, outputs = [], [], []
    for number, (width, height) in enumerate(network.dense):
        name = f"weights_{number}"
        values = generator.integers(-64, 63, (width, height), dtype=np.int8)
        weights.append(numpy_helper.from_array(values, name))
        nodes.append(helper.make_node("MatMulInteger", [f"rows_{width}", name], [f"out_{number}"]))
        outputs.append(
            helper.make_tensor_value_info(f"out_{number}", TensorProto.INT32, [None, height])
        )
    inputs = [
        helper.make_tensor_value_info(f"rows_{width}", TensorProto.UINT8, [None, width])
        for width in _widths(network)
    ]
    graph = helper.make_graph(nodes, "products", inputs, outputs, weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
