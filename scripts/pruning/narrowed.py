"""A trained MPNet with the heads, neurons and layers that are kept of it, as a network."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor
from transformers import PreTrainedModel

from scripts.pruning.cut import Written
from scripts.pruning.evidence import Evidence, written_to
from scripts.training.loss import Batch
from scripts.training.narrow_mpnet import NarrowMPNetConfig, NarrowMPNetForQuestionAnswering
from scripts.training.span_model import SpanModel

_QUERY, _KEY, _VALUE = "qkv"
_HEADS_WRITE = "attention.attn.o"
_NEURONS_WRITE = "output.dense"
# Of the mean square of the states, so that the span head's least squares have one solution.
_DAMPING = 1e-3


def parts_of(model: SpanModel, evidence: Mapping[str, Evidence]) -> dict[str, Written]:
    """Return what writes to each layer that there is evidence of, all of it still kept."""
    config = model.config
    width = config.hidden_size
    head = width // config.num_attention_heads
    parts = {}
    for name, layer in written_to(model).items():
        is_heads = name.endswith(_HEADS_WRITE)
        size = head if is_heads else 1
        # A head's query, key, value and output; a neuron's way in and out.
        cost = 4 * head * width if is_heads else 2 * width
        kept = list(range(layer.in_features // size))
        parts[name] = Written(layer.weight.detach().float(), evidence[name], size, cost, kept)
    return parts


def narrowed(model: SpanModel, parts: Mapping[str, Written], *, layers: int) -> PreTrainedModel:
    """Return the network of the parts that are kept, of its lowest `layers` alone."""
    known = model.whole.state_dict()
    heads, neurons = [], []
    weights: dict[str, Tensor] = {}
    for number in range(layers):
        layer = f"mpnet.encoder.layer.{number}."
        attention, inner = parts.get(layer + _HEADS_WRITE), parts.get(layer + _NEURONS_WRITE)
        heads.append(_as_numbered(model, number, attention.kept if attention else []))
        neurons.append(len(inner.kept) if inner else 0)
        for written, into in (
            (attention, [f"attention.attn.{part}" for part in (_QUERY, _KEY, _VALUE)]),
            (inner, ["intermediate.dense"]),
        ):
            rows = written.inputs if written else []
            for name in into:
                for kind in ("weight", "bias"):
                    weights[f"{layer}{name}.{kind}"] = known[f"{layer}{name}.{kind}"][rows]
        for written, name in ((attention, _HEADS_WRITE), (inner, _NEURONS_WRITE)):
            given = known[f"{layer}{name}.weight"]
            weights[f"{layer}{name}.weight"] = written.made_up() if written else given[:, :0]
    settings = model.config.to_dict() | {"num_hidden_layers": layers}
    settings |= {"heads": heads, "neurons": neurons}
    settings.pop("model_type")
    network = NarrowMPNetForQuestionAnswering(NarrowMPNetConfig(**settings))
    network.load_state_dict(
        {name: weights.get(name, known[name]) for name in network.state_dict()}, strict=True
    )
    return network


def _as_numbered(model: SpanModel, layer: int, kept: Sequence[int]) -> list[int]:
    """Return the kept heads by the numbers that the whole network has for them."""
    config = model.config
    if isinstance(config, NarrowMPNetConfig):
        return [config.heads[layer][place] for place in kept]
    return list(kept)


@torch.no_grad()
def fit_span_head(network: PreTrainedModel, model: SpanModel, batches: Sequence[Batch]) -> float:
    """Give the network the span head that finds most nearly the model's logits, in place.

    Returns the share of their variance that it finds, at most 1.
    """
    states, logits = [], []
    for batch in batches:
        tokens = batch.attention_mask.bool()
        found = network.base_model(
            input_ids=batch.input_ids, attention_mask=batch.attention_mask
        ).last_hidden_state[tokens]
        states.append(torch.cat([found.float(), torch.ones(len(found), 1)], dim=1))
        logits.append(torch.stack(model(batch), dim=-1)[tokens])
    given, wanted = torch.cat(states), torch.cat(logits)
    damping = _DAMPING * len(given) * float(given.square().mean()) * torch.eye(given.shape[1])
    fitted = torch.linalg.solve(given.T @ given + damping, given.T @ wanted)
    head = network.get_submodule("qa_outputs")
    head.get_parameter("weight").copy_(fitted[:-1].T)
    head.get_parameter("bias").copy_(fitted[-1])
    return 1 - float((given @ fitted - wanted).var() / wanted.var())
