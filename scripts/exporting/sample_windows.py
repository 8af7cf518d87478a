"""What dense layers are given when real questions are read."""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, helper
from tokenizers import Tokenizer

from qa.reading.windows import Window, WindowLayout, cut_windows
from scripts.evaluation.question_file import read_questions
from scripts.exporting.dense_layers import dense_layers
from scripts.exporting.reader_graph import INPUTS

Floats = NDArray[np.float32]


def sample_windows(
    data: Path, tokenizer: Tokenizer, layout: WindowLayout, *, count: int
) -> list[Window]:
    """Return the first window of at most `count` questions, drawn with a fixed seed."""
    known = read_questions(data)
    questions = random.Random(11).sample(known, min(count, len(known)))
    return [
        cut_windows(q.question, [q.context], tokenizer=tokenizer, layout=layout)[0]
        for q in questions
    ]


def record_inputs(model: onnx.ModelProto, windows: Sequence[Window]) -> dict[str, list[Floats]]:
    """Return the input of each dense layer by its name in the graph, shape (tokens, channels).

    There is one array a window, in the order of the windows.
    """
    recorded: dict[str, list[Floats]] = defaultdict(list)
    for given in dense_inputs(model, windows):
        for name, values in given.items():
            recorded[name].append(values)
    return recorded


def dense_inputs(model: onnx.ModelProto, windows: Iterable[Window]) -> Iterator[dict[str, Floats]]:
    """Yield for each window what each dense layer is given, shape (tokens, channels), by its name.

    The name is that of the input in the graph.
    """
    names = sorted({layer.input[0] for layer in dense_layers(model)})
    watched = onnx.ModelProto()
    watched.CopyFrom(model)
    watched.graph.output.extend(
        helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names
    )
    session = onnxruntime.InferenceSession(
        watched.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    for window in windows:
        ids = np.array([window.ids], dtype=np.int64)
        types = np.zeros_like(ids)
        types[0, window.passage_start :] = 1
        inputs = dict(zip(INPUTS, (ids, np.ones_like(ids), types), strict=True))
        found = session.run(names, inputs)
        yield {name: value[0] for name, value in zip(names, found, strict=True)}
