"""A trained network for extractive question answering as an ONNX graph of few, large operators."""

import warnings
from pathlib import Path

import onnx
import torch
from onnx import helper
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions
from torch import Tensor, nn
from transformers import PreTrainedConfig, PreTrainedModel

from scripts.exporting.biased_attention import as_one_operator
from scripts.training.network import has_segments

INPUTS = ["input_ids", "attention_mask", "token_type_ids"]
OUTPUTS = ["start_logits", "end_logits"]
MICROSOFT = "com.microsoft"
"""The domain of ONNX Runtime's own operators."""

_TOKENS_TRACED = 32


class _Logits(nn.Module):
    """The model with positional inputs and a tuple of outputs, as the exporter wants it."""

    def __init__(self, model: PreTrainedModel) -> None:
        super().__init__()
        self.model = model
        self.eval()
        self._has_segments = has_segments(model.config)

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor) -> tuple[Tensor, Tensor]:
        inputs = {"input_ids": ids, "attention_mask": mask}
        if self._has_segments:
            inputs["token_type_ids"] = types
        output = self.model(**inputs)
        return output.start_logits, output.end_logits


def trace(model: PreTrainedModel, path: Path) -> None:
    """Write the model to ONNX as it is, with rows and tokens free."""
    ids = torch.randint(min(1000, model.config.vocab_size), (2, _TOKENS_TRACED))
    with warnings.catch_warnings(), as_one_operator():
        # This exporter is told to be old; the new one's graphs the optimizer does not know.
        warnings.simplefilter("ignore")
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


def fused(traced: Path, config: PreTrainedConfig) -> onnx.ModelProto:
    """Return the traced model with its attention, GELU and normalisation each as one operator.

    The sum before a normalisation stays apart: ONNX Runtime's operator for both at once takes
    several times as long as the two by themselves. Inputs that the model does not look at are there
    all the same, so that every reader is given the same.
    """
    options = FusionOptions("bert")
    options.use_multi_head_attention = True
    options.enable_embed_layer_norm = False
    options.enable_skip_layer_norm = False
    options.enable_bias_skip_layer_norm = False
    model: onnx.ModelProto = optimizer.optimize_model(
        str(traced),
        model_type="bert",
        num_heads=config.num_attention_heads,
        hidden_size=config.hidden_size,
        opt_level=0,
        optimization_options=options,
    ).model
    if all(imported.domain != MICROSOFT for imported in model.opset_import):
        model.opset_import.append(helper.make_opsetid(MICROSOFT, 1))
    _add_missing_inputs(model)
    return model


def _add_missing_inputs(model: onnx.ModelProto) -> None:
    there = {given.name for given in model.graph.input}
    model.graph.input.extend(
        helper.make_tensor_value_info(name, onnx.TensorProto.INT64, ["rows", "tokens"])
        for name in INPUTS
        if name not in there
    )
