"""The reader's loss: each passage answers or abstains, and passages compete in one softmax."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from scripts.training.features import Feature, Group

_TEMPERATURE = 2.0
# How much more the states of layers count than the logits; they differ by less.
_STATES_WEIGHT = 8.0


class SpanLogits(NamedTuple):
    """Start and end logits of a batch, shape (rows, tokens) each."""

    start: Tensor
    end: Tensor


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded features, shape (rows, tokens), and which question each row belongs to.

    `taught` is there where teachers have read all of the features.
    """

    input_ids: Tensor
    attention_mask: Tensor
    token_type_ids: Tensor
    start: Tensor
    end: Tensor
    question: Tensor
    taught: SpanLogits | None = None


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
        _taught([feature for _, feature in features], width, device),
    )


def _taught(features: Sequence[Feature], width: int, device: torch.device) -> SpanLogits | None:
    said = [feature.taught for feature in features if feature.taught is not None]
    if len(said) < len(features):
        return None
    padded = torch.zeros(2, len(said), width)
    for row, logits in enumerate(said):
        padded[:, row, : logits.shape[1]] = torch.from_numpy(logits.astype("float32"))
    return SpanLogits(*padded.to(device))


def batch_loss(logits: SpanLogits, batch: Batch, *, label_share: float = 0.5) -> Tensor:
    """Return the loss of a batch: the labels', and that of teachers where they have read it.

    Of what teachers have read, `label_share` (0 to 1) of the loss is that of the labels.
    """
    loss = reader_loss(logits, batch)
    if batch.taught is None:
        return loss
    taught = teaching_loss(logits, batch.taught, batch)
    return label_share * loss + (1 - label_share) * taught


def reader_loss(logits: SpanLogits, batch: Batch) -> Tensor:
    """Return the mean of two losses over start and end logits.

    The first lets each window choose between its tokens and the null position 0 (Devlin et al.
    2019). The second normalises the tokens of all windows of a question together, without the
    null position (shared normalisation, Clark & Gardner 2018), so that scores of different
    passages can be compared.
    """
    losses = []
    for found, target in ((logits.start, batch.start), (logits.end, batch.end)):
        scores = _legal(found, batch)
        losses.append(torch.nn.functional.cross_entropy(scores, target))
        losses.append(_shared_normalisation(scores[:, 1:], target - 1, batch.question))
    return torch.stack(losses).mean()


def teaching_loss(logits: SpanLogits, teacher: SpanLogits, batch: Batch) -> Tensor:
    """Return how far the logits are from a teacher's, under both softmaxes of `reader_loss`.

    It is the cross entropy of the softened distributions, times the square of the temperature
    (Hinton et al. 2015, arXiv:1503.02531).
    """
    losses = []
    has_answer = torch.zeros_like(batch.start).index_add(0, batch.question, batch.start)
    answered = has_answer[batch.question] > 0
    questions = int((has_answer > 0).sum())
    for found, taught in zip(logits, teacher, strict=True):
        scores = _legal(found, batch) / _TEMPERATURE
        wanted = _legal(taught, batch) / _TEMPERATURE
        losses.append(torch.nn.functional.cross_entropy(scores, wanted.softmax(dim=1)))
        if questions:
            log_shares = _log_shares(scores[:, 1:], batch.question)[answered]
            shares = _log_shares(wanted[:, 1:], batch.question)[answered].exp()
            losses.append(-(shares * log_shares).sum() / questions)
    return _TEMPERATURE**2 * torch.stack(losses).mean()


def states_loss(found: Sequence[Tensor], wanted: Sequence[Tensor], tokens: Tensor) -> Tensor:
    """Return how far the states of layers are from a teacher's of the same width.

    It is the mean square of the difference, against the variance of the teacher's (Jiao et al.
    2020, arXiv:1909.10351), of the layers that `found` has, shape (rows, tokens, width) each;
    `tokens` says which are not padding.
    """
    if not found:
        return torch.zeros(())
    losses = []
    for own, taught in zip(found, wanted, strict=False):
        target = taught[tokens].float()
        losses.append((own[tokens].float() - target).square().mean() / target.var())
    return _STATES_WEIGHT * torch.stack(losses).mean()


def _legal(logits: Tensor, batch: Batch) -> Tensor:
    """Return the logits as floats, those of no passage token and not the null position far off."""
    legal = batch.token_type_ids.bool() & batch.attention_mask.bool()
    legal[:, 0] = True
    return logits.float().masked_fill(~legal, -1e4)


def _shared_normalisation(scores: Tensor, target: Tensor, question: Tensor) -> Tensor:
    has_answer = target >= 0
    if not has_answer.any():
        return scores.sum() * 0.0
    log_shares = _log_shares(scores, question)[has_answer]
    return -log_shares.gather(1, target[has_answer].unsqueeze(1)).mean()


def _log_shares(scores: Tensor, question: Tensor) -> Tensor:
    """Return the log of each token's share of all tokens of its question."""
    per_row = scores.logsumexp(dim=1)
    highest = per_row.max().detach()
    totals = torch.zeros(int(question.max()) + 1, device=scores.device)
    totals = totals.index_add(0, question, (per_row - highest).exp())
    log_total = totals.clamp_min(1e-30).log() + highest
    return scores - log_total[question].unsqueeze(1)
