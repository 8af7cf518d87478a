"""Words of one kind, which say different things: soldiers and officers, pork and chicken."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from index.encoder import Vectors, packaged_model

_WORD = re.compile(r"[a-z]{3,}")
_JOINED = re.compile(r"\b([a-z]{3,}) (?:and|or|nor) ([a-z]{3,})\b")
_ENDINGS = ("ies", "ing", "ers", "est", "ed", "er", "ly", "s")
# Words in more texts than this have no kind.
_MOST_TEXTS = 0.03
# Cosines of the encoder's word vectors: further apart, two words only happen to be joined ("went
# by river and was"); nearer, they say the same.
_LEAST_ALIKE, _MOST_ALIKE = 0.2, 0.6


def kindred_words(texts: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """Return for a word in small letters the others of its kind that the texts name beside it.

    Words that are joined by "and" or "or" are of one kind (Widdows & Dorow 2002) and hardly ever
    synonyms; those kept have the same ending and are alike to the encoder.
    """
    spread = Counter(word for text in texts for word in set(_WORD.findall(text)))
    pairs = {
        (one, other)
        for text in texts
        for one, other in _JOINED.findall(text)
        if one[:4] != other[:4]
        and _ending(one) == _ending(other)
        and max(spread[one], spread[other]) <= max(1, _MOST_TEXTS * len(texts))
    }
    kindred: dict[str, set[str]] = defaultdict(set)
    for one, other in _alike(sorted(pairs)):
        kindred[one].add(other)
        kindred[other].add(one)
    return {word: sorted(others) for word, others in sorted(kindred.items())}


def _alike(pairs: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    rows, vectors = _word_vectors()
    for one, other in pairs:
        if one in rows and other in rows:
            cosine = vectors[rows[one]] @ vectors[rows[other]]
            if _LEAST_ALIKE < cosine < _MOST_ALIKE:
                yield one, other


def _word_vectors() -> tuple[dict[str, int], Vectors]:
    """Return the rows of the encoder's whole words, and their unit vectors about the mean."""
    folder = packaged_model()
    tokens = Tokenizer.from_file(str(folder / "tokenizer.json")).get_vocab()
    words = [word for word in tokens if _WORD.fullmatch(word)]
    table = load_file(folder / "model.safetensors")["embeddings.word_embeddings.weight"]
    vectors = table[[tokens[word] for word in words]]
    vectors = vectors - vectors.mean(axis=0)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return {word: row for row, word in enumerate(words)}, vectors


def _ending(word: str) -> str:
    return next((ending for ending in _ENDINGS if word.endswith(ending)), "")
