"""The reader's loss: each passage answers or abstains, and passages compete in one softmax."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from scripts.training.features import Group


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded features, shape (rows, tokens), and which question each row belongs to."""

    input_ids: Tensor
    attention_mask: Tensor
    token_type_ids: Tensor
    start: Tensor
    end: Tensor
    question: Tensor


def collate(groups: Sequence[Group], device: torch.device) -> Batch:
    """Pad the features of the groups to the longest and stack them."""
    features = [(row, feature) for row, group in enumerate(groups) for feature in group]
    width = max(len(feature.ids) for _, feature in features)
    ids = torch.zeros(len(features), width, dtype=torch.long)
    mask = torch.zeros_like(ids)
    types = torch.zeros_like(ids)
    for row, (_, feature) in enumerate(features):
        length = len(feature.ids)
        ids[row, :length] = torch.from_numpy(feature.ids.astype("int64"))
        mask[row, :length] = 1
        types[row, feature.passage_start : length] = 1
    return Batch(
        ids.to(device),
        mask.to(device),
        types.to(device),
        torch.tensor([feature.start for _, feature in features], device=device),
        torch.tensor([feature.end for _, feature in features], device=device),
        torch.tensor([question for question, _ in features], device=device),
    )


def reader_loss(start_logits: Tensor, end_logits: Tensor, batch: Batch) -> Tensor:
    """Return the mean of two losses over start and end logits, shape (rows, tokens).

    The first lets each window choose between its tokens and the null position 0 (Devlin et al.
    2019). The second normalises the tokens of all windows of a question together, without the
    null position (shared normalisation, Clark & Gardner 2018), so that scores of different
    passages can be compared.
    """
    answerable = batch.token_type_ids.bool() & batch.attention_mask.bool()
    losses = []
    for logits, target in ((start_logits, batch.start), (end_logits, batch.end)):
        legal = answerable.clone()
        legal[:, 0] = True
        scores = logits.float().masked_fill(~legal, -1e4)
        losses.append(torch.nn.functional.cross_entropy(scores, target))
        losses.append(_shared_normalisation(scores[:, 1:], target - 1, batch.question))
    return torch.stack(losses).mean()


def _shared_normalisation(scores: Tensor, target: Tensor, question: Tensor) -> Tensor:
    has_answer = target >= 0
    if not has_answer.any():
        return scores.sum() * 0.0
    per_row = scores.logsumexp(dim=1)
    highest = per_row.max().detach()
    totals = torch.zeros(int(question.max()) + 1, device=scores.device)
    totals = totals.index_add(0, question, (per_row - highest).exp())
    log_total = totals.clamp_min(1e-30).log() + highest
    gold = scores[has_answer].gather(1, target[has_answer].unsqueeze(1)).squeeze(1)
    return (log_total[question[has_answer]] - gold).mean()
