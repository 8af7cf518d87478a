"""The shipped reader as a Hugging Face folder: `python -m scripts.peers.dequantize --out DIR`.

Systems that run PyTorch read with the very weights of our 8-bit ONNX file, written out as 32-bit
floats. What is written is checked: its logits must be those of ONNX Runtime.
"""

import argparse
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from transformers import AutoConfig, AutoModelForQuestionAnswering, PreTrainedModel
from transformers.utils.logging import disable_progress_bar

from qa.errors import ModelError
from qa.reading.reader_folder import SHIPPED_READER, model_file, read_manifest
from scripts.command_line.failing import told_in_one_line
from scripts.export_reader import CONFIG
from scripts.exporting.integers import in_floats, integer_products, product_weights

Floats = NDArray[np.float32]
Ids = NDArray[np.int64]

# Sums in another order differ by a few millionths; a weight in the wrong place, by whole units.
TOLERANCE = 1e-4
_PREFIX = "model."
_SPAN_HEAD = "/model/qa_outputs/MatMul"


def write_float_model(reader: Path, out: Path) -> float:
    """Write the reader in `reader` as a Hugging Face folder; returns the largest logit difference.

    It is the difference between PyTorch with the written weights and ONNX Runtime with the integer
    ones, both computing in 32-bit floats. Raises ModelError if it is above `TOLERANCE`.
    """
    manifest = read_manifest(reader)
    with model_file(reader, manifest) as graph:
        exported = onnx.load(graph)
    path = reader / manifest.model
    weights = float_weights(exported)
    model = _network(exported, path)
    model.load_state_dict({name: torch.tensor(found) for name, found in weights.items()})
    model.train(mode=False)
    difference = largest_logit_difference(exported, model)
    if difference > TOLERANCE:
        raise ModelError(
            f"the weights of {path} as floats give logits that differ by "
            f"{difference:.2g}, more than {TOLERANCE:g}; the file has parts that "
            f"scripts.peers.dequantize does not know"
        )
    disable_progress_bar()  # type: ignore[no-untyped-call]
    model.save_pretrained(out)
    # MPNet begins to count positions at 2.
    positions = model.config.max_position_embeddings - 2
    _write_tokenizer(reader / "tokenizer.json", out, positions=positions)
    return difference


def float_weights(exported: onnx.ModelProto) -> dict[str, Floats]:
    """Return the weights by their Hugging Face names, dense layers as (outputs, inputs)."""
    stored = {one.name: numpy_helper.to_array(one) for one in exported.graph.initializer}
    weights: dict[str, Floats] = {}
    for name, found in stored.items():
        if name.startswith(_PREFIX) and name.endswith((".weight", ".bias")):
            weights[name.removeprefix(_PREFIX)] = found.astype(np.float32)
        elif name.startswith(_PREFIX) and name.endswith(".weight.int8"):
            whole = name.removesuffix(".int8")
            weights[whole.removeprefix(_PREFIX)] = (
                found.astype(np.float32) * stored[f"{whole}.scale"]
            )
    products = {node.name: product_weights(exported, node) for node in integer_products(exported)}
    products[_SPAN_HEAD] = next(
        stored[node.input[1]] for node in exported.graph.node if node.name == _SPAN_HEAD
    )
    for name, columns in products.items():
        layer = name.removeprefix("/model/").removesuffix("/MatMul").replace("/", ".")
        weights[f"{layer}.weight"] = np.ascontiguousarray(columns.T)
    for number, bias in _attention_biases(exported, stored):  # of BERT's; MPNet's stand alone
        for part, values in zip(("query", "key", "value"), np.split(bias, 3), strict=True):
            weights[f"bert.encoder.layer.{number}.attention.self.{part}.bias"] = values
    return weights


def largest_logit_difference(exported: onnx.ModelProto, model: PreTrainedModel) -> float:
    """Return how far the logits are apart on a batch of two rows, one of them padded."""
    session = onnxruntime.InferenceSession(
        in_floats(exported).SerializeToString(), providers=["CPUExecutionProvider"]
    )
    ids, mask, types = _batch()
    logits = session.run(
        ["start_logits", "end_logits"],
        {"input_ids": ids, "attention_mask": mask, "token_type_ids": types},
    )
    with torch.inference_mode():
        output = model(
            input_ids=torch.from_numpy(ids),
            attention_mask=torch.from_numpy(mask),
            token_type_ids=torch.from_numpy(types),
        )
    pairs = zip(logits, (output.start_logits, output.end_logits), strict=True)
    return max(float(np.abs((ours - theirs.numpy())[mask == 1]).max()) for ours, theirs in pairs)


def _batch() -> tuple[Ids, Ids, Ids]:
    ids = np.random.default_rng(0).integers(1000, 20000, (2, 64))
    mask, types = np.ones_like(ids), np.zeros_like(ids)
    mask[1, 48:] = 0
    types[:, 12:] = mask[:, 12:]
    return ids, mask, types


def _attention_biases(
    exported: onnx.ModelProto, stored: dict[str, NDArray[np.float32]]
) -> Iterator[tuple[int, Floats]]:
    """Yield (number of the layer, the biases of query, key and value in one row)."""
    for node in exported.graph.node:
        if node.op_type == "MultiHeadAttention" and node.input[3]:
            found = re.search(r"/layer\.(\d+)/", node.output[0])
            if found is None:
                raise ModelError(f"attention {node.output[0]!r} does not name its layer")
            yield int(found[1]), stored[node.input[3]]


def _network(exported: onnx.ModelProto, path: Path) -> PreTrainedModel:
    properties = {one.key: one.value for one in exported.metadata_props}
    if CONFIG not in properties:
        raise ModelError(f"{path} does not say what network it is; export the reader again")
    config = AutoConfig.for_model(**json.loads(properties[CONFIG]))
    network: PreTrainedModel = AutoModelForQuestionAnswering.from_config(config)  # type: ignore[no-untyped-call]
    return network


def _write_tokenizer(tokenizer: Path, out: Path, *, positions: int) -> None:
    shutil.copyfile(tokenizer, out / "tokenizer.json")
    named = {f"{name}_token": f"[{name.upper()}]" for name in ("cls", "mask", "pad", "sep", "unk")}
    settings = {"tokenizer_class": "BertTokenizer", "model_max_length": positions, **named}
    (out / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")


def main() -> None:
    """Read the arguments, write the folder, and say how well it agrees."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reader", type=Path, default=SHIPPED_READER, help="folder of the reader")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    options = parser.parse_args()
    with told_in_one_line():
        difference = write_float_model(options.reader, options.out)
    print(f"{options.out}: logits differ by at most {difference:.2g}")


if __name__ == "__main__":
    main()
