"""Export a reader to ONNX, int8: `python -m scripts.export_reader --model DIR --data F --out DIR`.

`--model` is a Hugging Face folder (config.json, model.safetensors, tokenizer.json) of a BERT for
extractive question answering, `--data` a question set whose first windows show which channels
have outliers. What is rounded how, and what it costs, stands in docs/reader-quantization.md.
"""

import argparse
import hashlib
import json
import logging
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import onnx
from transformers import BertConfig

from qa.reading.reader_folder import ReaderManifest
from scripts.command_line.failing import told_in_one_line
from scripts.exporting.bert_graph import fused, load_model, trace
from scripts.exporting.integers import quantize_dense, quantize_embeddings
from scripts.exporting.sample_windows import record_inputs, sample_windows
from scripts.training.network import open_tokenizer

MODEL_NAME = "reader.onnx"
# Enough to see the outliers, which are the same channels in every text.
WINDOWS = 12

Write = Callable[[Path, BertConfig], onnx.ModelProto]
"""Makes of a traced model the one to ship."""


def integer_writer(model_folder: Path, data: Path) -> Write:
    """Return what rounds a traced model, with outliers as the questions of `data` show them."""
    layout = _manifest("", "0" * 64).layout
    windows = sample_windows(data, open_tokenizer(model_folder), layout, count=WINDOWS)

    def write(traced: Path, config: BertConfig) -> onnx.ModelProto:
        model = fused(traced, config)
        quantize_dense(model, record_inputs(model, windows))
        quantize_embeddings(model)
        return model

    return write


def write_reader(model_folder: Path, out: Path, *, name: str, write: Write) -> ReaderManifest:
    """Export the model in `model_folder` and write a reader folder that `OnnxReader` opens."""
    model = load_model(model_folder)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        traced = Path(folder) / MODEL_NAME
        trace(model, traced)
        onnx.save(write(traced, model.config), out / MODEL_NAME)
    shutil.copyfile(model_folder / "tokenizer.json", out / "tokenizer.json")
    manifest = _manifest(name, hashlib.sha256((out / MODEL_NAME).read_bytes()).hexdigest())
    (out / "reader.json").write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return manifest


def _manifest(name: str, model_sha256: str) -> ReaderManifest:
    return ReaderManifest(name=name, model=MODEL_NAME, model_sha256=model_sha256, max_tokens=384)


def main() -> None:
    """Read the arguments, export, and print the new manifest."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True, help="folder of the trained model")
    parser.add_argument("--data", type=Path, help="question set that shows the outliers")
    parser.add_argument("--out", type=Path, required=True, help="folder of the exported reader")
    parser.add_argument("--name", default="quoth-reader", help="name to write into reader.json")
    parser.add_argument("--float32", action="store_true", help="do not quantise")
    options = parser.parse_args()
    if options.data is None and not options.float32:
        parser.error("give --data QUESTIONS to quantise with, or --float32")
    logging.disable(logging.INFO)
    with told_in_one_line():
        write = fused if options.float32 else integer_writer(options.model, options.data)
    with told_in_one_line(OSError):
        manifest = write_reader(options.model, options.out, name=options.name, write=write)
    print(json.dumps(manifest.model_dump()))


if __name__ == "__main__":
    main()
