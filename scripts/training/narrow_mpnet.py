"""MPNet whose layers have as many heads and neurons as each of them needs.

It is read from and written to folders as every network of transformers is, which knows it by its
model type once this module is imported.
"""

from dataclasses import field
from typing import Any, cast

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModelForQuestionAnswering, MPNetConfig
from transformers.models.mpnet.modeling_mpnet import (
    MPNetForQuestionAnswering,
    MPNetLayer,
    MPNetSelfAttention,
)


class NarrowMPNetConfig(MPNetConfig):  # type: ignore[no-untyped-call]
    """MPNet's configuration, with the width of each layer.

    `heads` numbers the heads that each layer has kept, as MPNet numbers them; `neurons` counts
    those of its feed-forward part. A layer may have none of either.
    """

    model_type = "narrow_mpnet"

    heads: list[list[int]] = field(default_factory=list)
    neurons: list[int] = field(default_factory=list)


class NarrowSelfAttention(MPNetSelfAttention):
    """Attention by some of MPNet's heads, each with the bias by distance that it has there."""

    def __init__(self, config: NarrowMPNetConfig, heads: list[int]) -> None:
        super().__init__(config)  # type: ignore[no-untyped-call]
        self.heads = heads
        inner = len(heads) * self.attention_head_size
        self.num_attention_heads, self.all_head_size = len(heads), inner
        for name in "qkv":
            setattr(self, name, dense(config.hidden_size, inner))
        self.o = dense(inner, config.hidden_size)

    def forward(
        self,
        hidden_states: Tensor,
        attention_mask: Tensor | None = None,
        position_bias: Tensor | None = None,
        output_attentions: bool = False,
        **kwargs: Any,
    ) -> tuple[Tensor, ...]:
        """Return what the heads give, shape (rows, tokens, width)."""
        if not self.heads:
            return (self.o.bias.expand_as(hidden_states),)
        bias = None if position_bias is None else position_bias[:, self.heads]
        found: tuple[Tensor, ...] = super().forward(  # type: ignore[no-untyped-call]
            hidden_states, attention_mask, bias, output_attentions, **kwargs
        )
        return found


class NarrowMPNetForQuestionAnswering(MPNetForQuestionAnswering):  # type: ignore[no-untyped-call]
    """A narrow MPNet with a span head."""

    config_class = NarrowMPNetConfig

    def __init__(self, config: NarrowMPNetConfig) -> None:
        super().__init__(config)
        for layer, heads, neurons in zip(
            self.mpnet.encoder.layer, config.heads, config.neurons, strict=True
        ):
            narrow(cast(MPNetLayer, layer), config, heads, neurons)
        self.post_init()  # type: ignore[no-untyped-call]


def narrow(layer: MPNetLayer, config: NarrowMPNetConfig, heads: list[int], neurons: int) -> None:
    """Give a layer new weights for these heads and so many neurons."""
    layer.attention.attn = NarrowSelfAttention(config, heads)
    layer.intermediate.dense = dense(config.hidden_size, neurons)
    layer.output.dense = dense(neurons, config.hidden_size)


def dense(inputs: int, outputs: int) -> nn.Linear:
    """Return a dense layer, maybe of no inputs or outputs; weights are still to be given."""
    layer = nn.Linear(max(inputs, 1), max(outputs, 1))
    layer.in_features, layer.out_features = inputs, outputs
    layer.weight = nn.Parameter(torch.empty(outputs, inputs))
    layer.bias = nn.Parameter(torch.empty(outputs))
    return layer


AutoConfig.register(NarrowMPNetConfig.model_type, NarrowMPNetConfig)
AutoModelForQuestionAnswering.register(NarrowMPNetConfig, NarrowMPNetForQuestionAnswering)
