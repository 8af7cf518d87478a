"""The time that a reader's products alone would take: what no way of reading can go below."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import onnxruntime
from onnx import ModelProto, TensorProto, helper, numpy_helper
from tokenizers import Tokenizer

from index.encoding.encoder import bare_tokenizer
from qa.reading.reader_folder import SHIPPED_READER, ReaderManifest
from qa.reading.windows import cut_windows, with_question_mark
from scripts.performance.load import Reply

# The shipped reader's network (Wang et al. 2020, MiniLM with 6 layers).
_LAYERS, _WIDTH, _INNER = 6, 384, 1536
_DENSE_SHAPES = ((_WIDTH, _WIDTH),) * 4 + ((_WIDTH, _INNER), (_INNER, _WIDTH))
_PRODUCTS_A_TOKEN = sum(width * height for width, height in _DENSE_SHAPES)
_ROUNDS = 40

PassageText = Callable[[str, int, int], str]
"""Returns the characters of an article, named by its id, from a start to an end."""


def products(tokens: int) -> int:
    """Return the multiplications that the network needs for a window of so many tokens."""
    return _LAYERS * (tokens * _PRODUCTS_A_TOKEN + 2 * tokens**2 * _WIDTH)


def products_per_s(*, threads: int, tokens: int = 256) -> float:
    """Return how many 8-bit products a second ONNX Runtime makes with nothing else to do.

    They are those of one layer's weights with `tokens` rows of activations, by each thread for
    itself, as the reader works; the fastest of some rounds counts, for others only ran slower.
    """
    model = _bare_products().SerializeToString()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    generator = np.random.default_rng(1)
    rows = {
        f"rows_{width}": generator.integers(0, 255, (tokens, width), dtype=np.uint8)
        for width in (_WIDTH, _INNER)
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
    return threads * tokens * _PRODUCTS_A_TOKEN / spent


@dataclass(frozen=True, slots=True)
class ProductsAlone:
    """How long the products of reading would take, by themselves, at `per_s` products a second."""

    per_s: float
    passage_text: PassageText

    def times(self, replies: Sequence[Reply], questions: Sequence[str]) -> list[float]:
        """Return of each explained reply its time over that of the products of what was read.

        Replies for which nothing was read are left out.
        """
        tokenizer = bare_tokenizer(Tokenizer.from_file(str(SHIPPED_READER / "tokenizer.json")))
        manifest = (SHIPPED_READER / "reader.json").read_bytes()
        layout = ReaderManifest.model_validate_json(manifest).layout
        times = []
        for reply, question in zip(replies, questions, strict=True):
            windows = cut_windows(
                with_question_mark(question),
                self._texts_read(reply),
                tokenizer=tokenizer,
                layout=layout,
            )
            needed = sum(products(len(window.ids)) for window in windows)
            if needed:
                times.append(reply.milliseconds / (1000 * needed / self.per_s))
        return times

    def _texts_read(self, reply: Reply) -> list[str]:
        return [
            self.passage_text(found["article_id"], found["start"], found["end"])
            for found in reply.body["explanation"]["passages"]
            if found["read_as"] is not None
        ]


def _bare_products() -> ModelProto:
    generator = np.random.default_rng(0)
    nodes, weights, outputs = [], [], []
    for number, (width, height) in enumerate(_DENSE_SHAPES):
        name = f"weights_{number}"
        values = generator.integers(-64, 63, (width, height), dtype=np.int8)
        weights.append(numpy_helper.from_array(values, name))
        nodes.append(helper.make_node("MatMulInteger", [f"rows_{width}", name], [f"out_{number}"]))
        outputs.append(
            helper.make_tensor_value_info(f"out_{number}", TensorProto.INT32, [None, height])
        )
    inputs = [
        helper.make_tensor_value_info(f"rows_{width}", TensorProto.UINT8, [None, width])
        for width in (_WIDTH, _INNER)
    ]
    graph = helper.make_graph(nodes, "products", inputs, outputs, weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
