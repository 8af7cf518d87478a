"""MPNet's attention as one operator of ONNX Runtime, which the graph optimizer does not make of it.

Its scores have a bias by the distance between two tokens, and the optimizer knows BERT's without.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import torch
from torch import Tensor
from transformers.models.mpnet.modeling_mpnet import MPNetSelfAttention


class _Attention(torch.autograd.Function):
    """Traced as ONNX Runtime's MultiHeadAttention; what it computes is never looked at."""

    @staticmethod
    def forward(
        ctx: Any, query: Tensor, key: Tensor, value: Tensor, bias: Tensor, heads: int
    ) -> Tensor:
        return value.clone()

    @staticmethod
    def symbolic(g: Any, query: Any, key: Any, value: Any, bias: Any, heads: int) -> Any:
        none = g.op("prim::Constant")
        none.setType(torch._C.OptionalType.ofTensor())
        # The third and fourth: the bias of the dense layers, which they have added, and a mask,
        # which is part of the other bias.
        given = (query, key, value, none, none, bias)
        found = g.op("com.microsoft::MultiHeadAttention", *given, num_heads_i=heads)
        found.setType(value.type())
        return found


def _attend(
    self: MPNetSelfAttention,
    hidden_states: Tensor,
    attention_mask: Tensor,
    position_bias: Tensor,
    output_attentions: bool = False,
    **_: Any,
) -> tuple[Tensor]:
    parts = (self.q(hidden_states), self.k(hidden_states), self.v(hidden_states))
    bias = position_bias + attention_mask
    found = _Attention.apply(*parts, bias, self.num_attention_heads)  # type: ignore[no-untyped-call]
    return (self.o(found),)


@contextmanager
def as_one_operator() -> Iterator[None]:
    """Let what is traced meanwhile have each of MPNet's attentions as one operator."""
    with patch.object(MPNetSelfAttention, "forward", _attend):
        yield
