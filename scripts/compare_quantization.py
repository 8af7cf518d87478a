"""Compare ways to quantise a reader: `python -m scripts.compare_quantization --model DIR ...`.

Writes `docs/reader-quantization.md`: size, EM and F1 with the passage given, and milliseconds a
question, of the same weights in float32, in three other forms, and as `scripts.export_reader`
ships them. `--outliers` is the question set that shows where activations have outliers.
"""

import argparse
import logging
import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path

import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.matmul_nbits_quantizer import (
    DefaultWeightOnlyQuantConfig,
    MatMulNBitsQuantizer,
)
from rich.console import Console
from rich.progress import Progress
from transformers import PreTrainedConfig

from qa.reading.reader import OnnxReader
from scripts.command_line.failing import told_in_one_line
from scripts.command_line.option_types import positive
from scripts.evaluation.question_file import KnownQuestion, read_questions
from scripts.evaluation.reading import ReadResult, Scores, read_all
from scripts.export_reader import WINDOWS, Write, integer_writer, write_reader
from scripts.exporting.integers import quantize_embeddings
from scripts.exporting.reader_graph import fused
from scripts.exporting.trained_network import TrainedNetwork, open_network

# Of a standard deviation: what the shipped reader is exported with.
_STEP = 0.3
PAGE = Path(__file__).resolve().parent.parent / "docs" / "reader-quantization.md"
SHIPPED = f"the same in steps of {_STEP} deviations, as shipped"
_INT8_COMPUTE = 4  # ONNX Runtime's name for integer arithmetic in MatMulNBits


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to write the model, and how it did."""

    name: str
    size: int
    em: float
    f1: float
    median_ms: float


def plain_dynamic(traced: Path, config: PreTrainedConfig, *, per_channel: bool) -> onnx.ModelProto:
    """Quantise as ONNX Runtime does by itself: one scale for all of a window's activations."""
    source, target = traced.with_suffix(".fused.onnx"), traced.with_suffix(".int8.onnx")
    onnx.save(fused(traced, config), source)
    quantize_dynamic(
        source,
        target,
        weight_type=QuantType.QInt8,
        per_channel=per_channel,
        reduce_range=per_channel,
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
    )
    return onnx.load(target)


def in_blocks(traced: Path, config: PreTrainedConfig, *, block_size: int = 128) -> onnx.ModelProto:
    """Round weights and activations in blocks, each with a scale of its own."""
    model = fused(traced, config)
    quantize_embeddings(model)
    weights = DefaultWeightOnlyQuantConfig(
        block_size=block_size, is_symmetric=True, accuracy_level=_INT8_COMPUTE, bits=8
    )
    quantizer = MatMulNBitsQuantizer(
        model,
        bits=8,
        block_size=block_size,
        is_symmetric=True,
        accuracy_level=_INT8_COMPUTE,
        algo_config=weights,
    )
    quantizer.process()
    blocks: onnx.ModelProto = quantizer.model.model
    return blocks


def variants(trained: TrainedNetwork, outliers: Path) -> dict[str, Write]:
    """Return the forms that are compared, by what the page calls them."""
    return {
        "float32": fused,
        "dynamic int8, all defaults": lambda t, c: plain_dynamic(t, c, per_channel=False),
        "dynamic int8, 7-bit weights, a scale an output": lambda t, c: plain_dynamic(
            t, c, per_channel=True
        ),
        "8 bits in blocks of 128": in_blocks,
        "7-bit weights, outliers evened out": integer_writer(trained, outliers),
        SHIPPED: integer_writer(trained, outliers, step=_STEP),
    }


def measure(
    readers: dict[str, OnnxReader], questions: list[KnownQuestion]
) -> dict[str, list[ReadResult]]:
    """Let every reader read each question before the next, in an order that rotates."""
    results: dict[str, list[ReadResult]] = {name: [] for name in readers}
    order = list(readers)
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("reading", total=len(questions))
        for question in questions:
            for name in order:
                results[name] += read_all(
                    [question], readers[name], min_margin=None, on_result=lambda: None
                )
            order = [*order[1:], order[0]]
            progress.advance(task)
    return results


def summary(name: str, model: Path, results: list[ReadResult]) -> Variant:
    """Return how one form did, whose model is the file `model`."""
    scores = Scores.of(results)
    if scores is None:
        raise ValueError("there is no question to read")
    median = statistics.median(result.milliseconds for result in results)
    return Variant(name, model.stat().st_size, scores.em, scores.f1, median)


def page(found: list[Variant], data: Path, count: int) -> str:
    """Return the comparison as Markdown."""
    rows = "\n".join(
        f"| {v.name} | {v.size / 1e6:.1f} MB | {v.em:.2f} | {v.f1:.2f} | {v.median_ms:.1f} |"
        for v in found
    )
    return f"""# Quantisation of the reader

Generated by `python -m scripts.compare_quantization`; do not edit.

The same weights, read on {count:,} questions of `{data.name}` (passage given, never abstaining),
each question by all of them before the next, one window at a time by one thread:

| variant | size | EM | F1 | median ms a question |
|---|---:|---:|---:|---:|
{rows}

Before an integer product, dynamic quantisation rounds a window's activations to 256 steps between
their least and greatest value. A few channels are ten times as large as the others at a few tokens,
so that the steps are coarse for all. The shipped form divides such channels by factors that it
multiplies the weights by, which changes no product; and of the input of each second feed-forward
layer it multiplies the four largest channels by themselves, in floats. Factors are chosen layer by
layer, as those by which rounding changes the layer's products least, on {WINDOWS} windows of
training questions (`scripts/exporting/outliers.py`). Weights have 7 bits and one scale an output:
products of 8 and 8 bits overflow on processors without VNNI instructions, and the same question
shall have the same answer everywhere. Word embeddings are 8-bit integers with one scale a row.

As shipped, a scale is no finer than {_STEP} standard deviations of what it rounds: most integers
are then small, and a file coded by their frequencies takes half the room. What rounding changes,
later channels make up for (`scripts/exporting/coarse_steps.py`). Read is the same integer graph.

Blocks of 128 values with a scale each stay closer to the floats and take longer.
"""


def main() -> None:
    """Export once, measure every variant, write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", required=True, help="folder of the trained model")
    parser.add_argument("--data", type=Path, required=True, help="questions with passages")
    parser.add_argument("--outliers", type=Path, required=True, help="training questions")
    parser.add_argument(
        "--limit", type=positive, default=1000, help="questions, drawn with a fixed seed"
    )
    options = parser.parse_args()
    logging.disable(logging.INFO)
    with told_in_one_line():
        questions = read_questions(options.data, limit=options.limit)
        trained = open_network(options.model)
        writers = variants(trained, options.outliers)
    with tempfile.TemporaryDirectory() as scratch:
        models: dict[str, Path] = {}
        for number, (name, write) in enumerate(writers.items()):
            folder = Path(scratch) / str(number)
            with told_in_one_line(OSError):
                manifest = write_reader(
                    trained, folder, name=str(number), write=write, compressed=name == SHIPPED
                )
            models[name] = folder / manifest.model
        readers = {name: OnnxReader.load(one.parent, threads=1) for name, one in models.items()}
        results = measure(readers, questions)
        found = [summary(name, model, results[name]) for name, model in models.items()]
    PAGE.write_text(page(found, options.data, len(questions)), encoding="utf-8")
    print(PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
