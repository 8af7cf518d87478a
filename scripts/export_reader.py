"""Export a reader to ONNX, int8: `python -m scripts.export_reader --model DIR --data F --out DIR`.

`--model` is a Hugging Face folder (config.json, model.safetensors and a tokenizer) of a network for
extractive question answering, or the name of one on a hub: a BERT like the shipped reader, or a
RoBERTa, MPNet, ELECTRA, DistilBERT, ALBERT or DeBERTa. `--data` is a question set whose first
windows show which channels have outliers. What is rounded how, and what it costs, stands in
docs/reader-quantization.md; what another reader needs besides, in docs/other-readers.md.
"""

import argparse
import hashlib
import json
import logging
import tempfile
from collections.abc import Callable
from pathlib import Path

import onnx
from onnx import helper
from transformers import PreTrainedConfig

from qa.reading.model_archive import ARCHIVE_SUFFIX, GRAPH_NAME
from qa.reading.reader_folder import ReaderManifest
from scripts.command_line.failing import told_in_one_line
from scripts.command_line.option_types import share
from scripts.exporting.archive import archived
from scripts.exporting.coarse_steps import Rounding, SecondMoments, coarsely
from scripts.exporting.integers import finely, quantize_dense, quantize_embeddings
from scripts.exporting.reader_graph import fused, trace
from scripts.exporting.sample_windows import dense_inputs, record_inputs, sample_windows
from scripts.exporting.trained_network import TrainedNetwork, open_network
from scripts.training.network import TOKENIZER_NAME

MODEL_NAME = GRAPH_NAME
ARCHIVE_NAME = f"reader{ARCHIVE_SUFFIX}"
CONFIG = "config"
"""The property of an exported model that holds transformers' configuration of it, as JSON."""
# Enough to see the outliers, which are the same channels in every text.
WINDOWS = 12
# Enough tokens to see which of some thousands of channels go together.
WINDOWS_OF_STEPS = 256

# As long as most passages; a window twice as long takes more than twice the time.
_MAX_TOKENS = 384

Write = Callable[[Path, PreTrainedConfig], onnx.ModelProto]
"""Makes of a traced model the one to ship."""


def integer_writer(trained: TrainedNetwork, data: Path, *, step: float = 0) -> Write:
    """Return what rounds a traced network, with outliers as the questions of `data` show them.

    With a `step`, in standard deviations, weights are rounded no finer than to that.
    """
    layout = _manifest("", MODEL_NAME, "0" * 64, trained.model.config).layout
    count = WINDOWS_OF_STEPS if step else WINDOWS
    windows = sample_windows(data, trained.tokenizer, layout, count=count)

    def write(traced: Path, config: PreTrainedConfig) -> onnx.ModelProto:
        model = fused(traced, config)
        rounding: Rounding = finely
        if step:
            rounding = coarsely(SecondMoments(dense_inputs(model, windows)), step=step)
        quantize_dense(model, record_inputs(model, windows[:WINDOWS]), rounding)
        quantize_embeddings(model, step=step)
        return model

    return write


def write_reader(
    trained: TrainedNetwork, out: Path, *, name: str, write: Write, compressed: bool = False
) -> ReaderManifest:
    """Export a trained network and write a reader folder that `OnnxReader` opens."""
    config = trained.model.config
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        traced = Path(folder) / MODEL_NAME
        trace(trained.model, traced)
        model = write(traced, config)
    # What the graph was made of, for those who want the network again.
    helper.set_model_props(model, {CONFIG: config.to_json_string()})
    file_name = ARCHIVE_NAME if compressed else MODEL_NAME
    content = archived(model) if compressed else model.SerializeToString()
    (out / file_name).write_bytes(content)
    trained.tokenizer.save(str(out / TOKENIZER_NAME))
    manifest = _manifest(name, file_name, hashlib.sha256(content).hexdigest(), config)
    (out / "reader.json").write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return manifest


def _manifest(name: str, model: str, model_sha256: str, config: PreTrainedConfig) -> ReaderManifest:
    # RoBERTa begins to count positions at 2.
    positions = config.max_position_embeddings - 2
    return ReaderManifest(
        name=name,
        model=model,
        model_sha256=model_sha256,
        max_tokens=min(_MAX_TOKENS, positions),
    )


def main() -> None:
    """Read the arguments, export, and print the new manifest."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--model", required=True, help="folder of the trained model, or its name on a hub"
    )
    parser.add_argument("--revision", default="main", help="the hub's branch, tag or commit")
    parser.add_argument("--data", type=Path, help="question set that shows the outliers")
    parser.add_argument("--out", type=Path, required=True, help="folder of the exported reader")
    parser.add_argument("--name", default="quoth-reader", help="name to write into reader.json")
    parser.add_argument("--float32", action="store_true", help="do not quantise")
    parser.add_argument(
        "--step",
        type=share,
        default=0,
        help="round weights to steps of this many standard deviations, 0.3 or so, and compress the "
        "file: it takes half the room",
    )
    options = parser.parse_args()
    if options.data is None and not options.float32:
        parser.error("give --data QUESTIONS to quantise with, or --float32")
    logging.disable(logging.INFO)
    with told_in_one_line():
        trained = open_network(options.model, revision=options.revision)
        write = (
            fused if options.float32 else integer_writer(trained, options.data, step=options.step)
        )
    with told_in_one_line(OSError):
        manifest = write_reader(
            trained, options.out, name=options.name, write=write, compressed=options.step > 0
        )
    print(json.dumps(manifest.model_dump()))


if __name__ == "__main__":
    main()
