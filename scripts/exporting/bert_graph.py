"""A trained BERT for extractive question answering as an ONNX graph of few, large operators."""

import warnings
from pathlib import Path

import onnx
import torch
from onnx import helper
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions
from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import BertConfig, BertForQuestionAnswering

INPUTS = ["input_ids", "attention_mask", "token_type_ids"]
OUTPUTS = ["start_logits", "end_logits"]
MICROSOFT = "com.microsoft"
"""The domain of ONNX Runtime's own operators."""


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
    with warnings.catch_warnings():
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


def fused(traced: Path, config: BertConfig) -> onnx.ModelProto:
    """Return the traced model with its attention, GELU and normalisation each as one operator.

    The sum before a normalisation stays apart: ONNX Runtime's operator for both at once takes
    several times as long as the two by themselves.
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
    return model
