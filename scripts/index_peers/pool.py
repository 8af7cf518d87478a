"""Texts with their vectors, made once: every store holds the same, and none encodes anything."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from tokenizers import Tokenizer

from index.encoding.encoder import PassageEncoder, Vectors
from index.splitting.passages import PassageBudget, cut_passages
from index.splitting.sentences import split_sentences
from index.splitting.tokens import token_ranges
from qa.errors import QuothError
from qa.values import Article
from scripts.evaluation.question_file import KnownQuestion

TEXTS_NAME = "texts.jsonl"
VECTORS_NAME = "vectors.npy"
_ENCODED_AT_ONCE = 64


class Told(Protocol):
    """Is told how far the encoding is."""

    def __call__(self, *, done: int, total: int) -> None:
        """Take note."""
        ...


@dataclass(frozen=True, slots=True)
class Pool:
    """Texts of one passage each, and their unit vectors, row by row; both lie in `folder`."""

    folder: Path
    texts: tuple[str, ...]
    vectors: Vectors


def make_pool(
    known: Sequence[KnownQuestion],
    count: int,
    folder: Path,
    *,
    encoder: PassageEncoder,
    told: Told,
) -> Pool:
    """Take the first `count` contexts that are one passage each; encode what is not in `folder`.

    Raises QuothError if there are fewer.
    """
    texts = _texts_of_one_passage(known, count, encoder.tokenizer)
    if len(texts) < count:
        raise QuothError(
            f"of the contexts {len(texts):,} are one passage, but {count:,} are wanted; ask for "
            f"fewer with --passages, --puts and --deletes"
        )
    lines = "".join(json.dumps(text, ensure_ascii=False) + "\n" for text in texts)
    digest = hashlib.sha256(f"{encoder.fingerprint}\n{lines}".encode()).hexdigest()[:16]
    home = folder / digest
    path = home / VECTORS_NAME
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        (home / TEXTS_NAME).write_text(lines, encoding="utf-8")
        batches = []
        for start in range(0, count, _ENCODED_AT_ONCE):
            batches.append(encoder.encode(texts[start : start + _ENCODED_AT_ONCE]))
            told(done=min(count, start + _ENCODED_AT_ONCE), total=count)
        written = path.with_suffix(".new.npy")
        np.save(written, np.concatenate(batches), allow_pickle=False)
        written.replace(path)
    return Pool(home, tuple(texts), np.load(path, allow_pickle=False))


def _texts_of_one_passage(
    known: Sequence[KnownQuestion], count: int, tokenizer: Tokenizer
) -> list[str]:
    texts: list[str] = []
    for context in dict.fromkeys(one.context.strip() for one in known):
        passages = cut_passages(
            Article("one", "", context),
            split_sentences(context),
            tokenize=lambda text: token_ranges(tokenizer, text),
            budget=PassageBudget(),
        )
        if [passage.text for passage in passages] == [context]:
            texts.append(context)
        if len(texts) == count:
            break
    return texts
