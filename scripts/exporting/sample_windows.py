"""What dense layers are given when real questions are read."""

import random
from collections.abc import Sequence
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
    """Return the first window of `count` questions of the file, drawn with a fixed seed."""
    questions = random.Random(11).sample(read_questions(data), count)
    return [
        cut_windows(q.question, [q.context], tokenizer=tokenizer, layout=layout)[0]
        for q in questions
    ]


def record_inputs(model: onnx.ModelProto, windows: Sequence[Window]) -> dict[str, list[Floats]]:
    """Return the input of each dense layer by its name in the graph, shape (tokens, channels).

    There is one array a window, in the order of the windows.
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
    recorded: dict[str, list[Floats]] = {name: [] for name in names}
    for window in windows:
        ids = np.array([window.ids], dtype=np.int64)
        types = np.zeros_like(ids)
        types[0, window.passage_start :] = 1
        inputs = dict(zip(INPUTS, (ids, np.ones_like(ids), types), strict=True))
        for name, value in zip(names, session.run(names, inputs), strict=True):
            recorded[name].append(value[0])
    return recorded
