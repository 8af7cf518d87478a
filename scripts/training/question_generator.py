"""The network that writes training questions: a passage with its answer marked, then a question.

It is a BERT that reads the passage in both directions and writes the question from left to right
(a unified language model, Dong et al. 2019, arXiv:1905.03197).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn
from transformers import BertLMHeadModel, DynamicCache

from scripts.training.features import Feature, Group
from scripts.training.network import load_weights, open_config, open_tokenizer

# Tokens of BERT's vocabulary that stand in no text.
_MARKS = ("[unused0]", "[unused1]")
_MOST_LIKELY = 200
_FAR_OFF = -1e4


@dataclass(frozen=True, slots=True)
class _Tokens:
    """The ids of the tokens that passages and questions are put together with."""

    cls: int
    sep: int
    opening: int
    closing: int


class _Padded(NamedTuple):
    """Rows of token ids, zeros behind the shorter ones; `mask` has `_FAR_OFF` where these are."""

    ids: Tensor
    mask: Tensor


class QuestionGenerator(nn.Module):
    """Writes a question that a marked place of a passage answers."""

    def __init__(self, folder: Path) -> None:
        """Open a Hugging Face folder of a BERT; without a language head it starts from chance.

        Raises ValueError if it is none, if other weights are missing, or if its `tokenizer.json`
        has no unused tokens to mark an answer with.
        """
        super().__init__()
        config = open_config(folder)
        config.is_decoder = True
        self.whole = BertLMHeadModel(config)  # type: ignore[arg-type]
        load_weights(self.whole, folder, head="cls.")
        self.tokenizer = open_tokenizer(folder)
        ids = self.tokenizer.get_vocab()
        names = ("[CLS]", "[SEP]", *_MARKS)
        if missing := [name for name in names if name not in ids]:
            raise ValueError(f"the tokenizer in {folder} has no token {missing[0]}")
        self._tokens = _Tokens(*(ids[name] for name in names))

    def compute_in_bf16(self) -> None:
        """Let all of it compute in bfloat16; losses and choices are in float32."""
        self.whole.bfloat16()

    def loss(self, groups: Sequence[Group]) -> Tensor:
        """Return the mean cross entropy of the questions' tokens, each after those before it.

        Of each group it takes the first window, which holds the answer.
        """
        passages = self._padded([self._marked(own) for own, *_ in groups])
        questions = self._padded([self._question(own) for own, *_ in groups])
        given, wanted = questions.ids[:, :-1], questions.ids[:, 1:]
        hidden = self._hidden_of_questions(passages, given)
        asked = questions.mask[:, 1:] == 0
        logits = self.whole.cls(hidden[asked]).float()
        return nn.functional.cross_entropy(logits, wanted[asked])

    def _marked(self, feature: Feature) -> list[int]:
        """Return `[CLS] ... [unused0] answer [unused1] ... [SEP]`."""
        ids = feature.ids.tolist()
        before, answer, after = (
            ids[feature.passage_start : feature.start],
            ids[feature.start : feature.end + 1],
            ids[feature.end + 1 : -1],
        )
        marks = self._tokens
        return [
            *(marks.cls, *before),
            *(marks.opening, *answer, marks.closing),
            *(*after, marks.sep),
        ]

    def _question(self, feature: Feature) -> list[int]:
        """Return `[CLS] question [SEP]`."""
        asked = feature.ids[1 : feature.passage_start - 1].tolist()
        return [self._tokens.cls, *asked, self._tokens.sep]

    def _hidden_of_questions(self, passages: _Padded, given: Tensor) -> Tensor:
        (rows, width), length = passages.ids.shape, given.shape[1]
        mask = torch.zeros(rows, 1, width + length, width + length, dtype=self.whole.dtype)
        mask[:, 0, :, :width] = passages.mask[:, None]
        mask[:, 0, :width, width:] = _FAR_OFF
        mask[:, 0, width:, width:] = torch.full((length, length), _FAR_OFF).triu(1)
        places = torch.cat([torch.arange(width), torch.arange(length)])
        segments = (torch.arange(width + length) >= width).long()
        output = self.whole.bert(
            torch.cat([passages.ids, given], dim=1),
            attention_mask=mask.to(given.device),
            token_type_ids=segments.expand(rows, -1).to(given.device),
            position_ids=places.expand(rows, -1).to(given.device),
            use_cache=False,
        )
        hidden: Tensor = output.last_hidden_state[:, width:]
        return hidden

    @torch.no_grad()
    def write(
        self,
        features: Sequence[Feature],
        generator: torch.Generator,
        *,
        top_p: float,
        max_tokens: int,
    ) -> list[list[int]]:
        """Draw for each feature a question that its answer answers, as token ids of the text alone.

        Each token is drawn from the likeliest ones that together have the probability `top_p`
        (Holtzman et al. 2020, arXiv:1904.09751). A question that is not at its end after
        `max_tokens` is empty.
        """
        passages = self._padded([self._marked(feature) for feature in features])
        cache, mask = self._read(passages)
        sep = self._tokens.sep
        drawn = torch.full((len(features), 1), self._tokens.cls, device=mask.device)
        for place in range(max_tokens):
            mask = nn.functional.pad(mask, (0, 1))
            hidden = self.whole.bert(
                drawn[:, -1:],
                attention_mask=mask,
                token_type_ids=torch.ones_like(drawn[:, -1:]),
                position_ids=torch.full_like(drawn[:, -1:], place),
                past_key_values=cache,
                use_cache=True,
            ).last_hidden_state[:, 0]
            drawn = torch.cat([drawn, _draw(self.whole.cls(hidden).float(), top_p, generator)], 1)
            if (drawn == sep).any(dim=1).all():
                break
        return [row[1 : row.index(sep)] if sep in row else [] for row in drawn.tolist()]

    def _read(self, passages: _Padded) -> tuple[DynamicCache, Tensor]:
        """Return what the passages' tokens are to those of the questions, and how they are seen."""
        cache = DynamicCache(config=self.whole.config)
        rows, width = passages.ids.shape
        mask = passages.mask[:, None, None].to(self.whole.dtype)
        self.whole.bert(
            passages.ids,
            attention_mask=mask.expand(rows, 1, width, width),
            past_key_values=cache,
            use_cache=True,
        )
        return cache, mask

    def _padded(self, rows: Sequence[Sequence[int]]) -> _Padded:
        width = max(len(row) for row in rows)
        ids = torch.zeros(len(rows), width, dtype=torch.long)
        mask = torch.full((len(rows), width), _FAR_OFF)
        for number, row in enumerate(rows):
            ids[number, : len(row)] = torch.tensor(row)
            mask[number, : len(row)] = 0
        return _Padded(ids.to(self.whole.device), mask.to(self.whole.device))


def _draw(logits: Tensor, top_p: float, generator: torch.Generator) -> Tensor:
    likeliest, tokens = logits.softmax(dim=1).topk(min(_MOST_LIKELY, logits.shape[1]), dim=1)
    kept = likeliest * ((likeliest.cumsum(dim=1) - likeliest) < top_p)
    return tokens.gather(1, torch.multinomial(kept, 1, generator=generator))
