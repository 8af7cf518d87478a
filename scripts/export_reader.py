"""Export a trained reader to ONNX, int8: `python -m scripts.export_reader --model DIR --out DIR`.

`--model` is a Hugging Face folder (config.json, model.safetensors, tokenizer.json) of a BERT for
extractive question answering. Dense layers become 8-bit integers in blocks of 128 weights, with
activations rounded block by block too, and word embeddings 8-bit integers with one scale a row.
Plain dynamic quantisation rounds the feed-forward activations, which have outliers, with one
scale for the whole batch; it costs 1.9 F1 where this costs 0.3 (docs/reader-quantization.md).
"""

import argparse
import hashlib
import json
import logging
import shutil
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization.matmul_nbits_quantizer import (
    DefaultWeightOnlyQuantConfig,
    MatMulNBitsQuantizer,
)
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions
from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import BertConfig, BertForQuestionAnswering

from qa.reader import ReaderManifest

INPUTS = ["input_ids", "attention_mask", "token_type_ids"]
OUTPUTS = ["start_logits", "end_logits"]
MODEL_NAME = "reader.onnx"
# ONNX Runtime's name for integer arithmetic in MatMulNBits.
_INT8_COMPUTE = 4


class _Logits(nn.Module):
    """The model with positional inputs and a tuple of outputs, as the exporter wants it."""

    def __init__(self, model: BertForQuestionAnswering) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor) -> tuple[Tensor, Tensor]:
        output = self.model(input_ids=ids, attention_mask=mask, token_type_ids=types)
        return output.start_logits, output.end_logits


def load_model(folder: Path) -> BertForQuestionAnswering:
    """Return the model in `folder`, in float32, ready to be traced."""
    config = BertConfig.from_json_file(folder / "config.json")
    config._attn_implementation = "eager"  # the pattern that the graph optimizer knows
    model: BertForQuestionAnswering = BertForQuestionAnswering(config)
    model.train(mode=False)
    weights = {name: w.float() for name, w in load_file(folder / "model.safetensors").items()}
    model.load_state_dict(weights)
    return model


def trace(model: BertForQuestionAnswering, path: Path) -> None:
    """Write the model to ONNX as it is, with rows and tokens free."""
    ids = torch.randint(1000, 20000, (2, 32))
    torch.onnx.export(
        _Logits(model),
        (ids, torch.ones_like(ids), torch.ones_like(ids)),
        str(path),
        input_names=INPUTS,
        output_names=OUTPUTS,
        dynamic_axes={name: {0: "rows", 1: "tokens"} for name in INPUTS + OUTPUTS},
        opset_version=17,
        dynamo=False,
    )


def fuse(traced: Path, target: Path, config: BertConfig) -> None:
    """Write the traced model with its attention, GELU and normalisation each as one operator."""
    options = FusionOptions("bert")
    options.use_multi_head_attention = True
    options.enable_embed_layer_norm = False
    fused = optimizer.optimize_model(
        str(traced),
        model_type="bert",
        num_heads=config.num_attention_heads,
        hidden_size=config.hidden_size,
        opt_level=0,
        optimization_options=options,
    )
    fused.save_model_to_file(str(target))


def quantize(traced: Path, target: Path, config: BertConfig, *, block_size: int = 128) -> None:
    """Write the traced model fused, with 8-bit dense layers and word embeddings."""
    fuse(traced, target, config)
    model = onnx.load(target)
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
    quantizer.model.save_model_to_file(str(target))


def quantize_embeddings(model: onnx.ModelProto, *, least_rows: int = 1000) -> None:
    """Replace large embedding tables by 8-bit integers and one scale a row, in place."""
    graph = model.graph
    tables = {table.name: table for table in graph.initializer if table.dims[:1] > [least_rows]}
    for node in [n for n in graph.node if n.op_type == "Gather" and n.input[0] in tables]:
        weights = numpy_helper.to_array(tables[node.input[0]])
        scales = np.maximum(np.abs(weights).max(axis=1, keepdims=True) / 127, 1e-12)
        rounded = np.round(weights / scales).astype(np.int8)
        name, wanted = node.input[0], node.input[1]
        graph.initializer.remove(tables[name])
        graph.initializer.extend(
            [
                numpy_helper.from_array(rounded, f"{name}.int8"),
                numpy_helper.from_array(scales.astype(np.float32), f"{name}.scale"),
            ]
        )
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


def write_reader(model_folder: Path, out: Path, *, name: str, float32: bool) -> ReaderManifest:
    """Export the model in `model_folder` and write a reader folder that `OnnxReader` opens."""
    out.mkdir(parents=True, exist_ok=True)
    model = load_model(model_folder)
    with tempfile.TemporaryDirectory() as folder:
        traced = Path(folder) / MODEL_NAME
        trace(model, traced)
        (fuse if float32 else quantize)(traced, out / MODEL_NAME, model.config)
    shutil.copyfile(model_folder / "tokenizer.json", out / "tokenizer.json")
    manifest = ReaderManifest(
        name=name,
        model=MODEL_NAME,
        model_sha256=hashlib.sha256((out / MODEL_NAME).read_bytes()).hexdigest(),
        max_tokens=384,
    )
    (out / "reader.json").write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return manifest


def main() -> None:
    """Read the arguments, export, and print the new manifest."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True, help="folder of the trained model")
    parser.add_argument("--out", type=Path, required=True, help="folder of the exported reader")
    parser.add_argument("--name", default="quoth-reader", help="name to write into reader.json")
    parser.add_argument("--float32", action="store_true", help="do not quantise")
    options = parser.parse_args()
    logging.disable(logging.INFO)
    manifest = write_reader(options.model, options.out, name=options.name, float32=options.float32)
    print(json.dumps(manifest.model_dump()))


if __name__ == "__main__":
    main()
