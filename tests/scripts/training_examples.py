"""Small things to train and to train on."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertForQuestionAnswering

from qa.reading.reader_folder import SHIPPED_READER
from scripts.training.network import open_tokenizer


def write_small_reader(folder: Path, *, width: int, layers: int, places: int) -> None:
    """Write an untrained reader that has the shipped one's tokenizer."""
    tokenizer = open_tokenizer(SHIPPED_READER)
    folder.mkdir()
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=width,
        num_hidden_layers=layers,
        num_attention_heads=2,
        intermediate_size=2 * width,
        max_position_embeddings=places,
    )
    save_file(BertForQuestionAnswering(config).state_dict(), folder / "model.safetensors")
    config.save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))


def write_question_sets(
    folder: Path, names: Iterable[str], questions: Iterable[tuple[str, str, str]]
) -> None:
    """Write the same questions, each (context, question, answer), as sets of these names."""
    folder.mkdir()
    rows = [
        {
            "id": str(number),
            "question": question,
            "context": context,
            "answers": [{"text": answer, "answer_start": context.index(answer)}],
        }
        for number, (context, question, answer) in enumerate(questions)
    ]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    for name in names:
        with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.write(lines)
